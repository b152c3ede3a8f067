"""Who uses whose words: masked texts → candidates → aligned passages → families."""

from nlp.reuse.mask import MaskedTexts, mask_texts
from nlp.reuse.match import Settings
from nlp.reuse.pairs import Pair, Source, find_pairs

__all__ = ["MaskedTexts", "Pair", "Settings", "Source", "find_pairs", "mask_texts"]
