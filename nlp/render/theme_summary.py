"""How many issuers and reports state each theme, as a problem and as a measure.

A tag from which the classifier abstained is never counted as sure: whoever states a theme
only in such tags is counted apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from nlp.intervals import wilson_interval
from nlp.labels import LEVELS, UNKNOWN

_SMALL = 30
_EXAMPLES = 3
_TOO_ALIKE = 0.6  # Jaccard of character pairs above which two examples say the same


@dataclass(frozen=True, slots=True)
class ThemeEntry:
    """A theme of the codebook; ``named`` themes are shown first and on their own."""

    id: str
    name: str
    definition: str = ""
    named: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """``count`` of ``total``, with a Wilson 95 % interval.

    ``doubtful`` counts those that would come on top if the abstained tags were right.
    """

    count: int
    doubtful: int
    total: int

    @property
    def value(self) -> float | None:
        """The sure share in [0, 1]; None where there is nothing to share."""
        return self.count / self.total if self.total else None

    @property
    def upper_value(self) -> float | None:
        """The share with the doubtful ones counted in."""
        return (self.count + self.doubtful) / self.total if self.total else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The Wilson interval of the sure share."""
        return wilson_interval(self.count, self.total) if self.total else None

    @property
    def small(self) -> bool:
        """Whether the denominator is too small for a rate to say much."""
        return self.total < _SMALL


@dataclass(frozen=True, slots=True)
class Example:
    """A typical statement and where it stands."""

    report_id: str
    statement: int
    text: str
    source: str
    page: int | None


@dataclass(frozen=True, slots=True)
class ThemeSummary:
    """What the corpus says on one theme."""

    theme: ThemeEntry
    problem_issuers: Share
    problem_reports: Share
    measure_issuers: Share
    measure_reports: Share
    answered_issuers: Share
    answered_reports: Share
    problems: int
    measures: int
    doubtful_statements: int
    by_level: tuple[tuple[str, Share], ...]
    by_year: tuple[tuple[str, Share], ...]
    typical_problems: tuple[Example, ...]
    typical_measures: tuple[Example, ...]


def summarise_themes(
    frames: Mapping[str, pd.DataFrame], themes: Sequence[ThemeEntry]
) -> tuple[ThemeSummary, ...]:
    """Sum up every theme, the named ones first.

    The denominators are the reports whose section 五 was found, and the issuers of such
    reports; a report without it says nothing about themes, which is not the same as
    stating none.  A problem is answered when the same report has a measure that is paired
    with it or that states the same theme.
    """
    tags = _join_tags(frames)
    base = _base_reports(frames)
    known = {theme.id for theme in themes}
    extra = [ThemeEntry(t, t) for t in sorted(set(tags["theme"].dropna())) if t not in known]
    ordered = sorted([*themes, *extra], key=lambda theme: not theme.named)
    return tuple(_summarise(theme, tags[tags["theme"] == theme.id], base) for theme in ordered)


def describe_source(report: Mapping[str, Any]) -> str:
    """Name a report in one line: issuer (or title, or file) and year."""
    name = _first(report.get("issuer"), report.get("title"), report.get("file"), UNKNOWN)
    year = report.get("year")
    return str(name) if year is None or pd.isna(year) else f"{name} {int(year)}"


def _first(*values: Any) -> Any:
    return next(v for v in values if v is not None and not pd.isna(v) and v != "")


