"""A part takes the rows of unchanged issuers from an earlier part, and ends byte for byte the
same as one that was made anew."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pandera.errors
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nlp
from nlp.documents import FRAMES, make_frame, make_table
from nlp.library import PartStore, RecordStore, take_rows
from nlp.pipeline import completing, publishing
from nlp.pipeline.planning import plan_parts
from nlp.pipeline.reading import Source

CORPUS = Path(__file__).parent.parent / "corpus" / "reports"
# Texts of an issuer each, of which the names are exchanged to have several years of one.
TEXTS = sorted(p for p in CORPUS.iterdir() if p.suffix == ".txt")[:5]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    def write(*args: object, **options: object) -> None:
        path = next(arg for arg in args if isinstance(arg, Path))
        path.write_bytes(b"x")

    monkeypatch.setattr(publishing, "write_page", write)
    monkeypatch.setattr(publishing, "write_workbook", write)


@pytest.fixture
def completed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files whose rows are made while a test runs."""
    names: list[str] = []
    original = completing.complete_reports

    def spy(results, *args):  # type: ignore[no-untyped-def]
        names.extend(result.report.file for result in results)
        return original(results, *args)

    monkeypatch.setattr(completing, "complete_reports", spy)
    return names


def _read_parts(out: Path) -> dict[str, bytes]:
    parts = out / "library" / "parts"
    return {
        path.relative_to(parts).as_posix(): path.read_bytes()
        for path in sorted(parts.rglob("*"))
        if path.is_file()
    }


def _write_later_year(source: Path, target: Path) -> None:
    text = source.read_text(encoding="utf-8")
    years = [year for year in range(2015, 2026) if str(year) in text]
    for year in reversed(years):
        text = text.replace(str(year), str(year + 1))
    target.write_text(text, encoding="utf-8")


def test_rows_of_issuers_that_did_not_change_are_taken_over(
    tmp_path: Path, completed: list[str]
) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for path in TEXTS:
        (folder / path.name).write_bytes(path.read_bytes())
    nlp.build(folder, out)
    assert sorted(completed) == sorted(path.name for path in TEXTS)
    completed.clear()
    # Another year of the first issuer: its two reports are compared, the others stay.
    _write_later_year(TEXTS[0], folder / "又一年.txt")
    nlp.build(folder, out)
    assert sorted(completed) == sorted([TEXTS[0].name, "又一年.txt"])
    nlp.build(folder, tmp_path / "fresh")
    assert _read_parts(out) == _read_parts(tmp_path / "fresh")
    # One gone again: the report that is left is no longer compared.
    completed.clear()
    (folder / "又一年.txt").unlink()
    nlp.build(folder, out)
    assert completed == [TEXTS[0].name]


def test_a_damaged_part_gives_no_rows(tmp_path: Path, completed: list[str]) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for path in TEXTS[:3]:
        (folder / path.name).write_bytes(path.read_bytes())
    nlp.build(folder, out)
    (cells,) = (out / "library" / "parts").glob("*/cells.parquet")
    cells.write_bytes(cells.read_bytes()[:-1] + b"?")
    completed.clear()
    (folder / TEXTS[3].name).write_bytes(TEXTS[3].read_bytes())
    nlp.build(folder, out)
    assert sorted(completed) == sorted(path.name for path in TEXTS[:4])
    nlp.build(folder, tmp_path / "fresh")
    assert _read_parts(out) == _read_parts(tmp_path / "fresh")


def test_small_chunks_give_the_same_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for path in TEXTS:
        (folder / path.name).write_bytes(path.read_bytes())
    nlp.build(folder, tmp_path / "one")
    monkeypatch.setattr(completing, "_CHUNK", 2)
    nlp.build(folder, tmp_path / "two")
    assert _read_parts(tmp_path / "one") == _read_parts(tmp_path / "two")


