# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 03　套话与雷同：一份年报里有多少是新写的？
#
# **问题**：一份年报的叙述文字，多少是格式规定人人要写的，多少是套话，多少是沿用自己往年的，多少与别的机关雷同，剩下多少是新写的？
#
# 随附样例是虚构的，比例不能当真；换成自己的文件夹，改下面一格的参数即可。

# %% tags=["parameters"]
# 参数。papermill 可以改：papermill 03_boilerplate.ipynb 出.ipynb -p FOLDER 我的年报 -p ISSUERS 机关.csv
FOLDER = ""  # 放报告的文件夹；空则用随附样例（为了快，不读其中的 PDF）
ISSUERS = ""  # 机关属性表（CSV）；空则用样例的
TOP = 8  # 各表列出几行

# %%
import tempfile
from pathlib import Path

import pandas as pd

import nlp

CORPUS = next(p for p in (Path("corpus"), Path("../corpus")) if p.exists())
WORK = Path(tempfile.mkdtemp())
pd.set_option("display.max_colwidth", 80)

files = sorted(
    p for p in (CORPUS / "reports").iterdir() if p.suffix in (".html", ".docx", ".txt", ".md")
)
nlp.build(
    FOLDER or files,
    WORK / "结果",
    issuers=ISSUERS or (None if FOLDER else CORPUS / "issuers.csv"),
)
reuse = nlp.report_reuse(WORK / "结果", WORK / "沿用与雷同")
{name: len(frame) for name, frame in reuse.frames.items()}

# %% [markdown]
# 命令行写法：`nianbao reuse report 结果 -o 沿用与雷同`。文件夹里有网页 `reuse.html`（文段逐字对照、正文按类着色）、工作簿 `reuse.xlsx`（附字段说明）、每张表的 Parquet 和 CSV。
#
# ## 一、文字的构成
#
# 每个字归入一类，按先后：规定用语、套话、沿用自己（本机关更早年度）、与他机关雷同、新写；五类之和为 1。标题和表格不计。最早的年度没有更早的报告可比，所以自我沿用率是 0，不表示全是新写。

# %%
shares = reuse.frames["reuse_shares"]
parts = ["mandated", "formula", "own", "peer", "new"]
by_year = shares.groupby("year")[parts].mean()
by_year["份数"] = shares.groupby("year").size()
by_year.style.bar(subset=parts, color="#b7c9da", vmin=0, vmax=1).format("{:.1%}", subset=parts)

# %% [markdown]
# ## 二、结论对“套话”的界限有多敏感
#
# 短语至少见于多少种互不相干的写法才算套话，是人定的。界限一动，结论若大变，就不要下结论。

# %%
reuse.frames["formula_cuts"]

# %% [markdown]
# ## 三、自己的各年之间，与机关之间，是两个问题
#
# 先看同一机关相邻两年：共同份额高、修改度低，是“照抄去年”。

# %%
years = reuse.frames["reuse_years"]
years[years["nearest"].astype(bool)].sort_values("share_b", ascending=False)[
    ["issuer", "year_a", "year_b", "share_b", "cosine", "jaccard", "edit", "simple", "modification"]
].head(TOP)

# %% [markdown]
# 再看不同机关。`dyads` 表每两份报告一行（没有共同文字的也在），带同县、同系统、上下级、年距，可直接做二元组回归。

# %%
dyads = reuse.frames["dyads"]
dyads.assign(有共同文字=dyads["shared_a"] > 0).groupby("tie").agg(
    对数=("tie", "size"),
    有共同文字=("有共同文字", "mean"),
    平均份额=("share_b", "mean"),
    平均余弦=("cosine", "mean"),
)

# %% [markdown]
# ## 四、哪些话散布最广，最早见于何处
#
# “最早见于”只就这批报告而言，不等于作者；同年的先后无从判断。

# %%
families = reuse.frames["families"]
families[families["scope"] == "across"][
    ["family", "wording", "issuers", "reports", "first_note", "later_issuers"]
].head(TOP)

# %%
first = families["family"].iloc[0]
print(families["template"].iloc[0])
reuse.frames["family_slots"].query("family == @first")

# %% [markdown]
# ## 五、两张图
#
# 相似热图按聚类排序，一格是两份报告共同的自由文字占两边合计的比例；沿对角线的小块是同一机关的各年。

# %%
reuse.draw_heat_map()

# %% [markdown]
# 机关网络：箭头从家族里最早使用的机关指向后来使用的机关，虚线表示同年、先后不明。**这不是“谁抄谁”**：两者可能都抄自没有收进来的第三者。

# %%
reuse.draw_network()

# %% [markdown]
# ## 六、忘改的名字和没填的空白
#
# `residue` 表列出自述文字里别的机关或地方的名字、没有填的空白；机器必有误认，请逐处核对。没有找到，不等于没有。

# %%
reuse.frames["residue"][["issuer", "year", "kind", "text", "sure", "context"]]
