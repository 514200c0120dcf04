"""Administering likeness in one consultation: how strict, with which model, what was learned; decisions as files."""

from flask import Blueprint, Response, current_app, flash, redirect, render_template, stream_with_context, url_for
from flask_babel import gettext as _

from consulta.consultations.queries import find_consultation
from consulta.core.errors import Refused
from consulta.core.pulse import pulse_of
from consulta.core.sheets import csv_lines, tsv_lines
from consulta.proposals.queries import comparable, digest_to_compare, encoders_of
from consulta.similarity.measured import figures_of
from consulta.similarity.reranking import FEWEST, from_json
from consulta.similarity.scoring import CITIZEN_FLOOR, GROUP_FLOOR
from consulta.suggestions.actions import ask_preview, restore_thresholds, set_thresholds
from consulta.suggestions.labelled_set import LabelledSet
from consulta.suggestions.neighbours import LETTERS_ALONE
from consulta.suggestions.previewing import preview_of
from consulta.suggestions.queries import count_verdicts, floors_of, labelled_pairs, preview_asked, reranker_of
from consulta.suggestions.vectors import chosen_encoder
from consulta.web import similarity_words
from consulta.web.comparing import score_in_words
from consulta.web.forms.refusals import attach
from consulta.web.forms.similarity import ThresholdsForm
from consulta.web.guards import only_administrators, person

similarity = Blueprint("similarity", __name__, url_prefix="/administracion/consultas/<slug>/similitud")
similarity.before_request(only_administrators)

AT_ONCE = 300  # proposals whose preview takes less than a second: more are left to a job
SAME = 0.00005  # floors that differ by less are the same to people
COLUMNS = ("title_a", "body_a", "title_b", "body_b", "verdict", "kind", "decided_at", "code_a", "code_b")


@similarity.route("", methods=["GET", "POST"])
def show(slug):
    """How strict the machine is in a consultation and what else it would suggest; sent, the new thresholds."""
    consultation = find_consultation(slug, to=person())
    form = _form(consultation)
    if form.validate_on_submit():
        try:
            floors = {"citizen_floor": form.citizen_floor.data, "group_floor": form.group_floor.data}
            set_thresholds(consultation, **floors, by=person())
            flash(_("Los umbrales quedaron guardados. Los grupos se calculan de nuevo en unos momentos."), "success")
            return redirect(url_for(".show", slug=slug))
        except Refused as refusal:
            attach(form, refusal)
    return _page(consultation, form), 422 if form.errors else 200


@similarity.post("/iniciales")
def restore(slug):
    """Go back to the thresholds that every consultation begins with."""
    restore_thresholds(find_consultation(slug, to=person()), by=person())
    flash(_("Valen de nuevo los umbrales iniciales. Los grupos se calculan de nuevo en unos momentos."), "success")
    return redirect(url_for(".show", slug=slug))


@similarity.post("/vista-previa")
def preview(slug):
    """Have the preview of a large consultation computed."""
    ask_preview(find_consultation(slug, to=person()), by=person())
    return redirect(url_for(".show", slug=slug) + "#preview-title")


@similarity.get("/vista-previa")
def progress(slug):
    """How far the preview is: a piece of the page, asked for by script."""
    consultation = find_consultation(slug, to=person())
    return render_template(
        "administration/_preview_progress.html",
        consultation=consultation,
        work=_work(consultation),
        share=similarity_words.share,
    )


@similarity.get("/decisiones.csv")
def decisions(slug):
    """Every decision on two public proposals, with both texts, for a spreadsheet."""
    consultation = find_consultation(slug, to=person())
    rows = (
        (*pair.first, *pair.second, "same" if pair.is_same else "different", pair.kind, pair.decided_at.isoformat())
        + (pair.first_code, pair.second_code)
        for pair in labelled_pairs(consultation)
    )
    return _file(csv_lines(_headed(COLUMNS, rows)), "text/csv", f"decisiones-{slug}.csv")


@similarity.get("/decisiones.tsv")
def texts(slug):
    """The texts that were decided on, with their group, as `flask similarity evaluate` reads them."""
    consultation = find_consultation(slug, to=person())
    rows = LabelledSet(lambda: labelled_pairs(consultation)).texts()
    lines = tsv_lines(_headed(("id", "title", "body", "group"), rows))
    return _file(lines, "text/tab-separated-values", f"decisiones-{slug}.tsv")


