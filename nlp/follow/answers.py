"""Second stage: which measure of a report answers which of its problems."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from nlp.follow.likeness import compare_themes, compare_wording, share_content
from nlp.follow.links import Link, Passage

# Logistic weights of shared content, themes, and place in the two lists.  Fitted on the
# shipped reports with one issuer left out at a time, then rounded; the place alone (both
# others 0) stays under the threshold, so that nothing is paired for its place.
_CONTENT, _THEMES, _PLACE, _BASE = 6.0, 4.5, 5.0, -6.8
_LEAST = 0.3
# A measure that has its own problem may answer a second one that it speaks of this clearly.
_SECOND = 0.7
# Comparing everything with everything is for real sections, not for a megabyte of text.
_MOST = 10_000


def pair_answers(
    statements: Sequence[Passage], said: Sequence[tuple[int, int]] = ()
) -> tuple[Link, ...]:
    """Pair problems with the measures that answer them, each pair with a score.

    Parameters
    ----------
    statements : sequence of Passage
        Problems and measures of one report in order, with their themes.
    said : sequence of (int, int)
        Pairs that the splitting of section 五 made.  Those whose problem stands inside its
        measure, or just before it in a list of both, are taken as they are.

    Returns
    -------
    tuple of Link
        ``state`` is ``explicit`` for pairs that the text itself makes, ``likeness`` where
        problem and measure are each other's best, ``second`` where a measure answers one
        more problem, ``order`` where two lists run side by side and only these two are
        left in one
        place.  Problems that nothing answers have no pair.

    Notes
    -----
    The score is logistic in the shared content, the cosine of the themes, and how near the
    two stand in their lists.

    Examples
    --------
    >>> parts = [Passage(0, 4, "解读形式单一", "problem"), Passage(5, 9, "队伍流动大", "problem"),
    ...          Passage(10, 14, "丰富解读形式", "measure")]
    >>> [(p.source, p.target) for p in pair_answers(parts)]
    [(0, 2)]
    """
    problems = [i for i, s in enumerate(statements) if s.role == "problem"]
    measures = [i for i, s in enumerate(statements) if s.role == "measure"]
    if not problems or not measures or len(problems) * len(measures) > _MOST:
        return ()
    known = {pair for pair in said if _side_by_side(statements, *pair)}
    score = {
        (p, m): _score(statements, p, m, i, j, len(problems), len(measures))
        for i, p in enumerate(problems)
        for j, m in enumerate(measures)
    }
    best_measure = {p: max(measures, key=lambda m: (score[p, m], -m)) for p in problems}
    best_problem = {m: max(problems, key=lambda p: (score[p, m], -p)) for m in measures}
    states: dict[tuple[int, int], str] = {}
    for p, m in best_measure.items():
        if best_problem[m] == p and score[p, m] >= _LEAST:
            states[p, m] = "likeness"
    for p, m in best_measure.items():
        if score[p, m] >= _SECOND and not any(q == p for q, _ in states):
            states[p, m] = "second"
    for m, p in best_problem.items():
        if score[p, m] >= _SECOND and not any(n == m for _, n in states):
            states[p, m] = "second"
    for pair in _left_in_order(problems, measures, states):
        states[pair] = "order"
    for pair in known:
        states[pair], score[pair] = "explicit", 1.0
    return tuple(
        Link("answer", p, m, round(score[p, m], 4), _wording(statements, p, m), states[p, m])
        for p, m in sorted(states)
    )


def _side_by_side(statements: Sequence[Passage], p: int, m: int) -> bool:
    problem, measure = statements[p], statements[m]
    if measure.start <= problem.start and problem.end <= measure.end:
        return True
    roles = [s.role for s in statements]
    turns = sum(a == "problem" and b == "measure" for a, b in pairwise(roles))
    return turns > 1 and m == p + 1


def _wording(statements: Sequence[Passage], p: int, m: int) -> float:
    return round(compare_wording(statements[p].text, statements[m].text), 4)


def _score(
    statements: Sequence[Passage], p: int, m: int, i: int, j: int,
    problems: int, measures: int,
) -> float:  # fmt: skip
    one, other = statements[p], statements[m]
    place = 1 - abs((i + 0.5) / problems - (j + 0.5) / measures)
    points = (
        _BASE
        + _CONTENT * share_content(one.text, other.text)
        + _THEMES * compare_themes(one.scores, other.scores)
        + _PLACE * place
    )
    return 1 / (1 + math.exp(-points))


def _left_in_order(
    problems: list[int], measures: list[int], states: dict[tuple[int, int], str]
) -> list[tuple[int, int]]:
    """Pairs left over in one place of two lists that run side by side.

    The lists do so where at least half of the problems are paired with the measure of the
    same place, and no more than one with another.
    """
    places = [(problems.index(p), measures.index(m)) for p, m in states]
    straight = sum(i == j for i, j in places)
    if len(problems) > len(measures) or straight < max(1, len(problems) / 2 - 0.5):
        return []
    if len(places) - straight > 1:
        return []
    taken = {n for pair in states for n in pair}
    return [(p, m) for p, m in zip(problems, measures, strict=False) if not {p, m} & taken]
