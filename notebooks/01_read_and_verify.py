# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 01　读一份报告，并核对读到的数
#
# **问题**：一份年报里的数，读得对不对？哪些数是原文自己就加不平的？
#
# 本笔记只用随软件附带的虚构样例（`corpus/reports`，机关和内容都是编写的），从上到下运行不需要联网。换成自己的文件，改下面一格的参数即可。

# %% tags=["parameters"]
# 参数。papermill 可以不打开笔记本就换：papermill 01_read_and_verify.ipynb 出.ipynb -p FILE 我的年报.pdf
FILE = ""  # 一份报告；空则用随附样例
FOLDER = ""  # 第六节读的文件夹；空则用随附样例里的几份

# %%
from pathlib import Path

import pandas as pd

import nlp

# 在仓库里运行时当前目录是 notebooks/，样例在上一级。
CORPUS = next(p for p in (Path("corpus/reports"), Path("../corpus/reports")) if p.exists())
FILE = Path(FILE) if FILE else CORPUS / "baizhi-gov-2023.pdf"
pd.set_option("display.max_colwidth", 60)

# %% [markdown]
# ## 一、从文件到六个部分
#
# `read` 按内容（不按扩展名）判断文件类型，`structure_report` 找出标题、机关、年度、格式版本和六个部分。每个部分都是正文里的一段 `[start, end)`。

# %%
report = nlp.structure_report(nlp.read(FILE))
print(report.title)
print("机关：", report.issuer.name, "　年度：", report.year, "　格式：", report.edition)
print("判断格式的依据：", report.edition_evidence)
print("年度出处：", [(c.year, c.source) for c in report.year_candidates])
pd.DataFrame(
    [(s.no, s.title, s.page, s.start, s.end) for s in report.sections],
    columns=["部分", "标题", "页", "起点", "终点"],
)

# %% [markdown]
# ## 二、每个单元格
#
# 每格都有印出的字（`raw`）、数值、状态和出处（页与方框）。零、空白、“/”、“—”和“无”是不同的状态；放不准的格子写 `unreadable`，不会挪进旁边的格子。

# %%
reading = nlp.read_tables(report)
cells = pd.DataFrame(
    [(c.key, c.raw, c.value, c.state, c.page) for c in reading.cells],
    columns=["key", "raw", "value", "state", "page"],
)
print(cells["state"].value_counts().to_dict())
third = cells[cells["key"].str.startswith("3|")].copy()
third[["行", "列"]] = third["key"].str.split("|", expand=True)[[1, 2]].to_numpy()
third.pivot(index="行", columns="列", values="value").reindex(columns=third["列"].unique())

# %% [markdown]
# ## 三、用表格自己的勾稽关系核对
#
# 不符的检查会说明疑在何处：`theirs` 表示各格读取没有疑问、原文就是这样印的（这是发现，不是错误）；`ours` 表示可能是读取的问题。

# %%
checks = pd.DataFrame(
    [
        (c.id, c.subject, c.result, c.doubt, c.reason)
        for c in nlp.verify_report(reading.cells, edition=report.edition)
    ],
    columns=["规则", "对象", "结果", "疑在", "说明"],
)
print(checks["结果"].value_counts().to_dict())
checks[checks["结果"] == "fail"]

# %% [markdown]
# ## 四、问题与措施
#
# 第五部分分成一条条问题和措施；`text[start:end]` 就是所示文字。主题由随附的模型标注，把握不足的标为存疑，请人工核对。

# %%
found = nlp.inspect_report(FILE)
assert all(found["text"][s["start"] : s["end"]] == s["text"] for s in found["statements"])
pd.DataFrame(
    [
        (
            {"problem": "问题", "measure": "措施"}[s["role"]],
            s["text"],
            "、".join(s["theme_names"]),
            "存疑" if s["abstain"] else "",
        )
        for s in found["statements"]
    ],
    columns=["角色", "文字", "主题", ""],
)

# %% [markdown]
# ## 五、指标
#
# 比率都带分子、分母和 Wilson 95% 区间；分母为零时没有值，不写 0 或 100%。

# %%
indicators = pd.DataFrame(
    [
        (i.name, i.value, i.numerator, i.denominator, i.low, i.high, i.small, i.reason)
        for i in nlp.compute_indicators(reading.cells, edition=report.edition)
    ],
    columns=["指标", "值", "分子", "分母", "下限", "上限", "小分母", "说明"],
)
indicators.head(12)

# %% [markdown]
# ## 六、一个文件夹
#
# `build` 对整个文件夹做同样的事，得到整齐的数据表；坏文件会列在 `skipped` 里并写明原因。给出 `out=` 时还会写出 Parquet、工作簿和网页。

# %%
files = [p for p in sorted(CORPUS.iterdir()) if p.suffix in (".html", ".docx", ".txt")][:8]
result = nlp.build(FOLDER or files)
result.frames["reports"][
    ["file", "issuer", "year", "edition", "cells_read", "cells_doubtful", "checks_failed"]
]
