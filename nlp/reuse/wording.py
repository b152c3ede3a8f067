"""What wording weighs: mandated text nothing, stock wording little, everything else fully."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

import numpy as np
from numpy.typing import NDArray

from nlp.form import load_form, load_mandated
from nlp.resources import find_resource
from nlp.reuse.mask import (
    DATE,
    DOCUMENT,
    NAME,
    NUMBER,
    SLOTS,
    TITLE,
    MaskedTexts,
    mask_texts,
)
from nlp.reuse.phrases import Codes, PhraseTable, build_table, paint_phrases
from nlp.reuse.workers import in_parts

FULL, TERM, STOCK_WEIGHT, SLOT_WEIGHT = 20, 12, 6, 0
# Classes of characters, the higher one winning where phrases overlap.
_TERM, _STOCK, _MANDATED = 1, 2, 3
_WEIGHTS = np.array([FULL, TERM, STOCK_WEIGHT, 0], dtype=np.uint8)
_GLUE = "的了和与及等并也在对为将要是以由从其所有各"
_PLACEHOLDER = re.compile(r"\{(机关|年|数|文号)\}")
_SLOT_NAMED = {"机关": NAME, "年": DATE, "数": NUMBER, "文号": DOCUMENT, "书名": TITLE}


def _encode_phrases(phrases: list[str]) -> list[Codes]:
    """Mask phrases as texts are masked; placeholders become slots."""
    pieces: list[str] = []
    plan: list[list[int | str]] = []
    for phrase in phrases:
        steps: list[int | str] = []
        for n, part in enumerate(_PLACEHOLDER.split(phrase)):
            if n % 2:
                steps.append(_SLOT_NAMED[part])
            elif part:
                steps.append(len(pieces))
                pieces.append(part)
        plan.append(steps)
    masked = mask_texts(pieces)
    codes: list[Codes] = []
    for steps in plan:
        parts = [
            np.array([ord(s)], dtype=np.uint32)
            if isinstance(s, str)
            else masked.codes[masked.pointers[s] : masked.pointers[s + 1]]
            for s in steps
        ]
        codes.append(np.concatenate(parts) if parts else np.zeros(0, np.uint32))
    return codes


def _form_labels() -> list[str]:
    """Give what the statutory tables print, in both editions."""
    labels: list[str] = [
        "信息内容",
        "申请人情况",
        "法人或其他组织",
        "本年度办理结果",
        "未经复议直接起诉",
    ]
    for edition in ("2021", "2019"):
        form = load_form("2019" if edition == "2019" else "2021")
        for block in form.blocks:
            labels += [block.clause, *(label for c in block.columns for label in c.labels)]
            labels += [label for r in block.rows for label in r.labels]
        for row in form.requests + form.request_alternatives:
            labels += [row.group, row.label, *row.labels, row.ordinal + row.label]
        labels += [label for column in form.applicants for label in column.labels]
        labels += ["".join(form.applicants[i].key for i in range(len(form.applicants)))]
        labels += ["".join(form.results), *(g.label for g in form.review_groups), *form.results]
    return [label for label in dict.fromkeys(labels) if len(label) >= 4]


@cache
def _wording() -> PhraseTable:
    data = load_mandated()
    mandated = [
        *data["preamble"], data["balance_note"], *data["headings"], *data["opening"],
        *data["obliged"], *data["frames"].split(),
    ]  # fmt: skip
    mandated += _form_labels()
    stock = data["stock"].split()
    lines = find_resource("corpus/dictionary/terms.txt").read_text(encoding="utf-8").splitlines()
    terms = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    # Pairs of characters that stock wording is made of: as common as terms.
    pairs = Counter(
        codes[i : i + 2].tobytes()
        for codes in _encode_phrases(stock)
        for i in range(len(codes) - 1)
    )
    common = [np.frombuffer(pair, dtype=np.uint32) for pair, n in pairs.items() if n >= 3]
    listed = [
        *((codes, _TERM) for codes in common),
        *((codes, _TERM) for codes in _encode_phrases([t for t in terms if len(t) >= 2])),
        *((codes, _STOCK) for codes in _encode_phrases(stock)),
        *((codes, _MANDATED) for codes in _encode_phrases(mandated) if len(codes) >= 4),
        *((codes, _MANDATED) for codes in _encode_phrases(["总计", "自然人", "七总计"])),
    ]
    return build_table(listed)


def classify_characters(masked: MaskedTexts) -> NDArray[np.uint8]:
    """Give the class of each masked character: 0 free, 1 term, 2 stock, 3 mandated.

    Examples
    --------
    >>> classify_characters(mask_texts(["进一步加强台账"])).tolist()
    [2, 2, 2, 2, 2, 1, 1]
    """
    return paint_phrases(masked.codes, _wording())


def weigh_characters(masked: MaskedTexts) -> NDArray[np.uint8]:
    """Give the weight of each masked character, 0 to 20.

    20 counts fully; terms of the field and particles a little less, stock wording 6, slots
    and mandated wording nothing.

    Examples
    --------
    >>> weigh_characters(mask_texts(["进一步加强2024"])).tolist()
    [6, 6, 6, 6, 6, 0]
    """
    classes = classify_characters(masked)
    weights = np.empty(len(classes), dtype=np.uint8)

    def weigh(first: int, last: int) -> None:
        part = slice(first, last)
        weights[part] = np.minimum(_WEIGHTS[classes[part]], _heaviest()[masked.codes[part]])

    in_parts(len(classes), weigh)
    return weights


@cache
def _heaviest() -> NDArray[np.uint8]:
    """Give what a code point weighs at the most: particles a little less, slots nothing."""
    table = np.full(0x110000, FULL, dtype=np.uint8)
    table[[ord(c) for c in _GLUE]] = TERM
    table[[ord(c) for c in SLOTS]] = SLOT_WEIGHT
    return table


def is_mandated(masked: MaskedTexts) -> NDArray[np.bool_]:
    """Say of each masked character whether it is mandated wording."""
    mandated: NDArray[np.bool_] = classify_characters(masked) == _MANDATED
    return mandated
