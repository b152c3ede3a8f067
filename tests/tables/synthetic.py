"""Random statutory tables that agree with themselves, and ways in which they go wrong.

A ``Tables`` knows what is printed for every cell and what a reader has to make of it; the
printers write it in one layout or another.  All is seeded: same seed, same tables.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from random import Random

from nlp.form import Form, load_form


@dataclass(frozen=True)
class Printed:
    """The text of one cell, and the value, unit and state that it has."""

    text: str
    value: float | None
    state: str
    unit: str | None = None


@dataclass
class LabelledRow:
    """A printed row: the form's number, the merged label to its left, its own label, cells."""

    no: str
    group: str
    label: str
    cells: list[Printed]


@dataclass
class Block:
    """One block of table two."""

    clause: str
    columns: list[str]
    rows: list[LabelledRow]


@dataclass
class Tables:
    """The three tables of one report as they are to be printed."""

    edition: str
    blocks: list[Block]
    requests: list[LabelledRow]
    review: list[Printed]
    applicants: list[str]
    title: str = "测试县人民政府2023年政府信息公开工作年度报告"
    consistent: bool = True
    # The order in which the applicants' columns are printed, header and cells alike.
    order: list[int] = field(default_factory=lambda: list(range(7)))

    @property
    def form(self) -> Form:
        return load_form(self.edition)  # type: ignore[arg-type]

    def expected(self) -> dict[str, Printed]:
        """Every printed cell by its key; of a row that is printed twice, the first."""
        found: dict[str, Printed] = {}
        for block, own in zip(self.form.blocks, self.blocks, strict=True):
            for row in own.rows:
                for column, cell in zip(block.columns, row.cells, strict=True):
                    found.setdefault(f"2|{row.no}|{column.key}", cell)
        keys = [column.key for column in self.form.applicants]
        for row in self.requests:
            for key, cell in zip(keys, row.cells, strict=True):
                found.setdefault(f"3|{row.no}|{key}", cell)
        for key, cell in zip(self.form.review_columns(), self.review, strict=True):
            found[f"4|{self.form.review_row}|{key}"] = cell
        return found


ZERO = Printed("0", 0, "zero")
BLANKS = {
    "blank": Printed("", None, "blank"),
    "nbsp": Printed("\u00a0", None, "blank"),
    "slash": Printed("/", None, "slash"),
    "dash": Printed("—", None, "dash"),
    "none": Printed("无", None, "none"),
}
# Ways to print numbers that are met in real cells.
ODD = [
    Printed("减4", -4, "number"),
    Printed("-35", -35, "number"),
    Printed("－417", -417, "number"),
    Printed("+17", 17, "number"),
    Printed("８", 8, "number"),
    Printed("０", 0, "zero"),
    Printed("1,136", 1136, "number"),
    Printed("11398889", 11398889, "number"),
    Printed("12，540", 12540, "number"),
    Printed("○", 0, "zero"),
    Printed("5件", 5, "number", "件"),
    Printed("0件", 0, "zero", "件"),
]
MONEY = [
    Printed("240万元", 240, "number", "万元"),
    Printed("152790元", 152790, "number", "元"),
    Printed("8040", 8040, "number"),
    Printed("96171.6", 96171.6, "number"),
    Printed("52.15", 52.15, "number"),
    Printed("43.788万元", 43.788, "number", "万元"),
    Printed("0.00", 0, "zero"),
    Printed("1,136.5", 1136.5, "number"),
]
SPACED = Printed("1 136", 1136, "number")


def number(value: int) -> Printed:
    return Printed(str(value), value, "number") if value else ZERO


def _small(rng: Random, share: float) -> int:
    if rng.random() > share:
        return 0
    return rng.choice((rng.randint(1, 9), rng.randint(1, 9), rng.randint(10, 99), 127, 1043))


