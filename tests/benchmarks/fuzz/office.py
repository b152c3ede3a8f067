"""Hostile files for LibreOffice: RTF and Word 97, damaged or made to reach out."""

# ruff: noqa: E501  (tables of odd pieces)
from __future__ import annotations

import random
from collections.abc import Callable

from tests.benchmarks.fuzz import hostile, seeds
from tests.benchmarks.fuzz.mutate import ODD_NUMBERS, damage

Rng = random.Random
Made = tuple[str, bytes]
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_OUTSIDE = "http://127.0.0.1:47611/x"


def rtf_seed() -> bytes:
    """A small report with a table as RTF."""
    body = []
    for line in seeds.text_seed().decode().splitlines()[:60]:
        text = "".join(c if ord(c) < 128 else rf"\u{_signed(ord(c))}?" for c in line)
        body.append(rf"\pard {text}\par")
    row = "".join(rf"\cellx{1500 * at}" for at in range(1, 5))
    cells = "".join(rf"\intbl {text}\cell" for text in ("1", "2", "3", "6"))
    body.append(rf"\trowd{row}{cells}\row" * 3)
    return (r"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0 SimSun;}}" + "\n".join(body) + "}").encode()


def _signed(code: int) -> int:
    return code - 65536 if code > 32767 else code


def broken_rtf(rng: Rng) -> Made:
    return "旧.rtf", b"{\\rtf" + damage(rng, rtf_seed())[5:]


def odd_rtf(rng: Rng) -> Made:
    """Numbers of control words changed, groups left open, commands that reach out."""
    text = rtf_seed().decode()
    for _ in range(rng.choice([1, 5, 30])):
        at = rng.randrange(20, len(text))
        piece = rng.choice(
            ["{", "}", "\\", rf"\cellx{rng.choice(ODD_NUMBERS)}", rf"\u{rng.choice(ODD_NUMBERS)} ",
             rf"\bin{rng.choice(['1', '99999', '-5'])} ", r"{\pict\pngblip 89504e47}", r"\trowd" * 50,
             rf"{{\field{{\*\fldinst INCLUDEPICTURE {_OUTSIDE}.png}}}}",
             r"{\field{\*\fldinst INCLUDETEXT file:///etc/passwd}}",
             rf"{{\*\template {_OUTSIDE}.dot}}", r"{\object\objautlink\objupdate{\*\objdata 0105}}"]
        )  # fmt: skip
        text = text[:at] + piece + text[at:]
    return "旧.rtf", text.encode("utf-8", errors="replace")


def deep_rtf(rng: Rng) -> Made:
    return "深.rtf", rb"{\rtf1" + b"{" * rng.choice([1000, 20_000]) + b"x" + b"}" * 500


def _ole(streams: dict[str, bytes]) -> bytes:
    """A compound file by hand: header, one table of sectors, one directory, the streams."""
    sectors: list[bytes] = []
    chain: list[int] = []

    def put(data: bytes) -> int:
        first = len(sectors)
        pieces = [data[at : at + _SECTOR] for at in range(0, len(data), _SECTOR)] or [b""]
        for piece in pieces:
            sectors.append(piece.ljust(_SECTOR, b"\0"))
            chain.append(len(sectors))
        chain[-1] = _END
        return first

    places = {name: put(data.ljust(4096, b"\0")) for name, data in streams.items()}
    entries = [_entry("Root Entry", 5, _FREE, 1, _END, 0)]
    for at, (name, data) in enumerate(streams.items(), 1):
        right = at + 1 if at < len(streams) else _FREE
        entries.append(_entry(name, 2, right, _FREE, places[name], max(len(data), 4096)))
    directory = put(b"".join(entries))
    table = len(sectors)
    chain.append(_FAT)
    fat = b"".join(n.to_bytes(4, "little") for n in chain).ljust(_SECTOR, b"\xff")
    sectors.append(fat)
    head = _OLE + bytes(16) + bytes.fromhex("3e000300feff09000600") + bytes(6)
    numbers = [0, 1, directory, 0, 4096, _END, 0, _END, 0, table, *[_FREE] * 108]
    head += b"".join(n.to_bytes(4, "little") for n in numbers)
    return head.ljust(_SECTOR, b"\0") + b"".join(sectors)


def _entry(name: str, kind: int, right: int, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le")
    data = text.ljust(64, b"\0") + (len(text) + 2).to_bytes(2, "little") + bytes([kind, 1])
    data += b"".join(n.to_bytes(4, "little") for n in (_FREE, right, child))
    return (data.ljust(116, b"\0") + start.to_bytes(4, "little") + size.to_bytes(8, "little"))[:128]


def old_word(rng: Rng) -> Made:
    """A Word 97 container whose main stream is nearly one, or noise."""
    # wIdent, nFib of Word 97, and a table stream; what follows is taken for lengths and places
    main = bytes.fromhex("eca5c100") + rng.randbytes(rng.choice([20, 896, 4000]))
    data = _ole({"WordDocument": main, "1Table": rng.randbytes(rng.choice([10, 3000]))})
    return "旧.doc", data if rng.random() < 0.5 else _OLE + damage(rng, data)[8:]


MAKERS: tuple[Callable[[Rng], Made], ...] = (
    broken_rtf, broken_rtf, odd_rtf, odd_rtf, deep_rtf, old_word, old_word, hostile.old_word,
)  # fmt: skip
