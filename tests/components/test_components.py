"""The pieces pages are made of: said to everybody, safe with any text, light enough for an old phone."""

import gzip
import re
from pathlib import Path

import flask_bootstrap
import pytest
from flask import Flask, render_template_string
from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_wtf import CSRFProtect, FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, PasswordField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from consulta.web import filters

HOUSE = Path(__file__).parents[2]
COMPONENTS = HOUSE / "templates" / "components"
PARTS_OF_A_COMPONENT = {"field_parts"}  # three small macros that field and choices share
INLINE = re.compile(r"""<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=["']|javascript:""", re.IGNORECASE)
LIMIT_OF_THE_FIRST_VIEW = 60_000
A_LONG_PAGE = 10_000  # compressed HTML of a list of 20 rows, with room


class Wish(FlaskForm):
    """A form with one field of each kind."""

    title = StringField("Título", [DataRequired("Escribe un título"), Length(max=160)])
    body = TextAreaField("Texto", [Optional(), Length(max=5000)])
    theme = RadioField("Eje", choices=[("a", "Datos"), ("b", "Aguas")], validators=[DataRequired("Elige un eje")])
    secret = PasswordField("Clave", [Length(max=200)])
    agreed = BooleanField("Acepto", [DataRequired("Falta aceptar")])


@pytest.fixture
def draw():
    """Return a function that draws a template's source in a request, with the site's filters and no database."""
    app = Flask("pieces", template_folder=str(HOUSE / "templates"), static_folder=str(HOUSE / "static"))
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.config.update(SECRET_KEY="only here", BABEL_DEFAULT_LOCALE="es")
    Babel(app), Bootstrap5(app), CSRFProtect(app), filters.bind(app)

    def drawn(source, **values):
        name = re.match(r"\{[{%]-? ?(?:call(?:\(\w+\))? )?(\w+)", source)[1]
        return render_template_string(f'{{% from "components/{name}.html" import {name} %}}{source}', **values)

    with app.test_request_context():
        yield drawn


def refused(**typed):
    """Return the form as it stands after being sent with what was typed, and refused."""
    form = Wish(formdata=MultiDict(typed), meta={"csrf": False})
    assert not form.validate()
    return form


def test_a_field_that_is_right_says_its_label_and_hint(draw):
    shown = draw('{{ field(f, hint="Una frase") }}', f=refused(title="Agua").title)
    assert '<label for="title">Título' in shown
    assert '<p class="hint" id="title-hint">Una frase</p>' in shown
    assert 'aria-describedby="title-hint"' in shown
    assert "aria-invalid" not in shown and "opcional" not in shown


def test_a_field_that_is_wrong_says_so_to_everybody_and_keeps_what_was_typed(draw):
    shown = draw("{{ field(f) }}", f=refused(title="   ").title)
    assert 'aria-describedby="title-error"' in shown and 'aria-invalid="true"' in shown
    assert re.search(r'id="title-error">.*Error:</span> Escribe un título', shown, re.DOTALL)
    assert 'value="   "' in shown


def test_no_field_cuts_what_is_typed_without_a_word(draw):
    form = refused()
    assert "maxlength" not in draw("{{ field(f) }}", f=form.title) + draw("{{ field(f) }}", f=form.body)


def test_a_text_area_counts_by_its_own_validator_and_a_secret_never_counts(draw):
    form = refused()
    assert 'data-limit="5000"' in draw("{{ field(f) }}", f=form.body)
    assert "data-limit" not in draw("{{ field(f) }}", f=form.secret)
    assert "(opcional)" in draw("{{ field(f) }}", f=form.body)


def test_a_group_of_choices_is_one_fieldset_described_by_its_error(draw):
    shown = draw("{{ field(f) }}", f=refused().theme)
    assert "<fieldset" in shown and "<legend>Eje" in shown and 'aria-describedby="theme-error"' in shown
    assert shown.count('type="radio"') == 2


def test_the_summary_of_errors_leads_to_each_field_and_takes_the_focus(draw):
    shown = draw("{{ form_errors(form, more) }}", form=refused(), more=["La fase ya cerró."])
    assert 'id="error-summary"' in shown and 'tabindex="-1"' in shown
    assert "La fase ya cerró." in shown
    assert [*re.findall(r'href="#([\w-]+)"', shown)] == ["title", "theme-0", "agreed"]


def test_a_form_without_errors_has_no_summary(draw):
    assert draw("{{ form_errors(form) }}", form=Wish(meta={"csrf": False})).strip() == ""


