"""What a result says of itself: how to cite it, and its manifest as a list."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

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
    """
    return list(_walk(manifest, ()))


def _walk(value: Any, path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _walk(inner, (*path, _WORDS.get(str(key), str(key))))
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


def _show(value: Any) -> str:
    if value is None:
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)
