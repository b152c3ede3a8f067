"""Find the data files that ship with the project.

An installed package carries ``corpus/dictionary``, ``corpus/codebook.toml`` and
``models`` inside itself (see the wheel section of ``pyproject.toml``); a source checkout has
them at its top level.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def find_resource(name: str) -> Path:
    """Give the path of a shipped file or folder such as ``models`` or ``corpus/codebook.toml``.

    Raises
    ------
    FileNotFoundError
        If neither the installed package nor the checkout has it.
    """
    for base in (_PACKAGE / "_data", _PACKAGE.parent):
        path = base / name
        if path.exists():
            return path
    raise FileNotFoundError(
        f"应随软件附带 {name}，但安装目录与源码目录中都没有；请重新安装 nianbao"
    )
