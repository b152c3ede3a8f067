"""Second stage: markers (一是, （二）, 3., 首先 …) and the lists that they make."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from nlp.statements.language import CN
from nlp.statements.view import View

_DIGITS = {char: i for i, char in enumerate("零一二三四五六七八九")}
_MARKER = re.compile(
    f"(?P<shi>[{CN}]{{1,2}})是(?!否)[，：、]?"
    f"|（(?P<pcn>[{CN}]{{1,2}})）[、.．：]?是?|(?P<lost>（）)[、.．]?"
    f"|（(?P<pnum>\\d{{1,2}})）[、.．：]?|(?P<num>\\d{{1,2}})(?:[.．、）](?!\\d)|是(?!否))"
    "|(?P<bare>\\d{1,2})(?=[\u4e00-\u9fff])(?![年月日个条件项次名人家万号级类份部余多亿天时分位篇期场起宗处])"
    f"|(?P<dun>[{CN}]{{1,3}})[、.．](?![{CN}\\d])|(?P<comma>[{CN}])，(?![{CN}]是)"
    f"|第(?P<di>[{CN}])(?:[，、：]|是(?!否)|(?=要))"
    "|(?P<xian>首先|其次|再次|再者|最后)(?:[，、：]|是(?!否)|(?=要))?"
    f"|(?P<yao>[{CN}])(?=要(?![求点素闻]))"
    f"|其(?P<qi>[{CN}])(?:[，、：]|是(?!否))?"
    "|(?P<circ>[①-⑳])[、.．]?|(?P<pcirc>[⑴-⒇])[、.．]?|(?P<ncirc>[⒈-⒛])|(?P<cnc>[㈠-㈩])[、.．]?"
    "|(?P<fang>一方面|另一方面)[，、：]?(?:是|要)?|(?P<bullet>[●■◆•➢○□▪★▲※►✓√·]|[—–]{1,2}|-(?=[\u4e00-\u9fff]))"
    "|(?P<is>是)(?![否因由指在为以的不])"
)
_KIND = {
    "comma": "dun", "lost": "pcn", "cnc": "pcn", "bare": "num", "ncirc": "num", "pcirc": "pnum",
    "is": "shi",
}  # fmt: skip
# These words are markers only where at least two of a kind follow each other.
_NEEDS_COMPANY = frozenset({"di", "xian", "yao", "qi", "fang", "circ", "bullet"})
_ORDER = {"首先": 1, "其次": 2, "再次": 3, "再者": 3, "最后": 4, "一方面": 1, "另一方面": 2}
# Words that run into 一是 without a mark (主要问题一是 …).
_ANNOUNCING = frozenset(
    "问题 不足 措施 方面 表现 打算 困难 建议 包括 方向 思路 情况 重点 安排 计划 对策 举措 意见"
    " 办法".split()
)
# These open a list even without a mark before them (今后首先要 …).
_FIRST = frozenset({"首先，", "首先要", "首先是"})
_BEFORE = frozenset("。；：！？\n，、")
_HARD_BEFORE = frozenset("。；：！？\n")


@dataclass(frozen=True, slots=True)
class Marker:
    """A list marker; ``number`` is 0 where the digit is lost or a bullet has none."""

    start: int
    end: int
    kind: str
    number: int


@dataclass(slots=True)
class Item:
    """One list item; its text begins at ``marker.end``."""

    marker: Marker
    children: list[ItemList] = field(default_factory=list)


@dataclass(slots=True)
class ItemList:
    """Items of one kind in a row."""

    items: list[Item]

    @property
    def start(self) -> int:
        """Where the first marker begins."""
        return self.items[0].marker.start

    @property
    def kind(self) -> str:
        """The kind of the markers."""
        return self.items[0].marker.kind


def _number(kind: str, raw: str) -> int:
    if raw in _ORDER:
        return _ORDER[raw]
    if raw.isdecimal():
        return int(raw)
    for base in (0x2460, 0x2474, 0x2488, 0x3220):
        if len(raw) == 1 and base <= ord(raw) < base + 20 and kind not in ("lost", "is"):
            return ord(raw) - base + 1
    if kind in ("lost", "is", "bullet"):
        return 0
    if "十" in raw:
        tens, _, ones = raw.partition("十")
        return 10 * _DIGITS.get(tens, 1) + _DIGITS.get(ones, 0)
    return _DIGITS.get(raw[-1], 0)


def find_markers(view: View) -> list[Marker]:
    """Find the list markers of a view, in order.

    A marker stands at the start of a paragraph or after punctuation; 二是 and its
    followers are also taken from running text where the list is already open, since
    the punctuation before them is often missing.
    """
    text = view.text
    found: list[Marker] = []
    last_shi = last_dun = 0
    for match in _MARKER.finditer(text):
        group = str(match.lastgroup)
        start = match.start()
        before = text[start - 1] if start else "\n"
        number = _number(group, match.group(group))
        kind = _KIND.get(group, group)
        at_edge = before in _BEFORE or start in view.gaps
        hard_edge = before in _HARD_BEFORE or start in view.gaps
        if group == "shi":
            expected = last_shi and number == last_shi + 1 and before not in "唯之第统单万专同划整"
            announced = number == 1 and text[start - 2 : start] in _ANNOUNCING
            if not (at_edge or expected or announced):
                continue
            last_shi = number
        elif group == "is":
            if not hard_edge or (before == "。" and not last_shi) or start == 0:
                continue
        elif group in ("bare", "bullet", "comma"):
            if before != "\n":
                continue
        elif group in ("num", "pnum", "pcn", "lost", "dun", "circ", "pcirc", "ncirc", "cnc"):
            goes_on = before in "，）" and (number != 1 or group == "pcn") and kind != "dun"
            goes_on = goes_on or (kind == "dun" and before == "，" and number == last_dun + 1)
            announced = number == 1 and text[start - 2 : start] in _ANNOUNCING
            if not (hard_edge or goes_on or announced):
                continue
            last_dun = number if kind == "dun" else last_dun
        elif not at_edge and text[start : start + 3] not in _FIRST:
            continue
        found.append(Marker(start, match.end(), kind, number))
    return _drop_lonely(found)


def _drop_lonely(markers: list[Marker]) -> list[Marker]:
    """Drop words such as 最后 and 一要 that begin no list, and a lost 是 without a list."""
    kinds: dict[str, set[int]] = {}
    for marker in markers:
        kinds.setdefault(marker.kind, set()).add(marker.number)
    counts: dict[str, int] = {}
    for marker in markers:
        counts[marker.kind] = counts.get(marker.kind, 0) + 1

    def stays(marker: Marker) -> bool:
        numbers = kinds[marker.kind]
        if marker.kind in _NEEDS_COMPANY:
            return counts[marker.kind] > 1 and (marker.kind == "bullet" or bool({1, 2} & numbers))
        if marker.kind == "shi" and marker.number == 0:
            return bool(numbers - {0}) or counts["shi"] > 2
        return True

    return [marker for marker in markers if stays(marker)]


def _follows(marker: Marker, previous: int) -> bool:
    """Tell whether a marker goes on counting (a number may be lost, doubled or skipped)."""
    if marker.number == 0:
        return True
    return previous <= marker.number <= previous + 2 and not marker.number == previous == 1


def build_lists(
    markers: Sequence[Marker], cuts: Sequence[int], containers: frozenset[int]
) -> list[ItemList]:
    """Nest markers into lists.

    Parameters
    ----------
    markers
        In order.
    cuts
        Sorted places where something new begins (a turning sentence): a list that opens
        behind a cut is not part of the item before the cut.
    containers
        Starts of markers whose item is a split heading ((一)存在的问题), which holds
        whatever follows.
    """
    top: list[ItemList] = []
    stack: list[ItemList] = []
    for marker in markers:
        item = Item(marker)
        depth = next((i for i in reversed(range(len(stack))) if stack[i].kind == marker.kind), None)
        if depth is not None:
            last = stack[depth].items[-1].marker
            del stack[depth + 1 :]
            # Bullets do not count: those behind 改进措施： are another list.
            between = bisect_right(cuts, last.end)
            parted = (
                marker.kind == "bullet" and between < len(cuts) and cuts[between] < marker.start
            )
            if _follows(marker, last.number) and not parted:
                if marker.number == 0:
                    item = Item(Marker(marker.start, marker.end, marker.kind, last.number + 1))
                stack[depth].items.append(item)
                continue
            stack.pop()
        else:
            while stack:
                holder = stack[-1].items[-1].marker
                cut = bisect_right(cuts, holder.end)
                behind = cut < len(cuts) and cuts[cut] <= marker.start
                if holder.start in containers or not behind:
                    break
                stack.pop()
        opened = ItemList([item])
        (stack[-1].items[-1].children if stack else top).append(opened)
        stack.append(opened)
    return top
