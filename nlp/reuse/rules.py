"""What is masked beside names: dates, numbers, document numbers, list markers, places.

What regular expressions would say (``tests/reuse/test_scan.py`` holds them side by side)
is written out here, because masking would otherwise take most of the time.  A rule only
looks ahead.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from nlp.reuse.compiled import compiled
from nlp.reuse.phrases import Codes

# Slots are private-use characters; those of a text itself (broken glyphs) are dropped.
SEPARATOR, NAME, DATE, NUMBER, DOCUMENT, TITLE, MARKER = range(0xE000, 0xE007)
DROP = 0xE00F
BMP = 0x10000

# Classes of characters, as bits.
_DIGIT, _ORDINAL, _YEAR, _COUNT, _COUNTED, _MEASURE, BEFORE, _HAN, _NO_PLACE, _PERCENT = (
    1 << n for n in range(10)
)
_DAY, _PAST, _ABOUT, _OPEN, _SHUT, _LEVEL = (1 << n for n in range(10, 16))
_CLASSES = {
    _DIGIT: "0123456789",
    _ORDINAL: "一二三四五六七八九十",
    _YEAR: "〇零一二三四五六七八九",
    _COUNT: "〇零一二三四五六七八九十百千两几",
    _COUNTED: "〇零一二三四五六七八九十百千",
    _MEASURE: "条件篇次个份场期项名人起宗家轮部批",
    BEFORE: "。！？；，、：“（" + chr(SEPARATOR),
    _NO_PLACE: "各全本我该所在对由向和及与等以为从到将把" + chr(NAME),
    _PERCENT: "〇零一二三四五六七八九十点",
    _DAY: "日号",
    _PAST: "来龄轻",
    _ABOUT: "余多",
    _OPEN: "〔[（【",
    _SHUT: "〕]）】",
    _LEVEL: "县镇乡街市区",
}
# Rules in the order in which they are tried on a text, with what they may begin with.
_RULES = (
    (TITLE, "《"),
    (DOCUMENT, "〔[（【"),
    (DATE, "12*"),
    (DATE, "一二"),
    (DATE, "0123456789"),
    (DATE, "本今去上下明当近"),
    (MARKER, "第一二三四五六七八九十（0123456789" + "".join(map(chr, range(0x2460, 0x2474)))),
    (MARKER, "（"),
    (NUMBER, "0123456789"),
    (NUMBER, "〇零一二三四五六七八九十百千两几"),
    (NUMBER, "百"),
    (NAME, ""),
)
_TITLE_RULE, _PLACE_RULE = 0, 11
SLOTS = np.array([slot for slot, _ in _RULES], dtype=np.uint32)


@cache
def character_tables() -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
    """Give, for every code point up to U+FFFF, its classes and the rules it may begin."""
    classes = np.zeros(BMP, dtype=np.uint16)
    for bit, characters in _CLASSES.items():
        for c in characters:
            classes[ord(c)] |= bit
    classes[0x3400:0x4DC0] |= _HAN
    classes[0x4E00:0xA000] |= _HAN
    rules = np.zeros(BMP, dtype=np.uint16)
    for n, (_, characters) in enumerate(_RULES):
        for c in characters:
            rules[ord(c)] |= 1 << n
    rules[(classes & _HAN > 0) & (classes & _NO_PLACE == 0)] |= 1 << _PLACE_RULE
    return classes, rules


@compiled
def _is(codes: Codes, at: int, end: int, classes: NDArray[np.uint16], bit: int) -> bool:
    return at < end and codes[at] < BMP and (classes[codes[at]] & bit) != 0


@compiled
def _run(codes: Codes, at: int, end: int, classes: NDArray[np.uint16], bit: int, most: int) -> int:
    """Give how many characters of a class follow, ``most`` at the utmost."""
    n = 0
    while n < most and _is(codes, at + n, end, classes, bit):
        n += 1
    return n


@compiled
def _has(codes: Codes, at: int, end: int, character: int) -> bool:
    return at < end and codes[at] == character


@compiled
def _document(codes: Codes, i: int, end: int, classes: NDArray[np.uint16]) -> int:
    # 〔2024〕第12号
    if i + 7 >= end or not (
        (codes[i + 1] == 49 and codes[i + 2] == 57) or (codes[i + 1] == 50 and codes[i + 2] == 48)
    ):
        return -1
    if _run(codes, i + 3, end, classes, _DIGIT, 2) < 2:
        return -1
    if not _is(codes, i + 5, end, classes, _SHUT):
        return -1
    j = i + 6
    if _has(codes, j, end, 0x7B2C):  # 第
        j += 1
    n = _run(codes, j, end, classes, _DIGIT, end)
    return j + n + 1 if n and _has(codes, j + n, end, 0x53F7) else -1  # 号


@compiled
def _separates(codes: Codes, at: int, end: int) -> bool:
    return at < end and (codes[at] == 45 or codes[at] == 46 or codes[at] == 47)  # - . /


@compiled
def _date(codes: Codes, i: int, end: int, classes: NDArray[np.uint16]) -> int:
    # 2024年3月5日, 2024-3-5, 202*年 is no year but 2***年 and ****年 are
    j = i + 1
    if (
        codes[i] != 42
        and j < end
        and (codes[j] == 57 or codes[j] == 48)
        and _run(codes, j + 1, end, classes, _DIGIT, 2) == 2
    ):
        j += 3
    else:
        while _has(codes, j, end, 42):
            j += 1
        if j == i + 1:
            return -1
    if _has(codes, j, end, 0x5E74):  # 年
        j += 1
        if _has(codes, j, end, 0x5EA6):  # 度
            j += 1
    elif _separates(codes, j, end) and _is(codes, j + 1, end, classes, _DIGIT):
        j += 1
    else:
        return -1
    n = _run(codes, j, end, classes, _DIGIT, 2)
    if n:
        k = j + n
        if _has(codes, k, end, 0x6708):  # 月
            k += 1
            if _has(codes, k, end, 0x4EFD):  # 份
                k += 1
        elif _separates(codes, k, end):
            k += 1
        else:
            return j
        n = _run(codes, k, end, classes, _DIGIT, 2)
        k += n
        if n and _is(codes, k, end, classes, _DAY):
            k += 1
        return k
    return j


@compiled
def _year_in_words(codes: Codes, i: int, end: int, classes: NDArray[np.uint16]) -> int:
    # 二〇二四年度
    if _run(codes, i + 1, end, classes, _YEAR, 3) < 3 or not _has(codes, i + 4, end, 0x5E74):
        return -1
    return i + 6 if _has(codes, i + 5, end, 0x5EA6) else i + 5


@compiled
def _month(codes: Codes, i: int, end: int, classes: NDArray[np.uint16]) -> int:
    # 3月5日, 12月份
    j = i + _run(codes, i, end, classes, _DIGIT, 2)
    if not _has(codes, j, end, 0x6708):
        return -1
    j += 1
    if _has(codes, j, end, 0x4EFD):
        return j + 1
    n = _run(codes, j, end, classes, _DIGIT, 2)
    return j + n + 1 if n and _is(codes, j + n, end, classes, _DAY) else j


@compiled
def _this_year(codes: Codes, i: int, end: int, classes: NDArray[np.uint16]) -> int:
    # 本年度, 近一年, not 近年来
    j = i + 1
    if _has(codes, j, end, 0x4E00):
        j += 1
    if not _has(codes, j, end, 0x5E74):
        return -1
    j += 1
    if _has(codes, j, end, 0x5EA6):
        return j if _is(codes, j + 1, end, classes, _PAST) else j + 1
    return -1 if _is(codes, j, end, classes, _PAST) else j


@compiled
def _marker(codes: Codes, i: int, end: int, classes: NDArray[np.uint16]) -> int:
    # 一是, 第二是要, （三）, 四、, 5., ⑥
    c = codes[i]
    if 0x2460 <= c < 0x2474:
        return i + 1
    if c == 0xFF08:  # （
        n = _run(codes, i + 1, end, classes, _ORDINAL | _DIGIT, 3)
        j = i + 1 + n
        if not n or not _has(codes, j, end, 0xFF09):
            return -1
        return j + 2 if _has(codes, j + 1, end, 0x662F) else j + 1  # 是
    if _is(codes, i, end, classes, _DIGIT):
        j = i + _run(codes, i, end, classes, _DIGIT, 2)
        if not (_has(codes, j, end, 46) or _has(codes, j, end, 0x3001)):  # 、
            return -1
        return -1 if _is(codes, j + 1, end, classes, _DIGIT) else j + 1
    j = i + 1 if c == 0x7B2C else i  # 第
    n = _run(codes, j, end, classes, _ORDINAL, 2)
    if not n:
        return -1
    if _has(codes, j + n, end, 0x662F):
        return j + n + 2 if _has(codes, j + n + 1, end, 0x8981) else j + n + 1  # 要
    return j + n + 1 if j == i and _has(codes, j + n, end, 0x3001) else -1


@compiled
def _number(codes: Codes, i: int, end: int, classes: NDArray[np.uint16]) -> int:
    # 1，234.5余万%
    j = i + 1
    last = j
    while j < end and (codes[j] == 0xFF0C or _is(codes, j, end, classes, _DIGIT)):
        j += 1
        if codes[j - 1] != 0xFF0C:
            last = j
    j = last
    if _has(codes, j, end, 46):
        n = _run(codes, j + 1, end, classes, _DIGIT, end)
        if n:
            j += n + 1
    j += _run(codes, j, end, classes, _ABOUT, 1)
    if _has(codes, j, end, 0x4E07) or _has(codes, j, end, 0x4EBF):  # 万 亿
        j += 1
    j += _run(codes, j, end, classes, _ABOUT, 1)
    if _has(codes, j, end, 37) or _has(codes, j, end, 0x2030):  # % ‰
        j += 1
    return j


@compiled
def _number_in_words(codes: Codes, i: int, end: int, classes: NDArray[np.uint16]) -> int:
    # 二十余次, not 三个方面, 一次性, 一件事
    j = i + 1 + _run(codes, i + 1, end, classes, _COUNTED, end)
    if j < end and (codes[j] == 0x4F59 or codes[j] == 0x591A or codes[j] == 0x51E0):  # 余多几
        j += 1
    if not _is(codes, j, end, classes, _MEASURE):
        return -1
    c = codes[j]
    if c == 0x4E2A and j + 2 < end:  # 个方面, 个环节
        if codes[j + 1] == 0x65B9 and codes[j + 2] == 0x9762:
            return -1
        if codes[j + 1] == 0x73AF and codes[j + 2] == 0x8282:
            return -1
    if (
        (c == 0x6B21 and _has(codes, j + 1, end, 0x6027))  # 次性
        or (c == 0x4EF6 and _has(codes, j + 1, end, 0x4E8B))  # 件事
        or (c == 0x4EBA and _has(codes, j + 1, end, 0x4E00))  # 人一
    ):
        return -1
    return j


@compiled
def _place(codes: Codes, i: int, end: int, classes: NDArray[np.uint16]) -> int:
    # 青溪县人民政府, 青溪县（before a name, 各 or 全)
    for stem in range(2, 4):
        if _run(codes, i, end, classes, _HAN, stem) < stem:
            return -1
        j = i + stem
        if not _is(codes, j, end, classes, _LEVEL):
            continue
        if codes[j] == 0x8857:  # 街道, 街道办事处
            if not _has(codes, j + 1, end, 0x9053):
                continue
            j += 2
            if (
                _has(codes, j, end, 0x529E)
                and _has(codes, j + 1, end, 0x4E8B)
                and _has(codes, j + 2, end, 0x5904)
            ):
                j += 3
        else:
            j += 1
        k = j
        if _has(codes, k, end, 0x4EBA) and _has(codes, k + 1, end, 0x6C11):  # 人民
            k += 2
        if _has(codes, k, end, 0x653F) and _has(codes, k + 1, end, 0x5E9C):  # 政府
            return k + 2
        if j < end and (codes[j] == NAME or codes[j] == 0x5404 or codes[j] == 0x5168):  # 各 全
            return j
    return -1


@compiled
def try_rule(rule: int, codes: Codes, i: int, end: int, classes: NDArray[np.uint16]) -> int:
    """Give where a match of the rule that begins at ``i`` ends; -1 if there is none."""
    if rule == 8:
        return int(_number(codes, i, end, classes))
    if rule == 9:
        return int(_number_in_words(codes, i, end, classes))
    if rule == 6:
        return int(_marker(codes, i, end, classes))
    if rule == 2:
        return int(_date(codes, i, end, classes))
    if rule == 4:
        return int(_month(codes, i, end, classes))
    if rule == 11:
        return int(_place(codes, i, end, classes))
    if rule == 5:
        return int(_this_year(codes, i, end, classes))
    if rule == 3:
        return int(_year_in_words(codes, i, end, classes))
    if rule == 1:
        return int(_document(codes, i, end, classes))
    if rule == 7:
        n = _run(codes, i + 1, end, classes, _ORDINAL, 3)
        return i + n + 2 if n and _has(codes, i + 1 + n, end, 0xFF09) else -1
    if rule == 10:  # 百分之三十
        if not (_has(codes, i + 1, end, 0x5206) and _has(codes, i + 2, end, 0x4E4B)):
            return -1
        n = _run(codes, i + 3, end, classes, _PERCENT, end)
        return i + 3 + n if n else -1
    j = i + 1  # 《…》
    while j < end and j - i <= 61 and codes[j] != 0x300A and codes[j] != 0x300B:
        j += 1
    return j + 1 if j > i + 1 and j - i <= 61 and _has(codes, j, end, 0x300B) else -1
