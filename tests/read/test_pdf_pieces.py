"""The fast PDF reader's shortcuts: each gives what the long way gives."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from nlp.documents import Pages
from nlp.read.pdf import read_pdf
from nlp.read.pdf.fast.document import _share_out
from nlp.read.pdf.fast.layout import fill_lattice, print_lines
from nlp.read.pdf.fast.library import handles, pdfium, same
from nlp.read.pdf.fast.page import Sheet, _read_texts, see_page
from nlp.read.pdf.fast.pieces import split_marks
from nlp.read.pdf.fast.second import read_second
from nlp.read.pdf.lattice import find_lattices

REPORTS = Path(__file__).parents[2] / "corpus" / "reports"
# One file of each producer: reportlab, Chromium, LibreOffice.
FILES = [REPORTS / f"{n}.pdf" for n in ("baizhi-gov-2022", "baizhi-gov-2024", "yanyang-land-2021")]


@contextmanager
def pages_of(path: Path) -> Iterator[Iterator[tuple[int, int]]]:
    """Handles of a file's pages and of their texts."""
    library = pdfium()
    data = path.read_bytes()
    document = library.FPDF_LoadMemDocument64(data, len(data), None)

    def each() -> Iterator[tuple[int, int]]:
        for number in range(library.FPDF_GetPageCount(document)):
            page = library.FPDF_LoadPage(document, number)
            text = library.FPDFText_LoadPage(page)
            yield page, text
            library.FPDFText_ClosePage(text)
            library.FPDF_ClosePage(page)

    try:
        yield each()
    finally:
        library.FPDF_CloseDocument(document)


def see(path: Path) -> list[Sheet]:
    with pages_of(path) as pages:
        return [see_page(page, text) for page, text in pages]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_pieces_are_laid_out_as_single_characters_are(path: Path) -> None:
    """Lines, cells and the second route do not know whether characters came one by one."""
    sheets = see(path)
    single = [split_marks(sheet.marks) for sheet in sheets]
    assert sum(map(len, single)) > 3 * sum(len(sheet.marks) for sheet in sheets)
    for sheet, marks in zip(sheets, single, strict=True):
        lattices = find_lattices(sheet.rules)
        (loose, held), (loose_one, held_one) = (
            _share_out(some, lattices) for some in (sheet.marks, marks)
        )
        assert [line.text for line in print_lines(loose)] == [
            line.text for line in print_lines(loose_one)
        ]
        for lattice, own, own_one in zip(lattices, held, held_one, strict=True):
            assert fill_lattice(lattice, own) == fill_lattice(lattice, own_one)
    assert read_second([sheet.marks for sheet in sheets]) == read_second(single)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_text_at_once_is_the_text_one_by_one(path: Path) -> None:
    library = pdfium()
    with pages_of(path) as pages:
        for _, text in pages:
            (own,) = handles([text])
            count = library.FPDFText_CountChars(text)
            codes = list(map(library.FPDFText_GetUnicode, same(own), range(count)))
            shown = _read_texts(text, own, count)
            seen = [(code, char) for code, char in zip(codes, shown, strict=True) if char != " "]
            assert len(seen) > count / 2
            assert all(chr(code) == char for code, char in seen if code > 0x4E00)


def test_threads_of_one_process_do_not_disturb_each_other() -> None:
    """PDFium and the memory for its results serve one file at a time."""
    contents = {path: path.read_bytes() for path in FILES}
    alone = {path: read_pdf(data, path.name, "") for path, data in contents.items()}
    found: list[tuple[Path, Pages]] = []

    def work(path: Path) -> None:
        for _ in range(4):
            found.append((path, read_pdf(contents[path], path.name, "")))

    threads = [threading.Thread(target=work, args=(path,)) for path in FILES]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4 * len(FILES)
    assert all(pages == alone[path] for path, pages in found)
