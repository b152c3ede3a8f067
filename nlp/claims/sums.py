"""Seventh stage: breakdowns, shares, rates and growth, worked out again from the prose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from nlp.claims.numbers import fold_marks
from nlp.documents import CheckResult, Claim, ClaimCheck

_BREAKS = re.compile(
    "其中|包括|分别为|分别是|具体为|[：:]|按[^，。]{1,8}(?:分|划分)|从[^，。]{1,10}(?:看|来看|上看)"
)
_BLOCKS = re.compile("[。！!？?\n]")
# A list that runs on further back than this is no list of one sentence.
_REACH = 600
_BRACKETED = re.compile("（[^（）]*）")
_REST = re.compile("其他|其余|其它|剩余|另外")
_SAME_KIND = ("人", "人次", "名", "余人")
_PEOPLE = frozenset(_SAME_KIND)


def mark_parts(claims: Sequence[Claim], text: str) -> list[Claim]:
    """Say of each claim behind 其中, 包括 or 分别为 which claim it breaks down."""
    marked = list(claims)
    for index, claim in enumerate(claims):
        if (
            claim.kind not in ("count", "amount")
            or claim.time in ("change", "rate")
            or claim.form == "words"
        ):
            continue
        whole = _find_whole(claims, index, text)
        if whole is not None:
            marked[index] = replace(claim, part_of=whole)
    return _cut_full(marked, text)


def _cut_full(claims: list[Claim], text: str) -> list[Claim]:
    """End a list where its parts are all there: …自然人 76 件、法人 7 件，答复 82 件."""
    for whole, parts in _group_parts(claims, text):
        total = 0.0
        for place, index in enumerate(parts):
            total += claims[index].value
            if place and total == claims[whole].value:
                for later in parts[place + 1 :]:
                    claims[later] = replace(claims[later], part_of=None)
                break
    return claims


def _find_whole(claims: Sequence[Claim], index: int, text: str) -> int | None:
    claim = claims[index]
    begin = max(text.rfind("\n", 0, claim.start) + 1, claim.start - _REACH)
    bracket = _open_bracket(text, begin, claim.start)
    if bracket is not None:
        # 289 条（动态 184 条、公告 28 条）: brackets break down the number before them.
        return _before_bracket(claims, index, text, bracket)
    opened = None
    for match in _BREAKS.finditer(text, begin, claim.start):
        if _open_bracket(text, begin, match.start()) is None:
            opened = match
    if opened is None or _ends_list(_BRACKETED.sub("", text[opened.end() : claim.start])):
        return None
    by_view = opened.group()[0] in "从按"
    for before in range(index - 1, -1, -1):
        other = claims[before]
        if other.start < begin:
            return None
        if other.end > opened.start() or other.kind != claim.kind or other.form == "words":
            continue
        if other.time in ("change", "rate", "earlier"):
            continue
        if _open_bracket(text, begin, other.start) is not None:
            continue
        between = _BRACKETED.sub("", text[other.end : opened.start()])
        # 其中 speaks of the number before it in its sentence, or opens the next sentence.
        if not by_view and re.search("[。！!？?；;][^。；]", between):
            return None
        if not by_view and re.search("[。；;]$", between) and opened.group() != "其中":
            return None
        if other.value < claim.value or not _alike(other.unit, claim.unit):
            return None
        return before
    return None


def _open_bracket(text: str, begin: int, at: int) -> int | None:
    """Give the place of the bracket that is open at a place, None where none is."""
    opened = text.rfind("（", begin, at)
    return opened if opened >= 0 and text.find("）", opened, at) < 0 else None


def _before_bracket(claims: Sequence[Claim], index: int, text: str, bracket: int) -> int | None:
    claim = claims[index]
    inside = [c for c in claims if bracket < c.start < text.find("）", bracket) + 1]
    told = _BREAKS.match(text, bracket + 1) or re.match("含", text[bracket + 1 : bracket + 2])
    for before in range(index - 1, -1, -1):
        other = claims[before]
        if other.end > bracket:
            continue
        parts = other.kind == claim.kind and other.form != "words" and other.end == bracket
        parts = parts and other.time not in ("change", "rate", "earlier")
        if not parts or other.value < claim.value or not _alike(other.unit, claim.unit):
            return None
        # 8 条（1 次） says the same in another unit: a list has several parts, or is called one.
        return before if told or len(inside) > 1 else None
    return None


def _ends_list(between: str) -> bool:
    """Say whether the list behind 其中 is over: a full stop, or ； after parts set apart by 、."""
    if _BLOCKS.search(between):
        return True
    first, mark, _ = between.partition("；")
    return bool(mark) and bool(re.search(r"\d[^、，；]*[、，]", first))


def _alike(a: str | None, b: str | None) -> bool:
    if a == b:
        return True
    if a is None or b is None:
        return True
    # Several words for one thing inside one sentence: 682条，其中文书318份，指南89项.
    return (a in _PEOPLE) == (b in _PEOPLE)


def check_claims(claims: Sequence[Claim], text: str) -> list[ClaimCheck]:
    """Add up breakdowns and shares, and work rates out again, inside one report.

    A breakdown that leaves something unsaid is not assessable; one that is larger than its
    whole, or that names 其他 and still misses it, fails.

    Examples
    --------
    >>> from nlp.claims import claims_of_text
    >>> text = "公开信息64条，其中动态38条、公告14条、其他11条。"
    >>> [(c.id, c.result, c.left, c.right) for c in check_claims(claims_of_text(text), text)]
    [('sum', 'fail', 63.0, 64.0)]
    """
    text = fold_marks(text)
    return sorted(
        [*_check_sums(claims, text), *_check_shares(claims, text), *_check_rates(claims, text)],
        key=lambda c: (c.start, c.end, c.id),
    )


def _check_sums(claims: Sequence[Claim], text: str) -> list[ClaimCheck]:
    checks = []
    for whole, parts in _group_parts(claims, text):
        total = claims[whole]
        if len(parts) < 2:
            continue
        left = sum(claims[i].value for i in parts)
        start, end = total.start, claims[parts[-1]].end
        exact = all(claims[i].bound == "exact" for i in (*parts, whole))
        said = text[start:end]
        tail = re.split("[。；\n]", text[end : end + 40])[0]
        rest = bool(_REST.search(said))
        unsaid = bool(_REST.search(tail)) or "等" in said
        units = {claims[i].unit for i in (*parts, whole)}
        result: CheckResult
        if not exact:
            close = abs(left - total.value) <= 0.1 * total.value
            result, reason = (
                ("pass", "约数相加大致相符") if close else ("not_assessable", "含有约数")
            )
        elif abs(left - total.value) < 1e-6:
            result, reason = "pass", "各部分相加等于总数"
        elif left > total.value and _by_channel(claims, parts, text):
            result = "not_assessable"
            reason = f"各部分相加为 {left:g}，多于总数 {total.value:g}；同一条信息可能在几处发布"
        elif left > total.value and len(units) == 1 and not unsaid:
            result = "fail"
            reason = f"各部分相加为 {left:g}，多于总数 {total.value:g}"
        elif rest and not unsaid and len(units) == 1:
            result = "fail"
            reason = f"连同“其他”相加为 {left:g}，总数写作 {total.value:g}"
        else:
            result, reason = "not_assessable", "没有列出全部部分"
        checks.append(
            ClaimCheck("sum", result, (whole, *parts), left, total.value, start, end, reason)
        )
    return checks


def _by_channel(claims: Sequence[Claim], parts: Sequence[int], text: str) -> bool:
    """Say whether a total is broken down by where things were published.

    One document may stand on the site and on the account, so that the parts may be more
    than the whole without anything being wrong.
    """
    for index in parts:
        start = claims[index].start
        words = re.split("[，。；、：（\n]", text[max(0, start - 40) : start])[-1]
        if not claims[index].channel and not re.search("(?:方式|渠道|途径|载体)", words):
            return False
    return True


def _group_parts(claims: Sequence[Claim], text: str) -> list[tuple[int, list[int]]]:
    """Bring the parts of each whole together, one group for every 其中 or 从…看."""
    groups: list[tuple[int, list[int]]] = []
    for index, claim in enumerate(claims):
        whole = claim.part_of
        if whole is None:
            continue
        group = next((g for g in reversed(groups) if g[0] == whole), None)
        if group is not None:
            # What stands in brackets between two parts breaks the first of them down.
            between = _BRACKETED.sub("", text[claims[group[1][-1]].end : claim.start])
            if not re.search("[。；;]|从[^，。]{1,10}看|其中", between):
                group[1].append(index)
                continue
        groups.append((whole, [index]))
    return groups


def _check_shares(claims: Sequence[Claim], text: str) -> list[ClaimCheck]:
    """Shares of one whole, listed one after another with 其他, add up to 100."""
    checks = []
    run: list[int] = []
    for index in [*range(len(claims)), -1]:
        claim = claims[index] if index >= 0 else None
        joined = (
            claim is not None
            and claim.kind == "share"
            and claim.time == "year"
            and claim.bound == "exact"
            and bool(run)
            and index == run[-1] + 1
            and not re.search("[。；;\n率]", text[claims[run[-1]].end : claim.start])
            and "占"
            in text[claims[run[-1]].end : claim.start]
            + text[max(0, claims[run[0]].start - 12) : claims[run[0]].start]
        )
        if joined:
            run.append(index)
            continue
        if len(run) >= 3:
            left = round(sum(claims[i].value for i in run), 6)
            start, end = claims[run[0]].start, claims[run[-1]].end
            complete = bool(_REST.search(text[start:end]))
            if abs(left - 100) <= 0.05 * len(run) + 1e-9:
                checks.append(
                    ClaimCheck(
                        "shares", "pass", tuple(run), left, 100, start, end, "各占比相加为 100%"
                    )
                )
            elif left > 100.5 or complete:
                checks.append(
                    ClaimCheck(
                        "shares",
                        "fail",
                        tuple(run),
                        left,
                        100,
                        start,
                        end,
                        f"各占比相加为 {left:g}%",
                    )
                )
        run = (
            [index] if claim is not None and claim.kind == "share" and claim.time == "year" else []
        )
    return checks


_RATES = (
    (re.compile("(?:办结|答复|办复|回复|处理|整改|采纳|反馈|办理|回收|公开|完成|解决)率"),
     re.compile("办结|答复|办复|回复|处理|整改|采纳|反馈|办理|回收|公开|完成|解决")),
)  # fmt: skip


def _check_rates(claims: Sequence[Claim], text: str) -> list[ClaimCheck]:
    """A rate behind two counts of one sentence: 收到 40 件，办结 38 件，办结率 95%."""
    checks = []
    for index, rate in enumerate(claims):
        if rate.kind != "share" or rate.time != "year" or rate.status != "reported":
            continue
        since = max(0, rate.start - _REACH)
        start = max((m.end() for m in _BLOCKS.finditer(text, since, rate.start)), default=since)
        inside = [
            i for i, c in enumerate(claims[:index])
            if c.start >= start and c.kind == "count" and c.form != "words" and c.bound == "exact"
            and c.time in ("year", "cumulative")
        ]  # fmt: skip
        if len(inside) < 2:
            continue
        a, b = inside[-2], inside[-1]
        big, small = claims[a], claims[b]
        if big.unit != small.unit or not big.value or small.value > big.value:
            continue
        value = 100 * small.value / big.value
        before = text[small.end : rate.start]
        decimals = len(match[1]) if (match := re.search(r"\.(\d+)", rate.text)) else 0
        close = abs(value - rate.value) <= 0.5 * 10**-decimals + 1e-6
        named = re.search("(办结|答复|办复|回复|整改|采纳|反馈|回收|完成)率", before)
        share = re.search("占(?:比|总数|全部)?", before)
        result: CheckResult
        if close:
            result, reason = "pass", f"{small.value:g}／{big.value:g}＝{value:.2f}%"
        elif share or (named and named[1] in text[big.end : small.start]):
            result, reason = (
                "fail",
                f"{small.value:g}／{big.value:g}＝{value:.2f}%，写作 {rate.text}",
            )
        else:
            continue
        if rate.bound != "exact" and result == "fail":
            continue
        checks.append(
            ClaimCheck(
                "rate",
                result,
                (a, b, index),
                round(value, 4),
                rate.value,
                big.start,
                rate.end,
                reason,
            )
        )
    return checks
