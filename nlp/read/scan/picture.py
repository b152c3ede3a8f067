"""Pages as pictures: rendered at one resolution, set straight, their ink and their rules."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pypdfium2
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError
from scipy import ndimage

from nlp.documents import ReadError
from nlp.read.pdf.marks import Rule

# Below 200 dpi small digits blur; above it recognition gets slower, not better.
DPI = 200
# An A4 page at that resolution, for pictures that do not say how large they are.
_A4_SIDE = 11.69
# A report has some ten pages; a hundred is a book.
MAX_PAGES = 100
_MAX_PIXELS = 80_000_000
# A0 at 600 dpi; the imaging library keeps a place for every row, however short.
_MAX_SIDE = 30_000
# A page of A2 at that resolution; larger pages of PDFs are rendered at a lower one.
_MOST_RENDERED = 16_000_000
# What Pillow's readers raise for damaged files, each kind of file in its own way.
_IMAGE_FAULTS = (
    UnidentifiedImageError,
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    ArithmeticError,
    EOFError,
    NotImplementedError,
    RecursionError,
    AssertionError,
    struct.error,
    zlib.error,
)
_PDF_FAULTS = (pypdfium2.PdfiumError, ValueError, ArithmeticError, OSError, AssertionError)
# Scanners and hands are off by a degree or two; more is a page laid in askew.
_MAX_SLANT = 4.0
# Ink is darker than its surroundings by this much (of 255), so grey fills are not ink.
_CONTRAST = 28
_AROUND = 41
# Shorter than this (0.25 inch) a stroke may belong to a character.
_RULE_LENGTH = 50
_RULE_WIDTH = 12
# A rule shorter than this (1.5 inch) must run from rule to rule, as a cell's side does;
# strokes of neighbouring characters that run together do not.
_FREE_LENGTH = 300
_TOUCH = 8

Grey = NDArray[np.uint8]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Picture:
    """One straightened page: grey values, ink, and rules in pixels.

    ``grey`` and ``ink`` have shape (height, width); ink of rules is left out of ``ink``.
    """

    grey: Grey
    ink: Mask
    rules: tuple[Rule, ...]
    slant: float

    @property
    def points(self) -> float:
        """Points per pixel."""
        return 72 / DPI


def open_pictures(data: bytes, name: str) -> Iterator[Picture]:
    """Render the pages of a PDF, or of a picture file, as straightened grey pictures.

    Raises
    ------
    ReadError
        ``damaged`` or ``too_large``.
    """
    pages = _pdf_pages(data, name) if b"%PDF-" in data[:1024] else _picture_pages(data, name)
    for grey in pages:
        slant = measure_slant(_dark(grey))
        if slant:
            turned = Image.fromarray(grey).rotate(
                slant, resample=Image.Resampling.BICUBIC, fillcolor=255
            )
            grey = np.asarray(turned, dtype=np.uint8)
        ink = _dark(grey)
        rules, drawn = _find_rules(ink)
        yield Picture(grey, ink & ~drawn, rules, slant)


def _pdf_pages(data: bytes, name: str) -> Iterator[Grey]:
    try:
        document = pypdfium2.PdfDocument(data)
    except _PDF_FAULTS as error:
        raise _damaged(name) from error
    try:
        if len(document) > MAX_PAGES:
            raise ReadError(
                "too_large",
                name,
                expected=f"不超过 {MAX_PAGES} 页的扫描件",
                found=f"{len(document)} 页的扫描件",
                advice="请确认文件无误；若是多份报告的合集，请拆分后再识别。",
            )
        for number in range(len(document)):
            try:
                grey = _render(document[number])
            except _PDF_FAULTS as error:
                raise _damaged(name) from error
            yield grey
    finally:
        document.close()


def _render(page: Any) -> Grey:
    width, height = page.get_size()
    if min(width, height) * DPI < 72:
        raise ValueError("a page of less than a pixel")
    scale = DPI / 72
    if width * height * scale * scale > _MOST_RENDERED:
        scale = (_MOST_RENDERED / (width * height)) ** 0.5
    bitmap = page.render(scale=scale, grayscale=True)
    grey = np.array(bitmap.to_numpy(), dtype=np.uint8)
    return grey if grey.ndim == 2 else np.ascontiguousarray(grey[:, :, 0])


def _picture_pages(data: bytes, name: str) -> Iterator[Grey]:
    image, frames = _open_image(data, name)
    with image:
        for frame in range(frames):
            yield _show_frame(image, frame, name)


def _open_image(data: bytes, name: str) -> tuple[Image.Image, int]:
    """Open a picture file and count its pictures; nothing is unpacked yet."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of size, which is looked at below, and of tags
            image = Image.open(io.BytesIO(data))
            return image, min(int(getattr(image, "n_frames", 1)), MAX_PAGES)
    except Image.DecompressionBombError as error:
        raise _too_many_pixels(name, "过大") from error
    except _IMAGE_FAULTS as error:
        raise _damaged(name) from error


