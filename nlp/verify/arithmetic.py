"""Put one equation to the cells of a report: pass, fail, or why it cannot be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from nlp.documents import CheckResult, Doubt
from nlp.verify.reading import Reading
from nlp.verify.rules import Equation, cell_name

# Sums are of whole numbers, or of amounts with at most four decimals (万元 to the yuan).
_DECIMALS = 6
_NAMED_CELLS = 3
_ABSENT = Reading("", None, "absent", False, None)


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What came of one equation; ``gap`` is left − right where both are known."""

    equation: Equation
    result: CheckResult
    doubt: Doubt | None
    left: float | None
    right: float | None
    gap: float | None
    reason: str
    page: int | None


@dataclass(slots=True)
class _Side:
    total: float
    printed: bool
    empty: list[str]
    unknown: list[tuple[int, str]]


def _add_up(terms: tuple[tuple[int, str], ...], readings: Mapping[str, Reading]) -> _Side:
    side = _Side(0, False, [], [])
    for sign, key in terms:
        reading = readings.get(key, _ABSENT)
        if reading.value is None:
            side.unknown.append((sign, key))
            continue
        side.total += sign * reading.value
        if reading.kind == "printed":
            side.printed = True
        else:
            side.empty.append(key)
    side.total = _tidy(side.total)
    return side


def _tidy(value: float) -> float:
    # Adding 0.1 and 0.2 must not make a published error.
    return round(value, _DECIMALS) if isinstance(value, float) else value


def evaluate(equation: Equation, readings: Mapping[str, Reading]) -> Outcome:
    """Evaluate one equation over the cells that were read.

    An empty cell counts as 0 where something is printed on its side of the equation; where
    a whole side is empty and the other is not 0, nothing can be told.  With an unknown cell
    the equation is still a fail where no number ≥ 0 in it could make it hold.
    """
    left = _add_up(equation.left, readings)
    right = _add_up(equation.right, readings)
    page = next((r.page for k in equation.keys if (r := readings.get(k)) and r.page), None)
    if not (left.printed or right.printed):
        reason = _nothing_printed(equation, left, right, readings)
        return Outcome(equation, "not_assessable", None, None, None, None, reason, page)

    gap = _tidy(left.total - right.total)
    equal = equation.rule.kind == "equal"
    unknown = [(sign, key) for sign, key in left.unknown]
    unknown += [(-sign, key) for sign, key in right.unknown]
    if unknown:
        return _with_unknown(equation, readings, left, right, gap, unknown, page)
    if gap == 0 or (not equal and gap < 0):
        return Outcome(equation, "pass", None, left.total, right.total, gap, "", page)
    bare = equation.rule.data["left_name"] if not left.printed else ""
    bare = equation.rule.data["right_name"] if not right.printed else bare
    if bare:
        other = right if not left.printed else left
        reason = (
            f"{equation.subject}：“{bare}”一边全是空白，"
            f"另一边为 {show(other.total)}，无法判断空白是否为 0"
        )
        return Outcome(
            equation, "not_assessable", None, left.total, right.total, None, reason, page
        )
    doubtful = [key for key in equation.keys if readings[key].doubtful]
    doubt: Doubt = "ours" if doubtful else "theirs"
    reason = _disagreement(equation, left.total, right.total)
    if left.empty or right.empty:
        reason += "（空白格按 0 计）"
    reason += "；原文如此" if doubt == "theirs" else f"；{_list(doubtful)}读取存疑，请对照原件核实"
    return Outcome(equation, "fail", doubt, left.total, right.total, gap, reason, page)


def _with_unknown(
    equation: Equation,
    readings: Mapping[str, Reading],
    left: _Side,
    right: _Side,
    gap: float,
    unknown: list[tuple[int, str]],
    page: int | None,
) -> Outcome:
    equal = equation.rule.kind == "equal"
    only_adds_left = all(sign > 0 for sign, _ in unknown) and not equation.signed
    only_adds_right = all(sign < 0 for sign, _ in unknown) and not equation.signed
    known = left.printed and right.printed
    why = _why_unknown([key for _, key in unknown], readings)
    if not equal and gap <= 0 and only_adds_right and known:
        return Outcome(equation, "pass", None, left.total, right.total, gap, "", page)
    contradiction = known and (
        (gap > 0 and only_adds_left) or (equal and gap < 0 and only_adds_right)
    )
    if contradiction:
        data = equation.rule.data
        large, small = (left, right) if gap > 0 else (right, left)
        names = (data["left_name"], data["right_name"])
        large_name, small_name = names if gap > 0 else names[::-1]
        reason = (
            f"{equation.subject}：只算读出的格，{large_name}已有 {show(large.total)}，"
            f"大于{small_name} {show(small.total)}；{why}，请对照原件核实"
        )
        return Outcome(equation, "fail", "ours", left.total, right.total, None, reason, page)
    reason = f"{equation.subject}：{why}，无法判断"
    return Outcome(equation, "not_assessable", None, None, None, None, reason, page)


def _nothing_printed(
    equation: Equation, left: _Side, right: _Side, readings: Mapping[str, Reading]
) -> str:
    unknown = [key for _, key in left.unknown + right.unknown]
    if unknown:
        return f"{equation.subject}：{_why_unknown(unknown, readings)}，无法判断"
    return f"{equation.subject}：有关各格都是空白，无法判断"


def _why_unknown(keys: list[str], readings: Mapping[str, Reading]) -> str:
    parts = []
    states: tuple[tuple[Literal["absent", "unreadable"], str], ...] = (
        ("absent", "文件里没有"),
        ("unreadable", "读取存疑"),
    )
    for kind, words in states:
        named = [key for key in keys if readings.get(key, _ABSENT).kind == kind]
        if named:
            parts.append(f"{_list(named)}{words}")
    return "，".join(parts)


def _list(keys: list[str]) -> str:
    names = [f"“{cell_name(key)}”" for key in keys[:_NAMED_CELLS]]
    more = f"等 {len(keys)} 格" if len(keys) > _NAMED_CELLS else ""
    return "、".join(names) + more


def _disagreement(equation: Equation, left: float, right: float) -> str:
    data = equation.rule.data
    sign = "≠" if equation.rule.kind == "equal" else "＞"
    return (
        f"{equation.subject}：{data['left_name']} {show(left)} {sign} "
        f"{data['right_name']} {show(right)}"
    )


def show(value: float) -> str:
    """Write a number as a reader expects it: 11, not 11.0.

    Examples
    --------
    >>> show(11.0), show(7730.28)
    ('11', '7730.28')
    """
    return str(int(value)) if value == int(value) else f"{value:.{_DECIMALS}f}".rstrip("0")
