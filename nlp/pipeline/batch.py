"""Many files → frames: the whole way for a folder, one bad file never ending the batch."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pandas as pd

from nlp.documents import FRAMES, Check, Finding, ReadError, ThemeTags, make_frame
from nlp.engine import FileTimeoutError, Limits, WorkerLostError, run_many
from nlp.indicators import compute_indicators
from nlp.indicators import load_version as load_indicator_version
from nlp.library import write_result
from nlp.pipeline.claims import list_claim_rows
from nlp.pipeline.files import InputFile, find_files
from nlp.pipeline.rows import FullResult, count_answered, list_rows
from nlp.pipeline.single import Issuers, ReportResult, count_specifics, read_report
from nlp.render import ThemeEntry, write_csv, write_page, write_workbook
from nlp.structure import read_overrides
from nlp.themes import Codebook, ThemeModel, load_codebook, load_model
from nlp.verify import ReportCells, load_version, verify_series

# Seconds for one file; the slowest real report took 4, a hostile one may never end.
FILE_TIMEOUT = 180.0
_LIBRARIES = (
    "jieba",
    "lxml",
    "opencc",
    "pandas",
    "pdfplumber",
    "pdfminer.six",
    "pyarrow",
    "python-docx",
    "scikit-learn",
    "skops",
)
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What a build made: the frames, the manifest, and where it was written (if it was)."""

    frames: dict[str, pd.DataFrame]
    manifest: dict[str, Any]
    out: Path | None


def build(
    inputs: Sequence[Path | str] | Path | str,
    out: Path | str | None = None,
    *,
    csv: bool = False,
    issuers: Path | str | None = None,
    codebook: Path | str | None = None,
    model: Path | str | None = None,
    jobs: int = 1,
    progress: Progress | None = None,
) -> BuildResult:
    """Read every report of a folder and write frames, workbook and page.

    Parameters
    ----------
    inputs : path or sequence of paths
        Folders (with sub-folders) and files.
    out : path, optional
        Folder for the result; None writes nothing.  It is written whole or not at all.
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
        Processes; with more than one, each file has a time limit of its own.
    progress : callable, optional
        Called with (files done, files in all, name of the file).

    Returns
    -------
    BuildResult

    Raises
    ------
    FileNotFoundError
        If an input is missing or nothing can be read.
    FileExistsError
        If ``out`` holds something that is not a result of ours.
    """
    given = [inputs] if isinstance(inputs, (str, Path)) else list(inputs)
    discovery = find_files(given)
    book = load_codebook(codebook)
    theme_model = load_model(model) if model else load_model()
    known = read_overrides(Path(issuers)) if issuers else None
    results, skipped = _read_all(discovery.files, known, jobs, progress)
    full = _complete(results, theme_model)
    names = {theme.id: theme.name for theme in book.themes}
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in FRAMES}
    for item in full:
        for name, own in list_rows(item, names).items():
            rows[name].extend(own)
    for name, own in list_claim_rows(results).items():
        rows[name].extend(own)
    rows["skipped"] = skipped
    frames = {name: make_frame(name, own) for name, own in rows.items()}
    manifest = _describe(frames, discovery.ignored, book, theme_model, known)
    target = Path(out) if out is not None else None
    if target is not None:
        entries = [
            ThemeEntry(t.id, t.name, t.definition, t.id in book.highlighted) for t in book.themes
        ]
        write_result(
            frames, manifest, target, extras=partial(_write_extras, frames, manifest, entries, csv)
        )
    return BuildResult(frames, manifest, target)


def _write_extras(
    frames: dict[str, pd.DataFrame],
    manifest: dict[str, Any],
    themes: Sequence[ThemeEntry],
    csv: bool,
    folder: Path,
) -> None:
    write_workbook(frames, manifest, folder / "nianbao.xlsx")
    write_page(frames, manifest, folder / "index.html", themes=themes)
    if csv:
        write_csv(frames, folder / "csv")


def _read_file(issuers: Issuers | None, file: InputFile) -> ReportResult:
    return read_report(file.path, name=file.name, issuers=issuers)


def _read_all(
    files: Sequence[InputFile], issuers: Issuers | None, jobs: int, progress: Progress | None
) -> tuple[list[ReportResult], list[dict[str, Any]]]:
    results: list[ReportResult] = []
    skipped: list[dict[str, Any]] = []
    first: dict[str, str] = {}
    run = run_many(partial(_read_file, issuers), files, jobs=jobs, limits=Limits(FILE_TIMEOUT))
    outcomes = sorted(run, key=lambda pair: pair[0].name)
    for done, (file, outcome) in enumerate(outcomes, 1):
        if progress is not None:
            progress(done, len(files), file.name)
        if isinstance(outcome, ReportResult):
            digest = outcome.report.sha256
            if digest in first:
                reason = f"{file.name}：与 {first[digest]} 内容完全相同，只计一次"
                skipped.append(_skip(file, "duplicate", reason))
                continue
            first[digest] = file.name
            results.append(outcome)
        else:
            skipped.append(_skip(file, *_explain(file, outcome)))
    return results, skipped