def _show_frame(image: Image.Image, frame: int, name: str) -> Grey:
    """One picture of a file, grey, on white paper, as large as a page at the resolution."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image.seek(frame)
            # Each picture of a file has a size of its own.
            if image.width * image.height > _MAX_PIXELS or max(image.size) > _MAX_SIDE:
                raise _too_many_pixels(name, f"{image.width}×{image.height} 像素")
            plain = Image.new("L", image.size, 255)
            shown = image.convert("RGBA")
            plain.paste(shown.convert("L"), mask=shown.getchannel("A"))
            scale = DPI * _A4_SIDE / max(plain.size)
            # A small picture is not made sharper by making it larger than twofold.
            scale = min(scale, 2.0)
            size = (round(plain.width * scale), round(plain.height * scale))
            return np.asarray(plain.resize(size, Image.Resampling.LANCZOS), dtype=np.uint8)
    except ReadError:
        raise
    except Image.DecompressionBombError as error:
        raise _too_many_pixels(name, "过大") from error
    except _IMAGE_FAULTS as error:
        raise _damaged(name) from error


def _too_many_pixels(name: str, size: str) -> ReadError:
    return ReadError(
        "too_large",
        name,
        expected=f"不超过 {_MAX_PIXELS // 1_000_000} 百万像素、边长不超过 {_MAX_SIDE} 像素的图片",
        found=f"{size}的图片",
        advice="请按 200–300 dpi 重新扫描。",
    )


def _damaged(name: str) -> ReadError:
    return ReadError(
        "damaged",
        name,
        expected="可以显示的扫描件（PDF、PNG、JPEG、TIFF）",
        found="打不开的图像文件",
        advice="请重新下载或重新扫描。",
    )


def _dark(grey: Grey) -> Mask:
    around = ndimage.uniform_filter(grey.astype(np.float32), _AROUND, mode="nearest")
    return np.asarray((grey < around - _CONTRAST) | (grey < 60), dtype=np.bool_)


def measure_slant(ink: Mask) -> float:
    """Give the angle (degrees, anticlockwise) that sets the lines of a page level.

    Lines of print and rules fall into the fewest rows when the page is straight, so the
    angle with the most uneven row sums is taken.

    Examples
    --------
    >>> page = np.zeros((400, 400), dtype=bool)
    >>> for x in range(400):
    ...     page[[100 + x // 40, 200 + x // 40, 300 + x // 40], x] = True
    >>> 1.2 < measure_slant(page) < 1.7  # the lines run down to the right
    True
    """
    rows, columns = np.nonzero(ink)
    if rows.size < 100:
        return 0.0
    if rows.size > 400_000:
        step = rows.size // 400_000 + 1
        rows, columns = rows[::step], columns[::step]

    def uneven(angle: float) -> float:
        level = rows - columns * np.tan(np.radians(angle))
        counts = np.bincount(np.round(level - level.min()).astype(np.int64))
        return float(np.square(counts.astype(np.float64)).sum())

    coarse = np.arange(-_MAX_SLANT, _MAX_SLANT + 0.01, 0.25)
    best = max(coarse, key=uneven)
    fine = np.arange(best - 0.25, best + 0.26, 0.05)
    angle = float(max(fine, key=uneven))
    return angle if abs(angle) >= 0.1 else 0.0


def _find_rules(ink: Mask) -> tuple[tuple[Rule, ...], Mask]:
    """Long straight strokes as rules in pixels, and the pixels they take up."""
    drawn = np.zeros_like(ink)
    rules: list[Rule] = []
    places: list[tuple[slice, slice]] = []
    for horizontal in (True, False):
        along, across = (1, 0) if horizontal else (0, 1)
        # A pixel's tilt or a speck of dust must not break a rule.
        thick = ndimage.maximum_filter1d(ink, 3, axis=across)
        thick = ndimage.maximum_filter1d(thick, 5, axis=along)
        long = ndimage.minimum_filter1d(thick, _RULE_LENGTH, axis=along)
        long = ndimage.maximum_filter1d(long, _RULE_LENGTH, axis=along)
        labels, _ = ndimage.label(long, structure=np.ones((3, 3)))
        for where in ndimage.find_objects(labels):
            if where is None:
                continue
            span, width = where[along], where[across]
            if width.stop - width.start > _RULE_WIDTH:
                continue
            middle = (width.start + width.stop - 1) / 2
            rules.append(Rule(horizontal, middle, float(span.start), float(span.stop - 1)))
            places.append(where)
    kept = _anchored(rules)
    for index in kept:
        drawn[places[index]] = True
    return tuple(rules[index] for index in kept), drawn


def _anchored(rules: list[Rule]) -> list[int]:
    """Indices of the rules that are long, or end on other rules at both ends."""
    kept = list(range(len(rules)))
    while True:
        left = [
            i
            for i in kept
            if rules[i].end - rules[i].start >= _FREE_LENGTH
            or all(
                any(
                    rules[k].horizontal != rules[i].horizontal
                    and abs(rules[k].at - end) <= _TOUCH
                    and rules[k].start - _TOUCH <= rules[i].at <= rules[k].end + _TOUCH
                    for k in kept
                )
                for end in (rules[i].start, rules[i].end)
            )
        ]
        if len(left) == len(kept):
            return left
        kept = left
