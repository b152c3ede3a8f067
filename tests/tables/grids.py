"""Print tables as ruled grids, page by page, and as the markup that has such grids."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from nlp.documents import Block, Grid, GridCell, Line, Page, Pages
from tests.tables.synthetic import LabelledRow, Tables

CORNER = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
HEADINGS = {
    "一": "一、总体情况",
    "二": "二、主动公开政府信息情况",
    "三": "三、收到和处理政府信息公开申请情况",
    "四": "四、政府信息公开行政复议、行政诉讼情况",
    "五": "五、存在的主要问题及改进情况",
    "六": "六、其他需要报告的事项",
}
INTRODUCTION = "本年度我县按规定公开政府信息，全年工作平稳有序，各项任务按期完成。"


@dataclass
class Slot:
    """A cell of a table that is not yet cut into pages."""

    row: int
    column: int
    text: str
    rowspan: int = 1
    colspan: int = 1
    value: bool = False


@dataclass
class Matrix:
    """A table with its merged cells, and how many rows its header has."""

    rows: int
    columns: int
    slots: list[Slot]
    header: int = 0

    def add(self, *args: object, **named: object) -> None:
        self.slots.append(Slot(*args, **named))  # type: ignore[arg-type]


@dataclass
class Look:
    """How grids are printed."""

    boxes: bool = True
    labels: int = 3  # physical columns under the labels of table three
    vertical: bool = False
    breaks: tuple[int, ...] = ()
    repeat: bool = False  # header again on the next page
    cut: str = ""  # "row": the row above the break is cut in two; "group": its merged label
    values_below: bool = False
    empty_column: int | None = None
    lost_header: str = ""  # one header cell printed empty
    unmerged: bool = False  # merged label cells printed as separate empty cells
    ragged: bool = False  # colspan differs from row to row
    repeat_group: bool = False  # the merged label is printed again on the next page
    one_grid: str = ""  # "": as in the form; "two": table two a grid; "blocks"; "all"
    wrap: int = 0  # characters a line in label cells
    narrow: bool = False  # digits wrapped in narrow cells


def _vertical(text: str, look: Look) -> str:
    return "\n".join(text) if look.vertical else text


def block_matrix(tables: Tables, index: int, clause: bool = True) -> Matrix:
    block = tables.blocks[index]
    width = 1 + len(block.columns)
    matrix = Matrix(0, width, [])
    row = 0
    if clause:
        matrix.add(0, 0, block.clause, 1, width)
        row = 1
    for at, text in enumerate(("信息内容", *block.columns)):
        matrix.add(row, at, text)
    for own in block.rows:
        row += 1
        matrix.add(row, 0, own.label)
        for at, cell in enumerate(own.cells, 1):
            matrix.add(row, at, cell.text, value=True)
    matrix.rows = row + 1
    return matrix


def requests_matrix(tables: Tables, look: Look) -> Matrix:
    first = look.labels
    matrix = Matrix(0, first + 7, [], header=3)
    names = [tables.applicants[i] for i in tables.order]
    shown = ["" if look.lost_header == name else _vertical(name, look) for name in names]
    matrix.add(0, 0, CORNER, 3, first)
    matrix.add(0, first, "申请人情况", 1, 7)
    matrix.add(1, first, shown[0], 2)
    matrix.add(1, first + 1, "法人或其他组织", 1, 5)
    for at in range(1, 6):
        matrix.add(2, first + at, shown[at])
    matrix.add(1, first + 6, shown[6], 2)
    row = 3
    inside = [r.no for r in tables.requests if r.no.startswith("3.")]
    if inside and first > 1:
        matrix.add(
            row + sum(r.no in ("1", "2") for r in tables.requests), 0,
            _vertical("三、本年度办理结果", look), len(inside),
        )  # fmt: skip
    start = 0
    for at, own in enumerate(tables.requests):
        if own.group and (at == 0 or tables.requests[at - 1].group != own.group):
            start = at
            size = sum(r.group == own.group for r in tables.requests[at:])
            if first > 2:
                matrix.add(row, 1, own.group, size)
        if not own.no.startswith("3."):
            matrix.add(row, 0, own.label, 1, first)
        elif not own.group:
            matrix.add(row, min(1, first - 1), own.label, 1, max(1, first - 1))
        else:
            prefix = own.group if first <= 2 and start == at else ""
            column = 2 if first > 2 else first - 1
            matrix.add(row, column, prefix + own.label, 1, max(1, first - column))
        for offset, source in enumerate(tables.order):
            text = own.cells[source].text
            if look.narrow and len(text) >= 3 and text.isdigit():
                text = text[:2] + "\n" + text[2:]
            matrix.add(row, first + offset, text, value=True)
        row += 1
    matrix.rows = row
    if look.wrap:
        for slot in matrix.slots:
            if not slot.value and not look.vertical and slot.row >= 3:
                step = look.wrap if slot.colspan == 1 else look.wrap * 2
                slot.text = "\n".join(
                    slot.text[i : i + step] for i in range(0, len(slot.text), step)
                )
    return matrix


def review_matrix(tables: Tables, look: Look) -> Matrix:
    matrix = Matrix(4, 15, [], header=3)
    matrix.add(0, 0, "行政复议", 1, 5)
    matrix.add(0, 5, "行政诉讼", 1, 10)
    matrix.add(1, 5, "未经复议直接起诉", 1, 5)
    matrix.add(1, 10, "复议后起诉", 1, 5)
    for at, name in enumerate(("结果维持", "结果纠正", "其他结果", "尚未审结", "总计") * 3):
        matrix.add(1 if at < 5 else 2, at, _vertical(name, look), 2 if at < 5 else 1)
    for at, cell in enumerate(tables.review):
        matrix.add(3, at, cell.text, value=True)
    return matrix


def stack(parts: Sequence[Matrix]) -> Matrix:
    """Put tables under each other in one grid of common columns."""
    columns = max(m.columns for m in parts)
    whole = Matrix(0, columns, [])
    for part in parts:
        edges = [round(i * columns / part.columns) for i in range(part.columns + 1)]
        for slot in part.slots:
            left, right = edges[slot.column], edges[slot.column + slot.colspan]
            whole.slots.append(
                replace(slot, row=slot.row + whole.rows, column=left, colspan=max(1, right - left))
            )
        whole.rows += part.rows
    return whole


def _widen(matrix: Matrix, at: int) -> None:
    """Slip an empty column in at ``at`` (a rule drawn twice)."""
    for slot in matrix.slots:
        if slot.column >= at:
            slot.column += 1
        elif slot.column + slot.colspan > at:
            slot.colspan += 1
    matrix.columns += 1
    covered = {s.row + i for s in matrix.slots for i in range(s.rowspan)
               if s.column <= at < s.column + s.colspan}  # fmt: skip
    for row in range(matrix.rows):
        if row not in covered:
            matrix.add(row, at, "")


def _ragged(matrix: Matrix, rng: Random) -> None:
    """Give each data row spans of its own over a finer set of columns."""
    for row in range(matrix.header, matrix.rows):
        values = sorted((s for s in matrix.slots if s.row == row and s.value),
                        key=lambda s: s.column)  # fmt: skip
        if not values:
            continue
        shift = 0
        for slot in values:
            extra = rng.choice((0, 0, 1))
            slot.column += shift
            slot.colspan += extra
            shift += extra


def _text_after_cut(slot: Slot, cut: str) -> tuple[str, str]:
    text = slot.text.replace("\n", "")
    half = max(3, len(text) // 2)
    if cut and len(text) > 4:
        return text[:half], text[half:]
    return slot.text, ""


def to_grids(matrix: Matrix, look: Look, page: int, number: int, rng: Random) -> list[Grid]:
    """Cut a table at the breaks (rows of it) and give a grid for every page."""
    if look.empty_column is not None:
        _widen(matrix, min(look.empty_column, matrix.columns))
    if look.ragged:
        _ragged(matrix, rng)
    columns = max(s.column + s.colspan for s in matrix.slots)
    edges = [60.0]
    for at in range(columns):
        edges.append(edges[-1] + (2.0 if at == look.empty_column else 30.0))
    bounds = [0, *[b for b in look.breaks if 0 < b < matrix.rows], matrix.rows]
    grids: list[Grid] = []
    for index, (start, stop) in enumerate(itertools.pairwise(bounds)):
        cells: list[GridCell] = []
        head = matrix.header if index and look.repeat else 0
        if head:
            cells += [
                GridCell(s.row, s.column, s.text, page, None, s.rowspan, s.colspan)
                for s in matrix.slots
                if s.row < head
            ]
        # A row cut in two by the page break stands on both pages.
        torn = look.cut == "row" and index > 0
        shift = head - start + (1 if torn else 0)
        for slot in matrix.slots:
            top, bottom = max(slot.row, start), min(slot.row + slot.rowspan, stop)
            text = slot.text
            last = slot.row + slot.rowspan - 1
            if look.cut == "row" and stop < matrix.rows and last == stop - 1 >= slot.row >= start:
                if slot.value and look.values_below:
                    text = ""
                elif not slot.value and slot.rowspan == 1:
                    text = _text_after_cut(slot, "row")[0]
            if top < bottom:
                if slot.row < start:
                    text = slot.text if look.repeat_group else ""
                    if look.cut == "group":
                        text = _text_after_cut(slot, "group")[1]
                elif look.cut == "group" and slot.row + slot.rowspan > stop:
                    text = _text_after_cut(slot, "group")[0]
                cells.append(
                    GridCell(
                        top + shift, slot.column, text, page + index, None, bottom - top,
                        slot.colspan,
                    )
                )  # fmt: skip
            if torn and slot.row <= start - 1 <= last:
                lower = "" if slot.rowspan > 1 else _text_after_cut(slot, "row")[1]
                if slot.value:
                    lower = slot.text if look.values_below else ""
                if slot.rowspan == 1:
                    cells.append(
                        GridCell(head, slot.column, lower, page + index, None, 1, slot.colspan)
                    )
        rows = stop - start + head + (1 if torn else 0)
        placed = [_boxed(replace(c, page=page + index), edges, look.boxes) for c in cells]
        if look.unmerged:
            placed = [part for cell in placed for part in _unmerge(cell)]
        grids.append(Grid(page + index, number + index, rows, columns, tuple(placed)))
    return grids


def _boxed(cell: GridCell, edges: Sequence[float], boxes: bool) -> GridCell:
    if not boxes:
        return cell
    top = 100.0 + 18 * cell.row
    box = (edges[cell.column], top, edges[cell.column + cell.colspan], top + 18 * cell.rowspan)
    return replace(cell, box=box)


def _unmerge(cell: GridCell) -> list[GridCell]:
    """A merged cell as rows of their own: the text above, empty cells below."""
    if cell.rowspan == 1:
        return [cell]
    parts = []
    for step in range(cell.rowspan):
        box = cell.box
        if box:
            box = (box[0], box[1] + 18 * step, box[2], box[1] + 18 * (step + 1))
        text = cell.text if step == 0 else ""
        parts.append(replace(cell, row=cell.row + step, rowspan=1, text=text, box=box))
    return parts


def matrices(tables: Tables, look: Look) -> list[tuple[str, Matrix]]:
    """The report's grids in order, each with the section that it stands in."""
    blocks = [block_matrix(tables, i) for i in range(len(tables.blocks))]
    three, four = requests_matrix(tables, look), review_matrix(tables, look)
    if look.one_grid == "all":
        whole = stack([*blocks, three, four])
        return [("二", whole)]
    if look.one_grid == "blocks":
        return [*(("二", block) for block in blocks), ("三", three), ("四", four)]
    return [("二", stack(blocks)), ("三", three), ("四", four)]


