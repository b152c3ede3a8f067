"""Which families, passages, reports and pairs the page on reuse holds when there are many.

Everything that was found is in the Parquet and CSV files.  A page of ten thousand reports
would be too large to open, so it holds the families that most issuers use, and says of each
list how much of it is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

# Families of the page, and of these so many that one issuer alone uses over the years.
MOST_FAMILIES = 2_000
OWN_FAMILIES = 500
# Passages of one family; the earliest are shown.
MOST_PASSAGES = 200
# Pairs of years of one issuer.
MOST_YEARS = 3_000
# Up to so many reports all texts are painted; beyond, those of the reports that the page of
# the result has (the least ids) and of those that share most with other issuers.
MOST_PAINTED = 2_000
SAMPLED = 1_000
HIGHEST = 500


@dataclass(frozen=True, slots=True)
class Choice:
    """What the page holds: ids of families and of painted reports, and the frames cut to it.

    ``notes`` say, by the page's part (``families``, ``painted``, ``years``), how much is
    shown of how much; a part that is whole has none.
    """

    families: frozenset[str]
    painted: frozenset[str]
    frames: Mapping[str, pd.DataFrame]
    notes: Mapping[str, str]


def choose_shown(frames: Mapping[str, pd.DataFrame]) -> Choice:
    """Choose what the page holds.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        The frames of reuse.

    Returns
    -------
    Choice
        ``frames`` has the same frames; families, passages, their slots and the pairs of
        years are cut to what is shown.
    """
    notes: dict[str, str] = {}
    families = _choose_families(frames["families"], notes)
    painted = _choose_painted(frames["reuse_shares"], notes)
    kept = frozenset(families["family"])
    passages, slots = frames["passages"], frames["family_slots"]
    shown = {
        **frames,
        "families": families,
        "passages": passages[passages["family"].isin(kept) & (passages["order"] <= MOST_PASSAGES)],
        "family_slots": slots[slots["family"].isin(kept)],
        "reuse_years": _choose_years(frames["reuse_years"], notes),
    }
    return Choice(kept, painted, shown, notes)


def _choose_families(families: pd.DataFrame, notes: dict[str, str]) -> pd.DataFrame:
    """The frame's order is by issuers, then passages; its beginning is what travels most."""
    if len(families) <= MOST_FAMILIES:
        return families
    across = (families["scope"] == "across").fillna(False).astype(bool)
    own = families[~across].head(max(OWN_FAMILIES, MOST_FAMILIES - int(across.sum())))
    wide = families[across].head(MOST_FAMILIES - len(own))
    notes["families"] = (
        f"共 {len(families):,} 个家族，本页放 {len(wide) + len(own):,} 个："
        f"{int(across.sum()):,} 个跨机关的里用过的机关最多的 {len(wide):,} 个，"
        f"{int((~across).sum()):,} 个只在一个机关的里文段最多的 {len(own):,} 个。"
        "查找和筛选也只在这些里面；全部在 families 和 passages 表。"
    )
    chosen = wide.index.union(own.index)
    return families.loc[families.index.isin(chosen)]


def _choose_painted(shares: pd.DataFrame, notes: dict[str, str]) -> frozenset[str]:
    reports = shares["report_id"]
    if len(reports) <= MOST_PAINTED:
        return frozenset(reports)
    sampled = sorted(reports)[:SAMPLED]
    order = shares.sort_values(["peer", "report_id"], ascending=[False, True], kind="stable")
    chosen = frozenset([*sampled, *order["report_id"].head(HIGHEST)])
    notes["painted"] = (
        f"各份报告的占比都在本页；标色的正文只放 {len(chosen):,} 份（共 {len(reports):,} 份）："
        f"结果网页里有的 {len(sampled):,} 份，和与他机关雷同最多的 {HIGHEST:,} 份。"
    )
    return chosen


def _choose_years(years: pd.DataFrame, notes: dict[str, str]) -> pd.DataFrame:
    if len(years) <= MOST_YEARS:
        return years
    order = years.assign(_both=years["shared_a"] + years["shared_b"]).sort_values(
        ["nearest", "_both", "report_a", "report_b"],
        ascending=[False, False, True, True],
        kind="stable",
    )
    notes["years"] = (
        f"共 {len(years):,} 对，本页放共同文字最多的 {MOST_YEARS:,} 对，相邻年度的在先；"
        "全部在 reuse_years 表。"
    )
    return years.loc[years.index.isin(order.index[:MOST_YEARS])]
