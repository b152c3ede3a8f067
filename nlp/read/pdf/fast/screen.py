"""What PDFium would repair in silence, found in the bytes of the file beforehand."""

from __future__ import annotations

import re
import zlib

from nlp.read.pdf.fast.paths import DeclinedError

# As the reference reader: a page's drawing commands take some 100 kB.
_MAX_BYTES = 16 * 2**20
_STREAM = re.compile(rb"stream\r?\n")
_FLATE_FIRST = re.compile(rb"/Filter\s*(?:\[\s*)?/(?:FlateDecode|Fl)\b")
# Streams that are no drawing commands: fonts, pictures, colour tables, the file's own index.
_OTHER = re.compile(
    rb"/Subtype\s*/(?:Image|XML|Type1C|CIDFontType0C|OpenType)\b|/Length1\b|/Length2\b"
    rb"|/Type\s*/(?:XRef|ObjStm|EmbeddedFile|Metadata)\b|/FunctionType\b|/ShadingType\b"
)
_FORM = re.compile(rb"/Subtype\s*/Form\b")
# A form that draws two forms, each of which draws two, keeps PDFium busy for ever; nothing
# interrupts it there.
_DRAWS = re.compile(rb"\bDo\b")
_DICTIONARY = 1500


def screen(data: bytes) -> None:
    """Let through only files that are whole and open to everybody.

    Raises
    ------
    DeclinedError
        The file is encrypted, has lost its end, nests its drawings, or has drawing commands
        that do not unpack or unpack to far too much; the reference reader says whether it
        matters.
    """
    if data[:5] != b"%PDF-":
        raise DeclinedError("文件头不在开头")
    if b"%%EOF" not in data[-1024:] or b"startxref" not in data[-2048:]:
        raise DeclinedError("文件结尾不完整")
    if b"/Encrypt" in data:
        raise DeclinedError("文件加密")
    for match in _STREAM.finditer(data):
        if data[match.start() - 3 : match.start()] == b"end":
            continue
        head = data[max(0, match.start() - _DICTIONARY) : match.start()]
        head = head[head.rfind(b" obj") + 1 :]
        if _OTHER.search(head):
            continue
        end = data.find(b"endstream", match.end())
        if end < 0:
            raise DeclinedError("内容流不完整")
        content = data[match.end() : end]
        form = _FORM.search(head)
        if _FLATE_FIRST.search(head):
            content = _unpack(content)
        elif form and b"/Filter" in head:
            raise DeclinedError("图形块的压缩方式少见")
        if form and len(_DRAWS.findall(content)) > 1:
            raise DeclinedError("图形块里又有图形块")


def _unpack(content: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        unpacked = unpacker.decompress(content, _MAX_BYTES + 1)
    except zlib.error:
        raise DeclinedError("内容流损坏") from None
    if len(unpacked) > _MAX_BYTES or not unpacker.eof:
        raise DeclinedError("内容流过大或不完整")
    return unpacked
