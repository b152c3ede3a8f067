"""Many files → frames: the whole way for a folder, one bad file never ending the batch.

Three stages, each of which picks up where an earlier run was broken off: files are read into
records (``reading``), records are completed into rows of frames (``completing``), and the
result is published (``publishing``).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from nlp.corrections import Correction
from nlp.documents import make_frame
from nlp.engine import Limits, refuse_unguarded
from nlp.indicators import load_version as load_indicator_version
from nlp.library import (
    DiskFullError,
    PartStore,
    RecordStore,
    ResultFrames,
    Workspace,
    is_disk_full,
    load_manifest,
    open_workspace,
    to_json,
    write_durably,
)
from nlp.pipeline.completing import (
    RecordDamagedError,
    Settings,
    complete_parts,
    complete_report,
    load_tagger,
    tag_results,
)
from nlp.pipeline.corrections import collect_corrections, correct_frames, correct_result
from nlp.pipeline.files import Discovery, find_files
from nlp.pipeline.publishing import (
    SMALL,
    PartFrames,
    Result,
    add_reuse,
    sum_up,
    tell_left_out,
    write_large,
    write_small,
)
from nlp.pipeline.reading import Progress, Source, Step, list_sources, read_sources
from nlp.pipeline.single import Issuers
from nlp.pipeline.versions import LIBRARIES, describe_reading, find_version, reading_key
from nlp.render import ThemeEntry
from nlp.render.citation import write_citation
from nlp.structure import read_overrides
from nlp.themes import Codebook, ThemeModel, load_codebook, load_model
from nlp.verify import load_version

__all__ = ["BuildResult", "Changes", "Step", "build", "complete_report", "tag_results"]

# For one file; the slowest real report took 4 seconds, a hostile one may never end.
FILE_TIMEOUT = 180.0
FILE_MEMORY = 2 * 2**30
_PICTURES = "pictures"  # folder of the library


@dataclass(frozen=True, slots=True)
class Changes:
    """What a build found against the one before it.

    ``read`` counts files that were read now, ``known`` those that the library had;
    ``removed`` names files that were there before and are not any more.
    """

    read: int
    known: int
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What a build made: the frames, the manifest, and where it was written (if it was).

    Frames on disk are loaded when they are first asked for.  ``totals`` has the sums of cells
    and checks, and the number of issuers.
    """

    frames: Mapping[str, pd.DataFrame]
    manifest: dict[str, Any]
    out: Path | None
    totals: Mapping[str, int] = field(default_factory=dict)
    changes: Changes = Changes(0, 0, ())

    @property
    def citation(self) -> str:
        """How to cite this result in a paper, with the hash of its manifest."""
        return write_citation(self.manifest)


