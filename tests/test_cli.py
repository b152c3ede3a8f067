"""Commands parse, call one function and print; exit codes and JSON are as documented."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import nlp
from nlp.cli import app

REPORTS = Path(__file__).parent.parent / "corpus" / "reports"
TEXT_REPORT = next(iter(sorted(REPORTS.glob("*.txt"))))
run = CliRunner().invoke


def commands() -> list[list[str]]:
    names = [[c.name or c.callback.__name__] for c in app.registered_commands if c.callback]
    for group in app.registered_groups:
        names += [
            [group.name, c.name or c.callback.__name__]
            for c in group.typer_instance.registered_commands
            if c.callback
        ]
    return names


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_has_help_and_stands_in_the_readmes(words: list[str]) -> None:
    result = run(app, [*words, "--help"])
    assert result.exit_code == 0
    command = "nianbao " + " ".join(words)
    for readme in ("README.md", "README.zh-CN.md"):
        text = (REPORTS.parents[1] / readme).read_text(encoding="utf-8")
        assert command in text, f"{command} is not in {readme}"


def test_check_json_has_the_promised_keys_and_offsets_slice_back() -> None:
    result = run(app, ["check", str(TEXT_REPORT), "--json"])
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    promised = "title issuer year edition sections cells checks statements pairs findings"
    assert set(promised.split()) <= set(found)
    text = found["text"]
    for section in found["sections"]:
        assert {"no", "title", "start", "end"} <= set(section)
        assert text[section["start"] :].startswith(section["title"])
    for cell in found["cells"]:
        assert {"key", "value", "state", "raw", "page", "box"} <= set(cell)
    for check in found["checks"]:
        assert {"id", "result", "doubt", "where"} <= set(check)
    for statement in found["statements"]:
        assert text[statement["start"] : statement["end"]] == statement["text"]
        assert statement["primary"] in statement["themes"]


def test_check_prints_for_people() -> None:
    result = run(app, ["check", str(TEXT_REPORT)])
    assert result.exit_code == 0
    assert nlp.read_report(TEXT_REPORT).report.issuer.name in result.stdout
    assert "单元格" in result.stdout


def test_check_of_what_is_no_report_exits_1_and_says_why(tmp_path: Path) -> None:
    file = tmp_path / "空.pdf"
    file.write_bytes(b"")
    result = run(app, ["check", str(file)])
    assert result.exit_code == 1
    assert "空.pdf" in result.output


def test_check_of_a_missing_file_exits_2(tmp_path: Path) -> None:
    assert run(app, ["check", str(tmp_path / "没有.pdf")]).exit_code == 2


def test_statements_gives_offsets_into_the_text_as_given(tmp_path: Path) -> None:
    text = "五、存在的主要问题及改进情况\n一是公开不及\n时；二是培训偏少。下一步，我局将加强培训。"
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(json.dumps({"id": "甲", "text": text}) + "\n", encoding="utf-8")
    assert run(app, ["statements", str(source), "-o", str(target)]).exit_code == 0
    row = json.loads(target.read_text(encoding="utf-8"))
    spans = [(s["role"], text[s["start"] : s["end"]]) for s in row["statements"]]
    assert row["id"] == "甲"
    assert spans == [
        ("problem", "公开不及\n时"),
        ("problem", "培训偏少"),
        ("measure", "加强培训"),
    ]
    assert [1, 2] in row["pairs"]


def test_a_bad_line_writes_nothing_and_names_the_line(tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text('{"id": 1, "text": "一是慢。"}\n{"id": 2}\n', encoding="utf-8")
    result = run(app, ["statements", str(source), "-o", str(target)])
    assert result.exit_code == 2
    assert "第 2 行" in result.output
    assert list(tmp_path.iterdir()) == [source]


def test_tag_gives_themes_scores_and_abstain(tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    rows = [
        {"id": "a", "role": "problem", "text": "工作人员业务培训不够"},
        {"id": "b", "role": "measure", "text": "丰富政策解读形式，增加图解"},
    ]
    source.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    assert run(app, ["themes", "tag", str(source), "-o", str(target)]).exit_code == 0
    tagged = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert [t["primary"] for t in tagged] == ["training", "policy_interpretation"]
    for row in tagged:
        assert set(row) == {"id", "themes", "primary", "scores", "abstain"}
        assert all(0 <= score <= 1 for score in row["scores"].values())


def test_build_with_json_prints_the_manifest_alone(tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run(app, ["build", str(TEXT_REPORT), "-o", str(out), "-j", "1", "--csv", "--json"])
    assert result.exit_code == 0, result.output
    manifest = json.loads(result.stdout)
    assert manifest["counts"]["reports"] == 1
    assert {p.name for p in out.iterdir()} >= {"manifest.json", "index.html", "nianbao.xlsx", "csv"}
    assert (out / "csv" / "cells.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_build_into_a_folder_with_other_things_exits_2(tmp_path: Path) -> None:
    (tmp_path / "论文.docx").write_text("x")
    result = run(app, ["build", str(TEXT_REPORT), "-o", str(tmp_path), "-j", "1"])
    assert result.exit_code == 2
    assert "请另选文件夹" in result.output
