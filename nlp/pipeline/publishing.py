"""The last stage: parts → the files of a result: frames, page, workbook, CSV, manifest."""

from __future__ import annotations

import multiprocessing
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow.parquet as pq

from nlp.documents import FRAMES, REUSE_FRAMES, make_frame
from nlp.library import Part, count_rows, link_parts, read_parts, write_frame, write_manifest
from nlp.pipeline.picturing import make_cutter
from nlp.render import ThemeEntry, write_csv, write_page, write_workbook

if TYPE_CHECKING:
    from nlp.pipeline.reuse.stage import ReuseNotes

# The page on reuse, beside the page of the result.
REUSE_PAGE = "reuse.html"
# Up to so many reports a result is one file a frame, and page and workbook hold everything.
SMALL = 2_000
# A larger result's page has so many reports, drawn by the hash of the file …
SAMPLE = 1_000
# … and its workbook the frames of up to so many rows; of larger ones the rows of the sample.
SHEET_ROWS = 200_000
# From so many cells on, a workbook takes longer than it takes to start a process for it.
_LONG = 2_000_000
MADE = tuple(name for name in FRAMES if name not in REUSE_FRAMES)
_TOTALS = ("cells_read", "cells_doubtful", "cells_absent", "checks_failed", "checks_failed_theirs")


@dataclass(frozen=True, slots=True)
class Result:
    """What is published: parts in order, and the rows of the files that were skipped.

    ``order`` has the ids of the reports in the order of their files' names.
    """

    parts: Sequence[Part]
    order: Sequence[str]
    skipped: pd.DataFrame

    @property
    def is_small(self) -> bool:
        """Whether frames are written whole and page and workbook leave nothing out."""
        return len(self.order) <= SMALL

    def count_rows(self) -> dict[str, int]:
        """Count the rows of every frame, without loading one."""
        counts = dict.fromkeys(MADE, 0)
        for part in self.parts:
            for name, rows in part.rows.items():
                counts[name] += rows
        return {**counts, "skipped": len(self.skipped)}

    @property
    def names(self) -> list[str]:
        """The frames that the parts hold; all others of a result are empty."""
        return [name for name in FRAMES if self.parts and name in self.parts[0].rows]

    def sum_up(self) -> dict[str, int]:
        """Sum up cells and checks over all reports, and count the issuers, column by column."""
        columns = [*_TOTALS, "issuer"]
        pieces = [
            pq.read_table(part.path_of("reports"), columns=columns).to_pandas()
            for part in self.parts
        ]
        return sum_up(pd.concat(pieces) if pieces else make_frame("reports", ()))

    def count_readers(self) -> dict[str, Any]:
        """Count which reader read how many reports, and how many PDFs were read again.

        Returns
        -------
        dict
            ``reports``: number of reports by reader; ``read_again``: of how many PDFs the fast
            reading did not prove itself, so that the reference reader read them.
        """
        reports: Counter[str] = Counter()
        again = 0
        for part in self.parts:
            readers = pq.read_table(part.path_of("reports"), columns=["reader"])
            reports.update(readers.column("reader").to_pylist())
            codes = pq.read_table(part.path_of("findings"), columns=["code"])
            again += codes.column("code").to_pylist().count("read_by_reference")
        return {"reports": dict(sorted(reports.items())), "read_again": again}

    def load_frame(self, name: str, reports: Sequence[str] | None = None) -> pd.DataFrame:
        """Load a frame, its reports in the order of ``order``; all of them, or ``reports``."""
        if name == "skipped":
            return self.skipped
        if name not in self.names:
            return make_frame(name, ())
        return read_parts(self.parts, name, order=self.order, reports=reports)

    def load_frames(self, reports: Sequence[str] | None = None) -> dict[str, pd.DataFrame]:
        """Load every frame that a build makes."""
        return {name: self.load_frame(name, reports) for name in MADE}


