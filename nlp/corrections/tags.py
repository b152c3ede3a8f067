"""Fourth stage: the themes of a statement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from nlp.corrections.bench import Applied, Bench, MisfitError, insert_row, plain
from nlp.corrections.sheet import Correction


def correct_tag(bench: Bench, row: Correction, report: str, place: int) -> Applied:
    """Put the themes, or the primary theme, of a statement right."""
    now = bench.frames["statements"].iloc[place]
    number = int(now["statement"])
    before = (plain(now["themes"]) or "").split()
    chosen = row.new.replace("、", " ").replace("，", " ").split()
    unknown = sorted(set(chosen) - bench.themes)
    if unknown:
        raise MisfitError(f"没有主题 {'、'.join(unknown)}；应为 {'、'.join(sorted(bench.themes))}")
    primary = plain(now["primary"])
    if row.field == "primary":
        if len(chosen) != 1:
            raise MisfitError(f"primary 应为一个主题编号；实为“{row.new}”")
        if row.old and row.old != (primary or ""):
            raise MisfitError(f"原值应为“{row.old}”；现在是“{primary or ''}”")
        themes, first = [*before, *(t for t in chosen if t not in before)], chosen[0]
    else:
        if row.old and set(row.old.split()) != set(before):
            raise MisfitError(f"原值应为“{row.old}”；现在是“{' '.join(before)}”")
        themes = list(dict.fromkeys(chosen))
        first = primary if primary in themes else themes[0]
    if set(themes) == set(before) and first == primary and not plain(now["abstain"]):
        return "same", "现在就是这些主题，不必更正", []
    where = {"report_id": report, "statement": number}
    values = {"themes": " ".join(themes), "primary": first, "abstain": False}
    steps = [bench.put("statements", where, values)]
    frame = bench.frames["themes"]
    mine = frame[(frame["report_id"] == report) & (frame["statement"] == number)]
    for theme, assigned, is_first in zip(
        mine["theme"], mine["assigned"], mine["primary"], strict=True
    ):
        wanted = (theme in themes, theme == first)
        if wanted != (bool(assigned), bool(is_first)):
            steps.append(
                bench.put(
                    "themes",
                    {**where, "theme": str(theme)},
                    {"assigned": wanted[0], "primary": wanted[1]},
                )
            )
    known = set(mine["theme"].astype(str))
    for theme in themes:
        if theme not in known:
            _add_theme(bench, frame, where, theme, theme == first)
            steps.append({"frame": "themes", "do": "drop", "where": {**where, "theme": theme}})
    return "applied", "", steps


def _add_theme(
    bench: Bench, frame: pd.DataFrame, where: Mapping[str, Any], theme: str, first: bool
) -> None:
    label = frame.loc[frame["theme"] == theme, "label"].iloc[0]
    values = {**where, "theme": theme, "label": plain(label), "assigned": True,
              "primary": first}  # fmt: skip
    frame = bench.frames["themes"].reset_index(drop=True)
    bench.frames["themes"] = insert_row(frame, values, len(frame))
