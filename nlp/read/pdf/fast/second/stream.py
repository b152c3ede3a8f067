"""The characters of a report in the order in which they are printed, and where each stands."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import inf

from nlp.form import fold_label
from nlp.read.pdf.fast.pieces import Mark

# What may be printed in a cell; a word with anything else is no value.
_VALUE = frozenset("0123456789.,-+/\\—–－_减无万元")
_TOUCHING = 0.35
_SAME_LINE = 0.5


@dataclass(slots=True)
class Place:
    """Where a label is printed: its page, the box around its characters, and its middle."""

    page: int
    x0: float
    top: float
    x1: float
    bottom: float
    x: float = field(init=False)
    y: float = field(init=False)

    def __post_init__(self) -> None:
        self.x, self.y = (self.x0 + self.x1) / 2, (self.top + self.bottom) / 2


@dataclass(slots=True)
class Word:
    """A run of touching characters that may be a value, and where it stands."""

    text: str
    page: int
    x: float
    y: float
    at: int


class _Folded(dict[str, str]):
    """What a character is in a label."""

    def __missing__(self, char: str) -> str:
        folded = self[char] = fold_label(char)
        return folded


_FOLDED = _Folded()


class Stream:
    """The characters of all pages as they are printed, folded as labels are.

    Characters are numbered over all pages; ``text`` is what is left of them in a label.
    """

    def __init__(self, pages: Sequence[Sequence[Mark]]) -> None:
        self._pages = pages
        self._page_starts: list[int] = []
        self._marks: list[Mark] = []
        # The number of the first character of each mark.
        self._starts: list[int] = []
        chars: list[str] = []
        for marks in pages:
            self._page_starts.append(len(chars))
            self._marks += marks
            for mark in marks:
                self._starts.append(len(chars))
                text, inner = mark[4], mark[7]
                if not inner:
                    chars.append(text)
                elif len(text) == len(inner[1]):
                    chars += text
                else:
                    chars += [inner[0][0][k] for k in inner[1]]
        parts = [_FOLDED[char] for char in chars]
        self.text = "".join(parts)
        # The character that each place of the text comes from.
        self._origins: list[int] = []
        if max(map(len, parts), default=0) <= 1:
            self._origins = [index for index, part in enumerate(parts) if part]
        else:
            for index, part in enumerate(parts):
                self._origins += [index] * len(part)
        self.used: set[int] = set()

    def _stand(self, index: int) -> tuple[float, float, float, float]:
        """Give the middle's height, both edges and the size of a character."""
        at = bisect_right(self._starts, index) - 1
        mark = self._marks[at]
        y, x0, x1, size, _, _, _, inner = mark
        if not inner:
            return y, x0, x1, size
        (_, _, boxes, left), places = inner
        k = 4 * places[index - self._starts[at]]
        return y, boxes[k] - left, boxes[k + 2] - left, size

    def _page(self, index: int) -> int:
        return bisect_right(self._page_starts, index)

    def find(self, labels: Iterable[str], start: int, stop: int) -> list[int] | None:
        """Find the first of some labels between two places of the text.

        Returns
        -------
        list of int or None
            The places of its characters: side by side, unless the lines of several labels
            are printed by turns.
        """
        labels = [label for label in labels if label]
        best: tuple[int, int] | None = None
        for label in labels:
            at = self.text.find(label, start, stop)
            if at >= 0 and (best is None or (at, -len(label)) < best):
                best = at, -len(label)
        if best is not None:
            return list(range(best[0], best[0] - best[1]))
        for label in labels:
            scattered = self._find_scattered(label, start, stop)
            if scattered:
                return scattered
        return None

    def _find_scattered(self, label: str, start: int, stop: int) -> list[int] | None:
        """Find a label whose lines have characters of other labels between them."""
        first = self.text.find(label[0], start, stop)
        while first >= 0:
            found = [first]
            for char in label[1:]:
                at = self.text.find(char, found[-1] + 1, min(found[-1] + 30, stop))
                while at >= 0 and not self._follows(found[-1], at, found[0]):
                    at = self.text.find(char, at + 1, min(found[-1] + 30, stop))
                if at < 0:
                    break
                found.append(at)
            if len(found) == len(label):
                return found
            first = self.text.find(label[0], first + 1, stop)
        return None

    def _follows(self, left: int, right: int, first: int) -> bool:
        """Whether a character stands right of another, or begins the line below it."""
        before, after = self._origins[left], self._origins[right]
        if self._page(before) != self._page(after):
            return False
        ay, _, ax, size = self._stand(before)
        by, bx, _, _ = self._stand(after)
        if abs(by - ay) < _SAME_LINE * size:
            return -0.5 * size < bx - ax < _TOUCHING * size
        across = bx - self._stand(self._origins[first])[1]
        return 0.8 * size < by - ay < 2.2 * size and -0.6 * size < across < 2.2 * size

    def place(self, found: Sequence[int]) -> Place | None:
        """Give the box around characters of the text; None where a page break cuts them."""
        indices = sorted({self._origins[k] for k in found})
        page = self._page(indices[0])
        if self._page(indices[-1]) != page:
            return None
        self.used.update(indices)
        left = top = inf
        right = bottom = -inf
        # Mark by mark: in each, the first and the last of the characters are its edges.
        begin, starts = 0, self._starts
        at = bisect_right(starts, indices[0]) - 1
        while begin < len(indices):
            after = starts[at + 1] if at + 1 < len(starts) else indices[-1] + 1
            end = bisect_left(indices, after, begin)
            if end > begin:
                y, x0, x1, size, _, _, _, inner = self._marks[at]
                if inner:
                    (_, _, boxes, edge), places = inner
                    x0 = boxes[4 * places[indices[begin] - starts[at]]] - edge
                    x1 = boxes[4 * places[indices[end - 1] - starts[at]] + 2] - edge
                half = size / 2
                left, right = min(left, x0), max(right, x1)
                top, bottom = min(top, y - half), max(bottom, y + half)
            begin = end
            at += 1
        return Place(page, left, top, right, bottom)

    def locate(
        self, labels: Iterable[str], start: int, stop: int
    ) -> tuple[list[int], Place] | None:
        """Find the first of some labels and where it stands; None where either is not known."""
        found = self.find(labels, start, stop)
        place = self.place(found) if found else None
        return None if found is None or place is None else (found, place)

    def words(self) -> list[Word]:
        """Give the runs that may be values, in the order in which they are printed."""
        words: list[Word] = []
        text, clean = "", False
        page = first = 0
        y = left = right = 0.0
        for number, marks in enumerate(self._pages, 1):
            index = self._page_starts[number - 1]
            for my, x0, x1, size, chars, _, _, inner in marks:
                at = index
                index += len(inner[1]) if inner else 1
                if chars == " ":
                    continue
                gap = x0 - right
                if (
                    -0.5 * size < gap < _TOUCHING * size
                    and -_SAME_LINE * size < my - y < _SAME_LINE * size
                    and number == page
                ):
                    clean = clean and _VALUE.issuperset(chars)
                    text += chars if clean else ""
                else:
                    if clean:
                        words.append(Word(text, page, (left + right) / 2, y, first))
                    clean = _VALUE.issuperset(chars)
                    text, page, first, left = chars, number, at, x0
                y, right = my, x1
        if clean:
            words.append(Word(text, page, (left + right) / 2, y, first))
        return words
