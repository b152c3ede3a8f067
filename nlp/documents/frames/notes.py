"""Frames about the reading itself: findings, corrections and skipped files."""

from __future__ import annotations

from nlp.documents.frames.columns import REPORT, SPAN, FrameSpec, list_columns

NOTE_FRAMES = (
    FrameSpec(
        "findings",
        "提示",
        "一行是一份报告里研究者应当知道的一件事",
        list_columns(f"""
{REPORT}
code! | text | 代号 | 提示的英文代号
severity! | text | 程度 | error、warning、info
message! | text | 内容 | 提示内容
{SPAN}
"""),
    ),
    FrameSpec(
        "corrections",
        "更正",
        "一行是研究者写的一条更正，以及它是否用上",
        list_columns("""
line! | integer | 行 | 更正表（CSV）的行号，表头为第 1 行
report! | text | 报告 | 更正表写的报告编号或文件名
report_id | text | 报告编号 | 找到的报告
what! | text | 对象 | cell 单元格、statement 陈述、tag 主题、report 报告
key | text | 键 | 单元格的键；陈述的序号或起止
field | text | 字段 | 更正的是什么
old | text | 原值 | 更正时读出的
new | text | 新值 | 应当是的
who | text | 谁 | 更正的人
when | text | 何时 | 更正的日期
why | text | 为什么 | 更正的理由
status! | text | 状态 | applied 已用、same 现在就是这样、unfit 不再适用、invalid 写得不对
reason | text | 说明 | 没有用上的原因，应为什么、实为什么
before | text | 更正前 | 更正前的值（JSON），用来还原
"""),
    ),
    FrameSpec(
        "skipped",
        "跳过的文件",
        "一行是一个没有读成报告的文件",
        list_columns("""
file! | text | 文件 | 相对于输入文件夹的文件名
code! | text | 代号 | empty、encrypted、damaged、scan、unsupported、not_a_report、too_large、timeout、duplicate
reason! | text | 原因 | 跳过的原因和可以怎么办
sha256 | text | 文件哈希 | 文件全部字节的 SHA-256
"""),
    ),
)
