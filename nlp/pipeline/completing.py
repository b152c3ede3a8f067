"""The second stage: records of some hundred reports → their rows of every frame.

The rows of an issuer none of whose reports has changed are taken from the part that an
earlier build made.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from nlp.documents import Check, Finding, ThemeTags, make_table
from nlp.engine import run_many
from nlp.indicators import compute_indicators
from nlp.library import Part, PartStore, Record, RecordStore, sort_rows, take_rows
from nlp.pipeline.claims import claim_rows, find_differences, list_claim_rows, read_claims
from nlp.pipeline.evidence import add_evidence
from nlp.pipeline.follow import find_answers, list_follow_rows, make_year_report
from nlp.pipeline.planning import Member, PartTask, list_members, plan_parts
from nlp.pipeline.reading import Progress, Source, Step, unpack_record
from nlp.pipeline.rows import FullResult, count_answered, list_rows, tell_twin
from nlp.pipeline.single import Issuers, ReportResult, count_specifics
from nlp.pipeline.versions import hash_json, result_code
from nlp.structure import override_issuer
from nlp.themes import ThemeModel, load_model
from nlp.verify import ReportCells, verify_series

# Reports that are in memory at once, with all their rows as Python values.
_CHUNK = 64

Tables = dict[str, list[pa.Table]]


class RecordDamagedError(ValueError):
    """A record that is there but cannot be read back (a failing disk, a meddling hand)."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the rows of a report depend on besides its record."""

    names: Mapping[str, str]
    issuers: Issuers
    model: str | None = None
    model_sha256: str | None = None


def complete_parts(
    reports: Sequence[Source],
    records: RecordStore,
    parts: PartStore,
    settings: Settings,
    versions: Any,
    *,
    jobs: int,
    scheduler: str | None,
    progress: Progress | None,
) -> dict[str, Part]:
    """Make the parts that are not there yet; give all by their keys, in order.

    Parameters
    ----------
    reports : sequence of Source
        The reports, with their issuers.
    records, parts : RecordStore, PartStore
        Where the records are, and where the parts are kept.
    settings : Settings
        Sent to the workers.
    versions : JSON-able
        All that the rows depend on besides the reports: code, model, codebook.
    """
    base = hash_json([versions, dict(settings.issuers), result_code(), records.folder.name])
    plan = plan_parts(reports, base)
    made = {key: part for key in plan if (part := parts.find(key)) is not None}
    missing = [key for key in plan if key not in made]
    kept = parts.list_members(base) if missing else {}

    def tasks() -> Iterator[PartTask]:
        for key in missing:
            group = plan[key]
            yield PartTask(key, list_members(group, records, kept, with_data=scheduler is not None))

    done = len(made)
    function = partial(complete_part, settings)
    for task, outcome in run_many(function, tasks(), jobs=jobs, scheduler=scheduler):
        if isinstance(outcome, RecordDamagedError):
            for source in plan[task.key]:
                records.drop_damaged(source.sha256)
        if isinstance(outcome, Exception):
            raise outcome
        members = {member.report_id: member.digest for member in task.members}
        made[task.key] = parts.put(task.key, outcome, base=base, members=members)
        done += 1
        if progress is not None:
            progress(Step("汇总", done, len(plan)))
    return {key: made[key] for key in plan}


def complete_part(settings: Settings, task: PartTask) -> dict[str, bytes]:
    """Make the rows of the reports of one part, as Parquet by frame."""
    tables, taken = _take_kept(task.members)
    fresh = [member for member in task.members if member.report_id not in taken]
    for batch in _cut(fresh):
        opened = partial(_open_all, settings.issuers)
        if len(batch) <= _CHUNK:
            results = list(opened(batch))
            _complete_chunk(settings, batch, results, compare_series(results), tables)
            continue
        # Thousands of reports under one issuer (a name misread alike all over a crawl) must
        # not need memory for all of them at once.
        series = compare_series(opened(batch))
        for begin in range(0, len(batch), _CHUNK):
            chunk = batch[begin : begin + _CHUNK]
            _complete_chunk(settings, chunk, list(opened(chunk)), series, tables)
    order = [member.report_id for member in task.members]
    frames = {}
    for name in list(tables):
        buffer = BytesIO()
        pq.write_table(sort_rows(pa.concat_tables(tables.pop(name)), order), buffer)
        frames[name] = buffer.getvalue()
    return frames


def _take_kept(members: Sequence[Member]) -> tuple[Tables, set[str]]:
    """Take the rows that earlier parts have; a part that is damaged gives none."""
    tables: Tables = {}
    taken: set[str] = set()
    by_part: dict[Path, list[str]] = {}
    for member in members:
        if member.kept is not None:
            by_part.setdefault(member.kept, []).append(member.report_id)
    for folder, reports in by_part.items():
        try:
            found = take_rows(folder, reports)
        except (OSError, ValueError):
            continue
        taken.update(reports)
        for name, table in found.items():
            tables.setdefault(name, []).append(table)
    return tables, taken