def random_tables(
    rng: Random,
    *,
    edition: str | None = None,
    blanks: str = "none",
    odd: bool = False,
    busy: float | None = None,
    three_rows: bool | None = None,
) -> Tables:
    """Make tables whose sums hold.

    ``blanks`` says how zeros are printed: ``none`` (as 0), ``zeros`` (empty), ``totals``
    (empty but for the totals), ``slash``, ``dash``, ``word``, ``mixed``; ``busy`` is the
    share of cells that are not zero; ``three_rows`` overrides the edition's 其他处理 rows.
    """
    edition = edition or rng.choice(("2021", "2021", "2019"))
    form = load_form(edition)  # type: ignore[arg-type]
    three = edition == "2021" if three_rows is None else three_rows
    busy = rng.choice((0.0, 0.05, 0.2, 0.6)) if busy is None else busy
    wanted = {"3.6.1", "3.6.2", "3.6.3"} if three else {"3.6"}
    pool = {row.no: row for row in form.requests + form.request_alternatives}
    order = [row.no for row in load_form("2021").requests if not row.no.startswith("3.6")]
    at = order.index("3.7")
    order[at:at] = sorted(wanted)
    width = len(form.applicants)
    values: dict[str, list[int]] = {}
    parts = [no for no in order if no.startswith("3.") and no != "3.7"]
    shares = [busy * 1.5, busy, *(busy * 0.3 for _ in range(width - 3))]
    for no in parts:
        row = [_small(rng, share) for share in shares]
        values[no] = [*row, sum(row)]
    values["3.7"] = [sum(values[no][c] for no in parts) for c in range(width)]
    left = [_small(rng, share * 0.5) for share in shares]
    values["4"] = [*left, sum(left)]
    both = [a + b for a, b in zip(values["3.7"], values["4"], strict=True)]
    old = [rng.randint(0, min(b, 5)) for b in both[:-1]]
    values["2"] = [*old, sum(old)]
    values["1"] = [b - o for b, o in zip(both, values["2"], strict=True)]

    requests = []
    for no in order:
        row_form = pool[no]
        mark = "、" if no in ("1", "2", "4") else ""
        cells = [number(v) for v in values[no]]
        requests.append(
            LabelledRow(no, row_form.group, f"{row_form.ordinal}{mark}{row_form.label}", cells)
        )
    review: list[Printed] = []
    for _ in form.review_groups:
        row = [_small(rng, busy) for _ in form.results[:-1]]
        review += [number(v) for v in (*row, sum(row))]
    blocks = []
    for block in form.blocks:
        own = []
        for row_form in block.rows:
            cells = [number(_small(rng, max(busy, 0.2))) for _ in block.columns]
            if odd:
                for i, column in enumerate(block.columns):
                    money = "金额" in column.key
                    if rng.random() < 0.5:
                        cells[i] = rng.choice(MONEY if money else ODD)
            for i, column in enumerate(block.columns):
                if column.unit and cells[i].unit is None:
                    cells[i] = replace(cells[i], unit=column.unit)
            own.append(LabelledRow(row_form.no, "", row_form.label, cells))
        labels = [
            column.key if "万元" not in column.key else "本年收费金额（单位：万元）"
            for column in block.columns
        ]
        blocks.append(Block(block.clause, labels, own))
    tables = Tables(edition, blocks, requests, review, [c.key for c in form.applicants])
    return apply_blanks(rng, tables, blanks)


def apply_blanks(rng: Random, tables: Tables, blanks: str) -> Tables:
    """Print zeros as something else; the totals column stays where ``totals`` is asked."""
    if blanks == "none":
        return tables
    kinds = {"zeros": ["blank"], "totals": ["blank"], "word": ["none"], "mixed": list(BLANKS)}

    def pick(cell: Printed, total: bool) -> Printed:
        if cell.state != "zero" or cell.text != "0" or (blanks == "totals" and total):
            return cell
        return BLANKS[rng.choice(kinds.get(blanks, [blanks]))]

    for row in tables.requests:
        row.cells = [pick(c, i == len(row.cells) - 1) for i, c in enumerate(row.cells)]
    tables.review = [pick(c, i % 5 == 4) for i, c in enumerate(tables.review)]
    return tables


