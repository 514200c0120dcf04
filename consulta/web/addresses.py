"""How numbers stand in addresses."""

from werkzeug.routing import IntegerConverter, ValidationError

HIGHEST = 2**31 - 1  # of a row


class RowNumber(IntegerConverter):
    """The number of a row in plain digits: each row has one address, and no database is asked for a larger one."""

    regex = "[1-9][0-9]{0,9}"

    def to_python(self, value):
        """Return the number; a larger one is at no address."""
        if int(value) > HIGHEST:
            raise ValidationError
        return int(value)


def bind(app):
    """Let `<int:…>` in the addresses of `app` be the number of a row."""
    app.url_map.converters["int"] = RowNumber
