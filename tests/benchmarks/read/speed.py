"""Reading time of both PDF readers and of others, interleaved in one run, with memory.

    python -m tests.benchmarks.read.speed [ROUNDS] [--others PYTHON]

reads ../shared/reports (where it is) and the shipped PDFs.  Every round reads every file
once by every reader, one after the other, so that a slow moment of the machine falls on
all; the figures are medians over rounds, in seconds of processor time (every reader runs in
one thread), which other work on the machine disturbs less than the clock on the wall.

Camelot and tabula are no dependencies of the project: give the interpreter of an environment
that has them (``pip install camelot-py tabula-py``; tabula needs Java).  They run in a process
of their own, and their time includes that of processes which they start.
"""

from __future__ import annotations

import argparse
import ctypes
import io
import json
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[3]
SETS = {
    "real": sorted((ROOT.parent / "shared" / "reports").glob("*.pdf")),
    "shipped": sorted((ROOT / "corpus" / "reports").glob("*.pdf")),
}
# A fresh process: what it holds before reading, with the reader, and at most while it reads.
_MEMORY = """
import sys
from pathlib import Path
def peak():
    status = Path("/proc/self/status")
    if not status.exists():
        return float("nan")
    return int(status.read_text().partition("VmHWM:")[2].split()[0]) / 1024
bare = peak()
from nlp.read.pdf import read_pdf
if sys.argv[1] == "whole way":
    from nlp.pipeline import read_report
loaded = peak()
for path in sys.argv[2:]:
    if sys.argv[1] == "whole way":
        read_report(path)
    else:
        read_pdf(Path(path).read_bytes(), path, "", reference=sys.argv[1] == "reference")
print(bare, loaded, peak())
"""
# In the other environment: reads the files that it is told, says what each took.
_OTHER = """
import os, sys, warnings
warnings.simplefilter("ignore")
name = sys.argv[1]
if name == "camelot":
    import camelot
    def read(path):
        camelot.read_pdf(path, pages="all", flavor="lattice")
else:
    import tabula
    def read(path):
        tabula.read_pdf(path, pages="all", lattice=True, silent=True)
answers, sys.stdout = sys.stdout, sys.stderr
print("ready", file=answers, flush=True)
for line in sys.stdin:
    before = sum(os.times()[:4])
    try:
        read(line.rstrip("\\n"))
    except Exception as error:
        print("failed", type(error).__name__, file=answers, flush=True)
        continue
    print(sum(os.times()[:4]) - before, file=answers, flush=True)
"""
OTHERS = ("camelot", "tabula")
Timed = Callable[[Path, bytes], float]


def read_floor(data: bytes) -> None:
    """The least that any reader on PDFium must do: load, text, characters, lines."""
    from nlp.read.pdf.fast.library import handles, pdfium, read_floats, read_values, same

    library = pdfium()
    document = library.FPDF_LoadMemDocument64(data, len(data), None)
    for number in range(library.FPDF_GetPageCount(document)):
        page = library.FPDF_LoadPage(document, number)
        text = library.FPDFText_LoadPage(page)
        count = library.FPDFText_CountChars(text)
        own_text, own_page = handles([text, page])
        list(map(library.FPDFText_GetUnicode, same(own_text), range(count)))
        read_floats(library.FPDFText_GetLooseCharBox, own_text, range(count), 4)
        total = library.FPDFPage_CountObjects(page)
        found = map(library.FPDFPage_GetObject, same(own_page), range(total))
        objects = handles(found)
        kinds = list(map(library.FPDFPageObj_GetType, objects))
        paths = [o for o, kind in zip(objects, kinds, strict=True) if kind == 2]
        read_values(library.FPDFPageObj_GetBounds, paths, 4, ctypes.c_float)
        library.FPDFText_ClosePage(text)
        library.FPDF_ClosePage(page)
    library.FPDF_CloseDocument(document)


def read_fast(data: bytes) -> None:
    from nlp.read.pdf.fast import read_fast as read

    read(data, "", "")


