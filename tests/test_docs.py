"""The tutorial and the how-to pages do what they say; the site builds without a broken link.

Blocks of a page are run in order, in a folder of its own that holds ``我的年报`` (seven sample
reports and an empty file) and ``结果`` (built from it):

* ``bash``: lines that begin with nianbao are run; others must be ones of ``BY_HAND``;
* ``text`` after it: every line must stand in what the commands printed;
* ``python``: a doctest;
* any block after a comment ``<!-- file: NAME -->``: written to that file.
"""

from __future__ import annotations

import doctest
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import openpyxl
import pytest
from PIL import Image
from typer.testing import CliRunner

import nlp
from nlp.cli import app
from nlp.pipeline import coding
from nlp.themes.sources import LabelSet

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = [DOCS / "tutorial.md", *sorted((DOCS / "howto").glob("*.md"))]
REPORTS = (
    *("baizhi-gov-2022.pdf", "baizhi-gov-2023.pdf", "baizhi-market-2023.html"),
    *("lanxi-water-2020.html", "lanxi-water-2021.txt", "lubai-township-2021.docx"),
    "yanxi-town-2022.txt",
)
# What a reader types that is not ours, and that a test cannot run inside itself.
BY_HAND = (
    "git clone 仓库地址 nianbao",
    "cd nianbao",
    "make demo",
    ". .venv/bin/activate",
    "python",
)
_BLOCK = re.compile(r"(?:^<!-- file: (\S+) -->\n)?^```(\w*)\n(.*?)^```$", re.M | re.S)


