"""The same bytes from one process and from a real cluster of which a worker is killed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("distributed")
REPORTS = Path(__file__).parent.parent / "corpus" / "reports"
TEXTS = sorted(p for p in REPORTS.iterdir() if p.suffix in (".txt", ".html"))[:8]
ROOT = Path(__file__).parent.parent
CODE = """
import json, os, signal, sys, threading
from pathlib import Path
sys.path.insert(0, sys.argv[4])
import nlp
from nlp.pipeline import publishing

def write(frames, manifest, path, **options):
    path.write_text(json.dumps(manifest["counts"]), encoding="utf-8")

def main():
    from distributed import LocalCluster
    publishing.write_page = publishing.write_workbook = write
    folder, one, four = sys.argv[1:4]
    nlp.build(folder, one)
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True,
                      dashboard_address=None) as cluster:
        victim = next(iter(cluster.workers.values())).pid
        done = []
        def kill_one(step):
            # as soon as the first file is read; the nanny starts another worker
            if step.stage == "读取" and step.done and not done:
                done.append(step.done)
                os.kill(victim, signal.SIGKILL)
        nlp.build(folder, four, scheduler=cluster.scheduler_address, progress=kill_one)
    print(json.dumps(done))

if __name__ == "__main__":
    main()
"""


@pytest.mark.skipif(os.name == "nt", reason="signals as POSIX has them")
def test_a_cluster_that_loses_a_worker_gives_the_bytes_of_one_process(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for path in TEXTS:
        shutil.copy(path, tmp_path / "in")
    script = tmp_path / "script.py"
    script.write_text(CODE, encoding="utf-8")
    names = [str(tmp_path / name) for name in ("in", "one", "two")]
    run = subprocess.run(
        [sys.executable, str(script), *names, str(ROOT)],
        stdout=subprocess.PIPE,
        text=True,
        timeout=400,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert run.returncode == 0
    assert json.loads(run.stdout.strip().splitlines()[-1])  # a worker was killed midway
    files = [p.relative_to(tmp_path / "one") for p in (tmp_path / "one").rglob("*") if p.is_file()]
    assert len(files) > 20
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()
