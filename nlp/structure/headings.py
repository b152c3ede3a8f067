"""Find the prescribed sections by the words of their headings, never by ordinals alone.

Real reports skip, double and lose ordinals; a preamble may list the section names; a whole
report may stand in one paragraph.  So every place that reads like a heading is a candidate
with a weight, and the sections are the best sequence of candidates.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from nlp.form import fold_label, label_likeness, load_heading_rules

_ORDINAL = re.compile(
    r"^\s*(?:(?P<cn>[一二三四五六七八九十]{1,3}\s*(?:[、.．,，:：]|\s)|第[一二三四五六七八九十]部分\s*[、.．:：]?)"
    r"|(?P<paren>[（(]\s*[一二三四五六七八九十]{1,3}\s*[)）]\s*[、.．]?|[㈠-㈩])"
    r"|(?P<digit>\d{1,2}\s*[、.．](?!\d))"
    r"|(?P<lost>[、.．—]))\s*"
)
# In mid-line only a full "二、" counts, and only after the end of a sentence or a space.
_INNER = re.compile(r"(?:(?<=[。；;！!？?\s：:])|^)(?=[一二三四五六七八九十]{1,2}\s*[、.．])")
# Where run-in text begins behind heading words.
_RUN_IN = re.compile(
    r"[。：:\s；;]|(?=[（(]\s*[一二三四五六七八九十]\s*[)）])|(?=20\d\d\s*年)"
    r"|(?=我[局县市区镇乡街办委厅院校省州]|本[局机单年]|根据|今年|截[至止]|按照|无[。，])"
)
_ORDER = "一二三四五六"
# 无其他需要报告的事项 is what section six says, not what it is called.
_DENIALS = ("无", "没有", "暂无", "未")
# Without an ordinal only words that close a heading make one: a wrapped line of prose may
# well hold 主动公开 or 行政复议.
_CLOSING = re.compile(
    r"(?:情况|概况|概述|综述|问题|不足|困难|差距|措施|打算|计划|规划|意见|建议|事项|安排|方面|方向|重点|思路|"
    r"诉讼|复议|附表|附件|主动公开|依申请公开|其他|改进|整改)$"
)
# Longer than any heading seen (the longest of section four have 36 characters).
_LONGEST_HEADING = 44


@dataclass(frozen=True, slots=True)
class HeadingCandidate:
    """A stretch that reads like a heading: section it names, ordinal type, weight."""

    start: int
    end: int
    no: str
    style: str
    weight: float
    whole: bool


@lru_cache(maxsize=65536)
def name_section(words: str) -> tuple[str, float] | None:
    """Give the section whose heading these words are, and their likeness to its title.

    Examples
    --------
    >>> name_section("存在的主要问题及改进情况")
    ('五', 1.0)
    >>> name_section("加强组织领导") is None
    True
    """
    folded = fold_label(words)
    if not 2 <= len(folded) <= _LONGEST_HEADING or folded.startswith(_DENIALS):
        return None
    for rule in load_heading_rules():
        likeness = label_likeness(folded, fold_label(rule.title))
        # One wrong character in the standard title is forgiven, as misprints are common.
        if likeness >= 0.85 or any(p.fullmatch(folded) for p in rule.patterns):
            return rule.no, likeness
    return None


def split_ordinal(text: str) -> tuple[str, str, int]:
    """Give the ordinal's style (cn, paren, digit, lost or none), the ordinal, its length."""
    match = _ORDINAL.match(text)
    if not match:
        return "none", "", 0
    style = match.lastgroup or "none"
    return style, match.group().strip(), match.end()


def _ordinal_agrees(ordinal: str, no: str) -> bool:
    return no in ordinal


def read_heading(text: str, *, run_in: bool) -> HeadingCandidate | None:
    """Read the beginning of a paragraph as a heading.

    Parameters
    ----------
    text : str
        A paragraph or a line.
    run_in : bool
        Whether the heading may be followed by text on the same line.

    Returns
    -------
    HeadingCandidate or None
        Offsets are relative to ``text``.
    """
    stripped = text.rstrip()
    style, ordinal, begin = split_ordinal(stripped)
    words = stripped[begin:]
    if len(words) > 400 and not run_in:
        return None
    ends = [len(words.rstrip("。：:；;，,、 "))] if len(words) <= _LONGEST_HEADING + 6 else []
    if run_in and style in ("cn", "lost", "paren"):
        limit = _LONGEST_HEADING + 6
        ends.extend(m.start() for m in _RUN_IN.finditer(words[:limit]) if m.start() >= 2)
    # The longest reading wins: 概述 must not win over 概述和主动公开情况.
    for position, end in enumerate(sorted(set(ends), reverse=True)):
        # Without an ordinal, commas and figures are signs of a sentence, not of a heading.
        marks = "。；;" if style in ("cn", "paren") else "。；;，,0123456789"
        if any(mark in words[:end] for mark in marks):
            continue
        named = name_section(words[:end])
        if named is None or (style == "none" and not _CLOSING.search(words[:end])):
            continue
        whole = position == 0 and len(words[end:].strip("。：:；;，,、 ")) == 0
        no, likeness = named
        weight = 1.0 + likeness + (0.5 if _ordinal_agrees(ordinal, no) else 0.0)
        weight += {"cn": 1.0, "lost": 0.4, "none": 0.2, "digit": 0.1, "paren": 0.0}[style]
        weight += 0.6 if whole else 0.0
        return HeadingCandidate(0, begin + end, no, style, weight, whole)
    return None


