"""Labels that look wrong: where a model that never saw a label disagrees with it too surely.

Probabilities of every label come from grouped cross-validation; cleanlab (Northcutt, Jiang &
Chuang 2021, J. Artif. Intell. Res. 70:1373) decides from them, theme by theme, which labels are
more likely wrong than the model.  A suspect is to be read again, not to be changed unread.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from nlp.themes.codebook import Codebook
from nlp.themes.sources import LabelSet
from nlp.themes.training import FOLDS, apply_calibration, mark_themes, predict_held_out

COLUMNS = (
    "id", "role", "text", "themes", "perhaps_missing", "perhaps_wrong", "quality", "family",
    "issuer",
)  # fmt: skip

_UNLIKELY = 0.2


class MissingExtraError(ImportError):
    """Something needs a package that is not installed; the message names the extra."""


def find_suspects(
    labels: LabelSet, codebook: Codebook, *, seed: int = 0, folds: int = FOLDS
) -> pd.DataFrame:
    """List the labels that are probably wrong, the most suspicious first.

    Parameters
    ----------
    labels : LabelSet
        See ``read_labels``.
    codebook : Codebook
        Of the labels.
    seed : int
        Of the folds; the same labels and seed give the same list.
    folds : int
        Grouped folds.

    Returns
    -------
    DataFrame
        ``id, role, text, themes`` (as coded), ``perhaps_missing`` and ``perhaps_wrong`` (themes
        joined by ``;``), ``quality`` (0 to 1, low is suspicious; cleanlab's label quality
        score over all themes), ``family``, ``issuer``.

    Raises
    ------
    MissingExtraError
        If cleanlab is not installed.
    ValueError
        If there are too few labels for the folds.
    """
    try:
        from cleanlab.multilabel_classification import get_label_quality_scores
        from cleanlab.multilabel_classification.filter import find_multilabel_issues_per_class
    except ImportError:
        raise MissingExtraError(
            "查找可疑标注要用 cleanlab，尚未安装；请运行 pip install 'nianbao[labels]'"
        ) from None
    groups = labels.group_splits()
    if len(set(groups)) < folds:
        raise ValueError(
            f"标注只有 {len(set(groups))} 组（同一机关或同一措辞为一组），不足以分成 {folds} 折；"
            "请补标或减少 --folds"
        )
    rows = labels.labels
    truth = mark_themes(rows, codebook)
    logits = predict_held_out(rows, codebook, seed, folds=folds, groups=groups)
    scores = apply_calibration(logits, truth).astype(np.float64)
    given = [np.flatnonzero(marks).tolist() for marks in truth]
    quality = get_label_quality_scores(given, scores)
    # One process: the result is small, and processes cost more than they save.
    masks = np.asarray(find_multilabel_issues_per_class(given, scores, n_jobs=1), dtype=bool)
    # cleanlab prunes as many as it believes a theme's noise to be; where one coder kept to one
    # error, it takes the error for the rule.  A coded theme this unlikely is shown all the same.
    masks |= truth & (scores < _UNLIKELY)
    names = np.array(codebook.ids)
    found = [
        (
            label.id, label.role, label.text, ";".join(label.themes),
            ";".join(names[masks[n] & ~truth[n]]), ";".join(names[masks[n] & truth[n]]),
            round(float(quality[n]), 4), label.family, issuer,
        )
        for n, (label, issuer) in enumerate(zip(rows, labels.issuers, strict=True))
        if masks[n].any()
    ]  # fmt: skip
    table = pd.DataFrame(found, columns=list(COLUMNS))
    return table.sort_values(["quality", "id"], kind="stable").reset_index(drop=True)
