"""Frames, a page and a workbook that the render tests share."""

from __future__ import annotations

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
    path = tmp_path_factory.mktemp("page") / "结果.html"
    write_page(frames, MANIFEST, path, themes=theme_entries)
    return path


@pytest.fixture(scope="session")
def hostile_page(
    tmp_path_factory: pytest.TempPathFactory,
    hostile_frames: dict[str, pd.DataFrame],
    theme_entries: tuple[ThemeEntry, ...],
) -> Path:
    path = tmp_path_factory.mktemp("hostile") / "hostile.html"
    write_page(hostile_frames, {**MANIFEST, "note": HOSTILE}, path, themes=theme_entries)
    return path


@pytest.fixture(scope="session")
def workbook(
    tmp_path_factory: pytest.TempPathFactory, hostile_frames: dict[str, pd.DataFrame]
) -> Path:
    path = tmp_path_factory.mktemp("workbook") / "结果.xlsx"
    write_workbook(hostile_frames, MANIFEST, path)
    return path
