"""A folder of hostile files: each is listed with its reason or its findings, nothing hangs,
and the results of the other files are complete."""

from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path

import docx
import pypdf
import pytest
from reportlab.pdfgen.canvas import Canvas

import nlp

REPORTS = Path(__file__).parent.parent / "corpus" / "reports"
GOOD = "good.pdf"

OTHER = """关于召开全县春季植树造林工作会议的通知
各乡镇人民政府，县直各单位：
定于三月十二日上午在县会议中心召开植树造林工作会议，请准时参加。
一、参会人员
各乡镇分管负责同志。
二、有关要求
请参会人员提前十分钟入场。
"""
NARRATIVE = """霁川县档案局2015年政府信息公开工作年度报告
根据《中华人民共和国政府信息公开条例》要求，现公布霁川县档案局2015年度政府信息公开工作年度报告。
一、概述
2015年，我局按照县政府部署推进信息公开，全年公开信息46条。
二、主动公开政府信息情况
通过县政府网站公开工作动态30条。
三、依申请公开政府信息情况
全年未收到公开申请。
四、行政复议、诉讼情况
无。
五、存在的主要问题及改进措施
一是公开内容不够丰富，二是更新不够及时。下一步，我局将充实公开内容，并明确专人定期更新。
六、其他需要报告的事项
无。
"""


def make_folder(folder: Path) -> None:
    folder.mkdir()
    shutil.copy(next(iter(sorted(REPORTS.glob("*.pdf")))), folder / GOOD)
    (folder / "01-empty.pdf").write_bytes(b"")
    whole = (folder / GOOD).read_bytes()
    (folder / "02-truncated.pdf").write_bytes(whole[: len(whole) // 3])
    writer = pypdf.PdfWriter(clone_from=folder / GOOD)
    writer.encrypt("secret", algorithm="AES-256")
    writer.write(folder / "03-encrypted.pdf")
    scan = Canvas(str(folder / "04-scan.pdf"))
    scan.drawImage(_picture(folder), 0, 0, 595, 842)
    scan.showPage()
    scan.save()
    shutil.move(folder / "picture.png", folder / "05-picture.pdf")
    (folder / "06-one-line.txt").write_bytes("公开信息".encode() * (50 * 2**20 // 12))
    (folder / "07-scripts.html").write_text(
        "<html><head><title>x</title><script>alert(1)</script></head><body><h1>"
        + NARRATIVE.split("\n")[0]
        + "</h1><script>document.write('公开')</script>"
        + "".join(f"<p onclick='x()'>{line}</p>" for line in NARRATIVE.split("\n")[1:])
        + "<img src=http://example.invalid/x.png onerror=alert(2)></body></html>",
        encoding="utf-8",
    )
    with zipfile.ZipFile(folder / "08-not-word.docx", "w") as archive:
        archive.writestr("readme.txt", "not a document")
    document = docx.Document()
    for line in NARRATIVE.splitlines():
        document.add_paragraph(line)
    document.save(str(folder / "09-no-tables.docx"))
    (folder / "10-gb18030.txt").write_bytes(NARRATIVE.replace("档案", "司法").encode("gb18030"))
    opencc = pytest.importorskip("opencc")
    traditional = opencc.OpenCC("s2t").convert(NARRATIVE.replace("档案", "审计"))
    (folder / "11-traditional.txt").write_text(traditional, encoding="utf-8")
    (folder / "12-other.txt").write_text(OTHER, encoding="utf-8")


def _picture(folder: Path) -> str:
    pil = pytest.importorskip("PIL.Image")
    buffer = io.BytesIO()
    pil.new("RGB", (600, 800), "white").save(buffer, "PNG")
    (folder / "picture.png").write_bytes(buffer.getvalue())
    return str(folder / "picture.png")


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> nlp.BuildResult:
    folder = tmp_path_factory.mktemp("hostile") / "in"
    make_folder(folder)
    return nlp.build(folder, folder.parent / "out", jobs=2)


@pytest.mark.parametrize(
    ("file", "code", "words"),
    [
        ("01-empty.pdf", "empty", "空"),
        ("02-truncated.pdf", "damaged", "下载"),  # says to get the file again
        ("03-encrypted.pdf", "encrypted", "密码"),
        ("04-scan.pdf", "scan", "--ocr"),
        ("05-picture.pdf", "unsupported", "图片"),  # a PNG named .pdf
        ("06-one-line.txt", "too_large", "应为"),
        ("08-not-word.docx", "unsupported", "应为"),  # a zip named .docx
        ("12-other.txt", "not_a_report", "年度报告"),
    ],
)
def test_is_listed_with_its_reason(
    result: nlp.BuildResult, file: str, code: str, words: str
) -> None:
    skipped = result.frames["skipped"].set_index("file")
    assert skipped.loc[file, "code"] in (code, "not_a_report" if code == "too_large" else code)
    assert file in skipped.loc[file, "reason"]
    assert words in skipped.loc[file, "reason"]


@pytest.mark.parametrize(
    ("file", "issuer"),
    [
        ("07-scripts.html", "霁川县档案局"),
        ("09-no-tables.docx", "霁川县档案局"),
        ("10-gb18030.txt", "霁川县司法局"),
        ("11-traditional.txt", "霁川县审计局"),
    ],
)
def test_is_read_although_odd(result: nlp.BuildResult, file: str, issuer: str) -> None:
    report = result.frames["reports"].set_index("file").loc[file]
    assert report["issuer"] == issuer
    assert report["year"] == 2015
    assert report["edition"] == "narrative"
    assert report["problems"] == 2
    assert report["measures"] >= 1
    assert "alert" not in report["text"] and "document.write" not in report["text"]


def test_the_traditional_copy_says_so(result: nlp.BuildResult) -> None:
    reports = result.frames["reports"].set_index("file")
    findings = result.frames["findings"]
    own = findings[findings["report_id"] == reports.loc["11-traditional.txt", "report_id"]]
    assert "traditional_script" in own["code"].tolist()


def test_the_good_file_is_complete(result: nlp.BuildResult) -> None:
    alone = nlp.read_report(REPORTS / sorted(p.name for p in REPORTS.glob("*.pdf"))[0])
    cells = result.frames["cells"]
    reports = result.frames["reports"].set_index("file")
    own = cells[cells["report_id"] == reports.loc[GOOD, "report_id"]]
    assert own["key"].tolist() == [cell.key for cell in alone.cells]
    assert own["raw"].tolist() == [cell.raw for cell in alone.cells]


def test_no_file_is_lost(result: nlp.BuildResult) -> None:
    names = {*result.frames["reports"]["file"], *result.frames["skipped"]["file"]}
    assert len(names) == 13
    assert {item["file"] for item in result.manifest["inputs"]} == names
    assert result.out is not None and (result.out / "index.html").exists()
