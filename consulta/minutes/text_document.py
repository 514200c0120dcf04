"""The minutes as a text document (DOCX) that a word processor edits: real headings, lists, and tables with header rows.

The same blocks give the same bytes: nothing in the file says when or by whom it was made but the minutes themselves.
"""

import io
import re
import zipfile
from datetime import UTC, datetime

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from consulta.minutes.markdown import plain

FAMILY = "Liberation Serif"
ACCENT = RGBColor(0x07, 0x38, 0x4A)
SOFT = RGBColor(0x46, 0x55, 0x5F)
# When nothing says when a file was made: the first day that a ZIP archive can name.
EPOCH = datetime(1980, 1, 1, tzinfo=UTC)
INDENT = Cm(0.75)
LETTERS = 72  # of a table's text that fit on one line
OWN_LISTS = 1000  # numbers above are of our lists, below of those that python-docx brings
DEEPEST = 8  # numbering levels, from 0, that a word processor knows
# What XML 1.0 has no letter for.
_NO_LETTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_MARKS = {"1": ("decimal", "%{n}."), "a": ("lowerLetter", "%{n})"), "-": ("bullet", "•")}


def docx_of(*, title, subtitle, blocks, lang, footer, published_at=None):
    """Return the bytes of the DOCX; the arguments are those of `typesetting.pdf_of`."""
    return _Writer(lang, published_at or EPOCH).write(title, subtitle, blocks, footer)


