"""Which statements of a result to code by hand, with what a coder needs to see.

The order alternates between statements of which the model is least sure and statements that
stand for most others, so that however many are coded, both kinds are among them.  Such a
sample teaches a model well; shares of themes must not be estimated from it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nlp.themes.likeness import Wordings, rate_centrality

SIZE = 200
COLUMNS = (
    "id",
    "issuer",
    "year",
    "role",
    "before",
    "text",
    "after",
    "level",
    "era",
    "alike",
    "reason",
)
_UNCERTAIN, _TYPICAL = "把握最小", "最有代表性"
# What stands before or after a statement is cut to this many characters on the far side.
_CONTEXT = 120
# A marker such as 二是 or a closing mark tells a coder nothing.
_SHORT = 10


def choose_statements(
    frames: Mapping[str, pd.DataFrame], *, size: int = SIZE, seed: int = 0
) -> pd.DataFrame:
    """Choose statements of a result for coding.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        ``statements``, ``themes``, ``reports`` and ``sentences`` of a result.
    size : int
        How many statements at most, at least 1.
    seed : int
        Breaks ties between statements that rank the same.

    Returns
    -------
    DataFrame
        One row a statement in coding order.  ``id`` is the report's id and the statement's
        number, the same every time; ``before`` and ``after`` are the sentences around it;
        ``alike`` is how many statements of the result (itself included) say the same in
        nearly the same words and are represented by it; ``reason`` is why it was chosen.

    Raises
    ------
    ValueError
        If there is no statement, or ``size`` is not positive.
    """
    if size < 1:
        raise ValueError(f"--size 应至少为 1，实为 {size}")
    statements = _join_reports(frames)
    if statements.empty:
        raise ValueError("结果里没有问题或措施（第五部分），无从编码")
    doubt = measure_doubt(frames["themes"], statements)
    chosen = rank_statements(statements["text"].tolist(), doubt, size=size, seed=seed)
    rows = statements.iloc[[row for row, _, _ in chosen]].copy()
    rows["alike"] = [alike for _, _, alike in chosen]
    rows["reason"] = [reason for _, reason, _ in chosen]
    texts = frames["reports"].set_index("report_id")["text"].to_dict()
    sentences = {
        str(report): list(zip(part["start"].astype(int), part["end"].astype(int), strict=True))
        for report, part in frames["sentences"].groupby("report_id", sort=False)
    }
    places = zip(rows["report_id"].astype(str), rows["start"], rows["end"], strict=True)
    around = [
        find_context(str(texts[report]), sentences.get(report, []), start, end)
        for report, start, end in places
    ]
    rows["before"] = [before for before, _ in around]
    rows["after"] = [after for _, after in around]
    return rows[list(COLUMNS)].reset_index(drop=True)


def measure_doubt(themes: pd.DataFrame, statements: pd.DataFrame) -> NDArray[np.float64]:
    """Give each statement the sum over the themes of ``min(p, 1 − p)``: 0 is sure."""
    least = themes["probability"].astype("Float64").fillna(0.5).to_numpy(dtype=float)
    doubts = pd.Series(np.minimum(least, 1 - least)).groupby(
        [themes["report_id"].astype(str).to_numpy(), themes["statement"].to_numpy(dtype=int)]
    )
    table = doubts.sum().to_dict()
    keys = zip(statements["report_id"].astype(str), statements["statement"], strict=True)
    return np.round([table.get((report, int(number)), 0.0) for report, number in keys], 6)


def rank_statements(
    texts: Sequence[str], doubt: NDArray[np.float64], *, size: int, seed: int = 0
) -> list[tuple[int, str, int]]:
    """Rank statements: the most doubtful and the most central by turns, each wording once.

    Returns
    -------
    list of (int, str, int)
        Row, reason, and how many rows say the same in nearly the same words (itself
        included), not counting those that an earlier choice stands for.

    Examples
    --------
    >>> texts = ["公开不及时", "公开不及时。", "经费紧张", "信息公开不够及时"]
    >>> ranked = rank_statements(texts, np.array([0, 0, 1, 0]), size=4)
    >>> ranked[0], [alike for _, _, alike in ranked]
    ((2, '把握最小', 1), [1, 2, 1])
    """
    tie = np.random.default_rng(seed).permutation(len(texts))
    central = rate_centrality(texts)
    lanes = [
        (_UNCERTAIN, iter(np.lexsort((tie, -doubt)).tolist())),
        (_TYPICAL, iter(np.lexsort((tie, -central)).tolist())),
    ]
    wordings = Wordings(texts)
    taken = np.zeros(len(texts), dtype=bool)
    chosen: list[tuple[int, str, int]] = []
    turn = 0
    while len(chosen) < size:
        reason, lane = lanes[turn % 2]
        row = next((candidate for candidate in lane if not taken[candidate]), None)
        if row is None:
            # Either lane lists every row, so when one is through, nothing is left.
            break
        alike = wordings.find_alike(row)
        alike = alike[~taken[alike]]
        taken[alike] = True
        taken[row] = True
        chosen.append((int(row), reason, len(alike)))
        turn += 1
    return chosen


def find_context(
    text: str, sentences: Sequence[tuple[int, int]], start: int, end: int
) -> tuple[str, str]:
    """Give what stands around a statement: its own sentence, and the next where that is short.

    Examples
    --------
    >>> text = "工作仍有不足。一是公开不及时，二是培训偏少。下一步加强培训。"
    >>> spans = [(0, 7), (7, 22), (22, 30)]
    >>> find_context(text, spans, 9, 14)
    ('工作仍有不足。一是', '，二是培训偏少。下一步加强培训。')
    """
    left = right = ""
    for begin, _ in sorted((span for span in sentences if span[0] < start), reverse=True):
        left = " ".join(text[begin:start].split())
        if len(left) >= _SHORT:
            break
    for _, finish in sorted(span for span in sentences if span[1] > end):
        right = " ".join(text[end:finish].split())
        if len(right) >= _SHORT:
            break
    if len(left) > _CONTEXT:
        left = "…" + left[-_CONTEXT:]
    if len(right) > _CONTEXT:
        right = right[:_CONTEXT] + "…"
    return left, right


def _join_reports(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    reports = frames["reports"][
        ["report_id", "issuer", "title", "year", "level", "kind", "edition"]
    ]
    rows = frames["statements"].merge(reports, on="report_id", how="left")
    rows = rows.sort_values(["report_id", "statement"], kind="stable").reset_index(drop=True)
    rows["id"] = [
        f"{report}-{int(number):03d}"
        for report, number in zip(rows["report_id"], rows["statement"], strict=True)
    ]
    rows["issuer"] = rows["issuer"].fillna(rows["title"]).fillna("")
    rows["era"] = rows["edition"].fillna("unknown")
    # The labels call a department of any level a department.
    department = rows["kind"].eq("department").fillna(False).astype(bool)
    rows["level"] = rows["level"].fillna("unknown").mask(department, "department")
    for name in ("start", "end"):
        rows[name] = rows[name].astype(int)
    return rows
