"""Tables → Stata (.dta) and SPSS (.sav), with variable labels and value labels in Chinese."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from nlp.documents import Column, FrameSpec
from nlp.labels import (
    DOUBTS,
    EDITIONS,
    KINDS,
    LEVELS,
    RESULTS,
    ROLES,
    SEVERITIES,
    STATES,
)
from nlp.render.citation import list_manifest, write_citation

# Columns whose codes become numbers with Chinese value labels, in the order of the codes.
_CODES: Mapping[str, Mapping[str, str]] = {
    "level": LEVELS,
    "kind": KINDS,
    "edition": EDITIONS,
    "role": ROLES,
    "state": STATES,
    "result": RESULTS,
    "doubt": DOUBTS,
    "severity": SEVERITIES,
}
_FLAG: Mapping[int | float, str] = {0: "否", 1: "是"}
_LONGEST_NAME = 32  # characters of a Stata name
_LONGEST_LABEL = 80  # characters of a Stata label
_LONGEST_TEXT = 2045  # bytes of a Stata text; longer ones are strL
_LONGEST_SPSS_TEXT = 32_767  # bytes
_NOTE_BYTES = 80  # of one line of an SPSS file's notes
_MOST_NOTES = 300  # entries of the manifest; all of them are in the table about
_CUT = "……〔已截短，全文见 Parquet 表〕"
_CREATED = datetime(2000, 1, 1)  # a fixed date keeps the bytes the same for the same input
# Words that Stata or SPSS keep for themselves.
_RESERVED = frozenset(
    "_all _b _coef _cons _n _pi _pred _rc _se _skip aggregate all and array boolean break by"
    " byte case catch class colvector complex const continue default delegate delete do double"
    " else eltypedef end enum eq explicit export external float for friend function ge global"
    " goto gt if in inline int le local long lt ne not null or pragma protected quad rowvector"
    " short strl to typedef typename using virtual with".split()
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A table as statistics programs take it.

    ``data`` has floats and texts only; a missing number is NaN, a missing text empty.
    ``names`` gives the name of each column's key; ``values`` the value labels by name.
    """

    data: pd.DataFrame
    names: Mapping[str, str]
    labels: Mapping[str, str]
    values: Mapping[str, Mapping[int | float, str]]


def list_codes(key: str) -> dict[str, int]:
    """Give the numbers that stand for the codes of a column in Stata and SPSS files.

    Examples
    --------
    >>> list_codes("role"), list_codes("title")
    ({'problem': 1, 'measure': 2}, {})
    """
    return {code: n for n, code in enumerate(_CODES.get(key, ()), 1)}


