"""``read``: look at a file's bytes, choose the reader, hand back ``Pages``."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from nlp.documents import FileKind, Finding, Pages, ReadError
from nlp.read.legacy import convert_to_docx, find_office, is_mhtml, is_old_word, unpack_mhtml
from nlp.read.pdf import read_pdf
from nlp.read.sniff import is_picture, sniff
from nlp.read.text import read_text

# The largest real reports (scans aside) are under 10 MB; ten times that is no report.
MAX_BYTES = 100 * 2**20


def read(path: Path | str, *, name: str | None = None, ocr: bool = False) -> Pages:
    """Read one file into pages of lines and ruled grids.

    What the file is, is decided by its bytes; the name is for messages only.

    Parameters
    ----------
    path : Path or str
        The file.
    name : str, optional
        What the user calls the file; the last part of ``path`` where it is left out.
    ocr : bool
        Recognise the characters of scans and pictures (needs the extra ``ocr``; seconds a
        page).  Without it they raise.

    Returns
    -------
    Pages

    Raises
    ------
    ReadError
        With code ``empty``, ``encrypted``, ``damaged``, ``scan``, ``unsupported`` or
        ``too_large``; the message names the file and says what to do.
    OSError
        If there is no such file or it may not be opened.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "某局.txt"
    ...     _ = file.write_bytes("五、存在的主要问题及改进情况".encode("gb18030"))
    ...     read(file).pages[0].blocks[0].text
    '五、存在的主要问题及改进情况'
    """
    path = Path(path)
    shown = name if name is not None else path.name
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise _too_large(shown, size)
    return read_bytes(path.read_bytes(), shown, ocr=ocr)


def read_bytes(data: bytes, name: str, *, ocr: bool = False) -> Pages:
    """Read a file's bytes; see :func:`read`.

    Raises
    ------
    ReadError
        As :func:`read`.

    Examples
    --------
    >>> from nlp.documents import ReadError
    >>> try:
    ...     read_bytes(b"", "空.pdf")
    ... except ReadError as error:
    ...     error.code, error.found
    ('empty', '空文件（0 字节）')
    """
    if len(data) > MAX_BYTES:
        raise _too_large(name, len(data))
    digest = hashlib.sha256(data).hexdigest()
    if ocr and is_picture(data):
        return _recognise(data, name, digest, "image")
    if is_old_word(data):
        office = find_office()
        if office is not None:
            return _convert(data, name, digest, office)
    if is_mhtml(data):
        return _read_html(unpack_mhtml(data, name), name, digest)
    kind = sniff(data, name)
    if kind == "pdf":
        try:
            return read_pdf(data, name, digest)
        except ReadError as error:
            if not ocr or error.code != "scan":
                raise
        return _recognise(data, name, digest, "pdf")
    if kind == "docx":
        return _read_docx(data, name, digest)
    if kind == "html":
        return _read_html(data, name, digest)
    return read_text(data, name, digest)


# The libraries behind each kind of file are loaded with the first file of that kind: a process
# that reads PDFs only is half as large without the others.
def _read_html(data: bytes, name: str, digest: str) -> Pages:
    from nlp.read.html import read_html

    return read_html(data, name, digest)


def _read_docx(data: bytes, name: str, digest: str) -> Pages:
    from nlp.read.word import read_docx

    return read_docx(data, name, digest)


def _convert(data: bytes, name: str, digest: str, office: str) -> Pages:
    pages = _read_docx(convert_to_docx(data, name, office), name, digest)
    converted = Finding(
        "converted", "info", "旧版 Word、WPS 或 RTF 文件，由 LibreOffice 转换后读取。"
    )
    return replace(
        pages, reader=f"LibreOffice, {pages.reader}", findings=(*pages.findings, converted)
    )


def _recognise(data: bytes, name: str, digest: str, kind: FileKind) -> Pages:
    # Imaging is loaded only for those who asked for it.
    from nlp.read.scan import read_scan

    return read_scan(data, name, digest, kind=kind)


def _too_large(name: str, size: int) -> ReadError:
    return ReadError(
        "too_large",
        name,
        expected=f"不超过 {MAX_BYTES // 2**20} MB 的年度报告",
        found=f"{size / 2**20:.0f} MB 的文件",
        advice="请确认文件无误；若是多份报告的合集或高清扫描件，请拆分或换用文字版。",
    )
