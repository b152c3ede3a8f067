# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 02　主题：两人编码、比较、裁定、再训练
#
# **问题**：自动标出的主题可信到什么程度？怎样用自己的编码改进它？
#
# 这里走完一轮编码：从结果中选出 60 条陈述 → 两名编码员各填一份编码表 → 比较一致性 → 裁定争议 → 用裁定的结果再训练 → 在没有参加编码的机关上评价。
#
# 随附样例是虚构的，每条陈述的主题是事先写定的。两名“编码员”由程序模拟：照写定的主题填表，再按固定的种子出些差错（漏标、多标、主次不分），所以下面的一致性数字只演示做法，不代表真人。

# %% tags=["parameters"]
# 参数。papermill 可以改，如 papermill 02_themes.ipynb 出.ipynb -p SEED 11
SEED = 7  # 选陈述、模拟编码员和训练所用的种子
SIZE = 60  # 编码多少条
SLIPS = 0.08  # 第一名模拟编码员出差错的概率；第二名加倍
FOLDS = 2  # 再训练时分几折；平常用 5

# %%
import json
import random
import tempfile
from pathlib import Path

import openpyxl
import pandas as pd

import nlp

CORPUS = next(p for p in (Path("corpus/reports"), Path("../corpus/reports")) if p.exists())
WORK = Path(tempfile.mkdtemp())
pd.set_option("display.max_colwidth", 60)
codebook = nlp.load_codebook()
pd.DataFrame(
    [(t.id, t.name, t.code_when) for t in codebook.themes], columns=["编号", "主题", "何时编码"]
)


# %% [markdown]
# ## 一、读报告，按机关分成两部分
#
# 一部分机关用来编码，另一部分留作评价。同一机关各年的话很相近，所以按机关分，不按条分。（为了快，这里不读 PDF。）


# %%
def issuer_of(path):
    return path.name.rsplit("-", 1)[0]


files = sorted(p for p in CORPUS.iterdir() if p.suffix in (".html", ".docx", ".txt", ".md"))
issuers = sorted({issuer_of(p) for p in files})
held_issuers = set(issuers[::3])
parts = {
    "coded": [p for p in files if issuer_of(p) not in held_issuers],
    "held": [p for p in files if issuer_of(p) in held_issuers],
}
# 编码的一部分写成结果文件夹，编码表从那里取；留作评价的只要数据表，不必写网页和工作簿。
results = {
    "coded": nlp.build(parts["coded"], WORK / "coded"),
    "held": nlp.build(parts["held"]),
}
{name: len(result.frames["statements"]) for name, result in results.items()}

# %% [markdown]
# ## 二、写编码表
#
# `write_sheet` 把“模型把握最小”和“最有代表性”的陈述交替排列，措辞相近的只取一条。两名编码员的陈述相同、次序不同。命令行写法：`nianbao themes sheet 结果文件夹 -o 编码表.xlsx --size 60 --coders 2`。

# %%
sheets = nlp.write_sheet(WORK / "coded", WORK / "编码表.xlsx", size=SIZE, coders=2, seed=SEED)
pd.read_excel(sheets[0], sheet_name="编码", header=1, usecols="B:H").head(8)

# %% [markdown]
# ## 三、两名模拟的编码员填表
#
# 真人在 Excel 里填；这里由程序填。第二名编码员出的差错多一些。

# %%
truth = {}
for path in sorted(CORPUS.glob("*.truth.json")):
    report = json.loads(path.read_text(encoding="utf-8"))
    for s in report["statements"]:
        truth[s["text"]] = (s["primary"], s["themes"])
names = {t.id: t.name for t in codebook.themes}
plain = [t.id for t in codebook.themes if not t.fallback]


def code_statement(text, slips, rng):
    """写定的主题，再出些差错；切分得与写定的不同的，标为“不是陈述”。"""
    if text not in truth:
        return None
    primary, themes = truth[text]
    themes = list(themes)
    if len(themes) > 1 and rng.random() < slips:
        themes.remove(rng.choice([t for t in themes if t != primary]))
    if primary in plain and rng.random() < slips:
        themes.append(rng.choice([t for t in plain if t not in themes]))
    if len(themes) > 1 and rng.random() < slips:
        primary = rng.choice(themes)
    return primary, themes


