"""PDF pages drawn on purpose: each test draws one habit of a producer and reads it back."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, NumberObject, RectangleObject
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from nlp.documents import Grid, GridCell, Line, Page, Pages, ReadError
from nlp.read import read_bytes
from nlp.read.pdf import marks, read_pdf

SONG = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(SONG))
HEIGHT = A4[1]
WQY = Path("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc")


def draw(*pages: Callable[[Canvas], None], **options: object) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1, **options)
    for page in pages:
        page(canvas)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def write(canvas: Canvas, x: float, top: float, text: str, size: float = 10) -> None:
    """Write with the text's box beginning at ``top`` points from the page's upper edge."""
    canvas.setFont(SONG, size)
    canvas.drawString(x, HEIGHT - top - 0.88 * size, text)


def rule(canvas: Canvas, x0: float, top: float, x1: float, bottom: float) -> None:
    canvas.line(x0, HEIGHT - top, x1, HEIGHT - bottom)


def table(
    canvas: Canvas,
    rows: list[list[str]],
    *,
    x: float = 70,
    top: float = 100,
    width: float = 80,
    height: float = 24,
    bottom_rule: bool = True,
    top_rule: bool = True,
    line: Callable[[Canvas, float, float, float, float], None] = rule,
) -> None:
    columns = len(rows[0])
    right, low = x + columns * width, top + len(rows) * height
    for n in range(len(rows) + 1):
        if (n or top_rule) and (n < len(rows) or bottom_rule):
            line(canvas, x, top + n * height, right, top + n * height)
    for n in range(columns + 1):
        line(canvas, x + n * width, top, x + n * width, low)
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            write(canvas, x + c * width + 4, top + r * height + 6, text)


def grids(page: Page) -> list[Grid]:
    return [block for block in page.blocks if isinstance(block, Grid)]


def lines(page: Page) -> list[str]:
    return [block.text for block in page.blocks if isinstance(block, Line)]


def texts(grid: Grid) -> list[list[str]]:
    rows: list[list[str]] = [[] for _ in range(grid.rows)]
    for cell in grid.cells:
        rows[cell.row].append(cell.text)
    return rows


def read_pages(data: bytes) -> Pages:
    return read_bytes(data, "测试.pdf")


ROWS = [
    ["信息内容", "本年制发件数", "现行有效件数"],
    ["规章", "0", ""],
    ["规范性文件", "11", "305"],
]


def test_lines_keep_reading_order_not_stream_order() -> None:
    def page(canvas: Canvas) -> None:
        write(canvas, 280, 800, "- 1 -")  # many producers write the footer first
        write(canvas, 70, 120, "第二行")
        write(canvas, 120, 100, "行")
        write(canvas, 100, 100, "第一")

    read = read_pages(draw(page)).pages[0]
    assert lines(read) == ["第一行", "第二行", "- 1 -"]
    first = read.blocks[0]
    assert isinstance(first, Line) and first.box is not None
    assert first.size == pytest.approx(10)
    assert first.box[0] == pytest.approx(100, abs=1) and first.box[1] == pytest.approx(100, abs=2)
    assert (read.width, read.height) == pytest.approx(A4, abs=0.01)


def test_table_with_rules_is_a_grid_and_not_repeated_as_lines() -> None:
    def page(canvas: Canvas) -> None:
        write(canvas, 70, 70, "二、主动公开政府信息情况")
        table(canvas, ROWS)
        write(canvas, 70, 200, "三、收到和处理政府信息公开申请情况")

    read = read_pages(draw(page)).pages[0]
    assert [type(block).__name__ for block in read.blocks] == ["Line", "Grid", "Line"]
    (grid,) = grids(read)
    assert texts(grid) == ROWS  # the blank cell is a cell
    assert lines(read) == ["二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况"]
    assert grid.box == pytest.approx((70, 100, 310, 172), abs=0.1)
    assert grid.cells[4].box == pytest.approx((150, 124, 230, 148), abs=0.1)


def hairline(canvas: Canvas, x0: float, top: float, x1: float, bottom: float) -> None:
    """Word's export draws rules as filled bars of half a point."""
    canvas.rect(x0, HEIGHT - bottom - 0.25, x1 - x0 or 0.5, bottom - top or 0.5, stroke=0, fill=1)


