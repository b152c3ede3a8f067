"""Time a comparison of many synthetic reports: ``python tests/benchmarks/compare/run.py 3000``.

Prints seconds of CPU for the whole and, with ``--profile``, the dearest functions.  The reports
are those of the render tests: every indicator, theme and cell of the form, fictional issuers.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from nlp.compare import compare_frames
from nlp.pipeline.compare import find_systems
from tests.render.sample_frames import make_sample


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("reports", type=int, nargs="?", default=3000)
    parser.add_argument("--profile", action="store_true")
    given = parser.parse_args()
    frames = make_sample(given.reports)
    profile = cProfile.Profile()
    wall, cpu = time.perf_counter(), time.process_time()
    if given.profile:
        profile.enable()
    found = compare_frames(frames, systems=find_systems(frames["reports"]))
    profile.disable()
    spent = time.process_time() - cpu
    print(f"{given.reports} reports: {spent:.1f} s CPU, {time.perf_counter() - wall:.1f} s wall")
    print({spec.key: len(table) for spec, table in found.tables()})
    if given.profile:
        pstats.Stats(profile).sort_stats("cumtime").print_stats(30)


if __name__ == "__main__":
    main()
