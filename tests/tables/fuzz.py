"""Read thousands of seeded reports in every layout and count right, marked and wrong cells.

``python -m tests.tables.fuzz [cases] [first seed] [layout]``
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from random import Random

from nlp.documents import Pages
from nlp.read.dispatch import read_bytes
from nlp.structure import structure_report
from nlp.tables import TableReading, read_tables
from tests.tables.compare import Verdict, judge
from tests.tables.grids import Look, as_docx, as_html, as_markdown, as_pages
from tests.tables.linear import Style, as_text
from tests.tables.synthetic import SPACED, Tables, mutate, random_tables, use_variants

BLANKS = ("none", "none", "zeros", "totals", "slash", "dash", "word", "mixed")
MUTATIONS = (
    "digits", "drop", "double", "misspell", "misspell3", "swap", "blanked", "blank_row",
    "ordinals", "commas",
)  # fmt: skip


def _look(rng: Random) -> Look:
    rows = sorted(rng.sample(range(3, 29), rng.randint(0, 3)))
    return Look(
        boxes=rng.random() < 0.6,
        labels=rng.choice((3, 3, 3, 2, 1, 4)),
        vertical=rng.random() < 0.3,
        breaks=(*rows, *((99,) if rng.random() < 0.2 else ())),
        repeat=rng.random() < 0.3,
        cut=rng.choice(("", "", "row", "group")),
        values_below=rng.random() < 0.4,
        empty_column=rng.choice((None, None, None, 0, 1, 3, 5, 9, 10)),
        lost_header=rng.choice(("", "", "", "", "科研机构", "总计", "自然人")),
        unmerged=rng.random() < 0.2,
        repeat_group=rng.random() < 0.2,
        one_grid=rng.choice(("", "", "blocks", "all")),
        wrap=rng.choice((0, 0, 4, 8)),
    )


def grid_case(rng: Random, tables: Tables) -> Pages:
    return as_pages(tables, _look(rng), rng)


def ragged_case(rng: Random, tables: Tables) -> Pages:
    look = _look(rng)
    look.ragged, look.empty_column, look.boxes = True, None, False
    return as_pages(tables, look, rng)


def html_case(rng: Random, tables: Tables) -> Pages:
    look = _look(rng)
    look.ragged = rng.random() < 0.4
    return read_bytes(as_html(tables, look, rng), "测试.html")


def markdown_case(rng: Random, tables: Tables) -> Pages:
    return read_bytes(as_markdown(tables, _look(rng)), "测试.md")


def docx_case(rng: Random, tables: Tables) -> Pages:
    return read_bytes(as_docx(tables, _look(rng)), "测试.docx")


def _text_case(layout: str) -> Callable[[Random, Tables], Pages]:
    def make(rng: Random, tables: Tables) -> Pages:
        style = Style(
            layout=layout,
            header=rng.choice(("plain", "vertical", "columns")),
            keep_blanks=False,
            leading=rng.random() < 0.5,
            spans=rng.random() < 0.5,
            pages=rng.choice((0, 0, 0, 25, 40)),
            running=rng.random() < 0.5,
            wrapped=rng.random() < 0.5,
            double=rng.random() < 0.3,
        )
        return read_bytes(as_text(tables, style, rng), "测试.txt")

    return make


def unlabelled_case(rng: Random, tables: Tables) -> Pages:
    layout = rng.choice(("cells", "spaces", "pipes"))
    style = Style(layout=layout, labels=False, double=rng.random() < 0.3)
    return read_bytes(as_text(tables, style, rng), "测试.txt")


LAYOUTS: dict[str, Callable[[Random, Tables], Pages]] = {
    "grid": grid_case,
    "ragged": ragged_case,
    "html": html_case,
    "markdown": markdown_case,
    "docx": docx_case,
    "unlabelled": unlabelled_case,
    **{
        name: _text_case(name)
        for name in ("cells", "several", "spaces", "seed", "pipes", "bars", "lone", "glued")
    },
}


def run_case(layout: str, seed: int) -> tuple[Tables, TableReading, Verdict, str]:
    """Make, print, read and judge one report."""
    rng = Random(f"{layout}/{seed}")
    kind = rng.choice(("plain", "plain", "odd", "variants", "mutated", "mutated", "crossed"))
    blanks = rng.choice(BLANKS)
    three = rng.choice((True, False)) if kind == "crossed" else None
    # Without labels only the year tells the edition.
    edition = "2021" if layout == "unlabelled" else None
    tables = random_tables(rng, edition=edition, blanks=blanks, odd=kind == "odd", three_rows=three)
    if kind == "variants":
        use_variants(tables, rng)
    if kind == "odd" and layout in ("grid", "html", "markdown", "docx"):
        tables.blocks[0].rows[0].cells[1] = SPACED
    if kind == "mutated":
        kind = rng.choice(MUTATIONS)
        if layout in ("unlabelled", "seed"):  # without a header in the columns' own order
            kind = rng.choice(("digits", "blanked"))  # nothing tells other changes
        mutate(tables, rng, kind)
    pages = LAYOUTS[layout](rng, tables)
    reading = read_tables(structure_report(pages))
    expected = tables.expected()
    verdict = judge(reading.cells, expected, tables.consistent)
    return tables, reading, verdict, f"{kind}/{blanks}"


def main() -> None:
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    names = sys.argv[3].split(",") if len(sys.argv) > 3 else list(LAYOUTS)
    for layout in names:
        total: Counter[str] = Counter()
        by_kind: dict[str, Counter[str]] = defaultdict(Counter)
        codes: Counter[str] = Counter()
        shown = 0
        for seed in range(first, first + cases):
            _, reading, verdict, kind = run_case(layout, seed)
            total += verdict.counts
            by_kind[kind.split("/")[0]] += verdict.counts
            codes += Counter(f.code for f in reading.findings)
            if verdict.wrong and shown < 4:
                shown += 1
                print("  WRONG", layout, seed, kind, len(verdict.wrong), verdict.wrong[0][:420])
        all_cells = sum(total.values())
        share = 100 * total["right"] / max(all_cells, 1)
        print(f"{layout:11} right {share:6.2f} %", dict(total), dict(codes))
        for kind, counts in sorted(by_kind.items()):
            bad = sum(counts.values()) - counts["right"]
            if bad:
                print("      ", kind, dict(counts))
        sys.stdout.flush()


if __name__ == "__main__":
    main()