def twice(canvas: Canvas, x0: float, top: float, x1: float, bottom: float) -> None:
    rule(canvas, x0, top, x1, bottom)
    rule(canvas, x0 + 0.6, top + 0.6, x1 + 0.6, bottom + 0.6)


def dashed(canvas: Canvas, x0: float, top: float, x1: float, bottom: float) -> None:
    steps = int(max(x1 - x0, bottom - top) // 4)
    for n in range(steps):
        if x1 > x0:
            rule(canvas, x0 + 4 * n, top, x0 + 4 * n + 2.5, bottom)
        else:
            rule(canvas, x0, top + 4 * n, x1, top + 4 * n + 2.5)


def polygon(canvas: Canvas, x0: float, top: float, x1: float, bottom: float) -> None:
    """A border as a trapezoid with slanted ends, as browsers and LibreOffice fill them."""
    path = canvas.beginPath()
    across = x1 > x0
    path.moveTo(x0, HEIGHT - top)
    path.lineTo(x1, HEIGHT - bottom)
    path.lineTo(x1 - 0.8, HEIGHT - bottom - (0.8 if across else -0.8))
    path.lineTo(x0 + 0.8, HEIGHT - top - 0.8)
    path.close()
    canvas.drawPath(path, stroke=0, fill=1)


@pytest.mark.parametrize("line", [hairline, twice, dashed, polygon])
def test_rules_of_every_make_are_rules(line: Callable[..., None]) -> None:
    data = draw(lambda canvas: table(canvas, ROWS, line=line))
    (grid,) = grids(read_pages(data).pages[0])
    assert texts(grid) == ROWS


def test_boxes_stroked_cell_by_cell_are_a_grid() -> None:
    def page(canvas: Canvas) -> None:
        for r, row in enumerate(ROWS):
            for c, text in enumerate(row):
                # A gap of 1.5 pt between the cells' own borders, as CSS border-spacing gives.
                canvas.rect(70 + c * 80, HEIGHT - 124 - r * 24, 78.5, 22.5, stroke=1, fill=0)
                write(canvas, 74 + c * 80, 106 + r * 24, text)

    (grid,) = grids(read_pages(draw(page)).pages[0])
    assert texts(grid) == ROWS


def test_one_stroked_path_of_many_segments_is_ruled() -> None:
    def page(canvas: Canvas) -> None:
        path = canvas.beginPath()
        for n in range(4):
            path.moveTo(70, HEIGHT - 100 - 24 * n)
            path.lineTo(310, HEIGHT - 100 - 24 * n)
            path.moveTo(70 + 80 * n, HEIGHT - 100)
            path.lineTo(70 + 80 * n, HEIGHT - 172)
        canvas.drawPath(path, stroke=1, fill=0)
        for r, row in enumerate(ROWS):
            for c, text in enumerate(row):
                write(canvas, 74 + c * 80, 106 + r * 24, text)

    (grid,) = grids(read_pages(draw(page)).pages[0])
    assert texts(grid) == ROWS


@pytest.mark.parametrize(
    ("fill", "stroke"),
    [
        ((1, 1, 1), None),  # white paper behind every line, as WPS draws it
        ((1, 1, 0.6), None),  # a highlight
        ((0.8, 0.9, 1), (0.8, 0.9, 1)),  # a highlight outlined in its own colour
        ((1, 1, 1), (1, 1, 1)),
    ],
)
def test_fills_behind_lines_are_no_table(
    fill: tuple[float, ...], stroke: tuple[float, ...] | None
) -> None:
    def page(canvas: Canvas) -> None:
        for n in range(5):
            canvas.setFillColorRGB(*fill)
            if stroke:
                canvas.setStrokeColorRGB(*stroke)
            canvas.rect(70, HEIGHT - 120 - 20 * n, 440, 20, stroke=bool(stroke), fill=1)
            canvas.setFillColorRGB(0, 0, 0)
            write(canvas, 74, 104 + 20 * n, f"第{n}行  说明")

    read = read_pages(draw(page)).pages[0]
    assert not grids(read) and len(lines(read)) == 5


def test_white_rules_count_only_on_a_coloured_ground() -> None:
    def page(canvas: Canvas) -> None:
        canvas.setFillColorRGB(0.1, 0.3, 0.6)
        canvas.rect(70, HEIGHT - 172, 240, 72, stroke=0, fill=1)
        canvas.setStrokeColorRGB(1, 1, 1)
        canvas.setFillColorRGB(1, 1, 1)  # white text on blue can be seen as well
        table(canvas, ROWS)
        table(canvas, [["甲", "乙"], ["丙", "丁"]], top=400)  # white on white

    pages = read_pages(draw(page))
    (grid,) = grids(pages.pages[0])
    assert texts(grid) == ROWS
    assert lines(pages.pages[0]) == []
    assert [finding.code for finding in pages.findings] == ["hidden_text"]


def test_merged_cells_keep_their_spans() -> None:
    def page(canvas: Canvas) -> None:
        for top in (100, 124, 148, 172):
            rule(canvas, 150 if top == 148 else 70, top, 310, top)
        for x in (70, 150, 310):
            rule(canvas, x, 100 if x != 150 else 124, x, 172)
        rule(canvas, 230, 124, 230, 172)
        write(canvas, 74, 106, "行政诉讼")
        write(canvas, 74, 140, "三")
        for n, text in enumerate(("7", "8", "9", "")):
            write(canvas, 154 + 80 * (n % 2), 130 + 24 * (n // 2), text)

    (grid,) = grids(read_pages(draw(page)).pages[0])
    shape = [(c.row, c.column, c.rowspan, c.colspan, c.text) for c in grid.cells]
    assert shape == [
        (0, 0, 1, 3, "行政诉讼"),
        (1, 0, 2, 1, "三"),
        (1, 1, 1, 1, "7"),
        (1, 2, 1, 1, "8"),
        (2, 1, 1, 1, "9"),
        (2, 2, 1, 1, ""),
    ]


@pytest.mark.parametrize("missing", ["bottom_rule", "top_rule"])
def test_table_cut_by_a_page_break_is_closed(missing: str) -> None:
    data = draw(lambda canvas: table(canvas, ROWS, **{missing: False}))
    (grid,) = grids(read_pages(data).pages[0])
    assert texts(grid) == ROWS


def test_table_without_side_rules_is_closed() -> None:
    def page(canvas: Canvas) -> None:
        for n in range(4):
            rule(canvas, 70, 100 + 24 * n, 310, 100 + 24 * n)
        for x in (150, 230):
            rule(canvas, x, 100, x, 172)
        for r, row in enumerate(ROWS):
            for c, text in enumerate(row):
                write(canvas, 74 + c * 80, 106 + r * 24, text)

    (grid,) = grids(read_pages(draw(page)).pages[0])
    assert texts(grid) == ROWS


def test_frames_underlines_and_single_columns_are_no_tables() -> None:
    def page(canvas: Canvas) -> None:
        canvas.rect(40, 40, 500, 760, stroke=1, fill=0)  # a border around the page
        write(canvas, 70, 100, "联系人：某某")
        rule(canvas, 110, 112, 150, 112)
        for n in range(3):
            canvas.rect(70, HEIGHT - 224 - 24 * n, 300, 24, stroke=1, fill=0)
            write(canvas, 74, 206 + 24 * n, f"提示{n}")

    read = read_pages(draw(page)).pages[0]
    assert not grids(read)
    assert lines(read) == ["联系人：某某", "提示0", "提示1", "提示2"]


@pytest.mark.parametrize("offset", [0.0, 0.2, 0.35, 0.6, 1.0])
def test_double_struck_text_is_read_once(offset: float) -> None:
    def page(canvas: Canvas) -> None:
        for n in range(3):
            write(canvas, 70 + n * offset / 2, 100 + n * offset / 4, "共计1100件，续续办理")

    assert lines(read_pages(draw(page)).pages[0]) == ["共计1100件，续续办理"]


def test_double_struck_string_by_string_keeps_repeated_digits() -> None:
    def page(canvas: Canvas) -> None:
        canvas.setFont("Helvetica-Bold", 9)
        for x in (100.0, 100.3):
            canvas.drawString(x, 700, "1111.11")

    assert lines(read_pages(draw(page)).pages[0]) == ["1111.11"]


def test_wrapped_cell_keeps_a_newline_between_its_lines() -> None:
    def page(canvas: Canvas) -> None:
        table(canvas, [["", "", ""], ["", "", ""]], height=40)
        for n, text in enumerate(("本年新", "制作数量")):
            write(canvas, 76, 106 + 13 * n, text)
        for n, text in enumerate(("1139", "8889")):
            write(canvas, 156, 106 + 13 * n, text)

    (grid,) = grids(read_pages(draw(page)).pages[0])
    assert grid.cells[0].text == "本年新\n制作数量"
    assert grid.cells[1].text == "1139\n8889"


def test_number_wider_than_its_cell_is_not_cut_in_two() -> None:
    def page(canvas: Canvas) -> None:
        table(canvas, [["", ""], ["", ""]], width=30)
        write(canvas, 72, 106, "11398889")  # 40 pt in a cell of 30

    pages = read_pages(draw(page))
    (grid,) = grids(pages.pages[0])
    assert texts(grid)[0] == ["11398889", ""]
    assert [finding.code for finding in pages.findings] == ["text_crosses_rule"]
    assert "11398889" in pages.findings[0].message


def test_tight_neighbours_drawn_apart_stay_in_their_cells() -> None:
    def page(canvas: Canvas) -> None:
        table(canvas, [["", ""], ["", ""]], width=20)
        write(canvas, 70, 106, "规章")  # fills its cell to the rule
        write(canvas, 90.2, 106, "50")

    pages = read_pages(draw(page))
    assert texts(grids(pages.pages[0])[0])[0] == ["规章", "50"]
    assert not pages.findings


def test_vertical_labels_go_into_their_cell() -> None:
    vertical = "STSong-Light-V"
    font = UnicodeCIDFont(SONG, isVertical=True)
    font.fontName = font.name = vertical
    pdfmetrics.registerFont(font)

    def page(canvas: Canvas) -> None:
        table(canvas, [["", "1"], ["", "2"]], height=60, width=30)
        canvas.setFont(vertical, 10)
        canvas.drawString(85, HEIGHT - 104, "本年结果")
        for n, text in enumerate("尚未审结"):  # one character a line, in a horizontal font
            write(canvas, 76, 164 + 12 * n, text)

    (grid,) = grids(read_pages(draw(page)).pages[0])
    assert texts(grid) == [["本年结果", "1"], ["尚未审结", "2"]]


@pytest.mark.parametrize(("angle", "read_as"), [(90, "本年度"), (-90, "本年度")])
def test_turned_labels_are_read_along_their_direction(angle: int, read_as: str) -> None:
    def page(canvas: Canvas) -> None:
        table(canvas, [["", "12"], ["", "34"]], height=60, width=30)
        canvas.saveState()
        canvas.translate(85, HEIGHT - 130)
        canvas.rotate(angle)
        canvas.setFont(SONG, 10)
        canvas.drawCentredString(0, -4, read_as)
        canvas.restoreState()

    (grid,) = grids(read_pages(draw(page)).pages[0])
    assert texts(grid) == [[read_as, "12"], ["", "34"]]


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_rotate_entry_turns_the_page(angle: int) -> None:
    def page(canvas: Canvas) -> None:
        canvas.saveState()
        width, height = A4
        if angle == 90:
            canvas.translate(width, 0)
        elif angle == 180:
            canvas.translate(width, height)
        else:
            canvas.translate(0, height)
        canvas.rotate(angle)
        shown = height if angle == 180 else width
        canvas.translate(0, shown - HEIGHT)  # the helpers measure from A4's height
        table(canvas, ROWS)
        write(canvas, 70, 60, "二、主动公开")
        canvas.restoreState()

    writer = PdfWriter(clone_from=io.BytesIO(draw(page)))
    writer.pages[0][NameObject("/Rotate")] = NumberObject(angle)
    buffer = io.BytesIO()
    writer.write(buffer)
    read = read_pages(buffer.getvalue()).pages[0]
    assert lines(read) == ["二、主动公开"]
    assert texts(grids(read)[0]) == ROWS
    assert grids(read)[0].box == pytest.approx((70, 100, 310, 172), abs=0.2)
    expected = A4 if angle == 180 else A4[::-1]
    assert (read.width, read.height) == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_content_drawn_sideways_is_turned_but_boxes_stay_on_the_page(angle: int) -> None:
    def page(canvas: Canvas) -> None:
        width, height = A4
        canvas.translate(width / 2, height / 2)
        canvas.rotate(angle)
        canvas.translate(-width / 2, -height / 2)
        table(canvas, ROWS, x=100, top=300)
        write(canvas, 100, 260, "二、主动公开")

    read = read_pages(draw(page)).pages[0]
    assert lines(read) == ["二、主动公开"]
    assert texts(grids(read)[0]) == ROWS
    assert (read.width, read.height) == pytest.approx(A4, abs=0.01)
    # The drawn rectangle (100..340 by 300..372), turned about the page's middle.
    cx, cy = A4[0] / 2, A4[1] / 2
    corners = []
    for x, y in ((100, 300), (340, 372)):
        dx, dy = x - cx, y - cy
        turned = {90: (dy, -dx), 180: (-dx, -dy), 270: (-dy, dx)}[angle]
        corners.append((turned[0] + cx, turned[1] + cy))
    (ax, ay), (bx, by) = corners
    expected = (min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))
    assert grids(read)[0].box == pytest.approx(expected, abs=0.2)


def test_crop_box_hides_what_is_outside_and_moves_the_origin() -> None:
    def page(canvas: Canvas) -> None:
        write(canvas, 10, 20, "裁切线外的印记")
        write(canvas, 150, 200, "页面之内")

    writer = PdfWriter(clone_from=io.BytesIO(draw(page)))
    writer.pages[0].cropbox = RectangleObject((100, 100, 500, HEIGHT - 100))
    buffer = io.BytesIO()
    writer.write(buffer)
    read = read_pages(buffer.getvalue()).pages[0]
    assert lines(read) == ["页面之内"]
    first = read.blocks[0]
    assert isinstance(first, Line) and first.box is not None
    assert first.box[:2] == pytest.approx((50, 100), abs=2)
    assert read.width == pytest.approx(400) and read.height == pytest.approx(HEIGHT - 200, abs=0.1)


def test_invisible_text_is_left_out_with_a_finding() -> None:
    def page(canvas: Canvas) -> None:
        write(canvas, 70, 100, "看得见的字")
        text = canvas.beginText(70, HEIGHT - 140)
        text.setFont(SONG, 10)
        text.setTextRenderMode(3)
        text.textLine("看不见的字")
        canvas.drawText(text)
        canvas.setFillColorRGB(1, 1, 1)
        write(canvas, 70, 160, "白字")

    pages = read_pages(draw(page))
    assert lines(pages.pages[0]) == ["看得见的字"]
    (finding,) = pages.findings
    assert finding.code == "hidden_text" and "7 个" in finding.message and finding.page == 1


def test_numbers_corrected_by_a_white_patch_are_read_as_corrected() -> None:
    def page(canvas: Canvas) -> None:
        table(canvas, [["规章", "58"], ["件数", "7"]])
        canvas.setFillColorRGB(1, 1, 1)
        canvas.rect(152, HEIGHT - 122, 76, 20, stroke=0, fill=1)
        canvas.setFillColorRGB(0, 0, 0)
        write(canvas, 154, 106, "61")

    pages = read_pages(draw(page))
    assert texts(grids(pages.pages[0])[0]) == [["规章", "61"], ["件数", "7"]]
    assert [finding.code for finding in pages.findings] == ["hidden_text"]


def test_a_white_patch_alone_hides_nothing() -> None:
    def page(canvas: Canvas) -> None:
        write(canvas, 70, 100, "一、总体情况")
        canvas.setFillColorRGB(1, 1, 1)
        canvas.rect(0, 0, *A4, stroke=0, fill=1)

    assert lines(read_pages(draw(page)).pages[0]) == ["一、总体情况"]


def test_a_page_that_draws_too_much_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marks, "MAX_DRAWN", 40)

    def page(canvas: Canvas) -> None:
        write(canvas, 70, 100, "一、总体情况")
        for n in range(100):
            rule(canvas, 10, 200 + n, 500, 200 + n)

    pages = read_pages(draw(page))
    assert lines(pages.pages[0]) == ["一、总体情况"]
    assert [(f.code, f.severity) for f in pages.findings] == [("page_too_complex", "error")]


def test_form_fields_are_named_as_unread() -> None:
    def page(canvas: Canvas) -> None:
        write(canvas, 70, 100, "一、总体情况")
        canvas.acroForm.textfield(name="a", x=70, y=600, value="12")

    assert [finding.code for finding in read_pages(draw(page)).findings] == ["form_fields"]


def test_columns_without_rules_keep_two_spaces() -> None:
    def page(canvas: Canvas) -> None:
        for x, text in ((70, "规章"), (150, "0"), (220, "12"), (300, "5")):
            write(canvas, x, 100, text)
        for x, text in ((70, "规章"), (96, "7"), (107, "8")):  # tight: 0.6 em and less
            write(canvas, x, 120, text)
        canvas.setFont("Helvetica", 10)
        canvas.drawString(70, 600, "Open data")  # a space glyph is one space

    assert lines(read_pages(draw(page)).pages[0]) == ["规章  0  12  5", "规章 7 8", "Open data"]


def picture() -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    Image.effect_noise((60, 80), 60).save(buffer, "PNG")
    return buffer.getvalue()


def draw_picture(canvas: Canvas, x: float, y: float, width: float, height: float) -> None:
    from reportlab.lib.utils import ImageReader

    canvas.drawImage(ImageReader(io.BytesIO(picture())), x, y, width, height)


def scan_page(canvas: Canvas) -> None:
    draw_picture(canvas, 0, 0, *A4)
    text = canvas.beginText(70, 700)  # what an OCR program leaves under the picture
    text.setFont(SONG, 10)
    text.setTextRenderMode(3)
    text.textLine("政府信息公开工作年度报告")
    canvas.drawText(text)


def test_a_scan_is_called_a_scan() -> None:
    with pytest.raises(ReadError, match="扫描件") as caught:
        read_pages(draw(scan_page, scan_page))
    assert caught.value.code == "scan"
    assert "--ocr" in caught.value.advice


def test_one_scanned_page_among_others_is_a_finding() -> None:
    pages = read_pages(draw(lambda c: write(c, 70, 100, "四、行政复议情况"), scan_page))
    assert len(pages.pages) == 2 and pages.pages[1].blocks == ()
    assert ("scanned_page", 2) in [(f.code, f.page) for f in pages.findings]


def test_a_picture_where_a_table_would_be_is_a_finding() -> None:
    def page(canvas: Canvas) -> None:
        for n in range(4):
            write(canvas, 70, 60 + 20 * n, "三、收到和处理政府信息公开申请情况如下表所示")
        draw_picture(canvas, 70, 300, 450, 300)

    codes = [finding.code for finding in read_pages(draw(page)).findings]
    assert codes == ["image_in_place_of_table"]


def outlined(canvas: Canvas) -> None:
    for n in range(300):
        canvas.bezier(70, 700 - n, 80, 705 - n, 90, 695 - n, 100, 700 - n)


def test_text_turned_into_curves_is_not_an_empty_report() -> None:
    with pytest.raises(ReadError, match="曲线") as caught:
        read_pages(draw(outlined))
    assert caught.value.code == "scan"


def test_empty_pages_are_empty() -> None:
    with pytest.raises(ReadError, match="没有任何文字") as caught:
        read_pages(draw(lambda canvas: None))
    assert caught.value.code == "empty"


def encrypt(user: str) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(draw(lambda c: write(c, 70, 100, "一、总体情况"))))
    writer.encrypt(user_password=user, owner_password="owner", algorithm="AES-256")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def test_empty_user_password_opens() -> None:
    assert lines(read_pages(encrypt("")).pages[0]) == ["一、总体情况"]


