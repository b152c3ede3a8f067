"""What to know before using a row, in Chinese words; every row of statistics carries some."""

from __future__ import annotations

from collections.abc import Iterable

# Under this many issuers an interval from resampling is not to be trusted, and none is given.
FEWEST_FOR_INTERVAL = 10
# Under this many issuers statistics are said to be from a small number.
FEW = 30

# Groups of indicators whose rows or columns the 2021 form defines in another way than 2019.
_REDEFINED = frozenset({"outcome", "reasons", "flow", "table2"})

ECOLOGICAL = "这是报告（机关）层面的关系，不能推断单件申请或单个人（生态谬误）"
SELF_REPORTED = "主题是机关自己写的，写了不等于有这个问题，没写不等于没有"
NO_CAUSE = "相关不是因果，没有控制其他因素"
MULTIPLE = "同时做了多项检验，请看校正后的 q 值，不要单看 p 值"
OVERLAP = "名次区间重叠的，不能说谁高谁低"
UNWEIGHTED = "“平均”每份报告权重相同，“合并值”大机关权重大，两者不可混用"


def few_units(issuers: int) -> str:
    """Say that a number of issuers is small; nothing where it is not.

    Examples
    --------
    >>> few_units(7), few_units(50)
    ('只有 7 个机关，不宜给区间，也不宜推广', '')
    """
    if issuers < FEWEST_FOR_INTERVAL:
        return f"只有 {issuers} 个机关，不宜给区间，也不宜推广"
    return f"只有 {issuers} 个机关，区间很粗" if issuers < FEW else ""


def mixed_editions(editions: Iterable[object], group: str | None) -> str:
    """Say that the form's definitions changed between the reports that are put together."""
    known = sorted({str(e) for e in editions if e is not None and str(e) != "<NA>"})
    if len(known) < 2:
        return ""
    words = f"混有不同格式（{'、'.join(known)}）的报告"
    return words + ("，该指标的口径因格式而异" if group in _REDEFINED else "")


def doubtful_values(number: int) -> str:
    """Say that some values rest on cells of sums that do not hold."""
    return f"有 {number} 份的数涉及不符的勾稽式" if number else ""


def several_years(reports: int, issuers: int) -> str:
    """Say that an issuer is in it with several years."""
    return "同一机关有几年的报告，不是独立观测" if reports > issuers else ""


def join(*caveats: str) -> str:
    """Join caveats to one text.

    Examples
    --------
    >>> join("甲", "", "乙")
    '甲；乙'
    """
    return "；".join(filter(None, caveats))
