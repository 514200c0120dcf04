"""A small world with one of everything, and everybody who might knock: what the table of rights is asked of."""

import pytest
from sqlalchemy import inspect, select, text

from consulta.accounts.tokens import confirmation_token, reset_token
from consulta.consultations.actions import appoint
from consulta.core.extensions import db
from consulta.core.record import seal_entries
from consulta.merging.actions import merge_proposals
from consulta.minutes.actions import publish_minutes
from consulta.plan.actions import draft_commitment, open_plan
from consulta.proposals.actions import hide_proposal, start_proposal
from consulta.shortlist.actions import shortlist_proposal
from consulta.suggestions.actions import suggest_groups
from consulta.suggestions.finding import propose_groups
from consulta.suggestions.queries import groups_of
from consulta.tables.actions import check_session, convene_session, found_table, make_code, open_session, submit_session
from consulta.worksheets.actions import keep_photo
from consulta.worksheets.photo_decoding import Decoded
from tests.forum.a_forum import make_forum
from tests.people import make_consultation, make_person, make_proposal, sign_in

# Everybody who might knock. "owner" wrote what the world holds; "facilitator" has its session's region.
ACTORS = (
    "visitor",
    "citizen",
    "owner",
    "facilitator",
    "other_facilitator",
    "moderator",
    "other_moderator",
    "administrator",
)


def made_known(table, title, people):
    """Hold a session of `table` in which nothing was said, and let a second person check it; returns it."""
    session = convene_session(table, title=title, agenda=[{"id": "a", "title": "Único punto"}], by=people["moderator"])
    open_session(session, by=people["facilitator"])
    submit_session(session, by=people["facilitator"])
    return check_session(session, by=people["moderator"])


class World:
    """One of everything in one consultation, and the values that fill an address with it."""

    def __init__(self, app, people, values=None):
        self.app, self.people = app, people
        self.values = values or self._make()

    def _make(self):
        """Make one of everything; returns the values."""
        app, people = self.app, self.people
        consultation, owner, moderator = people["consultation"], people["owner"], people["moderator"]
        one = make_proposal(consultation, owner, title="Publicar las actas del concejo municipal")
        two = make_proposal(consultation, owner, title="Publicar en línea las actas del concejo municipal")
        parts = [make_proposal(consultation, owner, title=f"Ciclovía de la calle {n}") for n in (1, 2)]
        chosen = make_proposal(consultation, owner, title="Portal de compras")
        lone = make_proposal(consultation, owner, title="Bebederos en las plazas")
        hidden = make_proposal(consultation, owner, title="Texto oculto")
        hide_proposal(hidden, reason="Abuso", by=moderator)
        merge = merge_proposals(parts, title="Ciclovías", body="Las dos.", reason="Piden lo mismo.", by=moderator)
        neighbours = app.extensions["similarity"]
        suggest_groups(consultation, found=propose_groups(consultation, neighbours), by=None)
        table = found_table(
            consultation, title="Mesa de Magallanes", kind="regional", territory=people["magallanes"], by=moderator
        )
        session = convene_session(
            table,
            title="Primera sesión",
            place="Biblioteca",
            agenda=[{"id": "punto-1", "title": "Bienvenida"}],
            convened=[{"uid": "linea-1", "sector": "academia", "institution": "Universidad"}],
            by=moderator,
        )
        handed_in = convene_session(table, title="Sesión entregada", by=moderator)
        submit_session(open_session(handed_in, by=people["facilitator"]), by=people["facilitator"])
        checked, published = (made_known(table, title, people) for title in ("Segunda sesión", "Tercera sesión"))
        publish_minutes(published, by=moderator)
        forum = make_forum(consultation, moderator)
        shortlist_proposal(chosen, reason="Es posible.", counterpart=people["institution"], by=moderator)
        plan = open_plan(consultation, title="Plan", by=moderator)
        commitment = draft_commitment(plan, title="Portal", origins=[(chosen, "certain", "")], by=moderator)
        seal_entries(by=None)
        return {
            "slug": consultation.slug,
            "code": one.code,
            "draft": start_proposal(consultation, title="Borrador", body="Secreto", by=owner).code,
            "twin": two.code,
            "lone": lone.code,
            "hidden": hidden.code,
            "chosen": chosen.code,
            "part": parts[0].code,
            "session": session.id,
            "handed_in": handed_in.id,
            "room_code": make_code(session, label="Un teléfono", hours=2, by=moderator)[0].id,
            "checked": checked.id,
            "published": published.id,
            "forum": forum.table.id,
            "seat": forum.seat.id,
            "term": forum.term.id,
            "meeting": forum.meeting.id,
            "agreement": forum.agreement.id,
            "forum_session": forum.later.id,
            "subgroup": forum.subgroup.id,
            "photo": keep_photo(forum.later, "foto", Decoded(b"JPEG", 1, 1, "0" * 64), by=moderator).uid,
            "group": groups_of(consultation).groups[0].id,
            "draft_slug": people["prepared"].slug,
            "merge": merge.id,
            "commitment": commitment.id,
            "owner_token": confirmation_token(owner, app.config["SECRET_KEY"]),
            "reset_token": reset_token(owner, app.config["SECRET_KEY"]),
            "appointment": people["appointment"].id,
        }

    def client(self, actor):
        """Return a client in which `actor` is signed in."""
        client = self.app.test_client()
        return client if actor == "visitor" else sign_in(client, self.people[actor])


