"""Seventh stage: which measure of a report answers which of its problems."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from nlp.documents.records import Statement
from nlp.likeness import compare_themes, compare_wording, share_content

# Logistic weights of shared content, themes, and place in the two lists.  Fitted on the
# shipped reports with one issuer left out at a time, then rounded; the place alone (both
# others 0) stays under the threshold, so that nothing is paired for its place.
_CONTENT, _THEMES, _PLACE, _BASE = 6.0, 4.5, 5.0, -6.8
# The same without themes (F1 0.94 instead of 0.95 on the shipped reports).
_CONTENT_ALONE, _BASE_ALONE = 8.0, -5.9
_LEAST = 0.3
# A measure that has its own problem may answer a second one that it speaks of this clearly.
_SECOND = 0.7
# Comparing everything with everything is for real sections, not for a megabyte of text.
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Answer:
    """A problem and a measure that answers it, as indices of statements.

    ``score`` says how sure, ``wording`` how much of the words is the same, both from 0 to 1.
    """

    problem: int
    measure: int
    score: float
    wording: float
    state: Literal["explicit", "likeness", "second", "order"]


def pair_answers(
    statements: Sequence[Statement],
    said: Sequence[tuple[int, int]] = (),
    scores: Sequence[Mapping[str, float]] | None = None,
) -> tuple[Answer, ...]:
    """Pair problems with the measures that answer them, each pair with a score.

    Parameters
    ----------
    statements : sequence of Statement
        Problems and measures of one report in order.
    said : sequence of (int, int)
        Pairs that the text itself was seen to make.  Those whose problem stands inside its
        measure, or just before it in a list of both, are taken as they are.
    scores : sequence of mapping, optional
        The probabilities of each statement's themes, where they are known; without them the
        wording and the place in the lists decide alone.

    Returns
    -------
    tuple of Answer
        ``state`` is ``explicit`` for pairs that the text itself makes, ``likeness`` where
        problem and measure are each other's best, ``second`` where a measure answers one
        more problem, ``order`` where two lists run side by side and only these two are
        left in one place.  Problems that nothing answers have no pair.

    Notes
    -----
    The score is logistic in the shared content, the cosine of the themes, and how near the
    two stand in their lists.

    Examples
    --------
    >>> parts = [
    ...     Statement("problem", 0, 6, "解读形式单一"),
    ...     Statement("problem", 7, 12, "队伍流动大"),
    ...     Statement("measure", 13, 19, "丰富解读形式"),
    ... ]
    >>> [(p.problem, p.measure) for p in pair_answers(parts)]
    [(0, 2)]
    """
    problems = [i for i, s in enumerate(statements) if s.role == "problem"]
    measures = [i for i, s in enumerate(statements) if s.role == "measure"]
    if not problems or not measures or len(problems) * len(measures) > _MOST:
        return ()
    score = {
        (p, m): _score(statements, scores, p, m, i, j, len(problems), len(measures))
        for i, p in enumerate(problems)
        for j, m in enumerate(measures)
    }
    best_measure = {p: max(measures, key=lambda m: (score[p, m], -m)) for p in problems}
    best_problem = {m: max(problems, key=lambda p: (score[p, m], -p)) for m in measures}
    states: dict[tuple[int, int], Literal["explicit", "likeness", "second", "order"]] = {}
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
    for pair in [*said, *_alternating(statements)]:
        if _stand_side_by_side(statements, *pair):
            states[pair], score[pair] = "explicit", 1.0
    return tuple(
        Answer(p, m, round(score[p, m], 4), _wording(statements, p, m), states[p, m])
        for p, m in sorted(states)
    )


def _stand_side_by_side(statements: Sequence[Statement], p: int, m: int) -> bool:
    problem, measure = statements[p], statements[m]
    if measure.start <= problem.start and problem.end <= measure.end:
        return True
    roles = [s.role for s in statements]
    turns = sum(a == "problem" and b == "measure" for a, b in pairwise(roles))
    return turns > 1 and m == p + 1


def _alternating(statements: Sequence[Statement]) -> list[tuple[int, int]]:
    """Pairs of one problem and the measure right behind it, where the two take turns."""
    roles = [s.role for s in statements]
    return [
        (i, i + 1)
        for i in range(len(roles) - 1)
        if roles[i : i + 2] == ["problem", "measure"]
        and (i == 0 or roles[i - 1] == "measure")
        # A problem named inside a measure belongs to that one.
        and (i == 0 or statements[i - 1].end <= statements[i].start)
    ]


def _wording(statements: Sequence[Statement], p: int, m: int) -> float:
    return round(compare_wording(statements[p].text, statements[m].text), 4)


def _score(
    statements: Sequence[Statement], scores: Sequence[Mapping[str, float]] | None,
    p: int, m: int, i: int, j: int, problems: int, measures: int,
) -> float:  # fmt: skip
    content = share_content(statements[p].text, statements[m].text)
    place = 1 - abs((i + 0.5) / problems - (j + 0.5) / measures)
    if scores is None:
        points = _BASE_ALONE + _CONTENT_ALONE * content
    else:
        points = _BASE + _CONTENT * content + _THEMES * compare_themes(scores[p], scores[m])
    return 1 / (1 + math.exp(-points - _PLACE * place))


def _left_in_order(
    problems: list[int], measures: list[int], states: Mapping[tuple[int, int], str]
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
