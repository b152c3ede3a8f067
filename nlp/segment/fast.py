"""The fast way of cutting (extra ``fast``): rjieba, held to the words that jieba gives.

rjieba finds the likeliest path through the dictionary; single characters left over go
through jieba's own hidden Markov model, and runs of letters and digits are split again as
jieba splits them.  tests/segment holds the two ways equal, word for word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Protocol

from nlp.segment.reference import cut_run

# The versions whose words were compared; another one may carry another dictionary.
_KNOWN = ("0.2.",)
# Characters that the two divide into blocks differently, and 期期期: equally likely paths,
# where rounding decides.
_ODD = re.compile(
    r"[\u3400-\u4dff\u9fd6-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]|([\u4e00-\u9fd5])\1\1"
)
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+#&._%-")


class _Cutter(Protocol):
    def cut(self, text: str) -> Iterable[str]: ...


def is_available() -> bool:
    """Tell whether a version of rjieba is installed that is known to agree with jieba."""
    try:
        return version("rjieba").startswith(_KNOWN)
    except PackageNotFoundError:
        return False


# Longer runs are no words of a report: kept, they would fill the memory of a long build.
_KEPT = 100


@lru_cache(maxsize=50_000)  # reports share most of their runs
def _cut_short_run(run: str) -> tuple[str, ...]:
    return tuple(cut_run(run))


def _cut_run(run: str) -> Iterable[str]:
    return _cut_short_run(run) if len(run) <= _KEPT else cut_run(run)


class FastCutter:
    """Cuts text with rjieba into the words that jieba gives.

    Parameters
    ----------
    changes : mapping of str to int
        Words whose frequency differs from jieba's own dictionary.
    reference : callable
        Gives the reference cutter, for the few texts that rjieba cuts otherwise.
    """

    def __init__(self, changes: Mapping[str, int], reference: Any) -> None:
        import rjieba

        self._jieba: Any = rjieba.Jieba()
        for word, count in changes.items():
            self._jieba.add_word(word, count, None)
        self._has_word = self._jieba.has_word
        self._reference = reference

    def cut(self, text: str) -> Iterable[str]:
        """Give the words and marks of a text; together they are the text."""
        if _ODD.search(text):
            cutter: _Cutter = self._reference()
            return cutter.cut(text)
        words: list[str] = []
        run: list[str] = []
        for piece in self._jieba.cut(text, False):
            first = piece[0]
            if "\u4e00" <= first <= "\u9fd5":
                if len(piece) == 1:
                    run.append(piece)
                    continue
            elif first in _PLAIN:
                if piece.isascii() and not (len(piece) > 1 and self._has_word(piece)):
                    run.append(piece)
                    continue
            else:
                self._close(run, words)
                words.extend(piece)
                continue
            self._close(run, words)
            words.append(piece)
        self._close(run, words)
        return words

    def _close(self, run: list[str], words: list[str]) -> None:
        if run:
            text = "".join(run)
            run.clear()
            words.extend(text if len(text) > 1 and self._has_word(text) else _cut_run(text))
