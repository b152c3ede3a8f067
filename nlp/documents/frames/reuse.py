"""Frames of wording that reports share."""

from __future__ import annotations

from nlp.documents.frames.columns import REPORT, SPAN, FrameSpec, list_columns

WORDING_FRAMES = (
    FrameSpec(
        "reuse_shares",
        "文字构成",
        "一行是一份报告叙述文字的构成；五类之和为 1",
        list_columns(f"""
{REPORT}
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
        list_columns("""
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
        list_columns("""
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
        list_columns("""
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
        list_columns(f"""
family! | text | 家族 | 家族编号
{REPORT}
issuer | text | 发布机关 | 报告的发布机关
year | integer | 年度 | 报告所述年度
order! | integer | 先后 | 在家族里按年度、编号排的次序，从 1 数起
first! | flag | 最早 | 是否本语料中最早的一处
tie! | text | 与最早者 | 最早机关与本机关：same_issuer 本机关、superior 是上级、subordinate 是下级、same_county 同县、same_system 同系统、far 都不是、unknown 不明
section | text | 部分 | 一 至 六；引言为空
{SPAN}
text! | text | 文字 | 原文
"""),
    ),
    FrameSpec(
        "family_slots",
        "填空",
        "一行是家族模板一个填空里见到的一种填法",
        list_columns("""
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
        list_columns("""
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
        list_columns(f"""
{REPORT}
issuer | text | 发布机关 | 报告的发布机关
year | integer | 年度 | 报告所述年度
kind! | text | 种类 | foreign_name 别的机关或地方的名字、placeholder 没有填的空白
named | text | 所指机关 | 这个名字属于哪个机关
sure! | flag | 较确 | 否表示该机关与本机关的关系不明，名字也许本该在此
{SPAN}
text! | text | 文字 | 残留的文字
context! | text | 所在句 | 所在的句子
"""),
    ),
    FrameSpec(
        "formula_cuts",
        "套话界限",
        "一行是一种界限：短语见于多少种不同写法的句子才算套话；用来看结论对界限有多敏感",
        list_columns("""
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
)
