"""Which words of the prose speak of which cells of the statutory tables, as data."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent / "claims.toml"


@dataclass(frozen=True, slots=True)
class ClaimTopic:
    """A matter that numbers in prose speak of, and the cells that say the same.

    ``cells`` are keys to add up (``*`` stands for any part); ``alternatives`` other sums
    that the words may mean; ``soft`` topics never make a disagreement.  ``by_case`` is the
    result whose column is taken from 复议, 诉讼 or both, as the sentence says.
    """

    id: str
    name: str
    say: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]
    about: re.Pattern[str] | None
    within: re.Pattern[str] | None
    units: re.Pattern[str] | None
    cells: tuple[str, ...]
    alternatives: tuple[tuple[str, ...], ...]
    soft: bool
    editions: tuple[str, ...]
    by_case: str
    factor: float


def _topic(data: Mapping[str, Any], units: Mapping[str, str]) -> ClaimTopic:
    return ClaimTopic(
        data["id"],
        data["name"],
        tuple(re.compile(p) for p in data["say"]),
        tuple(re.compile(p) for p in data.get("unless", ())),
        re.compile(data["about"]) if "about" in data else None,
        re.compile(data["within"]) if "within" in data else None,
        re.compile(f"(?:{units[data['units']]})(?:[（(].*[）)])?") if "units" in data else None,
        tuple(data["cells"]),
        tuple(tuple(keys) for keys in data.get("or", ())),
        data.get("soft", False),
        tuple(data.get("editions", ())),
        data.get("by_case", ""),
        data.get("factor", 1),
    )


@cache
def load_claim_topics() -> tuple[ClaimTopic, ...]:
    """Load the topics in the order in which they are tried.

    Examples
    --------
    >>> [t.cells for t in load_claim_topics() if t.id == "requests_new"]
    [('3|1|总计',)]
    """
    with _FILE.open("rb") as file:
        data = tomllib.load(file)
    units = {**data["units"], **data["unit_groups"]}
    return tuple(_topic(topic, units) for topic in data["topics"])
