"""Which column a value stands under."""

from __future__ import annotations

from collections.abc import Sequence

from nlp.read.pdf.fast.second.stream import Place


class Columns:
    """The columns of a table, to be asked which of them a value stands under."""

    def __init__(self, spots: Sequence[Place]) -> None:
        self._xs = [spot.x for spot in spots]
        self._edges = [(spot.x0 - 2, spot.x1 + 2) for spot in spots]
        # Half the way to the next column is somebody else's; so is what is not under the label.
        self._reach = [
            min(
                [0.5 * abs(other.x - own.x) for other in spots if other is not own],
                default=own.x1 - own.x0,
            )
            for own in spots
        ]

    def at(self, x: float) -> int | None:
        """Give the column whose label is above; None beside or between all."""
        gaps = [abs(own - x) for own in self._xs]
        gap = min(gaps)
        nearest = gaps.index(gap)
        left, right = self._edges[nearest]
        return nearest if left <= x <= right or gap < 0.8 * self._reach[nearest] else None
