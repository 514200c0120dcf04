"""flask similarity: how well proposals that say the same are found, measured on labelled texts.

These commands need no database and no secret: where no site can be made of the settings, they go on with what the
package carries.
"""

import json
import secrets
from pathlib import Path

import click
import numpy as np
from flask.cli import NoAppException, ScriptInfo
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

from consulta import config
from consulta.cli.similarity_figures import lines_of
from consulta.cli.territories import shipped_places
from consulta.similarity.calibration import calibration_of, fit
from consulta.similarity.calibration import labelled_pairs as calibration_pairs
from consulta.similarity.evaluation import CannotMeasure, by_meaning_alone, evaluate, hold
from consulta.similarity.gazetteer import Gazetteer
from consulta.similarity.index import Index
from consulta.similarity.labelled import BadFile, read_labelled, read_negatives
from consulta.similarity.letters import Letters
from consulta.similarity.meaning import READY, Meaning
from consulta.similarity.model_files import CALIBRATION
from consulta.suggestions.neighbours import SHOWN
from consulta.suggestions.queries import labelled_pairs
from consulta.territories.queries import named_places

DECISIONS = ("id_a", "title_a", "body_a", "id_b", "title_b", "body_b", "same", "decided_as", "decided_at")


class Unusable(click.ClickException):
    """What was given cannot be used; ends with status 2, as for a wrong option."""

    exit_code = 2


@click.group(help="Finding proposals that say the same: evaluate, calibrate, decisions.")
def similarity():
    """A plain group, not Flask's: that one would refuse to start without a site."""


_model = click.option("--model", metavar="FOLDER", help="The model of meaning, instead of the one MODEL names.")
_seconds = click.option("--seconds", default=120, show_default=True, help="How long to wait for the model to load.")


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
@_model
@_seconds
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.pass_context
def measure(context, file, *, negatives, encoder, model, seconds, as_json):
    """Measure on FILE how well the site finds, groups and shows texts that say the same.

    FILE is UTF-8, tab-separated, with a header: id, title, perhaps body, and group (empty where a text has no twin).
    Needs no database and no setting. Ends with status 2 where a file or the model cannot be used.
    """
    site, settings = _site(context)
    texts, pairs, notes = _read(file, negatives)
    meaning, reason = _meaning(encoder, model, seconds, settings)
    try:
        calibrate = by_meaning_alone if encoder == "meaning" else calibration_of
        index = Index(meaning, gazetteer=Gazetteer(_places(site)), calibrate=calibrate)
        figures = evaluate(index, texts, pairs, shown=SHOWN)
    except CannotMeasure as error:
        raise Unusable(str(error)) from error
    used = _encoder(encoder, meaning, reason)
    figures = {"file": file, "encoder": used, **figures, "notes": notes}
    click.echo(json.dumps(figures, ensure_ascii=False, indent=2) if as_json else "\n".join(lines_of(figures)))


