"""What real files do to the statutory tables, done to printed grids in known ways.

A number cell carries its key, so that after any change of the grid it is known what stands
under which labels.  A change that moves numbers without their labels says so in
``Case.printed``; one that moves labels and numbers together leaves it alone, for they must
be read by label.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from corpus.rebuild.markup import Block
from corpus.rebuild.sources import Source
from corpus.rebuild.tables import Cell, Table, build_tables


@dataclass(frozen=True)
class Keyed(Cell):
    """A printed cell that knows which cell of the form it is."""

    key: str = ""


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
    kind: str = ""  # of file: html, text, docx, pdf
    blocks: list[Block] = field(default_factory=list)
    # Changes of the rendered file: of a text's lines, of a page's markup.
    on_lines: list[Callable[[random.Random, list[str]], list[str]]] = field(default_factory=list)
    on_markup: list[Callable[[random.Random, str], str]] = field(default_factory=list)


Change = Callable[[random.Random, Case], bool]
THREE = ("table2", "table3", "table4")


def with_keys(settings: dict[str, Any], cells: dict[str, str]) -> dict[str, list[Table]]:
    """The grids of a report, each number cell with its key."""
    plain = build_tables(settings, cells)
    named = build_tables(settings, {key: key for key in cells})
    for name, parts in plain.items():
        for at, table in enumerate(parts):
            keys = {(c.row, c.column): c.text for c in named[name][at].cells if c.role == "number"}
            parts[at] = replace(
                table,
                cells=tuple(
                    Keyed(
                        c.text, c.row, c.column, c.rowspan, c.colspan, c.role,
                        keys.get((c.row, c.column), ""),
                    )
                    for c in table.cells
                ),
            )  # fmt: skip
    return plain


# -- tools ----------------------------------------------------------------------------------


def pick_table(rng: random.Random, case: Case, names: Sequence[str] = THREE) -> tuple[str, int]:
    """One of the report's grids: its kind and its number among the grids of that kind."""
    kinds = [name for name in names if case.tables.get(name)]
    if not kinds:
        return "", 0
    kind = rng.choice(kinds)
    return kind, rng.randrange(len(case.tables[kind]))


def numbers_of(table: Table) -> list[Cell]:
    return [c for c in table.cells if c.role == "number"]


def put(case: Case, kind: str, at: int, table: Table) -> bool:
    case.tables[kind] = [*case.tables[kind][:at], table, *case.tables[kind][at + 1 :]]
    return True


def exchange(
    case: Case, kind: str, at: int, pairs: Sequence[tuple[Cell, Cell]], *, printed: bool
) -> bool:
    """Exchange the texts of cells; ``printed`` where the numbers leave their labels."""
    table = case.tables[kind][at]
    other = {id(a): b for a, b in pairs} | {id(b): a for a, b in pairs}
    if printed:
        for cell, source in [(a, b) for a, b in pairs] + [(b, a) for a, b in pairs]:
            key = getattr(cell, "key", "")
            if key:
                case.printed[key] = {source.text}
    cells = tuple(
        replace(c, text=other[id(c)].text if id(c) in other else c.text) for c in table.cells
    )
    return put(case, kind, at, replace(table, cells=cells))


def heads_of(kind: str, table: Table) -> list[Cell]:
    """The lowest head above each column of numbers."""
    if kind == "table3":
        return [c for c in table.cells if c.role == "head" and c.row + c.rowspan == 3 and c.row]
    if kind == "table4":
        return [
            c for c in table.cells if c.role == "head" and c.row + c.rowspan == 3 and c.colspan == 1
        ]
    return [c for c in table.cells if c.role == "head" and c.column]


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


# -- columns --------------------------------------------------------------------------------


