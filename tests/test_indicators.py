"""The indicators: formulas, intervals, and when there is no value."""

from __future__ import annotations

import time
from dataclasses import replace
from math import isclose, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.documents import FRAMES, Cell, Check, Indicator
from nlp.form import load_form
from nlp.indicators import compute_indicators, load_version
from nlp.intervals import wilson_interval

Values = dict[str, float]


def make_cells(values: Values) -> list[Cell]:
    return [
        Cell(key, *key.split("|"), str(value), value, None, "number" if value else "zero")  # type: ignore[arg-type]
        for key, value in values.items()
    ]


def total(**rows: float) -> Values:
    """Cells of the total column of table three; every row that is not named is 0."""
    named = {row.replace("_", ".").lstrip("r"): value for row, value in rows.items()}
    return {f"3|{row.no}|总计": named.get(row.no, 0) for row in load_form("2021").requests}


def four(**groups: tuple[float, ...]) -> Values:
    values: Values = {}
    for group in ("复议", "直接起诉", "复议后起诉"):
        counts = groups.get(group, (0, 0, 0, 0))
        results = ("结果维持", "结果纠正", "其他结果", "尚未审结")
        values |= {f"4|数值|{group}.{r}": n for r, n in zip(results, counts, strict=True)}
        values[f"4|数值|{group}.总计"] = sum(counts)
    return values


# 100 decided: 40 + 15 open, 20 denied, 13 unavailable, 7 not processed, 5 other; 3 left over.
SAMPLE: Values = (
    total(
        r1=98,
        r2=5,
        r3_1=40,
        r3_2=15,
        r3_3_1=4,
        r3_3_6=16,
        r3_4_1=12,
        r3_4_3=1,
        r3_5_2=7,
        r3_6_1=2,
        r3_6_3=3,
        r3_7=100,
        r4=3,
    )
    | {"3|1|自然人": 90, "3|1|法律服务机构": 6}
    | four(复议=(5, 3, 1, 1), 直接起诉=(2, 1, 0, 1), 复议后起诉=(4, 0, 0, 0))
    | {
        "2|规章|本年制发件数": 1,
        "2|规章|本年废止件数": 0,
        "2|规章|现行有效件数": 4,
        "2|行政规范性文件|本年制发件数": 6,
        "2|行政规范性文件|本年废止件数": 9,
        "2|行政规范性文件|现行有效件数": 36,
        "2|行政许可|本年处理决定数量": 600,
        "2|行政处罚|本年处理决定数量": 140,
        "2|行政强制|本年处理决定数量": 10,
    }
)


def compute(values: Values, **options: object) -> dict[str, Indicator]:
    options = {"edition": "2021"} | options
    return {i.id: i for i in compute_indicators(make_cells(values), **options)}  # type: ignore[arg-type]


def failed_check(*keys: str, doubt: str = "theirs") -> Check:
    return Check(
        "t4_sum", "", "", "error", "", "表四·行政复议", "fail", doubt, 1, 2, keys, ""  # type: ignore[arg-type]
    )  # fmt: skip


def passed_check(*keys: str) -> Check:
    return replace(failed_check(*keys), result="pass", doubt=None)


