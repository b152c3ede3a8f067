"""A build that is broken off, doubled, or out of room loses nothing and ends the same."""

from __future__ import annotations

import hashlib
import inspect
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import nlp
from nlp.engine import run_many
from nlp.library import DiskFullError, LibraryBusyError, RecordStore, open_workspace
from nlp.pipeline import publishing, reading
from nlp.pipeline.versions import reading_key

REPORTS = Path(__file__).parent.parent / "corpus" / "reports"
TEXTS = sorted(p for p in REPORTS.iterdir() if p.suffix in (".txt", ".html"))[:6]


def write(frames: Any, manifest: Any, path: Path, **options: Any) -> None:
    """Stand in for page and workbook, which have tests of their own and take their time."""
    notes = options.get("notes")
    path.write_text(repr([manifest["counts"], notes]), encoding="utf-8")


BUILD = f"""
import sys, nlp
from pathlib import Path
from typing import Any
from nlp.pipeline import publishing
{inspect.getsource(write)}
publishing.write_page = publishing.write_workbook = write
nlp.build(sys.argv[1], sys.argv[2])
"""
posix = pytest.mark.skipif(os.name == "nt", reason="signals and limits as POSIX has them")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    for path in TEXTS:
        shutil.copy(path, tmp_path / "in")
    (tmp_path / "in" / "空.pdf").write_bytes(b"")
    return tmp_path / "in"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "write_page", write)
    monkeypatch.setattr(publishing, "write_workbook", write)


