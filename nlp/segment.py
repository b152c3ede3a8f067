"""Text → words with offsets, and text → sentences.

jieba does the work, behind one ``Segmenter`` with a tokenizer of its own: jieba's global
tokenizer is neither read nor changed, so that another user of jieba in the same process
cannot change our words, nor we theirs.  The words of this field come from
``corpus/dictionary``.

The merged dictionary is kept in the user's cache folder as JSON under a name that carries
the hash of everything that went into it.  jieba's own cache (a marshal file in the shared
temporary folder, which any user of the machine can write) is never read or written.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import math
import os
import re
import sys
import tempfile
import threading
import unicodedata
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from platformdirs import user_cache_path

from nlp.resources import find_resource

__all__ = ["Segmenter", "Word", "segment", "split_sentences"]

_FORMAT = 1  # of the cache file; raise it when the way of merging changes
_STOPS = "。！？；!?;"
_CLOSERS = "”’」』）】〕》〉〗\"')]"
_BRACKETS = {"（": "）", "(": ")", "《": "》", "“": "”", "「": "」", "【": "】", "〔": "〕"}
# A bracket that is still open after so many characters is a misprint, not a bracket.
_LONGEST_BRACKET = 200
_LINE = re.compile(r"[^\r\n\v\f\x85\u2028\u2029]+")
_HAN = re.compile(r"([\u4e00-\u9fd5]+)")
_NUMBER = re.compile(r"([A-Za-z0-9]+(?:\.\d+)?%?)")
_BLOCK = re.compile(r"([\u4e00-\u9fd5A-Za-z0-9+#&._%\-]+)")


class Word(NamedTuple):
    """One word or mark; ``text`` is exactly ``source[start:end]``."""

    text: str
    start: int
    end: int

    @property
    def is_mark(self) -> bool:
        """True for punctuation and symbols: nothing in it is a letter or a digit."""
        return not any(unicodedata.category(c)[0] in "LN" for c in self.text)


@dataclass(frozen=True, slots=True)
class _Model:
    tokenizer: Any
    finalseg: ModuleType


@cache
def _import_jieba() -> ModuleType:
    # jieba 0.42.1 has invalid escapes (SyntaxWarning when first compiled on 3.12) and
    # imports pkg_resources where it is installed (a deprecation warning); neither is for users.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        handlers = list(logging.getLogger("jieba").handlers)
        first = "jieba" not in sys.modules
        import jieba
    if first:
        # It logs DEBUG lines to stderr from the start; who imported it before us keeps theirs.
        logger = logging.getLogger("jieba")
        logger.setLevel(logging.WARNING)
        for handler in set(logger.handlers) - set(handlers):
            logger.removeHandler(handler)
    module: ModuleType = jieba
    return module


def _read_words(path: Path) -> list[str]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise ValueError(f"{path.name}：词典应为 UTF-8 编码；请另存为 UTF-8 后再用") from error
    words = (line.partition("#")[0].strip() for line in lines)
    return [word for word in words if word]


def _check_words(words: Iterable[str]) -> tuple[str, ...]:
    """Sort and de-duplicate, so that the order in which words are given does not matter."""
    found = set()
    for word in words:
        if not word.strip():
            continue
        if not _BLOCK.fullmatch(word.strip()):
            raise ValueError(
                f"词典里的词应只含汉字、字母和数字；实为“{word}”。请去掉空格和标点，一行一词"
            )
        found.add(word.strip())
    return tuple(sorted(found, key=lambda word: (len(word), word)))


def _count_prefixes(lines: Iterable[str]) -> tuple[dict[str, int], int]:
    """Build jieba's prefix dictionary: a word has its frequency, a mere prefix has 0."""
    frequencies: dict[str, int] = {}
    total = 0
    for line in lines:
        word, _, rest = line.partition(" ")
        if not rest:
            continue
        count = int(rest.partition(" ")[0])
        frequencies[word] = count
        total += count
    for word in list(frequencies):
        for size in range(1, len(word)):
            frequencies.setdefault(word[:size], 0)
    return frequencies, total


