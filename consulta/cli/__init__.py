"""The commands an operator types: flask record, demo, person, model, territories, settings."""

from consulta.cli import demo, model, people, record, settings, territories

COMMANDS = (record.record, demo.demo, model.model, people.person, territories.territories, settings.settings)


def bind(app):
    """Give `app` its commands."""
    for command in COMMANDS:
        app.cli.add_command(command)
