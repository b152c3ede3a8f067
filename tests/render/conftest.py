"""Frames, a page and a workbook that the render tests share."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from nlp.render import ThemeEntry, write_page, write_workbook
from tests.render.sample_frames import MANIFEST, THEMES, make_sample

# Markup that closes a script, opens one, breaks out of an attribute, and runs as a formula.
HOSTILE = (
    '=HYPERLINK("x")</script><script>window.hacked=1</script>'
    "<img src=x onerror='window.hacked=1'>\"'&amp;{{7*7}}"
)


@pytest.fixture(scope="session")
def theme_entries() -> tuple[ThemeEntry, ...]:
    return tuple(ThemeEntry(i, n, f"{n}的定义", k < 3) for k, (i, n) in enumerate(THEMES))


@pytest.fixture(scope="session")
def frames() -> dict[str, pd.DataFrame]:
    return make_sample()


@pytest.fixture(scope="session")
def hostile_frames() -> dict[str, pd.DataFrame]:
    return make_sample(6, hostile=HOSTILE)


@pytest.fixture(scope="session")
def page(
    tmp_path_factory: pytest.TempPathFactory,
    frames: dict[str, pd.DataFrame],
    theme_entries: tuple[ThemeEntry, ...],
) -> Path:
    return make_once(
        tmp_path_factory,
        "结果.html",
        lambda path: write_page(frames, MANIFEST, path, themes=theme_entries),
    )


@pytest.fixture(scope="session")
def hostile_page(
    tmp_path_factory: pytest.TempPathFactory,
    hostile_frames: dict[str, pd.DataFrame],
    theme_entries: tuple[ThemeEntry, ...],
) -> Path:
    manifest = {**MANIFEST, "note": HOSTILE}
    return make_once(
        tmp_path_factory,
        "hostile.html",
        lambda path: write_page(hostile_frames, manifest, path, themes=theme_entries),
    )


def make_once(
    factory: pytest.TempPathFactory, name: str, write: Callable[[Path], object], wait: float = 300
) -> Path:
    """Let the first process of the run that needs a page write it; the others wait for it.

    A page takes seconds and is the same for all.  Should its writer fail, the others write
    their own, so that each says what is wrong.
    """
    base = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    folder = base / f"once-{name}"
    path = folder / name
    try:
        folder.mkdir()
    except FileExistsError:
        end = time.monotonic() + wait
        while not (folder / "done").exists():
            if (folder / "failed").exists() or time.monotonic() > end:
                path = factory.mktemp("own") / name
                write(path)
                return path
            time.sleep(0.1)
        return path
    try:
        write(path)
    except BaseException:
        (folder / "failed").touch()
        raise
    (folder / "done").touch()
    return path


@pytest.fixture(scope="session")
def workbook(
    tmp_path_factory: pytest.TempPathFactory, hostile_frames: dict[str, pd.DataFrame]
) -> Path:
    path = tmp_path_factory.mktemp("workbook") / "结果.xlsx"
    write_workbook(hostile_frames, MANIFEST, path)
    return path