@dataclass(frozen=True, slots=True)
class PartFrames(Mapping[str, pd.DataFrame]):
    """Frames of a result that are loaded whenever they are asked for, and not kept.

    ``reports`` has, by frame, the reports whose rows are loaded; of others all are.
    """

    result: Result
    reports: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in MADE:
            raise KeyError(name)
        return self.result.load_frame(name, self.reports.get(name))

    def __iter__(self) -> Iterator[str]:
        return iter(MADE)

    def __len__(self) -> int:
        return len(MADE)

    def count_rows(self, name: str) -> int:
        """Count the rows of a frame without loading it."""
        if name not in self.reports or name not in self.result.names:
            return self.result.count_rows()[name]
        return count_rows(self.result.parts, name, self.reports[name])


def sum_up(reports: pd.DataFrame) -> dict[str, int]:
    """Sum up cells and checks over some reports, and count their issuers."""
    totals = {name: int(reports[name].sum()) for name in _TOTALS}
    return {**totals, "issuers": int(reports["issuer"].nunique())}


def write_small(
    frames: Mapping[str, pd.DataFrame],
    manifest: Mapping[str, Any],
    themes: Sequence[ThemeEntry],
    folder: Path,
    *,
    csv: bool,
    sources: Mapping[str, Path] | None = None,
    reuse: ReuseNotes | None = None,
    jobs: int = 1,
    kept: Path | None = None,
) -> None:
    """Write a result of which page and workbook hold everything.

    With more than one of ``jobs`` a long workbook is written beside the page.  ``sources``
    says where the files are, for the pictures of the page's tables, which are kept in the
    folder ``kept``; with ``reuse`` the frames hold those of reuse, which get a page of their
    own as well.
    """
    for name in frames:
        write_frame(name, frames[name], folder)
    own = frames
    if not isinstance(frames, PartFrames):
        own = {name: frame for name, frame in frames.items() if name not in REUSE_FRAMES}
    options: dict[str, Any] = {} if reuse is None else {"reuse_page": REUSE_PAGE}
    if kept is not None:
        options["cut"] = make_cutter(kept, jobs)
    with _workbook_beside(own, manifest, folder, (), jobs):
        write_page(
            frames, manifest, folder / "index.html", themes=themes, sources=sources, **options
        )
        if reuse is not None:
            write_reuse(frames, manifest, reuse, folder)
        if csv:
            write_csv(frames, folder / "csv")
    write_manifest(manifest, folder)


@contextmanager
def _workbook_beside(
    frames: Mapping[str, pd.DataFrame],
    manifest: Mapping[str, Any],
    folder: Path,
    notes: Sequence[str],
    jobs: int,
) -> Iterator[None]:
    """Write the workbook while the rest is written, in a process of its own where that pays."""
    target = folder / "nianbao.xlsx"
    if jobs <= 1 or _count_cells(frames) < _LONG:
        write_workbook(frames, manifest, target, notes=notes)
        yield
        return
    context = multiprocessing.get_context("spawn")
    # Not into the result's folder: should this process be killed, the other may go on for a
    # while, and must not write into what the next run makes there.
    with tempfile.TemporaryDirectory() as own, ProcessPoolExecutor(1, context) as pool:
        made = Path(own) / target.name
        writing = pool.submit(write_workbook, frames, manifest, made, notes=notes)
        yield
        try:
            writing.result()
        except BrokenProcessPool:  # no memory for two, for one
            write_workbook(frames, manifest, made, notes=notes)
        shutil.move(made, target)


def _count_cells(frames: Mapping[str, pd.DataFrame]) -> int:
    if isinstance(frames, PartFrames):
        rows = {name: frames.count_rows(name) for name in frames}
    else:
        rows = {name: len(frame) for name, frame in frames.items()}
    return sum(count * len(FRAMES[name].columns) for name, count in rows.items())


def write_reuse(
    frames: Mapping[str, pd.DataFrame],
    manifest: Mapping[str, Any],
    notes: ReuseNotes,
    folder: Path,
) -> None:
    """Write page and workbook of reuse beside the page of the result."""
    # The matching code is compiled on first use; other builds need not wait for it.
    from nlp.pipeline.reuse.publish import write_reuse_files

    write_reuse_files(frames, manifest, notes, folder, csv=False, back="index.html")