def test_a_password_is_asked_for_by_name() -> None:
    with pytest.raises(ReadError, match=r"测试\.pdf.*加密") as caught:
        read_pages(encrypt("secret"))
    assert caught.value.code == "encrypted"


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8, 0.97])
def test_a_truncated_file_is_damaged_never_short(share: float) -> None:
    pages = [lambda c, n=n: write(c, 70, 100, f"第{n}页的文字") for n in range(1, 6)]
    data = draw(*pages)
    cut = data[: int(len(data) * share)]
    try:
        read = read_pages(cut)
    except ReadError as error:
        assert error.code == "damaged" and "重新下载" in error.advice
    else:
        assert len(read.pages) == 5  # nothing but the table of offsets was lost


def test_a_damaged_content_stream_is_named() -> None:
    data = draw(lambda c: [write(c, 70, 60 + 8 * n, f"第{n}行的文字") for n in range(80)])
    writer = PdfWriter(clone_from=io.BytesIO(data))
    for page in writer.pages:
        page.compress_content_streams()
    buffer = io.BytesIO()
    writer.write(buffer)
    whole = buffer.getvalue()
    begin = whole.index(b"stream", whole.index(b"/FlateDecode")) + 8
    end = whole.index(b"endstream", begin)
    middle = (begin + end) // 2
    broken = whole[:middle] + b"\x00" * 8 + whole[middle + 8 :]
    assert not read_pages(whole).findings
    try:
        codes = [finding.code for finding in read_pages(broken).findings]
    except ReadError as error:
        codes = [error.code]
    assert codes[0] in ("damaged_page", "damaged")


