"""First stage: the frames while they are being corrected, each change with what undoes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

Frames = dict[str, pd.DataFrame]
# Reads what is printed in a cell: its state, number and unit.
ReadValue = Callable[[str], tuple[str, float | None, str | None]]
# What undoes a change, as plain values; and what became of a correction: status, reason, steps.
Step = dict[str, Any]
Applied = tuple[str, str, list[Step]]


class MisfitError(ValueError):
    """A correction that does not fit what it speaks of (any more)."""


class Bench:
    """The frames while they are being corrected."""

    def __init__(self, frames: Frames, read_value: ReadValue) -> None:
        self.frames = frames
        self.read_value = read_value
        reports = frames["reports"]
        self._ids = set(reports["report_id"].astype(str))
        self._files: dict[str, list[str]] = {}
        for file, report in zip(reports["file"], reports["report_id"], strict=True):
            for name in {str(file), str(file).rpartition("/")[2]}:
                self._files.setdefault(name, []).append(str(report))
        self.themes = set(frames["themes"]["theme"].astype(str)) if "themes" in frames else set()

    def find_report(self, given: str) -> str | None:
        if given in self._ids:
            return given
        found = self._files.get(given.replace("\\", "/"), [])
        return found[0] if len(found) == 1 else None

    def put(self, name: str, where: Mapping[str, Any], values: Mapping[str, Any]) -> Step:
        """Change the one row that ``where`` names; give the step that undoes it."""
        frame = self.frames[name]
        chosen = pd.Series(True, index=frame.index)
        for key, value in where.items():
            chosen &= (frame[key] == value).fillna(False)
        place = int(chosen.to_numpy().argmax())
        before = {key: plain(frame[key].iloc[place]) for key in values}
        frame = frame.copy()
        for key, value in values.items():
            frame.loc[chosen, key] = pd.NA if value is None else value
        self.frames[name] = frame
        # The number of a statement stays; it is what the step is found by again.
        return {"frame": name, "do": "put", "where": dict(where), "values": before}


def insert_row(frame: pd.DataFrame, values: Mapping[str, Any], at: int) -> pd.DataFrame:
    """Put a row into a frame at a place; columns keep their types."""
    row = pd.DataFrame(
        {
            c: pd.Series([pd.NA if values.get(c) is None else values[c]], dtype=frame[c].dtype)
            for c in frame.columns
        }
    )
    return pd.concat([frame.iloc[:at], row, frame.iloc[at:]], ignore_index=True)


def find_place(frame: pd.DataFrame, label: Any) -> int:
    """Give the place of a row from its label."""
    return int(frame.index.get_indexer(pd.Index([label]))[0])


def plain(value: Any) -> Any:
    """Give a value of a frame as a plain one, None for what is missing."""
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return None
    return value.item() if hasattr(value, "item") else value
