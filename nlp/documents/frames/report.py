"""Frames of what single reports say: text, tables, checks, statements and indicators."""

from __future__ import annotations

from nlp.documents.frames.columns import REPORT, SPAN, FrameSpec, list_columns

REPORT_FRAMES = (
    FrameSpec(
        "reports",
        "报告",
        "一行是一份报告",
        list_columns(f"""
{REPORT}
file! | text | 文件 | 相对于输入文件夹的文件名
copies | text | 相同文件 | 内容完全相同的其他文件名，以 | 分隔
sha256! | text | 文件哈希 | 文件全部字节的 SHA-256
file_kind! | text | 文件类型 | pdf、html、docx、text、markdown、image
reader! | text | 读取器 | 读取该文件的程序库与版本
pages | integer | 页数 | 文件页数
title | text | 标题 | 报告标题
issuer | text | 发布机关 | 报告自己写明的机关全称；写不全的不补
year | integer | 年度 | 报告所述年度
year_conflict | flag | 年度矛盾 | 标题、引言、统计期限等处所写年度不一致
period_start | text | 统计起日 | 统计期限起日（年-月-日）
period_end | text | 统计止日 | 统计期限止日
level | text | 层级 | national 国家、province 省级、city 地市级、county 县级、township 乡级；看不出则空
kind | text | 机关类别 | government 政府、department 部门、other 其他
region_code | text | 区划代码 | 六位或九位行政区划代码；不能确定则空
province | text | 省 | 省级名称
city | text | 市 | 地级名称
county | text | 县 | 县级名称
township | text | 乡镇 | 乡级名称
edition | text | 格式版本 | 2021（国办公开办函〔2021〕30号）、2019（〔2019〕60号）、narrative（2008—2018 叙述体）
edition_evidence | text | 版本依据 | 据以判断格式版本的文字
characters | integer | 字数 | 正文字符数
sections_found | integer | 找到的部分 | 六个部分中找到几个
cells_read | integer | 已读单元格 | 表格中读出且无疑问的单元格数
cells_doubtful | integer | 存疑单元格 | 状态为 unreadable 的单元格数
cells_absent | integer | 缺失单元格 | 文件里没有的单元格数
checks_passed | integer | 勾稽通过 | 通过的检查数
checks_failed | integer | 勾稽不符 | 不符的检查数
checks_failed_theirs | integer | 原文不符 | 不符且单元格读取无疑问（原文如此）的检查数
problems | integer | 问题数 | 第五部分陈述的问题数
measures | integer | 措施数 | 第五部分陈述的改进措施数
findings | integer | 提示数 | 该报告的提示条数
text | text | 正文 | 清洗后的全文，其他各表的起止位置都指向它
"""),
    ),
    FrameSpec(
        "sections",
        "部分",
        "一行是一份报告的一个部分",
        list_columns(f"""
{REPORT}
section! | text | 部分 | 一 至 六
title | text | 标题 | 原文标题
{SPAN}
body_start | integer | 正文起点 | 标题之后第一个字符的位置
characters | integer | 字数 | 标题之后的字符数
text | text | 文字 | 标题之后的文字
"""),
    ),
    FrameSpec(
        "sentences",
        "句子",
        "一行是叙述部分的一句话",
        list_columns(f"""
{REPORT}
section | text | 部分 | 一 至 六；引言为空
sentence! | integer | 句序 | 在该报告中的顺序，从 1 数起
{SPAN}
text! | text | 文字 | 句子原文
words | text | 分词 | jieba 分词，以空格分隔
word_count | integer | 词数 | 词的个数（不计标点）
"""),
    ),
    FrameSpec(
        "cells",
        "单元格",
        "一行是一份报告法定表格里的一个数",
        list_columns(f"""
{REPORT}
key! | text | 键 | 部分|行|列，如 3|3.4.1|自然人
section! | text | 部分 | 二、三、四
row! | text | 行号 | 表内行号，如 3.4.1
row_label | text | 行名 | 表格规定的行名
column! | text | 列名 | 表格规定的列名
raw | text | 原文 | 单元格里印的字
value | number | 数值 | 读出的数；不能确定则空
unit | text | 单位 | 单元格里写明的单位
state! | text | 状态 | number 数、zero 零、blank 空白、slash 斜线、dash 横线、none 写“无”、absent 文件里没有、unreadable 存疑
page | integer | 页码 | 所在页
x0 | number | 左 | 单元格左边，PDF 点
top | number | 上 | 单元格上边，PDF 点
x1 | number | 右 | 单元格右边，PDF 点
bottom | number | 下 | 单元格下边，PDF 点
line | integer | 行数 | 纯文本里所在的行
candidates | text | 备选 | 存疑时可能属于这里的文字，以 | 分隔
note | text | 说明 | 读取时的说明
"""),
    ),
    FrameSpec(
        "checks",
        "勾稽检查",
        "一行是一条规则对一份报告某行、某列或两个年度的一次检查",
        list_columns(f"""
{REPORT}
check_id! | text | 检查号 | 规则的编号
name! | text | 规则 | 规则的名称
subject | text | 对象 | 检查的列、行或年度
formula | text | 公式 | 规则的公式
left | number | 左边 | 公式左边算出的数
right | number | 右边 | 公式右边的数
result! | text | 结果 | pass 通过、fail 不符、not_assessable 无法判断
doubt | text | 疑在 | 不符时：theirs 原文如此，ours 读取存疑
severity | text | 程度 | error、warning、info
reason | text | 说明 | 无法判断或不符的说明
cells | text | 单元格 | 用到的单元格键，以空格分隔
page | integer | 页码 | 有关单元格所在页
source | text | 依据 | 规则的出处
"""),
    ),
    FrameSpec(
        "statements",
        "问题与措施",
        "一行是第五部分的一条问题或改进措施",
        list_columns(f"""
{REPORT}
statement! | integer | 序号 | 在该报告中的顺序，从 1 数起
role! | text | 角色 | problem 问题、measure 措施
{SPAN}
text! | text | 文字 | 原文
primary | text | 主题 | 主要主题的编号
themes | text | 全部主题 | 以空格分隔的主题编号
abstain | flag | 存疑 | 分类器把握不足，请人工核对
answers | text | 对应 | 措施所回应的问题序号，或问题得到回应的措施序号，以空格分隔
words | text | 分词 | jieba 分词，以空格分隔
"""),
    ),
    FrameSpec(
        "themes",
        "主题",
        "一行是一条陈述与一个主题",
        list_columns(f"""
{REPORT}
statement! | integer | 序号 | 对应 statements 的序号
theme! | text | 主题 | 主题编号
label | text | 主题名 | 主题中文名
probability | number | 概率 | 校准后的概率
assigned! | flag | 认定 | 是否达到该主题的阈值
primary! | flag | 为主 | 是否主要主题
evidence | text | 依据的词 | 分类器认定这个主题时凭的词，分量大的在前，以“；”隔开；未认定的、人给的主题没有
"""),
    ),
    FrameSpec(
        "indicators",
        "指标",
        "一行是一份报告的一个指标",
        list_columns(f"""
{REPORT}
indicator! | text | 指标号 | 指标编号
name! | text | 指标 | 指标名称
group | text | 类别 | demand、outcome、reasons、flow、disputes、table2、compliance、narrative
formula | text | 公式 | 计算公式
value | number | 值 | 分母为零或缺数时为空，不作 0 或 100%
numerator | number | 分子 | 分子
denominator | number | 分母 | 分母
low | number | 下限 | Wilson 95% 区间下限
high | number | 上限 | Wilson 95% 区间上限
small | flag | 小分母 | 分母小于 30
reason | text | 说明 | 无值的原因
"""),
    ),
)
