"""Masking said with regular expressions: what the compiled rules must agree with."""

from __future__ import annotations

import re

import numpy as np

from nlp.reuse.mask import (
    DATE,
    DOCUMENT,
    MARKER,
    NAME,
    NUMBER,
    TITLE,
    fold_name,
    folding,
    punctuation,
)
from nlp.reuse.naming import FIRST, LEAVE, MASK, enumerate_bodies
from nlp.reuse.phrases import encode
from nlp.reuse.rules import DROP
from nlp.reuse.rules import SEPARATOR as SEPARATOR_CODE
from nlp.reuse.scan import CLAUSE, SENTENCE

SEPARATOR = chr(SEPARATOR_CODE)
_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_BEFORE = rf"[。！？；，、：“（{SEPARATOR}]"
# Every pattern begins with a small set of characters, which the engine skips to quickly.
_PATTERNS = (
    (
        DOCUMENT,
        re.compile(r"[〔\[（【](?:19|20)\d{2}[〕\]）】]第?\d+号"),
    ),
    (
        DATE,
        re.compile(
            r"[12*](?:(?:(?<=[12])(?:9|0)\d{2}|\*+)(?:年度?|[-./](?=\d))"
            r"(?:\d{1,2}(?:月份?|[-./])(?:\d{1,2}[日号]?)?)?)"
        ),
    ),
    (DATE, re.compile(r"[一二][〇○零一二三四五六七八九]{3}年度?")),
    (DATE, re.compile(r"\d{1,2}月(?:\d{1,2}[日号]|份)?")),
    (DATE, re.compile(r"[本今去上下明当近](?:一?年度?)(?![来龄轻])")),
    (
        MARKER,
        re.compile(
            rf"{_BEFORE}(?P<slot>第?[一二三四五六七八九十]{{1,2}}是要?|（[一二三四五六七八九十\d]{{1,3}}）是?|"
            rf"[一二三四五六七八九十]{{1,2}}、|\d{{1,2}}[.、．](?!\d)|[①-⑳])"
        ),
    ),
    (MARKER, re.compile(r"（[一二三四五六七八九十]{1,3}）")),
    (
        NUMBER,
        re.compile(r"\d[\d，]*(?<=\d)(?:\.\d+)?(?:余|多)?[万亿]?(?:余|多)?[%％‰]?"),
    ),
    (
        NUMBER,
        re.compile(
            r"[〇零一二三四五六七八九十百千两几](?:[〇零一二三四五六七八九十百千]*[余多几]?)"
            r"(?=[条件篇次个份场期项名人起宗家轮部批])(?!个方面|个环节|次性|件事|人一)"
        ),
    ),
    (NUMBER, re.compile(r"百分之[〇零一二三四五六七八九十点]+")),
    (
        NAME,
        re.compile(
            rf"{_BEFORE}(?P<slot>(?![各全本我该所在对由向和及与等以为从到将把{NAME}])[{_HAN}]{{2,3}}?"
            rf"(?:县|镇|乡|街道(?:办事处)?|市|区)(?:人民政府|政府|(?={NAME}|各|全)))"
        ),
    ),
)
_TITLE_PATTERN = re.compile(r"《[^《》]{1,60}》")


def leftmost_longest(text, names):
    """Give (start, end, class) of the leftmost longest names, the highest class winning."""
    known = {}
    for name, mark in names:
        known[name] = max(mark, known.get(name, 0))
    sizes = sorted({len(name) for name in known}, reverse=True)
    found, i = [], 0
    while i < len(text):
        for size in sizes:
            mark = known.get(text[i : i + size])
            if mark:
                found.append((i, i + size, mark))
                i += size
                break
        else:
            i += 1
    return np.array(found, dtype=np.int64).reshape(-1, 3)


def _decode(codes):
    return codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


def mask_by_patterns(texts, names=(), titles=False):
    """Give (codes, starts, ends, breaks, pointers) of texts, as ``mask_texts`` would."""
    raw = encode(SEPARATOR + SEPARATOR.join(texts) + SEPARATOR)
    lengths = np.array([len(t) for t in texts], dtype=np.int64)
    heads = 1 + np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths + 1)])
    folded = folding()[raw]
    borders = heads - 1
    folded[borders] = ord(SEPARATOR)
    newline = raw == 10
    at = np.flatnonzero(folded != DROP)
    codes = folded[at]
    start, end = at.copy(), at + 1
    known = [(_decode(fold_name(n)), MASK) for n in names]
    for table in (known, [(_decode(fold_name(n)), k) for n, k in enumerate_bodies()]):
        named = leftmost_longest(_decode(codes), table)
        named = named[named[:, 2] != LEAVE]
        named[:, 1] = np.where(named[:, 2] == FIRST, named[:, 0] + 1, named[:, 1])
        codes, start, end = _apply(codes, start, end, named[:, :2], NAME)
    text = _decode(codes)
    patterns = ((TITLE, _TITLE_PATTERN), *_PATTERNS) if titles else _PATTERNS
    for slot, pattern in patterns:
        group = "slot" if "slot" in pattern.groupindex else 0
        spans = np.array([m.span(group) for m in pattern.finditer(text)], dtype=np.int64)
        if len(spans):
            codes, start, end = _apply(codes, start, end, spans, slot)
            text = _decode(codes)
    kinds = punctuation()[codes]
    kinds[codes == ord(SEPARATOR)] = SENTENCE
    kept = np.flatnonzero(kinds == 0)
    breaks = np.zeros(len(kept), dtype=np.uint8)
    if len(kept):
        # A mark belongs to the last character kept before it; the strongest one counts.
        marks = np.flatnonzero((kinds == CLAUSE) | (kinds == SENTENCE))
        owner = np.searchsorted(kept, marks) - 1
        valid = owner >= 0
        np.maximum.at(breaks, owner[valid], kinds[marks[valid]])
        # A line break is a clause's end at least: headings carry no mark.
        lines = np.searchsorted(start[kept], np.flatnonzero(newline)) - 1
        lines = lines[lines >= 0]
        np.maximum.at(breaks, lines, np.uint8(CLAUSE))
    codes, start, end = codes[kept], start[kept], end[kept]
    document = np.searchsorted(heads, start, side="right") - 1
    pointers = np.searchsorted(document, np.arange(len(texts) + 1))
    same = np.zeros(len(codes), dtype=bool)
    if len(codes) > 1:  # 白芷县 + 教育局 written as two names is one slot
        same[1:] = (codes[1:] == codes[:-1]) & (codes[1:] == ord(NAME))
        same[1:] &= (document[1:] == document[:-1]) & (breaks[:-1] == 0)
    if same.any():
        last = np.flatnonzero(~np.append(same[1:], False))
        first = np.flatnonzero(~same)
        codes, start, end = codes[first], start[first], end[last]
        breaks, document = breaks[last], document[first]
        pointers = np.searchsorted(document, np.arange(len(texts) + 1))
    shift = heads[document]
    return codes, start - shift, end - shift, breaks, pointers


def _apply(codes, start, end, spans, slot):
    """Replace each span by one slot."""
    if not len(spans):
        return codes, start, end
    codes, end = codes.copy(), end.copy()
    codes[spans[:, 0]] = ord(slot)
    end[spans[:, 0]] = end[spans[:, 1] - 1]
    change = np.zeros(len(codes) + 1, dtype=np.int64)
    np.add.at(change, spans[:, 0] + 1, 1)
    np.add.at(change, spans[:, 1], -1)
    keep = np.cumsum(change[:-1]) == 0
    return codes[keep], start[keep], end[keep]