@pytest.mark.parametrize(
    ("known", "unknown"),
    [
        (b"(GB1)", b"(XX1)"),  # glyph numbers of an unknown collection
        (b"/UniGB-UCS2-H", b"/NoSuchMap-X-H"),  # an unknown encoding, which swallows all text
    ],
)
def test_fonts_without_unicode_are_damage_not_garbage(known: bytes, unknown: bytes) -> None:
    data = draw(lambda c: write(c, 70, 100, "政府信息公开"))
    broken = data.replace(known, unknown)
    assert broken != data
    if known == b"(GB1)":
        # The codes are Unicode themselves, which PDFium sees and pdfminer does not.
        assert lines(read_pages(broken).pages[0]) == ["政府信息公开"]
    with pytest.raises(ReadError, match="Unicode") as caught:
        read_pdf(broken, "测试.pdf", "", reference=True)
    assert caught.value.code == "damaged" and "OCR" in caught.value.advice


@pytest.mark.skipif(not WQY.exists(), reason="needs fonts-wqy-zenhei")
def test_a_few_unmapped_characters_are_shown_as_lost() -> None:
    pdfmetrics.registerFont(TTFont("wqy", str(WQY)))

    def page(canvas: Canvas) -> None:
        write(canvas, 70, 100, "政府信息公开工作年度报告，总体情况，主动公开政府信息情况")
        table(canvas, [["规章", ""], ["件数", "7"]], top=200)
        canvas.setFont("wqy", 10)
        canvas.drawString(154, HEIGHT - 218, "\ue123")  # from the private use area

    pages = read_pages(draw(page))
    assert texts(grids(pages.pages[0])[0])[0] == ["规章", "\ufffd"]
    assert [finding.code for finding in pages.findings] == ["unmapped_characters"]