def _two_columns(rng: random.Random, kind: str, table: Table) -> tuple[list[Cell], list[Cell]]:
    """The cells of two columns that stand side by side in the form, heads first."""
    if kind == "table3":
        a, b = rng.sample(range(4, 9), 2)
        rows = range(2, table.rows)
    elif kind == "table4":
        group = rng.randrange(3)
        a, b = rng.sample(range(5 * group, 5 * group + 4), 2)
        rows = range(table.rows)
    else:
        heads = [c for c in table.cells if c.role == "head" and c.column]
        rows_of = {c.row for c in heads if sum(h.row == c.row for h in heads) == 3}
        if not rows_of:
            return [], []
        first = rng.choice(sorted(rows_of))
        blocks = [c.row for c in table.cells if c.role == "block" and c.row > first]
        a, b = rng.sample((1, 2, 3), 2)
        rows = range(first, min(blocks, default=table.rows))
    roles = ("head", "number")
    of = {(c.row, c.column): c for c in table.cells if c.role in roles and c.colspan == 1}
    pairs = [(of[r, a], of[r, b]) for r in rows if (r, a) in of and (r, b) in of]
    return [left for left, _ in pairs], [right for _, right in pairs]


def columns(rng: random.Random, case: Case) -> bool:
    """Two columns change places, heads and all."""
    kind, at = pick_table(rng, case)
    if not kind:
        return False
    if kind == "table4" and case.kind == "text" and case.source.get("heads") == "rows":
        return False  # heads as from an extractor, line by line: those of the first group thrice
    left, right = _two_columns(rng, kind, case.tables[kind][at])
    return bool(left) and exchange(
        case, kind, at, list(zip(left, right, strict=True)), printed=False
    )


def values(rng: random.Random, case: Case) -> bool:
    """The numbers of two columns change places under their heads."""
    kind, at = pick_table(rng, case)
    if not kind:
        return False
    left, right = _two_columns(rng, kind, case.tables[kind][at])
    pairs = [(a, b) for a, b in zip(left, right, strict=True) if a.role == "number"]
    return bool(pairs) and exchange(case, kind, at, pairs, printed=True)


def review_groups(rng: random.Random, case: Case) -> bool:
    """复议后起诉 is printed before 未经复议直接起诉, with its numbers."""
    # Text as from an extractor has these two heads as the form has them, whatever the grid says.
    extracted = case.kind == "text" and case.source.get("linear", "extracted") == "extracted"
    if extracted or not case.tables.get("table4"):
        return False
    table = case.tables["table4"][0]
    of = {(c.row, c.column): c for c in table.cells}
    pairs = [(of[1, 5], of[1, 10])]
    pairs += [(of[r, 5 + c], of[r, 10 + c]) for r in (2, 3) for c in range(5)]
    return exchange(case, "table4", 0, pairs, printed=False)


def head(rng: random.Random, case: Case) -> bool:
    """A head is lost, misspelt, or printed in two columns."""
    kind, at = pick_table(rng, case)
    heads = heads_of(kind, case.tables[kind][at]) if kind else []
    if not heads:
        return False
    chosen = rng.choice(heads)
    text = rng.choice(["", typo(rng, chosen.text), rng.choice(heads).text])
    table = case.tables[kind][at]
    cells = tuple(replace(c, text=text) if c is chosen else c for c in table.cells)
    return put(case, kind, at, replace(table, cells=cells))


def no_heads(rng: random.Random, case: Case) -> bool:
    """All rows above the first row of numbers are gone."""
    kind, at = pick_table(rng, case, ("table3", "table4"))
    if not kind:
        return False
    table = case.tables[kind][at]
    kept = tuple(replace(c, row=c.row - 3) for c in table.cells if c.row >= 3)
    return put(case, kind, at, replace(table, cells=kept, rows=table.rows - 3, heads=0))


def extra_column(rng: random.Random, case: Case) -> bool:
    """A column more: 备注 or 合计 behind the last, or 序号 before the first."""
    kind, at = pick_table(rng, case)
    if not kind or case.source.get("linear") == "glued":
        return False  # 1136 and 5 of the next column are printed 11365
    table = case.tables[kind][at]
    name = rng.choice(["备注", "合计", "序号"])
    first = name == "序号"
    shift = int(first)
    heads = table.heads or 1
    moved = [replace(c, column=c.column + shift) for c in table.cells]
    column = 0 if first else table.columns
    moved.append(Keyed(name, 0, column, heads, 1, "head"))
    for row in range(heads, table.rows):
        text = {"备注": "", "合计": str(rng.randrange(9)), "序号": str(row - heads + 1)}[name]
        moved.append(Keyed(text, row, column, 1, 1, "extra"))
    widths = tuple(w * 0.93 for w in table.widths)
    widths = (0.07, *widths) if first else (*widths, 0.07)
    return put(
        case, kind, at, replace(table, cells=tuple(moved), columns=table.columns + 1, widths=widths)
    )


