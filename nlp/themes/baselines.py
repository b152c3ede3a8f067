"""What a model has to be compared with: cues alone, the most frequent theme, a leaky split."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nlp.themes.codebook import Codebook
from nlp.themes.evaluation import measure_themes, tag_by_cues
from nlp.themes.labels import Label
from nlp.themes.model import ThemeModel
from nlp.themes.training import FOLDS, apply_calibration, mark_themes, predict_held_out


def measure_baselines(
    labels: Sequence[Label], codebook: Codebook, model: ThemeModel, seed: int = 0
) -> dict[str, dict[str, Any]]:
    """Measure the baselines on the labels.

    Returns
    -------
    dict
        ``cues`` (the codebook's cues alone; they were written by people who knew the
        labels' style, so this flatters them), ``most_frequent`` (every statement gets the
        most frequent theme) and ``naive_split`` (this model, variants of one wording
        allowed on both sides: what leakage would have made of the score), each as
        `measure_themes` gives it.
    """
    truth = mark_themes(labels, codebook)
    frequent = np.zeros_like(truth)
    frequent[:, truth.sum(axis=0).argmax()] = True
    leaky = predict_held_out(
        labels, codebook, seed, folds=FOLDS, groups=[label.id for label in labels]
    )
    chosen = model.choose_themes(apply_calibration(leaky, truth))
    return {
        "cues": measure_themes(
            truth, tag_by_cues([label.text for label in labels], codebook), codebook
        ),
        "most_frequent": measure_themes(truth, frequent, codebook),
        "naive_split": measure_themes(truth, chosen, codebook),
    }