def looks_like_heading(line: str) -> bool:
    """Tell whether a whole line reads like a section heading (used to end a paragraph).

    Examples
    --------
    >>> looks_like_heading("三、收到和处理政府信息公开申请情况")
    True
    >>> looks_like_heading("本报告由概述、主动公开、依申请公开等六部分组成。")
    False
    """
    style, _, _ = split_ordinal(line)
    if style in ("none", "digit", "lost") and len(line) > 26:
        return False
    found = read_heading(line, run_in=False)
    return found is not None and (style != "none" or found.no != "另")


def find_candidates(text: str, spans: Iterable[tuple[int, int]]) -> list[HeadingCandidate]:
    """Find every place in the given paragraphs that reads like a section heading."""
    found: list[HeadingCandidate] = []
    for start, end in spans:
        paragraph = text[start:end]
        places = {0} | {m.end() for m in _INNER.finditer(paragraph)}
        for place in sorted(places):
            candidate = read_heading(paragraph[place : place + 500], run_in=True)
            if candidate is None or (place and candidate.style != "cn"):
                continue
            if place == 0 and candidate.style in ("none", "digit") and not candidate.whole:
                continue
            whole = candidate.whole and place == 0
            found.append(
                HeadingCandidate(
                    start + place + candidate.start,
                    start + place + candidate.end,
                    candidate.no,
                    candidate.style,
                    candidate.weight if whole or not candidate.whole else candidate.weight - 0.6,
                    whole,
                )
            )
    return found


def _main_style(candidates: Sequence[HeadingCandidate]) -> str:
    """Choose the ordinal style that the report's top headings are set in."""
    kinds: dict[str, set[str]] = {}
    for candidate in candidates:
        if candidate.no != "另":
            kinds.setdefault(candidate.style, set()).add(candidate.no)
    order = ("cn", "none", "paren", "digit", "lost")
    return max(order, key=lambda style: (len(kinds.get(style, ())), -order.index(style)))


def _without_contents(text: str, candidates: Sequence[HeadingCandidate]) -> list[HeadingCandidate]:
    """Drop a table of contents: headings with no body that come again later with one."""
    later = Counter(c.no for c in candidates)
    kept = []
    for index, candidate in enumerate(candidates):
        later[candidate.no] -= 1
        following = candidates[index + 1].start if index + 1 < len(candidates) else len(text)
        body = text[candidate.end : following]
        empty = len(re.sub(r"[\W\d_]+", "", body)) < 3
        # 五、存在的主要问题及改进情况 right above （一）存在问题 is no table of contents.
        listed = index + 1 < len(candidates) and candidates[index + 1].no != candidate.no
        if empty and listed and later[candidate.no] > 0:
            continue
        kept.append(candidate)
    return kept


def _best_sequence(candidates: Sequence[HeadingCandidate]) -> list[HeadingCandidate]:
    """Choose the heaviest sequence in the order 一 … 六, each section at most once."""
    best: list[tuple[float, list[HeadingCandidate]]] = []
    for candidate in candidates:
        rank = _ORDER.index(candidate.no)
        before = max(
            (b for b in best if _ORDER.index(b[1][-1].no) < rank),
            key=lambda b: b[0],
            default=(0.0, []),
        )
        best.append((before[0] + candidate.weight, [*before[1], candidate]))
    return max(best, key=lambda b: b[0], default=(0.0, []))[1]


def choose_headings(
    text: str, candidates: Sequence[HeadingCandidate], *, form: bool
) -> list[HeadingCandidate]:
    """Choose the report's section headings from the candidates.

    Parameters
    ----------
    text : str
        The report's text.
    candidates : sequence of HeadingCandidate
        In the order of the text.
    form : bool
        True for the 2019 and 2021 forms, whose six sections come once and in order;
        False for narrative reports, where headings come in any order and may repeat.
    """
    if not candidates:
        return []
    style = _main_style(candidates)
    usable = [
        c
        for c in candidates
        if c.style == style
        or (c.style in ("cn", "lost") and style != "paren")
        or (c.style == "none" and c.whole and c.weight >= 1.5 and style in ("cn", "none"))
    ]
    usable = _without_contents(text, usable)
    prescribed = [c for c in usable if c.no != "另"]
    if form:
        return _best_sequence(prescribed)
    chosen: list[HeadingCandidate] = []
    strong = {c.no for c in prescribed if c.style == style}
    for candidate in usable:
        # Without an ordinal a phrase is a heading only where no proper heading names it.
        if candidate.style not in (style, "cn") and candidate.no in strong:
            continue
        chosen.append(candidate)
    return chosen
