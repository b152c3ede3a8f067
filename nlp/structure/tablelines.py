"""Tell which lines of a plain text belong to a statutory table printed line by line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from nlp.documents import Grid, Line
from nlp.form import fold_label, label_likeness, load_form
from nlp.structure.clean import clean_line
from nlp.structure.headings import looks_like_heading

_TOKEN = re.compile(r"[|\s\t]+")
_NUMBERS = re.compile(r"[\d.,，．+\-−－—–_/／\\%元万亿减无空]+")
_VALUE = re.compile(r"\d[\d.,]*|[/／—无○]")
# Section two has ten numbers in the newer form, section four fifteen.
_MANY_VALUES = 10
_GLUED_DIGITS = re.compile(r"(?<=[\u4e00-\u9fff）)])[\d.]+$")
_OTHER_LABEL = re.compile(r"(?:\d\s*[.、．])?\s*其\s*他[\s|]*")
# Nothing longer comes near a label of the form.
_LONGEST = 60
_STRONG = 4  # characters of a label that cannot be chance
# Wording of the tables that is neither a row nor a column.
_OTHER = (
    "信息内容",
    "申请人情况",
    "法人或其他组织",
    "三、本年度办理结果",
    "本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和",
    "行政复议",
    "行政诉讼",
    "单位：万元",
    "单位：件",
)


@cache
def _labels() -> tuple[str, ...]:
    names: list[str] = list(_OTHER)
    for edition in ("2021", "2019"):
        form = load_form(edition)
        for block in form.blocks:
            names.append(block.clause)
            names.extend(label for column in block.columns for label in column.labels)
            names.extend(label for row in block.rows for label in row.labels)
        for row in form.requests + form.request_alternatives:
            names.append(f"{row.ordinal}{row.label}")
            names.extend(row.labels)
            if row.group:
                names.append(row.group)
        names.extend(label for column in form.applicants for label in column.labels)
        names.extend(form.results)
        names.extend(group.label for group in form.review_groups)
    return tuple(dict.fromkeys(filter(None, map(fold_label, names))))


@cache
def _label_soup() -> str:
    return "\n".join(_labels())


@lru_cache(maxsize=16384)
def _is_near_label(folded: str) -> bool:
    """Tell whether a token of five characters or more is a misprinted label."""
    return 5 <= len(folded) <= _LONGEST and any(
        label_likeness(folded, label) >= 0.7 for label in _labels()
    )


def label_strength(line: str) -> int:
    """How many characters of a line are wording of the form: -1 when some are not.

    Examples
    --------
    >>> label_strength("行政许可 0"), label_strength("0 0 0"), label_strength("现将工作报告如下")
    (4, 0, -1)
    """
    strength = 0
    for token in _TOKEN.split(line):
        folded = fold_label(_GLUED_DIGITS.sub("", token))
        if not folded or _NUMBERS.fullmatch(token):
            continue
        if folded not in _label_soup() and not _is_near_label(folded):
            return -1
        strength = max(strength, len(folded))
    return strength


def find_table_lines(blocks: Sequence[Line | Grid]) -> frozenset[tuple[int, int]]:
    """Find the lines of statutory tables that are printed as lines.

    A run of lines counts as a table when every line is wording of the form or numbers
    (single strays between such lines are let through), at least one is a whole label, and
    there are numbers.

    Returns
    -------
    frozenset of (page, number)
    """
    found: set[tuple[int, int]] = set()
    run: list[tuple[Line, int]] = []
    strays: list[Line] = []

    def close() -> None:
        labelled = len(run) >= 3 and any(strength >= _STRONG for _, strength in run)
        values = sum(len(_VALUE.findall(line.text)) for line, _ in run)
        # A row of pipes has cells, though all of them be empty.
        values += any(line.text.count("|") >= _MANY_VALUES for line, _ in run)
        # Labels may be lost: a long run of nothing but numbers is a table all the same.
        if (labelled and values) or (values >= _MANY_VALUES):
            found.update((line.page, line.number) for line, _ in run)
        run.clear()
        strays.clear()

    for block in blocks:
        if isinstance(block, Grid):
            close()
            continue
        text = clean_line(block.text)
        if not text:
            continue
        strength = label_strength(text)
        # A section heading is no table line, but the rows 一、… 四、… look alike.
        # Inside a table 其他 and 3.其他 are a column and a row.
        inside = bool(run) and _OTHER_LABEL.fullmatch(text) is not None
        if (
            looks_like_heading(text)
            and strength < _STRONG
            and not inside
            and not text[-1:].isdigit()
        ):
            close()
            continue
        if strength >= 0:
            run.extend((line, 0) for line in strays)
            strays.clear()
            run.append((block, strength))
        elif run and len(strays) < 2 and len(text) <= 30 and "。" not in text:
            strays.append(block)
        else:
            close()
    close()
    return frozenset(found)
