"""A Word file as a whole: opening it safely and walking its body."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError, PackageNotFoundError
from lxml import etree

from nlp.documents import Page, Pages, ReadError
from nlp.read.word.body import Body

# A report with its pictures unpacks to some ten MB; beyond this it is a zip bomb.
MAX_UNPACKED_BYTES = 300 * 2**20
MAX_BODY_BYTES = 60 * 2**20
_COMPRESSION = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_EXPECTED = "可以打开的 Word 文件（.docx）"
_DAMAGE = (
    OpcError,
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    etree.LxmlError,
    RuntimeError,  # zipfile: a member with a password
    RecursionError,
    KeyError,
    ValueError,
    AttributeError,
    IndexError,
    NotImplementedError,
    OSError,
    EOFError,
)


def read_docx(data: bytes, name: str, digest: str) -> Pages:
    """Read a Word file into one page of lines and tables, in the order of its body.

    Ordinals of automatic numbering are written out, deletions under tracked changes are
    left out, text boxes follow the paragraph that they are anchored to.

    Raises
    ------
    ReadError
        ``damaged``, ``unsupported``, ``too_large`` or ``empty``.
    """
    document = _open(data, name)
    try:
        reader = _body(document)
        reader.walk(document.element.body)
    except _DAMAGE as error:
        raise _damaged(name) from error
    if not reader.blocks:
        pictured = reader.pictures > 0
        raise ReadError(
            "scan" if pictured else "empty",
            name,
            expected="含有文字的 Word 报告",
            found="只有图片的 Word 文件" if pictured else "没有文字的 Word 文件",
            advice="请改用文字版报告，或做文字识别（OCR）后另存为文本再读取。"
            if pictured
            else "请重新下载或向提供者索取原文件。",
        )
    return Pages(
        name=name,
        kind="docx",
        sha256=digest,
        reader=f"python-docx {docx.__version__}",
        pages=(Page(1, tuple(reader.blocks)),),
        metadata=_metadata(document),
        findings=tuple(reader.findings()),
    )


def _damaged(name: str) -> ReadError:
    return ReadError(
        "damaged",
        name,
        expected=_EXPECTED,
        found="内容损坏的 Word 文件",
        advice="请用 Word 或 WPS 打开（必要时修复）后另存为 .docx，再读取。",
    )


def _open(data: bytes, name: str) -> Any:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_bombs(archive, name)
            head = archive.read("word/document.xml")[:4096] if _has_body(archive) else b""
    except _DAMAGE as error:
        if isinstance(error, ReadError):
            raise
        raise _damaged(name) from error
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        # Word writes no document types; entities there only serve to attack the reader.
        raise ReadError(
            "damaged",
            name,
            expected=_EXPECTED,
            found="带有实体定义的 Word 文件（不是 Word 写出的，可能有害）",
            advice="请不要使用该文件；向提供者索取原文件。",
        )
    try:
        return docx.Document(io.BytesIO(data))
    except PackageNotFoundError as error:
        raise _damaged(name) from error
    except _DAMAGE as error:
        if b"purl.oclc.org/ooxml" in head or "content type" in str(error):
            raise ReadError(
                "unsupported",
                name,
                expected=_EXPECTED,
                found="带宏、模板或 Strict 格式的 Word 文件",
                advice="请用 Word 或 WPS 打开后另存为普通的 .docx，再读取。",
            ) from error
        raise _damaged(name) from error


def _has_body(archive: zipfile.ZipFile) -> bool:
    return "word/document.xml" in archive.namelist()


def _refuse_bombs(archive: zipfile.ZipFile, name: str) -> None:
    if any(info.compress_type not in _COMPRESSION for info in archive.infolist()):
        raise zipfile.BadZipFile("a compression that Word does not use")
    total = sum(info.file_size for info in archive.infolist())
    body = max(
        (i.file_size for i in archive.infolist() if i.filename.endswith((".xml", ".rels"))),
        default=0,
    )
    if total > MAX_UNPACKED_BYTES or body > MAX_BODY_BYTES:
        raise ReadError(
            "too_large",
            name,
            expected=f"解压后不超过 {MAX_UNPACKED_BYTES // 2**20} MB 的 Word 文件",
            found=f"解压后有 {total / 2**20:.0f} MB 的文件",
            advice="请确认文件无误；报告的 Word 文件不会这样大。",
        )


def _body(document: Any) -> Body:
    related = {rel.reltype: rel for rel in document.part.rels.values() if not rel.is_external}
    return Body(
        _element(related.get(RELATIONSHIP_TYPE.NUMBERING)),
        _element(related.get(RELATIONSHIP_TYPE.STYLES)),
    )


def _element(rel: Any) -> Any:
    if rel is None:
        return None
    part = rel.target_part
    element = getattr(part, "element", None)
    if element is not None:
        return element
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(part.blob, parser)


def _metadata(document: Any) -> dict[str, str]:
    found = {}
    try:
        properties = document.core_properties
        for key in ("title", "subject", "author", "keywords", "last_modified_by"):
            value = str(getattr(properties, key, "") or "").strip()
            if value:
                found[key] = value
    except _DAMAGE:
        # A part of another type in its place; the report itself has been read.
        return {}
    return found