def as_pages(tables: Tables, look: Look, rng: Random) -> Pages:
    """The report as a reader of ruled PDFs would give it."""
    pages: dict[int, list[Block]] = {1: []}
    page, line = 1, 1

    def say(text: str) -> None:
        nonlocal line
        box = (90.0, 60.0 + line, 90.0 + 10 * len(text), 72.0 + line) if look.boxes else None
        pages.setdefault(page, []).append(Line(text, page, line, box, 12.0, True))
        line += 1

    say(tables.title)
    say(HEADINGS["一"])
    say(INTRODUCTION)
    section, number = "一", 1
    for name, matrix in matrices(tables, look):
        while section < name and section != name:
            section = "一二三四五六"["一二三四五六".index(section) + 1]
            say(HEADINGS[section])
            if section == name:
                break
        own = look if matrix.header == 3 or look.one_grid == "all" else replace(look, breaks=())
        if matrix.columns == 15 and look.one_grid != "all":
            own = replace(own, breaks=(3,) if 99 in look.breaks else (), cut="", repeat=False,
                          empty_column=None, ragged=False)  # fmt: skip
        if matrix.header != 3 and look.one_grid != "all":
            own = replace(own, empty_column=None, ragged=False)
        for grid in to_grids(matrix, own, page, number, rng):
            page = grid.page
            pages.setdefault(page, []).append(grid)
            number += 1
    for name in "五六":
        say(HEADINGS[name])
        say("无。")
    done = tuple(Page(n, tuple(blocks), 595.0, 842.0) for n, blocks in sorted(pages.items()))
    return Pages("测试.pdf", "pdf", "0" * 64, "synthetic", done)


