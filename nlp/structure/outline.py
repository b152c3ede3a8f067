"""Choose the report's headings among all places that read like one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from nlp.form import fold_label
from nlp.structure.headings import (
    HeadingCandidate,
    closes_like_heading,
    find_in_paragraph,
    ordinal_value,
    split_ordinal,
)

_ORDER = "一二三四五六"
# Rows of the table in section three that carry the ordinals 一 to 四.
_ROWS = ("本年新收", "上年结转", "本年度办理结果", "结转下年度", "结转下一年度")
_LETTERS = re.compile(r"[^\W\d_]")
# A heading of the report's own that names none of the prescribed sections.
_LONGEST_PLAIN = 34


def find_candidates(text: str, spans: Iterable[tuple[int, int]]) -> list[HeadingCandidate]:
    """Find every place in the given paragraphs that reads like a section heading."""
    return [
        replace(found, start=start + found.start, end=start + found.end)
        for start, end in spans
        for found in find_in_paragraph(text[start:end])
    ]


def _main_style(candidates: Sequence[HeadingCandidate]) -> str:
    """Choose the ordinal style that the report's top headings are set in.

    Official documents nest 一、 over （一） over 1.; so two headings with 一、 outweigh
    any number of named sub-headings.
    """
    kinds: dict[str, set[str]] = {}
    plain: set[str] = set()
    for candidate in candidates:
        if candidate.no != "另":
            kinds.setdefault(candidate.style, set()).add(candidate.no)
            if candidate.style == "none" and candidate.likeness >= 0.85:
                plain.add(candidate.no)
    order = ("cn", "none", "paren", "digit", "lost")
    counts = {style: len(kinds.get(style, ())) for style in order}
    # All six titles of the form without ordinals: what has ordinals is below them.
    if len(plain) >= 4 and len(plain) > counts["cn"]:
        return "none"
    if counts["cn"] >= 2 or (counts["cn"] == 1 and max(counts.values()) < 3):
        return "cn"
    return max(order, key=lambda style: (counts[style], -order.index(style)))


def _is_empty(text: str, start: int, end: int) -> bool:
    """Tell whether fewer than three letters stand between two headings."""
    letters = 0
    for match in _LETTERS.finditer(text, start, end):
        letters += bool(match)
        if letters >= 3:
            return False
    return True


def _without_contents(text: str, candidates: Sequence[HeadingCandidate]) -> list[HeadingCandidate]:
    """Drop a table of contents: three or more bare headings in a row that come again later.

    五、存在的主要问题及改进情况 right above （一）存在问题 is none, and neither are the
    headings of two sections whose tables were lost with the pictures that held them.
    """
    last = {candidate.no: index for index, candidate in enumerate(candidates)}
    kept: list[HeadingCandidate] = []
    index = 0
    while index < len(candidates):
        stop = index
        while stop + 1 < len(candidates):
            between = candidates[stop].end, candidates[stop + 1].start
            # A list in one paragraph may name the sub-headings as well.
            if not (text.find("\n", *between) < 0 or _is_empty(text, *between)):
                break
            stop += 1
        run = range(index, stop + 1)
        again = [i for i in run if last[candidates[i].no] > stop]
        contents = len(run) >= 3 and len(again) >= 3 and 3 * len(again) >= 2 * len(run)
        kept.extend(candidates[i] for i in run if not (contents and i in again))
        index = stop + 1
    return kept


def _best_sequence(candidates: Sequence[HeadingCandidate]) -> list[HeadingCandidate]:
    """Choose the heaviest sequence in the order 一 … 六, each section at most once.

    Section 五 alone may come twice in a row (问题, then 改进措施), each with an ordinal.
    """
    best: list[tuple[float, tuple[HeadingCandidate, ...]]] = [(0.0, ())] * 7
    for candidate in candidates:
        rank = _ORDER.index(candidate.no) + 1
        weight, before = max(best[:rank], key=lambda b: b[0])
        reached = (weight + candidate.weight, (*before, candidate))
        if candidate.no == "五" and best[5][1] and candidate.style == "cn":
            first = best[5][1][-1]
            halves = first.style == "cn" and first.ordinal != candidate.ordinal
            if halves and min(first.likeness, candidate.likeness) < 0.85:
                twice = (best[5][0] + candidate.weight, (*best[5][1], candidate))
                reached = max(reached, twice, key=lambda b: b[0])
        if reached[0] > best[rank][0]:
            best[rank] = reached
    return list(max(best, key=lambda b: b[0])[1])


def _plain_headings(
    text: str, spans: Iterable[tuple[int, int]], chosen: Sequence[HeadingCandidate]
) -> list[HeadingCandidate]:
    """Find headings of the report's own (七、附则 …) by their ordinals.

    A short paragraph with 一、 is one when its ordinal goes on from the heading before it
    and leaves room for the one after it.
    """
    if sum(c.style == "cn" for c in chosen) < 2:
        return []
    starts = {c.start for c in chosen}
    found: list[HeadingCandidate] = []
    ahead = [c for c in chosen if c.ordinal is not None]
    position, reached = 0, 0
    for start, end in spans:
        while position < len(ahead) and ahead[position].start <= start:
            reached = ahead[position].ordinal or reached
            position += 1
        if start in starts or not 4 <= end - start <= _LONGEST_PLAIN:
            continue
        style, ordinal, length = split_ordinal(text[start:end])
        value = ordinal_value(ordinal)
        words = text[start + length : end].rstrip("。：:；; ")
        if style != "cn" or value != reached + 1 or re.search("[。；;！？]", words):
            continue
        following = ahead[position].ordinal if position < len(ahead) else None
        if following is not None and following <= value:
            continue
        if fold_label(words).startswith(_ROWS) or not re.search("[\u4e00-\u9fff]{2}", words):
            continue
        # After the last heading only a line that ends like a heading opens a new part.
        if following is None and not closes_like_heading(words):
            continue
        reached = value
        stop = start + length + len(words)
        found.append(HeadingCandidate(start, stop, "另", "cn", 1.0, True, value))
    return found


def choose_headings(
    text: str,
    candidates: Sequence[HeadingCandidate],
    spans: Sequence[tuple[int, int]] = (),
    *,
    form: bool,
) -> list[HeadingCandidate]:
    """Choose the report's section headings from the candidates.

    Parameters
    ----------
    text : str
        The report's text.
    candidates : sequence of HeadingCandidate
        In the order of the text.
    spans : sequence of (start, end)
        The report's paragraphs, among which headings of its own are looked for.
    form : bool
        True for the 2019 and 2021 forms, whose six sections come once and in order;
        False for narrative reports, where headings come in any order and may repeat.
    """
    if not candidates:
        return []
    main = _main_style(candidates)
    proper = _without_contents(text, [c for c in candidates if c.style == main])
    named = {c.no for c in proper if c.no != "另"}
    opening = proper[0].start if proper else 0
    stand_ins = [
        c
        for c in candidates
        if c.style != main
        and c.no not in named
        and (
            c.style == "cn"
            or (c.style == "lost" and main in ("cn", "none"))
            # Links above the report and in its menu are no headings.
            or (c.style == "none" and c.no != "另" and main == "cn" and _follows(c, opening))
        )
    ]
    usable = sorted([*proper, *_without_contents(text, stand_ins)], key=lambda c: c.start)
    prescribed = [c for c in usable if c.no != "另"]
    chosen = _best_sequence(prescribed) if form else _without_nested(usable)
    if main in ("cn", "none"):
        chosen = sorted([*chosen, *_plain_headings(text, spans, chosen)], key=lambda c: c.start)
    return chosen


def _follows(candidate: HeadingCandidate, opening: int) -> bool:
    return candidate.whole and (candidate.start > opening or candidate.no == "一")


def _without_nested(candidates: Sequence[HeadingCandidate]) -> list[HeadingCandidate]:
    """Drop items that count anew from 一 inside a section and only mention its words."""
    kept: list[HeadingCandidate] = []
    reached = 0
    for candidate in candidates:
        value = candidate.ordinal
        if value is not None and value < reached and not candidate.whole:
            continue
        kept.append(candidate)
        reached = max(reached, value or 0) if candidate.whole else reached
    return kept
