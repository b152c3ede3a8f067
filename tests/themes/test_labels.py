"""The shipped labels are sound, and faulty label files are refused by row."""

import re
from collections import Counter

import pytest

from nlp.resources import find_resource
from nlp.themes import LabelError, load_codebook, load_labels

HEADER = "id,family,role,level,era,themes,primary,text\n"
ROW = "S1,F1,problem,county,2021,training;proactive_disclosure,training,人手不足\n"


@pytest.fixture(scope="module")
def shipped():
    return load_labels(find_resource("corpus/labels/statements.csv"), load_codebook())


def test_shipped_labels_cover_themes_roles_levels_and_eras(shipped):
    # `load_labels` has checked every row against the codebook and families against leaks.
    assert len(shipped) >= 1500
    counts = Counter(theme for label in shipped for theme in label.themes)
    assert all(counts[theme] >= 100 for theme in load_codebook().ids if theme != "other")
    assert counts["other"] >= 30
    assert {label.role for label in shipped} == {"problem", "measure"}
    assert {label.level for label in shipped} == {
        "province",
        "city",
        "county",
        "township",
        "department",
    }
    assert {label.era for label in shipped} == {"narrative", "2019", "2021"}


def test_near_variants_share_a_family(shipped):
    # Pinned to how families are made: bigram Jaccard of 0.6 or more is one family.
    def bigrams(text):
        kept = re.sub(r"[\W_]+", "", text)
        return {kept[i : i + 2] for i in range(len(kept) - 1)}

    longer = [(label, bigrams(label.text)) for label in shipped if len(label.text) >= 8]
    by_gram = {}
    for place, (_, grams) in enumerate(longer):
        for gram in grams:
            by_gram.setdefault(gram, []).append(place)
    for place, (label, grams) in enumerate(longer):
        shared = Counter(other for gram in grams for other in by_gram[gram] if other < place)
        for other, count in shared.items():
            twin, twin_grams = longer[other]
            if count / (len(grams) + len(twin_grams) - count) >= 0.65:
                assert label.family == twin.family, (label.text, twin.text)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (ROW.replace("problem", "wish"), "role 应为 problem、measure 之一"),
        (ROW.replace("county", "village"), "level 应为"),
        (ROW.replace("2021", "2030"), "era 应为"),
        (ROW.replace("proactive_disclosure", "weather"), "没有主题 weather"),
        (ROW.replace("proactive_disclosure", "training"), "themes 有重复"),
        (ROW.replace(",training,人", ",on_request,人"), "不在 themes 之中"),
        (ROW.replace("proactive_disclosure", "other"), "只能单独使用"),
        (ROW.replace("人手不足", " "), "text 为空"),
        (ROW.replace("S1", ""), "id 与 family 不能为空"),
        ("S1,F1,problem\n", "列数不足"),
        (ROW + ROW.replace("人手不足", "人员少"), "编号 S1 用了 2 次"),
        (ROW + ROW.replace("S1,F1", "S2,F2").replace("人手不足", "人手不足。"), "两个 family"),
        ("", "没有任何标注"),
    ],
)
def test_faulty_rows_are_named(tmp_path, row, message):
    path = tmp_path / "labels.csv"
    path.write_text(HEADER + row, encoding="utf-8")
    with pytest.raises(LabelError, match=re.escape(message)):
        load_labels(path, load_codebook())


def test_missing_columns_files_and_encodings(tmp_path):
    path = tmp_path / "labels.csv"
    with pytest.raises(LabelError, match="找不到标注文件"):
        load_labels(path, load_codebook())
    path.write_text("id,text\n1,甲\n", encoding="utf-8")
    with pytest.raises(LabelError, match="缺少列 family、role"):
        load_labels(path, load_codebook())
    path.write_bytes((HEADER + ROW).encode("gb18030"))
    with pytest.raises(LabelError, match="不是 UTF-8"):
        load_labels(path, load_codebook())


def test_primary_comes_first(tmp_path):
    path = tmp_path / "labels.csv"
    path.write_text(HEADER + ROW.replace(",training,人", ",proactive_disclosure,人"), "utf-8")
    (label,) = load_labels(path, load_codebook())
    assert label.themes == ("proactive_disclosure", "training")
    assert label.primary == "proactive_disclosure"
