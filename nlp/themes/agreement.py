"""How far two coders agree, per theme and on the primary theme, and where they do not.

Percent agreement is the share of statements coded alike.  Cohen's κ = (p_o − p_e)/(1 − p_e),
where p_e is the agreement expected from how often each coder uses each code (Cohen 1960,
Educ. Psychol. Meas. 20:37).  Krippendorff's α = 1 − D_o/D_e for nominal data (Krippendorff
2018, Content Analysis, 4th ed., ch. 12).  Both are 1 for full agreement, 0 for agreement as
by chance, and may be negative; both are undefined where everybody gave one code to
everything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import krippendorff
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import cohen_kappa_score

from nlp.themes.codebook import Codebook
from nlp.themes.coded import CodedRow
from nlp.themes.labels import LabelError

PRIMARY, USABLE = "primary", "unusable"
_ONE_CODE = "两人用的都是同一个码，没有变化，系数无定义"
_SELDOM = 5
_UNCODED = "（未编码）"


@dataclass(frozen=True, slots=True)
class Measure:
    """Agreement on one theme (or on the primary theme, or on what is a statement).

    ``first`` and ``second`` count how often either coder used the code; κ and α are None
    with a ``reason`` where they are undefined.
    """

    code: str
    count: int
    first: int | None
    second: int | None
    both: int | None
    percent: float
    kappa: float | None
    alpha: float | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Dispute:
    """A statement that the coders coded differently."""

    first: CodedRow
    second: CodedRow
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two codings compared.

    ``settled`` has the rows of a new coding sheet: the disputes first and open, then what
    both agree on.  ``one_sided`` counts statements that only one of the two coded.
    """

    names: tuple[str, str]
    count: int
    one_sided: int
    measures: tuple[Measure, ...]
    disputes: tuple[Dispute, ...]
    settled: pd.DataFrame

    def to_table(self, codebook: Codebook) -> pd.DataFrame:
        """Give the agreement as a table with Chinese headings."""
        rows = [
            {
                "编码": _name(m.code, codebook),
                "条数": m.count,
                f"{self.names[0]} 用": m.first,
                f"{self.names[1]} 用": m.second,
                "都用": m.both,
                "一致率": m.percent,
                "Cohen κ": m.kappa,
                "Krippendorff α": m.alpha,
                "说明": m.reason,
            }
            for m in self.measures
        ]
        return pd.DataFrame(rows)

    def list_disputes(self, codebook: Codebook) -> pd.DataFrame:
        """Give the disputes as a table with Chinese headings."""
        columns = ["编号", "机关", "年度", "角色", "陈述", *self.names, "不一致之处", "备注"]
        rows = [
            (
                d.first.id,
                d.first.issuer,
                d.first.year,
                d.first.role,
                d.first.text,
                describe_coding(d.first, codebook),
                describe_coding(d.second, codebook),
                "、".join(_name(code, codebook) for code in d.codes),
                "；".join(filter(None, (d.first.note, d.second.note))),
            )
            for d in self.disputes
        ]
        return pd.DataFrame(rows, columns=columns)

    def to_json(self) -> dict[str, Any]:
        """Give the figures and the disputes as JSON-able data."""
        return {
            "sheets": list(self.names),
            "count": self.count,
            "one_sided": self.one_sided,
            "measures": [
                {name: getattr(m, name) for name in Measure.__dataclass_fields__}
                for m in self.measures
            ],
            "disputes": [
                {
                    "id": d.first.id,
                    "text": d.first.text,
                    "codings": [
                        {"primary": c.primary, "themes": list(c.themes), "unusable": c.unusable}
                        for c in (d.first, d.second)
                    ],
                    "codes": list(d.codes),
                }
                for d in self.disputes
            ],
        }


def compare_codings(
    first: Sequence[CodedRow],
    second: Sequence[CodedRow],
    codebook: Codebook,
    *,
    names: tuple[str, str] = ("A", "B"),
) -> Agreement:
    """Compare two codings of the same statements, in any order.

    Statements that only one coder coded are left out and counted.  Statements that either
    marked as no statement count for that question alone.

    Raises
    ------
    LabelError
        If the sheets have other statements, another text under the same id, or fewer than
        two statements that both coded.
    """
    others = {row.id: row for row in second}
    pairs = [(row, others[row.id]) for row in first if row.id in others]
    if not pairs:
        raise LabelError(f"{names[0]} 与 {names[1]} 没有相同编号的陈述，不是同一次制的编码表")
    changed = [a.id for a, b in pairs if a.text != b.text]
    if changed:
        raise LabelError(
            f"{names[0]} 与 {names[1]} 同一编号的陈述文字不同：{'、'.join(changed[:10])}；"
            "请不要改动“陈述”一栏"
        )
    done = [(a, b) for a, b in pairs if _is_done(a) and _is_done(b)]
    touched = {row.id for row in (*first, *second) if _is_done(row)}
    if len(done) < 2:
        raise LabelError(f"两人都编了的陈述只有 {len(done)} 条，无从比较；请先填写“主要主题”")
    if names[0] == names[1]:
        names = (f"{names[0]}（一）", f"{names[1]}（二）")
    measures = [_measure_usable(done)]
    usable = [(a, b) for a, b in done if a.is_coded and b.is_coded]
    if usable:
        measures.append(_measure_primary(usable, codebook))
        for theme in codebook.ids:
            marks = np.array([[theme in row.themes for row in pair] for pair in usable]).T
            measures.append(_measure_marks(theme, marks))
    if not any(row.unusable for pair in done for row in pair):
        measures = measures[1:]
    disputes = tuple(
        Dispute(a, b, codes) for a, b in done if (codes := _find_differences(a, b, codebook))
    )
    return Agreement(
        names=names,
        count=len(done),
        one_sided=len(touched) - len(done),
        measures=tuple(measures),
        disputes=disputes,
        settled=_settle(done, disputes, codebook, names),
    )


