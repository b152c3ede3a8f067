"""What a frame and its columns are, and the columns that many frames share."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a frame: English key, type, Chinese label, Chinese meaning."""

    key: str
    kind: str
    label: str
    meaning: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class FrameSpec:
    """A frame: English key, Chinese title, what one row is, and its columns."""

    key: str
    title: str
    row_is: str
    columns: tuple[Column, ...]


def list_columns(table: str) -> tuple[Column, ...]:
    """Read columns from lines of ``key | kind | label | meaning``; ``!`` marks a required one."""
    columns = []
    for line in filter(None, map(str.strip, table.splitlines())):
        key, kind, label, meaning = (part.strip() for part in line.split("|", 3))
        columns.append(Column(key.rstrip("!"), kind, label, meaning, key.endswith("!")))
    return tuple(columns)


REPORT = "report_id! | text | 报告编号 | 文件内容 SHA-256 的前 12 位"
SPAN = """start | integer | 起点 | 在该报告正文（reports.text）中的起始字符位置，从 0 数起
end | integer | 终点 | 结束字符位置（不含）；正文[起点:终点] 即所示文字
page | integer | 页码 | 起点所在页，从 1 数起；网页和纯文本只有第 1 页"""
