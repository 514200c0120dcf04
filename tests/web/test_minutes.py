"""Pages and files of published minutes."""

import pytest

from consulta.minutes.actions import publish_minutes
from tests.minutes.rooms import brought, hold
from tests.people import sign_in


@pytest.fixture
def proposals(consultation, institution, moderator):
    """Two proposals that ChileCompra brought."""
    return brought(consultation, institution, ["Datos abiertos y compras", "Portal de presupuesto"], moderator)


@pytest.fixture
def checked(table, facilitator, moderator, proposals):
    """A session with everything in it, checked by a second person."""
    return hold(table, facilitator=facilitator, moderator=moderator, proposals=proposals)


@pytest.fixture
def session_id(checked, moderator):
    """The number of a session whose minutes are public."""
    publish_minutes(checked, by=moderator)
    return checked.id


def test_all(client, session_id, moderator):
    for path in ("", "/1", ".pdf", ".docx", ".json", "/1.pdf", "/1/cambios"):
        r = client.get(f"/sesiones/{session_id}/acta-publicada{path}")
        print(
            path,
            r.status_code,
            len(r.data),
            r.headers.get("ETag"),
            r.headers.get("Cache-Control"),
            r.headers.get("Content-Disposition"),
        )
        assert r.status_code == 200
    sign_in(client, moderator)
    r = client.get(f"/sesiones/{session_id}/corregir")
    assert r.status_code == 200
    import re

    for link in re.findall(r'href="(/sesiones/\d+/corregir/[^"]+)"', r.text):
        r2 = client.get(link)
        print(link, r2.status_code)
        assert r2.status_code == 200, r2.text
    assert client.get(f"/sesiones/{session_id}/publicar").status_code == 200
