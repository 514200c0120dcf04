"""One person is one address, however it is spelled; and letters go to the address that was typed."""

import pytest

from consulta.accounts.rules import canonical_email, mailing_email
from consulta.core.errors import Invalid

# typed, canonical
SPELLINGS = [
    ("ana@example.org", "ana@example.org"),
    (" ANA@Example.ORG ", "ana@example.org"),
    ("ana+consulta@example.org", "ana@example.org"),
    ("a.n.a@example.org", "a.n.a@example.org"),  # dots say something everywhere but at Gmail
    ("a.n.a@gmail.com", "ana@gmail.com"),
    ("ana+1@gmail.com", "ana@gmail.com"),
    ("A.N.A+x@GoogleMail.com", "ana@gmail.com"),
    ("ana＠example.org", "ana@example.org"),  # full-width at
    ("ａｎａ@example.org", "ana@example.org"),  # full-width letters
    ("ana@ñandú.cl", "ana@xn--and-6ma2c.cl"),
    ("ana@xn--and-6ma2c.cl", "ana@xn--and-6ma2c.cl"),
]
NOT_ADDRESSES = [
    "",
    "ana",
    "ana@",
    "@example.org",
    "ana@x",
    "ana@example.org, b@example.org",
    "ana@example.org\nBcc: b@x.cl",
]


@pytest.mark.parametrize(("typed", "canonical"), SPELLINGS)
def test_every_spelling_has_one_canonical_form(typed, canonical):
    assert canonical_email(typed) == canonical


@pytest.mark.parametrize("typed", [*NOT_ADDRESSES, "ana\x00@example.org", "ana\ud800@example.org", "a" * 300 + "@x.cl"])
def test_what_is_no_address_is_refused_with_the_field_named(typed):
    with pytest.raises(Invalid) as refusal:
        canonical_email(typed)
    assert refusal.value.field == "email"


def test_letters_keep_the_spelling_that_was_typed():
    assert mailing_email("Ana.Rojas+consulta@Gmail.com") == "Ana.Rojas+consulta@gmail.com"
    assert mailing_email("ana@ñandú.cl") == "ana@xn--and-6ma2c.cl"
