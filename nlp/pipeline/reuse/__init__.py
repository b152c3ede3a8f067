"""Who uses whose words: files of texts, whole results, questions about one wording."""

from nlp.pipeline.reuse.leftovers import find_leftovers
from nlp.pipeline.reuse.pairs import find_places, pair_file
from nlp.pipeline.reuse.stage import ReuseNotes, measure_reuse

__all__ = [
    "ReuseNotes",
    "find_leftovers",
    "find_places",
    "measure_reuse",
    "pair_file",
]
