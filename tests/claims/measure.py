"""Claims found, beside the hand-made truth of the shipped reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from nlp.documents import AnnualReport, Claim

_FAMILIES = {"人次": "人", "余人": "人", "名": "人"}


@dataclass
class ClaimScore:
    """Counts over reports; a claim is found where its value and unit stand in its words."""

    truth: int = 0
    found: int = 0
    right: int = 0
    bounds: int = 0
    statuses: int = 0
    ties: int = 0
    ties_said: int = 0
    ties_right: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def f1(self) -> float:
        """F1 of claims."""
        return 2 * self.right / max(1, self.truth + self.found)

    @property
    def tie_precision(self) -> float:
        """Share of ties said that name the right cells and the right relation."""
        return self.ties_right / max(1, self.ties_said)

    @property
    def tie_recall(self) -> float:
        """Share of true ties that are said."""
        return self.ties_right / max(1, self.ties)


def score_claims(
    report: AnnualReport, claims: Sequence[Claim], truth: dict[str, Any], score: ClaimScore
) -> None:
    """Add the comparison of one report to ``score``."""
    places = list(locate(report.text, truth["claims"]))
    free = list(range(len(claims)))
    score.truth += len(places)
    score.found += len(claims)
    for item, (start, end) in zip(truth["claims"], places, strict=True):
        match = next(
            (
                i
                for i in free
                if claims[i].value == item["value"]
                and (claims[i].unit == item["unit"] or item["value"] == 0)
                and claims[i].start < end
                and start < claims[i].end
                and (item["value"] != 0 or claims[i].end == end or claims[i].form == "digits")
            ),
            None,
        )
        if match is None:
            score.notes.append(f"{truth['file']} missed: {item['quote']} {item['value']:g}")
            if item["cells"] and item["relation"] != "none":
                score.ties += 1
            continue
        claim = claims[match]
        free.remove(match)
        score.right += 1
        score.bounds += claim.bound == item["bound"]
        score.statuses += claim.status == item["status"]
        if claim.bound != item["bound"] or claim.status != item["status"]:
            score.notes.append(
                f"{truth['file']} {item['quote']}: {claim.bound} {claim.status}, "
                f"truth {item['bound']} {item['status']}"
            )
        _score_tie(claim, item, truth, score)
    for i in free:
        score.notes.append(f"{truth['file']} invented: {claims[i].text} at {claims[i].start}")
        if claims[i].relation != "none":
            score.ties_said += 1
            score.notes.append(f"{truth['file']} tie of it: {claims[i].cells}")


def _score_tie(
    claim: Claim, item: dict[str, Any], truth: dict[str, Any], score: ClaimScore
) -> None:
    said = claim.relation != "none"
    score.ties += item["relation"] != "none"
    score.ties_said += said
    same = set(claim.cells) == set(item["cells"]) and claim.relation == item["relation"]
    score.ties_right += said and same
    if (said or item["relation"] != "none") and not same:
        score.notes.append(
            f"{truth['file']} tie {item['quote']}: {claim.relation} {claim.cells}, "
            f"truth {item['relation']} {item['cells']}"
        )


def locate(text: str, items: Sequence[dict[str, Any]]) -> list[tuple[int, int]]:
    """Find the quoted words of each claim in the text as it was read, in order.

    White space is passed over: a reader may wrap where the source does not.
    """
    places = [i for i, c in enumerate(text) if not c.isspace()]
    plain = "".join(text[i] for i in places)
    found, at, last = [], 0, ""
    for item in items:
        quote = "".join(item["quote"].split())
        if last and item["text"].startswith(last):
            at -= len(last)
        begin = plain.find(quote, at)
        assert begin >= 0, quote
        begin += quote.index("".join(item["text"].split()))
        at = begin + len("".join(item["text"].split()))
        last = item["text"]
        found.append((places[begin], places[at - 1] + 1))
    return found
