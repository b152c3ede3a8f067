"""A process that reads PDFs stays small: a batch on a laptop runs one for each core."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PDF = ROOT / "corpus" / "reports" / "baizhi-gov-2024.pdf"
# Libraries of other steps and other files; the first two take a hundred megabytes.
HEAVY = ["pandas", "pandera", "sklearn", "scipy", "numpy", "pdfplumber", "docx", "PIL"]
STEPS = """
import json, sys
from pathlib import Path
{import_}
{call}
status = Path("/proc/self/status")
peak = 0
if status.exists():
    peak = int(status.read_text().partition("VmHWM:")[2].split()[0]) / 1024
print(json.dumps([sorted(set(sys.modules) & set(json.loads(sys.argv[2]))), peak]))
"""


@pytest.mark.parametrize(
    ("import_", "call", "most"),
    [
        ("from nlp.read import read", "assert read(sys.argv[1]).pages", 60),
        # with structure, tables, checks, statements; the segmenter's dictionary is most of it
        ("from nlp.pipeline import read_report", "assert read_report(sys.argv[1]).cells", None),
    ],
)
def test_a_process_that_reads_loads_no_other_step(
    import_: str, call: str, most: int | None
) -> None:
    """Neither reading alone nor the whole way of one report; megabytes at most, by the kernel."""
    code = STEPS.format(import_=import_, call=call)
    command = [sys.executable, "-c", code, str(PDF), json.dumps(HEAVY)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    loaded, peak = json.loads(done.stdout)
    assert loaded == []
    if most is not None:
        assert peak < most
