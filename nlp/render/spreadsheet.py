"""Text that is safe to put into a spreadsheet cell.

Reports are written by others.  A cell that begins with ``=``, ``+``, ``-``, ``@``, a tab
or a carriage return is run as a formula by spreadsheet programs when a CSV is opened, and
again when a workbook is saved as CSV.
"""

from __future__ import annotations

import re

MAX_CHARACTERS = 32_767  # of one Excel cell
CLIPPED = "……〔本格超过 Excel 的 32767 字上限，已截短；全文见同名 Parquet 表〕"
_LEADING = ("=", "+", "-", "@", "\t", "\r")
# Full-width forms that Excel for East Asian languages also takes for a formula sign.
_LEADING_WIDE = ("＝", "＋", "－", "＠")
_HARMLESS = re.compile(r"[-+]?[\d.,%]*")
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def starts_formula(text: str) -> bool:
    """Tell whether a spreadsheet may take a text for a formula.

    Examples
    --------
    >>> starts_formula("=1+1"), starts_formula("减4")
    (True, False)
    """
    return text.startswith(_LEADING + _LEADING_WIDE)


def is_plain_number(text: str) -> bool:
    """Tell whether a text is only a sign and digits, which no spreadsheet can run.

    Examples
    --------
    >>> is_plain_number("-417"), is_plain_number("-"), is_plain_number("-1+1")
    (True, True, False)
    """
    return _HARMLESS.fullmatch(text) is not None


def neutralise(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet may take for a formula.

    Examples
    --------
    >>> neutralise("=HYPERLINK(1)"), neutralise("无")
    ("'=HYPERLINK(1)", '无')
    """
    return "'" + text if starts_formula(text) else text


def strip_forbidden(text: str) -> str:
    """Replace characters that XML cannot hold by U+FFFD."""
    return _FORBIDDEN.sub("\ufffd", text)


def clip(text: str) -> str:
    """Shorten a text to what one Excel cell holds, and say so at its end."""
    if 2 * len(text) <= MAX_CHARACTERS or len(text.encode("utf-16-le")) // 2 <= MAX_CHARACTERS:
        return text
    # Excel counts UTF-16 units, so a rare character counts twice.
    kept = text.encode("utf-16-le")[: 2 * (MAX_CHARACTERS - len(CLIPPED))]
    return kept.decode("utf-16-le", "ignore") + CLIPPED
