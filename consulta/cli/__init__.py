"""The commands an operator types: flask record, demo, person, model, territories, settings, similarity."""

from consulta.cli import demo, model, people, record, settings, similarity, territories

COMMANDS = (
    record.record,
    demo.demo,
    model.model,
    people.person,
    territories.territories,
    settings.settings,
    similarity.similarity,
)


def bind(app):
    """Give `app` its commands."""
    for command in COMMANDS:
        app.cli.add_command(command)
