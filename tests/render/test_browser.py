"""The page in a real browser: opened from disk, driven by mouse and keyboard.

Needs chromium and chromedriver (``.ci/run`` installs them); skipped where they are missing.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from fontTools.ttLib import TTFont

from nlp.render.typeface import cut_typeface

selenium = pytest.importorskip("selenium", reason="browser tests need selenium")
from selenium import webdriver  # noqa: E402
from selenium.webdriver.chrome.service import Service  # noqa: E402
from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.common.keys import Keys  # noqa: E402
from selenium.webdriver.support.ui import Select, WebDriverWait  # noqa: E402

BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(
    BROWSER is None or DRIVER is None, reason="needs chromium and chromedriver"
)


def start(**environment: str) -> webdriver.Chrome:
    options = webdriver.ChromeOptions()
    options.binary_location = str(BROWSER)
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--no-first-run",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    service = Service(str(DRIVER), env={**os.environ, **environment})
    return webdriver.Chrome(options=options, service=service)


@pytest.fixture(scope="module")
def browser() -> Iterator[webdriver.Chrome]:
    driver = start()
    yield driver
    driver.quit()


def set_width(browser: webdriver.Chrome, width: int) -> None:
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def visit(browser: webdriver.Chrome, page: Path, place: str = "") -> None:
    browser.get("about:blank")
    browser.get_log("browser"), browser.get_log("performance")
    browser.get(page.as_uri() + ("#" + place if place else ""))
    wait_for(browser, "return document.documentElement.dataset.ready === 'yes'")


def wait_for(browser: webdriver.Chrome, script: str, *arguments: Any) -> Any:
    return WebDriverWait(browser, 15).until(lambda b: b.execute_script(script, *arguments))


def assert_quiet(browser: webdriver.Chrome) -> None:
    """No message on the console, and nothing fetched but the page itself and its data."""
    assert browser.get_log("browser") == []
    for entry in browser.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            url = message["params"]["request"]["url"]
            assert url.startswith(("file:", "data:", "about:", "blob:")), url


def visible(browser: webdriver.Chrome, selector: str) -> list[str]:
    return [e.text for e in browser.find_elements(By.CSS_SELECTOR, selector) if e.is_displayed()]


def test_reader_finds_a_report_and_sees_its_cells(
    browser: webdriver.Chrome, page: Path, frames: dict[str, pd.DataFrame]
) -> None:
    set_width(browser, 1280)
    visit(browser, page)
    assert visible(browser, ".view h2") == ["概览"]
    browser.find_element(By.LINK_TEXT, "报告").click()
    wait_for(browser, "return document.querySelectorAll('.item').length === 48")
    browser.find_element(By.ID, "f-text").send_keys("柳堰镇 2023")
    wait_for(browser, "return document.querySelectorAll('.item').length === 1")
    assert visible(browser, "#f-count") == ["1 / 48 份报告"]
    browser.find_element(By.CSS_SELECTOR, ".item").click()
    wait_for(browser, "return document.querySelector('#report h3') !== null")
    reports = frames["reports"]
    row = reports[(reports["issuer"] == "临岚县柳堰镇人民政府") & (reports["year"] == 2023)].iloc[0]
    assert visible(browser, "#report h3") == [row["title"]]
    cells = browser.find_elements(By.CSS_SELECTOR, "#report td[data-key]")
    assert len(cells) == (frames["cells"]["report_id"] == row["report_id"]).sum() == 200
    marks = browser.execute_script(
        "return [...document.querySelectorAll('#report mark[data-s]')].map(m => m.textContent)"
    )
    own = frames["statements"][frames["statements"]["report_id"] == row["report_id"]]
    assert marks == list(own["text"])
    assert_quiet(browser)


def test_filters_work_together_and_can_be_cleared(
    browser: webdriver.Chrome, page: Path, frames: dict[str, pd.DataFrame]
) -> None:
    set_width(browser, 1280)
    visit(browser, page, "reports")
    Select(browser.find_element(By.ID, "f-year")).select_by_visible_text("2024")
    Select(browser.find_element(By.ID, "f-level")).select_by_visible_text("县级")
    reports = frames["reports"]
    strict = (reports["year"] == 2024) & (reports["level"].fillna("") == "county")
    wanted = strict.sum()
    wait_for(browser, f"return document.querySelectorAll('.item').length === {wanted}")
    Select(browser.find_element(By.ID, "f-flag")).select_by_visible_text("有原文不符")
    wanted = (strict & (reports["checks_failed_theirs"] > 0)).sum()
    wait_for(browser, f"return document.querySelectorAll('.item').length === {wanted}")
    browser.find_element(By.ID, "f-clear").click()
    wait_for(browser, "return document.querySelectorAll('.item').length === 48")
    Select(browser.find_element(By.ID, "f-theme")).select_by_visible_text("问题 · 政策解读")
    tags = frames["themes"].merge(frames["statements"][["report_id", "statement", "role"]])
    chosen = tags[
        tags["assigned"] & (tags["theme"] == "policy_interpretation") & (tags["role"] == "problem")
    ]
    wanted = chosen["report_id"].nunique()
    wait_for(browser, f"return document.querySelectorAll('.item').length === {wanted}")
    assert_quiet(browser)


def test_a_failed_check_leads_to_its_cell(
    browser: webdriver.Chrome, page: Path, frames: dict[str, pd.DataFrame]
) -> None:
    set_width(browser, 1280)
    visit(browser, page, "checks")
    failed = frames["checks"][frames["checks"]["result"] == "fail"]
    rows = browser.find_elements(By.CSS_SELECTOR, "#checks-list tbody tr")
    assert len(rows) == len(failed)
    kinds = [e.text for e in browser.find_elements(By.CSS_SELECTOR, "#checks-list .pill")]
    assert kinds.count("原文如此") == (failed["doubt"] == "theirs").sum()
    assert kinds.count("读取存疑") == (failed["doubt"] == "ours").sum()
    browser.find_element(By.LINK_TEXT, "看单元格").click()
    wait_for(browser, "return document.activeElement.matches('td.hit')")
    cell = browser.switch_to.active_element
    assert "f-theirs" in cell.get_attribute("class") or "f-ours" in cell.get_attribute("class")
    # The arrow keys walk the table, and the line beneath says what the cell holds.
    before = cell.get_attribute("data-key")
    cell.send_keys(Keys.ARROW_UP)
    after = browser.switch_to.active_element
    assert after.get_attribute("data-key") != before
    assert after.get_attribute("title") in visible(browser, ".cellinfo")
    assert_quiet(browser)


def test_doubt_is_shown_as_doubt(
    browser: webdriver.Chrome, page: Path, frames: dict[str, pd.DataFrame]
) -> None:
    set_width(browser, 1280)
    doubtful = frames["cells"][frames["cells"]["state"] == "unreadable"]
    report = doubtful["report_id"].iloc[0]
    visit(browser, page, f"r/{report}")
    wait_for(browser, "return document.querySelector('#report h3') !== null")
    shown = browser.execute_script(
        "return [...document.querySelectorAll('#report td.c-unreadable')].map(e => e.innerText)"
    )
    assert len(shown) == (doubtful["report_id"] == report).sum()
    assert all(text.startswith("存疑") for text in shown)
    absent = frames["cells"][frames["cells"]["state"] == "absent"]["report_id"].iloc[0]
    visit(browser, page, f"r/{absent}")
    wait_for(browser, "return document.querySelector('#report h3') !== null")
    assert "文件里没有这张表" in browser.find_element(By.ID, "report").text
    unsure = frames["statements"][frames["statements"]["abstain"]].iloc[0]
    visit(browser, page, f"r/{unsure['report_id']}/s/{unsure['statement']}")
    wait_for(browser, "return document.querySelector('mark.hit') !== null")
    mark = browser.find_element(By.CSS_SELECTOR, "mark.hit")
    assert mark.text == unsure["text"]
    assert "unsure" in mark.get_attribute("class")
    assert_quiet(browser)


def test_a_tag_says_why(
    browser: webdriver.Chrome,
    hostile_page: Path,
    hostile_frames: dict[str, pd.DataFrame],
) -> None:
    set_width(browser, 390)
    statements, themes = hostile_frames["statements"], hostile_frames["themes"]
    report = statements.loc[statements["abstain"], "report_id"].iloc[0]
    visit(browser, hostile_page, f"r/{report}")
    wait_for(browser, "return document.querySelector('.why') !== null")
    mine = statements[statements["report_id"] == report]
    assert visible(browser, ".why") == []
    hostile = False
    for number, doubtful, text in zip(
        mine["statement"], mine["abstain"], mine["text"], strict=True
    ):
        said = "".join(text.split())
        button = browser.find_element(By.CSS_SELECTOR, f"[aria-controls=why-{number}]")
        button.send_keys(Keys.ENTER)
        assert button.get_attribute("aria-expanded") == "true"
        told = browser.find_element(By.ID, f"why-{number}").text
        own = themes[(themes["report_id"] == report) & (themes["statement"] == number)]
        given, rest = own[own["assigned"]], own[~own["assigned"]]
        for label, p, words in zip(
            given["label"], given["probability"], given["evidence"], strict=True
        ):
            named = "".join(f"“{word}”" for word in words.split("；") if word in said)
            assert f"概率 {p:.2f}；支持它的词{named}\n" in f"{told}\n"
            assert label in told
            hostile |= "<script>" in named
        near = rest[rest["probability"] >= 0.1].nlargest(3, "probability")
        assert ("请人工核对" in told) == doubtful
        for label, p in zip(near["label"], near["probability"], strict=True):
            assert (f"{label}（概率 {p:.2f}）" in told) == doubtful
    button.send_keys(Keys.ENTER)
    assert visible(browser, ".why")[-1] != told
    assert hostile
    assert browser.execute_script("return window.hacked") is None
    # On paper there is nothing to press: all of them are read.
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert len(visible(browser, ".why")) == len(mine)
    assert visible(browser, ".ask") == []
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert_quiet(browser)


@pytest.mark.parametrize("width", [1280, 390])
def test_no_view_is_wider_than_the_screen(
    browser: webdriver.Chrome, page: Path, frames: dict[str, pd.DataFrame], width: int
) -> None:
    set_width(browser, width)
    report = frames["reports"]["report_id"].iloc[3]
    for place in ("overview", "themes", "checks", "indicators", "reports", "about", f"r/{report}"):
        visit(browser, page, place)
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width, place
    assert_quiet(browser)


def test_hostile_text_does_nothing(
    browser: webdriver.Chrome, hostile_page: Path, hostile_frames: dict[str, pd.DataFrame]
) -> None:
    set_width(browser, 1280)
    for report in hostile_frames["reports"]["report_id"][:2]:
        visit(browser, hostile_page, f"r/{report}")
        wait_for(browser, "return document.querySelector('#report h3') !== null")
        assert "<img src=x onerror=" in browser.find_element(By.CSS_SELECTOR, "#report h3").text
        assert browser.execute_script("return window.hacked") is None
        assert browser.find_elements(By.TAG_NAME, "img") == []
        assert_quiet(browser)


def test_chinese_shows_on_a_machine_without_chinese_fonts(page: Path, tmp_path: Path) -> None:
    """With none but a Latin font installed, the embedded face is what draws the text."""
    folder = tmp_path / "fonts"
    folder.mkdir()
    latin = TTFont(io.BytesIO(cut_typeface([string.printable]).woff2))
    latin.flavor = None
    latin["name"].setName("Latin Only", 1, 3, 1, 0x409)
    latin.save(folder / "latin.otf")
    config = tmp_path / "fonts.conf"
    config.write_text(f"<fontconfig><dir>{folder}</dir><cachedir>{folder}</cachedir></fontconfig>")
    browser = start(FONTCONFIG_FILE=str(config))
    try:
        visit(browser, page)
        wait_for(
            browser,
            "return document.fonts.size === 1 && [...document.fonts][0].status === 'loaded'",
        )
        # Two glyphs of one width that differ in ink: boxes for missing glyphs would be equal.
        ink = """
            const c = document.createElement("canvas"), x = c.getContext("2d");
            c.width = c.height = 60; x.font = '40px "Nianbao Sans SC"';
            x.fillText(arguments[0], 5, 45);
            return x.getImageData(0, 0, 60, 60).data.reduce((a, b) => a + b, 0);
        """
        drawn = {char: browser.execute_script(ink, char) for char in "政府信息公开澜榆"}
        assert len(set(drawn.values())) == len(drawn)
        assert_quiet(browser)
    finally:
        browser.quit()
