"""The words that records use, as types."""

from __future__ import annotations

from typing import Literal

Box = tuple[float, float, float, float]
FileKind = Literal["pdf", "html", "docx", "text", "markdown", "image"]
Severity = Literal["error", "warning", "info"]
Edition = Literal["2021", "2019", "narrative"]
Role = Literal["problem", "measure"]
CellState = Literal[
    "number",  # a number other than zero
    "zero",  # a printed 0
    "blank",  # an empty cell of a table that is there
    "slash",  # "/" or "\\"
    "dash",  # "-", "—", "_"
    "none",  # the word 无
    "absent",  # the row or the whole table is not in the file
    "unreadable",  # something is printed, but what or where it belongs is in doubt
]
CheckResult = Literal["pass", "fail", "not_assessable"]
Doubt = Literal["ours", "theirs"]
Bound = Literal["exact", "about", "over", "under", "range"]
ClaimForm = Literal["digits", "chinese", "words"]
ClaimKind = Literal["count", "amount", "share", "points", "ratio", "duration"]
ClaimScope = Literal["whole", "office", "own", "other", "unstated"]
ClaimTime = Literal["year", "cumulative", "earlier", "rate", "change"]
ClaimStatus = Literal["reported", "planned", "rule"]
Relation = Literal["agree", "differ", "scope", "not_comparable", "none"]
ParagraphKind = Literal["title", "heading", "subheading", "prose", "table", "note"]
Level = Literal["national", "province", "city", "county", "township"]
IssuerKind = Literal["government", "department", "other"]