def test_a_button_that_writes_is_a_form_with_a_token(draw):
    shown = draw('{{ post_button("/a", "Apoyar", describe=title) }}', title='<b>"Agua"')
    assert 'method="post"' in shown and 'name="csrf_token"' in shown
    assert "&lt;b&gt;" in shown and "<b>" not in shown


def test_shared_words_are_marked_with_and_without_accents_and_nothing_else(draw):
    shown = draw("{{ marked(text, words) }}", text="¿Compras PÚBLICAS, compradas?", words=["compras", "publicas"])
    assert shown == "¿<mark>Compras</mark> <mark>PÚBLICAS</mark>, compradas?"


CANARY = "<script>alert(1)</script>"


@pytest.mark.parametrize(
    "source",
    [
        "{{ page_head(x, lead=x, kicker=x, crumbs=[(x, '/')]) }}",
        "{{ marked(x, ['script', x]) }}",
        "{{ proposal_card(x, '/', x, 1, x, [x], ('merged', x)) }}",
        "{{ comparison([{'title': x, 'text': x, 'code': x, 'href': '/', 'near': x}], [x]) }}",
        "{{ comparison([{'title': x, 'choose': {'name': 'a', 'value': x}}]) }}",
        "{{ origin_chain([{'kind': x, 'title': x, 'meta': [x], 'reason': x, 'sources': [{'kind': x, 'title': x}]}]) }}",
        "{{ timeline([{'when': x, 'title': x, 'text': x, 'reason': x, 'who': x, 'badge': x, 'kind': x}]) }}",
        "{{ result_card(x, x, x, meta=[x], grade=(1, 2, x), reason_list=[x], dissent=[{'text': x}], note=x) }}",
        "{{ record_entry(x, x, x, 1, x, '/', x, x) }}",
        "{{ table(x, [x, x], [[x, {'text': x, 'href': '/'}]]) }}",
        "{{ facts([(x, x), (x, x, '/')]) }}",
        "{{ tally(1, x, [(x, 1)], x) }}",
        "{{ search_bar('/', x, q=x, sorts=[(x, x)]) }}",
        "{{ search_bar('/', x, filters=[{'name': 'a', 'label': x, 'options': [(x, x)], 'value': x}]) }}",
        "{{ group_card(x, '/', [(x, x)], x, 1, [x]) }}",
        "{{ verification(False, x, x, [(x, x)]) }}",
        "{{ support_box(1, '/', '/', why_not=x, title=x, note=x) }}",
        "{{ alert(x, x, x) }}",
        "{{ empty(x, x, '/', x) }}",
        "{{ phases([{'name': x, 'dates': x, 'state': 'open', 'label': x, 'text': x}]) }}",
    ],
)
def test_no_piece_lets_a_written_script_through(draw, source):
    shown = draw(source, x=CANARY)
    assert "&lt;script" in shown
    assert "<script" not in shown


def macros(path):
    """Return the names of the macros a template defines for others to use."""
    return [name for name in re.findall(r"{%-? macro (\w+)\(", path.read_text("utf-8")) if not name.startswith("_")]


@pytest.mark.parametrize("path", sorted(COMPONENTS.glob("*.html")), ids=lambda path: path.stem)
def test_a_component_is_one_macro_of_its_file_s_name_and_says_its_arguments(path):
    if path.stem not in PARTS_OF_A_COMPONENT:
        assert macros(path) == [path.stem]
    for name in macros(path):
        assert f"{{# {name}(" in path.read_text("utf-8")


@pytest.mark.parametrize(
    "planted", ['<p style="a">', "<script>a</script>", '<a onclick="a">', '<a href="javascript:a">', "<style>"]
)
def test_inline_code_is_seen_where_it_is_planted(planted):
    assert INLINE.search(planted)


@pytest.mark.parametrize(
    "path", sorted((HOUSE / "templates").rglob("*.html")), ids=lambda path: str(path.relative_to(HOUSE))
)
def test_no_page_holds_style_or_script_of_its_own(path):
    assert not INLINE.search(path.read_text("utf-8"))


def test_the_first_view_is_light():
    bundled = Path(flask_bootstrap.__file__).parent / "static" / "bootstrap5" / "css" / "bootstrap.min.css"
    layout = (HOUSE / "templates" / "layouts" / "page.html").read_text("utf-8")
    sheets = [HOUSE / "static" / "css" / f"{name}.css" for name in ("theme", "layout", "forms", "components", "print")]
    assert all(sheet.stem in layout for sheet in sheets)
    files = [bundled, *sheets, HOUSE / "static" / "js" / "app.js", HOUSE / "static" / "img" / "mark.svg"]
    assert sum(len(gzip.compress(file.read_bytes(), 6)) for file in files) + A_LONG_PAGE < LIMIT_OF_THE_FIRST_VIEW
