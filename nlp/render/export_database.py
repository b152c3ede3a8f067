"""Tables → one DuckDB file, with views for the usual questions and comments on every column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from nlp.documents import FrameSpec
from nlp.render.citation import write_citation

_ABOUT = "r.issuer, r.year, r.level, r.kind, r.province, r.city, r.county, r.file"
# Views: name, the tables that it needs, what it shows, its query.
_VIEWS: tuple[tuple[str, tuple[str, ...], str, str], ...] = (
    (
        "rates",
        ("reports", "indicators"),
        "指标连同机关和年度",
        f"SELECT {_ABOUT}, i.* FROM indicators i JOIN reports r USING (report_id)",
    ),
    (
        "printed_errors",
        ("reports", "checks"),
        "原文如此的勾稽不符，连同机关和年度",
        f"SELECT {_ABOUT}, c.* FROM checks c JOIN reports r USING (report_id)"
        " WHERE c.result = 'fail' AND c.doubt = 'theirs'",
    ),
    (
        "to_read_again",
        ("reports", "cells"),
        "读取存疑的单元格，请对照原文",
        f"SELECT {_ABOUT}, c.* FROM cells c JOIN reports r USING (report_id)"
        " WHERE c.state = 'unreadable'",
    ),
    (
        "problems",
        ("reports", "statements"),
        "问题连同机关和年度",
        f"SELECT {_ABOUT}, s.* FROM statements s JOIN reports r USING (report_id)"
        " WHERE s.role = 'problem'",
    ),
    (
        "measures",
        ("reports", "statements"),
        "措施连同机关和年度",
        f"SELECT {_ABOUT}, s.* FROM statements s JOIN reports r USING (report_id)"
        " WHERE s.role = 'measure'",
    ),
    (
        "theme_years",
        ("reports", "statements", "themes"),
        "各年度各主题的条数和写到的报告数",
        "SELECT r.year, s.role, t.theme, t.label, count(*) AS statements,"
        " count(DISTINCT t.report_id) AS reports"
        " FROM themes t JOIN statements s USING (report_id, statement)"
        " JOIN reports r USING (report_id) WHERE t.assigned"
        " GROUP BY ALL ORDER BY ALL",
    ),
)


def write_database(
    tables: Sequence[tuple[FrameSpec, pd.DataFrame]], manifest: Mapping[str, Any], path: Path
) -> None:
    """Write a DuckDB file: a table a frame, views, and Chinese comments on tables and columns.

    The content is the same for the same input; the file's bytes are the library's own matter.

    Raises
    ------
    ImportError
        If duckdb is not installed.
    """
    try:
        import duckdb
    except ImportError as error:
        raise ImportError('写 DuckDB 文件需要 duckdb：pip install "nianbao[duckdb]"') from error
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path), config={"threads": 1}) as base:
        for spec, frame in tables:
            keys = [c.key for c in spec.columns]
            given = pa.Table.from_pandas(frame[keys], preserve_index=False)
            base.register("given", given.replace_schema_metadata(None))
            base.execute(f"CREATE TABLE {_name(spec.key)} AS SELECT * FROM given")
            base.unregister("given")
            words = f"{spec.title}：{spec.row_is}。{write_citation(manifest)}"
            base.execute(f"COMMENT ON TABLE {_name(spec.key)} IS {_text(words)}")
            for column in spec.columns:
                place = f"{_name(spec.key)}.{_name(column.key)}"
                words = f"{column.label}：{column.meaning}"
                base.execute(f"COMMENT ON COLUMN {place} IS {_text(words)}")
        there = {spec.key for spec, _ in tables}
        for name, needed, shows, query in _VIEWS:
            if there.issuperset(needed):
                base.execute(f"CREATE VIEW {name} AS {query}")
                base.execute(f"COMMENT ON VIEW {name} IS {_text(shows)}")


def _name(key: str) -> str:
    return '"' + key.replace('"', '""') + '"'


def _text(words: str) -> str:
    return "'" + words.replace("'", "''").replace("\0", "\ufffd") + "'"