# -- rows -----------------------------------------------------------------------------------


def _two_rows(rng: random.Random, kind: str, table: Table) -> list[tuple[Cell, Cell]]:
    """Label and numbers of two rows of one group (table three) or one clause (table two)."""
    if kind == "table4":
        return []
    label_at = 2 if kind == "table3" else 0
    leaves = sorted(
        (c for c in table.cells if c.role == "label" and c.column == label_at), key=lambda c: c.row
    )
    group = {c.row: _group_of(kind, table, c.row) for c in leaves}
    same = [
        (a, b) for a in leaves for b in leaves if a.row < b.row and group[a.row] == group[b.row]
    ]
    if not same:
        return []
    a, b = rng.choice(same)
    of = {(c.row, c.column): c for c in numbers_of(table)}
    pairs = [(of[a.row, c], of[b.row, c]) for r, c in sorted(of) if r == a.row]
    return [(a, b), *pairs]


def _group_of(kind: str, table: Table, row: int) -> str:
    role = "group" if kind == "table3" else "block"
    name = ""
    for cell in table.cells:
        covers = cell.row <= row < cell.row + cell.rowspan if kind == "table3" else cell.row < row
        if cell.role == role and covers:
            name = cell.text
    return name


def rows(rng: random.Random, case: Case) -> bool:
    """Two rows change places, labels and all."""
    kind, at = pick_table(rng, case, ("table2", "table3", "table3"))
    pairs = _two_rows(rng, kind, case.tables[kind][at]) if kind else []
    return bool(pairs) and exchange(case, kind, at, pairs, printed=False)


def row_labels(rng: random.Random, case: Case) -> bool:
    """The labels of two rows change places; the numbers stay."""
    kind, at = pick_table(rng, case, ("table2", "table3", "table3"))
    pairs = _two_rows(rng, kind, case.tables[kind][at]) if kind else []
    if not pairs:
        return False
    labels, numbers = pairs[:1], pairs[1:]
    for a, b in numbers:
        case.printed[a.key], case.printed[b.key] = {b.text}, {a.text}  # type: ignore[attr-defined]
    return exchange(case, kind, at, labels, printed=False)


def insert_row(table: Table, row: int, new: Sequence[Cell]) -> Table:
    """Put cells as a new row before ``row``; merged cells around it grow."""
    moved: list[Cell] = []
    for cell in table.cells:
        if cell.row >= row:
            cell = replace(cell, row=cell.row + 1)
        elif cell.row + cell.rowspan > row:
            cell = replace(cell, rowspan=cell.rowspan + 1)
        moved.append(cell)
    return replace(table, cells=(*moved, *new), rows=table.rows + 1)


def double(rng: random.Random, case: Case) -> bool:
    """A row stands twice, the second time with one number changed (or none)."""
    kind, at = pick_table(rng, case)
    if not kind:
        return False
    table = case.tables[kind][at]
    row = rng.choice(sorted({c.row for c in numbers_of(table)}))
    own = [c for c in table.cells if c.row == row and c.role in ("number", "label")]
    changed = rng.choice([c for c in own if c.role == "number"]) if rng.random() < 0.8 else None
    new = []
    for cell in own:
        text = digit(rng, cell.text) if cell is changed else cell.text
        key = getattr(cell, "key", "")
        if key:
            case.printed[key] = {cell.text, text}
        new.append(replace(cell, row=row + 1, text=text))
    grown = []
    for cell in table.cells:  # merged cells that end with the row cover its double as well
        ends = cell.rowspan > 1 or cell.role in ("group", "vertical")
        if ends and cell.row + cell.rowspan == row + 1:
            cell = replace(cell, rowspan=cell.rowspan + 1, row=cell.row)
            grown.append(cell)
    table = insert_row(table, row + 1, new)
    places = {(c.row, c.column): c for c in grown}
    cells = tuple(places.get((c.row, c.column), c) for c in table.cells)
    return put(case, kind, at, replace(table, cells=cells))


