"""Who uses whose words: masked texts → candidates → aligned passages → families."""

from nlp.reuse.groups import Family, find_families
from nlp.reuse.mask import MaskedTexts, mask_texts
from nlp.reuse.match import Settings
from nlp.reuse.measures import (
    Likeness,
    Residue,
    Shares,
    compare_texts,
    find_residue,
    measure_shares,
)
from nlp.reuse.pairs import Pair, Pairs, Source, find_pairs

__all__ = [
    "Family",
    "Likeness",
    "MaskedTexts",
    "Pair",
    "Pairs",
    "Residue",
    "Settings",
    "Shares",
    "Source",
    "compare_texts",
    "find_families",
    "find_pairs",
    "find_residue",
    "mask_texts",
    "measure_shares",
]
