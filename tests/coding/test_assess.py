"""Evaluation and training: figures by hand, held-out honesty, own themes, clear errors."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from nlp.cli import app
from nlp.pipeline.coding import evaluate_labels, train_model
from nlp.themes import LabelError, load_codebook
from nlp.themes.assess import judge_held_out
from nlp.themes.labels import Label
from nlp.themes.measures import (
    bound_scores,
    count_hits,
    list_confusions,
    measure_calibration,
    score_counts,
)
from nlp.themes.sources import LabelSet, join_labels, read_labels

run = CliRunner().invoke


@pytest.fixture(scope="module")
def model(own_labels: Path, own_codebook: Path, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("model") / "own"
    train_model([own_labels], folder, codebook=own_codebook)
    return folder


# staff, web, rest of the own codebook; four statements.
TRUTH = np.array([[1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 0, 1]], dtype=bool)
FOUND = np.array([[1, 0, 0], [1, 0, 0], [1, 0, 0], [0, 0, 1]], dtype=bool)


def test_scores_by_hand(own_codebook: Path) -> None:
    book = load_codebook(own_codebook)
    scores = score_counts(count_hits(TRUTH, FOUND), book)
    assert scores["themes"]["staff"] == {
        "precision": 0.6667, "recall": 1.0, "f1": 0.8, "support": 2, "predicted": 3,
    }  # fmt: skip
    assert scores["themes"]["web"]["precision"] is None
    assert scores["macro_f1"] == 0.4  # (0.8 + 0) / 2, the fallback left out
    assert scores["micro_f1"] == round(4 / 7, 4)


def test_bounds_hold_the_score_and_widen_when_sources_are_fewer(own_codebook: Path) -> None:
    book = load_codebook(own_codebook)
    counts = count_hits(np.repeat(TRUTH, 25, axis=0), np.repeat(FOUND, 25, axis=0))
    many = bound_scores(counts, [str(n) for n in range(100)], book, seed=0, resamples=300)
    few = bound_scores(counts, [str(n // 25) for n in range(100)], book, seed=0, resamples=300)
    low, high = many["micro_f1_bounds"]
    assert low <= many["micro_f1"] <= high
    assert few["micro_f1_bounds"][1] - few["micro_f1_bounds"][0] > high - low
    assert many == bound_scores(counts, [str(n) for n in range(100)], book, seed=0, resamples=300)


def test_confusions_by_hand(own_codebook: Path) -> None:
    primary, found = np.array([0, 1, 1, 2]), np.array([0, 0, 0, 2])
    listed = list_confusions(TRUTH, FOUND, primary, found, load_codebook(own_codebook))
    assert listed["primary"] == [[1, 0, 0], [2, 0, 0], [0, 0, 1]]
    assert listed["missed_for"] == [{"missed": "web", "added": "staff", "count": 1}]


def test_calibration_by_hand(own_codebook: Path) -> None:
    # Two bins: (0.9, 0.9) found once of two: gap 0.4; (0.2, 0.2) never: gap 0.2.
    scores = np.array([[0.9, 0.2, 0.2], [0.9, 0.2, 0.2]])
    truth = np.array([[1, 0, 0], [0, 0, 0]], dtype=bool)
    found = measure_calibration(truth, scores, load_codebook(own_codebook))
    assert found["ece"] == round((2 * 0.4 + 4 * 0.2) / 6, 4)
    assert [row["count"] for row in found["table"] if row["count"]] == [4, 2]
    assert found["ece_by_theme"]["staff"] == 0.4


def test_training_labels_are_cross_validated_and_leakage_stands_beside(
    own_labels: Path, own_codebook: Path, model: Path, tmp_path: Path
) -> None:
    result = evaluate_labels(
        own_labels, model=model, codebook=own_codebook, folds=3, out=tmp_path / "out"
    )
    assert result["mode"] == "grouped_cross_validation"
    assert (result["count"], result["sources"], result["source_is"]) == (120, 30, "issuer")
    assert {"naive_split", "grouped_split", "baselines", "calibration"} <= set(result)
    # A tenth of the labels is wrong on purpose: no honest score is near 1.
    assert 0.75 < result["scores"]["macro_f1"] < 0.98
    assert result["scores"]["macro_f1"] > result["baselines"]["most_frequent"]["macro_f1"]
    assert result["grouped_split"]["macro_f1"] == result["scores"]["macro_f1"]
    assert sum(part["count"] for part in result["by_role"].values()) == 120
    written = json.loads((tmp_path / "out" / "evaluation.json").read_text(encoding="utf-8"))
    assert written == json.loads(json.dumps(result))
    page = (tmp_path / "out" / "evaluation.md").read_text(encoding="utf-8")
    assert "分组交叉验证" in page and "有泄漏" in page and "人员" in page


def test_a_label_is_never_judged_by_a_model_that_saw_its_group(own_codebook: Path) -> None:
    """Wordings tell nothing of the theme but within a group: grouped folds must not know them."""
    book = load_codebook(own_codebook)
    labels = []
    for group in range(24):
        theme = ("staff", "web", "rest")[group % 3]
        word = "".join(chr(0x5200 + 40 * group + n) for n in range(6))
        for copy in range(6):
            labels.append(
                Label(f"{group}-{copy}", f"{group}-{copy}", "problem", "county", "2021", (theme,),
                      word + "甲乙丙丁戊己"[copy])
            )  # fmt: skip
    truth = np.array([book.ids.index(label.primary) for label in labels])
    groups = [label.id.split("-")[0] for label in labels]
    grouped = judge_held_out(labels, book, groups, folds=3)
    naive = judge_held_out(labels, book, [label.id for label in labels], folds=3)
    assert (naive.primary == truth).mean() > 0.9
    assert (grouped.primary == truth).mean() < 0.6


def test_new_labels_are_judged_as_they_are(own_codebook: Path, model: Path, tmp_path) -> None:
    rows = [
        {"id": "a", "role": "问题", "text": "网站栏目更新慢", "themes": ["web"]},
        {"id": "b", "role": "measure", "text": "加强人员培训", "primary": "人员"},
        {"role": "problem", "text": "经费紧张", "themes": "rest"},
    ]
    file = tmp_path / "new.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    result = evaluate_labels(file, model=model, codebook=own_codebook)
    assert result["mode"] == "new_labels" and "naive_split" not in result
    assert result["primary_accuracy"] == 1.0
    assert set(result["by_level"]) == {"unknown"}


def test_training_again_gives_the_same_bytes_and_the_card_tells_the_truth(
    own_labels: Path, own_codebook: Path, model: Path, tmp_path: Path
) -> None:
    again = tmp_path / "own"
    train_model([own_labels], again, codebook=own_codebook)
    for name in ("themes.skops", "card.json", "card.md"):
        assert (again / name).read_bytes() == (model / name).read_bytes(), name
    card = (again / "card.md").read_text(encoding="utf-8")
    assert "nianbao themes train labels.csv --codebook codebook.toml -o own" in card
    assert "本项目自行撰写" not in card


def test_too_few_labels_are_said_by_theme(own_codebook: Path, tmp_path: Path) -> None:
    file = tmp_path / "few.csv"
    file.write_text("role,text,primary\nproblem,网站慢,web\n", encoding="utf-8")
    with pytest.raises(LabelError, match=r"“人员”（staff）0 种措辞.*--with-shipped"):
        train_model([file], tmp_path / "m", codebook=own_codebook)
    with pytest.raises(LabelError, match="不能合用"):
        train_model([file], tmp_path / "m", codebook=own_codebook, with_shipped=True)
    with pytest.raises(LabelError, match="没有标注"):
        train_model([], tmp_path / "m", codebook=own_codebook)
    assert not (tmp_path / "m").exists()


# A row of a minimal file → what the message says.
FAULTS = [
    ('{"role": "x", "text": "慢", "primary": "web"}', "role 应为"),
    ('{"role": "problem", "text": " ", "primary": "web"}', "text 为空"),
    ('{"role": "problem", "text": "慢"}', "没有主题"),
    ('{"role": "problem", "text": "慢", "primary": "nosuch"}', "编码手册中没有主题 nosuch"),
    ('{"role": "problem", "text": "慢", "themes": ["rest", "web"]}', "只能单独使用"),
    ("[1]", "应为一个 JSON 对象"),
    ("", "没有任何标注"),
]


@pytest.mark.parametrize(("line", "words"), FAULTS)
def test_faulty_labels_are_named(own_codebook: Path, tmp_path: Path, line: str, words) -> None:
    file = tmp_path / "l.jsonl"
    file.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(LabelError, match=words):
        read_labels(file, load_codebook(own_codebook))


def test_issuers_and_wordings_stay_together_in_splits() -> None:
    def label(name: str, family: str) -> Label:
        return Label(name, family, "problem", "county", "2021", ("training",), name)

    labels = tuple(label(n, f) for n, f in ("aF", "bF", "cG", "dH", "eI", "fJ"))
    groups = LabelSet("x", labels, ("甲", "乙", "乙", "丙", "", "丁")).group_splits()
    assert groups[0] == groups[1] == groups[2]  # a and b by wording, b and c by issuer
    assert len(set(groups)) == 4


def test_joined_labels_of_one_wording_share_a_family() -> None:
    def part(name: str) -> LabelSet:
        one = Label("1", "F1", "problem", "county", "2021", ("training",), f"{name}业务培训不够")
        return LabelSet(name, (one,), ("",))

    joined = join_labels([part("开展"), part("开展"), part("网站栏目更新很慢，")])
    assert [label.family for label in joined] == ["F1", "F1", "3:F1"]
    assert len({label.id for label in joined}) == 3


def test_commands_print_and_fail_in_chinese(own_labels, own_codebook, model, tmp_path) -> None:
    book = ["--codebook", str(own_codebook)]
    call = ["themes", "evaluate", str(own_labels), "--model", str(model), "--no-cv", *book]
    shown = run(app, call)
    assert shown.exit_code == 0 and "宏平均" in shown.stdout
    assert json.loads(run(app, [*call, "--json"]).stdout)["mode"] == "new_labels"
    wrong = run(app, ["themes", "evaluate", str(tmp_path / "没有.csv"), *book])
    assert wrong.exit_code == 2 and "找不到标注文件" in wrong.output
    other = run(app, ["themes", "train", "-o", str(tmp_path / "m"), *book])
    assert other.exit_code == 2 and "没有标注" in other.output