def extra_row(rng: random.Random, case: Case) -> bool:
    """A row that the form does not have: a part of another row, a sum, a note, a blank."""
    kind, at = pick_table(rng, case)
    if not kind:
        return False
    table = case.tables[kind][at]
    numbers = numbers_of(table)
    row = rng.choice(sorted({c.row for c in numbers}))
    model = [c for c in table.cells if c.row == row and c.role in ("number", "label")]
    label = rng.choice(["其中：线上办理", "合计", "小计", "其中：当面申请", "", "备注", "单位：件"])
    bare = label in ("备注", "单位：件")
    new = []
    for cell in model:
        text = "" if bare or label == "" else str(rng.randrange(40))
        new.append(
            Keyed(text if cell.role == "number" else label, row + 1, cell.column, 1, cell.colspan,
                  "extra")
        )  # fmt: skip
    return put(case, kind, at, insert_row(table, row + 1, new))


def extra_row_for_lost(rng: random.Random, case: Case) -> bool:
    """A row's label is lost or another's word; its numbers must not be given to a form row."""
    kind, at = pick_table(rng, case, ("table2", "table3", "table3"))
    if not kind:
        return False
    table = case.tables[kind][at]
    labels = [c for c in table.cells if c.role == "label"]
    chosen = rng.choice(labels)
    text = rng.choice(["其中：线上办理", "本项小计", "", "备注"])
    if text:
        for cell in numbers_of(table):
            if cell.row == chosen.row:
                case.printed[cell.key] = set()  # type: ignore[attr-defined]
    cells = tuple(replace(c, text=text) if c is chosen else c for c in table.cells)
    return put(case, kind, at, replace(table, cells=cells))


def shift(rng: random.Random, case: Case) -> bool:
    """The numbers of one row stand one column to the right or left of their own."""
    kind, at = pick_table(rng, case)
    if not kind:
        return False
    table = case.tables[kind][at]
    row = rng.choice(sorted({c.row for c in numbers_of(table)}))
    own = sorted((c for c in numbers_of(table) if c.row == row), key=lambda c: c.column)
    texts = [c.text for c in own]
    texts = ["", *texts[:-1]] if rng.random() < 0.5 else [*texts[1:], ""]
    new = {id(c): text for c, text in zip(own, texts, strict=True)}
    for cell in own:
        # Blank cells leave no trace in a text, so that nothing tells that the row has moved.
        before = {cell.text} if case.kind == "text" else set()
        case.printed[cell.key] = {new[id(cell)], *before}  # type: ignore[attr-defined]
    cells = tuple(replace(c, text=new.get(id(c), c.text)) for c in table.cells)
    return put(case, kind, at, replace(table, cells=cells))


def table_two_drop(rng: random.Random, case: Case) -> bool:
    """A row of table two, or a whole clause, is not in print."""
    kind, at = pick_table(rng, case, ("table2",))
    if not kind:
        return False
    table = case.tables[kind][at]
    blocks = sorted(c.row for c in table.cells if c.role == "block")
    if rng.random() < 0.5 and len(blocks) > 1:
        first = rng.choice(blocks)
        gone = range(first, min((b for b in blocks if b > first), default=table.rows))
    else:
        row = rng.choice(sorted({c.row for c in numbers_of(table)}))
        gone = range(row, row + 1)
    kept = []
    for cell in table.cells:
        if cell.row in gone:
            if getattr(cell, "key", ""):
                case.printed[cell.key] = set()  # type: ignore[attr-defined]
            continue
        kept.append(replace(cell, row=cell.row - sum(r < cell.row for r in gone)))
    return put(case, kind, at, replace(table, cells=tuple(kept), rows=table.rows - len(gone)))


def label(rng: random.Random, case: Case) -> bool:
    """One or two labels of any kind are misspelt: rows, groups, clauses, heads."""
    kind, at = pick_table(rng, case)
    if not kind:
        return False
    table = case.tables[kind][at]
    words = [c for c in table.cells if c.role != "number" and len(c.text) > 1]
    chosen = {id(c) for c in rng.sample(words, min(len(words), rng.choice([1, 1, 2])))}
    cells = tuple(replace(c, text=typo(rng, c.text)) if id(c) in chosen else c for c in table.cells)
    return put(case, kind, at, replace(table, cells=cells))


# -- cells ----------------------------------------------------------------------------------

