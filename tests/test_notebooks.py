"""Every notebook runs from top to bottom, offline, on what ships, with public names only."""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest

import nlp
from nlp.compare import compare_frames
from tests.compare.conftest import make_result

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

# What each is run with: other values than the ones it is kept with, given as papermill does.
PARAMETERS: dict[str, dict[str, Any]] = {
    "01_read_and_verify": {"FILE": str(ROOT / "corpus/reports/baizhi-market-2023.html")},
    "02_themes": {"SEED": 11, "SIZE": 50},
    "03_boilerplate": {"TOP": 3},
    "04_compare_agencies": {"INDICATOR": "disclosure_rate", "PERMUTATIONS": 199},
    "05_own_corpus": {"GROUP": "year"},
}
PICTURES = {"03_boilerplate": 2, "04_compare_agencies": 3, "05_own_corpus": 1}


def read_notebook(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def sources(path: Path) -> list[str]:
    return [cell.source for cell in read_notebook(path).cells if cell.cell_type == "code"]


def count_pictures(outputs: list[nbformat.NotebookNode]) -> int:
    found = [o.get("data", {}) for o in outputs]
    return sum("image/svg+xml" in d or "<svg" in "".join(d.get("text/html", "")) for d in found)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_runs_from_top_to_bottom_with_other_parameters(path: Path, tmp_path: Path) -> None:
    papermill = pytest.importorskip("papermill")
    pytest.importorskip("ipykernel")
    pytest.importorskip("vl_convert")
    if sys.platform == "win32":
        import asyncio

        asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())
    done = papermill.execute_notebook(
        str(path),
        str(tmp_path / path.name),
        parameters=PARAMETERS[path.stem],
        kernel_name="python3",
        cwd=str(path.parent),
        progress_bar=False,
        execution_timeout=300,
    )
    injected = [c for c in done.cells if "injected-parameters" in c.metadata.get("tags", [])]
    assert len(injected) == 1
    outputs = [o for c in done.cells if c.cell_type == "code" for o in c.outputs]
    assert not [o for o in outputs if o.output_type == "stream" and o.name == "stderr"]
    assert any("text/html" in o.get("data", {}) for o in outputs)
    assert count_pictures(outputs) >= PICTURES.get(path.stem, 0)


def test_ranks_are_shown_where_a_group_is_large_enough(capsys: pytest.CaptureFixture[str]) -> None:
    """No group of the shipped corpus is; the cell is run on made-up bodies, twenty a year."""
    (cell,) = [s for s in sources(ROOT / "notebooks/04_compare_agencies.ipynb") if "placed" in s]
    found = compare_frames(make_result(), permutations=9, draws=50)
    shown: list[pd.DataFrame] = []
    names = {"denial_rate": "不予公开率", "review_correction_rate": "复议纠错率"}
    given = {"found": found, "NAMES": names, "display": shown.append}
    exec(cell, {**given, "INDICATOR": "denial_rate"})
    (table,) = shown
    ranks = found.ranks[found.ranks["indicator"] == "denial_rate"]
    assert len(table) == ranks["ranked"].sum() >= 10
    assert f"{len(ranks)} 行里排了 {len(table)} 个名次" in capsys.readouterr().out
    assert (table["denominator"] >= 30).all() and (table["of"] >= 10).all()
    group = [c for c in ("group_by", "year", "level", "kind", "province") if c in table]
    for _, rows in table.groupby(group, dropna=False):
        assert rows["value"].is_monotonic_decreasing and rows["rank"].is_monotonic_increasing
    assert ((table["rank_low"] <= table["rank"]) & (table["rank"] <= table["rank_high"])).all()
    shown.clear()
    found.ranks.loc[:, "ranked"] = False
    exec(cell, {**given, "INDICATOR": "denial_rate"})
    assert shown[0]["行数"].sum() == len(ranks)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_begins_with_parameters_that_each_have_a_use(path: Path) -> None:
    cells = [c for c in read_notebook(path).cells if c.cell_type == "code"]
    assert [n for n, c in enumerate(cells) if "parameters" in c.metadata.get("tags", [])] == [0]
    given = {
        target.id
        for node in ast.parse(cells[0].source).body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    rest = ast.walk(ast.parse("\n".join(c.source for c in cells[1:])))
    read = {n.id for n in rest if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    text = "\n".join(c.source for c in cells[1:])  # a query names its variables as @NAME
    assert given
    assert {name for name in given if name not in read and f"@{name}" not in text} == set()
    assert PARAMETERS[path.stem].keys() <= given


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_uses_public_names_only(path: Path) -> None:
    for source in sources(path):
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ImportFrom) and node.module:
                assert not node.module.startswith("nlp"), (
                    f"import nlp and use its names: {node.module}"
                )
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id == "nlp"
            ):
                assert node.attr in nlp.__all__


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_is_kept_without_outputs(path: Path) -> None:
    cells = [c for c in read_notebook(path).cells if c.cell_type == "code"]
    assert all(not c.outputs and c.execution_count is None for c in cells)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_its_twin_in_plain_text_is_the_same(path: Path) -> None:
    jupytext = pytest.importorskip("jupytext")
    twin = jupytext.read(path.with_suffix(".py"))
    own = read_notebook(path)

    def content(notebook: nbformat.NotebookNode) -> list[tuple[str, str, list[str]]]:
        return [(c.cell_type, c.source, c.metadata.get("tags", [])) for c in notebook.cells]

    assert content(twin) == content(own), "jupytext --sync notebooks/*.ipynb"


def test_there_are_notebooks_and_no_twin_without_one() -> None:
    assert len(NOTEBOOKS) == 5
    assert {p.stem for p in (ROOT / "notebooks").glob("*.py")} == {p.stem for p in NOTEBOOKS}
