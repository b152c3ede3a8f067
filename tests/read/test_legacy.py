"""Older containers: Word 97, RTF and single-file web pages give what their newer kin give."""

from __future__ import annotations

import shutil
import subprocess
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest

from nlp.documents import Grid, Line, Pages, ReadError
from nlp.read import read, read_bytes
from nlp.read.legacy import OLE, convert_to_docx, find_office, is_mhtml
from nlp.structure import structure_report
from nlp.tables import read_tables

REPORTS = Path(__file__).parents[2] / "corpus" / "reports"
WORD = REPORTS / "lanchuan-agri-2020.docx"
WEB = REPORTS / "baizhi-market-2023.html"

office = pytest.mark.skipif(find_office() is None, reason="LibreOffice is not installed")


def contents(pages: Pages) -> list[object]:
    """What is printed, without places: lines, and grids as their texts."""
    found: list[object] = []
    for block in pages.pages[0].blocks:
        if isinstance(block, Line):
            found.append(block.text)
        else:
            assert isinstance(block, Grid)
            found.append([(c.row, c.column, c.text) for c in block.cells])
    return found


def prose(pages: Pages) -> list[object]:
    return [item for item in contents(pages) if isinstance(item, str)]


def numbers(pages: Pages) -> dict[str, tuple[object, str]]:
    cells = read_tables(structure_report(pages)).cells
    assert len(cells) > 180
    return {cell.key: (cell.value, cell.state) for cell in cells}


@office
@pytest.mark.parametrize(("ext", "filter_name"), [("doc", "doc:MS Word 97"), ("rtf", "rtf")])
def test_an_old_word_file_reads_as_the_new_one(ext: str, filter_name: str, tmp_path: Path) -> None:
    program = find_office()
    assert program is not None
    shutil.copy(WORD, tmp_path / "原件.docx")
    profile = (tmp_path / "profile").as_uri()
    subprocess.run(
        [program, "--headless", f"-env:UserInstallation={profile}", "--convert-to", filter_name,
         "--outdir", str(tmp_path), str(tmp_path / "原件.docx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    pages = read(tmp_path / f"原件.{ext}")
    assert pages.kind == "docx" and pages.reader.startswith("LibreOffice")
    assert "converted" in [f.code for f in pages.findings]
    # Converting through RTF may move a rule by a hair's breadth: the numbers stay in place.
    assert prose(pages) == prose(read(WORD))
    assert numbers(pages) == numbers(read(WORD))


@office
def test_what_libreoffice_cannot_open_is_damaged() -> None:
    with pytest.raises(ReadError) as caught:
        name = "WordDocument".encode("utf-16-le")
        read_bytes(OLE + bytes(range(256)) * 20 + name, "坏.doc")
    assert caught.value.code == "damaged" and "坏.doc" in str(caught.value)


def test_a_converter_that_makes_nothing_is_not_believed(tmp_path: Path) -> None:
    """Exit code 0 without a file is what LibreOffice gives for a file it refuses."""
    silent = shutil.which("true")
    assert silent is not None
    with pytest.raises(ReadError, match=r"另存为 \.docx"):
        convert_to_docx(OLE, "报告.doc", silent)


@pytest.mark.parametrize("charset", ["utf-8", "gb2312"])
def test_a_page_saved_in_one_file_reads_as_the_page(charset: str) -> None:
    page = WEB.read_text(encoding="utf-8")
    whole = MIMEMultipart("related", type="text/html")
    whole["From"] = "<saved>"
    # Browsers name the small character set and write the large one.
    encoded = MIMEText(page, "html", "gb18030" if charset == "gb2312" else charset)
    encoded.set_param("charset", charset)
    whole.attach(encoded)
    whole.attach(MIMEImage(b"\x89PNG\r\n\x1a\n", "png"))
    data = whole.as_bytes()
    assert is_mhtml(data)
    assert contents(read_bytes(data, "保存.mht")) == contents(read(WEB))


def test_a_page_that_talks_of_mime_is_a_page() -> None:
    page = b"<html><p>Content-Type: multipart/related</p></html>"
    assert not is_mhtml(page)
