"""Title, issuer, year and period, each with where it was found.

Nothing is made up: an issuer that the report does not name stays None, and years that
contradict each other are all kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from nlp.documents import Line, YearCandidate
from nlp.structure.clean import clean_prose
from nlp.structure.headings import looks_like_heading

_SUBJECT = r"(?:政府信息公开|政务信息公开|政务公开|信息公开|政府信息年度公开|信息年度公开|政府信息)"
_TITLE = re.compile(
    rf"^(?=.{{6,70}}$)(?P<before>[^。；;！？]*?)(?P<subject>{_SUBJECT})"
    r"(?P<after>[^。；;，！？]{0,24}?(?:报告|年报|总结|公告))"
    r"(?P<tail>(?:[（(][^（）()]{1,24}[)）]|[—－\-_|]{1,2}.{2,24})?)$"
)
_NOT_TITLE = re.compile(
    r"^(?:根据|按照|依据|依照|本报告|现将|为|这是|以上|[一二三四五六七八九十]、|[（(][一二三四五六])"
)
_CN_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_YEAR = re.compile(
    r"(?P<a>(?:19|20)\d{2})\s*(?:-\s*(?:19|20)\d{2}\s*)?年?度?|(?P<b>[二２][〇○零Oo0][〇○零一二三四五六七八九0]{2})\s*年?度?"
)
_YEAR_IN_TITLE = re.compile(
    r"(?:20\d{2}|[二][〇○零Oo0][〇○零一二三四五六七八九]{2})\s*(?:年度|年|度)?|(?<!\d)\d{2}年度?(?=政府信息|信息公开)"
)
_PERIOD = re.compile(
    r"(?:自|从|为|是|期限|时间)?[：:]?\s*(?P<y1>20\d{2})\s*年\s*(?P<m1>\d{1,2})\s*月\s*(?P<d1>\d{1,2})\s*日?\s*(?:起)?\s*"
    r"(?:至|到|—|-|–|~|～|－)+\s*(?:(?P<y2>20\d{2}|当年|同年|本年)\s*年?)?\s*(?P<m2>\d{1,2})\s*月\s*(?P<d2>\d{1,2})\s*日?"
)
_ORGAN = (
    r"(?:人民政府(?:办公厅|办公室)?|政府(?:办公厅|办公室)?|办公厅|办公室|委员会|管委会|管理委员会|办事处|街道|"
    r"[厅局委办院社署处会站所队行校馆部团]|中心|集团|公司|大学|学院|医院|分局|支队|大队|总队|镇|乡|县|区|市|省)"
)
_SIGNATURE = re.compile(rf"^[\u4e00-\u9fff（）()、]{{3,30}}{_ORGAN}$")
_BY = re.compile(
    r"(?:本(?:年度)?报告|本年报|年度报告)由(?P<issuer>[\u4e00-\u9fff（）()、]{3,40}?)(?:根据|按照|依据|依照|编制|编写|负责|结合)"
)
_PUBLISHES = re.compile(
    rf"(?:现?(?:将|公布|发布|向社会公布|编制))(?P<issuer>[\u4e00-\u9fff（）()、]{{2,30}}?{_ORGAN})的?"
    rf"(?:20\d\d年?度?)?的?{_SUBJECT}"
)
_OPENS = re.compile(
    rf"^(?:20\d\d年度?，?)?(?P<issuer>[\u4e00-\u9fff（）()]{{2,24}}?{_ORGAN})(?=根据|按照|依据|依照|严格|认真|坚持|全面|以习近平|在[\u4e00-\u9fff]{{2,20}}领导下)"
)
_PUBLISHER_KEYS = ("ContentSource", "contentsource", "来源", "发布机构", "source", "publisher")
# period > preamble > title > body where years tie; two sources outvote one.
_WEIGHTS = {"period": 1.30, "preamble": 1.20, "title": 1.25, "body": 1.0, "metadata": 0.4}


@dataclass(frozen=True, slots=True)
class TitleFound:
    """A title, the lines that it stands on, and the issuer's name within it."""

    text: str
    lines: tuple[Line, ...]
    issuer: str | None
    source: str


