"""A PDF file as a whole: opening it, judging it, and reading page after page."""

from __future__ import annotations

import io
import logging
import struct
import warnings
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError
from pdfminer.pdfexceptions import PDFException
from pdfminer.pdftypes import resolve1
from pdfminer.psexceptions import PSException
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from nlp.documents import Block, Finding, Grid, GridCell, Line, Page, Pages, ReadError
from nlp.read.pdf.canvas import Canvas, draw_page
from nlp.read.pdf.device import MAX_DRAWN, UNMAPPED, Glyph
from nlp.read.pdf.lattice import Lattice, find_lattices
from nlp.read.pdf.layout import FilledLattice, fill_lattice, print_lines

# The longest real report (a province's, with annexes) has under 60 pages.
MAX_PAGES = 500
# A page's drawing commands take some 100 kB; compressed junk unpacks to a thousand times its size.
MAX_PAGE_BYTES = 16 * 2**20
# A page with fewer characters than this and a large picture is a scan with a page number.
_SCAN_CHARACTERS = 20
_SCAN_AREA = 0.4
# Outlined text: a page full of curves without a single character.
_OUTLINE_CURVES = 200
# Above this share of characters without a Unicode value nothing on the page can be trusted.
_UNMAPPED_SHARE = 0.1
_EXPECTED = "可以打开、含有文字的 PDF 报告"
# What pdfminer raises on damaged files; it checks little before it indexes and converts.
_DAMAGE = (
    PdfminerException,
    MalformedPDFException,
    PDFException,
    PSException,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    RecursionError,
    EOFError,
    zlib.error,
    struct.error,
)


def read_pdf(data: bytes, name: str, digest: str) -> Pages:
    """Read a PDF into pages of printed lines and ruled grids.

    Raises
    ------
    ReadError
        ``encrypted``, ``damaged``, ``scan``, ``empty`` or ``too_large``.
    """
    with _quiet():
        document = _open(data, name)
        try:
            source = _page_list(document, data, name)
            fields = _has_fields(document)
            canvases = [_draw(page, number, name) for number, page in enumerate(source, 1)]
        finally:
            document.stream.close()
    findings = _judge(canvases, name)
    if fields:
        findings.append(
            Finding("form_fields", "warning", "PDF 带有表单域，填写在表单域里的内容未读取。")
        )
    pages = []
    for number, canvas in enumerate(canvases, 1):
        page, noted = _read_page(canvas, number)
        pages.append(page)
        findings.extend(noted)
    return Pages(
        name=name,
        kind="pdf",
        sha256=digest,
        reader=f"pdfplumber {pdfplumber.__version__}",
        pages=tuple(pages),
        metadata=_metadata(document.doc.info),
        findings=tuple(findings),
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep pdfminer's log lines and warnings from the user: what matters is a finding."""
    logger = logging.getLogger("pdfminer")
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)


def _open(data: bytes, name: str) -> Any:
    start = max(data.find(b"%PDF-"), 0)
    try:
        return pdfplumber.open(io.BytesIO(data[start:]), password="", raise_unicode_errors=False)
    except _DAMAGE as error:
        causes = [error, *error.args, error.__cause__, error.__context__]
        if any(isinstance(cause, PDFEncryptionError) for cause in causes):
            raise ReadError(
                "encrypted",
                name,
                expected=_EXPECTED,
                found="加密的 PDF，需要密码才能打开",
                advice="请用密码打开后另存（或打印）为不加密的 PDF，再读取。",
            ) from error
        raise _damaged(name, "损坏或没有下载完整的 PDF") from error


def _damaged(name: str, found: str) -> ReadError:
    return ReadError(
        "damaged",
        name,
        expected=_EXPECTED,
        found=found,
        advice="请重新下载；若阅读器能打开它，请用“打印为 PDF”另存一份后再读取。",
    )


def _page_list(document: Any, data: bytes, name: str) -> list[Any]:
    try:
        pages = list(document.pages)
        expected = _page_count(document)
    except _DAMAGE as error:
        raise _damaged(name, "页面目录损坏的 PDF") from error
    if not pages:
        raise _damaged(name, "没有页面的 PDF（可能没有下载完整）")
    if expected is not None and len(pages) < expected:
        raise _damaged(name, f"缺页的 PDF：目录写有 {expected} 页，只找到 {len(pages)} 页")
    if len(pages) > MAX_PAGES:
        raise ReadError(
            "too_large",
            name,
            expected=f"不超过 {MAX_PAGES} 页的年度报告",
            found=f"{len(pages)} 页的 PDF",
            advice="若是多份报告的合集，请先拆分成单份报告。",
        )
    return pages


