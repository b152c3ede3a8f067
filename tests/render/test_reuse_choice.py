"""What the page on reuse holds of many reports, and that the drawings are summed up right."""

from __future__ import annotations

import random

import numpy as np
import pandas as pd
import pytest

from nlp.documents import REUSE_FRAMES, make_frame
from nlp.render.reuse import choice, choose_shown
from nlp.render.reuse.heat import make_heat_map
from nlp.render.reuse.network import draw_network

FAMILY = dict.fromkeys(
    ("superior", "subordinate", "same_county", "same_system", "far", "unknown"), 0
)


def make_reuse(across: int, own: int, reports: int) -> dict[str, pd.DataFrame]:
    """Families in the frame's order, each with four passages and two fillings of one slot."""
    frames = {name: make_frame(name, ()) for name in REUSE_FRAMES}
    # One family of one issuer stands before some of many issuers, as a tie in the order may.
    scopes = ["across"] * (across - 1) + ["own", "across"] + ["own"] * (own - 1)
    keys = [f"F{n:04}" for n in range(1, len(scopes) + 1)]
    frames["families"] = make_frame(
        "families",
        [
            {"family": k, "scope": s, "template": "｛数｝件", "wording": "｛数｝件", "issuers": 2,
             "reports": 4, "passages": 4, "first_note": "x", **FAMILY}
            for k, s in zip(keys, scopes, strict=True)
        ],
    )  # fmt: skip
    frames["passages"] = make_frame(
        "passages",
        [
            {"family": k, "report_id": f"{n:012x}", "order": n, "first": n == 1, "tie": "far",
             "start": 0, "end": 2, "text": "三件"}
            for k in keys
            for n in range(1, 5)
        ],
    )  # fmt: skip
    frames["family_slots"] = make_frame(
        "family_slots",
        [
            {"family": k, "slot": 1, "name": "数", "value": v, "passages": 2}
            for k in keys
            for v in "三四"
        ],
    )
    frames["reuse_shares"] = make_frame(
        "reuse_shares",
        [
            {"report_id": f"{n:012x}", "characters": 10, "free": 10, "peer": peer,
             "peer_reports": 0, "residue": 0}
            for n, peer in enumerate([n / reports for n in range(reports - 1)] + [None])
        ],
    )  # fmt: skip
    frames["reuse_years"] = make_frame(
        "reuse_years",
        [
            {"issuer": "甲", "report_a": f"{n:012x}", "report_b": f"{n + 1:012x}", "year_a": 2020,
             "year_b": 2021, "year_gap": 1, "nearest": n % 2 == 0, "free_a": 10, "free_b": 10,
             "shared_a": n, "shared_b": n, "passages": 1, "longest": 1}
            for n in range(reports - 1)
        ],
    )  # fmt: skip
    return frames


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, most in {
        "MOST_FAMILIES": 10, "OWN_FAMILIES": 3, "MOST_PASSAGES": 2, "MOST_YEARS": 6,
        "MOST_PAINTED": 8, "SAMPLED": 4, "HIGHEST": 3,
    }.items():  # fmt: skip
        monkeypatch.setattr(choice, name, most)


# Families across and own → how many of each are shown.
FAMILIES = [
    (6, 4, 6, 4),  # all there is room for
    (20, 20, 7, 3),  # some room is kept for those of one issuer
    (20, 2, 8, 2),  # ... and no more than they need
    (4, 30, 4, 6),  # few across: the rest of the room is theirs
]


@pytest.mark.parametrize(("across", "own", "wide", "narrow"), FAMILIES)
def test_the_families_of_most_issuers_are_shown(
    limits: None, across: int, own: int, wide: int, narrow: int
) -> None:
    frames = make_reuse(across, own, 8)
    shown = choose_shown(frames)
    families = frames["families"]
    kept = shown.frames["families"]
    for scope, number in (("across", wide), ("own", narrow)):
        of_all = families.loc[families["scope"] == scope, "family"].tolist()
        assert kept.loc[kept["scope"] == scope, "family"].tolist() == of_all[:number]
    assert kept["family"].is_monotonic_increasing
    assert set(shown.frames["passages"]["family"]) == set(kept["family"]) == shown.families
    assert set(shown.frames["family_slots"]["family"]) == set(kept["family"])
    assert shown.frames["passages"].groupby("family")["order"].max().eq(2).all()
    if across + own > 10:
        assert f"共 {across + own} 个家族，本页放 10 个" in shown.notes["families"]
        assert f"{across} 个跨机关的里用过的机关最多的 {wide} 个" in shown.notes["families"]
    else:
        assert "families" not in shown.notes


