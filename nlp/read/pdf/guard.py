"""Bounds for what pdfminer takes on trust: sizes, ranges and widths that a file claims.

pdfminer unpacks any stream whole and fills tables over any range.  A file of a kilobyte can
so ask for all the memory there is.  The bounds below are far beyond what reports have.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pdfplumber.page
import pdfplumber.pdf
from pdfminer import lzw, pdfdocument, pdffont, pdftypes
from pdfminer.cmapdb import CMapParser
from pdfminer.pdfexceptions import PDFException
from pdfminer.pdftypes import PDFObjRef, resolve1
from pdfminer.utils import apply_png_predictor, apply_tiff_predictor, nunpack

# Fonts for Chinese reach 20 MB; nothing else that is unpacked comes near.
MAX_UNPACKED = 64 * 2**20
# pdfminer's own LZW takes some 10 s for as much; no producer of reports writes it.
_MAX_LZW = 2**20
# Characters of all ranges of one font; Unicode has 1.1 million places.
MAX_CODES = 2_000_000
# One line of a table of numbers or a picture; an A3 page at 600 dpi has 10,000 pixels.
_MAX_ROW = 10**6


class TooMuchError(PDFException):
    """Something in the file unpacks to, or claims, more than any report has."""


@contextmanager
def guard() -> Iterator[None]:
    """Put bounds on pdfminer while a file is read.

    pdfminer has no settings for them, so functions that it calls are exchanged and put back.

    Raises
    ------
    TooMuchError
        From within pdfminer, where a bound is passed.
    """
    packing = SimpleNamespace(
        decompress=_unpack, decompressobj=zlib.decompressobj, error=zlib.error
    )
    changes = [
        (pdftypes, "zlib", packing),
        (pdftypes, "decompress_corrupted", _unpack_broken),
        (pdftypes, "lzwdecode", _unpack_lzw),
        (pdftypes, "rldecode", _unpack_runs),
        (pdftypes, "ccittfaxdecode", _refuse_fax),
        (pdftypes, "apply_png_predictor", _bound_row(apply_png_predictor, 1)),
        (pdftypes, "apply_tiff_predictor", _bound_row(apply_tiff_predictor, 0)),
        (pdffont, "get_widths", _bound_widths(pdffont.get_widths, 3)),
        (pdffont, "get_widths2", _bound_widths(pdffont.get_widths2, 5)),
        (pdffont, "CMapParser", _BoundedCMapParser),
        (pdfdocument, "PDFXRefStream", _BoundedIndex),
        # Not used here, and followed by recursion: properties that point into the page tree.
        (pdfplumber.pdf, "resolve_and_decode", lambda value: value),
        (pdfplumber.page, "resolve_all", _resolve_box),
        (PDFObjRef, "resolve", _follow),
    ]
    kept = [(module, name, getattr(module, name)) for module, name, _ in changes]
    try:
        for module, name, new in changes:
            setattr(module, name, new)
        yield
    finally:
        for module, name, old in kept:
            setattr(module, name, old)


def _unpack(data: bytes) -> bytes:
    """Unpack as ``zlib.decompress`` does, or stop at the bound."""
    unpacker = zlib.decompressobj()
    unpacked = unpacker.decompress(data, MAX_UNPACKED + 1)
    if len(unpacked) > MAX_UNPACKED:
        raise TooMuchError("a stream that unpacks to too much")
    if not unpacker.eof:
        raise zlib.error("incomplete or truncated stream")
    return unpacked


def _unpack_broken(data: bytes) -> bytes:
    """Unpack as far as the data goes; pdfminer's own way, byte after byte, with a bound."""
    unpacker = zlib.decompressobj()
    parts: list[bytes] = []
    total = 0
    for at in range(len(data)):
        try:
            part = unpacker.decompress(data[at : at + 1])
        except zlib.error:
            # What is broken only in its check sum is whole.
            if at < len(data) - 3:
                raise
            break
        total += len(part)
        if total > MAX_UNPACKED:
            raise TooMuchError("a broken stream that unpacks to too much")
        parts.append(part)
    return b"".join(parts)


def _unpack_lzw(data: bytes) -> bytes:
    if len(data) > _MAX_LZW:
        raise TooMuchError("too long a stream packed by LZW")
    parts: list[bytes] = []
    total = 0
    for part in lzw.LZWDecoder(io.BytesIO(data)).run():
        total += len(part)
        if total > MAX_UNPACKED:
            raise TooMuchError("a stream that unpacks to too much")
        parts.append(part)
    return b"".join(parts)


