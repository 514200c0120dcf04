"""The code that somebody takes home on paper, to find the proposal again that was made in the room."""

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: nothing that is easily taken for something else
LENGTH = 10  # 50 bits of chance
LIMIT = 40  # characters of what somebody types, that are looked at

_READ_AS = str.maketrans("ILO", "110")
_BETWEEN = re.compile(r"[\s\-–—_.]+")


def check_character(letters):
    """Return the character that follows `letters` (of ALPHABET): Luhn's sum modulo 32.

    From the last to the first, every other value is doubled, beginning with the last, and the two digits (base 32) of
    what comes out are added; what the sum lacks to the next multiple of 32 is the check. It catches every single wrong
    character and nearly every pair that changed places.
    """
    total = 0
    for place, letter in enumerate(reversed(letters)):
        value = ALPHABET.index(letter) * (2 if place % 2 == 0 else 1)
        total += value // 32 + value % 32
    return ALPHABET[-total % 32]


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
