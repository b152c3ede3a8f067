"""One folder of results: who may write, what is kept from run to run, and how it is published.

Publishing has two steps.  Everything is written to ``library/staging`` and put on the disk;
then a list of the names to move is written in one step, and from there on the result is the
new one: whoever finds the list (after a kill) moves what is not moved yet.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from nlp.library.files import sync_file, sync_folder, write_durably

_LIBRARY = "library"
_FORMAT = 1
_NOTE = (
    "这个文件夹是 nianbao 的资料库：每个读过的文件存一份读取结果，下次只读新增或改动的文件。\n"
    "可以整个删除以节省空间，已发布的结果不受影响；下次会把全部文件重读一遍。\n"
)


class LibraryBusyError(OSError):
    """Another process is writing into the same folder."""


class Workspace:
    """A folder of results that this process alone writes to; see ``open_workspace``."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.folder = out / _LIBRARY
        self.staging = self.folder / "staging"
        self._trash = self.folder / "trash"
        self._list = self.folder / "publish.json"
        self._names = self.folder / "published.json"

    def begin(self) -> Path:
        """Give an empty folder for the new result."""
        shutil.rmtree(self.staging, ignore_errors=True)
        self.staging.mkdir(parents=True)
        return self.staging

    def publish(self) -> None:
        """Put what is in ``staging`` in the place of the earlier result, whole or not at all."""
        for path in sorted(self.staging.rglob("*")):
            if path.is_file():
                sync_file(path)
            else:
                sync_folder(path)
        sync_folder(self.staging)
        names = sorted(path.name for path in self.staging.iterdir())
        # Names that are not ours (a reader's notes beside the result) are left alone.
        gone = sorted(set(self._read(self._names) or ()) - set(names))
        write_durably(self._list, to_json({"move": names, "remove": gone}))
        sync_folder(self.folder)
        self.finish()

    def finish(self) -> bool:
        """Finish what an earlier run began to publish; say whether there was anything."""
        found = self._read(self._list)
        if found is None:
            shutil.rmtree(self._trash, ignore_errors=True)
            return False
        for name in found["move"]:
            if (self.staging / name).exists():
                self._put_away(name)
                (self.staging / name).replace(self.out / name)
        for name in found["remove"]:
            self._put_away(name)
        sync_folder(self.out)
        write_durably(self._names, to_json(found["move"]))
        self._list.unlink()
        sync_folder(self.folder)
        shutil.rmtree(self.staging, ignore_errors=True)
        shutil.rmtree(self._trash, ignore_errors=True)
        return True

    def _put_away(self, name: str) -> None:
        old = self.out / name
        # A file is replaced in one step; a folder has to be out of the way first.
        if old.is_dir() or (old.exists() and not (self.staging / name).is_file()):
            self._trash.mkdir(exist_ok=True)
            place = self._trash / name
            if place.exists():
                shutil.rmtree(place) if place.is_dir() else place.unlink()
            old.replace(place)

    @staticmethod
    def _read(path: Path) -> Any:
        try:
            return json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None


def is_unfinished(out: Path) -> bool:
    """Tell whether a folder has a result that was being published when work broke off."""
    return (out / _LIBRARY / "publish.json").exists()


@contextmanager
def open_workspace(out: Path, *, wait: float = 0.0) -> Iterator[Workspace]:
    """Open a folder of results for writing; finish what an earlier run began to publish.

    Parameters
    ----------
    out : Path
        A folder that is missing, empty, or holds an earlier result or library of ours.
    wait : float
        Seconds to wait for another process that is writing.

    Raises
    ------
    FileExistsError
        If ``out`` holds something else.
    LibraryBusyError
        If another process is writing there.  The lock is the operating system's: it ends
        with its process, however that ended.
    """
    out = Path(out)
    check_folder(out)
    workspace = Workspace(out)
    workspace.folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(workspace.folder / "lock")
    try:
        lock.acquire(timeout=wait)
    except Timeout as error:
        raise LibraryBusyError(
            f"另一个 nianbao 正在往 {out} 写结果；请等它结束，或用 -o 换一个文件夹。"
            "（锁随进程结束自动解除，不必删除任何文件）"
        ) from error
    try:
        mark = workspace.folder / "说明.txt"
        if not mark.exists():
            write_durably(mark, _NOTE.encode())
        workspace.finish()
        yield workspace
    finally:
        lock.release()


def check_folder(out: Path) -> None:
    """Refuse a folder that holds something that is not a result or a library of ours."""
    if not out.exists():
        return
    ours = ("manifest.json", f"{_LIBRARY}/说明.txt", f"{_LIBRARY}/lock")
    if not out.is_dir() or (any(out.iterdir()) and not any((out / name).exists() for name in ours)):
        raise FileExistsError(
            f"输出文件夹 {out} 里有别的内容；应为不存在、空的、或 nianbao 先前的结果。请另选文件夹"
        )


def to_json(value: Any) -> bytes:
    """Give a value as JSON for people to read, keys sorted."""
    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)
    return (text + "\n").encode("utf-8")
