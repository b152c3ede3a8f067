"""Text → features: one spelling of a statement, its characters, and the codebook's cues."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from functools import cache

import numpy as np
import opencc
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from nlp.documents.records import Role

_SPACE = re.compile(r"[\s\u200b-\u200f\ufeff\xad]+")
_PUNCTUATION = str.maketrans(
    {
        **dict(zip(",;:!?()~", "，；：！？（）～", strict=True)),
        **dict.fromkeys("“”‘’「」『』\"'＂＇`´〝〞", '"'),
        "．": ".",
        "｡": "。",
        "､": "、",
        "﹐": "，",
    }
)
_FULL_STOP = re.compile(r"(?<!\d)\.|\.(?!\d)")
# A statement arrives with or without the mark that closed it; neither tells a theme.
_EDGE = "，。；、：！？…—-·*•"
# The head clause decides the primary theme (codebook, rule `primary`).
_CLAUSE_END = re.compile(r"[，。；：！？]")


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def normalize_text(text: str) -> str:
    """Give a statement one spelling: simplified, full-width marks, no white space.

    Wrapped lines, half-width punctuation and traditional script then make no difference
    to the tags.  The result is for features only; it has no offsets into the original.

    Examples
    --------
    >>> normalize_text("公開內容不 夠\\n豐富,更新慢.")
    '公开内容不够丰富，更新慢'
    """
    folded = _SPACE.sub("", unicodedata.normalize("NFKC", text))
    # Marks that stood on a space now stand on a letter: compose again.
    folded = unicodedata.normalize("NFC", folded).translate(_PUNCTUATION)
    folded = _FULL_STOP.sub("。", folded).strip(_EDGE)
    return folded if folded.isascii() else str(_converter().convert(folded))


def normalize_with_offsets(text: str) -> tuple[str, list[int]]:
    """Give the normalized text and, for each of its characters, where it stood in ``text``.

    Offsets never go down.  A character that has no counterpart of its own (a combination
    composed of several, a script conversion that changes lengths) gets that of its neighbour.

    Examples
    --------
    >>> normalize_with_offsets("更 新\\n慢.")
    ('更新慢', [0, 2, 4])
    """
    target = normalize_text(text)
    folded: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        plain = _SPACE.sub("", unicodedata.normalize("NFKC", char)).translate(_PUNCTUATION)
        folded += plain
        places += [place] * len(plain)
    source = _FULL_STOP.sub("。", "".join(folded))
    converted = source if source.isascii() else str(_converter().convert(source))
    first = converted.find(target) if len(converted) == len(source) else -1
    if first >= 0:
        return target, places[first : first + len(target)]
    offsets = [-1] * len(target)
    for block in SequenceMatcher(None, source, target, autojunk=False).get_matching_blocks():
        offsets[block.b : block.b + block.size] = places[block.a : block.a + block.size]
    last = next((place for place in offsets if place >= 0), 0)
    for n, place in enumerate(offsets):
        last = offsets[n] = place if place >= 0 else last
    return target, offsets


# Words that any statement may hold whatever it is about, with the gradations and verbs of
# improving (不够, 有待, 进一步加强) that the role already tells.
_FILLERS = re.compile(
    "政府信息(?:公开)?|政务信息(?:公开)?|信息公开|政务公开|进一步|有待于?|还需要?|仍需要?|需要|还要"
    "|尚需|需|仍|还|不断|切实|继续|逐步|努力|积极|认真|工作|我[局镇乡县市区委办厅院街](?:道)?|的|将"
    "|更加|部分|个别|有些|一些|少数|有的|存在|不够|不太|不|较为|比较|较|情况|问题|方面|加强|强化"
    "|提升|提高|增强|加大|力度|了|得|是|在|对|和|与|及|以及|等|、"
)


def condense_text(normalized: str) -> str:
    """Take the filler words out of a normalized statement.

    What is said of what then stands side by side, within reach of four characters: 公开内容
    有待进一步完善 (regularity) differs from 公开内容有待进一步丰富 (richness) in one n-gram.

    Examples
    --------
    >>> condense_text("政府信息公开的内容还有待进一步完善")
    '内容完善'
    """
    return _FILLERS.sub("", normalized)


def list_kept(normalized: str) -> list[int]:
    """Give the places of a normalized text that `condense_text` keeps.

    Examples
    --------
    >>> list_kept("内容不够丰富")
    [0, 1, 4, 5]
    """
    dropped = {place for found in _FILLERS.finditer(normalized) for place in range(*found.span())}
    return [place for place in range(len(normalized)) if place not in dropped]


def head_clause(normalized: str) -> str:
    """Give the first clause of a normalized statement.

    A very short opening (加强培训, 一方面) carries on into the next clause.

    Examples
    --------
    >>> head_clause("进一步丰富公开内容，创新公开形式")
    '进一步丰富公开内容'
    """
    for match in _CLAUSE_END.finditer(normalized):
        if match.start() >= 4:
            return normalized[: match.start()]
    return normalized


# A full stop, where the cues' own classes such as [^，。；] end, and a line feed, which no
# normalized text holds and which therefore betrays a match that ran on all the same.
_SEAM = "。\n"
_ANCHOR = re.compile(r"(?<!\[)\^|\$|\\[AZbB]")


class CueMatcher:
    """Finds which cues of the codebook occur in each text (0/1 per cue).

    All texts of a batch are searched as one long string, one pass a cue, because starting
    the regex engine costs more than running it over a short statement.
    """

    def __init__(self, cues: Sequence[str]) -> None:
        self.cues = tuple(cues)
        self._patterns = tuple(re.compile(cue) for cue in self.cues)

    def transform(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Give a matrix of texts × cues."""
        starts = np.cumsum([0, *(len(text) + len(_SEAM) for text in texts)])
        joined = _SEAM.join(texts)
        rows: list[NDArray[np.int64]] = []
        for pattern in self._patterns:
            found = list(pattern.finditer(joined))
            if _ANCHOR.search(pattern.pattern) or any("\n" in match[0] for match in found):
                hits = np.array([n for n, t in enumerate(texts) if pattern.search(t)], np.int64)
            else:
                places = np.array([match.start() for match in found], dtype=np.int64)
                hits = np.unique(np.searchsorted(starts, places, side="right") - 1)
            rows.append(hits)
        columns = np.repeat(np.arange(len(rows)), [len(hits) for hits in rows])
        row = np.concatenate(rows) if rows else np.zeros(0, dtype=np.int64)
        values = np.ones(len(row), dtype=np.float32)
        return sparse.csr_matrix((values, (row, columns)), shape=(len(texts), len(self._patterns)))