class _Writer:
    """Fills one file."""

    def __init__(self, lang, made_at):
        self.file, self.lang, self.made_at, self.lists = Document(), lang, made_at, 0
        self._styles()
        self.ids = {style.name: style.style_id for style in self.file.styles}

    def write(self, title, subtitle, blocks, footer):
        """Return the bytes of the file with `blocks` under its title."""
        self._properties(title, subtitle)
        self._footer(footer)
        # The title is the first heading, so that no level is skipped below it.
        self._run(self._added(self.file, "Heading 1"), {"t": title})
        if subtitle:
            self._run(self._added(self.file, "Subtitle"), {"t": subtitle})
        for block in blocks:
            self._draw(block, self.file)
        buffer = io.BytesIO()
        self.file.save(buffer)
        return self._repacked(buffer.getvalue())

    def _draw(self, block, place, depth=0):
        getattr(self, f"_{block['is']}")(block, place, depth)

    def _heading(self, block, place, depth):
        self._run(self._added(place, f"Heading {block['level']}"), {"t": block["text"]})

    def _paragraph(self, block, place, depth):
        written = self._added(place, "Note" if block.get("look") == "note" else None)
        if depth:
            written.paragraph_format.left_indent = depth * INDENT
        for run in block["runs"]:
            self._run(written, {**run, "b": 1} if block.get("look") == "lead" else run)
        return written

    def _list(self, block, place, depth):
        number = self._numbering(block, depth)
        for item in block["items"]:
            for at, inner in enumerate(item or [{"is": "paragraph", "runs": []}]):
                if at == 0 and inner["is"] == "paragraph":
                    written = self._paragraph(inner, place, 0)
                    self._mark(written, number, depth)
                else:
                    self._draw(inner, place, depth + 1)

    def _table(self, block, place, depth):
        if block.get("title"):
            caption = self._added(place, "Caption")
            self._run(caption, {"t": block["title"]})
            caption.paragraph_format.keep_with_next = True
        head, body = block["head"], block["rows"]
        table = place.add_table(rows=1 + len(body), cols=len(head))
        table.style = self.file.styles["Table Grid"]
        self._describe(table, block.get("title") or ", ".join(head))
        widths = self._widths(block)
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        # Row by row from the file's own elements: asking the table for its cells walks through all of them each time.
        for number, row in enumerate(table._tbl.tr_lst):
            properties = row.get_or_add_trPr()
            properties.append(OxmlElement("w:cantSplit"))
            if number == 0:
                properties.append(OxmlElement("w:tblHeader"))
            said = [[{"t": name, "b": 1}] for name in head] if number == 0 else body[number - 1]
            for at, cell in enumerate(row.tc_lst):
                cell.width = widths[at]
                written = Paragraph(cell.p_lst[0], place)
                if number and at in block["numeric"]:
                    written.alignment = WD_ALIGN_PARAGRAPH.RIGHT
                for run in said[at] if at < len(said) else ():
                    self._run(written, run)
        self._added(place, "Note")

    def _widths(self, block):
        """Return the width of each column of a table: room for its longest word, and of the rest its part by length."""
        section = self.file.sections[0]
        width = section.page_width - section.left_margin - section.right_margin
        cells = [[name] for name in block["head"]]
        for row in block["rows"]:
            for at, runs in enumerate(row[: len(cells)]):
                cells[at].append(plain(runs))
        words = [min(max(len(word) for cell in column for word in (*cell.split(), "")) + 3, 20) for column in cells]
        wishes = [max(min(max(map(len, column)), 60) - word, 0) for column, word in zip(cells, words, strict=True)]
        left = max(LETTERS - sum(words), 0)
        parts = [word + left * wish / (sum(wishes) or 1) for word, wish in zip(words, wishes, strict=True)]
        return [int(width * part / sum(parts)) for part in parts]

    def _facts(self, block, place, depth):
        for label, runs in block["rows"]:
            written = self._added(place, "Fact")
            self._run(written, {"t": f"{label}: ", "b": 1})
            for run in runs:
                self._run(written, run)

    def _quote(self, block, place, depth):
        for inner in block["blocks"]:
            self._draw(inner, place, depth + 1)

    def _code(self, block, place, depth):
        written = place.add_paragraph()
        for at, line in enumerate(block["text"].split("\n")):
            if at:
                written.add_run().add_break()
            self._run(written, {"t": line, "c": 1})

    def _added(self, place, style=None):
        """Add a paragraph; python-docx would look for its style through all styles each time."""
        written = place.add_paragraph()
        if style is not None:
            written._p.style = self.ids[style]
        return written

    def _run(self, paragraph, run):
        if "n" in run:
            paragraph.add_run().add_break()
            return
        text = _NO_LETTER.sub("", run["t"])
        if "h" in run:
            self._link(paragraph, text, _NO_LETTER.sub("", run["h"]))
            return
        written = paragraph.add_run(text)
        written.bold, written.italic = bool(run.get("b")) or None, bool(run.get("i")) or None
        written.font.strike = bool(run.get("s")) or None
        if "c" in run:
            written.font.name = "Liberation Mono"

    def _link(self, paragraph, text, address):
        relation = self.file.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), relation)
        written = paragraph.add_run(text)
        written.font.underline, written.font.color.rgb = True, ACCENT
        link.append(written._r)
        paragraph._p.append(link)

    def _styles(self):
        styles = self.file.styles
        normal = styles["Normal"]
        _family(normal, FAMILY)
        normal.font.size = Pt(11)
        normal.paragraph_format.space_after = Pt(6)
        for language in styles.element.iter(qn("w:lang")):
            language.set(qn("w:val"), self.lang)
        sizes = {"Subtitle": 12, "Heading 1": 18, "Heading 2": 14, "Heading 3": 12, "Heading 4": 11}
        for name, size in sizes.items():
            style = styles[name]
            _family(style, FAMILY)
            style.font.size, style.font.color.rgb = Pt(size), SOFT if name == "Subtitle" else ACCENT
            style.font.italic = name == "Heading 4"
            style.paragraph_format.keep_with_next = True
        caption = styles["Caption"]
        _family(caption, FAMILY)
        caption.font.size, caption.font.color.rgb = Pt(10), ACCENT
        for name, size, after in (("Note", 10, 6), ("Fact", 11, 2)):
            style = styles.add_style(name, 1)
            style.base_style = normal
            style.font.size, style.paragraph_format.space_after = Pt(size), Pt(after)
            if name == "Note":
                style.font.color.rgb = SOFT
        for section in self.file.sections:
            section.page_width, section.page_height = Cm(21), Cm(29.7)
            section.left_margin = section.right_margin = Cm(2.4)

    def _properties(self, title, subtitle):
        told = self.file.core_properties
        told.title, told.subject, told.language = _short(title), _short(subtitle), self.lang
        told.author = told.last_modified_by = told.comments = told.keywords = told.category = ""
        told.created = told.modified = self.made_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        told.revision = 1

    def _footer(self, footer):
        written = self.file.sections[0].footer.paragraphs[0]
        written.style = "Note"
        before, rest = footer["page"].split("{n}", 1)
        between, after = rest.split("{of}", 1)
        for text, field in ((before, "PAGE"), (between, "NUMPAGES"), (after, None)):
            written.add_run(text)
            if field:
                _field(written.add_run(), field)
        written.add_run(f" · {footer['version']}")
        if footer["digest"]:
            written.add_run().add_break()
            written.add_run(footer["digest"]).font.size = Pt(7)

    def _numbering(self, block, depth):
        """Return the number of a list definition of its own: each list counts by itself."""
        definitions = self.file.part.numbering_part.element
        kind, text = _MARKS[block["mark"]]
        self.lists += 1
        number = OWN_LISTS + self.lists
        abstract = OxmlElement("w:abstractNum")
        abstract.set(qn("w:abstractNumId"), str(number))
        for level in range(DEEPEST + 1):
            abstract.append(_level(level, kind, text.replace("{n}", str(level + 1)), block["start"]))
        # Definitions stand before the lists that use them.
        first = definitions.find(qn("w:num"))
        if first is not None:
            first.addprevious(abstract)
        else:
            definitions.append(abstract)
        return definitions.add_num(number).numId

    def _mark(self, paragraph, number, depth):
        properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_numId().val = number
        properties.get_or_add_ilvl().val = min(depth, DEEPEST)

    def _describe(self, table, text):
        description = OxmlElement("w:tblDescription")
        description.set(qn("w:val"), _short(text))
        table._tbl.tblPr.append(description)

    def _repacked(self, file):
        """Return the archive with every part dated as the minutes: the same minutes give the same bytes."""
        made_at = max(self.made_at.astimezone(UTC), EPOCH)
        buffer = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(file)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
            for each in old.infolist():
                part = zipfile.ZipInfo(each.filename, made_at.timetuple()[:6])
                part.compress_type, part.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
                new.writestr(part, old.read(each))
        return buffer.getvalue()


