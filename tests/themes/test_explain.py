"""Explanations: exact sums, exact offsets, and the words a reader would point at."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from nlp.cli import app
from nlp.pipeline.evidence import add_evidence, find_spans
from nlp.segment import segment
from nlp.themes import explain_tags, load_model
from nlp.themes.explain import weigh_characters, weigh_rest
from nlp.themes.features import condense_text, list_kept, normalize_text, normalize_with_offsets


@pytest.fixture(scope="module")
def model():
    return load_model()


def cut(text: str) -> list[tuple[int, int]]:
    return [(word.start, word.end) for word in segment(text)]


# Text, role, theme → words that must be among its evidence, as printed.
CARRIED = [
    ("政策解读质量不高,公开内容不够丰富", "problem", "policy_interpretation", "解读"),
    ("政策解读质量不高,公开内容不够丰富", "problem", "key_sector_disclosure", "丰富"),
    # wrapped inside a word, traditional script, full-width letters: offsets into the original
    ("政策解\n读质量不高", "problem", "policy_interpretation", "解\n读"),
    ("加強業務培訓，定期開展督查考核", "measure", "training", "培訓"),
    ("加強業務培訓，定期開展督查考核", "measure", "supervision_assessment", "考核"),
    ("管好用好政务微信公众号", "measure", "platform_newmedia", "微信公众号"),
]


@pytest.mark.parametrize(("text", "role", "theme", "words"), CARRIED)
def test_evidence_is_what_a_reader_would_point_at(model, text, role, theme, words):
    found = explain_tags(model, text, role, cut=cut)
    assert any(words in part.text for part in found[theme])


def test_every_tag_is_explained_and_others_on_request(model):
    text = "公开不及时，原因是人手不足"
    tags = model.tag([text], ["problem"])[0]
    found = explain_tags(model, text, "problem")
    assert tuple(found) == tags.themes
    assert all(found.values())
    assert explain_tags(model, text, "problem", themes=["on_request"]).keys() == {"on_request"}
    with pytest.raises(ValueError, match="模型没有主题 unknown"):
        explain_tags(model, text, themes=["unknown"])


@settings(max_examples=40, deadline=None)
@given(
    st.text("政府信息公开不及时解读质量內容豐富业务培训，,。. \n1Ａa", max_size=40),
    st.sampled_from(["problem", "measure", None]),
)
def test_weights_add_up_to_the_score(text, role):
    model = load_once()
    odds = weigh_characters(model, text).sum(axis=0) + weigh_rest(model, role)
    score = model.predict_scores([text], [role])[0]
    assert np.abs(1 / (1 + np.exp(-odds)) - score).max() < 1e-5
    for part in explain_tags(model, text, role, cut=cut).values():
        assert all(words.text == text[words.start : words.end] for words in part)
        assert all(words.weight > 0 for words in part)
        assert [w.weight for w in part] == sorted((w.weight for w in part), reverse=True)


_MODELS = []


def load_once():
    if not _MODELS:
        _MODELS.append(load_model())
    return _MODELS[0]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=40))
def test_offsets_of_any_text_stay_inside_and_never_go_down(text):
    normalized, offsets = normalize_with_offsets(text)
    assert normalized == normalize_text(text)
    assert len(offsets) == len(normalized)
    assert all(0 <= place < len(text) for place in offsets)
    assert offsets == sorted(offsets)
    kept = list_kept(normalized)
    assert "".join(normalized[place] for place in kept) == condense_text(normalized)


# Words of a statement → where they stand: breaks between them, a word that is not there.
SPANS = [
    ("公开不及时", ["公开", "不", "及时"], [(0, 2), (2, 3), (3, 5)]),
    ("公开\n不 及时", ["公开", "不", "及时"], [(0, 2), (3, 4), (5, 7)]),
    ("公开公开", ["公开", "公开"], [(0, 2), (2, 4)]),
    ("公开", ["更新", "公开"], [(0, 2)]),
]


@pytest.mark.parametrize(("text", "words", "spans"), SPANS)
def test_words_are_found_again(text, words, spans):
    assert find_spans(text, words) == spans


def test_evidence_is_added_to_every_tag_and_nothing_else_changes(model):
    texts = ["政策解\n读质量不高,公开内容不够丰富", "加强培训，培训干部", ""]
    words = [[word.text for word in segment(text)] for text in texts]
    roles = ["problem", "measure", None]
    tags = model.tag(texts, roles)
    found = add_evidence(model, texts, roles, words, tags)
    assert [replace(tag, evidence={}) for tag in found] == tags
    assert [tuple(tag.evidence) for tag in found] == [tag.themes for tag in tags]
    assert found[0].evidence["policy_interpretation"][0] == "解读"  # broken over lines there
    # The word that stands in a heavier one, or that was said before, is not said again.
    assert "".join(found[1].evidence["training"]).count("培训") == 1
    assert set(found[2].evidence.values()) == {()}


def test_tag_file_explains_on_request(tmp_path):
    source, plain, more = tmp_path / "in.jsonl", tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    text = "信息更 新不及时"
    source.write_text(json.dumps({"id": 1, "role": "problem", "text": text}), encoding="utf-8")
    run = CliRunner().invoke
    assert run(app, ["themes", "tag", str(source), "-o", str(plain)]).exit_code == 0
    assert run(app, ["themes", "tag", str(source), "-o", str(more), "--explain"]).exit_code == 0
    without = json.loads(plain.read_text(encoding="utf-8"))
    with_words = json.loads(more.read_text(encoding="utf-8"))
    evidence = with_words.pop("evidence")
    assert with_words == without
    assert set(evidence) == set(without["themes"])
    for part in evidence.values():
        for words in part:
            assert words["text"] == text[words["start"] : words["end"]]
