"""Corrections are applied where they fit, kept at a re-run, and never silent where they do not."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

import nlp
from nlp.cli import app
from nlp.corrections import COLUMNS, Correction, read_corrections, write_corrections
from nlp.documents import FRAMES
from nlp.library import load_result, write_result
from nlp.pipeline.corrections import correct_result
from nlp.pipeline.recompute import recompute

REPORTS = Path(__file__).parents[2] / "corpus" / "reports"
WHO = ("李四", "2024-05-01", "对照原件")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Reports of one issuer over three years, built once."""
    inputs = tmp_path_factory.mktemp("inputs")
    for path in sorted(REPORTS.glob("lubai-township-*")):
        shutil.copy(path, inputs)
    out = tmp_path_factory.mktemp("built") / "out"
    nlp.build(inputs, out)
    return out


@pytest.fixture
def result(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "结果"))


def fix(report: str, what: str, key: str, field: str, old: str, new: str) -> Correction:
    return Correction(0, report, what, key, field, old, new, *WHO)


def pick_cell(frames: dict[str, pd.DataFrame]) -> pd.Series:
    """A number cell of table three that takes part in sums that hold."""
    cells = frames["cells"]
    found = cells[(cells["state"] == "number") & (cells["key"] == "3|1|总计")]
    assert len(found)
    return found.iloc[0]


def same_frames(one: Path, other: Path, *but: str) -> None:
    first, second = load_result(one)[0], load_result(other)[0]
    for name in FRAMES:
        if name in first and name not in but:
            pd.testing.assert_frame_equal(first[name], second[name], obj=name)


def test_nothing_corrected_recomputes_to_the_same(built: Path) -> None:
    frames = dict(load_result(built)[0])
    again = recompute(frames, set(frames["reports"]["report_id"]))
    names = ("reports", "checks", "indicators", "statements", "follow", "threads", "findings")
    for name in names:
        pd.testing.assert_frame_equal(again[name], frames[name], obj=name)


def test_a_cell_is_corrected_and_everything_after_it(built: Path, result: Path) -> None:
    before = load_result(built)[0]
    cell = pick_cell(before)
    new = str(int(cell["value"]) + 5)
    found = correct_result(
        result, add=[fix(cell["report_id"], "cell", cell["key"], "value", cell["raw"], new)]
    )
    assert found["status"].tolist() == ["applied"]
    after, manifest = load_result(result)
    mine = (after["cells"]["report_id"] == cell["report_id"]) & (
        after["cells"]["key"] == cell["key"]
    )
    row = after["cells"][mine].iloc[0]
    assert (row["value"], row["raw"]) == (cell["value"] + 5, new)
    assert "人工更正（李四 2024-05-01）" in row["note"]
    assert f"“{cell['raw']}”" in row["note"]
    # A sum that held does not hold any more, and the rate's denominator is the new number.
    of_report = after["checks"]["report_id"] == cell["report_id"]
    failed = after["checks"][of_report & (after["checks"]["result"] == "fail")]
    assert failed["cells"].str.contains(cell["key"], regex=False).any()
    received = after["indicators"][
        (after["indicators"]["report_id"] == cell["report_id"])
        & (after["indicators"]["indicator"] == "requests_received")
    ]
    assert received["value"].iloc[0] == cell["value"] + 5
    report = after["reports"].set_index("report_id").loc[cell["report_id"]]
    assert report["checks_failed"] == len(failed)
    assert manifest["corrections"]["applied"] == 1
    # Reports of others, and frames that do not speak of it, are as they were.
    pd.testing.assert_frame_equal(after["sections"], before["sections"])


def test_taking_a_row_out_takes_the_correction_back(built: Path, result: Path) -> None:
    frames = load_result(built)[0]
    cell = pick_cell(frames)
    statement = frames["statements"].iloc[0]
    tag = frames["statements"].iloc[-1]
    span = f"{statement['start']}-{statement['end']}"
    other = "on_request" if tag["primary"] != "on_request" else "training"
    correct_result(
        result,
        add=[
            fix(cell["report_id"], "cell", cell["key"], "value", cell["raw"], "999"),
            fix(cell["report_id"], "cell", cell["key"], "value", "999", "998"),
            fix(tag["report_id"], "tag", str(tag["statement"]), "themes", tag["themes"], other),
            fix(statement["report_id"], "statement", span, "delete", statement["text"], ""),
            fix(cell["report_id"], "report", "", "level", "township", "county"),
        ],
    )
    found = load_result(result)[0]["corrections"]
    assert found["status"].tolist() == ["applied"] * 5
    changed = load_result(result)[0]
    assert len(changed["statements"]) == len(frames["statements"]) - 1
    assert set(changed["reports"]["level"]) == {"township", "county"}
    (result / "corrections.csv").write_bytes(write_corrections([]))
    assert len(correct_result(result)) == 0
    same_frames(built, result)


