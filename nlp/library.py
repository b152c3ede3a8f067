"""A result on disk: Parquet frames and a manifest, written whole or not at all."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from nlp.documents import FRAMES, check_frame

MANIFEST = "manifest.json"


def write_result(
    frames: Mapping[str, pd.DataFrame],
    manifest: Mapping[str, Any],
    out: Path,
    *,
    extras: Callable[[Path], None] | None = None,
) -> None:
    """Write frames, manifest and whatever ``extras`` adds into the folder ``out``.

    Everything is first written beside ``out`` and then put in its place, so an interrupted
    or failed run leaves the earlier result as it was.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        Frames by their key in ``nlp.documents.FRAMES``.
    manifest : mapping
        JSON-able; keys are sorted on writing.
    out : Path
        A folder that is missing, empty, or holds an earlier result.
    extras : callable, optional
        Called with the folder under construction to add the workbook and the page.

    Raises
    ------
    FileExistsError
        If ``out`` holds something that is not a result of ours.
    """
    out = Path(out)
    if out.exists() and (
        not out.is_dir() or (any(out.iterdir()) and not (out / MANIFEST).exists())
    ):
        raise FileExistsError(
            f"输出文件夹 {out} 里有别的内容；应为不存在、空的、或 nianbao 先前的结果。请另选文件夹"
        )
    out.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        for name, frame in frames.items():
            check_frame(name, frame).to_parquet(made / f"{name}.parquet", index=False)
        if extras is not None:
            extras(made)
        text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
        (made / MANIFEST).write_text(text + "\n", encoding="utf-8")
        # mkdtemp makes a private folder; a result is to be shared like any other file.
        made.chmod(0o755)
        _put_in_place(made, out)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise


def _put_in_place(made: Path, out: Path) -> None:
    if not out.exists():
        made.replace(out)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{out.name}-old-", dir=out.parent))
    out.replace(old / "result")
    try:
        made.replace(out)
    except BaseException:
        (old / "result").replace(out)
        raise
    shutil.rmtree(old, ignore_errors=True)


def load_result(folder: Path | str) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """Load the frames and the manifest of a result.

    Raises
    ------
    FileNotFoundError
        If the folder holds no result.
    """
    folder = Path(folder)
    if not (folder / MANIFEST).exists():
        raise FileNotFoundError(f"{folder} 里没有 {MANIFEST}；应为 nianbao build 的输出文件夹")
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    frames = {
        name: check_frame(name, pd.read_parquet(folder / f"{name}.parquet"))
        for name in FRAMES
        if (folder / f"{name}.parquet").exists()
    }
    return frames, manifest
