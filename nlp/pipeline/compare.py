"""A result on disk → the tables that compare its reports."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from nlp.compare import Comparison, compare_frames, read_external
from nlp.documents import REUSE_FRAMES
from nlp.library import load_result
from nlp.render import write_csv, write_workbook
from nlp.render.exports import export_tables
from nlp.reuse.relation import name_system


def compare(
    result: Path | str,
    *,
    external: Sequence[Path | str] | Path | str = (),
    reuse: Path | str | None = None,
    seed: int = 1,
    max_pairs: int = 100_000,
    permutations: int = 1999,
    draws: int = 1000,
) -> Comparison:
    """Compare the reports of a result: one row a report, one row a pair, and what they show.

    Parameters
    ----------
    result : path
        Output folder of ``build``.
    external : path or sequence of paths
        CSV files with region_code, year and columns of numbers (population, GDP …).
    reuse : path, optional
        Output folder of ``reuse report``, for a result that was built without reuse.
    seed : int
        Of everything that is drawn (pairs, bootstrap, ranks, permutations).
    max_pairs : int
        Pairs of reports to list at most; pairs come from stated groups, never all with all.
    permutations, draws : int
        Rearrangements of a permutation test; bootstrap draws.

    Returns
    -------
    Comparison
        ``reports`` (keys documented in ``fields``), ``pairs``, ``pair_groups``, ``peers``,
        ``ranks``, ``changes``, ``group_changes``, ``associations``, ``unmatched``.

    Raises
    ------
    FileNotFoundError
        If the folder holds no result.
    ValueError
        If an external table is not as documented (names file and line), or the frames of
        reuse are of other reports, or of reports whose issuer or year was corrected since.
    """
    frames, manifest = load_result(result)
    if reuse is not None:
        frames = _add_reuse(frames, reuse)
    given = [external] if isinstance(external, (str, Path)) else list(external)
    return compare_frames(
        frames,
        systems=find_systems(frames["reports"]),
        external=[read_external(path) for path in given],
        seed=seed,
        max_pairs=max_pairs,
        permutations=permutations,
        draws=draws,
        manifest=manifest,
    )


def _add_reuse(
    frames: Mapping[str, pd.DataFrame], folder: Path | str
) -> Mapping[str, pd.DataFrame]:
    found, _ = load_result(folder)
    if "reuse_shares" not in found:
        raise ValueError(f"{folder} 里没有套话的表；应为 nianbao reuse report 的输出文件夹")
    keys = ["report_id", "issuer", "year"]
    own, theirs = (
        {tuple(map(str, row)) for row in frame[keys].itertuples(index=False, name=None)}
        for frame in (frames["reports"], found["reuse_shares"])
    )
    if own != theirs:
        raise ValueError(
            f"{folder} 的套话不是按这个结果现在的报告、机关和年度算的"
            f"（有 {len(own ^ theirs)} 处不同）；"
            "请重新运行 nianbao reuse report"
        )
    return ChainMap({name: found[name] for name in REUSE_FRAMES}, dict(frames))


def find_systems(reports: pd.DataFrame) -> pd.Series:
    """Give the system (条) of each report's issuer, by report_id; missing where none is known."""
    return pd.Series(
        [None if pd.isna(name) else name_system(str(name)) for name in reports["issuer"]],
        index=pd.Index(reports["report_id"]),
        dtype="string",
    )


def write_comparison(comparison: Comparison, out: Path | str, *, kinds: Sequence[str] = ()) -> None:
    """Write the tables of a comparison: ``compare.xlsx`` and a folder ``csv`` in utf-8-sig.

    ``kinds`` are further formats of ``export_tables``, each in a folder of its name.

    Raises
    ------
    FileExistsError
        If ``out`` is a file.
    """
    out = Path(out)
    if out.exists() and not out.is_dir():
        raise FileExistsError(f"{out} 是文件；-o 应为文件夹")
    out.mkdir(parents=True, exist_ok=True)
    tables = comparison.tables()
    write_workbook({}, comparison.manifest, out / "compare.xlsx", more=tables)
    write_csv({}, out / "csv", more=tables)
    for kind in kinds:
        export_tables(tables, comparison.manifest, out / kind, kind)
