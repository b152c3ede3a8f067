"""Word files: tables as raw WordprocessingML, fixed dates, the same bytes every time."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from .sources import Source
from .tables import Cell, Table
from .to_html import FICTION

STAMP = (2024, 1, 1, 0, 0, 0)
# A4 less the margins, in twentieths of a point.
_WIDTH = 8900


def build_docx(source: Source) -> bytes:
    """Give the bytes of the Word file."""
    look: dict[str, Any] = {
        "font": "Noto Serif CJK SC",
        "heading_font": "Noto Sans CJK SC",
        "size": 14,
        "title_size": 20,
        "table_size": 9,
        "fill": "DBE5F1",
        "line": 1.4,
        "row": 320,
    } | source.get("look", {})
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(26)
    section.top_margin, section.bottom_margin = Mm(30), Mm(26)
    _set_style(document, look)
    if source.get("header"):
        paragraph = section.header.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _run(paragraph, source.get("header"), look["font"], 9)
    if source.get("footer"):
        _footer(section.footer.paragraphs[0], source.get("footer"), look)
    for line in source.title_lines:
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _run(paragraph, line, look["heading_font"], look["title_size"], bold=True)
    glue = ""
    for block in source.blocks:
        if block.kind in source.tables:
            for table in source.tables[block.kind]:
                _add_table(document, table, look)
        elif block.kind == "image":
            continue
        elif block.kind == "heading" and block.glued:
            glue = block.text
        else:
            paragraph = document.add_paragraph()
            paragraph.paragraph_format.first_line_indent = Pt(2 * look["size"])
            if block.kind in ("heading", "sub"):
                bold = block.kind == "heading"
                _run(paragraph, block.text, look["heading_font"], look["size"], bold=bold)
                continue
            if glue:
                _run(paragraph, glue, look["heading_font"], look["size"], bold=True)
                glue = ""
            _run(paragraph, block.text, look["font"], look["size"])
    _set_properties(document, source)
    buffer = io.BytesIO()
    document.save(buffer)
    return _freeze_zip(buffer.getvalue())


def _set_style(document: Any, look: dict[str, Any]) -> None:
    normal = document.styles["Normal"]
    normal.font.name = look["font"]
    normal.font.size = Pt(look["size"])
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), look["font"])
    normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing = look["line"]


def _run(paragraph: Any, text: str, font: str, size: float, *, bold: bool = False) -> None:
    run = paragraph.add_run(text)
    run.font.name, run.font.size, run.bold = font, Pt(size), bold
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)


def _footer(paragraph: Any, pattern: str, look: dict[str, Any]) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for piece in re.split(r"(\{n\}|\{N\})", pattern):
        if piece in ("{n}", "{N}"):
            for kind in ("begin", None, "end"):
                run = paragraph.add_run()
                run.font.size = Pt(10)
                if kind:
                    mark = OxmlElement("w:fldChar")
                    mark.set(qn("w:fldCharType"), kind)
                else:
                    mark = OxmlElement("w:instrText")
                    mark.text = "PAGE" if piece == "{n}" else "NUMPAGES"
                run._element.append(mark)
        elif piece:
            _run(paragraph, piece, look["font"], 10)


def _add_table(document: Any, table: Table, look: dict[str, Any]) -> None:
    grid = "".join(f'<w:gridCol w:w="{round(w * _WIDTH)}"/>' for w in table.widths)
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    owner: dict[tuple[int, int], Cell] = {}
    for cell in table.cells:
        for row in range(cell.row, cell.row + cell.rowspan):
            owner[row, cell.column] = cell
    rows = []
    for row in range(table.rows):
        cells = [owner[row, column] for column in range(table.columns) if (row, column) in owner]
        height = f'<w:trPr><w:trHeight w:val="{look["row"]}"/></w:trPr>' if look["row"] else ""
        rows.append(f"<w:tr>{height}{''.join(_tc(c, row, table, look) for c in cells)}</w:tr>")
    xml = (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{_WIDTH}" w:type="dxa"/>'
        f"<w:tblBorders>{borders}</w:tblBorders>"
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="60" w:type="dxa"/>'
        '<w:right w:w="60" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )
    body = document.element.body
    body.insert(len(body) - 1, parse_xml(xml))
    # Word wants a paragraph between two tables.
    spacer = document.add_paragraph()
    spacer.paragraph_format.line_spacing = Pt(6)


def _tc(cell: Cell, row: int, table: Table, look: dict[str, Any]) -> str:
    width = round(sum(table.widths[cell.column : cell.column + cell.colspan]) * _WIDTH)
    parts = [f'<w:tcW w:w="{width}" w:type="dxa"/>']
    if cell.colspan > 1:
        parts.append(f'<w:gridSpan w:val="{cell.colspan}"/>')
    if cell.rowspan > 1:
        parts.append('<w:vMerge w:val="restart"/>' if row == cell.row else "<w:vMerge/>")
    if cell.role in ("head", "block") and look["fill"]:
        parts.append(f'<w:shd w:val="clear" w:color="auto" w:fill="{look["fill"]}"/>')
    if cell.role == "vertical":
        parts.append('<w:textDirection w:val="tbRlV"/>')
    parts.append('<w:vAlign w:val="center"/>')
    align = "left" if cell.role in ("label", "corner") else "center"
    text = escape(cell.text) if row == cell.row else ""
    font, half = look["font"], round(2 * look["table_size"])
    run = (
        f'<w:r><w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}"/>'
        f'{"<w:b/>" if cell.role == "head" else ""}<w:sz w:val="{half}"/></w:rPr>'
        f'<w:t xml:space="preserve">{text}</w:t></w:r>'
        if text
        else ""
    )
    return (
        f"<w:tc><w:tcPr>{''.join(parts)}</w:tcPr><w:p><w:pPr>"
        f'<w:spacing w:line="240" w:lineRule="auto"/><w:jc w:val="{align}"/></w:pPr>{run}</w:p>'
        "</w:tc>"
    )


def _set_properties(document: Any, source: Source) -> None:
    properties = document.core_properties
    properties.title = "".join(source.title_lines) or source.issuer["issuer"]
    properties.author = source.issuer["issuer"]
    properties.last_modified_by = ""
    properties.subject = "虚构样例 fictional sample"
    properties.keywords = "虚构样例 fictional sample"
    properties.comments = FICTION
    stamp = datetime(source.settings["year"] + 1, 1, 20, 9, 0)
    properties.created = properties.modified = stamp
    properties.revision = 1


def _freeze_zip(data: bytes) -> bytes:
    """Write the package again with fixed dates, and without the template's thumbnail."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            if "thumbnail" in name:
                continue
            content = old.read(name)
            if name == "_rels/.rels":
                content = re.sub(rb"<Relationship [^>]*thumbnail[^>]*/>", b"", content)
            info = zipfile.ZipInfo(name, STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            info.create_system = 0
            new.writestr(info, content)
    return out.getvalue()
