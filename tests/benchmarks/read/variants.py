"""Rendered variants of one report: three producers, fonts, margins, a page break at every row.

    python -m tests.benchmarks.read.variants FOLDER

makes every variant in FOLDER (those already there are kept), reads it by the whole way, and
says how many cells are right, marked, and wrong without a mark.  All wording is our own;
issuers do not exist.
"""

from __future__ import annotations

import html
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from nlp import read_report
from nlp.form import load_form
from nlp.verify.rules import load_doubt_words

WQY = Path("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc")
CHROMIUM = ("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer")
FONTS = {
    "reportlab": ("STSong-Light", "wqy"),
    "libreoffice": ("WenQuanYi Zen Hei", "Noto Sans CJK SC", "AR PL UMing CN"),
    "chromium": ("WenQuanYi Zen Hei", "Noto Serif CJK SC", "AR PL UKai CN"),
}
MARGINS = (54, 80)  # points; Word's own is 90 at the sides
# The table's parts are under 700 pt high: at this step every row of table three meets the
# page's end, most of them several times.
SHIFTS = tuple(range(0, 594, 11))
STYLES = ("plain", "blank", "large", "vertical")


@dataclass(frozen=True)
class Variant:
    """One rendering; ``shift`` points of empty space stand before table three."""

    producer: str
    font: str
    margin: int
    shift: int
    style: str
    size: float

    @property
    def name(self) -> str:
        font = self.font.replace(" ", "")
        return f"{self.producer}-{font}-{self.margin}-{self.shift}-{self.style}.pdf"


@dataclass(frozen=True)
class Box:
    """A cell of a table as it is printed; ``tall`` is set one character a line."""

    text: str
    rows: int = 1
    columns: int = 1
    tall: bool = False


Rows = list[list[Box | None]]  # None: covered by a cell that spans


