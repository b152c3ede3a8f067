"""Use the form's own sums to settle what blanks mean, and where too few numbers belong.

Nothing is corrected here: a placement is taken only when it is the single one that the
sums allow, and a blank counts as zero only when the sums hold with it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations, product
from math import prod

from nlp.documents import Cell
from nlp.form import Form
from nlp.tables.align import RawValue
from nlp.tables.values import parse_value

_BLANKS = frozenset({"blank", "slash", "dash", "none"})
# Joint placements beyond this are not tried: such a table is unreadable, not a puzzle.
_MAX_JOINT = 20_000
_ZERO = 1e-6
_APART = re.compile(r"(?<=[\d.,])\s+(?=[\d.,])")


def place_short_row(values: Sequence[RawValue], width: int) -> list[tuple[int, ...]]:
    """Give every way to place too few numbers in a row whose last column is the sum.

    Parameters
    ----------
    values : sequence of RawValue
        Fewer than ``width`` numbers, in printed order; blanks have vanished.
    width : int
        Number of columns; the last one is the sum of the others.

    Returns
    -------
    list of tuple of int
        Column numbers for the values, in order; empty when the sum rules them all out.
    """
    numbers = [parse_value(v.text).value for v in values]
    if len(numbers) < 2 or any(n is None for n in numbers):
        return []
    *parts, total = [n for n in numbers if n is not None]
    if abs(sum(parts) - total) > 1e-9:
        return []
    places: list[tuple[int, ...]] = []

    def extend(taken: tuple[int, ...]) -> None:
        if len(taken) == len(parts):
            places.append((*taken, width - 1))
            return
        for column in range(taken[-1] + 1 if taken else 0, width - 1):
            extend((*taken, column))

    extend(())
    return places


def _column_holds(rows: Mapping[str, Sequence[float]], at: int) -> bool:
    """一 + 二 = 三（七）+ 四 and （七） = the sum of its parts, in one column."""
    parts = sum(values[at] for no, values in rows.items() if no.startswith("3.") and no != "3.7")
    total = rows.get("3.7")
    if total is None or abs(parts - total[at]) > _ZERO:
        return False
    if not {"1", "2", "4"} <= rows.keys():
        return False
    return abs(rows["1"][at] + rows["2"][at] - total[at] - rows["4"][at]) <= _ZERO


def settle_short_rows(
    rows: Mapping[str, Sequence[RawValue]],
    short: Mapping[str, Sequence[RawValue]],
    width: int,
    form: Form,
) -> dict[str, tuple[int, ...]]:
    """Place rows with too few numbers where the sums leave a single possibility.

    Parameters
    ----------
    rows, short : mapping of row number to values
        Rows with all their numbers, and rows with fewer.
    width : int
        Number of columns, the last being the sum of the others.
    form : Form
        Tells which rows the table needs for its column sums.

    Returns
    -------
    dict
        Row number → column of each value; rows that stay in doubt are left out.
    """
    options = {no: place_short_row(values, width) for no, values in short.items()}
    settled = {no: places[0] for no, places in options.items() if len(places) == 1}
    open_rows = {no: places for no, places in options.items() if no not in settled}
    if not open_rows or any(not places for places in open_rows.values()):
        return settled
    if prod(len(places) for places in open_rows.values()) > _MAX_JOINT:
        return settled
    numbers: dict[str, list[float]] = {}
    for no, values in rows.items():
        parsed = [parse_value(v.text) for v in values]
        if any(p.value is None and p.state not in _BLANKS for p in parsed):
            return settled
        numbers[no] = [float(p.value or 0) for p in parsed]

    def spread(no: str, places: tuple[int, ...]) -> list[float]:
        line = [0.0] * width
        for place, value in zip(places, short[no], strict=True):
            line[place] = float(parse_value(value.text).value or 0)
        return line

    fixed = {no: spread(no, places) for no, places in settled.items()}
    needed = {row.no for row in form.requests if not row.no.startswith("3.6")}
    if not needed <= numbers.keys() | short.keys():
        return settled
    fitting: list[dict[str, tuple[int, ...]]] = []
    names = list(open_rows)
    for choice in product(*open_rows.values()):
        trial = {
            **numbers,
            **fixed,
            **{n: spread(n, c) for n, c in zip(names, choice, strict=True)},
        }
        if all(_column_holds(trial, at) for at in range(width)):
            fitting.append(dict(zip(names, choice, strict=True)))
    return {**settled, **fitting[0]} if len(fitting) == 1 else settled


def settle_blanks(cells: Sequence[Cell], form: Form) -> list[Cell]:
    """Let blanks, slashes, dashes and 无 count as 0 where the sums hold with it.

    A table without a single number stays blank.  ``state`` keeps what is printed.
    """
    settled: list[Cell] = []
    for section in ("三", "四"):
        own = {(c.row, c.column): c for c in cells if c.section == section}
        numbers = {
            place: 0.0 if c.state in _BLANKS else c.value
            for place, c in own.items()
            if c.state in _BLANKS or c.value is not None
        }
        some = any(c.state in ("number", "zero") for c in own.values())
        sums = _sums(own, form) if section == "三" else _review_sums(form)
        for place, cell in own.items():
            if cell.state in _BLANKS and some and _all_hold(place, sums, numbers):
                cell = replace(cell, value=0)
            settled.append(cell)
    return [c for c in cells if c.section == "二"] + settled


def doubt_joined_numbers(cells: Sequence[Cell], form: Form) -> list[Cell]:
    """Take digits that are printed apart for one number only where nothing speaks against it.

    3 over 5 in one cell is 35 wrapped, or two numbers; 1 136 is set off by thousands, or two
    numbers of which one has left its own cell blank.  A sum that holds with the whole number
    proves it.  Where no sum can be tested, lines break by themselves only in PDFs (the others
    have no boxes), and thousands are set off where no cell of the row is blank.
    """
    sums = {"三": _sums({(c.row, c.column): c for c in cells if c.section == "三"}, form)}
    sums["四"] = _review_sums(form)
    values = {
        section: {
            (c.row, c.column): 0.0 if c.state in _BLANKS else c.value
            for c in cells
            if c.section == section and (c.state in _BLANKS or c.value is not None)
        }
        for section in ("二", "三", "四")
    }
    blank = {(c.section, c.row) for c in cells if c.state == "blank"}
    settled: list[Cell] = []
    for cell in cells:
        apart = cell.raw is not None and _APART.search(cell.raw.strip())
        if not apart or cell.value is None:
            settled.append(cell)
            continue
        held = _outcomes((cell.row, cell.column), sums.get(cell.section, ()), values[cell.section])
        if "\n" in apart.group():
            sure = any(held) or (not held and cell.box is not None)
        else:
            sure = any(held) or (not held and (cell.section, cell.row) not in blank)
        note = "格内的数字分开印，无法确定是一个数还是两个数"
        settled.append(
            cell
            if sure
            else replace(
                cell,
                value=None,
                unit=None,
                state="unreadable",
                candidates=(cell.raw or "",),
                note=note,
            )
        )
    return settled


_Place = tuple[str, str]
_Sum = tuple[tuple[_Place, ...], tuple[_Place, ...]]


def _sums(own: Mapping[_Place, Cell], form: Form) -> list[_Sum]:
    columns = [column.key for column in form.applicants]
    rows = list(dict.fromkeys(row for row, _ in own))
    sums: list[_Sum] = [
        (tuple((row, c) for c in columns[:-1]), ((row, columns[-1]),)) for row in rows
    ]
    parts = [row for row in rows if row.startswith("3.") and row != "3.7"]
    for column in columns:
        sums.append((tuple((row, column) for row in parts), (("3.7", column),)))
        sums.append(((("1", column), ("2", column)), (("3.7", column), ("4", column))))
    return sums


def _review_sums(form: Form) -> list[_Sum]:
    row = form.review_row
    return [
        (
            tuple((row, f"{group.key}.{result}") for result in form.results[:-1]),
            ((row, f"{group.key}.{form.results[-1]}"),),
        )
        for group in form.review_groups
    ]


def _outcomes(
    place: _Place, sums: Sequence[_Sum], numbers: Mapping[_Place, float | int | None]
) -> list[bool]:
    """For each sum that a place takes part in and that can be tested: whether it holds."""
    found: list[bool] = []
    for left, right in sums:
        if place not in left and place not in right:
            continue
        if any(numbers.get(p) is None for p in (*left, *right)):
            continue
        gap = sum(numbers[p] or 0 for p in left) - sum(numbers[p] or 0 for p in right)
        found.append(abs(gap) <= _ZERO)
    return found


def _all_hold(
    place: _Place, sums: Sequence[_Sum], numbers: Mapping[_Place, float | int | None]
) -> bool:
    """Every sum that the place takes part in holds, and at least one can be tested."""
    found = _outcomes(place, sums, numbers)
    return bool(found) and all(found)


def place_review(values: Sequence[RawValue], size: int, width: int) -> dict[int, int] | None:
    """Place too few numbers of table four, where the sums of its groups leave one way.

    Returns
    -------
    dict or None
        Column → index of the value; None when there is no way, or more than one.
    """
    numbers = [parse_value(v.text).value for v in values]
    if not 2 <= len(numbers) < width or any(n is None for n in numbers):
        return None
    fitting: list[tuple[int, ...]] = []
    for columns in combinations(range(width), len(numbers)):
        line = [0.0] * width
        for column, value in zip(columns, numbers, strict=True):
            line[column] = float(value or 0)
        starts = range(0, width, size)
        if all(abs(sum(line[s : s + size - 1]) - line[s + size - 1]) < _ZERO for s in starts):
            fitting.append(columns)
            if len(fitting) > 1:
                return None
    return {c: i for i, c in enumerate(fitting[0])} if fitting else None


def sums_hold(rows: Mapping[str, Sequence[RawValue]], form: Form) -> bool:
    """Tell whether every row's total and every column's identities hold."""
    numbers: dict[str, list[float]] = {}
    for no, values in rows.items():
        parsed = [parse_value(v.text) for v in values]
        if any(p.value is None and p.state not in _BLANKS for p in parsed):
            return False
        numbers[no] = [float(p.value or 0) for p in parsed]
    width = len(form.applicants)
    return all(abs(sum(n[:-1]) - n[-1]) <= _ZERO for n in numbers.values()) and all(
        _column_holds(numbers, at) for at in range(width)
    )


def place_totals(
    rows: Mapping[str, Sequence[RawValue]],
    short: Mapping[str, Sequence[RawValue]],
    width: int,
    form: Form,
) -> set[str]:
    """Tell in which rows with too few numbers the last one is the row's total.

    It is where it is the sum of those before it.  A single number is where some row proves
    that totals are printed at all (else the numbers may all be 自然人), no row is without
    numbers (where totals of 0 are left blank, a 0 stands elsewhere), and the totals of all rows
    together satisfy the identities of the total column.
    """
    totals: dict[str, list[float]] = {no: [0.0] for no in (row.no for row in form.requests)}
    single: set[str] = set()
    lone = False
    summed: set[str] = set()
    for no, values in {**rows, **short}.items():
        numbers = [parse_value(v.text).value or 0 for v in values]
        if no in short and len(numbers) == 1:
            # A number alone, other than 0, is one of two of which the other is not printed.
            if values[0].text.strip() != "0":
                lone = True
                continue
            single.add(no)
        elif abs(sum(numbers[:-1]) - numbers[-1]) <= _ZERO:
            if no in short and any(numbers):
                summed.add(no)
        else:
            return summed
        totals[no] = [float(numbers[-1])]
    if "3.6" in totals and len([no for no in totals if no.startswith("3.6")]) > 1:
        totals = {no: v for no, v in totals.items() if no in rows or no in short or no != "3.6"}
    wanted = {row.no for row in form.requests if not row.no.startswith("3.6")}
    proven = any(v[0] for v in totals.values()) and _column_holds(totals, 0)
    every = wanted <= rows.keys() | short.keys()
    return summed | single if proven and every and summed and not lone else summed
