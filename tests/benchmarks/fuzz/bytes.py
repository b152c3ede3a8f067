"""Hostile files by the thousand, read in processes with a user's own limits.

    python tests/benchmarks/fuzz/bytes.py 20000 --seed 1 [--kinds html,light] [--jobs 2]
    python tests/benchmarks/fuzz/bytes.py --case 4711 --seed 1    # one again, with its trace
    python tests/benchmarks/fuzz/bytes.py --folder 200 --seed 1   # a folder through nlp.build

Every file is either read, or refused with a code and a Chinese message.  Counted as faults:
any other exception (crash), a process that died (lost), the limits of time (hang) and memory,
connections, writes, processes started, warnings, output, contents of other files.
"""

# ruff: noqa: E501
from __future__ import annotations

import argparse
import json
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
sys.path[0] = str(ROOT)  # in place of this folder, whose bytes.py must not be a module

from nlp.engine import FileMemoryError, FileTimeoutError, Limits, WorkerLostError, run_many  # noqa: E402
from nlp.pipeline.batch import FILE_MEMORY, FILE_TIMEOUT  # noqa: E402
from tests.benchmarks.fuzz.cases import ON_REQUEST, SHARES, make_case  # noqa: E402
from tests.benchmarks.fuzz.trial import Order, try_bytes, try_case  # noqa: E402

PORT = 47611  # the address that hostile files point to


class Listener:
    """Waits where hostile files point to; whoever comes is an outside request."""

    def __init__(self) -> None:
        self.calls = 0
        self._socket = socket.socket()
        try:
            self._socket.bind(("127.0.0.1", PORT))
        except OSError:
            self.calls = -1
            return
        self._socket.listen()
        threading.Thread(target=self._wait, daemon=True).start()

    def _wait(self) -> None:
        while True:
            self._socket.accept()[0].close()
            self.calls += 1


def explain(error: Exception) -> str:
    if isinstance(error, FileTimeoutError):
        return "hang"
    if isinstance(error, FileMemoryError):
        return "memory"
    return "lost" if isinstance(error, WorkerLostError) else "harness"


def run(arguments: argparse.Namespace, kinds: tuple[str, ...]) -> int:
    listener = Listener()
    counts: Counter[str] = Counter()
    codes: Counter[str] = Counter()
    by_kind: Counter[str] = Counter()
    cost: Counter[str] = Counter()
    faults: dict[str, list[int]] = {}
    slowest: list[tuple[float, int, str]] = []
    peak = 0
    began = time.monotonic()
    limits = Limits(arguments.seconds, arguments.memory * 2**20)
    numbers = range(arguments.start, arguments.start + arguments.cases)
    orders = (Order(arguments.seed, n, kinds, arguments.office, arguments.ocr) for n in numbers)
    done = 0
    for order, answer in run_many(try_case, orders, jobs=arguments.jobs, limits=limits):
        done += 1
        if isinstance(answer, Exception):
            outcome = explain(answer)
            made = make_case(order.seed, order.number, order.kinds)
            line = {
                "number": order.number,
                "made": made.made,
                "outcome": outcome,
                "detail": str(answer)[:200],
            }
            by_kind[made.kind] += 1
            faults.setdefault(f"{outcome} {made.made}", []).append(order.number)
            print(json.dumps(line, ensure_ascii=False), file=sys.stderr, flush=True)
            counts[outcome] += 1
            continue
        counts[answer["outcome"]] += 1
        by_kind[answer["kind"]] += 1
        cost[answer["kind"]] += answer["seconds"]
        peak = max(peak, answer["peak_mb"])
        slowest = sorted(
            [*slowest, (answer["seconds"], order.number, answer["made"])], reverse=True
        )[:8]
        if answer["outcome"] == "refused":
            codes[answer["detail"]] += 1
        found = list(answer["faults"])
        if answer["outcome"] == "crash":
            found.insert(0, f"crash {answer['detail']}")
        for fault in found:
            kind = fault.split(" ")[0]
            if kind != "crash":
                counts[f"fault {kind}"] += 1
            if fault not in faults:
                print(json.dumps({"number": order.number, "made": answer["made"], "fault": fault}, ensure_ascii=False),
                      file=sys.stderr, flush=True)  # fmt: skip
            faults.setdefault(fault, []).append(order.number)
        if done % 1000 == 0:
            print(
                f"{done} {time.monotonic() - began:.0f} s {dict(counts)}",
                file=sys.stderr,
                flush=True,
            )
    if listener.calls > 0:
        counts["fault request"] += listener.calls
    print(json.dumps({
        "cases": done, "seed": arguments.seed, "first": arguments.start, "outcomes": dict(sorted(counts.items())),
        "refused": dict(codes.most_common()), "kinds": dict(by_kind.most_common()),
        "faults": {fault: numbers[:5] for fault, numbers in faults.items()},
        "milliseconds": {kind: round(1000 * cost[kind] / by_kind[kind]) for kind in by_kind},
        "slowest": slowest, "peak_mb": peak, "seconds": round(time.monotonic() - began),
        "limits": [limits.seconds, arguments.memory],
    }, ensure_ascii=False))  # fmt: skip
    return 1 if faults or listener.calls > 0 else 0


