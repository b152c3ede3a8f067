"""Find the name of the issuer where the report gives it: title, preamble, signature.

An issuer that the report does not name stays None; a name that is cut short in the title
(望舒街道) is taken in full from where the report gives it in full.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from nlp.structure.clean import clean_prose
from nlp.structure.title import ORGAN, SUBJECT, TitleFound, issuer_in_title

_NAME = r"[\u4e00-\u9fff（）()、·]"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        # 本报告由某机关根据…编制
        rf"(?:报告|年报)[^。]{{0,60}}?由(?P<issuer>{_NAME}{{3,40}}?)(?:根据|按照|依据|依照|编制|编写|编写|负责|结合|汇总|制作)",
        # 现公布某机关2013年政府信息公开工作年度报告, 现将2013年某机关…
        rf"(?:公布|发布|编制|现将|特将|将|公开|汇报)(?:了)?《?(?:20\d\d年?度?)?(?P<issuer>{_NAME}{{2,30}}?{ORGAN})的?"
        rf"(?:20\d\d年?度?)?的?{SUBJECT}[^，。；]{{0,16}}(?:报告|年报|情况)",
        # 某机关编制2013年政府信息公开工作年度报告
        rf"(?:^|[，。；\n])(?P<issuer>{_NAME}{{3,30}}?{ORGAN})(?:特|现)?(?:组织)?(?:编制|制作|撰写)(?:了)?"
        rf"(?:完成)?(?:本|20\d\d年?度?|《|政府信息)",
    )
)
_QUOTED = re.compile("《([^《》]{8,60}(?:报告|年报))》")
_OPENS = re.compile(
    rf"^(?:20\d\d年?度?(?:以来)?[，,]?)?(?P<issuer>{_NAME}{{2,24}}?{ORGAN})"
    r"(?=根据|按照|依据|依照|严格|认真|坚持|全面|以习近平|高度重视|深入|紧紧|紧扣|始终|扎实|积极|围绕|聚焦|持续|切实|不断|"
    r"政府信息公开工作(?:在|坚持|以|严格|紧紧)|在[\u4e00-\u9fff、]{2,20}(?:领导|指导|支持)下|共|主动)"
)
_CONTACT = re.compile(
    rf"(?:请|可)?(?:与|向|致电|联系)(?P<issuer>{_NAME}{{3,30}}?)(?:联系|咨询|反映|反馈|[（(]地址|[（(]联系)"
)
_SIGNATURE = re.compile(rf"^{_NAME}{{2,30}}{ORGAN}$")
_SIGNED_DATE = re.compile(
    r"(?:20\d\d年\d{1,2}月\d{1,2}日|二[〇○零][一二三四五六七八九〇○零]{2}年.{2,8}日)$"
)
_SEAL = re.compile(r"[\s（(]*(?:盖章|公章|印章|章)?[)）]*$")
_LABEL = re.compile(r"^(?:发布机构|发布单位|报告单位|填报单位|编制单位|信息来源|来源|单位)[:：]")
_PUBLISHER_KEYS = (
    "发布机构",
    "发布单位",
    "信息来源",
    "来源",
    "ContentSource",
    "contentsource",
    "source",
    "publisher",
)
# 县教育局, 全市, 我局: words that say which kind of body, not which one.
_PRONOUN = re.compile(
    r"^(?:我|本|全|该|各|其|此|贵|上级|有关|相关|县委|市委|区委|省委|党中央|国务院办公|中共|年度|现|特|请)"
    r"|^(?:省|市|县|区|旗|镇|乡|街道|办事处|政府|人民政府|办公室|局|委员会)+(?:办公厅|办公室)?$|要求|规定|精神|公开|条例|工作|情况|情形|数据"
)
_CONTACT_DESK = re.compile(
    r"(?<=[局厅委会院处站镇乡县区市府])(?:政府信息公开|政务公开|信息公开|党政|综合|政务)(?:工作)?(?:领导小组)?(?:办公室|办|科)$"
)
_FULL_TAILS = ("", "人民政府", "办事处", "街道办事处", "政府")
_PLACE_ENDS = ("省", "市", "县", "区", "州", "盟", "旗", "政府", "乡", "镇")


def _is_name(name: str) -> bool:
    if re.search("[我本][局厅委镇乡县市区省街办单机]", name):
        return False
    return (
        3 <= len(name) <= 40 and not _PRONOUN.search(name) and name.count("（") == name.count("）")
    )


def _named_in(text: str) -> Iterator[str]:
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            name = _CONTACT_DESK.sub("", match.group("issuer").strip("、"))
            if _is_name(name):
                yield name
    for match in _QUOTED.finditer(text):
        quoted = issuer_in_title(match.group(1))
        if quoted and _is_name(quoted) and re.search(rf"{ORGAN}$", quoted):
            yield quoted


def _signed(closing: Sequence[str]) -> Iterator[str]:
    for line in closing:
        name = _LABEL.sub("", _SEAL.sub("", line.strip()))
        name = _SEAL.sub("", _SIGNED_DATE.sub("", name).strip())
        if _SIGNATURE.match(name) and _is_name(name):
            yield name


def _opening(texts: Sequence[str]) -> Iterator[str]:
    for text in texts:
        for line in text.splitlines()[:3]:
            match = _OPENS.match(line)
            # Ministries have short names (教育部); 教育局 alone says only which kind.
            name = match.group("issuer") if match else ""
            if _is_name(name) and (len(name) >= 4 or name.endswith("部")):
                yield name


def _contact(preamble: str, body: str) -> Iterator[str]:
    """Give the office to ask, where it is the body that speaks of itself as 我局, 我镇."""
    for match in _CONTACT.finditer(preamble):
        name = _CONTACT_DESK.sub("", match.group("issuer"))
        kind = name[-1:]
        known = _is_name(name) and len(name) >= 4 and kind in "局厅委镇乡"
        if known and re.search(f"[我本]{kind}", preamble + body):
            yield name


def _completes(full: str, short: str) -> bool:
    """Tell whether ``full`` is ``short`` with its place before or its kind behind it."""
    at = full.find(short)
    if at < 0 or full == short:
        return False
    before, after = full[:at], full[at + len(short) :]
    if short.endswith("街道") and after == "办事处":
        after = ""
    if after not in _FULL_TAILS:
        return False
    # 县科技局 begins with the kind of a place whose name the full form has before it.
    return not before or before.endswith(_PLACE_ENDS) or (short[0] in "省市县区镇乡" and at >= 1)


def find_issuer(
    title: TitleFound | None,
    preamble: str,
    body: str,
    closing: Sequence[str],
    metadata: Mapping[str, str],
) -> tuple[str | None, str]:
    """Find the issuer and say where.

    Parameters
    ----------
    title : TitleFound or None
        The report's title.
    preamble, body : str
        The text before section 一, and the beginning of what follows.
    closing : sequence of str
        The last short paragraphs, the last one first.
    metadata : mapping
        What the page says of itself.

    Returns
    -------
    name, source
        ``source`` is title, preamble, signature, opening, contact or ``metadata:key``.
    """
    named = [(name, "preamble") for name in _named_in(preamble)]
    named += [(name, "preamble") for name in _named_in(body[:400])]
    signed = [(name, "signature") for name in _signed(closing)]
    opening = [(name, "opening") for name in _opening((preamble, body))]
    if title and title.issuer:
        full = [x for x in (*named, *signed, *opening) if _completes(x[0], title.issuer)]
        if full:
            return max(full, key=lambda x: len(x[0]))
        return title.issuer, title.source
    contact = [(name, "contact") for name in _contact(preamble, body)]
    for found in (*named, *signed, *opening, *contact):
        return found
    for key in _PUBLISHER_KEYS:
        name = re.split(r"[\s　]|发布|时间|日期", clean_prose(metadata.get(key, "")))[0]
        if _SIGNATURE.match(name) and _is_name(name):
            return name, f"metadata:{key}"
    return None, ""
