"""Rows of the frames as plain Python values, without holding a whole frame twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd


def list_values(frame: pd.DataFrame, keys: Sequence[str]) -> list[list[Any]]:
    """Give some columns as lists of plain values, with None for what is missing.

    Examples
    --------
    >>> list_values(pd.DataFrame({"n": pd.array([1, None], dtype="Int64")}), ["n"])
    [[1, None]]
    """
    return [_list_column(frame[key]) for key in keys]


def iterate_rows(frame: pd.DataFrame, keys: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Go through some columns row by row."""
    return zip(*list_values(frame, keys), strict=True)


def list_records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Give rows as mappings; for pieces of a frame only."""
    keys = [str(key) for key in frame.columns]
    return [dict(zip(keys, values, strict=True)) for values in iterate_rows(frame, keys)]


class ByReport:
    """A frame whose rows can be fetched for a few reports at a time.

    Only the places of the rows are kept; the rows themselves become Python values when they
    are asked for, so that a frame of a million rows costs eight megabytes and not a thousand.
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame
        codes, names = pd.factorize(frame["report_id"])
        self._number = {str(name): number for number, name in enumerate(names)}
        self._order = np.argsort(codes, kind="stable")
        self._ends = np.searchsorted(codes[self._order], np.arange(len(names) + 1))

    def fetch(self, reports: Sequence[str]) -> Mapping[str, list[dict[str, Any]]]:
        """Give the rows of some reports, in the order of the frame."""
        numbers = [self._number[report] for report in reports if report in self._number]
        if not numbers:
            return {}
        places = [self._order[self._ends[n] : self._ends[n + 1]] for n in numbers]
        found: dict[str, list[dict[str, Any]]] = {}
        for row in list_records(self._frame.iloc[np.concatenate(places)]):
            found.setdefault(row["report_id"], []).append(row)
        return found


def _list_column(column: pd.Series) -> list[Any]:
    missing = column.isna().to_numpy()
    if column.dtype == object:
        values = [_plain(value) for value in column.tolist()]
    elif pd.api.types.is_float_dtype(column.dtype):
        # Masked values are no numbers, and none of them is asked.
        found = column.to_numpy(dtype=float, na_value=float("nan")).tolist()
        values = [int(value) if value.is_integer() else value for value in found]
    else:
        values = column.tolist()
    if not missing.any():
        return values
    return [None if gone else value for value, gone in zip(values, missing.tolist(), strict=True)]


def _plain(value: Any) -> Any:
    value = value.item() if hasattr(value, "item") else value
    # 12.0 is printed as 12 and takes less room.
    return int(value) if isinstance(value, float) and value.is_integer() else value
