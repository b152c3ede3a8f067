"""Third stage: what the report of the year after says of a problem, and of a measure."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import lru_cache

from nlp.follow.links import Link, Passage, YearReport
from nlp.likeness import compare_themes, compare_wording, cover_content, share_content

# At this likeness of character pairs only numbers and a word or two have changed.
_SAME = 0.8
# A reworded problem shares this much of its content, and this much of its wording.
_CONTENT, _WORDING = 0.5, 0.25
_THEME = 0.9
# A run of so many characters is no chance: names of things and of undertakings.
_RUN = 8
_PART = 8
_DONE = 0.5
_NAME = re.compile("[“《「]([^”》」]{2,24})[”》」]")
_FILLER = re.compile(
    "政府信息公开|政务公开|信息公开|政府信息|[省市县区镇乡街局厅委办]{0,2}政府|工作|进一步|及时|加强"
)
_NOT_WORD = re.compile(r"[\W_]+")
# （二）依申请公开情况。 is a heading that a sentence splitter lets stand alone.
_LABEL = re.compile(
    r"[（(]?[一二三四五六七八九十\d]*[）)、.]?[^，。；]{0,16}(?:情况|工作|方面|建设|保障|公开|管理)[。：:]?"
)
_REPORTED = re.compile(
    "完成|建成|已|开通|上线|运行|实行|推行|制定|举办|出台|建立|印发|全年|累计|组织|开展|实现|落实|设立|编制|公布"
    "|召开|修订|聘请|推出|发布|新增|配备|以来"
)
_COMING = re.compile("将(?:于|在|继续|进一步|要)|下一步|计划于|拟于")


def find_restated(earlier: YearReport, later: YearReport) -> tuple[Link, ...]:
    """Find problems of a report that the report of the year after states again.

    Returns
    -------
    tuple of Link
        ``source`` and ``target`` index the statements of the two reports.  ``state`` is
        ``same`` (copied but for numbers and small changes, or wholly contained),
        ``reworded`` (the same content in other words) or ``theme`` (the same themes only:
        worth a look, not a repetition).  Each problem has one link at most.

    Examples
    --------
    >>> a = YearReport("a", "甲局", 2022, (Passage(0, 9, "部分栏目更新不够及时", "problem"),))
    >>> b = YearReport("b", "甲局", 2023, (Passage(0, 9, "栏目更新仍不够及时", "problem"),))
    >>> [(x.state, x.source, x.target) for x in find_restated(a, b)]
    [('reworded', 0, 0)]
    """
    links = []
    for i, one in enumerate(earlier.statements):
        for j, other in enumerate(later.statements):
            if one.role == other.role == "problem":
                link = _compare_problems(i, one, j, other)
                if link is not None:
                    links.append(link)
    return _keep_best(links)


def _compare_problems(i: int, one: Passage, j: int, other: Passage) -> Link | None:
    wording = compare_wording(one.text, other.text)
    content = share_content(one.text, other.text)
    themes = compare_themes(one.scores, other.scores)
    run = _longest_run(one.text, other.text)
    contained = run >= max(6, 0.9 * min(len(_squeeze(one.text)), len(_squeeze(other.text))))
    score = max(wording, 0.6 * content + 0.2 * themes + 0.2 * min(1.0, run / _RUN))
    if wording >= _SAME or contained:
        return Link("restated", i, j, round(max(score, 0.9), 4), round(wording, 4), "same")
    alike = wording >= _WORDING and content >= _CONTENT
    if alike or (run >= _RUN and (content >= 0.3 or themes >= 0.6)):
        return Link("restated", i, j, round(max(score, 0.5), 4), round(wording, 4), "reworded")
    if _repeats_part(one.text, other.text) or _repeats_part(other.text, one.text):
        return Link("restated", i, j, round(max(score, 0.5), 4), round(wording, 4), "reworded")
    if themes >= _THEME:
        return Link("restated", i, j, round(min(score, 0.45), 4), round(wording, 4), "theme")
    return None


def _repeats_part(text: str, other: str) -> bool:
    """Say whether the first part of a problem of several parts is in another problem."""
    part = re.split("[、，；]", text)[0]
    return len(_squeeze(part)) >= _PART and cover_content(part, other) >= 0.75


def _keep_best(links: list[Link]) -> tuple[Link, ...]:
    rank = {"same": 0, "reworded": 1, "theme": 2}
    kept: list[Link] = []
    for link in sorted(links, key=lambda x: (rank[x.state], -x.score, x.source, x.target)):
        if all(link.source != k.source and link.target != k.target for k in kept):
            kept.append(link)
    return tuple(sorted(kept, key=lambda x: (x.source, x.target)))


def find_done(earlier: YearReport, later: YearReport) -> tuple[Link, ...]:
    """Find where the report of the year after tells of a measure announced the year before.

    Returns
    -------
    tuple of Link
        ``source`` indexes the statements of ``earlier``, ``target`` the sentences of
        ``later``; at most one sentence a measure.  ``state`` is ``reported`` where the
        sentence tells of something done, else ``mentioned``.  A sentence that stood in the
        earlier report already tells nothing new and is passed over.

    Notes
    -----
    The score rests on the longest run of characters both have, on how much of the
    measure's content the sentence takes up, and on names in quotation marks.  That the
    words return is evidence, not proof, that the measure was carried out.

    Examples
    --------
    >>> m = Passage(0, 9, "推行“开门沟通日”，每周邀请申请人查阅材料", "measure")
    >>> s = Passage(0, 9, "实行“开门沟通日”以来，接待申请人214人次")
    >>> a = YearReport("a", "甲局", 2022, (m,))
    >>> [(x.state, x.target) for x in find_done(a, YearReport("b", "甲局", 2023, (), (s,)))]
    [('reported', 0)]
    """
    fresh = [
        j
        for j, s in enumerate(later.sentences)
        if not _LABEL.fullmatch(s.text.strip())
        and all(compare_wording(s.text, old.text) < _SAME for old in earlier.sentences)
    ]
    links = []
    for i, measure in enumerate(earlier.statements):
        if measure.role != "measure":
            continue
        rated = [(_rate_done(measure, later.sentences[j]), -j) for j in fresh]
        if not rated:
            continue
        score, place = max(rated)
        if score < _DONE:
            continue
        sentence = later.sentences[-place]
        done = _REPORTED.search(sentence.text) and not _COMING.search(sentence.text)
        wording = compare_wording(measure.text, sentence.text)
        state = "reported" if done else "mentioned"
        links.append(Link("done", i, -place, round(score, 4), round(wording, 4), state))
    return tuple(links)


def _rate_done(measure: Passage, sentence: Passage) -> float:
    run = _common_runs(measure.text, sentence.text)
    cover = cover_content(measure.text, sentence.text)
    share = share_content(measure.text, sentence.text)
    names = set(_NAME.findall(measure.text)) & set(_NAME.findall(sentence.text))
    named = 0.35 if names else 0.0
    return min(1.0, 0.45 * min(1.0, run / _RUN) + 0.35 * cover + 0.3 * share + named)


@lru_cache(maxsize=20_000)
def _squeeze(text: str) -> str:
    return _NOT_WORD.sub("", _FILLER.sub(" ", text))


def _longest_run(a: str, b: str) -> int:
    """Length of the longest common stretch of two texts, fillers and marks left out."""
    one, other = _squeeze(a), _squeeze(b)
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.find_longest_match(0, len(one), 0, len(other)).size


def _common_runs(a: str, b: str) -> int:
    """Total length of the common stretches of three characters and more."""
    matcher = SequenceMatcher(None, _squeeze(a), _squeeze(b), autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks() if block.size >= 3)