def to_year(text: str) -> int | None:
    """Read a year: 2023, 二〇二三, 二○一五; None when there is none.

    Examples
    --------
    >>> to_year("二〇一五年度"), to_year("2023"), to_year("1136条")
    (2015, 2023, None)
    """
    match = _YEAR.search(text)
    if not match:
        return None
    if match.group("a"):
        return int(match.group("a"))
    digits = match.group("b").replace("O", "0").replace("o", "0").translate(_CN_DIGITS)
    return int(digits) if digits.isdigit() and 2000 <= int(digits) <= 2099 else None


def issuer_in_title(title: str) -> str | None:
    """Give the issuer that a title names, or None.

    Examples
    --------
    >>> issuer_in_title("2021年度云岫县水务局政府信息公开工作年度报告")
    '云岫县水务局'
    >>> issuer_in_title("2014年政府信息公开年度报告") is None
    True
    """
    match = _TITLE.match(title)
    if not match:
        return None
    before = match.group("before")
    if before.endswith("人民") and match.group("subject").startswith("政府"):
        before += "政府"
    tail = re.sub(r"^[（(—－\-_|]+|[)）]+$", "", match.group("tail") or "")
    for piece in (before, tail):
        name = _YEAR_IN_TITLE.sub("", piece)
        name = re.sub(r"^(?:关于印发|关于公布|关于)|(?:年度|关于|的|度)$|[《》“”\"\s]", "", name)
        name = re.sub(r"^(?:度|年度|的)|(?:关于|的)$", "", name).strip("、，,:：-—")
        if len(name) >= 2 and re.fullmatch(r"[\u4e00-\u9fffA-Za-z0-9（）()、·]+", name):
            return name
    return None


def find_title(lines: Sequence[Line], metadata: Mapping[str, str]) -> TitleFound | None:
    """Find the title among the lines before the first heading, or in the file's metadata.

    One to four consecutive lines may make up a title; of several titles the one that names
    issuer and year wins, then the earlier one.
    """
    best: tuple[tuple[int, int, int], TitleFound] | None = None
    for index in range(min(len(lines), 30)):
        for size in (1, 2, 3, 4):
            window = lines[index : index + size]
            if len(window) < size:
                break
            parts = [clean_prose(line.text).replace("|", "") for line in window]
            text = "".join(parts)
            if _NOT_TITLE.match(text) or not _TITLE.match(text) or any(not p for p in parts):
                continue
            if any("。" in part or len(part) > 60 for part in parts):
                continue
            if size > 1 and looks_like_heading(parts[0]):
                continue
            # Lines of a meta block (source, date, index number) are no part of a title.
            if size > 1 and any(
                re.search(r"来源|时间|日期|字号|浏览|索引号|打印", p) for p in parts
            ):
                continue
            issuer = issuer_in_title(text)
            score = (
                (2 if issuer else 0) + (1 if to_year(text) else 0),
                -size,
                -index,
            )
            if best is None or score > best[0]:
                best = (score, TitleFound(text, tuple(window), issuer, "title"))
    if best is not None and best[0][0] >= 1:
        return best[1]
    for key in ("ArticleTitle", "title", "Title"):
        text = clean_prose(metadata.get(key, ""))
        text = re.split(r"[_|\-—]{1,2}(?=[^-_|—]*(?:网|门户|政府|频道)$)", text)[0]
        if _TITLE.match(text) and not _NOT_TITLE.match(text):
            found = TitleFound(text, (), issuer_in_title(text), f"metadata:{key}")
            if best is None or found.issuer:
                return found
    return best[1] if best else None


