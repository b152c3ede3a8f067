"""Fifth stage: where a statement begins and ends, by the conventions of the codebook.

Without marker and closing mark, without turning phrase, its subject and 将 or 要, without
a bare topic (关于平台建设。); what is nested in a measure stays in it and is a problem of
its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from nlp.documents.records import Role
from nlp.statements import language as say
from nlp.statements import prose, roles

EDGE = "，；、：。！？.,;:!? \n-—"
# A topic in front of an item's text: 关于平台建设。, 公开内容方面：.
_TOPIC = re.compile(
    "(?:关于[^，。：；\n]{2,14}[，。：\n]|在?[^，。：；\n]{2,14}(?:[：\n]|(?<=方面)。))"
)
_CLAUSE_START = re.compile("(?:^|(?<=[。；，\n]))")


@dataclass(frozen=True, slots=True)
class Draft:
    """A statement in the view; ``answers`` is the start of the problem that it answers."""

    role: Role
    start: int
    end: int
    answers: tuple[int, int] | None = None


def trim(text: str, role: Role, start: int, end: int) -> tuple[int, int]:
    """Cut off what stands around a statement and does not belong to it."""
    while start < end and text[start] in EDGE:
        start += 1
    topic = _TOPIC.match(text, start, end)
    if topic and not _states(topic.group()):
        start = topic.end()
    asks = say.REQUEST.match(text, start, end)
    if role == "measure" and not asks and not say.NESTED.match(text, start, end):
        start = prose.strip_turn(text, start, end)
    found = say.TAIL.search(text, start, end)
    if found:
        # 等 at the very end belongs to the statement where it closes a list of things.
        tail = found.group()
        end = found.start() + len(tail) - len(tail.lstrip("等"))
    while end > start and text[end - 1] in EDGE:
        end -= 1
    while start < end and text[start] in EDGE:
        start += 1
    return start, end


def _states(words: str) -> bool:
    words = words.strip(EDGE)
    return abs(roles.score_role(words)) > 0.3 and not words.endswith("方面")


def find_nested(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Find the problem that a measure names (针对人手不足的实际，…).

    Examples
    --------
    >>> text = "针对人手不足的实际，增配专职人员"
    >>> text[slice(*find_nested(text, 0, len(text)))]
    '人手不足'
    """
    for place in _CLAUSE_START.finditer(text[start:end]):
        found = say.NESTED.match(text, start + place.start(), end)
        what = found.group("what") if found else ""
        if found and say.DEFECT.search(what) and not roles.is_frame(what + "问题"):
            return found.span("what")
    return None


def settle_drafts(drafts: list[Draft]) -> list[Draft]:
    """Put drafts in order; where two overlap without being nested, the first stays."""
    nested = {d.answers for d in drafts if d.role == "measure"}
    kept: list[Draft] = []
    reached = 0
    for draft in sorted(set(drafts), key=lambda d: (d.start, -d.end, d.role)):
        inside = (draft.start, draft.end) in nested and draft.role == "problem"
        if draft.start >= reached or (inside and draft.end <= reached):
            kept.append(draft)
            reached = max(reached, draft.end)
    return kept


def cut_slogan(drafts: list[Draft], text: str) -> list[Draft]:
    """Cut a slogan off the last measure (…，力争再上新台阶)."""
    if not drafts or drafts[-1].role != "measure":
        return drafts
    last = drafts[-1]
    comma = text.rfind("，", last.start, last.end)
    if comma > last.start + 1 and say.SLOGAN.search(text, comma + 1, last.end):
        return [*drafts[:-1], replace(last, end=comma)]
    return drafts
