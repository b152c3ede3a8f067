"""The hostile folder: every file gets its reason or its text, quickly, and nothing hangs."""

from __future__ import annotations

import copy
import io
import sys
import time
import zipfile
import zlib
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdfminer.pdfexceptions import PDFException
from pypdf import PdfWriter
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from nlp.documents import Line, ReadError
from nlp.read import MAX_BYTES, read, read_bytes
from nlp.read.pdf import guard

pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
# Generous on a shared machine; a reader that hangs takes minutes.
SECONDS = 15


def pdf(*texts: str) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1)
    for text in texts:
        canvas.setFont("STSong-Light", 12)
        canvas.drawString(70, 700, text)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def encrypted() -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(pdf("一、总体情况")))
    writer.encrypt("secret", algorithm="AES-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def picture(kind: str) -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    Image.effect_noise((80, 110), 50).save(buffer, kind)
    return buffer.getvalue()


def scan() -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1)
    for _ in range(2):
        canvas.drawImage(ImageReader(io.BytesIO(picture("JPEG"))), 0, 0, 595, 842)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def archive(member: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as out:
        out.writestr(member, "x")
    return buffer.getvalue()


def word() -> bytes:
    document = docx.Document()
    document.add_paragraph("云岭县档案馆2023年政府信息公开工作年度报告")
    document.add_paragraph("一、总体情况")
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


TITLE = "云岭县2024年政府信息公开工作年度报告"
PAGE = (
    f"<html><body><script>while(true){{}}</script><p>{TITLE}</p><p>一、总体情况</p></body></html>"
)
TRADITIONAL = "雲嶺縣2019年政府信息公開工作年度報告\n一、總體情況\n主動公開檔案12件。"

# name, bytes, the code of the error or None, what the message or the text must hold
FILES = [
    ("空.pdf", b"", "empty", "重新下载"),
    ("截断.pdf", pdf("甲", "乙", "丙")[:900], "damaged", "没有下载完整"),
    ("加密.pdf", encrypted(), "encrypted", "密码"),
    ("扫描.pdf", scan(), "scan", "扫描件"),
    ("图片.pdf", picture("JPEG"), "unsupported", "图片（JPEG）"),
    ("一行.txt", "公开 ".encode() * (50 * 2**20 // 7), "too_large", "MB"),
    ("脚本.html", PAGE.encode(), None, TITLE),
    ("压缩包.docx", archive("readme.txt"), "unsupported", "压缩包"),
    ("无表.docx", word(), None, "云岭县档案馆2023年"),
    ("国标.txt", f"{TITLE}\n一、总体情况\n".encode("gb18030"), None, TITLE),
    ("繁体.txt", TRADITIONAL.encode(), None, "雲嶺縣2019年"),
    ("菜谱.txt", "红烧茄子\n茄子两根，切滚刀块。\n".encode(), None, "茄子两根"),
    # and what else turns up in folders
    ("老.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "unsupported", ".docx"),
    (
        "老加密.docx",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        "encrypted",
        "密码",
    ),
    ("图.png", picture("PNG"), "unsupported", "OCR"),
    ("表.xlsx", archive("xl/workbook.xml"), "unsupported", "Excel"),
    ("版式.ofd", archive("OFD.xml"), "unsupported", "PDF"),
    ("断.docx", word()[:3000], "damaged", "重新下载"),
    (
        "文档.xml",
        b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><pkg:package/>',
        "unsupported",
        ".docx",
    ),
    ("富文本.rtf", rb"{\rtf1\ansi hello}", "unsupported", ".docx"),
    (
        "网页.mht",
        b"From: <x>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\r\n<html>",
        "damaged",
        "HTML",
    ),
    ("二进制.txt", bytes(range(256)) * 40, "unsupported", "二进制"),
    ("空白.txt", b"\xef\xbb\xbf \r\n\x00\n", "empty", "空文件"),
]


@pytest.mark.parametrize(("name", "data", "code", "words"), FILES, ids=[f[0] for f in FILES])
def test_every_hostile_file_is_answered(
    name: str,
    data: bytes,
    code: str | None,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # As on a machine without LibreOffice; with it, see tests/read/test_legacy.py.
    monkeypatch.setattr(sys.modules["nlp.read.dispatch"], "find_office", lambda: None)
    path = tmp_path / name
    path.write_bytes(data)
    began = time.monotonic()
    if code is None:
        pages = read(path)
        shown = "\n".join(b.text for b in pages.pages[0].blocks if isinstance(b, Line))
        assert words in shown and "while" not in shown
    else:
        with pytest.raises(ReadError) as caught:
            read(path)
        error = caught.value
        assert error.code == code
        # Which file, what was expected, what came, what to do.
        assert str(error).startswith(f"{name}：应为") and words in str(error)
        assert error.expected and error.found and error.advice
        again = copy.copy(error)  # as between processes
        assert (again.code, str(again)) == (error.code, str(error))
    assert time.monotonic() - began < SECONDS


def test_the_name_shown_is_the_users() -> None:
    with pytest.raises(ReadError, match=r"^甲/乙\.pdf：应为"):
        read_bytes(b"", "甲/乙.pdf")


def test_the_name_does_not_decide(tmp_path: Path) -> None:
    for name, data, kind in (
        ("a.txt", pdf("一、总体情况"), "pdf"),
        ("b.pdf", PAGE.encode(), "html"),
        ("c.html", word(), "docx"),
        ("d.docx", "一、总体情况".encode(), "text"),
    ):
        path = tmp_path / name
        path.write_bytes(data)
        assert read(path).kind == kind
        assert read(path, name="别名").name == "别名"


def raw_pdf(content: bytes, resources: bytes = b"", form: bytes = b"") -> bytes:
    """A PDF of one page put together by hand, with one form that the page may draw."""

    def stream(entries: bytes, data: bytes) -> bytes:
        return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (entries, len(data), data)

    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<<%s>>>>"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        page % resources,
        stream(b"/Filter/FlateDecode", zlib.compress(content)),
        stream(b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<<%s>>" % resources, form),
    ]
    out = b"%PDF-1.5\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    trailer = b"trailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n"
    return out + head + table + trailer % (len(objects) + 1, len(out))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (raw_pdf(b"/F Do", b"/XObject<</F 5 0 R>>", b"/F Do /F Do"), "empty"),
        (raw_pdf(b"[" * 50_000), "empty"),
        (raw_pdf(b" " * (30 * 2**20)), "too_large"),
    ],
    ids=["draws itself", "nested arrays", "bomb"],
)
def test_hostile_pdf_content_neither_hangs_nor_fills_the_memory(data: bytes, code: str) -> None:
    began = time.monotonic()
    with pytest.raises(ReadError) as caught:
        read_bytes(data, "坏.pdf")
    assert caught.value.code == code
    assert time.monotonic() - began < 3 * SECONDS


RUNS = [
    (b"\x02abc\xfex\x80", b"abcxxx"),  # three bytes as they are, one thrice, the end
    (b"\x00a", b"a"),  # without the mark of its end
    (b"", b""),
]


@pytest.mark.parametrize(("packed", "data"), RUNS)
def test_run_lengths_are_unpacked(packed: bytes, data: bytes) -> None:
    assert guard._unpack_runs(packed) == data


@pytest.mark.parametrize("packed", [b"\x05abc", b"\xfe", b"\x00a\x7f"])
def test_run_lengths_that_break_off_are_damage(packed: bytes) -> None:
    with pytest.raises(PDFException, match="breaks off"):
        guard._unpack_runs(packed)
    text = b"BT /F0 12 Tf (x) Tj ET"
    broken = raw_pdf(text).replace(b"/Filter/FlateDecode", b"/Filter/RunLengthDecode")
    with pytest.raises(ReadError):  # not a fault of ours
        read_bytes(broken, "坏.pdf")


def test_run_lengths_have_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "MAX_UNPACKED", 1000)
    with pytest.raises(guard.TooMuchError):
        guard._unpack_runs(b"\x81x" * 100)


def test_too_large_files_are_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "巨大.pdf"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)  # a sparse file
    with pytest.raises(ReadError) as caught:
        read(path)
    assert caught.value.code == "too_large"


def test_reading_twice_gives_the_same() -> None:
    for _, data, code, _ in FILES:
        if code is None:
            assert read_bytes(data, "x") == read_bytes(data, "x")


SEEDS = [pdf("一、总体情况", "二、主动公开"), word(), PAGE.encode(), TRADITIONAL.encode()]


@settings(max_examples=150, deadline=None)
@given(
    kind=st.integers(0, len(SEEDS) - 1),
    cuts=st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=12)), min_size=1, max_size=6),
    end=st.floats(0.05, 1),
)
def test_damage_anywhere_is_an_error_of_ours_or_pages(
    kind: int, cuts: list[tuple[float, bytes]], end: float
) -> None:
    """Whatever bytes are overwritten or cut off, only ReadError comes out."""
    data = bytearray(SEEDS[kind])
    for at, junk in cuts:
        place = int(at * len(data))
        data[place : place + len(junk)] = junk
    try:
        pages = read_bytes(bytes(data[: max(int(end * len(data)), 1)]), "坏.bin")
    except ReadError as error:
        assert error.file == "坏.bin"
    else:
        assert pages.pages
