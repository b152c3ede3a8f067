"""Text → words with offsets."""

from __future__ import annotations

import hashlib
import threading
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from platformdirs import user_cache_path

from nlp.segment.cache import load_cache, save_cache
from nlp.segment.dictionary import (
    add_words,
    check_words,
    list_changes,
    list_sources,
    merge_words,
    read_words,
)
from nlp.segment.fast import FastCutter, is_available
from nlp.segment.reference import JiebaCutter

_FORMAT = 2  # of the cache files; raise it when the way of merging changes


class Word(NamedTuple):
    """One word or mark; ``text`` is exactly ``source[start:end]``."""

    text: str
    start: int
    end: int

    @property
    def is_mark(self) -> bool:
        """True for punctuation and symbols: nothing in it is a letter or a digit."""
        return not any(unicodedata.category(c)[0] in "LN" for c in self.text)


class Segmenter:
    """Splits text into words with jieba and the dictionary of this field.

    The dictionary is loaded at first use, once for each process and set of words.  A
    segmenter can be sent to other processes (what is sent is its settings).

    Parameters
    ----------
    words : iterable of str
        Further words to keep whole.
    files : iterable of path
        Further dictionaries: UTF-8, one word a line, ``#`` begins a remark.
    hmm : bool
        Whether jieba guesses words that no dictionary has (its hidden Markov model).
    cache_dir : path, optional
        Where the merged dictionary is kept; default the user's cache folder.
    fast : bool
        Whether rjieba may do the work where it is installed (extra ``fast``); the words
        are the same.

    Raises
    ------
    ValueError
        If a word has blanks or punctuation in it, or a file is not UTF-8.

    Examples
    --------
    >>> [word.text for word in Segmenter().segment("办理依申请公开12件。")]
    ['办理', '依申请公开', '12', '件', '。']
    >>> [word.text for word in Segmenter(words=["云上政务码"]).segment("推广云上政务码")]
    ['推广', '云上政务码']
    """

    def __init__(
        self,
        words: Iterable[str] = (),
        *,
        files: Iterable[str | Path] = (),
        hmm: bool = True,
        cache_dir: str | Path | None = None,
        fast: bool = True,
    ) -> None:
        own = [word for path in files for word in read_words(Path(path))]
        self.words = check_words([*words, *own])
        self.hmm = hmm
        self.fast = fast
        self.cache_dir = Path(cache_dir) if cache_dir is not None else None
        self._forget()

    def __getstate__(self) -> dict[str, Any]:
        return {key: getattr(self, key) for key in ("words", "hmm", "cache_dir", "fast")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._forget()

    def _forget(self) -> None:
        self._lock = threading.RLock()
        self._reference: JiebaCutter | None = None
        self._cutter: JiebaCutter | FastCutter | None = None

    @property
    def cache_file(self) -> Path:
        """The file in which the merged dictionary (without ``words``) is kept."""
        folder = self.cache_dir or user_cache_path("nianbao", appauthor=False)
        digest = hashlib.sha256(f"{_FORMAT}\n".encode())
        for path in list_sources():
            digest.update(path.read_bytes() + b"\0")
        return folder / f"words-{digest.hexdigest()[:16]}.json"

    def _load_words(self) -> tuple[dict[str, int], int]:
        loaded = load_cache(self.cache_file)
        if loaded is None:
            frequencies, total = merge_words()
            save_cache(self.cache_file, [frequencies, total])
        else:
            frequencies, total = loaded
        return frequencies, add_words(frequencies, total, self.words)

    def _load_changes(self) -> dict[str, int]:
        # A file of its own: the whole dictionary takes half a second and 100 MB to load.
        path = self.cache_file.with_name(self.cache_file.name.replace("words-", "changes-"))
        changes: dict[str, int] | None = None if self.words else load_cache(path)
        if changes is None:
            changes = list_changes(self._load_words()[0])
            if not self.words:
                save_cache(path, changes)
        return changes

    def _load_reference(self) -> JiebaCutter:
        with self._lock:
            if self._reference is None:
                self._reference = JiebaCutter(*self._load_words(), hmm=self.hmm)
            return self._reference

    def _load(self) -> JiebaCutter | FastCutter:
        with self._lock:
            if self._cutter is None:
                if self.fast and self.hmm and is_available():
                    self._cutter = FastCutter(self._load_changes(), self._load_reference)
                else:
                    self._cutter = self._load_reference()
            return self._cutter

    def segment(self, text: str) -> list[Word]:
        """Split ``text`` into words; white space is left out, marks stay.

        Returns
        -------
        list of Word
            In order, not overlapping; ``text[word.start:word.end] == word.text``, and
            everything between two words is white space.
        """
        words = []
        position = 0
        for piece in self._load().cut(text):
            end = position + len(piece)
            if not piece.isspace():
                words.append(Word(piece, position, end))
            position = end
        return words


@cache
def _default_segmenter() -> Segmenter:
    return Segmenter()


def segment(text: str, *, words: Iterable[str] = ()) -> list[Word]:
    """Split ``text`` into words with the dictionary of this field.

    For many texts with words of one's own make one ``Segmenter(words=…)``: the dictionary
    is loaded anew for each.

    Examples
    --------
    >>> [word.text for word in segment("落实三审三校制度")]
    ['落实', '三审三校', '制度']
    >>> segment("一 图读懂")[0]
    Word(text='一', start=0, end=1)
    """
    own = tuple(words)
    return (Segmenter(own) if own else _default_segmenter()).segment(text)
