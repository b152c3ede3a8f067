"""Third stage, the frame: headings and turning sentences, which tell what part of 五 begins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from nlp.statements import language as say
from nlp.statements import titles
from nlp.statements.outline import Marker
from nlp.statements.view import View

Zone = Literal["problem", "measure", "both", "other"]
_FORMS: tuple[tuple[Zone, re.Pattern[str]], ...] = (
    ("other", titles.HEADING_OTHER),
    ("both", titles.HEADING_BOTH),
    ("problem", titles.HEADING_PROBLEM),
    ("measure", titles.HEADING_MEASURE),
)
_SENTENCE_START = re.compile("(?:^|(?<=[。！？\n]))(?=[^\n])")
# Behind a heading stands the end of its line, a mark, or the first marker of a list.
_AFTER = re.compile(f"[：。\n]|$|(?=[{say.CN}]是|（[{say.CN}]）|（\\d|\\d[.、]|首先)")
# What a section of a report that stands in one line opens with.
_RUNS_IN = re.compile(
    "20\\d[\\dxX×*]年|[我本][局镇乡县市区委办街单机]|目前|经过|在政府|回顾|通过|虽然"
)
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading and what it announces; ``end`` is behind its mark."""

    start: int
    end: int
    zone: Zone


def _heading_at(view: View, start: int, ordinal: bool) -> Heading | None:
    text = view.text
    best: Heading | None = None
    for zone, form in _FORMS:
        match = form.match(text, start, start + _LONGEST)
        if not match or (best and match.end() <= best.end):
            continue
        end = match.end()
        behind = _AFTER.match(text, end)
        runs_in = (
            ordinal and zone in ("both", "other") and text[end : end + 1] not in "是有为，如主"
        ) or (ordinal and text[start] in say.CN and _RUNS_IN.match(text, end) is not None)
        if behind or end in view.gaps or runs_in:
            best = Heading(start, end + (len(behind.group()) if behind else 0), zone)
    return best


def find_headings(view: View, markers: Sequence[Marker]) -> list[Heading]:
    """Find the headings of a view: whole lines, or run into the text behind an ordinal.

    Examples
    --------
    >>> from nlp.statements.view import make_view
    >>> [h.zone for h in find_headings(make_view("存在的问题\\n无。\\n改进措施：加强培训。"), [])]
    ['problem', 'measure']
    """
    ordinals = {m.start for m in markers if m.kind in ("pcn", "num", "dun", "pnum", "circ")}
    starts = {m.start() for m in _SENTENCE_START.finditer(view.text)}
    headings: list[Heading] = []
    for start in sorted(ordinals | starts):
        if headings and start < headings[-1].end:
            continue
        heading = _heading_at(view, start, start in ordinals)
        if heading:
            headings.append(heading)
    return headings


def find_turns(view: View) -> list[int]:
    """Give the starts of the sentences that turn from problems to what will be done."""
    return [
        m.start()
        for m in _SENTENCE_START.finditer(view.text)
        if say.TURN.match(view.text, m.start())
    ]
