"""Why a statement got a theme: the words that carried it, with offsets into the statement.

The model is linear, so a theme's log-odds are the sum of what each feature adds.  What an
n-gram or a cue adds is shared out evenly over its characters; a word's weight is the sum over
its characters.  Nothing is approximated: the weights of all characters, the role and the
bias add up to the log-odds of the score.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from nlp.documents.records import Role
from nlp.themes.features import (
    CUE_WEIGHT,
    ROLE_WEIGHT,
    list_kept,
    normalize_with_offsets,
)
from nlp.themes.model import ThemeModel

Spans = Sequence[tuple[int, int]]
Cutter = Callable[[str], Spans]
Weights = NDArray[np.float64]
# Words are named until they make up this share of what speaks for the theme.
_SHARE = 0.75
_MOST = 6


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words that spoke for a theme; ``text`` is exactly ``statement[start:end]``.

    ``weight`` is what they add to the log-odds of the theme (natural logarithm, above 0).
    """

    text: str
    start: int
    end: int
    weight: float


def explain_tags(
    model: ThemeModel,
    text: str,
    role: Role | None = None,
    *,
    themes: Sequence[str] | None = None,
    cut: Cutter | None = None,
) -> dict[str, tuple[Evidence, ...]]:
    """Give the words that carried each theme of a statement.

    Parameters
    ----------
    model : ThemeModel
        The model that tagged it.
    text : str
        The statement as given to ``model.tag``.
    role : {'problem', 'measure'}, optional
        As given to ``model.tag``.
    themes : sequence of str, optional
        Themes to explain; default those that the model gives the statement.
    cut : callable, optional
        From the statement to the spans of its words; default single characters, of which
        neighbours are joined.

    Returns
    -------
    dict of str to tuple of Evidence
        By theme; the heaviest words first, neighbouring words joined.  Empty for a theme
        that no word speaks for (it was given for want of a better one).

    Raises
    ------
    ValueError
        If the model does not know a theme.
    """
    if themes is None:
        themes = model.tag([text], [role])[0].themes
    unknown = [theme for theme in themes if theme not in model.themes]
    if unknown:
        raise ValueError(f"模型没有主题 {'、'.join(unknown)}")
    weights = weigh_characters(model, text)
    spans = cut(text) if cut is not None else [(n, n + 1) for n in range(len(text))]
    return {
        theme: _choose_words(text, spans, weights[:, model.themes.index(theme)]) for theme in themes
    }


def weigh_characters(model: ThemeModel, text: str) -> Weights:
    """Give what each character of a text adds to each theme's log-odds (characters × themes)."""
    normalized, offsets = normalize_with_offsets(text)
    weights = np.zeros((len(normalized), len(model.themes)))
    first = len(model.vectorizer.vocabulary_)
    second = first + len(model.condensed.vocabulary_)
    kept = list_kept(normalized)
    _add_grams(weights, normalized, range(len(normalized)), model.vectorizer, model.weights)
    condensed = "".join(normalized[place] for place in kept)
    _add_grams(weights, condensed, kept, model.condensed, model.weights[first:second])
    for row, cue in zip(model.weights[second:], model.cues, strict=False):
        found = [match.span() for match in re.compile(cue).finditer(normalized)]
        size = sum(end - start for start, end in found)
        for start, end in found:
            weights[start:end] += row * (CUE_WEIGHT / size if size else 0.0)
    total = np.zeros((len(text), len(model.themes)))
    np.add.at(total, offsets, weights * model.slope)
    return total


def weigh_rest(model: ThemeModel, role: Role | None) -> Weights:
    """Give what no word adds to each theme's log-odds: the role and the bias."""
    share = np.zeros(len(model.themes))
    if role is not None:
        share = ROLE_WEIGHT * model.weights[-2 if role == "problem" else -1]
    return np.asarray(share * model.slope + model.bias, dtype=np.float64)


def _add_grams(
    weights: Weights,
    text: str,
    places: Sequence[int],
    vectorizer: TfidfVectorizer,
    rows: NDArray[np.float32],
) -> None:
    """Share out what the n-grams of ``text`` add; ``places`` says where its characters stood."""
    # Lower case first, as the vectorizer does; a letter may become two.
    lowered = [
        (low, place) for char, place in zip(text, places, strict=True) for low in char.lower()
    ]
    plain = "".join(low for low, _ in lowered)
    vocabulary: Mapping[str, int] = vectorizer.vocabulary_
    found: dict[str, list[int]] = {}
    for size in range(vectorizer.ngram_range[0], vectorizer.ngram_range[1] + 1):
        for start in range(len(plain) - size + 1):
            gram = plain[start : start + size]
            if gram in vocabulary:
                found.setdefault(gram, []).append(start)
    if not found:
        return
    columns = np.array([vocabulary[gram] for gram in found])
    counts = np.array([len(starts) for starts in found.values()])
    sizes = np.array([len(gram) for gram in found])
    values = (1 + np.log(counts)) * np.asarray(vectorizer.idf_)[columns].astype(np.float64)
    values /= np.sqrt((values**2).sum())
    shares = rows[columns] * (values / (counts * sizes))[:, None]
    # One row for each character of each place where an n-gram stands.
    at = [
        lowered[low][1]
        for gram, starts in found.items()
        for start in starts
        for low in range(start, start + len(gram))
    ]
    np.add.at(weights, at, np.repeat(shares, counts * sizes, axis=0))


def _choose_words(text: str, spans: Spans, weights: Weights) -> tuple[Evidence, ...]:
    """Name the heaviest words, neighbours joined."""
    words = [(start, end, float(weights[start:end].sum())) for start, end in spans]
    speaking = sorted(
        # A mark that stands between words may weigh something; it tells a reader nothing.
        (word for word in words if word[2] > 0 and _has_letter(text[word[0] : word[1]])),
        key=lambda word: (-word[2], word[0]),
    )
    wanted = _SHARE * sum(weight for *_, weight in speaking)
    chosen: list[tuple[int, int, float]] = []
    for word in speaking[:_MOST]:
        if chosen and sum(weight for *_, weight in chosen) >= wanted:
            break
        chosen.append(word)
    joined: list[tuple[int, int, float]] = []
    for start, end, weight in sorted(chosen):
        if joined and not text[joined[-1][1] : start].strip():
            before = joined.pop()
            start, weight = before[0], before[2] + weight
        joined.append((start, end, weight))
    joined.sort(key=lambda word: (-word[2], word[0]))
    return tuple(Evidence(text[a:z], a, z, round(weight, 3)) for a, z, weight in joined)


def _has_letter(text: str) -> bool:
    return any(char.isalnum() for char in text)
