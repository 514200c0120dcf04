"""flask model: the sentence-transformers model that gives texts their meaning."""

import click
from flask import current_app
from flask.cli import AppGroup

from consulta.similarity.install import CannotInstall, install_model

model = AppGroup("model", help="The model of meaning: install, status.")


@model.command("install")
@click.option("--from", "source", type=click.Path(exists=True, file_okay=False), help="A folder that holds it already.")
def install(source):
    """Put the model that MODEL names into MODEL_FOLDER: fetched where a network exists, or copied from a folder."""
    name, folder = current_app.config["MODEL"], current_app.config["MODEL_FOLDER"]
    try:
        click.echo(f"{name} lies in {install_model(name, folder, source=source)}.")
    except CannotInstall as error:
        raise click.ClickException(str(error)) from error


@model.command("status")
@click.option("--seconds", default=60, show_default=True, help="How long to wait for the model to load.")
def status(seconds):
    """Say whether the model can be used here, and if not, why."""
    meaning = current_app.extensions["similarity"].meaning
    state = meaning.wait(seconds)
    click.echo(" ".join(part for part in (meaning.model, state.code, state.reason, state.detail) if part))