def find_issuer(
    title: TitleFound | None,
    preamble: str,
    body: str,
    closing: Sequence[str],
    metadata: Mapping[str, str],
) -> tuple[str | None, str]:
    """Find the issuer and say where: title, preamble, opening, signature, metadata."""
    if title and title.issuer:
        return title.issuer, title.source
    for source, text in (("preamble", preamble), ("preamble", body[:400])):
        for pattern in (_BY, _PUBLISHES):
            match = pattern.search(text)
            if match:
                return match.group("issuer"), source
    for line in closing:
        name = re.sub(r"[\s（(]*(?:盖章|公章|章)?[)）]*$", "", line.strip())
        if _SIGNATURE.match(name) and len(name) >= 4:
            return name, "signature"
    for paragraph in (preamble, body):
        for line in paragraph.splitlines()[:3]:
            match = _OPENS.match(line)
            if match and not match.group("issuer").startswith(("我", "本", "全")):
                return match.group("issuer"), "opening"
    for key in _PUBLISHER_KEYS:
        name = clean_prose(metadata.get(key, ""))
        if name and _SIGNATURE.match(name):
            return name, f"metadata:{key}"
    return None, ""


def find_period(text: str) -> tuple[date, date, int, int] | None:
    """Find the period covered: first day, last day and where it is written.

    Examples
    --------
    >>> find_period("统计期限为2024年1月1日至12月31日。")[:2]
    (datetime.date(2024, 1, 1), datetime.date(2024, 12, 31))
    """
    for match in _PERIOD.finditer(text):
        first_year = int(match.group("y1"))
        second = match.group("y2") or ""
        last_year = int(second) if second.isdigit() else first_year
        try:
            first = date(first_year, int(match.group("m1")), int(match.group("d1")))
            last = date(last_year, int(match.group("m2")), int(match.group("d2")))
        except ValueError:
            continue
        # A reporting period lasts months; a few days are a meeting or a campaign.
        if 60 <= (last - first).days <= 800:
            return first, last, match.start(), match.end()
    return None


def find_years(
    title: TitleFound | None,
    text: str,
    preamble: tuple[int, int],
    body: tuple[int, int],
    period: tuple[date, date, int, int] | None,
) -> tuple[YearCandidate, ...]:
    """Collect every year that the report gives for itself, with its source."""
    found: list[YearCandidate] = []
    if title:
        year = to_year(title.text)
        if year:
            source = "title" if title.lines else "metadata"
            at = text.find(title.text) if title.lines else -1
            found.append(
                YearCandidate(year, source, at, at + len(title.text))
                if at >= 0
                else YearCandidate(year, source)
            )
    if period:
        # A period that runs over a new year belongs to the year that holds most of it.
        middle = period[0] + (period[1] - period[0]) / 2
        found.append(YearCandidate(middle.year, "period", period[2], period[3]))
    start, end = preamble
    for match in re.finditer(
        rf"(?P<y>20\d\d)\s*(?:年度|年|度)(?:的)?[^，。；0-9]{{0,30}}?{_SUBJECT}[^，。；]{{0,12}}(?:报告|年报)",
        text[start:end],
    ):
        year = int(match.group("y"))
        found.append(
            YearCandidate(year, "preamble", start + match.start("y"), start + match.end("y"))
        )
        break
    start, end = body
    counts: dict[int, tuple[int, int]] = {}
    for match in re.finditer(
        r"(?<!\d)(20\d\d)\s*年(?:度)?(?!\d{1,2}月.{0,4}日.{0,6}(?:印发|公布|施行))", text[start:end]
    ):
        year = int(match.group(1))
        count, at = counts.get(year, (0, start + match.start()))
        counts[year] = (count + 1, at)
    if counts:
        year = max(counts, key=lambda y: (counts[y][0], y))
        found.append(YearCandidate(year, "body", counts[year][1], counts[year][1] + 4))
    return tuple(found)


def vote_year(candidates: Sequence[YearCandidate]) -> int | None:
    """Choose the report's year: the best supported, period before preamble before title.

    Examples
    --------
    >>> vote_year([YearCandidate(2022, "title"), YearCandidate(2023, "body"),
    ...            YearCandidate(2023, "period")])
    2023
    """
    support: dict[int, float] = {}
    for candidate in candidates:
        support[candidate.year] = support.get(candidate.year, 0.0) + _WEIGHTS[candidate.source]
    return max(support, key=lambda year: support[year], default=None)
