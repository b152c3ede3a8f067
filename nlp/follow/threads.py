"""Fourth stage: the problems of an issuer over the years, with what became of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from nlp.follow.links import Link, Passage, YearReport

ThreadRole = Literal["report", "problem", "measure"]


@dataclass(frozen=True, slots=True)
class ThreadStep:
    """One step of a thread: a problem, a measure for it, or what was told of it later.

    ``report`` and ``place`` index the report and its statement (or, for ``report``, its
    sentence); ``years`` counts the years in which the thread's problem was stated.
    """

    thread: int
    step: int
    year: int
    role: ThreadRole
    report: int
    place: int
    passage: Passage
    score: float | None
    years: int


def make_threads(
    reports: Sequence[YearReport],
    answers: Sequence[Sequence[Link]],
    restated: Sequence[Sequence[Link]],
    done: Sequence[Sequence[Link]],
) -> list[ThreadStep]:
    """Tie the links of one issuer into threads, one a problem and its repetitions.

    Parameters
    ----------
    reports : sequence of YearReport
        One issuer's reports, by year, one a year.
    answers : sequence of sequence of Link
        For each report, its pairs.
    restated, done : sequence of sequence of Link
        For each report, the links to the next report of the list; empty where that is not
        the year after.  Links of the state ``theme`` join nothing.

    Returns
    -------
    list of ThreadStep
        Threads in the order of their first problem; in a thread by year: what was told of
        last year's measure, the problem, its measures.
    """
    parent: dict[tuple[int, int], tuple[int, int]] = {
        (r, i): (r, i)
        for r, report in enumerate(reports)
        for i, s in enumerate(report.statements)
        if s.role == "problem"
    }
    score: dict[tuple[int, int], float] = {}
    for r, links in enumerate(restated):
        for link in links:
            if link.state != "theme":
                later = (r + 1, link.target)
                parent[_root(parent, later)] = _root(parent, (r, link.source))
                score[later] = link.score
    members: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for key in parent:
        members[_root(parent, key)].append(key)
    steps: list[ThreadStep] = []
    for number, keys in enumerate(sorted(sorted(group) for group in members.values()), 1):
        found = _steps_of(keys, reports, answers, done, score)
        years = len({reports[r].year for r, _ in keys})
        for place, (year, role, report, index, passage, rated) in enumerate(found, 1):
            steps.append(
                ThreadStep(number, place, year, role, report, index, passage, rated, years)
            )
    return steps


_Step = tuple[int, ThreadRole, int, int, Passage, float | None]
_ORDER = {"report": 0, "problem": 1, "measure": 2}


def _steps_of(
    keys: Sequence[tuple[int, int]],
    reports: Sequence[YearReport],
    answers: Sequence[Sequence[Link]],
    done: Sequence[Sequence[Link]],
    score: dict[tuple[int, int], float],
) -> list[_Step]:
    found: dict[tuple[int, str, int], _Step] = {}
    for r, i in keys:
        report = reports[r]
        step = (report.year, "problem", r, i, report.statements[i], score.get((r, i)))
        found[r, "problem", i] = step  # type: ignore[assignment]
        for link in answers[r]:
            if link.source != i:
                continue
            m = link.target
            found[r, "measure", m] = (
                report.year, "measure", r, m, report.statements[m], link.score,
            )  # fmt: skip
            for told in done[r] if r < len(done) else ():
                if told.source == m:
                    later = reports[r + 1]
                    found[r + 1, "report", told.target] = (
                        later.year, "report", r + 1, told.target,
                        later.sentences[told.target], told.score,
                    )  # fmt: skip
    return sorted(found.values(), key=lambda s: (s[0], _ORDER[s[1]], s[3]))


def _root(parent: dict[tuple[int, int], tuple[int, int]], key: tuple[int, int]) -> tuple[int, int]:
    while parent[key] != key:
        key = parent[key]
    return key