@similarity.get("/decisiones-negativas.tsv")
def negatives(slug):
    """The pairs that were told apart, as `flask similarity evaluate --negatives` reads them."""
    consultation = find_consultation(slug, to=person())
    rows = LabelledSet(lambda: labelled_pairs(consultation)).negatives
    lines = tsv_lines(_headed(("id_a", "id_b", "kind"), rows))
    return _file(lines, "text/tab-separated-values", f"decisiones-{slug}-negativas.tsv")


def _form(consultation):
    floors = floors_of(consultation)
    return ThresholdsForm(data={"citizen_floor": floors.citizen, "group_floor": floors.group})


def _page(consultation, form):
    neighbours = current_app.extensions["similarity"]
    size, encoders = digest_to_compare(consultation.id)[0], encoders_of(consultation.id)
    present = neighbours.meaning.version if neighbours.meaning is not None and neighbours.meaning.ready else None
    encoder = chosen_encoder(present, encoders, size) or LETTERS_ALONE
    figures = figures_of(encoder)
    return render_template(
        "administration/similarity.html",
        consultation=consultation,
        form=form,
        floors=floors_of(consultation),
        defaults=(CITIZEN_FLOOR, GROUP_FLOOR),
        preview=_preview(consultation, neighbours, size),
        work=_work(consultation),
        state=neighbours.status(),
        encoder=encoder,
        is_present=encoder == (present or LETTERS_ALONE),
        encoded=(encoders.get(present, (0, 0))[0], size),
        figures=figures,
        measured=similarity_words.figures_in_words(figures or {}),
        learned=_learned(encoder),
        verdicts=count_verdicts(consultation),
        share=similarity_words.share,
        decimal=similarity_words.decimal,
        nearness=score_in_words,
    )


def _preview(consultation, neighbours, size):
    """Return what several thresholds would suggest, with the proposals it names, or None where it is not computed."""
    if size <= AT_ONCE:
        figures = preview_of(consultation, neighbours)
    else:
        asked = preview_asked(consultation.id)
        figures = asked.figures if asked is not None else None
    if not figures:
        return None
    pairs = [row["groups"]["loosest"] for row in figures["rows"]] + [
        row["citizens"]["farthest"] for row in figures["rows"]
    ]
    # What was hidden or withdrawn since is named no more.
    named = comparable({pair[end] for pair in pairs if pair for end in ("first", "second")}, consultation)
    floors = floors_of(consultation)
    return {
        **figures,
        "groups": _ranges(figures["rows"], "groups", floors.group),
        "citizens": _ranges(figures["rows"], "citizens", floors.citizen),
        "named": named,
        "is_kept": size > AT_ONCE,
    }


def _ranges(rows, what, present):
    """Return `what` each floor would suggest, those that suggest the same in one row: least, most, the one in use."""
    found = []
    for row in rows:
        if not found or any(found[-1][name] != value for name, value in row[what].items()):
            found.append({**row[what], "least": row["floor"], "in_use": None})
        found[-1]["most"] = row["floor"]
        if abs(row["floor"] - present) < SAME:
            found[-1]["in_use"] = present
    return found


def _work(consultation):
    """Return how far the preview is: state ("none", "waiting", "under_way", "failed" or "made"), done, out_of."""
    asked, pulse = preview_asked(consultation.id), pulse_of(f"preview_thresholds:{consultation.id}")
    if asked is None:
        return {"state": "none"}
    if asked.made_at is not None and asked.made_at >= asked.asked_at:
        return {"state": "made", "made_at": asked.made_at}
    if pulse is not None and pulse.parked:
        return {"state": "failed"}
    return {"state": "under_way", "done": pulse and pulse.done, "out_of": pulse and pulse.out_of}


def _learned(encoder):
    """Return how it is with the re-ranker: state, decisions of all consultations, how many are missing, its row."""
    held, (same, different) = reranker_of(encoder), count_verdicts()
    missing = max(0, FEWEST - same), max(0, FEWEST - different)
    weights = from_json(held.weights) if held is not None else None
    if not current_app.config["RERANKER"]:
        state = "off"
    elif weights is None:
        state = "few" if any(missing) else "soon"
    elif not held.weights.get("tried"):
        state = "untried"
    else:
        state = "used" if held.is_better else "worse"
    rows = zip(similarity_words.FEATURES.values(), weights.coefficients if weights else (), strict=False)
    rows = sorted(rows, key=lambda row: -abs(row[1]))
    return {"state": state, "held": held, "same": same, "different": different, "missing": missing, "weights": rows}


def _headed(names, rows):
    yield names
    yield from rows


def _file(lines, kind, name):
    answer = Response(stream_with_context(lines), content_type=f"{kind}; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