def test_metadata_is_decoded() -> None:
    def page(canvas: Canvas) -> None:
        canvas.setTitle("示例县2024年年度报告")
        write(canvas, 70, 100, "正文")

    assert read_pages(draw(page)).metadata["title"] == "示例县2024年年度报告"


@pytest.mark.skipif(not WQY.exists(), reason="needs fonts-wqy-zenhei")
def test_embedded_subset_font_is_read() -> None:
    pdfmetrics.registerFont(TTFont("wqy", str(WQY)))

    def page(canvas: Canvas) -> None:
        canvas.setFont("wqy", 12)
        canvas.drawString(70, 700, "行政规范性文件 11 件")

    assert lines(read_pages(draw(page)).pages[0]) == ["行政规范性文件 11 件"]


def test_reading_leaves_the_log_and_its_level_alone(caplog: pytest.LogCaptureFixture) -> None:
    import logging

    before = logging.getLogger("pdfminer").level
    data = draw(lambda c: write(c, 70, 100, "一、总体情况"))
    with caplog.at_level(logging.DEBUG):
        read_pages(data)
    assert not [r for r in caplog.records if r.name.startswith("pdfminer")]
    assert logging.getLogger("pdfminer").level == before


def visible(pages: Pages) -> Counter[str]:
    found: Counter[str] = Counter()
    for page in pages.pages:
        for block in page.blocks:
            parts = [block.text] if isinstance(block, Line) else [c.text for c in block.cells]
            for part in parts:
                found.update(re.sub(r"\s", "", part))
    return found


