"""flask person: what only somebody at the machine may do to an account."""

import click
from flask.cli import AppGroup

from consulta.accounts.actions import appoint_administrator, confirm_address
from consulta.accounts.queries import person_by_email

person = AppGroup("person", help="Accounts: administrator, confirm.")


@person.command("administrator")
@click.argument("email")
def administrator(email):
    """Make the person with this e-mail address an administrator of the site."""
    found = _found(email)
    appoint_administrator(found, by=None)
    click.echo(f"{found.email} administers the site.")


@person.command("confirm")
@click.argument("email")
def confirm(email):
    """Confirm an address whose letter cannot arrive."""
    found = _found(email)
    confirm_address(found, by=None)
    click.echo(f"{found.email} is confirmed.")


def _found(email):
    found = person_by_email(email)
    if found is None:
        raise click.ClickException(f"Nobody has signed up with {email}.")
    return found