# --- what goes wrong in real reports -------------------------------------------------------


def misspell(label: str, rng: Random, count: int = 1) -> str:
    """Change, drop or double ``count`` characters of a label (never its ordinal)."""
    start = next((i for i, ch in enumerate(label) if ch >= "\u4e00" and i > 1), 0)
    for _ in range(count):
        at = rng.randrange(start, len(label)) if start < len(label) else 0
        way = rng.choice(("change", "drop", "double"))
        if way == "change":
            label = label[:at] + rng.choice("某之的数量办法情") + label[at + 1 :]
        elif way == "drop" and len(label) > start + 3:
            label = label[:at] + label[at + 1 :]
        else:
            label = label[:at] + label[at] + label[at:]
    return label


def mutate(tables: Tables, rng: Random, kind: str) -> Tables:
    """Change what is printed, in a way after which every cell must still be read as printed."""
    rows = tables.requests
    tables.consistent = False
    if kind == "digits":
        for _ in range(rng.randint(1, 4)):
            row = rng.choice(rows)
            row.cells[rng.randrange(7)] = number(rng.choice((3, 8, 17, 240)))
    elif kind == "drop":
        for _ in range(rng.randint(1, 3)):
            rows.pop(rng.randrange(len(rows)))
    elif kind == "double":
        at = rng.randrange(len(rows))
        rows.insert(at + 1, replace(rows[at], cells=list(rows[at].cells)))
        tables.consistent = True
    elif kind == "misspell":
        for row in rng.sample(rows, rng.randint(1, 4)):
            if len(row.label) > 8:
                row.label = misspell(row.label, rng)
        tables.consistent = True
    elif kind == "misspell3":
        for row in rng.sample(rows, 2):
            if len(row.label) > 12:
                row.label = misspell(row.label, rng, 3)
        tables.consistent = True
    elif kind == "swap":
        a, b = rng.sample(range(6), 2)
        tables.order[a], tables.order[b] = b, a
        tables.consistent = True
    elif kind == "blanked":
        for _ in range(rng.randint(1, 6)):
            row = rng.choice(rows)
            row.cells[rng.randrange(7)] = BLANKS["blank"]
    elif kind == "blank_row":
        row = rng.choice(rows)
        row.cells = [BLANKS["blank"]] * 7
    elif kind == "ordinals":
        for row in rows:
            row.label = row.label.lstrip("（一二三四五六七八）、0123456789.")
        tables.consistent = True
    elif kind == "commas":
        for row in rows:
            row.label = row.label.replace(".", "、").replace("（", "(").replace("）", ")")
        tables.consistent = True
    return tables


VARIANTS = {
    "一、本年新收政府信息公开申请数量": "一、本年新收政府信息公开申请数量（件）",
    "二、上年结转政府信息公开申请数量": "二、上年结转政府信息公开数量",
    "四、结转下年度继续办理": "四、结转下一年度继续办理",
    "规范性文件": "行政规范性文件",
    "行政规范性文件": "规范性文件",
    "行政事业性收费": "行政性事业收费",
    "本年制发件数": "本年度发件数",
    "现行有效件数": "现行有效件",
    "本年处理决定数量": "本年处理绝对数量",
    "采购项目数量": "采购项目数",
    "本年增/减": "本年增减",
}


def use_variants(tables: Tables, rng: Random) -> Tables:
    """Print label variants of real reports."""
    for row in tables.requests:
        if rng.random() < 0.7:
            row.label = VARIANTS.get(row.label, row.label)
    for block in tables.blocks:
        block.columns = [VARIANTS.get(c, c) if rng.random() < 0.6 else c for c in block.columns]
        for row in block.rows:
            row.label = VARIANTS.get(row.label, row.label)
    return tables
