"""Measure building at scale, and hold what must be equal: every run prints one line of JSON.

    python tests/benchmarks/scale/run.py build 1000 10000   # reports/s, peak memory, 100 more
    python tests/benchmarks/scale/run.py kill 50            # broken off at random moments
    python tests/benchmarks/scale/run.py full               # a disk with too little room
    python tests/benchmarks/scale/run.py cluster 300        # one process, two, four workers
    python tests/benchmarks/scale/run.py all                # all of these

Results are added to ``measured.jsonl``.  CPU seconds are those of the parent and of all its
processes, which other work on the machine changes less than the time on the clock.  Peak memory
is the most that a process had resident (of the parent, and of the largest of its children),
sampled ten times a second.  Everything is written below ``--folder`` (default: a temporary
folder).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

import psutil
from generate import make_reports

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
# A build in a process of its own: what it says of itself is the last line.
BUILD = """
import json, resource, sys, time, nlp
marks = {}
def tell(step):
    # A stage lasts until the next one begins; the last one until the end.
    marks.setdefault(step.stage, time.perf_counter())
options = json.loads(sys.argv[3])
start = time.perf_counter()
try:
    result = nlp.build(sys.argv[1], sys.argv[2], progress=tell, **options)
except OSError as error:
    print(json.dumps({"error": type(error).__name__, "message": str(error)}))
    sys.exit(1)
