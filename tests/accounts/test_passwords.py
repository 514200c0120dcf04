"""What a password must be like, and that checking one costs the same for nobody."""

import pytest

from consulta.accounts import rules
from consulta.accounts.rules import hash_password, password_matches, why_not_password

GOOD = ["una frase larga y segura", "correcto caballo batería", "ñ" * 5 + "abcdef", "x7#kQ2!vLp"]
BAD = [
    "corta",
    "123456789",
    "1234567890",
    "Contraseña123",
    "QWERTYUIOP",
    "aaaaaaaaaaaa",
    "ana@example.org",
    "Ana Rojas Soto",
    "anarojassoto",
    "x" * 201,
    "con un nulo\x00 dentro",
    "media letra \ud800 dentro",
]


@pytest.mark.parametrize("password", GOOD)
def test_long_words_of_ones_own_will_do(password):
    assert why_not_password(password, name="Ana Rojas Soto", email="ana@example.org") is None


@pytest.mark.parametrize("password", BAD)
def test_short_common_and_own_words_will_not(password):
    assert why_not_password(password, name="Ana Rojas Soto", email="ana@example.org") is not None


class Owner:
    """Somebody with a password."""

    password_hash = hash_password("una frase con tilde: camión")


def test_the_password_matches_itself_however_its_letters_are_composed():
    assert password_matches(Owner, "una frase con tilde: camión")
    assert password_matches(Owner, "una frase con tilde: camio\u0301n")
    assert not password_matches(Owner, "una frase con tilde: camion")


@pytest.mark.parametrize("password", ["", "x\x00", "\ud800", "x" * 1000])
def test_no_text_breaks_the_check(password):
    assert not password_matches(Owner, password)
    assert not password_matches(None, password)


def test_for_nobody_the_same_work_is_done():
    assert rules._hasher.check_needs_rehash(rules._NOBODY) is False  # the same parameters, so the same time
    assert not password_matches(None, "una frase con tilde: camión")
