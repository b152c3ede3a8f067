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

import pandas as pd
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
            index = json.loads((folder / _INDEX).read_text(encoding="utf-8"))
            for frame, (_, digest) in index.items():
                found = hashlib.sha256((folder / f"{frame}.parquet").read_bytes()).hexdigest()
                if found != digest:
                    return None
            return Part(folder, {frame: rows for frame, (rows, _) in index.items()})
        except (OSError, ValueError, TypeError):
            return None

    def put(self, key: str, frames: Mapping[str, bytes]) -> Part:
        """Keep a part: its frames as Parquet bytes; the index comes last and makes it whole."""
        folder = self.folder / key
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        index = {}
        for frame, data in sorted(frames.items()):
            write_durably(folder / f"{frame}.parquet", data)
            rows = pq.read_metadata(BytesIO(data)).num_rows
            index[frame] = (rows, hashlib.sha256(data).hexdigest())
        write_durably(folder / _INDEX, json.dumps(index, sort_keys=True).encode())
        sync_folder(folder)
        return Part(folder, {frame: rows for frame, (rows, _) in index.items()})

    def keep_only(self, keys: Iterable[str]) -> None:
        """Drop the parts that no longer belong to the result."""
        wanted = set(keys)
        if self.folder.is_dir():
            for folder in self.folder.iterdir():
                if folder.name not in wanted:
                    shutil.rmtree(folder, ignore_errors=True)


def read_parts(
    parts: Sequence[Part], frame: str, *, reports: Iterable[str] | None = None
) -> pd.DataFrame:
    """Read one frame of all parts in their order; ``reports`` keeps only the rows of these."""
    wanted = None if reports is None else set(reports)
    pieces = []
    for part in parts:
        piece = pd.read_parquet(part.path_of(frame))
        if wanted is not None:
            piece = piece[piece["report_id"].isin(wanted)]
        pieces.append(piece)
    return pd.concat(pieces, ignore_index=True)


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
