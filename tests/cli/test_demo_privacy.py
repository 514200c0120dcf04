"""No name, address or telephone number of a person in the sources is in the demonstration.

The names are kept as hashes only (hashed_names.txt): of the two words of a name in alphabetical order, or of a rare
surname alone, without accents and capitals. They were made from the sources by hand.
"""

import hashlib
import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import JSON, String, select

from consulta.core.extensions import db
from consulta.core.text import fold

SOURCES = Path(__file__).resolve().parents[3] / "shared" / "sources"
NAMES = frozenset(Path(__file__).with_name("hashed_names.txt").read_text(encoding="ascii").split())
TELEPHONE = re.compile(r"\+56[\s\d-]{8,}|\(\d{1,2}\)[\s-]?\d[\s\d-]{6,}")
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")


def names_in(text):
    words = re.findall(r"[a-z]+", fold(text))
    # "Apellido, Nombre" and "Nombre Segundo Apellido" are names as well.
    near = [*pairwise(words), *zip(words, words[2:], strict=False)]
    candidates = {*words, *(" ".join(sorted(pair)) for pair in near)}
    return {each for each in candidates if hashed(each) in NAMES}


def hashed(words):
    return hashlib.sha256(f"consulta demo: {words}".encode()).hexdigest()[:12]


def stored_texts():
    """Return every text in the database but those of accounts, whose owners are invented."""
    texts = []
    for table in db.metadata.sorted_tables:
        columns = [each for each in table.columns if isinstance(each.type, String | JSON)]
        if columns and table.name != "people":
            texts += [json.dumps(list(row), ensure_ascii=False) for row in db.session.execute(select(*columns))]
    return texts


def test_no_person_of_the_sources_is_in_the_files(written):
    assert names_in(written.text) == set()
    assert TELEPHONE.findall(written.text) == []
    assert {each.rpartition("@")[2] for each in ADDRESS.findall(written.text)} == {"example.org"}


def test_no_person_of_the_sources_is_in_the_database(rows):
    texts = stored_texts()
    assert len(texts) > 500
    assert names_in("\n".join(texts)) == set()
    assert not any(TELEPHONE.search(text) or ADDRESS.search(text) for text in texts)


def test_the_hashes_find_the_names_that_the_sources_hold():
    """Planted violation: were the sources themselves loaded, this test would see it."""
    if not SOURCES.is_dir():
        pytest.skip("the sources are not here")
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(SOURCES.glob("*.txt")))
    assert len(names_in(text)) >= len(NAMES) * 0.9
