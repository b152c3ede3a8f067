"""Automatic numbering: the ordinals that Word prints but does not store as text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "零一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
# Style chains are short; a loop of basedOn must end.
_MAX_CHAIN = 20


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    style: str
    text: str
    legal: bool


class Numbering:
    """Counts a document's numbered paragraphs and gives the ordinal of each.

    Parameters
    ----------
    numbering, styles : lxml element or None
        The roots of ``numbering.xml`` and ``styles.xml``.
    """

    def __init__(self, numbering: Any, styles: Any) -> None:
        self._abstract: dict[str, dict[int, _Level]] = {}
        self._num: dict[str, tuple[str, dict[int, _Level], dict[int, int]]] = {}
        self._styles: dict[str, Any] = {}
        self._counters: dict[str, dict[int, int]] = {}
        self._started: set[tuple[str, int]] = set()
        self._by_style: dict[str, tuple[str, int]] = {}
        if styles is not None:
            self._styles = {s.get(f"{W}styleId", ""): s for s in styles.iter(f"{W}style")}
        if numbering is not None:
            self._load(numbering)

    def _load(self, root: Any) -> None:
        links: dict[str, str] = {}
        for abstract in root.iter(f"{W}abstractNum"):
            key = abstract.get(f"{W}abstractNumId", "")
            self._abstract[key] = {
                _int(level.get(f"{W}ilvl"), 0): _level(level) for level in abstract.iter(f"{W}lvl")
            }
            link = abstract.find(f"{W}numStyleLink")
            if link is not None:
                links[key] = link.get(f"{W}val", "")
        for num in root.iter(f"{W}num"):
            pointer = num.find(f"{W}abstractNumId")
            if pointer is None:
                continue
            changed: dict[int, _Level] = {}
            starts: dict[int, int] = {}
            for override in num.iter(f"{W}lvlOverride"):
                at = _int(override.get(f"{W}ilvl"), 0)
                level = override.find(f"{W}lvl")
                if level is not None:
                    changed[at] = _level(level)
                start = override.find(f"{W}startOverride")
                if start is not None:
                    starts[at] = _int(start.get(f"{W}val"), 1)
            key = num.get(f"{W}numId", "")
            self._num[key] = (pointer.get(f"{W}val", ""), changed, starts)
        for key, style in links.items():
            found = self._style_number(style)
            if found is not None and found[0] in self._num:
                self._abstract[key] = self._abstract.get(self._num[found[0]][0], {})
        for key, (base, _changed, _starts) in self._num.items():
            for abstract in root.iter(f"{W}abstractNum"):
                if abstract.get(f"{W}abstractNumId") != base:
                    continue
                for level in abstract.iter(f"{W}lvl"):
                    style = level.find(f"{W}pStyle")
                    if style is not None:
                        at = _int(level.get(f"{W}ilvl"), 0)
                        self._by_style.setdefault(style.get(f"{W}val", ""), (key, at))

    def ordinal(self, paragraph: Any) -> str:
        """Count a paragraph and give what Word prints before it (``""`` where nothing)."""
        where = self._where(paragraph)
        if where is None or where[0] not in self._num:
            return ""
        num, at = where
        base, changed, starts = self._num[num]
        levels = {**self._abstract.get(base, {}), **changed}
        level = levels.get(at)
        if level is None:
            return ""
        counters = self._counters.setdefault(base, {})
        if at in starts and (num, at) not in self._started:
            counters[at] = starts[at] - 1
            self._started.add((num, at))
        counters[at] = counters.get(at, level.start - 1) + 1
        for deeper in [n for n in counters if n > at]:
            del counters[deeper]

        def shown(match: re.Match[str]) -> str:
            n = int(match.group(1)) - 1
            other = levels.get(n)
            if other is None:
                return ""
            value = counters.get(n, other.start)
            return format_ordinal(value, "decimal" if level.legal and n < at else other.style)

        if level.style == "bullet":
            return ""
        return re.sub(r"%([1-9])", shown, level.text)

    def _where(self, paragraph: Any) -> tuple[str, int] | None:
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            return None
        direct = _num_pr(properties)
        style = properties.find(f"{W}pStyle")
        name = style.get(f"{W}val", "") if style is not None else ""
        inherited = self._style_number(name) if name else None
        if direct is None:
            return None if inherited is None or inherited[0] == "0" else self._resolve(inherited, 0)
        num, at = direct
        if num == "0":
            return None
        if num is None and inherited is not None:
            num = inherited[0]
        return None if num is None else self._resolve((num, at), 0)

    @staticmethod
    def _resolve(found: tuple[str | None, int | None], default: int) -> tuple[str, int] | None:
        num, at = found
        return None if num is None else (num, default if at is None else at)

    def _style_number(self, name: str) -> tuple[str, int | None] | None:
        at: int | None = self._by_style[name][1] if name in self._by_style else None
        seen = 0
        while name in self._styles and seen < _MAX_CHAIN:
            seen += 1
            style = self._styles[name]
            properties = style.find(f"{W}pPr")
            found = _num_pr(properties) if properties is not None else None
            if found is not None:
                num, level = found
                at = at if at is not None else level
                if num is not None:
                    return num, at
            based = style.find(f"{W}basedOn")
            name = based.get(f"{W}val", "") if based is not None else ""
        return None


def _num_pr(properties: Any) -> tuple[str | None, int | None] | None:
    found = properties.find(f"{W}numPr")
    if found is None:
        return None
    num, at = found.find(f"{W}numId"), found.find(f"{W}ilvl")
    return (
        num.get(f"{W}val") if num is not None else None,
        _int(at.get(f"{W}val"), 0) if at is not None else None,
    )


def _level(level: Any) -> _Level:
    def value(tag: str, default: str) -> str:
        child = level.find(f"{W}{tag}")
        return default if child is None else child.get(f"{W}val", default)

    legal = level.find(f"{W}isLgl") is not None
    return _Level(
        _int(value("start", "1"), 1), value("numFmt", "decimal"), value("lvlText", ""), legal
    )


def _int(value: str | None, default: int) -> int:
    return int(value) if value and re.fullmatch(r"-?\d{1,9}", value) else default


def format_ordinal(value: int, style: str) -> str:
    """Write a number in one of Word's number formats; decimal where the format is unknown.

    Examples
    --------
    >>> [format_ordinal(n, "chineseCounting") for n in (1, 10, 12, 20)]
    ['一', '十', '十二', '二十']
    >>> format_ordinal(3, "decimalEnclosedCircle"), format_ordinal(4, "lowerRoman")
    ('③', 'iv')
    """
    if value < 0:
        return str(value)
    writer = _FORMATS.get(style)
    return writer(value) if writer is not None else str(value)


def _counting(value: int) -> str:
    if value < 10:
        return _DIGITS[value]
    if value < 20:
        return "十" + (_DIGITS[value - 10] if value > 10 else "")
    return _thousand(value)


def _thousand(value: int, digits: str = _DIGITS, units: str = "十百千") -> str:
    if value >= 10_000:
        return str(value)
    if value == 0:
        return digits[0]
    out, gap = "", False
    for power in (3, 2, 1, 0):
        digit = value // 10**power % 10
        if digit:
            out += (digits[0] if gap and out else "") + digits[digit]
            out += units[power - 1] if power else ""
            gap = False
        elif out:
            gap = True
    return out


def _ideograph(value: int) -> str:
    return "".join("〇一二三四五六七八九"[int(d)] for d in str(value))


def _letters(value: int) -> str:
    # Word repeats the letter after z: aa, bb, cc.
    return "" if value < 1 else chr(97 + (value - 1) % 26) * ((value - 1) // 26 + 1)


def _roman(value: int) -> str:
    out = ""
    for number, sign in (
        (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
        (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
    ):  # fmt: skip
        count, value = divmod(value, number)
        out += sign * min(count, 20)
    return out


def _from(first: str, most: int) -> Callable[[int], str]:
    return lambda value: chr(ord(first) + value - 1) if 1 <= value <= most else str(value)


def _full_width(value: int) -> str:
    return "".join(chr(ord(d) + 0xFEE0) for d in str(value))


_FORMATS: dict[str, Callable[[int], str]] = {
    "chineseCounting": _counting,
    "chineseCountingThousand": lambda v: _counting(v) if v < 20 else _thousand(v),
    "taiwaneseCounting": _counting,
    "taiwaneseCountingThousand": lambda v: _counting(v) if v < 20 else _thousand(v),
    "japaneseCounting": _counting,
    "koreanDigital2": _counting,
    "ideographDigital": _ideograph,
    "taiwaneseDigital": _ideograph,
    "japaneseDigitalTenThousand": _ideograph,
    "chineseLegalSimplified": lambda v: _thousand(v, _LEGAL, "拾佰仟"),
    "ideographLegalTraditional": lambda v: _thousand(v, "零壹貳參肆伍陸柒捌玖", "拾佰仟"),
    "ideographTraditional": lambda v: _STEMS[v - 1] if 1 <= v <= 10 else str(v),
    "ideographZodiac": lambda v: _BRANCHES[v - 1] if 1 <= v <= 12 else str(v),
    "decimalZero": lambda v: f"{v:02d}",
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "decimalEnclosedCircle": _from("①", 20),
    "decimalEnclosedCircleChinese": _from("①", 20),
    "decimalEnclosedParen": _from("⑴", 20),
    "decimalEnclosedFullstop": _from("⒈", 20),
    "ideographEnclosedCircle": _from("㊀", 10),
    "lowerLetter": _letters,
    "upperLetter": lambda v: _letters(v).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda v: _roman(v).upper(),
    "none": lambda _: "",
}
