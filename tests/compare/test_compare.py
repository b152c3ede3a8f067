"""The join and what is made of it: known numbers come out, small groups stay silent."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import scipy.stats

from nlp.compare import Comparison, compare_frames, read_external
from nlp.compare.association import shuffle_issuers
from nlp.compare.pairs import Group
from nlp.reuse.relation import name_system
from tests.compare.conftest import make_result


def systems_of(frames: dict[str, pd.DataFrame]) -> pd.Series:
    reports = frames["reports"]
    return pd.Series(
        [name_system(n) for n in reports["issuer"]], index=reports["report_id"], dtype="string"
    )


@pytest.fixture(scope="session")
def compared(frames: dict[str, pd.DataFrame]) -> Comparison:
    return compare_frames(frames, systems=systems_of(frames), permutations=499, draws=300)


def test_wide_table_has_a_row_a_report_and_the_numbers_of_the_frames(
    frames: dict[str, pd.DataFrame], compared: Comparison
) -> None:
    wide = compared.reports.set_index("report_id")
    assert len(wide) == len(frames["reports"])
    for row in frames["indicators"].itertuples():
        value = wide.loc[row.report_id, row.indicator]
        assert pd.isna(value) == pd.isna(row.value)
        assert pd.isna(value) or value == row.value
        if not pd.isna(row.low):
            assert wide.loc[row.report_id, f"{row.indicator}_lo"] == row.low
    roles = frames["statements"]
    problems = roles[roles["role"] == "problem"]
    counted = problems.groupby(["report_id", "primary"]).size()
    for (report, theme), number in counted.items():
        assert wide.loc[report, f"p_{theme}"] == number


def test_every_column_is_documented_and_fits_stata(compared: Comparison) -> None:
    for spec, table in compared.tables():
        assert list(table.columns) == [c.key for c in spec.columns]
        for column in spec.columns:
            assert column.label
            assert column.key.isascii()
            assert len(column.key) <= 32
    documented = compared.fields.groupby("table").size()
    assert documented["joined"] == len(compared.reports.columns)


def test_counts_of_themes_are_missing_where_section_five_was_not_read() -> None:
    frames = make_result(counties=2, years=(2022,))
    lost = frames["reports"]["report_id"].iloc[0]
    for name in ("sections", "statements", "themes"):
        frames[name] = frames[name][frames[name]["report_id"] != lost]
    wide = compare_frames(frames, permutations=99, draws=50).reports.set_index("report_id")
    assert pd.isna(wide.loc[lost, "p_training"])
    assert wide["p_on_request"].drop(lost).notna().all()


def test_pairs_lie_in_the_stated_groups_and_nowhere_else(compared: Comparison) -> None:
    pairs = compared.pairs
    reports = compared.reports.set_index("report_id")
    found = set(zip(pairs["a"], pairs["b"], strict=True))
    wanted = set()
    for a, b in combinations(reports.index, 2):
        x, y = reports.loc[a], reports.loc[b]
        gap = abs(x["year"] - y["year"])
        if (
            x["issuer"] == y["issuer"]
            or (x["county"] == y["county"] and gap <= 1)
            or (x["city"] == y["city"] and gap == 0)  # same level, city, year
        ):
            wanted.add(tuple(sorted((a, b), key=lambda r: (reports.loc[r, "year"], r))))
    assert found == wanted
    assert (pairs["probability"] == 1).all()
    one = pairs[(pairs["a_issuer"] == "松溪县人民政府") & (pairs["b_issuer"] == "松溪县教育局")]
    assert one["vertical"].tolist() == [1] * len(one)
    assert one["same_county"].all()


def test_likeness_of_pairs_is_that_of_the_numbers(compared: Comparison) -> None:
    reports = compared.reports.set_index("report_id")
    shares = ["disclosure_rate", "denial_rate", "unavailable_rate"]
    for row in compared.pairs.head(50).itertuples():
        a, b = reports.loc[row.a], reports.loc[row.b]
        gaps = sum(abs(a[s] - b[s]) for s in shares)
        assert row.outcomes == pytest.approx(1 - gaps / 2)
        # 3|3.4.1 is 0 in both, which says nothing and is not counted.
        assert row.cells_compared == 2
        same = (a["requests_received"] == b["requests_received"]) + (
            a["disclosure_rate_n"] == b["disclosure_rate_n"]
        )
        assert row.cells_equal == same
        assert 0 <= row.problem_themes <= 1


def test_many_reports_give_no_more_pairs_than_allowed_and_each_its_probability() -> None:
    frames = make_result(counties=20, years=(2021, 2022, 2023))
    found = compare_frames(
        frames, systems=systems_of(frames), max_pairs=400, permutations=99, draws=50
    )
    groups = found.pair_groups
    assert groups["drawn"].sum() <= 400
    assert len(found.pairs) <= 400
    assert (groups["drawn"] <= groups["possible"]).all()
    assert found.pairs["probability"].between(0, 1).all()
    assert (found.pairs["probability"] < 1).any()
    # Weighted by the inverse probability, the pairs stand for all pairs there are.
    whole = compare_frames(frames, systems=systems_of(frames), permutations=99, draws=50)
    weights = 1 / found.pairs["probability"]
    assert weights.sum() == pytest.approx(len(whole.pairs), rel=0.15)
    assert set(zip(found.pairs["a"], found.pairs["b"], strict=True)) <= set(
        zip(whole.pairs["a"], whole.pairs["b"], strict=True)
    )


@pytest.mark.parametrize("size", [2, 3, 17, 400])
def test_pair_numbers_give_every_pair_once(size: int) -> None:
    group = Group("x", (), np.arange(size))
    left, right = group.draw(np.arange(group.possible))
    assert set(zip(left.tolist(), right.tolist(), strict=True)) == set(combinations(range(size), 2))


def test_same_input_gives_same_tables_and_another_seed_other_draws(
    frames: dict[str, pd.DataFrame], compared: Comparison
) -> None:
    again = compare_frames(frames, systems=systems_of(frames), permutations=499, draws=300)
    for (_, one), (_, two) in zip(compared.tables(), again.tables(), strict=True):
        pd.testing.assert_frame_equal(one, two)
    other = compare_frames(frames, systems=systems_of(frames), seed=2, permutations=499, draws=300)
    assert not other.associations["p_value"].equals(compared.associations["p_value"])


def test_peers_give_unweighted_and_pooled_values_apart(compared: Comparison) -> None:
    peers = compared.peers
    row = peers[
        (peers["group_by"] == "year+level+kind")
        & (peers["year"] == 2022)
        & (peers["kind"] == "government")
        & (peers["indicator"] == "denial_rate")
    ].iloc[0]
    wide = compared.reports
    mine = wide[(wide["year"] == 2022) & (wide["kind"] == "government")]
    assert row["mean"] == pytest.approx(mine["denial_rate"].mean())
    assert row["pooled"] == pytest.approx(mine["denial_rate_n"].sum() / mine["denial_rate_d"].sum())
    assert row["mean_low"] < row["mean"] < row["mean_high"]
    assert "权重" in row["caveat"]
    # A rate that nobody has is in no row: no denominator, no value.
    assert "review_correction_rate" not in set(peers["indicator"])


def test_small_groups_get_no_interval_and_no_ranks() -> None:
    found = compare_frames(make_result(counties=4), permutations=99, draws=50)
    assert found.peers[found.peers["issuers"] < 10]["mean_low"].isna().all()
    assert "不宜给区间" in found.peers["caveat"].iloc[0]
    assert not found.ranks["ranked"].any()
    assert found.ranks["caveat"].str.startswith("不参加排名").all()
    assert found.associations["p_value"].isna().all()
    assert found.associations["reason"].notna().all()


def test_only_large_denominators_are_ranked(compared: Comparison) -> None:
    ranks = compared.ranks
    assert ranks["ranked"].any()
    assert (ranks[ranks["ranked"]]["denominator"] >= 30).all()
    small = ranks[ranks["denominator"] < 30]
    assert len(small)
    assert not small["ranked"].any()
    ranked = ranks[ranks["ranked"]]
    assert ((ranked["rank_low"] <= ranked["rank"]) & (ranked["rank"] <= ranked["rank_high"])).all()
    assert (ranked["of"] >= 10).all()


def test_changes_are_those_of_the_same_issuer(compared: Comparison) -> None:
    wide = compared.reports.set_index(["issuer", "year"])
    changes = compared.changes
    assert len(changes[changes["indicator"] == "denial_rate"]) == 40 * 2
    for row in changes[changes["indicator"] == "denial_rate"].head(20).itertuples():
        before = wide.loc[(row.issuer, row.year - 1), "denial_rate"]
        after = wide.loc[(row.issuer, row.year), "denial_rate"]
        assert row.difference == pytest.approx(after - before)
        assert row.low <= row.difference <= row.high
    groups = compared.group_changes
    one = groups[(groups["group_by"] == "year") & (groups["indicator"] == "denial_rate")].iloc[0]
    assert one["up"] + one["down"] + one["same"] == one["issuers"] == 40


def test_a_change_of_form_is_said() -> None:
    frames = make_result(counties=10, years=(2020, 2021))
    found = compare_frames(frames, permutations=99, draws=50)
    rates = found.changes[found.changes["indicator"] == "denial_rate"]
    assert rates["edition_changed"].all()
    assert rates["caveat"].str.contains("口径因格式而异").all()


def test_a_planted_association_is_found_with_its_caveats(compared: Comparison) -> None:
    table = compared.associations
    planted = table[
        (table["role"] == "problem")
        & (table["theme"] == "on_request")
        & (table["indicator"] == "denial_rate")
    ].set_index("method")
    rho = planted.loc["spearman"]
    assert rho["rho"] > 0.3
    assert rho["low"] < rho["rho"] < rho["high"]
    assert rho["p_value"] <= 0.01
    assert rho["q_value"] >= rho["p_value"]
    ratio = planted.loc["ratio"]
    assert ratio["risk_ratio"] > 1.5
    cells = ratio[["with_event", "with_none", "without_event", "without_none"]].sum()
    assert cells == ratio["reports"]
    for words in ("生态谬误", "不是因果", "q 值", "不是独立观测"):
        assert words in rho["caveat"]


def test_spearman_is_that_of_scipy(compared: Comparison) -> None:
    wide = compared.reports
    row = compared.associations.query(
        "method == 'spearman' and role == 'problem' and theme == 'on_request'"
        " and indicator == 'denial_rate'"
    ).iloc[0]
    theirs = scipy.stats.spearmanr(
        wide["p_on_request_s"].astype(float), wide["denial_rate"].astype(float)
    )
    assert row["rho"] == pytest.approx(theirs.statistic)


def test_issuers_are_shuffled_whole_and_within_the_same_years() -> None:
    issuers = np.array(["a", "b", "a", "b", "c", "d", "e"])
    years = np.array([1, 1, 2, 2, 1, 1, 2])
    found = shuffle_issuers(issuers, years, np.random.default_rng(4), 200)
    assert (found.within, found.movable) == ("years", 4)
    for row in found.rows:
        assert sorted(row.tolist()) == list(range(7))
        assert years[row].tolist() == years.tolist()
        # The two rows of a go to the same issuer, and e, alone with its years, stays.
        assert issuers[row[0]] == issuers[row[2]]
        assert row[6] == 6


def test_without_an_effect_few_permutation_tests_find_one() -> None:
    rng = np.random.default_rng(11)
    issuers = np.repeat(np.arange(30), 3)
    years = np.tile(np.arange(3), 30)
    found = 0
    for _ in range(200):
        # Values that hang together within an issuer: a test of single reports would find too much.
        x = np.repeat(rng.normal(size=30), 3) + 0.1 * rng.normal(size=90)
        y = np.repeat(rng.normal(size=30), 3) + 0.1 * rng.normal(size=90)
        rows = shuffle_issuers(issuers, years, rng, 199).rows
        seen = abs(np.corrcoef(x, y)[0, 1])
        drawn = np.abs([np.corrcoef(x, y[r])[0, 1] for r in rows[:99]])
        found += (1 + (drawn >= seen).sum()) / 100 <= 0.05
    assert found <= 20


def test_external_tables_join_by_region_and_year_and_say_what_did_not(
    frames: dict[str, pd.DataFrame], tmp_path: Path
) -> None:
    reports = frames["reports"]
    codes = sorted(set(reports["region_code"]))
    file = tmp_path / "人口.csv"
    lines = ["区划代码,年度,常住人口,人均GDP"]
    lines += [f"{code},2022,{10_000 * (n + 1)},{n}.5" for n, code in enumerate(codes[:-1])]
    lines.append("888888,2022,5,")
    file.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    found = compare_frames(frames, external=[read_external(file)], permutations=99, draws=50)
    wide = found.reports
    joined = wide[wide["population"].notna()]
    assert set(joined["year"]) == {2022}
    assert len(joined) == 2 * (len(codes) - 1)
    rate = 10_000 * joined["requests_received"] / joined["population"]
    assert (joined["requests_per_10k"] - rate).abs().max() < 1e-12
    # The Chinese column has an ASCII key and keeps its name as its label.
    labels = found.fields.query("table == 'joined'").set_index("key")["label"]
    assert labels["x_column_4"] == "人均GDP"
    lost = found.unmatched
    assert len(lost[lost["side"] == "report"]) == len(wide) - len(joined)
    external = lost[lost["side"] == "external"].iloc[0]
    assert (external["region_code"], external["line"]) == ("888888", len(codes) + 1)
    assert "requests_per_10k" in set(found.peers["indicator"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("甲,乙\n1,2\n", "第 1 行"),  # no region and year
        ("region_code,year,gdp\n99010,2022,1\n", "第 2 行"),  # five digits
        ("region_code,year,gdp\n990101,22,1\n", "四位数"),  # a year of two digits
        ("region_code,year,gdp\n990101,2022,多\n", "应为数或空"),  # a word for a number
        ("region_code,year,gdp\n990101,2022,nan\n", "应为数或空"),  # nan is no number
        ("region_code,year,gdp\n990101,2022,1\n990101,2022,2\n", "重复"),  # twice the same
        ("region_code,year,gdp\n990101,2022\n", "应有 3 格"),  # a cell is missing
        ("", "第 1 行"),  # an empty file
    ],
)
def test_a_wrong_external_table_is_refused_by_line(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "外部.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=words) as caught:
        read_external(file)
    assert "外部.csv" in str(caught.value)