CELL = st.text(alphabet="规章公开申请0123456789.-", max_size=5)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=st.integers(2, 5).flatmap(
        lambda n: st.integers(2, 4).flatmap(
            lambda m: st.lists(st.lists(CELL, min_size=m, max_size=m), min_size=n, max_size=n)
        )
    ),
    prose=st.lists(st.text(alphabet="政府信息公开工作年度报告，。2024", max_size=30), max_size=4),
    bottom_rule=st.booleans(),
)
def test_no_character_is_lost_or_doubled(
    rows: list[list[str]], prose: list[str], bottom_rule: bool
) -> None:
    """Lines and grids together hold exactly the characters of the page."""

    def page(canvas: Canvas) -> None:
        write(canvas, 70, 20, "页眉")
        for n, text in enumerate(prose):
            write(canvas, 70, 400 + 16 * n, text)
        table(canvas, rows, bottom_rule=bottom_rule)

    pages = read_pages(draw(page))
    expected = Counter("页眉" + "".join(prose) + "".join(map("".join, rows)))
    assert visible(pages) == expected
    if any(any(row) for row in rows):
        (grid,) = grids(pages.pages[0])
        assert texts(grid) == rows


REPORTS = Path(__file__).parents[3] / "shared" / "reports"


@pytest.mark.skipif(not REPORTS.is_dir(), reason="the real reports are not shipped")
@pytest.mark.parametrize("path", sorted(REPORTS.glob("*.pdf")), ids=lambda path: path.stem)
def test_real_reports_lose_nothing_against_a_second_reader(path: Path) -> None:
    pages = read_bytes(path.read_bytes(), path.name)
    other = Counter(
        re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(path).pages))
    )
    # pypdf doubles what is printed twice; nothing that we read may be missing there.
    mine = visible(pages)
    assert sum((mine - other).values()) <= 2
    assert sum((other - mine).values()) <= 0.01 * other.total()
    assert not pages.findings


def test_records_stay_hashable() -> None:
    cell = GridCell(0, 0, "", 1)
    assert hash(cell) == hash(GridCell(0, 0, "", 1))
