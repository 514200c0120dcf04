"""Refusals: what an action raises when it will not do what was asked, each with its reason for the person."""


class Refused(Exception):
    """Something asked for is not done; `reason` is a sentence in the person's language."""

    status = 422

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


class NotAllowed(Refused):
    """The person may not do this, or not now."""

    status = 403


class NotFound(Refused):
    """There is no such thing, or none that this person may see."""

    status = 404


class Conflict(Refused):
    """Somebody else changed the same thing first."""

    status = 409


class Invalid(Refused):
    """A value will not do; `field` names the form's field it belongs to, or is None."""

    def __init__(self, field, reason):
        super().__init__(reason)
        self.field = field


class Busy(Refused):
    """The database could not take the change now; the same request may be sent again."""

    status = 503


def refuse_if(reason, error=NotAllowed):
    """Raise `error` with `reason`, unless a rule returned None."""
    if reason is not None:
        raise error(reason)


def check(rule, by, *args, error=NotAllowed):
    """Refuse with what `rule(by, *args)` says against the person `by`; the machine (None) needs no right."""
    if by is not None:
        refuse_if(rule(by, *args), error)
