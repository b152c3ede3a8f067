"""How far tags can be trusted on labels: per theme, with intervals, beside baselines.

Labels that the model was trained on are judged by grouped cross-validation: the whole
training (vocabulary, thresholds, calibration) is repeated without the fold that is judged,
and all labels of one wording or issuer are in one fold.  Labels that the model never saw
are judged as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from sklearn.model_selection import GroupKFold

from nlp.documents.records import ThemeTags
from nlp.themes.codebook import Codebook
from nlp.themes.evaluation import tag_by_cues
from nlp.themes.labels import Label, hash_labels
from nlp.themes.likeness import mask_wording
from nlp.themes.measures import (
    Counts,
    bound_scores,
    count_hits,
    list_confusions,
    measure_calibration,
    score_counts,
)
from nlp.themes.model import ThemeModel
from nlp.themes.sources import LabelSet
from nlp.themes.training import mark_themes, train_themes

FOLDS = 5
# Folds inside a training part, for its thresholds and calibration.
INNER_FOLDS = 2
RESAMPLES = 1000
_WORTH_PROCESSES = 1000
_SLICES = ("role", "level", "era")


@dataclass(frozen=True, slots=True)
class Judged:
    """Tags as arrays: labels × themes decisions and probabilities, primary, abstention."""

    chosen: NDArray[np.bool_]
    scores: NDArray[np.float64]
    primary: NDArray[np.int64]
    abstain: NDArray[np.bool_]


def evaluate_themes(
    labels: LabelSet,
    codebook: Codebook,
    model: ThemeModel,
    *,
    seed: int = 0,
    folds: int = FOLDS,
    cross_validate: bool | None = None,
    trained_on: Sequence[Label] = (),
    resamples: int = RESAMPLES,
    jobs: int = 1,
) -> dict[str, Any]:
    """Evaluate the tags of a model on labels.

    Parameters
    ----------
    labels : LabelSet
        See ``read_labels``.
    codebook : Codebook
        Of the labels; the model must know the same themes.
    model : ThemeModel
        The model to judge, or (in cross-validation) whose way of training to judge.
    seed : int
        Of the folds and of the resampling; the same input gives the same result.
    folds : int
        Outer folds of the cross-validation.
    cross_validate : bool, optional
        Default: True where the labels are those that the model was trained on (by hash).
    trained_on : sequence of Label, optional
        Training labels where they are at hand: labels of the same wording are counted, and
        left out of a second score, since the model has seen them.
    resamples : int
        Bootstrap resamples of issuers (families where the issuer is not known).
    jobs : int
        Processes that train folds side by side; the result is the same for any number.

    Returns
    -------
    dict
        JSON-able.  ``scores`` (macro, micro and per theme, each with the bounds of a
        percentile bootstrap interval at 95 %), ``baselines``, ``naive_split`` and
        ``grouped_split`` (cross-validation only), ``confusions``, ``calibration``,
        ``abstention``, ``by_role``, ``by_level``, ``by_era``.  Macro means leave the fallback
        theme out, and themes that neither occur nor are predicted (``themes_counted``).

    Raises
    ------
    ValueError
        If the model's themes are not the codebook's, or there are too few labels for the
        folds.
    """
    if set(model.themes) != set(codebook.ids):
        odd = sorted(set(model.themes) ^ set(codebook.ids))
        raise ValueError(f"模型与编码手册的主题不同：{'、'.join(odd)}；请用同一编码手册训练的模型")
    rows = labels.labels
    digest = hash_labels(rows)
    if cross_validate is None:
        cross_validate = digest in _hashes_of(model.card)
    truth = mark_themes(rows, codebook)
    primary = np.array([codebook.ids.index(label.primary) for label in rows])
    naive: dict[str, Any] | None = None
    if cross_validate:
        groups = labels.group_splits()
        shift = _read_shift(model.card)
        judged = judge_held_out(
            rows, codebook, groups, seed=seed, folds=folds, jobs=jobs, shift=shift
        )
        alone = [str(n) for n in range(len(rows))]
        leaky = judge_held_out(
            rows, codebook, alone, seed=seed, folds=folds, jobs=jobs, shift=shift
        )
        naive = _sum_up(truth, leaky.chosen, codebook)
    else:
        judged = judge(model, rows, codebook)
    sources = labels.group_sources()
    counts = count_hits(truth, judged.chosen)
    result: dict[str, Any] = {
        "labels": labels.name,
        "labels_sha256": digest,
        "codebook_sha256": codebook.sha256,
        "model_sha256": model.sha256,
        "mode": "grouped_cross_validation" if cross_validate else "new_labels",
        "folds": folds if cross_validate else None,
        "seed": seed,
        "resamples": resamples,
        "count": len(rows),
        "left_out": labels.left_out,
        "sources": len(set(sources)),
        "source_is": "issuer" if any(labels.issuers) else "family",
        "scores": bound_scores(counts, sources, codebook, seed=seed, resamples=resamples),
        "primary_accuracy": _share(judged.primary == primary),
        "exact_match": _share((judged.chosen == truth).all(axis=1)),
        "baselines": _measure_baselines(rows, truth, codebook),
        "confusions": list_confusions(truth, judged.chosen, primary, judged.primary, codebook),
        "calibration": measure_calibration(truth, judged.scores, codebook),
        "abstention": _measure_abstention(truth, judged, codebook),
    }
    if naive is not None:
        result["grouped_split"] = _sum_up(truth, judged.chosen, codebook)
        result["naive_split"] = naive
    for name in _SLICES:
        result[f"by_{name}"] = _slice_scores(rows, truth, judged, codebook, name)
    if not cross_validate:
        result["seen_before"] = _measure_unseen(rows, trained_on, truth, judged, codebook)
    return result


def judge(model: ThemeModel, labels: Sequence[Label], codebook: Codebook) -> Judged:
    """Tag labelled statements with a model and give the tags as arrays."""
    tags = model.tag([label.text for label in labels], [label.role for label in labels])
    return _as_arrays(tags, codebook)


def judge_held_out(
    labels: Sequence[Label],
    codebook: Codebook,
    groups: Sequence[str],
    *,
    seed: int = 0,
    folds: int = FOLDS,
    jobs: int = 1,
    shift: float = 0.0,
) -> Judged:
    """Tag every label with a model trained without its group.

    Raises
    ------
    ValueError
        If there are fewer groups than folds, or a theme has no label outside a fold.
    """
    if len(set(groups)) < folds:
        raise ValueError(
            f"标注只有 {len(set(groups))} 组（同一机关或同一措辞为一组），不足以分成 {folds} 折；"
            "请减少 --folds 或补标"
        )
    parts: list[tuple[list[Label], list[Label]]] = []
    order: list[int] = []
    splitter = GroupKFold(n_splits=folds, shuffle=True, random_state=seed)
    for train, test in splitter.split(groups, groups=groups):
        part = [labels[i] for i in train]
        used = {theme for label in part for theme in label.themes}
        lost = [codebook.name_of(theme) for theme in codebook.ids if theme not in used]
        if lost:
            raise ValueError(
                f"主题“{'、'.join(lost)}”的标注太少，交叉验证时训练部分一条也没有；"
                "请补标、减少 --folds，或从编码手册中去掉这个主题"
            )
        parts.append((part, [labels[i] for i in test]))
        order += test.tolist()
    # Few labels train faster than a process starts.
    workers = min(jobs, folds) if len(labels) >= _WORTH_PROCESSES else 1
    found = Parallel(n_jobs=workers)(
        delayed(_tag_unseen)(train, test, codebook, seed, shift) for train, test in parts
    )
    tags = dict(zip(order, (tag for part in found for tag in part), strict=True))
    return _as_arrays([tags[place] for place in range(len(labels))], codebook)


def _tag_unseen(
    train: Sequence[Label], test: Sequence[Label], codebook: Codebook, seed: int, shift: float
) -> list[ThemeTags]:
    model = train_themes(train, codebook, seed, folds=INNER_FOLDS, shift=shift)
    return model.tag([label.text for label in test], [label.role for label in test])


def _as_arrays(tags: Sequence[ThemeTags], codebook: Codebook) -> Judged:
    places = {theme: n for n, theme in enumerate(codebook.ids)}
    chosen = np.zeros((len(tags), len(places)), dtype=bool)
    for row, tag in enumerate(tags):
        chosen[row, [places[theme] for theme in tag.themes]] = True
    return Judged(
        chosen=chosen,
        scores=np.array([[tag.scores[theme] for theme in codebook.ids] for tag in tags]),
        primary=np.array([places[tag.primary] for tag in tags]),
        abstain=np.array([tag.abstain for tag in tags]),
    )


def _read_shift(card: Mapping[str, Any]) -> float:
    shift = card.get("threshold_shift", 0.0)
    return float(shift) if isinstance(shift, int | float) else 0.0


def _hashes_of(card: Mapping[str, Any]) -> set[str]:
    sources = card.get("sources", [])
    found = {str(source.get("labels_sha256")) for source in sources if isinstance(source, Mapping)}
    return found | {str(card.get("labels_sha256"))}


def _share(hits: NDArray[np.bool_]) -> float:
    return round(float(hits.mean()), 4)


def _sum_up(
    truth: NDArray[np.bool_], chosen: NDArray[np.bool_], codebook: Codebook
) -> dict[str, Any]:
    return score_counts(count_hits(truth, chosen), codebook)


def _measure_baselines(
    labels: Sequence[Label], truth: NDArray[np.bool_], codebook: Codebook
) -> dict[str, Any]:
    """Give the cues of the codebook alone, and the most frequent theme for everything."""
    frequent = np.zeros_like(truth)
    frequent[:, truth.sum(axis=0).argmax()] = True
    cues = tag_by_cues([label.text for label in labels], codebook)
    return {
        "cues": _sum_up(truth, cues, codebook),
        "most_frequent": _sum_up(truth, frequent, codebook),
    }


def _measure_abstention(
    truth: NDArray[np.bool_], judged: Judged, codebook: Codebook
) -> dict[str, Any]:
    kept = ~judged.abstain
    every = _sum_up(truth, judged.chosen, codebook)
    sure = _sum_up(truth[kept], judged.chosen[kept], codebook)
    return {
        "share": _share(judged.abstain),
        "macro_f1_all": every["macro_f1"],
        "macro_f1_sure": sure["macro_f1"],
        "micro_f1_all": every["micro_f1"],
        "micro_f1_sure": sure["micro_f1"],
    }


def _slice_scores(
    labels: Sequence[Label],
    truth: NDArray[np.bool_],
    judged: Judged,
    codebook: Codebook,
    name: str,
) -> dict[str, Any]:
    values = np.array([str(getattr(label, name)) for label in labels])
    found = {}
    for value in sorted(set(values.tolist())):
        here = values == value
        counts: Counts = count_hits(truth[here], judged.chosen[here])
        scores = score_counts(counts, codebook)
        found[value] = {
            "count": int(here.sum()),
            "macro_f1": scores["macro_f1"],
            "micro_f1": scores["micro_f1"],
            "themes_counted": scores["themes_counted"],
            "abstained": _share(judged.abstain[here]),
        }
    return found


def _measure_unseen(
    labels: Sequence[Label],
    trained_on: Sequence[Label],
    truth: NDArray[np.bool_],
    judged: Judged,
    codebook: Codebook,
) -> dict[str, Any] | None:
    """Count labels whose wording the model was trained on, and score the others alone."""
    if not trained_on:
        return None
    known = {mask_wording(label.text) for label in trained_on}
    new = np.array([mask_wording(label.text) not in known for label in labels])
    scores = _sum_up(truth[new], judged.chosen[new], codebook) if new.any() else None
    return {
        "count": int((~new).sum()),
        "macro_f1_without": scores["macro_f1"] if scores else None,
        "micro_f1_without": scores["micro_f1"] if scores else None,
    }
