"""Sixth stage: which measure answers which problem."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from nlp.documents.records import Statement
from nlp.statements.language import TOPICS

# Below this a likeness is chance; measured on section texts with hand-made pairs.
_THRESHOLD = 0.3
# Comparing everything with everything is for real sections, not for a megabyte of text.
_MOST = 250_000
_NOISE = re.compile(
    "政府信息公开|政务公开|信息公开|政府信息|公开工作|工作|进一步|加强|提高|提升|完善|有待|不够|问题|存在|不断|继续|切实|我[局镇乡县市区委办]|水平|质量|要求|力度"
)


def _topics(text: str) -> frozenset[str]:
    return frozenset(key for key, form in TOPICS.items() if form.search(text))


def _grams(text: str) -> Counter[str]:
    words = re.split("\\W+", _NOISE.sub(" ", text))
    return Counter(w[i : i + 2] for w in words for i in range(len(w) - 1))


def measure_likeness(problem: str, measure: str) -> float:
    """Say how much of what a problem names a measure takes up again, from 0 to 1.

    The share of the problem's character pairs that the measure repeats, and the topics
    that both speak of, count half each.

    Examples
    --------
    >>> measure_likeness("政策解读形式单一", "丰富政策解读形式") > 0.3
    True
    """
    ours, theirs = _grams(problem), _grams(measure)
    shared = sum((ours & theirs).values()) / max(sum(ours.values()), 1)
    a, b = _topics(problem), _topics(measure)
    topics = len(a & b) / len(a | b) if a and b else 0.0
    return 0.5 * shared + 0.5 * topics


def find_pairs(
    statements: Sequence[Statement], explicit: Sequence[tuple[int, int]]
) -> tuple[tuple[int, int], ...]:
    """Pair problems with measures: the explicit ones, then each other's best likeness.

    A pair that does not reach the threshold, or is not the best for both, is not made.
    """
    problems = [i for i, s in enumerate(statements) if s.role == "problem"]
    measures = [i for i, s in enumerate(statements) if s.role == "measure"]
    pairs = set(explicit)
    taken = {i for pair in pairs for i in pair}
    free_problems = [i for i in problems if i not in taken]
    free_measures = [i for i in measures if i not in taken]
    if not free_problems or not free_measures or len(free_problems) * len(free_measures) > _MOST:
        return tuple(sorted(pairs))
    score = {
        (p, m): measure_likeness(statements[p].text, statements[m].text)
        for p in free_problems
        for m in free_measures
    }
    for p in free_problems:
        m = max(free_measures, key=lambda m: (score[p, m], -m))
        best = max(free_problems, key=lambda p: (score[p, m], -p))
        if best == p and score[p, m] >= _THRESHOLD:
            pairs.add((p, m))
    return tuple(sorted(pairs))
