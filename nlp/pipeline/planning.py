"""Which reports are completed together, and which rows an earlier build has already.

What needs other reports needs those of the same issuer (years against each other, the same
year twice), so the reports of one issuer are always in the same part.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nlp.library import RecordStore
from nlp.pipeline.reading import Source
from nlp.pipeline.versions import hash_json

# Reports in a part, about: few enough for a process of 500 MB, and never so few that a
# hundred thousand reports make more files than a folder holds well.
_PART = 128
_MOST_PARTS = 4096


@dataclass(frozen=True, slots=True)
class Member:
    """A report of a part; ``record`` is its bytes, or where they are.

    ``digest`` names all reports of its issuer, ``kept`` the earlier part that has the rows
    which follow from just these.
    """

    name: str
    copies: str | None
    issuer: str | None
    record: Path | bytes
    report_id: str = ""
    digest: str = ""
    kept: Path | None = None


@dataclass(frozen=True, slots=True)
class PartTask:
    """The reports of one part, in order of their names."""

    key: str
    members: tuple[Member, ...]


def plan_parts(reports: Sequence[Source], base: str) -> dict[str, list[Source]]:
    """Give the reports of each part under its key, which changes with whatever goes into it."""
    return {
        hash_json([base, [_describe(source) for source in group]])[:24]: group
        for group in _group(reports)
    }


def list_members(
    group: Sequence[Source],
    records: RecordStore,
    kept: Mapping[tuple[str, str], Path],
    *,
    with_data: bool,
) -> tuple[Member, ...]:
    """Give the members of a part; with ``with_data`` their records go with them.

    ``kept`` has the folders of earlier parts by report and digest.  Where the worker may not
    see these folders, all rows are made anew.
    """
    digests = _digest_issuers(group)
    members = []
    for source in group:
        path = records.path_of(source.sha256)
        report_id, digest = source.sha256[:12], digests[_issuer_of(source)]
        members.append(
            Member(
                source.name,
                "|".join(source.copies) or None,
                source.issuer,
                path.read_bytes() if with_data else path,
                report_id,
                digest,
                None if with_data else kept.get((report_id, digest)),
            )
        )
    return tuple(members)


def _digest_issuers(group: Sequence[Source]) -> dict[str, str]:
    of_issuer: dict[str, list[object]] = {}
    for source in group:
        of_issuer.setdefault(_issuer_of(source), []).append(_describe(source))
    return {issuer: hash_json(content)[:16] for issuer, content in of_issuer.items()}


def _describe(source: Source) -> list[object]:
    return [source.name, source.copies, source.sha256, source.issuer]


def _issuer_of(source: Source) -> str:
    return source.issuer or source.sha256


def _group(reports: Sequence[Source]) -> list[list[Source]]:
    number = 1
    while number * _PART < len(reports) and number < _MOST_PARTS:
        number *= 2
    groups: list[list[Source]] = [[] for _ in range(number)]
    for source in sorted(reports, key=lambda source: source.name):
        word = _issuer_of(source).encode("utf-8", "surrogatepass")
        groups[int(hashlib.sha256(word).hexdigest()[:8], 16) % number].append(source)
    return [group for group in groups if group]