def _base_reports(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    reports, sections = frames["reports"], frames["sections"]
    with_section = set(sections.loc[sections["section"] == "五", "report_id"])
    with_section |= set(frames["statements"]["report_id"])
    return reports.loc[
        reports["report_id"].isin(with_section), ["report_id", "issuer", "year", "level"]
    ]


def _join_tags(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row a statement and assigned theme, with role, doubt, report and issuer."""
    statements = frames["statements"]
    tags = frames["themes"].loc[
        frames["themes"]["assigned"].fillna(False), ["report_id", "statement", "theme", "primary"]
    ]
    columns = ["report_id", "statement", "role", "text", "page", "abstain", "answers"]
    joined = tags.merge(statements[columns], on=["report_id", "statement"])
    reports = frames["reports"][["report_id", "issuer", "title", "file", "year", "level"]]
    joined = joined.merge(reports, on="report_id")
    joined["abstain"] = joined["abstain"].fillna(False).astype(bool)
    joined["primary"] = joined["primary"].fillna(False).astype(bool)
    return joined


def _share(rows: pd.DataFrame, base: pd.DataFrame, unit: str) -> Share:
    total = set(base[unit].dropna())
    sure = set(rows.loc[~rows["abstain"], unit].dropna()) & total
    every = set(rows[unit].dropna()) & total
    return Share(len(sure), len(every - sure), len(total))


def _summarise(theme: ThemeEntry, rows: pd.DataFrame, base: pd.DataFrame) -> ThemeSummary:
    problems, measures = rows[rows["role"] == "problem"], rows[rows["role"] == "measure"]
    sure = problems[~problems["abstain"]]
    answered = _mark_answered(sure, measures)
    stated = base[base["report_id"].isin(set(sure["report_id"]))]
    levels = [(word, base["level"] == level) for level, word in LEVELS.items()]
    levels.append((UNKNOWN, base["level"].isna()))
    years = [(str(y), base["year"] == y) for y in sorted(base["year"].dropna().unique())]
    years.append((UNKNOWN, base["year"].isna()))
    return ThemeSummary(
        theme=theme,
        problem_issuers=_share(problems, base, "issuer"),
        problem_reports=_share(problems, base, "report_id"),
        measure_issuers=_share(measures, base, "issuer"),
        measure_reports=_share(measures, base, "report_id"),
        answered_issuers=_share(answered, stated, "issuer"),
        answered_reports=_share(answered, stated, "report_id"),
        problems=len(problems),
        measures=len(measures),
        doubtful_statements=int(rows["abstain"].sum()),
        by_level=_split(problems, base, levels),
        by_year=_split(problems, base, years),
        typical_problems=_pick_typical(problems),
        typical_measures=_pick_typical(measures),
    )


def _mark_answered(problems: pd.DataFrame, measures: pd.DataFrame) -> pd.DataFrame:
    """Keep the problems that a measure answers; doubtful where only a doubtful tag says so."""
    sure = set(measures.loc[~measures["abstain"], "report_id"])
    any_measure = set(measures["report_id"])
    paired = problems["answers"].fillna("").str.strip() != ""
    certain = paired | problems["report_id"].isin(sure)
    answered = problems[certain | problems["report_id"].isin(any_measure)].copy()
    answered["abstain"] = ~certain[answered.index]
    return answered


def _split(
    problems: pd.DataFrame, base: pd.DataFrame, parts: Sequence[tuple[str, pd.Series]]
) -> tuple[tuple[str, Share], ...]:
    shares = []
    for label, chosen in parts:
        part = base[chosen.fillna(False).astype(bool)]
        if len(part):
            shares.append((label, _share(problems, part, "report_id")))
    return tuple(shares)


def _pairs_of(text: str) -> frozenset[str]:
    return frozenset(text[i : i + 2] for i in range(len(text) - 1))


def _pick_typical(rows: pd.DataFrame) -> tuple[Example, ...]:
    """Pick statements that share most character pairs with the others, unlike each other.

    Only tags that are sure are shown as typical, those of which the theme is primary first,
    and no issuer twice.
    """
    sure = rows[~rows["abstain"]].sort_values(["report_id", "statement"], kind="stable")
    if sure.empty:
        return ()
    texts = [str(text) for text in sure["text"]]
    grams = [_pairs_of(text) for text in texts]
    frequency: dict[str, int] = {}
    for pairs in grams:
        for pair in pairs:
            frequency[pair] = frequency.get(pair, 0) + 1
    scores = [sum(frequency[p] for p in pairs) / max(12, len(pairs)) for pairs in grams]
    records: list[dict[str, Any]] = [
        {str(k): v for k, v in r.items()} for r in sure.to_dict("records")
    ]
    order = sorted(range(len(texts)), key=lambda i: (not records[i]["primary"], -scores[i], i))
    chosen: list[int] = []
    issuers: set[str] = set()
    for index in order:
        source = describe_source({**records[index], "year": None})
        alike = any(
            len(grams[index] & grams[c]) > _TOO_ALIKE * max(1, len(grams[index] | grams[c]))
            for c in chosen
        )
        if alike or source in issuers:
            continue
        chosen.append(index)
        issuers.add(source)
        if len(chosen) == _EXAMPLES:
            break
    return tuple(
        Example(
            records[i]["report_id"],
            int(records[i]["statement"]),
            texts[i],
            describe_source(records[i]),
            None if pd.isna(records[i]["page"]) else int(records[i]["page"]),
        )
        for i in chosen
    )
