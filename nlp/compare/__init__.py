"""The join: indicators × themes × claims × reuse × issuer attributes; peers, years, association."""

from nlp.compare.comparison import Comparison, compare_frames
from nlp.compare.external import External, read_external

__all__ = ["Comparison", "External", "compare_frames", "read_external"]
