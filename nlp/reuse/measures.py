"""How much of each report is mandated, formula, carried over, shared with others, or new.

Every character that counts (no white space, no marks) is in exactly one class, the first
that fits: mandated (the form's own wording), formula (stock wording, and phrases common
among these reports), own (found in an earlier report of the same issuer), peer (found in a
report of another issuer), new.  So the five shares add to 1.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from nlp.reuse.formulae import paint_formulae
from nlp.reuse.mask import MaskedTexts, mask_texts
from nlp.reuse.match import DEFAULT, Settings, match_wordings
from nlp.reuse.naming import split_issuer
from nlp.reuse.pairs import Source
from nlp.reuse.stretches import list_stretches
from nlp.reuse.wording import classify_characters

_STOCK, _MANDATED = 2, 3


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares of one report's characters; the five add to 1.

    ``own`` is 自我沿用率, ``peer`` 同行雷同率 (what is not already from the issuer's own
    earlier reports), ``formula`` 套话率.  ``peer_any`` counts what others share whether or
    not it is also the issuer's own.  All are None for a text without characters.
    """

    id: str
    characters: int
    mandated: float | None
    formula: float | None
    own: float | None
    peer: float | None
    new: float | None
    peer_any: float | None


def measure_shares(
    sources: Iterable[Source], *, names: Iterable[str] = (), settings: Settings = DEFAULT
) -> list[Shares]:
    """Measure every report against the others.

    Parameters
    ----------
    sources : iterable of Source
        Whole reports, or their narrative parts, with issuer and year.  ``own`` looks at
        earlier years only; a source without issuer or year has no own earlier text.
    names : iterable of str
        Further names to mask.
    settings : Settings

    Returns
    -------
    list of Shares
        Sorted by id.

    Examples
    --------
    >>> text = "每季度由股室对照清单逐条自查并登记销号，抽查结果在例会上点名。"
    >>> a = Source("1", text, "白芷县教育局", 2022)
    >>> b = Source("2", text + "新设夜间查询窗口受理村民来信。", "白芷县教育局", 2023)
    >>> [(s.id, s.own, s.new) for s in measure_shares([a, b])]
    [('1', 0.0, 1.0), ('2', 0.6744, 0.3256)]
    """
    ordered = sorted(sources, key=lambda s: s.id)
    texts = [s.text for s in ordered]
    issuers = sorted({s.issuer for s in ordered if s.issuer})
    matches = match_wordings(texts, issuers=issuers, names=names, settings=settings)
    masked = matches.masked
    classes = classify_characters(masked)
    starts = matches.units.starts[matches.collapsed.first]
    ends = matches.units.ends[matches.collapsed.first]
    common = paint_formulae(
        masked.codes, starts, ends, least=settings.formula_texts, share=settings.formula_share
    )
    own = [np.zeros(len(t) + 1, dtype=np.int64) for t in texts]
    peer = [np.zeros(len(t) + 1, dtype=np.int64) for t in texts]

    def mark(to: list[NDArray[np.int64]], text: int, start: int, end: int) -> None:
        to[text][start] += 1
        to[text][end] -= 1

    found = list_stretches(matches, texts)
    for row in zip(*(column.tolist() for column in found[:6]), strict=True):
        x, y = ordered[row[0]], ordered[row[1]]
        if not x.issuer or x.issuer != y.issuer:
            mark(peer, row[0], row[2], row[3])
            mark(peer, row[1], row[4], row[5])
        elif x.year is not None and y.year is not None and x.year != y.year:
            later = 0 if x.year > y.year else 1
            mark(own, row[later], *(row[2:4] if later == 0 else row[4:6]))
    result = []
    for t, source in enumerate(ordered):
        span = slice(masked.pointers[t], masked.pointers[t + 1])
        result.append(
            _shares(source.id, masked, span, classes[span], common[span], own[t], peer[t])
        )
    return result


def _shares(
    report: str,
    masked: MaskedTexts,
    span: slice,
    classes: NDArray[np.uint8],
    common: NDArray[np.bool_],
    own: NDArray[np.int64],
    peer: NDArray[np.int64],
) -> Shares:
    at = masked.starts[span]
    size = len(at)
    if not size:
        return Shares(report, 0, None, None, None, None, None, None)
    is_own = np.cumsum(own)[at] > 0
    is_peer = np.cumsum(peer)[at] > 0
    mandated = classes == _MANDATED
    formula = ~mandated & ((classes == _STOCK) | common)
    free = ~mandated & ~formula
    m, f, o, p = (
        round(float(part.sum()) / size, 4)
        for part in (mandated, formula, free & is_own, free & ~is_own & is_peer)
    )
    new = max(0.0, round(1.0 - m - f - o - p, 4))
    return Shares(report, size, m, f, o, p, new, round(float((free & is_peer).sum()) / size, 4))


@dataclass(frozen=True, slots=True)
class Likeness:
    """Four measures of two texts, each 0 (nothing alike) to 1 (the same); None if empty.

    The four of Cohen, Malloy and Nguyen ("Lazy Prices"), over folded and masked characters:
    ``cosine`` of the counts of pairs of characters, ``jaccard`` of the sets of pairs,
    ``edit`` as 1 − edits ÷ length of both (insertions and deletions), ``simple`` as the
    share of characters that a line-by-line comparison of clauses leaves unchanged.
    """

    cosine: float | None
    jaccard: float | None
    edit: float | None
    simple: float | None


