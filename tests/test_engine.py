"""A file that hangs, dies or fails costs that file, never the batch."""

from __future__ import annotations

import os
import time

import pytest

from nlp.engine import FileTimeoutError, WorkerLostError, run_many


def work(item: str) -> str:
    """What the items ask for: sleep, die, raise, or an answer."""
    if item == "sleep":
        time.sleep(60)
    if item == "die":
        os._exit(9)
    if item == "raise":
        raise ValueError("坏文件")
    return item.upper()


def test_one_process_keeps_order_and_gives_errors_as_results() -> None:
    outcomes = list(run_many(work, ["a", "raise", "b"]))
    assert [item for item, _ in outcomes] == ["a", "raise", "b"]
    assert outcomes[0][1] == "A" and outcomes[2][1] == "B"
    assert isinstance(outcomes[1][1], ValueError)


@pytest.mark.skipif(os.name == "nt", reason="os._exit is reported otherwise on Windows")
def test_many_processes_survive_hanging_and_dying_files() -> None:
    items = ["a", "sleep", "b", "die", "c", "raise", "d"]
    outcomes = dict(run_many(work, items, jobs=2, timeout=4))
    assert list(outcomes) == items
    assert [outcomes[i] for i in "abcd"] == ["A", "B", "C", "D"]
    assert isinstance(outcomes["sleep"], FileTimeoutError)
    assert isinstance(outcomes["die"], WorkerLostError)
    assert isinstance(outcomes["raise"], ValueError)