def make_names(keys: list[str]) -> dict[str, str]:
    """Give each key a name of letters, digits and _, at most 32 long, no two alike.

    Examples
    --------
    >>> list(make_names(["year", "占比", "if", "x" * 40, "x" * 41]).values())[:3]
    ['year', 'v2', 'if_']
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for number, key in enumerate(keys, 1):
        name = re.sub(r"[^A-Za-z0-9_]", "_", key)
        if not re.match(r"[A-Za-z]", name):
            name = f"v{number}"
        if name.lower() in _RESERVED or re.fullmatch(r"str\d+", name):
            name += "_"
        name = name[:_LONGEST_NAME]
        count = 1
        while name.lower() in taken:
            count += 1
            tail = f"_{count}"
            name = name[: _LONGEST_NAME - len(tail)].rstrip("_") + tail
        taken.add(name.lower())
        names[key] = name
    return names


def prepare(spec: FrameSpec, frame: pd.DataFrame) -> Prepared:
    """Turn a table into floats and texts, with names and labels."""
    names = make_names([c.key for c in spec.columns])
    data: dict[str, pd.Series] = {}
    values: dict[str, Mapping[int | float, str]] = {}
    for column in spec.columns:
        name, series = names[column.key], frame[column.key]
        codes = list_codes(column.key) if column.kind == "text" else {}
        if codes and set(series.dropna()) <= set(codes):
            series = series.map(codes)
            words = _CODES[column.key]
            values[name] = {n: words[code] for code, n in codes.items()}
        elif column.kind == "flag":
            values[name] = _FLAG
        elif column.kind == "text":
            texts = [("" if t is None or pd.isna(t) else _clean(str(t))) for t in series]
            data[name] = pd.Series(texts, dtype=object)
            continue
        data[name] = pd.Series(
            series.astype("Float64").to_numpy(dtype=float, na_value=float("nan")), dtype=float
        )
    labels = {names[c.key]: _label(c) for c in spec.columns}
    return Prepared(pd.DataFrame(data), names, labels, values)


def _clean(text: str) -> str:
    # A NUL ends a text in both formats; a lone surrogate cannot be written.
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def _label(column: Column) -> str:
    return _clean(column.label)[:_LONGEST_LABEL]


def cite_shortly(manifest: Mapping[str, Any]) -> str:
    """Give the citation in at most 80 characters, as a data set's label.

    Examples
    --------
    >>> len(cite_shortly({"version": "0.1.0", "counts": {"reports": 123456}})) <= 80
    True
    """
    whole = write_citation(manifest)
    if len(whole) <= _LONGEST_LABEL:
        return whole
    short = whole.replace("政府信息公开工作年度报告提取结果 [数据]. ", "年报提取结果. ")
    return short[:_LONGEST_LABEL]


def write_stata(
    spec: FrameSpec, frame: pd.DataFrame, manifest: Mapping[str, Any], path: Path
) -> None:
    """Write a Stata file of version 118 (Stata 14 and later, UTF-8).

    Codes and flags are numbers with Chinese value labels; the data set's label is how to
    cite the result.  Missing texts are empty, as Stata has no missing texts.
    """
    ready = prepare(spec, frame)
    long = [
        name
        for name, column in ready.data.items()
        if column.dtype == object and column.map(lambda t: len(t.encode())).max() > _LONGEST_TEXT
    ]
    ready.data.to_stata(
        path,
        write_index=False,
        version=118,
        variable_labels=dict(ready.labels),
        value_labels={name: {**words} for name, words in ready.values.items()},
        data_label=cite_shortly(manifest),
        convert_strl=long,
        time_stamp=_CREATED,
    )


def write_spss(
    spec: FrameSpec, frame: pd.DataFrame, manifest: Mapping[str, Any], path: Path
) -> None:
    """Write an SPSS file, the citation and the manifest in its notes.

    Raises
    ------
    ImportError
        If pyreadstat is not installed.
    """
    try:
        import pyreadstat
    except ImportError as error:
        raise ImportError('写 SPSS 文件需要 pyreadstat：pip install "nianbao[spss]"') from error
    ready = prepare(spec, frame)
    data = ready.data.copy()
    for name, column in data.items():
        if column.dtype == object:
            data[name] = column.map(_cut)
    entries = [f"{item}：{content}" for item, content in list_manifest(manifest)]
    if len(entries) > _MOST_NOTES:
        entries = [*entries[:_MOST_NOTES], "其余见 about.sav"]
    notes = [part for line in (write_citation(manifest), *entries) for part in _wrap(line)]
    pyreadstat.write_sav(
        data,
        str(path),
        file_label="nianbao",
        column_labels=[ready.labels[name] for name in data.columns],
        variable_value_labels={name: {**words} for name, words in ready.values.items()},
        note=notes,
        compress=False,
        row_compress=True,
    )
    _fix_date(path)


def _wrap(text: str) -> list[str]:
    """Cut a text into lines of at most 80 bytes, never inside a character."""
    lines, line = [], ""
    for char in _clean(text):
        if len((line + char).encode()) > _NOTE_BYTES:
            lines.append(line)
            line = ""
        line += char
    return [*lines, line]


def _cut(text: str) -> str:
    data = text.encode()
    if len(data) <= _LONGEST_SPSS_TEXT:
        return text
    room = _LONGEST_SPSS_TEXT - len(_CUT.encode())
    return data[:room].decode("utf-8", "ignore") + _CUT


def _fix_date(path: Path) -> None:
    """Put a fixed date and time into the header: bytes 92 to 108 of a .sav file."""
    with path.open("r+b") as file:
        file.seek(92)
        file.write(b"01 Jan 70" + b"00:00:00")
