"""How well tags agree with labels, beside the keyword baseline."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nlp.themes.codebook import Codebook
from nlp.themes.features import CueMatcher, normalize_text


def measure_themes(
    truth: NDArray[np.bool_], predicted: NDArray[np.bool_], codebook: Codebook
) -> dict[str, object]:
    """Measure decisions against labels (both statements × themes).

    Returns
    -------
    dict
        ``themes``: precision, recall, F1 and support of each theme; ``macro_f1`` over all
        themes but the fallback (a theme that neither occurs nor is predicted counts as 0);
        ``micro_f1`` over the same themes.  All in [0, 1], rounded to 4 places.
    """
    themes: dict[str, dict[str, float | int]] = {}
    sums = np.zeros(3, dtype=np.int64)
    scored: list[float] = []
    for index, theme in enumerate(codebook.ids):
        hit = int((truth[:, index] & predicted[:, index]).sum())
        found, wanted = int(predicted[:, index].sum()), int(truth[:, index].sum())
        f1 = 2 * hit / (found + wanted) if found + wanted else 0.0
        themes[theme] = {
            "precision": round(hit / found, 4) if found else 0.0,
            "recall": round(hit / wanted, 4) if wanted else 0.0,
            "f1": round(f1, 4),
            "support": wanted,
        }
        if theme != codebook.fallback:
            scored.append(f1)
            sums += (hit, found, wanted)
    return {
        "macro_f1": round(float(np.mean(scored)), 4),
        "micro_f1": round(2 * int(sums[0]) / int(max(sums[1] + sums[2], 1)), 4),
        "themes": themes,
    }


def tag_by_cues(texts: Sequence[str], codebook: Codebook) -> NDArray[np.bool_]:
    """Tag by the codebook's cues alone: the baseline that any classifier has to beat."""
    matcher = CueMatcher([cue for theme in codebook.themes for cue in theme.cues])
    hits = matcher.transform([normalize_text(text) for text in texts]).toarray() > 0
    predicted = np.zeros((len(texts), len(codebook.ids)), dtype=bool)
    column = 0
    for index, theme in enumerate(codebook.themes):
        predicted[:, index] = hits[:, column : column + len(theme.cues)].any(axis=1)
        column += len(theme.cues)
    if codebook.fallback is not None:
        index = codebook.ids.index(codebook.fallback)
        predicted[:, index] = False
        predicted[:, index] = ~predicted.any(axis=1)
    return predicted
