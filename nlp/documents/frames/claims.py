"""Frames of the numbers in prose, and of problems followed from year to year."""

from __future__ import annotations

from nlp.documents.frames.columns import REPORT, SPAN, FrameSpec, list_columns

CLAIM_FRAMES = (
    FrameSpec(
        "claims",
        "正文数字",
        "一行是正文里说出的一个数",
        list_columns(f"""
{REPORT}
claim! | integer | 序号 | 在该报告中的顺序，从 1 数起
section | text | 部分 | 一 至 六；引言为空
{SPAN}
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
        list_columns(f"""
{REPORT}
check! | text | 核算 | sum 分项相加、shares 占比相加、rate 比率重算、growth 与上年相比
result! | text | 结果 | pass 相符、fail 不符、not_assessable 无法判断
claims! | text | 数字序号 | 用到的 claims 序号，以空格分隔；上一年报告的写作 上年:序号
left | number | 算出 | 由分项或两数算出的数
right | number | 写明 | 正文写明的数
{SPAN}
reason | text | 说明 | 怎样核算，差在哪里
"""),
    ),
    FrameSpec(
        "follow",
        "问题的下文",
        "一行是两条文字之间的一个联系",
        list_columns("""
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
        list_columns("""
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
)
