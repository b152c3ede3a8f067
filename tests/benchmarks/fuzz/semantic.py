"""Semantic mutations: reports whose tables are changed in known ways, read again.

    python tests/benchmarks/fuzz/semantic.py 5000 --seed 1 [--kinds html,text,docx,pdf]

Numbers are changed, blanked or run together, labels misspelt, rows dropped, doubled or
exchanged, columns exchanged with or without their heads, heads lost.  What must hold: a
cell that is taken as read has exactly what is printed under its own row and column labels;
everything else is marked.  A cell that breaks this is a *silent* wrong cell.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import traceback
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

from corpus.rebuild import form  # noqa: E402
from corpus.rebuild.sources import Source, load_sources  # noqa: E402
from corpus.rebuild.tables import Cell, Table, build_tables, raw_cells, read_raw  # noqa: E402
from corpus.rebuild.to_docx import build_docx  # noqa: E402
from corpus.rebuild.to_html import page_html  # noqa: E402
from corpus.rebuild.to_text import build_text  # noqa: E402
from corpus.rebuild.to_typeset import build_typeset  # noqa: E402
from nlp.documents import ReadError  # noqa: E402
from nlp.pipeline.single import read_report  # noqa: E402

TAKEN = {"number", "zero"}
RENDER = {
    "html": (".html", lambda s: page_html(s).encode()),
    "docx": (".docx", build_docx),
    "text": (".txt", lambda s: build_text(s).encode()),
    "pdf": (".pdf", build_typeset),
}


@dataclass
class Case:
    """One mutated report: what is printed for each key (several where it stands twice)."""

    source: Source
    edition: str
    cells: dict[str, str]
    tables: dict[str, list[Table]]
    labels: dict[str, str] = field(default_factory=dict)
    drop: list[str] = field(default_factory=list)
    printed: dict[str, set[str]] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)


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


def number_cells(table: Table) -> list[Cell]:
    return [c for c in table.cells if c.role == "number"]


def swap_texts(table: Table, pairs: list[tuple[Cell, Cell]]) -> Table:
    other = {id(a): b.text for a, b in pairs} | {id(b): a.text for a, b in pairs}
    return replace(
        table, cells=tuple(replace(c, text=other.get(id(c), c.text)) for c in table.cells)
    )


def typo(rng: random.Random, text: str) -> str:
    at = rng.randrange(len(text))
    new = rng.choice("的申息开清日未木己巳")
    return rng.choice(
        [text[:at] + new + text[at + 1 :], text[:at] + text[at + 1 :], text[:at] + new + text[at:]]
    )


def digit(rng: random.Random, raw: str) -> str:
    if not raw or not raw[-1].isdigit():
        return str(rng.randrange(1, 90))
    at = rng.choice([i for i, c in enumerate(raw) if c.isdigit()])
    new = rng.choice([d for d in "0123456789" if d != raw[at]])
    changed = raw[:at] + new + raw[at + 1 :]
    return str(int(changed)) if changed.isdigit() else changed


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


def after_building(rng: random.Random, case: Case) -> None:
    """Changes of the grid itself: heads, columns and rows exchanged, doubled or lost."""
    kind = rng.choice(
        ["none", "none", "columns", "values", "rows", "row_labels", "double", "head", "head_typo"]
    )
    if kind == "none" or "table3" not in case.tables:
        return
    table = case.tables["table3"][0]
    numbers = number_cells(table)
    heads = [c for c in table.cells if c.role == "head" and c.row == 2]
    rows = sorted({c.row for c in numbers})
    by = {(c.row, c.column): c for c in numbers}
    if kind in ("columns", "values"):
        a, b = rng.sample(range(4, 9), 2)
        pairs = [(by[row, a], by[row, b]) for row in rows]
        for left, right in pairs if kind == "values" else ():
            key_a, key_b = key_of(case, left), key_of(case, right)
            case.printed[key_a], case.printed[key_b] = {right.text}, {left.text}
        if kind == "columns":
            named = {h.column: h for h in heads}
            pairs.append((named[a], named[b]))
        table = swap_texts(table, pairs)
    elif kind in ("rows", "row_labels"):
        leaves = {c.row: c for c in table.cells if c.role == "label" and c.column == 2}
        same = [
            (r, s)
            for r in leaves
            for s in leaves
            if r < s and group_of(table, r) == group_of(table, s)
        ]
        if not same:
            return
        r, s = rng.choice(same)
        pairs = [(leaves[r], leaves[s])]
        values = [(by[r, c], by[s, c]) for c in range(3, 10)]
        if kind == "rows":
            pairs += values
        else:
            for left, right in values:
                key_a, key_b = key_of(case, left), key_of(case, right)
                case.printed[key_a], case.printed[key_b] = {right.text}, {left.text}
        table = swap_texts(table, pairs)
    elif kind == "double":
        row = rng.choice(rows)
        table = double_row(rng, case, table, row)
    else:
        head = rng.choice(heads)
        text = "" if kind == "head" else typo(rng, head.text)
        table = replace(
            table, cells=tuple(replace(c, text=text) if c is head else c for c in table.cells)
        )
    case.tables["table3"] = [table]
    case.done.append(kind)


def group_of(table: Table, row: int) -> str:
    for cell in table.cells:
        if cell.role == "group" and cell.row <= row < cell.row + cell.rowspan:
            return cell.text
    return ""


def key_of(case: Case, cell: Cell) -> str:
    single = case.source.get("single_other", case.edition == "2019")
    rows = [n for n, _, _ in form.rows3(single_other=single) if n not in case.drop]
    return f"3|{rows[cell.row - 3]}|{form.COLUMNS3[cell.column - 3]}"


def double_row(rng: random.Random, case: Case, table: Table, row: int) -> Table:
    """The row stands twice, the second time with one number changed."""
    moved = []
    for cell in table.cells:
        if cell.row > row:
            cell = replace(cell, row=cell.row + 1)
        elif cell.row + cell.rowspan > row + 1 or (
            cell.row <= row < cell.row + cell.rowspan and cell.role in ("vertical", "group")
        ):
            cell = replace(cell, rowspan=cell.rowspan + 1)
        moved.append(cell)
    changed = rng.randrange(3, 10)
    for cell in table.cells:
        if cell.row == row and cell.role in ("number", "label"):
            text = digit(rng, cell.text) if cell.column == changed else cell.text
            if cell.role == "number":
                case.printed[key_of(case, cell)] = {cell.text, text}
            moved.append(replace(cell, row=row + 1, text=text))
    return replace(table, cells=tuple(moved), rows=table.rows + 1)


def build(rng: random.Random, sources: list[Source]) -> Case:
    source = rng.choice(sources)
    settings = make_numbers(rng, source)
    cells = raw_cells(settings)
    edition = settings.get("form", settings["edition"])
    case = Case(source, edition, cells, {})
    for change in rng.sample([mutate_cells, mutate_labels, mutate_drop], rng.choice([0, 1, 1, 2])):
        change(rng, case)
    settings["labels"] = case.labels
    settings["drop"] = case.drop
    case.cells = {k: v for k, v in case.cells.items() if k.split("|")[1] not in case.drop}
    case.printed = {key: {raw} for key, raw in case.cells.items()}
    case.tables = build_tables(settings, case.cells)
    after_building(rng, case)
    case.source = Source(source.issuer, settings, source.blocks, case.cells, case.tables)
    return case


def value_of(raw: str) -> float | None:
    try:
        value = read_raw(raw)[0]
    except ValueError:
        return None
    return None if value is None else float(value)


def judge(case: Case, path: Path) -> tuple[Counter[str], list[dict[str, Any]]]:
    counts: Counter[str] = Counter()
    wrong = []
    result = read_report(path)
    for cell in result.cells:
        printed = case.printed.get(cell.key, set())
        allowed = {value_of(raw) for raw in printed}
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
    parser.add_argument("--show", type=int, default=10)
    arguments = parser.parse_args()
    kinds = arguments.kinds.split(",")
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
        for index in range(arguments.cases):
            rng = random.Random(f"{arguments.seed}-{index}")
            kind = kinds[index % len(kinds)]
            suffix, render = RENDER[kind]
            case = build(rng, of_kind[kind])
            path = Path(folder) / f"case{suffix}"
            try:
                path.write_bytes(render(case.source))
            except IndexError:  # the text renderer wraps heads, and a lost head has no lines
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