def _complete_chunk(
    settings: Settings,
    chunk: Sequence[Member],
    results: Sequence[ReportResult],
    series: Series,
    tables: Tables,
) -> None:
    rows: dict[str, list[dict[str, Any]]] = {}
    full = complete_reports(results, load_tagger(settings.model, settings.model_sha256), series)
    for member, item in zip(chunk, full, strict=True):
        more = list_rows(item, settings.names)
        more["reports"] = [{**row, "copies": member.copies} for row in more["reports"]]
        for name, new in more.items():
            rows.setdefault(name, []).extend(new)
    rows |= list_claim_rows(results, [item.claims for item in full])
    rows |= list_follow_rows(results, [item.tags for item in full])
    for name in list(rows):
        tables.setdefault(name, []).append(make_table(name, rows.pop(name)))


def _cut(members: Sequence[Member]) -> list[list[Member]]:
    """Cut members into batches of whole issuers; one that is more than a chunk is on its own."""
    by_issuer: dict[str, list[Member]] = {}
    for member in members:
        by_issuer.setdefault(member.issuer or member.name, []).append(member)
    batches: list[list[Member]] = []
    for group in by_issuer.values():
        if not batches or len(batches[-1]) + len(group) > _CHUNK:
            batches.append([])
        batches[-1].extend(group)
    return batches


def _open_all(issuers: Issuers, members: Iterable[Member]) -> Iterator[ReportResult]:
    return (_open(member, issuers) for member in members)


def _open(member: Member, issuers: Issuers) -> ReportResult:
    found = member.record
    data = found if isinstance(found, bytes) else found.read_bytes()
    try:
        result = unpack_record(Record.from_bytes(data), member.name)
    except (ValueError, zlib.error) as error:
        raise RecordDamagedError(f"资料库里 {member.name} 的记录已损坏（{error}）") from error
    printed = result.report.issuer.name
    issuer = override_issuer(result.report.issuer, issuers)
    findings = result.findings
    if member.issuer and printed and member.issuer != printed:
        issuer = override_issuer(replace(issuer, name=member.issuer), issuers)
        message = (
            f"本报告自称“{printed}”，与另一份报告的“{member.issuer}”区划代码、层级和机关名都相同，"
            "按同一机关统一记作后者；若不是同一机关，请用 nianbao correct 改正"
        )
        findings = (*findings, Finding("issuer_united", "info", message))
    return replace(result, report=replace(result.report, issuer=issuer), findings=findings)


@cache
def load_tagger(folder: str | None = None, sha256: str | None = None) -> ThemeModel:
    """Load a model once a process; a folder's other ``sha256`` (trained anew) is another model."""
    return load_model(folder)


@dataclass(frozen=True, slots=True)
class Series:
    """What reports of one issuer say of each other: checks by id, and how many a year has."""

    checks: Mapping[str, Sequence[Check]]
    years: Mapping[tuple[str | None, int | None], int]


def compare_series(results: Iterable[ReportResult]) -> Series:
    """Compare the reports of each issuer across the years; only their cells are kept."""
    years: Counter[tuple[str | None, int | None]] = Counter()
    compared = []
    for result in results:
        report = result.report
        years[report.issuer.name, report.year] += 1
        if report.edition != "narrative":
            key = (result.report_id, report.issuer.name, report.year, report.edition)
            compared.append(ReportCells(*key, result.cells))
    return Series(verify_series(compared), years)


def complete_reports(
    results: Sequence[ReportResult], model: ThemeModel, series: Series
) -> list[FullResult]:
    """Add what needs other reports of the issuer or the model: years, themes, indicators."""
    return [
        complete_report(
            result,
            tags,
            series.checks.get(result.report_id, ()),
            series.years[result.report.issuer.name, result.report.year] > 1,
        )
        for result, tags in zip(results, tag_results(results, model), strict=True)
    ]


def tag_results(results: Sequence[ReportResult], model: ThemeModel) -> list[tuple[ThemeTags, ...]]:
    """Tag the statements of all reports in one go."""
    texts = [s.text for r in results for s in r.split.statements]
    roles = [s.role for r in results for s in r.split.statements]
    words = [w for r in results for w in r.statement_words]
    tags = iter(add_evidence(model, texts, roles, words, model.tag(texts, roles)))
    return [tuple(next(tags) for _ in r.split.statements) for r in results]


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
        findings.append(tell_twin(name, year))
    answers = find_answers(make_year_report(result, tags))
    claims = read_claims(result.report, result.cells, result.split)
    pages = {cell.key: cell.page for cell in result.cells}
    findings += find_differences(claim_rows(result, claims), pages)
    return FullResult(result, checks, tags, answers, claims, tuple(indicators), tuple(findings))
