"""Read one heading: its ordinal, and the section that its words name.

Real reports skip, double and lose ordinals; a preamble may list the section names; a whole
report may stand in one paragraph.  So a heading is known by its words, and every place
that reads like one is a candidate with a weight; ``outline`` chooses among them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from nlp.form import fold_label, label_likeness, load_heading_rules

_CN = "一二三四五六七八九十"
_ORDINAL = re.compile(
    rf"^\s*(?:(?P<cn>[{_CN}]{{1,3}}\s*(?:[、.．,，:：]|\s)+|第[{_CN}]部分\s*[、.．:：]?"
    # 一概述: the space after the ordinal is gone once spaces between ideographs are.
    rf"|[{_CN}](?=总体|概述|工作概|基本|主动公开|依申请|收到|行政机关|政府信息|存在|其[他它]需|因政府))"
    rf"|(?P<paren>[（(]\s*[{_CN}]{{1,3}}\s*[)）]\s*[、.．]?|[㈠-㈩])"
    r"|(?P<digit>\d{1,2}\s*[、.．](?!\d))"
    r"|(?P<lost>[、.．]|[—－-](?![—－-])))\s*"
)
# In mid-line only a full "二、" counts.
_INNER = re.compile(rf"(?<![{_CN}第（(《“])(?=(?:[{_CN}]|十[{_CN}])\s*[、.．])")
_AFTER_STOP = re.compile(r"[。；;！!？?\s：:]$")
# Where run-in text begins behind heading words.
_RUN_IN = re.compile(
    r"[。：:\s；;]|(?=[（(]\s*[一二三四五六七八九十\d]\s*[)）])|(?=(?:19|20)\d\d\s*年)"
    r"|(?=我[局县市区镇乡街办委厅院校省州部署中站所旗]|本[局机单年级区市县镇乡部]|根据|今年|截[至止]|按照|无[。，]"
    r"|全年|全[县市区镇省乡街]|一年来|目前|近年|为|在|一是|首先|通过|未|没有|虽然|\d)"
    rf"|(?=[{_CN}]{{1,2}}\s*[、.．])"
)
# Words that end a heading even where the text runs on without any mark: …改进措施存在不足.
_ENDS = re.compile(
    "(?:情况|状况|概述|概况|综述|措施|打算|安排|计划|事项|诉讼|附表|附件)"
    "(?![和及与的、/等]|以及|收到|申诉|案件|工作|概述|概况|综述|分析|说明|统计|报告|汇总|安排|计划|打算|建议|意见|情况|方面|思路|表|良好|较好|属实)"
)
# 无其他需要报告的事项 is what section six says, not what it is called.
_DENIALS = ("无", "没有", "暂无", "未")
# 主动公开力度不够 is an item of section five, not the heading of section two.
_DEFECTS = re.compile(
    "不够|不强|不全|不高|不多|不及时|不规范|不到位|有待|欠缺|薄弱$|滞后|偏少|较少"
)
# Without an ordinal only words that close a heading make one: a wrapped line of prose may
# well hold 主动公开 or 行政复议.
_CLOSING = re.compile(
    r"(?:情况|状况|概况|概述|综述|问题|不足|不足之处|困难|差距|措施|打算|计划|规划|意见|建议|事项|安排|"
    r"方面|方向|重点|思路|诉讼|复议|附表|附件|主动公开|依申请公开|其他|改进|整改)$"
)
# Links of a web page's menu read like headings, and so do labels of the tables.
_BARE = frozenset(
    "主动公开 依申请公开 其他 附件 附表 行政复议 行政诉讼 政府信息公开 信息公开 情况说明 "
    "其他结果 其他情况 改进 整改 意见建议 问题 咨询 投诉举报 公开情况".split()
)
# Longer than any heading seen (the longest of section four have 36 characters).
_LONGEST_HEADING = 44
_TRAILING = "。：:；;，,、 …·."
_DOTTED_PAGE = re.compile(r"[\s.…·]{2,}\d{1,3}$")
_WEIGHTS = {"cn": 1.0, "lost": 0.4, "none": 0.2, "digit": 0.1, "paren": 0.0}


@dataclass(frozen=True, slots=True)
class HeadingCandidate:
    """A stretch that reads like a heading.

    ``no`` is the section that its words name, ``style`` and ``ordinal`` what stands before
    them, ``likeness`` how near they come to the form's title, ``whole`` whether nothing
    else stands in the paragraph.
    """

    start: int
    end: int
    no: str
    style: str
    weight: float
    whole: bool
    ordinal: int | None = None
    likeness: float = 0.0


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
    ended = _ENDS.search(folded)
    if _DEFECTS.search(folded) or (ended and ended.end() < len(folded)):
        return None
    for rule in load_heading_rules():
        likeness = label_likeness(folded, fold_label(rule.title))
        # One wrong character in the standard title is forgiven, as misprints are common.
        if likeness >= 0.85 or any(p.fullmatch(folded) for p in rule.patterns):
            return rule.no, likeness
    return None


def split_ordinal(text: str) -> tuple[str, str, int]:
    """Give the ordinal's style (cn, paren, digit, lost or none), the ordinal, its length.

    Examples
    --------
    >>> split_ordinal("六 、其他需要报告的事项")
    ('cn', '六 、', 3)
    >>> split_ordinal("——依申请公开")
    ('none', '', 0)
    """
    match = _ORDINAL.match(text)
    if not match:
        return "none", "", 0
    return match.lastgroup or "none", match.group().strip(), match.end()


def ordinal_value(ordinal: str) -> int | None:
    """Read an ordinal as a number; None where there is none to read.

    Examples
    --------
    >>> [ordinal_value(text) for text in ("五、", "（十二）", "㈢", "7.", "—")]
    [5, 12, 3, 7, None]
    """
    if len(ordinal) == 1 and "㈠" <= ordinal <= "㈩":
        return ord(ordinal) - ord("㈠") + 1
    if digits := re.search(r"\d{1,9}", ordinal):
        return int(digits.group())
    found = re.search(rf"[{_CN}]+", ordinal)
    if not found:
        return None
    tens, _, ones = found.group().rpartition("十")
    if "十" not in found.group():
        return _CN.index(found.group()[-1]) + 1
    return (_CN.index(tens[-1]) + 1 if tens else 1) * 10 + (_CN.index(ones) + 1 if ones else 0)


def closes_like_heading(words: str) -> bool:
    """Tell whether words end as headings do: 情况, 措施, 事项 and the like."""
    return bool(_CLOSING.search(words.rstrip(_TRAILING)))


def _cut_points(words: str, style: str, *, run_in: bool) -> list[int]:
    """Give the places where a heading may end: all of it, then the run-in marks in order."""
    ends = [len(words.rstrip(_TRAILING))] if len(words) <= _LONGEST_HEADING + 6 else []
    if run_in and style in ("cn", "lost", "paren"):
        window = words[: _LONGEST_HEADING + 6]
        cuts = sorted({m.start() for m in _RUN_IN.finditer(window) if m.start() >= 2})
        # Words that close a heading are a better place to cut than words in the middle.
        closing = [c for c in cuts if _CLOSING.search(words[:c])]
        ends += closing + [c for c in reversed(cuts) if c not in closing]
        ends += [m.end() for m in _ENDS.finditer(window)]
    return ends


@lru_cache(maxsize=16384)
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

    Examples
    --------
    >>> found = read_heading("二、主动公开情况2014年，我局公开信息12条。", run_in=True)
    >>> found.no, found.end, found.ordinal, found.whole
    ('二', 8, 2, False)
    """
    stripped = text.rstrip()
    style, ordinal, begin = split_ordinal(stripped)
    words = _DOTTED_PAGE.sub("", stripped[begin:])
    if len(words) > _LONGEST_HEADING + 6 and not (run_in and style in ("cn", "lost", "paren")):
        return None
    if style == "none" and not words[:1].isalnum():
        return None
    # Without an ordinal, commas and figures are signs of a sentence, not of a heading.
    marks = "。；;" if style in ("cn", "paren") else "。；;，,0123456789"
    for end in _cut_points(words, style, run_in=run_in):
        if any(mark in words[:end] for mark in marks):
            continue
        named = name_section(words[:end])
        if named is None:
            continue
        if style == "none" and (words[:end] in _BARE or not _CLOSING.search(words[:end])):
            continue
        whole = not words[end:].strip(_TRAILING)
        if not whole and words[end] in "，,、":
            continue
        # What runs on without any mark is a heading only where the words end like one.
        if not whole and words[end] not in "。：: ；;" and not _CLOSING.search(words[:end]):
            continue
        no, likeness = named
        value = ordinal_value(ordinal)
        weight = 1.0 + likeness + (0.5 if value and "一二三四五六"[value - 1 : value] == no else 0)
        weight += _WEIGHTS[style] + (0.6 if whole else 0.0)
        return HeadingCandidate(0, begin + end, no, style, weight, whole, value, likeness)
    return None


