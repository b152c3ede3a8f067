"""The first stage: every file that is new or changed → a record in the library."""

from __future__ import annotations

import hashlib
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from nlp.documents import ReadError
from nlp.engine import FileMemoryError, FileTimeoutError, Limits, WorkerLostError, run_many
from nlp.library import Record, RecordStore
from nlp.pipeline.files import InputFile
from nlp.pipeline.single import ReportResult, read_report
from nlp.pipeline.versions import describe_abilities, reading_key
from nlp.structure import choose_names, identify_issuer

_LEVEL = 3  # of compression: half the time of the usual one, a tenth more bytes
_HASHERS = 4  # threads; hashing leaves Python's lock


class Step(NamedTuple):
    """How far a build is: stage 清点, 读取, 汇总 or 写出; skipped and known count files."""

    stage: str
    done: int
    total: int
    name: str = ""
    skipped: int = 0
    known: int = 0


Progress = Callable[[Step], None]


@dataclass(frozen=True, slots=True)
class Source:
    """The content of one or several files: its hash, and the names that have it."""

    sha256: str
    path: Path
    name: str
    copies: tuple[str, ...] = ()
    issuer: str | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """One content to be read; ``data`` has the bytes where the worker may not see the path."""

    sha256: str
    path: Path
    name: str
    data: bytes | None = None
    ocr: bool = False


class FileChangedError(OSError):
    """A file that was not the same when it was read as when it was listed."""


def list_sources(
    files: Sequence[InputFile], progress: Progress | None
) -> tuple[list[Source], list[dict[str, Any]]]:
    """Hash the files; give each content once, and a row for each file that is skipped here."""
    names: dict[str, list[InputFile]] = {}
    skipped: list[dict[str, Any]] = []
    with ThreadPoolExecutor(_HASHERS) as threads:
        found = threads.map(_hash_file, (file.path for file in files))
        for number, (file, digest) in enumerate(zip(files, found, strict=True), 1):
            if isinstance(digest, OSError):
                skipped.append(skip_row(file.name, None, *explain_skip(file.name, digest)))
            else:
                names.setdefault(digest, []).append(file)
            if progress is not None:
                progress(Step("清点", number, len(files), file.name))
    sources = []
    for digest, (first, *others) in names.items():
        copies = tuple(other.name for other in others)
        sources.append(Source(digest, first.path, first.name, copies))
        for name in copies:
            reason = f"{name}：与 {first.name} 内容完全相同，只计一次"
            skipped.append(skip_row(name, digest, "duplicate", reason))
    return sources, skipped


def _hash_file(path: Path) -> str | OSError:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return error


def read_sources(
    sources: Sequence[Source],
    store: RecordStore,
    *,
    jobs: int,
    limits: Limits,
    scheduler: str | None,
    progress: Progress | None,
    ocr: bool = False,
) -> tuple[list[Source], list[dict[str, Any]], int]:
    """Read what the library does not have yet.

    Returns
    -------
    sources, skipped, read
        The sources that are reports, with their issuers (one name each); a row for each that
        is not; and how many files were read in this run.
    """
    heads: dict[str, dict[str, Any]] = {}
    failures: dict[str, Exception] = {}
    missing = []
    for source in sources:
        head = store.find_head(source.sha256)
        if head is None or not _still_holds(head, ocr):
            missing.append(source)
        else:
            heads[source.sha256] = head
    known = len(heads)
    bad = sum(head["outcome"] == "skip" for head in heads.values())

    def tell(name: str) -> None:
        if progress is not None:
            done = len(heads) - known + len(failures)
            progress(Step("读取", done, len(missing), name, bad + len(failures), known))

    tell("")
    tasks = _make_tasks(missing, with_data=scheduler is not None, ocr=ocr)
    run = run_many(
        read_file, tasks, jobs=jobs, limits=limits, scheduler=scheduler, same=reading_key
    )
    for task, outcome in run:
        if isinstance(outcome, Record):
            store.put(task.sha256, outcome)
            heads[task.sha256] = dict(outcome.head)
            bad += outcome.head["outcome"] == "skip"
        else:
            # Not kept: another run may have more time, memory or luck.
            failures[task.sha256] = outcome
        tell(task.name)
    reports, skipped, identities = [], [], []
    for source in sources:
        head = heads.get(source.sha256)
        if head is not None and head["outcome"] == "report":
            reports.append(replace(source, issuer=head["issuer"]))
            identities.append(head["identity"])
        else:
            error = failures[source.sha256] if head is None else _rebuild_error(head, source.name)
            code, reason = explain_skip(source.name, error)
            skipped.append(skip_row(source.name, source.sha256, code, reason))
    return _unite_issuers(reports, identities), skipped, len(missing)