def measure_agreement(
    first: Sequence[int], second: Sequence[int]
) -> tuple[float, float | None, float | None]:
    """Give percent agreement, Cohen's κ and Krippendorff's α of two codings (nominal).

    κ and α are None where only one code occurs.

    Examples
    --------
    Ten statements, both say yes to 4, both no to 3, three disputed: p_o = 0.7,
    p_e = 0.6·0.5 + 0.4·0.5 = 0.5.

    >>> first = [1, 1, 1, 1, 0, 0, 0, 1, 1, 0]
    >>> second = [1, 1, 1, 1, 0, 0, 0, 0, 0, 1]
    >>> percent, kappa, alpha = measure_agreement(first, second)
    >>> percent, round(kappa, 4), round(alpha, 4)
    (0.7, 0.4, 0.4242)
    """
    a, b = np.asarray(first), np.asarray(second)
    percent = float((a == b).mean())
    codes = np.unique(np.concatenate([a, b]))
    if len(codes) < 2:
        return percent, None, None
    kappa = float(cohen_kappa_score(a, b))
    alpha = float(
        krippendorff.alpha(
            reliability_data=np.vstack([a, b]).astype(float), level_of_measurement="nominal"
        )
    )
    return percent, None if np.isnan(kappa) else kappa, alpha


def describe_coding(row: CodedRow, codebook: Codebook) -> str:
    """Write a coding in words, the primary theme first."""
    if row.unusable:
        return "不是陈述"
    if row.primary is None:
        return _UNCODED
    words = [f"【{codebook.name_of(row.primary)}】"]
    words += [codebook.name_of(theme) for theme in row.themes if theme != row.primary]
    return "、".join(words)


def _is_done(row: CodedRow) -> bool:
    return row.is_coded or row.unusable


def _measure_usable(pairs: Sequence[tuple[CodedRow, CodedRow]]) -> Measure:
    return _measure_marks(USABLE, np.array([[a.unusable, b.unusable] for a, b in pairs]).T)


def _measure_primary(pairs: Sequence[tuple[CodedRow, CodedRow]], codebook: Codebook) -> Measure:
    places = {theme: n for n, theme in enumerate(codebook.ids)}
    percent, kappa, alpha = measure_agreement(
        [places[str(a.primary)] for a, _ in pairs], [places[str(b.primary)] for _, b in pairs]
    )
    reason = "" if alpha is not None else _ONE_CODE
    return Measure(
        PRIMARY, len(pairs), None, None, None, round(percent, 4), _r(kappa), _r(alpha), reason
    )


def _measure_marks(code: str, marks: NDArray[np.bool_]) -> Measure:
    first, second = marks.astype(int)
    percent, kappa, alpha = measure_agreement(first.tolist(), second.tolist())
    used = int(marks.any(axis=0).sum())
    if alpha is None:
        reason = _ONE_CODE
    elif used < _SELDOM:
        reason = f"只在 {used} 条里用到，系数很不稳"
    else:
        reason = ""
    return Measure(
        code,
        marks.shape[1],
        int(first.sum()),
        int(second.sum()),
        int((first & second).sum()),
        round(percent, 4),
        _r(kappa),
        _r(alpha),
        reason,
    )


def _find_differences(a: CodedRow, b: CodedRow, codebook: Codebook) -> tuple[str, ...]:
    if a.unusable or b.unusable:
        return () if a.unusable == b.unusable else (USABLE,)
    codes = [PRIMARY] if a.primary != b.primary else []
    codes += [t for t in codebook.ids if (t in a.themes) != (t in b.themes)]
    return tuple(codes)


def _settle(
    done: Sequence[tuple[CodedRow, CodedRow]],
    disputes: Sequence[Dispute],
    codebook: Codebook,
    names: tuple[str, str],
) -> pd.DataFrame:
    open_ids = {dispute.first.id for dispute in disputes}
    ordered = sorted(done, key=lambda pair: pair[0].id not in open_ids)
    rows = []
    for a, b in ordered:
        settled = a.id not in open_ids
        both = [theme for theme in a.themes if theme in b.themes]
        note = (
            "；".join(dict.fromkeys(filter(None, (a.note, b.note))))
            if settled
            else f"{names[0]}：{describe_coding(a, codebook)}\n"
            f"{names[1]}：{describe_coding(b, codebook)}"
        )
        rows.append(
            {
                "id": a.id,
                "issuer": a.issuer,
                "year": a.year,
                "role": a.role,
                "before": a.before,
                "text": a.text,
                "after": a.after,
                "level": a.level,
                "era": a.era,
                "reason": "一致" if settled else "争议",
                # A theme marked without a primary would be an error; disputes start blank.
                "primary": a.primary if settled and not a.unusable else None,
                "themes": " ".join(both) if settled and not a.unusable else "",
                "unusable": settled and a.unusable,
                "note": note,
            }
        )
    return pd.DataFrame(rows)


def _name(code: str, codebook: Codebook) -> str:
    return {PRIMARY: "主要主题", USABLE: "不是陈述"}.get(code) or codebook.name_of(code)


def _r(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
