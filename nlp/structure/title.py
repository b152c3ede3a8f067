"""Find the report's title among the lines above its first heading."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nlp.documents import Line
from nlp.structure.clean import clean_prose
from nlp.structure.headings import looks_like_heading
from nlp.structure.years import to_year

SUBJECT = (
    "(?:政府信息公开|政务信息公开|政务公开|信息公开|"
    "政府信息年度公开|信息年度公开|政府信息|党务政务公开)"
)
_TITLE = re.compile(
    rf"^(?=.{{6,70}}$)(?P<before>[^。；;！？，]*?)(?P<subject>{SUBJECT})"
    r"(?P<after>[^。；;，！？]{0,24}?(?:报告|年报|总结|公告)表?)"
    r"(?P<tail>(?:[（(][^（）()]{1,24}[)）]|[—－\-_|]{1,2}.{2,24}|20\d\d年?度?)?)$"
)
# A whole report on one line begins with its title.
_TITLE_HEAD = re.compile(
    rf"^(?P<title>[^。；;！？，：:]{{2,40}}?{SUBJECT}[^。；;，！？：:]{{0,12}}?(?:报告|年报|总结))"
    r"(?=\s*(?:[一1][、.．]|本(?:年度)?报告|根据|按照|依据|为|现|20\d\d年))"
)
_NOT_TITLE = re.compile(
    r"^(?:根据|按照|依据|依照|本报告|现将|为|这是|以上|下载|附件|上一?篇|下一?篇|[一二三四五六七八九十]、|[（(][一二三四五六])"
    # Instructions, news and explanations speak of reports without being one.
    r"|公布了|发布了|(?<!关于)(?:公布|发布|公开|晒出)(?=20\d\d年|《)|解读|图解|一图|读懂|出炉|看点|亮点|关于(?:做好|开展|进一步|编制|报送)|格式|填报|自查|调研|督查|考核|"
    r"实施方案|[>＞»→]"
)
# What a page prints before or behind a title on the same line.
_LEAD = re.compile(
    r"^(?:标题|名称|信息名称|题名|文件名称|第[一二三四五六七八九十\d]+篇)\s*[:：|]\s*"
)
_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,8}[〔\[［(（【]\s*20\d\d\s*[〕\]］)）】]\s*\d{1,4}\s*号")
_META = re.compile(
    r"(?:信息来源|来源|发布时间|发布日期|公开日期|发文日期|成文日期|日期|时间|字号|字体|浏览|点击|访问|索引号|"
    r"文号|发布机构|作者|责任编辑|打印|大中小)\s*[:：【\[（(].*$"
)
_NOTICE = re.compile(
    r"^(?P<issuer>[^《]*?)关于(?:印发|公布|发布|转发|公开)?《?(?P<title>.*?(?:报告|年报|总结))》?的(?:通知|公告|报告|函|通告)$"
)
_YEAR_IN_TITLE = re.compile(
    r"(?:20){1,2}\d{2}\s*(?:年度|年|度)?|[二][〇○零Oo0][〇○零一二三四五六七八九][〇○零一二三四五六七八九]\s*(?:年度|年|度)?"
    r"|(?<!\d)\d{2}年度?(?=政府信息|信息公开|政务)|(?<=[\u4e00-\u9fff])\*{4}年度?|^\*{4}年度?"
)
ORGAN = (
    r"(?:人民政府(?:办公厅|办公室)?|政府(?:办公厅|办公室)?|办公厅|办公室|委员会|管委会|管理委员会|办事处|街道|"
    r"[厅局委办院社署处会站所队行校馆部团]|中心|集团|公司|大学|学院|医院|分局|支队|大队|总队|镇|乡|县|区|市|省|州|盟|旗|兵团)"
)
_ISSUER_LINE = re.compile(
    rf"^(?:20\d\d年度?)?[\u4e00-\u9fff（）()、·]{{2,34}}{ORGAN}(?:20\d\d年度?)?$"
)
_CHANNEL = re.compile(
    r"(?:政务公开|信息公开(?:专栏|平台|目录|指南|年报|网)?|门户网站|政府网|公开网|专栏|网站)$"
)
# How many lines above the first heading may hold a title, and how long it may be.
_FIRST_LINES = 30
_MOST_PARTS = 4


@dataclass(frozen=True, slots=True)
class TitleFound:
    """A title, the lines that it stands on, and the issuer's name within it."""

    text: str
    lines: tuple[Line, ...]
    issuer: str | None
    source: str


def _plain_title(text: str) -> str:
    """Take off what surrounds a title on its line: labels, numbers, marks, meta data."""
    text = re.sub(r"[|｜]+", "", _LEAD.sub("", text))
    text = clean_prose(_META.sub("", _NUMBER.sub("", text))).strip("*#[]【】 ")
    if text.startswith("《") and text.endswith("》"):
        text = text[1:-1]
    return text


