"""Numbers stated in the prose of a report, what they count, and how they stand to the tables.

The stages: ``numbers`` finds them, ``exclude`` sets dates and set phrases aside, ``zeros``
hears zero in words, ``context`` says what is counted and whose, ``topics`` names the
matter, ``ties`` compares with the cells, ``sums`` adds breakdowns up, ``growth`` looks at
the year before.
"""

from __future__ import annotations

from nlp.claims.find import find_claims
from nlp.claims.growth import check_growth
from nlp.claims.sums import check_claims
from nlp.claims.text import claims_of_text

__all__ = ["check_claims", "check_growth", "claims_of_text", "find_claims"]
