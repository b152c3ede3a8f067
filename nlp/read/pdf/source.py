"""Opening a PDF file: what is encrypted, damaged, cut off or a trap is told apart here."""

from __future__ import annotations

import io
import logging
import struct
import warnings
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Literal

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError
from pdfminer.pdfexceptions import PDFException
from pdfminer.pdftypes import resolve1
from pdfminer.psexceptions import PSException
from pdfminer.psparser import literal_name
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from nlp.documents import ReadError
from nlp.read.pdf.canvas import Canvas, draw_page
from nlp.read.pdf.guard import TooMuchError, guard
from nlp.read.pdf.limits import MAX_PAGES

# A page's drawing commands take some 100 kB; compressed junk unpacks to a thousand times its size.
MAX_PAGE_BYTES = 16 * 2**20
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


@contextmanager
def quiet() -> Iterator[None]:
    """Keep pdfminer within bounds, and log lines and warnings from the user.

    What matters of them is a finding.
    """
    loggers = [logging.getLogger(name) for name in ("pdfminer", "pdfplumber")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings(), guard():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def open_pdf(data: bytes, name: str) -> Any:
    """Open a PDF with the empty password; raises ``encrypted`` or ``damaged``."""
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
        raise _refuse(error, name, "损坏或没有下载完整的 PDF") from error


def _refuse(error: Exception, name: str, found: str) -> ReadError:
    """Say of what pdfminer raised whether the file is too large or damaged."""
    # pdfplumber hands on what it caught as an argument.
    if any(isinstance(cause, TooMuchError) for cause in (error, *error.args, error.__cause__)):
        return ReadError(
            "too_large",
            name,
            expected=_EXPECTED,
            found="解压后过大、或声称的字数页数过多的 PDF（可能有害）",
            advice="请不要使用该文件；重新下载，或用阅读器“打印为 PDF”另存一份后再读取。",
        )
    return _damaged(name, found)


def _damaged(name: str, found: str) -> ReadError:
    return ReadError(
        "damaged",
        name,
        expected=_EXPECTED,
        found=found,
        advice="请重新下载；若阅读器能打开它，请用“打印为 PDF”另存一份后再读取。",
    )


def list_pages(document: Any, data: bytes, name: str) -> list[Any]:
    """List the pages, all that the file claims to have; raises where some are missing."""
    try:
        pages = list(document.pages)
        expected = _page_count(document)
    except _DAMAGE as error:
        raise _refuse(error, name, "页面目录损坏的 PDF") from error
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


def has_fields(document: Any) -> bool:
    """Whether the file is a form to be filled in."""
    form = resolve1(document.doc.catalog.get("AcroForm"))
    return bool(resolve1(form.get("Fields"))) if isinstance(form, dict) else False


def draw_canvas(page: Any, number: int, name: str) -> tuple[Canvas, bool]:
    """Draw one page; also tell whether part of its content could not be unpacked.

    Raises
    ------
    ReadError
        ``too_large`` or ``damaged``.
    """
    states = [_content_state(resolve1(stream)) for stream in page.page_obj.contents]
    if "bomb" in states:
        raise ReadError(
            "too_large",
            name,
            expected=f"每页绘图指令不超过 {MAX_PAGE_BYTES // 2**20} MB 的 PDF",
            found=f"第 {number} 页的绘图指令解压后超过此数",
            advice="请确认文件无误；报告的页面不会这样大。",
        )
    try:
        return draw_page(page), "broken" in states
    except _DAMAGE as error:
        raise _refuse(error, name, f"第 {number} 页内容损坏的 PDF") from error


def _content_state(stream: Any) -> Literal["", "bomb", "broken"]:
    """Unpack a content stream on trial: pdfminer would keep silent about what is lost."""
    raw = getattr(stream, "rawdata", None)
    if not isinstance(raw, bytes):
        return ""
    if len(raw) > MAX_PAGE_BYTES:
        return "bomb"
    names = [literal_name(name) for name, _ in stream.get_filters()]
    if stream.decipher is not None or names[:1] not in (["FlateDecode"], ["Fl"]):
        return ""
    unpacker = zlib.decompressobj()
    try:
        size = len(unpacker.decompress(raw.lstrip(b"\r\n"), MAX_PAGE_BYTES + 1))
    except zlib.error:
        return "broken"
    if size > MAX_PAGE_BYTES:
        return "bomb"
    return "" if unpacker.eof else "broken"


def read_metadata(infos: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Give the information dictionary, keys in lower case."""
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