def test_texts_are_painted_of_a_sample_and_of_those_that_share_most(limits: None) -> None:
    shown = choose_shown(make_reuse(3, 3, 20))
    # 0 to 3 have the least ids; 16 to 18 the highest shares; 19 has none that is known.
    assert sorted(int(report, 16) for report in shown.painted) == [0, 1, 2, 3, 16, 17, 18]
    assert "只放 7 份（共 20 份）" in shown.notes["painted"]


def test_neighbouring_years_and_those_that_share_most_come_first(limits: None) -> None:
    frames = make_reuse(3, 3, 20)
    years = choose_shown(frames).frames["reuse_years"]
    assert years["shared_a"].tolist() == [8, 10, 12, 14, 16, 18]
    assert "共 19 对，本页放共同文字最多的 6 对" in choose_shown(frames).notes["years"]


def test_a_usual_result_is_shown_whole() -> None:
    frames = make_reuse(3, 3, 20)
    shown = choose_shown(frames)
    assert shown.notes == {}
    assert shown.painted == set(frames["reuse_shares"]["report_id"])
    for name, frame in frames.items():
        pd.testing.assert_frame_equal(shown.frames[name], frame)


@pytest.mark.parametrize("count", [0, 1, 2, 40, 140])
def test_the_heat_map_has_the_largest_share_of_any_two_reports(count: int) -> None:
    draw = random.Random(count)
    reports = pd.DataFrame(
        {
            "report_id": [f"r{n:03}" for n in range(count)],
            "issuer": [draw.choice(["甲", "乙", "丙", "丁", None]) for _ in range(count)],
            "year": pd.array([draw.choice([2020, 2021, None]) for _ in range(count)], "Int64"),
            "free": pd.array([draw.choice([0, 40, 90]) for _ in range(count)], "Int64"),
        }
    )
    rows = [
        (f"r{a:03}", f"r{b:03}", draw.randint(0, 40), draw.randint(1, 60))
        for a in range(count)
        for b in range(a)
        if draw.random() < 0.2
    ]
    pairs = pd.DataFrame(rows, columns=["report_a", "report_b", "shared_a", "shared_b"])
    heat = make_heat_map(reports, pairs)
    name = {
        r.report_id: "机关未识别" if pd.isna(r.issuer) else r.issuer for r in reports.itertuples()
    }
    free = dict(zip(reports["report_id"], reports["free"], strict=True))
    if count <= 110:
        assert heat.unit == "报告" and len(heat.labels) == count
        name = {report: report for report in name}
    else:
        assert heat.unit == "机关" and set(heat.labels) == set(name.values())
    expected: dict[tuple[str, str], float] = {}
    for a, b, shared_a, shared_b in rows:
        if name[a] != name[b] and free[a] + free[b]:
            pair = min(name[a], name[b]), max(name[a], name[b])
            share = min(1.0, (shared_a + shared_b) / (free[a] + free[b]))
            expected[pair] = max(expected.get(pair, 0.0), share)
    if count > 110:  # with fewer, labels say issuer and year, which several reports may share
        at = {label: n for n, label in enumerate(heat.labels)}
        for (x, y), share in expected.items():
            assert heat.matrix[at[x], at[y]] == heat.matrix[at[y], at[x]] == share
    off = heat.matrix[~np.eye(len(heat.labels), dtype=bool)]
    assert np.isclose(off.sum(), 2 * sum(expected.values()))


def test_the_network_draws_the_issuers_of_most_families() -> None:
    link = {"directed": True, "passages": 1, "characters": 9, "first_year": 2020, "tie": "far"}
    rows = [{"earlier": "甲", "later": f"机关{n:02}", "families": n, **link} for n in range(1, 61)]
    drawn = draw_network(make_frame("issuer_links", rows), {})
    names = {node["name"] for node in drawn["nodes"]}
    assert len(names) == 48 and "甲" in names
    assert "机关60" in names and "机关13" not in names and "机关14" in names
    assert (drawn["left_out"], drawn["issuers_left_out"]) == (13, 13)
    empty = draw_network(make_frame("issuer_links", ()), {})
    assert (empty["nodes"], empty["edges"], empty["left_out"]) == ([], [], 0)
