"""flask record: check the public record, and say what its head is."""

import json
import sys

import click
from flask.cli import AppGroup

from consulta.core.extensions import db
from consulta.core.record import Head, seal_entries, verify_chain

record = AppGroup("record", help="The public record: verify, head, seal.")


@record.command("verify")
@click.option(
    "--head", help="A head that was published earlier, as POSITION:HASH, which the chain must still pass through."
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def verify(head, as_json):
    """Walk the whole chain; ends with status 1 and names the first entry that does not hold."""
    found = verify_chain(through=_read_head(head))
    if as_json:
        click.echo(json.dumps({**found.__dict__, "holds": found.holds}))
    else:
        click.echo(f"{found.sealed} sealed entries hold, {found.unsealed} wait for their seal.")
        if found.unsealed:
            click.echo(f"The tail that is not sealed yet begins with entry {found.first_unsealed}.")
        if found.holds:
            click.echo(f"The record is whole. Head: {found.sealed}:{found.head}")
        else:
            where = f"entry {found.bad_entry}" if found.bad_entry is not None else "the end"
            click.echo(f"FIRST BAD ENTRY: {where}, position {found.bad_position}: {found.why}.", err=True)
    sys.exit(0 if found.holds else 1)


@record.command("head")
def head():
    """Print the chain's head as POSITION:HASH, for publishing where nobody of this site can change it."""
    last = db.session.get(Head, 1)
    click.echo(f"{last.position}:{last.hash}" if last else "0:")


@record.command("seal")
def seal():
    """Seal what is not sealed yet."""
    click.echo(f"{seal_entries(by=None)} entries sealed.")


def _read_head(text):
    if text is None:
        return None
    position, _colon, digest = text.partition(":")
    if not position.isdigit() or len(digest) != 64:
        raise click.BadParameter("a head is POSITION:HASH, as `flask record head` prints it")
    return int(position), digest
