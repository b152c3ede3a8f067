"""A result on disk → files of other programs."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from nlp.compare import join_reports
from nlp.documents import FRAMES
from nlp.library import load_result
from nlp.pipeline.compare import find_systems
from nlp.render.exports import export_tables


def export_result(result: Path | str, out: Path | str, *, kind: str) -> tuple[Path, ...]:
    """Write the frames of a result, and the wide table of reports, for another program.

    Parameters
    ----------
    result : path
        Output folder of ``build``.
    out : path
        Folder to write into.
    kind : {"xlsx", "csv", "parquet", "dta", "sav", "duckdb"}

    Returns
    -------
    tuple of Path
        The files written.

    Raises
    ------
    FileNotFoundError
        If the folder holds no result.
    ValueError
        If the format is not known.
    ImportError
        If the library for the format is not installed.
    """
    frames, manifest = load_result(result)
    tables = [(FRAMES[name], frames[name]) for name in frames]
    if isinstance(frames.get("indicators"), pd.DataFrame):
        wide = join_reports(frames, find_systems(frames["reports"]))
        tables.insert(0, (wide.spec, wide.table))
    return export_tables(tables, manifest, out, kind)
