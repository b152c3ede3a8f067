"""Damage to PDF files: numbers, references, streams, fonts, the index of objects."""

# ruff: noqa: E501  (tables of odd pieces)
from __future__ import annotations

import contextlib
import random
import re
import zlib

from tests.benchmarks.fuzz.mutate import damage

Rng = random.Random
_NUMBERS = (
    b"0", b"-1", b"1", b"2", b"3", b"65535", b"2147483647", b"-2147483648", b"99999999999999999999",
    b"1e9", b"1.5", b"-0.0001", b"null", b"true", b"()", b"[]", b"<<>>", b"/X", b"9" * 400,
)  # fmt: skip
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\n?endstream", re.S)
_INTEGER = re.compile(rb"(?<![\w.])-?\d+(?![\w.])")
_OBJECT = re.compile(rb"\d+ 0 obj.*?endobj\s*", re.S)
_REFERENCE = re.compile(rb"\d+ 0 R\b")
_OPERATORS = (
    b"q", b"Q", b"BT", b"ET", b"Tj", b"TJ", b"T*", b"Tf", b"Tm", b"Td", b"Tr", b"re", b"m", b"l", b"c",
    b"h", b"f", b"S", b"n", b"W", b"cm", b"Do", b"gs", b"rg", b"RG", b"scn", b"cs", b"sh", b"BI", b"ID",
    b"EI", b"BDC", b"EMC", b"d0", b"w", b"d", b"[", b"]", b"<<", b">>", b"(", b")", b"<", b">", b"'",
)  # fmt: skip


def _one(rng: Rng, pattern: re.Pattern[bytes], data: bytes, new: bytes) -> bytes:
    found = list(pattern.finditer(data))
    if not found:
        return data
    chosen = rng.choice(found)
    return data[: chosen.start()] + new + data[chosen.end() :]


def numbers(rng: Rng, data: bytes) -> bytes:
    for _ in range(rng.choice([1, 3, 10])):
        data = _one(rng, _INTEGER, data, rng.choice(_NUMBERS))
    return data


def references(rng: Rng, data: bytes) -> bytes:
    """Point references elsewhere: to themselves, in circles, to what is not there."""
    for _ in range(rng.choice([1, 1, 3])):
        data = _one(rng, _REFERENCE, data, b"%d 0 R" % rng.choice([0, 1, 2, 3, 4, 5, 7, 9, 999]))
    return data


def objects(rng: Rng, data: bytes) -> bytes:
    """Drop, double or exchange whole objects."""
    found = list(_OBJECT.finditer(data))
    if len(found) < 2:
        return data
    one, two = rng.sample(found, 2)
    kind = rng.randrange(3)
    if kind == 0:
        return data[: one.start()] + data[one.end() :]
    if kind == 1:
        return data[: one.start()] + one.group() * 2 + data[one.end() :]
    return data[: one.start()] + two.group() + data[one.end() :]


def index(rng: Rng, data: bytes) -> bytes:
    """Break the cross-reference table, the trailer, or where they are said to be."""
    kind = rng.randrange(7)
    if kind == 0:
        return _one(
            rng, re.compile(rb"\d{10} \d{5} [nf]"), data, b"%010d 00000 n" % rng.randrange(10**5)
        )
    if kind == 1:
        return _one(
            rng,
            re.compile(rb"startxref\s+\d+"),
            data,
            b"startxref\n%d" % rng.randrange(len(data) + 9),
        )
    if kind == 2:
        return _one(rng, re.compile(rb"trailer"), data, b"trail")
    if kind == 3:
        return _one(rng, re.compile(rb"xref"), data, b"xxxx")
    if kind == 4:
        return _one(
            rng,
            re.compile(rb"/Root"),
            data,
            rng.choice([b"/Boot", b"/Prev 9 /Root", b"/Encrypt 1 0 R /Root"]),
        )
    if kind == 5:
        return (
            data.replace(b"%%EOF", b"") if rng.random() < 0.5 else data + b"\nstartxref\n0\n%%EOF"
        )
    return _one(rng, re.compile(rb"/Size \d+"), data, b"/Size " + rng.choice(_NUMBERS))


