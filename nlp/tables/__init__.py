"""Cells of sections two, three and four, by aligning what is printed with the form.

A ruled grid is read by position and label, linear text by label and count.  A value that
cannot be placed beyond doubt is ``unreadable`` with its candidates; it is never moved into
a neighbour's cell.  A table that is not in the file gives ``absent`` cells, not zeros.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from nlp.documents import AnnualReport, Cell, Finding
from nlp.form import Form, Row, fold_label, load_form, strip_ordinal
from nlp.tables.align import AlignedRow, PrintedRow, RawValue, align_rows, choose_rows
from nlp.tables.grids import GridRow, disclosure_rows, name_tables, request_rows, review_values
from nlp.tables.linear import (
    Token,
    group_rows,
    review_tokens,
    split_glued_zeros,
    split_tables,
    table_paragraphs,
    tokenize,
)
from nlp.tables.settle import settle_blanks, settle_short_rows
from nlp.tables.values import ParsedValue, parse_value

__all__ = ["ParsedValue", "TableReading", "parse_value", "read_tables"]

_NUMBERS = {"二": "2", "三": "3", "四": "4"}


@dataclass(frozen=True, slots=True)
class TableReading:
    """The cells of one report in the form's order, and what was odd about the tables."""

    cells: tuple[Cell, ...]
    findings: tuple[Finding, ...]


def read_tables(report: AnnualReport) -> TableReading:
    """Read every cell of the statutory tables of a report.

    Parameters
    ----------
    report : AnnualReport
        A report of the 2019 or 2021 form; a narrative report has no statutory tables.

    Returns
    -------
    TableReading
        One cell for every row and column of the edition (200 in the 2021 form; 186 where a
        single 其他处理 row is printed); empty for narrative reports.
    """
    if report.edition not in ("2021", "2019"):
        return TableReading((), ())
    form = load_form(report.edition)
    grids = name_tables([block.grid for block in report.tables], form)
    lines = split_tables(tokenize(report, table_paragraphs(report)))
    findings: list[Finding] = []
    cells: list[Cell] = []
    cells += _read_disclosure(grids["2"], lines["2"], form)
    cells += _read_requests(grids["3"], lines["3"], form, findings)
    cells += _read_review(grids["4"], lines["4"], form)
    for name in _NUMBERS:
        own = [cell for cell in cells if cell.section == name]
        if own and all(cell.state == "absent" for cell in own):
            findings.append(
                Finding(
                    "table_absent",
                    "warning",
                    f"第{name}部分的表格不在文件的文字里（可能是图片或已被删去），"
                    "其单元格记为缺失，不作零",
                )
            )
    return TableReading(tuple(settle_blanks(cells, form)), tuple(findings))


def _make_cell(
    section: str, row: str, column: str, raw: RawValue | None, unit: str | None, note: str = ""
) -> Cell:
    key = f"{_NUMBERS[section]}|{row}|{column}"
    if raw is None:
        return Cell(key, section, row, column, None, None, None, "absent", note=note)
    parsed = parse_value(raw.text)
    return Cell(
        key,
        section,
        row,
        column,
        raw.text,
        parsed.value,
        parsed.unit or (unit if parsed.value is not None else None),
        parsed.state,
        raw.page,
        raw.box,
        raw.line,
        (raw.text,) if parsed.state == "unreadable" else (),
        "；".join(filter(None, (note, parsed.note))),
    )


def _doubtful(section: str, row: str, column: str, values: Sequence[RawValue], note: str) -> Cell:
    """A cell whose value is printed somewhere in the row, but not beyond doubt here."""
    first = values[0] if values else None
    return Cell(
        f"{_NUMBERS[section]}|{row}|{column}",
        section,
        row,
        column,
        None,
        None,
        None,
        "unreadable",
        first.page if first else None,
        None,
        first.line if first else None,
        tuple(dict.fromkeys(v.text.strip() for v in values)),
        note,
    )


def _read_disclosure(
    parts: Sequence[Sequence[GridRow]], tokens: Sequence[Token], form: Form
) -> list[Cell]:
    """Cells of section two; a block's rows are found by label, its columns by header."""
    placed: dict[str, tuple[Row, dict[str, RawValue] | None, tuple[RawValue, ...]]] = {}
    for block_index, printed, values in disclosure_rows(parts, form):
        _, aligned = align_rows([printed], form.blocks[block_index].rows)
        for item in aligned:
            if item.printed is not None and item.row.no not in placed:
                placed[item.row.no] = (item.row, values, printed.values)
    rows = [row for block in form.blocks for row in block.rows]
    columns = {row.no: block.columns for block in form.blocks for row in block.rows}
    if not placed:
        _, aligned = align_rows(group_rows(tokens), rows)
        for item in aligned:
            if item.printed is None:
                continue
            wanted = columns[item.row.no]
            found = split_glued_zeros(item.printed.values, len(wanted))
            fits = len(found) == len(wanted)
            keyed = {c.key: v for c, v in zip(wanted, found, strict=True)} if fits else None
            placed[item.row.no] = (item.row, keyed, found)
    cells: list[Cell] = []
    for row in rows:
        for column in columns[row.no]:
            if row.no not in placed:
                cells.append(_make_cell("二", row.no, column.key, None, None))
                continue
            _, keyed, found = placed[row.no]
            if keyed is not None:
                cells.append(_make_cell("二", row.no, column.key, keyed[column.key], column.unit))
            else:
                expected = len(columns[row.no])
                note = f"本行应有 {expected} 个数，印出 {len(found)} 个，无法确定各在哪一栏"
                cells.append(_doubtful("二", row.no, column.key, found, note))
    return cells


