"""A small slice of the fuzz harness, and what the long runs of it have found."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from nlp.documents import ReadError
from nlp.form.labels import label_likeness
from nlp.read import read_bytes
from nlp.tables.values import parse_value
from tests.benchmarks.fuzz import seeds
from tests.benchmarks.fuzz.cases import SHARES, make_case
from tests.benchmarks.fuzz.hostile import make_paragraph, make_word
from tests.benchmarks.fuzz.markup import pack, unpack
from tests.benchmarks.fuzz.pdf import FONT, one_page, show, stream
from tests.benchmarks.fuzz.trial import CODES

TITLE = seeds.TITLE
# Generous: a part whose time grows with the square of a line takes minutes on these files.
SECONDS = 8


def read(data: bytes, name: str = "坏.bin") -> str:
    """Text of the file, or the code of its refusal; anything else fails the test."""
    began = time.process_time()
    try:
        pages = read_bytes(data, name)
    except ReadError as error:
        assert error.code in CODES and str(error).startswith(f"{name}：应为") and error.advice
        answer = error.code
    else:
        answer = "\n".join(getattr(b, "text", "") for page in pages.pages for b in page.blocks)
    assert time.process_time() - began < SECONDS
    return answer


@pytest.mark.parametrize("kind", [k for k in SHARES if k not in ("light", "heavy", "shipped")])
def test_mutated_files_are_read_or_refused(kind: str) -> None:
    for number in range(12):
        case = make_case(7, number, (kind,))
        assert make_case(7, number, (kind,)) == case  # the number rebuilds the file
        read(case.data, case.name)


def page(body: str) -> bytes:
    return f"<html><body><h1>{TITLE}</h1><p>一、总体情况</p>{body}</body></html>".encode()


def mail(charset: bytes) -> bytes:
    return seeds.mhtml_seed().replace(b'charset="utf-8"', b'charset="%s"' % charset)


def row(properties: str, cell: str) -> bytes:
    cells = f"<w:tc>{cell}{make_paragraph('1')}</w:tc><w:tc>{make_paragraph('2')}</w:tc>"
    table = f"<w:tbl><w:tr>{properties}{cells}</w:tr></w:tbl>"
    return make_word(make_paragraph(TITLE) + table)


# What was wrong, and a file that showed it; all of these are read.
FOUND: list[tuple[str, Callable[[], bytes]]] = [
    # isdigit() is true of ², int() refuses it; int() refuses more than 4300 digits
    ("list that begins at ²", lambda: page("<ol start=²><li>目录</ol>")),
    ("item of 5000 digits", lambda: page(f"<ol><li value={'9' * 5000}>目录</ol>")),
    ("picture 5000 digits wide", lambda: page(f"<p>目录</p><img width={'9' * 5000}>")),
    ("row after ² columns", lambda: row("<w:trPr><w:gridBefore w:val='²'/></w:trPr>", "")),
    ("long span", lambda: row("", f"<w:tcPr><w:gridSpan w:val='{'9' * 5000}'/></w:tcPr>")),
    # codecs that are none of text, or that run through escapes and warn
    ("page in hex", lambda: b"<meta charset=hex>" + page("")),
    ("page in idna", lambda: b"<meta charset=idna>" + page("")),
    ("mail with NUL", lambda: mail(b"utf\x00")),
    ("mail in escapes", lambda: mail(b"unicode_escape")),
    # lines on which a careless pattern tries every pair of places
    ("emphasis", lambda: f"# {TITLE}\n\n{'**a ' * 100_000}".encode()),
    ("furniture", lambda: page(f"<pre>字体{' ' * 100_000}x</pre>")),
]  # fmt: skip


@pytest.mark.parametrize("make", [row[1] for row in FOUND], ids=[row[0] for row in FOUND])
def test_what_was_found_stays_mended(make: Callable[[], bytes]) -> None:
    assert TITLE in read(make())


def test_properties_of_another_type() -> None:
    members = [
        (name, part.replace(b"vnd.openxmlformats-package.core-properties+xml", b"xml"))
        for name, part in unpack(make_word(make_paragraph(TITLE)))
    ]
    assert TITLE in read(pack(members))


def test_mail_parts_within_parts_without_end() -> None:
    level = b"Content-Type: multipart/related; boundary=%d\n\n--%d\n"
    assert read(b"".join(level % (n, n) for n in range(1200)), "网页.mht") == "damaged"


def test_forms_that_double_at_every_level() -> None:
    """Twenty levels of two draw a million times, and nothing else stops them."""
    entries = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>"
    forms = tuple(stream(b"/X Do /X Do", entries % (n + 7)) for n in range(20))
    data = one_page(show(TITLE) + b"/X Do", resources=b"/XObject<</X 6 0 R>>", more=forms)
    assert TITLE in read(data)


def test_a_form_that_unpacks_to_megabytes_is_not_interpreted() -> None:
    """Twenty megabytes of brackets in a form took a minute; what stands before it is kept."""
    form = stream(b"[" * (20 * 2**20), b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]", pack=True)
    content = show(TITLE) + b"/X Do" + show("在表格之后", y=500)
    data = one_page(content, resources=b"/XObject<</X 6 0 R>>", more=(form,))[:-6]
    text = read(data)
    assert TITLE in text
    assert "在表格之后" not in text  # the page is cut where it draws too much, and says so


def pdf_with(font: bytes, more: bytes) -> bytes:
    # Cut off at the end, so that the reference reader is asked.
    return one_page(show(TITLE), more=(more,)).replace(FONT, font)[:-6]


RANGES = b"begincmap 1 beginbfrange <00000000> <ffffffff> <0041> endbfrange endcmap"


@pytest.mark.parametrize(
    ("font", "more"),
    [
        (FONT.replace(b">>>>]", b">>/W[0 999999999 500]>>]"), b"null"),
        (FONT[:-2] + b"/ToUnicode 6 0 R>>", stream(RANGES)),
        (FONT[:-2] + b"/ToUnicode 6 0 R>>", stream(b" " * (70 * 2**20), pack=True)),
    ],
    ids=["widths", "ranges", "bomb"],
)
def test_a_font_cannot_claim_all_the_memory(font: bytes, more: bytes) -> None:
    assert read(pdf_with(font, more)) == "too_large"


def test_characters_upon_characters() -> None:
    """Thousands in one place under white patches: each was compared with each and all."""
    stacked = show("公" * 200, size=0.01) * 20 + b"1 g 0 0 600 800 re f 0 g\n" * 20
    began = time.process_time()
    read(one_page(stacked * 3 + show(TITLE))[:-6])
    assert time.process_time() - began < SECONDS


TREE = tuple(b"<</Kids[%s]>>" % (b"%d 0 R " % (n + 7) * 10) for n in range(10))


def test_properties_that_point_into_a_tree_without_end(capfd: pytest.CaptureFixture[str]) -> None:
    """Ten levels that each name the next ten times: whoever follows them all is never done."""
    data = one_page(show(TITLE), more=(*TREE, b"<</Parent 6 0 R/Title 6 0 R>>"))
    assert TITLE in read(data.replace(b"/Root 1 0 R", b"/Root 1 0 R/Info 6 0 R")[:-6])
    assert "".join(capfd.readouterr()) == ""


@pytest.mark.parametrize(
    "key", ["Rotate", "MediaBox", "CropBox", "Annots", "Resources", "Contents"]
)
@pytest.mark.parametrize(
    "more",
    [(b"6 0 R",), (b"7 0 R", b"6 0 R"), TREE],
    ids=["itself", "circle", "tree without end"],
)
def test_references_that_lead_nowhere(key: str, more: tuple[bytes, ...]) -> None:
    data = one_page(show(TITLE), more=more)
    assert read(data.replace(b"/Parent", b"/%s 6 0 R/Parent" % key.encode())[:-6])


def test_a_page_run_together_is_no_label() -> None:
    began = time.process_time()
    assert label_likeness("公开" * 1_000_000, "行政复议") == 0.0
    assert time.process_time() - began < 0.05


def test_a_number_beyond_counting_is_no_number() -> None:
    """int() refuses thousands of digits, and no column of a frame holds twenty."""
    assert parse_value("9" * 5000).state == parse_value("1" * 20).state == "unreadable"


def test_the_harness_hides_no_module_of_python() -> None:
    """``bytes.py`` is run as a script, with its folder among the places for modules."""
    folder = Path(seeds.__file__).parent
    names = {path.stem for path in folder.glob("*.py")}
    assert not names & sys.stdlib_module_names
