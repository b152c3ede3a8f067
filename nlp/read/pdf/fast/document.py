"""A PDF as a whole, read by PDFium: the same record as the reference reader makes, or none."""

from __future__ import annotations

import ctypes
import gc
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from nlp.documents import Block, Finding, Grid, GridCell, Line, Page, Pages
from nlp.read.pdf.fast.layout import fill_lattice, print_lines
from nlp.read.pdf.fast.library import pdfium, reader_name
from nlp.read.pdf.fast.page import Sheet, see_page
from nlp.read.pdf.fast.paths import DeclinedError
from nlp.read.pdf.fast.pieces import Mark, count_characters, split_marks
from nlp.read.pdf.fast.screen import screen
from nlp.read.pdf.fast.second import read_second
from nlp.read.pdf.lattice import Lattice, find_lattices
from nlp.read.pdf.limits import MAX_PAGES, SCAN_CHARACTERS, has_large_picture

_KEYS = (
    "Title", "Author", "Subject", "Keywords", "Creator", "Producer", "CreationDate", "ModDate",
    "Company", "Comments", "SourceModified",
)  # fmt: skip
# PDFium, and the memory that its results are written to, serve one file at a time.
_ALONE = threading.Lock()
# Without characters, so many drawn things may be text turned into curves.
_OUTLINE = 100


def read_fast(data: bytes, name: str, digest: str) -> Pages:
    """Read a PDF by PDFium.

    Parameters
    ----------
    data : bytes
        The file.
    name, digest : str
        Its name, and the SHA-256 of its bytes.

    Returns
    -------
    Pages

    Raises
    ------
    DeclinedError
        Where the file is damaged, a scan, or has anything else on which only the reference
        reader has an opinion; says what.
    """
    screen(data)
    with _ALONE, _no_collection():
        return _read(data, name, digest)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep the collector of cycles waiting: a page makes thousands of tuples, and no cycle."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _read(data: bytes, name: str, digest: str) -> Pages:
    library = pdfium()
    document = library.FPDF_LoadMemDocument64(data, len(data), None)
    if not document:
        raise DeclinedError("文件打不开")
    try:
        count = library.FPDF_GetPageCount(document)
        if not 0 < count <= MAX_PAGES:
            raise DeclinedError("页数不对")
        if library.FPDF_GetFormType(document):
            raise DeclinedError("带有表单域")
        metadata = _metadata(document)
        pages: list[Page] = []
        findings: list[Finding] = []
        characters = 0
        streams: list[list[Mark]] = []
        for number in range(1, count + 1):
            sheet = _see(document, number)
            characters += count_characters(sheet.marks)
            page, noted = _read_page(sheet, number)
            pages.append(page)
            findings.extend(noted)
            streams.append(sheet.marks)
    finally:
        library.FPDF_CloseDocument(document)
    if not characters:
        raise DeclinedError("没有可读的文字")
    return Pages(
        name=name,
        kind="pdf",
        sha256=digest,
        reader=reader_name(),
        pages=tuple(pages),
        metadata=metadata,
        findings=tuple(findings),
        second=read_second(streams),
    )


def _see(document: int, number: int) -> Sheet:
    library = pdfium()
    page = library.FPDF_LoadPage(document, number - 1)
    if not page:
        raise DeclinedError(f"第 {number} 页打不开")
    try:
        text = library.FPDFText_LoadPage(page)
        if not text:
            raise DeclinedError(f"第 {number} 页的文字打不开")
        try:
            sheet = see_page(page, text)
        finally:
            library.FPDFText_ClosePage(text)
    finally:
        library.FPDF_ClosePage(page)
    _judge(sheet)
    return sheet


def _judge(sheet: Sheet) -> None:
    seen = count_characters(sheet.marks)
    if seen < SCAN_CHARACTERS and (sheet.images or (not seen and sheet.drawn >= _OUTLINE)):
        raise DeclinedError("有的页像是扫描件")
    turned = sum([mark[6] > 0 for mark in sheet.marks])
    if turned and 2 * turned > len(split_marks(sheet.marks)):
        raise DeclinedError("整页文字转了方向")


