"""What was read of each file, under the hash of the file's bytes.

One file a record: a line of JSON (the head), then the body.  A record is there whole or not
at all, whatever order records come in and wherever the work was broken off.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlp.library.files import write_durably

_HEAD = 4096  # bytes read to see a head


@dataclass(frozen=True, slots=True)
class Record:
    """What came of one file: ``head`` is JSON-able and small, ``body`` whatever was read."""

    head: Mapping[str, Any]
    body: bytes = b""

    def to_bytes(self) -> bytes:
        """Give the record as it is on disk; the same record gives the same bytes."""
        digest = hashlib.sha256(self.body).hexdigest()
        head = {**self.head, "bytes": len(self.body), "body": digest}
        return json.dumps(head, ensure_ascii=False, sort_keys=True).encode() + b"\n" + self.body

    @staticmethod
    def from_bytes(data: bytes) -> Record:
        """Give the record that ``to_bytes`` wrote.

        Raises
        ------
        ValueError
            If the bytes are not those of a whole record.

        Examples
        --------
        >>> Record.from_bytes(Record({"outcome": "report"}, b"...").to_bytes()).body
        b'...'
        """
        line, _, body = data.partition(b"\n")
        head = json.loads(line)
        if head.pop("bytes", None) != len(body):
            raise ValueError("记录不完整")
        if head.pop("body", None) != hashlib.sha256(body).hexdigest():
            raise ValueError("记录已损坏")
        return Record(head, body)


class RecordStore:
    """The records of one version of the reading steps, in folders by the first two digits."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path_of(self, sha256: str) -> Path:
        """Give the place of a record, whether it is there or not."""
        return self.folder / sha256[:2] / f"{sha256}.rec"

    def put(self, sha256: str, record: Record) -> None:
        """Keep a record; one that is there already is replaced."""
        path = self.path_of(sha256)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_durably(path, record.to_bytes())

    def find_head(self, sha256: str) -> dict[str, Any] | None:
        """Give the head of a record, or None where there is no whole one."""
        path = self.path_of(sha256)
        try:
            with path.open("rb") as file:
                line, found, _ = file.read(_HEAD).partition(b"\n")
            head: dict[str, Any] = json.loads(line)
            whole = found and path.stat().st_size == len(line) + 1 + head["bytes"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return head if whole else None

    def drop_damaged(self, sha256: str) -> None:
        """Drop a record that cannot be read back, so that its file is read again."""
        path = self.path_of(sha256)
        try:
            Record.from_bytes(path.read_bytes())
        except (OSError, ValueError):
            path.unlink(missing_ok=True)

    def keep_only(self, names: Collection[str]) -> None:
        """Drop the records under other names."""
        for path in self.folder.glob("*/*.rec"):
            if path.stem not in names:
                path.unlink(missing_ok=True)

    def drop_others(self) -> None:
        """Drop the records of other versions, which lie in folders beside this one."""
        for folder in self.folder.parent.iterdir():
            if folder != self.folder:
                shutil.rmtree(folder, ignore_errors=True)
