"""What a corpus says by theme: shares, answers, repetitions, prototypes, as plain tables.

Reports are counted, not statements, and only those whose section 五 was found: a report
without it says nothing of themes, which is not the same as stating none.  A tag from which
the classifier abstained never counts as sure; what only such tags say is counted apart as
doubtful.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from nlp.intervals import wilson_interval
from nlp.labels import LEVELS, ROLES, UNKNOWN
from nlp.themes.codebook import Codebook
from nlp.themes.likeness import Wordings, collapse_duplicates, rate_centrality

_EXAMPLES = 3
SMALL = 30
SHARE_COLUMNS = ["主题", "角色", "层级", "年度", "地区", "报告数", "提到", "存疑", "占比",
                 "下限", "上限", "小样本"]  # fmt: skip


@dataclass(frozen=True)
class Digest:
    """Tables of a theme summary, headings in Chinese, shares in [0, 1].

    ``overall``, ``by_level``, ``by_year``, ``by_region`` and ``by_cell`` (level × year ×
    region) have one layout; ``answered``, ``repeated`` and ``prototypes`` their own, and
    ``unanswered`` and ``carried_over`` list the cases behind them.
    """

    reports: int
    issuers: int
    statements: int
    doubtful: int
    overall: pd.DataFrame
    by_level: pd.DataFrame
    by_year: pd.DataFrame
    by_region: pd.DataFrame
    by_cell: pd.DataFrame
    answered: pd.DataFrame
    unanswered: pd.DataFrame
    repeated: pd.DataFrame
    carried_over: pd.DataFrame
    prototypes: pd.DataFrame

    def to_tables(self) -> dict[str, pd.DataFrame]:
        """Give the tables by their Chinese titles."""
        return {
            "各主题占比": self.overall,
            "按层级": self.by_level,
            "按年度": self.by_year,
            "按地区": self.by_region,
            "层级×年度×地区": self.by_cell,
            "问题有无对应措施": self.answered,
            "未见对应措施的": self.unanswered,
            "与上年相同的问题": self.repeated,
            "相同问题逐条": self.carried_over,
            "典型陈述": self.prototypes,
        }


def digest_themes(frames: Mapping[str, pd.DataFrame], codebook: Codebook) -> Digest:
    """Sum up the themes of a result.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        ``reports``, ``sections``, ``statements`` and ``themes`` of a result.
    codebook : Codebook
        Order and names of the themes; the highlighted ones come first.  Themes of the
        result that it does not know are shown by their id.

    Raises
    ------
    ValueError
        If no report has a section 五.
    """
    base = _base_reports(frames)
    if base.empty:
        raise ValueError("结果里没有一份报告读到第五部分，无从汇总主题")
    tags = _join_tags(frames, base)
    names = _order_themes(codebook, tags)
    regions = _name_regions(base)
    base = base.assign(地区=regions)
    everything = base.assign(层级="全部", 年度="全部", 地区="全部")
    answered, unanswered = _match_answers(tags, names)
    repeated, carried = _match_years(base, tags, names)
    share = _ShareTable(tags, names)
    return Digest(
        reports=len(base),
        issuers=int(base["issuer"].nunique()),
        statements=len(tags[["report_id", "statement"]].drop_duplicates()),
        doubtful=len(tags.loc[tags["abstain"], ["report_id", "statement"]].drop_duplicates()),
        overall=share.of(everything),
        by_level=share.of(base.assign(年度="全部", 地区="全部")),
        by_year=share.of(base.assign(层级="全部", 地区="全部")),
        by_region=share.of(base.assign(层级="全部", 年度="全部")),
        by_cell=share.of(base),
        answered=answered,
        unanswered=unanswered,
        repeated=repeated,
        carried_over=carried,
        prototypes=_pick_prototypes(tags, names),
    )


def pick_central(
    texts: Sequence[str], sources: Sequence[str] | None = None, *, count: int = _EXAMPLES
) -> list[tuple[int, int]]:
    """Pick the texts that stand for most others, near-duplicates counted once.

    A sentence that many copied would otherwise be central for being copied.

    Parameters
    ----------
    texts : sequence of str
        Statements of one theme.
    sources : sequence of str, optional
        Who says each; nobody is picked twice.
    count : int
        How many to pick at most.

    Returns
    -------
    list of (int, int)
        Index of the text, and how many texts (itself included) say the same in nearly the
        same words; the most central first.

    Examples
    --------
    >>> texts = ["召开会议", "组织业务培训", "组织业务培训。", "加强业务培训", "加强人员业务培训"]
    >>> pick_central(texts, count=2)
    [(1, 2), (3, 2)]
    """
    leaders = collapse_duplicates(texts)
    kept = sorted(set(leaders.tolist()))
    central = rate_centrality([texts[row] for row in kept])
    order = sorted(range(len(kept)), key=lambda place: (-central[place], kept[place]))
    picked: list[tuple[int, int]] = []
    seen: set[str] = set()
    for place in order:
        row = kept[place]
        source = sources[row] if sources is not None else str(row)
        if source not in seen and len(picked) < count:
            seen.add(source)
            picked.append((row, int((leaders == row).sum())))
    return picked


def _base_reports(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    reports, sections = frames["reports"], frames["sections"]
    found = set(sections.loc[sections["section"] == "五", "report_id"])
    found |= set(frames["statements"]["report_id"])
    columns = ["report_id", "issuer", "title", "file", "year", "level", "province", "city"]
    base = reports.loc[reports["report_id"].isin(found), columns].reset_index(drop=True)
    base["层级"] = base["level"].map(dict(LEVELS)).fillna(UNKNOWN).astype(str)
    base["年度"] = [UNKNOWN if pd.isna(year) else str(int(year)) for year in base["year"]]
    base["机关"] = base["issuer"].fillna(base["title"]).fillna(base["file"]).astype(str)
    return base


def _name_regions(base: pd.DataFrame) -> pd.Series[str]:
    """Regions are provinces; within a single province, its cities."""
    column = "province" if base["province"].nunique() > 1 else "city"
    if base[column].notna().sum() == 0:
        column = "province"
    return base[column].fillna(UNKNOWN).astype(str)


def _join_tags(frames: Mapping[str, pd.DataFrame], base: pd.DataFrame) -> pd.DataFrame:
    """One row a statement and assigned theme, with its doubt."""
    assigned = frames["themes"]["assigned"].fillna(False).astype(bool)
    tags = frames["themes"].loc[assigned, ["report_id", "statement", "theme", "primary"]]
    own = ["report_id", "statement", "role", "text", "page", "abstain", "answers"]
    tags = tags.merge(frames["statements"][own], on=["report_id", "statement"])
    tags = tags.merge(base[["report_id", "机关", "issuer", "year"]], on="report_id")
    tags["abstain"] = tags["abstain"].fillna(True).astype(bool)
    tags["primary"] = tags["primary"].fillna(False).astype(bool)
    tags["answers"] = tags["answers"].fillna("").astype(str).str.strip()
    return tags.sort_values(["report_id", "statement", "theme"], kind="stable")


def _order_themes(codebook: Codebook, tags: pd.DataFrame) -> dict[str, str]:
    """Names by theme id, the highlighted themes first."""
    first = [theme for theme in codebook.themes if theme.highlight]
    rest = [theme for theme in codebook.themes if not theme.highlight]
    names = {theme.id: theme.name for theme in (*first, *rest)}
    return names | {t: t for t in sorted(set(tags["theme"].astype(str))) if t not in names}


class _ShareTable:
    """Counts reports that state a theme, by whatever the reports are divided by."""

    def __init__(self, tags: pd.DataFrame, names: Mapping[str, str]) -> None:
        self._names = names
        self._sure: dict[tuple[str, str], set[str]] = {}
        self._any: dict[tuple[str, str], set[str]] = {}
        for theme, role, report, abstain in zip(
            tags["theme"], tags["role"], tags["report_id"], tags["abstain"], strict=True
        ):
            self._any.setdefault((theme, role), set()).add(report)
            if not abstain:
                self._sure.setdefault((theme, role), set()).add(report)

    def of(self, base: pd.DataFrame) -> pd.DataFrame:
        """Give the shares for every combination of 层级, 年度 and 地区 in the base."""
        parts = [
            (key, set(part["report_id"]))
            for key, part in base.groupby(["层级", "年度", "地区"], sort=False)
        ]
        order = [*LEVELS.values(), UNKNOWN]
        parts.sort(key=lambda part: (
            order.index(part[0][0]) if part[0][0] in order else -1, part[0][1], part[0][2]
        ))  # fmt: skip
        rows = []
        for theme, name in self._names.items():
            for role, word in ROLES.items():
                for (level, year, region), reports in parts:
                    sure = self._sure.get((theme, role), set()) & reports
                    doubtful = (self._any.get((theme, role), set()) & reports) - sure
                    share = _share(len(sure), len(doubtful), len(reports))
                    rows.append((name, word, level, year, region, *share))
        return pd.DataFrame(rows, columns=SHARE_COLUMNS)


def _share(
    count: int, doubtful: int, total: int
) -> tuple[int, int, int, float | None, float | None, float | None, str]:
    if not total:
        return total, count, doubtful, None, None, None, ""
    low, high = wilson_interval(count, total)
    small = "是" if total < SMALL else ""
    return total, count, doubtful, count / total, low, high, small


def _match_answers(
    tags: pd.DataFrame, names: Mapping[str, str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tell which stated problems meet a measure of the same theme in the same report.

    A problem that the report itself pairs with a measure is answered too.
    """
    problems = tags[(tags["role"] == "problem") & ~tags["abstain"]]
    measures = tags[tags["role"] == "measure"]
    sure = set(
        zip(
            measures.loc[~measures["abstain"], "report_id"],
            measures.loc[~measures["abstain"], "theme"],
            strict=True,
        )
    )
    maybe = set(zip(measures["report_id"], measures["theme"], strict=True))
    rows, open_rows = [], []
    for theme, name in names.items():
        stated = answered = doubtful = 0
        for report, part in problems[problems["theme"] == theme].groupby("report_id", sort=False):
            stated += 1
            if (report, theme) in sure or bool((part["answers"] != "").any()):
                answered += 1
                continue
            doubtful += (report, theme) in maybe
            first = part.iloc[0]
            open_rows.append(
                (
                    name,
                    first["机关"],
                    _year(first["year"]),
                    first["text"],
                    "措施的主题存疑" if (report, theme) in maybe else "",
                    report,
                )
            )
        share = _share(answered, doubtful, stated)
        rows.append((name, stated, answered, doubtful, stated - answered - doubtful, *share[3:]))
    columns = ["主题", "提出问题的报告", "有同主题措施", "措施存疑", "未见措施", "回应率",
               "下限", "上限", "小样本"]  # fmt: skip
    listed = ["主题", "机关", "年度", "问题", "说明", "报告编号"]
    return pd.DataFrame(rows, columns=columns), pd.DataFrame(open_rows, columns=listed)


