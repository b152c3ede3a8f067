"""The theme summary of a result: a Word document, a page or a workbook."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nlp.library import load_result
from nlp.render.theme_report import ThemeReport, write_theme_report
from nlp.themes import load_codebook
from nlp.themes.digest import SMALL, Digest, digest_themes

_KINDS = (".docx", ".xlsx", ".html")
_REMARKS = (
    "占比 = 提到该主题的报告 ÷ 读到第五部分的报告；没有读到第五部分的报告不计入分母。",
    "区间为 Wilson 95% 区间，只反映报告份数多少，不含分类误差；分类误差见模型卡。",
    "“存疑”是分类器把握不足的标注，一律不计入占比，另列其数；发表前请人工核对。",
    f"* 分母不足 {SMALL} 份，占比仅供参考。一份报告可提到几个主题，各主题占比之和不是 100%。",
    "同一机关的报告并不独立；比较地区或年度时请留意机关构成是否相同。",
)


def summarise_result(
    result: Path | str, out: Path | str, *, codebook: Path | str | None = None
) -> Digest:
    """Write the theme summary of a result.

    Parameters
    ----------
    result : Path or str
        Folder that ``build`` wrote.
    out : Path or str
        A .docx, .xlsx or .html; the same result gives the same bytes.
    codebook : Path or str, optional
        Names and order of the themes; default the ones that ship.

    Returns
    -------
    Digest
        The tables that were written.

    Raises
    ------
    ValueError
        If the name of the output ends otherwise, or no report has a section 五.
    """
    target = Path(out)
    if target.suffix.lower() not in _KINDS:
        raise ValueError(f"输出文件应以 {'、'.join(_KINDS)} 结尾，实为 {target.name}")
    book = load_codebook(codebook)
    frames, manifest = load_result(result)
    digest = digest_themes(frames, book)
    years = sorted({int(year) for year in frames["reports"]["year"].dropna()})
    report = ThemeReport(
        title="政府信息公开年报：问题与措施的主题",
        facts=(
            ("范围", f"{digest.reports} 份读到第五部分的报告，{digest.issuers} 个机关"
             + (f"，{years[0]}—{years[-1]} 年" if years else "")),
            ("陈述", f"{digest.statements} 条问题与措施，其中 {digest.doubtful} 条的主题存疑"),
            ("编码手册", f"版本 {book.version}，SHA-256 {book.sha256[:12]}"),
            ("主题模型", _name_model(manifest)),
        ),
        remarks=_REMARKS,
        named=[book.name_of(theme) for theme in book.highlighted],
        tables=digest.to_tables(),
    )  # fmt: skip
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(
        prefix=f".{target.stem}-", suffix=target.suffix.lower(), dir=target.parent
    )
    os.close(handle)
    try:
        write_theme_report(report, name)
        Path(name).chmod(0o644)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return digest


def _name_model(manifest: Mapping[str, Any]) -> str:
    model = manifest.get("model")
    found = model.get("sha256") if isinstance(model, Mapping) else model
    return f"SHA-256 {str(found)[:12]}" if found else "未注明"
