"""What the stages hand on: passages of reports, and links between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from nlp.documents import Role

LinkKind = Literal["answer", "restated", "done"]


@dataclass(frozen=True, slots=True)
class Passage:
    """A statement of section 五, or a sentence of the rest (``role`` None).

    ``scores`` are the probabilities of its themes, empty where it has none; ``number`` is
    the statement's number in its report.
    """

    start: int
    end: int
    text: str
    role: Role | None = None
    scores: Mapping[str, float] | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class YearReport:
    """One report as this step needs it.

    ``statements`` are in the order of the report, ``sentences`` those of section 一 and the
    other accounts of what was done; ``pairs`` are the pairs that section 五 gives itself.
    """

    report_id: str
    issuer: str
    year: int
    statements: tuple[Passage, ...]
    sentences: tuple[Passage, ...] = ()
    pairs: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """Two passages that speak of one matter.

    ``source`` and ``target`` are indices: of statements, or for ``done`` the target is an
    index of sentences.  ``score`` says how sure, ``wording`` how much of the words is the
    same, both from 0 to 1.
    """

    kind: LinkKind
    source: int
    target: int
    score: float
    wording: float
    state: str
