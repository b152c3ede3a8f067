"""One hostile file through the public reading path, watched from all sides."""

# ruff: noqa: E501  (tables of odd pieces)
from __future__ import annotations

import hashlib
import os
import random
import re
import resource
import sys
import tempfile
import time
import traceback
import warnings
import zlib
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

from tests.benchmarks.fuzz import scans, seeds
from tests.benchmarks.fuzz.cases import make_case

ROOT = Path(__file__).resolve().parents[3]
CODES = {
    "empty", "encrypted", "damaged", "scan", "unsupported", "not_a_report", "too_large", "timeout",
}  # fmt: skip
# Seconds of the processor: what takes longer has a part that grows with the square of the file.
SLOW = 15.0
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_ASKING = {
    "socket.connect",
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "socket.sendto",
    "urllib.Request",
}
_STARTING = {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork"}
_CHANGING = {
    "os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate", "os.chmod",
    "os.chown", "os.utime", "shutil.copyfile", "shutil.move", "shutil.rmtree", "shutil.unpack_archive",
    "tempfile.mkstemp", "tempfile.mkdtemp",
}  # fmt: skip
_CHINESE = re.compile("[\u4e00-\u9fff]{2}|[A-Z]+ 文件")


class Order(NamedTuple):
    """Which file to make and read."""

    seed: int
    number: int
    kinds: tuple[str, ...] = ()
    office: bool = False
    ocr: bool = False


def _place(args: tuple[Any, ...]) -> Any:
    """The path of a change; one in an open folder is told as the folder's number and a name."""
    if (
        len(args) > 1
        and isinstance(args[-1], int)
        and args[-1] >= 0
        and Path("/proc/self/fd").exists()
    ):
        return Path(f"/proc/self/fd/{args[-1]}").readlink() / str(args[0])
    return args[0] if args else ""


class _Watch:
    """What the process did while a file was read; the hook itself can never be taken off."""

    def __init__(self) -> None:
        self.on = False
        self.seen: list[str] = []
        self.office = False
        sys.addaudithook(self.hear)

    def hear(self, event: str, args: tuple[Any, ...]) -> None:
        if not self.on:
            return
        if event == "open":
            path, _, flags = args
            if isinstance(path, int) or not isinstance(flags, int) or not flags & _WRITING:
                return
            if str(path) == os.devnull or self._own(path):
                return
            self.seen.append(f"write {path}")
        elif event in _ASKING:
            self.seen.append(f"request {event} {args[1:]}")
        elif event in _STARTING and not self.office:
            self.seen.append(f"start {event} {args[:1]}")
        elif event in _CHANGING and not self._own(_place(args)):
            self.seen.append(f"write {event} {args[:2]}")

    def _own(self, path: Any) -> bool:
        # LibreOffice works in a folder of its own, which is gone afterwards.
        return self.office and str(path).startswith(str(Path(tempfile.gettempdir()) / "nianbao-"))


@cache
def _prepare(ocr: bool = False) -> tuple[_Watch, int]:
    """Read one whole report of each kind, so that all is loaded before the watch begins."""
    sys.dont_write_bytecode = True
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    for name, data in (
        ("a.txt", seeds.text_seed()), ("a.md", seeds.markdown_seed()), ("a.html", seeds.html_seed()),
        ("a.mht", seeds.mhtml_seed()), ("a.docx", seeds.docx_seed()), ("a.pdf", seeds.pdf_seed()),
        ("b.pdf", seeds.pdf_seed()[:-40]),
    ):  # fmt: skip
        path = folder / name
        path.write_bytes(data)
        _read(path, name)
        path.unlink()
    if ocr:
        name, data = scans.odd_page(random.Random(0))
        (folder / name).write_bytes(data)
        _read(folder / name, name, ocr=True)
        (folder / name).unlink()
    folder.rmdir()
    noise = os.open(folder.with_suffix(".noise"), os.O_RDWR | os.O_CREAT | os.O_TRUNC)
    folder.with_suffix(".noise").unlink()
    return _Watch(), noise


def _read(path: Path, name: str, *, ocr: bool = False) -> Any:
    """The way that ``nianbao build`` reads a file, into a record of the library."""
    from nlp.pipeline.reading import Task, read_file

    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return read_file(Task(digest, path, name, ocr=ocr))


@contextmanager
def _hushed(noise: int) -> Any:
    """Send both outputs, those of C libraries too, into a file that is looked at afterwards."""
    os.ftruncate(noise, 0)
    os.lseek(noise, 0, os.SEEK_SET)
    sys.stdout.flush()
    sys.stderr.flush()
    kept = os.dup(1), os.dup(2)
    os.dup2(noise, 1)
    os.dup2(noise, 2)
    try:
        yield
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os.dup2(kept[0], 1)
        os.dup2(kept[1], 2)
        os.close(kept[0])
        os.close(kept[1])


def try_case(order: Order) -> dict[str, Any]:
    """Make a file and read it; runs in a process of the engine with a user's limits."""
    case = make_case(order.seed, order.number, order.kinds)
    answer = try_bytes(case.data, case.name, office=order.office, ocr=order.ocr)
    return {"number": order.number, "kind": case.kind, "made": case.made, "name": case.name,
            "size": len(case.data), **answer}  # fmt: skip


def try_bytes(data: bytes, name: str, *, office: bool = False, ocr: bool = False) -> dict[str, Any]:
    """Read bytes as a file and tell what came of it.

    Returns
    -------
    dict
        ``outcome`` is read, refused or crash; ``faults`` lists what must not be: requests,
        writes, processes, warnings, output, leaks, messages that say nothing.
    """
    watch, noise = _prepare(ocr)
    watch.office = office
    dispatch = sys.modules["nlp.read.dispatch"]
    plain = dispatch.find_office
    if not office:
        dispatch.find_office = lambda: None  # type: ignore[attr-defined]
    faults: list[str] = []
    detail = ""
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        watch.seen.clear()
        before = time.process_time()
        try:
            with warnings.catch_warnings(record=True) as warned, _hushed(noise):
                warnings.simplefilter("always")
                watch.on = True
                try:
                    outcome, detail, record = _outcome(partial(_read, path, name, ocr=ocr))
                finally:
                    watch.on = False
        finally:
            dispatch.find_office = plain  # type: ignore[attr-defined]
        seconds = time.process_time() - before
        if [p.name for p in Path(folder).iterdir()] != [name]:
            faults.append("write beside the file")
    faults += dict.fromkeys(watch.seen)
    faults += dict.fromkeys(f"warning {w.category.__name__}: {str(w.message)[:80]}" for w in warned)
    printed = os.pread(noise, 500, 0)
    if printed:
        faults.append(f"output {printed[:200]!r}")
    if record is not None:
        faults += _judge(record)
    if seconds > SLOW:
        faults.append("slow")
    return {
        "outcome": outcome,
        "detail": detail,
        "faults": faults,
        "seconds": round(seconds, 3),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def _outcome(read: Any) -> tuple[str, str, Any]:
    try:
        record = read()
    except MemoryError:
        raise
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        own = [f for f in frames if "/nlp/" in f.filename] or frames
        place = f"{Path(own[-1].filename).name}:{own[-1].lineno} {own[-1].name}"
        last = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}"
        return "crash", f"{type(error).__name__} at {place} ({last}): {str(error)[:120]}", None
    if record.head["outcome"] == "skip":
        return "refused", str(record.head["code"]), record
    return "read", "", record


def _judge(record: Any) -> list[str]:
    """What is wrong with an answer: a code nobody knows, an empty message, a leaked file."""
    faults = []
    if record.head["outcome"] == "skip":
        if record.head["code"] not in CODES:
            faults.append(f"unknown code {record.head['code']}")
        faults += [
            f"message {part!r}" for part in record.head["message"] if not _CHINESE.search(part)
        ]
        whole = "".join(record.head["message"]).encode()
    else:
        whole = zlib.decompress(record.body)
    if b"root:x:0:0" in whole:
        faults.append("leak of a file of this machine")
    return faults
