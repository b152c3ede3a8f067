"""A theme summary for readers: a Word document, a page, or a workbook, from its tables."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from nlp.render.spreadsheet import strip_forbidden
from nlp.render.tables import CREATED, show_text, write_tables
from nlp.render.typeface import FAMILY, cut_typeface

_TEMPLATES = Path(__file__).parent / "templates"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_PERCENT = ("占比", "下限", "上限", "回应率", "延续率")
_BLUE, _PALE = "1F4E79", "E8EEF4"
_FONT = "微软雅黑"


@dataclass(frozen=True)
class ThemeReport:
    """What a summary shows: tables by title, and the words around them.

    ``named`` are the names of themes shown on their own; ``facts`` are label and value of
    the head of the document; ``remarks`` say how to read it.
    """

    title: str
    facts: Sequence[tuple[str, str]]
    remarks: Sequence[str]
    named: Sequence[str]
    tables: Mapping[str, pd.DataFrame]


def write_theme_report(report: ThemeReport, path: Path | str) -> None:
    """Write a summary as .docx, .xlsx or .html, by the file's name.

    The same report gives the same bytes.

    Raises
    ------
    ValueError
        If the name ends otherwise.
    """
    target = Path(path)
    kind = target.suffix.lower()
    if kind == ".docx":
        target.write_bytes(_make_document(report))
    elif kind == ".html":
        target.write_bytes(_make_page(report).encode())
    elif kind == ".xlsx":
        remarks = [f"{label}：{value}" for label, value in report.facts] + list(report.remarks)
        write_tables(report.tables, target, title=report.title, percent=_PERCENT, remarks=remarks)
    else:
        raise ValueError(f"输出文件应以 .docx、.xlsx 或 .html 结尾，实为 {target.name}")


@dataclass(frozen=True, slots=True)
class _Part:
    """A heading, a line on how to read it, and rows of cells; ``widths`` in centimetres."""

    title: str
    lead: str
    header: tuple[str, ...]
    rows: list[tuple[str, ...]]
    widths: tuple[float, ...]


def _list_parts(report: ThemeReport) -> list[_Part]:
    """What document and page show, in the same order and words."""
    tables = report.tables
    overall = tables["各主题占比"]
    named = overall[overall["主题"].isin(report.named)]
    header = ("主题", "角色", "报告数", "提到", "占比（95% 区间）", "另存疑")
    widths = (5.2, 1.6, 1.8, 1.6, 5.2, 1.8)
    parts = [
        _Part("一、须单列的主题", "以提到该主题的报告数计。", header, _share_rows(named), widths),
        _Part("二、各主题", "以提到该主题的报告数计。", header, _share_rows(overall), widths),
    ]
    for number, (title, column, dimension) in enumerate(
        (("按层级", "层级", "层级"), ("按年度", "年度", "年度"), ("按地区", "地区", "地区")), 3
    ):
        parts.append(_cross(f"{'三四五'[number - 3]}、{title}", tables[title], column, dimension))
    answered = tables["问题有无对应措施"]
    parts.append(
        _Part(
            "六、问题有无对应措施",
            "同一报告里有同主题的措施，或原文把措施与该问题对应起来，算有；"
            "只有存疑的措施对得上的，列为存疑，不算有。",
            ("主题", "提出问题", "有措施", "存疑", "未见", "回应率（95% 区间）"),
            [
                (
                    row["主题"],
                    show_text(row["提出问题的报告"]),
                    show_text(row["有同主题措施"]),
                    show_text(row["措施存疑"]),
                    show_text(row["未见措施"]),
                    _interval(row["回应率"], row["下限"], row["上限"], row["小样本"]),
                )
                for row in _records(answered)
            ],
            (5.2, 2.0, 1.8, 1.6, 1.6, 5.0),
        )
    )
    repeated = tables["与上年相同的问题"]
    parts.append(
        _Part(
            "七、上年也提出的问题",
            "只比较同一机关相邻两年的报告；本年提出该主题问题的机关年度中，上年也提出的占比。",
            ("主题", "可比的机关年度", "上年也提出", "上年存疑", "延续率（95% 区间）"),
            [
                (
                    row["主题"],
                    show_text(row["可比的机关年度"]),
                    show_text(row["上年也提出"]),
                    show_text(row["上年存疑"]),
                    _interval(row["延续率"], row["下限"], row["上限"], row["小样本"]),
                )
                for row in _records(repeated)
            ],
            (5.2, 2.6, 2.2, 2.0, 5.2),
        )
    )
    prototypes = tables["典型陈述"]
    parts.append(
        _Part(
            "八、典型陈述",
            "与同主题其他陈述最相近的一条（不是最长的）；措辞几乎相同的先合并，"
            "存疑的不选，同一机关只选一条。",
            ("主题", "角色", "陈述", "出处"),
            [
                (row["主题"], row["角色"], row["陈述"], f"{row['机关']} {row['年度']}".strip())
                for row in _records(prototypes[prototypes["次序"] == 1])
            ],
            (3.4, 1.4, 8.6, 3.8),
        )
    )
    return parts


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


def _share_rows(table: pd.DataFrame) -> list[tuple[str, ...]]:
    return [
        (
            row["主题"],
            row["角色"],
            show_text(row["报告数"]),
            show_text(row["提到"]),
            _interval(row["占比"], row["下限"], row["上限"], row["小样本"]),
            show_text(row["存疑"]) if row["存疑"] else "",
        )
        for row in _records(table)
    ]


def _cross(title: str, table: pd.DataFrame, column: str, dimension: str) -> _Part:
    """Problems by theme (rows) and level, year or region (columns), in per cent."""
    problems = table[table["角色"] == "问题"]
    values = list(dict.fromkeys(problems[column].astype(str)))
    # A page holds so many columns; the workbook has them all.
    shown = values[-_MOST_COLUMNS:]
    counts = {str(row[column]): int(row["报告数"]) for row in _records(problems)}
    cells: dict[tuple[str, str], str] = {}
    for row in _records(problems):
        value = "—" if pd.isna(row["占比"]) else f"{row['占比']:.0%}"
        small = "*" if row["小样本"] else ""
        cells[row["主题"], str(row[column])] = value + small
    names = list(dict.fromkeys(problems["主题"].astype(str)))
    lead = f"提出该主题问题的报告占该{dimension}报告的比例；* 该{dimension}报告不足 30 份。"
    if len(shown) < len(values):
        lead += f"这里只列 {len(shown)} 项，全部和区间见 xlsx。"
    else:
        lead += "区间和存疑数见 xlsx。"
    first = 5.2 if len(shown) < 8 else 4.4
    width = (17.2 - first) / max(1, len(shown))
    return _Part(
        title,
        lead,
        ("主题", *(f"{value}\n{counts[value]} 份" for value in shown)),
        [(name, *(cells.get((name, value), "") for value in shown)) for name in names],
        (first, *[width] * len(shown)),
    )


_MOST_COLUMNS = 8


def _interval(value: Any, low: Any, high: Any, small: str) -> str:
    if value is None or pd.isna(value):
        return "—"
    return f"{value:.1%}（{low:.1%}—{high:.1%}）{'*' if small else ''}"


def _make_document(report: ThemeReport) -> bytes:
    document = Document()
    properties = document.core_properties
    properties.title, properties.author = report.title, "nianbao"
    properties.created = properties.modified = CREATED
    properties.last_modified_by, properties.comments = "nianbao", ""
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(1.9)
    section.top_margin = section.bottom_margin = Cm(2)
    _set_fonts(document)
    heading = document.add_paragraph()
    run = heading.add_run(strip_forbidden(report.title))
    run.bold, run.font.size, run.font.color.rgb = True, Pt(20), RGBColor.from_string(_BLUE)
    for label, value in report.facts:
        line = document.add_paragraph()
        line.paragraph_format.space_after = Pt(1)
        line.add_run(f"{label}：").bold = True
        line.add_run(strip_forbidden(value))
    _add_heading(document, "怎样读")
    for text in report.remarks:
        item = document.add_paragraph(strip_forbidden(text), style="List Bullet")
        item.paragraph_format.space_after = Pt(1)
    for part in _list_parts(report):
        _add_heading(document, part.title)
        lead = document.add_paragraph(part.lead)
        lead.paragraph_format.keep_with_next = True
        lead.paragraph_format.space_after = Pt(4)
        for run in lead.runs:
            run.font.size, run.font.color.rgb = Pt(9), RGBColor.from_string("56677A")
        _add_table(document, part)
    buffer = io.BytesIO()
    document.save(buffer)
    return _settle_zip(buffer.getvalue())


def _set_fonts(document: Any) -> None:
    for name, size in (("Normal", 10.5), ("Heading 2", 13), ("List Bullet", 10)):
        style = document.styles[name]
        style.font.name, style.font.size = "Calibri", Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), _FONT)
    document.styles["Heading 2"].font.color.rgb = RGBColor.from_string(_BLUE)


def _add_heading(document: Any, text: str) -> None:
    heading = document.add_heading(text, level=2)
    heading.paragraph_format.space_before, heading.paragraph_format.space_after = Pt(14), Pt(4)


def _add_table(document: Any, part: _Part) -> None:
    table = document.add_table(rows=1, cols=len(part.header))
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    _set_borders(table)
    for place, width in enumerate(part.widths):
        table.columns[place].width = Cm(width)
    for place, text in enumerate(part.header):
        cell = table.rows[0].cells[place]
        _fill(cell, text, head=True, left=_is_words(part, place), width=part.widths[place])
    # The heading row comes again on every page that the table runs over.
    row_properties = table.rows[0]._tr.get_or_add_trPr()
    row_properties.append(OxmlElement("w:tblHeader"))
    last = None
    for values in part.rows:
        row = table.add_row()
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for place, text in enumerate(values):
            # A theme is named once for its problem and measure rows.
            shown = "" if place == 0 and text == last and part.header[1] == "角色" else text
            _fill(row.cells[place], shown, left=_is_words(part, place), width=part.widths[place])
        last = values[0]
    document.add_paragraph().paragraph_format.space_after = Pt(2)


def _is_words(part: _Part, place: int) -> bool:
    """Words stand left, figures right."""
    return place == 0 or part.header[place] in ("陈述", "出处", "角色")


def _fill(cell: Any, text: str, *, head: bool = False, left: bool = True, width: float) -> None:
    cell.width = Cm(width)
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(1)
    paragraph.paragraph_format.space_before = Pt(1)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT if left else WD_ALIGN_PARAGRAPH.RIGHT
    run = paragraph.add_run(strip_forbidden(text))
    run.font.size = Pt(9)
    if head:
        run.bold, run.font.color.rgb = True, RGBColor.from_string(_BLUE)
        shade = OxmlElement("w:shd")
        shade.set(qn("w:val"), "clear")
        shade.set(qn("w:fill"), _PALE)
        cell._tc.get_or_add_tcPr().append(shade)


def _set_borders(table: Any) -> None:
    """Lines above, below and between rows only, as in printed tables."""
    borders = OxmlElement("w:tblBorders")
    for side, size, colour in (
        ("top", "8", _BLUE), ("bottom", "8", _BLUE), ("insideH", "4", "D5DCE4"),
    ):  # fmt: skip
        line = OxmlElement(f"w:{side}")
        for key, value in (("val", "single"), ("sz", size), ("space", "0"), ("color", colour)):
            line.set(qn(f"w:{key}"), value)
        borders.append(line)
    table._tbl.tblPr.append(borders)


def _settle_zip(data: bytes) -> bytes:
    """Take the time of day out of the parts of a Word file."""
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            target.writestr(entry, source.read(name))
    return result.getvalue()


def _make_page(report: ThemeReport) -> str:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    parts = _list_parts(report)
    bars = [_bar(row) for row in _records(report.tables["各主题占比"])]
    face = cut_typeface(_all_texts(report, parts))
    return environment.get_template("theme_summary.html.j2").render(
        report=report, parts=parts, bars=bars, font=face.data_url, family=FAMILY
    )


def _bar(row: Mapping[str, Any]) -> dict[str, Any]:
    """A share as a bar, its doubtful part and its interval, in per cent of the width."""
    if not row["报告数"]:
        return {"theme": row["主题"], "role": row["角色"], "share": None}
    return {
        "theme": row["主题"],
        "role": row["角色"],
        "share": round(100 * row["占比"], 2),
        "doubtful": round(100 * row["存疑"] / row["报告数"], 2),
        "low": round(100 * row["下限"], 2),
        "high": round(100 * row["上限"], 2),
        "text": _interval(row["占比"], row["下限"], row["上限"], row["小样本"]),
    }


def _all_texts(report: ThemeReport, parts: Iterable[_Part]) -> Iterable[str]:
    # Every printable ASCII character and the words of the template itself.
    yield "".join(map(chr, range(0x20, 0x7F)))
    yield "怎样读各主题占比一览（深色为认定，浅色为另存疑，横线为 95% 区间）问题措施—·"
    yield report.title
    yield from report.remarks
    for label, value in report.facts:
        yield label + value + "："
    for part in parts:
        yield part.title + part.lead
        yield from part.header
        for row in part.rows:
            yield from row
