"""Align printed rows with the rows of the form by their labels, in order.

Printed rows may be missing, doubled, misspelt or cut by a page break; the form's order is
never broken.  The best alignment is found by dynamic programming over label likeness.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from nlp.documents import Box
from nlp.form import Row, fold_label, label_likeness, strip_ordinal

# Below this likeness a label is not taken for the form's label (0.75 is a label of twelve
# characters that lost three; unrelated labels stay under 0.5).
_MIN_LIKENESS = 0.56
_TRAILING_PARTS = 3


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
    order, with no claim about columns.
    """

    labels: tuple[str, ...]
    values: tuple[RawValue, ...]
    placed: bool
    page: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class AlignedRow:
    """A form row and the printed row that stands for it; ``likeness`` of the two labels."""

    row: Row
    printed: PrintedRow | None
    likeness: float
    label: str


def _label_score(fragments: Sequence[str], after: Sequence[str], row: Row) -> tuple[float, str]:
    """Best likeness of any run of fragments that ends the label, and that run's text.

    ``after`` are the fragments that follow the values: a label may be printed around them.
    """
    best, text = 0.0, ""
    for tail in range(min(_TRAILING_PARTS, len(after)) + 1):
        for first in range(len(fragments)):
            joined = "".join(fragments[first:]) + "".join(after[:tail])
            ordinal, words = strip_ordinal(joined)
            folded = fold_label(words)
            score = max((label_likeness(folded, label) for label in row.labels), default=0.0)
            if ordinal and fold_label(ordinal) == fold_label(row.ordinal):
                score += 0.08
            # Text that wraps around the values is rarer than text before them.
            score -= 0.01 * tail
            if score > best:
                best, text = score, words
    return best, text


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
    scores: dict[tuple[int, int], tuple[float, str]] = {}
    for i, candidate in enumerate(printed):
        after = printed[i + 1].labels if i + 1 < n else ()
        for j, row in enumerate(rows):
            score, text = _label_score(candidate.labels, after, row)
            if score >= _MIN_LIKENESS:
                scores[i, j] = (score, text)
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
            aligned[j] = AlignedRow(rows[j], printed[i], min(taken[0], 1.0), taken[1])
            matched[j] = i
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    _fill_lone_gaps(printed, aligned, matched)
    return best[0][0], aligned


def _fill_lone_gaps(
    printed: Sequence[PrintedRow], aligned: list[AlignedRow], matched: dict[int, int]
) -> None:
    """Give an unmatched printed row to the one form row missing between its neighbours."""
    for j in range(1, len(aligned) - 1):
        if j in matched or j - 1 not in matched or j + 1 not in matched:
            continue
        before, after = matched[j - 1], matched[j + 1]
        if after - before == 2 and printed[before + 1].placed:
            row = printed[before + 1]
            label = row.labels[-1] if row.labels else ""
            aligned[j] = AlignedRow(
                aligned[j].row,
                replace(row, note=row.note or "行名无法辨认，按前后两行的位置推定"),
                0.0,
                label,
            )
            matched[j] = before + 1


def choose_rows(
    printed: Sequence[PrintedRow], standard: Sequence[Row], alternatives: Sequence[Row]
) -> list[AlignedRow]:
    """Align with the form as it is, and with its alternative rows; give the better of the two.

    Alternative rows stand instead of others: one 其他处理 row for three, or three for one.
    """
    score, aligned = align_rows(printed, standard)
    if not alternatives:
        return aligned
    replaced = {no for row in alternatives for no in row.alternative}
    varied: list[Row] = []
    for row in standard:
        if row.no in replaced:
            if alternatives[0] not in varied:
                varied.extend(alternatives)
        else:
            varied.append(row)
    other_score, other = align_rows(printed, varied)
    return other if other_score > score + 1e-9 else aligned