def find_blocks(page: Path) -> list[tuple[str, str, str, int]]:
    """List the fenced blocks of a page: language, file name, content, line."""
    text = page.read_text(encoding="utf-8")
    return [
        (m[2], m[1] or "", m[3], text.count("\n", 0, m.start(3)) + 1) for m in _BLOCK.finditer(text)
    ]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder with reports and a result, copied for each page."""
    box = tmp_path_factory.mktemp("docs")
    (box / "我的年报").mkdir()
    for name in REPORTS:
        shutil.copy(ROOT / "corpus/reports" / name, box / "我的年报")
    (box / "我的年报" / "没下载完.pdf").touch()
    (box / "扫描件").mkdir()
    shutil.copy(ROOT / "corpus/reports/lanxi-water-2021.txt", box / "扫描件")
    Image.new("RGB", (60, 40), "white").save(box / "扫描件" / "照片.png")
    nlp.build(box / "我的年报", box / "结果")
    return box


def fill_sheet(path: Path) -> None:
    """Code what a coding sheet leaves open, as a coder would in Excel."""
    names = [theme.name for theme in nlp.load_codebook().themes]
    book = openpyxl.load_workbook(path)
    sheet = book["编码"]
    column = {cell.value: cell.column for cell in sheet[1]}
    keys = [key for key in column if str(key).startswith("theme:")]
    for row in range(3, sheet.max_row + 1):
        if sheet.cell(row, column["text"]).value and not sheet.cell(row, column["primary"]).value:
            choice = len(sheet.cell(row, column["text"]).value) % (len(keys) - 1)
            sheet.cell(row, column["primary"], names[choice])
            sheet.cell(row, column[keys[choice]], 1)
    book.save(path)


def thin_out(labels: LabelSet) -> LabelSet:
    """Keep every eighth of the shipped labels."""
    return replace(labels, labels=labels.labels[::8], issuers=labels.issuers[::8])


def run_commands(block: str, where: str) -> str:
    printed = []
    for line in filter(None, map(str.strip, block.splitlines())):
        if not line.startswith("nianbao "):
            assert line in BY_HAND, f"{where}: 没有试过的命令：{line}"
            continue
        arguments = shlex.split(line)[1:]
        if arguments[0] == "build" and "-j" not in arguments:
            arguments += ["-j", "1"]  # processes of their own take seconds to start
        if arguments[0] == "themes":
            for sheet in (a for a in arguments if re.fullmatch(r"(编码表_.|裁定|另编)\.xlsx", a)):
                if Path(sheet).exists():
                    fill_sheet(Path(sheet))
        done = CliRunner().invoke(app, arguments)
        assert done.exit_code == 0, f"{where}: {line}\n{done.output}\n{done.exception!r}"
        printed.append(done.output)
    return "\n".join(printed)


def squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_what_a_page_tells_to_type_works(
    page: Path, built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocks = [block for block in find_blocks(page) if not block[0].startswith("{")]
    if any(language == "bash" and "--ocr" in text for language, _, text, _ in blocks):
        pytest.importorskip("rapidocr_onnxruntime")
    shutil.copytree(built, tmp_path / "box")
    monkeypatch.chdir(tmp_path / "box")
    monkeypatch.setenv("COLUMNS", "300")
    # Fewer labels and folds: the page shows how to train, other tests how well.
    load = coding._load_shipped
    monkeypatch.setattr(coding, "_load_shipped", lambda book: thin_out(load(book)))
    monkeypatch.setattr(coding, "train_model", partial(coding.train_model, folds=2))
    names: dict[str, object] = {}
    printed, before = "", ""
    for language, file, text, line in blocks:
        where = f"{page.name}:{line}"
        if file:
            Path(file).write_text(text, encoding="utf-8")
        elif language == "bash":
            printed = run_commands(text, where)
        elif language == "text":
            assert before == "bash", f"{where}: text 应紧跟 bash"
            for shown in text.splitlines():
                assert squeeze(shown) in squeeze(printed), f"{where}: {shown}\n{printed}"
        elif language == "python":
            test = doctest.DocTestParser().get_doctest(text, names, where, str(page), line)
            assert test.examples, where
            told: list[str] = []
            flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
            runner = doctest.DocTestRunner(optionflags=flags)
            assert runner.run(test, out=told.append, clear_globs=False).failed == 0, "".join(told)
            names = test.globs
        else:
            pytest.fail(f"{where}: 没有试过的 {language or '无名'} 段")
        before = language


def test_pages_hold_commands_and_a_check_can_fail(tmp_path: Path) -> None:
    commands = [t for p in PAGES for language, _, t, _ in find_blocks(p) if language == "bash"]
    used = set(re.findall(r"^nianbao ((?:themes |reuse )?\w+)", "".join(commands), re.M))
    assert used >= {"build", "check", "compare", "export", "correct", "kwic", "themes train"}
    with pytest.raises(AssertionError, match="没有试过的命令"):
        run_commands("rm -r 我的年报", "x")
    with pytest.raises(AssertionError):
        run_commands(f"nianbao check {tmp_path}/没有.pdf", "x")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built with every warning an error, as ``make docs`` does."""
    for module in ("sphinx", "furo", "myst_parser"):
        pytest.importorskip(module)
    out = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-b", "html", "-q", "-W", "--keep-going"]
    done = subprocess.run(
        [*command, "-d", str(out / "trees"), str(DOCS), str(out / "html")],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return out / "html"


def pages_of(site: Path) -> Iterator[tuple[Path, str]]:
    for page in sorted(site.rglob("*.html")):
        yield page, page.read_text(encoding="utf-8")


def test_the_site_asks_nothing_of_the_network(site: Path) -> None:
    loads = re.compile(r"<(?:script|img|iframe)[^>]* src=\"([^\"]+)|<link [^>]*href=\"([^\"]+)")
    count = 0
    for page, text in pages_of(site):
        for found in loads.finditer(text):
            count += 1
            target = found[1] or found[2]
            assert not re.match(r"(https?:)?//", target), f"{page.name}: {target}"
    for sheet in site.rglob("*.css"):
        assert not re.search(r"(@import|url\()\s*['\"]?(https?:)?//", sheet.read_text("utf-8"))
    assert count > 50


def test_every_link_of_the_site_leads_somewhere(site: Path) -> None:
    ids = {p: set(re.findall(r"\bid=\"([^\"]+)\"", text)) for p, text in pages_of(site)}
    wrong = []
    for page, text in pages_of(site):
        for link in re.findall(r"<a [^>]*?href=\"([^\"]+)\"", text):
            target, _, part = link.partition("#")
            if re.match(r"https?:|mailto:", target):
                continue
            file = (page.parent / target).resolve() if target else page
            there = file in ids or file.exists()
            if not there or (part and file in ids and part not in ids[file]):
                wrong.append(f"{page.name}: {link}")
    assert not wrong


def test_the_reference_is_whole(site: Path) -> None:
    python = (site / "reference/python.html").read_text(encoding="utf-8")
    for name in set(nlp.__all__) - {"FRAMES"}:
        assert f'id="nlp.{name}"' in python, name
    frames = (site / "reference/frames.html").read_text(encoding="utf-8")
    for key, spec in nlp.FRAMES.items():
        assert key in frames and spec.title in frames
    commands = (site / "reference/commands.html").read_text(encoding="utf-8")
    assert "nianbao themes evaluate" in commands and "--keep-nothing" not in commands
    assert "<!-- generated" not in python + frames + commands


@pytest.mark.parametrize("width", [1280, 390])
def test_the_site_opens_and_searches_from_a_folder(site: Path, width: int) -> None:
    browser, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if browser is None or driver is None:
        pytest.skip("needs chromium and chromedriver")
    webdriver = pytest.importorskip("selenium.webdriver")
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.support.ui import WebDriverWait

    script = "return [...document.querySelectorAll('#search-results li a')].map(a => a.href)"
    options = webdriver.ChromeOptions()
    options.binary_location = browser
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    chrome = webdriver.Chrome(options=options, service=Service(driver))
    try:
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
        chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        for page in ("index", "tutorial", "limits", "reference/frames", "reference/commands"):
            chrome.get((site / f"{page}.html").as_uri())
            wide = chrome.execute_script("return document.documentElement.scrollWidth")
            assert wide <= width, page
        # a run of Chinese without blanks, which Sphinx's own search does not find
        for query, wanted in (("勾稽关系", "form.html"), ("读扫描件", "howto/scans.html")):
            chrome.get((site / "search.html").as_uri() + f"?q={query}")
            found = WebDriverWait(chrome, 20).until(lambda b: b.execute_script(script))
            assert any(wanted in link for link in found), query
        chrome.get((site / "search.html").as_uri() + "?q=这样的话文档里没有")
        empty = "return document.querySelector('#search-results p')?.innerText"
        WebDriverWait(chrome, 20).until(lambda b: b.execute_script(empty))
        assert chrome.execute_script(script) == []
        assert [e for e in chrome.get_log("browser") if e["level"] == "SEVERE"] == []
    finally:
        chrome.quit()