def _add_words(frequencies: dict[str, int], total: int, words: Sequence[str]) -> int:
    """Add words with just enough frequency to win against any way of splitting them."""
    for word in words:
        # best[i]: log probability of the likeliest split of word[:i] into shorter words
        best = [0.0] + [-math.inf] * len(word)
        for end in range(1, len(word) + 1):
            for start in range(end):
                if end - start == len(word):
                    continue
                count = frequencies.get(word[start:end], 0) or (1 if end - start == 1 else 0)
                if count:
                    best[end] = max(best[end], best[start] + math.log(count / total))
        split = math.exp(best[-1]) if best[-1] > -math.inf else 0.0
        needed = max(int(split * total) + 1, frequencies.get(word, 0), 3)
        total += needed - frequencies.get(word, 0)
        frequencies[word] = needed
        for size in range(1, len(word)):
            frequencies.setdefault(word[:size], 0)
    return total


def _is_ours(path: Path) -> bool:
    """Whether nobody but this user can have written the file (Windows: the profile's rights)."""
    if sys.platform == "win32" or not hasattr(os, "getuid"):
        return True
    for place in (path.parent, path):
        status = place.lstat()
        if status.st_uid != os.getuid() or status.st_mode & 0o022:
            return False
    return not path.is_symlink()


def _load_cache(path: Path) -> tuple[dict[str, int], int] | None:
    """Give what the cache holds, or None where it is missing, foreign or damaged."""
    try:
        if not _is_ours(path):
            return None
        digest, _, body = path.read_bytes().partition(b"\n")
        if hashlib.sha256(body).hexdigest().encode() != digest:
            return None
        frequencies, total = json.loads(body)
    except (OSError, ValueError, TypeError):
        return None
    return frequencies, total


def _save_cache(path: Path, frequencies: dict[str, int], total: int) -> None:
    """Write the cache in one step; a folder that cannot be written costs speed, no more."""
    body = json.dumps([frequencies, total], ensure_ascii=False, separators=(",", ":")).encode()
    digest = hashlib.sha256(body).hexdigest().encode()
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # The file is created with rights for this user alone.
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".words-")
        with os.fdopen(handle, "wb") as file:
            file.write(digest + b"\n" + body)
        Path(temporary).replace(path)
        for old in path.parent.glob("words-*.json"):
            if old != path:  # made from a dictionary that has since changed
                old.unlink(missing_ok=True)
    except OSError:
        if temporary is not None:
            with contextlib.suppress(OSError):
                Path(temporary).unlink(missing_ok=True)


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
    ) -> None:
        own = [word for path in files for word in _read_words(Path(path))]
        self.words = _check_words([*words, *own])
        self.hmm = hmm
        self.cache_dir = Path(cache_dir) if cache_dir is not None else None
        self._lock = threading.Lock()
        self._model: _Model | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {"words": self.words, "hmm": self.hmm, "cache_dir": self.cache_dir}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._lock = threading.Lock()
        self._model = None

    @property
    def cache_file(self) -> Path:
        """The file in which the merged dictionary (without ``words``) is kept."""
        folder = self.cache_dir or user_cache_path("nianbao", appauthor=False)
        digest = hashlib.sha256(f"{_FORMAT}\n".encode())
        for path in self._sources():
            digest.update(path.read_bytes() + b"\0")
        return folder / f"words-{digest.hexdigest()[:16]}.json"

    @staticmethod
    def _sources() -> list[Path]:
        base = Path(str(_import_jieba().__file__)).with_name("dict.txt")
        return [base, *sorted(find_resource("corpus/dictionary").glob("*.txt"))]

    def _load(self) -> _Model:
        with self._lock:
            if self._model is None:
                jieba = _import_jieba()
                path = self.cache_file
                loaded = _load_cache(path)
                if loaded is None:
                    base, *own = self._sources()
                    with base.open(encoding="utf-8") as lines:
                        frequencies, total = _count_prefixes(lines)
                    terms = _check_words(word for file in own for word in _read_words(file))
                    total = _add_words(frequencies, total, terms)
                    _save_cache(path, frequencies, total)
                else:
                    frequencies, total = loaded
                total = _add_words(frequencies, total, self.words)
                tokenizer = jieba.Tokenizer()
                tokenizer.FREQ, tokenizer.total = frequencies, total
                # With this set, jieba neither reads its own dictionary nor its shared cache.
                tokenizer.initialized = True
                self._model = _Model(tokenizer, jieba.finalseg)
            return self._model

    def segment(self, text: str) -> list[Word]:
        """Split ``text`` into words; white space is left out, marks stay.

        Returns
        -------
        list of Word
            In order, not overlapping; ``text[word.start:word.end] == word.text``, and
            everything between two words is white space.
        """
        model = self._load()
        words = []
        position = 0
        for piece in self._cut(model, text):
            end = position + len(piece)
            if not piece.isspace():
                words.append(Word(piece, position, end))
            position = end
        return words

    def _cut(self, model: _Model, text: str) -> Iterator[str]:
        for block in _BLOCK.split(text):
            if _BLOCK.match(block):
                yield from self._cut_block(model, block)
            else:
                yield from block

    def _cut_block(self, model: _Model, block: str) -> Iterator[str]:
        # jieba's own cut() would do, but for its list of forced splits, which is global:
        # whatever another user of jieba deletes would change our words.
        route: dict[int, tuple[float, int]] = {}
        model.tokenizer.calc(block, model.tokenizer.get_DAG(block), route)
        start = single = 0
        while start < len(block):
            end = route[start][1] + 1
            if end - start > 1:
                yield from self._cut_singles(model, block[single:start])
                yield block[start:end]
                single = end
            start = end
        yield from self._cut_singles(model, block[single:])

    def _cut_singles(self, model: _Model, run: str) -> Iterator[str]:
        """Join a run of single characters where the hidden Markov model sees a word."""
        for part in _HAN.split(run):
            if not _HAN.match(part):
                yield from filter(None, _NUMBER.split(part))
            elif len(part) == 1 or not self.hmm or model.tokenizer.FREQ.get(part):
                yield from part
            else:
                seg = model.finalseg
                _, states = seg.viterbi(part, "BMES", seg.start_P, seg.trans_P, seg.emit_P)
                begin = 0
                for index, state in enumerate(states, 1):
                    if state in "ES":
                        yield part[begin:index]
                        begin = index
                if begin < len(part):
                    yield part[begin:]


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