ends = [*list(marks.values())[1:], time.perf_counter()]
used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print(json.dumps({
    "cpu_seconds": [round(one.ru_utime + one.ru_stime, 1) for one in used],
    "seconds": time.perf_counter() - start,
    "stages": {stage: ends[n] - begin for n, (stage, begin) in enumerate(marks.items())},
    "reports": result.manifest["counts"]["reports"],
    "read": result.changes.read,
    "known": result.changes.known,
}))
"""


def start_build(folder: Path, out: Path, **options: Any) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", BUILD, str(folder), str(out), json.dumps(options)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=environment, start_new_session=True
    )


def run_build(folder: Path, out: Path, **options: Any) -> dict[str, Any]:
    process = start_build(folder, out, **options)
    peaks = {"parent_mb": 0.0, "child_mb": 0.0}
    done = threading.Event()

    def watch() -> None:
        parent = psutil.Process(process.pid)
        while not done.wait(0.1):
            try:
                own = parent.memory_info().rss / 2**20
                peaks["parent_mb"] = max(peaks["parent_mb"], own)
                for child in parent.children(recursive=True):
                    size = child.memory_info().rss / 2**20
                    peaks["child_mb"] = max(peaks["child_mb"], size)
            except psutil.Error:
                continue

    watcher = threading.Thread(target=watch)
    watcher.start()
    output, _ = process.communicate()
    done.set()
    watcher.join()
    found: dict[str, Any] = json.loads(output.strip().splitlines()[-1])
    return {**found, **{name: round(size) for name, size in peaks.items()}}


def hash_all(folder: Path, *, library: bool = True) -> dict[str, str]:
    """Hash every file of a result; records and parts too, as they are to be the same."""
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and (library or path.relative_to(folder).parts[0] != "library")
    }


def measure_build(base: Path, count: int) -> dict[str, Any]:
    folder, out = base / f"in-{count}", base / f"out-{count}"
    make_reports(folder, count)
    first = run_build(folder, out, jobs=2)
    make_reports(folder, 100, first=count)
    second = run_build(folder, out, jobs=2)
    rate = first["reports"] / first["seconds"]
    return {
        "what": "build",
        "reports": first["reports"],
        "reports_per_second": round(rate, 2),
        "first": first,
        "second_run_read": second["read"],
        "second_run_known": second["known"],
        "second_run": second,
    }


def measure_kills(base: Path, kills: int, count: int) -> dict[str, Any]:
    """Kill a build at random moments of its usual time; go on each time, from the start anew
    once it has come to its end."""
    folder = base / "in-kill"
    make_reports(folder, count)
    whole = run_build(folder, base / "whole", jobs=2)
    expected = hash_all(base / "whole")
    rng = random.Random(1)
    done = resumed = equal = ends = 0
    out = base / "out-kill"
    while done < kills:
        process = start_build(folder, out, jobs=2)
        try:
            process.wait(timeout=whole["seconds"] * rng.uniform(0.05, 1.1))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            done += 1
            resumed += 1
            continue
        finally:
            if process.stdout is not None:
                process.stdout.close()
        ends += 1
        equal += hash_all(out) == expected
        shutil.rmtree(out)
    run_build(folder, out, jobs=2)
    ends += 1
    equal += hash_all(out) == expected
    return {
        "what": "kill", "files": count, "kills": done, "resumed": resumed,
        "finished": ends, "finished_equal": equal,
    }  # fmt: skip


def measure_full(base: Path, count: int) -> dict[str, Any]:
    """Let a file grow to so many bytes only, from too little for one record to enough."""
    folder, out = base / "in-full", base / "out-full"
    make_reports(folder, count)
    run_build(folder, out, jobs=1)
    before = hash_all(out, library=False)
    make_reports(folder, 5, first=count)
    outcomes = []
    for limit in (4_000, 60_000, 200_000, 700_000):
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
        try:
            found = run_build(folder, out, jobs=1)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        intact = hash_all(out, library=False) == before
        outcomes.append({"bytes": limit, "error": found.get("error"), "intact": intact})
    after = run_build(folder, out, jobs=1)
    fresh = base / "fresh-full"
    run_build(folder, fresh, jobs=1)
    return {
        "what": "full",
        "outcomes": outcomes,
        "then_done": after["reports"],
        "then_equal": hash_all(out) == hash_all(fresh),
    }


def measure_cluster(base: Path, count: int) -> dict[str, Any]:
    """Build in one process, in two, and on a cluster of four workers of which one is killed."""
    folder = base / "in-cluster"
    make_reports(folder, count)
    one = run_build(folder, base / "one", jobs=1)
    two = run_build(folder, base / "two", jobs=2)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    port = 20_000 + os.getpid() % 20_000
    address = f"tcp://127.0.0.1:{port}"
    dask = [sys.executable, "-m", "dask"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": environment}
    cluster = [
        subprocess.Popen(
            [*dask, "scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"],
            cwd=base, start_new_session=True, **quiet,
        )
    ]  # fmt: skip
    try:
        for number in range(4):
            command = [*dask, "worker", address, "--nthreads", "1", "--no-dashboard"]
            command += ["--local-directory", str(base / f"worker-{number}"), "--no-nanny"]
            cluster.append(subprocess.Popen(command, cwd=base, start_new_session=True, **quiet))
        _wait_for_workers(address, 4)
        records = base / "four" / "library" / "records"
        killed_at: list[int] = []

        def kill_one() -> None:
            while sum(1 for _ in records.rglob("*.rec")) < count // 3:
                time.sleep(0.1)
            killed_at.append(sum(1 for _ in records.rglob("*.rec")))
            os.kill(cluster[2].pid, signal.SIGKILL)

        threading.Thread(target=kill_one, daemon=True).start()
        four = run_build(folder, base / "four", scheduler=address)
    finally:
        for process in cluster:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in cluster:
            process.wait(timeout=60)
    expected = hash_all(base / "one")
    return {
        "what": "cluster",
        "reports": one["reports"],
        "seconds": {"one": one["seconds"], "two": two["seconds"], "four": four.get("seconds")},
        "error": four.get("error"),
        "worker_killed_after": killed_at,
        "two_equal": hash_all(base / "two") == expected,
        "four_equal": hash_all(base / "four") == expected,
    }


def _wait_for_workers(address: str, count: int) -> None:
    from distributed import Client

    with Client(address, timeout=120, set_as_default=False) as client:
        client.wait_for_workers(count, timeout=240)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("what", choices=("build", "kill", "full", "cluster", "all"))
    parser.add_argument("numbers", nargs="*", type=int)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--files", type=int, default=20, help="files of a build that is killed")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        base = given.folder or Path(made)
        base.mkdir(parents=True, exist_ok=True)
        every = given.what == "all"
        if every or given.what == "build":
            for count in (given.numbers if not every else []) or [1000, 10_000]:
                _keep(measure_build(base, count))
        if every or given.what == "kill":
            kills = given.numbers[0] if given.what == "kill" and given.numbers else 50
            _keep(measure_kills(base, kills, given.files))
        if every or given.what == "full":
            _keep(measure_full(base, 20))
        if every or given.what == "cluster":
            count = given.numbers[0] if given.what == "cluster" and given.numbers else 300
            _keep(measure_cluster(base, count))


def _keep(found: dict[str, Any]) -> None:
    found["load"] = round(os.getloadavg()[0], 1)
    line = json.dumps(found, ensure_ascii=False)
    with (HERE / "measured.jsonl").open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    print(line)


if __name__ == "__main__":
    main()
