"""The page on reuse in a real browser, made from the shipped reports' truth."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from nlp.pipeline.reuse.publish import make_page_part
from nlp.pipeline.reuse.stage import measure_reuse
from nlp.render.reuse import choice, write_reuse_page
from tests.reuse.truth import load_truths, make_frames

selenium = pytest.importorskip("selenium", reason="browser tests need selenium")
from selenium import webdriver  # noqa: E402
from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.support.ui import Select  # noqa: E402

from tests.render.test_browser import (  # noqa: E402
    assert_quiet,
    set_width,
    start,
    visit,
    wait_for,
)

HOSTILE = "</script><script>window.hacked=1</script><img src=x onerror='window.hacked=1'>{{7*7}}"
needs_browser = pytest.mark.skipif(
    not (shutil.which("chromium") or shutil.which("google-chrome"))
    or shutil.which("chromedriver") is None,
    reason="needs chromium and chromedriver",
)


def write(folder: Path, given: dict[str, pd.DataFrame]) -> tuple[Path, dict[str, pd.DataFrame]]:
    frames, notes = measure_reuse(given)
    every = {**given, **frames}
    path = folder / "reuse.html"
    write_reuse_page(
        {"reports": given["reports"], **frames},
        {"product": "nianbao", "version": "0"},
        path,
        part=make_page_part(every, notes),
    )
    return path, every


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, pd.DataFrame]]:
    return write(tmp_path_factory.mktemp("reuse"), make_frames(load_truths()))


@pytest.fixture(scope="module")
def browser() -> Iterator[webdriver.Chrome]:
    driver = start()
    yield driver
    driver.quit()


def test_nothing_is_fetched_and_cautions_and_formulae_stand_on_the_page(
    made: tuple[Path, dict[str, pd.DataFrame]],
) -> None:
    html = made[0].read_text(encoding="utf-8")
    without_policy = re.sub(r'content="default-src[^"]*"', "", html)
    assert not re.search(r"(?:src|href)=\"?(?:https?:)?//", without_policy)
    for words in ("不等于作者", "自我沿用率", "÷ 计入字数", "界限的敏感性", "先后无从判断"):
        assert words in html


@needs_browser
def test_families_reports_and_tables_are_drawn(
    browser: webdriver.Chrome, made: tuple[Path, dict[str, pd.DataFrame]]
) -> None:
    page, frames = made
    set_width(browser, 1280)
    families = frames["families"]
    visit(browser, page, "families")
    wait_for(browser, "return document.querySelectorAll('.fam').length > 0")
    across = int((families["scope"] == "across").sum())
    assert len(browser.find_elements(By.CSS_SELECTOR, ".fam")) == across
    key = families["family"].iloc[0]
    visit(browser, page, f"f/{key}")
    wait_for(browser, "return document.querySelector('#family h3') !== null")
    shown = browser.find_element(By.ID, "family").text
    assert families["first_note"].iloc[0] in shown
    # Both sides say, changes marked, exactly what the reports say.
    members = frames["passages"][frames["passages"]["family"] == key]["text"].tolist()
    sides = browser.execute_script(
        "return [...document.querySelectorAll('.sides > div')].map((side) =>"
        " [...side.childNodes].slice(1).filter((n) => n.className !== 'c-gap')"
        ".map((n) => n.textContent).join(''))"
    )
    assert sides[0] == members[0] and sides[1] in members[1:]
    Select(browser.find_element(By.ID, "pick")).select_by_index(len(members) - 2)
    last = browser.execute_script(
        "return [...document.querySelectorAll('.sides > div')[1].childNodes].slice(1)"
        ".filter((n) => n.className !== 'c-gap').map((n) => n.textContent).join('')"
    )
    assert last == members[-1]
    assert browser.find_elements(By.CSS_SELECTOR, ".time circle.one")
    for view, rows in (("years", len(frames["reuse_years"])), ("dyads", 1)):
        visit(browser, page, view)
        wait_for(browser, f"return document.querySelector('#{view}-list tbody tr') !== null")
        found = browser.find_elements(By.CSS_SELECTOR, f"#{view}-list tbody tr")
        assert len(found) >= min(rows, 80)
    visit(browser, page, "network")
    assert browser.find_elements(By.CSS_SELECTOR, ".net path.e.dir")
    assert_quiet(browser)


@needs_browser
def test_a_report_is_painted_to_the_letter(
    browser: webdriver.Chrome, made: tuple[Path, dict[str, pd.DataFrame]]
) -> None:
    page, frames = made
    visit(browser, page, "r/1")
    wait_for(browser, "return document.querySelector('#report h3') !== null")
    index = frames["reuse_shares"].sort_values(["issuer", "year"]).reset_index(drop=True)
    row = index.loc[1]
    assert browser.find_element(By.CSS_SELECTOR, "#report h3").text == (
        f"{row['issuer']} {row['year']}"
    )
    painted = browser.execute_script(
        "const box = document.querySelector('#report .painted:not(.key)').cloneNode(true);"
        "box.querySelectorAll('.from').forEach((n) => n.remove());"
        "return [...box.querySelectorAll('p')].map((p) => p.textContent).join('\\n')"
    )
    text = frames["reports"].set_index("report_id").loc[row["report_id"], "text"]
    assert painted == "\n".join(line for line in text.split("\n") if line.strip())
    # Colour is not the only sign: each class has a line of its own, and a title.
    styles = browser.execute_script(
        "return ['mandated', 'formula', 'own', 'peer'].map((k) => {"
        " const n = document.querySelector('.key .t-' + k);"
        " return getComputedStyle(n).borderBottomStyle; })"
    )
    assert len(set(styles)) == 4
    assert_quiet(browser)


@needs_browser
def test_a_page_that_cannot_hold_everything_says_so(
    browser: webdriver.Chrome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, most in (("FAMILIES", 12), ("PASSAGES", 2), ("YEARS", 5), ("PAINTED", 8)):
        monkeypatch.setattr(choice, f"MOST_{name}", most)
    monkeypatch.setattr(choice, "OWN_FAMILIES", 4)
    monkeypatch.setattr(choice, "SAMPLED", 3)
    monkeypatch.setattr(choice, "HIGHEST", 2)
    page, frames = write(tmp_path, make_frames(load_truths()))
    set_width(browser, 1280)
    families = frames["families"]
    visit(browser, page, "families")
    wait_for(browser, "return document.querySelectorAll('.fam').length === 8")
    total = len(families)
    assert f"8 / 12 个家族（全部 {total} 个里的）" in browser.find_element(By.ID, "f-count").text
    notice = browser.find_element(By.CSS_SELECTOR, "#families .notice").text
    assert notice.startswith(f"共 {total:,} 个家族，本页放 12 个")
    tile = browser.execute_script("return document.querySelectorAll('.tiles b')[1].textContent")
    assert int(tile) == (families["scope"] == "across").sum() > 8  # counts are of everything
    first = families.iloc[0]
    assert first["passages"] > 2
    visit(browser, page, f"f/{first['family']}")
    wait_for(browser, "return document.querySelector('#family h3') !== null")
    shown = browser.find_element(By.ID, "family").text
    assert f"共 {first['passages']} 处，这里只有最早的 2 处" in shown
    assert len(browser.find_elements(By.CSS_SELECTOR, "#family tbody tr th a")) == 2
    visit(browser, page, f"f/{families['family'].iloc[-1]}")
    wait_for(browser, "return document.querySelector('#family .empty') !== null")
    assert "本页没有放这个家族" in browser.find_element(By.ID, "family").text
    reports = len(frames["reuse_shares"])
    painted = {int(n) for n in re.findall(r'id="b-r-(\d+)"', page.read_text(encoding="utf-8"))}
    assert 3 <= len(painted) <= 5
    for number in (min(painted), min(set(range(reports)) - painted)):
        visit(browser, page, f"r/{number}")
        wait_for(browser, "return document.querySelector('#report h3') !== null")
        text = browser.find_element(By.ID, "report").text
        assert ("本页没有放这份的正文" in text) == (number not in painted)
        assert "计入字数" in text
    assert f"只放 {len(painted)} 份（共 {reports} 份）" in text
    visit(browser, page, "years")
    wait_for(browser, "return document.querySelectorAll('#years-list tbody tr').length === 5")
    assert_quiet(browser)


@needs_browser
@pytest.mark.parametrize("width", [1280, 390])
def test_no_view_is_wider_than_the_screen(
    browser: webdriver.Chrome, made: tuple[Path, dict[str, pd.DataFrame]], width: int
) -> None:
    set_width(browser, width)
    views = "overview families f/F0001 reports r/0 years dyads network heat residue about"
    for view in views.split():
        visit(browser, made[0], view)
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width, view
    assert_quiet(browser)


@needs_browser
def test_hostile_text_does_nothing(browser: webdriver.Chrome, tmp_path: Path) -> None:
    frames = make_frames(load_truths()[:4])
    reports = frames["reports"]
    reports["issuer"] = reports["issuer"] + HOSTILE
    reports["text"] = reports["text"] + "\n" + HOSTILE
    page, _ = write(tmp_path, frames)
    set_width(browser, 1280)
    for view in ("overview", "f/F0001", "r/0", "network", "heat"):
        visit(browser, page, view)
        assert browser.execute_script("return window.hacked") is None
        assert browser.find_elements(By.TAG_NAME, "img") == []
    assert_quiet(browser)
