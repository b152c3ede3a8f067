"""Sixth stage: claims beside the cells of the statutory tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from nlp.documents import Cell, Claim
from nlp.form.claims import ClaimTopic

_READ = frozenset({"number", "zero", "blank", "slash", "dash", "none"})
# Papers are classed by the same words as requests: 制发公文 540 件, 依申请公开 118 件.
_PAPERS = re.compile("公文|制发|公开属性|制作[^，。；]{0,6}信息|文件")
_REQUESTS = re.compile("收到|受理|新收|接收|答复|申请(?!公开)")
# What else is applied for: 受理许可申请 120 件, 办结 118 件.
_OTHER_REQUESTS = re.compile(
    "(?:许可|审批|政务服务|服务事项|业务|救助|补贴|补助|低保|登记|认定|住房|公租房|仲裁|援助|专利"
    "|商标|户籍|入学|项目|资金|复议|调解)[^，。；]{0,4}申请"
)
# A justice bureau reviews all kinds of acts; a page shows all kinds of cases.
_OTHER_CASES = re.compile(
    "^(?!.*(?:信息公开|公开申请|依申请)).*"
    "(?:办理|审理|审结|受理|收到|接收|立案|登记|承办|公开|公示|参加|代理|处理)[^，。；]{0,10}(?:复议|诉讼|应诉)"
    "|^(?!.*(?:信息公开|公开申请|依申请)).*(?:出庭|应诉率)"
)
# 余, 近 and 约 say "about": so far may the cell be from the number.
_SLACK = 0.2


@dataclass(frozen=True, slots=True)
class Tables:
    """The cells of one report by key, whose report it is, and its text with marks folded."""

    cells: Mapping[str, Cell]
    edition: str | None
    kind: str | None
    level: str | None
    text: str = ""


def tie_claim(claim: Claim, topic: ClaimTopic | None, tables: Tables, sentence: str) -> Claim:
    """Compare a claim with the cells that it speaks of.

    ``agree`` where the number is in the cells or in another sum that the words may mean;
    ``scope`` where the prose names a narrower or wider body; ``differ`` only where nothing
    leaves the comparison open; else ``not_comparable``.
    """
    if topic is None or not topic.cells or tables.edition not in ("2019", "2021"):
        return claim
    if (
        claim.status != "reported"
        or claim.time in ("change", "rate")
        or claim.kind not in ("count", "amount")
    ):
        return claim
    carried = topic.id == "requests_carried_in"
    if claim.time == "earlier" and not carried:
        return claim
    options = [_by_case(topic, sentence), *topic.alternatives]
    sums = [_sum(keys, tables, topic.factor) for keys in options]
    keys, value, missing = sums[0]
    if not keys:
        return claim
    tied = replace(claim, cells=keys, cell_value=value)
    for other_keys, other, lost in sums:
        if other is not None and not lost and _same(claim, other):
            reason = "" if other_keys == keys else f"与{_names(other_keys)}之和相符"
            if len(other_keys) == 1 and other_keys != keys:
                reason = f"与{_names(other_keys)}相符"
            return replace(
                tied, relation="agree", cells=other_keys, cell_value=other, reason=reason
            )
    if value is None or missing:
        return replace(
            tied, relation="not_comparable", cell_value=None, reason="表中有关单元格缺失或存疑"
        )
    return _disagree(tied, topic, tables, value, sentence)


def _disagree(
    claim: Claim, topic: ClaimTopic, tables: Tables, value: float, sentence: str
) -> Claim:
    narrower = claim.scope == "office" and tables.kind == "government"
    if narrower or claim.scope == "other":
        reason = f"正文说的是“{claim.subject}”，表格是{_extent(tables)}的数"
        return replace(claim, relation="scope", reason=reason)
    if claim.scope == "whole" and tables.kind == "department" and "系统" not in claim.subject:
        reason = f"正文说的是“{claim.subject}”，表格是本部门的数"
        return replace(claim, relation="scope", reason=reason)
    doubt = _find_doubt(claim, topic, sentence.partition("#")[0])
    if doubt:
        return replace(claim, relation="not_comparable", reason=doubt)
    reason = (
        f"正文 {_show(claim.value)}，表中 {_show(value)}，相差 {_show(abs(claim.value - value))}"
    )
    return replace(claim, relation="differ", reason=reason)


def _find_doubt(claim: Claim, topic: ClaimTopic, sentence: str) -> str:
    if topic.soft:
        return "原文说法与表格的行、列不完全对应"
    if topic.id.startswith(("review", "litigation", "dispute")) and _OTHER_CASES.search(sentence):
        return "正文说的可能不限于政府信息公开案件"
    if topic.id.startswith(("requests_", "outcome_")):
        if _OTHER_REQUESTS.search(sentence):
            return "正文说的可能是别的申请"
        if _PAPERS.search(sentence) and not _REQUESTS.search(sentence):
            return "正文说的可能是公文的公开属性"
        if topic.id == "requests_person" and re.search("(?:公民|个人)[^自]*$", sentence[-16:]):
            # 受理公民申请 4 件 often means all who apply.
            return "“公民”可能泛指全部申请人"
        if re.search("(?:有效|无效|重复|不同)[^，。；]{0,4}$|申请表$", sentence):
            return "正文说的可能只是一部分申请"
    if claim.time == "cumulative" and not topic.id.endswith("_valid"):
        return "正文是累计数"
    if claim.part_of is not None and not topic.id.startswith(
        (
            "outcome_",
            "dispute_",
            "requests_carried",
            "requests_person",
            "requests_organisation",
            "requests_business",
            "requests_lawfirm",
        )
    ):
        return "正文说的是其中一部分"
    if re.search("其中|(?:另有|尚有|还有)[^，。；]{0,4}$", sentence) and topic.id in (
        "requests_new",
        "requests_closed",
    ):
        return "正文说的是其中一部分"
    if re.search(
        "(?:[一1]|[12两上]个?|前[一二三四]个?)季度|上半年|下半年|[1-9]-\\d+月|截至\\d+月", sentence
    ):
        return "正文说的不是全年"
    if re.search("(?:各|每[^，。；]{0,6})$", sentence):
        return "正文说的是每一项的数"
    if (
        topic.id in ("requests_new", "requests_closed")
        and claim.form != "words"
        and re.search(
            "通过|网上|线上|书面|信函|当面|邮寄|自然人|公民(?![、和及或与者]{1,2}法人)|企业|涉及|有关|关于|类(?:的)?$|方面",
            sentence[-24:],
        )
        and not re.search("全年|共|总", sentence[-24:])
    ):
        return "正文说的可能只是一部分申请"
    return ""


def _extent(tables: Tables) -> str:
    return "整个地区" if tables.kind == "government" and tables.level != "township" else "本机关"


def _by_case(topic: ClaimTopic, said: str) -> tuple[str, ...]:
    """Take 复议 or 诉讼 for 维持, 纠正 and the like, whichever was named last."""
    if not topic.by_case:
        return topic.cells
    sentence, _, after = said.partition("#")
    if not re.search("复议|诉讼|起诉", sentence):
        sentence = after
    review, court = sentence.rfind("复议"), max(sentence.rfind("诉讼"), sentence.rfind("起诉"))
    if review > court and court < 0:
        return (f"4|数值|复议.{topic.by_case}",)
    if court > review and (review < 0 or re.search(r"\d|[。；]", sentence[review:court])):
        return tuple(f"4|数值|{group}.{topic.by_case}" for group in ("直接起诉", "复议后起诉"))
    return topic.cells


def _sum(
    patterns: tuple[str, ...], tables: Tables, factor: float
) -> tuple[tuple[str, ...], float | None, bool]:
    """Give the keys that the patterns name, their sum, and whether one cannot be read."""
    keys = [
        key
        for pattern in patterns
        for key in (
            [k for k in tables.cells if fnmatchcase(k, pattern)] if "*" in pattern else [pattern]
        )
    ]
    keys = [k for k in dict.fromkeys(keys) if not k.startswith("3|3.7") or "3|3.7" in patterns[0]]
    # A single （六）其他处理 row and its three sub-rows are never both counted.
    if "3|3.6|总计" in keys and any(k.startswith("3|3.6.") for k in keys):
        single = tables.cells["3|3.6|总计"].state != "absent"
        keys = (
            [k for k in keys if k == "3|3.6|总计"]
            if single
            else [k for k in keys if k != "3|3.6|总计"]
        )
    total, missing = 0.0, False
    for key in keys:
        cell = tables.cells.get(key)
        if cell is None or cell.value is None or cell.state not in _READ:
            missing = True
        else:
            total += float(cell.value) * _unit_factor(cell, factor)
    known = [k for k in keys if k in tables.cells]
    if not known:
        return (), None, True
    return tuple(keys), None if missing else round(total, 6), missing


def _unit_factor(cell: Cell, factor: float) -> float:
    # A unit printed in the cell outweighs the form's.
    return {"元": 1.0, "万元": 10_000.0, "亿元": 1e8}.get(cell.unit or "", factor)


def _same(claim: Claim, value: float) -> bool:
    slack = max(1.0, _SLACK * claim.value)
    match claim.bound:
        case "exact":
            return abs(claim.value - value) < max(1e-6, _rounding(claim))
        case "over":
            return claim.value <= value <= claim.value + slack
        case "under":
            return claim.value - slack <= value <= claim.value
        case "about":
            return abs(claim.value - value) <= slack
        case "range":
            return claim.high is not None and claim.value <= value <= claim.high


def _rounding(claim: Claim) -> float:
    """Half a unit of the last place of 4.14万; 0 for a number without a scale."""
    match = re.search(r"\.(\d+)\s?([万亿])", claim.text)
    if not match:
        return 0.0
    scale = 1e4 if match[2] == "万" else 1e8
    return float(0.5 * scale / 10 ** len(match[1]) + 1e-6)


def _names(keys: tuple[str, ...]) -> str:
    return "、".join(key.replace("|", "·") for key in keys[:3]) + ("等" if len(keys) > 3 else "")


def _show(value: float) -> str:
    return f"{value:,.6f}".rstrip("0").rstrip(".").replace(",", "")
