"""What an encoder is. Two ship: `letters.Letters` (always there) and `meaning.Meaning` (where a model is installed)."""

from typing import Protocol


class Encoder(Protocol):
    """Turns texts into vectors whose dot product is their likeness."""

    name: str
    """`letters` or `meaning`."""

    version: str
    """Changes whenever the same text would get another vector; stored vectors of another version are stale."""

    def encode(self, texts):
        """Return one row for each of `texts`, shape (texts, dimensions): of length 1 by meaning, shorter by letters the
        less a text says; zero for a text that says nothing.

        The rows are a SciPy CSR matrix (letters) or a NumPy array (meaning), both float32. None where the encoder
        cannot answer now: the caller goes on without it.
        """
