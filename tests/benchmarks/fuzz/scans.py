"""Hostile pictures and scans for the recogniser: broken files, lying headers, odd pages."""

# ruff: noqa: E501  (bytes of pages by hand)
from __future__ import annotations

import io
import random
import struct
import zlib
from collections.abc import Callable
from functools import cache

import numpy as np
import pypdfium2
from PIL import Image, ImageDraw

from tests.benchmarks.fuzz import seeds
from tests.benchmarks.fuzz.mutate import damage
from tests.benchmarks.fuzz.pdf import build_pdf, damage_pdf, stream

Rng = random.Random
Made = tuple[str, bytes]
_FORMATS = ("PNG", "JPEG", "TIFF", "GIF", "WEBP", "ICO")
_MODES = ("1", "L", "P", "RGB", "RGBA", "CMYK", "LA", "I;16", "F")


@cache
def _page(dpi: int) -> Image.Image:
    """The first page of a whole report as a scanner would see it."""
    document = pypdfium2.PdfDocument(seeds.pdf_seed())
    image: Image.Image = document[0].render(scale=dpi / 72, grayscale=True).to_pil().convert("L")
    return image


def _save(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    try:
        image.save(buffer, kind, **options)
    except (OSError, ValueError, KeyError):  # the format has no such mode
        buffer = io.BytesIO()
        image.convert("RGB").save(buffer, kind if kind != "ICO" else "PNG")
    return buffer.getvalue()


def _name(kind: str) -> str:
    return f"扫描.{kind.lower()}"


def broken(rng: Rng) -> Made:
    """A picture whose bytes are damaged."""
    kind = rng.choice(_FORMATS)
    return _name(kind), damage(rng, _save(_page(rng.choice([40, 100])), kind))


def headless(rng: Rng) -> Made:
    """Damage in the first bytes, where sizes and depths stand."""
    kind = rng.choice(_FORMATS)
    data = bytearray(_save(_page(40), kind))
    for _ in range(rng.choice([1, 2, 6])):
        data[rng.randrange(8, 120)] = rng.choice([0, 1, 127, 128, 255, rng.randrange(256)])
    return _name(kind), bytes(data)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def lying_png(rng: Rng) -> Made:
    """A PNG that claims to be huge, or unpacks to much more than it claims."""
    side = rng.choice([(9000, 9000), (20_000, 20_000), (2**31 - 1, 1), (1, 80_000_000), (0, 9)])
    depth, colour = rng.choice([(8, 0), (16, 6), (1, 0), (8, 3), (7, 5)])
    head = struct.pack(">IIBBBBB", *side, depth, colour, 0, 0, rng.randrange(2))
    size = rng.choice([0, 10, 50 * 2**20])
    data = zlib.compress(bytes(size), 9)
    text = zlib.compress(b" " * rng.choice([10, 80 * 2**20]), 9)
    parts = _chunk(b"IHDR", head) + _chunk(b"zTXt", b"k\0\0" + text) + _chunk(b"IDAT", data)
    return "大.png", b"\x89PNG\r\n\x1a\n" + parts + _chunk(b"IEND", b"")


def odd_size(rng: Rng) -> Made:
    """A single pixel, a hair's breadth, a strip without end."""
    width, height = rng.choice(
        [(1, 1), (2, 3), (1, 30_000), (30_000, 1), (30_000, 40), (7, 9000), (11_000, 7000)]
    )
    image = Image.new("L", (width, height), rng.choice([0, 128, 255]))
    kind = rng.choice(_FORMATS[:3])
    return _name(kind), _save(image, kind)


def odd_mode(rng: Rng) -> Made:
    """Pictures of other depths, colours and transparency, with odd resolution and turn."""
    image = _page(rng.choice([60, 100]))
    mode = rng.choice(_MODES)
    try:
        image = image.convert(mode)
    except ValueError:
        image = image.convert("I")
    kind = rng.choice(_FORMATS[:5])
    dpi = rng.choice([(0, 0), (1, 1), (200, 200), (10**6, 3)])
    return _name(kind), _save(image, kind, dpi=dpi)


def _noise(rng: Rng) -> np.ndarray:
    grains = np.random.default_rng(rng.randrange(2**32))
    return grains.integers(0, 256, (rng.choice([300, 1200]), rng.choice([300, 900])), np.uint8)


def odd_page(rng: Rng) -> Made:
    """Pages that are no print: black, noise, chequers, hundreds of rules, one blot."""
    kind = rng.randrange(6)
    image = Image.fromarray(_noise(rng))
    draw = ImageDraw.Draw(image)
    width, height = image.size
    if kind in (1, 2, 3, 4):
        draw.rectangle((0, 0, width, height), fill=0 if kind == 1 else 255)
    step = rng.choice([4, 9, 30, 60])
    if kind == 2:
        for at in range(0, max(width, height), step):
            draw.line((at, 0, at, height), fill=0, width=rng.choice([1, 2]))
            draw.line((0, at, width, at), fill=0, width=1)
    elif kind == 3:
        for at in range(0, width, 2 * step):
            draw.rectangle((at, 0, at + step, height), fill=0)
    elif kind == 4:
        draw.ellipse((width // 4, height // 4, width // 2, height // 2), fill=0)
    elif kind == 5:
        image = _page(100).rotate(rng.choice([3, 45, 90, 180]), expand=True, fillcolor=255)
    return "页.png", _save(image, "PNG")


def many_frames(rng: Rng) -> Made:
    """One file with hundreds of pictures, or one whose list of pictures leads back to itself."""
    small = [Image.new("L", (rng.choice([3, 60]), 40), shade) for shade in range(0, 240, 2)]
    kind = rng.choice(["TIFF", "GIF"])
    data = bytearray(_save(small[0], kind, save_all=True, append_images=small[1:]))
    if kind == "TIFF" and rng.random() < 0.5:
        first = struct.unpack("<I", data[4:8])[0]
        count = struct.unpack("<H", data[first : first + 2])[0]
        place = first + 2 + 12 * count
        data[place : place + 4] = struct.pack("<I", first)
    return _name(kind), bytes(data)


def scanned_pdf(rng: Rng) -> Made:
    """A PDF of pictures, damaged."""
    buffer = io.BytesIO()
    _page(rng.choice([40, 100])).save(buffer, "PDF")
    data = buffer.getvalue()
    return "扫描.pdf", damage_pdf(rng, data) if rng.random() < 0.6 else damage(rng, data)


def odd_pdf(rng: Rng) -> Made:
    """A PDF whose only page has a picture and an odd box, or whose picture is not what it says."""
    box = rng.choice(
        [
            "0 0 0 0",
            "0 0 1 1",
            "0 0 99999 99999",
            "0 0 0.001 800",
            "600 800 0 0",
            "0 0 x",
            "0 0 1e9 1",
        ]
    ).encode()
    grey = _page(40)
    pixels = grey.tobytes()
    width, height = grey.size
    entries = b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent %d/ColorSpace/%s"
    claim = rng.choice([(width, height), (width * 50, height * 50), (0, 0), (width, -1)])
    colour = rng.choice([b"DeviceGray", b"DeviceRGB", b"DeviceCMYK", b"Pattern"])
    filters = rng.choice([b"", b"/Filter/DCTDecode", b"/Filter/JPXDecode", b"/Filter/JBIG2Decode"])
    picture = stream(pixels, entries % (*claim, rng.choice([1, 8, 3]), colour) + filters)
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Rotate %d/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>"
    return "页.pdf", build_pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            page % (box, rng.choice([0, 90, 45])),
            stream(b"q 595 0 0 842 0 0 cm /X Do Q"),
            picture,
        ]
    )


MAKERS: tuple[Callable[[Rng], Made], ...] = (
    broken, broken, broken, headless, headless, lying_png, odd_size, odd_mode, odd_page, many_frames,
    scanned_pdf, scanned_pdf, odd_pdf,
)  # fmt: skip
