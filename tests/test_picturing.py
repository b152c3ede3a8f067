"""Pictures are cut once, kept in the library, and the same whoever cuts them."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from nlp.pipeline import picturing
from nlp.pipeline.picturing import make_cutter
from nlp.render.pictures import Clip, cut_pictures


def draw(path: Path, pages: int) -> Path:
    canvas = Canvas(str(path), pagesize=(400, 300), invariant=1)
    for number in range(pages):
        canvas.drawString(100, 200, f"{path.stem} {number}")
        canvas.showPage()
    canvas.save()
    return path


def clip_all(path: Path, pages: int) -> list[Clip]:
    report = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    return [Clip(report, path, page, 80.0, 120.0) for page in range(1, pages + 1)]


@pytest.fixture
def clips(tmp_path: Path) -> list[Clip]:
    return [
        clip
        for name, pages in (("a", 2), ("b", 1), ("c", 3))
        for clip in clip_all(draw(tmp_path / f"{name}.pdf", pages), pages)
    ]


@pytest.fixture
def cut(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files from which pictures are cut while a test runs."""
    names: list[str] = []
    original = picturing.cut_records

    def spy(task: picturing._FileTask) -> object:
        names.append(task.file.name)
        return original(task)

    monkeypatch.setattr(picturing, "cut_records", spy)
    return names


def test_pictures_are_cut_once(tmp_path: Path, clips: list[Clip], cut: list[str]) -> None:
    folder = tmp_path / "kept"
    expected = list(cut_pictures(clips))
    assert len(expected) == 6
    assert list(make_cutter(folder, 1)(clips)) == expected
    assert cut == ["a.pdf", "b.pdf", "c.pdf"]
    cut.clear()
    assert list(make_cutter(folder, 1)(clips)) == expected
    assert cut == []
    # Another part of one page is another picture; those nobody asks for any more are dropped.
    moved = [*clips[:2], Clip(clips[2].report, clips[2].file, 1, 80.0, 130.0)]
    assert list(make_cutter(folder, 1)(moved)) == list(cut_pictures(moved))
    assert cut == ["b.pdf"]
    assert len(list(folder.rglob("*.rec"))) == 3


def test_a_damaged_picture_is_left_out_and_cut_again(
    tmp_path: Path, clips: list[Clip], cut: list[str]
) -> None:
    folder = tmp_path / "kept"
    expected = list(make_cutter(folder, 1)(clips))
    path = next(folder.rglob("*.rec"))
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    assert len(list(make_cutter(folder, 1)(clips))) == 5
    cut.clear()
    assert list(make_cutter(folder, 1)(clips)) == expected
    assert len(cut) == 1


def test_a_file_that_is_not_the_report_gives_no_picture(tmp_path: Path, clips: list[Clip]) -> None:
    draw(tmp_path / "a.pdf", 3)  # changed since it was read
    (tmp_path / "b.pdf").unlink()
    found = list(make_cutter(tmp_path / "kept", 1)(clips))
    assert {picture.report for picture in found} == {clips[-1].report}


def test_several_processes_cut_the_same(
    tmp_path: Path, clips: list[Clip], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picturing, "_FEW", 0)
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    broken = clip_all(tmp_path / "broken.pdf", 1)
    found = list(make_cutter(tmp_path / "kept", 2)([*clips, *broken]))
    assert found == list(cut_pictures(clips))
