"""A result on disk → the files on reuse: frames, workbook, CSV and page."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pandas as pd

from nlp.documents import FRAMES, REUSE_FRAMES
from nlp.library import load_result, write_result
from nlp.pipeline.reuse.pairs import find_places
from nlp.pipeline.reuse.stage import ReuseNotes, measure_reuse
from nlp.render import write_csv, write_workbook
from nlp.render.reuse import Drawing, PagePart, choose_shown, draw_figure, write_reuse_page
from nlp.reuse import Settings, Source
from nlp.reuse.changes import list_all_changes

# Rows of one sheet; the rest of a longer table is in its Parquet and CSV files.
SHEET_ROWS = 100_000


@dataclass(frozen=True, slots=True)
class ReuseReport:
    """What ``report_reuse`` found: the frames (by key), the manifest, and the folder."""

    frames: Mapping[str, pd.DataFrame]
    manifest: Mapping[str, Any]
    out: Path

    def draw_heat_map(self) -> Drawing:
        """Give the heat map of what reports share; a notebook shows it."""
        return draw_figure("heat", self.frames)

    def draw_network(self) -> Drawing:
        """Give the network of issuers; a notebook shows it."""
        return draw_figure("network", self.frames)


def report_reuse(
    result: Path | str, out: Path | str, *, settings: Settings | None = None
) -> ReuseReport:
    """Find who uses whose words in a result, and write all of it into a folder.

    Parameters
    ----------
    result : path
        Folder that ``nianbao build`` wrote.
    out : path
        Folder for ``reuse.html``, ``reuse.xlsx``, a Parquet and a CSV file of each frame,
        and ``manifest.json``; written whole or not at all.
    settings : Settings, optional

    Returns
    -------
    ReuseReport

    Raises
    ------
    FileNotFoundError
        If ``result`` is no result.
    FileExistsError
        If ``out`` holds something that is not a result of ours.
    """
    given, manifest = load_result(result)
    known = {name: given[name] for name in ("reports", "sentences")}
    frames, notes = measure_reuse(known, settings=settings)
    about = {
        **{k: v for k, v in manifest.items() if k != "counts"},
        "reuse": notes.describe(),
        "counts": {name: len(frame) for name, frame in frames.items()},
    }
    write_result(
        frames,
        about,
        Path(out),
        extras=partial(
            write_reuse_files, {**known, **frames}, about, notes, back=_find_way(out, result)
        ),
    )
    return ReuseReport({**known, **frames}, about, Path(out))


def _find_way(out: Path | str, result: Path | str) -> str | None:
    """Give the way from a folder to the page of a result, as an address; None without one.

    It holds as long as both folders are moved together.
    """
    page = Path(result).resolve() / "index.html"
    if not page.exists():
        return None
    try:
        way = os.path.relpath(page, Path(out).resolve())
    except ValueError:  # two drives of Windows
        return None
    return quote(Path(way).as_posix())


def write_reuse_files(
    frames: Mapping[str, pd.DataFrame],
    manifest: Mapping[str, Any],
    notes: ReuseNotes,
    folder: Path,
    *,
    csv: bool = True,
    back: str | None = None,
) -> None:
    """Write workbook, CSV files and page of reuse into a folder.

    ``back`` is the way from there to the page of the result, where it is known.
    """
    tables = {name: frames[name] for name in REUSE_FRAMES}
    shown = {name: _shorten(name, frame) for name, frame in tables.items()}
    left_out = [_tell_shortened(name, len(f)) for name, f in tables.items() if len(f) > SHEET_ROWS]
    write_workbook(shown, manifest, folder / "reuse.xlsx", notes=left_out)
    if csv:
        write_csv(tables, folder / "csv")
    write_reuse_page(
        {"reports": frames["reports"], **tables},
        manifest,
        folder / "reuse.html",
        part=make_page_part(frames, notes),
        back=back,
    )


def _tell_shortened(name: str, rows: int) -> str:
    which = "共同文字最多的" if name == "dyads" else "前"
    return (
        f"{FRAMES[name].title} 表共 {rows:,} 行，这里只放{which} {SHEET_ROWS:,} 行；"
        "全部在同一文件夹的 Parquet 和 CSV 表里。"
    )


def _shorten(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    if len(frame) <= SHEET_ROWS:
        return frame
    if name == "dyads":
        most = (frame["shared_a"] + frame["shared_b"]).to_numpy().argsort(kind="stable")[::-1]
        return frame.iloc[sorted(most[:SHEET_ROWS])]
    return frame.head(SHEET_ROWS)


def make_page_part(frames: Mapping[str, pd.DataFrame], notes: ReuseNotes) -> PagePart:
    """Give what the page shows beside the frames: spans, and passages side by side."""
    choice = choose_shown({name: frames[name] for name in REUSE_FRAMES})
    spans = {
        p.id: [(s.start, s.end, s.kind, s.other, s.earlier) for s in p.spans]
        for p in notes.painted
        if p.id in choice.painted
    }
    passages = choice.frames["passages"]
    texts = passages["text"].tolist()
    order = passages["order"].astype(int).tolist()
    families = passages["family"].tolist()
    first: dict[str, int] = {}
    pairs: list[tuple[int, int]] = []
    keys: list[tuple[str, int]] = []
    for n, (family, place) in enumerate(zip(families, order, strict=True)):
        if place == 1:
            first[family] = n
        else:
            pairs.append((first[family], n))
            keys.append((family, place))
    issuers = sorted(set(frames["reports"]["issuer"].dropna()))
    places = find_places([Source(str(n), text) for n, text in enumerate(texts)])
    changes = list_all_changes(texts, pairs, issuers=issuers, names=sorted(places))
    return PagePart(spans, dict(zip(keys, changes, strict=True)))