def _explain(file: InputFile, error: Exception) -> tuple[str, str]:
    if isinstance(error, ReadError):
        return error.code, str(error)
    if isinstance(error, FileTimeoutError):
        return "timeout", f"{file.name}：{error}，已放弃；请单独检查这个文件"
    if isinstance(error, WorkerLostError):
        return "damaged", f"{file.name}：{error}；请单独检查这个文件"
    if isinstance(error, OSError):
        return "damaged", f"{file.name}：打不开（{error.strerror or error}）；请检查文件权限"
    # A fault of ours in one file is that file's finding, not the end of the batch.
    return "damaged", f"{file.name}：读取时出错（{type(error).__name__}: {error}）；请报告这个问题"


def _skip(file: InputFile, code: str, reason: str) -> dict[str, Any]:
    try:
        digest = hashlib.sha256(file.path.read_bytes()).hexdigest()
    except OSError:
        digest = None
    return {"file": file.name, "code": code, "reason": reason, "sha256": digest}


def tag_results(results: Sequence[ReportResult], model: ThemeModel) -> list[tuple[ThemeTags, ...]]:
    """Tag the statements of all reports in one go."""
    texts = [s.text for r in results for s in r.split.statements]
    roles = [s.role for r in results for s in r.split.statements]
    tags = iter(model.tag(texts, roles))
    return [tuple(next(tags) for _ in r.split.statements) for r in results]


def _complete(results: Sequence[ReportResult], model: ThemeModel) -> list[FullResult]:
    """Add what needs other reports or the model: years, themes, indicators."""
    by_year = verify_series(
        ReportCells(r.report_id, r.report.issuer.name, r.report.year, r.report.edition, r.cells)
        for r in results
        if r.report.edition != "narrative"
    )
    twins = Counter((r.report.issuer.name, r.report.year) for r in results)
    return [
        complete_report(
            result,
            tags,
            by_year.get(result.report_id, ()),
            twins[result.report.issuer.name, result.report.year] > 1,
        )
        for result, tags in zip(results, tag_results(results, model), strict=True)
    ]


def complete_report(
    result: ReportResult,
    tags: tuple[ThemeTags, ...],
    across_years: Iterable[Check] = (),
    twin: bool = False,
) -> FullResult:
    """Complete one report with its tags, checks across years, and indicators."""
    checks = (*result.checks, *across_years)
    roles = [statement.role for statement in result.split.statements]
    specifics, characters = count_specifics(result.report)
    indicators = compute_indicators(
        result.cells,
        edition=result.report.edition,
        checks=checks,
        sections_found=len({s.no for s in result.report.sections if s.no in "一二三四五六"}),
        narrative={
            "problems": roles.count("problem"),
            "measures": roles.count("measure"),
            "answered": count_answered(tags, roles),
            "specifics": specifics,
            "characters": characters,
        },
    )
    findings = list(result.findings)
    name, year = result.report.issuer.name, result.report.year
    if twin and name and year:
        message = f"输入里不止一份 {name} {year} 年度的报告，请确认以哪一份为准"
        findings.append(Finding("same_issuer_year", "warning", message))
    return FullResult(result, checks, tags, tuple(indicators), tuple(findings))


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "0"


def _describe(
    frames: dict[str, pd.DataFrame],
    ignored: dict[str, int],
    book: Codebook,
    model: ThemeModel,
    issuers: Issuers | None,
) -> dict[str, Any]:
    """The manifest: what went in, with what, and how much came out (no times, no paths)."""
    reports, skipped = frames["reports"], frames["skipped"]
    inputs = [
        *zip(reports["file"].tolist(), reports["sha256"].tolist(), strict=True),
        *(
            (f, None if pd.isna(s) else s)
            for f, s in zip(skipped["file"], skipped["sha256"], strict=True)
        ),
    ]
    return {
        "product": "nianbao",
        "version": _version("nianbao"),
        "libraries": {name: _version(name) for name in _LIBRARIES},
        "parameters": {
            "file_timeout_seconds": FILE_TIMEOUT,
            "issuers_given": len(issuers) if issuers else 0,
        },
        "form_checks": load_version(),
        "indicators": load_indicator_version(),
        "codebook": {"version": book.version, "sha256": book.sha256},
        "model": {"sha256": model.sha256},
        "inputs": [{"file": file, "sha256": digest} for file, digest in sorted(inputs)],
        "ignored": ignored,
        "skipped": [
            {"file": file, "code": code, "reason": reason}
            for file, code, reason in zip(
                skipped["file"], skipped["code"], skipped["reason"], strict=True
            )
        ],
        "counts": {name: len(frame) for name, frame in frames.items()},
    }
