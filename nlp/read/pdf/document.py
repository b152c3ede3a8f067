"""A PDF file as a whole: opening it, judging it, and reading page after page."""

from __future__ import annotations

import pdfplumber

from nlp.documents import Block, Finding, Grid, GridCell, Line, Page, Pages, ReadError
from nlp.read.pdf.canvas import Canvas
from nlp.read.pdf.lattice import Lattice, find_lattices
from nlp.read.pdf.layout import FilledLattice, fill_lattice, print_lines
from nlp.read.pdf.limits import SCAN_CHARACTERS, has_large_picture
from nlp.read.pdf.marks import MAX_DRAWN, UNMAPPED, Glyph
from nlp.read.pdf.source import (
    draw_canvas,
    has_fields,
    list_pages,
    open_pdf,
    quiet,
    read_metadata,
)

_SCAN_AREA = 0.4
# Outlined text: a page full of curves without a single character.
_OUTLINE_CURVES = 200
# Above this share of characters without a Unicode value nothing on the page can be trusted.
_UNMAPPED_SHARE = 0.1


def read_pdf(data: bytes, name: str, digest: str) -> Pages:
    """Read a PDF into pages of printed lines and ruled grids.

    Raises
    ------
    ReadError
        ``encrypted``, ``damaged``, ``scan``, ``empty`` or ``too_large``.
    """
    with quiet():
        document = open_pdf(data, name)
        try:
            source = list_pages(document, data, name)
            fields = has_fields(document)
            drawn = [draw_canvas(page, n, name) for n, page in enumerate(source, 1)]
        finally:
            document.stream.close()
    canvases = [canvas for canvas, _ in drawn]
    findings = _judge(canvases, name)
    findings.extend(
        Finding(
            "damaged_page",
            "error",
            f"第 {number} 页的内容不完整（文件有损坏），读到的可能不全，请核对原文。",
            number,
        )
        for number, (_, broken) in enumerate(drawn, 1)
        if broken
    )
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
        metadata=read_metadata(document.doc.info),
        findings=tuple(findings),
    )


def _characters(canvas: Canvas) -> int:
    return sum(len(g.text) for g in canvas.glyphs if g.text.strip())


def _is_scan(canvas: Canvas) -> bool:
    area = sum(
        max(0.0, min(b[2], canvas.width) - max(b[0], 0.0))
        * max(0.0, min(b[3], canvas.height) - max(b[1], 0.0))
        for b in canvas.images
    )
    pictured = area >= _SCAN_AREA * canvas.width * canvas.height
    return _characters(canvas) < SCAN_CHARACTERS and (
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
            advice="请改用网站上的文字版；没有文字版，请加 --ocr 读取（需先安装 nianbao[ocr]），"
            "认出的数与勾稽关系相合的才算读出。",
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
    middles = [(g.x, g.y) for g in canvas.glyphs]
    return has_large_picture(canvas.images, middles, canvas.width)
