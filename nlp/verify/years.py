"""Two reports of one issuer against each other: carried-over requests, valid documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from nlp.documents import Cell, Check, Edition
from nlp.verify.arithmetic import Outcome, evaluate
from nlp.verify.reading import Reading, read_cells
from nlp.verify.report import find_layout, make_check
from nlp.verify.rules import (
    EARLIER,
    Equation,
    FormEdition,
    Rule,
    form_edition,
    load_doubt_words,
    load_rules,
    spell_out,
)
from nlp.verify.single import TABLES, plain_check


@dataclass(frozen=True, slots=True)
class ReportCells:
    """A report's cells and what they are compared by.

    ``issuer`` is any key that is the same for the same body (its name, or a code);
    ``report_id`` any key that is the report's own.
    """

    report_id: str
    issuer: str | None
    year: int | None
    edition: Edition | None
    cells: Sequence[Cell]


def verify_years(
    earlier: Sequence[Cell],
    later: Sequence[Cell],
    *,
    earlier_edition: Edition | None,
    later_edition: Edition | None,
    earlier_year: int | None = None,
) -> list[Check]:
    """Put the reports of two consecutive years of one issuer to the checks across years.

    Parameters
    ----------
    earlier, later : sequence of Cell
        The cells of the report of year t − 1 and of year t.
    earlier_edition, later_edition : {"2021", "2019", "narrative"} or None
        A rule about table two runs only where both reports have the edition that it is for.
    earlier_year : int, optional
        Year t − 1, for the messages.

    Returns
    -------
    list of Check
        Checks of the later report; a key of the earlier one is written
        ``earlier:3|4|总计`` in ``Check.cells``.

    Examples
    --------
    >>> a = [Cell(f"3|4|{c}", "3", "4", c, "2", 2, None, "number") for c in ("自然人", "总计")]
    >>> b = [Cell(f"3|2|{c}", "3", "2", c, "1", 1, None, "number") for c in ("自然人", "总计")]
    >>> checks = verify_years(a, b, earlier_edition="2021", later_edition="2021",
    ...                       earlier_year=2023)
    >>> next(c.reason for c in checks if c.result == "fail")
    '表三·自然人列：2023 年报告的结转下年度 2 ≠ 本年报告的上年结转 1；原文如此'
    """
    words = load_doubt_words()
    readings = read_cells(earlier, words, prefix=EARLIER) | read_cells(later, words)
    layout = find_layout(readings, later_edition)
    checks: list[Check] = []
    results: dict[tuple[str, str], str] = {}
    for rule in _rules(form_edition(earlier_edition), layout.edition):
        equations = spell_out(rule, layout)
        gone = _missing(equations[0], readings)
        if gone:
            reason = f"{gone}没有这部分表格的数据，无法比较"
            table = TABLES[equations[0].keys[0].removeprefix(EARLIER)[0]]
            if rule.fallback_for is None:
                checks.append(plain_check(rule, layout.edition, table, "not_assessable", reason))
            continue
        for equation in equations:
            main = results.get((rule.fallback_for or "", equation.subject))
            if main in ("pass", "fail"):
                continue
            outcome = evaluate(equation, readings)
            results[rule.id, equation.subject] = outcome.result
            if rule.fallback_for and outcome.result == "not_assessable":
                continue
            checks.append(make_check(_name_year(outcome, earlier_year), layout.edition))
    return checks


def verify_series(reports: Iterable[ReportCells]) -> dict[str, list[Check]]:
    """Compare every report with the report of the year before of the same issuer.

    Returns
    -------
    dict of str to list of Check
        Checks by ``report_id`` of the later report; reports without a predecessor have no
        entry.  Where an issuer has two reports for the year before, none is chosen: the
        rules give ``not_assessable``.

    Examples
    --------
    >>> verify_series([ReportCells("a", "青梧县人民政府", 2023, "2021", ())])
    {}
    """
    by_issuer: dict[str, dict[int, list[ReportCells]]] = defaultdict(lambda: defaultdict(list))
    for report in reports:
        if report.issuer and report.year is not None:
            by_issuer[report.issuer][report.year].append(report)
    found: dict[str, list[Check]] = {}
    for years in by_issuer.values():
        for year in sorted(years):
            before = years.get(year - 1)
            if not before:
                continue
            for report in years[year]:
                found[report.report_id] = _compare(before, report)
    return found


def _compare(before: Sequence[ReportCells], report: ReportCells) -> list[Check]:
    first = before[0]
    if any(other.cells != first.cells for other in before[1:]):
        form = form_edition(report.edition)
        reason = f"同一机关 {first.year} 年有 {len(before)} 份不同的报告，无法确定与哪一份比较"
        return [
            plain_check(rule, form, f"{first.year}—{report.year} 年", "not_assessable", reason)
            for rule in _rules(form_edition(first.edition), form)
            if rule.fallback_for is None
        ]
    return verify_years(
        first.cells,
        report.cells,
        earlier_edition=first.edition,
        later_edition=report.edition,
        earlier_year=first.year,
    )


def _rules(earlier: FormEdition, later: FormEdition) -> list[Rule]:
    return [
        rule
        for rule in load_rules()
        if rule.scope == "years" and earlier in rule.editions and later in rule.editions
    ]


def _missing(equation: Equation, readings: Mapping[str, Reading]) -> str:
    """Name the reports that have nothing at all of a table that the rule needs."""
    there = {key.partition("|")[0] for key, r in readings.items() if r.kind != "absent"}
    needed = {key.partition("|")[0] for key in equation.keys}
    gone = needed - there
    words = []
    if any(table.startswith(EARLIER) for table in gone):
        words.append("上一年的报告")
    if any(not table.startswith(EARLIER) for table in gone):
        words.append("本年的报告")
    return "和".join(words)


def _name_year(outcome: Outcome, year: int | None) -> Outcome:
    if year is None:
        return outcome
    reason = outcome.reason.replace("上一年报告", f"{year} 年报告")
    return replace(outcome, reason=reason)
