"""Render synthetic reports as PDFs and judge what is read from them.

``python -m tests.tables.rendered [cases] [first seed]`` — reportlab always; a browser and
LibreOffice where they are installed.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from random import Random

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table

from nlp.read.dispatch import read_bytes
from nlp.structure import structure_report
from nlp.tables import read_tables
from tests.tables.compare import Verdict, judge
from tests.tables.grids import HEADINGS, INTRODUCTION, Look, Matrix, as_docx, as_html, matrices
from tests.tables.synthetic import Tables, mutate, random_tables

FONTS = ("Noto Serif CJK SC", "Noto Sans CJK SC", "WenQuanYi Zen Hei", "AR PL UMing CN")


def _flow(matrix: Matrix, size: float, width: float, repeat: bool) -> Flowable:
    style = ParagraphStyle("c", fontName="STSong-Light", fontSize=size, leading=size * 1.25)
    style.wordWrap = "CJK"
    grid: list[list[object]] = [[""] * matrix.columns for _ in range(matrix.rows)]
    spans = []
    for slot in matrix.slots:
        text = slot.text.replace("\n", "<br/>")
        grid[slot.row][slot.column] = Paragraph(text, style) if text.strip() else ""
        start = (slot.column, slot.row)
        end = (slot.column + slot.colspan - 1, slot.row + slot.rowspan - 1)
        spans.append(("BOX", start, end, 0.5, colors.black))
        # The library cannot part a merged cell at a page break: those get a frame only.
        if (slot.rowspan > 1 or slot.colspan > 1) and end[1] < max(matrix.header, start[1] + 1):
            spans.append(("SPAN", start, end))
    labels = matrix.columns - 7 if matrix.header == 3 and matrix.columns < 12 else 0
    if labels:
        parts = [0.5 * width / labels] * labels + [0.5 * width / 7] * 7
    else:
        parts = [width / matrix.columns] * matrix.columns
    header = matrix.header if repeat and matrix.header == 3 else 0
    table = Table(grid, parts, repeatRows=header)
    look = [("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
    table.setStyle(look + spans)
    return table


def reportlab_pdf(tables: Tables, look: Look, rng: Random) -> bytes:
    """Draw a report with a typesetting library."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    margin, size = rng.choice((50, 70, 85)), rng.choice((8.0, 9.0, 10.5))
    body = ParagraphStyle("b", fontName="STSong-Light", fontSize=14, leading=24)
    body.wordWrap = "CJK"
    stream = io.BytesIO()
    document = SimpleDocTemplate(stream, pagesize=A4, leftMargin=margin, rightMargin=margin)
    flow: list[Flowable] = [Paragraph(tables.title, body), Paragraph(HEADINGS["一"], body)]
    flow += [Paragraph(INTRODUCTION, body) for _ in range(rng.randint(1, 12))]
    section = "一"
    for name, matrix in matrices(tables, look):
        while section != name:
            section = "一二三四五六"["一二三四五六".index(section) + 1]
            flow.append(Paragraph(HEADINGS[section], body))
        flow += [_flow(matrix, size, A4[0] - 2 * margin, look.repeat), Spacer(1, 8)]
    for name in "五六":
        flow += [Paragraph(HEADINGS[name], body), Paragraph("无。", body)]
    document.build(flow)
    return stream.getvalue()


def browser_pdf(tables: Tables, look: Look, rng: Random) -> bytes | None:
    """Print a report from a browser; None where there is none."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        return None
    style = (
        f"body{{font-family:'{rng.choice(FONTS)}';font-size:{rng.choice((10, 12, 14))}px}}"
        "table{border-collapse:collapse;width:100%}td{border:1px solid #000}"
        f"@page{{size:A4;margin:{rng.choice((12, 20, 28))}mm}}"
        f"p{{margin:{rng.choice((0, 4, 14))}px 0}}"
    )
    with tempfile.TemporaryDirectory() as folder:
        page, out = Path(folder) / "a.html", Path(folder) / "a.pdf"
        page.write_bytes(as_html(tables, look, rng, style))
        command = [browser, "--headless", "--no-sandbox", "--disable-gpu"]
        command += [f"--user-data-dir={folder}/profile", "--no-pdf-header-footer"]
        subprocess.run(
            [*command, f"--print-to-pdf={out}", page.as_uri()], capture_output=True, timeout=90
        )
        return out.read_bytes() if out.exists() else None


def office_pdf(tables: Tables, look: Look) -> bytes | None:
    """Convert the Word file of a report with LibreOffice; None where there is none."""
    office = shutil.which("soffice")
    if office is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "a.docx"
        source.write_bytes(as_docx(tables, look))
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", folder]
        subprocess.run([*command, str(source)], capture_output=True, timeout=120)
        out = Path(folder) / "a.pdf"
        return out.read_bytes() if out.exists() else None


def run_rendered(producer: str, seed: int) -> tuple[Verdict, Look, Counter[str]] | None:
    """Render one seeded report, read it, and judge its cells."""
    rng = Random(f"{producer}/{seed}")
    tables = random_tables(rng, blanks=rng.choice(("none", "none", "zeros", "totals", "mixed")))
    if seed % 4 == 3:
        mutate(tables, rng, rng.choice(("digits", "double", "misspell", "swap", "blanked")))
    look = Look(
        labels=3,
        repeat=rng.random() < 0.4,
        one_grid=rng.choice(("", "blocks")),
        vertical=rng.random() < 0.2,
    )
    if producer == "reportlab":
        data: bytes | None = reportlab_pdf(tables, look, rng)
    elif producer == "browser":
        data = browser_pdf(tables, look, rng)
    else:
        data = office_pdf(tables, look)
    if data is None:
        return None
    reading = read_tables(structure_report(read_bytes(data, "测试.pdf")))
    verdict = judge(reading.cells, tables.expected(), tables.consistent)
    return verdict, look, Counter(f.code for f in reading.findings)


def main() -> None:
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 4
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    for producer in ("reportlab", "browser", "office"):
        total: Counter[str] = Counter()
        for seed in range(first, first + cases):
            found = run_rendered(producer, seed)
            if found is None:
                print(producer, seed, "not rendered")
                continue
            verdict, look, codes = found
            total += verdict.counts
            if verdict.counts["right"] != sum(verdict.counts.values()):
                print("  ", producer, seed, dict(verdict.counts), dict(codes), look)
                print("     ", (verdict.wrong or verdict.marked)[0][:260])
        print(producer, dict(total), flush=True)


if __name__ == "__main__":
    main()
