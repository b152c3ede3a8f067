"""nianbao (年报): read, verify and compare annual reports on government information disclosure.

The names below are the public ones; everything else may change.

Examples
--------
>>> import nlp
>>> nlp.split_statements("一是公开不及时。下一步，加强培训。").statements[0].text
'公开不及时'
"""

from __future__ import annotations

import importlib
import sys
from importlib.metadata import PackageNotFoundError, version
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nlp.documents import FRAMES, AnnualReport, Pages, ReadError
    from nlp.indicators import compute_indicators
    from nlp.library import load_result
    from nlp.pipeline import BuildResult, ReportResult, build, inspect_report, read_report
    from nlp.pipeline.coding import agree_sheets, evaluate_labels, train_model, write_sheet
    from nlp.pipeline.compare import compare
    from nlp.pipeline.corrections import correct_result
    from nlp.pipeline.reuse.publish import report_reuse
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
    "compare",
    "compute_indicators",
    "correct_result",
    "evaluate_labels",
    "inspect_report",
    "load_codebook",
    "load_model",
    "load_result",
    "read",
    "read_report",
    "read_tables",
    "report_reuse",
    "segment",
    "split_statements",
    "structure_report",
    "summarise_result",
    "train_model",
    "verify_report",
    "write_sheet",
]

# Where each public name lives.  It is imported when it is first asked for: pandas, scikit-learn
# and the PDF libraries take seconds, and most callers need few of them.
_HOMES = {
    "FRAMES": "documents",
    "AnnualReport": "documents",
    "BuildResult": "pipeline",
    "Pages": "documents",
    "ReadError": "documents",
    "ReportResult": "pipeline",
    "agree_sheets": "pipeline.coding",
    "build": "pipeline",
    "compare": "pipeline.compare",
    "compute_indicators": "indicators",
    "correct_result": "pipeline.corrections",
    "evaluate_labels": "pipeline.coding",
    "inspect_report": "pipeline",
    "load_codebook": "themes",
    "load_model": "themes",
    "load_result": "library",
    "read": "read",
    "read_report": "pipeline",
    "read_tables": "tables",
    "report_reuse": "pipeline.reuse.publish",
    "segment": "segment",
    "split_statements": "statements",
    "structure_report": "structure",
    "summarise_result": "pipeline.theme_summary",
    "train_model": "pipeline.coding",
    "verify_report": "verify",
    "write_sheet": "pipeline.coding",
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


class _Package(ModuleType):
    """Keeps ``nlp.read`` and ``nlp.segment`` the functions, which modules are called like.

    Importing ``nlp.read`` sets the attribute ``read`` of this package to the module.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
