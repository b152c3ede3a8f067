"""The page is one well-formed file that asks for nothing and runs nothing of the reports."""

from __future__ import annotations

import json
import re
import zlib
from base64 import b64decode, b64encode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from nlp.documents import make_frame
from nlp.render import ThemeEntry, write_page
from nlp.render.payload import make_blocks
from tests.render.sample_frames import MANIFEST, make_sample

VOID = {"meta", "link", "input", "br", "img", "hr", "area", "base", "col", "embed", "source", "wbr"}


class Reader(HTMLParser):
    """Keeps every tag, checks that they nest, and collects what scripts and blocks hold."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[int, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"{tag} repeats an attribute"
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, (
            f"</{tag}> at {self.getpos()} in {self.open[-3:]}"
        )
        self.open.pop()

    def handle_data(self, data: str) -> None:
        number = len(self.tags) - 1
        if not self.open or self.open[-1] != self.tags[number][0]:
            return  # text after an end tag
        self.texts[number] = self.texts.get(number, "") + data

    def contents(self, tag: str) -> list[tuple[dict[str, str | None], str]]:
        return [
            (attrs, self.texts.get(number, ""))
            for number, (name, attrs) in enumerate(self.tags)
            if name == tag
        ]


def read(path: Path) -> Reader:
    reader = Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    reader.close()
    return reader


def unpack(reader: Reader, name: str) -> Any:
    packed = next(t for attrs, t in reader.contents("script") if attrs.get("id") == f"b-{name}")
    return json.loads(zlib.decompress(b64decode(packed)))


@pytest.mark.parametrize("kind", ["page", "hostile_page"])
def test_tags_nest_and_ids_are_unique(kind: str, request: pytest.FixtureRequest) -> None:
    reader = read(request.getfixturevalue(kind))
    assert reader.open == []
    ids = [attrs["id"] for _, attrs in reader.tags if "id" in attrs]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("kind", ["page", "hostile_page"])
def test_nothing_is_asked_of_the_network(kind: str, request: pytest.FixtureRequest) -> None:
    path = request.getfixturevalue(kind)
    reader = read(path)
    for tag, attrs in reader.tags:
        for name in ("src", "href", "action", "data", "poster", "srcset"):
            value = attrs.get(name)
            assert value is None or value.startswith(("#", "data:")), (tag, name, value)
    style = reader.contents("style")[0][1]
    assert re.findall(r"url\((?!data:|#)", style) == []
    assert "@import" not in style


@pytest.mark.parametrize("kind", ["page", "hostile_page"])
def test_only_our_own_script_and_style_may_run(kind: str, request: pytest.FixtureRequest) -> None:
    reader = read(request.getfixturevalue(kind))
    policy = next(a["content"] for t, a in reader.tags if a.get("http-equiv"))
    assert policy is not None and policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    scripts = [text for attrs, text in reader.contents("script") if "type" not in attrs]
    assert len(scripts) == 1
    for text in (scripts[0], reader.contents("style")[0][1]):
        digest = b64encode(sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert not [a for _, a in reader.tags if any(name.startswith("on") for name in a)]
    assert not [a for _, a in reader.tags if "style" in a]  # the policy would drop them


def test_hostile_text_is_shown_as_text(hostile_page: Path) -> None:
    reader = read(hostile_page)
    assert not [t for t, _ in reader.tags if t == "img"]
    html = hostile_page.read_text(encoding="utf-8")
    assert "&lt;script&gt;window.hacked=1" in html
    assert "{{7*7}}" in html.replace("&#39;", "'")  # not run as a template
    index = unpack(reader, "index")
    report = unpack(reader, "r-" + index["reports"][0][0])
    assert "</script><script>" in report["text"]  # kept whole inside its block


def test_same_frames_same_bytes(
    tmp_path: Path, hostile_page: Path, theme_entries: tuple[ThemeEntry, ...], hostile_frames: Any
) -> None:
    from tests.render.conftest import HOSTILE

    again = tmp_path / "again.html"
    write_page(hostile_frames, {**MANIFEST, "note": HOSTILE}, again, themes=theme_entries)
    assert again.read_bytes() == hostile_page.read_bytes()


def test_every_report_is_in_the_page_and_in_its_own_block(
    page: Path, frames: dict[str, pd.DataFrame]
) -> None:
    reader = read(page)
    index = unpack(reader, "index")
    assert {r[0] for r in index["reports"]} == set(frames["reports"]["report_id"])
    texts = frames["reports"].set_index("report_id")["text"]
    for row in index["reports"][:5]:
        report = unpack(reader, "r-" + row[0])
        assert report["text"] == texts[row[0]]
        assert len(report["cells"]) == 200
    failed = frames["checks"]["result"] == "fail"
    assert len(unpack(reader, "checks")) == failed.sum()
    names = unpack(reader, "indicators")["names"]
    rows = [unpack(reader, f"n-{number}") for number in range(len(names))]
    assert sum(map(len, rows)) == len(frames["indicators"])


def test_offsets_slice_as_javascript_counts(
    frames: dict[str, pd.DataFrame], theme_entries: tuple[ThemeEntry, ...]
) -> None:
    """The sample's texts hold 𠮷, which JavaScript counts as two, before every statement."""
    blocks = make_blocks(frames, theme_entries)
    texts = frames["statements"].set_index(["report_id", "statement"])["text"]
    seen = 0
    for name, block in blocks:
        if not name.startswith("r-"):
            continue
        units = block["text"].encode("utf-16-le")
        for number, _, start, end, *_ in block["statements"]:
            assert units[2 * start : 2 * end].decode("utf-16-le") == texts[name[2:], number]
            seen += 1
    assert seen == len(texts) > 100


