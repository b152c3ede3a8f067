"""Pictures of tables: the right part of the right page, however the page is turned or cut."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import RectangleObject
from reportlab.pdfgen.canvas import Canvas

from nlp.documents import Grid, make_frame
from nlp.read import read
from nlp.render.pictures import SCALE, Clip, cut_pictures, plan_clips

WIDTH, HEIGHT = 595, 842


def draw_table(path: Path) -> Path:
    """A page with a ruled table whose one cell "77" can be told by its black ground below."""
    canvas = Canvas(str(path), pagesize=(WIDTH, HEIGHT), invariant=1)
    canvas.setFont("Helvetica", 11)
    for row in range(4):
        for column in range(4):
            x, y = 100 + 90 * column, 600 - 30 * row
            canvas.rect(x, y, 90, 30)
            text = "77" if (row, column) == (2, 3) else f"{row}{column}"
            canvas.drawString(x + 30, y + 10, text)
    canvas.showPage()
    canvas.save()
    return path


def turn(source: Path, target: Path, rotate: int, crop: tuple[int, int, int, int] | None) -> Path:
    writer = PdfWriter()
    page = PdfReader(source).pages[0]
    if crop:
        page.cropbox = RectangleObject(crop)
    if rotate:
        page.rotate(rotate)
    writer.add_page(page)
    writer.write(target)
    return target


@pytest.mark.parametrize(
    ("rotate", "crop"),
    [
        (0, None),  # as most files are
        (90, None),  # a page laid on its side
        (180, None),
        (270, None),
        (0, (50, 100, 545, 742)),  # margins cut off by the crop box
        (90, (50, 100, 545, 742)),
    ],
)
def test_the_frame_of_a_cell_lies_on_its_figures(
    tmp_path: Path, rotate: int, crop: tuple[int, int, int, int] | None
) -> None:
    """The reader's box, drawn into the picture, holds the cell's ink and no ruling line."""
    path = turn(draw_table(tmp_path / "a.pdf"), tmp_path / "b.pdf", rotate, crop)
    cells = [
        cell
        for page in read(path).pages
        for block in page.blocks
        if isinstance(block, Grid)
        for cell in block.cells
        if cell.box and cell.text.strip() == "77"
    ]
    assert cells, "the reader finds the table however the page is turned"
    x0, top, x1, bottom = cells[0].box or (0.0, 0.0, 0.0, 0.0)
    (picture,) = cut_pictures([Clip("r", path, 1, top - 120, bottom + 60)])
    image = Image.open(io.BytesIO(picture.png)).convert("L")
    left, above = picture.box[:2]
    inner = (x0 - left + 4, top - above + 4, x1 - left - 4, bottom - above - 4)
    inside = image.crop(tuple(round(v * SCALE) for v in inner))  # type: ignore[arg-type]
    dark = inside.point(lambda v: 255 if v < 128 else 0).getbbox()
    assert dark is not None, "no figures where the box says they are"
    # The figures stand clear of the box's edges: the frame is not beside its cell.
    assert dark[0] > 2 and dark[1] > 1
    assert dark[2] < inside.width - 2 and dark[3] < inside.height - 1


def make_frames(files: list[str], pages: int) -> dict[str, pd.DataFrame]:
    reports, cells, checks = [], [], []
    for number, file in enumerate(files):
        report = f"{number:012x}"
        reports.append(
            {"report_id": report, "file": file, "sha256": "0", "file_kind": "pdf", "reader": "x"}
        )
        for page in range(1, pages + 1):
            cells.append(
                {
                    "report_id": report, "key": f"3|{page}|总计", "section": "三",
                    "row": str(page), "column": "总计", "state": "number", "page": page,
                    "x0": 100.0, "top": 200.0, "x1": 140.0, "bottom": 220.0,
                }
            )  # fmt: skip
    checks.append(
        {
            "report_id": f"{len(files) - 1:012x}", "check_id": "c", "name": "n",
            "result": "fail", "page": pages,
        }
    )  # fmt: skip
    rows = {"reports": reports, "cells": cells, "checks": checks}
    return {name: make_frame(name, values) for name, values in rows.items()}


def test_pages_that_do_not_add_up_come_first(tmp_path: Path) -> None:
    frames = make_frames(["a.pdf", "b.pdf", "c.pdf"], 3)
    sources = {name: tmp_path / name for name in ("a.pdf", "b.pdf", "c.pdf")}
    clips, left = plan_clips(frames, sources, most=2)
    assert left == 7
    assert [(c.file.name, c.page) for c in clips] == [("a.pdf", 1), ("c.pdf", 3)]
    clips, left = plan_clips(frames, sources)
    assert (len(clips), left) == (9, 0)
    # A report whose file is not at hand has no pictures.
    clips, left = plan_clips(frames, {"b.pdf": tmp_path / "b.pdf"})
    assert {c.file.name for c in clips} == {"b.pdf"}


def test_what_cannot_be_drawn_is_passed_over(tmp_path: Path) -> None:
    good = draw_table(tmp_path / "good.pdf")
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(b"%PDF-1.7 nothing follows")
    clips = [
        Clip("a", bad, 1, 10, 20),
        Clip("b", tmp_path / "gone.pdf", 1, 10, 20),
        Clip("c", good, 7, 10, 20),  # the file has one page
        Clip("d", good, 1, 200, 240),
    ]
    assert [picture.report for picture in cut_pictures(clips)] == ["d"]


def test_pictures_are_small_and_the_same_every_time(tmp_path: Path) -> None:
    path = draw_table(tmp_path / "a.pdf")
    (first,) = cut_pictures([Clip("r", path, 1, 100, 700)])
    (again,) = cut_pictures([Clip("r", path, 1, 100, 700)])
    assert first.png == again.png
    assert len(first.png) < 40_000
    assert first.name == "r-1"
