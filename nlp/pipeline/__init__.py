"""The way itself: one file → its rows, many files → frames; the one place where steps meet."""

from nlp.pipeline.batch import BuildResult, build, complete_report, tag_results
from nlp.pipeline.inspect import inspect_report
from nlp.pipeline.lines import split_file, tag_file
from nlp.pipeline.rows import FullResult, list_rows
from nlp.pipeline.single import ReportResult, read_report

__all__ = [
    "BuildResult",
    "FullResult",
    "ReportResult",
    "build",
    "complete_report",
    "inspect_report",
    "list_rows",
    "read_report",
    "split_file",
    "tag_file",
    "tag_results",
]
