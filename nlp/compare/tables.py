"""The tables of a comparison: their columns, listed once, and how a table is made of rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from nlp.documents import Column, FrameSpec

_DTYPES = {"text": "string", "integer": "Int64", "number": "Float64", "flag": "boolean"}


def columns(table: str) -> tuple[Column, ...]:
    """Read columns from lines ``key | kind | label | meaning``."""
    found = []
    for line in filter(None, map(str.strip, table.splitlines())):
        key, kind, label, meaning = (part.strip() for part in line.split("|", 3))
        found.append(Column(key.rstrip("!"), kind, label, meaning, key.endswith("!")))
    return tuple(found)


_GROUP = """group_by! | text | 分组 | 按什么分组，以 + 连接：year 年度、level 层级、kind 机关类别、province 省、city 市、system 系统
year | integer | 年度 | 该组的年度
level | text | 层级 | 该组的层级（county 县级等，见报告总表的层级）；不按它分则空
kind | text | 机关类别 | 该组的机关类别（government 政府、department 部门、other 其他）；不按它分则空
province | text | 省 | 该组的省；不按它分则空
city | text | 市 | 该组的市；不按它分则空
system | text | 系统 | 该组的系统（条）；不按它分则空"""
_INDICATOR = """indicator! | text | 指标号 | 指标编号
name! | text | 指标 | 指标名称"""
_CAVEAT = "caveat! | text | 须注意 | 使用这一行之前应当知道的事"

SPECS: Mapping[str, FrameSpec] = {
    spec.key: spec
    for spec in (
        FrameSpec(
            "pairs",
            "报告对",
            "一行是两份报告",
            columns("""
a! | text | 甲报告 | 甲的报告编号；年度较早者为甲，同年按编号
b! | text | 乙报告 | 乙的报告编号
a_issuer | text | 甲机关 | 甲的发布机关
b_issuer | text | 乙机关 | 乙的发布机关
a_year | integer | 甲年度 | 甲的年度
b_year | integer | 乙年度 | 乙的年度
year_gap | integer | 年度差 | 乙年度减甲年度
same_issuer! | flag | 同机关 | 发布机关相同
same_province | flag | 同省 | 省相同；有一方不明则空
same_city | flag | 同市 | 市相同；有一方不明或不在市内则空
same_county | flag | 同县 | 县相同；有一方不明或不在县内则空
same_system | flag | 同系统 | 同属一个系统（条），如教育、水利；有一方认不出则空
same_level | flag | 同层级 | 层级相同；有一方不明则空
same_kind | flag | 同类别 | 同为政府或同为部门；有一方不明则空
same_edition | flag | 同格式 | 格式版本相同
vertical | integer | 上下级 | 1 甲是乙的上级，-1 乙是甲的上级，0 不是；不明则空。政府对辖区内政府和本级部门、同系统上下级部门为上级
drawn_from! | text | 取自 | 由哪些组取得：issuer 同机关、county 同县同年、county_next 同县次年、system 同省同系统同年、level 同层级同地区同年、superior 上下级政府同年
probability! | number | 入样概率 | 该对被抽中的概率；未达上限时为 1，回归时可取倒数为权
problem_themes | number | 问题主题相似 | 两份报告问题主题条数的余弦，0 至 1；有一方无问题则空
measure_themes | number | 措施主题相似 | 措施主题条数的余弦，0 至 1；有一方无措施则空
outcomes | number | 办理结果相似 | 五类办理结果占比的重合（1 减差的绝对值之和的一半），0 至 1；缺占比则空
cells_compared | integer | 比较的格数 | 两方都读出、且至少一方不为 0 的单元格数
cells_equal | integer | 相同的格数 | 其中数值相同的格数
cells_equal_share | number | 数字雷同 | 相同的格数占比，0 至 1；比较的格数为 0 则空
text_cosine | number | 文字余弦 | 相邻两字频数向量的余弦；结果里没有文字沿用的表则空，下同
text_jaccard | number | 文字 Jaccard | 相邻两字集合的交除以并
text_edit | number | 文字编辑相似 | 1 减增删字数除以两份字数之和
text_simple | number | 逐句相似 | 逐小句比对后没有变动的字数占比
text_share_a | number | 甲共同份额 | 甲里也见于乙的自由字数占比
text_share_b | number | 乙共同份额 | 乙里也见于甲的自由字数占比
text_longest | integer | 最长共同段 | 最长一段共同文字的字数
"""),
        ),
        FrameSpec(
            "pair_groups",
            "报告对的来源",
            "一行是取报告对的一个组",
            columns("""