def build(
    inputs: Sequence[Path | str] | Path | str,
    out: Path | str | None = None,
    *,
    csv: bool = False,
    issuers: Path | str | None = None,
    codebook: Path | str | None = None,
    model: Path | str | None = None,
    jobs: int = 1,
    scheduler: str | None = None,
    time_limit: float | None = FILE_TIMEOUT,
    memory_limit: int | None = FILE_MEMORY,
    ocr: bool = False,
    corrections: Path | str | None = None,
    reuse: bool = False,
    progress: Progress | None = None,
) -> BuildResult:
    """Read every report of a folder and write frames, workbook and page.

    Parameters
    ----------
    inputs : path or sequence of paths
        Folders (with sub-folders) and files.
    out : path, optional
        Folder for the result; None writes nothing.  An earlier result there is replaced,
        whole or not at all; only files that are new or changed are read, and a build that
        was broken off goes on where it was.
    csv : bool
        Also write CSV files in utf-8-sig.
    issuers : path, optional
        CSV with a column ``issuer`` and any of level, kind, province, city, county, township,
        region_code, for issuers whose attributes the user knows better.
    codebook : path, optional
        Codebook of the themes; default the one that ships.
    model : path, optional
        Folder of a theme model; default the one that ships.
    jobs : int
        Processes; with more than one, each file has limits of its own.
    scheduler : str, optional
        Address of a Dask scheduler whose workers do the work; needs the extra ``cluster``.
    time_limit : float, optional
        Seconds for one file, in other processes; None is no limit.
    memory_limit : int, optional
        Bytes of memory for one file, in other processes; None is no limit.
    ocr : bool
        Recognise scans and pictures (extra ``ocr``); without it they are listed as skipped.
    corrections : path, optional
        CSV of corrections (see ``nlp.corrections``), applied after those of
        ``corrections.csv`` in ``out``, which every build keeps.
    reuse : bool
        Also find who uses whose words: the frames of reuse, a page ``reuse.html`` and its
        workbook beside the page of the result, which sums them up.
    progress : callable, optional
        Called with a ``Step``: stage, files done, files in all, name, skipped, known.

    Returns
    -------
    BuildResult

    Raises
    ------
    FileNotFoundError
        If an input is missing or nothing can be read.
    FileExistsError
        If ``out`` holds something that is not a result of ours.
    LibraryBusyError
        If another process is writing into ``out``.
    ValueError
        If a corrections CSV lacks a column; nothing is read then.
    DiskFullError
        If the disk is full; what was read is kept, the earlier result is as it was.
    UnguardedScriptError
        If ``jobs`` is more than 1 in a script without ``if __name__ == "__main__":``.
    ModuleNotFoundError, ConnectionError
        With ``scheduler``, if the extra is not installed or the cluster cannot be used.
    """
    refuse_unguarded()
    given = [inputs] if isinstance(inputs, (str, Path)) else list(inputs)
    target = Path(out) if out is not None else None
    discovery = find_files(given, without=target)
    book = load_codebook(codebook)
    tagger = load_model(model) if model else load_tagger()
    known = read_overrides(Path(issuers)) if issuers else None
    limits = Limits(time_limit, memory_limit)
    fixes = collect_corrections(target, corrections)
    with _open(target) as workspace:
        try:
            made = _build(
                workspace, target, discovery, book, tagger, known, limits,
                str(model) if model else None, csv, jobs, scheduler, progress, ocr, fixes, reuse,
            )  # fmt: skip
        except Exception as error:
            if not is_disk_full(error):
                raise
            raise DiskFullError(
                f"磁盘空间不足，没有写成 {target or '结果'}；先前的结果没有改动，已读的文件都已存入"
                "资料库。请腾出空间后用同样的命令再运行一次，会从断处接着做"
            ) from error
    if target is None or not fixes or made.manifest["counts"]["reports"] <= SMALL:
        return made
    correct_result(target, corrections=corrections, inputs=given, codebook=codebook)
    corrected = ResultFrames(target)
    return replace(
        made,
        frames=corrected,
        manifest=load_manifest(target) or {},
        totals=sum_up(corrected["reports"]),
    )


@contextmanager
def _open(target: Path | None) -> Iterator[Workspace]:
    if target is None:
        with tempfile.TemporaryDirectory(prefix="nianbao-") as folder:
            yield Workspace(Path(folder))
    else:
        with open_workspace(target) as workspace:
            yield workspace


