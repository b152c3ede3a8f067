# %% [markdown]
# # 05　自己的语料：从一个文件夹到论文里的一张表
#
# **问题**：手里有一个文件夹的年报，怎样得到一张能放进论文的表，并说清楚它由什么得出、哪些数存疑？
#
# 把 `FOLDER` 改成自己的文件夹即可。空着时，笔记本从随附的虚构样例里拿几份，另放一个空文件，好让您看到读不了的文件怎样列出。

# %% tags=["parameters"]
# 参数。papermill 可以改：papermill 05_own_corpus.ipynb 出.ipynb -p FOLDER 我的年报 -p OUT 我的结果
FOLDER = ""  # 自己的文件夹；空则用随附样例里的几份
OUT = ""  # 放结果的文件夹；空则用临时文件夹
ISSUERS = ""  # 机关属性表（CSV）；区划数据里没有的机关才需要
ROWS = ["requests_received", "disclosure_rate", "denial_rate", "carry_over_rate"]  # 表里的指标
GROUP = "level"  # 按什么分栏：level 层级、kind 类别、year 年度

# %%
import shutil
import tempfile
from pathlib import Path

import altair as alt
import pandas as pd

import nlp

CORPUS = next(p for p in (Path("corpus"), Path("../corpus")) if p.exists())
WORK = Path(tempfile.mkdtemp())
OUT = Path(OUT) if OUT else WORK / "结果"
pd.set_option("display.max_colwidth", 80)
alt.renderers.enable("svg")  # 图是 SVG，不联网
LOOK = {"font": "Noto Sans CJK SC, Microsoft YaHei, PingFang SC, sans-serif"}
LEVELS = {
    "national": "国家",
    "province": "省级",
    "city": "市级",
    "county": "县级",
    "township": "乡级",
}

if not FOLDER:
    FOLDER = WORK / "我的年报"
    FOLDER.mkdir()
    for file in sorted((CORPUS / "reports").iterdir()):
        if file.suffix in (".html", ".docx", ".txt", ".md"):
            shutil.copy(file, FOLDER)
    (FOLDER / "没下载完.pdf").touch()
    ISSUERS = ISSUERS or CORPUS / "issuers.csv"

# %% [markdown]
# ## 一、读整个文件夹
#
# 命令行写法：`nianbao build 我的年报 -o 我的结果`。以后再运行，只读新增和改动的文件。

# %%
result = nlp.build(FOLDER, OUT, issuers=ISSUERS or None)
reports = result.frames["reports"]
print(f"读成 {len(reports)} 份报告，{reports['issuer'].nunique()} 个机关；结果在 {OUT.name}")
reports[
    ["file", "issuer", "year", "level", "edition", "cells_read", "cells_doubtful", "checks_failed"]
].head(8)

# %% [markdown]
# 没有读成的文件和原因——论文里应当写明：

# %%
result.frames["skipped"][["file", "code", "reason"]]

# %% [markdown]
# ## 二、机关、年度、层级都认出来了吗？
#
# 这三样决定报告归到哪一组。空着的，或年度自相矛盾的，先补上：`nianbao correct`，或在 `--issuers` 的表里写明。

# %%
unclear = reports[
    reports[["issuer", "year", "level"]].isna().any(axis=1) | reports["year_conflict"].fillna(False)
]
print(f"要看的报告 {len(unclear)} 份")
unclear[["file", "title", "issuer", "year", "level", "year_conflict"]]

# %% [markdown]
# ## 三、哪些数存疑？
#
# 两种疑问分开看。**读取存疑**：我们没有把握，格子的值是空的，备选写在 `candidates`。**原文如此**（`theirs`）：各格都读得清楚，是机关自己印的数加不平；数照用，但要写明。

# %%
cells = result.frames["cells"].merge(reports[["report_id", "file"]], on="report_id")
doubtful = cells[cells["state"] == "unreadable"]
print(f"存疑单元格 {len(doubtful)} 个，在 {doubtful['file'].nunique()} 份报告里")
doubtful.groupby("file").size().rename("存疑格数").to_frame()

# %%
checks = result.frames["checks"].merge(reports[["report_id", "file"]], on="report_id")
checks[checks["result"] == "fail"][["file", "name", "subject", "left", "right", "doubt", "reason"]]

# %% [markdown]
# 主题把握不足的陈述（`abstain`）不要直接计数，请人看过再用：

