"""Make the benchmark's generators importable: they are the tests' planted truth as well."""

import sys
from pathlib import Path

import jieba

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "benchmarks" / "reuse")]
jieba.setLogLevel(60)