_WIDE = str.maketrans("0123456789.,", "０１２３４５６７８９．，")
_ODD: tuple[Callable[[str], str], ...] = (
    lambda raw: raw.translate(_WIDE),
    lambda raw: f"{raw}（含上年2）",
    lambda raw: f"{raw}①",
    lambda raw: f"{raw}²",
    lambda raw: f"{raw}*",
    lambda raw: f"约{raw}",
    lambda raw: f"{raw}件",
    lambda raw: f" {raw} ",
    lambda raw: f"{raw}.0",
    lambda raw: f"{raw}-{raw}",
    lambda raw: f"{raw}/{raw}",
    lambda raw: f"{raw}、2",
    lambda raw: raw.replace("1", "l").replace("0", "O"),
    lambda raw: f"{raw} {raw}",
    lambda raw: f"({raw})",
    lambda raw: f"1,{int(raw) % 1000:03d}",
    lambda raw: "／",
    lambda raw: "无",
    lambda raw: "——",
    lambda raw: "零",
    lambda raw: "\u3000",
    lambda raw: "见附件",
    lambda raw: "三",
    lambda raw: "#REF!",
    lambda raw: f"{raw}%",
)


def odd_cells(rng: random.Random, case: Case) -> bool:
    """Cells that hold something else than a plain number."""
    for _ in range(rng.choice([1, 2, 4])):
        kind, at = pick_table(rng, case)
        if not kind:
            return False
        table = case.tables[kind][at]
        chosen = rng.choice(numbers_of(table))
        raw = chosen.text if chosen.text.isdigit() else "0"
        text = rng.choice(_ODD)(raw)
        case.printed[chosen.key] = {text}  # type: ignore[attr-defined]
        put(case, kind, at, replace(
            table, cells=tuple(replace(c, text=text) if c is chosen else c for c in table.cells)
        ))  # fmt: skip
    return True


def run_together(rng: random.Random, case: Case) -> bool:
    """Two neighbours' numbers stand in the left one's cell, apart or not; the other is blank."""
    kind, at = pick_table(rng, case)
    if not kind:
        return False
    table = case.tables[kind][at]
    own = sorted(numbers_of(table), key=lambda c: (c.row, c.column))
    pairs = [(a, b) for a, b in pairwise(own) if a.row == b.row]
    if not pairs:
        return False
    a, b = rng.choice(pairs)
    new = {id(a): a.text + rng.choice([" ", "", "\u3000"]) + b.text, id(b): ""}
    for cell in (a, b):  # "1 136" may be a number, but not beside a blank
        whole = new[id(cell)].strip().isdigit()
        if case.kind == "text" and not whole:
            continue  # cells of a text are parted by spaces anyhow
        case.printed[cell.key] = {new[id(cell)]} if whole else set()  # type: ignore[attr-defined]
    cells = tuple(replace(c, text=new.get(id(c), c.text)) for c in table.cells)
    return put(case, kind, at, replace(table, cells=cells))


# -- tables of the page ---------------------------------------------------------------------


def _place(case: Case, kind: str) -> int:
    return next((i for i, block in enumerate(case.blocks) if block.kind == kind), -1)


def last_year(rng: random.Random, case: Case) -> bool:
    """The table of the year before stands in the same section, under a line that says so."""
    kind, _ = pick_table(rng, case)
    place = _place(case, kind)
    if place < 0:
        return False
    year = case.source.settings["year"]
    section = case.blocks[place].section
    old = [
        replace(t, cells=tuple(
            replace(c, text=str(rng.choice([0, 2, 5, 9, 41]))) if c.role == "number" else c
            for c in t.cells
        ))
        for t in case.tables[kind]
    ]  # fmt: skip
    case.tables["earlier"] = old
    told = Block("para", f"附：{year - 1}年度数据（供比较）", section)
    now = Block("para", f"{year}年度数据", section)
    case.blocks[place : place + 1] = rng.choice(
        [[case.blocks[place], told, Block("earlier", "", section)],
         [told, Block("earlier", "", section), now, case.blocks[place]]]
    )  # fmt: skip
    return True


def template(rng: random.Random, case: Case) -> bool:
    """The form itself, without a number, stands before or behind the filled table."""
    kind, _ = pick_table(rng, case)
    place = _place(case, kind)
    if place < 0:
        return False
    case.tables["template"] = [
        replace(t, cells=tuple(replace(c, text="") if c.role == "number" else c for c in t.cells))
        for t in case.tables[kind]
    ]
    here = place + rng.randrange(2)
    case.blocks.insert(here, Block("template", "", case.blocks[place].section))
    return True


