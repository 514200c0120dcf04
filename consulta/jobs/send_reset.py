"""Send the letter with which a forgotten password is set anew."""

from consulta.accounts.actions import note_reset_sent
from consulta.accounts.queries import people_owed_reset
from consulta.jobs.letters import send_letter

SECONDS = 60


def run():
    """Send every such letter that is owed."""
    for person in people_owed_reset():
        send_letter("reset_password", person)
        note_reset_sent(person, by=None)