def list_variants() -> list[Variant]:
    """All variants, in a fixed order: 54 shifts × two fonts or margins × three producers."""
    found = []
    for producer, fonts in FONTS.items():
        for index, shift in enumerate(SHIFTS):
            for turn, margin in enumerate(MARGINS):
                font = fonts[(index + turn) % len(fonts)]
                style = STYLES[(index // 2 + turn) % len(STYLES)]
                size = (9.0, 10.5, 8.0)[(index + 2 * turn) % 3]
                found.append(Variant(producer, font, margin, shift, style, size))
    return found


# -- what is printed ------------------------------------------------------------------------


def make_numbers(seed: int, style: str) -> dict[str, int]:
    """Draw the numbers of a report of the 2021 form; all its sums hold."""
    draw = random.Random(seed)
    form = load_form("2021")
    scale = 40_000 if style == "large" else 30
    numbers: dict[str, int] = {}
    for block in form.blocks:
        for row in block.rows:
            for column in block.columns:
                numbers[f"2|{row.no}|{column.key}"] = draw.choice((0, 3, draw.randrange(10**5)))
    parts = [c.key for c in form.applicants if c.key != "总计"]
    inner = [r.no for r in form.requests if r.no.startswith("3.") and r.no != "3.7"]
    for column in parts:
        for row in inner:
            numbers[f"3|{row}|{column}"] = draw.choice((0, 0, 0, draw.randrange(scale)))
        total = sum(numbers[f"3|{row}|{column}"] for row in inner)
        carried, before = draw.randrange(5), draw.randrange(min(4, total + 1))
        numbers[f"3|3.7|{column}"], numbers[f"3|4|{column}"] = total, carried
        numbers[f"3|2|{column}"] = before
        numbers[f"3|1|{column}"] = total + carried - before
    for row in ("1", "2", *inner, "3.7", "4"):
        numbers[f"3|{row}|总计"] = sum(numbers[f"3|{row}|{column}"] for column in parts)
    for group in form.review_groups:
        own = [draw.choice((0, 0, draw.randrange(scale))) for _ in form.results[:-1]]
        for result, number in zip(form.results, [*own, sum(own)], strict=True):
            numbers[f"4|{form.review_row}|{group.key}.{result}"] = number
    return numbers


def _print(numbers: dict[str, int], key: str, style: str) -> Box:
    number = numbers[key]
    return Box("" if style == "blank" and number == 0 and key[0] == "3" else str(number))


def table_two(numbers: dict[str, int], style: str) -> Rows:
    rows: Rows = []
    for block in load_form("2021").blocks:
        rows.append([Box(block.clause, columns=4), None, None, None])
        width = 3 // len(block.columns)
        head: list[Box | None] = [Box("信息内容")]
        for column in block.columns:
            label = "本年收费金额（单位：万元）" if column.unit else column.key
            head += [Box(label, columns=width), *[None] * (width - 1)]
        rows.append(head)
        for row in block.rows:
            line: list[Box | None] = [Box(row.label)]
            for column in block.columns:
                own = _print(numbers, f"2|{row.no}|{column.key}", style)
                line += [Box(own.text, columns=width), *[None] * (width - 1)]
            rows.append(line)
    return rows


def table_three(numbers: dict[str, int], style: str) -> Rows:
    form = load_form("2021")
    tall = style == "vertical"
    corner = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
    names = [column.key for column in form.applicants]
    blank = (None, None, None)
    rows: Rows = [
        [Box(corner, 3, 3), None, None, Box("申请人情况", 1, 7), *[None] * 6],
        [*blank, Box("自然人", 2), Box("法人或其他组织", 1, 5), *blank, None, Box("总计", 2)],
        [None, None, None, None, *map(Box, names[1:6]), None],
    ]
    groups = Counter(row.group for row in form.requests)
    inside = sum(row.no.startswith("3.") for row in form.requests)
    seen = ""
    for row in form.requests:
        values = [_print(numbers, f"3|{row.no}|{name}", style) for name in names]
        if not row.no.startswith("3."):
            label = Box(f"{row.ordinal}、{row.label}", 1, 3)
            rows.append([label, None, None, *values])
            continue
        result = Box("三、本年度办理结果", inside, tall=tall) if row.no == "3.1" else None
        if not row.group:
            rows.append([result, Box(row.ordinal + row.label, 1, 2), None, *values])
            continue
        group = Box(row.group, groups[row.group]) if row.group != seen else None
        seen = row.group
        rows.append([result, group, Box(row.ordinal + row.label), *values])
    return rows


def table_four(numbers: dict[str, int], style: str) -> Rows:
    form = load_form("2021")
    size = len(form.results)
    spare: list[Box | None] = [None] * (size - 1)
    empty: list[Box | None] = [None] * size
    tall = style == "vertical"
    return [
        [Box("行政复议", 2, size), *spare, Box("行政诉讼", 1, 2 * size), *spare, None, *spare],
        [*empty, Box("未经复议直接起诉", 1, size), *spare, Box("复议后起诉", 1, size), *spare],
        [Box(result, tall=tall) for _ in range(3) for result in form.results],
        [Box(str(numbers[f"4|{form.review_row}|{c}"])) for c in form.review_columns()],
    ]


WIDTHS = {
    2: [0.31, 0.23, 0.23, 0.23],
    3: [0.07, 0.11, 0.26, *[0.08] * 7],
    4: [1 / 15] * 15,
}
Part = str | int | tuple[int, Rows]  # a paragraph, empty space in points, or a table


def compose(variant: Variant) -> tuple[str, list[Part], dict[str, int]]:
    """The parts of a report, and its numbers by cell key."""
    numbers = make_numbers(variant.shift * 7 + variant.margin, variant.style)
    title = "丹渚县水务局2023年政府信息公开工作年度报告"
    parts: list[Part] = [
        "一、总体情况",
        "2023年，本局把信息公开放进河湖管护的日常工作，水质公告每月更新，取用水许可随办随登。",
        "二、主动公开政府信息情况",
        (2, table_two(numbers, variant.style)),
        variant.shift,
        "三、收到和处理政府信息公开申请情况",
        (3, table_three(numbers, variant.style)),
        "四、政府信息公开行政复议、行政诉讼情况",
        (4, table_four(numbers, variant.style)),
        "五、存在的主要问题及改进情况",
        "一是供水价格解读偏少，群众看不明白；二是河段台账更新偏慢。下一步，将为每项价格配一张"
        "图解，并把台账改为每周核对。",
        "六、其他需要报告的事项",
        "无其他需要报告的事项。",
    ]
    return title, parts, numbers


# -- the three producers --------------------------------------------------------------------


def render_reportlab(variant: Variant, path: Path) -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    if variant.font == "wqy":
        pdfmetrics.registerFont(TTFont("wqy", str(WQY)))
    size = variant.size
    body = ParagraphStyle(
        "body", fontName=variant.font, fontSize=10.5, leading=18, wordWrap="CJK",
        firstLineIndent=21,
    )  # fmt: skip
    cell = ParagraphStyle(
        "cell", fontName=variant.font, fontSize=size, leading=size * 1.3, wordWrap="CJK"
    )
    title, parts, _ = compose(variant)
    head = ParagraphStyle("head", body, fontSize=16, leading=26, alignment=1, firstLineIndent=0)
    flow: list[object] = [Paragraph(title, head)]
    width = A4[0] - 2 * variant.margin
    for part in parts:
        if isinstance(part, str):
            flow.append(Paragraph(part, body))
        elif isinstance(part, int):
            flow.append(Spacer(1, part))
        else:
            flow.append(_reportlab_table(*part, width, cell))
    document = SimpleDocTemplate(
        str(path), pagesize=A4, leftMargin=variant.margin, rightMargin=variant.margin,
        topMargin=60, bottomMargin=60, invariant=1,
    )  # fmt: skip
    document.build(flow, onFirstPage=_page_number, onLaterPages=_page_number)


def _page_number(canvas: object, document: object) -> None:
    # Printed first, as many converters do.
    canvas.setFont("STSong-Light", 9)  # type: ignore[attr-defined]
    canvas.drawCentredString(A4[0] / 2, 34, f"- {document.page} -")  # type: ignore[attr-defined]


def _reportlab_table(number: int, rows: Rows, width: float, style: ParagraphStyle) -> Table:
    data: list[list[object]] = []
    spans: list[tuple[object, ...]] = []
    for y, row in enumerate(rows):
        line: list[object] = []
        for x, box in enumerate(row):
            if box is None:
                line.append("")
                continue
            text = "<br/>".join(box.text) if box.tall else box.text
            line.append(Paragraph(text, style))
            if box.rows > 1 or box.columns > 1:
                spans.append(("SPAN", (x, y), (x + box.columns - 1, y + box.rows - 1)))
        data.append(line)
    grid = [("GRID", (0, 0), (-1, -1), 0.5, "black"), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
    narrow = [("LEFTPADDING", (0, 0), (-1, -1), 2), ("RIGHTPADDING", (0, 0), (-1, -1), 2)]
    widths = [share * width for share in WIDTHS[number]]
    return Table(data, widths, style=TableStyle([*grid, *narrow, *spans]), splitInRow=1)


def render_chromium(variant: Variant, path: Path) -> None:
    title, parts, _ = compose(variant)
    out = [
        "<!doctype html><meta charset=utf-8><style>@page{size:A4;margin:60pt "
        f"{variant.margin}pt}}body{{font-family:'{variant.font}';font-size:10.5pt;margin:0;"
        "line-height:18pt}h1{font-size:16pt;text-align:center}p{margin:0;text-indent:2em}"
        f"table{{border-collapse:collapse;width:100%;table-layout:fixed;font-size:{variant.size}pt;"
        "line-height:1.3}td{border:1px solid #000;padding:2pt;word-break:break-all;"
        "text-align:center}.v{writing-mode:vertical-rl;display:inline-block;height:9em}</style>",
        f"<h1>{title}</h1>",
    ]
    for part in parts:
        if isinstance(part, str):
            out.append(f"<p>{part}</p>")
        elif isinstance(part, int):
            out.append(f"<div style='height:{part}pt'></div>")
        else:
            out.append(_html_table(*part))
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "page.html")
        source.write_text("".join(out), encoding="utf-8")
        command = [*CHROMIUM, f"--user-data-dir={folder}/user", f"--print-to-pdf={path}"]
        subprocess.run([*command, source.as_uri()], check=True, capture_output=True, timeout=120)


def _html_table(number: int, rows: Rows) -> str:
    columns = "".join(f"<col style='width:{100 * share:.2f}%'>" for share in WIDTHS[number])
    out = [f"<table>{columns}"]
    for row in rows:
        cells = "".join(
            f"<td rowspan={box.rows} colspan={box.columns}>"
            + (f"<span class=v>{box.text}</span>" if box.tall else html.escape(box.text))
            + "</td>"
            for box in row
            if box is not None
        )
        out.append(f"<tr>{cells}</tr>")
    return "".join([*out, "</table>"])


_FODT_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
 office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text">
"""


def write_fodt(variant: Variant) -> str:
    """The source of a LibreOffice document."""
    title, parts, _ = compose(variant)
    font = 'style:font-name="F" style:font-name-asian="F"'
    styles = [
        f'<office:font-face-decls><style:font-face style:name="F" '
        f"svg:font-family=\"'{variant.font}'\" "
        'xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"/>'
        "</office:font-face-decls><office:automatic-styles>",
        _fodt_text("B", font, 10.5, 'fo:line-height="18pt" fo:text-indent="21pt"'),
        _fodt_text("H", font, 16, 'fo:text-align="center"'),
        _fodt_text("C", font, variant.size, 'fo:text-align="center"'),
        '<style:style style:name="G" style:family="table-cell"><style:table-cell-properties '
        'fo:border="0.5pt solid #000000" fo:padding="2pt" style:vertical-align="middle"/>'
        "</style:style>"
        '<style:style style:name="V" style:family="table-cell"><style:table-cell-properties '
        'fo:border="0.5pt solid #000000" fo:padding="2pt" style:writing-mode="tb-rl"/>'
        "</style:style>",
    ]
    width = A4[0] - 2 * variant.margin
    body = [f'<text:p text:style-name="H">{title}</text:p>']
    for part in parts:
        if isinstance(part, str):
            body.append(f'<text:p text:style-name="B">{part}</text:p>')
        elif isinstance(part, int):
            styles.append(_fodt_text("S", font, 2, f'fo:margin-top="{part}pt"'))
            body.append('<text:p text:style-name="S"> </text:p>')
        else:
            styles.append(_fodt_widths(part[0], width))
            body.append(_fodt_table(*part))
    styles.append(
        '<style:page-layout style:name="P"><style:page-layout-properties fo:page-width="595pt" '
        'fo:page-height="842pt" fo:margin-top="60pt" fo:margin-bottom="60pt" '
        f'fo:margin-left="{variant.margin}pt" fo:margin-right="{variant.margin}pt"/>'
        "</style:page-layout></office:automatic-styles><office:master-styles>"
        '<style:master-page style:name="Standard" style:page-layout-name="P"/>'
        "</office:master-styles>"
    )
    return (
        f"{_FODT_HEAD}{''.join(styles)}<office:body><office:text>{''.join(body)}"
        "</office:text></office:body></office:document>"
    )


def _fodt_text(name: str, font: str, size: float, paragraph: str) -> str:
    return (
        f'<style:style style:name="{name}" style:family="paragraph">'
        f"<style:paragraph-properties {paragraph}/><style:text-properties {font} "
        f'fo:font-size="{size}pt" style:font-size-asian="{size}pt"/></style:style>'
    )


def _fodt_widths(number: int, width: float) -> str:
    own = "".join(
        f'<style:style style:name="T{number}.{n}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{share * width:.2f}pt"/>'
        "</style:style>"
        for n, share in enumerate(WIDTHS[number])
    )
    return (
        f'<style:style style:name="T{number}" style:family="table"><style:table-properties '
        f'style:width="{width:.2f}pt" table:align="left"/></style:style>{own}'
    )


def _fodt_table(number: int, rows: Rows) -> str:
    out = [f'<table:table table:style-name="T{number}">']
    out += [
        f'<table:table-column table:style-name="T{number}.{n}"/>'
        for n in range(len(WIDTHS[number]))
    ]
    for row in rows:
        out.append("<table:table-row>")
        for box in row:
            if box is None:
                out.append("<table:covered-table-cell/>")
                continue
            style = "V" if box.tall else "G"
            out.append(
                f'<table:table-cell table:style-name="{style}" '
                f'table:number-rows-spanned="{box.rows}" '
                f'table:number-columns-spanned="{box.columns}">'
                f'<text:p text:style-name="C">{box.text}</text:p></table:table-cell>'
            )
        out.append("</table:table-row>")
    return "".join([*out, "</table:table>"])


def render_libreoffice(variants: Sequence[Variant], folder: Path) -> None:
    """Render many at once: starting LibreOffice takes longer than ten documents."""
    with tempfile.TemporaryDirectory() as work:
        sources = []
        for variant in variants:
            source = Path(work, variant.name).with_suffix(".fodt")
            source.write_text(write_fodt(variant), encoding="utf-8")
            sources.append(str(source))
        command = ["soffice", f"-env:UserInstallation=file://{work}/user", "--headless"]
        command += ["--convert-to", "pdf", "--outdir", str(folder), *sources]
        subprocess.run(command, check=True, capture_output=True, timeout=600)


RENDERERS: dict[str, Callable[[Variant, Path], None]] = {
    "reportlab": render_reportlab,
    "chromium": render_chromium,
}


def render_all(variants: Sequence[Variant], folder: Path) -> None:
    """Render what is not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    missing = [v for v in variants if not (folder / v.name).exists()]
    office = [v for v in missing if v.producer == "libreoffice"]
    for start in range(0, len(office), 18):
        render_libreoffice(office[start : start + 18], folder)
    for variant in missing:
        if variant.producer != "libreoffice":
            RENDERERS[variant.producer](variant, folder / variant.name)


# -- what is read ---------------------------------------------------------------------------


@dataclass
class Outcome:
    """How one variant was read; a cell is right, marked, or wrong without a mark."""

    right: int = 0
    marked: int = 0
    wrong: int = 0
    fell_back: str = ""
    notes: tuple[str, ...] = ()


def read_variant(variant: Variant, path: Path) -> Outcome:
    """Read a variant by the whole way and compare it, cell for cell, with what was printed."""
    _, _, numbers = compose(variant)
    result = read_report(path)
    outcome = Outcome()
    doubts = load_doubt_words()  # in a cell's note: its row or column is not sure
    notes = []
    cells = {cell.key: cell for cell in result.cells}
    for key, number in numbers.items():
        cell = cells.get(key)
        if cell is not None and (cell.value == number or (cell.state == "blank" and number == 0)):
            outcome.right += 1
        elif (
            cell is None
            or cell.state in ("unreadable", "absent")
            or any(word in cell.note for word in doubts)
        ):
            outcome.marked += 1
            notes.append(f"{key}: {cell and cell.state}, printed {number}")
        else:
            outcome.wrong += 1
            notes.append(f"{key}: {cell.raw!r} ({cell.state}), printed {number}")
    outcome.fell_back = next(
        (f.message for f in result.findings if f.code == "read_by_reference"), ""
    )
    outcome.notes = tuple(notes)
    return outcome


def main(folder: Path) -> None:
    variants = list_variants()
    render_all(variants, folder)
    total: dict[str, Counter[str]] = {}
    began = time.monotonic()
    with (folder / "outcomes.jsonl").open("w", encoding="utf-8") as file:
        for variant in variants:
            if not (folder / variant.name).exists():
                sys.stdout.write(f"not rendered: {variant.name}\n")
                continue
            outcome = read_variant(variant, folder / variant.name)
            own = total.setdefault(variant.producer, Counter())
            own.update(
                files=1, right=outcome.right, marked=outcome.marked, wrong=outcome.wrong,
                fell_back=bool(outcome.fell_back),
            )  # fmt: skip
            line = {"name": variant.name, **asdict(outcome)}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    for producer, own in total.items():
        sys.stdout.write(f"{producer}: {dict(own)}\n")
    sys.stdout.write(f"{time.monotonic() - began:.0f} s\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
