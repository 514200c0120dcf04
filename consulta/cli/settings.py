"""flask settings: every setting with its reason."""

import click

from consulta.config import SETTINGS


@click.command("settings")
def settings():
    """List the settings that the environment may hold, what each is unless set, and why it exists."""
    for setting in SETTINGS:
        click.echo(f"{setting.name}  (unless set: {setting.default!r})\n    {setting.why}")
