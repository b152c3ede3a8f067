"""The join as a whole: from the frames of a result to the tables of a comparison."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from nlp.compare.association import associate
from nlp.compare.external import External, join_external
from nlp.compare.pairs import list_pairs
from nlp.compare.peers import IndicatorGrid, rank_peers, summarise_peers
from nlp.compare.tables import SPECS, make_table
from nlp.compare.wide import Frames, Wide, join_reports
from nlp.compare.years import list_changes, summarise_changes
from nlp.documents import FrameSpec

_PER_10K = "requests_per_10k"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a comparison gives; every table is a DataFrame.

    Attributes
    ----------
    reports : one row a report with everything known
    pairs, pair_groups : one row a pair of reports; the groups that they were drawn from
    peers, ranks : what is usual in a group; ranks with intervals
    changes, group_changes : from year to year, by issuer and by group
    associations : themes beside numbers
    unmatched : rows of external tables, and reports, without a partner
    fields : what each column of each table is
    manifest : what went in, the seed and the limits
    specs : the columns of each table, for exports
    """

    reports: pd.DataFrame
    pairs: pd.DataFrame
    pair_groups: pd.DataFrame
    peers: pd.DataFrame
    ranks: pd.DataFrame
    changes: pd.DataFrame
    group_changes: pd.DataFrame
    associations: pd.DataFrame
    unmatched: pd.DataFrame
    fields: pd.DataFrame
    manifest: Mapping[str, Any]
    specs: Mapping[str, FrameSpec]

    def tables(self) -> list[tuple[FrameSpec, pd.DataFrame]]:
        """Give each table with its columns' list, the wide table first."""
        return [
            (spec, self.reports if name == "joined" else getattr(self, name))
            for name, spec in self.specs.items()
        ]


def compare_frames(
    frames: Frames,
    *,
    systems: pd.Series | None = None,
    external: Iterable[External] = (),
    seed: int = 1,
    max_pairs: int = 100_000,
    permutations: int = 1999,
    draws: int = 1000,
    manifest: Mapping[str, Any] | None = None,
) -> Comparison:
    """Join and compare the frames of a result.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        ``reports`` and ``indicators`` are needed; of the others what is there is used.
    systems : Series, optional
        The system (条) of each report, by report_id.
    external : iterable of External
        Tables from elsewhere, see ``read_external``.
    seed : int
        Of everything that is drawn: pairs, bootstrap, ranks, permutations.
    max_pairs : int
        Pairs of reports to list at most.
    permutations, draws : int
        Of the permutation tests; of the bootstrap.
    manifest : mapping, optional
        That of the result; the comparison's adds its own parameters.

    Raises
    ------
    ValueError
        If two external tables have a column of the same name.
    """
    wide = join_reports(frames, systems)
    unmatched = [make_table(SPECS["unmatched"], [])]
    files = []
    for table in external:
        twice = {c.key for c in table.columns} & set(wide.table.columns)
        if twice:
            raise ValueError(f"{table.file}：这些列已经有了：{sorted(twice)}；请改列名")
        wide, missing = join_external(wide, table)
        unmatched.append(missing)
        files.append(table.file)
    indicators = _with_per_10k(frames["indicators"], wide)
    grid = IndicatorGrid(wide.table, indicators)
    pairs, groups = list_pairs(wide.table, frames, seed=seed, most=max_pairs)
    shares, names = _theme_shares(wide, frames)
    specs = {"joined": wide.spec, **SPECS}
    parameters = {
        "seed": seed,
        "max_pairs": max_pairs,
        "permutations": permutations,
        "bootstrap_draws": draws,
        "external": files,
    }
    return Comparison(
        reports=wide.table,
        pairs=pairs,
        pair_groups=groups,
        peers=summarise_peers(grid, seed=seed, draws=draws),
        ranks=rank_peers(grid, seed=seed),
        changes=list_changes(grid),
        group_changes=summarise_changes(grid, seed=seed, draws=draws),
        associations=associate(grid, shares, names, seed=seed, permutations=permutations),
        unmatched=pd.concat(unmatched, ignore_index=True),
        fields=_list_fields(specs),
        manifest={**(manifest or {}), "comparison": parameters},
        specs=specs,
    )


def _with_per_10k(indicators: pd.DataFrame, wide: Wide) -> pd.DataFrame:
    """Put 每万人申请量 into the indicators where an external table gave the population."""
    if "population" not in wide.table or _PER_10K not in wide.keys:
        return indicators
    people = wide.table.set_index("report_id")
    mine = indicators["indicator"] == _PER_10K
    ids = indicators.loc[mine, "report_id"]
    changed = indicators.copy()
    changed.loc[mine, "value"] = people[wide.keys[_PER_10K]].reindex(ids).to_numpy()
    changed.loc[mine, "denominator"] = people["population"].reindex(ids).to_numpy()
    changed.loc[mine, "reason"] = pd.NA
    return changed


def _theme_shares(wide: Wide, frames: Frames) -> tuple[pd.DataFrame, dict[str, str]]:
    """Give the shares of themes by role, in the order of the wide table, and their names."""
    if "themes" not in frames or not len(frames["themes"]):
        return pd.DataFrame(columns=pd.MultiIndex.from_tuples([], names=["role", "theme"])), {}
    known = frames["themes"].drop_duplicates("theme")
    names = dict(zip(known["theme"].astype(str), known["label"].astype(str), strict=True))
    order = [c.key for c in wide.spec.columns]
    made = {}
    for role, letter in (("problem", "p"), ("measure", "m")):
        keys = [k for k in order if k.startswith(f"{letter}_") and k.endswith("_s")]
        for theme, key in zip(names, keys, strict=True):
            if theme != "other":
                made[role, theme] = wide.table[key]
    return pd.DataFrame(made), names


def _list_fields(specs: Mapping[str, FrameSpec]) -> pd.DataFrame:
    rows = [
        (spec.key, spec.title, c.key, c.label, c.kind, c.meaning)
        for spec in specs.values()
        for c in spec.columns
    ]
    return pd.DataFrame(
        rows, columns=["table", "table_title", "key", "label", "kind", "meaning"]
    ).astype("string")
