"""Refuse what is no annual report on information disclosure; accept fragments of one.

Guides, regulations, circulars that ask for reports, news about them, a government's work
report and the lists of a channel page all use the words of these reports.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.documents import Line, Pages, ReadError
from nlp.structure.clean import clean_prose, fold_text
from nlp.structure.headings import HeadingCandidate
from nlp.structure.title import TitleFound, counts_as_list

_SUBJECT = re.compile("政府信息公开|政务信息公开|政务公开|信息公开|政府信息|主动公开|依申请公开")
# Documents of other kinds, by what their title or first lines end in or say.
_OTHER_KIND = re.compile(
    r"(?:指南|条例|办法|规定|细则|规范|要点|方案|制度|意见|目录|格式|通知|函|解读|图解|答记者问|申请表|须知|政府工作报告)"
    r"(?:[（(][^）)]{0,20}[)）])?$|^20\d\d年.{0,12}政府工作报告|一图读懂"
)
# 法治政府建设年度报告 has sections of the same names and tells of disclosure in passing.
_OTHER_REPORT = re.compile(r"(?:报告|总结|公报|年报|述职|决算公开)(?:[（(][^）)]{0,20}[)）])?$")
_ARTICLES = re.compile(r"(?:^|\n)\s*第[一二三四五六七八九十百]{1,4}条(?!第?[（(])")
# Words by which a report says that it is one.
_OWN_WORDS = re.compile(
    r"本(?:年度)?报告|本年报|年度报告如下|报告如下|统计期限|现(?:予以?)?公布|现将.{0,40}(?:报告|公布|汇报|总结)|"
    r"编制(?:本|此)报告|编制而成|所列数据|年度报告由"
)
# Words of documents that ask others to report or tell how to apply.
_INSTRUCTIONS = re.compile(
    r"申请人(?:可以|应当|填写|提出|须)|应当(?:于|在|包括|按照|符合)|各单位|请于|报送(?:至|到|我)|填报说明|申请表|受理机构|办公时间"
)
_TABLE_LABELS = ("本年新收政府信息公开申请数量", "本年制发件数", "本年新制作数量", "对外公开总数量")
_SPECIFIC = frozenset("二三四")


def _find_fault(
    pages: Pages,
    text: str,
    title: TitleFound | None,
    headings: Sequence[HeadingCandidate],
    opening: Sequence[Line],
) -> str | None:
    """Say what speaks against a report (in Chinese), or None."""
    named = {heading.no for heading in headings} - {"另"}
    mentions = len(_SUBJECT.findall(text))
    folded = fold_text(text[:400_000])
    tables = any(label in folded for label in _TABLE_LABELS)
    first = [clean_prose(line.text) for line in opening[:8]]
    other = next((line for line in first if len(line) <= 50 and _OTHER_KIND.search(line)), None)
    numbers = bool(re.search(r"[1-9]\d{0,6}\s*(?:条|件|份|篇|项|次|起|宗)", text)) or bool(
        tables and re.search(r"(?:^|[\s|\t])\d+(?=[\s|\t]|$)", text)
    )
    if len(_ARTICLES.findall(text)) >= 8 and not tables:
        return "法规条文"
    if counts_as_list(opening) and not headings:
        return "多份报告的标题列表"
    prose = _prose_length(text, headings, title)
    if prose < 20 and not numbers:
        return "只有标题、没有内容的空表或空壳"
    if title:
        return None
    if tables and (numbers or _OWN_WORDS.search(text)):
        return None
    if other and not _OWN_WORDS.search(text):
        return f"“{other[:30]}”"
    foreign = any(
        len(line) <= 50 and _OTHER_REPORT.search(line) and not _SUBJECT.search(line)
        for line in first
    )
    if foreign and not {"二", "三"} <= named:
        return "别的年度报告或总结"
    asking = len(_INSTRUCTIONS.findall(text))
    if asking >= 3 and not _OWN_WORDS.search(text):
        return "工作部署或办事指南"
    if len(named) >= 3 and named & _SPECIFIC and mentions >= 1:
        return None
    # A fragment speaks of disclosure all the time; other documents do so in passing.
    open_words = text.count("公开")
    dense = mentions >= 1 and open_words >= 2 and open_words * 150 >= len(text)
    if dense and (named & _SPECIFIC or "五" in named or (named and _OWN_WORDS.search(text))):
        return None
    if dense and _OWN_WORDS.search(text) and re.search("年度报告|年报", text) and len(text) < 6000:
        return None
    return "别的内容"


def _prose_length(text: str, headings: Sequence[HeadingCandidate], title: TitleFound | None) -> int:
    """Count the letters outside headings, title and labels, up to where it no longer matters."""
    heads = {text[h.start : h.end] for h in headings}
    length = 0
    for line in text.splitlines():
        if line in heads or (title and line == title.text):
            continue
        if "。" in line or "，" in line or len(line) > 30:
            length += len(re.findall("[\u4e00-\u9fff]", line[:200]))
        if length > 200:
            break
    return length


def refuse_other_documents(
    pages: Pages,
    text: str,
    title: TitleFound | None,
    headings: Sequence[HeadingCandidate],
    opening: Sequence[Line],
) -> None:
    """Raise ``ReadError`` ``not_a_report`` for a document that is no annual report.

    Parameters
    ----------
    text : str
        The structured text.
    title, headings
        What was found in it.
    opening : sequence of Line
        The lines above the first heading.
    """
    fault = _find_fault(pages, text, title, headings, opening)
    if fault is None:
        return
    first = clean_prose(text[:40].replace("\n", " "))
    mentions = len(_SUBJECT.findall(text))
    raise ReadError(
        "not_a_report",
        pages.name,
        expected="政府信息公开工作年度报告（有标题、规定的六个部分或法定表格）",
        found=f"{fault}，开头是“{first}”，提到信息公开 {mentions} 次",
        advice="如果确是年度报告，请检查文件是否只剩片段或文字已损坏。",
    )
