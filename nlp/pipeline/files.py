"""Find the files of a batch and give each a name that is the same on every machine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

# Files that stand beside reports in crawled folders and can never be one; they are counted
# in the manifest, not listed one by one.  A file named on its own is always read.
_IGNORED = frozenset(
    ".css .js .json .jsonl .map .woff .woff2 .ttf .otf .ico .svg .gif .csv .tsv .toml .yaml"
    " .yml .py .ipynb .parquet .db .sqlite .log .lock .tmp .part .crdownload .sha256 .bib".split()
)
_IGNORED_NAMES = frozenset({"thumbs.db", "desktop.ini", "readme.md", "readme.txt"})


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file of the batch: where it is and what it is called in the result."""

    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class Discovery:
    """Files to read in order of name, and how many others were passed over, by ending."""

    files: tuple[InputFile, ...]
    ignored: dict[str, int]


def find_files(inputs: Sequence[Path | str], *, without: Path | None = None) -> Discovery:
    """List the files of folders (with their sub-folders) and single files.

    Names are relative to the folder given, with ``/``; when several inputs are given, the
    folder's own name goes before them.  What lies in the folder ``without`` (the result, when
    it is written into the folder of the reports) is passed over.

    Raises
    ------
    FileNotFoundError
        If an input does not exist, or nothing is left to read.
    """
    found: dict[str, Path] = {}
    ignored: Counter[str] = Counter()
    many = len(inputs) > 1
    own = without.resolve() if without is not None else None
    for given in map(Path, inputs):
        if given.is_file():
            found[given.name if given.name not in found else str(given.as_posix())] = given
            continue
        if not given.is_dir():
            raise FileNotFoundError(f"找不到输入 {given}；应为文件夹或文件")
        for path in sorted(given.rglob("*")):
            if not path.is_file() or path.is_symlink():
                continue
            if own is not None and path.resolve().is_relative_to(own):
                continue
            inner = path.relative_to(given)
            if any(part.startswith((".", "~$")) for part in inner.parts):
                ignored["隐藏文件"] += 1
            elif path.suffix.lower() in _IGNORED or path.name.lower() in _IGNORED_NAMES:
                ignored[path.suffix.lower() or path.name] += 1
            else:
                found[(Path(given.resolve().name) / inner if many else inner).as_posix()] = path
    if not found:
        raise FileNotFoundError("输入里没有可以读的文件；应有 PDF、HTML、DOCX 或文本")
    files = tuple(InputFile(found[name], name) for name in sorted(found))
    return Discovery(files, dict(sorted(ignored.items())))
