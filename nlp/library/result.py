"""Frames and a manifest: written into a folder, and loaded from it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from nlp.documents import FRAMES, check_frame
from nlp.library.workspace import is_unfinished, open_workspace

MANIFEST = "manifest.json"
_PATIENCE = 30.0  # seconds to wait for another process that is publishing


class OutdatedResultError(ValueError):
    """A result of another version, whose frames have other columns; says which (Chinese)."""


class ResultFrames(Mapping[str, pd.DataFrame]):
    """The frames of a result, each loaded when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names = [name for name in FRAMES if (folder / f"{name}.parquet").exists()]
        self._loaded: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._names:
            raise KeyError(name)
        if name not in self._loaded:
            # A large result has a folder of parts in the place of the file.
            path = self._folder / f"{name}.parquet"
            frame = pd.read_parquet(path)
            _refuse_outdated(name, frame, path)
            self._loaded[name] = check_frame(name, frame)
        return self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def _refuse_outdated(name: str, frame: pd.DataFrame, path: Path) -> None:
    wanted, found = {column.key for column in FRAMES[name].columns}, set(frame.columns)
    if wanted == found:
        return
    differences = [
        f"{word} {'、'.join(sorted(keys))}"
        for word, keys in (("少了", wanted - found), ("多了", found - wanted))
        if keys
    ]
    raise OutdatedResultError(
        f"{path}：应有本版本的各列；实为{'，'.join(differences)}。"
        "结果由另一版本的 nianbao 生成，请用 nianbao build 重新生成"
        "（文件没有变化、读取方法也没有变化的报告不会重读）。"
    )


def write_result(
    frames: Mapping[str, pd.DataFrame],
    manifest: Mapping[str, Any],
    out: Path,
    *,
    extras: Callable[[Path], None] | None = None,
) -> None:
    """Write frames, manifest and whatever ``extras`` adds into the folder ``out``.

    A run that fails or is killed leaves the earlier result as it was.

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
    LibraryBusyError
        If another process is writing there.
    """
    with open_workspace(Path(out)) as workspace:
        made = workspace.begin()
        try:
            for name, frame in frames.items():
                write_frame(name, frame, made)
            if extras is not None:
                extras(made)
            write_manifest(manifest, made)
            workspace.publish()
        except BaseException:
            shutil.rmtree(made, ignore_errors=True)
            raise


def write_frame(name: str, frame: pd.DataFrame, folder: Path) -> None:
    """Write one frame as one Parquet file."""
    check_frame(name, frame).to_parquet(folder / f"{name}.parquet", index=False)


def write_manifest(manifest: Mapping[str, Any], folder: Path) -> None:
    """Write the manifest; keys are sorted."""
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def load_manifest(folder: Path) -> dict[str, Any] | None:
    """Load the manifest of a result, or None where there is none."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return manifest


def load_result(folder: Path | str) -> tuple[Mapping[str, pd.DataFrame], dict[str, Any]]:
    """Load the frames (each when it is first asked for) and the manifest of a result.

    Raises
    ------
    FileNotFoundError
        If the folder holds no result.
    """
    folder = Path(folder)
    if is_unfinished(folder):
        with open_workspace(folder, wait=_PATIENCE):
            pass
    manifest = load_manifest(folder)
    if manifest is None:
        raise FileNotFoundError(f"{folder} 里没有 {MANIFEST}；应为 nianbao build 的输出文件夹")
    return ResultFrames(folder), manifest