def _match_years(
    base: pd.DataFrame, tags: pd.DataFrame, names: Mapping[str, str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tell which problem themes an issuer stated the year before as well."""
    known = base.dropna(subset=["issuer", "year"])
    there = {(str(i), int(y)) for i, y in zip(known["issuer"], known["year"], strict=True)}
    problems = tags[tags["role"] == "problem"].dropna(subset=["issuer", "year"])
    stated: dict[tuple[str, int, str], list[tuple[str, bool]]] = {}
    for issuer, year, theme, text, abstain in zip(
        problems["issuer"], problems["year"], problems["theme"], problems["text"],
        problems["abstain"], strict=True,
    ):  # fmt: skip
        stated.setdefault((str(issuer), int(year), str(theme)), []).append((str(text), abstain))
    rows, listed = [], []
    for theme, name in names.items():
        total = again = doubtful = 0
        for (issuer, year, own), now in sorted(stated.items()):
            if own != theme or (issuer, year - 1) not in there or all(a for _, a in now):
                continue
            total += 1
            before = stated.get((issuer, year - 1, theme), [])
            if not before:
                continue
            sure = [text for text, abstain in before if not abstain]
            if not sure:
                doubtful += 1
                continue
            again += 1
            earlier, later, alike = _most_alike(sure, [text for text, a in now if not a])
            listed.append((name, issuer, str(year), earlier, later, "是" if alike else ""))
        rows.append((name, total, again, doubtful, *_share(again, doubtful, total)[3:]))
    columns = ["主题", "可比的机关年度", "上年也提出", "上年存疑", "延续率", "下限", "上限",
               "小样本"]  # fmt: skip
    words = ["主题", "机关", "年度", "上年的话", "本年的话", "措辞几乎相同"]
    return pd.DataFrame(rows, columns=columns), pd.DataFrame(listed, columns=words)


def _most_alike(earlier: Sequence[str], later: Sequence[str]) -> tuple[str, str, bool]:
    """Give the pair of statements of two years that are most alike, and whether nearly equal."""
    wordings = Wordings([*earlier, *later])
    best = max(
        ((row, len(earlier) + place) for row in range(len(earlier)) for place in range(len(later))),
        key=lambda pair: (wordings.compare(*pair), -pair[0], -pair[1]),
    )
    alike = wordings.is_alike(*best)
    return earlier[best[0]], later[best[1] - len(earlier)], alike


def _pick_prototypes(tags: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Pick, per theme and role, sure statements of which the theme is primary."""
    rows = []
    for theme, name in names.items():
        for role, word in ROLES.items():
            here = tags[(tags["theme"] == theme) & (tags["role"] == role) & ~tags["abstain"]]
            main = here[here["primary"]]
            here = main if len(main) else here
            texts = [str(text) for text in here["text"]]
            sources = [str(source) for source in here["机关"]]
            for rank, (place, alike) in enumerate(pick_central(texts, sources), 1):
                row = here.iloc[place]
                page = "" if pd.isna(row["page"]) else str(int(row["page"]))
                rows.append(
                    (
                        name,
                        word,
                        rank,
                        row["text"],
                        row["机关"],
                        _year(row["year"]),
                        page,
                        alike,
                        len(texts),
                        f"{row['report_id']}-{int(row['statement']):03d}",
                    )
                )
    columns = ["主题", "角色", "次序", "陈述", "机关", "年度", "页", "同类条数", "该主题条数",
               "编号"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _year(value: Any) -> str:
    return "" if pd.isna(value) else str(int(value))
