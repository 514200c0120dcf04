"""What people wrote becomes blocks: paragraphs by numbers and letters, tables; nothing of it is markup afterwards."""

import pytest

from consulta.minutes.markdown import DEEPEST, MOST_COLUMNS, blocks_of, plain, plainly


def kinds(blocks):
    """Return what blocks are, lists with their marks."""
    return [block.get("mark", block["is"]) for block in blocks]


def texts(blocks):
    """Return all letters of blocks, one text a paragraph, cell or heading, in order."""
    found = []
    for block in blocks:
        found += [block["text"]] if "text" in block else []
        found += [plain(block["runs"])] if "runs" in block else []
        found += [text for item in block.get("items", ()) for text in texts(item)]
        found += texts(block.get("blocks", ()))
        found += [*block.get("head", ()), *(plain(cell) for row in block.get("rows", ()) for cell in row)]
    return found


def test_numbered_paragraphs_hold_lettered_ones():
    (numbered,) = blocks_of("1. Uno:\n\n   a. primera\n   b. segunda\n   sigue\n\n   c. tercera\n2. Dos")
    (_lead, letters), (_two,) = numbered["items"]
    assert (numbered["mark"], letters["mark"]) == ("1", "a")
    assert texts([numbered]) == ["Uno:", "primera", "segunda sigue", "tercera", "Dos"]


@pytest.mark.parametrize("text", ["a) uno\nb) dos", "a. uno\n\nb. dos", "a) uno\n\nb) dos"])
def test_letters_with_dot_or_bracket_are_a_list(text):
    (letters,) = blocks_of(text)
    assert (letters["mark"], texts([letters])) == ("a", ["uno", "dos"])


@pytest.mark.parametrize(
    "text", ["a. Solo una", "b) Empieza por otra\nc) y sigue", "y) final", "a la hora\nb de la tarde"]
)
def test_letters_that_count_nothing_stay_as_they_were_written(text):
    assert kinds(blocks_of(text)) == ["paragraph"]
    assert texts(blocks_of(text)) == [text.replace("\n", " ")]


def test_a_list_goes_on_from_the_number_it_begins_with():
    (numbered,) = blocks_of("4. Cuarto\n5. Quinto")
    assert numbered["start"] == 4


def test_a_table_keeps_its_cells():
    (table,) = blocks_of("| Etapa | Actividad |\n|---|---|\n| Cierre | Redacción **final** |\n|  | Hito |")
    assert table["head"] == ["Etapa", "Actividad"]
    assert [[plain(cell) for cell in row] for row in table["rows"]] == [["Cierre", "Redacción final"], ["", "Hito"]]


def test_a_table_of_more_columns_than_a_page_holds_is_text():
    row = "|" + "x|" * (MOST_COLUMNS + 1)
    (block,) = blocks_of(f"{row}\n{row.replace('x', '-')}\n{row}")
    assert (block["is"], block["text"].count("x")) == ("code", 2 * (MOST_COLUMNS + 1))


def test_headings_stand_where_the_reader_of_the_minutes_expects_them():
    assert [(block["level"], block["text"]) for block in blocks_of("# Uno\n\n##### Dos")] == [(4, "Uno"), (4, "Dos")]
    assert [block.get("look") for block in blocks_of("# Uno", level=None)] == ["lead"]


def test_addresses_other_than_of_the_web_and_mail_are_text():
    (paragraph,) = blocks_of("[si](https://example.org) [no](javascript:alert(1)) [tampoco](data:text/html,x)")
    assert [run["h"] for run in paragraph["runs"] if "h" in run] == ["https://example.org"]


def test_html_and_pictures_are_letters():
    assert texts(blocks_of("<b>x</b> ![i](https://example.org/i.png)")) == ["<b>x</b> !i"]


def test_looks_nest_and_line_ends_stay():
    (paragraph,) = blocks_of("**a *b* ~~c~~**\n`d`")
    assert paragraph["runs"] == [
        {"t": "a ", "b": 1},
        {"t": "b", "b": 1, "i": 1},
        {"t": " ", "b": 1},
        {"t": "c", "b": 1, "s": 1},
        {"n": 1},
        {"t": "d", "c": 1},
    ]


@pytest.mark.parametrize(
    "text",
    ["", "*" * 9000, "[" * 9000, "> " * 5000 + "x", "- " * 5000, "a. " * 5000, "1. " * 5000, "|" * 9000, "\n" * 9000],
)
def test_whatever_is_written_becomes_blocks(text):
    assert isinstance(blocks_of(text), tuple)


def depth(blocks):
    """Return how many quotes and lists of `blocks` stand in one another."""
    inner = [each.get("blocks") or [block for item in each.get("items", ()) for block in item] for each in blocks]
    nests = [each["is"] in ("quote", "list") for each in blocks]
    return max((is_nest + depth(within) for is_nest, within in zip(nests, inner, strict=True)), default=0)


def test_quotes_below_a_depth_are_flat_and_lose_no_word():
    deep = blocks_of("> " * 15 + "hondo\n>\n> afuera")
    assert (depth(deep), texts(deep)) == (DEEPEST, ["hondo", "afuera"])
    mixed = blocks_of("- > " * 5 + "hondo\n- afuera")
    assert depth(mixed) < 10 and texts(mixed) == ["hondo", "afuera"]


def test_the_same_words_can_be_said_without_any_shape():
    text = "# Uno\n\n4. cuatro\n   - > **guion**\n\na) uno\nb) dos\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\n```\nf\ng\n```"
    assert texts(plainly(blocks_of(text))) == [
        "Uno", "4. cuatro", "- guion", "a) uno", "b) dos", "x | y", "1 | 2", "f", "g",
    ]  # fmt: skip
