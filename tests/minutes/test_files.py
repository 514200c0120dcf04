"""The minutes as PDF and as text document: the same facts as the page, in files that everybody can read."""

import io
import itertools
import re
import threading
import zipfile

import docx
import pypdf
import pytest
from docx.oxml.ns import qn

from consulta.minutes import typesetting
from consulta.minutes.markdown import blocks_of
from consulta.minutes.text_document import docx_of
from consulta.minutes.typesetting import UNDRAWN, NotSet, pdf_of
from consulta.web.minutes_layout import blocks_in, title_of

FOOTER = {"version": "Versión 1", "digest": "SHA-256 " + "ab" * 32, "page": "Página {n} de {of}"}
SAID = (
    "Intercambio con el Gobierno de Argentina",
    "a) Se aclaró que el fondo",
    "UMGD y Subdere",
    "Grupo 1",
    "Sin contraparte",
    "Una persona prefiere esperar",
    "Fecha por definir",
    "Sin los representantes de OGP.",
    "Plazo: 30 de abril de 2018",
    "16:15 (hora de Santiago)",
)
HOSTILE = (
    "#let x = 1",
    '#panic("no")',
    "$ x^2 $ y $",
    "@nadie <etiqueta> \\ \\n",
    '#read("/etc/passwd")',
    '#import "@preview/cetz:0.3.0"',
    "]#[",
    "= Título",
    "/ término: a",
    "+ uno",
    "// comentario /* otro */",
    "*a* _b_ `c` ~ -- --- ...",
    '"comillas" \' «latinas»',
    "{{7*7}} %s ${x} {n} {of}",
    "<w:p/> ]]> & &amp; &#x41;",
)


def made(maker, blocks, **more):
    """Return what `maker` makes of blocks under a plain title."""
    given = {"title": "Acta", "subtitle": "Mesa", "lang": "es", "footer": FOOTER, **more}
    if maker is pdf_of:
        given["missing"] = "Faltan signos."
    return maker(blocks=list(blocks), **given)


def pdf(blocks, **more):
    """Return the PDF of blocks, read."""
    return pypdf.PdfReader(io.BytesIO(made(pdf_of, blocks, **more)))


def words(reader):
    """Return the text of a PDF, its white space folded."""
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def elements(node):
    """Yield every element of a PDF's structure tree, in the order in which it is read."""
    node = node.get_object()
    if isinstance(node, list):
        for each in node:
            yield from elements(each)
    elif isinstance(node, dict):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from elements(node["/K"])


def tags(reader):
    """Return the elements of the structure tree as (name, element)."""
    return [(str(each["/S"])[1:], each) for each in elements(reader.trailer["/Root"]["/StructTreeRoot"]["/K"])]


@pytest.fixture
def layout(app, version):
    """The title and the blocks of minutes with everything in them."""
    with app.test_request_context("/"):
        return title_of(version.document), blocks_in(version.document)


def test_the_pdf_is_tagged_and_says_its_language_and_title(layout):
    title, blocks = layout
    reader = pdf(blocks, title=title)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "es"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == title == "Acta N°4: Mesa de Magallanes"
    assert 'pdfuaid:part="1"' in reader.xmp_metadata.stream.get_data().decode() or "<pdfuaid:part>1<" in (
        reader.xmp_metadata.stream.get_data().decode()
    )
    assert pdf(blocks, lang="en").trailer["/Root"]["/Lang"] == "en"


