"""The join: indicators × themes × claims × reuse × issuer attributes; peers, years, association."""

from nlp.compare.comparison import Comparison, compare_frames
from nlp.compare.external import External, read_external
from nlp.compare.wide import Wide, join_reports

__all__ = [
    "Comparison",
    "External",
    "Wide",
    "compare_frames",
    "join_reports",
    "read_external",
]
