"""The way through the stages: one report and its cells → its claims, tied."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from nlp.claims.context import (
    Context,
    find_channel,
    find_scope,
    find_status,
    find_time,
    name_object,
    read_context,
)
from nlp.claims.exclude import find_excluded, is_claim
from nlp.claims.numbers import Number, find_numbers, fold_digits, fold_marks
from nlp.claims.sums import mark_parts
from nlp.claims.ties import Tables, tie_claim
from nlp.claims.topics import find_topic
from nlp.claims.zeros import Zero, find_zeros
from nlp.documents import AnnualReport, Cell, Claim, Paragraph, Statement
from nlp.form.claims import ClaimTopic

_ZERO_UNITS = {"申请": "件", "复议": "件", "诉讼": "件", "费": "元"}
_LONGEST = 4000
# No number has so many digits, and no phrase so many marks in a row.
_RUNS = re.compile(r"\d{16,}|[零〇○一二两三四五六七八九十百千万亿]{16,}|[，、。；：（“《\s]{16,}")
_PART_YEAR = re.compile("(?:20\\d\\d年)?(?:上半年|下半年|[前第]?[一二三四1-4]个?季度)")
_NO_NUMBERS = frozenset({"heading", "title", "table", "note"})


def find_claims(
    report: AnnualReport, cells: Iterable[Cell] = (), measures: Sequence[Statement] = ()
) -> list[Claim]:
    """Find every number stated in the prose of a report, and compare it with the tables.

    Parameters
    ----------
    report : AnnualReport
        The cleaned report; headings, tables and notes are not read.
    cells : iterable of Cell
        The cells of its statutory tables.
    measures : sequence of Statement
        The measures of section 五: a number in one of them is planned.

    Returns
    -------
    list of Claim
        In the order of the text; ``report.text[claim.start:claim.end] == claim.text``.

    Examples
    --------
    >>> from nlp.claims import claims_of_text
    >>> [(c.text, c.value, c.topic) for c in claims_of_text("新收申请12件，未发生行政复议。")]
    [('12件', 12.0, 'requests_new'), ('未发生行政复议', 0.0, 'review')]
    """
    tables = Tables(
        {cell.key: cell for cell in cells},
        report.edition,
        report.issuer.kind,
        report.issuer.level,
        fold_marks(report.text),
    )
    spans = [(m.start, m.end) for m in measures if m.role == "measure"]
    found: list[tuple[Claim, ClaimTopic | None, str]] = []
    heading = ""
    for paragraph in report.paragraphs:
        if paragraph.kind in ("heading", "subheading"):
            heading = report.text[paragraph.start : paragraph.end]
        if paragraph.kind not in _NO_NUMBERS:
            for piece in _cut(paragraph, tables.text):
                found.extend(_of_paragraph(report, piece, spans, tables, heading))
    claims = mark_parts([claim for claim, _, _ in found], tables.text)
    return [
        tie_claim(claim, _untied(claim, claims, topic), tables, sentence)
        for claim, (_, topic, sentence) in zip(claims, found, strict=True)
    ]


def _cut(paragraph: Paragraph, text: str) -> list[Paragraph]:
    """Cut a paragraph longer than any real one, at full stops where there are some.

    The patterns look ahead and back: on a megabyte without a break they would never end.
    """
    pieces, at = [], paragraph.start
    while paragraph.end - at > _LONGEST:
        stop = text.rfind("。", at, at + _LONGEST) + 1
        stop = stop if stop > at else at + _LONGEST
        pieces.append(replace(paragraph, start=at, end=stop))
        at = stop
    return [*pieces, replace(paragraph, start=at)]


def _untied(claim: Claim, claims: Sequence[Claim], topic: ClaimTopic | None) -> ClaimTopic | None:
    """Take the topic away from an outcome that breaks down something else than requests.

    制作政府信息 3021 条，其中不予公开 1535 条 speaks of documents, not of decisions.
    """
    if topic is None or claim.part_of is None or not topic.id.startswith("outcome_"):
        return topic
    return topic if claims[claim.part_of].topic.startswith("requests_") else None


def _of_paragraph(
    report: AnnualReport,
    paragraph: Paragraph,
    measures: list[tuple[int, int]],
    tables: Tables,
    heading: str,
) -> list[tuple[Claim, ClaimTopic | None, str]]:
    start, end = paragraph.start, paragraph.end
    # Half-width marks are read as full-width ones; every place stays what it is.
    text = tables.text
    folded = _RUNS.sub(lambda m: "\x00" * len(m.group()), fold_digits(text[start:end]))
    excluded = find_excluded(folded)
    numbers = [n for n in find_numbers(folded) if is_claim(n, folded, excluded)]
    quoted = [(a + start, b + start) for a, b in excluded]
    found: list[tuple[Claim, ClaimTopic | None, str]] = []
    previous = start
    for number in numbers:
        context = read_context(
            text, start + number.start, start + number.end, previous, (start, end)
        )
        # （二）依申请公开情况 says what the paragraph under it is about.
        context = replace(context, paragraph=f"{heading}\n{context.paragraph}")
        found.append(_claim(report, paragraph, number, context, measures, tables))
        previous = start + number.end
    for zero in find_zeros(folded):
        if any(a <= zero.start + start < b for a, b in quoted):
            continue
        if any(n.start < zero.end and zero.start < n.end for n in numbers):
            continue
        item = _zero_claim(report, paragraph, zero, measures, tables)
        if item is not None:
            found.append(item)
    return sorted(found, key=lambda item: (item[0].start, item[0].end))


def _claim(
    report: AnnualReport, paragraph: Paragraph, number: Number, context: Context,
    measures: list[tuple[int, int]], tables: Tables,
) -> tuple[Claim, ClaimTopic | None, str]:  # fmt: skip
    start, end = paragraph.start + number.start, paragraph.start + number.end
    thing, action = name_object(context, number.unit)
    scope, subject = find_scope(
        context, report.issuer.kind, report.issuer.level, report.issuer.name
    )
    bare = number.kind in ("share", "points", "ratio")
    time, year = find_time(context, report.year, bare)
    if time == "change" and not bare and number.kind == "count" and not _is_change(context):
        time = "year"
    measure = any(a <= start and end <= b for a, b in measures)
    if measure and re.search("已", context.clause):
        measure = False
    blurred = number.bound in ("over", "under")
    status = find_status(context, paragraph.section, measure, number.kind == "duration", blurred)
    topic = find_topic(context, number.unit, number.kind, tables.edition)
    claim = Claim(
        paragraph.section, start, end, report.text[start:end], number.value, number.high,
        number.bound, number.form, number.kind, number.unit, thing, action,
        find_channel(context), topic.id if topic else "other", subject, scope, time, year, status,
    )  # fmt: skip
    # 2022年上半年，…。其中公开 81 件: what the paragraph opens with holds for all of it.
    opening = _PART_YEAR.match(context.paragraph.partition("\n")[2])
    part = f"{opening.group()}，" if opening else ""
    return claim, topic, f"{part}{context.sentence}#{context.after}"


def _is_change(context: Context) -> bool:
    return bool(re.search("(?:增加|减少|多|少|增长|下降|上升|增|减)(?:了|约|近)?$", context.near))


def _zero_claim(
    report: AnnualReport, paragraph: Paragraph, zero: Zero,
    measures: list[tuple[int, int]], tables: Tables,
) -> tuple[Claim, ClaimTopic | None, str] | None:  # fmt: skip
    start, end = paragraph.start + zero.start, paragraph.start + zero.end
    if any(a <= start and end <= b for a, b in measures):
        return None
    context = read_context(
        tables.text, start, end, paragraph.start, (paragraph.start, paragraph.end)
    )
    unit = next((u for key, u in _ZERO_UNITS.items() if key in zero.thing), None)
    said = replace(context, near=_say(zero.thing), clause=_say(zero.thing), after="")
    topic = find_topic(said, unit or "件", "amount" if unit == "元" else "count", tables.edition)
    scope, subject = find_scope(
        context, report.issuer.kind, report.issuer.level, report.issuer.name
    )
    claim = Claim(
        paragraph.section, start, end, report.text[start:end], 0.0, None, "exact", "words",
        "amount" if unit == "元" else "count", unit, zero.thing, "", "",
        topic.id if topic else "other", subject, scope, "year", report.year, "reported",
    )  # fmt: skip
    return claim, topic, context.sentence + report.text[start:end]


def _say(thing: str) -> str:
    """Say what there was none of as a count would: 收到申请#, 行政复议#."""
    if re.search("申请", thing) and not re.search("复议|诉讼", thing):
        return f"收到{thing.replace('依申请公开', '申请')}"
    if re.search("复议|诉讼|应诉", thing):
        return re.sub("申请|案件|案", "", thing)
    if re.search("纠|败诉", thing):
        return "被纠正"
    return thing