def test_headings_of_the_pdf_begin_at_the_first_level_and_skip_none(layout):
    levels = [int(name[1]) for name, _element in tags(pdf(layout[1])) if re.fullmatch(r"H\d", name)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert {2, 3} <= set(levels)
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_tables_of_the_pdf_mark_their_headers_and_every_picture_says_what_it_is(layout):
    found = tags(pdf(layout[1]))
    tables = [element for name, element in found if name == "Table"]
    assert len(tables) == len([block for block in layout[1] if block["is"] == "table"])
    for table in tables:
        assert "/TH" in [each["/S"] for each in elements(table)]
    assert all("/Alt" in element for name, element in found if name == "Figure")


def test_every_text_of_the_minutes_is_in_the_pdf(layout):
    text = words(pdf(layout[1]))
    for block in layout[1]:
        if block["is"] == "heading":
            assert block["text"] in text
    for said in SAID:
        assert said in text, said


def test_the_footer_tells_page_version_and_fingerprint(layout):
    reader = pdf(layout[1])
    of = len(reader.pages)
    assert of > 1
    for number, page in enumerate(reader.pages, start=1):
        text = " ".join(page.extract_text().split())
        assert f"Página {number} de {of}" in text
        assert FOOTER["version"] in text
        assert FOOTER["digest"] in text


def test_the_same_minutes_give_the_same_bytes(layout, version):
    for maker in (pdf_of, docx_of):
        first, second = (made(maker, layout[1], published_at=version.published_at) for _n in range(2))
        assert first == second
    dated = pypdf.PdfReader(io.BytesIO(made(pdf_of, layout[1], published_at=version.published_at)))
    assert dated.metadata.creation_date == version.published_at.replace(microsecond=0)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_wrote_is_never_read_as_code(text):
    blocks = [
        {"is": "heading", "level": 2, "text": text},
        {
            "is": "paragraph",
            "runs": [{"t": text, "b": 1}, {"t": text, "c": 1}, {"t": text, "h": "https://example.org/#x"}],
        },
        {"is": "table", "title": text, "head": [text, text], "rows": [[[{"t": text}], []]], "numeric": [1]},
        {"is": "facts", "rows": [[text, [{"t": text}]]]},
        {"is": "list", "mark": "a", "start": 1, "items": [[{"is": "paragraph", "runs": [{"t": text}]}]]},
        {"is": "code", "text": text},
        {"is": "quote", "blocks": [{"is": "paragraph", "runs": [{"t": text}]}]},
    ]
    read = words(pdf(blocks, title=text, subtitle=text)).replace(" ", "")
    # Typst breaks lines where it likes, and draws no quotation marks but those it was given.
    assert read.count("".join(text.split())) >= 10
    file = docx.Document(io.BytesIO(made(docx_of, blocks, title=text, subtitle=text)))
    assert [each.text for each in file.paragraphs].count(text) >= 4
    assert file.tables[0].cell(0, 0).text == text


@pytest.mark.parametrize(
    "text",
    [
        "😀 🇨🇱 👩‍👩‍👧",
        "中文 한국어 日本語",
        "ไทย हिन्दी",
        "\ufffe\uffff\x00\x07",
        "ẹ́̃ g̃ ñandú",
        "\u202eabc",
        "a" * 5000,
        "\U000f0000",
    ],
)
def test_letters_that_no_font_draws_are_shown_as_such_and_break_nothing(text):
    blocks = [{"is": "heading", "level": 2, "text": text}, {"is": "paragraph", "runs": [{"t": text}]}]
    reader = pdf(blocks, title=text[:200])
    said = words(reader)
    if text[0] in "😀中ไ":
        assert UNDRAWN in said
        assert "Faltan signos." in said
    made(docx_of, blocks, title=text[:200])


def test_a_text_of_more_strange_letters_than_are_asked_for_is_set_nevertheless():
    strange = "".join(map(chr, range(0x4E00, 0x4E00 + 3000)))
    assert UNDRAWN in words(pdf([{"is": "paragraph", "runs": [{"t": strange}]}]))


@pytest.mark.parametrize(
    "text",
    [
        "| | |\n|-|-|\n| | |",
        "-\n-",
        "> ",
        "> - \n>   > ",
        "```\n```",
        "# \n\nx",
        "0. x",
        "999999999. x",
        f"[x](http://a.b/{'y' * 9000})",
        "[x](http://[::1)",
        "|" + "a|" * 12 + "\n|" + "-|" * 12 + "\n|" + "palabramuylargasinespacios|" * 12,
        "| a |\n|---|\n| " + "x " * 6000 + "|",
    ],
)
def test_empty_endless_and_odd_parts_are_set(text):
    under = [{"is": "heading", "level": 2, "text": "Dos"}, {"is": "heading", "level": 3, "text": "Tres"}]
    for maker in (pdf_of, docx_of):
        assert made(maker, [*under, *blocks_of(text)])


def test_deep_nesting_is_set():
    text = "".join(f"{'  ' * depth}- nivel {depth}\n" for depth in range(30))
    assert "nivel 7" in words(pdf(blocks_of(text)))
    for text in ("> " * 18 + "hondo", "> - " * 6 + "hondo", "- > " * 6 + "hondo", "1. > > " * 4 + "hondo"):
        assert "hondo" in words(pdf(blocks_of(text, level=None)))
        made(docx_of, blocks_of(text))


def test_blocks_that_the_compiler_will_not_set_are_said_in_plain_paragraphs():
    blocks = [{"is": "paragraph", "runs": [{"t": "hondo"}]}]
    for _n in range(40):
        blocks = [{"is": "quote", "blocks": blocks}]
    facts = {"is": "facts", "rows": [["Plazo", [{"t": "30 de abril"}]]]}
    said = words(pdf([{"is": "heading", "level": 2, "text": "Dos"}, *blocks, facts]))
    assert "Dos hondo Plazo: 30 de abril" in said


def test_a_compiler_that_panics_or_never_ends_is_a_refusal(monkeypatch):
    class Panic(BaseException):
        """What a library written in Rust raises when it gives up."""

    def panic(*args):
        raise Panic

    monkeypatch.setattr(typesetting, "_compile", panic)
    with pytest.raises(NotSet):
        pdf([])
    release = threading.Event()
    monkeypatch.setattr(typesetting, "SECONDS", 0.2)
    monkeypatch.setattr(typesetting, "_compile", lambda *args: release.wait(5))
    for _n in range(typesetting.AT_ONCE + 1):
        with pytest.raises(NotSet):
            pdf([], title="Sin fin")
    release.set()


def test_the_text_document_has_real_headings_lists_and_tables(layout):
    title, blocks = layout
    file = docx.Document(io.BytesIO(made(docx_of, blocks, title=title)))
    styles = [paragraph.style.name for paragraph in file.paragraphs]
    levels = [int(name[-1]) for name in styles if name.startswith("Heading")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    lists = [each for each in file.paragraphs if each._p.pPr is not None and each._p.pPr.numPr is not None]
    assert "Se aclaró que el fondo es para el proceso." in [each.text for each in lists]
    assert len(file.tables) == len([block for block in blocks if block["is"] == "table"])
    for table in file.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert table._tbl.tblPr.find(qn("w:tblDescription")) is not None


def test_each_list_of_the_text_document_counts_by_itself():
    blocks = blocks_of("1. a\n2. b\n\nentre\n\n1. c")
    file = docx.Document(io.BytesIO(made(docx_of, blocks)))
    numbers = [
        each._p.pPr.numPr.numId.val
        for each in file.paragraphs
        if each._p.pPr is not None and each._p.pPr.numPr is not None
    ]
    assert numbers[0] == numbers[1] != numbers[2]


def test_the_text_document_says_its_language_and_title_and_names_nobody(layout):
    title, blocks = layout
    content = made(docx_of, blocks, title=title)
    told = docx.Document(io.BytesIO(content)).core_properties
    assert (told.title, told.language, told.author, told.last_modified_by, told.comments) == (title, "es", "", "", "")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            assert b"python-docx" not in archive.read(name), name


def test_a_file_that_was_not_ready_in_time_is_there_for_who_asks_again(monkeypatch):
    release, begun = threading.Event(), []

    def slowly(*args):
        begun.append(args)
        assert release.wait(10)
        return b"%PDF slowly"

    monkeypatch.setattr(typesetting, "_compile", slowly)
    monkeypatch.setattr(typesetting, "SECONDS", 0.2)
    for _n in range(3):
        with pytest.raises(NotSet):
            made(pdf_of, [], title="Lenta")
    release.set()
    monkeypatch.setattr(typesetting, "SECONDS", 10)
    assert made(pdf_of, [], title="Lenta") == b"%PDF slowly"
    assert len(begun) == 1, "the three who did not wait began nothing of their own"
    assert made(pdf_of, [], title="Lenta") == b"%PDF slowly"
    assert len(begun) == 2, "what was given out is not kept here"
