"""No secret lies in the repository."""

import re
import subprocess
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
SECRETS = {
    "a private key": re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "a cloud key": re.compile(rb"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "a token of a forge": re.compile(rb"\b(?:ghp|gho|ghs|github_pat|glpat)[_-][0-9A-Za-z_-]{20,}"),
    "a token of a model hub": re.compile(rb"\bhf_[0-9A-Za-z]{30,}"),
    "a key of a chat or a payment": re.compile(rb"\b(?:xox[abp]-[0-9A-Za-z-]{10,}|sk_live_[0-9A-Za-z]{16,})"),
    "a key in a setting": re.compile(rb"(?m)^\s*(?:export )?SECRET_KEY\s*=\s*[\"']?[0-9A-Za-z_\-]{24,}"),
    "an address with a password": re.compile(
        rb"\b(?:postgres\w*|redis|smtps?)(?:\+\w+)?://[^\s/:@\"'{]+:(?!password@)[^\s/@\"'{]{6,}@"
    ),
}
PLANTED = (
    b"-----BEGIN RSA PRIVATE " + b"KEY-----",
    b"AKIA" + b"ABCDEFGHIJKLMNOP",
    b"SECRET_KEY=" + b"0123456789abcdef0123456789abcdef",
    b"postgresql://" + b"consulta:geheim99@db/consulta",
)


def found_in(content):
    """Return the names of the secrets that `content` (bytes) holds."""
    return [name for name, pattern in SECRETS.items() if pattern.search(content)]


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_secret_is_noticed(planted):
    assert found_in(b"x = 1\n" + planted + b"\n")


def test_no_file_and_no_change_ever_made_holds_a_secret():
    if not (CHECKOUT / ".git").exists():
        pytest.skip("this is no checkout of git")
    run = ["git", "-C", CHECKOUT]
    history = subprocess.run(
        [*run, "log", "-p", "--all", "--no-color", "--no-ext-diff"], capture_output=True, check=True
    )
    added = b"\n".join(line[1:] for line in history.stdout.split(b"\n") if line.startswith(b"+"))
    assert found_in(added) == []
    tracked = subprocess.run([*run, "ls-files"], capture_output=True, text=True, check=True).stdout.split("\n")
    kept = [name for name in tracked if re.search(r"\.(env|pem|key|p12|sqlite3?|db|eml)$", name)]
    assert kept == []