def boxes(rng: Rng, data: bytes) -> bytes:
    """Pages of odd size, place and turn."""
    box = rng.choice([
        b"[0 0 1e9 1e9]", b"[0 0 0 0]", b"[0 0 -5 -5]", b"[1 2 3]", b"[a b c d]", b"[0 0 14400 14400]",
        b"[1e30 0 1e31 9]", b"null", b"[0 0 20 20]", b"[-9999999 -9999999 9999999 9999999]", b"5",
    ])  # fmt: skip
    data = _one(rng, re.compile(rb"/MediaBox\s*\[[^\]]*\]"), data, b"/MediaBox " + box)
    if rng.random() < 0.5:
        turn = rng.choice([b"90", b"180", b"270", b"45", b"-90", b"999999", b"/X"])
        extra = rng.choice([b"/Rotate " + turn, b"/CropBox " + box, b"/UserUnit 1e9"])
        data = _one(rng, re.compile(rb"/Type\s*/Page\b"), data, b"/Type /Page " + extra)
    return data


def fonts(rng: Rng, data: bytes) -> bytes:
    """Fonts without Unicode maps, with unknown encodings, of another kind."""
    pairs = [
        (rb"/ToUnicode \d+ 0 R", b""),
        (rb"/ToUnicode \d+ 0 R", b"/ToUnicode 1 0 R"),
        (rb"/Encoding\s*/[\w-]+", b"/Encoding /Identity-H"),
        (rb"/Encoding\s*/[\w-]+", b"/Encoding /Nowhere-H"),
        (rb"/Encoding\s*/[\w-]+", b"/Encoding /Identity-V"),
        (rb"/Subtype\s*/Type0", b"/Subtype /Type3"),
        (rb"/Subtype\s*/CIDFontType[02]", b"/Subtype /TrueType"),
        (rb"/DescendantFonts", b"/Descendants"),
        (rb"/FontFile\d?", b"/FontFail"),
        (rb"/BaseFont\s*/[^\s/]+", b"/BaseFont /#00#ff"),
        (rb"/W\s*\[", b"/W [ 0 [ 9999999 -5 ] 1 99999999 3 "),
        (rb"/CIDSystemInfo", b"/CIDSystem"),
        (rb"beginbfrange", b"beginbfchar"),
    ]
    for _ in range(rng.choice([1, 1, 2, 4])):
        old, new = rng.choice(pairs)
        data = _one(rng, re.compile(old), data, new)
    return data


def _rewrite_stream(rng: Rng, data: bytes, new: bytes | None) -> bytes:
    found = [m for m in _STREAM.finditer(data) if m.end() - m.start() < 300_000]
    if not found:
        return data
    chosen = rng.choice(found)
    raw = chosen.group(1)
    packed = False
    if new is None:
        with contextlib.suppress(zlib.error):
            raw, packed = zlib.decompress(raw), True
        new = _damage_content(rng, raw)
        if packed:
            new = zlib.compress(new, 1)
    start, end = chosen.span(1)
    head = data[:start]
    # The length is mostly kept right: a wrong one is another kind of damage.
    at = head.rfind(b"/Length", max(0, start - 400))
    if at >= 0 and rng.random() < 0.9:
        head = head[:at] + re.sub(
            rb"/Length \d+(?! 0 R)", b"/Length %d" % len(new), head[at:], count=1
        )
    return head + new + data[end:]


def _damage_content(rng: Rng, content: bytes) -> bytes:
    for _ in range(rng.choice([1, 3, 10])):
        kind = rng.randrange(6)
        at = rng.randrange(len(content) + 1)
        if kind == 0:
            content = numbers(rng, content)
        elif kind == 1:
            content = content[:at] + b" " + rng.choice(_OPERATORS) + b" " + content[at:]
        elif kind == 2:
            old = rng.choice(_OPERATORS[:38])
            content = _one(
                rng, re.compile(rb"\b" + re.escape(old) + rb"\b"), content, rng.choice(_OPERATORS)
            )
        elif kind == 3:
            content = (
                content[:at] + rng.choice(_OPERATORS) * rng.choice([10, 1000, 5000]) + content[at:]
            )
        elif kind == 4:
            end = min(len(content), at + rng.choice([5, 50, 500]))
            content = content[:at] + content[at:end] * rng.choice([2, 20]) + content[end:]
        else:
            content = damage(rng, content, 1)
    return content


