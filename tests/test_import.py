"""Importing the package and asking for help load none of the heavy libraries."""

from __future__ import annotations

import subprocess
import sys

import pytest

import nlp

HEAVY = "jieba lxml numba numpy openpyxl pandas pandera pdfplumber pyarrow scipy skops sklearn"


def loaded_by(code: str) -> set[str]:
    found = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return set(found.stdout.split())


@pytest.mark.parametrize(
    "code",
    [
        "import nlp",
        # every command is registered, and help is made, without running one
        "from typer.testing import CliRunner\n"
        "from nlp.cli import app\n"
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0",
    ],
)
def test_heavy_libraries_wait_until_they_are_needed(code: str) -> None:
    assert loaded_by(code) & set(HEAVY.split()) == set()


def test_public_names_are_the_functions_whatever_was_imported_first() -> None:
    # a module of the same name, imported before or after, must not take the function's place
    code = (
        "import nlp\nimport nlp.read.sniff, nlp.segment\n"
        "assert callable(nlp.read) and callable(nlp.segment)\n"
        "from nlp import read, segment\nassert callable(read) and callable(segment)"
    )
    loaded_by(code)


def test_every_public_name_can_be_had_and_no_other() -> None:
    assert set(nlp.__all__) == set(nlp._HOMES)
    assert set(nlp.__all__) <= set(dir(nlp))
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = nlp.nonsense