class Rows:
    """Everything a database holds, to be put into an empty one: making a world anew takes several times as long."""

    def __init__(self):
        self._rows = [
            (table, [dict(row) for row in db.session.execute(select(table)).mappings()])
            for table in db.metadata.sorted_tables
        ]
        self._numbers = list(db.session.execute(text(_NUMBERS))) if _on_postgresql() else []

    def put(self):
        """Put the rows into the empty database of the application."""
        # Rows that point at each other stand in no order.
        look_away = (
            "SET LOCAL session_replication_role = replica" if _on_postgresql() else "PRAGMA defer_foreign_keys = 1"
        )
        db.session.execute(text(look_away))
        for table, rows in self._rows:
            if rows:
                db.session.execute(table.insert(), rows)
        for name, last in self._numbers:
            db.session.execute(text("SELECT setval(:name, :last)"), {"name": name, "last": last})
        db.session.commit()


_LOOK_AWAY = {True: "SET LOCAL session_replication_role = replica", False: "PRAGMA defer_foreign_keys = 1"}
_NUMBERS = "SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL"
_MADE = {}  # kind of database: Rows, the people's models and keys, the values


def _on_postgresql():
    return db.engine.dialect.name == "postgresql"


@pytest.fixture
def world(request, app):
    """The world on a fresh database: made once a process and kind, put back for every further test."""
    kind = db.engine.dialect.name
    if kind in _MADE:
        rows, people, values = _MADE[kind]
        rows.put()
        found = {name: db.session.get(model, key) for name, (model, key) in people.items()}
        return World(app, found, dict(values))
    made = World(app, _people(request))
    keys = {name: (type(row), inspect(row).identity) for name, row in made.people.items()}
    _MADE[kind] = Rows(), keys, dict(made.values)
    return made


def _people(request):
    """Return everybody and everything that the world is made with."""
    asked = "consultation other_consultation administrator moderator other_moderator facilitator other_facilitator"
    people = {name: request.getfixturevalue(name) for name in f"{asked} citizen magallanes institution".split()}
    administrator, consultation = people["administrator"], people["consultation"]
    return people | {
        "prepared": make_consultation(administrator, announced=False),
        "owner": make_person("Olga Autora"),
        "appointment": appoint(make_person("De paso"), "moderator", consultation, by=administrator),
    }
