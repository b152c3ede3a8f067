"""Clean a printed line without changing what it says.

Kangxi radicals and compatibility ideographs become the characters they stand for, spaces
beside Chinese characters go, and a report that a mirror site turned into traditional
characters is folded back to simplified ones (length by length, so offsets stay).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

import opencc

# Ranges whose NFKC form is one ordinary ideograph: radicals and compatibility ideographs.
_RADICALS = re.compile("[\u2e80-\u2fdf\uf900-\ufaff]")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad\x00-\x08\x0b\x0e-\x1f]")
_SPACES = re.compile("[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’—…·①-⑳㈠-㈩"
_BESIDE_WIDE = re.compile(rf"(?<=[{_WIDE}]) +| +(?=[{_WIDE}])")
_WIDE_CHAR = re.compile(f"[{_WIDE}]")
_WIDE_RUN = re.compile(f"[{_WIDE}]+")
# Characters that only traditional text has, frequent in these reports.
_TRADITIONAL = re.compile(
    "[開報務辦關機資實證處應對業縣區鎮鄉發佈會員導責財農產權額備覽點長東車馬門問題項標準為與]"
)


@cache
def _converter() -> Any:
    return opencc.OpenCC("t2s")


def is_traditional(text: str) -> bool:
    """Tell whether a text is set in traditional characters.

    Examples
    --------
    >>> is_traditional("政府信息公開工作年度報告"), is_traditional("政府信息公开工作年度报告")
    (True, False)
    """
    wide = sum(1 for char in text if "\u4e00" <= char <= "\u9fff")
    return wide > 0 and len(_TRADITIONAL.findall(text)) >= max(2, 0.04 * wide)


def to_simplified(text: str) -> str:
    """Fold traditional characters back, keeping the length of the text."""
    converter = _converter()
    whole: str = converter.convert(text)
    if len(whole) == len(text):
        return whole
    folded = (converter.convert(char) for char in text)
    return "".join(new if len(new) == 1 else old for old, new in zip(text, folded, strict=True))


def _plain_ideograph(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", match.group())


def clean_line(text: str) -> str:
    """Clean one line of a table: radicals, invisible characters, runs of spaces."""
    text = _RADICALS.sub(_plain_ideograph, text)
    text = _INVISIBLE.sub("", text)
    return _SPACES.sub(" ", text).strip()


def clean_prose(text: str) -> str:
    """Clean one line of prose: as ``clean_line``, and no spaces beside Chinese characters.

    Examples
    --------
    >>> clean_prose("2024 年 1月 1 日至 12月 31日 in total 5 items")
    '2024年1月1日至12月31日in total 5 items'
    """
    return _BESIDE_WIDE.sub("", clean_line(text))


def fold_text(text: str) -> str:
    """Reduce a whole text to letters and digits, as ``fold_label`` does for a label.

    Labels are kept in a cache; whole reports must not be.
    """
    return re.sub(r"[\s\W_]+", "", unicodedata.normalize("NFKC", text))


def is_wide(char: str) -> bool:
    """Tell whether a character is set full width (Chinese characters and punctuation)."""
    return bool(_WIDE_CHAR.match(char))


def display_width(text: str) -> int:
    """Width of a line in half characters, for telling full lines from short ones."""
    return len(text) + sum(map(len, _WIDE_RUN.findall(text)))