def _unpack_runs(data: bytes) -> bytes:
    """Unpack run lengths: n copies the n + 1 bytes behind it, 257 - n repeats one, 128 ends."""
    parts: list[bytes] = []
    at = total = 0
    while at < len(data) and data[at] != 128:
        size = data[at] + 1 if data[at] < 128 else 1
        part = data[at + 1 : at + 1 + size]
        if len(part) < size:
            raise PDFException("a stream of run lengths that breaks off")
        parts.append(part if data[at] < 128 else part * (257 - data[at]))
        at += 1 + size
        total += len(parts[-1])
        if total > MAX_UNPACKED:
            raise TooMuchError("a stream that unpacks to too much")
    return b"".join(parts)


_resolve = PDFObjRef.resolve
# An object that is but a reference to another is an oddity; a chain of them is a trap.
_MAX_CHAIN = 20


def _follow(reference: PDFObjRef, default: object = None) -> Any:
    """Resolve a reference; one that leads back to itself leads nowhere."""
    found = _resolve(reference, default)
    for _ in range(_MAX_CHAIN):
        if not isinstance(found, PDFObjRef):
            return found
        found = _resolve(found, default)
    return default


def _resolve_box(value: Any) -> Any:
    """Resolve a page's turn or box: a number or a list of numbers, never a tree."""
    value = resolve1(value)
    return [resolve1(item) for item in value[:4]] if isinstance(value, list) else value


def _refuse_fax(data: bytes, params: Any) -> bytes:
    # Only pictures are packed so, and pictures are not unpacked here.
    raise PDFException("a stream of commands packed as a fax")


def _bound_row(function: Any, first: int) -> Any:
    """Bound ``colors`` × ``columns``, which stand at ``first`` among the arguments."""

    def bounded(*arguments: Any) -> Any:
        colors, columns = arguments[first : first + 2]
        if not (0 < colors <= 64 and 0 < columns <= _MAX_ROW):
            raise TooMuchError("rows of an impossible length")
        return function(*arguments)

    return bounded


def _bound_widths(function: Any, length: int) -> Any:
    """Bound the ranges of a table of widths, whose entries have ``length`` numbers."""

    def bounded(entries: Sequence[Any]) -> Any:
        codes = 0
        numbers: list[Any] = []
        for entry in entries:
            entry = resolve1(entry)
            if isinstance(entry, list):
                codes += len(entry)
                numbers = []
            elif isinstance(entry, (int, float)):
                numbers.append(entry)
                if len(numbers) == length:
                    codes += max(0, int(numbers[1]) - int(numbers[0]))
                    numbers = []
            if codes > MAX_CODES:
                raise TooMuchError("widths for more characters than there are")
        return function(entries)

    return bounded


class _BoundedCMapParser(CMapParser):
    """Counts the characters that the ranges of a Unicode map claim."""

    _codes = 0

    def do_keyword(self, pos: int, token: Any) -> None:
        if token in (self.KEYWORD_ENDBFRANGE, self.KEYWORD_ENDCIDRANGE):
            stack = [thing for _, thing in self.curstack]
            for start, end in zip(stack[0::3], stack[1::3], strict=False):
                if isinstance(start, bytes) and isinstance(end, bytes):
                    self._codes += max(0, nunpack(end) - nunpack(start))
            if self._codes > MAX_CODES:
                raise TooMuchError("a Unicode map for more characters than there are")
        super().do_keyword(pos, token)


class _BoundedIndex(pdfdocument.PDFXRefStream):
    """Does not believe an index of more objects than it has room for."""

    def load(self, parser: Any) -> None:
        super().load(parser)
        size = self.entlen or 0
        if size <= 0 or min(self.fl1 or 0, self.fl2 or 0, self.fl3 or 0) < 0:
            raise pdfdocument.PDFNoValidXRef("an index whose entries have no length")
        room = len(self.data or b"") // size + 1
        if any(not isinstance(n, int) for pair in self.ranges for n in pair):
            raise pdfdocument.PDFNoValidXRef("an index whose ranges are no numbers")
        if sum(max(0, count) for _, count in self.ranges) > 2 * room + 1000:
            raise pdfdocument.PDFNoValidXRef("an index of more objects than it has entries")
