"""Suspect labels: planted errors are found; without cleanlab the extra is named."""

from __future__ import annotations

import builtins
import json
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from nlp.cli import app
from nlp.resources import find_resource
from nlp.themes import load_codebook, load_labels
from nlp.themes.sources import LabelSet
from nlp.themes.suspects import MissingExtraError, find_suspects


@pytest.fixture(scope="module")
def labels():
    return load_labels(find_resource("corpus/labels/statements.csv"), load_codebook())


def test_planted_errors_are_among_the_suspects(labels):
    pytest.importorskip("cleanlab", reason="an extra")
    keep = set(sorted({label.family for label in labels})[::6])
    chosen = [label for label in labels if label.family in keep]
    # Statements that say 培训 outright, coded as something else.
    sure = [n for n, label in enumerate(chosen) if label.themes == ("training",)]
    planted = [n for n in sure if "培训" in chosen[n].text][:8]
    assert len(planted) == 8
    # Slips of the hand: each another one, so that there is no rule in them to learn.
    slips = ("on_request", "policy_interpretation", "supervision_assessment", "platform_newmedia")
    for place, n in enumerate(planted):
        chosen[n] = replace(chosen[n], themes=(slips[place % len(slips)],))
    table = find_suspects(LabelSet("x", tuple(chosen), ("",) * len(chosen)), load_codebook())
    found = table.set_index("id")
    caught = [n for n in planted if chosen[n].id in found.index]
    assert len(caught) >= 7
    for n in caught:
        row = found.loc[chosen[n].id]
        wrong, missing = row["perhaps_wrong"].split(";"), row["perhaps_missing"].split(";")
        assert chosen[n].primary in wrong or "training" in missing
    # Most labels are no suspects, and the planted ones stand in the worse half of the list.
    assert len(table) < len(chosen) / 3
    worse = set(table["id"][: len(table) // 2])
    assert sum(chosen[n].id in worse for n in planted) >= 6


@pytest.fixture
def no_cleanlab(monkeypatch):
    load = builtins.__import__

    def refuse(name, *rest, **more):
        if name.startswith("cleanlab"):
            raise ImportError(name)
        return load(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", refuse)


def test_missing_cleanlab_is_named(labels, no_cleanlab):
    with pytest.raises(MissingExtraError, match=r"nianbao\[labels\]"):
        find_suspects(LabelSet("x", labels, ("",) * len(labels)), load_codebook())
    file = str(find_resource("corpus/labels/statements.csv"))
    found = CliRunner().invoke(app, ["themes", "suspects", file])
    assert found.exit_code == 2 and "pip install" in found.output


def test_command_writes_and_shows(labels, tmp_path):
    pytest.importorskip("cleanlab", reason="an extra")
    source = tmp_path / "few.jsonl"
    rows = [
        {"id": x.id, "role": x.role, "text": x.text, "themes": list(x.themes)}
        for x in labels[:1200:3]
    ]
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    source.write_text("\n".join(lines), encoding="utf-8")
    out = tmp_path / "suspects.csv"
    run = CliRunner().invoke
    assert (
        run(app, ["themes", "suspects", str(source), "-o", str(out), "--folds", "2"]).exit_code == 0
    )
    assert out.read_text(encoding="utf-8-sig").startswith("id,role,text,themes,perhaps_missing")
    shown = run(app, ["themes", "suspects", str(source), "--folds", "2"])
    assert shown.exit_code == 0 and "可疑标注" in shown.stdout
    few = run(app, ["themes", "suspects", str(source), "--folds", "5000"])
    assert few.exit_code == 2 and "不足以分成" in few.output
