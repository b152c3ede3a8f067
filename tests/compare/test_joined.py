"""Claims, follow-through and reuse in the wide table and in the pairs, where they were found."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from nlp.compare import compare_frames
from nlp.documents import REUSE_FRAMES, make_frame
from nlp.library import write_result
from nlp.pipeline.compare import compare
from tests.compare.conftest import make_result


@pytest.fixture(scope="module")
def joined() -> dict[str, pd.DataFrame]:
    frames = make_result(counties=3, years=(2021, 2022))
    reports = frames["reports"].sort_values(["issuer", "year"])
    early, late = reports["report_id"].iloc[:2]
    issuer = reports["issuer"].iloc[0]
    link = {
        "issuer": issuer, "report_id": early, "year": 2021, "statement": 1, "text": "甲",
        "to_report_id": late, "to_year": 2022, "start": 0, "end": 1, "to_text": "甲",
        "score": 0.9, "wording": 0.5,
    }  # fmt: skip
    frames["follow"] = make_frame(
        "follow",
        [
            {**link, "link": "restated", "state": "same", "to_statement": 1},
            {**link, "link": "restated", "state": "theme", "to_statement": 2},
            {**link, "link": "done", "state": "mentioned"},
        ],
    )
    claim = {
        "section": "一", "text": "3件", "value": 3, "bound": "exact", "form": "digits",
        "kind": "count", "topic": "other", "scope": "own", "time": "year", "status": "reported",
    }  # fmt: skip
    relations = ("agree", "differ", "differ", "none")
    frames["claims"] = make_frame(
        "claims",
        [{**claim, "report_id": late, "claim": n, "relation": r} for n, r in enumerate(relations)],
    )
    shares = {"characters": 1000, "free": 800, "mandated": 0.1, "formula": 0.1, "own": 0.2,
              "peer": 0.25, "new": 0.35, "peer_any": 0.3}  # fmt: skip
    frames["reuse_shares"] = make_frame(
        "reuse_shares",
        [
            {"report_id": i, "issuer": who, "year": year, **shares}
            for i, who, year in reports[["report_id", "issuer", "year"]].itertuples(index=False)
        ],
    )
    other = reports[(reports["issuer"] != issuer) & (reports["year"] == 2021)]
    near = other[other["county"] == reports["county"].iloc[0]]["report_id"].iloc[0]
    frames["dyads"] = make_frame(
        "dyads",
        [{"report_a": near, "report_b": early, "tie": "same_county", "free_a": 800, "free_b": 400,
          "shared_a": 80, "shared_b": 200, "share_a": 0.1, "share_b": 0.5, "passages": 2,
          "longest": 60, "cosine": 0.7}],
    )  # fmt: skip
    return frames


def test_the_wide_table_has_a_documented_column_for_each(joined: dict[str, pd.DataFrame]) -> None:
    found = compare_frames(joined, permutations=99, draws=50)
    wide = found.reports.set_index("report_id")
    late, early = joined["claims"]["report_id"].iloc[0], joined["follow"]["report_id"].iloc[0]
    assert wide.loc[late, ["claims", "claims_agree", "claims_differ"]].tolist() == [4, 1, 2]
    # The same theme alone is no repetition; the first year has nothing before it.
    assert wide.loc[late, ["restated", "announced", "announced_done"]].tolist() == [1, 1, 0]
    assert pd.isna(wide.loc[early, "restated"])
    assert (wide["reuse_peer"] == 0.25).all()
    documented = set(found.fields.query("table == 'joined'")["key"])
    assert {"claims_differ", "restated", "reuse_peer", "reuse_own"} <= documented


def test_pairs_have_the_likeness_of_wording_from_their_own_side(
    joined: dict[str, pd.DataFrame],
) -> None:
    pairs = compare_frames(joined, permutations=99, draws=50).pairs
    dyad = joined["dyads"].iloc[0]
    share = {dyad["report_a"]: 0.1, dyad["report_b"]: 0.5}
    mine = pairs[pairs["a"].isin(share) & pairs["b"].isin(share)]
    assert len(mine) == 1
    row = mine.iloc[0]
    assert (row["text_share_a"], row["text_share_b"]) == (share[row["a"]], share[row["b"]])
    assert (row["text_cosine"], row["text_longest"]) == (0.7, 60)
    assert pairs["text_cosine"].notna().sum() == 1


def test_reuse_of_other_reports_or_older_issuers_is_refused(
    joined: dict[str, pd.DataFrame], tmp_path: Path
) -> None:
    reuse = {name: joined[name] for name in REUSE_FRAMES}
    built = {name: frame for name, frame in joined.items() if name not in REUSE_FRAMES}
    write_result(built, {}, tmp_path / "结果")
    write_result(reuse, {}, tmp_path / "套话")
    found = compare(tmp_path / "结果", reuse=tmp_path / "套话", permutations=99, draws=50)
    assert "reuse_peer" in found.reports
    shares = reuse["reuse_shares"].copy()
    shares.loc[0, "year"] = 2030
    write_result({**reuse, "reuse_shares": shares}, {}, tmp_path / "旧")
    with pytest.raises(ValueError, match="重新运行"):
        compare(tmp_path / "结果", reuse=tmp_path / "旧")
    with pytest.raises(ValueError, match="没有套话的表"):
        compare(tmp_path / "结果", reuse=tmp_path / "结果")
