"""Compile the hot loops once and keep the machine code in the user's cache folder."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import TypeVar, cast

import numba
import platformdirs
from numba.core import config

F = TypeVar("F", bound=Callable[..., object])


def _prepare_cache() -> bool:
    """Point numba at the user's cache folder; say whether it can be written to."""
    own = vars(config)["CACHE_DIR"]  # NUMBA_CACHE_DIR
    cache = Path(own or platformdirs.user_cache_dir("nianbao", appauthor=False))
    # Numba looks at the age of the calling file only; what it calls may have changed too.
    files = (p.read_bytes() for p in sorted(Path(__file__).parent.glob("*.py")))
    sources = b"".join(source for source in files if b"import compiled\n" in source)
    folder = cache / "numba" / sha256(sources).hexdigest()[:16]
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
