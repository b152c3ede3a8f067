"""Read one printed value: number, sign, unit and state, never more than is printed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from nlp.documents import CellState

_NUMBER = re.compile(
    r"(?P<sign>[+\-−－–—]|减少?|增加?|下降)?\s*(?P<digits>\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
    r"\s*(?P<unit>万元|亿元|元|万|亿|件|项|个|条|份|宗|次|%)?"
)
_UNREAD_NUMBER = re.compile(r"[\d,.]*\ufffd[\d,.\ufffd]*")
_GROUPED_BY_SPACE = re.compile(r"\d{1,3}(?:[ \u00a0]\d{3})+(?:\.\d+)?$")
_MINUS = frozenset("-−－–—") | {"减", "减少", "下降"}
_DASHES = re.compile(r"[\-−－–—―─_~～]+")
_STATES: dict[str, CellState] = {
    "/": "slash",
    "\\": "slash",
    "／": "slash",
    "//": "slash",
    "无": "none",
    "没有": "none",
    "零": "zero",
    "〇": "zero",
    "○": "zero",
    "Ｏ": "zero",
    "空": "none",
}


@dataclass(frozen=True, slots=True)
class ParsedValue:
    """A printed value: its state, number, unit, and a note when it is not plain."""

    state: CellState
    value: int | float | None
    unit: str | None = None
    note: str = ""


# No office counts beyond thousands of millions; longer ones are numbers run together.
_MOST_DIGITS = 15


# A cell is looked at by every step that places it: some seven hundred looks a report at a
# hundred and fifty cells, most of them blank, 0 or /.
@lru_cache(maxsize=4096)
def parse_value(raw: str) -> ParsedValue:
    """Read the text of one cell.

    Parameters
    ----------
    raw : str
        The cell's text; line breaks are those of a narrow cell.

    Returns
    -------
    ParsedValue
        ``unreadable`` for anything that is not wholly a number or one of the known signs.

    Examples
    --------
    >>> parse_value("减4").value, parse_value("240万元"), parse_value("1,136").value
    (-4, ParsedValue(state='number', value=240, unit='万元', note=''), 1136)
    >>> parse_value("/").state, parse_value("").state, parse_value("11 0").state
    ('slash', 'blank', 'unreadable')
    >>> parse_value("１２").value, parse_value("3①").state, parse_value("0310").state
    (12, 'unreadable', 'unreadable')
    """
    lines = [part for part in (p.strip(" \u00a0\u3000\t\r|") for p in raw.split("\n")) if part]
    wrapped = len(lines) > 1
    text = "".join(lines)
    if any(unicodedata.category(char) == "No" for char in text):
        # 3① and 3² are a 3 with a note; NFKC would make them 31 and 32.
        return ParsedValue("unreadable", None, None, f"数旁有注号：{text[:40]}")
    text = unicodedata.normalize("NFKC", text).strip()
    if not text:
        return ParsedValue("blank", None)
    if text in _STATES:
        state = _STATES[text]
        return ParsedValue(state, 0 if state == "zero" else None)
    if _DASHES.fullmatch(text):
        return ParsedValue("dash", None)
    if _GROUPED_BY_SPACE.match(text):
        text = re.sub(r"[ \u00a0]", "", text)
    text = text.replace("，", ",").replace("．", ".")
    match = _NUMBER.fullmatch(text)
    if not match:
        return ParsedValue("unreadable", None, None, f"不是一个数：{text[:40]}")
    digits = match.group("digits").replace(",", "")
    if len(digits) > 1 and digits[0] == "0" and digits[1] != "." and digits.strip("0"):
        # Nobody prints 007: two cells that ran together (0 and 07, 0 and 0 and 7).
        return ParsedValue("unreadable", None, None, f"以 0 起头，可能是两格连在一起：{text[:40]}")
    if len(digits) > _MOST_DIGITS:
        return ParsedValue("unreadable", None, None, f"数字过长：{text[:40]}")
    number: int | float = float(digits) if "." in digits else int(digits)
    if match.group("sign") in _MINUS:
        number = -number
    note = "单元格内折行的数字" if wrapped else ""
    return ParsedValue("number" if number else "zero", number, match.group("unit"), note)


def is_value_text(text: str) -> bool:
    """Tell whether a text can stand in a number cell (a number, blank, slash, dash, 无).

    A number with signs that could not be read (``�``) stands in a number cell too, as one
    that is unreadable.

    Examples
    --------
    >>> is_value_text("12"), is_value_text("1\ufffd"), is_value_text("规章")
    (True, True, False)
    """
    return parse_value(text).state != "unreadable" or bool(_UNREAD_NUMBER.fullmatch(text.strip()))


# 3（含上年2） and the like; a label of the form has more words.
_LONGEST_ODD = 12
_WORDS = re.compile(r"[\u4e00-\u9fff]{4}")


def is_odd_number(text: str) -> bool:
    """Tell whether a text that is no number may stand in a number cell: one with a note.

    Examples
    --------
    >>> is_odd_number("3（含上年2）"), is_odd_number("12 3"), is_odd_number("1.属于国家秘密")
    (True, True, False)
    """
    text = text.strip()
    return (
        0 < len(text) <= _LONGEST_ODD
        and any(char.isdigit() for char in text)
        and not _WORDS.search(text)
        and not is_value_text(text)
    )