def html_table(matrix: Matrix, rng: Random, ragged: bool = False) -> str:
    """A table as HTML; ``ragged`` lets a value's colspan differ from row to row."""
    rows: list[str] = []
    for row in range(matrix.rows):
        cells = []
        for slot in sorted((s for s in matrix.slots if s.row == row), key=lambda s: s.column):
            span = slot.colspan + (1 if ragged and slot.value and rng.random() < 0.3 else 0)
            spans = f' rowspan="{slot.rowspan}"' if slot.rowspan > 1 else ""
            spans += f' colspan="{span}"' if span > 1 else ""
            text = slot.text.replace("\n", "<br>") or rng.choice(("", "&nbsp;"))
            cells.append(f"<td{spans}><p>{text}</p></td>")
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table border=1>{''.join(rows)}</table>"


def as_html(tables: Tables, look: Look, rng: Random, style: str = "") -> bytes:
    parts = [f"<h1>{tables.title}</h1><p>{HEADINGS['一']}</p><p>{INTRODUCTION}</p>"]
    section = "一"
    for name, matrix in matrices(tables, look):
        if look.empty_column is not None and matrix.header == 3:
            _widen(matrix, min(look.empty_column, matrix.columns))
        while section != name:
            section = "一二三四五六"["一二三四五六".index(section) + 1]
            parts.append(f"<p>{HEADINGS[section]}</p>")
        parts.append(html_table(matrix, rng, look.ragged))
    parts += [f"<p>{HEADINGS['五']}</p><p>无。</p><p>{HEADINGS['六']}</p><p>无。</p>"]
    head = f'<meta charset="utf-8"><title>{tables.title}</title><style>{style}</style>'
    return f"<html><head>{head}</head><body>{''.join(parts)}</body></html>".encode()


