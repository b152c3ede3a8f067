"""The whole way: names of files, duplicates, determinism, what goes into the frames."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

import nlp
from nlp.pipeline.files import find_files

REPORTS = Path(__file__).parent.parent / "corpus" / "reports"
TEXTS = sorted(p for p in REPORTS.iterdir() if p.suffix in (".txt", ".html", ".docx"))[:6]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inner = tmp_path / "in" / "2021年"
    inner.mkdir(parents=True)
    for path in TEXTS:
        shutil.copy(path, inner)
    return tmp_path / "in"


def read_all(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_input_gives_the_same_bytes_with_one_process_or_two(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nlp.build(folder, tmp_path / "a", jobs=1)
    # However short, the workbook is then written in a process of its own, too.
    monkeypatch.setattr("nlp.pipeline.publishing._LONG", 0)
    nlp.build(folder, tmp_path / "b", jobs=2)
    assert read_all(tmp_path / "a") == read_all(tmp_path / "b")


def test_a_copy_of_a_file_counts_once(folder: Path) -> None:
    shutil.copy(folder / "2021年" / TEXTS[0].name, folder / "副本.txt")
    result = nlp.build(folder)
    skipped = result.frames["skipped"]
    assert skipped["code"].tolist() == ["duplicate"]
    reports = result.frames["reports"].set_index("file")
    assert len(reports) == len(TEXTS)
    # the names in order: the first gives the report its name, the other stands beside it
    assert reports["copies"].dropna().to_dict() == {f"2021年/{TEXTS[0].name}": "副本.txt"}


def test_every_span_slices_back_to_its_text(folder: Path) -> None:
    frames = nlp.build(folder).frames
    texts = frames["reports"].set_index("report_id")["text"]
    for name in ("sentences", "statements"):
        for row in frames[name].itertuples():
            assert texts[row.report_id][row.start : row.end] == row.text
    for row in frames["sections"].itertuples():
        assert texts[row.report_id][row.body_start : row.end].rstrip("\n") == row.text


def test_every_tag_names_words_of_its_statement(folder: Path) -> None:
    frames = nlp.build(folder).frames
    texts = frames["statements"].set_index(["report_id", "statement"])["text"]
    given = frames["themes"][frames["themes"]["assigned"]]
    assert len(given) >= len(texts) > 10
    for row in given.itertuples():
        plain = "".join(texts[row.report_id, row.statement].split())
        words = row.evidence.split("；")
        assert all(word in plain for word in words)
        assert len(words) == len(set(words))
    assert frames["themes"].loc[~frames["themes"]["assigned"], "evidence"].isna().all()


def test_nothing_of_the_machine_is_in_the_manifest(folder: Path, tmp_path: Path) -> None:
    result = nlp.build(folder, tmp_path / "out")
    text = (tmp_path / "out" / "manifest.json").read_text(encoding="utf-8")
    assert str(tmp_path) not in text
    assert all("\\" not in item["file"] for item in result.manifest["inputs"])


def test_the_manifest_counts_who_read_what(tmp_path: Path) -> None:
    fine, shifted = (REPORTS / f"baizhi-gov-{year}.pdf" for year in (2023, 2024))
    folder = tmp_path / "in"
    folder.mkdir()
    shutil.copy(fine, folder)
    shutil.copy(TEXTS[0], folder)
    # The fast reader declines a file that does not begin with its header.
    (folder / shifted.name).write_bytes(b"\n" + shifted.read_bytes())
    readers = nlp.build(folder).manifest["readers"]
    assert readers["read_again"] == 1
    assert sum(readers["reports"].values()) == 3
    assert sum(n for name, n in readers["reports"].items() if name.startswith("pdfium")) == 1
    assert sum(n for name, n in readers["reports"].items() if name.startswith("pdfplumber")) == 1


def test_issuers_from_a_csv_win_over_the_division_data(folder: Path, tmp_path: Path) -> None:
    plain = nlp.build(folder).frames["reports"]
    name = plain["issuer"].dropna().iloc[0]
    table = tmp_path / "issuers.csv"
    pd.DataFrame({"issuer": [name], "level": ["county"], "province": ["云岫省"]}).to_csv(
        table, index=False, encoding="utf-8-sig"
    )
    reports = nlp.build(folder, issuers=table).frames["reports"]
    own = reports[reports["issuer"] == name]
    assert set(own["level"]) == {"county"}
    assert set(own["province"]) == {"云岫省"}


def test_a_level_that_there_is_not_is_named(tmp_path: Path) -> None:
    table = tmp_path / "issuers.csv"
    table.write_text("issuer,level\n甲局,区县级\n", encoding="utf-8")
    with pytest.raises(ValueError, match="区县级"):
        nlp.build(TEXTS[0], issuers=table)


def test_hidden_and_side_files_are_counted_not_read(folder: Path) -> None:
    (folder / ".hidden.txt").write_text("x")
    (folder / "~$草稿.docx").write_text("x")
    (folder / "style.css").write_text("x")
    found = find_files([folder])
    assert [f.name for f in found.files] == [f"2021年/{p.name}" for p in TEXTS]
    assert found.ignored == {".css": 1, "隐藏文件": 2}


def test_an_input_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="没有这里"):
        nlp.build(tmp_path / "没有这里")


@pytest.mark.parametrize("small", [2_000, 3])
def test_reuse_is_a_part_of_the_page_and_has_one_of_its_own(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small: int
) -> None:
    out = tmp_path / "out"
    monkeypatch.setattr("nlp.pipeline.publishing.SMALL", small)
    monkeypatch.setattr("nlp.pipeline.publishing.SAMPLE", 2)
    result = nlp.build(folder, out, reuse=True)
    assert ("left_out" in result.manifest and bool(result.manifest["left_out"])) == (small == 3)
    assert len(result.frames["reuse_shares"]) == len(TEXTS)
    index, page = (out / "index.html").read_text("utf-8"), (out / "reuse.html").read_text("utf-8")
    assert 'href="reuse.html"' in index
    assert 'href="index.html"' in page
    assert result.manifest["counts"]["families"] == len(result.frames["families"])
    # A result without it says so, and does not look like one in which nothing was found.
    nlp.build(folder, out)
    assert "没有比对不等于没有" in (out / "index.html").read_text("utf-8")
    assert not (out / "reuse.html").exists()
    assert not (out / "reuse_shares.parquet").exists()
