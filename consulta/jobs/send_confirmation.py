"""Send the letter that confirms an address."""

from consulta.accounts.actions import note_confirmation_sent
from consulta.accounts.queries import people_owed_confirmation
from consulta.jobs.letters import send_letter


def waiting():
    """The people who are owed one."""
    return [person.id for person in people_owed_confirmation()]


def run(person_id):
    """Send it, unless somebody else just did."""
    for person in people_owed_confirmation(only=person_id):
        asked_at = person.confirmation_asked_at
        send_letter("confirm_address", person)
        note_confirmation_sent(person, asked_at=asked_at, by=None)
