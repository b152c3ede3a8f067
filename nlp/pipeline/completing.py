"""The second stage: records of some hundred reports → their rows of every frame.

What needs other reports needs those of the same issuer (years against each other, the same
year twice), so the reports of one issuer are always in the same part.
"""

from __future__ import annotations

import hashlib
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

from nlp.documents import Check, Finding, ThemeTags, make_frame
from nlp.engine import run_many
from nlp.indicators import compute_indicators
from nlp.library import Part, PartStore, Record, RecordStore
from nlp.pipeline.claims import claim_rows, find_differences, list_claim_rows, read_claims
from nlp.pipeline.follow import find_answers, list_follow_rows, make_year_report
from nlp.pipeline.reading import Progress, Source, Step, unpack_record
from nlp.pipeline.rows import FullResult, count_answered, list_rows, tell_twin
from nlp.pipeline.single import Issuers, ReportResult, count_specifics
from nlp.pipeline.versions import hash_json, result_code
from nlp.structure import override_issuer
from nlp.themes import ThemeModel, load_model
from nlp.verify import ReportCells, verify_series

# Reports in a part, about: few enough for a process of 500 MB, and never so few that a
# hundred thousand reports make more files than a folder holds well.
_PART = 128
_MOST_PARTS = 4096
_CHUNK = 2 * _PART  # reports of a part that are in memory at once


class RecordDamagedError(ValueError):
    """A record that is there but cannot be read back (a failing disk, a meddling hand)."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the rows of a report depend on besides its record."""

    names: Mapping[str, str]
    issuers: Issuers
    model: str | None = None
    model_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A report of a part; ``record`` is its bytes, or where they are."""

    name: str
    copies: str | None
    issuer: str | None
    record: Path | bytes


@dataclass(frozen=True, slots=True)
class PartTask:
    """The reports of one part, in order of their names."""

    key: str
    members: tuple[Member, ...]


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
    plan: dict[str, list[Source]] = {}
    for group in _group(reports):
        content = [[s.name, s.copies, s.sha256, s.issuer] for s in group]
        plan[hash_json([base, content])[:24]] = group
    made = {key: part for key in plan if (part := parts.find(key)) is not None}
    missing = [key for key in plan if key not in made]

    def tasks() -> Iterator[PartTask]:
        for key in missing:
            yield PartTask(key, tuple(_member(s, records, scheduler) for s in plan[key]))

    done = len(made)
    function = partial(complete_part, settings)
    for task, outcome in run_many(function, tasks(), jobs=jobs, scheduler=scheduler):
        if isinstance(outcome, RecordDamagedError):
            for source in plan[task.key]:
                records.drop_damaged(source.sha256)
        if isinstance(outcome, Exception):
            raise outcome
        made[task.key] = parts.put(task.key, outcome)
        done += 1
        if progress is not None:
            progress(Step("汇总", done, len(plan)))
    return {key: made[key] for key in plan}


def _group(reports: Sequence[Source]) -> list[list[Source]]:
    number = 1
    while number * _PART < len(reports) and number < _MOST_PARTS:
        number *= 2
    groups: list[list[Source]] = [[] for _ in range(number)]
    for source in sorted(reports, key=lambda source: source.name):
        word = (source.issuer or source.sha256).encode("utf-8", "surrogatepass")
        groups[int(hashlib.sha256(word).hexdigest()[:8], 16) % number].append(source)
    return [group for group in groups if group]


def _member(source: Source, records: RecordStore, scheduler: str | None) -> Member:
    path = records.path_of(source.sha256)
    copies = "|".join(source.copies) or None
    issuer = source.issuer
    return Member(source.name, copies, issuer, path if scheduler is None else path.read_bytes())


def complete_part(settings: Settings, task: PartTask) -> dict[str, bytes]:
    """Make the rows of the reports of one part, as Parquet by frame."""
    # Usually one chunk.  Thousands of reports under one issuer (a name misread alike all over
    # a crawl) must not need memory for all of them at once.
    chunks = _cut(task.members)
    opened = (_open(member, settings.issuers) for member in task.members)
    results = list(opened) if len(chunks) == 1 else None
    series = compare_series(opened if results is None else results)
    tables: dict[str, list[pa.Table]] = {}
    for chunk in chunks:
        own = results or [_open(member, settings.issuers) for member in chunk]
        rows: dict[str, list[dict[str, Any]]] = {}
        full = complete_reports(own, load_tagger(settings.model, settings.model_sha256), series)
        for member, item in zip(chunk, full, strict=True):
            more = list_rows(item, settings.names)
            more["reports"] = [{**row, "copies": member.copies} for row in more["reports"]]
            for name, new in more.items():
                rows.setdefault(name, []).extend(new)
        rows |= list_claim_rows(own, [item.claims for item in full])
        rows |= list_follow_rows(own, [item.tags for item in full])
        for name, new in rows.items():
            frame = make_frame(name, new)
            tables.setdefault(name, []).append(pa.Table.from_pandas(frame, preserve_index=False))
    frames = {}
    for name, pieces in tables.items():
        buffer = BytesIO()
        pq.write_table(pa.concat_tables(pieces), buffer)
        frames[name] = buffer.getvalue()
    return frames


def _cut(members: Sequence[Member]) -> list[list[Member]]:
    """Cut a part into chunks; an issuer is cut only where it alone is more than a chunk."""
    if len(members) <= _CHUNK:
        return [list(members)]
    by_issuer: dict[str, list[Member]] = {}
    for member in members:
        by_issuer.setdefault(member.issuer or member.name, []).append(member)
    chunks: list[list[Member]] = [[]]
    for group in by_issuer.values():
        if chunks[-1] and len(chunks[-1]) + len(group) > _CHUNK:
            chunks.append([])
        for member in group:
            if len(chunks[-1]) == _CHUNK:
                chunks.append([])
            chunks[-1].append(member)
    return chunks


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
    tags = iter(model.tag(texts, roles))
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
