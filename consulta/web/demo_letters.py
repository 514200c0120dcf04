"""Where a demonstration's letters lie: the page that announces one shows it, since nobody receives it."""

import re
import time
from email import policy
from email.parser import BytesParser
from pathlib import Path

PATIENCE, PAUSE = 2.0, 0.1  # seconds that a page of a demonstration waits for its letter


def find_letter(mailer, address, since, patience=PATIENCE):
    """Return (path, text) of the newest letter to `address` written after the instant `since`, or None.

    mailer: a FileMailer; any other kind keeps no letters, and the answer is None.
    """
    if mailer.kind != "file":
        return None
    ends = time.monotonic() + patience
    while True:
        for path in sorted(Path(mailer.folder).glob("*.eml"), reverse=True):
            if path.name[:21] < f"{since:%Y%m%dT%H%M%S%f}":
                break
            letter = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
            if letter["To"] == address:
                return path, letter.get_content()
        if time.monotonic() >= ends:
            return None
        time.sleep(PAUSE)


def link_in(text, path):
    """Return the address in `text` whose path begins with `path`, or None."""
    found = re.search(rf"https?://\S+?{re.escape(path)}\S+", text)
    return found.group(0) if found else None