# numerator, denominator and value worked out by hand from SAMPLE
@pytest.mark.parametrize(
    ("id", "numerator", "denominator", "value"),
    [
        ("requests_received", 98, None, 98),
        ("requests_accepted", 103, None, 103),
        ("natural_person_share", 90, 98, 90 / 98),
        ("legal_service_share", 6, 98, 6 / 98),
        ("full_disclosure_rate", 40, 100, 0.40),
        ("disclosure_rate", 55, 100, 0.55),
        ("substantive_disclosure_rate", 55, 75, 55 / 75),
        ("denial_rate", 20, 100, 0.20),
        ("unavailable_rate", 13, 100, 0.13),
        ("unprocessed_rate", 7, 100, 0.07),
        ("other_outcome_rate", 5, 100, 0.05),
        ("denial_share_1", 4, 20, 0.2),
        ("denial_share_6", 16, 20, 0.8),
        ("denial_share_8", 0, 20, 0.0),
        ("unavailable_share_1", 12, 13, 12 / 13),
        ("unprocessed_share_2", 7, 7, 1.0),
        ("statutory_ground_share", 20, 45, 20 / 45),
        ("completion_rate", 100, 103, 100 / 103),
        ("carry_over_rate", 3, 103, 3 / 103),
        ("backlog_change", -2, None, -2),
        ("review_rate", 10, 100, 0.10),
        ("litigation_rate", 8, 100, 0.08),
        ("dispute_rate", 18, 100, 0.18),
        ("appeal_after_review_rate", 4, 9, 4 / 9),
        ("review_correction_rate", 3, 9, 3 / 9),
        ("direct_suit_correction_rate", 1, 3, 1 / 3),
        ("suit_after_review_correction_rate", 0, 4, 0.0),
        ("correction_rate", 4, 16, 0.25),
        ("review_correction_rate_all", 3, 10, 0.3),
        ("correction_rate_all", 4, 18, 4 / 18),
        ("corrections_per_100", 4, 100, 4.0),
        ("regulations_net", 1, None, 1),
        ("normative_net", -3, None, -3),
        ("files_net", -2, None, -2),
        ("regulations_renewal", 1, 4, 0.25),
        ("normative_renewal", 15, 36, 15 / 36),
        ("files_renewal", 16, 40, 0.4),
        ("permit_enforcement_ratio", 600, 150, 4.0),
    ],
)
def test_formulas(id: str, numerator: float, denominator: float | None, value: float) -> None:
    found = compute(SAMPLE)[id]
    assert (found.numerator, found.denominator) == (numerator, denominator)
    assert found.value is not None and isclose(found.value, value)
    assert found.reason == ""


def test_the_five_outcomes_add_up_to_one() -> None:
    found = compute(SAMPLE)
    rates = ("disclosure", "denial", "unavailable", "unprocessed", "other_outcome")
    assert isclose(sum(found[f"{rate}_rate"].value or 0 for rate in rates), 1)


def test_every_row_of_the_three_groups_of_reasons_has_its_share() -> None:
    names = [i.name for i in compute(SAMPLE).values() if i.group == "reasons"]
    assert len(names) == 8 + 3 + 5 + 1
    assert "无法提供中“本机关不掌握相关政府信息”占比" in names
    assert "不予公开中“危及‘三安全一稳定’”占比" in names


# Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in
# Medicine 17 (1998) 857-872, table I, method 3 (score, no continuity correction).
@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_interval_against_published_values(
    successes: int, trials: int, low: float, high: float
) -> None:
    found = wilson_interval(successes, trials)
    assert tuple(round(limit, 4) for limit in found) == (low, high)


