"""What a researcher should know about the tables of one report, as findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from nlp.documents import Cell, Finding
from nlp.form import Form, fold_label, load_form, strip_ordinal
from nlp.tables.align import AlignedRow, PrintedRow

_MOST_NUMBERS = 10


@lru_cache(maxsize=4)
def _wording(edition: str) -> tuple[str, ...]:
    form = load_form("2019" if edition == "2019" else "2021")
    requests = form.requests + form.request_alternatives
    names = [f"{row.ordinal}{row.label}" for row in requests]
    names += [label for row in requests for label in row.labels]
    names += [row.group for row in requests]
    names += [label for column in form.applicants for label in column.labels]
    names += ["申请人情况", "法人或其他组织", "三、本年度办理结果"]
    names += ["本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和"]
    return tuple(dict.fromkeys(filter(None, map(fold_label, names))))


def wording(form: Form) -> tuple[str, ...]:
    """Give all wording of table three, folded."""
    return _wording(form.edition)


def describe_tables(cells: Sequence[Cell], names: Mapping[str, str]) -> list[Finding]:
    """Say which tables are missing, wholly or in part."""
    found: list[Finding] = []
    for name in names:
        own = [cell for cell in cells if cell.section == name]
        missing = list(dict.fromkeys(c.row for c in own if c.state == "absent"))
        if not own or not missing:
            continue
        if all(cell.state == "absent" for cell in own):
            found.append(
                Finding(
                    "table_absent",
                    "warning",
                    f"第{name}部分的表格不在文件的文字里（可能是图片或已被删去），"
                    "其单元格记为缺失，不作零",
                )
            )
            continue
        rows = "、".join(missing[:12]) + ("等" if len(missing) > 12 else "")
        page = next((c.page for c in own if c.page is not None), None)
        found.append(
            Finding(
                "table_partial",
                "warning",
                f"第{name}部分的表格缺 {len(missing)} 行（{rows}），其单元格记为缺失，不作零",
                page,
            )
        )
    return found


def describe_rows(printed: Sequence[PrintedRow], aligned: Sequence[AlignedRow]) -> list[Finding]:
    """Say which labels are misprinted, and which rows fit nowhere."""
    return [*_odd_labels(aligned), *_unplaced_rows(printed, aligned)]


def _odd_labels(aligned: Sequence[AlignedRow]) -> list[Finding]:
    found: list[Finding] = []
    for item in aligned:
        folded = fold_label(strip_ordinal(item.label)[1])
        if item.printed is None or not folded or folded in item.row.labels:
            continue
        if any(label.startswith(folded) and len(folded) >= 4 for label in item.row.labels):
            continue  # cut short, as in a narrow cell: nothing is misprinted
        found.append(
            Finding(
                "row_label_differs",
                "info",
                f"表三 {item.row.no} 行的行名印为“{item.label}”，格式规定为“{item.row.label}”",
                item.printed.page,
            )
        )
    return found


def _unplaced_rows(printed: Sequence[PrintedRow], aligned: Sequence[AlignedRow]) -> list[Finding]:
    used = {item.at for item in aligned if item.at >= 0}
    taken = {item.printed.values for item in aligned if item.printed is not None}
    found: list[Finding] = []
    for at, row in enumerate(printed):
        numbers = [v.text.strip() for v in row.values if v.text.strip()]
        if at in used or row.values in taken or not numbers:
            continue
        label = "".join(row.labels)[-30:]
        found.append(
            Finding(
                "row_unknown",
                "warning",
                f"表三有一行对不上格式：行名“{label}”，数值 {'、'.join(numbers[:_MOST_NUMBERS])}",
                row.page,
            )
        )
    return found
