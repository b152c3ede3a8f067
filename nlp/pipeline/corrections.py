"""A result and a researcher's corrections → the result as corrected."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from nlp.corrections import (
    FILE_NAME,
    Correction,
    Outcome,
    apply_corrections,
    read_corrections,
    undo_corrections,
    write_corrections,
)
from nlp.corrections.sheet import find_problem
from nlp.documents import REUSE_FRAMES, check_frame, make_frame
from nlp.library import load_result, open_workspace, write_durably, write_frame, write_manifest
from nlp.pipeline.files import find_files
from nlp.pipeline.publishing import (
    REUSE_PAGE,
    SAMPLE,
    SHEET_ROWS,
    SMALL,
    add_reuse,
    write_reuse,
)
from nlp.pipeline.recompute import recompute
from nlp.render import ThemeEntry, write_csv, write_page, write_workbook
from nlp.tables.values import parse_value
from nlp.themes import load_codebook

if TYPE_CHECKING:
    from nlp.pipeline.reuse.stage import ReuseNotes

__all__ = [
    "Correction",
    "collect_corrections",
    "correct_frames",
    "correct_result",
    "read_corrections",
]

_CHANGED = ("reports", "cells", "checks", "statements", "themes", "indicators", "claims",
            "follow", "threads", "findings")  # fmt: skip
_KEPT = ("library", FILE_NAME)


def correct_result(
    result: Path | str,
    *,
    add: Sequence[Correction] = (),
    corrections: Path | str | None = None,
    inputs: Sequence[Path | str] = (),
    codebook: Path | str | None = None,
) -> pd.DataFrame:
    """Apply corrections to a result, and work out checks, indicators and counts again.

    Applied are those of ``corrections.csv`` in the result's folder, which a later build keeps,
    and after them those of ``corrections``.  What an earlier call applied is undone first, so
    that taking a row out of the file takes the correction back.

    Parameters
    ----------
    result : path
        Output folder of ``build``.
    add : sequence of Correction
        Written at the end of the folder's ``corrections.csv`` first; ``line`` is given anew.
    corrections : path, optional
        A further CSV of the same columns (see ``nlp.corrections``).
    inputs : sequence of paths
        The folders that the result was built from, for the pictures in the page.
    codebook : path, optional
        Codebook of the themes, if it is not the one that ships.

    Returns
    -------
    DataFrame
        The frame ``corrections``: every row with its status and the reason.

    Raises
    ------
    FileNotFoundError
        If the folder holds no result.
    ValueError
        If a corrections CSV lacks a column, or a row of ``add`` cannot be understood.
    """
    out = Path(result)
    frames, manifest = load_result(out)
    own = out / FILE_NAME
    rows = read_corrections(own) if own.exists() else []
    if add:
        first = max((row.line for row in rows), default=1) + 1
        new = [replace(row, line=first + n, problem="") for n, row in enumerate(add)]
        for row in new:
            if problem := find_problem(row):
                raise ValueError(problem)
        rows = [*rows, *new]
        write_durably(own, write_corrections(rows))
    if corrections is not None:
        rows = [*rows, *read_corrections(corrections)]
    made, told = correct_frames(frames, manifest, rows)
    changed = [*(name for name in _CHANGED if name in made), "corrections"]
    notes = None
    if "reuse" in told and "reuse_shares" in made and _touches_reuse(frames, made):
        made, told, notes = add_reuse(made, told)
        changed += REUSE_FRAMES
    _publish(out, made, changed, told, inputs, codebook, notes)
    return made["corrections"]


def collect_corrections(
    result: Path | None, corrections: Path | str | None
) -> tuple[Correction, ...]:
    """Read the corrections that a result's folder keeps, and after them those of a further file.

    Raises
    ------
    ValueError
        If a file lacks a column.
    """
    own = None if result is None else result / FILE_NAME
    rows = read_corrections(own) if own is not None and own.exists() else []
    return (*rows, *(read_corrections(corrections) if corrections is not None else ()))


def correct_frames(
    frames: Mapping[str, pd.DataFrame], manifest: Mapping[str, Any], rows: Sequence[Correction]
) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """Apply corrections to frames in memory; what an earlier call applied is undone first.

    Returns
    -------
    tuple of dict and dict
        The frames, with ``corrections``, and the manifest that tells of them.
    """
    before = dict(frames)
    earlier: set[str] = set()
    if "corrections" in before and len(before["corrections"]):
        applied = before["corrections"]
        earlier = set(applied.loc[applied["before"].notna(), "report_id"].dropna())
        before = undo_corrections(before)
    made, outcomes = apply_corrections(before, rows, _read_value)
    touched = earlier | {o.report_id for o in outcomes if o.status == "applied" and o.report_id}
    if touched:
        # An issuer's name may be corrected: both the old and the new one have years to check.
        made = recompute(
            made, touched | _same_issuer(frames["reports"], touched), _find_tagged(outcomes)
        )
    made["corrections"] = make_frame("corrections", [o.row() for o in outcomes])
    changed = [*(name for name in _CHANGED if name in made), "corrections"]
    for name in changed:
        made[name] = check_frame(name, made[name].reset_index(drop=True))
    told = {**manifest, "counts": {**manifest.get("counts", {})}}
    for name in changed:
        told["counts"][name] = len(made[name])
    told["corrections"] = {
        "sha256": hashlib.sha256(write_corrections(rows)).hexdigest(),
        **{
            status: sum(o.status == status for o in outcomes)
            for status in ("applied", "same", "unfit", "invalid")
        },
    }
    return made, told


def _find_tagged(outcomes: Sequence[Outcome]) -> set[tuple[str, int]]:
    """Find the statements whose themes a person gave."""
    found = set()
    for outcome in outcomes:
        if outcome.correction.what == "tag" and outcome.before:
            where = json.loads(outcome.before)[0]["where"]
            found.add((str(where["report_id"]), int(where["statement"])))
    return found


def _touches_reuse(frames: Mapping[str, pd.DataFrame], made: Mapping[str, pd.DataFrame]) -> bool:
    """Say whether issuers, years or places changed: wording is compared between them."""
    keys = ["report_id", "issuer", "year", "level", "kind", "province", "city", "county",
            "township"]  # fmt: skip
    return not frames["reports"][keys].equals(made["reports"][keys])


def _read_value(text: str) -> tuple[str, float | None, str | None]:
    found = parse_value(text)
    return found.state, found.value, found.unit


def _same_issuer(reports: pd.DataFrame, touched: set[str]) -> set[str]:
    issuers = set(reports.loc[reports["report_id"].isin(list(touched)), "issuer"].dropna())
    return set(reports.loc[reports["issuer"].isin(list(issuers)), "report_id"].astype(str))


def _publish(
    out: Path,
    frames: dict[str, pd.DataFrame],
    changed: Sequence[str],
    manifest: dict[str, Any],
    inputs: Sequence[Path | str],
    codebook: Path | str | None,
    notes: ReuseNotes | None,
) -> None:
    """Put the changed files in the place of the old, whole or not at all; leave the others."""
    with open_workspace(out) as workspace:
        folder = workspace.begin()
        names = workspace.folder / "published.json"
        published = json.loads(names.read_text(encoding="utf-8")) if names.exists() else []
        for name in published:
            if name not in _KEPT and (out / name).exists():
                _link(out / name, folder / name)
        for name in changed:
            _clear(folder / f"{name}.parquet")
            write_frame(name, frames[name], folder)
        for name in ("nianbao.xlsx", "index.html", "manifest.json"):
            _clear(folder / name)
        shown, said = frames, list(manifest.get("left_out", ()))
        sheets = frames
        if len(frames["reports"]) > SMALL:
            sample = sorted(frames["reports"]["report_id"])[:SAMPLE]
            shown = {n: f if n in REUSE_FRAMES else _only(f, sample) for n, f in frames.items()}
            sheets = {n: f if len(f) <= SHEET_ROWS else shown[n] for n, f in frames.items()}
        book = load_codebook(codebook)
        themes = [
            ThemeEntry(t.id, t.name, t.definition, t.id in book.highlighted) for t in book.themes
        ]
        files = {f.name: f.path for f in find_files(inputs, without=out).files} if inputs else None
        own = {name: frame for name, frame in sheets.items() if name not in REUSE_FRAMES}
        write_workbook(own, manifest, folder / "nianbao.xlsx", notes=said)
        if notes is not None:
            for name in (REUSE_PAGE, "reuse.xlsx"):
                _clear(folder / name)
            write_reuse(frames, manifest, notes, folder)
        page = REUSE_PAGE if (folder / REUSE_PAGE).exists() else None
        write_page(
            shown, manifest, folder / "index.html", themes=themes, notes=said, sources=files,
            reuse_page=page,
        )  # fmt: skip
        if (folder / "csv").exists():
            _write_csv(frames, folder / "csv")
        write_manifest(manifest, folder)
        workspace.publish()


def _write_csv(frames: dict[str, pd.DataFrame], folder: Path) -> None:
    """Write the CSV files again: in one folder, or in the parts that a large result has."""
    parts = sorted(path for path in folder.glob("part-*") if path.is_dir())
    reports = [
        pd.read_csv(part / "reports.csv", encoding="utf-8-sig", usecols=["report_id"], dtype=str)
        for part in parts
    ]
    _clear(folder)
    whole = frames
    if parts:
        shared = ("skipped", "corrections", *REUSE_FRAMES)
        whole = {name: frames[name] for name in shared if name in frames}
        for part, known in zip(parts, reports, strict=True):
            ids = known["report_id"].tolist()
            own = {name: _only(f, ids) for name, f in frames.items() if name not in whole}
            write_csv(own, folder / part.name)
    write_csv(whole, folder)


def _only(frame: pd.DataFrame, reports: list[str]) -> pd.DataFrame:
    if "report_id" not in frame:
        return frame
    return frame[frame["report_id"].isin(reports)].reset_index(drop=True)


def _link(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, copy_function=_link_file)
    else:
        _link_file(str(source), str(target))


def _link_file(source: str, target: str) -> str:
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
    return target


def _clear(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
