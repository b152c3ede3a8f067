"""Texts → folded characters with names, dates and numbers as slots, offsets kept.

Two copies of a sentence differ in the names, years and figures that their issuers filled
in.  These become slots for matching; every character left knows its ``[start, end)`` in
the text as given, so whatever is found can be shown to the letter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import opencc
from numpy.typing import NDArray

from nlp.reuse.naming import FIRST, LEAVE, MASK, enumerate_bodies, split_issuer
from nlp.reuse.phrases import Codes, PhraseTable, build_table, encode, longest_matches

# Slots are private-use characters; those of a text itself (broken glyphs) are dropped.
SEPARATOR, NAME, DATE, NUMBER, DOCUMENT, TITLE, MARKER = map(chr, range(0xE000, 0xE007))
SLOTS = {NAME: "机关", DATE: "年", NUMBER: "数", DOCUMENT: "文号", TITLE: "书名"}
_DROP = 0xE00F
CLAUSE, SENTENCE = 1, 2

_SENTENCE_MARKS = "。！？；!?;" + MARKER
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
_CHUNK = 4_000_000


@dataclass(frozen=True, slots=True)
class MaskedTexts:
    """Folded, masked characters of many texts, one after another.

    ``codes[pointers[i]:pointers[i + 1]]`` are the characters of text ``i``; ``starts`` and
    ``ends`` give their range in that text as given (a slot spans what it stands for), and
    ``breaks`` is 1 where a clause and 2 where a sentence ends after the character.
    """

    codes: Codes
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    breaks: NDArray[np.uint8]
    pointers: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.pointers) - 1

    def show(self, index: int) -> str:
        """Give a text as it is matched, slots as ｛年｝, ｛机关｝ …

        Examples
        --------
        >>> mask_texts(["2024年，我局公開信息１２条。"]).show(0)
        '｛年｝｛机关｝公开信息｛数｝条'
        """
        codes = self.codes[self.pointers[index] : self.pointers[index + 1]]
        text = codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")
        return "".join(f"｛{SLOTS[c]}｝" if c in SLOTS else c for c in text)


@cache
def _folding() -> NDArray[np.uint32]:
    """Give the table code point → folded code point; one to one, so offsets stay.

    Full-width forms lose their width, traditional characters become simplified, white
    space and invisible characters are dropped.  Characters are looked at one by one:
    the few that depend on the word (乾) are folded alike in both texts, which is all
    that matching needs.
    """
    table = np.arange(0x110000, dtype=np.uint32)
    for code in (*range(0x2E80, 0x2FE0), *range(0x3000, 0x3400), *range(0xF900, 0xFB00),
                 *range(0xFE10, 0xFE70), *range(0xFF00, 0xFFF0), *range(0x80, 0x100)):  # fmt: skip
        normal = unicodedata.normalize("NFKC", chr(code))
        if len(normal) == 1:
            table[code] = ord(normal)
    han = "".join(map(chr, range(0x4E00, 0xA000)))
    # One line a character keeps words from forming.
    simple = str(opencc.OpenCC("t2s").convert("\n".join(han))).split("\n")
    for raw, new in zip(han, simple, strict=True):
        if len(new) == 1:
            table[ord(raw)] = ord(new)
    for code in range(0x2E80, 0x2FE0):  # radicals fold to characters, maybe traditional ones
        table[code] = table[table[code]]
    for code in range(ord("A"), ord("Z") + 1):
        table[table == code] = code + 32
    for code in range(0x3100):
        if chr(code).isspace() or unicodedata.category(chr(code)) in ("Cf", "Cc"):
            table[code] = _DROP
    table[0xFEFF] = table[0x3000] = _DROP
    for code, new in zip(map(ord, ",;:!?()"), "，；：！？（）", strict=True):
        table[table == code] = ord(new)
    table[ord(",")] = ord("，")
    for code in range(0xE000, 0xF900):
        table[code] = _DROP
    return table


@cache
def _punctuation() -> NDArray[np.uint8]:
    """Give 0 for characters that are matched, 3 for marks, 1 and 2 where a mark ends text."""
    kinds = np.zeros(0x110000, dtype=np.uint8)
    for code in range(0x10000):
        if unicodedata.category(chr(code))[0] in "PSZC":
            kinds[code] = 3
    for slot in SLOTS:
        kinds[ord(slot)] = 0
    for mark in "，、：,:":
        kinds[ord(mark)] = CLAUSE
    for mark in _SENTENCE_MARKS:
        kinds[ord(mark)] = SENTENCE
    return kinds


@cache
def _bodies() -> PhraseTable:
    return build_table((_fold_name(name), kind) for name, kind in enumerate_bodies())


def _fold_name(name: str) -> Codes:
    codes: Codes = _folding()[encode(name)]
    kept: Codes = codes[codes != _DROP]
    return kept


def mask_texts(
    texts: Sequence[str],
    *,
    issuers: Iterable[str] = (),
    names: Iterable[str] = (),
    titles: bool = False,
) -> MaskedTexts:
    """Fold and mask texts for matching.

    Parameters
    ----------
    texts : sequence of str
        As given; offsets in the result point into these.
    issuers : iterable of str
        Bodies that published the texts; their names, short names and places are masked
        in *all* texts, for a copy may still carry the name of the one it was taken from.
    names : iterable of str
        Further names to mask (places found by another step).
    titles : bool
        Also mask what stands in 《》.

    Returns
    -------
    MaskedTexts

    Examples
    --------
    >>> masked = mask_texts(["全年，白芷縣公开12条"], issuers=["白芷县教育局"])
    >>> masked.show(0), masked.starts.tolist(), masked.ends.tolist()
    ('全年｛机关｝公开｛数｝条', [0, 1, 3, 6, 7, 8, 10], [1, 2, 6, 7, 8, 10, 11])
    """
    known = {n for issuer in set(issuers) for n in split_issuer(issuer)} | set(names)
    table = build_table((_fold_name(name), MASK) for name in sorted(known) if len(name) >= 2)
    parts: list[MaskedTexts] = []
    begin, size = 0, 0
    for i, text in enumerate(texts):
        size += len(text) + 1
        if size > _CHUNK or i == len(texts) - 1:
            parts.append(_mask_chunk(texts[begin : i + 1], table, titles))
            begin, size = i + 1, 0
    if not parts:
        empty = np.zeros(0, dtype=np.int64)
        return MaskedTexts(
            empty.astype(np.uint32), empty, empty, empty.astype(np.uint8), np.zeros(1, np.int64)
        )
    if len(parts) == 1:
        return parts[0]
    shifts = np.cumsum([0, *(len(p.codes) for p in parts)])
    return MaskedTexts(
        np.concatenate([p.codes for p in parts]),
        np.concatenate([p.starts for p in parts]),
        np.concatenate([p.ends for p in parts]),
        np.concatenate([p.breaks for p in parts]),
        np.concatenate(
            [
                np.zeros(1, np.int64),
                *(p.pointers[1:] + s for p, s in zip(parts, shifts, strict=False)),
            ]
        ),
    )


def _decode(codes: Codes) -> str:
    return codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


def _mask_chunk(texts: Sequence[str], names: PhraseTable, titles: bool) -> MaskedTexts:
    # A separator before, between and after: patterns look behind for one.
    raw = encode(SEPARATOR + SEPARATOR.join(texts) + SEPARATOR)
    lengths = np.array([len(t) for t in texts], dtype=np.int64)
    heads = 1 + np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths + 1)])
    folded = _folding()[raw]
    borders = heads - 1
    folded[borders] = ord(SEPARATOR)
    newline = raw == 10
    at = np.flatnonzero(folded != _DROP)
    codes = folded[at]
    start, end = at.copy(), at + 1
    for table in (names, _bodies()):
        named = longest_matches(codes, table)[0]
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
    kinds = _punctuation()[codes]
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
    return MaskedTexts(codes, start - shift, end - shift, breaks, pointers.astype(np.int64))


def _apply(
    codes: Codes,
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    spans: NDArray[np.int64],
    slot: str,
) -> tuple[Codes, NDArray[np.int64], NDArray[np.int64]]:
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
