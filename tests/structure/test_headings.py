"""Wordings of section headings → the section they name (all wordings made of the form's terms)."""

import pytest

from nlp.structure.headings import find_in_paragraph, looks_like_heading, read_heading

NAMED = [
    ("一、总体情况", "一"),
    ("一、政府信息公开工作情况概述", "一"),  # the narrative reports' first heading
    ("二、行政机关主动公开政府信息情况", "二"),  # the 2019 form, with 行政机关
    ("二、主动公开政府信息的情况", "二"),  # 的 put in
    ("三、政府信息公开申请的办理情况", "三"),
    ("三、依申请公开政府信息和不予公开政府信息的情况", "三"),
    ("四、因政府信息公开工作被申请行政复议、提起行政诉讼情况", "四"),
    ("五、因政府信息公开申请行政复议、提起行政诉讼、收到举报投诉情况", "四"),  # ordinal 五
    ("四、复议诉讼情况", "四"),
    ("五、存在的主要问题及改进情况", "五"),
    ("五、存在的主要问题及改进清况", "五"),  # one wrong character
    ("八、存在的主要问题及下步工作安排", "五"),  # ordinal 八
    ("六、不足之处和改进措施", "五"),
    ("亟待改进方面", "五"),
    ("下一步工作打算", "五"),
    ("六 、其他需要报告的事项", "六"),  # inner space
    ("七、其它需说明的情况", "六"),
    ("五、政府信息公开的收费及减免情况", "另"),
    ("四、重点领域信息公开情况", "另"),  # no general part, though it ends like one
    ("㈤存在的主要问题及改进情况", "五"),  # circled
    ("、概述", "一"),  # ordinal lost
    ("—总体情况", "一"),  # 一 that became a dash
    ("第五部分 存在的主要问题及改进情况", "五"),
    ("一概述", "一"),  # the space behind the ordinal is gone
    ("加强组织领导", None),
    ("主动公开", None),  # a link of the page's menu
    ("无其他需要报告的事项", None),  # what section six says
    ("主动公开力度不够", None),  # an item of section five
    ("本年新收政府信息公开申请数量", None),  # a row of the table
    ("——依申请公开情况", None),  # a bullet
]


@pytest.mark.parametrize(("line", "no"), NAMED)
def test_heading_is_named_by_its_words(line: str, no: str | None) -> None:
    found = read_heading(line, run_in=False)
    assert (found.no if found else None) == no


RUN_IN = [
    # ends with a full stop, text behind it
    ("三、依申请公开情况。全年未收到申请。", "三、依申请公开情况"),
    # text behind it without any mark
    ("五、存在的主要问题及改进情况我镇公开工作仍有不足。", "五、存在的主要问题及改进情况"),
    ("六、存在的问题和改进措施存在的不足有二。", "六、存在的问题和改进措施"),
    ("二、主动公开情况2014年，我局公开12条。", "二、主动公开情况"),
    # the longer heading is not cut at 概述
    ("一、概述和主动公开情况。全年公开。", "一、概述和主动公开情况"),
]


@pytest.mark.parametrize(("paragraph", "heading"), RUN_IN)
def test_heading_that_runs_into_its_text(paragraph: str, heading: str) -> None:
    (found,) = find_in_paragraph(paragraph)
    assert paragraph[found.start : found.end] == heading


@pytest.mark.parametrize(
    "sentence",
    [
        # a preamble that names the six parts
        "本报告由总体情况、主动公开政府信息情况、其他需要报告的事项等六部分组成。",
        "包括一、概述，二、主动公开情况，三、依申请公开情况。",
        "对主动公开情况进行了梳理",
        "我局主动公开政府信息12条，依申请公开1条",
    ],
)
def test_prose_is_no_heading(sentence: str) -> None:
    assert not looks_like_heading(sentence)
    assert not find_in_paragraph(sentence)
