"""Judge the edition of the form: column labels first, clauses second, headings third, year last."""

from __future__ import annotations

from collections.abc import Sequence

from nlp.documents import Edition
from nlp.form import fold_label

# Wording that only one edition prints, in the order of trust.
_LABELS: dict[Edition, tuple[str, ...]] = {
    "2021": ("本年制发件数", "本年废止件数", "现行有效件数", "本年收费金额", "逾期不补正"),
    "2019": (
        "本年新制作数量",
        "本年新公开数量",
        "对外公开总数量",
        "上一年项目数量",
        "本年增减",
        "采购项目数量",
        "采购总金额",
    ),
}
# Only the forms call section three so; the other five headings are older than the forms.
_FORM_HEADINGS = ("收到和处理政府信息公开申请", "收到和处理信息公开申请")


def judge_edition(
    text: str, headings: Sequence[str], year: int | None
) -> tuple[Edition | None, str, str | None]:
    """Judge the edition of a report.

    Parameters
    ----------
    text : str
        The report's text, tables included.
    headings : sequence of str
        Titles of the sections found.
    year : int or None
        The report's year.

    Returns
    -------
    edition, evidence, conflict
        ``evidence`` is Chinese wording of what decided; ``conflict`` says in Chinese how the
        year or other signs contradict it, or is None.
    """
    folded = fold_label(text)
    seen: dict[Edition, list[str]] = {
        edition: [label for label in labels if label in folded]
        for edition, labels in _LABELS.items()
    }
    edition: Edition | None = None
    evidence = ""
    conflict: str | None = None
    new, old = seen["2021"], seen["2019"]
    if new or old:
        edition = "2021" if len(new) >= len(old) else "2019"
        evidence = "栏目：" + "、".join(seen[edition])
        other = old if edition == "2021" else new
        if other:
            conflict = f"同时出现另一版本的栏目：{'、'.join(other)}"
    elif "第二十条第九项" in folded:
        edition, evidence = "2019", "条款：第二十条第（九）项"
    elif any(mark in fold_label(" ".join(headings)) for mark in _FORM_HEADINGS):
        # Both forms have the same six headings; only here does the year decide.
        edition = "2019" if year is not None and year <= 2020 else "2021"
        evidence = f"标题为六部分格式，按年度 {year or '不明'} 判为 {edition} 版"
    elif headings:
        edition, evidence = "narrative", "标题：" + "、".join(headings[:4])
    elif year is not None:
        edition = "narrative" if year <= 2018 else ("2019" if year <= 2020 else "2021")
        evidence = f"仅按年度 {year} 判断"
    if edition and year and conflict is None:
        expected: Edition = "narrative" if year <= 2018 else ("2019" if year <= 2020 else "2021")
        if expected != edition:
            names = {"2021": "2021 年版", "2019": "2019 年版", "narrative": "叙述体"}
            conflict = f"{year} 年度通常用{names[expected]}，本报告是{names[edition]}"
    return edition, evidence, conflict
