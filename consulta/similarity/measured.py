"""What an encoder was measured to do on the reporting half of the development set; shown to administrators."""

import json
from pathlib import Path

from consulta.similarity.model_files import last_part

FILE = Path(__file__).parent.parent / "data" / "similarity" / "measured.json"
LETTERS = "letters"


def figures_of(version=LETTERS, file=FILE):
    """Return the figures of an encoder as a dictionary, or None where it was not measured here.

    version: a model's name, `Meaning.version`, or "letters" for letters alone. Shares are 0 to 1; `set` and `date` say
    on what and when. A file that is not there, or is damaged, holds no figures.
    """
    try:
        held = json.loads(Path(file).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    name = version.removeprefix("meaning-1:").split("@")[0]
    for known, figures in held.items() if isinstance(held, dict) else ():
        if isinstance(figures, dict) and last_part(known.removeprefix("meaning-1:").split("@")[0]) == last_part(name):
            return figures
    return None
