"""What a reading and a result were made with, so that what has changed is made again."""

from __future__ import annotations

import hashlib
import json
import shutil
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from nlp.resources import find_resource

LIBRARIES = (
    "jieba",
    "lxml",
    "opencc",
    "pandas",
    "pdfplumber",
    "pdfminer.six",
    "pyarrow",
    "python-docx",
    "scikit-learn",
    "skops",
)
_READING_LIBRARIES = (
    *("jieba", "lxml", "opencc", "pdfplumber", "pdfminer.six", "pypdfium2", "python-docx"),
    *("charset-normalizer", "cn2an", "fonttools", "numpy", "rapidfuzz"),
)
# Programs and packages that make files readable which are not readable without them.
_ABILITIES = ("rapidocr", "rapidocr-onnxruntime", "onnxruntime")
# Everything else in the package may have a say in what is read from a file.
_NOT_READING = (
    *(
        "claims",
        "cli",
        "compare",
        "engine",
        "follow",
        "indicators.py",
        "lexicon",
        "library",
        "render",
        "reuse",
    ),
    *("themes", "_data", "__init__.py"),
    *(
        f"pipeline/{name}"
        for name in (
            *(
                "__init__.py",
                "batch.py",
                "claims.py",
                "coding.py",
                "completing.py",
                "follow.py",
                "explore.py",
                "files.py",
            ),
            *(
                "inspect.py",
                "lines.py",
                "picturing.py",
                "planning.py",
                "publishing.py",
                "reuse",
                "rows.py",
                "theme_summary.py",
            ),
        )
    ),
)
_NOT_RESULT = ("cli", "engine", "_data")
_PACKAGE = Path(__file__).parent.parent


def find_version(name: str) -> str:
    """Give the version of an installed package, ``0`` where it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "0"


@cache
def describe_reading() -> dict[str, Any]:
    """Say what the reading of a file depends on: the code, its data, and libraries."""
    dictionary = find_resource("corpus/dictionary")
    return {
        "code": _hash_files(_PACKAGE, _NOT_READING),
        "dictionary": _hash_files(dictionary, ()),
        "libraries": {name: find_version(name) for name in _READING_LIBRARIES},
    }


def reading_key() -> str:
    """Give the name under which records of the present version are kept."""
    return hash_json(describe_reading())[:16]


@cache
def result_code() -> str:
    """Give the hash of all code that has a say in frames, page and workbook."""
    return _hash_files(_PACKAGE, _NOT_RESULT)


@cache
def describe_abilities(*, ocr: bool = False) -> str:
    """Say which optional readers this run has: a file skipped for want of one is retried."""
    found = {name: find_version(name) for name in _ABILITIES}
    office = shutil.which("soffice") or shutil.which("libreoffice")
    return hash_json([found, office is not None, ocr])[:16]


def hash_json(value: Any) -> str:
    """Give the SHA-256 of a JSON-able value, whatever the order of its keys."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _hash_files(folder: Path, excluded: tuple[str, ...]) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder).as_posix()
        left_out = any(inner == name or inner.startswith(f"{name}/") for name in excluded)
        if left_out or "__pycache__" in path.parts or not path.is_file():
            continue
        digest.update(f"{inner}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()