# %%
statements = result.frames["statements"]
unsure = statements["abstain"].fillna(False).astype(bool)
print(f"{len(statements)} 条陈述，{int(unsure.sum())} 条的主题存疑")
statements[unsure][["role", "text", "themes"]].head(5)

# %% [markdown]
# ## 四、论文里的表
#
# 每格写合并值（分子之和 ÷ 分母之和）；括号里是各报告值的中位数。存疑的数已经不在分子分母里（值为空），括号后的份数就是实际用上的报告数。

# %%
wide = nlp.compare(OUT, permutations=99).reports
facts = result.frames["indicators"].merge(reports[["report_id", GROUP]], on="report_id")
facts = facts[facts["indicator"].isin(ROWS) & facts["value"].notna()]


def summarise(group):
    """合并值（中位数；份数）；计数指标写合计。"""
    middle, count = group["value"].median(), len(group)
    if group["denominator"].notna().all():
        pooled = group["numerator"].sum() / group["denominator"].sum()
        return f"{pooled:.1%}（{middle:.1%}；{count}）"
    return f"{group['value'].sum():,.0f}（{middle:,.1f}；{count}）"


table = (
    facts.groupby(["indicator", "name", GROUP], sort=False)[["value", "numerator", "denominator"]]
    .apply(summarise)
    .unstack(GROUP)
)
table = table.loc[[row for row in ROWS if row in table.index.get_level_values(0)]].droplevel(0)
table = table[[k for k in LEVELS if k in table.columns] if GROUP == "level" else sorted(table)]
table = table.rename(columns=LEVELS).rename_axis(index="指标", columns=None).fillna("—")
table

# %% [markdown]
# 一张图：各层级报告的公开率，每个点是一份报告。

# %%
shown = wide.dropna(subset=["disclosure_rate", GROUP])
shown = pd.DataFrame(
    {
        "组": shown[GROUP].astype(str).replace(LEVELS),
        "值": shown["disclosure_rate"].astype(float),
        "分母": shown["disclosure_rate_d"].astype(float),
        "报告": (shown["issuer"] + " " + shown["year"].astype(str)).astype(str),
    }
)
order = [name for name in LEVELS.values() if name in set(shown["组"])]
alt.Chart(shown).mark_circle(opacity=0.7).encode(
    x=alt.X("值:Q", title="公开率（予以公开与部分公开 ÷ 办结）", axis=alt.Axis(format="%")),
    y=alt.Y("组:N", sort=order or "ascending", title=None),
    size=alt.Size("分母:Q", title="办结件数", scale=alt.Scale(type="sqrt")),
    tooltip=["报告:N", "值:Q", "分母:Q"],
).properties(width=440, height=200, title="公开率，一点是一份报告").configure(**LOOK)

# %% [markdown]
# ## 五、表下的注和引用
#
# 注里写清：多少份、哪些没读成、多少格存疑、几处原文加不平。引用一行带清单哈希：别人用同样的文件和版本再做一遍，哈希相同，结果就相同。

# %%
failed = checks[checks["result"] == "fail"]
notes = [
    f"资料：{len(reports)} 份年报，{reports['issuer'].nunique()} 个机关，"
    f"{int(reports['year'].min())}—{int(reports['year'].max())} 年。",
    f"另有 {len(result.frames['skipped'])} 个文件没有读成，不在表内。",
    f"存疑单元格 {len(doubtful)} 个，不计入；勾稽不符 {len(failed)} 处，"
    f"其中原文如此 {int((failed['doubt'] == 'theirs').sum())} 处，照原文计入。",
    "每格：合并值（各报告值的中位数；报告数）。同一机关的各年报告并不独立。",
    f"引用：{result.citation}",
]
print("\n".join(notes))

# %%
paper = OUT.parent / "论文表.xlsx"
with pd.ExcelWriter(paper) as writer:
    table.to_excel(writer, sheet_name="表一")
    pd.DataFrame({"注": notes}).to_excel(writer, sheet_name="注", index=False)
pd.read_excel(paper, sheet_name="注")

# %% [markdown]
# 全部数据也可导出给别的软件，带中文标签、引用和清单：`nianbao export 我的结果 -o 导出 --format dta`（Stata；另有 sav、xlsx、csv、parquet、duckdb）。第五部分的主题汇总可直接写成 Word：`nianbao themes summary 我的结果 -o 主题汇总.docx`。
