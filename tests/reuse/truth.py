"""Frames of the shipped reports made from their truth: what the reader would give, at once."""

from __future__ import annotations

import csv
import hashlib
import json
import random
from pathlib import Path
from typing import Any

import pandas as pd

from nlp.documents import make_frame
from nlp.segment import split_sentences

CORPUS = Path(__file__).parents[2] / "corpus"


def load_truths() -> list[dict[str, Any]]:
    paths = sorted((CORPUS / "reports").glob("*.truth.json"))
    return [json.loads(p.read_text(encoding="utf-8")) for p in paths]


def report_id(truth: dict[str, Any]) -> str:
    return hashlib.sha256(truth["file"].encode()).hexdigest()[:12]


def text_of(truth: dict[str, Any]) -> str:
    return "\n".join(
        f"{part['section']}、标题\n" + "\n".join(part["paragraphs"]) for part in truth["narrative"]
    )


def make_frames(
    truths: list[dict[str, Any]], *, shuffle: int | None = None
) -> dict[str, pd.DataFrame]:
    """Make ``reports`` and ``sentences``; ``shuffle`` is a seed for the order of the rows."""
    with (CORPUS / "issuers.csv").open(encoding="utf-8-sig") as stream:
        known = {row["issuer"]: row for row in csv.DictReader(stream)}
    reports, sentences = [], []
    for t in truths:
        text = text_of(t)
        places = ("level", "kind", "province", "city", "county", "township")
        reports.append(
            {
                "report_id": report_id(t),
                "file": t["file"],
                "sha256": report_id(t),
                "file_kind": "text",
                "reader": "truth",
                "issuer": t["issuer"],
                "year": t["year"],
                **{p: known[t["issuer"]][p] or None for p in places},
                "text": text,
            }
        )
        at, number = 0, 0
        for part in t["narrative"]:
            at += len(f"{part['section']}、标题\n")
            for paragraph in part["paragraphs"]:
                for start, end in split_sentences(text, at, at + len(paragraph)):
                    number += 1
                    sentences.append(
                        {
                            "report_id": report_id(t),
                            "section": None if part["section"] == "preamble" else part["section"],
                            "sentence": number,
                            "start": start,
                            "end": end,
                            "page": 1,
                            "text": text[start:end],
                        }
                    )
                at += len(paragraph) + 1
    if shuffle is not None:
        chance = random.Random(shuffle)
        chance.shuffle(reports)
        chance.shuffle(sentences)
    return {
        "reports": make_frame("reports", reports),
        "sentences": make_frame("sentences", sentences),
    }
