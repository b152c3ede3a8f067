"""Judge cells that were read against what was printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nlp.documents import Cell
from nlp.verify.rules import load_doubt_words
from tests.tables.synthetic import Printed


@dataclass
class Verdict:
    """Counts of right, marked (doubt is shown) and wrong cells, and the wrong ones."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    marked: list[str] = field(default_factory=list)

    @property
    def right(self) -> int:
        return self.counts["right"]


def judge(
    cells: Sequence[Cell], expected: Mapping[str, Printed], consistent: bool = True
) -> Verdict:
    """Compare; a cell that says what is not printed there, without doubt, is wrong."""
    verdict = Verdict()
    words = load_doubt_words()
    by_key = {cell.key: cell for cell in cells}
    for key in by_key.keys() | expected.keys():
        cell, want = by_key.get(key), expected.get(key)
        if cell is None:
            # Whether one row or three stand under （六） is open while they cannot be read.
            kin = [c for c in cells if c.key.startswith("3|3.6") and key.startswith("3|3.6")]
            kind = "unread" if kin and all(c.value is None for c in kin) else "lost"
        else:
            doubtful = any(word in cell.note for word in words)
            kind = _judge_one(cell, want, doubtful, consistent)
        verdict.counts[kind] += 1
        if kind in ("wrong", "lost"):
            verdict.wrong.append(f"{kind} {key} want {want} got {cell}")
        elif kind in ("marked", "unread", "misled"):
            verdict.marked.append(f"{kind} {key} want {want} got {cell}")
    return verdict


def _judge_one(cell: Cell, want: Printed | None, doubtful: bool, consistent: bool) -> str:
    if want is None:
        if cell.state == "absent":
            return "right"
        if cell.value is None or doubtful:
            return "unread"
        return "wrong"
    if want.value is None:
        # Something like a blank: its state is what is printed, its value 0 by the sums only.
        if cell.state == want.state and cell.value in (None, 0):
            # Where the sums do not hold, a blank may not count as zero.
            return "marked" if doubtful else "right"
        if cell.state in ("unreadable", "absent"):
            return "unread"
        return "misled" if doubtful else "wrong"
    if cell.value == want.value and cell.state == want.state and cell.unit == want.unit:
        return "marked" if doubtful else "right"
    if cell.value is None and cell.state in ("unreadable", "absent"):
        return "unread"
    if cell.value is None:
        return "wrong"  # a printed number shown as an empty cell
    return "misled" if doubtful else "wrong"