group! | text | 组别 | issuer 同机关、county 同县同年、county_next 同县次年、system 同省同系统同年、level 同层级同地区同年、superior 上下级政府同年
key! | text | 组 | 组的名称
reports! | integer | 报告数 | 组内报告数
possible! | integer | 可有对数 | 组内全部可能的对数
drawn! | integer | 抽取对数 | 抽取的对数
share! | number | 抽取比例 | 抽取对数占可有对数的比例
seed! | integer | 种子 | 抽取所用的随机种子
"""),
        ),
        FrameSpec(
            "peers",
            "同类概况",
            "一行是一组同类报告的一个指标",
            columns(f"""
{_GROUP}
{_INDICATOR}
reports! | integer | 报告数 | 组内报告数
issuers! | integer | 机关数 | 组内机关数
with_value! | integer | 有值数 | 该指标有值的报告数
doubtful! | integer | 存疑数 | 有值而所用单元格涉及不符勾稽式的报告数
mean | number | 平均（不加权） | 各报告值的算术平均，每份报告权重相同
mean_low | number | 平均下限 | 自助法 95% 区间下限，以机关为抽样单位；机关不足 10 个则空
mean_high | number | 平均上限 | 自助法 95% 区间上限
median | number | 中位数 | 各报告值的中位数
q1 | number | 四分之一位 | 各报告值的第一四分位数
q3 | number | 四分之三位 | 各报告值的第三四分位数
minimum | number | 最小 | 各报告值的最小值
maximum | number | 最大 | 各报告值的最大值
pooled | number | 合并值（加权） | 分子之和除以分母之和；大机关权重大。计数指标为总和
pooled_low | number | 合并下限 | 自助法 95% 区间下限，以机关为抽样单位；机关不足 10 个则空
pooled_high | number | 合并上限 | 自助法 95% 区间上限
{_CAVEAT}
"""),
        ),
        FrameSpec(
            "ranks",
            "名次",
            "一行是一份报告在一组同类中的一个比率",
            columns(f"""
{_GROUP}
{_INDICATOR}
report_id! | text | 报告编号 | 报告编号
issuer | text | 发布机关 | 发布机关
value! | number | 值 | 比率
numerator! | number | 分子 | 分子
denominator! | number | 分母 | 分母
ranked! | flag | 参加排名 | 分母不小于 30、读取无疑问，且组内这样的报告不少于 10 份
rank | integer | 名次 | 由高到低；不参加排名则空
rank_low | integer | 名次上端 | 名次 95% 区间中最靠前的名次
rank_high | integer | 名次下端 | 名次 95% 区间中最靠后的名次
of! | integer | 参加数 | 参加排名的报告数
{_CAVEAT}
"""),
        ),
        FrameSpec(
            "changes",
            "逐年变化",
            "一行是一个机关相邻两年的一个指标",
            columns(f"""
issuer! | text | 发布机关 | 发布机关
report_id! | text | 报告编号 | 后一年的报告编号
before_report_id! | text | 上年报告编号 | 前一年的报告编号
year! | integer | 年度 | 后一年
{_INDICATOR}
before! | number | 上年值 | 前一年的值
after! | number | 本年值 | 后一年的值
difference! | number | 差 | 本年值减上年值
low | number | 差的下限 | 两个比率之差的 Newcombe 95% 区间下限；计数与非占比指标则空
high | number | 差的上限 | 区间上限
relative | number | 变化率 | 差除以上年值；上年值不大于 0 则空
edition_changed! | flag | 换格式 | 两年的格式版本不同
{_CAVEAT}
"""),
        ),
        FrameSpec(
            "group_changes",
            "分组变化",
            "一行是一组机关相邻两年的一个指标",
            columns(f"""
group_by! | text | 分组 | 按什么分组，以 + 连接：year 年度、level 层级、kind 机关类别
year! | integer | 年度 | 后一年
level | text | 层级 | 该组的层级；不按它分则空
kind | text | 机关类别 | 该组的机关类别；不按它分则空
{_INDICATOR}
issuers! | integer | 机关数 | 两年都有值的机关数；只用这些机关
up! | integer | 上升 | 上升的机关数
down! | integer | 下降 | 下降的机关数
same! | integer | 不变 | 不变的机关数
mean_before! | number | 上年平均 | 前一年各机关值的算术平均
mean_after! | number | 本年平均 | 后一年各机关值的算术平均
mean_difference! | number | 平均变化 | 各机关差的算术平均（不加权）
low | number | 变化下限 | 自助法 95% 区间下限，以机关为抽样单位；机关不足 10 个则空
high | number | 变化上限 | 自助法 95% 区间上限
median_difference! | number | 变化中位数 | 各机关差的中位数
{_CAVEAT}
"""),
        ),
        FrameSpec(
            "associations",
            "主题与数字",
            "一行是一个主题与一个数的一次检验",
            columns(f"""
