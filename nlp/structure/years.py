"""The year that a report is about and the period it covers, each with where it is written.

Nothing is made up: years that contradict each other are all kept, and the vote says which
is taken.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date

from nlp.documents import YearCandidate

_CN_DIGITS = str.maketrans("〇○零一二三四五六七八九Oo", "00012345678900")
_YEAR = re.compile(
    r"(?P<a>(?:19|20)\d{2})\s*(?:-\s*(?:19|20)\d{2}\s*)?年?度?"
    r"|(?P<b>[二２][〇○零Oo0][〇○零一二三四五六七八九0]{2})\s*年?度?"
)
# 202020年, 20212021年: the first four digits of a doubled year are of no use.
_DOUBLED = re.compile(r"^20(?=20\d\d\s*年)")
_DAY = r"(?P<m{0}>\d{{1,2}})\s*[月.\-/]\s*(?:(?P<d{0}>\d{{1,2}})\s*(?:日|号)?)?"
_PERIOD = re.compile(
    r"(?P<y1>20\d{2})\s*[年.\-/]?\s*" + _DAY.format(1) + r"\s*(?:起)?\s*"
    r"(?:至|到|—|-|–|~|～|－|﹣|─)+\s*(?:(?P<y2>20\d{2}|当年|同年|本年)\s*[年.\-/]?\s*)?"
    + _DAY.format(2)
)
_CN_DATE = re.compile(r"[〇○零一二三四五六七八九十]+(?=[年月日])")
_ABOUT_DATA = re.compile(r"统计|期限|时限|数据|时间范围|起止")
_PREAMBLE_YEAR = re.compile(
    r"(?P<y>20\d\d)\s*(?:年度|年|度)(?:的)?[^，。；0-9]{0,30}?(?:信息公开|政务公开|政府信息)[^，。；]{0,12}(?:报告|年报|总结|情况)"
)
# A year that opens a sentence is what the sentence is about; 比2022年 and 国发〔2016〕 are not.
_OPENING_YEAR = re.compile(
    r"(?:^|[。；;：:\n])\s*(?:在)?(?P<y>20\d\d)\s*年(?:度|以来|内)?(?P<after>[^。；\n]{0,16})"
)
_AHEAD = re.compile(r"将|继续|进一步|计划|要[^求]|拟|打算|力争|工作(?:重点|思路|打算|安排)")
_ANY_YEAR = re.compile(r"(?<![\d〔\[（(比较])(20\d\d)\s*年")
# period > preamble > title > body where years tie; two sources outvote one.
_WEIGHTS = {"period": 1.30, "preamble": 1.20, "title": 1.25, "body": 1.0, "metadata": 0.4}


def to_year(text: str) -> int | None:
    """Read a year: 2023, 二〇二三, 二○一五; None when there is none.

    Examples
    --------
    >>> to_year("二〇一五年度"), to_year("2023"), to_year("1136条"), to_year("202021年")
    (2015, 2023, None, 2021)
    """
    match = _YEAR.search(text)
    if not match:
        return None
    if match.group("a"):
        doubled = _DOUBLED.match(text[match.start() :])
        return int(text[match.start() + 2 :][:4] if doubled else match.group("a"))
    digits = match.group("b").translate(_CN_DIGITS)
    return int(digits) if digits.isdigit() and 2000 <= int(digits) <= 2099 else None


def _arabic(match: re.Match[str]) -> str:
    """Write 二〇一六, 十二, 三十一 in digits, padded so that offsets stay."""
    text = match.group()
    if "十" not in text:
        return text.translate(_CN_DIGITS)
    tens, _, ones = text.partition("十")
    value = (int(tens.translate(_CN_DIGITS) or 1)) * 10 + int(ones.translate(_CN_DIGITS) or 0)
    return f"{value:>{len(text)}}" if len(text) >= 2 else "10"


def find_period(
    text: str, preamble: tuple[int, int] | None = None
) -> tuple[date, date, int, int] | None:
    """Find the period covered: first day, last day and where it is written.

    Parameters
    ----------
    text : str
        The report's text.
    preamble : (start, end), optional
        Where the preamble stands.  Elsewhere only a period that the report gives for its
        figures counts: a campaign of three months is none.

    Examples
    --------
    >>> find_period("统计期限为2024年1月1日至12月31日。")[:2]
    (datetime.date(2024, 1, 1), datetime.date(2024, 12, 31))
    """
    digits = text
    if re.search(r"二[〇○零Oo][〇○零一二三四五六七八九]{2}年[一二三四五六七八九十]", text):
        digits = _CN_DATE.sub(_arabic, text)
        digits = digits if len(digits) == len(text) else text
    found: list[tuple[int, tuple[date, date, int, int]]] = []
    for match in _PERIOD.finditer(digits):
        period = _read_period(match)
        # A reporting period lasts months; a few days are a meeting or a campaign.
        if period is None or not 60 <= (period[1] - period[0]).days <= 800:
            continue
        about = bool(_ABOUT_DATA.search(text[max(0, match.start() - 24) : match.start()]))
        inside = preamble is None or preamble[0] <= match.start() < preamble[1]
        if about or inside:
            found.append((2 * about + inside, (*period, match.start(), match.end())))
    return max(found, key=lambda item: item[0])[1] if found else None


def _read_period(match: re.Match[str]) -> tuple[date, date] | None:
    first_year = int(match.group("y1"))
    second = match.group("y2") or ""
    last_year = int(second) if second.isdigit() else first_year
    try:
        first = date(first_year, int(match.group("m1")), int(match.group("d1") or 1))
        month = int(match.group("m2"))
        if match.group("d2"):
            return first, date(last_year, month, int(match.group("d2")))
        following = date(last_year + month // 12, month % 12 + 1, 1)
        return first, date.fromordinal(following.toordinal() - 1)
    except ValueError:
        return None


def find_years(
    title: tuple[str, str, int] | None,
    text: str,
    preamble: tuple[int, int],
    body: tuple[int, int],
    period: tuple[date, date, int, int] | None,
) -> tuple[YearCandidate, ...]:
    """Collect every year that the report gives for itself, with its source.

    Parameters
    ----------
    title : (text, source, offset) or None
        The title, ``title`` or ``metadata``, and where it stands (-1 if nowhere).
    text : str
        The report's text; ``preamble`` and ``body`` are ranges of it.
    period : (first day, last day, start, end) or None
        What ``find_period`` found.
    """
    found: list[YearCandidate] = []
    if title and (year := to_year(title[0])):
        start = title[2] if title[2] >= 0 else None
        end = start + len(title[0]) if start is not None else None
        found.append(YearCandidate(year, title[1], start, end))
    if period:
        # A period that runs over a new year belongs to the year that holds most of it.
        middle = period[0] + (period[1] - period[0]) / 2
        found.append(YearCandidate(middle.year, "period", period[2], period[3]))
    start, end = preamble
    # The titles of notices that the report cites carry years of their own.
    own = re.sub(
        "《[^》]{0,80}》", lambda m: "《" + "□" * (len(m.group()) - 2) + "》", text[start:end]
    )
    match = _PREAMBLE_YEAR.search(own) or _PREAMBLE_YEAR.search(text[start:end])
    if match:
        at = start + match.start("y")
        found.append(YearCandidate(int(match.group("y")), "preamble", at, at + 4))
    if year_found := _body_year(text, body, {c.year for c in found}):
        found.append(YearCandidate(year_found[0], "body", year_found[1], year_found[1] + 4))
    return tuple(found)


def _body_year(text: str, body: tuple[int, int], known: set[int]) -> tuple[int, int] | None:
    """Give the year that most sentences of the body open with, and where it first stands."""
    places: dict[int, int] = {}
    counts: Counter[int] = Counter()
    for match in _OPENING_YEAR.finditer(text, *body):
        if not _AHEAD.search(match.group("after")):
            counts[int(match.group("y"))] += 1
            places.setdefault(int(match.group("y")), match.start("y"))
    if not counts and not known:
        # Nothing else says it: any year will do, even where next year's plans stand.
        for match in _OPENING_YEAR.finditer(text, body[0]):
            if not _AHEAD.search(match.group("after")):
                counts[int(match.group("y"))] += 1
                places.setdefault(int(match.group("y")), match.start("y"))
    if not counts and not known:
        for match in _ANY_YEAR.finditer(text, *body):
            counts[int(match.group(1))] += 1
            places.setdefault(int(match.group(1)), match.start())
    if not counts:
        return None
    own = [year for year in counts if year in known]
    most = max(counts, key=lambda y: (counts[y], y))
    # Comparisons with other years are usual; only a body that hardly speaks of the report's
    # own year says something else.
    if own and counts[most] < 3 * max(counts[y] for y in own):
        most = max(own, key=lambda y: counts[y])
    return most, places[most]


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


def disagree(candidates: Sequence[YearCandidate], year: int) -> bool:
    """Tell whether the years contradict each other, so that a researcher must look.

    A body whose sentences open with an earlier year than the title may compare with it, so
    a single such sentence is no contradiction; a later year in the body always is one.
    """
    stated = {c.year for c in candidates if c.source != "body"}
    body = {c.year for c in candidates if c.source == "body"}
    return len(stated) > 1 or bool(body - {year})
