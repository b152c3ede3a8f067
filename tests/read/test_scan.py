"""Scans: the same numbers as the file they were printed from, or a mark; never a wrong one."""

from __future__ import annotations

import io
import json
import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from pathlib import Path
from random import Random

import numpy as np
import pypdfium2
import pytest
from PIL import Image, ImageFilter

from nlp.documents import Cell, Grid, Line, Pages, ReadError
from nlp.read import read_bytes
from nlp.read.pdf.marks import Rule
from nlp.read.scan.document import agree, split_lines
from nlp.read.scan.picture import _anchored, measure_slant, open_pictures
from nlp.read.scan.recogniser import Recogniser
from nlp.structure import structure_report
from nlp.tables import read_tables
from nlp.verify import confirm_scanned
from tests.benchmarks.fuzz import scans

REPORTS = Path(__file__).parents[2] / "corpus" / "reports"
SOURCE = "baizhi-gov-2022"


def pictures(numbers: tuple[int, ...], *, turn: float = 0.0, noise: float = 0.0) -> bytes:
    """Pages of a shipped PDF as a scanner would deliver them: a PDF of pictures."""
    document = pypdfium2.PdfDocument(REPORTS / f"{SOURCE}.pdf")
    shots = []
    for number in numbers:
        shot = document[number].render(scale=200 / 72, grayscale=True).to_pil().convert("L")
        if turn:
            shot = shot.rotate(turn, resample=Image.Resampling.BICUBIC, fillcolor=245)
        if noise:
            grains = np.random.default_rng(7).normal(0, noise, (shot.height, shot.width))
            blurred = np.asarray(shot.filter(ImageFilter.GaussianBlur(0.7)), dtype=float)
            shot = Image.fromarray(np.clip(blurred * 0.85 + 25 + grains, 0, 255).astype(np.uint8))
        shots.append(shot)
    buffer = io.BytesIO()
    shots[0].save(buffer, "PDF", save_all=True, append_images=shots[1:], resolution=200)
    return buffer.getvalue()


def page_of(word: str) -> int:
    document = pypdfium2.PdfDocument(REPORTS / f"{SOURCE}.pdf")
    for number in range(len(document)):
        if word in document[number].get_textpage().get_text_range():
            return number
    raise AssertionError(word)


def judge(pages: Pages) -> tuple[list[Cell], list[Cell], dict[str, float]]:
    """Cells taken as right, cells marked, and the truth."""
    report = structure_report(pages)
    cells = confirm_scanned(read_tables(report).cells, edition="2021")
    truth = json.loads((REPORTS / f"{SOURCE}.truth.json").read_text(encoding="utf-8"))["cells"]
    taken = [c for c in cells if c.state not in ("unreadable", "absent")]
    marked = [c for c in cells if c.state == "unreadable"]
    return taken, marked, truth


@pytest.fixture(scope="module")
def crooked() -> Pages:
    # The second half of table three, and table four.
    number = page_of("收到和处理政府信息公开申请情况")
    return read_bytes(pictures((number, number + 1), turn=0.8, noise=7), "扫描.pdf", ocr=True)


def test_a_crooked_noisy_scan_gives_right_numbers_or_marks(crooked: Pages) -> None:
    taken, _, truth = judge(crooked)
    assert len(taken) >= 150  # nearly the whole of tables three and four
    for cell in taken:
        assert (cell.value or 0) == truth[cell.key], cell


def test_what_was_recognised_says_so(crooked: Pages) -> None:
    assert crooked.reader.startswith("rapidocr")
    assert {"ocr", "deskewed"} <= {f.code for f in crooked.findings}
    taken, _, _ = judge(crooked)
    assert all("扫描件识别" in cell.note for cell in taken)


def test_boxes_lie_on_the_page(crooked: Pages) -> None:
    for page in crooked.pages:
        assert page.width is not None and page.height is not None
        for block in page.blocks:
            assert isinstance(block, Line | Grid) and block.box is not None
            x0, top, x1, bottom = block.box
            assert -1 <= x0 < x1 <= page.width + 1 and -1 <= top < bottom <= page.height + 1


