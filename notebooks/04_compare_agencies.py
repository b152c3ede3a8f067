# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 04　比较机关：哪些问题与办得慢、被纠正相伴？
#
# **问题**：机关在第五部分自己写下的问题，与它表格里的数有没有关系？例如，把“依申请公开”写成问题的报告，结转到下一年的申请是不是更多？
#
# 随附样例是虚构的，下面的数只演示做法，不说明任何真实机关。换成自己的文件夹，改下面一格的参数即可。

# %% tags=["parameters"]
# 参数。papermill 可以改：papermill 04_compare_agencies.ipynb 出.ipynb -p FOLDER 我的年报 -p ISSUERS 机关.csv
FOLDER = ""  # 放报告的文件夹；空则用随附样例，52 份
ISSUERS = ""  # 机关属性表（CSV）；空则用样例的
INDICATOR = "carry_over_rate"  # 比较哪个指标：结转率
SECOND = "correction_rate_all"  # 第二个指标：纠错率（占全部复议诉讼）
ROLE = "problem"  # 问题（problem）或措施（measure）的主题
PERMUTATIONS = 499  # 每项检验的置换次数；发表时宜用 1999 以上
SEED = 1  # 抽取、自助法和置换的种子

# %%
import tempfile
from pathlib import Path

import altair as alt
import pandas as pd
from IPython.display import display

import nlp

CORPUS = next(p for p in (Path("corpus"), Path("../corpus")) if p.exists())
WORK = Path(tempfile.mkdtemp())
pd.set_option("display.max_colwidth", 80)
alt.renderers.enable("svg")  # 图是 SVG，不联网
LOOK = {"font": "Noto Sans CJK SC, Microsoft YaHei, PingFang SC, sans-serif"}

nlp.build(
    FOLDER or CORPUS / "reports",
    WORK / "结果",
    issuers=ISSUERS or (None if FOLDER else CORPUS / "issuers.csv"),
)
found = nlp.compare(WORK / "结果", permutations=PERMUTATIONS, seed=SEED)
{spec.title: len(table) for spec, table in found.tables()}

# %% [markdown]
# 命令行写法：`nianbao compare 结果 -o 比较`，写出 `compare.xlsx`（每张表一页，附字段说明）和 CSV；`--external 人口.csv` 按区划代码和年度并入外部数据。
#
# ## 一、总表：一行一份报告
#
# 机关属性、单元格、指标（每个比率都带分子 `_n`、分母 `_d`、区间 `_lo` `_hi`）、主题条数、正文数字、问题的下文都在一行里。每一列的含义在 `fields` 表。

# %%
wanted = ["issuer", "year", "level", INDICATOR, f"{INDICATOR}_n", f"{INDICATOR}_d"]
about = found.fields.query("table == 'joined' and key in @wanted")[["key", "label", "meaning"]]
display(about)
NAMES = found.peers.drop_duplicates("indicator").set_index("indicator")["name"]
found.reports[[*wanted, "checks_failed_ours", "indicators_doubtful"]].sort_values(
    ["issuer", "year"]
).head(8)

# %% [markdown]
# ## 二、先看数和它的区间
#
# 只画报告最多的一年。一个点是一份报告，横线是 Wilson 95% 区间，点的大小是分母。分母小的，区间很宽：两个机关的区间大半重叠，就不要说谁高谁低。

# %%
rates = found.reports.dropna(subset=[INDICATOR])
YEAR = int(rates["year"].mode().iloc[-1])
rates = rates[rates["year"] == YEAR].assign(报告=lambda t: t["issuer"])
rates = pd.DataFrame(
    {
        "报告": rates["报告"].astype(str),
        "值": rates[INDICATOR].astype(float),
        "分母": rates[f"{INDICATOR}_d"].astype(float),
        "下限": rates[f"{INDICATOR}_lo"].astype(float),
        "上限": rates[f"{INDICATOR}_hi"].astype(float),
        "层级": rates["level"]
        .map({"province": "省级", "city": "市级", "county": "县级", "township": "乡级"})
        .fillna("不明")
        .astype(str),
    }
)
base = alt.Chart(rates).encode(
    y=alt.Y("报告:N", sort="-x", title=None, axis=alt.Axis(labelLimit=320))
)
lines = base.mark_rule(color="#9aa5b1").encode(
    x=alt.X("下限:Q", title=f"{NAMES[INDICATOR]}（Wilson 95% 区间）", axis=alt.Axis(format="%")),
    x2="上限:Q",
)
points = base.mark_circle(opacity=0.9).encode(
    x="值:Q", size=alt.Size("分母:Q", scale=alt.Scale(type="sqrt")), color="层级:N"
)
(lines + points).properties(width=420, title=f"{YEAR} 年各机关的{NAMES[INDICATOR]}").configure(
    **LOOK
)

# %% [markdown]
# ## 三、与同类比
#
# 只与同年、同层级、同类别的报告比。“平均”里每份报告权重相同，“合并值”是分子之和除以分母之和，大机关权重大；两者回答的不是同一个问题。机关不足 10 个的组不给区间。

# %%
peers = found.peers.query("indicator == @INDICATOR and group_by == 'year+level+kind'")
peers[
    [
        "year",
        "level",
        "kind",
        "reports",
        "issuers",
        "with_value",
        "mean",
        "median",
        "pooled",
        "caveat",
    ]
]

# %% [markdown]
# ## 四、名次：多半不该排
#
# 分母不足 30 的比率不参加排名，一组里能排的报告不足 10 份也不排；排出的名次都带区间。随附样例只有 17 个机关，同年、同层级、同类别的没有一组够 10 份，所以下面一个名次也没有，列出的是没有排的原因；界限不为演示放宽。自己的语料够大时，同一段代码列出名次：区间宽、彼此重叠的，名次先后没有意义。

