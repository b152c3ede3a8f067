"""Frames in parts: Parquet files of some hundred reports, kept while what made them holds."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from nlp.library.files import sync_folder, write_durably

_INDEX = "part.json"


@dataclass(frozen=True, slots=True)
class Part:
    """A part on disk: its folder and the number of rows of each frame."""

    folder: Path
    rows: Mapping[str, int]

    def path_of(self, frame: str) -> Path:
        """Give the Parquet file of a frame."""
        return self.folder / f"{frame}.parquet"


class PartStore:
    """Parts under a key that names everything that went into them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find(self, key: str) -> Part | None:
        """Give a part that is there whole and unchanged, or None."""
        folder = self.folder / key
        try:
            index = _read_index(folder)["frames"]
            for frame in index:
                _read_whole(folder, frame, index)
            return Part(folder, {frame: rows for frame, (rows, _) in index.items()})
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None

    def put(
        self,
        key: str,
        frames: Mapping[str, bytes],
        *,
        base: str = "",
        members: Mapping[str, str] | None = None,
    ) -> Part:
        """Keep a part: its frames as Parquet bytes; the index comes last and makes it whole.

        ``members`` says for each report of the part, by its id, what its rows depend on
        besides ``base``; a later part takes the rows of those that are the same
        (see ``list_members`` and ``take_rows``).
        """
        folder = self.folder / key
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        index = {}
        for frame, data in sorted(frames.items()):
            write_durably(folder / f"{frame}.parquet", data)
            rows = pq.read_metadata(BytesIO(data)).num_rows
            index[frame] = (rows, hashlib.sha256(data).hexdigest())
        about = {"base": base, "frames": index, "members": dict(members or {})}
        write_durably(folder / _INDEX, json.dumps(about, sort_keys=True).encode())
        sync_folder(folder)
        return Part(folder, {frame: rows for frame, (rows, _) in index.items()})

    def list_members(self, base: str) -> dict[tuple[str, str], Path]:
        """Give the folder of the part that has a report, by its id and what it depends on."""
        found: dict[tuple[str, str], Path] = {}
        for folder in sorted(self.folder.iterdir()) if self.folder.is_dir() else ():
            try:
                index = _read_index(folder)
                if index["base"] == base:
                    found |= dict.fromkeys(index["members"].items(), folder)
            except (OSError, ValueError, TypeError, KeyError, AttributeError):
                continue
        return found

    def keep_only(self, keys: Iterable[str]) -> None:
        """Drop the parts that no longer belong to the result."""
        wanted = set(keys)
        if self.folder.is_dir():
            for folder in self.folder.iterdir():
                if folder.name not in wanted:
                    shutil.rmtree(folder, ignore_errors=True)


def take_rows(folder: Path, reports: Sequence[str]) -> dict[str, pa.Table]:
    """Take the rows of some reports out of a part, frame by frame, in the order of the part.

    Raises
    ------
    OSError, ValueError
        If the part has gone or is not what was written.
    """
    try:
        index = _read_index(folder)["frames"]
        wanted = pa.array(reports, pa.large_string())
        taken = {}
        for frame in index:
            table = pq.read_table(BytesIO(_read_whole(folder, frame, index)))
            taken[frame] = table.filter(pc.is_in(table["report_id"], wanted))
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"{folder} 里没有完整的分片") from error
    return taken


def _read_index(folder: Path) -> dict[str, Any]:
    index: dict[str, Any] = json.loads((folder / _INDEX).read_text(encoding="utf-8"))
    return index


def _read_whole(folder: Path, frame: str, index: Mapping[str, Any]) -> bytes:
    data = (folder / f"{frame}.parquet").read_bytes()
    if hashlib.sha256(data).hexdigest() != index[frame][1]:
        raise ValueError(f"{folder} 里的 {frame} 表已损坏")
    return data


def read_parts(
    parts: Sequence[Part],
    frame: str,
    *,
    order: Sequence[str] | None = None,
    reports: Iterable[str] | None = None,
) -> pd.DataFrame:
    """Read one frame of all parts, in their order or with its reports in that of ``order``.

    ``reports`` keeps only the rows of these.
    """
    wanted = None if reports is None else pa.array(reports, pa.large_string())
    pieces = []
    for part in parts:
        piece = pq.read_table(part.path_of(frame))
        if wanted is not None:
            piece = piece.filter(pc.is_in(piece["report_id"], wanted))
        pieces.append(piece)
    # A piece that is let go of as soon as it is joined: a frame is in memory twice at most.
    table = pa.concat_tables(pieces)
    pieces.clear()
    if order is not None:
        table = sort_rows(table, order)
    made: pd.DataFrame = table.to_pandas(split_blocks=True, self_destruct=True)
    return made


def count_rows(parts: Sequence[Part], frame: str, reports: Iterable[str]) -> int:
    """Count the rows that some reports have in one frame."""
    wanted = pa.array(reports, pa.large_string())
    columns = (pq.read_table(p.path_of(frame), columns=["report_id"])["report_id"] for p in parts)
    return sum(pc.sum(pc.is_in(column, wanted)).as_py() or 0 for column in columns)


def sort_rows(table: pa.Table, order: Sequence[str]) -> pa.Table:
    """Bring rows into the order of their reports, as one piece: the bytes follow from the rows."""
    reports = pa.array(order, pa.large_string())
    found = pc.index_in(table["report_id"], reports).combine_chunks()
    place = found.to_numpy(zero_copy_only=False)
    if len(place) and np.any(place[1:] < place[:-1]):
        table = table.take(np.argsort(place, kind="stable"))
    return table.combine_chunks()


def link_parts(parts: Sequence[Part], frame: str, folder: Path) -> None:
    """Put one frame's parts into a folder that Parquet readers take for one table.

    The files are the parts' own (hard links) where the file system allows it.
    """
    folder.mkdir(parents=True)
    for number, part in enumerate(parts):
        target = folder / f"part-{number:05}.parquet"
        try:
            os.link(part.path_of(frame), target)
        except OSError:
            shutil.copyfile(part.path_of(frame), target)
