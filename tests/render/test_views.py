"""The charts, the issuers and the source pictures in a real browser, against the frames."""

from __future__ import annotations

import base64
import importlib.util
import io
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pandas as pd
import pytest
from pypdf import PdfReader
from reportlab.pdfgen.canvas import Canvas

from nlp.intervals import wilson_interval
from nlp.render import ThemeEntry, write_page
from tests.render.sample_frames import MANIFEST, THEMES, make_sample
from tests.render.test_browser import (
    BROWSER,
    DRIVER,
    assert_quiet,
    set_width,
    start,
    visible,
    visit,
    wait_for,
)

selenium = pytest.importorskip("selenium", reason="browser tests need selenium")
from selenium import webdriver  # noqa: E402
from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.common.keys import Keys  # noqa: E402
from selenium.webdriver.support.ui import Select  # noqa: E402

pytestmark = pytest.mark.skipif(
    BROWSER is None or DRIVER is None, reason="needs chromium and chromedriver"
)
NAMES = dict(THEMES)
AXE = importlib.util.find_spec("axe_core_python")


@pytest.fixture(scope="module")
def browser() -> Iterator[webdriver.Chrome]:
    driver = start()
    yield driver
    driver.quit()


def click(browser: webdriver.Chrome, selector: str) -> None:
    """Click, once the page stands still; it scrolls smoothly of its own accord."""
    node = browser.find_element(By.CSS_SELECTOR, selector)
    browser.execute_script(
        "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", node
    )
    node.click()


def table_of(browser: webdriver.Chrome, selector: str) -> list[list[str]]:
    """Texts of a table's rows, head first; parts of a cell are separated by blanks."""
    return browser.execute_script(  # type: ignore[no-any-return]
        "return [...document.querySelector(arguments[0]).rows].map(r =>"
        " [...r.cells].map(c => c.innerText.replace(/\\s+/g, ' ').trim()))",
        selector,
    )


def count_theme(frames: dict[str, pd.DataFrame], role: str, **where: Any) -> dict[str, list[int]]:
    """Theme → sure, doubtful only, and reports with section 五; plain loops over the frames."""
    reports = frames["reports"]
    wanted = reports[[*where]].eq(pd.Series(where)).fillna(False).all(axis=1)
    chosen = set(reports.loc[wanted, "report_id"])
    based = chosen & set(frames["sections"].loc[frames["sections"]["section"] == "五", "report_id"])
    sure: dict[str, set[str]] = {}
    unsure: dict[str, set[str]] = {}
    for row in frames["statements"].to_dict("records"):
        if row["report_id"] in chosen and row["role"] == role:
            for theme in row["themes"].split():
                (unsure if row["abstain"] else sure).setdefault(theme, set()).add(row["report_id"])
    return {
        NAMES[key]: [
            len(sure.get(key, set())),
            len(unsure.get(key, set()) - sure.get(key, set())),
            len(based),
        ]
        for key in NAMES
    }


@pytest.mark.parametrize("role", ["problem", "measure"])
def test_heat_map_counts_reports_by_theme_and_year(
    browser: webdriver.Chrome, page: Path, frames: dict[str, pd.DataFrame], role: str
) -> None:
    set_width(browser, 1280)
    visit(browser, page, "heat")
    Select(browser.find_element(By.ID, "h-role")).select_by_value(role)
    word = "问题" if role == "problem" else "措施"
    wait_for(
        browser, f"return document.querySelector('#heat caption').innerText.includes('{word}')"
    )
    rows = table_of(browser, "#heat table.heat")
    years = [head.split(" ")[0] for head in rows[0][1:]]
    assert years == ["2022", "2023", "2024"]
    for column, year in enumerate(years, 1):
        counts = count_theme(frames, role, year=int(year))
        for name, *cells in rows[1:]:
            sure, unsure, total = counts[name]
            shown = cells[column - 1]
            assert f"{sure}/{total}" in shown, (name, year)
            assert (f"+{unsure}?" in shown) == bool(unsure)
    # Every denominator here is below 30 and says so by its corner, not by colour alone.
    assert browser.execute_script(
        "return [...document.querySelectorAll('#heat table.heat')][0]"
        ".querySelectorAll('td:not(.few)').length"
    ) == 0  # fmt: skip
    assert_quiet(browser)


