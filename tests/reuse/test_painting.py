"""Painting, likeness tables, relations, spread, changes: what must hold, by table and truth."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from nlp.reuse import Source, compare_texts, find_families, measure_shares
from nlp.reuse.changes import list_changes
from nlp.reuse.dyads import measure_likeness
from nlp.reuse.painting import CLASSES, paint_texts
from nlp.reuse.relation import Body, name_system, relate
from nlp.reuse.sensitivity import measure_cuts
from nlp.reuse.spread import fill_template, link_issuers, trace_family

REPORTS = Path(__file__).parents[2] / "corpus" / "reports"


@pytest.fixture(scope="module")
def sources() -> list[Source]:
    truths = [json.loads(p.read_text(encoding="utf-8")) for p in REPORTS.glob("*.truth.json")]
    return [
        Source(
            t["file"],
            "\n".join(p for s in t["narrative"] for p in s["paragraphs"]),
            t["issuer"] or "",
            t["year"],
        )
        for t in sorted(truths, key=lambda t: t["file"])
    ]


def test_painting_counts_what_the_shares_say(sources: list[Source]) -> None:
    painted, _ = paint_texts(sources)
    for p, s in zip(painted, measure_shares(sources), strict=True):
        assert p.id == s.id
        for kind, count in zip(CLASSES, p.counts, strict=True):
            assert count / p.characters == pytest.approx(getattr(s, kind), abs=2e-4), (p.id, kind)
        assert p.peer_any / p.characters == pytest.approx(s.peer_any, abs=1e-4)
        assert sum(p.counts) == p.characters
        assert p.free == p.characters - p.counts[0] - p.counts[1]


def test_spans_are_in_order_and_lead_to_another_report(sources: list[Source]) -> None:
    painted, shared = paint_texts(reversed(sources))
    by_id = {s.id: s for s in sources}
    assert (painted, shared) == paint_texts(sources)
    for p in painted:
        reached = 0
        for span in p.spans:
            assert reached <= span.start < span.end <= len(by_id[p.id].text)
            reached = span.end
            if span.kind == "own":
                other = by_id[span.other]
                assert other.issuer == by_id[p.id].issuer
                assert other.year < by_id[p.id].year
                assert span.earlier
            elif span.kind == "peer":
                assert by_id[span.other].issuer != by_id[p.id].issuer
            else:
                assert span.other is None


def test_what_two_texts_share_lies_within_both(sources: list[Source]) -> None:
    painted, shared = paint_texts(sources)
    free = {p.id: p.free for p in painted}
    assert shared
    for s in shared:
        assert s.a < s.b
        assert 0 <= s.shared_a <= free[s.a]
        assert 0 <= s.shared_b <= free[s.b]
        assert s.longest <= max(s.shared_a, s.shared_b)


def test_the_table_of_likeness_says_what_each_comparison_says(sources: list[Source]) -> None:
    texts = [s.text for s in sources] + ["", "无"]
    issuers = sorted({s.issuer for s in sources})
    pairs = np.array([(0, 1), (0, 17), (3, 4), (20, 21), (5, 52), (52, 53), (40, 2)])
    table = measure_likeness(texts, pairs, issuers=issuers)
    for n, (a, b) in enumerate(pairs.tolist()):
        one = compare_texts(texts[a], texts[b], issuers=issuers)
        for name in ("cosine", "jaccard", "edit", "simple"):
            value = getattr(table, name)[n]
            expected = getattr(one, name)
            if expected is None:
                assert np.isnan(value)
            else:
                assert value == pytest.approx(expected, abs=1.1e-4), (name, a, b)


PLACE = ("云岫省", "澄浦市", "白芷县")
COUNTY = Body("白芷县人民政府", "county", "government", *PLACE)
SCHOOLS = Body("白芷县教育局", "county", "department", *PLACE)
WATER = Body("白芷县水务局", "county", "department", *PLACE)
TOWN = Body("白芷县雁汐镇人民政府", "township", "government", *PLACE, "雁汐镇")
CITY_SCHOOLS = Body("澄浦市教育局", "city", "department", "云岫省", "澄浦市")
CITY_OFFICE = Body("澄浦市人民政府办公室", "city", "department", "云岫省", "澄浦市")
OTHER = Body("松涧县教育体育局", "county", "department", "云岫省", "澄浦市", "松涧县")
FAR = Body("澜汐县水利局", "county", "department", "岚川省", "砚阳市", "澜汐县")
NOWHERE = Body("某新区管委会")

TIES = [
    # a government is above its departments and what lies in its area, and so is its office
    (SCHOOLS, COUNTY, "superior", -1),
    (COUNTY, SCHOOLS, "subordinate", 1),
    (TOWN, COUNTY, "superior", -1),
    (WATER, CITY_OFFICE, "superior", -1),
    # a department is above those of its system, not above others
    (SCHOOLS, CITY_SCHOOLS, "superior", -1),
    (WATER, CITY_SCHOOLS, "far", 0),
    (TOWN, SCHOOLS, "same_county", 0),
    # beside each other
    (SCHOOLS, WATER, "same_county", 0),
    (SCHOOLS, OTHER, "same_system", 0),
    (WATER, FAR, "same_system", 0),
    (SCHOOLS, FAR, "far", 0),
    # itself, and what cannot be told
    (TOWN, TOWN, "same_issuer", 0),
    (SCHOOLS, NOWHERE, "unknown", None),
]


@pytest.mark.parametrize(("a", "b", "tie", "vertical"), TIES)
def test_relations(a: Body, b: Body, tie: str, vertical: int | None) -> None:
    found = relate(a, b)
    assert (found.tie, found.vertical) == (tie, vertical)
    back = relate(b, a)
    turned = {"superior": "subordinate", "subordinate": "superior"}
    assert back.tie == turned.get(tie, tie)
    assert back.same_county == found.same_county


@pytest.mark.parametrize(
    ("issuer", "system"),
    [
        ("云岫省农业农村厅", "农业农村"),
        ("石翎县卫生和计划生育局", "卫健"),
        ("砚阳市自然资源和规划局", "自然资源"),
        ("白芷县市场监督管理局", "市场监管"),
        ("石翎县芦白乡人民政府", None),
        ("砚阳市人民政府办公室", None),
        ("市级单位", None),
    ],
)
def test_systems(issuer: str, system: str | None) -> None:
    assert name_system(issuer) == system


def family_of(*rows: tuple[str, int | None]) -> tuple:  # type: ignore[type-arg]
    said = "每季度由股室对照清单逐条自查并登记销号，共{}条。"
    texts = [Source(str(n), said.format(n + 2), i, y) for n, (i, y) in enumerate(rows)]
    (family,) = find_families(texts)
    return family, {s.id: Body(s.issuer) for s in texts}


def test_the_first_user_is_of_the_earliest_year_and_ties_are_named() -> None:
    family, bodies = family_of(("丙县教育局", 2023), ("乙县教育局", 2021), ("甲县教育局", 2021))
    spread = trace_family(family, bodies)
    assert spread.first.year == 2021
    assert {spread.first.issuer, *spread.tied} == {"乙县教育局", "甲县教育局"}
    assert [u.first for u in spread.uses] == [True, False, False]
    directed = {(k.earlier, k.later): k.directed for k in link_issuers([family])}
    assert directed[spread.first.issuer, "丙县教育局"] is True
    assert directed[tuple(sorted(["乙县教育局", "甲县教育局"]))] is False


def test_without_years_nobody_is_first() -> None:
    family, bodies = family_of(("丙县教育局", None), ("乙县教育局", None))
    spread = trace_family(family, bodies)
    assert spread.first is None and spread.ties == {"unknown": 2}
    assert link_issuers([family]) == []


def test_what_most_fill_in_alike_is_the_wording() -> None:
    family, _ = family_of(("丙县教育局", 2023), ("乙县教育局", 2021))
    assert fill_template(family) == "每季度由股室对照清单逐条自查并登记销号，共｛数｝条"


def test_a_lower_cut_makes_more_formulae_never_fewer(sources: list[Source]) -> None:
    table = measure_cuts(sources, cuts=(3, 6, 24, None))
    formula = [c.formula for c in table]
    assert formula == sorted(formula, reverse=True)
    assert formula[0] > formula[-1]
    assert [c.default for c in table] == [False, True, False, False]
    for c in table:
        assert c.mandated + c.formula + c.own + c.peer + c.new == pytest.approx(1, abs=3e-4)


@pytest.mark.parametrize(
    ("a", "b", "kinds"),
    [
        # to the letter; only marks differ
        ("公开及时", "公开及时", ["same"]),
        ("公开、及时", "公开及时。", ["same"]),
        # a number, a word exchanged, a word added at the end
        ("公开12条", "公开30条", ["same", "slot", "same"]),
        ("由科室核对台账", "由股长核对台账", ["same", "changed", "same"]),
        ("核对台账", "核对台账并公示", ["same", "only_b"]),
        # nothing on one side
        ("", "公开", ["only_b"]),
        ("", "", []),
    ],
)
def test_changes(a: str, b: str, kinds: list[str]) -> None:
    found = list_changes(a, b)
    assert [c.kind for c in found] == kinds
    if found and a and b:  # both texts are covered from end to end
        assert "".join(a[c.a_start : c.a_end] for c in found) == a
        assert "".join(b[c.b_start : c.b_end] for c in found) == b