def _read_requests(
    parts: Sequence[Sequence[GridRow]],
    tokens: Sequence[Token],
    form: Form,
    findings: list[Finding],
) -> list[Cell]:
    """Cells of section three."""
    printed = request_rows(parts, form)
    aligned = choose_rows(printed, form.requests, form.request_alternatives)
    linear = sum(item.printed is not None for item in aligned) < 3
    if linear:
        printed = group_rows(tokens)
        aligned = choose_rows(printed, form.requests, form.request_alternatives)
    if not any(item.printed for item in aligned):
        printed, aligned = [], [AlignedRow(row, None, 0.0, "") for row in form.requests]
    findings.extend(_odd_labels(aligned))
    findings.extend(_unplaced_rows(printed, aligned))
    columns = [column.key for column in form.applicants]
    width = len(columns)
    rows: dict[str, tuple[RawValue, ...]] = {}
    short: dict[str, tuple[RawValue, ...]] = {}
    for item in aligned:
        if item.printed is None:
            continue
        values = split_glued_zeros(item.printed.values, width)
        (rows if len(values) == width else short)[item.row.no] = values
    placements = settle_short_rows(rows, short, width, form)
    fragments = {fold_label(f) for row in printed for f in row.labels}
    cells: list[Cell] = []
    for item in aligned:
        no = item.row.no
        note = item.printed.note if item.printed else ""
        for at, column in enumerate(columns):
            if no in rows:
                cells.append(_make_cell("三", no, column, rows[no][at], None, note))
            elif no in placements:
                index = placements[no].index(at) if at in placements[no] else None
                raw = short[no][index] if index is not None else _blank(short[no][0])
                cells.append(
                    _make_cell("三", no, column, raw, None, "空白未印出，按勾稽关系确定在哪一栏")
                )
            elif no in short:
                told = f"本行应有 {width} 个数，印出 {len(short[no])} 个，无法确定各在哪一栏"
                cells.append(_doubtful("三", no, column, short[no], told))
            else:
                there = any(fold_label(strip_ordinal(f)[1]) in item.row.labels for f in fragments)
                cells.append(
                    replace(
                        _make_cell("三", no, column, None, None),
                        state="blank" if there else "absent",
                        raw="" if there else None,
                    )
                )
    return cells


def _blank(like: RawValue) -> RawValue:
    return RawValue("", like.page, None, like.line)


def _odd_labels(aligned: Sequence[AlignedRow]) -> list[Finding]:
    found: list[Finding] = []
    for item in aligned:
        folded = fold_label(item.label)
        if item.printed is not None and folded and folded not in item.row.labels:
            found.append(
                Finding(
                    "row_label_differs",
                    "info",
                    f"表三 {item.row.no} 行的行名印为“{item.label}”，格式规定为“{item.row.label}”",
                    item.printed.page,
                )
            )
    return found


def _unplaced_rows(printed: Sequence[PrintedRow], aligned: Sequence[AlignedRow]) -> list[Finding]:
    used = {id(item.printed) for item in aligned if item.printed is not None}
    taken = {item.printed.values for item in aligned if item.printed is not None}
    found: list[Finding] = []
    for row in printed:
        numbers = [v.text.strip() for v in row.values if v.text.strip()]
        if id(row) in used or row.values in taken or not numbers:
            continue
        label = "".join(row.labels)[-30:]
        found.append(
            Finding(
                "row_unknown",
                "warning",
                f"表三有一行对不上格式：行名“{label}”，数值 {'、'.join(numbers[:10])}",
                row.page,
            )
        )
    return found


def _read_review(
    parts: Sequence[Sequence[GridRow]], tokens: Sequence[Token], form: Form
) -> list[Cell]:
    """Cells of section four."""
    columns = form.review_columns()
    found = review_values(parts, form)
    if found is None:
        values = review_tokens(tokens)
        found = (list(split_glued_zeros(values, len(columns))), False) if values else None
        if found is not None:
            found = (found[0], len(found[0]) == len(columns))
    if found is None:
        return [_make_cell("四", form.review_row, column, None, None) for column in columns]
    values, placed = found
    if placed:
        return [
            _make_cell("四", form.review_row, column, value, None)
            for column, value in zip(columns, values, strict=True)
        ]
    note = f"本表应有 {len(columns)} 个数，印出 {len(values)} 个，无法确定各在哪一栏"
    return [_doubtful("四", form.review_row, column, values, note) for column in columns]