def _build(
    workspace: Workspace,
    target: Path | None,
    discovery: Discovery,
    book: Codebook,
    tagger: ThemeModel,
    issuers: Issuers | None,
    limits: Limits,
    model: str | None,
    csv: bool,
    jobs: int,
    scheduler: str | None,
    progress: Progress | None,
    ocr: bool,
    fixes: Sequence[Correction],
    reuse: bool,
) -> BuildResult:
    library = workspace.folder
    records = RecordStore(library / "records" / reading_key())
    parts = PartStore(library / "parts")
    records.folder.mkdir(parents=True, exist_ok=True)
    sources, skipped = list_sources(discovery.files, progress)
    names = {theme.id: theme.name for theme in book.themes}
    digest = tagger.sha256 if model else None
    settings = Settings(names, issuers or {}, model, digest)
    versions = [tagger.sha256, book.sha256, settings.names]
    # The shipped model is on every worker; one of the user's own may not be.
    anywhere = scheduler if model is None else None
    for again in (True, False):
        reports, more, read = read_sources(
            sources, records, jobs=jobs, limits=limits, scheduler=scheduler, progress=progress,
            ocr=ocr,
        )  # fmt: skip
        try:
            made = complete_parts(
                reports, records, parts, settings, versions,
                jobs=jobs, scheduler=anywhere, progress=progress,
            )  # fmt: skip
            break
        except RecordDamagedError:
            if not again:
                raise
    rows = sorted([*skipped, *more], key=lambda row: str(row["file"]))
    order = [s.sha256[:12] for s in sorted(reports, key=lambda source: source.name)]
    result = Result(tuple(made.values()), order, make_frame("skipped", rows))
    removed = _find_removed(target, discovery)
    manifest = _describe(result, sources, discovery, removed, book, tagger, issuers, limits, ocr)
    changes = Changes(read, len(sources) - read, removed)
    if progress is not None:
        progress(Step("写出", 0, 1))
    themes = [ThemeEntry(t.id, t.name, t.definition, t.id in book.highlighted) for t in book.themes]
    files = {file.name: file.path for file in discovery.files}
    frames: Mapping[str, pd.DataFrame] = PartFrames(result)
    if target is not None and not result.is_small:
        found, notes = None, None
        if reuse:
            known = {name: result.load_frame(name) for name in ("reports", "sentences")}
            found, manifest, notes = add_reuse(known, manifest)
        folder = workspace.begin()
        write_large(
            result, manifest, themes, folder, csv=csv, sources=files,
            reuse=found, reuse_notes=notes, jobs=jobs, kept=library / _PICTURES,
        )  # fmt: skip
    else:
        notes = None
        if fixes or reuse or target is None:
            frames = dict(frames)
        if fixes:
            frames, manifest = correct_frames(frames, manifest, fixes)
        if reuse:
            frames, manifest, notes = add_reuse(frames, manifest)
        if target is None:
            return BuildResult(frames, manifest, None, sum_up(frames["reports"]), changes)
        folder = workspace.begin()
        write_small(
            frames, manifest, themes, folder,
            csv=csv, sources=files, reuse=notes, jobs=jobs, kept=library / _PICTURES,
        )  # fmt: skip
    workspace.publish()
    parts.keep_only(made)
    _record_versions(library)
    return BuildResult(
        frames if isinstance(frames, dict) else ResultFrames(target),
        manifest,
        target,
        sum_up(frames["reports"]) if isinstance(frames, dict) else result.sum_up(),
        changes,
    )


def _record_versions(library: Path) -> None:
    """Say with what the records were read, and drop those of other versions."""
    write_durably(library / "reading.json", to_json(describe_reading()))
    RecordStore(library / "records" / reading_key()).drop_others()


def _find_removed(target: Path | None, discovery: Discovery) -> tuple[str, ...]:
    """Name the files that an earlier build had and this one does not find."""
    earlier = load_manifest(target) if target is not None else None
    if earlier is None:
        return ()
    # Once removed is removed until it comes back, however often the build is run.
    names = {item["file"] for item in earlier.get("inputs", ())} | set(earlier.get("removed", ()))
    return tuple(sorted(names - {file.name for file in discovery.files}))


def _describe(
    result: Result,
    sources: Sequence[Source],
    discovery: Discovery,
    removed: Sequence[str],
    book: Codebook,
    model: ThemeModel,
    issuers: Issuers | None,
    limits: Limits,
    ocr: bool,
) -> dict[str, Any]:
    """The manifest: what went in, with what, and how much came out (no times, no paths)."""
    skipped = result.skipped
    digests = {name: s.sha256 for s in sources for name in (s.name, *s.copies)}
    page, sheets = tell_left_out(result)
    return {
        "product": "nianbao",
        "version": find_version("nianbao"),
        "libraries": {name: find_version(name) for name in LIBRARIES},
        "parameters": {
            "file_timeout_seconds": limits.seconds,
            "file_memory_bytes": limits.memory,
            "ocr": ocr,
            "issuers_given": len(issuers) if issuers else 0,
        },
        "reading": reading_key(),
        "form_checks": load_version(),
        "indicators": load_indicator_version(),
        "codebook": {"version": book.version, "sha256": book.sha256},
        "model": {"sha256": model.sha256},
        "inputs": [
            {"file": file.name, "sha256": digests.get(file.name)} for file in discovery.files
        ],
        "removed": list(removed),
        "ignored": discovery.ignored,
        "skipped": [
            {"file": file, "code": code, "reason": reason}
            for file, code, reason in zip(
                skipped["file"], skipped["code"], skipped["reason"], strict=True
            )
        ],
        "left_out": [*page, *sheets],
        "readers": result.count_readers(),
        "counts": result.count_rows(),
    }
