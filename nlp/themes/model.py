"""The theme model: linear weights over features, thresholds, and the tags they give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from nlp.documents.records import Role, ThemeTags
from nlp.themes.features import (
    CharacterCounter,
    CueMatcher,
    head_clause,
    normalize_text,
    stack_features,
)

Matrix = NDArray[np.float32]
# Statements scored at a time: large enough for speed, small enough for a few dozen MB.
_BATCH = 10_000


@dataclass(frozen=True)
class ThemeModel:
    """A trained classifier of statements.

    ``weights`` is features × themes: characters of ``vectorizer``, condensed characters of
    ``condensed``, then ``cues``, then the two roles.  ``bias`` and ``slope`` are one number
    a theme: its calibrated probability is
    ``1 / (1 + exp(-(slope * (features @ weights) + bias)))``.  A theme holds at or above its
    ``thresholds`` entry.  ``doubt_limit`` is the sum of ``doubt_weights * min(p, 1 - p)``
    over the themes above which the model abstains.  ``card`` says what it was trained on
    and how well it did.
    """

    themes: tuple[str, ...]
    fallback: str | None
    cues: tuple[str, ...]
    vectorizer: TfidfVectorizer
    condensed: TfidfVectorizer
    weights: Matrix
    slope: Matrix
    bias: Matrix
    thresholds: Matrix
    doubt_weights: Matrix
    doubt_limit: float
    card: Mapping[str, object] = field(default_factory=dict)

    @property
    def sha256(self) -> str | None:
        """Hash of the model file, None for a model that was not saved yet."""
        digest = self.card.get("model_sha256")
        return digest if isinstance(digest, str) else None

    @cached_property
    def _matcher(self) -> CueMatcher:
        return CueMatcher(self.cues)

    @cached_property
    def _counter(self) -> CharacterCounter:
        return CharacterCounter(self.vectorizer)

    @cached_property
    def _condensed_counter(self) -> CharacterCounter:
        return CharacterCounter(self.condensed)

    def predict_scores(
        self, texts: Sequence[str], roles: Sequence[Role | None] | None = None
    ) -> Matrix:
        """Give the calibrated probability of each theme (texts × themes, in [0, 1])."""
        return self._score([normalize_text(text) for text in texts], _fill_roles(texts, roles))

    def _score(self, normalized: Sequence[str], roles: Sequence[Role | None]) -> Matrix:
        if not normalized:
            return np.zeros((0, len(self.themes)), dtype=np.float32)
        logits = np.vstack(
            [
                stack_features(
                    self._counter,
                    self._condensed_counter,
                    self._matcher,
                    normalized[start : start + _BATCH],
                    roles[start : start + _BATCH],
                )
                @ self.weights
                for start in range(0, len(normalized), _BATCH)
            ]
        )
        return np.asarray(1.0 / (1.0 + np.exp(-(logits * self.slope + self.bias))), np.float32)

    def tag(
        self, texts: Sequence[str], roles: Sequence[Role | None] | None = None
    ) -> list[ThemeTags]:
        """Tag statements with their themes.

        Parameters
        ----------
        texts : sequence of str
            Statements as they stand in the report; spelling is evened out inside.
        roles : sequence of {'problem', 'measure', None}, optional
            What each statement is; None where it is not known.

        Returns
        -------
        list of ThemeTags
            In the order of ``texts``.  ``themes`` has the primary theme first.

        Raises
        ------
        ValueError
            If ``roles`` has another length than ``texts``.
        """
        filled = _fill_roles(texts, roles)
        normalized = [normalize_text(text) for text in texts]
        scores = self._score(normalized, filled)
        chosen = self.choose_themes(scores)
        several = np.flatnonzero(chosen.sum(axis=1) > 1).tolist()
        heads = self._score(
            [head_clause(normalized[row]) for row in several], [filled[row] for row in several]
        )
        head_rows = {row: place for place, row in enumerate(several)}
        doubtful = np.minimum(scores, 1 - scores) @ self.doubt_weights > self.doubt_limit
        rounded = np.round(scores.astype(np.float64), 4).tolist()
        tags: list[ThemeTags] = []
        for row, text in enumerate(normalized):
            order = np.flatnonzero(chosen[row]).tolist()
            if len(order) > 1:
                # The head clause names the primary theme; the whole statement breaks ties.
                rank = heads[head_rows[row]] + scores[row] * np.float32(1e-3)
                order.sort(key=lambda theme: (-float(scores[row, theme]), theme))
                primary = max(order, key=lambda theme: (float(rank[theme]), -theme))
                order = [primary, *(theme for theme in order if theme != primary)]
            tags.append(
                ThemeTags(
                    themes=tuple(self.themes[theme] for theme in order),
                    primary=self.themes[order[0]],
                    scores=dict(zip(self.themes, rounded[row], strict=True)),
                    abstain=bool(doubtful[row]) or not text,
                )
            )
        return tags

    def choose_themes(self, scores: Matrix) -> NDArray[np.bool_]:
        """Apply the thresholds: at least one theme each, the fallback only on its own."""
        return choose_themes(scores, self.thresholds, self._fallback_index)

    @property
    def _fallback_index(self) -> int | None:
        return None if self.fallback is None else self.themes.index(self.fallback)


def choose_themes(scores: Matrix, thresholds: Matrix, fallback: int | None) -> NDArray[np.bool_]:
    """Turn probabilities into decisions.

    Where no theme reaches its threshold, the one closest to it (by ratio) is taken, since
    every statement is about something; the fallback theme competes there and nowhere else.
    """
    chosen = np.asarray(scores >= thresholds)
    if fallback is not None:
        chosen[:, fallback] = False
    empty = np.flatnonzero(~chosen.any(axis=1))
    nearest = (scores[empty] / thresholds).argmax(axis=1)
    chosen[empty, nearest] = True
    return chosen


def _fill_roles(texts: Sequence[str], roles: Sequence[Role | None] | None) -> Sequence[Role | None]:
    if roles is None:
        return [None] * len(texts)
    if len(roles) != len(texts):
        raise ValueError(f"roles 应与 texts 等长（{len(texts)}），实为 {len(roles)}")
    return roles
