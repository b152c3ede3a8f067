"""A result is written whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from nlp.documents import FRAMES, make_frame
from nlp.library import load_result, write_result


def frames() -> dict[str, pd.DataFrame]:
    rows = [{"file": "甲.pdf", "code": "empty", "reason": "空文件", "sha256": "00"}]
    return {name: make_frame(name, rows if name == "skipped" else []) for name in FRAMES}


def test_frames_and_manifest_come_back_as_written(tmp_path: Path) -> None:
    write_result(frames(), {"version": "1"}, tmp_path / "out")
    loaded, manifest = load_result(tmp_path / "out")
    assert manifest == {"version": "1"}
    for name, frame in frames().items():
        pd.testing.assert_frame_equal(loaded[name], frame)


def test_the_same_frames_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_result(frames(), {"version": "1"}, tmp_path / name)
    files = sorted(path for path in (tmp_path / "a").rglob("*") if path.is_file())
    assert len(files) > len(FRAMES)
    for file in files:
        assert file.read_bytes() == (tmp_path / "b" / file.relative_to(tmp_path / "a")).read_bytes()


def test_a_failure_leaves_the_earlier_result_and_no_rubbish(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_result(frames(), {"version": "1"}, out)

    def break_off(folder: Path) -> None:
        (folder / "half").write_text("half")
        raise OSError("No space left on device")

    with pytest.raises(OSError, match="No space left"):
        write_result(frames(), {"version": "2"}, out, extras=break_off)
    assert load_result(out)[1] == {"version": "1"}
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_new_result_replaces_the_earlier_one(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_result(frames(), {"version": "1"}, out, extras=lambda f: (f / "old.txt").touch() or None)
    write_result(frames(), {"version": "2"}, out)
    assert load_result(out)[1] == {"version": "2"}
    assert not (out / "old.txt").exists()
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_folder_with_other_things_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "论文.docx").write_text("x")
    with pytest.raises(FileExistsError, match="请另选文件夹"):
        write_result(frames(), {}, tmp_path)
    assert (tmp_path / "论文.docx").read_text() == "x"


def test_a_folder_without_a_result_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"manifest\.json"):
        load_result(tmp_path)


def test_a_result_of_another_version_says_what_to_do(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_result({"skipped": make_frame("skipped", ())}, {"version": "1"}, out)
    path = out / "skipped.parquet"
    pd.read_parquet(path).drop(columns="reason").assign(why="").to_parquet(path)
    frames, _ = load_result(out)
    with pytest.raises(ValueError, match=r"skipped\.parquet.*少了 reason，多了 why.*nianbao build"):
        frames["skipped"]
