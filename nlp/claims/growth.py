"""Eighth stage: what a report says of growth, beside the report of the year before."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.claims.numbers import fold_marks
from nlp.documents import CheckResult, Claim, ClaimCheck

_UP = re.compile("增长|增加|上升|提高|提升|增幅|多|增|升")
_DOWN = re.compile("下降|减少|降低|回落|降幅|少|减|降")


def check_growth(
    claims: Sequence[Claim], text: str, earlier: Sequence[Claim], earlier_text: str
) -> list[ClaimCheck]:
    """Work 同比增长 12.6% and 较上年增加 7 条 out again from the year before.

    Parameters
    ----------
    claims, text
        The claims of a report and its text.
    earlier, earlier_text
        Those of the same issuer's report of the year before.

    Returns
    -------
    list of ClaimCheck
        One a change whose base is found in both years: the number just before it in the
        sentence, and the number of the year before with the same topic, unit and object.
        Where more than one number of last year could be meant, nothing is said.

    Examples
    --------
    >>> from nlp.claims import claims_of_text
    >>> then, now = "公开信息64条。", "公开信息71条，较上年增加7条。"
    >>> found = check_growth(claims_of_text(now), now, claims_of_text(then), then)
    >>> [(c.result, c.left, c.right) for c in found]
    [('pass', 7.0, 7.0)]
    """
    checks = []
    text = fold_marks(text)
    for index, change in enumerate(claims):
        if change.time != "change" or change.kind not in ("count", "share") or not index:
            continue
        base = index - 1
        now = claims[base]
        between = text[now.end : change.start]
        if (
            now.kind != "count"
            or re.search("[。；;\n]", between)
            or now.time not in ("year", "cumulative")
        ):
            continue
        if change.kind == "count" and change.unit != now.unit:
            continue
        then = _find_earlier(now, earlier)
        if then is None:
            continue
        sign = -1 if _DOWN.search(between) and not _UP.search(between) else 1
        difference = now.value - earlier[then].value
        if change.kind == "count":
            left = difference * sign
        elif earlier[then].value:
            left = 100 * difference * sign / earlier[then].value
        else:
            continue
        exact = now.bound == earlier[then].bound == change.bound == "exact"
        decimals = len(m[1]) if (m := re.search(r"\.(\d+)", change.text)) else 0
        slack = 1e-6 if change.kind == "count" else 0.5 * 10**-decimals + 1e-6
        said = f"本年 {now.value:g}，上年 {earlier[then].value:g}"
        result: CheckResult
        if abs(left - change.value) <= slack:
            result, reason = "pass", said
        elif exact:
            result, reason = "fail", f"{said}，算得 {left:.4g}，写作 {change.text}"
        else:
            result, reason = "not_assessable", f"{said}，含有约数"
        checks.append(
            ClaimCheck("growth", result, (base, index), round(left, 4), change.value, now.start,
                       change.end, reason, (then,))
        )  # fmt: skip
    return checks


def _find_earlier(now: Claim, earlier: Sequence[Claim]) -> int | None:
    same = [
        i
        for i, c in enumerate(earlier)
        if c.topic == now.topic
        and c.unit == now.unit
        and c.kind == now.kind
        and c.time in ("year", "cumulative")
        and c.status == "reported"
        and c.part_of is None
    ]
    if len(same) > 1 or now.topic == "other":
        same = [
            i for i in same if earlier[i].object == now.object and earlier[i].channel == now.channel
        ]
    return same[0] if len(same) == 1 else None
