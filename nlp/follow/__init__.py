"""What became of problems: their measures, next year's section 一, next year's problems.

``likeness`` compares two texts, ``answers`` pairs problems with measures inside a report,
``years`` looks for them in the report of the year after, ``threads`` ties the links of an
issuer together.
"""

from __future__ import annotations

from nlp.follow.answers import pair_answers
from nlp.follow.likeness import compare_wording
from nlp.follow.links import Link, Passage, YearReport
from nlp.follow.threads import ThreadStep, make_threads
from nlp.follow.years import find_done, find_restated

__all__ = [
    "Link",
    "Passage",
    "ThreadStep",
    "YearReport",
    "compare_wording",
    "find_done",
    "find_restated",
    "make_threads",
    "pair_answers",
]