# How much a cue or the role weighs beside the tf-idf of the characters (each row of which
# has length 1): chosen by grouped cross-validation, flat between 0.3 and 1.
CUE_WEIGHT = 0.5
ROLE_WEIGHT = 0.3
NGRAMS = (1, 4)


def build_vectorizer() -> TfidfVectorizer:
    """Give the untrained vectorizer of characters."""
    return TfidfVectorizer(
        analyzer="char",
        ngram_range=NGRAMS,
        lowercase=True,
        sublinear_tf=True,
        min_df=2,
        dtype=np.float32,
    )


class CharacterCounter:
    """Does what ``TfidfVectorizer.transform`` does, many times as fast for short texts.

    Up to four characters of 16 bits are packed into one number, so that numpy can look all
    n-grams of a batch up at once instead of Python one by one.
    """

    def __init__(self, vectorizer: TfidfVectorizer) -> None:
        if vectorizer.ngram_range[1] > 4:
            raise ValueError("n 元字符至多 4 个字")
        self._sizes = range(vectorizer.ngram_range[0], vectorizer.ngram_range[1] + 1)
        keys, columns = _pack_all(vectorizer.vocabulary_)
        order = np.argsort(keys)
        self._keys, self._columns = keys[order], columns[order]
        self._idf = np.asarray(vectorizer.idf_, dtype=np.float64)

    def transform(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Give a matrix of normalized texts × n-grams, each row of length 1 (or 0)."""
        # The separator is in no n-gram of the vocabulary, so none spans two texts.
        lowered = [text.lower() for text in texts]
        codes = _encode("\n" + "\n".join(lowered))
        owner = np.repeat(np.arange(len(texts)), [len(text) + 1 for text in lowered])
        width = len(self._idf)
        cells: list[NDArray[np.int64]] = []
        packed = np.zeros(len(codes), dtype=np.uint64)
        # A text that has an n-gram of the vocabulary has both its shorter ones, which are in
        # the vocabulary too since they are in as many texts at least: nothing else is looked up.
        likely = np.ones(len(codes), dtype=bool)
        for size in range(1, self._sizes.stop):
            # packed[i] holds the n-gram that ends at character i.
            packed[1:] = packed[:-1] << np.uint64(16)
            packed |= codes
            if size not in self._sizes:
                continue
            ends = np.flatnonzero(likely)
            place = np.searchsorted(self._keys, packed[ends])
            place[place == len(self._keys)] = 0
            hit = self._keys[place] == packed[ends]
            cells.append(owner[ends[hit]] * width + self._columns[place[hit]])
            found_here = np.zeros(len(codes), dtype=bool)
            found_here[ends[hit]] = True
            likely = found_here.copy()
            likely[1:] &= found_here[:-1]
        found, counts = np.unique(np.concatenate(cells), return_counts=True)
        row, column = found // width, found % width
        values = (1 + np.log(counts)) * self._idf[column]
        norms = np.sqrt(np.bincount(row, weights=values**2, minlength=len(texts)))
        values = (values / norms[row]).astype(np.float32)
        return sparse.csr_matrix((values, (row, column)), shape=(len(texts), width))


def _encode(text: str) -> NDArray[np.uint64]:
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return np.minimum(codes, 0xFFFF).astype(np.uint64)


def _pack_all(vocabulary: Mapping[str, int]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Give every n-gram as one number, and its column; those of one length go together."""
    keys: list[NDArray[np.uint64]] = []
    columns: list[NDArray[np.int64]] = []
    for size in sorted({len(gram) for gram in vocabulary}):
        grams = [gram for gram in vocabulary if len(gram) == size]
        codes = _encode("".join(grams)).reshape(len(grams), size)
        packed = np.zeros(len(grams), dtype=np.uint64)
        for place in range(size):
            packed = packed << np.uint64(16) | codes[:, place]
        keys.append(packed)
        columns.append(np.array([vocabulary[gram] for gram in grams], dtype=np.int64))
    return np.concatenate(keys), np.concatenate(columns)


def stack_features(
    characters: CharacterCounter,
    condensed: CharacterCounter,
    cues: CueMatcher,
    texts: Sequence[str],
    roles: Sequence[Role | None],
) -> sparse.csr_matrix:
    """Give the features of normalized texts.

    Columns: ``characters`` of the text, ``condensed`` characters (see `condense_text`),
    ``cues``, role (problem, measure).
    """
    role = np.zeros((len(texts), 2), dtype=np.float32)
    for row, name in enumerate(roles):
        if name is not None:
            role[row, 0 if name == "problem" else 1] = ROLE_WEIGHT
    parts = [
        characters.transform(texts),
        condensed.transform([condense_text(text) for text in texts]),
        cues.transform(texts) * np.float32(CUE_WEIGHT),
        sparse.csr_matrix(role),
    ]
    return sparse.csr_matrix(sparse.hstack(parts, format="csr"))