def twice(rng: random.Random, case: Case) -> bool:
    """A whole table stands twice, the second time with a few numbers changed."""
    kind, _ = pick_table(rng, case)
    place = _place(case, kind)
    if place < 0:
        return False
    again = []
    for table in case.tables[kind]:
        chosen = (
            {id(c) for c in rng.sample(numbers_of(table), 2)}
            if len(numbers_of(table)) > 1
            else set()
        )
        cells = []
        for cell in table.cells:
            if id(cell) in chosen:
                text = digit(rng, cell.text)
                case.printed.setdefault(cell.key, set()).add(text)  # type: ignore[attr-defined]
                cell = replace(cell, text=text)
            cells.append(cell)
        again.append(replace(table, cells=tuple(cells)))
    case.tables["again"] = again
    case.blocks.insert(place + 1, Block("again", "", case.blocks[place].section))
    return True


def order(rng: random.Random, case: Case) -> bool:
    """Tables three and four change places; their headings go with them, or stay."""
    three, four = _place(case, "table3"), _place(case, "table4")
    if three < 0 or four < 0:
        return False
    if rng.random() < 0.5:
        case.blocks[three], case.blocks[four] = case.blocks[four], case.blocks[three]
        return True
    section = {n: [b for b in case.blocks if b.section == n] for n in ("三", "四")}
    first = min(i for i, b in enumerate(case.blocks) if b.section in section)
    rest = [b for b in case.blocks if b.section not in section]
    case.blocks[:] = [*rest[:first], *section["四"], *section["三"], *rest[first:]]
    return True


def lost_table(rng: random.Random, case: Case) -> bool:
    """A table is not in the file at all."""
    kind, _ = pick_table(rng, case)
    place = _place(case, kind)
    if place < 0:
        return False
    del case.blocks[place]
    for table in case.tables[kind]:
        for cell in numbers_of(table):
            case.printed[cell.key] = set()  # type: ignore[attr-defined]
    return True


def split(rng: random.Random, case: Case) -> bool:
    """Table three is cut in two between two rows, by a line, a heading, or its own head again."""
    place = _place(case, "table3")
    if place < 0 or len(case.tables["table3"]) != 1:
        return False
    table = case.tables["table3"][0]
    cut = rng.randrange(4, table.rows - 1)
    repeat = rng.random() < 0.5
    upper: list[Cell] = []
    lower: list[Cell] = [c for c in table.cells if c.row < 3] if repeat else []
    move = cut - (3 if repeat else 0)
    for cell in table.cells:
        end = cell.row + cell.rowspan
        if cell.row < cut:
            upper.append(replace(cell, rowspan=min(end, cut) - cell.row))
        if end > cut:
            row = max(cell.row, cut)
            text = cell.text if cell.row >= cut or rng.random() < 0.3 else ""
            lower.append(replace(cell, row=row - move, rowspan=end - row, text=text))
    case.tables["table3"] = [replace(table, cells=tuple(upper), rows=cut)]
    case.tables["rest"] = [replace(table, cells=tuple(lower), rows=table.rows - move)]
    section = case.blocks[place].section
    line = rng.choice(["", "续表", "（接上页）", "— 4 —"])
    between = [Block("para", line, section)] if line else []
    case.blocks[place + 1 : place + 1] = [*between, Block("rest", "", section)]
    return True


# -- the rendered file ----------------------------------------------------------------------

_BEGIN = re.compile(r"第二十条|勾稽|行政复议")


def _table_lines(lines: Sequence[str]) -> list[int]:
    """Numbers of the lines that hold numbers or labels of the tables."""
    first = next((i for i, line in enumerate(lines) if _BEGIN.search(line)), len(lines))
    last = next(
        (i for i, line in enumerate(lines) if i > first and re.match(r"\s*(#+ *)?五、", line)),
        len(lines),
    )
    return [i for i in range(first, last) if lines[i].strip()]


def lose_line(rng: random.Random, lines: list[str]) -> list[str]:
    own = _table_lines(lines)
    gone = set(rng.sample(own, min(len(own), rng.choice([1, 1, 2]))))
    return [line for i, line in enumerate(lines) if i not in gone]


