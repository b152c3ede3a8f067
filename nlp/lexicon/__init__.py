"""Dictionary coding: concordance, keyness and collocations over the words of a result."""

from nlp.lexicon.collocations import find_collocations, find_pairs
from nlp.lexicon.keyness import compare_words
from nlp.lexicon.kwic import find_kwic
from nlp.lexicon.words import Units, filter_units, gather_units

__all__ = [
    "Units",
    "compare_words",
    "filter_units",
    "find_collocations",
    "find_kwic",
    "find_pairs",
    "gather_units",
]
