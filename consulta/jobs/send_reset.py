"""Send the letter with which a forgotten password is set anew."""

from consulta.accounts.actions import note_reset_sent
from consulta.accounts.queries import people_owed_reset
from consulta.jobs.letters import send_letter


def waiting():
    """The people who are owed one."""
    return [person.id for person in people_owed_reset()]


def run(person_id):
    """Send it, unless somebody else just did."""
    for person in people_owed_reset(only=person_id):
        asked_at = person.reset_asked_at
        send_letter("reset_password", person)
        note_reset_sent(person, asked_at=asked_at, by=None)
