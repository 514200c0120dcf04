"""Preparing a consultation, announcing it with its notice, suspending it; and what the record tells of it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from consulta.consultations.actions import (
    announce_consultation,
    create_consultation,
    reschedule_phases,
    resume_consultation,
    suspend_consultation,
)
from consulta.consultations.models import Consultation, Phase
from consulta.consultations.queries import (
    consultations_under_way,
    profile,
    profiles,
    themes_of,
    visible_entries,
)
from consulta.consultations.rules import slug_of, state_of, why_not_slug
from consulta.core.clock import frozen, now
from consulta.core.errors import Conflict, Invalid, NotAllowed, NotFound
from consulta.core.extensions import db
from tests.people import ZONE, make_consultation

DAY = timedelta(days=1)


def _values(**more):
    opens = now() + 20 * DAY
    return {
        "slug": "plan-nuevo",
        "title": "Plan nuevo",
        "summary": "De qué se trata.",
        "zone": ZONE,
        "country": "CL",
        "voters": "confirmed",
        "phases": [{"kind": "proposing", "title": "Propuestas", "opens_at": opens, "closes_at": opens + 10 * DAY}],
        "themes": ["Salud", "", "  salud ", "Educación"],
        **more,
    }


def test_profiles_hold_what_a_consultation_needs():
    assert list(profiles())[0] == "ogp_national" and len(profiles()) >= 2
    for each in profiles().values():
        assert each["phases"] and each["themes"] and each["notice_days"] >= 0
    with pytest.raises(NotFound):
        profile("no-such-profile")


def test_a_consultation_keeps_its_themes_once_and_its_phases_in_order(administrator):
    opens = now() + 20 * DAY
    rows = [
        {"kind": "tables", "title": "Mesas", "opens_at": opens + 5 * DAY, "closes_at": opens + 9 * DAY},
        {"kind": "proposing", "title": "Propuestas", "opens_at": opens, "closes_at": opens + 6 * DAY},
    ]
    made = create_consultation("ogp_national", **_values(phases=rows), by=administrator)
    assert [theme.title for theme in themes_of(made)] == ["Salud", "Educación"]
    assert [phase.kind for phase in made.phases] == ["proposing", "tables"]
    assert made.notice_days == 14 and state_of(made) == "draft"


def _phase(**more):
    opens = now() + 20 * DAY
    return [{"kind": "proposing", "title": "P", "opens_at": opens, "closes_at": opens + DAY, **more}]


BAD = {
    "slug": [
        {"slug": ""},
        {"slug": "Con Espacios"},
        {"slug": "acción"},
        {"slug": "a--b"},
        {"slug": "-a"},
        {"slug": "x" * 81},
    ],
    "title": [{"title": ""}, {"title": "x" * 201}, {"title": "\u200b"}],
    "summary": [{"summary": ""}, {"summary": "x" * 601}],
    "zone": [{"zone": ""}, {"zone": "Chile"}, {"zone": "../etc/passwd"}],
    "voters": [{"voters": "everybody"}],
    "territory": [{"voters": "territory"}],
    "vote_limit": [{"vote_limit": 0}, {"vote_limit": -1}, {"vote_limit": 10**20}],
    "phases": [
        {"phases": []},
        {"phases": _phase(kind="party")},
        {"phases": _phase(title="")},
        {"phases": _phase(closes_at=now())},
    ],
    "themes": [{"themes": [f"Eje {n}" for n in range(41)]}, {"themes": ["x" * 121]}],
}


@pytest.mark.parametrize(
    ("field", "values"),
    [(field, values) for field, cases in BAD.items() for values in cases],
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_what_will_not_do_is_refused_at_its_field_and_nothing_is_kept(administrator, field, values):
    with pytest.raises(Invalid) as refusal:
        create_consultation("ogp_national", **_values(**values), by=administrator)
    assert refusal.value.field == field
    assert db.session.scalar(select(func.count()).select_from(Consultation)) == 0


def test_an_address_is_given_once(administrator):
    create_consultation("ogp_national", **_values(), by=administrator)
    with pytest.raises(Invalid) as refusal:
        create_consultation("local", **_values(), by=administrator)
    assert refusal.value.field == "slug"


def test_only_administrators_prepare_announce_and_suspend(consultation, moderator):
    for act in (
        lambda: create_consultation("ogp_national", **_values(), by=moderator),
        lambda: announce_consultation(consultation, by=moderator),
        lambda: suspend_consultation(consultation, reason="Porque sí.", by=moderator),
        lambda: reschedule_phases(consultation, _phase(), by=moderator),
    ):
        with pytest.raises(NotAllowed):
            act()


@pytest.mark.parametrize(("days", "announced"), [(13, False), (14, True), (20, True)])
def test_an_announcement_precedes_the_first_phase_by_the_notice_of_the_profile(administrator, days, announced):
    made = create_consultation("ogp_national", **_values(), by=administrator)
    opens = made.phases[0].opens_at
    with frozen(opens - days * DAY):
        if announced:
            announce_consultation(made, by=administrator)
            assert state_of(made) == "announced"
        else:
            with pytest.raises(Conflict) as refusal:
                announce_consultation(made, by=administrator)
            assert "14 días" in str(refusal.value.reason)


def test_dates_change_until_the_announcement_and_not_after(administrator):
    made = create_consultation("ogp_national", **_values(), by=administrator)
    opens = now() + 40 * DAY
    fresh = [
        {"kind": kind, "title": kind, "opens_at": opens, "closes_at": opens + DAY} for kind in ("proposing", "tables")
    ]
    reschedule_phases(made, fresh, by=administrator)
    assert [phase.kind for phase in made.phases] == ["proposing", "tables"]
    assert db.session.scalar(select(func.count()).select_from(Phase)) == 2
    announce_consultation(made, by=administrator)
    for act in (
        lambda: reschedule_phases(made, fresh, by=administrator),
        lambda: announce_consultation(made, by=administrator),
    ):
        with pytest.raises(Conflict):
            act()


def test_suspending_needs_a_reason_and_happens_once(consultation, administrator):
    with pytest.raises(Invalid):
        suspend_consultation(consultation, reason="  ", by=administrator)
    suspend_consultation(consultation, reason="Una elección.", by=administrator)
    with pytest.raises(Conflict):
        suspend_consultation(consultation, reason="Otra vez.", by=administrator)
    assert consultations_under_way() == []
    resume_consultation(consultation, reason="Ya pasó.", by=administrator)
    with pytest.raises(Conflict):
        resume_consultation(consultation, reason="Otra vez.", by=administrator)
    assert [each.id for each in consultations_under_way()] == [consultation.id]


def test_the_record_of_a_draft_is_for_its_staff_and_names_no_title(administrator, citizen):
    draft = create_consultation("ogp_national", **_values(title="Título canario", slug="canario"), by=administrator)
    assert all(entry.within != f"consultations:{draft.id}" for entry in visible_entries(to=citizen)[0])
    told = [entry for entry in visible_entries(to=administrator)[0] if entry.within == f"consultations:{draft.id}"]
    assert [entry.event for entry in told] == ["consultation.created"]
    assert "canario" not in str(told[0].details).lower()
    announce_consultation(draft, by=administrator)
    events = [entry.event for entry in visible_entries(to=None)[0]]
    assert events[:2] == ["consultation.announced", "consultation.created"]


def test_the_record_is_read_page_by_page(administrator):
    for _number in range(3):
        make_consultation(administrator)
    seen, before = [], None
    while True:
        page, before = visible_entries(to=None, before=before, size=2)
        seen += [entry.id for entry in page]
        if before is None:
            break
    assert seen == sorted(set(seen), reverse=True) and len(seen) >= 6


def test_an_address_is_made_from_any_title():
    assert slug_of("  ¡Plan de Acción 2026–2028! ") == "plan-de-accion-2026-2028"
    assert why_not_slug(slug_of("Ñuñoa participa")) is None
    assert slug_of("¿?") == ""
