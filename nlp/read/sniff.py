"""What a file is, told from its bytes alone."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from typing import Literal

from nlp.documents import ReadError

SourceKind = Literal["pdf", "html", "docx", "text"]

_REPORT = "PDF、网页（HTML）、Word（.docx）或文本格式的年度报告"
_PICTURES = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF8", "GIF"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"\x00\x00\x01\x00", "ICO"),
)
_ARCHIVES = (
    (b"Rar!\x1a\x07", "RAR 压缩包"),
    (b"7z\xbc\xaf\x27\x1c", "7z 压缩包"),
    (b"\x1f\x8b", "gzip 压缩包"),
)
# A PDF may have some bytes of mail or HTTP header before its own; readers accept 1024.
_PDF_WITHIN = 1024
_HTML = re.compile(
    rb"<(?:!doctype\s+html|/?(?:html|head|body|table|tr|td|div|meta|title|p|br|center|font|span|"
    rb"h[1-6]|ul|ol|li|section|article|strong|pre))(?=[\s>/])",
    re.I,
)
_MIME = re.compile(rb"(?:[\w-]+:[^\r\n]*\r?\n)*?content-type:\s*multipart/related", re.I)
_BOMS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")


def sniff(data: bytes, name: str) -> SourceKind:
    """Tell the kind of a file, or raise with a reason where it is none we read.

    Raises
    ------
    ReadError
        ``empty``, ``unsupported`` (picture, archive, old Word, other binary) or
        ``damaged`` (a zip that cannot be opened).

    Examples
    --------
    >>> sniff(b"%PDF-1.7 ...", "a.txt"), sniff("一、总体情况".encode(), "a.pdf")
    ('pdf', 'text')
    """
    if not data.strip(b"\x00 \t\r\n\x0c\xef\xbb\xbf"):
        raise ReadError(
            "empty",
            name,
            expected="一份年度报告",
            found=f"空文件（{len(data)} 字节）",
            advice="请重新下载或向提供者索取原文件。",
        )
    if b"%PDF-" in data[:_PDF_WITHIN]:
        return "pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _sniff_zip(data, name)
    _refuse_binary(data, name)
    return "html" if _is_html(data) else "text"


def is_picture(data: bytes) -> bool:
    """Tell whether the bytes are those of a picture file.

    Examples
    --------
    >>> is_picture(b"\\x89PNG\\r\\n\\x1a\\n..."), is_picture(b"%PDF-1.7")
    (True, False)
    """
    return data.startswith(tuple(magic for magic, _ in _PICTURES)) or (
        data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    )


def _sniff_zip(data: bytes, name: str) -> SourceKind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = set(archive.namelist())
    except (zipfile.BadZipFile, struct.error, OSError, ValueError, NotImplementedError) as error:
        raise ReadError(
            "damaged",
            name,
            expected=_REPORT,
            found="打不开的压缩格式文件（可能是没有下载完整的 Word 文件）",
            advice="请重新下载；若原件能用 Word 或 WPS 打开，请另存为 .docx 后再试。",
        ) from error
    if "word/document.xml" in members or "word/document2.xml" in members:
        return "docx"
    found = "不含 Word 正文的压缩包"
    advice = "若其中有报告，请先解压再读取。"
    if any(m.startswith("xl/") for m in members):
        found, advice = "Excel 工作簿", "请提供报告本身（PDF、Word 或网页），不是数据表。"
    elif any(m.startswith("ppt/") for m in members):
        found, advice = "PowerPoint 演示文稿", "请提供报告本身（PDF、Word 或网页）。"
    elif "OFD.xml" in members:
        found, advice = "OFD 版式文件", "请用 OFD 阅读器转换为 PDF 后再读取。"
    elif "content.xml" in members:
        found, advice = "OpenDocument 文件", "请用 LibreOffice 或 WPS 另存为 .docx 后再读取。"
    raise ReadError("unsupported", name, expected=_REPORT, found=found, advice=advice)


def _refuse_binary(data: bytes, name: str) -> None:
    def refuse(found: str, advice: str) -> ReadError:
        return ReadError("unsupported", name, expected=_REPORT, found=found, advice=advice)

    for magic, title in _PICTURES:
        if data.startswith(magic):
            raise refuse(
                f"一张图片（{title}）",
                "图片里的文字要先经文字识别（OCR）：请加 --ocr 读取（需先安装 nianbao[ocr]），"
                "或改用文字版报告。",
            )
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        raise refuse("一张图片（WebP）", "图片里的文字要先经文字识别（OCR）；请改用文字版报告。")
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise ReadError(
                "encrypted",
                name,
                expected=_REPORT,
                found="加密的 Word 文件，需要密码才能打开",
                advice="请用密码打开后另存为不加密的 .docx，再读取。",
            )
        raise refuse(
            "旧版 Word（.doc）、WPS（.wps）或其他旧版 Office 文件",
            "请用 Word、WPS 或 LibreOffice 打开后另存为 .docx 再读取。",
        )
    if _MIME.match(data[:2000]):
        raise refuse("单个文件网页（.mht）", "请用浏览器打开后另存为“网页，仅 HTML”再读取。")
    if b"<pkg:package" in data[:2000] or b"Word.Document" in data[:2000]:
        raise refuse("Word 的 XML 文件", "请用 Word 或 WPS 打开后另存为 .docx 再读取。")
    if data.startswith(b"{\\rtf"):
        raise refuse("RTF 文件", "请用 Word、WPS 或 LibreOffice 打开后另存为 .docx 再读取。")
    for magic, title in _ARCHIVES:
        if data.startswith(magic):
            raise refuse(title, "若其中有报告，请先解压再读取。")
    head = data[:65536]
    if _looks_binary(head):
        raise refuse(
            "无法识别的二进制文件",
            "请确认文件无误；若能用其他软件打开，请另存为 PDF 或 .docx 再读取。",
        )


def _looks_binary(head: bytes) -> bool:
    if head.startswith(_BOMS):
        return False
    # Control characters that no text encoding of Chinese uses, NUL aside.
    controls = sum(head.count(bytes([c])) for c in (*range(1, 9), *range(14, 27), 28, 29, 30, 31))
    if controls > max(4, len(head) // 50):
        return not _looks_utf16(head)
    nuls = head.count(0)
    # A stray NUL is a fault of the copy, not a sign of a binary; UTF-16 has many.
    return nuls > len(head) // 20 and not _looks_utf16(head)


def _looks_utf16(head: bytes) -> bool:
    """UTF-16 without a byte order mark: line breaks and ASCII show as pairs with a NUL."""
    even = head[: len(head) // 2 * 2]
    for encoding in ("utf-16-le", "utf-16-be"):
        text = even.decode(encoding, errors="replace")[:20000]
        good = sum(c in "\r\n\t" or " " <= c <= "~" or "\u3000" <= c <= "\u9fff" or
                   "\uff00" <= c <= "\uffef" or c in "—“”‘’…·①②③" for c in text)  # fmt: skip
        if text and good > 0.95 * len(text):
            return True
    return False


def _is_html(data: bytes) -> bool:
    head = data[:200_000]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in head[:200]:
        head = head.replace(b"\x00", b"")
    start = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if _HTML.match(start) or start[:5].lower() == b"<?xml":
        return _HTML.search(start) is not None
    # A text may quote a tag, and Markdown may hold a table; a page has tags all over.
    rows = [row for row in head.splitlines() if row.strip()]
    tagged = sum(_HTML.search(row) is not None for row in rows)
    return tagged >= 1 and 2 * tagged > len(rows) and len(_HTML.findall(head)) >= 3
