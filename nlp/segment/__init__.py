"""Text → words with offsets, and text → sentences.

jieba is the reference; rjieba, where it is installed, gives the same words faster.  The words
of this field come from ``corpus/dictionary``.
"""

from nlp.segment.sentences import split_sentences
from nlp.segment.words import Segmenter, Word, segment

__all__ = ["Segmenter", "Word", "segment", "split_sentences"]
