"""flask similarity: how well proposals that say the same are found, measured on labelled texts.

These commands need no database and no secret: where no site can be made of the settings, they go on with what the
package carries.
"""

import json
import secrets

import click
from flask.cli import NoAppException, ScriptInfo

from consulta import config
from consulta.similarity.evaluation import CannotMeasure, evaluate
from consulta.similarity.index import Index
from consulta.similarity.labelled import BadFile, read_labelled, read_negatives
from consulta.similarity.letters import Letters
from consulta.similarity.meaning import READY, Meaning


class Unusable(click.ClickException):
    """What was given cannot be used; ends with status 2, as for a wrong option."""

    exit_code = 2


@click.group(help="Finding proposals that say the same: evaluate.")
def similarity():
    """A plain group, not Flask's: that one would refuse to start without a site."""


@similarity.command("evaluate")
@click.argument("file")
@click.option("--negatives", metavar="FILE", help="Pairs that must not be suggested: columns id_a, id_b, perhaps kind.")
@click.option(
    "--encoder",
    type=click.Choice(["letters", "meaning", "fused"]),
    default="fused",
    show_default=True,
    help="fused is what the site uses: letters and, where a model is installed, meaning.",
)
@click.option("--model", metavar="FOLDER", help="The model of meaning, instead of the one MODEL names.")
@click.option("--seconds", default=120, show_default=True, help="How long to wait for the model to load.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.pass_context
def measure(context, file, *, negatives, encoder, model, seconds, as_json):
    """Measure on FILE how well the site finds, groups and shows texts that say the same.

    FILE is UTF-8, tab-separated, with a header: id, title, perhaps body, and group (empty where a text has no twin).
    Needs no database and no setting. Ends with status 2 where a file or the model cannot be used.
    """
    settings = _settings(context)
    try:
        texts, notes = read_labelled(file)
        pairs, more = read_negatives(negatives, texts) if negatives else ([], [])
    except BadFile as error:
        raise Unusable(str(error)) from error
    meaning, reason = _meaning(encoder, model, seconds, settings)
    try:
        figures = evaluate(Index(meaning), texts, pairs)
    except CannotMeasure as error:
        raise Unusable(str(error)) from error
    used = _encoder(encoder, meaning, reason)
    figures = {"file": file, "encoder": used, **figures, "notes": [*notes, *more]}
    click.echo(json.dumps(figures, ensure_ascii=False, indent=2) if as_json else "\n".join(_lines(figures)))


def _settings(context):
    """Return the settings of the site, or those that it would have with a key of its own."""
    try:
        return context.ensure_object(ScriptInfo).load_app().config
    except (config.BadSetting, NoAppException, OSError):
        return config.load({"SECRET_KEY": secrets.token_urlsafe(48)})


def _meaning(encoder, model, seconds, settings):
    """Return (Meaning or None, why none); raises Unusable where meaning was asked for and is not there."""
    if encoder == "letters":
        return None, ""
    meaning = Meaning(model or settings["MODEL"], settings["MODEL_FOLDER"])
    state = meaning.wait(seconds)
    if state.code == READY:
        return meaning, ""
    reason = " ".join(part for part in (meaning.model, state.code, state.reason, state.detail) if part)
    if encoder == "meaning" or model:
        raise Unusable(f"There is no model to measure with: {reason}")
    return None, reason


def _encoder(asked, meaning, reason):
    name = asked if meaning is not None else Letters.name
    version = Letters.version if meaning is None else meaning.version
    return {"asked": asked, "used": name, "version": version, "reason": reason}


def _lines(figures):
    """The figures for people, one a line, aligned."""
    encoder = figures["encoder"]
    without = f"; no meaning: {encoder['reason']}" if encoder["reason"] else ""
    yield figures["file"]
    yield f"{figures['texts']} texts, {figures['with_twin']} of them with a twin, in {figures['groups']} groups"
    yield f"encoder: {encoder['used']} ({encoder['version']}){without}"
    for note in figures["notes"]:
        yield f"note: {note}"
    yield ""
    for name, value in _table(figures):
        yield f"{name:<58}{value}".rstrip()


def _table(figures):
    groups, single, cubed, citizen = (
        figures[part] for part in ("suggested_groups", "best_threshold", "b_cubed", "citizen")
    )
    yield "hit@1", _number(figures["hit_at_1"])
    yield "hit@5", _number(figures["hit_at_5"])
    yield "MRR", _number(figures["mrr"])
    yield f"pair recall@5, of {figures['true_pairs']} pairs", _number(figures["pair_recall_at_5"])
    yield f"suggested groups: {groups['groups']} of {groups['texts']} texts, floor {groups['floor']}", ""
    yield "  pairwise precision", _number(groups["precision"])
    yield "  pairwise recall", _number(groups["recall"])
    interval = groups["f1_interval"]
    yield "  pairwise F1", _number(groups["f1"]) + (f"  ({interval[0]:.3f} to {interval[1]:.3f})" if interval else "")
    yield "  B-cubed precision", _number(cubed["precision"])
    yield "  B-cubed recall", _number(cubed["recall"])
    yield "  B-cubed F1", _number(cubed["f1"])
    yield f"best single threshold: {_number(single['threshold'])}", ""
    yield "  pairwise precision", _number(single["precision"])
    yield "  pairwise recall", _number(single["recall"])
    yield "  pairwise F1", _number(single["f1"])
    yield f"something is shown to a citizen, of {figures['twinless']} twinless (floor {citizen['floor']})", ""
    yield "  while typing the title", _share(citizen["twinless_shown_typing_title"])
    yield "  with title and body", _share(citizen["twinless_shown_with_body"])
    yield f"a twin is shown to a citizen, of {figures['with_twin']} with one", ""
    yield "  while typing the title", _share(citizen["twin_shown_typing_title"])
    yield "  with title and body", _share(citizen["twin_shown_with_body"])
    if figures["negatives"]:
        yield from _negatives(figures["negatives"])
    yield "seconds: " + ", ".join(f"{name} {value:.2f}" for name, value in figures["seconds"].items()), ""
    yield f"peak memory: {figures['peak_memory_mb']:.0f} MB", ""


def _negatives(negatives):
    yield f"negatives suggested, of {negatives['pairs']}", _share(negatives["suggested_share"])
    yield "  shown to a citizen, while typing the title", _share(negatives["shown_typing_title_share"])
    yield "  shown to a citizen, with title and body", _share(negatives["shown_with_body_share"])
    for kind, counted in negatives["kinds"].items():
        told = f"{_share(counted['suggested_share'])}, shown {_share(counted['shown_typing_title_share'])}"
        yield f"  {kind}, of {counted['pairs']}", f"{told} and {_share(counted['shown_with_body_share'])}"
    for one, other in negatives["suggested_pairs"]:
        yield f"  suggested: {one} and {other}", ""


def _number(value):
    return "nothing to measure" if value is None else f"{value:.3f}"


def _share(value):
    return "nothing to measure" if value is None else f"{100 * value:.1f} %"
