"""The words of a result, unit by unit (sentences or statements), and which units to look at."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Kind = Literal["sentences", "statements"]
_REPORT = ("report_id", "issuer", "year", "level", "kind", "province", "city", "county", "edition")
_OWN: Mapping[str, tuple[str, ...]] = {
    "sentences": ("section", "sentence", "start", "end", "page", "text", "words"),
    "statements": ("statement", "role", "primary", "themes", "start", "end", "page", "text",
                   "words"),
}  # fmt: skip
# Conditions that name a column otherwise than the frames do.
_ALIASES = {"theme": "themes"}
_PLACES = ("province", "city", "county")
_YEARS = re.compile(r"(\d{4})(?:\s*[-—–~至]\s*(\d{4}))?")


@dataclass(frozen=True)
class Units:
    """Units of text with their words; ``rows`` and ``words`` have the same order.

    ``rows`` has the unit's own columns and those of its report (issuer, year, level …).
    """

    kind: Kind
    rows: pd.DataFrame
    words: tuple[tuple[str, ...], ...]

    def keep(self, mask: NDArray[np.bool_]) -> Units:
        """Give the units where the mask is True."""
        return Units(
            self.kind,
            self.rows[mask].reset_index(drop=True),
            tuple(words for words, kept in zip(self.words, mask, strict=True) if kept),
        )


@cache
def is_word(token: str) -> bool:
    """Tell words from marks and bare numbers, which no table of words is about.

    Examples
    --------
    >>> [is_word(token) for token in ("公开", "，", "2023", "5G")]
    [True, False, False, True]
    """
    return any(unicodedata.category(char)[0] == "L" for char in token)


def gather_units(frames: Mapping[str, pd.DataFrame], kind: Kind = "sentences") -> Units:
    """Gather the units of a result with the attributes of their reports.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        ``reports`` and ``sentences`` or ``statements``.
    kind : {'sentences', 'statements'}
        Sentences are those of all narrative sections, statements those of section 五.
    """
    if kind not in _OWN:
        raise ValueError(f"单位应为 sentences 或 statements，实为 {kind!r}")
    own = frames[kind][["report_id", *_OWN[kind]]]
    rows = own.merge(frames["reports"][list(_REPORT)], on="report_id", how="left")
    if kind == "statements":
        rows["section"] = "五"
    rows = rows.reset_index(drop=True)
    words = tuple(tuple(str(text).split()) for text in rows["words"].fillna(""))
    return Units(kind, rows.drop(columns="words"), words)


def filter_units(units: Units, conditions: Sequence[str]) -> Units:
    """Keep the units that meet all conditions.

    Parameters
    ----------
    units : Units
        See `gather_units`.
    conditions : sequence of str
        Each ``column=value``; several values are joined by ``,`` (any of them).  ``year``
        takes ranges (``2019-2021``), ``issuer`` and the place names match in part, ``theme``
        (of statements) any theme of the statement; all others are exact.

    Raises
    ------
    ValueError
        If a condition has no ``=`` or names a column that the units do not have.
    """
    mask = np.ones(len(units.rows), dtype=bool)
    for condition in conditions:
        mask &= match_condition(units, condition)
    return units.keep(mask)


def match_condition(units: Units, condition: str) -> NDArray[np.bool_]:
    """Give a mask of the units that meet one condition (see `filter_units`)."""
    name, equals, wanted = condition.partition("=")
    name = name.strip()
    column = _ALIASES.get(name, name)
    if not equals or not wanted.strip():
        raise ValueError(f"条件应写成 列=值，例如 level=county；实为 {condition!r}")
    if column not in units.rows.columns or column in ("text", "start", "end"):
        usable = sorted({*units.rows.columns, *_ALIASES} - {"text", "start", "end", "report_id"})
        raise ValueError(f"没有可作条件的列 {name}；可用：{'、'.join(usable)}")
    values = [value.strip() for value in wanted.replace("，", ",").split(",") if value.strip()]
    series = units.rows[column]
    if column == "year":
        return _match_years(series, values)
    texts = series.fillna("").astype(str)
    if column == "themes":
        sets = [set(text.split()) for text in texts]
        return np.array([bool(found & set(values)) for found in sets], dtype=bool)
    if column == "issuer" or column in _PLACES:
        return np.array([any(v in text for v in values) for text in texts], dtype=bool)
    return texts.isin(values).to_numpy(dtype=bool)


def _match_years(series: pd.Series[int], values: Sequence[str]) -> NDArray[np.bool_]:
    mask = np.zeros(len(series), dtype=bool)
    years = series.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    for value in values:
        match = _YEARS.fullmatch(value)
        if match is None:
            raise ValueError(f"年度应写成 2021 或 2019-2021，实为 {value!r}")
        first, last = int(match[1]), int(match[2] or match[1])
        mask |= (years >= first) & (years <= last)
    return mask
