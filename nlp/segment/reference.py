"""The reference way of cutting: jieba, with a tokenizer of its own.

jieba's global tokenizer is neither read nor changed, so that another user of jieba in the
same process cannot change our words, nor we theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.segment.dictionary import BLOCK
from nlp.segment.loading import import_jieba
from nlp.segment.states import find_states

_HAN = re.compile(r"([\u4e00-\u9fd5]+)")
_NUMBER = re.compile(r"([A-Za-z0-9]+(?:\.\d+)?%?)")


class JiebaCutter:
    """Cuts text as ``jieba.cut`` does, with the frequencies that it is given."""

    def __init__(self, frequencies: dict[str, int], total: int, *, hmm: bool = True) -> None:
        jieba = import_jieba()
        self._tokenizer = jieba.Tokenizer()
        self._tokenizer.FREQ, self._tokenizer.total = frequencies, total
        # With this set, jieba neither reads its own dictionary nor its shared cache.
        self._tokenizer.initialized = True
        self._frequencies = frequencies
        self._hmm = hmm

    def cut(self, text: str) -> Iterator[str]:
        """Give the words and marks of a text; together they are the text."""
        for block in BLOCK.split(text):
            if BLOCK.match(block):
                yield from self._cut_block(block)
            else:
                yield from block

    def _cut_block(self, block: str) -> Iterator[str]:
        # jieba's own cut() would do, but for its list of forced splits, which is global:
        # whatever another user of jieba deletes would change our words.
        route: dict[int, tuple[float, int]] = {}
        self._tokenizer.calc(block, self._tokenizer.get_DAG(block), route)
        start = single = 0
        while start < len(block):
            end = route[start][1] + 1
            if end - start > 1:
                yield from self._cut_run(block[single:start])
                yield block[start:end]
                single = end
            start = end
        yield from self._cut_run(block[single:])

    def _cut_run(self, run: str) -> Iterator[str]:
        # jieba guesses no word in a run that its dictionary has but did not choose.
        if len(run) > 1 and self._hmm and self._frequencies.get(run):
            yield from run
        else:
            yield from cut_run(run, hmm=self._hmm)


def cut_run(run: str, *, hmm: bool = True) -> Iterator[str]:
    """Join a run of single characters where jieba's hidden Markov model sees a word.

    Examples
    --------
    >>> list(cut_run("12.5%"))
    ['12.5%']
    """
    for part in _HAN.split(run):
        if not _HAN.match(part):
            yield from filter(None, _NUMBER.split(part))
        elif len(part) == 1 or not hmm:
            yield from part
        else:
            begin = 0
            for index, state in enumerate(find_states(part), 1):
                if state in b"ES":
                    yield part[begin:index]
                    begin = index
            if begin < len(part):
                yield part[begin:]
