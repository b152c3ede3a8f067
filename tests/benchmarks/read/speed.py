"""Reading time of both PDF readers and of others, interleaved in one run, with memory.

    python -m tests.benchmarks.read.speed [ROUNDS]

reads ../shared/reports (where it is) and the shipped PDFs.  Every round reads every file
once by every reader, one after the other, so that a slow moment of the machine falls on
all; the figures are medians over rounds, in seconds of processor time (every reader runs in
one thread), which other work on the machine disturbs less than the clock on the wall.
"""

from __future__ import annotations

import ctypes
import importlib.util
import io
import json
import shutil
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
# A fresh process: what it holds before reading, and at most while it reads.
_MEMORY = """
import sys
from pathlib import Path
def peak():
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024
bare = peak()
from nlp.read.pdf import read_pdf
loaded = peak()
for path in sys.argv[2:]:
    read_pdf(Path(path).read_bytes(), path, "", reference=sys.argv[1] == "reference")
print(bare, loaded, peak())
"""


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


def read_camelot(data: bytes) -> None:
    import camelot

    camelot.read_pdf(io.BytesIO(data), pages="all", flavor="lattice")


def read_tabula(data: bytes) -> None:
    import tabula

    tabula.read_pdf(io.BytesIO(data), pages="all", lattice=True, silent=True)


def list_readers() -> dict[str, Callable[[bytes], None]]:
    """The readers that can be run here."""
    found = {
        "floor": read_floor,
        "fast": read_fast,
        "reference": read_reference,
        "pdfplumber": read_pdfplumber,
    }
    if importlib.util.find_spec("camelot"):
        found["camelot"] = read_camelot
    if importlib.util.find_spec("tabula") and shutil.which("java"):
        found["tabula"] = read_tabula
    return found


def measure(rounds: int) -> dict[str, object]:
    """Time every file by every reader; also memory, and who spoke in the whole way."""
    from nlp import read_report

    readers = list_readers()
    figures: dict[str, object] = {"rounds": rounds}
    for name, paths in SETS.items():
        if not paths:
            continue
        times: dict[Path, dict[str, list[float]]] = {}
        contents = {path: path.read_bytes() for path in paths}
        for data in contents.values():
            read_fast(data)  # libraries loaded before the clock runs
        for _ in range(rounds):
            for path, data in contents.items():
                for reader, function in readers.items():
                    began = time.process_time()
                    function(data)
                    spent = time.process_time() - began
                    times.setdefault(path, {}).setdefault(reader, []).append(spent)
        medians = {
            path: {reader: statistics.median(own) for reader, own in each.items()}
            for path, each in times.items()
        }
        fell_back = [
            path.name
            for path in paths
            if any(f.code == "read_by_reference" for f in read_report(path).findings)
        ]
        figures[name] = {
            "files": len(paths),
            "seconds": {
                reader: round(statistics.median(own[reader] for own in medians.values()), 4)
                for reader in readers
            },
            "pdfplumber / fast": _spread([m["pdfplumber"] / m["fast"] for m in medians.values()]),
            "fast / floor": _spread([m["fast"] / m["floor"] for m in medians.values()]),
            "fell back": fell_back,
            "MB (bare, loaded, peak)": {
                reader: _memory(reader, paths) for reader in ("fast", "reference")
            },
        }
    return figures


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
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    sys.stdout.write(json.dumps(measure(rounds), ensure_ascii=False, indent=1) + "\n")
