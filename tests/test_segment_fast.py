"""rjieba gives the words that jieba gives, on all text that ships and on much nonsense."""

from __future__ import annotations

import csv
import json
import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.resources import find_resource
from nlp.segment import Segmenter, fast
from nlp.segment.dictionary import list_changes, merge_words
from nlp.segment.fast import FastCutter
from nlp.segment.reference import JiebaCutter

pytestmark = pytest.mark.skipif(not fast.is_available(), reason="rjieba is not installed")
CORPUS = Path(__file__).parent.parent / "corpus"
MARKS = "，。；：“”（）《》〔〕 \n\r\t　、—…!?,()/Ａ１①½é㐀鿿𠀀"
PLAIN = "abcXYZ0123456789+#&._%-"


@pytest.fixture(scope="module")
def words() -> dict[str, int]:
    return merge_words()[0]


@pytest.fixture(scope="module")
def reference(words: dict[str, int]) -> JiebaCutter:
    return JiebaCutter(words, merge_words()[1])


@pytest.fixture(scope="module")
def cutter(words: dict[str, int], reference: JiebaCutter) -> FastCutter:
    return FastCutter(list_changes(words), lambda: reference)


def strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for part in parts for text in strings(part)]


def shipped_texts() -> list[str]:
    with (CORPUS / "labels" / "statements.csv").open(encoding="utf-8-sig", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    for path in sorted((CORPUS / "reports").iterdir()):
        if path.suffix == ".txt":
            texts.append(path.read_bytes().decode("utf-8", "replace"))
        elif path.name.endswith(".truth.json"):
            texts += strings(json.loads(path.read_text(encoding="utf-8")))
    texts += [p.read_text(encoding="utf-8") for p in find_resource("corpus/dictionary").iterdir()]
    return texts


def test_the_words_of_all_that_ships_are_equal(reference: JiebaCutter, cutter: FastCutter) -> None:
    texts = shipped_texts()
    assert sum(map(len, texts)) > 200_000
    assert [t for t in texts if list(reference.cut(t)) != list(cutter.cut(t))] == []
    # and in one piece, across the borders of the texts
    whole = "".join(re.sub(r"\s", "", text) for text in texts[:3000])
    assert list(reference.cut(whole)) == list(cutter.cut(whole))


def test_the_words_of_nonsense_are_equal(
    words: dict[str, int], reference: JiebaCutter, cutter: FastCutter
) -> None:
    # rare words and letters side by side: many paths that are nearly or quite as likely
    rng = random.Random(20_260)
    known = [word for word, count in words.items() if count]
    rare = [word for word in known if words[word] <= 5]
    common = sorted(known, key=lambda word: (-words[word], word))[:3000]

    def piece() -> str:
        kind = rng.randrange(6)
        if kind == 0:
            return "".join(rng.choices(PLAIN, k=rng.randint(1, 6)))
        if kind == 1:
            return rng.choice(MARKS)
        if kind == 2:
            return chr(rng.randint(0x4E00, 0x9FD5))
        pool = (rare, common, known)[kind - 3]
        return "".join(rng.choices(pool, k=3))[: rng.randint(1, 9)]

    for _ in range(20_000):
        text = "".join(piece() for _ in range(rng.randint(1, 10)))
        assert list(cutter.cut(text)) == list(reference.cut(text)), text


@settings(max_examples=300, deadline=None)
@given(
    text=st.text(
        alphabet=st.one_of(
            st.sampled_from("不强期见政府信息公开依申请一二的了H5APPIPv6" + MARKS + PLAIN),
            st.characters(exclude_categories=["Cs"]),
        ),
        max_size=40,
    )
)
def test_the_words_of_any_text_are_equal(
    reference: JiebaCutter, cutter: FastCutter, text: str
) -> None:
    assert list(cutter.cut(text)) == list(reference.cut(text))


TEXTS = [
    # a run that jieba takes for letters, split again at each mark
    "编号AX-7c_66号",
    # a guessed word before marks that belong to the block
    "意识不强...需加强",
    # three equal characters: two paths through the dictionary are equally likely
    "同期期期对比",
    # characters that jieba takes for marks and rjieba for words
    "㐀地𠀀村鿿乡",
    # terms with letters
    "政务APP和H5页面支持IPv6，拨打12345热线",
]


@pytest.mark.parametrize("text", TEXTS)
def test_what_the_two_would_cut_otherwise(
    text: str, reference: JiebaCutter, cutter: FastCutter
) -> None:
    assert list(cutter.cut(text)) == list(reference.cut(text))


def test_words_of_ones_own_are_kept_whole_by_both() -> None:
    for quick in (False, True):
        segmenter = Segmenter(["云上政务码", "e窗通"], fast=quick)
        found = [word.text for word in segmenter.segment("推广云上政务码和e窗通")]
        assert found == ["推广", "云上政务码", "和", "e窗通"]


def test_a_version_that_was_not_compared_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    assert fast.is_available()
    monkeypatch.setattr(fast, "version", lambda name: "0.3.0")
    assert not fast.is_available()