def issuer_in_title(title: str) -> str | None:
    """Give the issuer that a title names, or None.

    Examples
    --------
    >>> issuer_in_title("2021年度云岫县水务局政府信息公开工作年度报告")
    '云岫县水务局'
    >>> issuer_in_title("2014年政府信息公开年度报告") is None
    True
    """
    title = _plain_title(title)
    if notice := _NOTICE.match(title):
        inner = issuer_in_title(notice.group("title"))
        return inner or _name_in(notice.group("issuer"))
    match = _TITLE.match(title)
    if not match:
        return None
    before = match.group("before")
    if before.endswith("人民") and match.group("subject").startswith("政府"):
        before += "政府"
    tail = re.sub(r"^[（(—－\-_|]+|[)）]+$", "", match.group("tail") or "")
    if _CHANNEL.search(tail) or not re.search(rf"{ORGAN}$", _YEAR_IN_TITLE.sub("", tail)):
        tail = ""
    return _name_in(before) or _name_in(tail)


def _name_in(piece: str) -> str | None:
    name = _YEAR_IN_TITLE.sub("", piece)
    name = re.sub(r"[《》“”\"\s]|^(?:关于印发|关于公布|关于发布|关于)", "", name)
    name = re.sub(r"^[（(](?P<inner>[^（）()]+)[)）]$", r"\g<inner>", name)
    name = re.sub(r"^(?:年度|度|年|的)|(?:年度|关于|的|度|上半年)$", "", name).strip("、，,:：-—_ ")
    if name.endswith(("年度", "关于")):
        name = name[:-2]
    plausible = len(name) >= 2 and re.fullmatch(r"[\u4e00-\u9fffA-Za-z0-9（）()、·]+", name)
    return name if plausible and not re.fullmatch(r"[\d年月日至]+|年度?|全年", name) else None


def _reads_like_title(parts: Sequence[str], text: str) -> bool:
    if any(not part for part in parts):
        return False
    if not (_TITLE.match(text) or _NOTICE.match(text)) or _NOT_TITLE.search(text):
        return False
    if any("。" in part or len(part) > 60 or _NOT_TITLE.search(part) for part in parts):
        return False
    # 报告 or 条例 before the subject: the sentence behind the title was taken along.
    if len(parts) > 1 and re.search(r"(?:报告|年报|条例|规定|要求).*信息公开", text[4:]):
        return False
    if len(parts) == 1:
        return True
    if looks_like_heading(parts[0]) or _CHANNEL.search(parts[0]):
        return False
    # Lines of a meta block (source, date, index number) are no part of a title.
    if any(re.search(r"来源|时间|日期|字号|浏览|索引|打印|位置|首页|[:：]", p) for p in parts):
        return False
    first = parts[0]
    return bool(_ISSUER_LINE.match(first) or to_year(first) or re.search(SUBJECT, first))


def find_title(lines: Sequence[Line], metadata: Mapping[str, str]) -> TitleFound | None:
    """Find the title among the lines before the first heading, or in the file's metadata.

    One to four consecutive lines may make up a title; of several titles the one that names
    issuer and year wins, then the one on fewer lines, then the fuller one, then the first.
    """
    best: tuple[tuple[int, int, int, int], TitleFound] | None = None
    cleaned = [_plain_title(clean_prose(line.text)) for line in lines[: _FIRST_LINES + _MOST_PARTS]]
    for index in range(min(len(lines), _FIRST_LINES)):
        for size in range(1, _MOST_PARTS + 1):
            parts = cleaned[index : index + size]
            if len(parts) < size or len(parts[-1]) > 70:
                break
            text = "".join(parts)
            if not _reads_like_title(parts, text):
                continue
            issuer = issuer_in_title(text)
            named = (2 if issuer else 0) + (1 if to_year(text) else 0)
            score = (named, -size, len(issuer or ""), -index)
            if best is None or score > best[0]:
                window = tuple(lines[index : index + size])
                best = (score, TitleFound(text, window, issuer, "title"))
    if best is not None and best[0][0] >= 1:
        return best[1]
    for text in cleaned[:3]:
        head = _TITLE_HEAD.match(text[:80]) if len(text) > 60 else None
        if head and not _NOT_TITLE.search(head.group("title")):
            return TitleFound(
                head.group("title"), (), issuer_in_title(head.group("title")), "title"
            )
    for key in ("ArticleTitle", "title", "Title", "标题", "信息名称", "名称"):
        text = clean_prose(metadata.get(key, ""))
        text = re.split(r"[_|\-—]{1,2}(?=[^-_|—]*(?:网|门户|政府|频道)$)", text)[0]
        if _TITLE.match(text) and not _NOT_TITLE.search(text):
            found = TitleFound(text, (), issuer_in_title(text), f"metadata:{key}")
            if found.issuer or to_year(text):
                return found
    # A bare 政府信息公开年报 is the name of the page's channel, not of the report.
    if best is not None and len(best[1].text) >= 8 and best[1].text.endswith(("报告", "总结")):
        return best[1]
    return None


def counts_as_list(lines: Sequence[Line]) -> bool:
    """Tell whether the lines are a list of reports' titles (a channel page), not a report."""
    titles = sum(bool(_TITLE.match(_plain_title(clean_prose(line.text)))) for line in lines)
    return titles >= 4 and 2 * titles >= len(lines)