@given(st.integers(1, 10**7).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_interval_holds_the_share_and_stays_in_bounds(pair: tuple[int, int]) -> None:
    successes, trials = pair
    low, high = wilson_interval(successes, trials)
    assert 0 <= low <= successes / trials <= high <= 1
    assert low < high


@given(st.integers(1, 10**5).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_limits_solve_the_score_equation(pair: tuple[int, int]) -> None:
    # the definition itself: |share - limit| = z * sqrt(limit * (1 - limit) / n)
    successes, trials = pair
    share = successes / trials
    for limit in wilson_interval(successes, trials):
        if 0 < limit < 1:
            spread = 1.959963984540054 * sqrt(limit * (1 - limit) / trials)
            assert isclose(abs(share - limit), spread, abs_tol=1e-9)


@pytest.mark.parametrize(("successes", "trials"), [(1, 0), (0, 0), (5, 4), (-1, 4)])
def test_wilson_interval_refuses_what_is_no_proportion(successes: int, trials: int) -> None:
    with pytest.raises(ValueError, match=f"实为分子 {successes}、分母 {trials}"):
        wilson_interval(successes, trials)


def test_only_parts_of_a_whole_have_an_interval() -> None:
    found = compute(
        SAMPLE,
        sections_found=6,
        checks=[passed_check("3|1|总计")],
        narrative={"problems": 4, "measures": 5, "answered": 3, "specifics": 9, "characters": 800},
    )
    with_interval = {i.id for i in found.values() if i.low is not None}
    assert {"disclosure_rate", "denial_share_1", "correction_rate", "answer_rate"} <= with_interval
    # reviews are no part of this year's replies; checks and sections are counted in full
    assert not with_interval & {
        "review_rate", "litigation_rate", "dispute_rate", "appeal_after_review_rate",
        "corrections_per_100", "normative_renewal", "permit_enforcement_ratio",
        "sections_complete", "check_pass_rate", "specificity", "requests_received",
    }  # fmt: skip
    for i in found.values():
        if i.low is not None and i.high is not None and i.value is not None:
            assert 0 <= i.low <= i.value <= i.high <= 1


def test_a_ratio_may_exceed_one() -> None:
    found = compute(SAMPLE | four(复议=(1, 0, 0, 0), 复议后起诉=(3, 0, 0, 0)))
    assert found["appeal_after_review_rate"].value == 3


def test_small_denominators_are_flagged() -> None:
    found = compute(SAMPLE)
    assert not found["disclosure_rate"].small  # of 100
    assert found["denial_share_1"].small  # of 20
    assert not found["requests_received"].small  # a count
    assert compute(SAMPLE | {"3|3.7|总计": 30})["denial_rate"].small is False
    assert compute(SAMPLE | {"3|3.7|总计": 29})["denial_rate"].small is True


def test_nothing_received_gives_no_rate_at_all() -> None:
    found = compute(total() | {"3|1|自然人": 0, "3|1|法律服务机构": 0} | four())
    rates = [i for i in found.values() if i.group in ("outcome", "reasons", "flow", "disputes")]
    for rate in rates:
        if rate.id == "backlog_change":
            continue
        assert rate.value is None and rate.low is None and rate.high is None
        assert rate.reason == "分母为 0，不能计算"
        assert rate.denominator == 0
    assert found["requests_received"].value == 0


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("unreadable", "“予以公开”有单元格（3|3.1|总计）读取存疑"),
        ("absent", "“予以公开”有单元格（3|3.1|总计）在文件里没有"),
        ("blank", "“予以公开”有单元格（3|3.1|总计）为空白，没有勾稽式能确认它是 0"),
        ("slash", "“予以公开”有单元格（3|3.1|总计）为空白，没有勾稽式能确认它是 0"),
    ],
)
def test_a_cell_without_a_number_gives_no_value(state: str, words: str) -> None:
    cells = [
        replace(c, state=state, value=None) if c.key == "3|3.1|总计" else c  # type: ignore[arg-type]
        for c in make_cells(SAMPLE)
    ]
    found = {i.id: i for i in compute_indicators(cells, edition="2021")}
    assert found["full_disclosure_rate"].value is None
    assert found["full_disclosure_rate"].reason == words
    assert found["full_disclosure_rate"].denominator == 100
    assert found["denial_rate"].value == 0.2


def test_a_doubtful_number_is_not_used() -> None:
    cells = [
        replace(c, candidates=("40", "4")) if c.key == "3|3.1|总计" else c
        for c in make_cells(SAMPLE)
    ]
    found = {i.id: i for i in compute_indicators(cells, edition="2021")}
    assert found["full_disclosure_rate"].value is None


def test_an_empty_cell_is_zero_where_a_sum_confirms_it() -> None:
    cells = [
        replace(c, state="blank", value=None) if c.key == "3|3.3.1|总计" else c  # type: ignore[arg-type]
        for c in make_cells(SAMPLE)
    ]
    confirmed = compute_indicators(
        cells, edition="2021", checks=[passed_check("3|3.3.1|总计", "3|3.7|总计")]
    )
    assert {i.id: i.numerator for i in confirmed}["denial_rate"] == 16
    # so does the reader, by setting the value and keeping the state
    settled = [replace(c, value=0) if c.state == "blank" else c for c in cells]
    found = compute_indicators(settled, edition="2021")
    assert {i.id: i.numerator for i in found}["denial_rate"] == 16
    # a sum that does not hold confirms nothing
    broken = compute_indicators(cells, edition="2021", checks=[failed_check("3|3.3.1|总计")])
    assert {i.id: i.value for i in broken}["denial_rate"] is None


def test_a_value_from_a_sum_that_does_not_hold_says_so() -> None:
    checks = [failed_check("4|数值|复议.结果纠正", "4|数值|复议.总计")]
    found = compute(SAMPLE, checks=checks)
    assert found["review_rate"].value == 0.1
    assert found["review_rate"].reason == ("所用单元格涉及不符的勾稽式：表四·行政复议（原文如此）")
    assert found["litigation_rate"].reason == ""


def test_a_part_above_its_whole_is_no_rate() -> None:
    # printed so: four results that the total does not count
    found = compute(SAMPLE | {"4|数值|复议.总计": 2, "4|数值|复议.尚未审结": 0})
    assert found["review_correction_rate_all"].value is None
    assert "自相矛盾" in found["review_correction_rate_all"].reason
    below = compute(SAMPLE | {"4|数值|复议.总计": 0})["review_correction_rate"]
    assert below.value is None
    assert below.reason == "分母为负数，所用各数自相矛盾"


