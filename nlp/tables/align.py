"""Align printed rows with the rows of the form by their labels, in order.

Printed rows may be missing, doubled, misspelt or cut by a page break; the form's order is
never broken.  The best alignment is found by dynamic programming over label likeness.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from nlp.documents import Box
from nlp.form import Row, fold_label, label_likeness, strip_ordinal

# Below this likeness a label is not taken for the form's label (0.75 is a label of twelve
# characters that lost three; unrelated labels stay under 0.5).
_MIN_LIKENESS = 0.56
# Below this one the row is taken, but shown as doubtful.
_SURE_LIKENESS = 0.7
# A wording with so many characters behind the label is another row's label as well.
_TRAILING_CHARACTERS = 2
_TRAILING_COST = 0.3
# From this likeness on a label names its row wherever it stands, unless another row's label
# is as near.
_CERTAIN_LIKENESS = 0.97
_CERTAIN_LEAD = 0.1
# Below this likeness another row of the form may be meant where its label is nearly as near.
_CLEAR_LIKENESS = 0.9
_RIVAL_LEAD = 0.12
# So much of a row's label is in what is printed over it.
_SHARED = 0.6
_TRAILING_PARTS = 4
# A label is printed in no more fragments than this (one or two characters a line).
_MOST_FRAGMENTS = 24
_ORDINAL_BONUS = 0.08
# What runs at the head or the foot of every page.
_RUNNING = re.compile(r"年度报告|年报$|^第?\d*页|^共\d*页|^\W+$")
INNER_ORDINAL = re.compile(r"(?<=[\u4e00-\u9fff])(?:\d[.、．]|[（(][一二三四五六七][)）])")


@dataclass(frozen=True, slots=True)
class RawValue:
    """A printed value and where it stands."""

    text: str
    page: int
    box: Box | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """One printed row: label fragments from left to right, and its values.

    ``values`` holds one entry a column where ``placed`` is True; else what was found in
    order, with no claim about columns.  ``wraps`` says that the label may go on after the
    values, as it does in text drawn from PDFs; ``strays`` are the positions of fragments
    that are no wording of the form (running headers).
    """

    labels: tuple[str, ...]
    values: tuple[RawValue, ...]
    placed: bool
    page: int
    note: str = ""
    wraps: bool = False
    strays: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class AlignedRow:
    """A form row and the printed row that stands for it; ``likeness`` of the two labels.

    ``at`` is the index of the printed row, ``first`` that of the label's first fragment;
    both are -1 where the row is not in print.  ``guess`` says what the match rests on where
    the label does not carry it: ``place`` (the form's sums may still prove it) or ``rival``
    (another row may be meant as well, so that nothing proves it).
    """

    row: Row
    printed: PrintedRow | None
    likeness: float
    label: str
    at: int = -1
    first: int = -1
    doubt: str = ""
    guess: Literal["", "place", "rival"] = ""


@dataclass(frozen=True, slots=True)
class _Wording:
    """A run of fragments that may be the label of a row."""

    folded: str
    ordinal: str
    words: str
    first: int
    tail: int
    end: str = ""


@lru_cache(maxsize=131072)
def _best_likeness(folded: str, labels: tuple[str, ...]) -> float:
    return max((_likeness(folded, label) for label in labels), default=0.0)


def _likeness(folded: str, label: str) -> float:
    """Likeness of a printed wording to a label that must end where the wording ends.

    Where a row's values have vanished, its label runs on into the next row's label; the
    values behind both are the second row's.
    """
    likeness = label_likeness(folded, label)
    if likeness and len(folded) >= len(label) + _TRAILING_CHARACTERS:
        size = len(label)
        if label_likeness(folded[:size], label) > label_likeness(folded[-size:], label):
            likeness -= _TRAILING_COST
    return max(likeness, 0.0)


def _wordings(candidate: PrintedRow, after: Sequence[str]) -> list[_Wording]:
    """Every run of fragments that ends the label, and what it may go on with."""
    found: list[_Wording] = []
    seen: set[str] = set()
    tails = range(min(_TRAILING_PARTS, len(after)) + 1 if candidate.wraps else 1)
    for skipped in (frozenset(), candidate.strays) if candidate.strays else (frozenset(),):
        for tail in tails:
            end = "".join(after[:tail])
            if candidate.labels and tail and strip_ordinal(after[tail - 1])[0]:
                break  # 四、结转下年度继续办理: the label of another row, not the rest of this one
            joined = end
            for first in range(len(candidate.labels) - 1, -1, -1):
                if len(candidate.labels) - first > _MOST_FRAGMENTS:
                    break
                if first in skipped:
                    continue
                joined = candidate.labels[first] + joined
                if joined in seen:
                    continue
                seen.add(joined)
                # （四）无法提供1.本机关不掌握…: the group and the row in one cell.
                own = len(joined) - len(end)
                inner = (m.start() for m in INNER_ORDINAL.finditer(joined))
                for start in (0, *(at for at in inner if at < own)):
                    ordinal, words = strip_ordinal(joined[start:])
                    found.append(
                        _Wording(
                            fold_label(words),
                            fold_label(ordinal),
                            words,
                            first,
                            tail,
                            fold_label(end),
                        )
                    )
    return found


def _score(wordings: Sequence[_Wording], row: Row) -> tuple[float, str, int]:
    """Best likeness of any wording to a row's label, its text and first fragment."""
    best, text, at = 0.0, "", -1
    ordinal = fold_label(row.ordinal)
    for wording in wordings:
        score = _best_likeness(wording.folded, row.labels)
        if not score or (wording.end and _best_likeness(wording.end, row.labels) >= score):
            continue  # what stands behind the values is the whole label: not of these values
        if wording.ordinal and wording.ordinal == ordinal:
            score += _ORDINAL_BONUS
        # Text that wraps around the values is rarer than text before them.
        score -= 0.01 * wording.tail
        if score > best:
            best, text, at = score, wording.words, wording.first
    return best, text, at


def align_rows(
    printed: Sequence[PrintedRow], rows: Sequence[Row]
) -> tuple[float, list[AlignedRow]]:
    """Align printed rows with form rows, both in order.

    Parameters
    ----------
    printed : sequence of PrintedRow
    rows : sequence of Row
        Rows of the form, in its order.

    Returns
    -------
    score, aligned
        The sum of likenesses, and one AlignedRow for every form row; ``printed`` is None
        where the form row is not in print.
    """
    n, m = len(printed), len(rows)
    scores: dict[tuple[int, int], tuple[float, str, int]] = {}
    tops: dict[int, float] = {}
    for i, candidate in enumerate(printed):
        if not candidate.values:
            continue
        after = printed[i + 1].labels if i + 1 < n else ()
        wordings = _wordings(candidate, after)
        for j, row in enumerate(rows):
            found = _score(wordings, row)
            if found[0] >= _MIN_LIKENESS:
                scores[i, j] = found
                tops[i] = max(tops.get(i, 0.0), found[0])
    best = [[0.0] * (m + 1) for _ in range(n + 1)]
    for i in range(n - 1, -1, -1):
        for j in range(m - 1, -1, -1):
            best[i][j] = max(best[i + 1][j], best[i][j + 1])
            if (i, j) in scores:
                best[i][j] = max(best[i][j], scores[i, j][0] + best[i + 1][j + 1])
    aligned = [AlignedRow(row, None, 0.0, "") for row in rows]
    i = j = 0
    matched: dict[int, int] = {}
    while i < n and j < m:
        taken = scores.get((i, j))
        if taken and abs(best[i][j] - (taken[0] + best[i + 1][j + 1])) < 1e-9:
            score, label, first = taken
            doubt, guess = "", _is_guess(i, j, scores, tops)
            if guess:
                doubt = f"行名印为“{label}”，疑似“{rows[j].label}”"
            aligned[j] = AlignedRow(
                rows[j], printed[i], min(score, 1.0), label, i, first, doubt, guess
            )
            matched[j] = i
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    certain = _certain_rows(scores)
    _follow_labels(printed, aligned, matched, certain, scores)
    _fill_lone_gaps(printed, aligned, matched, certain)
    _doubt_rivals(aligned, scores)
    return best[0][0], aligned


def _is_guess(
    i: int, j: int, scores: dict[tuple[int, int], tuple[float, str, int]], tops: dict[int, float]
) -> Literal["", "place", "rival"]:
    """A label that is far off, or nearer to another row's, is a guess by its place."""
    score = scores[i, j][0]
    if score < tops[i] - _RIVAL_LEAD:
        return "rival"
    return "place" if score < _SURE_LIKENESS else ""


def _doubt_rivals(
    aligned: list[AlignedRow], scores: dict[tuple[int, int], tuple[float, str, int]]
) -> None:
    """Labels that are as near to a row which no other label claims as to their own row."""
    for j, item in enumerate(aligned):
        own = scores.get((item.at, j))
        if own is None or item.guess or own[0] >= _CLEAR_LIKENESS:
            continue
        rival = next(
            (
                other
                for other, claim in enumerate(aligned)
                if other != j
                and claim.likeness < _CLEAR_LIKENESS
                and scores.get((item.at, other), (0.0,))[0] >= own[0] - _RIVAL_LEAD
            ),
            None,
        )
        if rival is not None:
            doubt = f"行名印为“{item.label}”，疑似“{item.row.label}”或“{aligned[rival].row.label}”"
            aligned[j] = replace(item, doubt=doubt, guess="rival")


def _certain_rows(scores: dict[tuple[int, int], tuple[float, str, int]]) -> dict[int, int]:
    """Printed rows whose label is that of one form row beyond doubt."""
    ranked: dict[int, list[tuple[float, int]]] = {}
    for (i, j), (score, _, _) in scores.items():
        ranked.setdefault(i, []).append((score, j))
    certain = {}
    for i, found in ranked.items():
        found.sort(reverse=True)
        second = found[1][0] if len(found) > 1 else 0.0
        if found[0][0] >= _CERTAIN_LIKENESS and found[0][0] - second >= _CERTAIN_LEAD:
            certain[i] = found[0][1]
    return certain


def _follow_labels(
    printed: Sequence[PrintedRow],
    aligned: list[AlignedRow],
    matched: dict[int, int],
    certain: dict[int, int],
    scores: dict[tuple[int, int], tuple[float, str, int]],
) -> None:
    """Rows printed out of the form's order go where their labels say, never by their place."""
    for j, i in list(matched.items()):
        if certain.get(i, j) != j:
            aligned[j] = AlignedRow(aligned[j].row, None, 0.0, "")
            del matched[j]
    taken = set(matched.values())
    for i, j in sorted(certain.items()):
        if i in taken or j in matched:
            continue
        score, label, first = scores[i, j]
        doubt = "行序与格式规定的不同，按行名归行"
        aligned[j] = AlignedRow(aligned[j].row, printed[i], min(score, 1.0), label, i, first, doubt)
        matched[j] = i
        taken.add(i)


def _fill_lone_gaps(
    printed: Sequence[PrintedRow],
    aligned: list[AlignedRow],
    matched: dict[int, int],
    certain: dict[int, int],
) -> None:
    """Give an unmatched printed row to the one form row missing between its neighbours.

    Only a row whose label cannot be read: one that names another row is not the missing one.
    """
    taken = set(matched.values())
    for j in range(1, len(aligned) - 1):
        if j in matched or j - 1 not in matched or j + 1 not in matched:
            continue
        before, after = matched[j - 1], matched[j + 1]
        between = before + 1
        if between in certain or between in taken:
            continue
        if after - before == 2 and printed[before + 1].placed:
            row = printed[before + 1]
            label = row.labels[-1] if row.labels else ""
            # 其中：线上办理 is another row; a label that is gone, garbled or printed over
            # another one's names none.
            shared = sum(char in label for char in aligned[j].row.label)
            garbled = "\ufffd" in label or shared >= _SHARED * len(aligned[j].row.label)
            named = fold_label(label) and not garbled
            aligned[j] = AlignedRow(
                aligned[j].row,
                row,
                0.0,
                strip_ordinal(label)[1],
                before + 1,
                len(row.labels),
                "行名无法辨认，按前后两行的位置推定",
                "rival" if named else "place",
            )
            matched[j] = before + 1


# Wording that only the three rows of the 2021 form have.
_THREE_ROWS = ("逾期不补正", "逾期未按收费", "不再处理其政府信息公开申请")


def choose_rows(
    printed: Sequence[PrintedRow], standard: Sequence[Row], alternatives: Sequence[Row]
) -> list[AlignedRow]:
    """Align with the form as it is, and with its alternative rows; give the better of the two.

    Alternative rows stand instead of others: one 其他处理 row for three, or three for one.
    """
    varied = vary_rows(standard, alternatives)
    joined = fold_label("".join(fragment for row in printed for fragment in row.labels))
    if any(mark in joined for mark in _THREE_ROWS):
        rows = standard if any(row.no == "3.6.1" for row in standard) else varied
        return align_rows(printed, rows)[1]
    score, aligned = align_rows(printed, standard)
    other_score, other = align_rows(printed, varied)
    if abs(other_score - score) > 1e-9:
        return other if other_score > score else aligned
    # Values may have vanished with their cells: the label alone then tells.
    single = any(row.no == "3.6" for row in standard)
    return aligned if single or "其他处理" not in joined else other


def vary_rows(standard: Sequence[Row], alternatives: Sequence[Row]) -> list[Row]:
    """Give the form's rows with its alternative rows in the place of those they replace."""
    replaced = {no for row in alternatives for no in row.alternative}
    varied: list[Row] = []
    for row in standard:
        if row.no not in replaced:
            varied.append(row)
        elif alternatives[0] not in varied:
            varied.extend(alternatives)
    return varied


def mark_strays(printed: Sequence[PrintedRow], is_wording: Sequence[str]) -> list[PrintedRow]:
    """Note which fragments are no wording of the form (``is_wording``: folded labels).

    What stands right before numbers is their own label, however it is misprinted (3巳.其他),
    unless it runs at the head or foot of pages.
    """
    soup = "\n".join(is_wording)
    marked: list[PrintedRow] = []
    for row in printed:
        last = len(row.labels) - 1 if row.values else -1
        strays = frozenset(
            at
            for at, fragment in enumerate(row.labels)
            # （一）的以公开 is a misprinted label, no running header.
            if not strip_ordinal(fragment)[0]
            and not _is_wording(fold_label(fragment), soup)
            and (at != last or _RUNNING.search(fragment))
        )
        marked.append(replace(row, strays=strays) if strays else row)
    return marked


@lru_cache(maxsize=16384)
def _is_wording(folded: str, soup: str) -> bool:
    if not folded or folded in soup:
        return True
    return len(folded) >= 5 and any(label_likeness(folded, x) >= 0.7 for x in soup.split("\n"))
