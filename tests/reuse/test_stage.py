"""A whole result: planted families, shares that add up, the same bytes in any order, commands."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pandas as pd
import pytest
from rapidfuzz.distance import Indel
from typer.testing import CliRunner

from nlp.cli import app
from nlp.documents import REUSE_FRAMES, check_frame
from nlp.library import write_result
from nlp.pipeline.reuse import find_leftovers, measure_reuse
from nlp.pipeline.reuse.publish import _find_way, report_reuse
from tests.reuse.truth import CORPUS, load_truths, make_frames, report_id

run = CliRunner().invoke


@pytest.fixture(scope="module")
def truths() -> list[dict[str, Any]]:
    return load_truths()


@pytest.fixture(scope="module")
def made(truths: list[dict[str, Any]]) -> dict[str, pd.DataFrame]:
    return {**make_frames(truths), **measure_reuse(make_frames(truths))[0]}


@pytest.fixture(scope="module")
def folder(truths: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("reuse") / "result"
    write_result(make_frames(truths), {"product": "nianbao", "version": "0"}, out)
    return out


def test_every_planted_family_has_its_members_first_user_and_template(
    truths: list[dict[str, Any]], made: dict[str, pd.DataFrame]
) -> None:
    planted: dict[str, list[dict[str, Any]]] = {}
    for t in truths:
        for r in t["reuse"]:
            if r["kind"] == "peer":
                planted.setdefault(r["family"], []).append(t)
    templates = tomllib.loads((CORPUS / "sources/families.toml").read_text("utf-8"))["passages"]
    members = {k: set(part) for k, part in made["passages"].groupby("family")["report_id"]}
    families = made["families"].set_index("family")
    assert set(planted) == set(templates)
    for name, reports in planted.items():
        wanted = {report_id(t) for t in reports}
        key = min(members, key=lambda f: (len(members[f] ^ wanted), f))
        assert members[key] == wanted, name
        family = families.loc[key]
        year = min(t["year"] for t in reports)
        first = {t["issuer"] for t in reports if t["year"] == year}
        assert family["first_year"] == year, name
        tied = {} if pd.isna(family["first_tied"]) else set(family["first_tied"].split("；"))
        assert {family["first_issuer"], *tied} == first, name
        assert family["issuers"] == len({t["issuer"] for t in reports}), name
        # Names, numbers and marks aside, the wording is what was planted.
        fixed = [re.sub(r"\$\d|｛[^｝]*｝|\W", "", s) for s in (templates[name], family["wording"])]
        assert Indel.normalized_similarity(*fixed) >= LEAST.get(name, 0.9), (name, fixed)


# Three of four members hold other parts of F10, so the words of two are nobody's usual ones.
LEAST = {"F10": 0.6}


def test_frames_keep_to_their_columns_and_shares_add_to_one(
    made: dict[str, pd.DataFrame],
) -> None:
    for name in REUSE_FRAMES:
        check_frame(name, made[name])
    shares = made["reuse_shares"]
    parts = shares[["mandated", "formula", "own", "peer", "new"]].astype(float)
    assert (parts.sum(axis=1) - 1).abs().max() < 1e-3
    assert (parts >= 0).all().all()


def test_passages_are_the_letter_of_the_report(made: dict[str, pd.DataFrame]) -> None:
    text = dict(zip(made["reports"]["report_id"], made["reports"]["text"], strict=True))
    for row in made["passages"].to_dict("records"):
        assert text[row["report_id"]][row["start"] : row["end"]] == row["text"]


def test_years_and_dyads_are_separate_questions(made: dict[str, pd.DataFrame]) -> None:
    issuer = dict(zip(made["reports"]["report_id"], made["reports"]["issuer"], strict=True))
    years, dyads = made["reuse_years"], made["dyads"]
    assert (years["year_gap"] > 0).all()
    assert (years["report_a"].map(issuer) == years["report_b"].map(issuer)).all()
    assert (dyads["report_a"].map(issuer) != dyads["report_b"].map(issuer)).all()
    # Every pair of reports is in one of the two, for a regression needs the zeros.
    reports = len(made["reports"])
    assert len(years) + len(dyads) == reports * (reports - 1) // 2
    assert (dyads["year_gap"] >= 0).all()
    assert ((dyads["shared_a"] > 0) == (dyads["shared_b"] > 0)).mean() > 0.99
    above = dyads[dyads["vertical"] == 1].iloc[0]
    assert above["tie"] == "superior"


def test_the_order_of_rows_makes_no_difference(
    truths: list[dict[str, Any]], made: dict[str, pd.DataFrame]
) -> None:
    again, _ = measure_reuse(make_frames(truths, shuffle=3))
    for name in REUSE_FRAMES:
        pd.testing.assert_frame_equal(again[name], made[name])


def test_the_same_result_gives_the_same_bytes(
    truths: list[dict[str, Any]], folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "shuffled"
    write_result(make_frames(truths, shuffle=5), {"product": "nianbao", "version": "0"}, other)
    for source, name in ((folder, "a"), (other, "b")):
        report_reuse(source, tmp_path / name)
    files = sorted(
        p.relative_to(tmp_path / "a") for p in (tmp_path / "a").rglob("*") if p.is_file()
    )
    assert {"reuse.html", "reuse.xlsx", "dyads.parquet"} <= {p.name for p in files}
    for file in files:
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes(), file


# Folder of the reuse report, seen from the folder of the result → the address back.
WAYS = [
    ("沿用", "../index.html"),
    ("深/沿用", "../../index.html"),
    ("../别处", "../%E7%BB%93%E6%9E%9C%20%231/index.html"),  # no mark ends the address
]


@pytest.mark.parametrize(("out", "way"), WAYS)
def test_the_page_leads_back_to_the_result(tmp_path: Path, out: str, way: str) -> None:
    result = tmp_path / "结果 #1"
    result.mkdir()
    assert _find_way(result / out, result) is None
    (result / "index.html").touch()
    assert _find_way(result / out, result) == way
    assert (result / out / unquote(way)).resolve() == (result / "index.html").resolve()


def test_a_name_left_over_is_a_row_and_a_finding(truths: list[dict[str, Any]]) -> None:
    frames = make_frames(truths)
    row = frames["sentences"].index[frames["sentences"]["section"] == "一"][0]
    report = frames["sentences"].loc[row, "report_id"]
    at = frames["reports"].index[frames["reports"]["report_id"] == report][0]
    mine = frames["reports"].loc[at, "issuer"]
    other = "岚川省农业农村厅" if mine != "岚川省农业农村厅" else "白芷县市场监督管理局"
    text = frames["reports"].loc[at, "text"]
    start = int(frames["sentences"].loc[row, "start"])
    put = f"{other}全年公开信息XX条。"
    frames["reports"].loc[at, "text"] = text[:start] + put + text[start + len(put) :]
    frames["sentences"].loc[row, "end"] = max(
        int(frames["sentences"].loc[row, "end"]), start + len(put)
    )
    residue = measure_reuse(frames)[0]["residue"]
    found = {(r["kind"], r["text"]) for r in residue.to_dict("records")}
    assert found == {("foreign_name", other), ("placeholder", "XX")}
    codes = [f.code for f in find_leftovers(residue)[report]]
    assert codes == ["foreign_name_left", "placeholder_left"]


def test_no_reports_give_empty_frames() -> None:
    frames, _ = measure_reuse(make_frames([]))
    assert all(frame.empty for name, frame in frames.items() if name != "formula_cuts")


# -- commands ------------------------------------------------------------------------------


def test_find_gives_places_changes_and_first_year(folder: Path, tmp_path: Path) -> None:
    asked = "采取集中授课、跟班学习、案例讨论相结合的方式，每年组织不少于九次业务培训"
    result = run(
        app, ["reuse", "find", asked, str(folder), "--json", "-o", str(tmp_path / "h.csv")]
    )
    assert result.exit_code == 0, result.output
    hits = json.loads(result.stdout)
    assert len(hits) >= 4
    assert hits == sorted(hits, key=lambda h: -h["score"])
    assert hits[0]["kind"] == "slots"  # only the number is another one
    assert ["slot", "九"] not in hits[0]["pieces"]
    assert (tmp_path / "h.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    shown = run(app, ["reuse", "find", asked, str(folder)])
    assert "最早见于 2022 年度" in shown.stdout


def test_find_finds_formulae_too_and_takes_a_file(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "问.txt"
    file.write_text("统计期限\n进一步", encoding="utf-8")
    result = run(app, ["reuse", "find", str(file), str(folder), "--json"])
    assert result.exit_code == 0
    assert {h["asked"] for h in json.loads(result.stdout)} >= {"统计期限"}


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["完全没有写过的一句奇怪的话呀"], 1, "没有找到"),
        (["。，"], 2, "没有可比对的字"),
        (["公开信息", "--least", "2"], 2, "相似度下限"),
    ],
)
def test_find_says_what_is_wrong(
    folder: Path, arguments: list[str], code: int, message: str
) -> None:
    result = run(app, ["reuse", "find", arguments[0], str(folder), *arguments[1:]])
    assert result.exit_code == code
    assert message in result.output


def test_find_without_a_result_exits_2(tmp_path: Path) -> None:
    assert run(app, ["reuse", "find", "公开", str(tmp_path)]).exit_code == 2


def test_compare_lays_two_reports_side_by_side(tmp_path: Path) -> None:
    reports = CORPUS / "reports"
    files = [str(reports / f"lanxi-water-{year}") for year in ("2019.txt", "2021.txt")]
    page = tmp_path / "对照.html"
    result = run(app, ["reuse", "compare", *files, "--json", "-o", str(page)])
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["a"]["shared"] > 20 and found["passages"]
    for p in found["passages"]:
        left = "".join(text for _, text in p["a_pieces"])
        assert len(left) == p["a_end"] - p["a_start"]
    html = page.read_text(encoding="utf-8")
    assert "http://" not in html and "https://" not in html
    assert found["b"]["label"] in html


def test_compare_of_what_is_no_report_exits_1(tmp_path: Path) -> None:
    empty = tmp_path / "空.txt"
    empty.write_bytes(b"")
    assert run(app, ["reuse", "compare", str(empty), str(empty)]).exit_code == 1


def test_report_writes_all_and_says_where(folder: Path, tmp_path: Path) -> None:
    result = run(app, ["reuse", "report", str(folder), "-o", str(tmp_path / "out")])
    assert result.exit_code == 0, result.output
    assert "reuse.html" in result.stdout and "跨机关的文段家族" in result.stdout
    assert (tmp_path / "out" / "csv" / "dyads.csv").exists()
    assert run(app, ["reuse", "report", str(tmp_path), "-o", str(tmp_path / "x")]).exit_code == 2
