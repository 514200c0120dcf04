"""Labelled files are read as people's programs write them, and refused with the line and the column."""

import pytest

from consulta.similarity.labelled import BadFile, read_labelled, read_negatives

PLAIN = "id\ttitle\tbody\tgroup\na\tMás ciclovías\tEn Ñuñoa\tg1\nb\tCiclovías\t\tg1\nc\tAgua\tPotable\t\n"


@pytest.fixture
def written(tmp_path):
    """Writes a text or bytes to a file and returns its path."""

    def write(content, name="labelled.tsv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return write


def told(path):
    return [(text.id, text.title, text.body, text.group) for text in read_labelled(path)[0]]


EXPECTED = [("a", "Más ciclovías", "En Ñuñoa", "g1"), ("b", "Ciclovías", "", "g1"), ("c", "Agua", "Potable", "")]


@pytest.mark.parametrize(
    "content",
    [
        PLAIN,
        PLAIN.rstrip("\n"),
        "\ufeff" + PLAIN,
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("\n", "\n\n") + " \t \n\n",
        PLAIN.replace("id\ttitle", "ID\t Title "),
        "\n".join(line + extra for line, extra in zip(PLAIN.splitlines(), ("\turl", "\tx", "\t", "\tz"), strict=True)),
        "\n".join("\t".join(reversed(line.split("\t"))) for line in PLAIN.splitlines()),
        PLAIN.replace("\tPotable\t\n", "\tPotable\n"),
        PLAIN.replace("\tPotable\t\n", "\tPotable\t\t\t\n"),
    ],
    ids="plain unended bom crlf blank_lines capitals extra_column other_order trimmed_end further_tabs".split(),
)
def test_a_file_means_the_same_however_it_was_saved(written, content):
    assert told(written(content)) == EXPECTED


def test_quotes_are_letters_like_any_other(written):
    path = written('id\ttitle\tgroup\na\t"Plaza" para todos\t\nb\t"Sin cerrar\t\n')
    assert [title for _id, title, _body, _group in told(path)] == ['"Plaza" para todos', '"Sin cerrar']


def test_signs_that_other_programs_take_for_line_ends_stay_in_the_text(written):
    assert told(written("id\ttitle\tgroup\na\tuno\u2028dos\x0btres\t\n"))[0][1] == "uno\u2028dos\x0btres"


def test_the_body_and_the_group_may_be_missing_and_the_latter_is_said(written):
    texts, notes = read_labelled(written("title\tid\nAgua\t7\n"))
    assert texts == [("7", "Agua", "", "", 2)]
    assert notes == ["There is no column group: every text is taken as twinless."]


def test_a_group_of_one_member_has_no_twin_and_that_is_said(written):
    texts, notes = read_labelled(written("id\ttitle\tgroup\na\tAgua\tg1\nb\tLuz\tg2\nc\tAguas\tg1\n"))
    assert [text.group for text in texts] == ["g1", "", "g1"]
    assert notes == ["Line 3: group 'g2' has one member, which is taken as twinless."]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "line 1: the file is empty"),
        (" \n\n", "line 1: the file is empty"),
        ("id\ttitle\tgroup\n", "line 2: there is no row"),
        ("name\ttitle\na\tAgua\n", "line 1: there is no column id; there are name, title."),
        ("id\tbody\na\tAgua\n", "line 1: there is no column title"),
        ("id,title\na,Agua\n", "separated by tabs"),
        ("id\ttitle\tid\na\tAgua\tb\n", "line 1: the column id is there 2 times"),
        ("id\ttitle\n\na\tAgua\na\tLuz\n", "line 4, column id: 'a' stands on line 3 already"),
        ("id\ttitle\n\tAgua\n", "line 2, column id: it is empty"),
        ("id\ttitle\tgroup\na\n", "line 2, column title: the row ends before it (1 cells, and the header names 3"),
        ("id\ttitle\tbody\tgroup\na\tAgua\n", "line 2, column body: the row ends before it"),
        ("id\ttitle\na\tAgua\tpotable\n", "line 2, after column title: the row goes on (3 cells"),
        (b"id\ttitle\na\tAgua\nb\tCicl\xf3vias\n", "line 3: this is no UTF-8 text"),
        (PLAIN.encode("utf-16"), "line 1: this is no UTF-8 text"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(written, content, words):
    with pytest.raises(BadFile) as refused:
        read_labelled(written(content))
    assert words in str(refused.value)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    for path in (tmp_path / "nothing.tsv", tmp_path):
        with pytest.raises(BadFile, match="cannot be read"):
            read_labelled(path)


def test_negatives_are_pairs_of_known_texts_each_once(written):
    texts, _notes = read_labelled(written(PLAIN))
    path = written("id_a\tid_b\tkind\tnote\na\tc\tplace\t\nc\ta\tplace\tagain\nb\tc\t\t\n", "negatives.tsv")
    assert read_negatives(path, texts) == ([("a", "c", "place"), ("b", "c", "")], [])


def test_a_negative_between_twins_is_said(written):
    texts, _notes = read_labelled(written(PLAIN))
    _pairs, notes = read_negatives(written("id_a\tid_b\na\tb\n", "negatives.tsv"), texts)
    assert notes == ["Line 2: 'a' and 'b' are twins in the labelled file."]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("id_a\tid_b\na\tz\n", "line 2, column id_b: no labelled text has the id 'z'"),
        ("id_a\tid_b\n\tb\n", "line 2, column id_a: no labelled text has the id ''"),
        ("id_a\tid_b\na\ta\n", "line 2, column id_b: 'a' is compared with itself"),
        ("a\tb\na\tc\n", "line 1: there is no column id_a"),
    ],
)
def test_negatives_that_cannot_be_read_are_refused_with_their_place(written, content, words):
    texts, _notes = read_labelled(written(PLAIN))
    with pytest.raises(BadFile) as refused:
        read_negatives(written(content, "negatives.tsv"), texts)
    assert words in str(refused.value)


def test_what_a_spreadsheet_puts_between_quotes_is_read_whole(tmp_path):
    path = tmp_path / "sheet.tsv"
    path.write_text('id\ttitle\tbody\tgroup\n1\t"Agua ""potable"""\t"Una.\nDos."\tx\n2\tAgua\t"una\tdos"\tx\n')
    texts, notes = read_labelled(path)
    assert [(text.title, text.body) for text in texts] == [('Agua "potable"', "Una.\nDos."), ("Agua", "una\tdos")]
    assert any("spreadsheet" in note for note in notes)
