"""An item that hangs, dies, fails or eats memory costs that item, never the batch."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from nlp.engine import FileMemoryError, FileTimeoutError, Limits, WorkerLostError, run_many


def work(item: str) -> str:
    """What the items ask for: sleep, die, raise, eat memory, or an answer."""
    if item == "sleep":
        time.sleep(60)
    if item == "die":
        os._exit(9)
    if item == "raise":
        raise ValueError("坏文件")
    if item == "eat":
        eaten = [bytearray(50 * 2**20) for _ in range(60)]
        return str(len(eaten))
    return item.upper()


def test_one_process_keeps_order_and_gives_errors_as_results() -> None:
    outcomes = list(run_many(work, ["a", "raise", "b"]))
    assert [item for item, _ in outcomes] == ["a", "raise", "b"]
    assert outcomes[0][1] == "A" and outcomes[2][1] == "B"
    assert isinstance(outcomes[1][1], ValueError)


@pytest.mark.skipif(os.name == "nt", reason="os._exit is reported otherwise on Windows")
def test_many_processes_survive_hanging_dying_and_greedy_items() -> None:
    items = ["a", "sleep", "b", "die", "c", "raise", "eat", "d"]
    limits = Limits(seconds=5, memory=500 * 2**20)
    outcomes = dict(run_many(work, items, jobs=2, limits=limits))
    assert sorted(outcomes) == sorted(items)
    assert [outcomes[i] for i in "abcd"] == ["A", "B", "C", "D"]
    assert isinstance(outcomes["sleep"], FileTimeoutError) and "5 秒" in str(outcomes["sleep"])
    assert isinstance(outcomes["die"], WorkerLostError)
    assert isinstance(outcomes["raise"], ValueError)
    assert isinstance(outcomes["eat"], FileMemoryError) and "500 MB" in str(outcomes["eat"])


def test_a_process_watches_its_own_memory_where_the_kernel_does_not() -> None:
    code = """
from nlp.engine.limits import MEMORY_EXIT, watch_memory
import time
with watch_memory(200 * 2**20):
    eaten = [bytearray(b"x" * (50 * 2**20)) for _ in range(8)]
    time.sleep(20)
"""
    started = time.monotonic()
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 77
    assert time.monotonic() - started < 15


def test_items_are_taken_as_they_are_needed_and_a_stop_ends_the_processes() -> None:
    taken: list[str] = []

    def make() -> Iterator[str]:
        for number in range(1000):
            taken.append(str(number))
            yield str(number)

    outcomes = run_many(work, make(), jobs=2)
    assert next(outcomes)[1] is not None
    outcomes.close()  # type: ignore[attr-defined]
    assert len(taken) < 20


def test_a_scheduler_that_is_not_there_is_named() -> None:
    pytest.importorskip("distributed")
    code = (
        "from nlp.engine import run_many, cluster\n"
        "cluster._PATIENCE = 2\n"
        "list(run_many(len, ['a'], scheduler='tcp://127.0.0.1:9'))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=90)
    assert "ConnectionError: 连不上 Dask 调度器 tcp://127.0.0.1:9" in found.stderr


def test_without_the_extra_the_message_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ModuleNotFoundError, match=r"nianbao\[cluster\]"):
        list(run_many(len, ["a"], scheduler="tcp://127.0.0.1:9"))


def test_a_script_without_guard_is_told_what_is_missing(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "from nlp.engine import refuse_unguarded, run_many\n"
        "refuse_unguarded()\n"
        "print(len(list(run_many(len, ['一'] * 40, jobs=2))))\n",
        encoding="utf-8",
    )
    run = [sys.executable, str(script)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1])}
    ended = subprocess.run(run, capture_output=True, encoding="utf-8", timeout=300, env=environment)
    assert ended.returncode == 1
    assert 'if __name__ == "__main__":' in ended.stderr
    assert "UnguardedScriptError" in ended.stderr.splitlines()[-1]
    script.write_text(
        "from nlp.engine import refuse_unguarded, run_many\n"
        "if __name__ == '__main__':\n"
        "    refuse_unguarded()\n"
        "    print(len(list(run_many(len, ['一'] * 40, jobs=2))))\n",
        encoding="utf-8",
    )
    ended = subprocess.run(run, capture_output=True, encoding="utf-8", timeout=300, env=environment)
    assert ended.stdout.strip() == "40", ended.stderr