method! | text | 方法 | spearman 等级相关；ratio 风险比与优势比
role! | text | 角色 | problem 问题、measure 措施
theme! | text | 主题 | 主题编号
theme_name! | text | 主题名 | 主题中文名
{_INDICATOR}
outcome! | text | 结果 | spearman：指标的值；ratio：指标高于全体中位数
reports! | integer | 报告数 | 主题与指标都有值的报告数
issuers! | integer | 机关数 | 这些报告的机关数
theme_reports! | integer | 写该主题 | 其中写了该主题的报告数
rho | number | 等级相关 | Spearman 系数：该主题条数占比与指标值，-1 至 1
low | number | 相关下限 | Bonett–Wright 95% 区间下限，以机关数为独立观测数
high | number | 相关上限 | 区间上限
with_event | integer | 写且高 | 写该主题且结果成立的报告数
with_none | integer | 写不高 | 写该主题而结果不成立的报告数
without_event | integer | 不写而高 | 没写该主题而结果成立的报告数
without_none | integer | 不写不高 | 没写该主题且结果不成立的报告数
risk_ratio | number | 风险比 | 写该主题者结果成立的比例除以没写者的比例
risk_low | number | 风险比下限 | Katz 95% 区间下限
risk_high | number | 风险比上限 | Katz 95% 区间上限
odds_ratio | number | 优势比 | 四格表的优势比；有空格则各加 0.5
odds_low | number | 优势比下限 | Woolf 95% 区间下限
odds_high | number | 优势比上限 | Woolf 95% 区间上限
p_value | number | 置换 p 值 | 双侧；整个机关一起置换，同一机关各年不拆开
q_value | number | 校正 q 值 | 同方法、同角色全部检验的 Benjamini–Hochberg 校正
permutations | integer | 置换次数 | 随机置换的次数
permuted | text | 置换范围 | years 年份相同的机关之间；count 报告份数相同的机关之间
movable | integer | 可置换机关 | 能与别的机关交换的机关数
reason | text | 未算原因 | 没有计算时的原因
{_CAVEAT}
"""),
        ),
        FrameSpec(
            "unmatched",
            "外部表未匹配",
            "一行是外部数据表与报告对不上的一处",
            columns("""
side! | text | 哪一边 | report 报告没有外部数据，external 外部数据没有报告
report_id | text | 报告编号 | 报告编号
issuer | text | 发布机关 | 发布机关
region_code | text | 区划代码 | 区划代码
year | integer | 年度 | 年度
line | integer | 行 | 外部数据表的行号，表头为第 1 行
reason! | text | 原因 | 为什么对不上
"""),
        ),
    )
}


def cast_series(series: pd.Series, kind: str) -> pd.Series:
    """Give a series the type of its column."""
    cast: pd.Series = series.astype(_DTYPES[kind])  # type: ignore[call-overload]
    return cast


def make_table(spec: FrameSpec, rows: Iterable[Mapping[str, Any]] | pd.DataFrame) -> pd.DataFrame:
    """Make a table with the columns and types of its list; what is left out is missing.

    Raises
    ------
    KeyError
        If a row has a key that the list does not have.
    """
    frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows))
    unknown = set(frame.columns) - {c.key for c in spec.columns}
    if unknown:
        raise KeyError(f"{spec.key} 表没有这些列：{sorted(unknown)}")
    made = {}
    for column in spec.columns:
        given = frame[column.key] if column.key in frame else pd.Series(pd.NA, index=frame.index)
        if column.kind == "number":
            # NaN is what numpy makes of a missing number; in a table it is NA.
            given = pd.to_numeric(given).astype("Float64")
            given = given.mask(given.isna())
        elif column.kind == "integer":
            given = pd.to_numeric(given).astype("Float64").round().astype("Int64")
        made[column.key] = cast_series(given, column.kind)
    return pd.DataFrame(made).reset_index(drop=True)