def compare_texts(a: str, b: str, *, issuers: Iterable[str] = ()) -> Likeness:
    """Compare two texts by the measures of the literature.

    Examples
    --------
    >>> compare_texts("2023年公开12条", "2024年公开30条")
    Likeness(cosine=1.0, jaccard=1.0, edit=1.0, simple=1.0)
    """
    masked = mask_texts([a, b], issuers=issuers)
    x, y = (masked.show(i) for i in range(2))
    if len(x) < 2 or len(y) < 2:
        return Likeness(None, None, None, None)
    pairs_x = Counter(x[i : i + 2] for i in range(len(x) - 1))
    pairs_y = Counter(y[i : i + 2] for i in range(len(y) - 1))
    dot = sum(n * pairs_y[pair] for pair, n in pairs_x.items())
    norm = sqrt(sum(n * n for n in pairs_x.values()) * sum(n * n for n in pairs_y.values()))
    both = len(pairs_x.keys() & pairs_y.keys())
    either = len(pairs_x.keys() | pairs_y.keys())
    clauses_x, clauses_y = _clauses(masked, 0), _clauses(masked, 1)
    blocks = SequenceMatcher(None, clauses_x, clauses_y, autojunk=False).get_matching_blocks()
    same = sum(len(c) for m in blocks for c in clauses_x[m.a : m.a + m.size])
    return Likeness(
        round(dot / norm, 4),
        round(both / either, 4),
        round(2 * _common_length(x, y) / (len(x) + len(y)), 4),
        round(2 * same / (sum(map(len, clauses_x)) + sum(map(len, clauses_y))), 4),
    )


def _clauses(masked: MaskedTexts, index: int) -> list[str]:
    span = slice(masked.pointers[index], masked.pointers[index + 1])
    codes = masked.codes[span].tolist()
    clauses, start = [], 0
    for i, mark in enumerate(masked.breaks[span].tolist()):
        if mark:
            clauses.append("".join(map(chr, codes[start : i + 1])))
            start = i + 1
    return [*clauses, "".join(map(chr, codes[start:]))] if start < len(codes) else clauses


def _common_length(x: str, y: str) -> int:
    """Give the length of the longest common subsequence (Hyyrö's bits, a word a text)."""
    places: dict[str, int] = {}
    for i, c in enumerate(x):
        places[c] = places.get(c, 0) | 1 << i
    full = (1 << len(x)) - 1
    bits = full
    for c in y:
        keep = bits & places.get(c, 0)
        bits = ((bits + keep) | (bits - keep)) & full
    return len(x) - bits.bit_count()


@dataclass(frozen=True, slots=True)
class Residue:
    """Something that a copy left behind; ``text[start:end]`` is it to the letter.

    ``kind`` is ``foreign_name`` (another issuer's name or place) or ``placeholder``.
    """

    kind: str
    start: int
    end: int
    text: str


_PLACEHOLDER = re.compile(
    r"[*＊×X☓]{2,}(?=[年月日条件份篇次县市区镇乡局])|(?:[（(【\[][^（）()【】\[\]]{0,6}"
    r"(?:具体|填写|单位名称|机关名称|此处|请填)[^（）()【】\[\]]{0,12}[)）】\]])|"
    r"\[db:[^\]]*\]|某某[县市区镇乡局]|[xX×]{2}(?=[县市区镇乡局])|_{3,}(?=[年月日条件份次])"
)
# Words after which another body's name is in its place: it is quoted, not left over.
_QUOTES = re.compile(
    r"(?:学习|借鉴|参照|赴|转发|贯彻|落实|按照|根据|与|和|向|报|由)[^，。；]{0,12}$"
)


def find_residue(
    source: Source, others: Sequence[str], *, related: Iterable[str] = ()
) -> list[Residue]:
    """Find other bodies' names and unfilled placeholders in a report's own text.

    Parameters
    ----------
    source : Source
    others : sequence of str
        Issuers of the other reports.
    related : iterable of str
        Names that may stand here: the superior's places, for instance.

    Examples
    --------
    >>> source = Source("1", "2023年，松涧县教育局共公开****条。", "白芷县教育局", 2023)
    >>> [(r.kind, r.text) for r in find_residue(source, ["松涧县教育局"])]
    [('foreign_name', '松涧县教育局'), ('placeholder', '****')]
    """
    mine = {*split_issuer(source.issuer), *related} if source.issuer else set(related)
    names = {
        name
        for issuer in others
        if issuer != source.issuer
        for name in split_issuer(issuer)
        # A stem or a trade alone (教育局) is no other body's name.
        if len(name) >= 3
        and (name == issuer or re.search(r"[省市区县旗镇乡]$", name))
        and name not in mine
        and not any(name in own for own in mine)
    }
    found = [
        Residue("placeholder", m.start(), m.end(), m.group())
        for m in _PLACEHOLDER.finditer(source.text)
    ]
    taken: list[tuple[int, int]] = []
    for name in sorted(names, key=lambda n: (-len(n), n)):
        for m in re.finditer(re.escape(name), source.text):
            inside = any(s <= m.start() and m.end() <= e for s, e in taken)
            if inside or _QUOTES.search(source.text[max(0, m.start() - 16) : m.start()]):
                continue
            taken.append(m.span())
            found.append(Residue("foreign_name", m.start(), m.end(), m.group()))
    return sorted(found, key=lambda r: (r.start, r.end, r.kind))
