"""Training, tagging, saving: the same in and the same out, and no foreign file let in."""

import json
import shutil
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.resources import find_resource
from nlp.themes import ModelError, load_codebook, load_labels, load_model, save_model, train_themes
from nlp.themes.evaluation import measure_themes, tag_by_cues
from nlp.themes.features import (
    CharacterCounter,
    build_vectorizer,
    condense_text,
    head_clause,
    normalize_text,
)
from nlp.themes.labels import hash_labels
from nlp.themes.training import _shift_thresholds, compose_statements, mark_themes


@pytest.fixture(scope="module")
def codebook():
    return load_codebook()


@pytest.fixture(scope="module")
def labels(codebook):
    return load_labels(find_resource("corpus/labels/statements.csv"), codebook)


@pytest.fixture(scope="module")
def shipped():
    return load_model()


@pytest.fixture(scope="module")
def small(labels, codebook):
    """Train on every fourth family."""
    keep = sorted({label.family for label in labels})[::4]
    chosen = [label for label in labels if label.family in set(keep)]
    return chosen, train_themes(chosen, codebook, 0, folds=3)


# Rule of the codebook → statement → themes, primary first.  None of these is a training row.
RULES = [
    ("stated, not implied", "problem", "公开得不及时", {"proactive_disclosure"}),
    (
        "a cause is stated too",
        "problem",
        "信息公开不及时,原因是人手不足",
        {"proactive_disclosure", "training"},
    ),
    ("means of training", "measure", "通过集中培训、座谈等,提升队伍素质", {"training"}),
    (
        "equal weight",
        "measure",
        "做好政策解读、回应关切工作",
        {"policy_interpretation", "interaction_response"},
    ),
    ("procedure of requests", "measure", "推进依申请公开办理规范化", {"on_request"}),
    ("programme", "measure", "推进基层政务公开标准化规范化工作", {"innovation_service"}),
    ("publicity of the work", "problem", "信息公开的宣传力度还不够", {"innovation_service"}),
    ("amount", "problem", "公开的信息数量较少", {"key_sector_disclosure"}),
    ("channel", "measure", "积极拓宽信息公开渠道", {"platform_newmedia"}),
    ("form", "problem", "信息公开形式还比较单一", {"innovation_service"}),
    ("late column", "problem", "有些栏目信息更新不及时", {"proactive_disclosure"}),
    ("staff", "problem", "信息公开工作人员多为兼职", {"training"}),
    ("security of the site", "measure", "加强政府网站网络安全防护", {"platform_newmedia"}),
    ("rectification", "measure", "认真抓好问题整改落实", {"supervision_assessment"}),
    ("review before release", "measure", "严格信息发布审核和保密审查", {"information_management"}),
    ("rules and duties", "measure", "健全工作制度,明确责任分工", {"mechanism_leadership"}),
    ("complete", "problem", "政务公开的内容还不够完整", {"proactive_disclosure"}),
    ("rich", "problem", "公开的内容还有待进一步丰富", {"key_sector_disclosure"}),
    ("awareness", "problem", "我局主动公开信息的意识还不够强", {"training"}),
    ("initiative", "problem", "主动公开的主动性还需加强", {"proactive_disclosure"}),
    ("typos", "problem", "公开信息中偶有错别字", {"proactive_disclosure"}),
    ("flow of release", "measure", "进一步规范信息发布的流程", {"proactive_disclosure"}),
    ("flow of work", "measure", "优化内部工作流程", {"mechanism_leadership"}),
    ("leaders' attention", "problem", "领导对此项工作不够重视", {"training"}),
    ("aim is not coded", "measure", "继续拓宽公开的渠道,方便群众查询信息", {"platform_newmedia"}),
    ("form of interpretation", "problem", "政策解读的形式不够多样", {"policy_interpretation"}),
    (
        "empty column",
        "problem",
        "网站个别栏目长期空白",
        {"platform_newmedia", "proactive_disclosure"},
    ),
    (
        "publicity and the public's awareness",
        "measure",
        "广泛宣传政府信息公开条例,提高群众知晓率",
        {"innovation_service", "interaction_response"},
    ),
]


@pytest.mark.parametrize(("rule", "role", "text", "themes"), RULES)
def test_rules_of_the_codebook(shipped, rule, role, text, themes):
    (tags,) = shipped.tag([text], [role])
    assert set(tags.themes) == themes, rule


def test_tags_have_the_primary_first_and_a_score_for_every_theme(shipped, codebook):
    (tags,) = shipped.tag(["加强业务培训,进一步丰富公开内容"], ["measure"])
    assert tags.themes == ("training", "key_sector_disclosure")
    assert tags.primary == "training"
    assert tuple(tags.scores) == codebook.ids
    assert all(0 <= score <= 1 for score in tags.scores.values())


