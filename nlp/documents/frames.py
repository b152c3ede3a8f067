"""The tidy frames: every column listed once, with its type, Chinese label and meaning.

``empty_frame`` and ``check_frame`` hold every producer to this list; the workbook's
字段说明 sheet and the docs are written from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd
import pandera.pandas as pa

_DTYPES = {
    "text": "string",
    "integer": "Int64",
    "number": "Float64",
    "flag": "boolean",
}


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


def _columns(table: str) -> tuple[Column, ...]:
    columns = []
    for line in filter(None, map(str.strip, table.splitlines())):
        key, kind, label, meaning = (part.strip() for part in line.split("|", 3))
        columns.append(Column(key.rstrip("!"), kind, label, meaning, key.endswith("!")))
    return tuple(columns)


_REPORT = "report_id! | text | 报告编号 | 文件内容 SHA-256 的前 12 位"
_SPAN = """start | integer | 起点 | 在该报告正文（reports.text）中的起始字符位置，从 0 数起
end | integer | 终点 | 结束字符位置（不含）；正文[起点:终点] 即所示文字
page | integer | 页码 | 起点所在页，从 1 数起；网页和纯文本只有第 1 页"""

# Frames of all reports compared with each other: made by ``nianbao reuse report``, not by a
# build, so that a result without them never looks like one in which nothing was found.
REUSE_FRAMES = (
    *("reuse_shares", "reuse_years", "dyads", "families", "passages", "family_slots"),
    *("issuer_links", "residue", "formula_cuts"),
)

FRAMES: Mapping[str, FrameSpec] = {
    spec.key: spec
    for spec in (
        FrameSpec(
            "reports",
            "报告",
            "一行是一份报告",
            _columns(f"""
{_REPORT}
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
level | text | 层级 | national、province、city、county、township；看不出则空
kind | text | 机关类别 | government、department、other
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
            _columns(f"""
{_REPORT}
section! | text | 部分 | 一 至 六
title | text | 标题 | 原文标题
{_SPAN}
body_start | integer | 正文起点 | 标题之后第一个字符的位置
characters | integer | 字数 | 标题之后的字符数
text | text | 文字 | 标题之后的文字
"""),
        ),
        FrameSpec(
            "sentences",
            "句子",
            "一行是叙述部分的一句话",
            _columns(f"""
{_REPORT}
section | text | 部分 | 一 至 六；引言为空
sentence! | integer | 句序 | 在该报告中的顺序，从 1 数起
{_SPAN}
text! | text | 文字 | 句子原文
words | text | 分词 | jieba 分词，以空格分隔
word_count | integer | 词数 | 词的个数（不计标点）
"""),
        ),
        FrameSpec(
            "cells",
            "单元格",
            "一行是一份报告法定表格里的一个数",
            _columns(f"""
{_REPORT}
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
            _columns(f"""
{_REPORT}
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
            _columns(f"""
{_REPORT}
statement! | integer | 序号 | 在该报告中的顺序，从 1 数起
role! | text | 角色 | problem 问题、measure 措施
{_SPAN}
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
            _columns(f"""
{_REPORT}
statement! | integer | 序号 | 对应 statements 的序号
theme! | text | 主题 | 主题编号
label | text | 主题名 | 主题中文名
probability | number | 概率 | 校准后的概率
assigned! | flag | 认定 | 是否达到该主题的阈值
primary! | flag | 为主 | 是否主要主题
"""),
        ),
        FrameSpec(
            "indicators",
            "指标",
            "一行是一份报告的一个指标",
            _columns(f"""
{_REPORT}
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
        FrameSpec(
            "claims",
            "正文数字",
            "一行是正文里说出的一个数",
            _columns(f"""
{_REPORT}
claim! | integer | 序号 | 在该报告中的顺序，从 1 数起
section | text | 部分 | 一 至 六；引言为空
{_SPAN}
text! | text | 原文 | 写数的文字，连同单位和“余”“近”等字
value! | number | 数值 | 换算后的数（万、亿已乘开，万元换成元，“无”“未发生”为 0）；区间取下端
high | number | 上端 | 区间的上端，不是区间则空
bound! | text | 确切程度 | exact 确数、about 约数、over 不止此数、under 不到此数、range 区间
form! | text | 写法 | digits 数字、chinese 汉字、words 用话说的零或一半
kind! | text | 种类 | count 数量、amount 金额、share 占比、points 百分点、ratio 倍数、duration 时长
unit | text | 单位 | 量词或单位；没有写则空
object | text | 数的是什么 | 所计数的事物，取自原文
action | text | 动作 | 发布、受理、办结等
channel | text | 渠道 | 政府网站、公众号等，取自原文
topic! | text | 事项 | 所说事项的编号（如 requests_new），认不出为 other
subject | text | 谁的 | 原文中指明范围的字，如 全市、区政府办、我局
scope! | text | 范围 | whole 整个地区或系统、office 办公室或本级、own 本机关、other 别的机关、unstated 未写
time! | text | 时间 | year 本年、cumulative 累计或截至、earlier 以前、rate 日均月均、change 与上年相比
year | integer | 所指年度 | 该数所属年度；看不出则为报告年度
status! | text | 性质 | reported 已有的事、planned 打算、rule 规定的期限或次数
part_of | integer | 属于 | “其中”所拆分的那个数的序号
relation! | text | 与表格 | agree 相符、differ 不符、scope 范围不同、not_comparable 不能比较、none 不涉及表格
cells | text | 单元格 | 所说的单元格键，以 + 相加
cell_value | number | 表中数 | 这些单元格之和
reason | text | 说明 | 与表格比较的说明
"""),
        ),
        FrameSpec(
            "claim_checks",
            "正文数字核算",
            "一行是对正文里几个数的一次核算",
            _columns(f"""
{_REPORT}
check! | text | 核算 | sum 分项相加、shares 占比相加、rate 比率重算、growth 与上年相比
result! | text | 结果 | pass 相符、fail 不符、not_assessable 无法判断
claims! | text | 数字序号 | 用到的 claims 序号，以空格分隔；上一年报告的写作 上年:序号
left | number | 算出 | 由分项或两数算出的数
right | number | 写明 | 正文写明的数
{_SPAN}
reason | text | 说明 | 怎样核算，差在哪里
"""),
        ),
        FrameSpec(
            "follow",
            "问题的下文",
            "一行是两条文字之间的一个联系",
            _columns("""
link! | text | 联系 | answer 问题与本报告的措施、restated 问题与下一年的问题、done 措施与下一年的总体情况
issuer | text | 发布机关 | 报告自己写明的机关
report_id! | text | 报告编号 | 起点所在报告
year | integer | 年度 | 起点所在年度
statement! | integer | 序号 | 起点在 statements 中的序号
text! | text | 文字 | 起点原文
to_report_id! | text | 对方报告 | 终点所在报告
to_year | integer | 对方年度 | 终点所在年度
to_statement | integer | 对方序号 | 终点在 statements 中的序号；总体情况的句子则空
start! | integer | 起点 | 终点文字在其报告正文中的起始位置
end! | integer | 终点 | 终点文字的结束位置（不含）
to_text! | text | 对方文字 | 终点原文
score! | number | 把握 | 0 至 1，越高越可能说的是同一件事
wording! | number | 字面相同 | 两条文字相同的字所占比例，0 至 1
state! | text | 情况 | answer：explicit 原文并写、likeness 据内容；restated：same 照抄、reworded 改写、theme 同题；done：reported 说已做、mentioned 提到
"""),
        ),
        FrameSpec(
            "threads",
            "历年脉络",
            "一行是一个机关一条脉络上的一步",
            _columns("""
issuer! | text | 发布机关 | 报告自己写明的机关
thread! | integer | 脉络 | 同一机关内的编号：同一个问题历年的说法、措施和下文
step! | integer | 步 | 在脉络中的顺序
year! | integer | 年度 | 该步所在年度
role! | text | 角色 | problem 问题、measure 措施、report 总体情况
report_id! | text | 报告编号 | 该步所在报告
statement | integer | 序号 | 在 statements 中的序号；总体情况的句子则空
start! | integer | 起点 | 在该报告正文中的起始位置
end! | integer | 终点 | 结束位置（不含）
text! | text | 文字 | 原文
score | number | 把握 | 与前一步的联系；第一步为空
years! | integer | 提出年数 | 该脉络的问题在几个年度提出过
"""),
        ),
        FrameSpec(
            "reuse_shares",
            "文字构成",
            "一行是一份报告叙述文字的构成；五类之和为 1",
            _columns(f"""
{_REPORT}
issuer | text | 发布机关 | 报告的发布机关
year | integer | 年度 | 报告所述年度
characters! | integer | 计入字数 | 叙述部分的字数；标题、小标题、表格、标点、空白不计，一个日期或数算一字
free! | integer | 自由字数 | 计入字数减去规定用语和套话
mandated | number | 规定用语 | 格式或法规要求人人都写的文字所占比例
formula | number | 套话率 | 通行套语，和本批报告里许多互不相干的句子都有的短语所占比例
own | number | 自我沿用率 | 自由文字中见于本机关更早年度报告的，占计入字数的比例
peer | number | 同行雷同率 | 其余自由文字中见于其他机关报告的，占计入字数的比例；不分先后
new | number | 新写率 | 以上都不是的文字所占比例；“新”只是说在这批报告里没有见到相同的
peer_any | number | 雷同（含沿用） | 见于其他机关报告的自由文字占计入字数的比例，不论是否也是沿用自己的
own_report | text | 沿用自 | 本机关最近的更早年度报告的编号
peer_reports | integer | 雷同报告数 | 与之有共同自由文字的其他机关报告数
closest_report | text | 最相近报告 | 其他机关报告中共同文字最多的一份
closest_issuer | text | 最相近机关 | 该报告的发布机关
closest_share | number | 最相近份额 | 与该报告共同的自由文字占本报告自由字数的比例
residue | integer | 残留数 | 异名残留和未填空白的处数，见 residue 表
reason | text | 说明 | 比例为空或须慎用的原因
"""),
        ),
        FrameSpec(
            "reuse_years",
            "各年之间",
            "一行是同一机关两个年度的报告；只回答“自己抄自己多少”",
            _columns("""
issuer! | text | 发布机关 | 两份报告的发布机关
report_a! | text | 前一份 | 较早年度的报告编号
report_b! | text | 后一份 | 较晚年度的报告编号
year_a! | integer | 前一年度 | 较早的年度
year_b! | integer | 后一年度 | 较晚的年度
year_gap! | integer | 年距 | 后一年度减前一年度
nearest! | flag | 相邻 | 前一份是不是这批报告里最近的更早年度
free_a! | integer | 前份自由字数 | 前一份的自由字数
free_b! | integer | 后份自由字数 | 后一份的自由字数
shared_a! | integer | 前份共同字数 | 前一份里也见于后一份的自由字数
shared_b! | integer | 后份共同字数 | 后一份里也见于前一份的自由字数
share_a | number | 前份共同份额 | 前份共同字数 ÷ 前份自由字数
share_b | number | 后份共同份额 | 后份共同字数 ÷ 后份自由字数
passages! | integer | 段数 | 对得上的段落数
longest! | integer | 最长 | 最长一段的自由字数
cosine | number | 余弦 | 相邻两字频数向量的余弦；名称、日期、数字已掩去
jaccard | number | Jaccard | 相邻两字集合的交 ÷ 并
edit | number | 编辑相似 | 1 − 增删字数 ÷ 两份字数之和
simple | number | 逐句相似 | 逐小句比对后没有变动的字数占比
modification | number | 修改度 | 1 − 余弦
"""),
        ),
        FrameSpec(
            "dyads",
            "机关之间",
            "一行是不同机关的两份报告（较早的在前），可直接用于二元组回归",
            _columns("""
report_a! | text | 报告甲 | 年度较早（同年则编号在前）的报告编号
report_b! | text | 报告乙 | 另一份报告编号
issuer_a | text | 机关甲 | 报告甲的发布机关
issuer_b | text | 机关乙 | 报告乙的发布机关
year_a | integer | 年度甲 | 报告甲的年度
year_b | integer | 年度乙 | 报告乙的年度
year_gap | integer | 年距 | 年度乙减年度甲；一方年度不明则空
same_province | flag | 同省 | 在同一省级区划
same_city | flag | 同市 | 在同一地级区划
same_county | flag | 同县 | 在同一县级区划；区划不明则空
same_system | flag | 同系统 | 机关名称属同一条线（如教育）
vertical | integer | 上下级 | 1 甲是乙的上级，-1 甲是乙的下级，0 都不是；区划不明则空
tie! | text | 关系 | superior 甲在上、subordinate 甲在下、same_county 同县、same_system 同系统、far 都不是、unknown 不明
free_a! | integer | 甲自由字数 | 报告甲的自由字数
free_b! | integer | 乙自由字数 | 报告乙的自由字数
shared_a! | integer | 甲共同字数 | 甲里也见于乙的自由字数
shared_b! | integer | 乙共同字数 | 乙里也见于甲的自由字数
share_a | number | 甲共同份额 | 甲共同字数 ÷ 甲自由字数
share_b | number | 乙共同份额 | 乙共同字数 ÷ 乙自由字数
passages! | integer | 段数 | 对得上的段落数
longest! | integer | 最长 | 最长一段的自由字数
cosine | number | 余弦 | 相邻两字频数向量的余弦；名称、日期、数字已掩去
jaccard | number | Jaccard | 相邻两字集合的交 ÷ 并
edit | number | 编辑相似 | 1 − 增删字数 ÷ 两份字数之和；报告很多时只算共同文字最多的若干对，其余为空
simple | number | 逐句相似 | 逐小句比对后没有变动的字数占比；同上
"""),
        ),
        FrameSpec(
            "families",
            "文段家族",
            "一行是一个家族：说法相同的一组文段",
            _columns("""
family! | text | 家族 | 家族编号，按散布机关数排列
scope! | text | 范围 | across 见于不止一个机关；own 只在一个机关的各年之间
template! | text | 模板 | 共同文字，各处填得不同的地方写作｛数｝｛机关｝｛年｝｛改动｝等
wording! | text | 通行写法 | 模板里多数都填得一样的地方已填上
issuers! | integer | 机关数 | 用过这段文字的机关数
reports! | integer | 报告数 | 含这段文字的报告数
passages! | integer | 文段数 | 文段数
first_note! | text | 最早 | 在本语料中最早见于何处；不等于作者
first_issuer | text | 最早机关 | 在本语料中最早使用的机关；同年不止一个则按编号列第一个
first_year | integer | 最早年度 | 在本语料中最早见到的年度
first_report | text | 最早报告 | 该报告的编号
first_tied | text | 同年机关 | 同在最早年度使用的其他机关，以；分隔；谁先谁后无从判断
last_year | integer | 最晚年度 | 最晚见到的年度
later_issuers | text | 后来的机关 | 其余使用的机关，按首次使用的年度排列，以；分隔
superior! | integer | 来自上级 | 其他使用机关中，最早机关是其上级的个数
subordinate! | integer | 来自下级 | 其他使用机关中，最早机关是其下级的个数
same_county! | integer | 同县 | 其他使用机关中与最早机关同县的个数
same_system! | integer | 同系统 | 其他使用机关中与最早机关同一条线的个数
far! | integer | 不同地区和系统 | 其他使用机关中与最早机关都不是的个数
unknown! | integer | 关系不明 | 区划或年度不明的个数
"""),
        ),
        FrameSpec(
            "passages",
            "文段",
            "一行是一个家族在一份报告里的一处文段",
            _columns(f"""
family! | text | 家族 | 家族编号
{_REPORT}
issuer | text | 发布机关 | 报告的发布机关
year | integer | 年度 | 报告所述年度
order! | integer | 先后 | 在家族里按年度、编号排的次序，从 1 数起
first! | flag | 最早 | 是否本语料中最早的一处
tie! | text | 与最早者 | 最早机关与本机关：same_issuer 本机关、superior 是上级、subordinate 是下级、same_county 同县、same_system 同系统、far 都不是、unknown 不明
section | text | 部分 | 一 至 六；引言为空
{_SPAN}
text! | text | 文字 | 原文
"""),
        ),
        FrameSpec(
            "family_slots",
            "填空",
            "一行是家族模板一个填空里见到的一种填法",
            _columns("""
family! | text | 家族 | 家族编号
slot! | integer | 填空 | 模板里第几个填空，从 1 数起
name! | text | 种类 | 机关、年、数、文号、书名、改动
value! | text | 填法 | 所填的文字
passages! | integer | 文段数 | 这样填的文段数
"""),
        ),
        FrameSpec(
            "issuer_links",
            "机关网络",
            "一行是两个机关：一个先用、另一个后用的文字，按家族汇总",
            _columns("""
earlier! | text | 先用机关 | 家族里在本语料中最早使用的机关
later! | text | 后用机关 | 其后使用的机关
directed! | flag | 有先后 | 否表示两者首次使用在同一年，无从判断先后
families! | integer | 家族数 | 共用的家族数
passages! | integer | 文段数 | 后用机关的文段数
characters! | integer | 字数 | 后用机关这些文段的字数
first_year! | integer | 最早年度 | 这些家族最早见到的年度
tie! | text | 关系 | 先用机关对后用机关：superior 是上级、subordinate 是下级、same_county、same_system、far、unknown
"""),
        ),
        FrameSpec(
            "residue",
            "异名残留",
            "一行是一处疑为套用时忘改的名字或没有填的空白，须人工核对",
            _columns(f"""
{_REPORT}
issuer | text | 发布机关 | 报告的发布机关
year | integer | 年度 | 报告所述年度
kind! | text | 种类 | foreign_name 别的机关或地方的名字、placeholder 没有填的空白
named | text | 所指机关 | 这个名字属于哪个机关
sure! | flag | 较确 | 否表示该机关与本机关的关系不明，名字也许本该在此
{_SPAN}
text! | text | 文字 | 残留的文字
context! | text | 所在句 | 所在的句子
"""),
        ),
        FrameSpec(
            "formula_cuts",
            "套话界限",
            "一行是一种界限：短语见于多少种不同写法的句子才算套话；用来看结论对界限有多敏感",
            _columns("""
cut | integer | 界限 | 至少见于多少种互不相干的写法；空表示只认列明的通行套语
default! | flag | 采用 | 其他各表采用的界限
mandated! | number | 规定用语 | 全部字数中的比例
formula! | number | 套话率 | 全部字数中的比例
own! | number | 自我沿用率 | 全部字数中的比例
peer! | number | 同行雷同率 | 全部字数中的比例
new! | number | 新写率 | 全部字数中的比例
pairs! | integer | 报告对数 | 有共同自由文字的报告对数
"""),
        ),
        FrameSpec(
            "findings",
            "提示",
            "一行是一份报告里研究者应当知道的一件事",
            _columns(f"""
{_REPORT}
code! | text | 代号 | 提示的英文代号
severity! | text | 程度 | error、warning、info
message! | text | 内容 | 提示内容
{_SPAN}
"""),
        ),
        FrameSpec(
            "corrections",
            "更正",
            "一行是研究者写的一条更正，以及它是否用上",
            _columns("""
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
            _columns("""
file! | text | 文件 | 相对于输入文件夹的文件名
code! | text | 代号 | empty、encrypted、damaged、scan、unsupported、not_a_report、too_large、timeout、duplicate
reason! | text | 原因 | 跳过的原因和可以怎么办
sha256 | text | 文件哈希 | 文件全部字节的 SHA-256
"""),
        ),
    )
}


@cache
def frame_schema(name: str) -> pa.DataFrameSchema:
    """Give the pandera schema of a frame (strict: no column more, none less)."""
    return pa.DataFrameSchema(
        {
            column.key: pa.Column(_DTYPES[column.kind], nullable=not column.required)
            for column in FRAMES[name].columns
        },
        strict=True,
        ordered=True,
    )


def make_frame(name: str, rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Make a frame from row mappings; a key that is left out is missing (NA).

    Raises
    ------
    KeyError
        If a row has a key that the frame does not list.
    """
    spec = FRAMES[name]
    keys = [column.key for column in spec.columns]
    known = set(keys)
    values: dict[str, list[Any]] = {key: [] for key in keys}
    for row in rows:
        unknown = row.keys() - known
        if unknown:
            raise KeyError(f"{name} 表没有这些列：{sorted(unknown)}；见 nlp/documents/frames.py")
        for key in keys:
            values[key].append(row.get(key))
    frame = pd.DataFrame(
        {c.key: pd.Series(values[c.key], dtype=_DTYPES[c.kind]) for c in spec.columns}
    )
    return check_frame(name, frame)


def make_frame_of_columns(name: str, columns: Mapping[str, Any]) -> pd.DataFrame:
    """Make a frame from whole columns: for frames of very many rows.

    Raises
    ------
    KeyError
        If a column of the frame is lacking, or one is given that it does not list.
    """
    spec = FRAMES[name]
    if columns.keys() != {column.key for column in spec.columns}:
        raise KeyError(f"{name} 表的列不对：{sorted(columns)}；见 nlp/documents/frames.py")
    frame = pd.DataFrame(
        {c.key: pd.Series(columns[c.key], dtype=_DTYPES[c.kind]) for c in spec.columns}
    )
    return check_frame(name, frame)


def check_frame(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Hold a frame to its list of columns; raises ``pandera.errors.SchemaErrors``."""
    checked: pd.DataFrame = frame_schema(name).validate(frame, lazy=True)
    return checked
