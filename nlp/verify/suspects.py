"""Where a printed error sits: the one cell whose change would mend all failing sums.

A wrong cell in table three breaks the sum of its row and a sum of its column by the same
amount; the cell where the two cross is then the suspect.  A suspect is named, never
corrected: that only one cell is wrong is an assumption.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from nlp.verify.arithmetic import Outcome
from nlp.verify.reading import Reading
from nlp.verify.rules import Equation


@cache
def _coefficients(equation: Equation) -> dict[str, int]:
    """How left − right moves with each cell."""
    weights: dict[str, int] = {}
    for sign, key in equation.left:
        weights[key] = weights.get(key, 0) + sign
    for sign, key in equation.right:
        weights[key] = weights.get(key, 0) - sign
    return weights


def find_suspects(
    outcomes: Iterable[Outcome], readings: Mapping[str, Reading]
) -> list[tuple[list[Outcome], str]]:
    """Give each group of connected failing sums for which exactly one cell can be at fault.

    A cell is possible where one change, to a whole number ≥ 0, mends every sum of the group
    and breaks no sum that holds.
    """
    judged = [o for o in outcomes if o.equation.rule.kind == "equal" and o.gap is not None]
    failing = [o for o in judged if o.result == "fail"]
    if not failing:
        return []
    held = {key for o in judged if o.result == "pass" for key in o.equation.keys}
    found = []
    for group in _connected(failing):
        shared = set(group[0].equation.keys).intersection(*(o.equation.keys for o in group[1:]))
        possible = [key for key in sorted(shared - held) if _mends(key, group, readings)]
        if len(possible) == 1:
            found.append((group, possible[0]))
    return found


def _mends(key: str, group: Sequence[Outcome], readings: Mapping[str, Reading]) -> bool:
    value = readings[key].value
    if value is None:
        return False
    changes = set()
    for outcome in group:
        weight = _coefficients(outcome.equation)[key]
        if weight == 0 or outcome.gap is None:
            return False
        changes.add(-outcome.gap / weight)
    if len(changes) != 1:
        return False
    mended = value + changes.pop()
    return mended >= 0 and mended == int(mended)


def _connected(outcomes: Sequence[Outcome]) -> list[list[Outcome]]:
    groups: list[tuple[set[str], list[Outcome]]] = []
    for outcome in outcomes:
        keys, members = set(outcome.equation.keys), [outcome]
        apart = []
        for group_keys, group_members in groups:
            if keys & group_keys:
                keys |= group_keys
                members = group_members + members
            else:
                apart.append((group_keys, group_members))
        groups = [*apart, (keys, members)]
    return [members for _, members in groups]