@pytest.mark.parametrize(
    "variant",
    [
        "政策解读质量不高，公开内容不够丰富。",  # as printed
        "政策解读质量不高,公开内容不够丰富",  # half-width, end cut
        "政策解读质量\n不高, 公开内\r\n容不够丰富.",  # wrapped, spaces
        "政策解讀質量不高，公開內容不夠豐富",  # traditional script
        "　政策解读质量不高﹐公开内容不够丰富；",  # full-width space, small comma
    ],
)
def test_spelling_makes_no_difference(shipped, variant):
    (expected,) = shipped.tag(["政策解读质量不高，公开内容不够丰富"], ["problem"])
    assert shipped.tag([variant], ["problem"])[0] == expected


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=40), max_size=6))
def test_any_text_gets_a_tag_and_neighbours_do_not_matter(texts):
    model = load_model_once()
    together = model.tag(texts)
    assert len(together) == len(texts)
    for text, tags in zip(texts, together, strict=True):
        assert tags == model.tag([text])[0]
        assert tags.primary == tags.themes[0]
        assert "other" not in tags.themes or tags.themes == ("other",)


_MODELS = []


def load_model_once():
    if not _MODELS:
        _MODELS.append(load_model())
    return _MODELS[0]


def test_empty_text_abstains_and_empty_list_is_empty(shipped):
    assert shipped.tag([]) == []
    assert shipped.tag([" \n。"])[0].abstain


def test_roles_must_match_texts(shipped):
    with pytest.raises(ValueError, match="roles 应与 texts 等长"):
        shipped.tag(["公开不及时"], [])


@settings(max_examples=100, deadline=None)
# 薴 is the one character that OpenCC simplifies in two steps (苧, then 苎).
@given(st.text(st.characters(exclude_characters="薴", codec="utf-8"), max_size=60))
def test_normalizing_twice_changes_nothing(text):
    once = normalize_text(text)
    assert normalize_text(once) == once
    assert head_clause(once) in once


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("政府信息公开的内容有待进一步完善", "内容完善"),  # fillers on both sides
        ("公开内容还不够丰富", "公开内容丰富"),  # 公开 alone is no filler
        ("我局将继续加强业务培训", "业务培训"),  # issuer and verbs of improving
        ("工作", ""),  # nothing is left of fillers alone
    ],
)
def test_condensing_leaves_what_is_said_of_what(text, left):
    assert condense_text(text) == left


def test_doubt_about_a_rare_theme_weighs_more(shipped, codebook):
    weights = dict(zip(codebook.ids, shipped.doubt_weights.tolist(), strict=True))
    assert weights["on_request"] > weights["proactive_disclosure"] > 0
    assert weights["other"] == 0


def test_fast_counter_agrees_with_scikit_learn(labels):
    texts = [normalize_text(label.text) for label in labels[:300]]
    vectorizer = build_vectorizer().fit(texts)
    strange = [*texts[:50], "", "公开公开公开", "𠮷APPapp", "未见过的字"]
    difference = vectorizer.transform(strange) - CharacterCounter(vectorizer).transform(strange)
    assert np.abs(difference.toarray()).max() < 1e-6


