"""The signed texts in the links of letters: whom they belong to, what for, and until when."""

import hashlib

from itsdangerous import BadSignature, TimestampSigner, URLSafeTimedSerializer

from consulta.accounts.rules import CONFIRMATION_LASTS, RESET_LASTS
from consulta.core.clock import now

LONGEST = 1000  # characters; a longer text is no token of ours


class _Signer(TimestampSigner):
    """Stamps with the time of the house, which a test can hold still."""

    def get_timestamp(self):
        return int(now().timestamp())


def confirmation_token(person, secret):
    """Return the token that confirms that `person` reads the mail of the address the account has now."""
    return _serializer(secret, "confirm-address").dumps([person.uid, _address(person)])


def read_confirmation(token, secret):
    """Return (uid, mark of the address) of a token made by `confirmation_token`, or None when forged or too old."""
    return _read(token, secret, "confirm-address", CONFIRMATION_LASTS, 2)


def reset_token(person, secret):
    """Return the token that lets `person` choose a new password, once.

    It holds the password's epoch, which goes up when the password changes, and when the letter was asked for: the
    link in an older letter is dead.
    """
    facts = [person.uid, _address(person), person.epoch, _asked(person)]
    return _serializer(secret, "reset-password").dumps(facts)


def read_reset(token, secret):
    """Return (uid, mark of the address, epoch, asked at in microseconds) of a token of `reset_token`, or None."""
    return _read(token, secret, "reset-password", RESET_LASTS, 4)


def confirms(facts, person):
    """Tell whether what `read_confirmation` returned belongs to `person` as the account is now."""
    return facts is not None and person is not None and facts == (person.uid, _address(person))


def resets(facts, person):
    """Tell whether what `read_reset` returned belongs to `person` as the account is now."""
    if facts is None or person is None:
        return False
    return facts == (person.uid, _address(person), person.epoch, _asked(person))


def _address(person):
    # A token is signed, not sealed: in the log of a proxy it must not be read as an address.
    return hashlib.sha256(person.canonical_email.encode()).hexdigest()[:24]


def _asked(person):
    return int(person.reset_asked_at.timestamp() * 1_000_000) if person.reset_asked_at else 0


def _serializer(secret, purpose):
    return URLSafeTimedSerializer(secret, salt=f"consulta.{purpose}", signer=_Signer)


def _read(token, secret, purpose, lasts, length):
    if not token or len(token) > LONGEST:
        return None
    try:
        facts = _serializer(secret, purpose).loads(token, max_age=int(lasts.total_seconds()))
    except BadSignature:
        return None
    return tuple(facts) if isinstance(facts, list) and len(facts) == length else None