def read_all(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def read_names(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read while a test runs."""
    names: list[str] = []
    original = reading.read_file

    def spy(task: reading.Task) -> object:
        names.append(task.name)
        return original(task)

    monkeypatch.setattr(reading, "read_file", spy)
    return names


def test_only_what_is_new_or_changed_is_read(
    folder: Path, tmp_path: Path, read_names: list[str]
) -> None:
    out = tmp_path / "out"
    first = nlp.build(folder, out)
    assert sorted(read_names) == sorted(p.name for p in folder.iterdir())
    before = read_all(out)
    read_names.clear()
    again = nlp.build(folder, out)
    assert read_names == []
    assert (again.changes.read, again.changes.known) == (0, 7)
    assert read_all(out) == before
    # a file that is new, one that changed, one under another name, and one that is gone
    (folder / "新.txt").write_bytes(TEXTS[0].read_bytes() + b"\n")
    (folder / TEXTS[1].name).write_bytes(TEXTS[1].read_bytes() + b" ")
    (folder / TEXTS[2].name).rename(folder / "改名.txt")
    (folder / TEXTS[3].name).unlink()
    changed = nlp.build(folder, out)
    assert sorted(read_names) == sorted(["新.txt", TEXTS[1].name])
    assert changed.changes.removed == tuple(sorted([TEXTS[2].name, TEXTS[3].name]))
    assert "改名.txt" in set(changed.frames["reports"]["file"])
    assert len(changed.frames["reports"]) == len(first.frames["reports"])
    # the same folder built at once gives the same, but for what was there before
    fresh = nlp.build(folder, tmp_path / "fresh")
    assert changed.manifest == {**fresh.manifest, "removed": changed.manifest["removed"]}
    for name, frame in fresh.frames.items():
        assert frame.equals(changed.frames[name]), name


def test_a_file_that_is_removed_stays_named_until_it_is_back(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    nlp.build(folder, out)
    gone = (folder / TEXTS[0].name).read_bytes()
    (folder / TEXTS[0].name).unlink()
    for _ in range(2):
        assert nlp.build(folder, out).manifest["removed"] == [TEXTS[0].name]
    (folder / TEXTS[0].name).write_bytes(gone)
    assert nlp.build(folder, out).manifest["removed"] == []


def test_another_version_of_the_reader_reads_all_again(
    folder: Path, tmp_path: Path, read_names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    nlp.build(folder, out)
    read_names.clear()
    for module in ("nlp.pipeline.batch", "nlp.pipeline.reading"):
        monkeypatch.setattr(f"{module}.reading_key", lambda: "0" * 16)
    nlp.build(folder, out)
    assert len(read_names) == 7
    assert [p.name for p in (out / "library" / "records").iterdir()] == ["0" * 16]


def test_a_skipped_file_is_tried_again_when_the_machine_can_read_more(
    folder: Path, tmp_path: Path, read_names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    nlp.build(folder, tmp_path / "out")
    read_names.clear()
    monkeypatch.setattr(reading, "describe_abilities", lambda *, ocr: "a new reader")
    nlp.build(folder, tmp_path / "out")
    assert read_names == ["空.pdf"]


@pytest.mark.parametrize(
    ("head", "ocr", "holds"),
    [
        ({"outcome": "report"}, False, True),
        ({"outcome": "report"}, True, True),
        ({"outcome": "report", "ocr": True}, True, True),
        # A scan that an earlier run recognised is no report for a run that does not ask for it.
        ({"outcome": "report", "ocr": True}, False, False),
    ],
)
def test_recognised_scans_are_taken_up_on_request_only(
    head: dict[str, object], ocr: bool, holds: bool
) -> None:
    assert reading._still_holds(head, ocr) is holds


def test_a_file_skipped_without_recognition_is_tried_with_it() -> None:
    head = {"outcome": "skip", "abilities": reading.describe_abilities(ocr=False)}
    assert reading._still_holds(head, False)
    assert not reading._still_holds(head, True)


def test_what_is_read_does_not_depend_on_the_name(tmp_path: Path) -> None:
    for path in TEXTS:
        data = path.read_bytes()
        one, two = (
            reading.read_file(reading.Task(_digest(data), tmp_path / name, name, data))
            for name in ("甲.txt", "2019年某省.pdf")
        )
        assert one.to_bytes() == two.to_bytes()
        whole = reading.unpack_record(one, path.name)
        assert whole == nlp.read_report(path)


def test_a_file_that_changes_while_it_is_read_is_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "甲.txt"
    path.write_bytes(b"x")
    with pytest.raises(reading.FileChangedError, match="改动"):
        reading.read_file(reading.Task("0" * 64, path, "甲.txt"))


def test_a_damaged_record_is_read_again(
    folder: Path, tmp_path: Path, read_names: list[str]
) -> None:
    out = tmp_path / "out"
    nlp.build(folder, out)
    before = read_all(out)
    read_names.clear()
    cut, spoilt = (
        RecordStore(out / "library" / "records" / reading_key()).path_of(_digest(p.read_bytes()))
        for p in TEXTS[:2]
    )
    cut.write_bytes(cut.read_bytes()[:-1])  # seen at once, by its size
    spoilt.write_bytes(spoilt.read_bytes()[:-1] + b"?")  # seen when it is opened
    shutil.rmtree(out / "library" / "parts")
    nlp.build(folder, out)
    assert sorted(read_names) == sorted(p.name for p in TEXTS[:2])
    assert read_all(out) == before


@posix
def test_a_kill_at_any_moment_loses_and_doubles_nothing(folder: Path, tmp_path: Path) -> None:
    nlp.build(folder, tmp_path / "whole")
    whole = read_all(tmp_path / "whole")
    out = tmp_path / "out"
    rng = random.Random(5)
    started = time.monotonic()
    subprocess.run([sys.executable, "-c", BUILD, str(folder), str(tmp_path / "timed")], check=True)
    usual = time.monotonic() - started
    killed = 0
    for _ in range(4):  # tests/benchmarks/scale does it fifty times
        process = subprocess.Popen([sys.executable, "-c", BUILD, str(folder), str(out)])
        time.sleep(usual * rng.uniform(0.3, 1.0))
        process.kill()
        killed += process.wait() == -signal.SIGKILL
        if (out / "manifest.json").exists():
            assert len(nlp.load_result(out)[0]["reports"]) == len(TEXTS)
    assert killed
    nlp.build(folder, out)
    assert read_all(out) == whole


@posix
def test_a_kill_while_publishing_is_finished_by_whoever_comes_next(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    nlp.build(folder, out)
    for path in TEXTS[3:]:
        (folder / path.name).unlink()
    nlp.build(folder, tmp_path / "new")
    expected = read_all(tmp_path / "new")
    moves = 0
    original = Path.replace

    class Killed(BaseException):
        pass

    def stop_after(limit: int) -> None:
        def replace(self: Path, target: Path) -> Path:
            nonlocal moves
            if self.parent.name == "staging":
                moves += 1
                if moves > limit:
                    raise Killed
            return original(self, target)

        monkeypatch.setattr(Path, "replace", replace)

    for limit in (0, 3, 12):
        monkeypatch.setattr(Path, "replace", original)
        shutil.rmtree(out)
        shutil.copytree(tmp_path / "new", out)
        moves = 0
        stop_after(limit)
        with pytest.raises(Killed):
            nlp.build(folder, out, csv=True)
        monkeypatch.setattr(Path, "replace", original)
        frames, manifest = nlp.load_result(out)  # finishes it
        assert len(frames["reports"]) == manifest["counts"]["reports"] == 3
        assert (out / "csv" / "reports.csv").exists()
        nlp.build(folder, out)
        assert read_all(out) == expected


def test_one_process_writes_at_a_time_and_a_lock_ends_with_its_process(
    folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom nlp.library import open_workspace\n"
        "with open_workspace(Path(sys.argv[1])):\n    print('open', flush=True)\n    time.sleep(60)"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(out)], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None and holder.stdout.readline() == "open\n"
    with pytest.raises(LibraryBusyError, match="另一个 nianbao 正在往"):
        nlp.build(folder, out)
    holder.kill()
    holder.wait()
    holder.stdout.close()
    assert len(nlp.build(folder, out).frames["reports"]) == len(TEXTS)


@posix
def test_a_full_disk_is_said_and_the_earlier_result_is_intact(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    nlp.build(folder, out)
    before = {k: v for k, v in read_all(out).items() if not k.startswith("library/")}
    (folder / "新.txt").write_bytes(TEXTS[0].read_bytes() + b"\n")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    # room for records and parts, none for the page
    monkeypatch.setattr(
        publishing, "write_page", lambda *args, **options: args[2].write_bytes(bytes(4 * 2**20))
    )
    resource.setrlimit(resource.RLIMIT_FSIZE, (2 * 2**20, hard))
    try:
        with pytest.raises(DiskFullError, match=r"磁盘空间不足.*先前的结果没有改动"):
            nlp.build(folder, out)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    after = {k: v for k, v in read_all(out).items() if not k.startswith("library/")}
    assert after == before
    monkeypatch.setattr(publishing, "write_page", write)
    assert nlp.build(folder, out).changes.read == 0  # what was read is kept


def test_a_large_result_says_what_page_and_workbook_leave_out(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = nlp.build(folder, tmp_path / "small")
    monkeypatch.setattr(publishing, "SMALL", 4)
    monkeypatch.setattr(publishing, "SAMPLE", 2)
    monkeypatch.setattr(publishing, "SHEET_ROWS", 100)
    out = tmp_path / "out"
    large = nlp.build(folder, out, csv=True)
    assert (out / "cells.parquet").is_dir()
    for name, frame in small.frames.items():
        columns = list(frame.columns)
        other = large.frames[name]
        assert sorted(map(str, other[columns].to_numpy().tolist())) == sorted(
            map(str, frame.to_numpy().tolist())
        )
    page, sheets = large.manifest["left_out"]
    assert "超过网页能放的" in page and "单元格" in sheets
    assert page in (out / "index.html").read_text(encoding="utf-8")
    assert json.loads((out / "manifest.json").read_text(encoding="utf-8")) == large.manifest
    assert large.totals == small.totals
    assert len(list((out / "csv").glob("part-*/cells.csv"))) >= 1
    # small again, into the same folder: files where folders were
    monkeypatch.undo()
    monkeypatch.setattr(publishing, "write_page", write)
    monkeypatch.setattr(publishing, "write_workbook", write)
    nlp.build(folder, out)
    assert (out / "cells.parquet").is_file() and not (out / "csv").exists()
    assert read_all(out) == read_all(tmp_path / "small")


def test_the_result_is_not_read_as_input(folder: Path, tmp_path: Path) -> None:
    nlp.build(folder, folder / "结果")
    assert len(nlp.build(folder, folder / "结果").frames["skipped"]) == 1


def test_names_that_are_not_ours_stay_beside_the_result(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    nlp.build(folder, out, csv=True)
    (out / "我的笔记.txt").write_text("x")
    nlp.build(folder, out)
    assert (out / "我的笔记.txt").exists() and not (out / "csv").exists()


def test_nothing_is_left_of_a_workspace_that_was_not_published(tmp_path: Path) -> None:
    with open_workspace(tmp_path / "out") as workspace:
        (workspace.begin() / "half").write_text("half")
    with open_workspace(tmp_path / "out") as workspace:
        assert list(workspace.begin().iterdir()) == []
    assert run_many(len, []) is not None


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
