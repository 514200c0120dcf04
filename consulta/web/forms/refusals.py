"""Showing a refusal at the field it belongs to, with everything typed still there."""

from consulta.core.errors import Invalid


def attach(form, refusal):
    """Put the reason of `refusal` at its field of `form`, or among the form's own errors."""
    name = refusal.field if isinstance(refusal, Invalid) else None
    if name is not None and name in form:
        form[name].errors = [*form[name].errors, str(refusal.reason)]
    else:
        form.form_errors = [*form.form_errors, str(refusal.reason)]
