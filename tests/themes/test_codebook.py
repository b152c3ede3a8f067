"""The codebook file: what ships is sound, and a broken one is refused with a clear message."""

import re

import pytest

from nlp.resources import find_resource
from nlp.themes import CodebookError, load_codebook

GOOD = """
[[themes]]
id = "alpha"
name = "甲"
definition = "甲类"
code_when = "说到甲"
cues = ['甲+']

[[themes]]
id = "beta"
name = "乙"
definition = "乙类"
code_when = "说到乙"
fallback = true
"""


def test_shipped_codebook_has_the_themes_in_order():
    codebook = load_codebook()
    assert codebook.ids == (
        "training",
        "policy_interpretation",
        "key_sector_disclosure",
        "proactive_disclosure",
        "on_request",
        "platform_newmedia",
        "information_management",
        "supervision_assessment",
        "mechanism_leadership",
        "interaction_response",
        "innovation_service",
        "other",
    )
    assert codebook.highlighted == codebook.ids[:3]
    assert codebook.fallback == "other"
    assert all(theme.cues and theme.definition and theme.code_when for theme in codebook.themes)
    assert len(codebook.rules) >= 17  # five rules for doubt and the twelve of the disputes


def test_hash_ignores_layout_but_not_content(tmp_path):
    path = tmp_path / "book.toml"
    path.write_text(GOOD, encoding="utf-8")
    first = load_codebook(path).sha256
    path.write_text("# 注释\n" + GOOD.replace("\n\n", "\n"), encoding="utf-8")
    assert load_codebook(path).sha256 == first
    path.write_text(GOOD.replace("甲+", "甲"), encoding="utf-8")
    assert load_codebook(path).sha256 != first


def test_byte_order_mark_is_accepted(tmp_path):
    path = tmp_path / "book.toml"
    path.write_text(GOOD, encoding="utf-8-sig")
    assert load_codebook(path).ids == ("alpha", "beta")


@pytest.mark.parametrize(
    ("change", "code", "message"),
    [
        (("", "", None), "missing", "找不到编码手册 book.toml"),
        (("[[themes]]", "[[themes", 1), "syntax", "不是有效的 TOML"),
        (('id = "beta"', 'id = "alpha"', 1), "duplicate", "id 重复：alpha"),
        (('name = "乙"', 'name = "甲"', 1), "duplicate", "name 重复：甲"),
        (('id = "beta"', 'id = "乙"', 1), "field", "第 2 个主题的 id"),
        (('name = "乙"', 'name = ""', 1), "field", "主题 beta 的 name"),
        (("fallback = true", 'fallback = "yes"', 1), "field", "应为 true 或 false"),
        (("fallback = true", "colour = 1", 1), "field", "不认识的字段 colour"),
        (("cues = ['甲+']", "cues = '甲'", 1), "field", "cues 应为文字列表"),
        (("甲+'", "(甲'", 1), "cue", "不是有效的正则表达式"),
        (("甲+'", "甲*'", 1), "cue", "能匹配空文本"),
        (("cues = ['甲+']", "fallback = true", 1), "structure", "至多一个"),
        ((GOOD[GOOD.rindex("[[themes]]") :], "", 1), "structure", "至少要有两个"),
        (("[[themes]]", '[[rules]]\nid = "x"\n[[themes]]', 1), "field", "第 1 条规则"),
    ],
)
def test_broken_codebooks_are_refused(tmp_path, change, code, message):
    path = tmp_path / "book.toml"
    old, new, count = change
    if count is not None:
        assert old in GOOD
        path.write_text(GOOD.replace(old, new, count), encoding="utf-8")
    with pytest.raises(CodebookError, match=re.escape(message)) as error:
        load_codebook(path)
    assert error.value.code == code


def test_other_encodings_are_named_as_the_cause(tmp_path):
    path = tmp_path / "book.toml"
    path.write_bytes(GOOD.encode("gb18030"))
    with pytest.raises(CodebookError, match="不是 UTF-8 编码"):
        load_codebook(path)


def test_shipped_cues_do_not_cross_statements():
    # A negated class such as [^，。] would otherwise run over the line feed between texts.
    from nlp.themes.features import CueMatcher

    cues = [cue for theme in load_codebook().themes for cue in theme.cues]
    matcher = CueMatcher(cues)
    texts = ["加强", "网站", "提高", "认识", "丰富", "内容", "群众", "了解", "关心", "问题"]
    together = matcher.transform(texts).toarray()
    alone = [matcher.transform([text]).toarray()[0] for text in texts]
    assert [row.tolist() for row in together] == [row.tolist() for row in alone]


def test_cues_of_users_do_not_cross_statements_either():
    # A class that forgets the full stop, a lookahead, anchors.
    from nlp.themes.features import CueMatcher

    matcher = CueMatcher(["甲[^，]{0,9}乙", "^乙", "甲$", "乙(?!丙)"])
    assert matcher.transform(["甲", "乙", "甲丁乙", "乙丙"]).toarray().tolist() == [
        [0, 0, 1, 0],
        [0, 1, 0, 1],
        [1, 0, 0, 1],
        [0, 1, 0, 0],
    ]
    assert find_resource("corpus/codebook.toml").exists()
