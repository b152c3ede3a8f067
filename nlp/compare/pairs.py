"""Pairs of reports: within stated groups only, drawn with a seed where there are too many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nlp.compare.likeness import compare_cells, compare_outcomes, compare_themes
from nlp.compare.peers import seed_for
from nlp.compare.tables import SPECS, make_table

Numbers = NDArray[np.int64]
_RANKS = {"national": 0, "province": 1, "city": 2, "county": 3, "township": 4}
_PLACES = ("province", "city", "county", "township")


@dataclass(frozen=True, slots=True)
class Body:
    """What a report's issuer is: how high, and where; ``area`` is None where it is not known."""

    issuer: str | None
    year: int | None
    rank: int | None
    kind: str | None
    system: str | None
    area: tuple[str, ...] | None

    def inside(self, depth: int) -> tuple[str, ...] | None:
        """Give the province (1), city (2) or county (3) that the body is in or is."""
        if self.area is None or len(self.area) < depth or not self.area[depth - 1]:
            return None
        return self.area[:depth]


@dataclass(frozen=True, slots=True)
class Group:
    """Reports that are paired: all of ``left`` with each other, or each with each of ``right``."""

    kind: str
    key: tuple[Any, ...]
    left: Numbers
    right: Numbers | None = None

    @property
    def possible(self) -> int:
        """How many pairs there can be."""
        n = len(self.left)
        return n * (n - 1) // 2 if self.right is None else n * len(self.right)

    def draw(self, chosen: Numbers) -> tuple[Numbers, Numbers]:
        """Give the pairs with the numbers ``chosen``, counted from 0 to possible − 1."""
        if self.right is not None:
            return self.left[chosen // len(self.right)], self.right[chosen % len(self.right)]
        # Number k is the pair (i, j), i < j, in the order (0, 1), (0, 2), (1, 2), (0, 3) …
        j = ((1 + np.sqrt(1 + 8 * chosen.astype(float))) / 2).astype(np.int64)
        j = np.where(j * (j - 1) // 2 > chosen, j - 1, j)
        j = np.where((j + 1) * j // 2 <= chosen, j + 1, j)
        return self.left[chosen - j * (j - 1) // 2], self.left[j]


def list_bodies(table: pd.DataFrame) -> list[Body]:
    """Give what the reports' issuers are, in the order of the rows of the wide table."""
    bodies = []
    fields = ("issuer", "year", "level", "kind", "system", *_PLACES)
    for row in table[list(fields)].itertuples(index=False, name=None):
        issuer, year, level, kind, system, *places = (None if pd.isna(v) else v for v in row)
        rank = _RANKS.get(str(level)) if level is not None else None
        area: tuple[str, ...] | None = None
        if rank is not None and (rank == 0 or (places[0] and places[rank - 1])):
            # A county that is directly under its province has no city.
            area = tuple(p or "" for p in places[:rank])
        bodies.append(Body(issuer, None if year is None else int(year), rank, kind, system, area))
    return bodies


def list_groups(bodies: list[Body]) -> Iterator[Group]:
    """Give the groups of reports that are paired."""
    found: dict[tuple[str, tuple[Any, ...]], list[int]] = {}

    def put(place: int, kind: str, *key: Any) -> None:
        if all(k is not None for k in key):
            found.setdefault((kind, key), []).append(place)

    for place, body in enumerate(bodies):
        put(place, "issuer", body.issuer, body.area or ())
        put(place, "county", body.inside(3), body.year)
        put(place, "system", body.system, body.inside(1), body.year)
        above = None if body.area is None else body.area[:-1]
        put(place, "level", body.rank, above, body.year)
        if body.kind == "government":
            put(place, "government", body.area, body.year)
            if body.area:
                put(place, "below", body.area[:-1], body.year)
    for (kind, key), places in sorted(found.items(), key=lambda item: repr(item[0])):
        left = np.array(places, dtype=np.int64)
        if kind in ("issuer", "county", "system", "level") and len(left) > 1:
            yield Group(kind, key, left)
        if kind == "county" and ("county", (key[0], key[1] + 1)) in found:
            following = found["county", (key[0], key[1] + 1)]
            yield Group("county_next", key, left, np.array(following, dtype=np.int64))
        if kind == "government" and ("below", key) in found:
            yield Group("superior", key, left, np.array(found["below", key], dtype=np.int64))


def share_out(sizes: list[int], most: int) -> list[int]:
    """Share out a number of pairs: small groups whole, the large ones cut to the same size.

    Examples
    --------
    >>> share_out([3, 100, 200], 53), share_out([3, 4], 53)
    ([3, 25, 25], [3, 4])
    """
    if sum(sizes) <= most:
        return list(sizes)
    room, left = most, len(sizes)
    cap = 0
    for size in sorted(sizes):
        cap = room // left
        if size > cap:
            break
        room -= size
        left -= 1
    return [min(size, cap) for size in sizes]


def list_pairs(
    table: pd.DataFrame,
    frames: Mapping[str, pd.DataFrame],
    *,
    seed: int,
    most: int = 100_000,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """List pairs of reports with their ties and likenesses.

    Parameters
    ----------
    table : DataFrame
        The wide table.
    frames : mapping of str to DataFrame
        The frames of the result: cells, and where they are there dyads and reuse_years.
    seed : int
        Of the drawing.
    most : int
        Pairs to list at most, before those that come from several groups are put together.
        Pairs grow with the square of the reports, so groups are cut to an equal size.

    Returns
    -------
    tuple of DataFrame
        The tables ``pairs`` and ``pair_groups``.
    """
    bodies = list_bodies(table)
    groups = list(list_groups(bodies))
    kept = share_out([g.possible for g in groups], most)
    drawn: dict[tuple[int, int], list[str]] = {}
    shares: dict[tuple[str, tuple[Any, ...]], float] = {}
    summary = []
    ids = table["report_id"].astype(str).tolist()

    def ordered(x: int, y: int) -> tuple[int, int]:
        return (x, y) if (bodies[x].year or 0, ids[x]) <= (bodies[y].year or 0, ids[y]) else (y, x)

    for group, number in zip(groups, kept, strict=True):
        possible = group.possible
        chosen = np.arange(possible)
        if number < possible:
            rng = seed_for(seed, "pairs", group.kind, *group.key)
            chosen = np.sort(rng.choice(possible, size=number, replace=False, shuffle=False))
        left, right = group.draw(chosen)
        for x, y in zip(left.tolist(), right.tolist(), strict=True):
            kinds = drawn.setdefault(ordered(x, y), [])
            if group.kind not in kinds:
                kinds.append(group.kind)
        shares[group.kind, group.key] = number / possible
        members = len(group.left) + (0 if group.right is None else len(group.right))
        summary.append(
            {
                "group": group.kind,
                "key": " ".join(_show(k) for k in group.key),
                "reports": members,
                "possible": possible,
                "drawn": number,
                "share": number / possible,
                "seed": seed,
            }
        )
    pairs = sorted(drawn)
    rows = _describe(table, bodies, pairs, drawn, shares)
    a = np.array([x for x, _ in pairs], dtype=np.int64)
    b = np.array([y for _, y in pairs], dtype=np.int64)
    made = pd.DataFrame(rows, columns=list(rows[0]) if rows else None)
    if rows:
        made["problem_themes"] = compare_themes(table, "p_", a, b)
        made["measure_themes"] = compare_themes(table, "m_", a, b)
        made["outcomes"] = compare_outcomes(table, a, b)
        both, same = compare_cells(frames, ids, a, b)
        made["cells_compared"], made["cells_equal"] = both, same
        made["cells_equal_share"] = np.divide(
            same, both, out=np.full(len(both), np.nan), where=both > 0
        )
        made = _add_wording(made, frames)
    return make_table(SPECS["pairs"], made), make_table(SPECS["pair_groups"], summary)


def _show(key: Any) -> str:
    return "·".join(filter(None, key)) if isinstance(key, tuple) else str(key)


def _memberships(x: Body, y: Body) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Give every group that a pair lies in (``x`` is not the later one)."""
    if x.issuer is not None and x.issuer == y.issuer and x.area == y.area:
        yield "issuer", (x.issuer, x.area or ())
    if x.year is None or y.year is None:
        return
    county = x.inside(3)
    if county is not None and county == y.inside(3):
        if x.year == y.year:
            yield "county", (county, x.year)
        elif y.year == x.year + 1:
            yield "county_next", (county, x.year)
    if x.year != y.year:
        return
    if x.system is not None and x.system == y.system and x.inside(1) == y.inside(1) is not None:
        yield "system", (x.system, x.inside(1), x.year)
    if x.area is None or y.area is None:
        return
    if x.rank == y.rank and x.area[:-1] == y.area[:-1]:
        yield "level", (x.rank, x.area[:-1], x.year)
    if x.kind == y.kind == "government":
        for above, below in ((x, y), (y, x)):
            if below.area and below.area[:-1] == above.area:
                yield "superior", (above.area, x.year)


def _describe(
    table: pd.DataFrame,
    bodies: list[Body],
    pairs: list[tuple[int, int]],
    drawn: Mapping[tuple[int, int], list[str]],
    shares: Mapping[tuple[str, tuple[Any, ...]], float],
) -> list[dict[str, Any]]:
    ids, issuers = table["report_id"].tolist(), table["issuer"].tolist()
    editions, levels = table["edition"].tolist(), table["level"].tolist()
    kinds = table["kind"].tolist()
    rows = []
    for x, y in pairs:
        one, other = bodies[x], bodies[y]
        missed = 1.0
        for group in _memberships(one, other):
            missed *= 1 - shares.get(group, 0.0)
        rows.append(
            {
                "a": ids[x],
                "b": ids[y],
                "a_issuer": issuers[x],
                "b_issuer": issuers[y],
                "a_year": one.year,
                "b_year": other.year,
                "year_gap": None
                if one.year is None or other.year is None
                else other.year - one.year,
                "same_issuer": one.issuer is not None
                and one.issuer == other.issuer
                and one.area == other.area,
                "same_province": _same(one, other, 1),
                "same_city": _same(one, other, 2),
                "same_county": _same(one, other, 3),
                "same_system": _equal(one.system, other.system),
                "same_level": _equal(levels[x], levels[y]),
                "same_kind": _equal(kinds[x], kinds[y]),
                "same_edition": bool(_equal(editions[x], editions[y])),
                "vertical": relate_vertically(one, other),
                "drawn_from": " ".join(drawn[x, y]),
                "probability": 1 - missed,
            }
        )
    return rows


def _equal(x: Any, y: Any) -> bool | None:
    return None if pd.isna(x) or pd.isna(y) else bool(x == y)


def _same(x: Body, y: Body, depth: int) -> bool | None:
    one, other = x.inside(depth), y.inside(depth)
    return None if one is None or other is None else one == other


def relate_vertically(x: Body, y: Body) -> int | None:
    """Say whether ``x`` is above ``y`` (1), below it (−1) or neither (0); None where unknown.

    A government is above the governments of its area and its own departments; a department
    is above the departments of its system in its area.
    """
    if x.area is None or y.area is None or x.kind is None or y.kind is None:
        return None
    for above, below, sign in ((x, y, 1), (y, x, -1)):
        if below.area[: len(above.area)] != above.area:  # type: ignore[index, arg-type]
            continue
        deeper = len(below.area) > len(above.area)  # type: ignore[arg-type]
        if above.kind == "government" and (
            (below.kind == "government" and deeper) or (below.kind == "department" and not deeper)
        ):
            return sign
        if (
            above.kind == below.kind == "department"
            and deeper
            and above.system is not None
            and above.system == below.system
        ):
            return sign
    return 0


def _add_wording(made: pd.DataFrame, frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Take over likenesses of wording from the frames of reuse, where the result has them."""
    pieces = []
    wanted = ("cosine", "jaccard", "edit", "simple", "longest")
    for name in ("dyads", "reuse_years"):
        if name not in frames or not len(frames[name]):
            continue
        frame = frames[name]
        for first, second, one, other in (
            ("report_a", "report_b", "a", "b"),
            ("report_b", "report_a", "b", "a"),
        ):
            pieces.append(
                pd.DataFrame(
                    {
                        "a": frame[first].astype(str),
                        "b": frame[second].astype(str),
                        "text_share_a": frame[f"share_{one}"],
                        "text_share_b": frame[f"share_{other}"],
                        **{f"text_{key}": frame[key] for key in wanted},
                    }
                )
            )
    if not pieces:
        return made
    known = pd.concat(pieces, ignore_index=True).drop_duplicates(["a", "b"])
    return made.merge(known, on=["a", "b"], how="left")
