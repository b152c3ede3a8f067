"""The checks: the form's arithmetic, what cannot be told, whose error it is, and where."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.documents import Cell, Check
from nlp.form import APPLICANTS, load_form
from nlp.verify import (
    ReportCells,
    cell_name,
    load_rules,
    read_cell,
    verify_report,
    verify_series,
    verify_years,
)

SHARED = Path(__file__).parents[1].parent / "shared"
SUMS = {"t3_balance", "t3_total", "t3_row", "t4_sum"}
GROUPS = ("复议", "直接起诉", "复议后起诉")
RESULTS = ("结果维持", "结果纠正", "其他结果", "尚未审结")
RESULT_ROWS_2021 = [r.no for r in load_form("2021").requests if r.no.startswith("3.")][:-1]
RESULT_ROWS_2019 = [r.no for r in load_form("2019").requests if r.no.startswith("3.")][:-1]

Values = dict[str, int | float]


def make_cell(key: str, value: float | None, state: str | None = None, **more: object) -> Cell:
    section, row, column = key.split("|")
    if state is None:
        state = "zero" if value == 0 else "number"
    raw = None if state in ("absent", "blank") else str(value)
    return Cell(key, section, row, column, raw, value, None, state, **more)  # type: ignore[arg-type]


def make_cells(values: Values) -> list[Cell]:
    return [make_cell(key, value, page=3) for key, value in values.items()]


def change(cells: list[Cell], keys: str | set[str], **changes: object) -> list[Cell]:
    """The same cells, with some fields of some of them changed."""
    keys = {keys} if isinstance(keys, str) else keys
    return [replace(c, **changes) if c.key in keys else c for c in cells]  # type: ignore[arg-type]


def hide(cells: list[Cell], keys: str | set[str], state: str) -> list[Cell]:
    return change(cells, keys, state=state, value=None)


def table_three(
    parts: dict[tuple[str, str], int], carried_in: int = 0, rows: list[str] | None = None
) -> Values:
    """A consistent table three from the counts of its result rows; the rest is 0."""
    rows = rows or RESULT_ROWS_2021
    values: Values = {}
    for column in APPLICANTS[:-1]:
        for row in rows:
            values[f"3|{row}|{column}"] = parts.get((row, column), 0)
        total = sum(values[f"3|{row}|{column}"] for row in rows)
        left_over = parts.get(("4", column), 0)
        came = min(carried_in, int(total) + left_over)
        values |= {
            f"3|1|{column}": total + left_over - came,
            f"3|2|{column}": came,
            f"3|3.7|{column}": total,
            f"3|4|{column}": left_over,
        }
    for row in ["1", "2", *rows, "3.7", "4"]:
        values[f"3|{row}|总计"] = sum(values[f"3|{row}|{c}"] for c in APPLICANTS[:-1])
    return values


def table_four(*counts: int) -> Values:
    values: Values = {}
    for n, group in enumerate(GROUPS):
        four = [*counts, *[0] * 12][4 * n : 4 * n + 4]
        values |= {f"4|数值|{group}.{r}": v for r, v in zip(RESULTS, four, strict=True)}
        values[f"4|数值|{group}.总计"] = sum(four)
    return values


FILES = ("规章", "行政规范性文件")
TABLE_TWO: Values = {
    f"2|{row}|{column}": 0
    for row in FILES
    for column in ("本年制发件数", "本年废止件数", "现行有效件数")
}
TABLE_TWO |= {f"2|{row}|本年处理决定数量": 0 for row in ("行政许可", "行政处罚", "行政强制")}
TABLE_TWO |= {"2|行政事业性收费|本年收费金额（万元）": 0}
FEE = "2|行政事业性收费|本年收费金额（万元）"

SAMPLE = (
    TABLE_TWO
    | table_three({("3.1", "自然人"): 12, ("3.2", "商业企业"): 3, ("4", "自然人"): 2}, 1)
    | table_four(3, 1, 0, 1, 2, 0, 0, 0, 1)
)


def check(values: Values, edition: str = "2021", **sections: str) -> list[Check]:
    return verify_report(make_cells(values), edition=edition, sections=sections)  # type: ignore[arg-type]


def fails(checks: list[Check]) -> list[Check]:
    return [c for c in checks if c.result == "fail"]


def test_a_consistent_report_passes_every_check_that_can_be_made() -> None:
    checks = check(SAMPLE, 五="问题主要是解读材料偏少，下一步将逐件配发图解。", 六="无。")
    assert {c.result for c in checks} == {"pass"}
    # 7 balances, 7 totals, 25 rows, 3 groups
    counted = [sum(c.id == rule for c in checks) for rule in sorted(SUMS)]
    assert counted == [7, 25, 7, 3]
    assert all(c.source and c.formula and c.name for c in checks)
    assert all(c.page == 3 and c.cells for c in checks if c.id in SUMS)


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        # a cell in the middle: its row and its column, and where they cross
        (
            "3|3.3.6|自然人",
            4,
            {
                "表三·自然人列（七）总计：（一）至（六）各行之和 16 ≠ （七）总计 12；原文如此；"
                "若只有一格有误，当在“表三·（三）不予公开/6.属于四类过程性信息·自然人”"
                "（它使 2 处合计同时不符）",
                "表三·（三）不予公开/6.属于四类过程性信息行：六类申请人之和 4 ≠ 总计 0；原文如此；"
                "若只有一格有误，当在“表三·（三）不予公开/6.属于四类过程性信息·自然人”"
                "（它使 2 处合计同时不符）",
            },
        ),
        # a total of table four below its parts: only the total can be at fault
        (
            "4|数值|复议.总计",
            0,
            {
                "表四·行政复议：四项之和 5 ≠ 总计 0；原文如此；若只有一格有误，"
                "当在“表四·行政复议·总计”（改动其余任何一格，都须改成负数或使别的合计不符）"
            },
        ),
        # a total above its parts: any of the five may be at fault, so none is named
        ("4|数值|直接起诉.总计", 9, {"表四·未经复议直接起诉：四项之和 2 ≠ 总计 9；原文如此"}),
    ],
)
def test_a_printed_error_is_theirs_and_says_where(key: str, value: int, expected: set[str]) -> None:
    failed = fails(check(SAMPLE | {key: value}))
    assert {c.reason for c in failed} == expected
    assert {c.doubt for c in failed} == {"theirs"}
    assert all(key in c.cells for c in failed)


def test_two_errors_in_one_table_are_both_found_and_no_single_cell_is_blamed() -> None:
    values = SAMPLE | {"3|3.1|自然人": 13, "3|3.5.2|其他": 2}
    failed = fails(check(values))
    assert {c.subject for c in failed} == {
        "表三·自然人列（七）总计",
        "表三·（一）予以公开行",
        "表三·其他列（七）总计",
        "表三·（五）不予处理/2.重复申请行",
    }
    assert not any("若只有一格有误" in c.reason for c in failed)


@pytest.mark.parametrize(
    ("changes", "doubt"),
    [
        ({}, "theirs"),
        # two numbers that may be one, or belong to two cells
        ({"raw": "1 3"}, "ours"),
        ({"candidates": ("13", "1")}, "ours"),
        ({"note": "该行数字少于列数，位置推定"}, "ours"),
        # what the reader of tables says of a number that it placed by the sums
        ({"note": "空白未印出，按勾稽关系确定在哪一栏"}, "ours"),
        ({"note": "行名无法辨认，按前后两行的位置确定"}, "ours"),
        # a note about something else is no doubt about the number
        ({"note": "行名缺字：应为“属于国家秘密”"}, "theirs"),
        # thousands set off by a space are one number
        ({"raw": "13 000"}, "theirs"),
    ],
)
def test_a_fail_is_ours_where_a_cell_was_read_with_doubt(
    changes: dict[str, object], doubt: str
) -> None:
    cells = change(make_cells(SAMPLE), "3|3.1|自然人", **({"value": 13} | changes))
    failed = fails(verify_report(cells, edition="2021"))
    assert {c.doubt for c in failed} == {doubt}
    word = "原文如此" if doubt == "theirs" else "读取存疑，请对照原件核实"
    assert failed and all(word in c.reason for c in failed)


def test_a_cell_that_is_missing_or_unreadable_is_named_and_nothing_is_guessed() -> None:
    cells = hide(make_cells(SAMPLE), "3|3.1|自然人", "unreadable")
    cells = hide(cells, "4|数值|复议.总计", "absent")
    checks = verify_report(cells, edition="2021")
    assert not fails(checks)
    assert {c.reason for c in checks if c.result == "not_assessable" and c.id in SUMS} == {
        "表三·自然人列（七）总计：“表三·（一）予以公开·自然人”读取存疑，无法判断",
        "表三·（一）予以公开行：“表三·（一）予以公开·自然人”读取存疑，无法判断",
        "表四·行政复议：“表四·行政复议·总计”文件里没有，无法判断",
    }


def test_parts_above_the_whole_are_a_fail_even_where_a_cell_is_unreadable() -> None:
    cells = make_cells(SAMPLE | {"4|数值|复议.总计": 2})
    cells = hide(cells, "4|数值|复议.其他结果", "unreadable")
    (failed,) = fails(verify_report(cells, edition="2021"))
    assert failed.doubt == "ours"
    assert failed.reason == (
        "表四·行政复议：只算读出的格，四项之和已有 5，大于总计 2；"
        "“表四·行政复议·其他结果”读取存疑，请对照原件核实"
    )


@pytest.mark.parametrize("state", ["blank", "slash", "dash", "none"])
def test_empty_cells_count_as_zero_beside_a_printed_number(state: str) -> None:
    zeros = {key for key, value in SAMPLE.items() if value == 0}
    checks = verify_report(hide(make_cells(SAMPLE), zeros, state), edition="2021")
    assert not fails(checks)
    results = {c.subject: c.result for c in checks if c.id == "t3_row"}
    assert results["表三·（一）予以公开行"] == "pass"
    # a row without any number says nothing
    assert results["表三·（三）不予公开/1.属于国家秘密行"] == "not_assessable"


def test_only_totals_printed_is_no_error() -> None:
    # some issuers fill in the total of a row and leave the six applicants empty
    parts = {f"3|{row}|{c}" for row in ("1", "2", "4") for c in APPLICANTS[:-1]}
    checks = verify_report(hide(make_cells(SAMPLE), parts, "blank"), edition="2021")
    told = {c.subject: c for c in checks if c.id == "t3_row"}["表三·一、本年新收行"]
    assert told.result == "not_assessable"
    assert told.reason == (
        "表三·一、本年新收行：“六类申请人之和”一边全是空白，另一边为 15，无法判断空白是否为 0"
    )
    assert not fails(checks)


def test_an_empty_cell_in_a_sum_that_does_not_hold_is_said() -> None:
    cells = hide(make_cells(SAMPLE | {"4|数值|复议.总计": 7}), "4|数值|复议.其他结果", "blank")
    (failed,) = fails(verify_report(cells, edition="2021"))
    assert failed.doubt == "theirs"
    assert failed.reason == "表四·行政复议：四项之和 5 ≠ 总计 7（空白格按 0 计）；原文如此"


def test_a_table_that_is_not_in_the_file_gives_one_result_a_rule() -> None:
    values = {key: value for key, value in SAMPLE.items() if not key.startswith("3")}
    checks = [c for c in check(values) if c.id.startswith("t3")]
    assert [(c.id, c.subject, c.result) for c in checks if c.id != "t34_nonnegative"] == [
        (rule, "表三", "not_assessable") for rule in ("t3_balance", "t3_total", "t3_row")
    ]
    assert checks[0].reason == "文件里没有表三的数据（没有表格，或表格是图片），无法判断"
    assert "叙述体" in verify_report([], edition="narrative")[0].reason


def test_an_unknown_edition_is_held_to_the_form_in_force() -> None:
    assert [c.id for c in verify_report(make_cells(SAMPLE), edition=None)] == [
        c.id for c in check(SAMPLE)
    ]


# One row of 其他处理 is the 2019 form; some reports on the 2021 form kept it.
@pytest.mark.parametrize("edition", ["2019", "2021"])
def test_other_outcomes_may_be_one_row(edition: str) -> None:
    parts = {("3.1", "自然人"): 4, ("3.6", "自然人"): 3}
    values = table_three(parts, rows=RESULT_ROWS_2019)
    cells = make_cells(values)
    if edition == "2021":
        # the form's own three rows are then not in the file
        cells += [make_cell(f"3|3.6.{n}|{c}", None, "absent") for n in "123" for c in APPLICANTS]
    checks = verify_report(cells, edition=edition)  # type: ignore[arg-type]
    assert [c.result for c in checks if c.id == "t3_row"] == ["pass"] * 23
    assert [c.result for c in checks if c.id == "t3_total"] == ["pass"] * 7
    wrong = change(cells, "3|3.6|自然人", value=2)
    assert len(fails(verify_report(wrong, edition=edition))) == 2  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        # a fee of less than nothing, a request and a half
        (
            {FEE: -3.5},
            ("t2_nonnegative", "表二·行政事业性收费·本年收费金额（万元）：-3.5 为负数；原文如此"),
        ),
        (
            {"2|行政许可|本年处理决定数量": 4.5},
            ("count_whole", "表二·行政许可·本年处理决定数量：4.5 不是整数；原文如此"),
        ),
        # made this year, yet neither valid nor repealed
        (
            {"2|规章|本年制发件数": 5, "2|规章|现行有效件数": 3},
            ("t2_made_bound", "表二·规章：本年制发件数 5 ＞ 现行有效与本年废止之和 3；原文如此"),
        ),
        # money need not be whole
        ({FEE: 152.79}, None),
        # repealed documents were made once, before this year
        ({"2|规章|本年废止件数": 5, "2|规章|现行有效件数": 3}, None),
    ],
)
def test_cells_of_section_two(changes: Values, expected: tuple[str, str] | None) -> None:
    failed = [(c.id, c.reason) for c in fails(check(SAMPLE | changes))]
    assert failed == ([expected] if expected else [])


def test_a_change_may_be_negative_in_the_2019_form() -> None:
    values: Values = {
        "2|行政许可|上一年项目数量": 716,
        "2|行政许可|本年增/减": -417,
        "2|行政许可|处理决定数量": 298,
        "2|规章|本年新公开数量": 4,
        "2|规章|对外公开总数量": 3,
    }
    (failed,) = fails(check(values, "2019"))
    assert failed.reason == "表二·规章：本年新公开数量 4 ＞ 对外公开总数量 3；原文如此"
    assert failed.severity == "warning"


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("问题：解读材料偏少。措施：逐件配发图解。", "pass"),
        ("无。", "fail"),
        ("（无）", "fail"),
        ("无其他需要报告的事项。", "fail"),
        ("还不够好。", "fail"),
        ("", "fail"),
        # a section that says more than 无
        ("无重大问题，但更新有时不及时，下一步加强督促。", "pass"),
    ],
)
def test_section_five_has_substance(text: str, result: str) -> None:
    (found,) = [c for c in check(SAMPLE, 五=text) if c.id == "s5_substance"]
    assert found.result == result
    # an empty section may be a picture of text, which is our doubt
    if result == "fail":
        assert found.doubt == ("theirs" if text else "ours")
    assert found.severity == "info"


@pytest.mark.parametrize(
    ("fee", "text", "result"),
    [
        (0, "无。", "pass"),
        (12.5, "本年度没有其他需要报告的事项。", "fail"),
        (12.5, "全年发出收费通知 0 件，收取信息处理费 0 元。", "pass"),
        (None, "无。", "not_assessable"),
    ],
)
def test_fees_against_nothing_to_report(fee: float | None, text: str, result: str) -> None:
    cells = make_cells(SAMPLE | {FEE: 0 if fee is None else fee})
    if fee is None:
        cells = hide(cells, FEE, "unreadable")
    checks = verify_report(cells, edition="2021", sections={"六": text})
    assert [c.result for c in checks if c.id == "s6_fee"] == [result]


def test_without_sections_nothing_is_said_about_them() -> None:
    told = {c.id: c.result for c in check(SAMPLE)}
    assert told["s5_substance"] == told["s6_fee"] == "not_assessable"


# ---------------------------------------------------------------- two years


def years(
    earlier: Values, later: Values, editions: tuple[str, str] = ("2021", "2021")
) -> list[Check]:
    return verify_years(
        make_cells(earlier),
        make_cells(later),
        earlier_edition=editions[0],  # type: ignore[arg-type]
        later_edition=editions[1],  # type: ignore[arg-type]
        earlier_year=2022,
    )


VALID = "2|行政规范性文件|现行有效件数"
MADE = "2|行政规范性文件|本年制发件数"
REPEALED = "2|行政规范性文件|本年废止件数"
BEFORE = (
    TABLE_TWO
    | {VALID: 10}
    | table_three({("3.1", "自然人"): 4, ("4", "自然人"): 2})
    | table_four(3)
)
AFTER = (
    TABLE_TWO
    | {VALID: 9, MADE: 2, REPEALED: 3}
    | table_three({("3.1", "自然人"): 5}, carried_in=2)
    | table_four(1, 0, 0, 0, 0, 0, 0, 0, 4)
)


def test_two_years_that_agree() -> None:
    checks = years(BEFORE, AFTER)
    assert {(c.id, c.result) for c in checks} >= {
        ("years_carry", "pass"),
        ("years_valid", "pass"),
        ("years_appeal_bound", "pass"),
    }
    assert not [c for c in checks if c.result != "pass" and c.id != "years_carry"]
    # six columns of zeros on both sides hold as well: five other applicants and the total
    assert sum(c.id == "years_carry" for c in checks) == 7


@pytest.mark.parametrize(
    ("change_before", "change_after", "expected"),
    [
        (
            {},
            {VALID: 10},
            "表二·行政规范性文件：上一年现行有效加本年制发减本年废止 9 ≠ 本年现行有效 10；原文如此",
        ),
        (
            {"3|4|总计": 3},
            {},
            "表三·总计列：2022 年报告的结转下年度 3 ≠ 本年报告的上年结转 2；原文如此",
        ),
        (
            {},
            {"4|数值|复议后起诉.总计": 5},
            "表四·复议后起诉：复议后起诉 5 ＞ 两年已审结的复议 4；原文如此",
        ),
    ],
)
def test_two_years_that_disagree(
    change_before: Values, change_after: Values, expected: str
) -> None:
    (failed,) = fails(years(BEFORE | change_before, AFTER | change_after))
    assert failed.reason == expected
    assert (failed.doubt, failed.severity) == ("theirs", "warning")
    assert any(key.startswith("earlier:") for key in failed.cells)


def test_repeals_are_bounded_where_the_valid_ones_are_not_printed() -> None:
    later = hide(make_cells(AFTER | {REPEALED: 13}), VALID, "unreadable")
    checks = verify_years(make_cells(BEFORE), later, earlier_edition="2021", later_edition="2021")
    assert [c.id for c in fails(checks)] == ["years_repeal_bound"]


def test_table_two_is_compared_within_one_edition_only() -> None:
    earlier = {"2|规章|对外公开总数量": 4} | table_three(
        {("3.1", "自然人"): 4, ("4", "自然人"): 2}, rows=RESULT_ROWS_2019
    )
    told = {c.id for c in years(earlier, AFTER, ("2019", "2021"))}
    assert "years_valid" not in told
    assert "years_carry" in told


def test_items_of_the_2019_form_are_carried_on() -> None:
    before: Values = {"2|行政许可|上一年项目数量": 30, "2|行政许可|本年增/减": -4}
    (failed,) = fails(years(before, {"2|行政许可|上一年项目数量": 27}, ("2019", "2019")))
    assert failed.id == "years_items"
    assert (failed.left, failed.right) == (26, 27)


def test_a_series_compares_consecutive_years_of_one_issuer() -> None:
    def report(name: str, issuer: str | None, year: int | None, values: Values) -> ReportCells:
        return ReportCells(name, issuer, year, "2021", make_cells(values))

    found = verify_series(
        [
            report("later", "青梧县人民政府", 2023, AFTER | {VALID: 10}),
            report("earlier", "青梧县人民政府", 2022, BEFORE),
            report("other issuer", "云汀镇人民政府", 2023, AFTER),
            report("after a gap", "青梧县人民政府", 2025, BEFORE),
            report("no year", "青梧县人民政府", None, BEFORE),
            report("no issuer", None, 2022, BEFORE),
        ]
    )
    assert set(found) == {"later"}
    assert [c.id for c in fails(found["later"])] == ["years_valid"]


def test_two_reports_for_one_year_are_not_chosen_between() -> None:
    reports = [
        ReportCells("a", "青梧县人民政府", 2022, "2021", make_cells(BEFORE)),
        ReportCells("b", "青梧县人民政府", 2022, "2021", make_cells(AFTER)),
        ReportCells("c", "青梧县人民政府", 2023, "2021", make_cells(AFTER)),
    ]
    found = verify_series(reports)["c"]
    assert {c.result for c in found} == {"not_assessable"}
    assert "有 2 份不同的报告" in found[0].reason
    # copies of one report are one report
    assert not fails(
        verify_series([reports[0], replace(reports[0], report_id="copy"), reports[2]])["c"]
    )


def test_an_empty_earlier_report_cannot_be_compared() -> None:
    checks = verify_years(
        [], make_cells(AFTER), earlier_edition="2021", later_edition="2021", earlier_year=2022
    )
    assert {c.result for c in checks} == {"not_assessable"}
    assert {c.reason for c in checks} == {"上一年的报告没有这部分表格的数据，无法比较"}


# ---------------------------------------------------------------- properties

counts = st.integers(min_value=0, max_value=40)
columns = st.sampled_from(APPLICANTS[:-1])
consistent = st.builds(
    lambda parts, carried, four, single: (
        table_three(parts, carried, RESULT_ROWS_2019 if single else RESULT_ROWS_2021)
        | table_four(*four)
    ),
    st.dictionaries(
        st.tuples(st.sampled_from([*RESULT_ROWS_2021[:-3], "4"]), columns), counts, max_size=12
    ),
    counts,
    st.lists(counts, min_size=12, max_size=12),
    st.booleans(),
)


@given(values=consistent)
@settings(max_examples=60, deadline=None)
def test_a_consistent_report_never_fails(values: Values) -> None:
    sums = [c for c in check(values) if c.id in SUMS]
    assert {c.result for c in sums} == {"pass"}


@given(values=consistent, data=st.data())
@settings(max_examples=150, deadline=None)
def test_any_one_wrong_cell_is_found_and_placed(values: Values, data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(sorted(values)))
    wrong = data.draw(counts.filter(lambda n: n != values[key]))
    failed = fails(check(values | {key: wrong}))
    assert failed
    assert {c.doubt for c in failed} == {"theirs"}
    assert all(key in c.cells for c in failed)
    # in table three the cell is always told; in table four only where no other will do
    named = {c.reason.partition("当在“")[2].partition("”（")[0] for c in failed}
    assert named == {cell_name(key)} if key.startswith("3") else named <= {"", cell_name(key)}


@given(values=consistent, data=st.data())
@settings(max_examples=60, deadline=None)
def test_what_cannot_be_seen_is_never_called_an_error(values: Values, data: st.DataObject) -> None:
    keys = st.sets(st.sampled_from(sorted(values)), max_size=60)
    cells = hide(make_cells(values), data.draw(keys), "unreadable")
    cells = hide(cells, data.draw(keys), "absent")
    zeros = {c.key for c in cells if c.state == "zero"} & data.draw(keys)
    checks = verify_report(hide(cells, zeros, "blank"), edition="2021")
    assert not fails(checks)
    assert all(c.reason for c in checks if c.result == "not_assessable")


@given(values=consistent)
@settings(max_examples=20, deadline=None)
def test_the_order_of_the_cells_does_not_matter(values: Values) -> None:
    cells = make_cells(values | {"3|3.1|自然人": 99})
    assert verify_report(cells, edition="2021") == verify_report(cells[::-1], edition="2021")


# ---------------------------------------------------------------- data and shared reports


def test_of_two_different_cells_with_one_key_neither_is_trusted() -> None:
    cells = [*make_cells(SAMPLE), make_cell("3|3.1|自然人", 5)]
    checks = verify_report(cells, edition="2021")
    assert not fails(checks)
    assert any("读取存疑" in c.reason for c in checks)


def test_every_rule_is_complete() -> None:
    rules = load_rules()
    assert len({rule.id for rule in rules}) == len(rules)
    for rule in rules:
        assert rule.severity in ("error", "warning", "info")
        assert rule.kind in ("equal", "at_most", "cells", "section")
        assert rule.formula and rule.source and rule.name
        if rule.fallback_for:
            assert rule.fallback_for in {other.id for other in rules}


def test_a_number_that_its_reader_disowns_is_no_number() -> None:
    cell = make_cell("3|1|总计", 21, "unreadable")
    assert read_cell(cell).value is None


def shared_reports() -> list[Path]:
    return sorted(SHARED.glob("reports/*.truth.json")) + sorted(SHARED.glob("seeds/*.truth.json"))


@pytest.mark.skipif(not shared_reports(), reason="../shared is not there")
@pytest.mark.parametrize("path", shared_reports(), ids=lambda path: path.stem)
def test_published_errors_of_real_reports_and_nothing_else(path: Path) -> None:
    truth = json.loads(path.read_text(encoding="utf-8"))
    failed = fails(check(truth["cells"]))
    expected = {text.split()[1].rstrip(":") for text in truth.get("arithmetic_violations", [])}
    assert {c.cells[0].split("|")[2].split(".")[0] for c in failed} == expected
    assert {c.doubt for c in failed} <= {"theirs"}


@pytest.mark.skipif(len(shared_reports()) < 4, reason="../shared is not there")
def test_two_years_of_a_real_issuer_agree() -> None:
    first, second = (
        json.loads((SHARED / "reports" / f"hzq{year}.truth.json").read_text(encoding="utf-8"))
        for year in (2023, 2024)
    )
    assert {c.result for c in years(first["cells"], second["cells"])} == {"pass"}


def test_verifying_a_report_takes_no_time() -> None:
    cells = make_cells(SAMPLE)
    verify_report(cells, edition="2021")
    best = 1.0
    for _ in range(20):
        start = time.perf_counter()
        verify_report(cells, edition="2021", sections={"五": "无", "六": "无"})
        best = min(best, time.perf_counter() - start)
    # about 1 ms; the best of many, so that a busy machine does not matter
    assert best < 0.003
