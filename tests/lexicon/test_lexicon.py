"""Concordance, keyness and collocations: counts by hand, figures as published."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2_contingency
from typer.testing import CliRunner

from nlp.cli import app
from nlp.documents import make_frame
from nlp.lexicon import (
    compare_words,
    filter_units,
    find_collocations,
    find_kwic,
    find_pairs,
    gather_units,
)
from nlp.lexicon.collocations import pointwise_information, t_score
from nlp.lexicon.keyness import log_likelihood
from nlp.lexicon.kwic import compile_node, find_spans
from nlp.library import write_result

run = CliRunner().invoke

# report, year, level, section, words of a sentence
SENTENCES = [
    ("a", 2020, "county", "一", "加强 政策 解读 ， 规范 公开 。"),
    ("a", 2020, "county", "五", "政策解读 不够 及时 。"),
    ("b", 2021, "county", "五", "解读 政策 2 次 ， 公开 公开 及时 。"),
    ("c", 2021, "city", "一", "公开 =SUM(A1) 网站 。"),
    ("c", 2021, "city", "五", "网站 网站 网站 更新 慢 。"),
]


def make_frames() -> dict[str, pd.DataFrame]:
    reports, sentences = {}, []
    at: dict[str, int] = {}
    for number, (report, year, level, section, words) in enumerate(SENTENCES, 1):
        text = words.replace(" ", "")
        reports[report] = {
            "report_id": report, "file": report, "sha256": report, "file_kind": "text",
            "reader": "text", "issuer": f"{report}县教育局", "year": year, "level": level,
        }  # fmt: skip
        start = at.get(report, 0)
        at[report] = start + len(text)
        sentences.append(
            {"report_id": report, "section": section, "sentence": number, "start": start,
             "end": at[report], "page": 1, "text": text, "words": words}
        )  # fmt: skip
    return {
        "reports": make_frame("reports", reports.values()),
        "sentences": make_frame("sentences", sentences),
        "statements": make_frame(
            "statements",
            [{"report_id": "a", "statement": 1, "role": "problem", "start": 0, "end": 5,
              "text": "公开不及时", "words": "公开 不 及时", "themes": "training on_request"}],
        ),
    }  # fmt: skip


@pytest.fixture(scope="module")
def units():
    return gather_units(make_frames())


@pytest.fixture(scope="module")
def result(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("lexicon") / "result"
    write_result(make_frames(), {}, folder)
    return folder


# Node → the words that it finds, and the words that it does not.
NODES = [
    ("解读", ["解读"], ["政策解读"]),  # whole words only
    ("政策解读", ["政策解读", "政策 解读"], ["解读 政策"]),  # however it was segmented
    ("政策 解读", ["政策 解读"], ["政策解读"]),  # a space asks for the border
    ("解读*", ["解读", "解读会"], ["政策解读"]),
    ("*解读", ["政策解读"], ["解读会"]),
    ("c.", ["c."], ["ca"]),  # no regular expression
    ("APP", ["app"], ["APPS"]),
]


@pytest.mark.parametrize(("node", "yes", "no"), NODES)
def test_nodes_keep_to_the_borders_of_words(node: str, yes: list[str], no: list[str]) -> None:
    pattern = compile_node(node)
    for words in yes:
        assert find_spans(words.split(), pattern) == [(0, len(words.split()))], words
    for words in no:
        assert find_spans(words.split(), pattern) == [], words


def test_nodes_side_by_side_are_all_found() -> None:
    assert find_spans(["公开"] * 3, compile_node("公开")) == [(0, 1), (1, 2), (2, 3)]


@pytest.mark.parametrize("node", ["", "  ", "*", "* *"])
def test_empty_nodes_are_refused(node: str) -> None:
    with pytest.raises(ValueError, match="不能为空"):
        compile_node(node)


def test_kwic_gives_context_and_offsets_into_the_report(units) -> None:
    found = find_kwic(units, "政策解读", window=2)
    assert found[["left", "node", "right"]].to_numpy().tolist() == [
        ["加强", "政策解读", "，规范"],
        ["", "政策解读", "不够及时"],
    ]
    texts = {r: "".join(w.replace(" ", "") for q, *_, w in SENTENCES if q == r) for r in "abc"}
    for row in found.itertuples():
        assert texts[row.report_id][row.start : row.end] == row.node


def test_kwic_counts_every_place(units) -> None:
    assert len(find_kwic(units, "公开")) == 4
    assert find_kwic(units, "没有的词").empty


# Condition → sentences kept.
CONDITIONS = [
    (["section=五"], [2, 3, 5]),
    (["year=2020"], [1, 2]),
    (["year=2020-2021", "level=city"], [4, 5]),
    (["issuer=b县,c县"], [3, 4, 5]),
    (["level=county", "section=一"], [1]),
]


@pytest.mark.parametrize(("conditions", "kept"), CONDITIONS)
def test_conditions(units, conditions: list[str], kept: list[int]) -> None:
    assert filter_units(units, conditions).rows["sentence"].tolist() == kept


def test_theme_of_statements_matches_any() -> None:
    units = gather_units(make_frames(), "statements")
    assert len(filter_units(units, ["theme=on_request"]).rows) == 1
    assert len(filter_units(units, ["theme=request"]).rows) == 0


@pytest.mark.parametrize(
    ("condition", "words"),
    [("level", "列=值"), ("nosuch=1", "没有可作条件的列 nosuch"), ("year=去年", "年度应写成")],
)
def test_wrong_conditions_are_named(units, condition: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        filter_units(units, [condition])


# Dunning (1993), table 2: k(AB), k(A¬B), k(¬AB), k(¬A¬B) → −2 log λ as printed.
DUNNING = [
    ((110, 2442, 111, 29114), 270.72),  # the swiss
    ((29, 13, 123, 31612), 263.90),  # can be
    ((31, 23, 139, 31584), 256.84),  # previous year
    ((10, 0, 3, 31764), 167.23),  # mineral water
]


@pytest.mark.parametrize(("cells", "printed"), DUNNING)
def test_g2_is_dunnings(cells: tuple[int, ...], printed: float) -> None:
    ab, a_, b_, rest = (float(cell) for cell in cells)
    found = log_likelihood(np.array([ab]), np.array([b_]), ab + a_, b_ + rest)
    assert found[0] == pytest.approx(printed, abs=0.005)


counts = st.integers(0, 200)


@settings(max_examples=60, deadline=None)
@given(counts, counts, st.integers(1, 500), st.integers(1, 500))
def test_g2_is_scipys(a: int, b: int, c: int, d: int) -> None:
    if a + b == 0:
        return
    found = log_likelihood(np.array([float(a)]), np.array([float(b)]), a + c, b + d)[0]
    table = [[a, c], [b, d]]
    known = chi2_contingency(table, correction=False, lambda_="log-likelihood").statistic
    assert found == pytest.approx(max(0.0, known), abs=1e-6)


def test_keyness_by_hand(units) -> None:
    county = filter_units(units, ["level=county"])
    city = filter_units(units, ["level=city"])
    table = compare_words(city, county, min_count=1).set_index("word")
    site = table.loc["网站"]
    # city has 公开 SUM(A1) 网站 / 网站×3 更新 慢 (8 words), county 14: no marks, no numbers.
    assert (site["target"], site["reference"]) == (4, 0)
    assert site["target_rate"] == 5000.0
    assert site["direction"] == "target"
    assert site["log_ratio"] == round(np.log2((4 / 8) / (0.5 / 14)), 4)
    assert (table.loc["公开", "target_df"], table.loc["公开", "reference_df"]) == (1, 2)
    assert not {"，", "。", "2"} & set(table.index)
    assert table["q"].ge(table["p"] - 1e-12).all()
    swapped = compare_words(county, city, min_count=1).set_index("word")
    assert swapped.loc["网站", "g2"] == site["g2"]
    assert swapped.loc["公开", "log_ratio"] == -table.loc["公开", "log_ratio"]


def test_keyness_of_nothing_is_refused(units) -> None:
    with pytest.raises(ValueError, match="参照组没有词"):
        compare_words(units, units.keep(np.zeros(len(units.rows), dtype=bool)))


def test_collocations_by_hand(units) -> None:
    table = find_collocations(units, "网站", window=1, min_count=1).set_index("word")
    # 网站 stands 4 times; windows of one word: SUM(A1) | 网站 | 网站 网站 | 网站 更新: 6 words.
    near = table.loc["更新"]
    total = sum(len([w for w in s.split() if any(c.isalpha() for c in w)]) for *_, s in SENTENCES)
    expected = 6 * 1 / total
    assert (near["together"], near["left"], near["right"], near["df"]) == (1, 0, 1, 1)
    assert near["expected"] == round(expected, 4)
    assert near["pmi"] == round(np.log2(1 / expected), 4)
    assert near["t_score"] == round(1 - expected, 4)
    assert near["log_dice"] == round(14 + np.log2(2 * 1 / (4 + 1)), 4)
    assert table.loc["网站", "together"] == 4
    with pytest.raises(ValueError, match="没有出现"):
        find_collocations(units, "没有的词")


# Manning & Schütze (1999), Foundations of Statistical NLP, ch. 5, N = 14,307,668 words of
# newspaper: C(w1), C(w2), C(w1 w2) → the figure printed.
N = 14_307_668


def test_t_score_is_manning_and_schuetzes():
    # new companies: 15,828, 4,675, 8 → t = 0.999932 (p. 166), with the variance taken as the
    # sample mean, as in t = (O − E) / √O.
    o, e = np.array([8.0]), np.array([15828 * 4675 / N])
    assert t_score(o, e)[0] == pytest.approx(0.999932, abs=5e-6)


@pytest.mark.parametrize(
    ("first", "second", "together", "printed"),
    [(42, 20, 20, 18.38), (41, 27, 20, 17.98), (30, 117, 20, 16.31), (77, 59, 20, 15.94)],
)  # Ayatollah Ruhollah, Bette Midler, Agatha Christie, videocassette recorder (table 5.14)
def test_pmi_is_manning_and_schuetzes(first, second, together, printed):
    found = pointwise_information(np.array([float(together)]), np.array([first * second / N]))
    assert found[0] == pytest.approx(printed, abs=0.005)


def test_pairs_by_hand(units) -> None:
    table = find_pairs(units, min_count=1).set_index(["first", "second"])
    # Words without marks and numbers: 加强 政策 解读 规范 公开 | 政策解读 不够 及时 |
    # 解读 政策 次 公开 公开 及时 | 公开 SUM 网站 | 网站 网站 网站 更新 慢: 4 + 2 + 5 + 2 + 4 pairs.
    twice = table.loc[("网站", "网站")]
    assert twice["together"] == 2 and twice["df"] == 1
    assert (twice["first_count"], twice["second_count"]) == (3, 3)
    assert twice["expected"] == round(3 * 3 / 17, 4)
    assert twice["pmi"] == round(np.log2(2 / (9 / 17)), 4)
    assert twice["log_dice"] == round(14 + np.log2(4 / 6), 4)
    known = chi2_contingency([[2, 1], [1, 13]], correction=False, lambda_="log-likelihood")
    assert twice["g2"] == pytest.approx(known.statistic, abs=1e-4)
    # Order counts: 政策 解读 and 解读 政策 are two pairs.
    assert table.loc[("政策", "解读"), "together"] == table.loc[("解读", "政策"), "together"] == 1
    wide = find_pairs(units, window=2, min_count=1).set_index(["first", "second"])
    assert wide.loc[("加强", "解读"), "together"] == 1
    with pytest.raises(ValueError, match="至少为 1"):
        find_pairs(units, window=0)
    with pytest.raises(ValueError, match="没有成对的词"):
        find_pairs(units.keep(np.zeros(len(units.rows), dtype=bool)))


def test_commands_write_csv_that_runs_no_formula(result: Path, tmp_path: Path) -> None:
    out = tmp_path / "k.csv"
    call = ["kwic", "网站", str(result), "-o", str(out), "--window", "1"]
    assert run(app, call).exit_code == 0
    text = out.read_bytes().decode("utf-8-sig")
    assert "'=SUM(A1)" in text and ",=SUM" not in text
    for kind in ("json", "xlsx"):
        assert run(app, ["kwic", "网站", str(result), "-o", f"{tmp_path}/k.{kind}"]).exit_code == 0
    assert len(json.loads((tmp_path / "k.json").read_text(encoding="utf-8"))) == 4


def test_commands_print_and_give_json(result: Path) -> None:
    shown = run(app, ["kwic", "公开", str(result)])
    assert shown.exit_code == 0 and "共 4 处" in shown.stdout
    found = run(app, ["keyness", str(result), "-t", "level=city", "--min-count", "1", "--json"])
    assert json.loads(found.stdout)[0]["word"] == "网站"
    near = run(app, ["collocations", "公开", str(result), "--min-count", "1"])
    assert near.exit_code == 0 and "logDice" in near.stdout
    pairs = run(app, ["collocations", str(result), "--min-count", "1", "--json"])
    assert json.loads(pairs.stdout)[0].keys() >= {"first", "second", "g2"}
    shown = run(app, ["collocations", str(result), "--min-count", "1"])
    assert shown.exit_code == 0 and "后词" in shown.stdout and "对；" in shown.stdout


# Call → what it says; exit code 2.
WRONG = [
    (["kwic", "公开", "没有的文件夹"], "manifest.json"),
    (["keyness", "RESULT", "-t", "year=2020", "-r", "level=county"], "互不重叠"),
    (["keyness", "RESULT", "-t", "x=1"], "没有可作条件的列"),
    (["kwic", "公开", "RESULT", "-o", "k.pdf"], "结尾"),
    (["kwic", "公开", "RESULT", "--unit", "words"], "单位应为"),
]


@pytest.mark.parametrize(("call", "words"), WRONG)
def test_wrong_calls_say_why(result: Path, call: list[str], words: str) -> None:
    found = run(app, [str(result) if part == "RESULT" else part for part in call])
    assert found.exit_code == 2
    assert words in found.output