def test_heat_map_of_issuers_follows_the_filter(
    browser: webdriver.Chrome, page: Path, frames: dict[str, pd.DataFrame]
) -> None:
    set_width(browser, 1280)
    visit(browser, page, "heat")
    browser.find_element(By.ID, "f-text").send_keys("云汀市教育局")
    wait_for(browser, "return document.querySelectorAll('.heat.issuers tbody tr').length === 1")
    row = table_of(browser, ".heat.issuers")[1]
    counts = count_theme(frames, "problem", issuer="云汀市教育局")
    head = table_of(browser, ".heat.issuers")[0]
    for name, shown in zip(head[1:], row[1:], strict=True):
        sure, unsure, total = counts[name]
        assert shown.startswith(f"{sure}/{total}" if sure else ("+" if unsure else "·"))
    assert_quiet(browser)


def decided(frames: dict[str, pd.DataFrame]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Wide cells of reports, and which cells may be counted; straight from the rules."""
    cells = frames["cells"]
    good = cells[cells["state"].isin(["number", "zero"])]
    wide = good.pivot(index="report_id", columns="key", values="value").astype(float)
    failed = frames["checks"][
        (frames["checks"]["result"] == "fail") & (frames["checks"]["doubt"] == "ours")
    ]
    for report, keys in zip(failed["report_id"], failed["cells"], strict=True):
        for key in keys.split():
            if report in wide.index and key in wide.columns:
                wide.loc[report, key] = float("nan")
    return wide.reindex(frames["reports"]["report_id"]), frames["reports"].set_index("report_id")


def test_outcomes_are_added_up_where_everything_was_read(
    browser: webdriver.Chrome, page: Path, frames: dict[str, pd.DataFrame]
) -> None:
    set_width(browser, 1280)
    visit(browser, page, "outcomes")
    Select(browser.find_element(By.ID, "f-level")).select_by_visible_text("县级")
    Select(browser.find_element(By.ID, "f-kind")).select_by_visible_text("部门")
    wait_for(browser, "return document.querySelectorAll('.olist tbody tr').length === 1")
    wide, reports = decided(frames)
    level = reports["level"].fillna("") == "county"
    wide = wide[(level & (reports["kind"] == "department")).to_numpy()]

    def sums(prefix: str) -> pd.Series:
        own = wide[[k for k in wide if k.startswith(f"3|{prefix}") and k.endswith("|总计")]]
        return own.sum(axis=1, skipna=False)

    parts = pd.concat([sums(p) for p in ("3.1|", "3.2|", "3.3.", "3.4.", "3.5.", "3.6.")], axis=1)
    total = wide["3|3.7|总计"]
    known = parts.notna().all(axis=1) & total.notna()
    even = known & (parts.sum(axis=1) == total)
    assert even.sum() >= 1, "the sample has reports whose sums hold"
    (row,) = table_of(browser, ".olist")[1:]
    assert f"办结 {total[even].sum():g} 件，计 {even.sum()} 份" in row[0]
    assert (f"{(~known).sum()} 份缺数或存疑未计" in row[0]) == bool((~known).sum())
    assert (f"{(known & ~even).sum()} 份各项之和" in row[0]) == bool((known & ~even).sum())
    for shown, count in zip(row[2:], parts[even].sum(), strict=True):
        base = total[even].sum()
        low, high = wilson_interval(count, base)
        assert f"{100 * count / base:.1f}%" in shown and f"{count:g}/{base:g}" in shown
        assert f"[{100 * low:.1f}%，{100 * high:.1f}%]" in shown
    assert_quiet(browser)


def test_reasons_are_ordered_and_add_up_to_all(
    browser: webdriver.Chrome, page: Path, frames: dict[str, pd.DataFrame]
) -> None:
    set_width(browser, 1280)
    visit(browser, page, "outcomes")
    Select(browser.find_element(By.ID, "o-reason")).select_by_value("不予公开")
    wait_for(browser, "return document.querySelectorAll('.plist tbody tr').length === 8")
    wide, _ = decided(frames)
    keys = [k for k in wide if k.startswith("3|3.3.") and k.endswith("|总计")]
    own = wide[keys].dropna()
    rows = table_of(browser, ".plist")[1:]
    counts = [int(row[2]) for row in rows]
    assert counts == sorted(own.sum().astype(int), reverse=True)
    assert rows[-1][4] == "100.0%"
    assert_quiet(browser)


def test_funnel_gives_base_and_interval_of_each_step(
    browser: webdriver.Chrome, page: Path, frames: dict[str, pd.DataFrame]
) -> None:
    set_width(browser, 1280)
    visit(browser, page, "outcomes")
    wait_for(browser, "return document.querySelectorAll('.flist tbody tr').length === 11")
    wide, _ = decided(frames)
    table4 = wide[[k for k in wide if k.startswith("4|")]]
    known = table4.notna().all(axis=1)
    for row in ("1", "2", "3.7"):
        known &= wide[f"3|{row}|总计"].notna()
    for group in ("复议", "直接起诉", "复议后起诉"):
        own = wide[
            [f"4|数值|{group}.{r}" for r in ("结果维持", "结果纠正", "其他结果", "尚未审结")]
        ]
        known &= own.sum(axis=1) == wide[f"4|数值|{group}.总计"]
    known &= wide["3|3.7|总计"] <= wide["3|1|总计"] + wide["3|2|总计"]
    chosen = wide[known]
    assert len(chosen) >= 2, "the sample has reports whose sums hold"
    ended = chosen["4|数值|复议.总计"].sum() - chosen["4|数值|复议.尚未审结"].sum()
    put_right = chosen["4|数值|复议.结果纠正"].sum()
    rows = {row[0]: row for row in table_of(browser, ".flist")[1:]}
    low, high = wilson_interval(put_right, ended)
    (corrected,) = [r for r in table_of(browser, ".flist")[1:] if r[0] == "行政复议"][1:]
    assert corrected[3].startswith(
        f"{100 * put_right / ended:.1f}% {put_right:g}/{ended:g} "
        f"[{100 * low:.1f}%，{100 * high:.1f}%]"
    )
    assert rows["办结"][2] == f"{chosen['3|3.7|总计'].sum():g}"
    assert f"计 {len(chosen)} 份" in browser.find_element(By.ID, "outcome-charts").text
    assert_quiet(browser)


def test_issuer_page_shows_years_peers_threads_and_claims(
    browser: webdriver.Chrome, page: Path, frames: dict[str, pd.DataFrame]
) -> None:
    set_width(browser, 1280)
    name = "临岚县民政局"
    visit(browser, page, "issuers")
    browser.find_element(By.LINK_TEXT, name).click()
    wait_for(browser, "return document.querySelector('#issuer h2') !== null")
    assert visible(browser, "#issuer h2") == [name]
    own = frames["reports"][frames["reports"]["issuer"] == name].sort_values("year")
    head, *rows = table_of(browser, "#issuer .years")
    assert [h.split(" ")[0] for h in head[1:]] == [str(y) for y in own["year"]]
    values = frames["indicators"].set_index(["report_id", "indicator"])
    rate = next(row for row in rows if row[0].startswith("公开率"))
    for report, shown in zip(own["report_id"], rate[1:], strict=True):
        value = values.loc[(report, "disclosure_rate")]
        if pd.isna(value["value"]):
            assert shown.startswith("— 分母为零")
        else:
            assert f"{value['numerator']:g}/{value['denominator']:g}" in shown
            assert ("小" in shown) == bool(value["small"])
        assert "同类" in shown
    threads = frames["threads"][frames["threads"]["issuer"] == name]
    assert len(visible(browser, "#issuer .thread summary")) == threads["thread"].nunique()
    spoken = frames["claims"]["relation"].isin(["differ", "scope"])
    claims = frames["claims"][spoken & frames["claims"]["report_id"].isin(own["report_id"])]
    assert len(table_of(browser, "#issuer .mlist")) - 1 == len(claims) > 0
    # A claim leads to its place in the report, and from there to the cell.
    click(browser, "#issuer .mlist th a")
    wait_for(browser, "return document.querySelector('mark.claim.hit') !== null")
    mark = browser.find_element(By.CSS_SELECTOR, "mark.claim.hit")
    assert mark.text == claims.iloc[0]["text"]
    assert "表中" in mark.get_attribute("title")
    assert_quiet(browser)


def test_claims_are_marked_by_more_than_colour(
    browser: webdriver.Chrome, page: Path, frames: dict[str, pd.DataFrame]
) -> None:
    set_width(browser, 1280)
    claims = frames["claims"]
    report = claims.loc[claims["relation"] == "differ", "report_id"].iloc[0]
    visit(browser, page, f"r/{report}")
    wait_for(browser, "return document.querySelectorAll('#report mark[data-n]').length > 0")
    shown = browser.execute_script(
        "return [...document.querySelectorAll('#report mark[data-n]')].map(m => m.textContent)"
    )
    own = claims[claims["report_id"] == report]
    assert shown == list(own["text"])
    signs = visible(browser, "#report .claim-sign")
    assert [sign[1] for sign in signs] == [
        {"agree": "＝", "differ": "≠", "scope": "≈"}[r] for r in own["relation"] if r != "none"
    ]
    assert "图例" in browser.find_element(By.CSS_SELECTOR, "#report .states").text


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One PDF of two pages for the first files; the cells' place on page 2 is drawn black."""
    path = tmp_path_factory.mktemp("pdf") / "a.pdf"
    canvas = Canvas(str(path), pagesize=(300, 200), invariant=1)
    canvas.drawString(20, 100, "1")
    canvas.showPage()
    canvas.rect(10, 160, 50, 20, fill=1)  # the sample's boxes: left 10, top 20, 50 by 20
    canvas.drawString(200, 160, "far away")
    canvas.showPage()
    canvas.save()
    return {str(file): path for file in make_sample(4)["reports"]["file"][:3]}


@pytest.mark.parametrize("embedded", [True, False])
def test_a_click_on_a_cell_shows_where_it_was_read(
    browser: webdriver.Chrome,
    tmp_path: Path,
    sources: dict[str, Path],
    embedded: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("nlp.render.page.EMBEDDED", 60 if embedded else 0)
    frames = make_sample(4)
    path = tmp_path / "index.html"
    write_page(frames, MANIFEST, path, sources=sources)
    first = frames["reports"]["report_id"].iloc[0]
    assert (tmp_path / "pictures" / f"{first}-2.png").exists() != embedded
    set_width(browser, 1280)
    visit(browser, path, f"r/{first}")
    wait_for(browser, "return document.querySelector('#report td[data-key]') !== null")
    click(browser, "#report td[data-key='3|3.1|总计']")
    wait_for(browser, "return document.querySelector('#picture img')?.naturalWidth > 0")
    # The ink under the frame is black, beside it white: the frame is on its cell.
    inside, outside = browser.execute_script(
        """
        const image = document.querySelector("#picture img");
        const at = image.getBoundingClientRect();
        const frame = document.querySelector("#picture .frame rect").getBoundingClientRect();
        const canvas = document.createElement("canvas");
        canvas.width = image.naturalWidth; canvas.height = image.naturalHeight;
        const scale = image.naturalWidth / at.width;
        return [[frame.x + frame.width / 2, frame.y + frame.height / 2],
          [frame.x + frame.width + 12, frame.y + frame.height / 2]]
          .map(([x, y]) => [(x - at.x) * scale, (y - at.y) * scale]);
        """
    )
    if embedded:
        data = browser.find_element(By.CSS_SELECTOR, "#picture img").get_attribute("src")
        picture = io.BytesIO(base64.b64decode(data.split(",")[1]))
    else:
        picture = io.BytesIO((tmp_path / "pictures" / f"{first}-2.png").read_bytes())
    from PIL import Image

    grey = Image.open(picture).convert("L")
    assert grey.getpixel((round(inside[0]), round(inside[1]))) == 0
    assert grey.getpixel((round(outside[0]), round(outside[1]))) == 255
    assert "第 2 页" in browser.find_element(By.ID, "picture").text
    browser.find_element(By.CSS_SELECTOR, "#picture .shut").send_keys(Keys.ESCAPE)
    wait_for(browser, "return !document.querySelector('#picture').open")
    # The keyboard does the same; a report whose file is not at hand says where to look.
    last = frames["reports"]["report_id"].iloc[3]
    visit(browser, path, f"r/{last}")
    wait_for(browser, "return document.querySelector('#report td[data-key]') !== null")
    browser.find_element(By.CSS_SELECTOR, "#report td[data-key='3|3.1|总计']").send_keys(Keys.ENTER)
    wait_for(browser, "return document.querySelector('#picture').open")
    told = browser.find_element(By.ID, "picture").text
    assert "没有附这一页的图" in told and "2022.pdf" in told and "距上 20" in told
    assert_quiet(browser)


@pytest.mark.parametrize("width", [1280, 390])
def test_no_new_view_is_wider_than_the_screen(
    browser: webdriver.Chrome, page: Path, width: int
) -> None:
    set_width(browser, width)
    for place in ("heat", "outcomes", "issuers", "reuse", "i/" + quote("临岚县民政局")):
        visit(browser, page, place)
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width, place
    assert_quiet(browser)


@pytest.mark.skipif(AXE is None, reason="needs axe-core-python (development group)")
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_serious(
    browser: webdriver.Chrome, page: Path, frames: dict[str, pd.DataFrame], width: int
) -> None:
    assert AXE is not None and AXE.origin is not None
    script = (Path(AXE.origin).parent / "axe.min.js").read_text(encoding="utf-8")
    set_width(browser, width)
    report = frames["reports"]["report_id"].iloc[3]
    places = ("overview", "themes", "heat", "outcomes", "indicators", "issuers", "reports")
    for place in (*places, "checks", "reuse", "about", "i/" + quote("临岚县民政局"), f"r/{report}"):
        visit(browser, page, place)
        browser.execute_script(script)
        found = browser.execute_async_script(
            "const done = arguments[0];"
            "axe.run(document, {resultTypes: ['violations']}).then(r => done(r.violations))"
        )
        grave = [
            (v["id"], v["impact"], [n["html"][:160] for n in v["nodes"][:3]])
            for v in found
            if v["impact"] in ("serious", "critical")
        ]
        assert grave == [], place


def test_print_gives_readable_pages_of_a4(browser: webdriver.Chrome, page: Path) -> None:
    set_width(browser, 1280)
    visit(browser, page)
    wait_for(browser, "return document.documentElement.dataset.complete === 'yes'")
    result = browser.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})
    pdf = PdfReader(io.BytesIO(base64.b64decode(result["data"])))
    width, height = pdf.pages[0].mediabox.width, pdf.pages[0].mediabox.height
    assert (round(width), round(height)) == (595, 842)
    # Printed text has radicals in place of some characters.
    text = unicodedata.normalize("NFKC", "".join(p.extract_text() for p in pdf.pages))
    for heading in ("概览", "热力图", "申请怎样办结", "SHA-256"):
        assert heading in text