def fill_sheet(path, slips, seed, only_open=False):
    rng = random.Random(seed)
    book = openpyxl.load_workbook(path)
    sheet = book["编码"]
    column = {cell.value: cell.column for cell in sheet[1]}
    for row in range(3, sheet.max_row + 1):
        if only_open and (
            sheet.cell(row, column["primary"]).value or sheet.cell(row, column["unusable"]).value
        ):
            continue
        found = code_statement(sheet.cell(row, column["text"]).value, slips, rng)
        if found is None:
            sheet.cell(row, column["unusable"], 1)
            continue
        sheet.cell(row, column["primary"], names[found[0]])
        for theme in found[1]:
            sheet.cell(row, column[f"theme:{theme}"], 1)
    book.save(path)


fill_sheet(sheets[0], slips=SLIPS, seed=SEED)
fill_sheet(sheets[1], slips=2 * SLIPS, seed=SEED + 1)

# %% [markdown]
# ## 四、一致性
#
# `agree_sheets` 按编号（不按次序）对齐，算一致率、Cohen κ 和 Krippendorff α；很少用到的主题，系数很不稳，表里会说明。命令行写法：`nianbao themes agree 编码表_A.xlsx 编码表_B.xlsx -o 裁定.xlsx`。

# %%
agreement = nlp.agree_sheets(*sheets, out=WORK / "裁定.xlsx")
print(f"两人都编了 {agreement.count} 条，争议 {len(agreement.disputes)} 条")
agreement.to_table(codebook)

# %%
agreement.list_disputes(codebook)[["陈述", *agreement.names, "不一致之处"]].head(10)

# %% [markdown]
# ## 五、裁定，再训练
#
# `裁定.xlsx` 里一致的已填好，争议排在最前，等人裁定（这里照写定的主题裁定）。60 条不够单独训练 12 个主题，所以与随附的标注合用（为了快，这里只分 2 折，平常是 5 折）。命令行写法：`nianbao themes train 裁定.xlsx --with-shipped -o 我的模型`。

# %%
fill_sheet(WORK / "裁定.xlsx", slips=0, seed=SEED, only_open=True)
model = nlp.train_model([WORK / "裁定.xlsx"], WORK / "我的模型", with_shipped=True, folds=FOLDS)
model.card["sources"]

# %% [markdown]
# ## 六、在没有参加编码的机关上评价
#
# 把留出的机关的陈述和写定的主题写成 JSONL，比较随附模型与再训练的模型。区间按机关整群重抽；机关少，区间就宽——两个模型的差别若落在区间之内，就不能说谁更好。命令行写法：`nianbao themes evaluate 标注.jsonl --model 我的模型 -o 评价`。

# %%
frames = results["held"].frames
held = frames["statements"].merge(frames["reports"][["report_id", "issuer"]], on="report_id")
lines = [
    json.dumps(
        {
            "id": f"{row.report_id}-{row.statement}",
            "role": row.role,
            "text": row.text,
            "issuer": row.issuer,
            "primary": truth[row.text][0],
            "themes": truth[row.text][1],
        },
        ensure_ascii=False,
    )
    for row in held.itertuples()
    if row.text in truth
]
(WORK / "held.jsonl").write_text("\n".join(lines), encoding="utf-8")
judged = {
    "随附模型": nlp.evaluate_labels(WORK / "held.jsonl"),
    "再训练的模型": nlp.evaluate_labels(
        WORK / "held.jsonl", model=WORK / "我的模型", out=WORK / "评价"
    ),
}
rows = [
    (
        name,
        r["scores"]["macro_f1"],
        r["scores"]["macro_f1_bounds"],
        r["scores"]["micro_f1"],
        r["calibration"]["ece"],
        r["abstention"]["share"],
        r["abstention"]["macro_f1_sure"],
    )
    for name, r in judged.items()
]
cues = judged["随附模型"]["baselines"]["cues"]
rows.append(("对照：只用线索词典", cues["macro_f1"], None, cues["micro_f1"], None, None, None))
pd.DataFrame(
    rows, columns=["做法", "宏平均 F1", "95% 区间", "微平均 F1", "ECE", "存疑", "不存疑的宏平均 F1"]
)

# %%
scores = judged["再训练的模型"]["scores"]["themes"]
pd.DataFrame(
    [
        (names[t], s["precision"], s["recall"], s["f1"], s["f1_bounds"], s["support"])
        for t, s in scores.items()
    ],
    columns=["主题", "精确率", "召回率", "F1", "95% 区间", "条数"],
)

# %% [markdown]
# ## 七、主题汇总
#
# 发表前可把结果汇总成 Word、Excel 或网页：占比都带区间，把握不足的标注另列，不计入占比。命令行写法：`nianbao themes summary 结果文件夹 -o 主题汇总.docx`。

# %%
digest = nlp.summarise_result(WORK / "coded", WORK / "主题汇总.docx")
digest.answered