def _unite_issuers(reports: Sequence[Source], identities: Sequence[str | None]) -> list[Source]:
    """Give the reports of one issuer one name, where years or sites name it more or less fully."""
    names = choose_names(zip((s.issuer for s in reports), identities, strict=True))
    return [
        replace(source, issuer=names.get(identity or "", source.issuer or "") or None)
        for source, identity in zip(reports, identities, strict=True)
    ]


def _still_holds(head: dict[str, Any], ocr: bool) -> bool:
    """Tell whether a record is what reading the file again would give."""
    if head["outcome"] == "skip":
        return bool(head["abilities"] == describe_abilities(ocr=ocr))
    # A scan is read on request only, whoever asked for it before.
    return ocr or not head.get("ocr", False)


def _make_tasks(sources: Iterable[Source], *, with_data: bool, ocr: bool) -> Iterator[Task]:
    for source in sources:
        data = None
        if with_data:
            try:
                data = source.path.read_bytes()
            except OSError:
                data = b""  # the hash will not fit, which says that the file has changed
        yield Task(source.sha256, source.path, source.name, data, ocr)


def read_file(task: Task) -> Record:
    """Read one file into a record; a file that cannot be read as a report is one as well.

    Raises
    ------
    FileChangedError
        If the bytes are not those that were listed.
    """
    data = task.path.read_bytes() if task.data is None else task.data
    if hashlib.sha256(data).hexdigest() != task.sha256:
        raise FileChangedError(None, "列出之后被改动，请重新运行")
    try:
        if task.data is None:
            result = read_report(task.path, name=task.name, ocr=task.ocr)
        else:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / f"report{task.path.suffix}"
                path.write_bytes(data)
                result = read_report(path, name=task.name, ocr=task.ocr)
    except ReadError as error:
        head = {
            "outcome": "skip",
            "code": error.code,
            "message": [error.expected, error.found, error.advice],
            "abilities": describe_abilities(ocr=task.ocr),
        }
        return Record(head)
    if result.report.sha256 != task.sha256:
        raise FileChangedError(None, "读取时被改动，请重新运行")
    # The name is not the content's: the same record serves the file under any name.
    result = replace(result, report=replace(result.report, file=""))
    body = _codec()[0].encode(result)
    _codec()[1].decode(body)  # what cannot be read back is this file's fault, now
    issuer = result.report.issuer
    about: dict[str, Any] = {
        "outcome": "report",
        "issuer": issuer.name,
        "identity": identify_issuer(issuer),
    }
    if any(finding.code == "ocr" for finding in result.findings):
        about["ocr"] = True
    return Record(about, zlib.compress(body, _LEVEL))


def unpack_record(record: Record, name: str) -> ReportResult:
    """Give what was read of a file, under the name that the file has now."""
    result: ReportResult = _codec()[1].decode(zlib.decompress(record.body))
    return replace(result, report=replace(result.report, file=name))


@cache
def _codec() -> tuple[Any, Any]:
    return msgspec.json.Encoder(), msgspec.json.Decoder(ReportResult)


def _rebuild_error(head: dict[str, Any], name: str) -> ReadError:
    expected, found, advice = head["message"]
    return ReadError(head["code"], name, expected=expected, found=found, advice=advice)


def skip_row(name: str, sha256: str | None, code: str, reason: str) -> dict[str, Any]:
    """Make a row of the frame ``skipped``."""
    return {"file": name, "code": code, "reason": reason, "sha256": sha256}


def explain_skip(name: str, error: Exception) -> tuple[str, str]:
    """Give the code of a file that was not read, and what to say of it."""
    if isinstance(error, ReadError):
        return error.code, str(error)
    if isinstance(error, FileTimeoutError):
        return "timeout", f"{name}：{error}，已放弃；请单独检查这个文件，或用 --time-limit 放宽"
    if isinstance(error, FileMemoryError):
        return "too_large", f"{name}：{error}，已放弃；请单独检查，或用 --memory-limit 放宽"
    if isinstance(error, WorkerLostError):
        return "damaged", f"{name}：{error}；请单独检查这个文件"
    if isinstance(error, OSError):
        return "damaged", f"{name}：打不开（{error.strerror or error}）；请检查文件权限"
    # A fault of ours in one file is that file's finding, not the end of the batch.
    return "damaged", f"{name}：读取时出错（{type(error).__name__}: {error}）；请报告这个问题"