def test_tags_and_roles_are_corrected(result: Path) -> None:
    frames = load_result(result)[0]
    row = frames["statements"].iloc[0]
    new_role = "measure" if row["role"] == "problem" else "problem"
    theme = "supervision_assessment"
    number = str(row["statement"])
    correct_result(
        result,
        add=[
            fix(row["report_id"], "statement", number, "role", row["role"], new_role),
            fix(row["report_id"], "tag", number, "themes", "", theme),
        ],
    )
    after = load_result(result)[0]
    mine = after["statements"].iloc[0]
    assert (mine["role"], mine["themes"], mine["primary"]) == (new_role, theme, theme)
    assert not mine["abstain"]
    themes = after["themes"]
    assigned = themes[
        (themes["report_id"] == row["report_id"])
        & (themes["statement"] == row["statement"])
        & themes["assigned"]
    ]
    assert assigned["theme"].tolist() == [theme]
    report = after["reports"].set_index("report_id").loc[row["report_id"]]
    own = after["statements"][after["statements"]["report_id"] == row["report_id"]]
    assert report["problems"] == (own["role"] == "problem").sum()


def test_a_statement_is_added_and_cut_anew_with_its_words(result: Path) -> None:
    frames = load_result(result)[0]
    row = frames["statements"].iloc[0]
    text = frames["reports"].set_index("report_id").loc[row["report_id"], "text"]
    shorter = f"{row['start']}-{row['end'] - 2}"
    added = "0-4"
    found = correct_result(
        result,
        add=[
            fix(row["report_id"], "statement", str(row["statement"]), "span", "", shorter),
            fix(row["report_id"], "statement", added, "add", text[0:4], "problem"),
        ],
    )
    assert found["status"].tolist() == ["applied"] * 2
    after = load_result(result)[0]["statements"]
    mine = after[after["report_id"] == row["report_id"]]
    assert mine["text"].iloc[0] == row["text"][:-2]
    assert mine["text"].iloc[-1] == text[0:4]
    assert mine["words"].notna().all()
    for s in mine.itertuples():
        assert text[s.start : s.end] == s.text


@pytest.mark.parametrize(
    ("what", "key", "field", "old", "new", "status", "words"),
    [
        ("cell", "3|9|总计", "value", "1", "2", "unfit", "没有单元格"),  # no such cell
        ("cell", "3|1|总计", "value", "76543", "345", "unfit", "现在读出的是"),  # not what is read
        ("cell", "3|1|总计", "value", "", "许多", "unfit", "应为一个数"),  # no number
        ("cell", "3-1", "value", "", "2", "invalid", "部分|行|列"),  # no key
        ("cell", "3|1|总计", "raw", "", "2", "invalid", "应为 value"),  # no such field
        ("画", "x", "", "", "", "invalid", "what 应为"),  # no such thing
        ("statement", "900000-900004", "role", "", "problem", "unfit", "没有陈述"),  # not there
        ("statement", "1", "role", "", "旁白", "invalid", "problem（问题）"),  # no role
        ("tag", "1", "themes", "", "天气", "unfit", "没有主题"),  # no theme of the codebook
        ("report", "", "year", "", "23", "invalid", "四位数"),  # no year
        ("report", "", "level", "township", "星球", "unfit", "应为 national"),  # no level
    ],
)
def test_what_does_not_fit_is_listed_with_what_was_expected(
    built: Path, result: Path, what: str, key: str, field: str, old: str, new: str,
    status: str, words: str,
) -> None:  # fmt: skip
    report = load_result(built)[0]["reports"]["file"].iloc[-1]
    rows = [fix(report, what, key, field, old, new)]
    (result / "corrections.csv").write_bytes(write_corrections(rows))
    found = correct_result(result)
    assert found["status"].tolist() == [status]
    assert words in found["reason"].iloc[0]
    same_frames(built, result, "corrections")


def test_a_report_that_is_gone_and_a_value_that_is_right_already_are_said(result: Path) -> None:
    cell = pick_cell(load_result(result)[0])
    found = correct_result(
        result,
        add=[
            fix("没有.pdf", "cell", "3|1|总计", "value", "1", "2"),
            fix(cell["report_id"], "cell", cell["key"], "value", "1", str(cell["raw"])),
        ],
    )
    assert found["status"].tolist() == ["unfit", "same"]
    assert "没有报告" in found["reason"].iloc[0]