@lru_cache(maxsize=16384)
def looks_like_heading(line: str) -> bool:
    """Tell whether a whole line reads like a section heading (used to end a paragraph).

    Examples
    --------
    >>> looks_like_heading("三、收到和处理政府信息公开申请情况")
    True
    >>> looks_like_heading("本报告由概述、主动公开、依申请公开等六部分组成。")
    False
    """
    if len(line) > _LONGEST_HEADING + 12:
        return False
    style, _, _ = split_ordinal(line)
    if style in ("none", "digit", "lost") and len(line) > 26:
        return False
    found = read_heading(line, run_in=False)
    return found is not None and (style != "none" or found.no != "另")


def find_in_paragraph(paragraph: str) -> list[HeadingCandidate]:
    """Find every place in one paragraph that reads like a section heading."""
    found: list[HeadingCandidate] = []
    for place in [0, *(m.start() for m in _INNER.finditer(paragraph) if m.start())]:
        candidate = read_heading(paragraph[place : place + 500], run_in=True)
        if candidate is None or (place and candidate.style != "cn"):
            continue
        if place == 0 and candidate.style in ("none", "digit") and not candidate.whole:
            continue
        # Between two sentences a heading is likely; in the middle of one it must be plain.
        if place and not _AFTER_STOP.search(paragraph[place - 1]):
            begin = place + split_ordinal(paragraph[place : place + 9])[2]
            words = paragraph[begin : place + candidate.end]
            if not _CLOSING.search(words) or paragraph[place - 1] in "，,、和及":
                continue
        whole = candidate.whole and place == 0
        found.append(
            replace(
                candidate,
                start=place,
                end=place + candidate.end,
                weight=candidate.weight - (0.6 if candidate.whole and not whole else 0.0),
                whole=whole,
            )
        )
    return found
