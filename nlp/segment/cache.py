"""The merged dictionary on disk, in the user's own cache folder.

The file is JSON after a line with its SHA-256.  jieba's own cache (a marshal file in the
shared temporary folder, which any user of the machine can write) is never read or written.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any


def _is_ours(path: Path) -> bool:
    """Whether nobody but this user can have written the file (Windows: the profile's rights)."""
    if sys.platform == "win32" or not hasattr(os, "getuid"):
        return True
    for place in (path.parent, path):
        status = place.lstat()
        if status.st_uid != os.getuid() or status.st_mode & 0o022:
            return False
    return not path.is_symlink()


def load_cache(path: Path) -> Any:
    """Give what the cache holds, or None where it is missing, foreign or damaged."""
    try:
        if not _is_ours(path):
            return None
        digest, _, body = path.read_bytes().partition(b"\n")
        if hashlib.sha256(body).hexdigest().encode() != digest:
            return None
        return json.loads(body)
    except (OSError, ValueError, TypeError):
        return None


def save_cache(path: Path, content: Any) -> None:
    """Write the cache in one step; a folder that cannot be written costs speed, no more."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    digest = hashlib.sha256(body).hexdigest().encode()
    kind = path.name.partition("-")[0]
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # The file is created with rights for this user alone.
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{kind}-")
        with os.fdopen(handle, "wb") as file:
            file.write(digest + b"\n" + body)
        Path(temporary).replace(path)
        for old in path.parent.glob(f"{kind}-*.json"):
            if old != path:  # made from a dictionary that has since changed
                old.unlink(missing_ok=True)
    except OSError:
        if temporary is not None:
            with contextlib.suppress(OSError):
                Path(temporary).unlink(missing_ok=True)
