"""What became of problems: their measures, next year's section 一, next year's problems.

``years`` looks for problems and measures in the report of the year after, ``threads`` ties the
links of an issuer together.  Which measure answers which problem of a report is said by
``nlp.statements``.
"""

from __future__ import annotations

from nlp.follow.links import Link, Passage, YearReport
from nlp.follow.threads import ThreadStep, make_threads
from nlp.follow.years import find_done, find_restated

__all__ = [
    "Link",
    "Passage",
    "ThreadStep",
    "YearReport",
    "find_done",
    "find_restated",
    "make_threads",
]
