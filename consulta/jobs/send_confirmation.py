"""Send the letter that confirms an address."""

from consulta.accounts.actions import note_confirmation_sent
from consulta.accounts.queries import people_owed_confirmation
from consulta.jobs.letters import send_letter

SECONDS = 60


def run():
    """Send every letter of confirmation that is owed."""
    for person in people_owed_confirmation():
        send_letter("confirm_address", person)
        note_confirmation_sent(person, by=None)
