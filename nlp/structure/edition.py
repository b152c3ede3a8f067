"""Judge the edition of the form: column labels first, clauses second, headings third, year last."""

from __future__ import annotations

from collections.abc import Sequence

from nlp.documents import Edition
from nlp.form import fold_label
from nlp.structure.clean import fold_text

# Wording that only the tables of one edition print.
_LABELS: dict[Edition, tuple[str, ...]] = {
    "2021": ("本年制发件数", "本年废止件数", "现行有效件数", "本年收费金额"),
    "2019": (
        "本年新制作数量",
        "本年新公开数量",
        "对外公开总数量",
        "上一年项目数量",
        "采购项目数量",
    ),
}
# Wording of the tables that prose may hold as well: it supports, but does not decide.
_WEAK: dict[Edition, tuple[str, ...]] = {
    "2021": ("行政机关不再处理其政府信息公开申请", "本年处理决定数量"),
    "2019": ("本年增减", "采购总金额", "规范性文件本年新制作"),
}
# Only the forms call section three so; the other five headings are older than the forms.
_FORM_HEADINGS = ("收到和处理政府信息公开申请", "收到和处理信息公开申请")
_FORM_FIVE = "存在的主要问题及改进情况"
_NAMES: dict[Edition, str] = {"2021": "2021 年版", "2019": "2019 年版", "narrative": "叙述体"}


def _usual_edition(year: int) -> Edition:
    return "narrative" if year <= 2018 else ("2019" if year <= 2020 else "2021")


def _judge_by_labels(folded: str) -> tuple[Edition | None, str, str | None]:
    strong = {e: [x for x in labels if x in folded] for e, labels in _LABELS.items()}
    weak = {e: [x for x in labels if x in folded] for e, labels in _WEAK.items()}
    new, old = strong["2021"], strong["2019"]
    if not new and not old:
        for edition in ("2021", "2019"):
            if len(weak[edition]) >= 2:
                return edition, "栏目：" + "、".join(weak[edition]), None
        if "第二十条第九项" in folded:
            return "2019", "条款：第二十条第（九）项", None
        return None, "", None
    if len(new) == len(old):
        chosen: Edition = "2021" if len(weak["2021"]) >= len(weak["2019"]) else "2019"
    else:
        chosen = "2021" if len(new) > len(old) else "2019"
    other = old if chosen == "2021" else new
    conflict = f"同时出现另一版本的栏目：{'、'.join(other)}" if other else None
    return chosen, "栏目：" + "、".join(strong[chosen]), conflict


def judge_edition(
    text: str, headings: Sequence[str], year: int | None
) -> tuple[Edition | None, str, str | None]:
    """Judge the edition of a report.

    Parameters
    ----------
    text : str
        The report's text, tables included.
    headings : sequence of str
        Titles of the prescribed sections found.
    year : int or None
        The report's year.

    Returns
    -------
    edition, evidence, conflict
        ``evidence`` is Chinese wording of what decided; ``conflict`` says in Chinese how the
        year or other signs contradict it, or is None.

    Examples
    --------
    >>> judge_edition("本年新制作数量 本年新公开数量", ["一、总体情况"], 2022)[0]
    '2019'
    >>> judge_edition("", ["一、概述", "二、主动公开政府信息的情况"], 2012)[0]
    'narrative'
    """
    edition, evidence, conflict = _judge_by_labels(fold_text(text))
    titles = [fold_label(title) for title in headings]
    if edition is None:
        if any(mark in title for title in titles for mark in _FORM_HEADINGS):
            # Both forms have the same six headings; only here does the year decide.
            edition = "2019" if year is not None and year <= 2020 else "2021"
            evidence = f"标题为六部分格式，按年度 {year or '不明'} 判为 {edition} 版"
        elif len(titles) >= 3:
            edition, evidence = "narrative", "标题：" + "、".join(headings[:4])
        elif year is not None:
            edition = _usual_edition(year)
            evidence = f"仅按年度 {year} 判断"
        elif titles and not any(_FORM_FIVE in title for title in titles):
            edition, evidence = "narrative", "标题：" + "、".join(headings[:4])
    if edition and year and conflict is None and _usual_edition(year) != edition:
        conflict = f"{year} 年度通常用{_NAMES[_usual_edition(year)]}，本报告是{_NAMES[edition]}"
    return edition, evidence, conflict