def test_a_rebuild_keeps_corrections(tmp_path: Path) -> None:
    inputs, out = tmp_path / "报告", tmp_path / "结果"
    inputs.mkdir()
    source = REPORTS / "lubai-township-2023.txt"
    shutil.copy(source, inputs)
    run = CliRunner().invoke
    assert run(app, ["build", str(inputs), "-o", str(out), "-j", "1"]).exit_code == 0
    cell = pick_cell(load_result(out)[0])
    call = ["correct", str(out), "--report", source.name, "--key", cell["key"]]
    call += ["--old", cell["raw"], "--new", "77", "--who", "李四", "--why", "对照原件"]
    done = run(app, call)
    assert done.exit_code == 0, done.output
    assert "已用 1" in done.output
    # What does not fit is refused in the exit code, but kept in the list.
    assert run(app, [*call, "--old", "5", "--new", "78"]).exit_code == 1
    again = run(app, ["build", str(inputs), "-o", str(out), "-j", "1", "--csv"])
    assert again.exit_code == 0, again.output
    assert "已用 1" in again.output
    assert "不再适用 1" in again.output
    frames = load_result(out)[0]
    assert frames["cells"].set_index("key").loc[cell["key"], "value"] == 77
    assert frames["corrections"]["status"].tolist() == ["applied", "unfit"]
    with (out / "csv" / "cells.csv").open(encoding="utf-8-sig", newline="") as stream:
        values = {row["key"]: row["value"] for row in csv.DictReader(stream)}
    assert values[cell["key"]] == "77"


def test_what_follows_from_a_statement_follows_its_correction(result: Path) -> None:
    frames = load_result(result)[0]
    answers = frames["follow"][frames["follow"]["link"] == "answer"]
    gone = answers.iloc[0]
    where = (gone["report_id"], str(gone["to_statement"]))
    correct_result(result, add=[fix(where[0], "statement", where[1], "delete", "", "")])
    after = load_result(result)[0]
    for name, number in (("follow", "to_statement"), ("threads", "statement")):
        frame = after[name]
        side = "to_report_id" if name == "follow" else "report_id"
        left = frame[(frame[side] == where[0]) & (frame[number] == int(where[1]))]
        if name == "follow":
            left = left[left["link"] == "answer"]
        assert left.empty
    own = after["statements"][after["statements"]["report_id"] == where[0]]
    said = {n for text in own["answers"].dropna() for n in text.split()}
    assert where[1] not in said


def test_a_build_applies_corrections_without_a_folder_too(tmp_path: Path) -> None:
    source = REPORTS / "lubai-township-2023.txt"
    plain = nlp.build(source)
    cell = pick_cell(dict(plain.frames))
    sheet = tmp_path / "更正.csv"
    rows = [fix(source.name, "cell", cell["key"], "value", cell["raw"], "77")]
    sheet.write_bytes(write_corrections(rows))
    made = nlp.build(source, corrections=sheet)
    assert made.frames["cells"].set_index("key").loc[cell["key"], "value"] == 77
    assert made.frames["corrections"]["status"].tolist() == ["applied"]
    assert made.manifest["corrections"]["applied"] == 1
    assert made.totals["checks_failed"] > plain.totals["checks_failed"]


def test_a_sheet_without_a_column_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    sheet = tmp_path / "更正.csv"
    sheet.write_text("报告,对象,键\n", encoding="utf-8")
    call = ["build", str(REPORTS), "-o", str(tmp_path / "out"), "--corrections", str(sheet)]
    done = CliRunner().invoke(app, call)
    assert done.exit_code == 2
    assert "缺少列 field" in done.output
    assert not (tmp_path / "out").exists()


def test_sheets_round_trip_and_take_chinese_headings(tmp_path: Path) -> None:
    rows = [
        Correction(2, "a.pdf", "cell", "3|1|总计", "value", "-", "5", *WHO),
        Correction(3, "a.pdf", "report", "", "issuer", "", '甲,"乙"\n局', *WHO),
    ]
    file = tmp_path / "corrections.csv"
    file.write_bytes(write_corrections(rows))
    # No field begins with a sign that a spreadsheet runs.
    assert b",'-," in file.read_bytes()
    assert read_corrections(file) == rows
    headings = ",".join(names[1] for names in COLUMNS.values())
    file.write_text(f"{headings}\na.pdf,陈述,1,role,问题,措施,李四,今天,错了\n", encoding="utf-8")
    (row,) = read_corrections(file)
    assert (row.what, row.old, row.new, row.problem) == ("statement", "problem", "measure", "")


def test_no_result_of_an_older_kind_breaks_it(built: Path, tmp_path: Path) -> None:
    # A result that was written before there were corrections has no such frame.
    frames, manifest = load_result(built)
    kept = {name: frames[name] for name in frames if name != "corrections"}
    write_result(kept, manifest, tmp_path / "旧")
    assert len(correct_result(tmp_path / "旧")) == 0
