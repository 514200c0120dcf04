"""What people write is cleaned on the way in and safe on the way out."""

import unicodedata

import pytest

from consulta.core.errors import Invalid
from consulta.core.text import clean_line, clean_text, fold, to_html


def test_a_line_is_stored_composed_without_invisible_characters_and_with_single_spaces():
    assert clean_line(unicodedata.normalize("NFD", "  Ñuñoa \u202e\u200b más\tlimpia\n"), 50) == "Ñuñoa más limpia"


def test_a_text_keeps_its_lines_and_loses_the_carriage_returns():
    assert clean_text("uno\r\ndos  \r\n\r\n\r\n\r\ntres", 50) == "uno\ndos\n\ntres"


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b"])
def test_what_no_database_can_hold_is_refused_with_the_field_named(text):
    with pytest.raises(Invalid) as refusal:
        clean_line(text, 50, field="title")
    assert refusal.value.field == "title"


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u200e", "\n"])
def test_a_text_that_says_nothing_is_refused(text):
    with pytest.raises(Invalid):
        clean_text(text, 50)


def test_the_longest_text_is_stored_whole_and_one_more_character_is_refused():
    assert clean_line("🌲" * 50, 50) == "🌲" * 50
    with pytest.raises(Invalid):
        clean_line("🌲" * 51, 50)


def test_ten_thousand_combining_marks_become_a_few():
    assert len(clean_line("a" + "\u0301" * 10_000, 50)) <= 6


def test_a_family_of_emoji_stays_one():
    assert clean_line("👨‍👩‍👧", 50) == "👨‍👩‍👧"


@pytest.mark.parametrize(
    "payload",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[clic](javascript:alert(1))",
        "[clic](JaVaScRiPt&#58;alert(1))",
        "[clic](data:text/html;base64,PHNjcmlwdD4=)",
        "[clic](java\nscript:alert(1))",
        "![x](https://elsewhere.example/pixel.png)",
        "<a href='https://a.example' onclick='x()'>a</a>",
        "<svg/onload=alert(1)>",
        '[a](https://a.example "x\\" onmouseover=alert(1)")',
    ],
)
def test_nothing_that_could_run_or_call_elsewhere_comes_out(payload):
    html = str(to_html(payload)).lower()
    tags = html.replace("&lt;", "").replace("&gt;", "")
    assert "<script" not in tags and "<img" not in tags and "<svg" not in tags
    assert 'href="javascript' not in tags and 'href="data' not in tags
    assert not any(f"<{tag}" in tags and " on" in tags.split(f"<{tag}", 1)[1].split(">")[0] for tag in ("a", "p"))


def test_markdown_comes_out_as_html_with_links_that_vouch_for_nothing():
    html = str(to_html("# Título\n\n- uno\n- dos\n\n**muy** [aquí](https://a.example)"))
    assert "<h3>Título</h3>" in html and "<li>uno</li>" in html and "<strong>muy</strong>" in html
    assert 'rel="nofollow ugc noopener"' in html


def test_markdown_keeps_tables_and_where_a_list_begins():
    html = str(to_html("| Etapa | Fase |\n|:--|--:|\n| Diseño | 1 |\n\n4. cuatro\n5. cinco"))
    assert "<th>Etapa</th>" in html and "<td>Diseño</td>" in html
    assert '<ol start="4">' in html
    assert "style" not in html


def test_folding_forgets_case_and_accents():
    assert fold("Ñuñoa, ÁRBOLES") == "nunoa, arboles"
