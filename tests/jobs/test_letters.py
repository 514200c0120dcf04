"""Each letter that is owed goes out once, whoever delivers the job, and nobody's waits for anybody else's."""

import re
import threading
from datetime import timedelta
from email import policy
from email.parser import BytesParser
from pathlib import Path
from smtplib import SMTPRecipientsRefused

import pytest

from consulta.accounts.actions import ask_reset, change_password
from consulta.accounts.queries import people_owed_confirmation, people_owed_reset
from consulta.core.clock import frozen, now
from consulta.core.extensions import db
from consulta.core.pulse import parked_work
from consulta.jobs.sweep import sweep
from consulta.jobs.work import JOBS, perform
from tests.people import make_person
from tests.web.sending import send

LINK = re.compile(r"http://localhost(/\S+)")


class Mailer:
    """Notes what it is given; fails for addresses in `failing`, with the error given there; `during` happens first."""

    def __init__(self):
        self.sent, self.failing, self.during = [], {}, None

    def send(self, to, subject, text):
        if self.during:
            self.during()
        if to in self.failing:
            raise self.failing[to]
        self.sent.append((to, subject, text))

    def to(self, person):
        return [text for to, _subject, text in self.sent if to == person.email]


@pytest.fixture
def mailer(app):
    """A mailer that can fail, in place of the site's own."""
    app.extensions["mailer"] = Mailer()
    return app.extensions["mailer"]


def letters(app):
    """Return what the file mailer wrote, oldest first."""
    parse = BytesParser(policy=policy.default).parsebytes
    return [parse(path.read_bytes()) for path in sorted(Path(app.config["MAIL_FOLDER"]).glob("*.eml"))]


def a_minute_later():
    return frozen(now() + timedelta(minutes=1))


def test_the_letter_opens_the_page_that_confirms_the_address(app, client):
    person = make_person(confirmed=False)
    perform("send_confirmation")
    (letter,) = letters(app)
    assert letter["To"] == person.email
    path = LINK.search(letter.get_content()).group(1)
    assert client.get(path).status_code == 200
    db.session.rollback()
    assert person.confirmed_at is None, "a mail scanner that follows the link confirms nothing"
    send(client, path)
    db.session.rollback()
    assert person.confirmed_at is not None


def test_the_letter_opens_the_page_for_a_new_password(app, client):
    person = make_person()
    ask_reset(person, by=None)
    perform("send_reset")
    (letter,) = letters(app)
    assert client.get(LINK.search(letter.get_content()).group(1)).status_code == 200


def test_a_letter_is_written_in_the_language_of_its_reader(app, mailer):
    person = make_person(confirmed=False)
    perform("send_confirmation")
    ((_to, subject, text),) = mailer.sent
    assert "Confirma" in subject
    assert "correo" in text
    assert person.name not in text, "whoever signs up chooses the name, and writes nobody through us"


def test_a_job_delivered_many_times_at_once_sends_one_letter(app, mailer):
    person = make_person(confirmed=False)
    barrier = threading.Barrier(6)
    mailer.during = lambda: threading.Event().wait(0.2)

    def deliver():
        with app.app_context():
            barrier.wait()
            perform("send_confirmation")

    threads = [threading.Thread(target=deliver) for _number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(mailer.to(person)) == 1
    db.session.rollback()
    assert people_owed_confirmation() == []


def test_a_job_delivered_again_sends_nothing_more(app, mailer):
    person = make_person(confirmed=False)
    for _time in range(3):
        perform("send_confirmation")
    assert len(mailer.to(person)) == 1


def test_a_mail_server_that_is_away_is_asked_again_by_the_sweep_as_often_as_it_takes(app, mailer):
    person = make_person(confirmed=False)
    mailer.failing[person.email] = ConnectionRefusedError("nobody listens")
    for minute in range(6):
        with frozen(now() + timedelta(minutes=minute)):
            sweep()
    assert parked_work() == []
    mailer.failing.clear()
    with frozen(now() + timedelta(minutes=7)):
        sweep()
    assert len(mailer.to(person)) == 1


def test_an_address_that_is_refused_for_good_is_parked_and_keeps_nobody_waiting(app, mailer):
    wrong, right = make_person(confirmed=False), make_person("Benito Soto", confirmed=False)
    mailer.failing[wrong.email] = SMTPRecipientsRefused({wrong.email: (550, b"no such user " + wrong.email.encode())})
    for minute in range(5):
        with frozen(now() + timedelta(minutes=minute)):
            sweep()
    assert len(mailer.to(right)) == 1
    (parked,) = parked_work()
    assert parked.name == f"send_confirmation:{wrong.id}"
    assert wrong.email not in parked.error, "administrators read it: no address belongs there"


def test_a_server_that_says_later_is_asked_later(app, mailer):
    person = make_person(confirmed=False)
    mailer.failing[person.email] = SMTPRecipientsRefused({person.email: (450, b"greylisted, come again")})
    for minute in range(5):
        with frozen(now() + timedelta(minutes=minute)):
            sweep()
    assert parked_work() == []
    mailer.failing.clear()
    with frozen(now() + timedelta(minutes=6)):
        sweep()
    assert len(mailer.to(person)) == 1


def test_a_letter_asked_for_anew_while_one_goes_out_is_still_owed(app, mailer):
    person = make_person()
    ask_reset(person, by=None)
    later = now() + timedelta(hours=2)

    def ask_again():
        mailer.during = None
        with frozen(later):
            ask_reset(person, by=None)

    mailer.during = ask_again
    JOBS["send_reset"].run(person.id)
    assert [owed.id for owed in people_owed_reset()] == [person.id], "the link that went out is dead by now"
    with frozen(later + timedelta(minutes=1)):
        perform("send_reset")
    db.session.rollback()
    assert len(mailer.to(person)) == 2
    assert people_owed_reset() == []


def test_a_clock_that_is_ahead_sends_no_letter_twice(app, mailer):
    with frozen(now() + timedelta(seconds=90)):
        person = make_person(confirmed=False)
    perform("send_confirmation")
    perform("send_confirmation")
    assert len(mailer.to(person)) == 1


def test_who_confirmed_meanwhile_gets_no_letter(app, mailer):
    make_person(confirmed=True)
    assert JOBS["send_confirmation"].waiting() == []


def test_the_link_of_a_letter_is_dead_once_the_password_changed(app, client, mailer):
    person = make_person()
    ask_reset(person, by=None)
    perform("send_reset")
    path = LINK.search(mailer.to(person)[0]).group(1)
    change_password(person, "otra frase larga y segura", by=None)
    answer = client.get(path)
    assert 'type="password"' not in answer.text
