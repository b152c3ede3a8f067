"""Texts → folded characters with names, dates and numbers as slots, offsets kept.

Two copies of a sentence differ in the names, years and figures that their issuers filled
in.  These become slots for matching; every character left knows its ``[start, end)`` in
the text as given, so whatever is found can be shown to the letter.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import pairwise

import numpy as np
import opencc
from numpy.typing import NDArray

from nlp.reuse import rules
from nlp.reuse.naming import MASK, enumerate_bodies, split_issuer
from nlp.reuse.phrases import Codes, PhraseTable, build_table, encode
from nlp.reuse.scan import CLAUSE, SENTENCE, scan_texts
from nlp.reuse.workers import run_all

SEPARATOR, MARKER, TITLE = chr(rules.SEPARATOR), chr(rules.MARKER), chr(rules.TITLE)
NAME, DATE, NUMBER, DOCUMENT = map(chr, (rules.NAME, rules.DATE, rules.NUMBER, rules.DOCUMENT))
SLOTS = {NAME: "机关", DATE: "年", NUMBER: "数", DOCUMENT: "文号", TITLE: "书名"}
_SENTENCE_MARKS = "。！？；!?;" + MARKER
# Texts are masked so many characters at a time.
_CHUNK = 1_000_000


@dataclass(frozen=True, slots=True)
class MaskedTexts:
    """Folded, masked characters of many texts, one after another.

    ``codes[pointers[i]:pointers[i + 1]]`` are the characters of text ``i``; ``starts`` and
    ``ends`` give their range in that text as given (a slot spans what it stands for), and
    ``breaks`` is 1 where a clause and 2 where a sentence ends after the character.
    """

    codes: Codes
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
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
def folding() -> NDArray[np.uint32]:
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
            table[code] = rules.DROP
    table[0xFEFF] = table[0x3000] = rules.DROP
    for code, new in zip(map(ord, ",;:!?()"), "，；：！？（）", strict=True):
        table[table == code] = ord(new)
    table[ord(",")] = ord("，")
    for code in range(0xE000, 0xF900):
        table[code] = rules.DROP
    return table


@cache
def punctuation() -> NDArray[np.uint8]:
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
    return build_table((fold_name(name), kind) for name, kind in enumerate_bodies())


def fold_name(name: str) -> Codes:
    """Give the code points of a name as texts are folded for matching, marks left out."""
    codes: Codes = folding()[encode(name)]
    kept: Codes = codes[codes != rules.DROP]
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
    table = build_table((fold_name(name), MASK) for name in sorted(known) if len(name) >= 2)
    classes, begins = rules.character_tables()
    bodies = _bodies()
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    chunk_of = (np.cumsum(lengths + 1) - 1) // _CHUNK
    borders = [0, *(np.flatnonzero(np.diff(chunk_of)) + 1).tolist(), len(texts)]
    chunks = [(a, b) for a, b in pairwise(borders) if a < b]

    def mask_chunk(first: int, last: int) -> MaskedTexts:
        raw = encode("".join(texts[first:last]))
        heads = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths[first:last])])
        codes = np.empty(len(raw), dtype=np.uint32)
        starts = np.empty(len(raw), dtype=np.int32)
        ends = np.empty(len(raw), dtype=np.int32)
        breaks = np.empty(len(raw), dtype=np.uint8)
        pointers = np.empty(len(heads), dtype=np.int64)
        made = scan_texts(
            raw, heads, folding(), punctuation(), classes, begins, rules.SLOTS, titles,
            table.keys, table.nodes, table.marks, table.roots,
            bodies.keys, bodies.nodes, bodies.marks, bodies.roots,
            codes, starts, ends, breaks, pointers,
        )  # fmt: skip
        return MaskedTexts(
            codes[:made].copy(), starts[:made].copy(), ends[:made].copy(),
            breaks[:made].copy(), pointers,
        )  # fmt: skip

    parts = run_all([partial(mask_chunk, *chunk) for chunk in chunks])
    if len(parts) == 1:
        return parts[0]
    shifts = np.cumsum([0, *(len(p.codes) for p in parts)], dtype=np.int64)
    pointers = [p.pointers[1:] + s for p, s in zip(parts, shifts, strict=False)]
    return MaskedTexts(
        np.concatenate([np.zeros(0, np.uint32), *(p.codes for p in parts)]),
        np.concatenate([np.zeros(0, np.int32), *(p.starts for p in parts)]),
        np.concatenate([np.zeros(0, np.int32), *(p.ends for p in parts)]),
        np.concatenate([np.zeros(0, np.uint8), *(p.breaks for p in parts)]),
        np.concatenate([np.zeros(1, np.int64), *pointers]),
    )