def contents(rng: Rng, data: bytes) -> bytes:
    return _rewrite_stream(rng, data, None)


def streams(rng: Rng, data: bytes) -> bytes:
    """Streams cut, emptied, filtered twice or by filters that do not fit."""
    kind = rng.randrange(5)
    if kind == 0:
        found = list(_STREAM.finditer(data))
        if not found:
            return data
        chosen = rng.choice(found)
        cut = chosen.start(1) + rng.randrange(len(chosen.group(1)) + 1)
        return data[:cut] + data[chosen.end(1) :]
    if kind == 1:
        return _rewrite_stream(rng, data, rng.choice([b"", b"\x00" * 100, rng.randbytes(300)]))
    if kind == 2:
        new = rng.choice([
            b"/Filter [/FlateDecode /FlateDecode]", b"/Filter /LZWDecode", b"/Filter /ASCII85Decode",
            b"/Filter /RunLengthDecode", b"/Filter /DCTDecode", b"/Filter /Crypt", b"/Filter 5",
            b"/Filter [/ASCIIHexDecode]", b"/Filter /JBIG2Decode", b"/Filter /CCITTFaxDecode",
            b"/DecodeParms << /Predictor 15 /Columns 99999999 >> /Filter /FlateDecode", b"",
            b"/DecodeParms << /Predictor 2 /Colors 0 >> /Filter /FlateDecode", b"/Filter 1 0 R",
        ])  # fmt: skip
        return _one(rng, re.compile(rb"/Filter\s*(?:\[[^\]]*\]|/\w+)"), data, new)
    if kind == 3:
        return _one(rng, re.compile(rb"endstream"), data, rng.choice([b"", b"endobj", b"stream\n"]))
    return _one(rng, re.compile(rb"/Length \d+"), data, b"/Length " + rng.choice(_NUMBERS))


_KINDS = (
    numbers,
    references,
    objects,
    index,
    boxes,
    fonts,
    contents,
    contents,
    contents,
    streams,
    damage,
)


def damage_pdf(rng: Rng, data: bytes) -> bytes:
    for _ in range(rng.choice([1, 1, 2, 3])):
        data = rng.choice(_KINDS)(rng, data)
    return data


def build_pdf(objects: list[bytes], *, root: int = 1, extra: bytes = b"") -> bytes:
    """Put numbered objects together with a right cross-reference table."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    at = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Root %d 0 R/Size %d%s>>\nstartxref\n%d\n%%%%EOF\n" % (
        root, len(objects) + 1, extra, at,
    )  # fmt: skip
    return bytes(out)


def stream(data: bytes, entries: bytes = b"", *, pack: bool = False) -> bytes:
    if pack:
        data, entries = zlib.compress(data, 9), entries + b"/Filter/FlateDecode"
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (entries, len(data), data)


FONT = (
    b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts["
    b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)"
    b"/Ordering(GB1)/Supplement 4>>/FontDescriptor<</Type/FontDescriptor/FontName/STSong-Light"
    b"/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880"
    b"/StemV 93>>>>]>>"
)


def one_page(content: bytes, *, resources: bytes = b"", box: bytes = b"0 0 595 842",
             more: tuple[bytes, ...] = (), pack: bool = True) -> bytes:  # fmt: skip
    """A PDF of one page; its further objects begin at number 6 (4 content, 5 font)."""
    page = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>%s>>>>"
        % (box, resources)
    )
    return build_pdf([
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page,
        stream(content, pack=pack), FONT, *more,
    ])  # fmt: skip


def show(text: str, x: float = 60, y: float = 700, size: float = 12) -> bytes:
    return b"BT /F %g Tf %g %g Td <%s> Tj ET\n" % (
        size, x, y, text.encode("utf-16-be").hex().encode(),
    )  # fmt: skip
