"""Showing a refusal at the field it belongs to, with everything typed still there."""

from consulta.core.errors import Invalid, Refused


def attach(form, refusal):
    """Put the reason of `refusal` at its field of `form`, or among the form's own errors."""
    name = refusal.field if isinstance(refusal, Invalid) else None
    if name is not None and name in form:
        form[name].errors = [*form[name].errors, str(refusal.reason)]
    else:
        form.form_errors = [*form.form_errors, str(refusal.reason)]


def attempt(form, act):
    """Perform `act` if the form was sent and is whole; return None when it is done, else the status to answer with."""
    if not form.is_submitted():
        return 200
    if not form.validate():
        return 422
    try:
        act()
    except Refused as refusal:
        attach(form, refusal)
        return refusal.status
    return None