def test_a_single_row_of_other_outcomes() -> None:
    values = {k: v for k, v in SAMPLE.items() if not k.startswith("3|3.6")} | {"3|3.6|总计": 5}
    for edition in ("2019", "2021"):
        assert compute(values, edition=edition)["other_outcome_rate"].value == 0.05


def test_the_2019_form() -> None:
    values = SAMPLE | {
        "2|规章|本年新制作数量": 1,
        "2|规范性文件|本年新制作数量": 7,
        "2|行政许可|处理决定数量": 90,
        "2|行政处罚|处理决定数量": 25,
        "2|行政强制|处理决定数量": 5,
    }
    found = compute(values, edition="2019")
    assert found["permit_enforcement_ratio"].value == 3
    assert found["normative_renewal"].value is None
    assert found["normative_renewal"].reason == "2019 年格式没有“规范性文件本年废止”这一列"


def test_a_narrative_report_has_no_tables() -> None:
    found = compute({}, edition="narrative", narrative={"problems": 3}, sections_found=5)
    assert found["disclosure_rate"].reason == "叙述体报告没有法定表格"
    assert found["problem_count"].value == 3
    assert found["sections_complete"].value == 5 / 6


def test_what_the_caller_gives() -> None:
    counts = {"problems": 4, "measures": 5, "answered": 3, "specifics": 12, "characters": 800}
    found = compute(SAMPLE, narrative=counts, population=490_000, sections_found=6)
    assert found["requests_per_10k"].value == 2
    assert found["problem_count"].value == 4
    assert found["measure_count"].value == 5
    assert found["answer_rate"].value == 0.75
    assert found["specificity"].value == 1.5
    assert found["sections_complete"].value == 1
    nothing = compute(SAMPLE)
    assert nothing["requests_per_10k"].reason == "没有给出“常住人口（人）”"
    assert nothing["problem_count"].value is None
    assert nothing["check_pass_rate"].value is None
    # no problems stated: no share of them answered
    assert compute(SAMPLE, narrative={"problems": 0, "answered": 0})["answer_rate"].value is None


def test_check_pass_rate_counts_the_forms_sums_that_were_judged() -> None:
    checks = [
        *[passed_check("3|1|总计")] * 6,
        failed_check("4|数值|复议.总计"),
        failed_check("4|数值|复议.总计", doubt="ours"),
        replace(failed_check(), result="not_assessable", doubt=None),
        replace(failed_check(), id="s5_substance"),
    ]
    found = compute(SAMPLE, checks=checks)["check_pass_rate"]
    assert (found.numerator, found.denominator) == (6, 7)
    assert found.reason == "另有 1 个勾稽式因读取存疑未计入"


@given(
    st.dictionaries(
        st.sampled_from(sorted(SAMPLE)), st.none() | st.integers(0, 120), max_size=len(SAMPLE)
    )
)
def test_whatever_the_cells_no_rate_is_made_up(changes: dict[str, int | None]) -> None:
    values = {k: v for k, v in (SAMPLE | changes).items() if v is not None}  # type: ignore[operator]
    for i in compute(values).values():
        if i.value is None:
            assert i.reason and i.low is None and i.high is None
        elif i.denominator is not None:
            assert i.denominator > 0 and i.numerator is not None
        if i.low is not None and i.high is not None and i.value is not None:
            assert 0 <= i.low <= i.value <= i.high <= 1


def test_definitions_are_complete_and_in_the_order_of_the_groups() -> None:
    found = list(compute(SAMPLE).values())
    groups = list(dict.fromkeys(i.group for i in found))
    assert groups == [
        "demand", "outcome", "reasons", "flow", "disputes", "table2", "compliance", "narrative",
    ]  # fmt: skip
    meaning = next(c.meaning for c in FRAMES["indicators"].columns if c.key == "group")
    assert all(group in meaning for group in groups)
    assert len({i.id for i in found}) == len(found)
    assert all("＝" in i.formula for i in found)
    assert compute(SAMPLE)["disclosure_rate"].formula == (
        "（G＋P） / T；G＝予以公开，P＝部分公开，T＝（七）总计（表三取总计列，另有写明的除外）"
    )
    assert load_version()


def test_computing_takes_no_time() -> None:
    cells = make_cells(SAMPLE)
    best = 1.0
    for _ in range(20):
        start = time.perf_counter()
        compute_indicators(cells, edition="2021")
        best = min(best, time.perf_counter() - start)
    assert best < 0.003