def as_markdown(tables: Tables, look: Look) -> bytes:
    """Pipe tables as rectangles; a span leaves its further cells empty."""
    parts = [f"# {tables.title}", f"## {HEADINGS['一']}", INTRODUCTION]
    section = "一"
    for name, matrix in matrices(tables, look):
        while section != name:
            section = "一二三四五六"["一二三四五六".index(section) + 1]
            parts.append(f"## {HEADINGS[section]}")
        grid = [[""] * matrix.columns for _ in range(matrix.rows)]
        for slot in matrix.slots:
            grid[slot.row][slot.column] = slot.text.replace("\n", "")
        lines = [f"|{'|'.join(row)}|" for row in grid]
        lines.insert(1, "|" + "---|" * matrix.columns)
        parts.append("\n".join(lines))
    parts += [f"## {HEADINGS['五']}", "无。", f"## {HEADINGS['六']}", "无。"]
    return "\n\n".join(parts).encode()


def as_docx(tables: Tables, look: Look) -> bytes:
    """A Word file with merged cells."""
    import io

    import docx

    document = docx.Document()
    document.add_paragraph(tables.title)
    document.add_paragraph(HEADINGS["一"])
    document.add_paragraph(INTRODUCTION)
    section = "一"
    for name, matrix in matrices(tables, look):
        while section != name:
            section = "一二三四五六"["一二三四五六".index(section) + 1]
            document.add_paragraph(HEADINGS[section])
        table = document.add_table(matrix.rows, matrix.columns)
        table.style = "Table Grid"
        rows = [row.cells for row in table.rows]
        for slot in matrix.slots:
            cell = rows[slot.row][slot.column]
            if slot.rowspan > 1 or slot.colspan > 1:
                last = rows[slot.row + slot.rowspan - 1][slot.column + slot.colspan - 1]
                cell = cell.merge(last)
            cell.text = slot.text
        document.add_paragraph("")
    for name in "五六":
        document.add_paragraph(HEADINGS[name])
        document.add_paragraph("无。")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def drop_labels(rows: Sequence[LabelledRow]) -> list[LabelledRow]:
    """Rows of which only the numbers are left."""
    return [replace(row, label="", group="") for row in rows]