def test_names_of_issuers_cannot_inject(
    browser: webdriver.Chrome, tmp_path: Path, theme_entries: tuple[ThemeEntry, ...]
) -> None:
    """Markup in the name of an issuer or of a file stays text in every list and address."""
    frames = make_sample(6)
    evil = "<img src=x onerror='window.hacked=1'>\"&#i/../市局"
    reports = frames["reports"].assign(
        issuer=evil, file=[f"{evil}{k}.pdf" for k in range(6)], title=evil
    )
    threads = frames["threads"].assign(issuer=evil)
    path = tmp_path / "evil.html"
    write_page(
        {**frames, "reports": reports, "threads": threads}, MANIFEST, path, themes=theme_entries
    )
    set_width(browser, 1280)
    for place in ("heat", "outcomes", "issuers", "i/" + quote(evil, safe=""), "reports"):
        visit(browser, path, place)
        wait_for(browser, "return document.documentElement.dataset.complete === 'yes'")
        assert browser.execute_script("return window.hacked") is None, place
        assert browser.find_elements(By.TAG_NAME, "img") == [], place
    visit(browser, path, "issuers")
    browser.find_element(By.LINK_TEXT, evil).click()
    wait_for(browser, "return document.querySelector('#issuer h2') !== null")
    assert visible(browser, "#issuer h2") == [evil]
    assert_quiet(browser)
