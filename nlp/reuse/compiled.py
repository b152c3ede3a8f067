"""Compile the hot loops once and keep the machine code in the user's cache folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, cast

import numba
import platformdirs
from numba.core import config

F = TypeVar("F", bound=Callable[..., object])


def _prepare_cache() -> bool:
    """Point numba at the user's cache folder; say whether it can be written to."""
    if vars(config)["CACHE_DIR"]:  # the user's own NUMBA_CACHE_DIR
        return True
    folder = Path(platformdirs.user_cache_dir("nianbao", appauthor=False)) / "numba"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.write_bytes(b"")
    except OSError:
        return False
    vars(config)["CACHE_DIR"] = str(folder)
    return True


_CACHE = _prepare_cache()


def compiled(function: F) -> F:
    """Compile a function of arrays to machine code, keeping its Python type.

    Without a folder to write to, the function is compiled anew in every process.
    """
    return cast(F, numba.njit(cache=_CACHE, nogil=True)(function))
