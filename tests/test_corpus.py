"""The sample reports: made up, true to their truth, and rebuilt to the same bytes."""

from __future__ import annotations

import gzip
import io
import json
import re
import unicodedata
import zipfile
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pypdf
import pytest

from corpus.rebuild import form
from corpus.rebuild.build import build_file, needs
from corpus.rebuild.markup import parse_body, parse_inline
from corpus.rebuild.sources import REPORTS, Source, load_sources
from corpus.rebuild.tables import read_raw
from corpus.rebuild.truth import build_truths, expected_keys, write_json

ROOT = Path(__file__).resolve().parent.parent
SOURCES = {source.name: source for source in load_sources()}
TRUTHS = build_truths(list(SOURCES.values()))
PDFS = [name for name, source in SOURCES.items() if source.file.endswith(".pdf")]
PLAIN = [name for name in SOURCES if name not in PDFS]
MARK = "虚构样例 fictional sample"


def shipped(source: Source) -> bytes:
    return (REPORTS / source.file).read_bytes()


def squeeze(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def paragraphs(truth: dict[str, Any], section: str | None = None) -> list[str]:
    return [
        paragraph
        for part in truth["narrative"]
        if section in (None, part["section"])
        for paragraph in part["paragraphs"]
    ]


def read_pdf_text(data: bytes) -> str:
    return squeeze("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages))


# -- the folder ------------------------------------------------------------------------------


def test_folder_holds_what_the_sources_give_and_nothing_else() -> None:
    expected = {source.file for source in SOURCES.values()}
    expected |= {f"{name}.truth.json" for name in SOURCES}
    assert {path.name for path in REPORTS.iterdir()} == expected


def test_folder_is_small_enough_for_a_clone() -> None:
    sizes = [path.stat().st_size for path in REPORTS.iterdir()]
    assert sum(sizes) < 15_000_000
    assert max(sizes) < 1_500_000


@pytest.mark.parametrize("name", SOURCES)
def test_file_names_are_portable(name: str) -> None:
    file = SOURCES[name].file
    assert not re.search(r'[<>:"/\\|?*\x00-\x1f ]', file)
    assert file == unicodedata.normalize("NFC", file)
    assert len(file.encode()) < 100


def test_corpus_covers_what_it_promises() -> None:
    years = defaultdict(set)
    for truth in TRUTHS.values():
        years[truth["issuer"]].add(truth["year"])
    assert len(TRUTHS) >= 48
    assert len(years) >= 16
    assert all(len(y) >= 3 and max(y) - min(y) == len(y) - 1 for y in years.values())
    assert {t["edition"] for t in TRUTHS.values()} == {"2019", "2021", "narrative"}
    assert {t["level"] for t in TRUTHS.values()} == {"province", "city", "county", "township"}
    formats = Counter(t["format"] for t in TRUTHS.values())
    assert all(formats[f"{kind}-pdf"] >= 6 for kind in ("word", "browser", "typeset"))
    assert min(formats["html"], formats["text"], formats["docx"]) >= 5
    late = [t for t in TRUTHS.values() if t["edition"] == "narrative" and t["year"] > 2019]
    assert late, "a narrative report after 2019"
    kinds = {e["kind"] for t in TRUTHS.values() for e in t["planted_errors"]}
    assert kinds >= {"sum", "balance", "cross_year", "label", "narrative_table", "year"}
    states = {s for t in TRUTHS.values() for s in t["states"].values()}
    assert states == {"blank", "slash", "dash", "none", "absent"}


def test_datasheet_names_every_issuer_as_fictional() -> None:
    text = (ROOT / "corpus/README.md").read_text("utf-8")
    assert "虚构" in text
    for truth in TRUTHS.values():
        assert truth["issuer"] in text
    assert f"{len(TRUTHS)} 份报告" in text


# -- fiction ---------------------------------------------------------------------------------


def test_places_are_in_no_division_data() -> None:
    folder = ROOT / "nlp/structure/divisions"
    data = (folder / "divisions.csv").read_text("utf-8")
    data += gzip.decompress((folder / "townships.csv.gz").read_bytes()).decode()
    assert "东华门街道" in data  # the data is what we think it is
    for truth in TRUTHS.values():
        assert truth["region"]
        for place in truth["region"].values():
            assert place not in data, place


@pytest.mark.parametrize("name", SOURCES)
def test_fiction_is_marked_in_the_file_but_not_in_its_prose(name: str) -> None:
    source, truth = SOURCES[name], TRUTHS[name]
    assert truth["fictional"] is True
    assert "虚构" not in "".join([*paragraphs(truth), truth["title"] or ""])
    data = shipped(source)
    if source.file.endswith(".pdf"):
        info = pypdf.PdfReader(io.BytesIO(data)).metadata
        assert info is not None
        assert info.subject == info["/Keywords"] == MARK
    elif source.file.endswith(".docx"):
        core = zipfile.ZipFile(io.BytesIO(data)).read("docProps/core.xml").decode()
        assert core.count(MARK) >= 2
    elif source.file.endswith(".html"):
        head = data.decode(source.get("charset", "utf-8")).split("</head>")[0]
        assert MARK in head


# -- truth -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SOURCES)
def test_shipped_truth_is_what_the_source_gives(name: str) -> None:
    assert (REPORTS / f"{name}.truth.json").read_text("utf-8") == write_json(TRUTHS[name])


@pytest.mark.parametrize("name", SOURCES)
def test_statements_stand_in_section_five(name: str) -> None:
    truth = TRUTHS[name]
    five = "\n".join(paragraphs(truth, "五"))
    position = 0
    for statement in truth["statements"]:
        assert statement["section"] == "五"
        # In document order; a problem may lie inside the measure before it.
        found = five.find(statement["text"], position)
        assert found >= 0, statement["text"]
        position = found
        assert statement["text"] == statement["text"].strip("；。，、： \n")
        assert not re.match(r"[一二三四五]是|（[一二三四五]）|\d[.、]", statement["text"])
        assert statement["primary"] == statement["themes"][0]
        assert len(set(statement["themes"])) == len(statement["themes"])
        assert set(statement["themes"]) <= set(form.THEMES.values())


@pytest.mark.parametrize("name", SOURCES)
def test_pairs_join_a_problem_and_a_measure(name: str) -> None:
    statements = TRUTHS[name]["statements"]
    for problem, measure in TRUTHS[name]["pairs"]:
        assert statements[problem]["role"] == "problem"
        assert statements[measure]["role"] == "measure"
    for index, statement in enumerate(statements):
        if statement["pair"] is not None:
            pair = sorted(
                (index, statement["pair"]), key=lambda i: statements[i]["role"] != "problem"
            )
            assert pair in TRUTHS[name]["pairs"]


@pytest.mark.parametrize("name", SOURCES)
def test_sums_hold_except_where_an_error_is_planted(name: str) -> None:
    truth = TRUTHS[name]
    kinds = {error["kind"] for error in truth["planted_errors"]}
    assert bool(truth["arithmetic_violations"]) == bool(kinds & {"sum", "balance"})
    assert bool(truth["cross_year_violations"]) == ("cross_year" in kinds)
    assert truth["year_conflict"] == ("year" in kinds)
    for error in truth["planted_errors"]:
        assert error["note"]
        assert set(error.get("cells", ())) <= set(truth["cells"])


@pytest.mark.parametrize("name", SOURCES)
def test_every_cell_of_the_form_has_a_value_or_a_state(name: str) -> None:
    truth = TRUTHS[name]
    assert list(truth["cells"]) == expected_keys(SOURCES[name])
    for key, value in truth["cells"].items():
        assert (value is None) == (key in truth["states"]), key


def test_narrative_and_table_agree_except_where_planted() -> None:
    """新收 stated in section 一 is row 一 of the table."""
    tested = 0
    for name, truth in TRUTHS.items():
        printed = truth["cells"].get("3|1|总计")
        kinds = {error["kind"] for error in truth["planted_errors"]}
        match = re.search(r"新收(?:政府信息公开)?申请(\d+)件", "".join(paragraphs(truth, "一")))
        if printed is None or not match or "narrative_table" in kinds:
            continue
        tested += 1
        assert int(match[1]) == printed, name
    assert tested >= 15


def test_reuse_families_join_reports() -> None:
    members = defaultdict(set)
    for name, truth in TRUTHS.items():
        whole = "\n".join(paragraphs(truth))
        for entry in truth["reuse"]:
            assert entry["text"] in whole
            who = name if entry["kind"] == "self" else truth["issuer"]
            members[entry["kind"], entry["family"]].add(who)
    peers = {family: who for (kind, family), who in members.items() if kind == "peer"}
    assert len(peers) >= 10
    assert all(len(who) >= 2 for who in members.values())
    manners = {e["manner"] for t in TRUTHS.values() for e in t["reuse"] if e["kind"] == "peer"}
    assert manners == {"exact", "slots", "edited", "partial", "reordered"}


# -- files -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PLAIN)
def test_rebuilding_gives_the_same_bytes(name: str) -> None:
    source = SOURCES[name]
    new, old = build_file(source), shipped(source)
    if not source.file.endswith(".docx"):
        assert new == old
        return
    assert new == build_file(source)
    # Another zlib may pack the same parts differently: hold the parts, not their packing.
    packed, unpacked = (zipfile.ZipFile(io.BytesIO(data)) for data in (old, new))
    assert packed.namelist() == unpacked.namelist()
    for part in packed.namelist():
        assert packed.read(part) == unpacked.read(part), part


@pytest.mark.parametrize("name", PDFS)
def test_pdf_says_what_its_truth_says(name: str) -> None:
    text = read_pdf_text(shipped(SOURCES[name]))
    truth = squeeze("".join(paragraphs(TRUTHS[name])))
    pieces = [truth[i : i + 6] for i in range(len(truth) - 5)]
    # Page numbers and running heads cut a few sentences; nothing else may.
    assert sum(piece in text for piece in pieces) / len(pieces) > 0.95
    for key, value in TRUTHS[name]["cells"].items():
        if value and value > 9:
            assert TRUTHS[name]["raw"].get(key, str(value)) in text


@pytest.mark.parametrize("kind", ["typeset-pdf", "word-pdf", "browser-pdf"])
def test_rebuilding_a_pdf_gives_the_same_text(kind: str) -> None:
    source = next(s for s in SOURCES.values() if s.settings["format"] == kind)
    if missing := needs(source):
        pytest.skip(f"needs {missing}")
    new = build_file(source)
    assert Counter(read_pdf_text(new)) == Counter(read_pdf_text(shipped(source)))
    dates = [
        pypdf.PdfReader(io.BytesIO(d)).metadata["/CreationDate"] for d in (new, shipped(source))
    ]  # type: ignore[index]
    assert dates[0] == dates[1]
    if kind == "typeset-pdf":
        assert new == build_file(source)


# -- the source language ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "value", "state", "unit"),
    [
        ("0", 0, "zero", None),
        ("减4", -4, "number", None),  # as some agencies fill 本年增/减
        ("+17", 17, "number", None),
        ("-417", -417, "number", None),
        ("240万元", 240, "number", "万元"),
        ("43.788万元", 43.788, "number", "万元"),
        ("11,398", 11398, "number", None),
        ("", None, "blank", None),
        ("/", None, "slash", None),
        ("—", None, "dash", None),
        ("无", None, "none", None),
    ],
)
def test_read_raw(raw: str, value: float | None, state: str, unit: str | None) -> None:
    assert read_raw(raw) == (value, state, unit)


def test_marks_nest_and_give_spans() -> None:
    text, spans = parse_inline("一是{m>1 or|针对{p or|口径不一}的情况，{r F01 edited|统一口径}}。")
    assert text == "一是针对口径不一的情况，统一口径。"
    assert [(s.kind, text[s.start : s.end]) for s in spans] == [
        ("m", "针对口径不一的情况，统一口径"),
        ("p", "口径不一"),
        ("r", "统一口径"),
    ]
    assert spans[0].answers == (1,)


@pytest.mark.parametrize("bad", ["一是{p tr|不闭合", "多余}的括号", "{x tr|不认识}"])
def test_broken_marks_are_refused(bad: str) -> None:
    with pytest.raises(ValueError, match=r"mark|brace"):
        parse_inline(bad)


def test_passages_are_filled_and_marked_as_reused() -> None:
    (block,) = parse_body("全年@a.web|12@。", {"a.web": "公开信息$1条"})
    assert block.text == "全年公开信息12条。"
    assert block.spans[0].words == ("a.web", "slots")
    with pytest.raises(ValueError, match="slot"):
        parse_body("@a.web@", {"a.web": "公开信息$1条"})


def test_truth_is_json_with_chinese_as_it_is() -> None:
    text = write_json(next(iter(TRUTHS.values())))
    assert "\\u" not in text
    assert json.loads(text) == next(iter(TRUTHS.values()))
