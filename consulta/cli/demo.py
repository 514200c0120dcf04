"""flask demo: two consultations to look at and to try everything in."""

import time
from contextlib import contextmanager

import click
from flask import current_app
from flask.cli import AppGroup

from consulta.cli import demo_data, demo_history, demo_present
from consulta.cli.territories import load_chile
from consulta.consultations.queries import find_consultation, is_taken
from consulta.core.record import seal_entries
from consulta.core.work import action
from consulta.suggestions.actions import suggest_groups
from consulta.suggestions.finding import propose_groups

demo = AppGroup("demo", help="The demonstration: load, accounts.")


@demo.command("load")
def load():
    """Load the demonstration; where it is there already, nothing changes."""
    if not current_app.config["DEMO"]:
        # Everybody knows the password of its accounts, one of which administers the site.
        raise click.ClickException("The demonstration is loaded only into a site that says DEMO=1.")
    slug = demo_data.present()["consultation"]["slug"]
    if is_taken(slug):
        click.echo("The demonstration is there already.")
    else:
        began = time.monotonic()
        with _silence():
            play_back(by=None)
            seal_entries(by=None)
            consultation = find_consultation(slug, to=None)
            found = propose_groups(consultation, current_app.extensions["similarity"])
            suggest_groups(consultation, found=found, by=None)
        click.echo(f"The demonstration was loaded in {time.monotonic() - began:.1f} s.")
    _tell_accounts()


@demo.command("accounts")
def accounts():
    """Say again which accounts the demonstration has for each role."""
    if not is_taken(demo_data.present()["consultation"]["slug"]):
        raise click.ClickException("The demonstration is not loaded: `flask demo load` does it.")
    _tell_accounts()


@action(unrecorded="every act that it plays back records itself")
def play_back(*, by):
    """Load the territories and both consultations, whole or not at all: a load that is broken off leaves nothing."""
    load_chile(by=by)
    demo_history.play_back(demo_data.present()["password"])
    demo_present.play_back()


@contextmanager
def _silence():
    """Ring no bell meanwhile: jobs would begin in the middle of a load, and it does itself what they would do."""
    bell, current_app.extensions["bell"] = current_app.extensions["bell"], lambda event, ids: None
    try:
        yield
    finally:
        current_app.extensions["bell"] = bell


def _tell_accounts():
    data = demo_data.present()
    people = {each["key"]: each for each in data["people"]}
    regions = {each["territory"]: each["title"] for each in data["tables"]}
    click.echo(f"\n  {current_app.config['PUBLIC_URL']}/\n\n  Accounts, all with the password {data['password']}")
    for each in (people[key] for key in data["shown"]):
        where = regions.get(each.get("appointed_to"), "")
        click.echo(f"    {each['role']:14} {each['email']:34} {where}".rstrip())
