"""Writing that survives a kill, a full disk or a lost power supply."""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path

_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}


class DiskFullError(OSError):
    """There was no room to write; what was there before is as it was."""


def is_disk_full(error: BaseException | None) -> bool:
    """Tell whether an error, or one that led to it, is for want of room on the disk."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, OSError) and (
            error.errno in _FULL or "No space left" in str(error) or "File too large" in str(error)
        ):
            return True
        inner = next((a for a in error.args if isinstance(a, BaseException)), None)
        error = error.__cause__ or error.__context__ or inner
    return False


def write_durably(path: Path, data: bytes) -> None:
    """Write a file in one step: whoever looks sees the old one or the new, never a half.

    The bytes are on the disk before the name is; a file left half by a kill has a name that
    ends in ``.tmp`` and is written over.
    """
    temporary = path.with_name(path.name + ".tmp")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def sync_file(path: Path) -> None:
    """See a file written by others onto the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(path: Path) -> None:
    """See the names in a folder onto the disk, where the system can (not on Windows)."""
    if os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)