def _level(level, kind, text, start):
    """Return one level of a list definition."""
    element = OxmlElement("w:lvl")
    element.set(qn("w:ilvl"), str(level))
    for name, value in (("start", str(start)), ("numFmt", kind), ("lvlText", text), ("lvlJc", "left")):
        part = OxmlElement(f"w:{name}")
        part.set(qn("w:val"), value)
        element.append(part)
    indent = OxmlElement("w:pPr")
    place = OxmlElement("w:ind")
    place.set(qn("w:left"), str(int((level + 1) * INDENT.twips)))
    place.set(qn("w:hanging"), str(int(INDENT.twips)))
    indent.append(place)
    element.append(indent)
    return element


def _family(style, name):
    """Set the typeface of a style for all letters, in place of the theme's."""
    style.font.name = name
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for old in [key for key in fonts.attrib if "Theme" in key or "theme" in key]:
        del fonts.attrib[old]
    for which in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(which), name)


def _field(run, name):
    """Let `run` show a number that the word processor counts: PAGE or NUMPAGES."""
    for kind in ("begin", None, "end"):
        if kind:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        else:
            part = OxmlElement("w:instrText")
            part.set(qn("xml:space"), "preserve")
            part.text = name
        run._r.append(part)


def _short(text):
    """Return what fits into a core property."""
    return _NO_LETTER.sub("", text or "")[:255]