def lose_repeated(rng: random.Random, lines: list[str]) -> list[str]:
    """A copier takes lines that are the same as the one before for one."""
    own = set(_table_lines(lines))
    out: list[str] = []
    for i, line in enumerate(lines):
        if i in own and out and line == out[-1]:
            continue
        out.append(line)
    return out


def join_numbers(rng: random.Random, lines: list[str]) -> list[str]:
    """The space between two numbers of a line is lost."""
    own = [i for i in _table_lines(lines) if re.search(r"\d +\d", lines[i])]
    if own:
        at = rng.choice(own)
        gap = rng.choice(list(re.finditer(r"(?<=\d) +(?=\d)", lines[at])))
        lines[at] = lines[at][: gap.start()] + lines[at][gap.end() :]
    return lines


def page_line(rng: random.Random, lines: list[str]) -> list[str]:
    """The number of a page, or its head, in the middle of a table."""
    own = _table_lines(lines)
    if own:
        line = rng.choice(
            ["- 3 -", "3", "第 3 页 共 6 页", "— 12 —", "政府信息公开工作年度报告", "3/6"]
        )
        lines.insert(rng.choice(own), line)
    return lines


def double_line(rng: random.Random, lines: list[str]) -> list[str]:
    own = _table_lines(lines)
    if own:
        at = rng.choice(own)
        lines.insert(at, lines[at])
    return lines


def other_spaces(rng: random.Random, lines: list[str]) -> list[str]:
    own = set(_table_lines(lines))
    space = rng.choice(["\t", "\u3000", "\u00a0", "    "])
    return [line.replace(" ", space) if i in own else line for i, line in enumerate(lines)]


_NUMBER_CELL = re.compile(r'<td class="number"( colspan="\d+")?>([^<]*)</td>')


def wrong_span(rng: random.Random, page: str) -> str:
    """A span in the markup that does not fit the grid."""
    spans = list(re.finditer(r'(row|col)span="(\d+)"', page))
    if not spans:
        return page
    chosen = rng.choice(spans)
    size = max(1, int(chosen[2]) + rng.choice([-1, 1, 1]))
    return f'{page[: chosen.start()]}{chosen[1]}span="{size}"{page[chosen.end() :]}'


def added_span(rng: random.Random, page: str) -> str:
    cells = list(_NUMBER_CELL.finditer(page))
    if not cells:
        return page
    chosen = rng.choice(cells)
    span = rng.choice(['colspan="2"', 'rowspan="2"'])
    return f"{page[: chosen.start()]}<td {span}>{chosen[2]}</td>{page[chosen.end() :]}"


def nested(rng: random.Random, page: str) -> str:
    """A table inside a cell, or around the whole table."""
    if rng.random() < 0.5:
        return re.sub(
            r'<table class="(table\d)">(.*?)</table>',
            r'<table><tr><td><table class="\1">\2</table></td></tr></table>', page, flags=re.DOTALL,
        )  # fmt: skip
    return _NUMBER_CELL.sub(
        lambda m: (
            f"<td{m[1] or ''}><table><tr><td>{m[2]}</td></tr></table></td>"
            if rng.random() < 0.1
            else m[0]
        ),
        page,
    )


def lost_cell(rng: random.Random, page: str) -> str:
    """A cell's markup is lost, so that the rest of its row moves to the left."""
    cells = list(_NUMBER_CELL.finditer(page))
    if not cells:
        return page
    chosen = rng.choice(cells)
    return page[: chosen.start()] + page[chosen.end() :]


def open_cells(rng: random.Random, page: str) -> str:
    """End tags are left out, as old editors did."""
    gone = rng.choice(["</td>", "</tr>", "</tbody>"])
    return page.replace(gone, "")


GRID: tuple[Change, ...] = (
    columns, columns, values, review_groups, head, no_heads, extra_column, rows, rows, row_labels,
    double, extra_row, extra_row_for_lost, shift, table_two_drop, label, label, odd_cells,
    odd_cells, run_together, last_year, template, twice, order, lost_table, split,
)  # fmt: skip
LINES = (lose_line, lose_line, lose_repeated, join_numbers, page_line, double_line, other_spaces)
MARKUP = (wrong_span, added_span, nested, lost_cell, open_cells)
