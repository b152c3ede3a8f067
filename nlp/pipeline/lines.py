"""Work through JSON lines: section texts into statements, statements into themes."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from nlp.documents import ThemeTags
from nlp.segment import segment
from nlp.statements import split_statements
from nlp.themes import explain_tags, load_model

_BATCH = 4096


def read_lines(path: Path, needed: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSONL file; ``ValueError`` names the line that lacks a key."""
    with path.open(encoding="utf-8-sig") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except json.JSONDecodeError as error:
                raise ValueError(f"{path} 第 {number} 行：应为一个 JSON 对象；{error}") from error
            missing = [key for key in needed if not isinstance(row, dict) or key not in row]
            if missing:
                raise ValueError(f"{path} 第 {number} 行：缺少 {'、'.join(missing)}")
            yield row


def write_lines(path: Path, rows: Iterable[dict[str, Any]]) -> int:
    """Write all rows or nothing: beside the target first, then in its place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    count = 0
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            for row in rows:
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
                count += 1
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return count


def split_file(source: Path, target: Path) -> int:
    """Split the section texts of a JSONL file into statements.

    Parameters
    ----------
    source : Path
        Lines of ``{"id", "text"}``.
    target : Path
        Lines of ``{"id", "statements": [{"role", "start", "end"}], "pairs": [[p, m]]}``;
        offsets point into the text as given, pairs are indices into ``statements``.

    Returns
    -------
    int
        Lines written.

    Raises
    ------
    ValueError
        For a line that is not JSON or lacks a key; nothing is written then.
    """

    def rows() -> Iterator[dict[str, Any]]:
        for row in read_lines(source, ("id", "text")):
            split = split_statements(str(row["text"]))
            yield {
                "id": row["id"],
                "statements": [
                    {"role": s.role, "start": s.start, "end": s.end} for s in split.statements
                ],
                "pairs": [list(pair) for pair in split.pairs],
            }

    return write_lines(target, rows())


def tag_file(
    source: Path, target: Path, *, model: Path | None = None, explain: bool = False
) -> int:
    """Tag the statements of a JSONL file with themes.

    Parameters
    ----------
    source : Path
        Lines of ``{"id", "role", "text"}``; role is problem or measure.
    target : Path
        Lines of ``{"id", "themes", "primary", "scores", "abstain"}``.
    model : Path, optional
        Folder of a theme model; default the one that ships.
    explain : bool
        Add ``evidence``: by theme, the words that carried it, each with ``text``, ``start``,
        ``end`` (into the text as given) and ``weight`` (what it adds to the log-odds).

    Returns
    -------
    int
        Lines written.
    """
    tagger = load_model(model) if model else load_model()

    def cut(text: str) -> list[tuple[int, int]]:
        return [(word.start, word.end) for word in segment(text)]

    def find_evidence(row: dict[str, Any], found: ThemeTags) -> dict[str, Any]:
        text, role = str(row["text"]), row["role"]
        carried = explain_tags(tagger, text, role, themes=found.themes, cut=cut)
        return {theme: [asdict(words) for words in part] for theme, part in carried.items()}

    def tagged(batch: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        tags = tagger.tag([str(r["text"]) for r in batch], [r["role"] for r in batch])
        for row, found in zip(batch, tags, strict=True):
            line = {
                "id": row["id"],
                "themes": list(found.themes),
                "primary": found.primary,
                "scores": {k: round(float(v), 4) for k, v in found.scores.items()},
                "abstain": found.abstain,
            }
            yield line | ({"evidence": find_evidence(row, found)} if explain else {})

    def rows() -> Iterator[dict[str, Any]]:
        batch: list[dict[str, Any]] = []
        for row in read_lines(source, ("id", "role", "text")):
            if row["role"] not in ("problem", "measure"):
                raise ValueError(
                    f"{source}：{row['id']} 的 role 应为 problem 或 measure，实为 {row['role']!r}"
                )
            batch.append(row)
            if len(batch) == _BATCH:
                yield from tagged(batch)
                batch = []
        if batch:
            yield from tagged(batch)

    return write_lines(target, rows())