def test_rows_are_those_of_the_reports_that_were_asked_for(tmp_path: Path) -> None:
    store = PartStore(tmp_path)
    rows = [{"report_id": name, "section": "一", "text": name} for name in "乙甲乙丙"]
    table = pa.Table.from_pylist(rows)
    buffer = BytesIO()
    pq.write_table(table, buffer)
    part = store.put("k", {"sections": buffer.getvalue()}, base="b", members={"甲": "1", "乙": "2"})
    assert store.list_members("b") == {("甲", "1"): part.folder, ("乙", "2"): part.folder}
    assert store.list_members("other") == {}
    taken = take_rows(part.folder, ["乙"])["sections"]
    assert taken["text"].to_pylist() == ["乙", "乙"]
    part.path_of("sections").write_bytes(buffer.getvalue() + b" ")
    with pytest.raises(ValueError, match="损坏"):
        take_rows(part.folder, ["乙"])


@given(
    st.lists(st.tuples(st.integers(0, 6), st.sampled_from(["甲", "乙", "丙", None])), max_size=30)
)
def test_all_reports_of_an_issuer_are_in_one_part(found: list[tuple[int, str | None]]) -> None:
    sources = [
        Source(f"{number:064x}", Path("x"), f"{number}-{name}", (), name)
        for number, (_, name) in enumerate(found)
    ]
    plan = plan_parts(sources, "base")
    assert sorted(s.name for group in plan.values() for s in group) == sorted(
        s.name for s in sources
    )
    for issuer in "甲乙丙":
        assert sum(any(s.issuer == issuer for s in group) for group in plan.values()) <= 1
    assert plan.keys().isdisjoint(plan_parts(sources, "another")) or not sources


def test_members_name_all_reports_of_their_issuer(tmp_path: Path) -> None:
    def digests(*names: str) -> dict[str, str]:
        sources = [
            Source(f"{ord(n):064x}", tmp_path, n, (), "甲" if n < "c" else "乙") for n in names
        ]
        found = completing.list_members(sources, RecordStore(tmp_path), {}, with_data=False)
        return {member.name: member.digest for member in found}

    whole = digests("a", "b", "c")
    assert whole["a"] == whole["b"] != whole["c"]
    less = digests("a", "c")
    assert less["c"] == whole["c"]  # another issuer's reports are nothing to it
    assert less["a"] != whole["a"]  # one report of its own less


_VALUES = {
    "text": st.text(st.characters(exclude_categories=("Cs",)), max_size=5),
    "integer": st.integers(-(2**40), 2**40),
    "number": st.floats(allow_nan=True, allow_infinity=False) | st.integers(-9999, 9999),
    "flag": st.booleans(),
}


@pytest.mark.parametrize("name", sorted(FRAMES))
def test_a_table_is_what_the_frame_would_be(name: str) -> None:
    rng = np.random.default_rng(len(name))
    columns = FRAMES[name].columns
    values = {"text": ["甲", ""], "integer": [0, 7], "number": [0.5, 3], "flag": [True, False]}
    rows = []
    for _ in range(20):
        row = {c.key: values[c.kind][rng.integers(2)] for c in columns}
        gone = [c.key for c in columns if not c.required and rng.random() < 0.3]
        rows.append({key: value for key, value in row.items() if key not in gone})
    expected = pa.Table.from_pandas(make_frame(name, rows), preserve_index=False)
    made = make_table(name, rows)
    assert made.equals(expected)
    assert made.schema.equals(expected.schema, check_metadata=True)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.fixed_dictionaries({}, optional={"left": _VALUES["number"]}), max_size=9))
def test_numbers_of_any_kind_become_the_same_column(rows: list[dict[str, float]]) -> None:
    known = {"report_id": "甲", "check_id": "c", "name": "n", "subject": "s", "formula": "f"}
    known |= {"result": "pass", "severity": "error", "cells": ""}
    full = [{**known, **row} for row in rows]
    expected = pa.Table.from_pandas(make_frame("checks", full), preserve_index=False)
    assert make_table("checks", full).equals(expected)


def test_a_table_is_refused_as_the_frame_is() -> None:
    with pytest.raises(KeyError, match="没有这些列"):
        make_table("skipped", [{"file": "甲", "code": "c", "reason": "r", "colour": "red"}])
    with pytest.raises(pandera.errors.SchemaErrors):
        make_table("skipped", [{"file": None, "code": "c", "reason": "r"}])