def _read_page(sheet: Sheet, number: int) -> tuple[Page, list[Finding]]:
    lattices = find_lattices(sheet.rules)
    loose, held = _share_out(sheet.marks, lattices)
    placed: list[tuple[float, float, Block]] = []
    index = 0
    for lattice, marks in zip(lattices, held, strict=True):
        if not any(mark[4] != " " for mark in marks):
            continue
        index += 1
        texts = fill_lattice(lattice, marks, sheet.patched)
        x0, top, _, _ = lattice.box
        placed.append((top, x0, _grid(lattice, texts, number, index)))
    for order, line in enumerate(print_lines(loose, sheet.patched), 1):
        x0, top, x1, bottom = line.box
        box = (round(x0, 2), round(top, 2), round(x1, 2), round(bottom, 2))
        placed.append(((top + bottom) / 2, x0, Line(line.text, number, order, box, line.size)))
    placed.sort(key=lambda item: item[:2])
    blocks = tuple(block for _, _, block in placed)
    page = Page(number, blocks, round(sheet.width, 2), round(sheet.height, 2))
    return page, _page_findings(sheet, number)


def _share_out(
    marks: list[Mark], lattices: Sequence[Lattice]
) -> tuple[list[Mark], list[list[Mark]]]:
    """Give each mark to the smallest table around it, or to none."""
    held: list[list[Mark]] = [[] for _ in lattices]
    if not lattices:
        return marks, held
    areas = []
    for lattice, into in zip(lattices, held, strict=True):
        x0, top, x1, bottom = lattice.box
        areas.append(((x1 - x0) * (bottom - top), x0 - 1, top - 1, x1 + 1, bottom + 1, into))
    areas.sort(key=lambda area: area[0])
    loose: list[Mark] = []
    todo = list(reversed(marks))
    while todo:
        mark = todo.pop()
        y, start, end, inner = mark[0], mark[1], mark[2], mark[7]
        x = (start + end) / 2
        for _, x0, top, x1, bottom, into in areas:
            if not top <= y <= bottom:
                continue
            if inner and start <= x1 and end >= x0 and not (x0 <= start and end <= x1):
                # Reaches over the table's edge: character by character.
                todo.extend(reversed(split_marks([mark])))
                break
            if x0 <= x <= x1:
                into.append(mark)
                break
        else:
            loose.append(mark)
    return loose, held


def _grid(lattice: Lattice, texts: list[str], page: int, index: int) -> Grid:
    xs, ys = [round(x, 2) for x in lattice.xs], [round(y, 2) for y in lattice.ys]
    cells = tuple(
        GridCell(
            cell.row,
            cell.column,
            text,
            page,
            (
                xs[cell.column],
                ys[cell.row],
                xs[cell.column + cell.colspan],
                ys[cell.row + cell.rowspan],
            ),
            cell.rowspan,
            cell.colspan,
        )
        for cell, text in zip(lattice.cells, texts, strict=True)
    )
    return Grid(page, index, len(ys) - 1, len(xs) - 1, cells, (xs[0], ys[0], xs[-1], ys[-1]))


def _page_findings(sheet: Sheet, number: int) -> list[Finding]:
    findings = []
    if sheet.hidden:
        findings.append(
            Finding(
                "hidden_text",
                "info",
                f"第 {number} 页有 {sheet.hidden} 个看不见的字（不显示或白色），未读取。",
                number,
            )
        )
    if sheet.images:
        middles = [((m[1] + m[2]) / 2, m[0]) for m in split_marks(sheet.marks)]
        if has_large_picture(sheet.images, middles, sheet.width):
            findings.append(
                Finding(
                    "image_in_place_of_table",
                    "warning",
                    f"第 {number} 页有一幅大图；若其中是表格或文字，未能读取。",
                    number,
                )
            )
    return findings


def _metadata(document: int) -> dict[str, str]:
    """What the file says of itself, as far as it is told in Unicode."""
    library = pdfium()
    found: dict[str, str] = {}
    for key in _KEYS:
        tag = key.encode()
        size = library.FPDF_GetMetaText(document, tag, None, 0)
        if size <= 2:
            continue
        buffer = ctypes.create_string_buffer(size)
        library.FPDF_GetMetaText(document, tag, ctypes.addressof(buffer), size)
        text = buffer.raw[: size - 2].decode("utf-16-le", errors="replace")
        if any("\x80" <= char < "\u0370" or char == "\ufffd" for char in text):
            # Bytes of GBK or UTF-8 taken for a Western encoding.
            raise DeclinedError("文件属性不是 Unicode")
        text = "".join(c for c in text if c.isprintable()).strip()
        if text:
            found[key.lower()] = text
    return dict(sorted(found.items()))