def split_sentences(
    text: str, start: int = 0, end: int | None = None, *, stops: str = _STOPS
) -> list[tuple[int, int]]:
    """Give the sentences of ``text[start:end]`` as half-open ranges into ``text``.

    A sentence ends after a stop and the closing quotes and brackets that follow it, or at
    the end of a line; a stop inside brackets or quotes that close on the same line ends
    nothing, unless the closer follows at once.  White space around a sentence is left out.

    Parameters
    ----------
    text : str
    start, end : int
        The part of the text to split; ranges count from the beginning of ``text``.
    stops : str
        The characters that end a sentence; leave out ``；`` and ``;`` for whole periods.

    Examples
    --------
    >>> text = "一是加强培训；二是完善制度。"
    >>> [text[a:b] for a, b in split_sentences(text)]
    ['一是加强培训；', '二是完善制度。']
    >>> split_sentences(text, stops="。！？")
    [(0, 14)]
    """
    length = len(text)
    first, last, _ = slice(start, end).indices(length)
    sentences: list[tuple[int, int]] = []
    for line in _LINE.finditer(text, first, max(first, last)):
        begin = line.start()
        for stop in _find_stops(text, line.start(), line.end(), stops):
            _append_trimmed(sentences, text, begin, stop)
            begin = stop
        _append_trimmed(sentences, text, begin, line.end())
    return sentences


def _find_stops(text: str, start: int, end: int, stops: str) -> Iterator[int]:
    """Give the places after which a sentence of one line ends."""
    position = start
    inside_until = start
    while position < end:
        character = text[position]
        if position >= inside_until and character in _BRACKETS:
            limit = min(end, position + _LONGEST_BRACKET)
            closing = text.find(_BRACKETS[character], position + 1, limit)
            inside_until = max(inside_until, closing)
        if character in stops:
            after = position + 1
            while after < end and text[after] in stops:
                after += 1
            closed = after
            while closed < end and text[closed] in _CLOSERS:
                closed += 1
            if closed >= inside_until and (position >= inside_until or closed > inside_until):
                yield closed
                position = closed
                continue
        position += 1


def _append_trimmed(sentences: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    if start < end:
        sentences.append((start, end))
