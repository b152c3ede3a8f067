"""Corrections applied to frames, each with what stood there before, so that it can be undone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from nlp.corrections.sheet import Correction, read_span

Frames = dict[str, pd.DataFrame]
# Reads what is printed in a cell: its state, number and unit.
ReadValue = Callable[[str], tuple[str, float | None, str | None]]
_LEVELS = ("national", "province", "city", "county", "township")
_KINDS = ("government", "department", "other")


class _Misfit(ValueError):
    """A correction that does not fit what it speaks of (any more)."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a correction.

    ``status`` is ``applied``, ``same`` (it stands so already), ``unfit`` (it no longer fits)
    or ``invalid`` (the row cannot be understood); ``before`` has what to undo, as JSON.
    """

    correction: Correction
    report_id: str | None
    status: str
    reason: str
    before: str | None = None

    def row(self) -> dict[str, Any]:
        """Give the row of the frame ``corrections``."""
        given = self.correction
        return {
            "line": given.line,
            "report": given.report or "（空）",
            "report_id": self.report_id,
            "what": given.what or "（空）",
            "key": given.key or None,
            "field": given.field or None,
            "old": given.old or None,
            "new": given.new or None,
            "who": given.who or None,
            "when": given.when or None,
            "why": given.why or None,
            "status": self.status,
            "reason": self.reason or None,
            "before": self.before,
        }


def apply_corrections(
    frames: Mapping[str, pd.DataFrame], corrections: Iterable[Correction], read_value: ReadValue
) -> tuple[Frames, list[Outcome]]:
    """Apply corrections in their order.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        Not changed; reports, cells, statements and themes are read.
    corrections : iterable of Correction
    read_value : callable
        Text of a cell → state, number, unit.

    Returns
    -------
    tuple of dict and list of Outcome
        New frames, and what became of each correction.  Checks, indicators and counts are
        still those from before: whoever calls works them out again.
    """
    bench = _Bench(dict(frames), read_value)
    outcomes = []
    for row in corrections:
        report = bench.find_report(row.report)
        if row.problem:
            outcomes.append(Outcome(row, report, "invalid", row.problem))
        elif report is None:
            reason = f"结果里没有报告“{row.report}”（按编号、文件名都找不到，或同名不止一份）"
            outcomes.append(Outcome(row, None, "unfit", reason))
        else:
            try:
                status, reason, undo = bench.apply(row, report)
            except _Misfit as error:
                outcomes.append(Outcome(row, report, "unfit", str(error)))
            else:
                before = json.dumps(undo, ensure_ascii=False, sort_keys=True) if undo else None
                outcomes.append(Outcome(row, report, status, reason, before))
    return bench.frames, outcomes


def undo_corrections(frames: Mapping[str, pd.DataFrame]) -> Frames:
    """Give the frames as they were before the corrections in their frame ``corrections``."""
    made = dict(frames)
    for text in reversed(made["corrections"]["before"].dropna().tolist()):
        for step in reversed(json.loads(text)):
            frame = made[step["frame"]]
            chosen = pd.Series(True, index=frame.index)
            for key, value in step["where"].items():
                chosen &= (frame[key] == value).fillna(False)
            if step["do"] == "put":
                frame = frame.copy()
                for key, value in step["values"].items():
                    frame.loc[chosen, key] = pd.NA if value is None else value
            elif step["do"] == "drop":
                frame = frame[~chosen]
            else:
                frame = insert_row(frame, step["values"], step["at"])
            made[step["frame"]] = frame
    return made


def insert_row(frame: pd.DataFrame, values: Mapping[str, Any], at: int) -> pd.DataFrame:
    """Put a row into a frame at a place; columns keep their types."""
    row = pd.DataFrame(
        {
            c: pd.Series([pd.NA if values.get(c) is None else values[c]], dtype=frame[c].dtype)
            for c in frame.columns
        }
    )
    return pd.concat([frame.iloc[:at], row, frame.iloc[at:]], ignore_index=True)


def _place(frame: pd.DataFrame, label: Any) -> int:
    return int(frame.index.get_indexer(pd.Index([label]))[0])


def _plain(value: Any) -> Any:
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return None
    return value.item() if hasattr(value, "item") else value


class _Bench:
    """The frames while they are being corrected."""

    def __init__(self, frames: Frames, read_value: ReadValue) -> None:
        self.frames = frames
        self._read_value = read_value
        reports = frames["reports"]
        self._ids = set(reports["report_id"].astype(str))
        self._files: dict[str, list[str]] = {}
        for file, report in zip(reports["file"], reports["report_id"], strict=True):
            for name in {str(file), str(file).rpartition("/")[2]}:
                self._files.setdefault(name, []).append(str(report))
        self._themes = set(frames["themes"]["theme"].astype(str)) if "themes" in frames else set()

    def find_report(self, given: str) -> str | None:
        if given in self._ids:
            return given
        found = self._files.get(given.replace("\\", "/"), [])
        return found[0] if len(found) == 1 else None

    def apply(self, row: Correction, report: str) -> tuple[str, str, list[dict[str, Any]]]:
        """Apply a row; give status, reason and the steps that undo it."""
        if row.what == "cell":
            return self._cell(row, report)
        if row.what == "report":
            return self._report(row, report)
        if row.field == "add":
            return self._add(row, report)
        place, moved = self._find_statement(row, report)
        if row.what == "tag":
            found = self._tag(row, report, place)
        elif row.field == "delete":
            found = self._delete(row, report, place)
        else:
            found = self._statement(row, report, place)
        return found[0], "；".join(filter(None, (moved, found[1]))), found[2]

    def _put(
        self, name: str, where: Mapping[str, Any], values: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Change the one row that ``where`` names; give the step that undoes it."""
        frame = self.frames[name]
        chosen = pd.Series(True, index=frame.index)
        for key, value in where.items():
            chosen &= (frame[key] == value).fillna(False)
        place = int(chosen.to_numpy().argmax())
        before = {key: _plain(frame[key].iloc[place]) for key in values}
        frame = frame.copy()
        for key, value in values.items():
            frame.loc[chosen, key] = pd.NA if value is None else value
        self.frames[name] = frame
        # The number of a statement stays; it is what the step is found by again.
        return {"frame": name, "do": "put", "where": dict(where), "values": before}

    def _cell(self, row: Correction, report: str) -> tuple[str, str, list[dict[str, Any]]]:
        cells = self.frames["cells"]
        mine = cells[(cells["report_id"] == report) & (cells["key"] == row.key)]
        if len(mine) != 1:
            raise _Misfit(f"该报告没有单元格 {row.key}")
        raw, value = _plain(mine["raw"].iloc[0]), _plain(mine["value"].iloc[0])
        state = str(mine["state"].iloc[0])
        new_state, new_value, unit = self._read_value(row.new)
        if new_state == "unreadable":
            raise _Misfit(f"new 应为一个数、空、/、- 或 无；实为“{row.new}”")
        if new_state == state and new_value == value and not _plain(mine["candidates"].iloc[0]):
            return "same", f"现在读出的就是“{row.new}”，不必更正", []
        if not self._shows(row.old, raw, value, state):
            shown = raw if raw is not None else "（文件里没有）"
            raise _Misfit(f"原值应为“{row.old}”；现在读出的是“{shown}”（{state}），请重新核对")
        was = "文件里没有" if raw is None else f"原读作“{raw}”"
        values = {
            "raw": row.new,
            "value": new_value,
            "unit": unit or _plain(mine["unit"].iloc[0]),
            "state": new_state,
            "candidates": None,
            "note": f"人工更正（{row.who} {row.when}），{was}",
        }
        steps = [self._put("cells", {"report_id": report, "key": row.key}, values)]
        return "applied", "", [*steps, *self._compare_claims(report, row.key)]

    def _compare_claims(self, report: str, key: str) -> list[dict[str, Any]]:
        """Hold the claims that speak of a corrected cell to its new value, with caution."""
        if "claims" not in self.frames or not len(self.frames["claims"]):
            return []
        claims, cells = self.frames["claims"], self.frames["cells"]
        value_of = dict(
            cells.loc[cells["report_id"] == report, ["key", "value"]].itertuples(
                index=False, name=None
            )
        )
        steps = []
        for _, claim in claims[claims["report_id"] == report].iterrows():
            keys = (_plain(claim["cells"]) or "").split(" + ")
            if key not in keys:
                continue
            parts = [_plain(value_of.get(k)) for k in keys]
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
            steps.append(self._put("claims", where, values))
        return steps

    def _shows(self, old: str, raw: str | None, value: float | None, state: str) -> bool:
        if old == (raw or "").strip():
            return True
        if old in ("absent", "unreadable", "blank", "slash", "dash", "none", "zero"):
            return old == state
        wanted = self._read_value(old)
        return wanted[1] is not None and wanted[1] == value

    def _report(self, row: Correction, report: str) -> tuple[str, str, list[dict[str, Any]]]:
        reports = self.frames["reports"]
        now = _plain(reports.loc[reports["report_id"] == report, row.field].iloc[0])
        new: Any = int(row.new) if row.field == "year" else row.new or None
        allowed = {"level": _LEVELS, "kind": _KINDS}.get(row.field)
        if allowed and new is not None and new not in allowed:
            raise _Misfit(f"new 应为 {'、'.join(allowed)} 之一；实为“{row.new}”")
        if new == now:
            return "same", f"现在就是“{row.new}”，不必更正", []
        if row.old != ("" if now is None else str(now)):
            raise _Misfit(f"原值应为“{row.old}”；现在是“{'' if now is None else now}”")
        return "applied", "", [self._put("reports", {"report_id": report}, {row.field: new})]

    def _find_statement(self, row: Correction, report: str) -> tuple[int, str]:
        """Give the place of a statement in its frame, and what to say if it has moved."""
        statements = self.frames["statements"]
        mine = statements[statements["report_id"] == report]
        span = read_span(row.key)
        if span is None:
            found = mine[mine["statement"] == int(row.key)]
            if len(found) != 1:
                raise _Misfit(f"该报告没有第 {row.key} 条陈述")
            return _place(statements, found.index[0]), ""
        found = mine[(mine["start"] == span[0]) & (mine["end"] == span[1])]
        if len(found) == 1:
            return _place(statements, found.index[0]), ""
        # A later version may cut the text elsewhere; the same words elsewhere are the same.
        if row.field == "delete" and row.old:
            found = mine[mine["text"] == row.old]
            if len(found) == 1:
                place = _place(statements, found.index[0])
                return place, "位置已变，按原文找到"
        raise _Misfit(f"该报告在 {row.key} 没有陈述；陈述的起止可能已变，请重新核对")

    def _statement(
        self, row: Correction, report: str, place: int
    ) -> tuple[str, str, list[dict[str, Any]]]:
        now = self.frames["statements"].iloc[place]
        where = {"report_id": report, "statement": int(now["statement"])}
        if row.field == "role":
            if row.new == now["role"]:
                return "same", "现在就是这个角色，不必更正", []
            if row.old and row.old != now["role"]:
                raise _Misfit(f"原值应为“{row.old}”；现在是“{now['role']}”")
            return "applied", "", [self._put("statements", where, {"role": row.new})]
        start, end = read_span(row.new) or (0, 0)
        if (start, end) == (now["start"], now["end"]):
            return "same", "现在就是这个起止，不必更正", []
        if row.old and read_span(row.old) != (now["start"], now["end"]) and row.old != now["text"]:
            raise _Misfit(f"原值应为“{row.old}”；现在是 {now['start']}-{now['end']}“{now['text']}”")
        values = {"start": start, "end": end, "text": self._cut(report, start, end), "words": None}
        return "applied", "", [self._put("statements", where, values)]

    def _cut(self, report: str, start: int, end: int) -> str:
        reports = self.frames["reports"]
        text = str(reports.loc[reports["report_id"] == report, "text"].iloc[0])
        cut = text[start:end]
        if not 0 <= start < end <= len(text) or not cut.strip():
            raise _Misfit(f"起止应在正文 0-{len(text)} 之内且不为空白；实为 {start}-{end}")
        return cut

    def _add(self, row: Correction, report: str) -> tuple[str, str, list[dict[str, Any]]]:
        start, end = read_span(row.key) or (0, 0)
        statements = self.frames["statements"]
        mine = statements[statements["report_id"] == report]
        text = self._cut(report, start, end)
        if row.old and row.old != text:
            raise _Misfit(f"该处文字应为“{row.old}”；现在是“{text}”")
        there = mine[(mine["start"] == start) & (mine["end"] == end) & (mine["role"] == row.new)]
        if len(there):
            return "same", "该处已有这条陈述，不必增加", []
        overlap = mine[(mine["start"] < end) & (mine["end"] > start)]
        if len(overlap):
            raise _Misfit(
                f"该处与第 {overlap['statement'].iloc[0]} 条陈述重叠；请改用 span 或先 delete"
            )
        number = int(mine["statement"].max()) + 1 if len(mine) else 1
        values = {
            "report_id": report,
            "statement": number,
            "role": row.new,
            "start": start,
            "end": end,
            "text": text,
            "abstain": True,
        }
        at = len(statements)
        if len(mine):
            at = _place(statements, mine.index[-1]) + 1
        self.frames["statements"] = insert_row(statements.reset_index(drop=True), values, at)
        undo = {
            "frame": "statements",
            "do": "drop",
            "where": {"report_id": report, "statement": number},
        }
        return "applied", f"编为第 {number} 条；尚无主题，可另用 tag 给出", [undo]

    def _delete(
        self, row: Correction, report: str, place: int
    ) -> tuple[str, str, list[dict[str, Any]]]:
        statements = self.frames["statements"].reset_index(drop=True)
        now = statements.iloc[place]
        if row.old and row.old != now["text"]:
            raise _Misfit(f"原值应为“{row.old}”；现在是“{now['text']}”")
        number = int(now["statement"])
        steps = self._forget_answers(report, number)
        statements = self.frames["statements"].reset_index(drop=True)
        steps += [
            {
                "frame": "statements",
                "do": "insert",
                "where": {},
                "at": place,
                "values": {key: _plain(now[key]) for key in statements.columns},
            }
        ]
        self.frames["statements"] = statements.drop(index=place).reset_index(drop=True)
        themes = self.frames["themes"].reset_index(drop=True)
        gone = themes[(themes["report_id"] == report) & (themes["statement"] == number)]
        for at in reversed(gone.index.tolist()):
            values = {key: _plain(themes[key].iloc[at]) for key in themes.columns}
            steps.append(
                {"frame": "themes", "do": "insert", "where": {}, "at": at, "values": values}
            )
        self.frames["themes"] = themes.drop(index=gone.index).reset_index(drop=True)
        return "applied", f"第 {number} 条已删去，其余序号不变", steps

    def _forget_answers(self, report: str, number: int) -> list[dict[str, Any]]:
        """Take the number of a statement out of the answers of the others."""
        statements = self.frames["statements"]
        steps = []
        for other, answers in statements.loc[
            statements["report_id"] == report, ["statement", "answers"]
        ].itertuples(index=False, name=None):
            given = (_plain(answers) or "").split()
            if str(number) in given:
                left = " ".join(n for n in given if n != str(number)) or None
                where = {"report_id": report, "statement": int(other)}
                steps.append(self._put("statements", where, {"answers": left}))
        return steps

    def _tag(
        self, row: Correction, report: str, place: int
    ) -> tuple[str, str, list[dict[str, Any]]]:
        now = self.frames["statements"].iloc[place]
        number = int(now["statement"])
        before = (_plain(now["themes"]) or "").split()
        chosen = row.new.replace("、", " ").replace("，", " ").split()
        unknown = sorted(set(chosen) - self._themes)
        if unknown:
            raise _Misfit(f"没有主题 {'、'.join(unknown)}；应为 {'、'.join(sorted(self._themes))}")
        primary = _plain(now["primary"])
        if row.field == "primary":
            if len(chosen) != 1:
                raise _Misfit(f"primary 应为一个主题编号；实为“{row.new}”")
            if row.old and row.old != (primary or ""):
                raise _Misfit(f"原值应为“{row.old}”；现在是“{primary or ''}”")
            themes, first = [*before, *(t for t in chosen if t not in before)], chosen[0]
        else:
            if row.old and set(row.old.split()) != set(before):
                raise _Misfit(f"原值应为“{row.old}”；现在是“{' '.join(before)}”")
            themes = list(dict.fromkeys(chosen))
            first = primary if primary in themes else themes[0]
        if set(themes) == set(before) and first == primary and not _plain(now["abstain"]):
            return "same", "现在就是这些主题，不必更正", []
        where = {"report_id": report, "statement": number}
        values = {"themes": " ".join(themes), "primary": first, "abstain": False}
        steps = [self._put("statements", where, values)]
        frame = self.frames["themes"]
        mine = frame[(frame["report_id"] == report) & (frame["statement"] == number)]
        for theme, assigned, is_first in zip(
            mine["theme"], mine["assigned"], mine["primary"], strict=True
        ):
            wanted = (theme in themes, theme == first)
            if wanted != (bool(assigned), bool(is_first)):
                steps.append(
                    self._put(
                        "themes",
                        {**where, "theme": str(theme)},
                        {"assigned": wanted[0], "primary": wanted[1]},
                    )
                )
        known = set(mine["theme"].astype(str))
        for theme in themes:
            if theme not in known:
                self._add_theme(frame, where, theme, theme == first)
                steps.append({"frame": "themes", "do": "drop", "where": {**where, "theme": theme}})
        return "applied", "", steps

    def _add_theme(
        self, frame: pd.DataFrame, where: Mapping[str, Any], theme: str, first: bool
    ) -> None:
        label = frame.loc[frame["theme"] == theme, "label"].iloc[0]
        values = {**where, "theme": theme, "label": _plain(label), "assigned": True,
                  "primary": first}  # fmt: skip
        frame = self.frames["themes"].reset_index(drop=True)
        self.frames["themes"] = insert_row(frame, values, len(frame))