def _page_count(document: Any) -> int | None:
    count = resolve1((resolve1(document.doc.catalog.get("Pages")) or {}).get("Count"))
    return count if isinstance(count, int) else None


def _has_fields(document: Any) -> bool:
    form = resolve1(document.doc.catalog.get("AcroForm"))
    return bool(resolve1(form.get("Fields"))) if isinstance(form, dict) else False


def _draw(page: Any, number: int, name: str) -> Canvas:
    if any(_is_bomb(resolve1(stream)) for stream in page.page_obj.contents):
        raise ReadError(
            "too_large",
            name,
            expected=f"每页绘图指令不超过 {MAX_PAGE_BYTES // 2**20} MB 的 PDF",
            found=f"第 {number} 页的绘图指令解压后超过此数",
            advice="请确认文件无误；报告的页面不会这样大。",
        )
    try:
        return draw_page(page)
    except _DAMAGE as error:
        raise _damaged(name, f"第 {number} 页内容损坏的 PDF") from error


def _is_bomb(stream: Any) -> bool:
    raw = getattr(stream, "rawdata", None)
    if not isinstance(raw, bytes) or 1100 * len(raw) < MAX_PAGE_BYTES:
        return False
    if len(raw) > MAX_PAGE_BYTES:
        return True
    try:
        return len(zlib.decompressobj().decompress(raw, MAX_PAGE_BYTES + 1)) > MAX_PAGE_BYTES
    except zlib.error:
        return False


def _characters(canvas: Canvas) -> int:
    return sum(len(g.text) for g in canvas.glyphs if g.text.strip())


def _is_scan(canvas: Canvas) -> bool:
    area = sum(
        max(0.0, min(b[2], canvas.width) - max(b[0], 0.0))
        * max(0.0, min(b[3], canvas.height) - max(b[1], 0.0))
        for b in canvas.images
    )
    pictured = area >= _SCAN_AREA * canvas.width * canvas.height
    return _characters(canvas) < _SCAN_CHARACTERS and (
        pictured or (canvas.curves >= _OUTLINE_CURVES and _characters(canvas) == 0)
    )


def _judge(canvases: list[Canvas], name: str) -> list[Finding]:
    """Findings about the file's pages; raises where there is nothing to be read."""
    scans = [number for number, canvas in enumerate(canvases, 1) if _is_scan(canvas)]
    texts = [canvas for canvas in canvases if _characters(canvas)]
    readable = [c for n, c in enumerate(canvases, 1) if n not in scans and _characters(c)]
    if scans and not readable:
        hidden = any(canvas.hidden for canvas in canvases)
        outlined = not any(canvas.images for canvas in canvases)
        found = "扫描件（各页都是图像，没有可读的文字）"
        if hidden:
            found = "扫描件（各页都是图像，其下只有识别软件留下的不可见文字，数字不可靠）"
        elif outlined:
            found = "文字已转成曲线的 PDF（没有可读的文字）"
        raise ReadError(
            "scan",
            name,
            expected="含有文字的 PDF 报告",
            found=found,
            advice="请改用网站上的文字版，或先做文字识别（OCR）并人工核对后，另存为文本再读取。",
        )
    unmapped = sum(canvas.unmapped for canvas in canvases)
    if unmapped > _UNMAPPED_SHARE * sum(map(_characters, texts)):
        raise ReadError(
            "damaged",
            name,
            expected="文字可以复制的 PDF 报告",
            found=f"字体没有 Unicode 对照表的 PDF（{unmapped} 个字读不出是什么字）",
            advice="复制出来也会是乱码；请改用网页版或 Word 版，或做文字识别（OCR）后另存为文本。",
        )
    if not texts:
        hidden = any(canvas.hidden for canvas in canvases)
        raise ReadError(
            "empty",
            name,
            expected="含有文字的 PDF 报告",
            found="只有不可见文字的 PDF" if hidden else "没有任何文字的 PDF",
            advice="请重新下载或向提供者索取原文件。",
        )
    return [
        Finding(
            "scanned_page",
            "error",
            f"第 {number} 页是图像，没有可读的文字；该页内容未读取，不得当作空白或零。",
            number,
        )
        for number in scans
    ]


def _read_page(canvas: Canvas, number: int) -> tuple[Page, list[Finding]]:
    lattices = find_lattices(canvas.rules)
    loose, held = _share_out(canvas.glyphs, lattices)
    filled = [
        fill_lattice(lattice, glyphs)
        for lattice, glyphs in zip(lattices, held, strict=True)
        if any(g.text.strip() for g in glyphs)
    ]
    placed: list[tuple[float, float, Block]] = []
    for index, table in enumerate(filled, 1):
        x0, top, _, _ = table.lattice.box
        placed.append((top, x0, _grid(table, canvas, number, index)))
    for order, line in enumerate(print_lines(loose), 1):
        block = Line(line.text, number, order, canvas.place(line.box), line.size)
        placed.append(((line.box[1] + line.box[3]) / 2, line.box[0], block))
    placed.sort(key=lambda item: item[:2])
    width, height = (
        (canvas.height, canvas.width) if canvas.turn in (90, 270) else (canvas.width, canvas.height)
    )
    page = Page(
        number,
        tuple(block for _, _, block in placed),
        round(float(width), 2),
        round(float(height), 2),
    )
    return page, _page_findings(canvas, filled, number)


