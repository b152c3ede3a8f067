"""Sixth stage: which measure answers which problem."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.documents.records import Role
from nlp.statements.language import TOPICS

# Below this a likeness is chance: one shared topic among several gives less.
_THRESHOLD = 0.4
# Comparing everything with everything is for real sections, not for a megabyte of text.
_MOST = 10_000
# Words that every section uses and that make nothing alike.
_NOISE = re.compile(
    "政府信息公开|政务公开|信息公开|政府信息|公开工作|工作|进一步|加强|提高|提升|完善|有待|不够|问题|存在"
    "|不断|继续|切实|我[局镇乡县市区委办]|水平|要求|力度|需要|仍需|还需|方面|部分|个别|有些|较为|主要|情况"
)
_SPLIT = re.compile(r"\W+")
_CLAUSE_END = re.compile("[，；。：\n]")


@dataclass(frozen=True, slots=True)
class _Gist:
    grams: Counter[str]
    topics: frozenset[str]
    head: frozenset[str]


def _topics(text: str) -> frozenset[str]:
    return frozenset(key for key, form in TOPICS.items() if form.search(text))


def _gist(text: str) -> _Gist:
    text = re.sub(r"\s+", "", text)
    words = _SPLIT.split(_NOISE.sub(" ", text))
    grams = Counter(w[i : i + 2] for w in words for i in range(len(w) - 1))
    clauses = _CLAUSE_END.split(text, maxsplit=2)
    # 围绕中心工作，细化…: where the first clause names nothing, the second is the head.
    head = _topics(clauses[0]) or _topics("".join(clauses[1:2]))
    return _Gist(grams, _topics(text), head)


def _compare(problem: _Gist, measure: _Gist) -> float:
    shared = sum((problem.grams & measure.grams).values())
    wording = shared / max(sum(problem.grams.values()), 1)
    heads = problem.head or problem.topics
    if not heads:
        return wording
    covered = len(heads & measure.topics) / len(heads)
    same = len(heads & measure.head) / max(len(heads | measure.head), 1)
    return 0.4 * min(1.0, 1.5 * wording) + 0.25 * covered + 0.35 * same


def measure_likeness(problem: str, measure: str) -> float:
    """Say how much of what a problem names a measure takes up again, from 0 to 1.

    The share of the problem's character pairs that the measure repeats counts 0.4, the
    problem's topics that the measure speaks of 0.25, and how far the head clauses have
    the same topics 0.35.

    Examples
    --------
    >>> measure_likeness("政策解读形式单一", "丰富政策解读形式，多用图解") > 0.5
    True
    >>> measure_likeness("政策解读形式单一", "完善依申请办理流程") < 0.2
    True
    """
    return _compare(_gist(problem), _gist(measure))


def find_pairs(
    statements: Sequence[tuple[Role, str]], explicit: Sequence[tuple[int, int]]
) -> tuple[tuple[int, int], ...]:
    """Pair problems with measures: the explicit ones, then each other's best likeness.

    ``statements`` are roles and cleaned texts.  A pair that does not reach the threshold, or is not the best for both, is not made:
    position alone says nothing.
    """
    taken = {i for pair in explicit for i in pair}
    free = [(i, role) for i, (role, _) in enumerate(statements) if i not in taken]
    problems = [i for i, role in free if role == "problem"]
    measures = [i for i, role in free if role == "measure"]
    pairs = set(explicit)
    if problems and measures and len(problems) * len(measures) <= _MOST:
        gists = {i: _gist(statements[i][1]) for i in (*problems, *measures)}
        score = {(p, m): _compare(gists[p], gists[m]) for p in problems for m in measures}
        for p in problems:
            m = max(measures, key=lambda m: (score[p, m], -m))
            best = max(problems, key=lambda q: (score[q, m], -q))
            if best == p and score[p, m] >= _THRESHOLD:
                pairs.add((p, m))
    return tuple(sorted(pairs))