def test_training_twice_gives_the_same_bytes(tmp_path, small, codebook):
    chosen, model = small
    first = save_model(model, tmp_path / "one")
    second = save_model(train_themes(chosen, codebook, 0, folds=3), tmp_path / "two")
    assert first == second
    for name in ("themes.skops", "card.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


@pytest.mark.parametrize(
    ("found", "shift", "fallback", "expected"),
    [
        ([0.4, 0.5], 0.15, None, [0.55, 0.65]),  # raised by as much
        ([0.62, 0.74], 0.15, None, [0.7, 0.74]),  # never past 0.7, never lowered
        ([0.4, 0.5], 0.15, 1, [0.55, 0.5]),  # the fallback stays
        ([0.4, 0.5], 0.0, None, [0.4, 0.5]),
    ],
)
def test_thresholds_are_shifted_within_bounds(found, shift, fallback, expected):
    shifted = _shift_thresholds(np.array(found, np.float32), shift, fallback)
    assert shifted.tolist() == pytest.approx(expected)


def test_a_saved_model_tags_as_before(tmp_path, small):
    chosen, model = small
    save_model(model, tmp_path)
    again = load_model(tmp_path)
    texts, roles = [x.text for x in chosen[:80]], [x.role for x in chosen[:80]]
    assert again.tag(texts, roles) == model.tag(texts, roles)
    assert again.sha256 is not None and model.sha256 is None


def test_grouped_floor_on_the_shipped_labels(small):
    # A quarter of the labels, three folds: 0.83 when this was written; the full run is in
    # the model card.
    _, model = small
    assert model.card["cross_validation"]["macro_f1"] >= 0.78


def test_shipped_model_was_trained_on_what_ships(shipped, labels, codebook):
    assert shipped.card["labels_sha256"] == hash_labels(labels)
    assert shipped.card["codebook_sha256"] == codebook.sha256
    assert shipped.card["cross_validation"]["macro_f1"] >= 0.87
    assert shipped.themes == codebook.ids
    folder = find_resource("models/themes")
    assert (folder / "themes.skops").stat().st_size < 15_000_000
    assert shipped.card["model_sha256"] in (folder / "card.md").read_text(encoding="utf-8")


def test_model_beats_the_cues_out_of_fold(shipped, labels, codebook):
    truth = mark_themes(labels, codebook)
    cues = measure_themes(truth, tag_by_cues([x.text for x in labels], codebook), codebook)
    assert shipped.card["cross_validation"]["macro_f1"] > cues["macro_f1"] + 0.03


@pytest.fixture
def copied(tmp_path):
    shutil.copytree(find_resource("models/themes"), tmp_path / "model")
    return tmp_path / "model"


def test_tampered_model_is_refused(copied):
    data = bytearray((copied / "themes.skops").read_bytes())
    data[len(data) // 2] ^= 1
    (copied / "themes.skops").write_bytes(bytes(data))
    with pytest.raises(ModelError, match=r"与 card\.json 不符") as error:
        load_model(copied)
    assert error.value.code == "mismatch"


def test_card_of_another_model_is_refused(copied):
    card = json.loads((copied / "card.json").read_text(encoding="utf-8"))
    card["model_sha256"] = "0" * 64
    (copied / "card.json").write_text(json.dumps(card), encoding="utf-8")
    with pytest.raises(ModelError, match="已拒绝载入"):
        load_model(copied)


@pytest.mark.parametrize("name", ["themes.skops", "card.json"])
def test_missing_files_are_named(copied, name):
    (copied / name).unlink()
    with pytest.raises(ModelError, match=f"没有 {name}") as error:
        load_model(copied)
    assert error.value.code == "missing"


def test_broken_card_is_refused(copied):
    (copied / "card.json").write_text("{", encoding="utf-8")
    with pytest.raises(ModelError, match="已损坏") as error:
        load_model(copied)
    assert error.value.code == "card"


def replace_content(folder, data):
    """Put other bytes in place of the model, with a card that vouches for them."""
    import hashlib

    (folder / "themes.skops").write_bytes(data)
    (folder / "card.json").write_text(
        json.dumps({"model_sha256": hashlib.sha256(data).hexdigest()}), encoding="utf-8"
    )


def test_types_that_could_run_code_are_refused(copied):
    with zipfile.ZipFile(copied / "themes.skops") as source:
        parts = {name: source.read(name) for name in source.namelist()}
    schema = parts["schema.json"].replace(b"TfidfVectorizer", b"Unheard")
    schema = schema.replace(b"sklearn.feature_extraction.text", b"evil_module")
    with zipfile.ZipFile(copied / "other.zip", "w") as target:
        for name, part in {**parts, "schema.json": schema}.items():
            target.writestr(name, part)
    replace_content(copied, (copied / "other.zip").read_bytes())
    with pytest.raises(ModelError) as error:
        load_model(copied)
    assert error.value.code == "untrusted"


def test_files_that_are_no_model_are_refused(copied):
    replace_content(copied, b"not a zip")
    with pytest.raises(ModelError, match="不是主题模型") as error:
        load_model(copied)
    assert error.value.code == "format"


def test_shipped_model_needs_no_trusted_types():
    import skops.io

    file = find_resource("models/themes") / "themes.skops"
    assert skops.io.get_untrusted_types(data=file.read_bytes()) == []


def test_composed_statements_have_the_themes_of_both():
    truth = np.array([[True, False, False], [False, True, False], [False, False, True]])
    texts, roles, composed = compose_statements(
        ["甲", "乙", "丙"], ["problem"] * 3, truth, np.array([False, False, True]), 5, 0
    )
    assert len(texts) == 5 and set(roles) == {"problem"}
    # The third may not be joined with anything.
    assert composed.tolist() == [[True, True, False]] * 5
    assert all(len(text) == 3 and {"甲", "乙"} < set(text) for text in texts)


def test_training_says_what_is_missing(labels, codebook):
    with pytest.raises(ValueError, match="不足以分成"):
        train_themes(labels[:2], codebook)
    one = [label for label in labels if label.themes == ("training",)]
    with pytest.raises(ValueError, match="没有任何标注"):
        train_themes(one, codebook)
