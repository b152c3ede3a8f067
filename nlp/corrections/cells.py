"""Second stage: the value of a cell, and what is known of a report."""

from __future__ import annotations

from nlp.corrections.bench import Applied, Bench, MisfitError, Step, plain
from nlp.corrections.sheet import Correction

_LEVELS = ("national", "province", "city", "county", "township")
_KINDS = ("government", "department", "other")


def correct_cell(bench: Bench, row: Correction, report: str) -> Applied:
    """Put a cell right, with its claims; ``MisfitError`` where it no longer fits."""
    cells = bench.frames["cells"]
    mine = cells[(cells["report_id"] == report) & (cells["key"] == row.key)]
    if len(mine) != 1:
        raise MisfitError(f"该报告没有单元格 {row.key}")
    raw, value = plain(mine["raw"].iloc[0]), plain(mine["value"].iloc[0])
    state = str(mine["state"].iloc[0])
    new_state, new_value, unit = bench.read_value(row.new)
    if new_state == "unreadable":
        raise MisfitError(f"new 应为一个数、空、/、- 或 无；实为“{row.new}”")
    if new_state == state and new_value == value and not plain(mine["candidates"].iloc[0]):
        return "same", f"现在读出的就是“{row.new}”，不必更正", []
    if not _shows(bench, row.old, raw, value, state):
        shown = raw if raw is not None else "（文件里没有）"
        raise MisfitError(f"原值应为“{row.old}”；现在读出的是“{shown}”（{state}），请重新核对")
    was = "文件里没有" if raw is None else f"原读作“{raw}”"
    values = {
        "raw": row.new,
        "value": new_value,
        "unit": unit or plain(mine["unit"].iloc[0]),
        "state": new_state,
        "candidates": None,
        "note": f"人工更正（{row.who} {row.when}），{was}",
    }
    steps = [bench.put("cells", {"report_id": report, "key": row.key}, values)]
    return "applied", "", [*steps, *_compare_claims(bench, report, row.key)]


def _compare_claims(bench: Bench, report: str, key: str) -> list[Step]:
    """Hold the claims that speak of a corrected cell to its new value, with caution."""
    if "claims" not in bench.frames or not len(bench.frames["claims"]):
        return []
    claims, cells = bench.frames["claims"], bench.frames["cells"]
    value_of = dict(
        cells.loc[cells["report_id"] == report, ["key", "value"]].itertuples(index=False, name=None)
    )
    steps = []
    for _, claim in claims[claims["report_id"] == report].iterrows():
        keys = (plain(claim["cells"]) or "").split(" + ")
        if key not in keys:
            continue
        parts = [plain(value_of.get(k)) for k in keys]
        known = None not in parts
        total = sum(parts) if known else None
        agrees = known and claim["bound"] == "exact" and claim["value"] == total
        values = {
            "cell_value": total,
            "relation": "agree" if agrees else "not_comparable",
            "reason": "按更正后的单元格相符"
            if agrees
            else f"所涉单元格已更正，原判 {claim['relation']}，请人工比较",
        }
        where = {"report_id": report, "claim": int(claim["claim"])}
        steps.append(bench.put("claims", where, values))
    return steps


def _shows(bench: Bench, old: str, raw: str | None, value: float | None, state: str) -> bool:
    if old == (raw or "").strip():
        return True
    if old in ("absent", "unreadable", "blank", "slash", "dash", "none", "zero"):
        return old == state
    wanted = bench.read_value(old)
    return wanted[1] is not None and wanted[1] == value


def correct_report(bench: Bench, row: Correction, report: str) -> Applied:
    """Put a fact of a report right: year, issuer, level or kind."""
    reports = bench.frames["reports"]
    now = plain(reports.loc[reports["report_id"] == report, row.field].iloc[0])
    new: int | str | None = int(row.new) if row.field == "year" else row.new or None
    allowed = {"level": _LEVELS, "kind": _KINDS}.get(row.field)
    if allowed and new is not None and new not in allowed:
        raise MisfitError(f"new 应为 {'、'.join(allowed)} 之一；实为“{row.new}”")
    if new == now:
        return "same", f"现在就是“{row.new}”，不必更正", []
    if row.old != ("" if now is None else str(now)):
        raise MisfitError(f"原值应为“{row.old}”；现在是“{'' if now is None else now}”")
    return "applied", "", [bench.put("reports", {"report_id": report}, {row.field: new})]