def test_table_two_has_no_sums_and_stays_marked(crooked: Pages) -> None:
    taken, marked, truth = judge(crooked)
    assert not [c for c in taken if c.key.startswith("2|")]
    seen = {c.key: c.candidates for c in marked if c.key.startswith("2|")}
    assert len(seen) == 10
    for key, candidates in seen.items():
        assert [float(c) for c in candidates if c] == [truth[key]], key


def test_a_misread_digit_breaks_its_sums_and_is_marked(crooked: Pages) -> None:
    report = structure_report(crooked)
    cells = list(read_tables(report).cells)
    at = next(i for i, c in enumerate(cells) if c.key == "3|3.1|自然人" and c.value)
    value = cells[at].value
    assert value is not None
    cells[at] = replace(cells[at], value=value + 7, raw=str(value + 7))
    after = {c.key: c for c in confirm_scanned(cells, edition="2021")}
    for key in ("3|3.1|自然人", "3|3.1|总计", "3|3.7|自然人"):
        assert after[key].state == "unreadable" and after[key].value is None
    assert after["3|3.2|商业企业"].state != "unreadable"


def test_a_scan_without_the_switch_says_what_to_do() -> None:
    with pytest.raises(ReadError) as caught:
        read_bytes(pictures((0,)), "扫描.pdf")
    assert caught.value.code == "scan"


def test_a_picture_file_is_a_page() -> None:
    shot = Image.new("L", (900, 400), 255)
    source = pypdfium2.PdfDocument(REPORTS / f"{SOURCE}.pdf")[0]
    page = source.render(scale=200 / 72, grayscale=True).to_pil().convert("L")
    shot.paste(page.crop((200, 150, 1100, 550)))
    buffer = io.BytesIO()
    shot.save(buffer, "PNG")
    pages = read_bytes(buffer.getvalue(), "照片.png", ocr=True)
    assert pages.kind == "image"
    assert any(isinstance(b, Line) and b.text for b in pages.pages[0].blocks)


def test_a_blank_page_is_no_report() -> None:
    buffer = io.BytesIO()
    Image.new("L", (1000, 1400), 255).save(buffer, "PNG")
    with pytest.raises(ReadError, match="没有识别出任何文字"):
        read_bytes(buffer.getvalue(), "空白.png", ocr=True)


@pytest.mark.parametrize(
    ("first", "second", "settled"),
    [
        (("12", 0.99), ("12", 0.98), "12"),
        (("O", 0.8), ("0", 0.9), "0"),  # the letter for the digit
        (("l2", 0.8), ("12", 0.9), "12"),
        (("8", 0.99), ("3", 0.99), "8\ufffd"),  # two readings, no number
        (("8", 0.5), ("8", 0.6), "8\ufffd"),  # agreed, but unsure
        (("", 0.0), ("7", 0.9), "7\ufffd"),
        (("", 0.0), ("", 0.0), "\ufffd"),  # ink is there, so it is no blank
        (("/", 0.9), ("/", 0.9), "/"),
    ],
)
def test_two_readings_must_agree(
    first: tuple[str, float], second: tuple[str, float], settled: str
) -> None:
    assert agree([first, second]) == settled


def test_a_third_reading_decides_between_two() -> None:
    assert agree([("8", 0.99), ("3", 0.99), ("3", 0.9)]) == "3"
    assert agree([("8", 0.99), ("3", 0.99), ("5", 0.9)]) == "8\ufffd"


def test_characters_of_separate_strokes_stay_whole() -> None:
    ink = np.zeros((120, 60), dtype=bool)
    for top in (10, 24, 38):  # 三: three strokes
        ink[top : top + 4, 12:44] = True
    ink[70:102, 12:44] = True  # a full character below
    assert len(split_lines(np.full(ink.shape, 255, np.uint8), ink)) == 2