def _share_out(
    glyphs: tuple[Glyph, ...], lattices: list[Lattice]
) -> tuple[list[Glyph], list[list[Glyph]]]:
    """Give each glyph to the smallest table around it, or to none."""
    held: list[list[Glyph]] = [[] for _ in lattices]
    loose: list[Glyph] = []
    by_area = sorted(
        range(len(lattices)),
        key=lambda i: (
            (lattices[i].xs[-1] - lattices[i].xs[0]) * (lattices[i].ys[-1] - lattices[i].ys[0])
        ),
    )
    for glyph in glyphs:
        for index in by_area:
            x0, top, x1, bottom = lattices[index].box
            if x0 - 1 <= glyph.x <= x1 + 1 and top - 1 <= glyph.y <= bottom + 1:
                held[index].append(glyph)
                break
        else:
            loose.append(glyph)
    return loose, held


def _grid(table: FilledLattice, canvas: Canvas, page: int, index: int) -> Grid:
    lattice = table.lattice
    cells = tuple(
        GridCell(
            row=cell.row,
            column=cell.column,
            text=table.texts[cell],
            page=page,
            box=canvas.place(lattice.cell_box(cell)),
            rowspan=cell.rowspan,
            colspan=cell.colspan,
        )
        for cell in lattice.cells
    )
    return Grid(
        page=page,
        number=index,
        rows=len(lattice.ys) - 1,
        columns=len(lattice.xs) - 1,
        cells=cells,
        box=canvas.place(lattice.box),
    )


def _page_findings(canvas: Canvas, filled: list[FilledLattice], number: int) -> list[Finding]:
    findings = []
    if canvas.cut:
        findings.append(
            Finding(
                "page_too_complex",
                "error",
                f"第 {number} 页图形过多（{MAX_DRAWN} 个以上），只读了一部分；该页内容请核对原文。",
                number,
            )
        )
    if canvas.hidden:
        findings.append(
            Finding(
                "hidden_text",
                "info",
                f"第 {number} 页有 {canvas.hidden} 个看不见的字（不显示或白色），未读取。",
                number,
            )
        )
    if canvas.unmapped:
        findings.append(
            Finding(
                "unmapped_characters",
                "warning",
                f"第 {number} 页有 {canvas.unmapped} 个字的字体没有 Unicode 对照，"
                f"读作“{UNMAPPED}”，请对照原文核对。",
                number,
            )
        )
    for table in filled:
        findings.extend(
            Finding(
                "text_crosses_rule",
                "warning",
                f"第 {number} 页表格中“{text}”压在格线上，归入它占得最多的一格，请核对。",
                number,
            )
            for text in table.crossing
        )
    if _has_large_picture(canvas):
        findings.append(
            Finding(
                "image_in_place_of_table",
                "warning",
                f"第 {number} 页有一幅大图；若其中是表格或文字，未能读取。",
                number,
            )
        )
    return findings


def _has_large_picture(canvas: Canvas) -> bool:
    if _is_scan(canvas):
        return False
    for x0, top, x1, bottom in canvas.images:
        if x1 - x0 < 0.4 * canvas.width or bottom - top < 60:
            continue
        # A watermark or letterhead has text printed over it; a pictured table has not.
        over = sum(x0 <= g.x <= x1 and top <= g.y <= bottom for g in canvas.glyphs)
        if over < 10:
            return True
    return False


def _metadata(infos: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    kept: dict[str, str] = {}
    for info in infos:
        for key, value in info.items():
            text = _info_text(resolve1(value))
            if text:
                kept[str(key).lower()] = text
    return dict(sorted(kept.items()))


def _info_text(value: Any) -> str:
    """Decode a text string of the information dictionary."""
    if not isinstance(value, bytes):
        return ""
    # The standard asks for big-endian; some Chinese converters write little-endian.
    if value.startswith((b"\xfe\xff", b"\xff\xfe")):
        text = value.decode("utf-16", errors="replace")
    else:
        text = ""
        for encoding in ("utf-8", "gb18030", "latin-1"):
            try:
                text = value.removeprefix(b"\xef\xbb\xbf").decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return "".join(c for c in text if c.isprintable()).strip()
