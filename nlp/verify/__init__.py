"""Checks: the form's own arithmetic, cells alone, and two years against each other.

The checks are data (``nlp/form/checks.toml``).  A fail is either ``theirs`` (every cell was
read without doubt, so it is printed so: a published error, and a finding) or ``ours``.
"""

from nlp.verify.reading import Reading, read_cell
from nlp.verify.report import verify_report
from nlp.verify.rules import Rule, cell_name, load_rules, load_version
from nlp.verify.scanned import confirm_scanned
from nlp.verify.years import ReportCells, verify_series, verify_years

__all__ = [
    "Reading",
    "ReportCells",
    "Rule",
    "cell_name",
    "confirm_scanned",
    "load_rules",
    "load_version",
    "read_cell",
    "verify_report",
    "verify_series",
    "verify_years",
]