def again(arguments: argparse.Namespace, kinds: tuple[str, ...]) -> int:
    """One file again, kept in a folder, in this process, with the whole trace."""
    case = make_case(arguments.seed, arguments.case, kinds)
    data = case.data
    folder = Path(tempfile.mkdtemp(prefix="fuzz-case-"))
    (folder / case.name).write_bytes(data)
    print(f"{folder / case.name}: {case.kind} {case.made}, {len(data)} bytes", flush=True)
    if arguments.minimise:
        data = minimise(data, case.name)
        (folder / f"min-{case.name}").write_bytes(data)
        print(f"least: {len(data)} bytes, {data[:400]!r}")
    from nlp.pipeline.single import read_report

    began = time.process_time()
    try:
        report = read_report(folder / case.name, ocr=arguments.ocr).report
        print(f"read: {len(report.text)} characters")
    finally:
        print(f"{time.process_time() - began:.2f} s")
    return 0


def minimise(data: bytes, name: str) -> bytes:
    """Take out block after block while the crash stays the same."""
    wanted = _sign(data, name)
    size = len(data) // 2
    until = time.monotonic() + 120
    while size and time.monotonic() < until:
        at = 0
        while at < len(data) and time.monotonic() < until:
            less = data[:at] + data[at + size :]
            if _sign(less, name) == wanted:
                data = less
            else:
                at += size
        size //= 2
    return data


def _sign(data: bytes, name: str) -> tuple[str, str]:
    answer = try_bytes(data, name)
    return answer["outcome"], answer["detail"].split(":")[0]


def build_folder(arguments: argparse.Namespace, kinds: tuple[str, ...]) -> int:
    """Hostile files among good ones through ``nlp.build``: it ends, the good ones are the same."""
    import nlp

    reports = ROOT / "corpus" / "reports"
    good = [p for p in sorted(reports.iterdir()) if p.suffix in (".txt", ".html", ".docx")][:12]
    with tempfile.TemporaryDirectory(prefix="fuzz-") as made:
        folder = Path(made) / "in"
        alone = Path(made) / "alone"
        for place in (folder, alone):
            place.mkdir()
            for path in good:
                (place / f"good-{path.name}").write_bytes(path.read_bytes())
        kept = 0
        for number in range(arguments.start, arguments.start + arguments.folder):
            case = make_case(arguments.seed, number, kinds)
            suffix = Path(case.name).suffix or ".txt"
            (folder / f"bad-{number:05}{suffix}").write_bytes(case.data)
            kept += 1
        before = nlp.build(alone, jobs=2)
        began = time.monotonic()
        after = nlp.build(folder, Path(made) / "out", jobs=2, csv=True)
        took = time.monotonic() - began
        cells = []
        for result in (before, after):
            names = result.frames["reports"].set_index("report_id")["file"]
            frame = result.frames["cells"]
            frame = frame.assign(file=frame["report_id"].map(names))
            frame = frame[frame["file"].str.startswith("good-")].sort_values(["file", "key"])
            cells.append(frame.drop(columns="report_id").to_csv(index=False))
        skipped = after.frames["skipped"]
        listed = {*after.frames["reports"]["file"], *skipped["file"]}
        files = {p.name for p in folder.iterdir()}
        faults = [r for r in skipped["reason"] if "请报告这个问题" in r]
        outside = sorted(
            p.name for p in Path(made).iterdir() if p.name not in ("in", "out", "alone")
        )
        answer: dict[str, Any] = {
            "files": len(files), "hostile": kept, "good": len(good), "good_identical": cells[0] == cells[1],
            "good_cells": cells[0].count("\n") - 1, "lost": sorted(files - listed),
            "read": len(after.frames["reports"]), "skipped": dict(Counter(skipped["code"])),
            "without_reason": int((skipped["reason"].str.len() < 10).sum()), "own_faults": faults,
            "written_outside": outside, "seconds": round(took),
        }  # fmt: skip
    print(json.dumps(answer, ensure_ascii=False))
    bad = faults or answer["lost"] or outside or answer["without_reason"]
    return 1 if bad or not answer["good_identical"] else 0


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("cases", type=int, nargs="?", default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=int, default=0, help="number of the first case")
    parser.add_argument("--kinds", default="", help=f"of {', '.join([*SHARES, *ON_REQUEST])}")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=FILE_TIMEOUT)
    parser.add_argument("--memory", type=int, default=FILE_MEMORY // 2**20, help="MB")
    parser.add_argument("--office", action="store_true", help="let LibreOffice convert old files")
    parser.add_argument("--ocr", action="store_true", help="recognise scans and pictures")
    parser.add_argument("--case", type=int)
    parser.add_argument("--minimise", action="store_true")
    parser.add_argument("--folder", type=int, default=0)
    arguments = parser.parse_args()
    kinds = tuple(filter(None, arguments.kinds.split(",")))
    if arguments.case is not None:
        return again(arguments, kinds)
    if arguments.folder:
        return build_folder(arguments, kinds)
    return run(arguments, kinds)


if __name__ == "__main__":
    raise SystemExit(main())
