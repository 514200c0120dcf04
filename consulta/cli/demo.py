"""flask demo: two consultations to look at and to try everything in."""

import time
from contextlib import contextmanager
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from consulta.accounts.queries import person_by_email
from consulta.cli import demo_data, demo_history, demo_present
from consulta.cli.territories import load_chile
from consulta.consultations.queries import find_consultation, is_taken
from consulta.core.errors import Refused
from consulta.core.record import seal_entries
from consulta.core.work import action
from consulta.suggestions.actions import suggest_groups
from consulta.suggestions.finding import propose_groups
from consulta.tables.actions import make_code
from consulta.tables.queries import code_of, tables_of

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
            _room_code(demo_data.present())
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
    regions = {each["territory"]: each["title"] for each in data["tables"] if each["territory"]}
    site = current_app.config["PUBLIC_URL"]
    click.echo(f"\n  {site}/\n\n  Accounts, all with the password {data['password']}")
    for each in (people[key] for key in data["shown"]):
        where = regions.get(each.get("appointed_to"), "")
        click.echo(f"    {each['role']:14} {each['email']:34} {where}".rstrip())
    plain, until = _room_code(data)
    if plain:
        title = next(each["title"] for each in data["sessions"] if each["key"] == data["room"]["session"])
        click.echo(f"\n  Code of a room, without an account, at {site}/sala until {until:%Y-%m-%d %H:%M} UTC")
        click.echo(f"    {plain:14} {title}")


def _room_code(data):
    """Return a code that opens the session of today, and its end; (None, None) once nothing more is entered there.

    A code is told once and kept nowhere: this demonstration alone keeps it in a file, and makes another when it ends.
    """
    kept = Path(current_app.config["INSTANCE"]) / "demo-room-code.txt"
    plain = kept.read_text(encoding="ascii").strip() if kept.is_file() else ""
    code = code_of(plain) if plain else None
    if code is None:
        room = next(each for each in data["sessions"] if each["key"] == data["room"]["session"])
        facilitator = next(each["email"] for each in data["people"] if each["key"] == room["facilitator"])
        consultation = find_consultation(data["consultation"]["slug"], to=None)
        sessions = (session for table in tables_of(consultation) for session in table.sessions)
        session = next(each for each in sessions if each.title == room["title"])
        about = {"label": data["room"]["label"], "hours": data["room"]["hours"]}
        try:
            code, plain = make_code(session, **about, by=person_by_email(facilitator))
        except Refused:
            return None, None
        kept.write_text(f"{plain}\n", encoding="ascii")
    return plain, code.expires_at
