"""The hand-made truth of the claims: what numbers the prose of a report states.

``corpus/claims/NAME.txt`` has one claim a line, in the order of the text:
``words before[the number]words after = value unit # status @ cells relation``.  What the
number itself says plainly (``[12件]``) need not be repeated.  ``+``, ``-`` and ``~`` behind a
value: more than that, less than that, about that.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "claims"
_LINE = re.compile(
    r"(?P<before>[^\[]*)\[(?P<text>[^\]]+)\](?P<after>[^=#@]*?)"
    r"(?:\s+=\s+(?P<value>[\d.]+)(?P<bound>[+~-]?)(?:\s+(?P<unit>[^\s#@]+))?)?"
    r"(?:\s+#\s+(?P<status>\w+))?(?:\s+@\s+(?P<cells>.+?)(?:\s+(?P<relation>[a-z_]+))?)?\s*"
)
_PLAIN = re.compile(r"(\d+(?:\.\d+)?)(\D*)")
_BOUNDS = {"": "exact", "+": "over", "-": "under", "~": "about"}


def read_claims(name: str, paragraphs: list[tuple[str, str]]) -> list[dict[str, Any]] | None:
    """Read the claims of one report; None where they were not listed.

    Parameters
    ----------
    name : str
        Name of the report.
    paragraphs : list of (str, str)
        Section and text of its paragraphs, in order.

    Raises
    ------
    ValueError
        If a line cannot be read or its words are not in the text, in order.
    """
    path = FOLDER / f"{name}.txt"
    if not path.exists():
        return None
    claims: list[dict[str, Any]] = []
    place, at, last = 0, 0, ""
    for line in path.read_text("utf-8").splitlines():
        match = _LINE.fullmatch(line)
        if match is None:
            raise ValueError(f"{path.name}: cannot read: {line}")
        quote = f"{match['before']}{match['text']}{match['after'].rstrip()}"
        # A claim of the same phrase may begin where the one before began: 未发生复议、诉讼.
        if last and match["text"].startswith(last):
            at -= len(last)
        while (found := paragraphs[place][1].find(quote, at)) < 0:
            place, at = place + 1, 0
            if place == len(paragraphs):
                raise ValueError(f"{path.name}: not in the text, or out of order: {line}")
        at = found + len(match["before"]) + len(match["text"])
        last = match["text"]
        claims.append({"section": paragraphs[place][0], "quote": quote} | _fields(match, path))
    return claims


def _fields(match: re.Match[str], path: Path) -> dict[str, Any]:
    if match["value"]:
        value, unit = float(match["value"]), match["unit"]
    else:
        plain = _PLAIN.fullmatch(match["text"])
        if plain is None:
            raise ValueError(f"{path.name}: say the value: {match['text']}")
        value, unit = float(plain[1]), plain[2] or None
    cells = match["cells"].split() if match["cells"] else []
    return {
        "text": match["text"],
        "value": value,
        "bound": _BOUNDS[match["bound"] or ""],
        "unit": unit,
        "status": match["status"] or "reported",
        "cells": cells,
        "relation": (match["relation"] or "agree") if cells else "none",
    }
