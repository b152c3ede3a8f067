"""Frames → one row per report with everything known about it, and what each column is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from nlp.compare.tables import cast_series, columns
from nlp.documents import FRAMES, Column, FrameSpec

Frames = Mapping[str, pd.DataFrame]
# Stata allows 32 characters in a name; up to three are needed for a suffix.
_ROOM = 29
_SHORTER = (("correction", "corr"), ("review", "rev"), ("disclosure", "discl"), ("share", "sh"))
_ABOUT = """
report_id file sha256 title issuer year year_conflict level kind region_code province city county
township edition characters sections_found cells_read cells_doubtful cells_absent checks_passed
checks_failed checks_failed_theirs problems measures findings
""".split()
_SYSTEM = (
    "system | text | 系统 | 部门所属的系统（条），按机关名称认出，如教育、水利；政府和认不出的为空"
)
_COUNTED = """
checks_failed_ours | integer | 读取存疑不符 | 不符而可能是读取有误的检查数
checks_unjudged | integer | 无法判断 | 无法判断的检查数
indicators_doubtful | integer | 存疑指标 | 有值而所用单元格涉及不符勾稽式的指标数
problems_answered | integer | 有对应的问题 | 有对应措施的问题数；第五部分没有读出则空
statements_unsure | integer | 存疑陈述 | 分类器把握不足的陈述数；第五部分没有读出则空
"""
_CLAIMS = """
claims | integer | 正文数字 | 正文说出的数的个数
claims_tied | integer | 涉及表格 | 其中与表格同说一事的个数
claims_agree | integer | 相符 | 与表格相符的个数
claims_differ | integer | 不符 | 与表格不符的个数
claims_scope | integer | 范围不同 | 与表格范围不同的个数
claim_checks_failed | integer | 核算不符 | 正文数字相互核算不符的处数
"""
_FOLLOW = """
restated | integer | 重提的问题 | 本报告的问题中，上一年已提出过的条数
announced | integer | 提到的上年措施 | 上一年的措施中，本报告总体情况提到的条数
announced_done | integer | 说已做的上年措施 | 其中说已经做了的条数
"""


@dataclass(frozen=True, slots=True)
class Wide:
    """The wide table and its columns; ``keys`` gives the columns of each indicator by its id."""

    spec: FrameSpec
    table: pd.DataFrame
    keys: Mapping[str, str]


def shorten_key(name: str, room: int = _ROOM) -> str:
    """Shorten a key to what statistics programs take for a name.

    Examples
    --------
    >>> shorten_key("disclosure_rate"), shorten_key("suit_after_review_correction_rate_all")
    ('disclosure_rate', 'suit_after_rev_corr_rate_all')
    """
    key = re.sub(r"\W", "_", name, flags=re.ASCII)
    for long, short in _SHORTER:
        if len(key) <= room:
            break
        key = key.replace(long, short)
    return key[:room]


def join_reports(frames: Frames, systems: pd.Series | None = None) -> Wide:
    """Join everything known about each report into one row.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        The frames of a result; ``reports`` is needed, of the others what is there is used.
    systems : Series of str, optional
        The system (条) of each report, by report_id.

    Returns
    -------
    Wide
        Keys are ASCII and at most 32 characters.  An indicator ``x`` gives ``x``, ``x_n``
        (numerator), ``x_d`` (denominator), ``x_lo`` and ``x_hi`` (interval); a theme ``t``
        gives ``p_t``, ``p_t_s`` (problems: number, share) and ``m_t``, ``m_t_s`` (measures).
    """
    reports = frames["reports"].set_index("report_id", drop=False)
    spec = {c.key: c for c in FRAMES["reports"].columns}
    parts: list[tuple[Column, pd.Series]] = [(spec[k], reports[k]) for k in _ABOUT]
    place = _ABOUT.index("kind") + 1
    given = pd.Series(pd.NA, index=reports.index) if systems is None else systems
    parts.insert(place, (columns(_SYSTEM)[0], given.reindex(reports.index)))
    parts += _count(frames, reports.index)
    indicator_parts, keys = _spread_indicators(frames, reports.index)
    parts += indicator_parts
    parts += _spread_checks(frames, reports.index)
    parts += _spread_themes(frames, reports.index)
    parts += _claims(frames, reports.index)
    parts += _reuse(frames, reports.index)
    return Wide(
        FrameSpec("joined", "报告总表", "一行是一份报告的全部已知情况", tuple(c for c, _ in parts)),
        pd.DataFrame({c.key: cast_series(s, c.kind) for c, s in parts}).reset_index(drop=True),
        keys,
    )


def _by_report(rows: pd.DataFrame, index: pd.Index, fill: bool = True) -> pd.Series:
    counts = rows.groupby("report_id").size().reindex(index)
    return counts.fillna(0) if fill else counts


def _has_section_five(frames: Frames, index: pd.Index) -> pd.Series:
    """Tell where the statements of section 五 could be read, so that none means none."""
    there = pd.Series(False, index=index)
    if "sections" in frames:
        sections = frames["sections"]
        there[index.isin(sections.loc[sections["section"] == "五", "report_id"])] = True
    else:
        there[:] = True
    if "findings" in frames:
        found = frames["findings"]
        there[index.isin(found.loc[found["code"] == "statements_unread", "report_id"])] = False
    return there


def _count(frames: Frames, index: pd.Index) -> list[tuple[Column, pd.Series]]:
    found: dict[str, pd.Series] = {}
    if "checks" in frames:
        checks = frames["checks"]
        ours = (checks["result"] == "fail") & (checks["doubt"] == "ours").fillna(False)
        found["checks_failed_ours"] = _by_report(checks[ours], index)
        found["checks_unjudged"] = _by_report(checks[checks["result"] == "not_assessable"], index)
    if "indicators" in frames:
        found["indicators_doubtful"] = _by_report(
            frames["indicators"][is_doubtful(frames["indicators"])], index
        )
    if "statements" in frames:
        statements = frames["statements"]
        read = _has_section_five(frames, index)
        answered = (statements["role"] == "problem") & statements["answers"].notna()
        found["problems_answered"] = _by_report(statements[answered], index).where(read)
        unsure = statements["abstain"].fillna(False).astype(bool)
        found["statements_unsure"] = _by_report(statements[unsure], index).where(read)
    return [(c, found[c.key]) for c in columns(_COUNTED) if c.key in found]


def is_doubtful(indicators: pd.DataFrame) -> pd.Series:
    """Tell which indicators have a value that rests on cells of a sum that does not hold."""
    found: pd.Series = indicators["value"].notna() & indicators["reason"].notna()
    return found


def _spread_indicators(
    frames: Frames, index: pd.Index
) -> tuple[list[tuple[Column, pd.Series]], dict[str, str]]:
    parts: list[tuple[Column, pd.Series]] = []
    keys: dict[str, str] = {}
    if "indicators" not in frames:
        return parts, keys
    indicators = frames["indicators"]
    sides = {
        name: indicators.pivot(index="report_id", columns="indicator", values=name).reindex(index)
        for name in ("value", "numerator", "denominator", "low", "high")
    }
    taken = set(_ABOUT)
    about = indicators.drop_duplicates("indicator")
    names = zip(about["indicator"], about["name"], about["formula"].fillna(""), strict=True)
    for indicator, name, formula in names:
        key = shorten_key(indicator)
        while key in taken:
            key = key[: _ROOM - 1] + "_"
        taken.add(key)
        keys[indicator] = key
        parts.append((Column(key, "number", name, formula), sides["value"][indicator]))
        for suffix, side, label in (
            ("n", "numerator", "分子"),
            ("d", "denominator", "分母"),
            ("lo", "low", "下限"),
            ("hi", "high", "上限"),
        ):
            values = sides[side][indicator]
            # A count has no denominator, and a ratio that is no share no interval.
            if side == "numerator" and sides["denominator"][indicator].isna().all():
                continue
            if values.notna().any():
                words = {"分子": " 的分子", "分母": " 的分母"}.get(
                    label, f" 的 Wilson 95% 区间{label}"
                )
                parts.append(
                    (
                        Column(f"{key}_{suffix}", "number", f"{name}·{label}",
                               f"指标 {indicator}{words}"),
                        values,
                    )
                )  # fmt: skip
    return parts, keys


def _spread_checks(frames: Frames, index: pd.Index) -> list[tuple[Column, pd.Series]]:
    if "checks" not in frames:
        return []
    checks = frames["checks"]
    parts = []
    for check_id, rows in checks.groupby("check_id", sort=False):
        judged = rows[rows["result"] != "not_assessable"]
        failed = _by_report(judged[judged["result"] == "fail"], index)
        failed = failed.where(index.isin(judged["report_id"]))
        name = str(rows["name"].iloc[0])
        column = Column(
            shorten_key(f"c_{check_id}"),
            "integer",
            f"{name}·不符数",
            f"检查 {check_id}（{name}）不符的处数；无法判断则空",
        )
        parts.append((column, failed))
    return parts


def _spread_themes(frames: Frames, index: pd.Index) -> list[tuple[Column, pd.Series]]:
    if "themes" not in frames or "statements" not in frames:
        return []
    themes = frames["themes"]
    roles = frames["statements"][["report_id", "statement", "role"]]
    assigned = themes[themes["assigned"].fillna(False).astype(bool)].merge(
        roles, on=["report_id", "statement"]
    )
    read = _has_section_five(frames, index)
    parts: list[tuple[Column, pd.Series]] = []
    labels = themes.drop_duplicates("theme").set_index("theme")["label"]
    for role, letter, word in (("problem", "p", "问题"), ("measure", "m", "措施")):
        total = _by_report(roles[roles["role"] == role], index).where(read)
        for theme, label in labels.items():
            mine = assigned[(assigned["role"] == role) & (assigned["theme"] == theme)]
            number = _by_report(mine, index).where(read)
            key = shorten_key(f"{letter}_{theme}")
            name = theme if pd.isna(label) else label
            parts.append(
                (
                    Column(key, "integer", f"{word}·{name}",
                           f"主题为“{name}”的{word}条数；一条可有几个主题；第五部分没有读出则空"),
                    number,
                )
            )  # fmt: skip
            parts.append(
                (
                    Column(f"{key}_s", "number", f"{word}·{name}·占比",
                           f"上述条数除以{word}条数；没有{word}则空；各主题占比之和可大于 1"),
                    (number / total).where(total > 0),
                )
            )  # fmt: skip
    return parts


def _claims(frames: Frames, index: pd.Index) -> list[tuple[Column, pd.Series]]:
    found: dict[str, pd.Series] = {}
    if "claims" in frames and len(frames["claims"]):
        claims = frames["claims"]
        found["claims"] = _by_report(claims, index)
        found["claims_tied"] = _by_report(claims[claims["relation"] != "none"], index)
        for relation in ("agree", "differ", "scope"):
            rows = claims[claims["relation"] == relation]
            found[f"claims_{relation}"] = _by_report(rows, index)
        if "claim_checks" in frames:
            checks = frames["claim_checks"]
            failed = checks[checks["result"] == "fail"]
            found["claim_checks_failed"] = _by_report(failed, index)
    parts = [(c, found[c.key]) for c in columns(_CLAIMS) if c.key in found]
    if "follow" in frames and len(frames["follow"]):
        follow = frames["follow"]

        def links(rows: pd.DataFrame, *unit: str) -> pd.Series:
            unique = rows.drop_duplicates(["to_report_id", *unit])
            return unique.groupby("to_report_id").size().reindex(index).fillna(0)

        done = follow[follow["link"] == "done"]
        # The same theme alone is worth a look, but is not the same problem again.
        again = follow[(follow["link"] == "restated") & (follow["state"] != "theme")]
        values = {
            "restated": links(again, "to_statement"),
            "announced": links(done, "report_id", "statement"),
            "announced_done": links(done[done["state"] == "reported"], "report_id", "statement"),
        }
        # A report without one of the year before cannot take anything up from it.
        reports = frames["reports"]
        years = set(zip(reports["issuer"], reports["year"], strict=True))
        before = pd.Series(
            [
                pd.notna(i) and pd.notna(y) and (i, y - 1) in years
                for i, y in zip(reports["issuer"], reports["year"], strict=True)
            ],
            index=pd.Index(reports["report_id"]),
        ).reindex(index)
        parts += [(c, values[c.key].where(before)) for c in columns(_FOLLOW)]
    return parts


def _reuse(frames: Frames, index: pd.Index) -> list[tuple[Column, pd.Series]]:
    """Take over every number of the frame of reuse shares, one row a report."""
    name = "reuse_shares"
    if name not in frames or name not in FRAMES or not len(frames[name]):
        return []
    shares = frames[name].drop_duplicates("report_id").set_index("report_id").reindex(index)
    return [
        (
            Column(
                shorten_key(f"reuse_{c.key}"), c.kind, f"{FRAMES[name].title}·{c.label}", c.meaning
            ),
            shares[c.key],
        )
        for c in FRAMES[name].columns
        if c.kind in ("number", "integer") and c.key != "year" and c.key in shares
    ]
