"""Pages of the public record: what was decided, whether the chain holds, and the whole of it to check elsewhere.

The list shows what belongs to consultations that the reader may see. The export is complete, since a chain with gaps
proves nothing; it can be, because no entry holds a text that is not public: of a consultation in preparation the record
knows its number and profile, of a proposal its code, of a person a number that says nothing.
"""

import json

from flask import Blueprint, Response, render_template, request, stream_with_context, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from consulta.consultations.queries import find_consultation, unsealed_entries, visible_consultations, visible_entries
from consulta.core.extensions import db, limiter
from consulta.core.record import BATCH, Entry, Head, reference, verify_chain
from consulta.web.guards import person, whole_number
from consulta.web.record_lines import lines_of
from consulta.web.record_words import KINDS, events_of

record = Blueprint("record", __name__)


@record.get("/registro")
def index():
    """List the entries, newest first, narrowed to a consultation or a kind of event."""
    visible = visible_consultations(to=person())
    slug = request.args.get("consulta") or None
    consultation = find_consultation(slug, to=person()) if slug else None
    kind = request.args.get("suceso") if request.args.get("suceso") in KINDS else None
    before = whole_number(request.args.get("antes"))
    entries, next_before = visible_entries(
        to=person(), consultation=consultation, events=events_of(kind) if kind else None, before=before
    )
    chosen = {"consulta": slug, "suceso": kind}
    return render_template(
        "record/index.html",
        consultation=consultation,
        consultations=visible,
        kind=kind,
        kinds=KINDS,
        lines=lines_of(entries, to=person(), zones={reference(each): each.zone for each in visible}),
        next_url=url_for(".index", antes=next_before, **chosen) if next_before else None,
        first_url=url_for(".index", **chosen) if before is not None else None,
    )


@record.route("/registro/verificacion", methods=["GET", "POST"])
@limiter.limit("30 per hour", methods=["POST"])
def verification():
    """Explain the chain, and walk the whole of it when asked to."""
    unsealed, _oldest = unsealed_entries()
    return render_template(
        "record/verification.html",
        head=db.session.get(Head, 1),
        unsealed=unsealed,
        found=_checked() if request.method == "POST" else None,
        why=_why,
        position=request.form.get("position", ""),
        hash=request.form.get("hash", ""),
    )


@record.get("/registro/exportacion")
@limiter.limit("20 per minute")
def export():
    """Stream every sealed entry as one line of JSON with its hash, in the order of the chain."""
    after = whole_number(request.args.get("desde")) or 0
    answer = Response(stream_with_context(_exported(after)), mimetype="application/x-ndjson")
    answer.headers["Content-Disposition"] = 'attachment; filename="registro.jsonl"'
    return answer


def _checked():
    position, hash_then = whole_number(request.form.get("position")), request.form.get("hash", "").strip().lower()
    return verify_chain(through=(position, hash_then) if position and hash_then else None)


def _exported(after):
    while True:
        query = select(Entry).where(Entry.position > after).order_by(Entry.position).limit(BATCH)
        entries = db.session.scalars(query).all()
        for entry in entries:
            content = json.loads(entry.canonical(entry.position, entry.previous_hash)) | {"hash": entry.hash}
            yield json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")) + "\n"
            after = entry.position
        if len(entries) < BATCH:
            return
        db.session.expunge_all()


def _why(text):
    """Return in the page's language why a check failed."""
    return {
        "an entry before this one is missing or was moved": _("Falta un asiento anterior, o se movió."),
        "it does not follow the entry before it": _("No sigue al asiento anterior."),
        "its content is not what was sealed": _("Su contenido no es el que se selló."),
        "it is not what was published": _("No es el que se había publicado."),
        "the entries after this one are missing": _("Faltan los asientos que seguían."),
        "the record ends before what was published": _("El registro termina antes de lo que se había publicado."),
    }.get(text, text)
