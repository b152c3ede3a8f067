"""Semantic mutations: reports whose tables are changed in known ways, read again.

    python tests/benchmarks/fuzz/semantic.py 5000 --seed 1 [--kinds html,text,docx,pdf]

Numbers are changed, blanked or run together, labels misspelt, rows dropped, and the layout
changed in one of the ways of ``layouts``.  What must hold: a
cell that is taken as read has exactly what is printed under its own row and column labels;
everything else is marked.  A cell that breaks this is a *silent* wrong cell.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import tempfile
import traceback
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

from reportlab.pdfbase import ttfonts  # noqa: E402

from corpus.rebuild import form  # noqa: E402
from corpus.rebuild.sources import Source, load_sources  # noqa: E402
from corpus.rebuild.tables import raw_cells, read_raw  # noqa: E402
from corpus.rebuild.to_docx import build_docx  # noqa: E402
from corpus.rebuild.to_html import page_html  # noqa: E402
from corpus.rebuild.to_text import build_text  # noqa: E402
from corpus.rebuild.to_typeset import build_typeset  # noqa: E402
from nlp.documents import Cell as ReportCell  # noqa: E402
from nlp.documents import ReadError  # noqa: E402
from nlp.pipeline.single import read_report  # noqa: E402
from nlp.read import read  # noqa: E402
from nlp.structure import structure_report  # noqa: E402
from nlp.tables import read_tables  # noqa: E402
from tests.benchmarks.fuzz.layouts import (  # noqa: E402
    GRID,
    LINES,
    MARKUP,
    Case,
    digit,
    lose_line,
    typo,
    with_keys,
)

TAKEN = {"number", "zero"}
SUFFIX = {"html": ".html", "docx": ".docx", "text": ".txt", "pdf": ".pdf"}


def make_numbers(rng: random.Random, source: Source) -> dict[str, Any]:
    """Numbers that add up, many of them zero, as in real reports."""
    settings = dict(source.settings)
    edition = settings.get("form", settings["edition"])
    single = settings.get("single_other", edition == "2019")
    busy = rng.choice([0.05, 0.25, 0.6])
    rows = [n for n, _, _ in form.rows3(single_other=single) if n not in ("1", "3.7", "4")]
    settings["t3"] = {
        n: " ".join(
            str(rng.choice([1, 2, 3, 7, 12, 48, 136]) if rng.random() < busy else 0)
            for _ in range(6)
        )
        for n in rows
        if n != "2"
    }
    settings["t4"] = ";".join(
        " ".join(str(rng.choice([0, 0, 0, 1, 2, 5])) for _ in range(4)) for _ in form.GROUPS4
    )
    blocks = []
    for _, columns, names in form.SECTION2[edition]:
        blocks += [
            " ".join(str(rng.choice([0, 1, 8, 31, 247, 1136])) for _ in columns) for _ in names
        ]
    settings["t2"] = "; ".join(blocks)
    for key in ("raw", "drop", "labels"):
        settings.pop(key, None)
    settings["zero"] = {"t3": rng.choice(["0", "0", "0", "", "/"])}
    return settings


def mutate_cells(rng: random.Random, case: Case) -> None:
    """Change what single cells print."""
    kind = rng.choice(["digit", "blank", "spaced"])
    for key in rng.sample(sorted(case.cells), rng.choice([1, 1, 2, 5])):
        raw = case.cells[key]
        if kind == "digit":
            raw = digit(rng, raw)
        elif kind == "blank":
            raw = rng.choice(["", "/", "—"])
        else:
            raw = f"{raw[:1]} {raw[1:]}" if len(raw) > 1 else raw
        case.cells[key] = raw
    case.done.append(kind)


def mutate_labels(rng: random.Random, case: Case) -> None:
    single = case.source.get("single_other", case.edition == "2019")
    rows = form.rows3(single_other=single)
    number, _, label = rng.choice(rows)
    case.labels[number] = typo(rng, label)
    case.done.append("label")


def mutate_drop(rng: random.Random, case: Case) -> None:
    single = case.source.get("single_other", case.edition == "2019")
    number = rng.choice([n for n, _, _ in form.rows3(single_other=single)])
    case.drop.append(number)
    case.done.append("drop")


def build(rng: random.Random, sources: list[Source], kind: str) -> Case:
    """Make one mutated report for a kind of file."""
    source = rng.choice(sources)
    settings = make_numbers(rng, source)
    cells = raw_cells(settings)
    edition = settings.get("form", settings["edition"])
    case = Case(source, edition, cells, {}, kind=kind, blocks=list(source.blocks))
    for change in rng.sample([mutate_cells, mutate_labels, mutate_drop], rng.choice([0, 1, 1, 2])):
        change(rng, case)
    settings["labels"] = case.labels
    settings["drop"] = case.drop
    case.cells = {k: v for k, v in case.cells.items() if k.split("|")[1] not in case.drop}
    case.printed = {key: {raw} for key, raw in case.cells.items()}
    case.tables = with_keys(settings, case.cells)
    if rng.random() < 0.75:
        layout = rng.choice(GRID)
        if layout(rng, case):
            case.done.append(layout.__name__)
    late = {"text": LINES, "html": MARKUP}.get(kind, ())
    if "columns" in case.done:
        # Exchanged columns whose heads are lost as well are nowhere in the file.
        late = tuple(change for change in late if change is not lose_line)
    if late and rng.random() < 0.3:
        after = rng.choice(late)
        (case.on_lines if kind == "text" else case.on_markup).append(after)
        case.done.append(after.__name__)
    settings["name"] = source.name
    case.source = Source(source.issuer, settings, tuple(case.blocks), case.cells, case.tables)
    return case


def render(rng: random.Random, case: Case, kind: str) -> bytes:
    """The bytes of the file that a case prints."""
    if kind == "text":
        lines = build_text(case.source).split("\n")
        for change in case.on_lines:
            lines = change(rng, lines)
        return "\n".join(lines).encode()
    if kind == "html":
        page = page_html(case.source)
        for change in case.on_markup:
            page = change(rng, page)
        return page.encode()
    return build_docx(case.source) if kind == "docx" else build_typeset(case.source)


_WIDE = str.maketrans("０１２３４５６７８９．，", "0123456789.,")
# Marks and notes beside a number leave it what it is; what else stands there makes it none.
_BESIDE = re.compile(r"（含上年2）|[①²*%]|^约|\.0$|\s+$|^\s+")
_THOUSANDS = re.compile(r"\d{1,3}(?: \d{3})+")


def value_of(raw: str) -> float | None:
    text = _BESIDE.sub("", raw.translate(_WIDE))
    if _THOUSANDS.fullmatch(text):
        text = text.replace(" ", "")
    if text in ("零", "三"):
        return 0.0 if text == "零" else 3.0
    try:
        value = read_raw(text)[0]
    except ValueError:
        return None
    return None if value is None else float(value)


def read_cells(path: Path) -> tuple[ReportCell, ...]:
    """Cells of a file by the whole way; only PDFs are read twice where that is in doubt."""
    if path.suffix == ".pdf":
        return read_report(path).cells
    return read_tables(structure_report(read(path))).cells


def judge(case: Case, path: Path) -> tuple[Counter[str], list[dict[str, Any]]]:
    counts: Counter[str] = Counter()
    wrong = []
    for cell in read_cells(path):
        printed = case.printed.get(cell.key, set())
        allowed = {value_of(raw) for raw in printed}
        if "join_numbers" in case.done:  # the space that is lost may be one within a number
            allowed |= {value_of(raw.replace(" ", "")) for raw in printed}
        if cell.state not in TAKEN:
            counts["marked" if cell.state == "unreadable" else "empty"] += 1
        elif cell.value is not None and float(cell.value) in allowed:
            counts["right"] += 1
        else:
            counts["silent"] += 1
            wrong.append(
                {"key": cell.key, "read": cell.value, "raw": cell.raw, "printed": sorted(printed),
                 "note": cell.note}
            )  # fmt: skip
    return counts, wrong


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("cases", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", default="html,text,docx,pdf")
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--show", type=int, default=10)
    arguments = parser.parse_args()
    kinds = arguments.kinds.split(",")
    ttfonts.TTFontFace = cache(ttfonts.TTFontFace)  # parsed once, not for every file
    with_tables = [
        s for s in load_sources() if s.get("edition") in ("2019", "2021") and "table3" in s.tables
    ]
    of_kind = {
        "html": [s for s in with_tables if s.settings["format"] == "html"],
        "docx": [s for s in with_tables if s.settings["format"] == "docx"],
        "text": [s for s in with_tables if s.settings["format"] == "text"],
        "pdf": [s for s in with_tables if s.settings["format"] == "typeset-pdf"],
    }
    total: dict[str, Counter[str]] = {kind: Counter() for kind in kinds}
    faults: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for index in range(arguments.first, arguments.first + arguments.cases):
            rng = random.Random(f"{arguments.seed}-{index}")
            kind = kinds[index % len(kinds)]
            case = build(rng, of_kind[kind], kind)
            path = Path(folder) / f"case{SUFFIX[kind]}"
            try:
                path.write_bytes(render(rng, case, kind))
            except (IndexError, KeyError):  # the text renderer wants every head in its place
                total[kind]["not rendered"] += 1
                continue
            try:
                counts, wrong = judge(case, path)
            except ReadError as error:
                counts, wrong = Counter({f"refused {error.code}": 1}), []
            except Exception:
                counts, wrong = Counter({"crash": 1}), []
                traceback.print_exc()
            counts["files"] = 1
            total[kind] += counts
            if wrong:
                faults["+".join(case.done)] += 1
                if sum(faults.values()) <= arguments.show:
                    print(json.dumps(
                        {"case": index, "kind": kind, "name": case.source.name,
                         "done": case.done, "labels": case.labels, "drop": case.drop,
                         "wrong": wrong[:6], "count": len(wrong)}, ensure_ascii=False))  # fmt: skip
    for kind, counts in total.items():
        print(kind, dict(sorted(counts.items())))
    print("faults by mutation:", dict(faults.most_common()))
    return 1 if any(c["silent"] or c["crash"] for c in total.values()) else 0


if __name__ == "__main__":
    raise SystemExit(main())