@similarity.command("calibrate")
@click.argument("files", nargs=-1, required=True)
@click.option("--negatives", metavar="FILE", multiple=True, help="Lookalikes to leave out: one file for each of FILES.")
@click.option(
    "--encoder",
    type=click.Choice(["letters", "fused"]),
    default="fused",
    show_default=True,
    help="fused calibrates letters and the model together, letters what is used while there is none.",
)
@_model
@_seconds
@click.option("--out", type=click.Path(dir_okay=False), help="Where to write, instead of into the model's folder.")
@click.pass_context
def calibrate(context, files, *, negatives, encoder, model, seconds, out):
    """Fit, on labelled FILES, what makes a score mean the same with this model as with any other.

    FILES are as for `evaluate`, each compared within itself. The numbers are printed, and written into the folder of
    the model, where the site finds them at its next start; those of letters alone only where --out says.
    """
    if negatives and len(negatives) != len(files):
        raise Unusable("There must be one --negatives for each file, in the same order.")
    read = [_read(*pair) for pair in zip(files, negatives or [None] * len(files), strict=True)]
    _site_or_none, settings = _site(context)
    meaning, reason = _meaning(encoder, model, seconds, settings)
    if meaning is None and encoder == "fused":
        raise Unusable(f"There is no model to calibrate: {reason}")
    try:
        parts = [_cosines(meaning, texts, pairs) for texts, pairs, _notes in read]
        letters, meanings, same = (
            None if column[0] is None else np.concatenate(column) for column in zip(*parts, strict=True)
        )
        fitted = fit(letters, meanings, same)
    except (CannotMeasure, ValueError) as error:
        raise Unusable(str(error)) from error
    click.echo(f"{len(same)} pairs, {int(same.sum())} of them the same: " + json.dumps(fitted._asdict()))
    place = out or (Path(meaning.state.detail) / CALIBRATION if meaning is not None else None)
    if place is not None:
        try:
            Path(place).write_text(json.dumps(fitted._asdict()) + "\n", encoding="utf-8")
        except OSError as error:
            raise Unusable(f"{place} cannot be written: {error.strerror}.") from error
        click.echo(f"Written to {place}.")


@similarity.command("decisions")
@click.argument("out", type=click.File("w", encoding="utf-8"))
@click.pass_context
def decisions(context, out):
    """Write to OUT (- for the screen) what people decided of pairs of public proposals, as a labelled data set.

    Tab-separated, one pair a line, with the texts that were judged; blanks stand for tabs and line ends inside them.
    """
    try:
        site = context.ensure_object(ScriptInfo).load_app()
    except (config.BadSetting, NoAppException, OSError) as error:
        raise click.ClickException(f"There is no site to read from: {error}") from error
    with site.app_context():
        try:
            lines = [DECISIONS, *(_decision(pair) for pair in labelled_pairs())]
        except DBAPIError as error:
            raise click.ClickException(f"The database cannot be read: {error.orig}") from error
    out.writelines("\t".join(" ".join((cell or "").split()) for cell in cells) + "\n" for cells in lines)
    click.echo(f"{len(lines) - 1} decisions.", err=True)


def _decision(pair):
    texts = (pair.first_code, *pair.first, pair.second_code, *pair.second)
    return (*texts, str(int(pair.is_same)), pair.kind, pair.decided_at.isoformat())


def _read(file, negatives):
    """Return (texts, pairs that must not be suggested, notes) of a labelled file and of the one with its negatives."""
    try:
        texts, notes = read_labelled(file)
        pairs, more = read_negatives(negatives, texts) if negatives else ([], [])
    except BadFile as error:
        raise Unusable(str(error)) from error
    return texts, pairs, [*notes, *more]


def _cosines(meaning, texts, negatives):
    """Return what `calibration.fit` wants of the texts of one file."""
    index = Index(meaning)
    hold(index, texts)
    places = {text.id: place for place, text in enumerate(texts)}
    groups = {place: text.group or None for place, text in enumerate(texts)}
    apart = [(places[pair.id_a], places[pair.id_b]) for pair in negatives]
    return calibration_pairs(index.frozen(), groups, apart)


def _site(context):
    """Return (the site, its settings), or (None, those it would have with a key of its own)."""
    try:
        site = context.ensure_object(ScriptInfo).load_app()
    except (config.BadSetting, NoAppException, OSError):
        return None, config.load({"SECRET_KEY": secrets.token_urlsafe(48)})
    return site, site.config


def _places(site):
    """Return the rows of a Gazetteer: of the site's territories, or of those the package carries where it has none."""
    url = make_url(site.config["SQLALCHEMY_DATABASE_URI"]) if site is not None else None
    # Asking SQLite for a file that is not there would make it.
    if url is None or (url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file()):
        return shipped_places()
    with site.app_context():
        try:
            return named_places() or shipped_places()
        except DBAPIError:
            return shipped_places()


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
