"""What a result says of itself: how to cite it, and its manifest as a list."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from nlp.documents import FRAMES

# Words for the usual keys of a manifest; a key that is not here is shown as it is.
_WORDS = {
    "product": "软件",
    "version": "版本",
    "versions": "程序库版本",
    "counts": "计数",
    "parameters": "参数",
    "inputs": "输入文件",
    "model": "主题模型",
    "codebook": "编码手册",
    "skipped": "跳过的文件",
    "frames": "表",
    "reports": "报告",
    "sha256": "SHA-256",
    "file": "文件",
    "python": "Python",
    "options": "选项",
    "reason": "原因",
    "code": "代号",
    "removed": "不再有的文件",
    "left_out": "没有放进来的",
    "reading": "读取版本",
    "readers": "读取器",
    "read_again": "改由参考读取器重读的 PDF",
    "libraries": "程序库版本",
    "form_checks": "勾稽规则的版本",
    "indicators": "指标定义的版本",
    "ignored": "没有读的其他格式文件",
    "ocr": "识别扫描件",
    "issuers_given": "给出属性的机关数",
    "file_timeout_seconds": "每个文件的时限（秒）",
    "file_memory_bytes": "每个文件的内存上限（字节）",
    "corrections": "更正",
    "applied": "已用上",
    "same": "现在就是这样",
    "unfit": "不再适用",
    "invalid": "写得不对",
    "reuse": "文字沿用",
    "settings": "设定",
    "dyads": "机关之间的对（all 全部，sharing 只有共同文字的）",
    "pairs_with_all_measures": "算全部相似指标的对数上限",
    "comparison": "比较",
    "seed": "种子",
    "max_pairs": "报告对的上限",
    "permutations": "置换次数",
    "bootstrap_draws": "自助法次数",
}


# Entries of one list that a page or a sheet shows; a hundred thousand file names help nobody.
_LONGEST = 5_000


def hash_manifest(manifest: Mapping[str, Any]) -> str:
    """Give the SHA-256 of a manifest (keys sorted), which names a result."""
    text = json.dumps(manifest, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()


def write_citation(manifest: Mapping[str, Any]) -> str:
    """Write how to cite a result in a paper.

    Examples
    --------
    >>> write_citation({"version": "0.1.0", "counts": {"reports": 48}})[:27]
    'nianbao 0.1.0. 政府信息公开工作年度报告'
    """
    version = manifest.get("version") or manifest.get("nianbao") or ""
    counts = manifest.get("counts")
    reports = counts.get("reports") if isinstance(counts, Mapping) else None
    count = f"由 {reports} 份报告提取；" if reports is not None else ""
    product = f"nianbao {version}".strip()
    return (
        f"{product}. 政府信息公开工作年度报告提取结果 [数据]. "
        f"{count}清单 SHA-256 前 12 位：{hash_manifest(manifest)[:12]}。"
    )


def list_manifest(manifest: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Give a manifest as rows of name and value, nested keys joined by " · ".

    Examples
    --------
    >>> list_manifest({"model": {"sha256": "ab"}, "inputs": ["a.pdf"]})
    [('主题模型 · SHA-256', 'ab'), ('输入文件 · 1', 'a.pdf')]
    >>> list_manifest({"counts": {"statements": 301}})
    [('计数 · 问题与措施', '301')]
    """
    return list(_walk(manifest, ()))


def _walk(value: Any, path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _walk(inner, (*path, _name(str(key), path)))
    elif isinstance(value, (list, tuple)):
        for number, inner in enumerate(value[:_LONGEST], 1):
            if isinstance(inner, Mapping) and not any(
                isinstance(v, (Mapping, list, tuple)) for v in inner.values()
            ):
                text = "；".join(f"{_WORDS.get(str(k), k)} {_show(v)}" for k, v in inner.items())
                yield " · ".join((*path, str(number))), text
            else:
                yield from _walk(inner, (*path, str(number)))
        if len(value) > _LONGEST:
            yield " · ".join((*path, "……")), f"其余 {len(value) - _LONGEST} 项见 manifest.json"
    else:
        yield " · ".join(path), _show(value)


def _name(key: str, path: tuple[str, ...]) -> str:
    if path[-1:] == (_WORDS["counts"],) and key in FRAMES:
        return FRAMES[key].title
    # Settings of an algorithm go by the names that the code and the docs give them.
    return key if path[-1:] == (_WORDS["settings"],) else _WORDS.get(key, key)


def _show(value: Any) -> str:
    if value is None:
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)
