"""Compare what was read with hand-made truth; used for the shipped and for real reports."""

from __future__ import annotations

import difflib
import json
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from nlp import ReportResult, read_report

# Several files of tests read the same reports; what is read is frozen.
read_once = cache(read_report)
_MARKS = "。：:；; 　"


@dataclass
class Score:
    """Counts over one or more reports; ``notes`` say what was off and where."""

    cells: int = 0
    cells_right: int = 0
    cells_wrong: int = 0
    cells_marked: int = 0
    sections: int = 0
    sections_right: int = 0
    facts: int = 0
    facts_right: int = 0
    characters: int = 0
    character_errors: int = 0
    spans: int = 0
    spans_found: int = 0
    spans_right: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def span_f1(self) -> float:
        """F1 of exact spans with their roles."""
        return 2 * self.spans_right / max(1, self.spans + self.spans_found)


def squeeze(text: str) -> str:
    """A text without any white space."""
    return re.sub(r"\s+", "", text)


def load_truth(path: Path) -> dict[str, Any]:
    truth: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return truth


def measure(report: Path, truth: dict[str, Any], score: Score) -> ReportResult:
    """Read a report and add its comparison with truth to ``score``."""
    result = read_once(report)
    _cells(result, truth, score)
    _facts(result, truth, score)
    _sections(result, truth, score)
    _narrative(result, truth, score)
    _statements(result, truth, score)
    return result


def _cells(result: ReportResult, truth: dict[str, Any], score: Score) -> None:
    read = {cell.key: cell for cell in result.cells}
    states = truth.get("states", {})
    for key, value in (truth.get("cells") or {}).items():
        score.cells += 1
        cell = read.get(key)
        state = states.get(key)
        if cell is None:
            score.cells_marked += 1
            score.notes.append(f"{truth['file']} {key}: no such cell")
        elif cell.state == state if state not in (None, "number", "zero") else cell.value == value:
            score.cells_right += 1
        else:
            doubtful = cell.value is None or cell.state == "unreadable"
            score.cells_marked += doubtful
            score.cells_wrong += not doubtful
            score.notes.append(
                f"{truth['file']} {key}: {cell.value} ({cell.state}), truth {value} ({state})"
            )


def _facts(result: ReportResult, truth: dict[str, Any], score: Score) -> None:
    report = result.report
    read = {
        "title": report.title,
        "issuer": report.issuer.name,
        "year": report.year,
        "edition": report.edition,
    }
    for name, value in read.items():
        if name in truth:
            score.facts += 1
            score.facts_right += value == truth[name]
            if value != truth[name]:
                score.notes.append(f"{truth['file']} {name}: {value!r}, truth {truth[name]!r}")


def _sections(result: ReportResult, truth: dict[str, Any], score: Score) -> None:
    if "sections" not in truth:
        return
    read = [(s.no, s.title.strip(_MARKS)) for s in result.report.sections]
    expected = [(s["no"], s["title"].strip(_MARKS)) for s in truth.get("sections", ())]
    score.sections += len(expected)
    same = difflib.SequenceMatcher(None, expected, read, autojunk=False)
    right = sum(block.size for block in same.get_matching_blocks())
    score.sections_right += right - max(0, len(read) - len(expected))
    if read != expected:
        score.notes.append(f"{truth['file']} sections: {read}, truth {expected}")


def _narrative(result: ReportResult, truth: dict[str, Any], score: Score) -> None:
    """Characters of the prose of each section, wrong, missing or too many."""
    report = result.report
    for part in truth.get("narrative", ()):
        no = part["section"]
        expected = squeeze("".join(part["paragraphs"]))
        if no in (None, "", "preamble"):
            pieces = [
                report.text[p.start : p.end]
                for p in report.paragraphs
                if p.section is None and p.kind not in ("title", "note")
            ]
            read = squeeze("".join(pieces))
        else:
            tables = {(p.start, p.end) for p in report.paragraphs if p.kind == "table"}
            pieces = [
                report.text[p.start : p.end]
                for p in report.paragraphs
                if p.section == no and p.kind != "heading" and (p.start, p.end) not in tables
            ]
            read = squeeze("".join(pieces))
        score.characters += len(expected)
        matcher = difflib.SequenceMatcher(None, expected, read, autojunk=False)
        errors = sum(max(b - a, d - c) for op, a, b, c, d in matcher.get_opcodes() if op != "equal")
        score.character_errors += errors
        if errors:
            score.notes.append(f"{truth['file']} {no}: {errors} characters off")


def _statements(result: ReportResult, truth: dict[str, Any], score: Score) -> None:
    if "statements" not in truth:
        return
    read = [(s.role, squeeze(s.text)) for s in result.split.statements]
    expected = [(s["role"], squeeze(s["text"])) for s in truth["statements"]]
    score.spans += len(expected)
    score.spans_found += len(read)
    rest = list(expected)
    for item in read:
        if item in rest:
            rest.remove(item)
            score.spans_right += 1
        else:
            score.notes.append(f"{truth['file']} invented: {item}")
    score.notes.extend(f"{truth['file']} missed: {item}" for item in rest)