def test_why_a_person_or_an_older_result_gave_a_tag_is_not_made_up(
    frames: dict[str, pd.DataFrame], theme_entries: tuple[ThemeEntry, ...]
) -> None:
    tags = frames["themes"].copy()
    by_hand = tags.index[tags["assigned"]][0]
    tags.loc[by_hand, ["probability", "evidence"]] = pd.NA
    report, number, theme = tags.loc[by_hand, ["report_id", "statement", "theme"]]
    for given, words in ((tags, True), (tags.drop(columns="evidence"), False)):
        blocks = dict(make_blocks({**frames, "themes": given}, theme_entries))
        told = {s[0]: s[9:] for s in blocks[f"r-{report}"]["statements"]}
        probabilities, evidence, _ = told[number]
        assert probabilities[theme] is None
        assert theme not in evidence
        assert any(evidence for _, evidence, _ in told.values()) == words


def test_the_named_themes_come_first_and_apart(page: Path) -> None:
    html = page.read_text(encoding="utf-8")
    named = html.index('<article class="card theme" id="t-training"')
    assert named < html.index('id="t-policy_interpretation"')
    assert html.index('id="t-key_sector_disclosure"') < html.index('id="t-proactive_disclosure"')
    assert html.count('<article class="card theme"') == 3


def test_skipped_files_are_listed_with_their_reason(
    page: Path, frames: dict[str, pd.DataFrame]
) -> None:
    html = page.read_text(encoding="utf-8")
    for row in frames["skipped"].to_dict("records"):
        assert str(row["file"]) in html
        assert str(row["reason"]) in html


def test_characters_without_a_glyph_are_reported_and_noted(
    tmp_path: Path, page: Path, theme_entries: tuple[ThemeEntry, ...]
) -> None:
    path = tmp_path / "rare.html"
    findings = write_page(make_sample(1), MANIFEST, path, themes=theme_entries)
    assert [f.code for f in findings] == ["font_missing_characters"]
    assert "𠮷" in findings[0].message
    assert 'id="font-note"' in path.read_text(encoding="utf-8")


def test_an_empty_result_still_gives_a_page(tmp_path: Path) -> None:
    path = tmp_path / "empty.html"
    assert write_page({"reports": make_frame("reports", ())}, {}, path) == ()
    reader = read(path)
    assert reader.open == []
    assert unpack(reader, "index")["reports"] == []


def test_wrong_frames_are_refused(tmp_path: Path, frames: dict[str, pd.DataFrame]) -> None:
    with pytest.raises(KeyError, match="reports"):
        write_page({"cells": frames["cells"]}, {}, tmp_path / "x.html")
    with pytest.raises(KeyError, match="extra"):
        write_page({**frames, "extra": frames["cells"]}, {}, tmp_path / "x.html")
