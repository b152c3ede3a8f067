"""How a page of thousands of reports is built, loads and filters.

Usage::

    python -m tests.benchmarks.pages.run [--reports 3000] [--out FOLDER]

Frames are made up (``tests.render.sample_frames``), written as a page in a process of its
own, and opened in headless Chromium.  One line of JSON goes to standard output: seconds of
the build, peak memory with the frames loaded and after the page was written, size of the
page, milliseconds until it can be used, and for each list the milliseconds from a change of
the filter until the list has been drawn (the median of five changes).  ``own`` times are
those of the page's thread alone (the mean of the five changes with layout and paint), for a
machine that others use.  ``measured.jsonl`` keeps what was measured and where.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import resource
import tempfile
import time
from pathlib import Path
from typing import Any

import pandas as pd
from selenium.webdriver.common.by import By

VIEWS = ("heat", "outcomes", "indicators", "issuers", "reports", "checks")

# The filter is changed by the page's own event; the clock stops when a frame is painted.
_FILTER = """
const [value, done] = arguments;
const field = document.getElementById("f-year");
const before = document.getElementById("f-count").textContent;
field.value = value;
const start = performance.now();
field.dispatchEvent(new Event("change"));
const wait = () => document.getElementById("f-count").textContent !== before
  ? requestAnimationFrame(() => done(performance.now() - start)) : setTimeout(wait, 1);
wait();
"""


def make(reports: int, folder: str) -> None:
    """Make the frames up and put them on disk, so that the build starts with them alone."""
    from tests.render.sample_frames import make_sample

    for name, frame in make_sample(reports).items():
        frame.to_parquet(Path(folder) / f"{name}.parquet")


def build(folder: str, told: Any) -> None:
    """Load the frames, write the page; tell what the page took."""
    from nlp.documents import FRAMES
    from nlp.render import ThemeEntry, write_page
    from tests.render.sample_frames import MANIFEST, THEMES

    frames = {name: pd.read_parquet(Path(folder) / f"{name}.parquet") for name in FRAMES}
    themes = [ThemeEntry(key, name, "", k < 3) for k, (key, name) in enumerate(THEMES)]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start, cpu = time.perf_counter(), time.process_time()
    write_page(frames, MANIFEST, Path(folder) / "index.html", themes=themes)
    told.put(
        {
            "build_seconds": round(time.perf_counter() - start, 1),
            "build_cpu_seconds": round(time.process_time() - cpu, 1),
            "peak_mb_frames": before // 1024,
            "peak_mb_page": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }
    )


def own_time(browser: Any) -> float:
    """Milliseconds that the page's thread has worked; other programs do not count in it."""
    metrics = browser.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]
    return 1000 * next(m["value"] for m in metrics if m["name"] == "TaskDuration")


def measure(page: Path) -> dict[str, Any]:
    """Open the page and change its filter in every list."""
    from tests.render.test_browser import set_width, start, wait_for

    browser = start()
    try:
        set_width(browser, 1280)
        loads, busy = [], []
        browser.execute_cdp_cmd("Performance.enable", {"timeDomain": "threadTicks"})
        for _ in range(3):
            browser.get("about:blank")
            browser.get(page.as_uri())
            wait_for(browser, "return document.documentElement.dataset.ready === 'yes'")
            loads.append(browser.execute_script("return window.nianbaoReady"))
            busy.append(own_time(browser))
        wait_for(browser, "return document.documentElement.dataset.complete === 'yes'")
        filters, own = {}, {}
        for view in VIEWS:
            browser.find_element(By.CSS_SELECTOR, f"nav a[href='#{view}']").click()
            time.sleep(0.7)
            before = own_time(browser)
            taken = [
                browser.execute_async_script(_FILTER, year)
                for year in ("2023", "2024", "", "2022", "2023")
            ]
            filters[view] = round(sorted(taken)[2], 1)
            own[view] = round((own_time(browser) - before) / 5, 1)
            browser.find_element(By.ID, "f-clear").click()
        return {
            "load_ms": round(sorted(loads)[1]),
            "load_own_ms": round(sorted(busy)[1]),
            "filter_ms": filters,
            "filter_own_ms": own,
        }
    finally:
        browser.quit()


def main() -> None:
    """Build, measure, and print one line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=3_000)
    parser.add_argument("--out")
    parser.add_argument("--page", help="measure this page and build none")
    given = parser.parse_args()
    if given.page:
        print(json.dumps(measure(Path(given.page).resolve())))
        return
    with tempfile.TemporaryDirectory() as own:
        folder = given.out or own
        Path(folder).mkdir(parents=True, exist_ok=True)
        context = multiprocessing.get_context("spawn")
        told = context.Queue()
        maker = context.Process(target=make, args=(given.reports, folder))
        maker.start()
        maker.join()
        worker = context.Process(target=build, args=(folder, told))
        worker.start()
        built = told.get()
        worker.join()
        page = Path(folder) / "index.html"
        line = {
            "reports": given.reports,
            **built,
            "page_mb": round(page.stat().st_size / 1e6, 1),
            **measure(page),
            "cpus": os.cpu_count(),
            "load_average": round(os.getloadavg()[0], 1),
            "python": platform.python_version(),
        }
    print(json.dumps(line, ensure_ascii=False))


if __name__ == "__main__":
    main()
