"""Read the three statutory tables of a report: which of grids and lines, and what was odd."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nlp.documents import AnnualReport, Cell, Finding
from nlp.form import Form, fold_label, label_likeness, load_form
from nlp.tables.align import (
    AlignedRow,
    PrintedRow,
    RawValue,
    choose_rows,
    mark_strays,
    vary_rows,
)
from nlp.tables.cells import (
    NUMBERS,
    doubtful_cell,
    foreign_column,
    make_cell,
    wrong_count,
)
from nlp.tables.disclosure import read_disclosure
from nlp.tables.linear import (
    Token,
    find_foreign_head,
    group_rows,
    printed_order,
    split_glued_zeros,
    split_tables,
    table_paragraphs,
    tokenize,
)
from nlp.tables.missing import before_lost_labels, unprinted_cells
from nlp.tables.notes import describe_rows, describe_tables, wording
from nlp.tables.repeated import conflicting_rows
from nlp.tables.requests import request_rows
from nlp.tables.review import read_review
from nlp.tables.rows import GridRow, name_tables
from nlp.tables.settle import (
    doubt_joined_numbers,
    place_totals,
    settle_blanks,
    settle_short_rows,
    sums_hold,
)
from nlp.tables.values import parse_value

_OTHER_ORDER = "栏名的次序与格式不同，按印出的栏名推定"
_UNKNOWN_ORDER = "栏名的次序与格式不同，无法确定各数在哪一栏"
_MISCOUNTED = "各行印出的数个数不一，本行各数之和与总计不符，无法确定各在哪一栏"
_CUT = "本行在分页处断开，下页第一行对不上格式，无法确定各数是否完整"
_LOST_LABEL = "下一行的行名没有印出，无法确定各数是本行的还是下一行的"
_EXACT = 1e-6
_GROUP_HEAD = "法人或其他组织"
_SAME_HEAD = 0.7
# Fewer rows found in grids than this: the table is looked for in the lines.
_FEW_ROWS = 3


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
    cells = read_disclosure(grids["2"], lines["2"], form)
    cells += _read_requests(grids["3"], lines["3"], form, findings)
    lost = _are_blanks_lost(lines["3"], form)
    cells += read_review(grids["4"], lines["4"], form, blanks_lost=lost)
    findings += describe_tables(cells, NUMBERS)
    settled = doubt_joined_numbers(settle_blanks(cells, form), form)
    return TableReading(tuple(settled), tuple(findings))


def _are_blanks_lost(tokens: Sequence[Token], form: Form) -> bool:
    """Tell whether rows of table three in lines have fewer numbers than columns."""
    width = len(form.applicants)
    return any(0 < len(split_glued_zeros(r.values, width)) < width for r in group_rows(tokens))


def _read_requests(
    parts: Sequence[Sequence[GridRow]],
    tokens: Sequence[Token],
    form: Form,
    findings: list[Finding],
) -> list[Cell]:
    """Cells of section three."""
    printed = request_rows(parts, form)
    aligned = choose_rows(printed, form.requests, form.request_alternatives)
    found = sum(item.printed is not None for item in aligned)
    if found < len(aligned) and any(t.is_value for t in tokens):
        lines = mark_strays(group_rows(tokens), wording(form))
        if found >= _FEW_ROWS:
            # A page of the table has no rules: put its rows where the page belongs.
            lines = sorted([*printed, *lines], key=lambda row: row.page)
        other = choose_rows(lines, form.requests, form.request_alternatives)
        if sum(item.printed is not None for item in other) > found:
            printed, aligned = lines, other
            found = sum(item.printed is not None for item in aligned)
    if not found:
        counted = _rows_by_count(tokens, form)
        printed, aligned = counted if counted else (printed, aligned)
    findings.extend(describe_rows(printed, aligned))
    return _fill_cells(printed, aligned, form)


def _rows_by_count(
    tokens: Sequence[Token], form: Form
) -> tuple[list[PrintedRow], list[AlignedRow]] | None:
    """Rows of a table that lost its labels: by count, where the arithmetic proves it."""
    values = [
        RawValue(t.text, t.page, t.box, t.line) for t in tokens if t.is_value and t.text.strip()
    ]
    width = len(form.applicants)
    for rows in (list(form.requests), vary_rows(form.requests, form.request_alternatives)):
        if len(values) != width * len(rows):
            continue
        note = "行名缺失，按数字个数排定，勾稽关系成立"
        printed = [
            PrintedRow((), tuple(values[at : at + width]), True, values[at].page, note)
            for at in range(0, len(values), width)
        ]
        by_row = {row.no: p.values for row, p in zip(rows, printed, strict=True)}
        if not sums_hold(by_row, form):
            return None
        aligned = [
            AlignedRow(row, p, 1.0, "", at)
            for at, (row, p) in enumerate(zip(rows, printed, strict=True))
        ]
        return printed, aligned
    return None


def _header(printed: Sequence[PrintedRow], aligned: Sequence[AlignedRow]) -> list[str] | None:
    """Words above the first row of a table without rules."""
    first = next((item for item in aligned if item.printed is not None), None)
    if first is None or first.printed is None or not first.printed.wraps:
        return None
    header = [f for row in printed[: first.at] for f in row.labels]
    return [*header, *first.printed.labels[: first.first]]


def _column_order(
    printed: Sequence[PrintedRow], aligned: Sequence[AlignedRow], form: Form
) -> tuple[int, ...] | None:
    """The order of the columns as the header lines above the first row have it."""
    header = _header(printed, aligned)
    if header is None:
        return tuple(range(len(form.applicants)))
    # The 其他 of 法人或其他组织, misprinted or not, is no column.
    words = [f for f in header if label_likeness(fold_label(f), _GROUP_HEAD) < _SAME_HEAD]
    text = fold_label("".join(words)).replace(_GROUP_HEAD, "").replace("其他组织", "")
    # 总计 stands above the five columns of 法人或其他组织, and always comes last.
    names = [c for c in form.applicants if c.key != "总计"]
    order = printed_order([text], names)
    return None if order is None else (*order, len(names))


def _fill_cells(
    printed: Sequence[PrintedRow], aligned: Sequence[AlignedRow], form: Form
) -> list[Cell]:
    columns = [column.key for column in form.applicants]
    width = len(columns)
    order = _column_order(printed, aligned, form)
    rows: dict[str, tuple[RawValue, ...]] = {}
    short: dict[str, tuple[RawValue, ...]] = {}
    notes: dict[str, str] = {}
    for item in aligned:
        if item.printed is None:
            continue
        values = _trim(split_glued_zeros(item.printed.values, width), width)
        notes[item.row.no] = "；".join(filter(None, (item.printed.note, item.doubt)))
        lined = item.printed.wraps
        if len(values) != width or not (item.printed.placed or lined) or (lined and not order):
            short[item.row.no] = values
            if lined and not order:
                notes[item.row.no] = _UNKNOWN_ORDER
            continue
        if lined and order and order != tuple(range(width)):
            values = tuple(values[order.index(at)] for at in range(width))
            notes[item.row.no] = _OTHER_ORDER
        rows[item.row.no] = values
    guessed = _unproved(aligned, rows, form)
    guessed |= _cut_by_page(printed, aligned)
    miscounted = _miscounted(aligned, rows, short)
    notes |= dict.fromkeys(miscounted, _MISCOUNTED)
    guessed |= miscounted
    lost = before_lost_labels(printed, aligned, form) - guessed
    notes |= dict.fromkeys(lost, _LOST_LABEL)
    guessed |= lost
    foreign = find_foreign_head(_header(printed, aligned) or ())
    if foreign:
        lined_rows = {i.row.no for i in aligned if i.printed is not None and i.printed.wraps}
        notes |= dict.fromkeys(lined_rows & rows.keys(), foreign_column(foreign))
        guessed |= lined_rows & rows.keys()
    for no in guessed & rows.keys():
        short[no] = rows.pop(no)
    usable = {no: v for no, v in short.items() if len(v) < width and no not in guessed}
    if order != tuple(range(width)):
        usable = {}
    placements = settle_short_rows(rows, usable, width, form)
    totals = place_totals(rows, usable, width, form)
    conflicts = conflicting_rows(printed, aligned)
    cells: list[Cell] = []
    for at, item in enumerate(aligned):
        no = item.row.no
        if no in conflicts:
            told = "本行印了两次而数不同，无法确定哪一次为准"
            cells += [doubtful_cell("三", no, column, conflicts[no], told) for column in columns]
        elif no in rows:
            cells += [
                make_cell("三", no, column, value, None, notes[no])
                for column, value in zip(columns, rows[no], strict=True)
            ]
        elif no in placements:
            cells += _placed_cells(no, columns, short[no], placements[no])
        elif no in short:
            told = notes[no] or _CUT if no in guessed else notes[no]
            told = told or wrong_count(width, len(short[no]))
            own = [doubtful_cell("三", no, column, short[no], told) for column in columns]
            if no in totals:
                last = short[no][-1]
                own[-1] = make_cell("三", no, columns[-1], last, None, "按勾稽关系推定为总计")
            cells += own
        else:
            cells += unprinted_cells(no, columns, printed, aligned, at)
    return cells


def _unproved(
    aligned: Sequence[AlignedRow], rows: Mapping[str, Sequence[RawValue]], form: Form
) -> set[str]:
    """Rows that were placed without a label of their own, where no sums prove the place."""
    guessed = {item.row.no for item in aligned if item.guess == "rival"}
    placed = {item.row.no for item in aligned if item.guess == "place"}
    return guessed if not placed or sums_hold(rows, form) else guessed | placed


def _cut_by_page(printed: Sequence[PrintedRow], aligned: Sequence[AlignedRow]) -> set[str]:
    """Rows at the end of a page whose rest may be a row that fits nowhere on the next one."""
    used = {item.at for item in aligned}
    found: set[str] = set()
    for item in aligned:
        lower = printed[item.at + 1] if 0 <= item.at < len(printed) - 1 else None
        if lower is None or item.printed is None or item.at + 1 in used:
            continue
        filled = sum(bool(value.text.strip()) for value in lower.values)
        if lower.page != item.printed.page and 0 < filled < len(lower.values) and lower.placed:
            found.add(item.row.no)
    return found


def _miscounted(
    aligned: Sequence[AlignedRow],
    rows: Mapping[str, Sequence[RawValue]],
    short: Mapping[str, Sequence[RawValue]],
) -> set[str]:
    """Rows of a text that have as many numbers as columns only by chance.

    Where blanks vanish or a foreign column adds numbers, the count of one row says nothing
    about its columns; its total has to.  Where every row has its full count, a total that is
    not the sum is the report's own error.
    """
    lined = {item.row.no for item in aligned if item.printed is not None and item.printed.wraps}
    if not lined & short.keys():
        return set()
    numbers = {no: [parse_value(v.text).value or 0 for v in rows[no]] for no in lined & rows.keys()}
    return {no for no, found in numbers.items() if abs(sum(found[:-1]) - found[-1]) > _EXACT}


def _trim(values: tuple[RawValue, ...], width: int) -> tuple[RawValue, ...]:
    """Drop empty cells before the values: merged label cells that were split."""
    extra = len(values) - width
    if extra > 0 and not any(v.text.strip() for v in values[:extra]):
        return values[extra:]
    return values


def _placed_cells(
    no: str, columns: Sequence[str], values: Sequence[RawValue], places: tuple[int, ...]
) -> list[Cell]:
    blank = RawValue("", values[0].page, None, values[0].line)
    note = "空白未印出，按勾稽关系确定在哪一栏"
    return [
        make_cell("三", no, column, values[places.index(at)] if at in places else blank, None, note)
        for at, column in enumerate(columns)
    ]
