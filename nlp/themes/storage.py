"""A model on disk: ``themes.skops`` with its card, refused when the two do not match."""

from __future__ import annotations

import copy
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import skops.io
from sklearn.feature_extraction.text import TfidfVectorizer

from nlp.resources import find_resource
from nlp.themes.model import ThemeModel

MODEL_FILE = "themes.skops"
CARD_FILE = "card.json"
FORMAT = 3
_LIBRARIES = ("numpy", "opencc", "scikit-learn", "scipy", "skops")
# A date that every zip tool accepts; the real one would make equal models differ.
_EPOCH = (1980, 1, 1, 0, 0, 0)


class ModelError(ValueError):
    """A model folder that cannot be used.

    ``code`` is a stable English key: ``missing``, ``card``, ``mismatch``, ``untrusted``,
    ``format``.
    """

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


def save_model(model: ThemeModel, folder: str | Path) -> str:
    """Write a model and its card; equal models give equal bytes.

    Returns
    -------
    str
        SHA-256 of the model file, as written into the card.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    content: dict[str, Any] = {
        "format": FORMAT,
        "themes": list(model.themes),
        "fallback": model.fallback,
        "cues": list(model.cues),
        "vectorizer": _without_terms(model.vectorizer),
        "terms": _join_terms(model.vectorizer),
        "condensed": _without_terms(model.condensed),
        "condensed_terms": _join_terms(model.condensed),
        "weights": model.weights,
        "slope": model.slope,
        "bias": model.bias,
        "thresholds": model.thresholds,
        "doubt_weights": model.doubt_weights,
        "doubt_limit": model.doubt_limit,
    }
    data = _settle_bytes(skops.io.dumps(content))
    digest = hashlib.sha256(data).hexdigest()
    card = {
        **model.card,
        "model_sha256": digest,
        "model_bytes": len(data),
        "libraries": {name: version(name) for name in _LIBRARIES},
    }
    (target / MODEL_FILE).write_bytes(data)
    text = json.dumps(card, ensure_ascii=False, indent=2) + "\n"
    (target / CARD_FILE).write_bytes(text.encode())
    return digest


def load_model(folder: str | Path | None = None) -> ThemeModel:
    """Load a model, refusing one whose file is not the one its card describes.

    Parameters
    ----------
    folder : str, Path or None
        Folder with ``themes.skops`` and ``card.json``; None takes the one that ships.

    Raises
    ------
    ModelError
        If a file is missing, the hash does not match, or the file holds types that a
        theme model does not need (they could run code).
    """
    source = find_resource("models/themes") if folder is None else Path(folder)
    for name in (MODEL_FILE, CARD_FILE):
        if not (source / name).is_file():
            raise ModelError(
                "missing",
                f"模型文件夹 {source.name} 中没有 {name}；应同时有 {MODEL_FILE} 与 {CARD_FILE}，"
                "请重新训练或重新安装",
            )
    try:
        card = json.loads((source / CARD_FILE).read_text(encoding="utf-8"))
    except ValueError:
        card = None
    if not isinstance(card, dict) or not isinstance(card.get("model_sha256"), str):
        raise ModelError("card", f"{CARD_FILE} 已损坏或缺少 model_sha256，请重新训练")
    data = (source / MODEL_FILE).read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != card["model_sha256"]:
        raise ModelError(
            "mismatch",
            f"{MODEL_FILE} 与 {CARD_FILE} 不符：卡片记的是 {card['model_sha256'][:12]}…，"
            f"文件是 {found[:12]}…；文件可能被改动或两者不是同一次训练所得，已拒绝载入，"
            "请重新训练或重新安装",
        )
    try:
        unknown = skops.io.get_untrusted_types(data=data)
        content = {} if unknown else skops.io.loads(data, trusted=[])
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError) as error:
        raise ModelError("format", f"{MODEL_FILE} 不是主题模型：{error}") from None
    if unknown:
        raise ModelError(
            "untrusted", f"{MODEL_FILE} 含有主题模型用不到的类型 {'、'.join(unknown)}，已拒绝载入"
        )
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ModelError("format", f"{MODEL_FILE} 的格式版本不合，应为 {FORMAT}；请重新训练")
    return _rebuild_model(content, card)


def _rebuild_model(content: Mapping[str, Any], card: Mapping[str, object]) -> ThemeModel:
    themes = tuple(content["themes"])
    cues = tuple(content["cues"])
    weights = np.asarray(content["weights"], dtype=np.float32)
    vectorizer = _with_terms(content["vectorizer"], content["terms"])
    condensed = _with_terms(content["condensed"], content["condensed_terms"])
    size = len(vectorizer.vocabulary_) + len(condensed.vocabulary_) + len(cues) + 2
    if weights.shape != (size, len(themes)):
        raise ModelError(
            "format", f"权重应为 {size}×{len(themes)}，实为 {weights.shape}；请重新训练"
        )
    return ThemeModel(
        themes=themes,
        fallback=content["fallback"],
        cues=cues,
        vectorizer=vectorizer,
        condensed=condensed,
        weights=weights,
        slope=np.asarray(content["slope"], dtype=np.float32),
        bias=np.asarray(content["bias"], dtype=np.float32),
        thresholds=np.asarray(content["thresholds"], dtype=np.float32),
        doubt_weights=np.asarray(content["doubt_weights"], dtype=np.float32),
        doubt_limit=float(content["doubt_limit"]),
        card=card,
    )


# skops makes an object of every entry of a dict, which took four seconds for the hundred
# thousand terms of a model; as one text they take a fraction of one.
def _without_terms(vectorizer: TfidfVectorizer) -> TfidfVectorizer:
    bare = copy.copy(vectorizer)
    del bare.vocabulary_
    return bare


def _join_terms(vectorizer: TfidfVectorizer) -> str:
    places: dict[str, int] = vectorizer.vocabulary_
    terms = sorted(places, key=places.__getitem__)
    joined = "\n".join(terms)
    # A column's place in the list is its number, and no term may hold the separator.
    if joined.split("\n") != terms or [places[term] for term in terms] != list(range(len(terms))):
        raise ModelError("format", "词表不能写成一列：词里有换行，或编号不连续；请重新训练")
    return joined


def _with_terms(vectorizer: TfidfVectorizer, joined: str) -> TfidfVectorizer:
    vectorizer.vocabulary_ = {term: place for place, term in enumerate(joined.split("\n"))}
    return vectorizer


def _settle_bytes(data: bytes) -> bytes:
    """Take memory addresses and the time of day out of a skops file.

    skops numbers objects, and names their files, by ``id()``; both differ from run to run.
    They are renumbered in the order of the schema, and the zip gets one fixed date.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    schema = json.loads(parts.pop("schema.json"))
    numbers: dict[int, int] = {}
    names: dict[str, str] = {}

    def settle(node: Any) -> None:
        if isinstance(node, dict):
            if isinstance(node.get("__id__"), int):
                node["__id__"] = numbers.setdefault(node["__id__"], len(numbers) + 1)
            if isinstance(node.get("file"), str) and node["file"] in parts:
                suffix = Path(node["file"]).suffix
                node["file"] = names.setdefault(node["file"], f"{len(names) + 1}{suffix}")
            for value in node.values():
                settle(value)
        elif isinstance(node, list):
            for value in node:
                settle(value)

    settle(schema)
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target:
        entries = {"schema.json": json.dumps(schema, ensure_ascii=False).encode()}
        entries |= {names.get(name, name): parts[name] for name in parts}
        for name in sorted(entries):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            # The zip header otherwise tells which system wrote it.
            entry.create_system = 3
            target.writestr(entry, entries[name])
    return result.getvalue()
