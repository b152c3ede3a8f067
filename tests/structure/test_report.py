"""Texts → title, issuer, year, edition and sections.  All issuers are fictional."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from nlp.documents import AnnualReport, ReadError
from nlp.read import read_bytes
from nlp.structure import structure_report

SIX = "一二三四五六"
HEADS = [
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
]
BODIES = [
    "2023年，我局围绕供水保障公开水质信息48条，办理网上留言17件。",
    "第二十条第（一）项\n信息内容\n本年制发件数\n本年废止件数\n现行有效件数\n规章\n0\n0\n0",
    "本年度未收到政府信息公开申请。",
    "未发生行政复议和行政诉讼。",
    "公开内容还不够丰富。下一步将加强学习。",
    "无。",
]
TITLE = "云岫县水务局2023年政府信息公开工作年度报告"
PREAMBLE = "本报告所列数据的统计期限为2023年1月1日至2023年12月31日。"


def form(
    *,
    title: str = TITLE,
    preamble: str = PREAMBLE,
    heads: list[str] | None = None,
    join: str = "\n",
) -> str:
    parts = [title, preamble]
    for head, body in zip(heads or HEADS, BODIES, strict=True):
        parts += [head, body]
    return join.join(part for part in parts if part)


NARRATIVE = """{title}
{preamble}
一、概述
我局认真贯彻条例，明确专人负责。
二、主动公开政府信息情况
全年主动公开水利信息36条。
三、依申请公开政府信息情况
全年受理申请2件，均已答复。
四、收费及减免情况
未收取费用。
五、因政府信息公开申请行政复议、提起行政诉讼的情况
未发生。
{five}
八、其他需要报告的事项
无。"""
FIVE = "六、存在的主要问题\n一是更新不及时。\n七、改进措施\n一是加强培训。"


def narrative(title: str = "", preamble: str = "", five: str = FIVE) -> str:
    return NARRATIVE.format(title=title, preamble=preamble, five=five)


@dataclass(frozen=True)
class Case:
    name: str
    text: str
    title: str | None = TITLE
    issuer: str | None = "云岫县水务局"
    year: int | None = 2023
    edition: str | None = "2021"
    sections: str = SIX


OLD = "云岫县水务局2012年政府信息公开工作年度报告"
HARD = [
    Case("the plain case", form()),
    Case(
        "year first",
        form(title="2023年度云岫县水务局政府信息公开工作年度报告"),
        title="2023年度云岫县水务局政府信息公开工作年度报告",
    ),
    Case("title split over two lines", form(title="云岫县水务局\n2023年政府信息公开工作年度报告")),
    Case(
        "title split inside",
        form(title="云岫县水务局2023年政府信息公开工作\n年度报告"),
    ),
    Case("| in the title", form(title="云岫县水务局 | 2023年政府信息公开工作年度报告 |")),
    Case("title printed twice", form(title=f"{TITLE}\n发布时间：2024-01-19\n{TITLE}")),
    Case(
        "title twice in other words: the one that names the issuer",
        form(title=f"2023年政府信息公开年报\n{TITLE}"),
    ),
    Case(
        "no title: issuer and year from the preamble",
        form(title="", preamble="现公布云岫县水务局2023年政府信息公开工作年度报告。"),
        title=None,
    ),
    Case("channel name is no title", form(title="政府信息公开年报", preamble=PREAMBLE), None, None),
    Case(
        "issuer short in the title, in full in the preamble",
        form(
            title="青石镇2023年政府信息公开工作年度报告",
            preamble="本报告由云岫县青石镇人民政府编制，统计期限为2023年1月1日至12月31日。",
        ),
        title="青石镇2023年政府信息公开工作年度报告",
        issuer="云岫县青石镇人民政府",
    ),
    Case(
        "agency in brackets (left over from a template)",
        form(title="（云岫县水务局）2023年政府信息公开工作年度报告"),
        title="（云岫县水务局）2023年政府信息公开工作年度报告",
    ),
    Case(
        "meta block and breadcrumb above",
        form(title=f"当前位置：首页>政务公开>年报\n索引号：YX-2024-7\n发布机构：县水务局\n{TITLE}"),
    ),
    Case(
        "wrapped in a circular; 〔2024〕7号 is not the year",
        "云水发〔2024〕7号\n关于公布《云岫县水务局20"
        "23年政府信息公开工作年度报告》的通知\n各单位：\n" + form(title=""),
        title="关于公布《云岫县水务局2023年政府信息公开工作年度报告》的通知",
    ),
    Case(
        "letter form",
        "县政府办：\n" + form(title="", preamble="现将我局2023年政府信息公开工作情况报告如下。"),
        title=None,
        issuer=None,
    ),
    Case(
        "preamble lists the six names in a sentence",
        form(
            preamble="本报告由总体情况、主动公开政府信息情况、收到和"
            "处理政府信息公开申请情况、政府信息公开行政复议、"
            "行政诉讼情况、存在的主要问题及改进情况、其他需要报告的事项六部分组成。"
        ),
    ),
    Case("table of contents as a list", form(preamble="\n".join(HEADS))),
    Case(
        "table of contents as a list with pages",
        form(preamble="\n".join(f"{h}……{i}" for i, h in enumerate(HEADS, 1))),
    ),
    Case("whole report in one line", form(join="")),
    Case("whole report in one line, spaces between", form(join=" ")),
    Case("ordinals lost", form(heads=[h[1:] for h in HEADS])),
    Case("no ordinals at all", form(heads=[h[2:] for h in HEADS])),
    Case("circled ordinals", form(heads=[chr(ord("㈠") + i) + h[2:] for i, h in enumerate(HEADS)])),
    Case("arabic ordinals", form(heads=[f"{i}.{h[2:]}" for i, h in enumerate(HEADS, 1)])),
    Case("（一） with a mark", form(heads=[f"（{h[0]}）、{h[2:]}" for h in HEADS])),
    Case("一 became a dash", form(heads=["—" + HEADS[0][2:], *HEADS[1:]])),
    Case("三 doubled", form(heads=[*HEADS[:3], "三、" + HEADS[3][2:], *HEADS[4:]])),
    Case("full stops and inner spaces", form(heads=[f"{h[0]} 、{h[2:]}。" for h in HEADS])),
    Case(
        "traditional script",
        "雲岫縣水務局2023年政府信息公開工作年度報告\n根據規定"
        "，現將報告公布如下。\n一、總體情況\n開展了各項業務。\n"
        "二、主動公開政府信息情況\n三、收到和處理政府信息公開"
        "申請情況\n四、政府信息公開行政復議、行政訴訟情況\n"
        "五、存在的主要問題及改進情況\n內容還不夠豐富。\n六、其他需要報告的事項\n無。",
    ),
    Case(
        "Kangxi radicals",
        form(
            title="云岫县⽔务局2023年政府信息公开⼯作年度报告", heads=["⼀、总体情况", *HEADS[1:]]
        ),
    ),
    Case("sections missing", form().split(HEADS[3])[0], sections="一二三"),
    Case(
        "2019 columns for 2023",
        form().replace(
            "本年制发件数\n本年废止件数\n现行有效件数",
            "本年新制作数量\n本年新公开数量\n对外公开总数量",
        ),
        edition="2019",
    ),
    Case(
        "a fragment with section five only",
        "五、存在的主要问题及改进情况\n2023年，政府信息公开工作仍有不足。下一步，将丰富公开内容。",
        None,
        None,
        2023,
        "2021",
        "五",
    ),
    Case(
        "narrative, two headings for 五",
        narrative(OLD, "统计期限为2012年1月1日至12月31日。"),
        OLD,
        year=2012,
        edition="narrative",
        sections="一二三另四五五六",
    ),
    Case(
        "narrative after 2019",
        narrative("云岫县水务局2021年政府信息公开工作年度报告"),
        "云岫县水务局2021年政府信息公开工作年度报告",
        year=2021,
        edition="narrative",
        sections="一二三另四五五六",
    ),
    Case(
        "20211月1日",
        narrative("", "现公布云岫县水务局政府信息公开年度报告，统计期限为20211月1日至12月31日。"),
        None,
        year=2021,
        edition="narrative",
        sections="一二三另四五五六",
    ),
    Case(
        "202020年",
        narrative("云岫县水务局202020年政府信息公开工作年度报告"),
        "云岫县水务局202020年政府信息公开工作年度报告",
        year=2020,
        edition="narrative",
        sections="一二三另四五五六",
    ),
    Case(
        "****年: no year is made up",
        narrative("云岫县水务局****年政府信息公开工作年度报告"),
        "云岫县水务局****年政府信息公开工作年度报告",
        year=None,
        edition="narrative",
        sections="一二三另四五五六",
    ),
    Case(
        "year in Chinese numerals, 年度 behind",
        narrative("云岫县水务局二〇一二年度政府信息公开工作总结"),
        "云岫县水务局二〇一二年度政府信息公开工作总结",
        year=2012,
        edition="narrative",
        sections="一二三另四五五六",
    ),
    Case(
        "sub-headings （一）依申请公开情况 do not divide section one",
        form().replace(
            BODIES[0],
            "（一）主动公开情况\n公开48条。\n（二）依申请公"
            "开情况\n未收到。\n（三）监督保障情况\n已考核。",
        ),
    ),
    Case(
        "sub-headings with 1. do not either",
        form().replace(
            BODIES[0],
            "1.主动公开政府信息情况\n公开48条。\n2.依申请"
            "公开政府信息情况\n未收到。\n3.行政复议情况\n无。",
        ),
    ),
    Case(
        "menu links above and below are no headings",
        f"主动公开\n依申请公开\n{form()}\n依申请公开\n其他",
    ),
    Case("无其他需要报告的事项 is no heading", form()[:-2] + "无其他需要报告的事项"),
    Case(
        "a heading of the report's own after the sixth",
        form() + "\n七、附件情况\n无。",
        sections=SIX + "另",
    ),
]


@pytest.mark.parametrize("case", HARD, ids=lambda case: case.name)
def test_report(case: Case) -> None:
    report = structure_report(read_bytes(case.text.encode(), "x.txt"))
    got = (
        report.title,
        report.issuer.name,
        report.year,
        report.edition,
        "".join(s.no for s in report.sections),
    )
    assert got == (case.title, case.issuer, case.year, case.edition, case.sections)


def codes(report: AnnualReport) -> set[str]:
    return {finding.code for finding in report.findings}


def read(text: str) -> AnnualReport:
    return structure_report(read_bytes(text.encode(), "x.txt"))


FINDINGS = [
    # nothing is said of a report that is as it should be
    (form(), set()),
    # figures of last year and plans for the next are no contradiction
    (
        form().replace(
            BODIES[0],
            "2022年公开40条。2023年，我局公开48条。2024年，将继续公开。2022年相比有所增加。",
        ),
        set(),
    ),
    # title 2022, period 2023
    (form(title=TITLE.replace("2023", "2022")), {"year_conflict"}),
    # the body speaks of another year only
    (
        form(title=TITLE.replace("2023", "2021"), preamble="").replace(
            BODIES[0], "2022年，我局公开48条。2022年，我局办结17件。"
        ),
        {"year_conflict"},
    ),
    # from the day the agency was founded
    (form(preamble=PREAMBLE.replace("1月1日至", "3月26日至")), {"period_not_calendar_year"}),
    (
        form().replace(HEADS[3], "四、" + HEADS[4][2:]).split("五、")[0],
        {"section_missing", "ordinal_unexpected"},
    ),
    (form().replace(HEADS[4], "六、" + HEADS[4][2:]), {"ordinal_unexpected"}),
    # beyond ten
    (form().replace(HEADS[4], "十二、" + HEADS[4][2:]), {"ordinal_unexpected"}),
    (form().split(HEADS[5])[0], {"section_missing"}),
    # 2019 columns for 2023
    (
        form()
        .replace("本年制发件数\n本年废止件数", "本年新制作数量\n本年新公开数量")
        .replace("现行有效件数", "对外公开总数量"),
        {"edition_conflict"},
    ),
]


@pytest.mark.parametrize(("text", "expected"), FINDINGS)
def test_findings(text: str, expected: set[str]) -> None:
    assert codes(read(text)) - {"unreadable"} == expected


def test_text_of_section_six_is_kept_when_it_is_empty() -> None:
    (six,) = [s for s in read(form()).sections if s.no == "六"]
    assert read(form()).text[six.body : six.end].strip() == "无。"


REFUSED = {
    "a government's work report": "2024年云岫县人民政府工作报告\n一、20"
    "23年工作回顾\n推进政务公开，主动公开信息。"
    + "粮食产量稳步增长，城乡面貌持续改善。"
    * 60
    + "\n二、存在的困难和问题\n发展不够充分。\n三、202"
    "4年重点工作安排\n抓好项目建设。政府信息公开更加规范。",
    "a guide": "云岫县水务局政府信息公开指南\n一、主动公开\n公开机"
    "构职能。\n二、依申请公开\n申请人可以书面提出申请。"
    "申请人应当填写申请表。\n三、监督\n可以申请行政复议或"
    "者提起行政诉讼。\n四、其他事项\n本指南由办公室解释。",
    "a regulation": "某省政府信息公开规定\n"
    + "\n".join(f"第{n}条 行政机关应当及时公开信息。" for n in "一二三四五六七八九十"),
    "a circular that asks for reports": "关于做好2023年政府信息公开工作年"
    "度报告编制工作的通知\n各单位：\n"
    "内容应当包括：\n一、总体情况；\n二、主动公开政府信息情况；\n"
    "三、收到和处理政府信息公开申请情况。\n请于1月20日前报送。",
    "news": "云岫县发布2023年政府信息公开工作年度报告\n昨"
    "日，云岫县对外发布了年度报告，市民可登录网站查看。",
    "a list of reports": "\n".join(
        f"云岫县{name}2023年政府信息公开工作年度报告"
        for name in ("水务局", "财政局", "教育局", "民政局")
    ),
    "a yearly summary of other work": "云岫县水务局2023年工作总结\n一、"
    "工作开展情况\n供水正常，政务公开有序。"
    + "完成管网改造和水质检测任务。" * 30
    + "\n二、存在的问题\n管网老化。\n三、下一步工作打算\n继续改造。",
    "another yearly report": "云岫县2023年法治政府建设年度报告\n一、总体情况"
    "\n推进政务公开。\n二、行政复议、行政诉讼情况\n"
    "办理32件。\n三、存在的主要问题\n执法不规范。" + "加强培训和监督。" * 30,
    "an empty shell": "\n".join([TITLE, *HEADS]),
}


@pytest.mark.parametrize("name", REFUSED)
def test_other_documents_are_refused(name: str) -> None:
    with pytest.raises(ReadError, match="应为政府信息公开工作年度报告") as error:
        read(REFUSED[name])
    assert error.value.code == "not_a_report"