# %%
ranks = found.ranks[found.ranks["indicator"] == INDICATOR]
placed = ranks[ranks["ranked"].astype(bool)]
print(f"{NAMES[INDICATOR]}：{len(ranks)} 行里排了 {len(placed)} 个名次")
if len(placed):
    group = ["group_by", "year", "level", "kind", "province", "system"]
    stand = ["rank", "rank_low", "rank_high", "of", "issuer", "value", "denominator", "caveat"]
    display(placed.sort_values([*group, "rank"])[[*group, *stand]].dropna(axis=1, how="all"))
else:
    reasons = ranks["caveat"].str.replace(r"分母 \d+ 小于", "分母小于", regex=True)
    display(reasons.value_counts().rename("行数").to_frame())

# %% [markdown]
# ## 五、各年的变化
#
# 只把同一机关相邻两年连起来。差的区间（Newcombe）跨过 0，就不能说变了；两年格式不同（`edition_changed`）时，变化可能只是口径变了。

# %%
changes = found.changes[found.changes["indicator"] == INDICATOR]
steps = pd.DataFrame(
    [
        (row.issuer, year, float(value))
        for row in changes.itertuples()
        for year, value in ((int(row.year) - 1, row.before), (int(row.year), row.after))
    ],
    columns=["机关", "年度", "值"],
).drop_duplicates(["机关", "年度"])
alt.Chart(steps).mark_line(point=True).encode(
    x=alt.X("年度:O", axis=alt.Axis(labelAngle=0)),
    y=alt.Y("值:Q", title=NAMES[INDICATOR], axis=alt.Axis(format="%")),
    color=alt.Color(
        "机关:N", scale=alt.Scale(scheme="tableau20"), legend=alt.Legend(labelLimit=240)
    ),
).properties(width=380, height=260, title=f"{NAMES[INDICATOR]}逐年的变化").configure(**LOOK)

# %%
changes.assign(区间不含零=(changes["low"] > 0) | (changes["high"] < 0))[
    [
        "issuer",
        "year",
        "before",
        "after",
        "difference",
        "low",
        "high",
        "区间不含零",
        "edition_changed",
    ]
].sort_values("difference", key=lambda s: s.abs(), ascending=False).head(8)

# %% [markdown]
# ## 六、主题与数字
#
# 对每个主题，算它在报告里所占条数的份额与指标的等级相关（Spearman）。同一机关各年并不独立，所以区间按机关数算，p 值用整个机关一起置换得出；检验了许多个主题，要看校正后的 q 值。

# %%
tests = found.associations.query("role == @ROLE and indicator in [@INDICATOR, @SECOND]")
linked = tests[tests["method"] == "spearman"].dropna(subset=["rho"])
forest = pd.DataFrame(
    {
        "主题": linked["theme_name"].astype(str),
        "指标": linked["name"].astype(str),
        "rho": linked["rho"].astype(float),
        "下限": linked["low"].astype(float),
        "上限": linked["high"].astype(float),
        "q": linked["q_value"].astype(float),
    }
)
zero = alt.Chart(pd.DataFrame({"x": [0.0]})).mark_rule(strokeDash=[4, 4], color="#666")


def draw_forest(rows, title):
    """一个主题一行：点是相关，横线是区间；校正后 q 值小于 0.05 的点为红色。"""
    base = alt.Chart(rows).encode(
        y=alt.Y("主题:N", sort="-x", title=None, axis=alt.Axis(labelLimit=240))
    )
    bars = base.mark_rule(color="#9aa5b1").encode(
        x=alt.X("下限:Q", title="等级相关（95% 区间）", scale=alt.Scale(domain=[-1, 1])),
        x2="上限:Q",
    )
    dots = base.mark_circle(size=70).encode(
        x="rho:Q", color=alt.condition("datum.q < 0.05", alt.value("#b3261e"), alt.value("#33566f"))
    )
    return alt.layer(zero.encode(x="x:Q"), bars, dots).properties(width=230, title=title)


alt.hconcat(
    *(draw_forest(rows, name) for name, rows in forest.groupby("指标", sort=False))
).configure(**LOOK)

# %%
linked.sort_values("p_value")[
    [
        "theme_name",
        "name",
        "reports",
        "issuers",
        "rho",
        "low",
        "high",
        "p_value",
        "q_value",
        "movable",
    ]
].head(8)

# %% [markdown]
# 同一件事换个问法：写了这个主题的报告里，指标高于全体中位数的占多少，是没写的几倍（风险比）。四格里有一格很小时，区间会很宽。

# %%
ratios = tests[(tests["method"] == "ratio") & tests["risk_ratio"].notna()]
ratios.sort_values("p_value")[
    [
        "theme_name",
        "name",
        "with_event",
        "with_none",
        "without_event",
        "without_none",
        "risk_ratio",
        "risk_low",
        "risk_high",
        "p_value",
        "q_value",
    ]
].head(8)

# %% [markdown]
# ## 七、能说什么，不能说什么
#
# 每一行都带着须注意的话，写进论文时一并写上。

# %%
for sentence in dict.fromkeys("；".join(tests["caveat"].dropna()).split("；")):
    print("·", sentence)
smallest = tests["q_value"].min()
print(f"\n{tests['p_value'].notna().sum()} 项检验，校正后最小的 q 值是 {smallest:.2f}。")
print("q 值不小于 0.05，就只能说“没有看出关系”，不能说“没有关系”。")
