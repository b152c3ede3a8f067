"""Sixth stage: which measure answers which problem."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.documents.records import Role

# Below this a likeness is chance: one shared topic among several gives less.
_THRESHOLD = 0.4
# Comparing everything with everything is for real sections, not for a megabyte of text.
_MOST = 10_000
# Words that every section uses and that make nothing alike.
_NOISE = re.compile(
    "政府信息公开|政务公开|信息公开|政府信息|公开工作|工作|进一步|加强|提高|提升|完善|有待|不够"
    "|问题|存在"
    "|不断|继续|切实|我[局镇乡县市区委办]|水平|要求|力度|需要|仍需|还需|方面|部分|个别|有些|较为"
    "|主要|情况"
)
# What a problem and its measure may have in common.
_TOPICS: dict[str, re.Pattern[str]] = {
    key: re.compile(pattern)
    for key, pattern in {
        "training": "培训|队伍|人员|业务能力|业务水平|业务素质|专业|学习|意识|认识|重视|人手|专人"
        "|专职|兼职|素质|能力|力量",
        "interpretation": "解读|图解|通俗|政策宣讲|一图",
        "sectors": "重点领域|民生|广度|深度|(?<!解读)内容|范围|丰富|全面|覆盖|数量|信息量|针对性",
        "timeliness": "及时|时效|时限|更新|滞后|规范性|格式|准确|主动公开|完整|质量|主动性",
        "request": "依申请|申请人|答复|申请办理|申请件|复议|诉讼",
        "platform": "平台|网站|栏目|专栏|专区|新媒体|公众号|微信|微博|渠道|载体|信息化|系统",
        "management": "审核|审查|保密|目录|归档|属性|台账|清理|管理",
        "supervision": "监督|考核|检查|督查|督导|评议|评估|问责|通报",
        "mechanism": "机制|制度|领导|协调|统筹|责任|分工|配合|联动|流程|部署",
        "interaction": "回应|互动|群众参与|公众参与|征求|热线|信箱|关切|知晓|参与度",
        "innovation": "创新|形式|方式|便民|标准化|宣传|多样|便捷|手段",
    }.items()
}
_SPLIT = re.compile(r"\W+")
_CLAUSE_END = re.compile("[，；。：\n]")


@dataclass(frozen=True, slots=True)
class _Gist:
    grams: Counter[str]
    topics: frozenset[str]
    head: frozenset[str]


def _topics(text: str) -> frozenset[str]:
    return frozenset(key for key, form in _TOPICS.items() if form.search(text))


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

    ``statements`` are roles and cleaned texts.  A pair that does not reach the
    threshold, or is not the best for both, is not made: position alone says nothing.
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
