"""nianbao (年报): read, verify and compare annual reports on government information disclosure.

The names below are the public ones; everything else may change.

Examples
--------
>>> import nlp
>>> nlp.split_statements("一是公开不及时。下一步，加强培训。").statements[0].text
'公开不及时'
"""

from importlib.metadata import PackageNotFoundError, version

from nlp.documents import FRAMES, AnnualReport, Pages, ReadError
from nlp.indicators import compute_indicators
from nlp.library import load_result
from nlp.pipeline import BuildResult, ReportResult, build, inspect_report, read_report
from nlp.pipeline.coding import agree_sheets, evaluate_labels, train_model, write_sheet
from nlp.pipeline.theme_summary import summarise_result
from nlp.read import read
from nlp.segment import segment
from nlp.statements import split_statements
from nlp.structure import structure_report
from nlp.tables import read_tables
from nlp.themes import load_codebook, load_model
from nlp.verify import verify_report

try:
    __version__ = version("nianbao")
except PackageNotFoundError:  # a checkout that was never installed
    __version__ = "0"

__all__ = [
    "FRAMES",
    "AnnualReport",
    "BuildResult",
    "Pages",
    "ReadError",
    "ReportResult",
    "agree_sheets",
    "build",
    "compute_indicators",
    "evaluate_labels",
    "inspect_report",
    "load_codebook",
    "load_model",
    "load_result",
    "read",
    "read_report",
    "read_tables",
    "segment",
    "split_statements",
    "structure_report",
    "summarise_result",
    "train_model",
    "verify_report",
    "write_sheet",
]
