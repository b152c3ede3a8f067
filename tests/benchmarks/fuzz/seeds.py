"""Small whole reports of every kind, which the mutators then damage."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

TITLE = "岚桥县农机局2023年政府信息公开工作年度报告"
PARAGRAPHS = (
    "本报告依据《中华人民共和国政府信息公开条例》编制，统计期限自2023年1月1日起至2023年12月31日止。",
    "一、总体情况",
    "（一）主动公开。全年通过县政府网站公开农机补贴信息17条，收到申请3件，答复3件。",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "存在问题：一是补贴信息更新不够及时；二是基层农机站业务培训较少。",
    "改进措施：一是明确专人每周更新补贴信息；二是每季度组织一次业务培训。",
    "六、其他需要报告的事项",
    "本年度没有收取信息处理费。",
)
# Section four: two rows of heads, one of numbers.
HEADS = ("行政复议", "未经复议直接起诉", "复议后起诉")
GROUPS = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
NUMBERS = ("1", "0", "0", "1", "2") + ("0",) * 10
_TABLE_AFTER = "四、政府信息公开行政复议、行政诉讼情况"


@cache
def text_seed() -> bytes:
    lines = [TITLE]
    for line in PARAGRAPHS:
        lines.append(line)
        if line == _TABLE_AFTER:
            lines += [*HEADS, *GROUPS * 3, *NUMBERS]
    return "\n".join(lines).encode()


@cache
def markdown_seed() -> bytes:
    lines = [f"# {TITLE}", ""]
    for line in PARAGRAPHS:
        lines += [f"## {line}" if line[1] == "、" else f"**{line[:4]}**{line[4:]}", ""]
        if line == _TABLE_AFTER:
            lines += [
                "| " + " | ".join(g for _ in HEADS for g in GROUPS) + " |",
                "|" + " --- |" * 15,
                "| " + " | ".join(NUMBERS) + " |",
                "",
            ]
    return "\n".join(lines).encode()


def table_markup() -> str:
    heads = "".join(f'<th colspan="5">{h}</th>' for h in HEADS)
    groups = "".join(f"<td>{g}</td>" for _ in HEADS for g in GROUPS)
    numbers = "".join(f"<td>{n}</td>" for n in NUMBERS)
    return f"<table><tr>{heads}</tr><tr>{groups}</tr><tr>{numbers}</tr></table>"


@cache
def html_seed() -> bytes:
    body = "".join(
        f"<p>{line}</p>" + (table_markup() if line == _TABLE_AFTER else "") for line in PARAGRAPHS
    )
    return (
        '<!DOCTYPE html><html><head><meta charset="utf-8"><title>报告</title></head><body>'
        '<div class="nav"><a href="/">首页</a> <a href="/a">公开</a> <a href="/b">年报</a></div>'
        f'<h1>{TITLE}</h1><div class="meta">索引号：A1 发布机构：岚桥县农机局</div>'
        f'<div class="content"><ol start="1"><li value="2">目录</li></ol>{body}'
        '<img src="x.png" width="500"></div><div class="footer">版权所有</div></body></html>'
    ).encode()


@cache
def mhtml_seed() -> bytes:
    from email.mime.image import MIMEImage
    from email.mime.multipart import MIMEMultipart
    from email.mime.text import MIMEText

    whole = MIMEMultipart("related", boundary="=_part", type="text/html")
    whole["From"] = "<saved>"
    whole.attach(MIMEText(html_seed().decode(), "html", "utf-8"))
    whole.attach(MIMEImage(b"\x89PNG\r\n\x1a\n", "png"))
    return whole.as_bytes()


@cache
def docx_seed() -> bytes:
    import docx

    document = docx.Document()
    document.add_heading(TITLE, 1)
    for line in PARAGRAPHS:
        document.add_paragraph(line, style="List Number" if line[1:3] == "、总" else None)
        if line == _TABLE_AFTER:
            table = document.add_table(3, 15)
            for k, head in enumerate(HEADS):
                table.cell(0, 5 * k).merge(table.cell(0, 5 * k + 4)).text = head
            for k in range(15):
                table.cell(1, k).text = GROUPS[k % 5]
                table.cell(2, k).text = NUMBERS[k]
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


@cache
def pdf_seed() -> bytes:
    """Two pages with a ruled table, in a font that is not embedded."""
    return _pdf(compress=True)


@cache
def plain_pdf_seed() -> bytes:
    """The same with its drawing commands in the clear."""
    return _pdf(compress=False)


def _pdf(*, compress: bool) -> bytes:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842), invariant=1, pageCompression=int(compress))
    canvas.setFont("STSong-Light", 10)
    y = 800.0
    for line in (TITLE, *PARAGRAPHS):
        for start in range(0, len(line), 44):
            canvas.drawString(60, y, line[start : start + 44])
            y -= 16
        if line == _TABLE_AFTER:
            for r in range(4):
                canvas.line(60, y - 30 * r, 60 + 450, y - 30 * r)
            for c in range(16):
                top = y if c % 5 == 0 else y - 30
                canvas.line(60 + 30 * c, top, 60 + 30 * c, y - 90)
            canvas.setFont("STSong-Light", 6)
            for k, head in enumerate(HEADS):
                canvas.drawString(65 + 150 * k, y - 18, head)
            for k in range(15):
                canvas.drawString(62 + 30 * k, y - 48, GROUPS[k % 5])
                canvas.drawString(72 + 30 * k, y - 78, NUMBERS[k])
            canvas.showPage()
            canvas.setFont("STSong-Light", 10)
            y = 800.0
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


@cache
def shipped(suffixes: tuple[str, ...], most: int) -> tuple[bytes, ...]:
    """The shipped reports of some kinds (and the real ones, where they lie beside)."""
    folders = [ROOT / "corpus" / "reports", ROOT.parent / "shared" / "reports"]
    return tuple(
        path.read_bytes()
        for folder in folders
        if folder.is_dir()
        for path in sorted(folder.iterdir())
        if path.suffix in suffixes and path.stat().st_size <= most
    )
