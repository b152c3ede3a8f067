"""Third stage: statements given another role or ends, added, or taken out."""

from __future__ import annotations

from nlp.corrections.bench import Applied, Bench, MisfitError, Step, find_place, insert_row, plain
from nlp.corrections.sheet import Correction, read_span


def find_statement(bench: Bench, row: Correction, report: str) -> tuple[int, str]:
    """Give the place of a statement in its frame, and what to say if it has moved."""
    statements = bench.frames["statements"]
    mine = statements[statements["report_id"] == report]
    span = read_span(row.key)
    if span is None:
        found = mine[mine["statement"] == int(row.key)]
        if len(found) != 1:
            raise MisfitError(f"该报告没有第 {row.key} 条陈述")
        return find_place(statements, found.index[0]), ""
    found = mine[(mine["start"] == span[0]) & (mine["end"] == span[1])]
    if len(found) == 1:
        return find_place(statements, found.index[0]), ""
    # A later version may cut the text elsewhere; the same words elsewhere are the same.
    if row.field == "delete" and row.old:
        found = mine[mine["text"] == row.old]
        if len(found) == 1:
            place = find_place(statements, found.index[0])
            return place, "位置已变，按原文找到"
    raise MisfitError(f"该报告在 {row.key} 没有陈述；陈述的起止可能已变，请重新核对")


def correct_statement(bench: Bench, row: Correction, report: str, place: int) -> Applied:
    """Put the role or the span of a statement right."""
    now = bench.frames["statements"].iloc[place]
    where = {"report_id": report, "statement": int(now["statement"])}
    if row.field == "role":
        if row.new == now["role"]:
            return "same", "现在就是这个角色，不必更正", []
        if row.old and row.old != now["role"]:
            raise MisfitError(f"原值应为“{row.old}”；现在是“{now['role']}”")
        return "applied", "", [bench.put("statements", where, {"role": row.new})]
    start, end = read_span(row.new) or (0, 0)
    if (start, end) == (now["start"], now["end"]):
        return "same", "现在就是这个起止，不必更正", []
    if row.old and read_span(row.old) != (now["start"], now["end"]) and row.old != now["text"]:
        raise MisfitError(f"原值应为“{row.old}”；现在是 {now['start']}-{now['end']}“{now['text']}”")
    values = {"start": start, "end": end, "text": _cut(bench, report, start, end), "words": None}
    return "applied", "", [bench.put("statements", where, values)]


def _cut(bench: Bench, report: str, start: int, end: int) -> str:
    reports = bench.frames["reports"]
    text = str(reports.loc[reports["report_id"] == report, "text"].iloc[0])
    cut = text[start:end]
    if not 0 <= start < end <= len(text) or not cut.strip():
        raise MisfitError(f"起止应在正文 0-{len(text)} 之内且不为空白；实为 {start}-{end}")
    return cut


def add_statement(bench: Bench, row: Correction, report: str) -> Applied:
    """Add a statement that was not found, at its span of the text."""
    start, end = read_span(row.key) or (0, 0)
    statements = bench.frames["statements"]
    mine = statements[statements["report_id"] == report]
    text = _cut(bench, report, start, end)
    if row.old and row.old != text:
        raise MisfitError(f"该处文字应为“{row.old}”；现在是“{text}”")
    there = mine[(mine["start"] == start) & (mine["end"] == end) & (mine["role"] == row.new)]
    if len(there):
        return "same", "该处已有这条陈述，不必增加", []
    overlap = mine[(mine["start"] < end) & (mine["end"] > start)]
    if len(overlap):
        raise MisfitError(
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
        at = find_place(statements, mine.index[-1]) + 1
    bench.frames["statements"] = insert_row(statements.reset_index(drop=True), values, at)
    undo = {
        "frame": "statements",
        "do": "drop",
        "where": {"report_id": report, "statement": number},
    }
    return "applied", f"编为第 {number} 条；尚无主题，可另用 tag 给出", [undo]


def delete_statement(bench: Bench, row: Correction, report: str, place: int) -> Applied:
    """Take out what is no statement, and its number from the answers of others."""
    statements = bench.frames["statements"].reset_index(drop=True)
    now = statements.iloc[place]
    if row.old and row.old != now["text"]:
        raise MisfitError(f"原值应为“{row.old}”；现在是“{now['text']}”")
    number = int(now["statement"])
    steps = _forget_answers(bench, report, number)
    statements = bench.frames["statements"].reset_index(drop=True)
    steps += [
        {
            "frame": "statements",
            "do": "insert",
            "where": {},
            "at": place,
            "values": {key: plain(now[key]) for key in statements.columns},
        }
    ]
    bench.frames["statements"] = statements.drop(index=place).reset_index(drop=True)
    themes = bench.frames["themes"].reset_index(drop=True)
    gone = themes[(themes["report_id"] == report) & (themes["statement"] == number)]
    for at in reversed(gone.index.tolist()):
        values = {key: plain(themes[key].iloc[at]) for key in themes.columns}
        steps.append({"frame": "themes", "do": "insert", "where": {}, "at": at, "values": values})
    bench.frames["themes"] = themes.drop(index=gone.index).reset_index(drop=True)
    return "applied", f"第 {number} 条已删去，其余序号不变", steps


def _forget_answers(bench: Bench, report: str, number: int) -> list[Step]:
    """Take the number of a statement out of the answers of the others."""
    statements = bench.frames["statements"]
    steps = []
    for other, answers in statements.loc[
        statements["report_id"] == report, ["statement", "answers"]
    ].itertuples(index=False, name=None):
        given = (plain(answers) or "").split()
        if str(number) in given:
            left = " ".join(n for n in given if n != str(number)) or None
            where = {"report_id": report, "statement": int(other)}
            steps.append(bench.put("statements", where, {"answers": left}))
    return steps
