"""Pages → AnnualReport: clean text, title, issuer, year, edition and the six sections."""

from nlp.structure.identity import choose_names, identify_issuer
from nlp.structure.issuer import describe_issuer, match_regions, override_issuer, read_overrides
from nlp.structure.report import structure_report

__all__ = [
    "choose_names",
    "describe_issuer",
    "identify_issuer",
    "match_regions",
    "override_issuer",
    "read_overrides",
    "structure_report",
]