def add_reuse(
    frames: Mapping[str, pd.DataFrame], manifest: Mapping[str, Any]
) -> tuple[dict[str, pd.DataFrame], dict[str, Any], ReuseNotes]:
    """Measure reuse: the frames with those of reuse, the manifest that tells of it, notes."""
    from nlp.pipeline.reuse.stage import measure_reuse

    found, notes = measure_reuse({name: frames[name] for name in ("reports", "sentences")})
    counts = {name: len(frame) for name, frame in found.items()}
    told = {
        **manifest,
        "reuse": notes.describe(),
        "counts": {**manifest["counts"], **counts},
    }
    return {**frames, **found}, told, notes


def write_large(
    result: Result,
    manifest: Mapping[str, Any],
    themes: Sequence[ThemeEntry],
    folder: Path,
    *,
    csv: bool,
    sources: Mapping[str, Path] | None = None,
    reuse: Mapping[str, pd.DataFrame] | None = None,
    reuse_notes: ReuseNotes | None = None,
    jobs: int = 1,
    kept: Path | None = None,
) -> None:
    """Write a result of any size: frames in parts, page and workbook of what they can hold.

    What is left out is said in the page, in the workbook and in ``manifest["left_out"]``.
    ``reuse`` are the frames of reuse and those that it was looked for in; they are summed up
    in the page, which leads to one of their own, and whole on disk.
    """
    found = {name: reuse[name] for name in REUSE_FRAMES} if reuse else {}
    for name, frame in found.items():
        write_frame(name, frame, folder)
    for name in MADE:
        if name in result.names:
            link_parts(result.parts, name, folder / f"{name}.parquet")
        else:
            write_frame(name, result.load_frame(name), folder)
    # An id is the beginning of a hash: the least ones are a sample that no content decides.
    sample = sorted(result.order)[:SAMPLE]
    page, sheets = tell_left_out(result)
    long = [n for n, rows in result.count_rows().items() if n in result.names and rows > SHEET_ROWS]
    listed = PartFrames(result, dict.fromkeys(long, sample))
    with _workbook_beside(listed, manifest, folder, sheets, jobs):
        shown = PartFrames(result, dict.fromkeys(result.names, sample))
        frames = {**shown, **found} if found else shown
        options: dict[str, Any] = {} if reuse_notes is None else {"reuse_page": REUSE_PAGE}
        if kept is not None:
            options["cut"] = make_cutter(kept, jobs)
        write_page(
            frames, manifest, folder / "index.html",
            themes=themes, notes=page, sources=sources, **options,
        )  # fmt: skip
        if reuse is not None and reuse_notes is not None:
            write_reuse(reuse, manifest, reuse_notes, folder)
        if csv:
            for number, part in enumerate(result.parts):
                own = {name: pd.read_parquet(part.path_of(name)) for name in part.rows}
                write_csv(own, folder / "csv" / f"part-{number:05}")
            write_csv({"skipped": result.skipped, **found}, folder / "csv")
    write_manifest(manifest, folder)


def tell_left_out(result: Result) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Say what the page and what the workbook of a result leave out; nothing of a small one."""
    if result.is_small:
        return (), ()
    shown = f"{SAMPLE:,} 份（按文件哈希抽取，与内容无关）"
    page = (
        f"结果共 {len(result.order):,} 份报告，超过网页能放的 {SMALL:,} 份：本页只放其中 {shown}，"
        "概览、主题、勾稽和指标的数字也只是这些报告的。全部数据在同一文件夹的 Parquet 表里。",
    )
    long = [name for name in result.names if result.count_rows()[name] > SHEET_ROWS]
    if not long:
        return page, ()
    titles = "、".join(FRAMES[name].title for name in long)
    sheets = (
        f"结果共 {len(result.order):,} 份报告。{titles} 表超过 {SHEET_ROWS:,} 行，这里只放其中 "
        f"{shown}的行；其余各表完整。全部数据在同一文件夹的 Parquet 表里。",
    )
    return page, sheets
