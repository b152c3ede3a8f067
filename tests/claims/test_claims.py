"""Numbers of the prose, case by case: what is read, what is no claim, what it is tied to."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.claims import check_claims, check_growth, claims_of_text, find_claims
from nlp.claims.numbers import fold_digits, fold_marks, read_chinese
from nlp.documents import AnnualReport, Cell, Claim, Issuer, Paragraph, Region
from nlp.form.claims import load_claim_topics


def one(text: str) -> Claim:
    (claim,) = claims_of_text(text)
    return claim


@pytest.mark.parametrize(
    ("text", "value", "bound", "unit"),
    [
        ("公开信息1,204条", 1204, "exact", "条"),  # thousands
        ("公开信息１２０４条", 1204, "exact", "条"),  # full-width
        ("公开信息4.14万条", 41400, "exact", "条"),
        ("公开信息4.2万余条", 42000, "over", "条"),
        ("访问量1.12亿次", 112_000_000, "exact", "次"),
        ("公开信息近300条", 300, "under", "条"),
        ("公开信息近200余条", 200, "about", "条"),  # contradicts itself
        ("公开信息约12万条", 120_000, "about", "条"),
        ("推送信息十余篇", 10, "over", "篇"),
        ("推送信息一百二十三篇", 123, "exact", "篇"),
        ("阅读上千次", 1000, "over", "次"),
        ("推送信息70篇次以上", 70, "over", "篇次"),
        ("公开信息230余条（次）", 230, "over", "条（次）"),
        ("投入经费60余万元", 600_000, "over", "元"),
        ("办结率百分之九十五点五", 95.5, "exact", "%"),
        ("占三分之一", 33.333333, "exact", "%"),
        ("占七成以上", 70, "over", "%"),
        ("较上年提高3.5个百分点", 3.5, "exact", "个百分点"),
        ("是上年的1.5倍", 1.5, "exact", "倍"),
        ("粉丝数达到1944", 1944, "exact", None),  # no unit at all
        ("信息员更换过半", 50, "over", "%"),
        ("举办培训班一期", 1, "exact", "期"),
        ("受理申请9宗", 9, "exact", "宗"),
        ("主动公开信息 2100多条", 2100, "over", "条"),
        ("专栏点击近千次", 1000, "under", "次"),  # a bare 千 behind 近
        ("阅读量过万次", 10_000, "over", "次"),
        ("梳理公开事项7大类", 7, "exact", "大类"),
        ("结转下年度继续办理4", 4, "exact", None),
    ],
)
def test_numbers(text: str, value: float, bound: str, unit: str | None) -> None:
    claim = one(text)
    assert (claim.value, claim.bound, claim.unit) == (value, bound, unit)
    assert not claim.text.startswith((" ", "达", "共"))


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("开展培训2-3次", 2, 3),
        ("开展培训两三次", 2, 3),
        ("推送20至30条", 20, 30),
        ("推送2—3万条", 20_000, 30_000),
    ],
)
def test_ranges(text: str, low: float, high: float) -> None:
    claim = one(text)
    assert (claim.value, claim.high, claim.bound) == (low, high, "range")


@pytest.mark.parametrize(
    "text",
    [
        "2023年1月1日至12月31日",
        "国办公开办函〔2021〕30号",
        "（国令第711号）",
        "依据《条例》第四十九条、第五十条",
        "地址：甲县乙路90号，邮编：999001，电话：0399-6023115",
        "党的二十大和二十届三中全会精神",
        "推进“五公开”，落实三审三校",
        "受理12345热线反映的事项",
        "开展双随机、一公开检查",
        "从三个方面着力：一是加强巡查",
        "存在以下两点不足",
        "拨打12345政务服务便民热线",
        "最后一公里",
        "明确一名分管领导和一名联络员",
        "每季度检查一次",
        "完善县、乡、村三级网络",
        "1.完善制度。2.加强巡查。",
        "危及“三安全一稳定”",
        "近三年来的做法",
        "在全省排名后三位的单位",
        "无其他需要报告的事项",
        "无法提供的，说明理由",
        "完成IPv6改造",
        "实行一文一审、一案一卷",
        "发放残疾人两项补贴",  # the name of a benefit
        "将信息分为主动公开、依申请公开、不予公开三类",
    ],
)
def test_what_is_no_claim(text: str) -> None:
    assert claims_of_text(text) == []


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("全年未收到政府信息公开申请。", ["requests_new"]),
        ("未发生行政复议、行政诉讼。", ["review", "litigation"]),
        ("没有因政府信息公开引起的行政复议和行政诉讼案件", ["review", "litigation"]),
        ("行政复议、行政诉讼均为零。", ["review", "litigation"]),
        ("无行政复议案件，无被纠错情形。", ["review", "dispute_corrected"]),
        ("不存在因依申请公开引发的行政诉讼。", ["litigation"]),
        ("未收取信息处理费。", ["processing_fee"]),
        ("没有公民提出信息公开申请", ["requests_new"]),
        ("全年不曾发生行政复议。", ["review"]),
        # behind a label
        ("因信息公开被申请行政复议、提起行政诉讼的情况：无。", ["review", "litigation"]),
        ("未收取信息公开申请费用。", ["processing_fee"]),  # the fee, not the request
        ("未发生一起失泄密案件。", ["other"]),
        # a list goes on behind what no rule knows
        (
            "未发生行政复议、质疑、投诉、行政诉讼等情况。",
            ["review", "other", "complaints", "litigation"],
        ),
        ("栏目未收到留言，未收到公开申请。", ["complaints", "requests_new"]),
    ],
)
def test_zero_in_words(text: str, topics: list[str]) -> None:
    claims = claims_of_text(text)
    assert [c.topic for c in claims] == topics
    assert all(c.value == 0 and c.form == "words" for c in claims)


@pytest.mark.parametrize(
    ("text", "topic", "thing", "channel"),
    [
        ("全年通过县政府网站公开各类政府信息64条", "site_publish", "政府信息", "县政府网站"),
        ("“甲县发布”公众号推送信息37条", "new_media_push", "信息", "“甲县发布”公众号"),
        ("新收政府信息公开申请12件", "requests_new", "政府信息公开申请", ""),
        ("组织业务培训2期", "training_sessions", "", ""),
        ("开通12条专线", "other", "专线", ""),
        ("公开人大代表建议复文20件", "proposals", "人大代表建议复文", ""),
        ("公开通知公告类信息8条", "publish", "通知公告", ""),
        ("邀请代表60余名走进机关", "other", "代表", ""),
        ("网站总访问量：6万次", "other", "网站", ""),  # what stands before a colon
        ("更新率达100%", "other", "更新率", ""),
        ("其他12条", "other", "其他", ""),
        ("公告12条", "other", "公告", ""),
        ("发布会召开,收到信息公开申请3件,已答复", "requests_new", "申请", ""),  # half-width marks
    ],
)
def test_what_is_counted(text: str, topic: str, thing: str, channel: str) -> None:
    claim = one(text)
    assert (claim.topic, claim.channel) == (topic, channel)
    assert thing in claim.object


@pytest.mark.parametrize(
    ("text", "field", "expected"),
    [
        ("全市公开信息6条", "scope", "whole"),
        ("区政府办代表区政府受理申请6件", "scope", "office"),
        ("我局公开信息6条", "scope", "own"),
        ("公开信息6条", "scope", "unstated"),
        ("截至年底累计公开信息6条", "time", "cumulative"),
        ("日均访问6次", "time", "rate"),
        ("发布信息9条，同比增长6%", "time", "change"),
        ("自决定作出之日起6个工作日内公开", "status", "rule"),
        ("均在6个工作日内答复", "status", "reported"),
        ("官方订阅号发布信息6条", "time", "year"),  # an account, not its followers
        ("由办公室承担工作，明确人员6名", "time", "year"),  # 由 without 到
        ("由6件增加到9件，本年9件", "time", "year"),
        ("收到申请公开信息的要求6件", "status", "reported"),
    ],
)
def test_whose_when_and_whether(text: str, field: str, expected: str) -> None:
    assert getattr(claims_of_text(text)[-1], field) == expected


def report(text: str, cells: dict[str, float | None], kind: str = "government") -> list[Claim]:
    found = AnnualReport(
        file="", sha256="", file_kind="text", reader="", pages=1, text=text, title=None,
        issuer=Issuer("甲县人民政府", "county", kind, Region()),  # type: ignore[arg-type]
        year=2023, year_candidates=(), period=None, edition="2021", edition_evidence="",
        sections=(), paragraphs=(Paragraph(0, len(text), "prose", "一", 1),), segments=(),
        tables=(), findings=(),
    )  # fmt: skip
    made = [
        Cell(k, k[0], k.split("|")[1], k.split("|")[2], str(v), v, None,
             "number" if v is not None else "unreadable")
        for k, v in cells.items()
    ]  # fmt: skip
    return find_claims(found, made)


REQUESTS = {"3|1|总计": 95.0, "3|2|总计": 3.0, "3|3.7|总计": 97.0, "3|4|总计": 1.0}
OUTCOMES = REQUESTS | {
    "3|3.1|总计": 50.0,
    "3|3.2|总计": 9.0,
    "3|3.3.3|总计": 1.0,
    "3|3.3.7|总计": 2.0,
}
COURTS = {
    "4|数值|复议.总计": 2.0, "4|数值|复议.结果纠正": 1.0,
    "4|数值|直接起诉.总计": 1.0, "4|数值|直接起诉.结果纠正": 0.0,
    "4|数值|复议后起诉.总计": 3.0, "4|数值|复议后起诉.结果纠正": 0.0,
}  # fmt: skip
HELD = {"3|3.4.1|总计": 4.0, "3|3.4.2|总计": 5.0, "3|3.5.3|总计": 6.0}
FILES = {"2|行政规范性文件|本年制发件数": 3.0, "2|行政规范性文件|现行有效件数": 8.0,
         "2|行政处罚|本年处理决定数量": 40.0}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "cells", "relation", "value"),
    [
        ("全区新收政府信息公开申请95件。", REQUESTS, "agree", 95),
        ("全区新收政府信息公开申请17件。", REQUESTS, "differ", 95),
        # the office's own requests beside the table of the whole county
        ("区政府办受理政府信息公开申请17件。", REQUESTS, "scope", 95),
        ("县本级收到政府信息公开申请17件。", REQUESTS, "scope", 95),
        # with those carried over: another sum that the words may mean
        ("共收到政府信息公开申请98件。", REQUESTS, "agree", 98),
        ("收到政府信息公开申请近100件。", REQUESTS, "agree", 95),
        ("新收政府信息公开申请95件，上年结转3件。", REQUESTS, "agree", 3),
        ("新收申请95件，办结97件。", REQUESTS, "agree", 97),
        ("新收申请95件，办结97件，结转下年度1件。", REQUESTS, "agree", 1),
        # one way of asking is not all requests
        ("通过信函收到政府信息公开申请17件。", REQUESTS, "not_comparable", 95),
        ("收到申请95件，予以公开50件、不予公开3件。", OUTCOMES, "agree", 3),
        ("收到申请95件，部分公开9件。", OUTCOMES, "agree", 9),
        ("全年发生行政复议2件。", COURTS, "agree", 2),
        ("全年发生行政复议3件。", COURTS, "differ", 2),
        ("全年发生行政诉讼4件。", COURTS, "agree", 4),
        ("全年行政复议、行政诉讼共6件。", COURTS, "agree", 6),
        ("因答复不当在复议中被纠正1件。", COURTS, "agree", 1),
        ("制发行政规范性文件3件。", FILES, "agree", 3),
        ("现行有效行政规范性文件8件。", FILES, "agree", 8),
        # published decisions are not decisions made
        ("公开行政处罚决定文书12件。", FILES, "none", None),
        ("全区新收政府信息公开申请95件。", {"3|1|总计": None}, "not_comparable", None),
        ("全区办理人大代表建议97件，收到申请。", REQUESTS, "none", None),
        ("受理12345热线工单97件，收到申请。", REQUESTS, "none", None),
        ("纠正栏目更新问题5个。", COURTS, "none", None),
        # other applications, other cases, other things not made public
        ("依申请公开有序开展，受理困难救助申请300件。", REQUESTS, "none", None),
        ("全年审理行政复议案件326件。", COURTS, "not_comparable", 2),
        ("制作政府信息90条，其中依申请公开60条，不予公开信息30条。", OUTCOMES, "none", None),
        ("办理依申请公开95件。", OUTCOMES, "agree", 95),
        ("收到申请95件，属于四类过程性信息9件。", OUTCOMES | {"3|3.3.6|总计": 9.0}, "agree", 9),
        ("新收申请95件，同比增加3件。", REQUESTS, "none", None),
        # without a unit
        ("新收政府信息公开申请数量为95。", REQUESTS, "agree", 95),
        # the number before what is said of it
        ("收到政府信息公开申请95件，其中50件予以公开，9件部分公开。", OUTCOMES, "agree", 9),
        (
            "收到信息公开申请95件，其中4件属于本机关不掌握相关政府信息。",
            OUTCOMES | HELD,
            "agree",
            4,
        ),
        ("收到申请95件，4件不掌握，5件因没有现成信息需要另行制作。", OUTCOMES | HELD, "agree", 5),
        ("收到申请95件，要求提供公开出版物6件。", OUTCOMES | HELD, "agree", 6),
        ("收到公民、法人和其他组织政府信息公开申请95件。", REQUESTS, "agree", 95),
        # 办理 may mean what came in, what was closed, or both
        ("全区共办理政府信息公开申请60件。", REQUESTS, "not_comparable", 97),
        ("全区共办理政府信息公开申请97件。", REQUESTS, "agree", 97),
        ("收到申请95件，延期答复6件。", REQUESTS, "none", None),
        ("收到申请95件，同意公开或部分公开共60件。", OUTCOMES, "differ", 59),
        # half a year, said at the head of the paragraph
        ("2023年上半年，公开有序。收到政府信息公开申请60件。", REQUESTS, "not_comparable", 95),
        ("依申请公开有序开展，受理许可申请60件，办结60件。", REQUESTS, "not_comparable", 97),
        ("收到行政复议申请60件。", COURTS, "not_comparable", 2),
        ("负责人出庭应诉率100%，发生行政诉讼案件60件。", COURTS, "not_comparable", 4),
        # papers are classed by the same words as requests
        (
            "依申请公开制度健全，制发公文90件，依申请公开60件，不予公开6件。",
            OUTCOMES,
            "not_comparable",
            3,
        ),
        ("收到申请表99份，有效申请90件，依申请公开。", REQUESTS, "not_comparable", 95),
        # who applied is a part that the table has a cell for
        (
            "收到政府信息公开申请95件（自然人60件，商业企业35件）。",
            {"3|1|商业企业": 34.0} | REQUESTS,
            "differ",
            34,
        ),
        ("受理公民信息公开申请4件。", {"3|1|自然人": 9.0}, "not_comparable", 9),
        ("向自然人提供证明各6件，依申请公开。", {"3|1|自然人": 40.0}, "none", None),
        ("制发行政规范性文件3件，现行有效8件。", FILES, "agree", 8),
        ("截至年底，现行有效的行政规范性文件共9件。", FILES, "differ", 8),
        ("办理行政许可60件、行政处罚40件。", FILES, "agree", 40),
        ("公开行政许可60件、行政处罚41件。", FILES, "none", None),
    ],
)
def test_ties(
    text: str, cells: dict[str, float | None], relation: str, value: float | None
) -> None:
    claim = report(text, cells)[-1]
    assert (claim.relation, claim.cell_value) == (relation, value), claim


def test_a_department_is_not_the_whole_county() -> None:
    text = "全县新收政府信息公开申请500件。"
    assert report(text, dict(REQUESTS), "department")[0].relation == "scope"


def test_a_township_that_names_itself_is_no_other_body() -> None:
    text = "云岭乡收到政府信息公开申请6件。"
    made = AnnualReport(
        file="", sha256="", file_kind="text", reader="", pages=1, text=text, title=None,
        issuer=Issuer("甲县云岭乡人民政府", "township", "government", Region()),
        year=2023, year_candidates=(), period=None, edition="2021", edition_evidence="",
        sections=(), paragraphs=(Paragraph(0, len(text), "prose", "一", 1),), segments=(),
        tables=(), findings=(),
    )  # fmt: skip
    assert [c.scope for c in find_claims(made)] == ["own"]


def test_narrative_reports_have_no_cells() -> None:
    assert all(c.relation == "none" for c in claims_of_text("收到申请12件，办结12件。"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("公开64条，其中动态38条、公告14条、其他12条。", [("sum", "pass")]),
        ("公开64条，其中动态38条、公告14条、其他11条。", [("sum", "fail")]),
        ("公开64条，其中动态50条、公告24条。", [("sum", "fail")]),  # more than the whole
        ("公开64条，其中动态38条、公告14条。", [("sum", "not_assessable")]),  # not all named
        ("公开64条,其中:动态38条,公告14条,其他12条。", [("sum", "pass")]),  # half-width
        ("收到申请10件，其中自然人7件、法人3件，答复9件。", [("sum", "pass")]),
        ("从内容看，政策类占30%，动态类占60%，其他占10%。", [("shares", "pass")]),
        ("从内容看，政策类占30%，动态类占75%，其他占10%。", [("shares", "fail")]),
        ("发放问卷40份，回收38份，回收率95%。", [("rate", "pass")]),
        ("收到申请40件，答复38件，答复率100%。", [("rate", "fail")]),
        ("公开信息64条，阅读量2万次，办结率98%。", []),
        # brackets break down the number before them, not the total of the sentence
        ("公开90条，其中平台公开64条（动态38条、公告14条、其他12条）。", [("sum", "pass")]),
        ("公开64条（动态38条、公告14条、其他11条）。", [("sum", "fail")]),
        (
            "公开64条，其中动态38条（县级6条、市级32条）、其他26条。",
            [("sum", "pass"), ("sum", "pass")],
        ),
        # one document may stand on two channels
        ("公开64条，其中网站公开60条、公众号公开40条。", [("sum", "not_assessable")]),
    ],
)
def test_sums_shares_and_rates(text: str, expected: list[tuple[str, str]]) -> None:
    checks = check_claims(claims_of_text(text), text)
    assert [(c.id, c.result) for c in checks] == expected


@pytest.mark.parametrize(
    ("now", "result"),
    [
        ("公开信息72条，同比增长12.5%。", "pass"),
        ("公开信息72条，同比增长13.5%。", "fail"),
        ("公开信息60条，较上年减少4条。", "pass"),
        ("公开信息70余条，较上年增加8条。", "not_assessable"),
    ],
)
def test_growth(now: str, result: str) -> None:
    then = "公开信息64条。"
    checks = check_growth(claims_of_text(now), now, claims_of_text(then), then)
    assert [c.result for c in checks] == [result]
    assert check_growth(claims_of_text(now), now, claims_of_text("召开会议3次。"), then) == []


def test_topics_name_cells_of_the_form() -> None:
    topics = load_claim_topics()
    assert len({t.id for t in topics}) > 60
    for topic in topics:
        for key in (*topic.cells, *(k for keys in topic.alternatives for k in keys)):
            assert key.count("|") == 2 and key[0] in "234", key


ONES = "一二三四五六七八九"


def write_chinese(number: int) -> str:
    """The plain oracle: 1 to 9999 as a Chinese numeral."""
    out, zero = "", False
    for power, mark in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if digit:
            out += ("零" if zero and out else "") + ONES[digit - 1] + mark
            zero = False
        else:
            zero = True
    return out


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 9999))
def test_chinese_numerals_are_read_back(number: int) -> None:
    assert read_chinese(write_chinese(number)) == number
    assert read_chinese(f"{write_chinese(number)}万") == number * 10_000


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="公开收到申请未无其中12三万余条件，。、；：%年月第（）“”\n ", max_size=60))
def test_any_text_keeps_its_places(text: str) -> None:
    assert len(fold_digits(text)) == len(fold_marks(text)) == len(text)
    claims = claims_of_text(text)
    for claim in claims:
        assert text[claim.start : claim.end] == claim.text
        assert claim.part_of is None or claims[claim.part_of].start < claim.start
    check_claims(claims, text)
    assert claims == claims_of_text(text)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 99_999), st.sampled_from(["条", "件", "人次", "期"]))
def test_a_plain_number_is_always_found(value: int, unit: str) -> None:
    claim = one(f"全年公开信息{value}{unit}。")
    assert (claim.value, claim.unit, claim.bound) == (value, unit, "exact")
    assert replace(claim, reason="") == claim