def read_reference(data: bytes) -> None:
    from nlp.read.pdf import read_pdf

    read_pdf(data, "", "", reference=True)


def read_pdfplumber(data: bytes) -> None:
    import pdfplumber

    with pdfplumber.open(io.BytesIO(data)) as document:
        for page in document.pages:
            page.extract_text()
            page.extract_tables()


class Other:
    """A reader in another environment, kept running between files."""

    def __init__(self, python: str, name: str) -> None:
        command = [python, "-c", _OTHER, name]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True,
        )  # fmt: skip
        assert self._process.stdout is not None
        self.ready = self._process.stdout.readline().strip() == "ready"

    def read(self, path: Path, data: bytes) -> float:
        """Read a file there; seconds of processor time, NaN where it fails."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(f"{path}\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        return float("nan") if not answer or answer.startswith("failed") else float(answer)

    def end(self) -> None:
        """Let it end."""
        self._process.communicate()


def timed(function: Callable[[bytes], None]) -> Timed:
    """Make a reader tell its processor time."""

    def run(path: Path, data: bytes) -> float:
        began = time.process_time()
        function(data)
        return time.process_time() - began

    return run


def measure(rounds: int, python: str | None) -> dict[str, object]:
    """Time every file by every reader; also memory, and who spoke in the whole way."""
    readers: dict[str, Timed] = {
        "floor": timed(read_floor),
        "fast": timed(read_fast),
        "reference": timed(read_reference),
        "pdfplumber": timed(read_pdfplumber),
    }
    figures: dict[str, object] = {"rounds": rounds, "python": platform.python_version()}
    others: list[Other] = []
    for name in OTHERS:
        other = Other(python, name) if python else None
        if other is not None:
            others.append(other)
        if other is not None and other.ready:
            readers[name] = other.read
        else:
            figures[name] = "not measured: not installed in the environment given by --others"
    for name, paths in SETS.items():
        figures[name] = _measure_set(paths, readers, rounds) if paths else "not there"
    for other in others:
        other.end()
    return figures


def _measure_set(paths: list[Path], readers: dict[str, Timed], rounds: int) -> dict[str, object]:
    from nlp import read_report

    contents = {path: path.read_bytes() for path in paths}
    for data in contents.values():
        read_fast(data)  # libraries loaded before the clock runs
    times: dict[Path, dict[str, list[float]]] = {
        path: {reader: [] for reader in readers} for path in paths
    }
    for _ in range(rounds):
        for path, data in contents.items():
            for reader, function in readers.items():
                times[path][reader].append(function(path, data))
    medians = {
        path: {reader: statistics.median(own) for reader, own in each.items()}
        for path, each in times.items()
    }
    fell_back = [
        path.name
        for path in paths
        if any(f.code == "read_by_reference" for f in read_report(path).findings)
    ]
    return {
        "files": len(paths),
        "seconds": {
            reader: round(statistics.median(own[reader] for own in medians.values()), 4)
            for reader in readers
        },
        "times the fast reader": {
            reader: _spread([m[reader] / m["fast"] for m in medians.values()])
            for reader in readers
            if reader not in ("floor", "fast")
        },
        "fast / floor": _spread([m["fast"] / m["floor"] for m in medians.values()]),
        "fell back": fell_back,
        "MB (bare, loaded, peak)": {
            way: _memory(way, paths) for way in ("fast", "whole way", "reference")
        },
    }


def _spread(values: list[float]) -> dict[str, float]:
    return {
        "median": round(statistics.median(values), 2),
        "low": round(min(values), 2),
        "high": round(max(values), 2),
    }


def _memory(reader: str, paths: list[Path]) -> list[float]:
    command = [sys.executable, "-c", _MEMORY, reader, *map(str, paths)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    return [round(float(x), 1) for x in done.stdout.split()]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("rounds", nargs="?", type=int, default=5)
    parser.add_argument("--others", metavar="PYTHON")
    options = parser.parse_args()
    found = measure(options.rounds, options.others)
    sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