def test_dust_is_no_print() -> None:
    ink = np.zeros((40, 40), dtype=bool)
    ink[3:5, 3:5] = True
    assert split_lines(np.full(ink.shape, 255, np.uint8), ink) == []


def test_short_strokes_that_end_in_the_open_are_no_rules() -> None:
    """Characters that run together look like a rule, but end on nothing."""
    frame = [Rule(False, 0, 0, 400), Rule(False, 100, 0, 400), Rule(True, 0, 0, 400)]
    side = Rule(True, 200, 0, 100)
    stroke = Rule(True, 250, 0, 60)
    assert _anchored([*frame, side, stroke]) == [0, 1, 2, 3]


@pytest.mark.parametrize("degrees", [-2.0, -0.5, 0.0, 1.3])
def test_the_slant_of_printed_lines_is_found(degrees: float) -> None:
    page = Image.new("L", (800, 800), 255)
    for top in range(60, 740, 40):
        page.paste(0, (60, top, 740, top + 12))
    turned = np.asarray(page.rotate(degrees, resample=Image.Resampling.BICUBIC, fillcolor=255))
    assert measure_slant(turned < 128) == pytest.approx(-degrees, abs=0.11)


def claims(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says how large it is."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = (b"IHDR", head), (b"IDAT", zlib.compress(b"")), (b"IEND", b"")
    chunks = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def frames(*sizes: tuple[int, int]) -> bytes:
    buffer = io.BytesIO()
    first, *others = (Image.new("1", size) for size in sizes)
    first.save(buffer, "TIFF", save_all=True, append_images=others, compression="group4")
    return buffer.getvalue()


def blank_page(width: float, height: float) -> bytes:
    document = pypdfium2.PdfDocument.new()
    document.new_page(width, height)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


REFUSED = [
    (claims(9_400, 9_400), "too_large"),  # of which the imaging library would warn the user
    (claims(20_000, 20_000), "too_large"),  # which it refuses itself
    (claims(1, 80_000_000), "too_large"),  # a place in memory for every row
    (claims(300, 300), "damaged"),
    (frames((60, 40), (9_000, 9_000)), "too_large"),  # each picture has a size of its own
    (blank_page(0.001, 800), "damaged"),  # less than a pixel wide
]


@pytest.mark.parametrize(("data", "code"), REFUSED)
def test_pictures_that_claim_too_much_or_are_none_are_refused(data: bytes, code: str) -> None:
    with pytest.raises(ReadError) as caught:
        list(open_pictures(data, "坏"))
    assert caught.value.code == code


def test_a_huge_page_is_rendered_at_a_lower_resolution() -> None:
    [picture] = open_pictures(blank_page(14_400, 14_400), "大.pdf")
    assert 10_000_000 < picture.grey.size < 20_000_000


@pytest.mark.parametrize("maker", sorted(set(scans.MAKERS), key=lambda maker: maker.__name__))
def test_hostile_pictures_are_opened_or_refused(maker: Callable[[Random], scans.Made]) -> None:
    for seed in range(2):
        name, data = maker(Random(seed))
        try:
            pictures = list(islice(open_pictures(data, name), 3))
        except ReadError as error:
            assert error.code in ("damaged", "too_large")
        else:
            assert all(picture.grey.ndim == 2 for picture in pictures)


@pytest.mark.parametrize("shape", [(2338, 12), (12, 2338), (800, 600)])
def test_strips_are_set_on_paper_before_lines_are_looked_for(shape: tuple[int, int]) -> None:
    seen = []

    class Engine:
        def auto_text_det(self, colour: np.ndarray) -> tuple[None, float]:
            seen.append(colour.shape[:2])
            return None, 0.0

    assert Recogniser(Engine()).find_lines(np.zeros(shape, dtype=np.uint8)) == []
    assert Recogniser(Engine()).find_lines(np.zeros((120, 80), dtype=np.uint8)) == []
    [(height, width)] = seen  # an icon is not looked at
    assert max(height, width) <= 5 * min(height, width)
    assert height >= min(shape[0], 1800) and width >= min(shape[1], 1800)
