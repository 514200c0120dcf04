"""The code that somebody takes home on paper, to find the proposal again that was made in the room."""

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: nothing that is easily taken for something else
PRIME = 31
LENGTH = 10  # 50 bits of chance
LIMIT = 40  # characters of what somebody types, that are looked at

_READ_AS = str.maketrans("ILO", "110")
_BETWEEN = re.compile(r"[\s\-\u2010-\u2015\u2212_.]+")


def check_character(letters):
    """Return the character that follows `letters` (of ALPHABET): the sum of place times value, modulo 31.

    Places count from 1. 31 is prime, so that every wrong character and every two that changed places show (but for 0
    taken for Z).
    """
    return ALPHABET[sum(place * ALPHABET.index(letter) for place, letter in enumerate(letters, start=1)) % PRIME]


def read_code(text):
    """Return the code that `text` spells as it is stored ("ABCDE-FGHJK-C"), or None where it spells none."""
    letters = _BETWEEN.sub("", (text or "")[:LIMIT]).upper().translate(_READ_AS)
    if len(letters) != LENGTH + 1 or not set(letters) <= set(ALPHABET):
        return None
    if check_character(letters[:LENGTH]) != letters[LENGTH]:
        return None
    return spelled(letters)


def new_code():
    """Return a new code, for a proposal that no device gave one."""
    letters = "".join(secrets.choice(ALPHABET) for _each in range(LENGTH))
    return spelled(letters + check_character(letters))


def spelled(letters):
    """Return eleven letters in groups: "ABCDE-FGHJK-C"."""
    return f"{letters[:5]}-{letters[5:10]}-{letters[10:]}"
