"""The tables of a PDF as pictures: what the reader of the page sees where a cell came from.

One picture is the part of one page that holds a report's cells, over its whole width, so
that the labels of rows and columns are in it.  The page marks the cell by its box.
"""

from __future__ import annotations

import ctypes
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pandas as pd
import pypdfium2 as pdfium
from PIL import Image, ImageChops

from nlp.render.rows import iterate_rows

# A result of up to so many reports holds its pictures, and is one file that can be mailed;
# those of a larger one stand in a folder beside the page, which asks for one when it is
# looked at: three thousand reports would make a page of two hundred megabytes.
EMBEDDED = 60
# At most so many pictures are cut out (at some 30 kB and 0.1 s each), those first whose
# cells are in doubt or do not add up.
MOST = 2_000
# Pixels a point: 9-point figures are then 15 pixels high, and a page is 1,000 wide.
SCALE = 1.7
_MARGIN = 8.0  # points left around the cells
_ABOVE = 60.0  # points above the first cell, where the labels of the columns stand
_LARGEST = 3_000.0  # points; a page that is larger is a drawing, not a report
_RUNS = 3  # zlib's strategy for runs of one byte
_GREYS = 16  # shades kept: enough for smooth letters, and half the bytes


@dataclass(frozen=True, slots=True)
class Clip:
    """A part of a page that is to be cut out: report, file, page and box in points."""

    report: str
    file: Path
    page: int
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in PNG, and the box of the page that it shows, in points."""

    report: str
    page: int
    box: tuple[float, float, float, float]
    width: int
    height: int
    png: bytes

    @property
    def name(self) -> str:
        """The name of the picture: report and page."""
        return f"{self.report}-{self.page}"


def plan_clips(
    frames: Mapping[str, pd.DataFrame], sources: Mapping[str, Path], *, most: int = MOST
) -> tuple[list[Clip], int]:
    """Choose what is cut out, and count what is left out.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        ``reports``, ``cells`` and ``checks``.
    sources : mapping of str to Path
        Where the file of each report is, by ``reports.file``.
    most : int
        Pages that are cut out at most.

    Returns
    -------
    list of Clip
        In the order of reports and pages.
    int
        How many pages of tables are left out beyond ``most``.
    """
    files = {
        report: sources[file]
        for report, file, kind in iterate_rows(
            frames["reports"], ["report_id", "file", "file_kind"]
        )
        if kind == "pdf" and file in sources
    }
    cells = frames["cells"]
    placed = cells[cells["x0"].notna() & cells["page"].notna() & cells["report_id"].isin(files)]
    if placed.empty:
        return [], 0
    urgent = _find_urgent(frames)
    pages = placed.groupby(["report_id", "page"], sort=True).agg(
        top=("top", "min"), bottom=("bottom", "max")
    )
    order = {report: number for number, report in enumerate(files)}
    clips = [
        (report, int(page), float(top), float(bottom))
        for (report, page), top, bottom in zip(
            pages.index, pages["top"], pages["bottom"], strict=True
        )
    ]
    clips.sort(key=lambda c: ((c[0], c[1]) not in urgent, order[c[0]], c[1]))
    kept = sorted(clips[:most], key=lambda c: (order[c[0]], c[1]))
    return [
        Clip(report, files[report], page, top, bottom) for report, page, top, bottom in kept
    ], len(clips) - len(kept)


# Gives the pictures of clips, in their order.
Cutter = Callable[[Sequence[Clip]], Iterable[Picture]]


def cut_pictures(clips: Sequence[Clip]) -> Iterator[Picture]:
    """Cut the pictures out, file by file; what cannot be drawn is passed over.

    A file may have gone or changed since it was read; the page then tells file, page and
    box in words.
    """
    for file, own in groupby(clips, key=lambda clip: clip.file):
        yield from cut_file(file, list(own))


def cut_file(file: Path | bytes, clips: Iterable[Clip]) -> Iterator[Picture]:
    """Cut pictures out of one file, given by its path or its bytes."""
    try:
        document = pdfium.PdfDocument(file)
    except (pdfium.PdfiumError, OSError):
        return
    try:
        for clip in clips:
            try:
                picture = _cut(document, clip)
            except (pdfium.PdfiumError, OSError, ValueError, ctypes.ArgumentError):
                continue
            if picture is not None:
                yield picture
    finally:
        document.close()


def _find_urgent(frames: Mapping[str, pd.DataFrame]) -> set[tuple[str, int]]:
    """Pages with a cell that is in doubt or that a failed check uses."""
    cells, checks = frames["cells"], frames["checks"]
    doubtful = cells[(cells["state"] == "unreadable") & cells["page"].notna()]
    urgent = {(report, int(page)) for report, page in iterate_rows(doubtful, ["report_id", "page"])}
    failed = checks[(checks["result"] == "fail") & checks["page"].notna()]
    return urgent | {
        (report, int(page)) for report, page in iterate_rows(failed, ["report_id", "page"])
    }


def _cut(document: pdfium.PdfDocument, clip: Clip) -> Picture | None:
    if clip.page > len(document):
        return None
    page = document[clip.page - 1]
    try:
        width, height = page.get_size()
        if max(width, height) > _LARGEST:
            return None
        drawn = page.render(scale=SCALE, grayscale=True, may_draw_forms=False).to_pil()
    finally:
        page.close()
    top = max(0, int((clip.top - _ABOVE) * SCALE))
    bottom = min(drawn.height, int((clip.bottom + _MARGIN) * SCALE) + 1)
    if bottom - top < 8:
        return None
    left, right = _find_ink(drawn.crop((0, top, drawn.width, bottom)))
    part = drawn.crop((left, top, right, bottom)).convert("L")
    x0, y0, x1, y1 = (round(side / SCALE, 2) for side in (left, top, right, bottom))
    return Picture(clip.report, clip.page, (x0, y0, x1, y1), part.width, part.height, _encode(part))


def _find_ink(image: Image.Image) -> tuple[int, int]:
    """The columns of pixels that hold something, with a margin."""
    grey = image.convert("L")
    ink = ImageChops.invert(grey).point(lambda v: 255 if v > 60 else 0).getbbox()
    margin = int(_MARGIN * SCALE)
    if ink is None:
        return 0, image.width
    return max(0, ink[0] - margin), min(image.width, ink[2] + margin)


def _encode(image: Image.Image) -> bytes:
    """PNG of few greys: lossless, so figures stay sharp, and the same bytes every time."""
    step = 255 / (_GREYS - 1)
    indexed = image.point([round(v / step) for v in range(256)])
    indexed.putpalette([round(k * step) for k in range(_GREYS) for _ in range(3)])
    buffer = io.BytesIO()
    # White runs are all that there is to find: a fifth of the time, one twentieth more bytes.
    indexed.save(buffer, "PNG", bits=4, compress_type=_RUNS)
    return buffer.getvalue()
