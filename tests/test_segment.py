"""Words and sentences: offsets, the dictionary, the cache, and quietness."""

from __future__ import annotations

import logging
import os
import pickle
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.resources import find_resource
from nlp.segment import (
    Segmenter,
    Word,
    cache,
    dictionary,
    segment,
    split_sentences,
    states,
    words,
)
from nlp.segment.fast import is_available
from nlp.segment.loading import import_jieba
from nlp.segment.states import find_states

ROOT = Path(__file__).parent.parent
DICTIONARY = find_resource("corpus/dictionary")
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="file rights as POSIX has them")


@pytest.fixture(scope="module")
def cache_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache") / "made" / "when needed"


@pytest.fixture(scope="module", params=[False, True], ids=["jieba", "rjieba"])
def segmenter(request: pytest.FixtureRequest, cache_dir: Path) -> Segmenter:
    if request.param and not is_available():
        pytest.skip("rjieba is not installed (extra fast)")
    return Segmenter(cache_dir=cache_dir, fast=request.param)


def _texts(words: list[Word]) -> list[str]:
    return [word.text for word in words]


WORDS = [
    # what jieba alone splits into 依/申请/公开 and 政务/新/媒体
    ("办理依申请公开事项", "办理 依申请公开 事项"),
    ("政务新媒体更新慢", "政务新媒体 更新 慢"),
    # numerals inside a term
    ("落实三审三校制度", "落实 三审三校 制度"),
    # a statutory label and its values
    ("三、结转下年度 12 件", "三 、 结转下年度 12 件"),
    # a percentage is one word, as is a decimal
    ("按时办结率3.5%，比上年", "按时办结率 3.5% ， 比 上年"),
    # line break inside a term: two words, each where it stands
    ("政策\n解读", "政策 解读"),
    # full-width space and digits
    ("收到　申请１件", "收到 申请 １ 件"),
    # a region name that is in the division data
    ("江苏省淮安市洪泽区", "江苏省 淮安市 洪泽区"),
    # nothing, and nothing but white space
    ("", ""),
    (" \n\t　", ""),
]


@pytest.mark.parametrize(("text", "expected"), WORDS)
def test_words(segmenter: Segmenter, text: str, expected: str) -> None:
    words = segmenter.segment(text)
    assert " ".join(_texts(words)) == expected
    assert all(text[word.start : word.end] == word.text for word in words)


def test_every_term_is_one_word(segmenter: Segmenter) -> None:
    terms = [
        line
        for line in (DICTIONARY / "terms.txt").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    assert len(terms) == len(set(terms)) >= 600
    split = {term: _texts(segmenter.segment(term)) for term in terms}
    assert {term: words for term, words in split.items() if words != [term]} == {}


def test_dictionary_lists_no_phrases_with_marks() -> None:
    for path in DICTIONARY.glob("*.txt"):
        dictionary.check_words(dictionary.read_words(path))  # raises on blanks and marks


@settings(max_examples=200, deadline=None)
@given(
    text=st.text(
        alphabet=st.one_of(
            st.sampled_from(
                "政府信息公开依申请年度报告〔2021〕30号，。；“”（）\r\n\u3000 \u2028Ａ１½"
            ),
            st.characters(exclude_categories=["Cs"]),
        ),
        max_size=60,
    )
)
def test_offsets_slice_back(segmenter: Segmenter, text: str) -> None:
    words = segmenter.segment(text)
    position = 0
    for word in words:
        assert word.text == text[word.start : word.end]
        assert word.start < word.end
        assert text[position : word.start].strip() == ""  # only white space is left out
        position = word.end
    assert text[position:].strip() == ""


def test_marks_are_told_from_words(segmenter: Segmenter) -> None:
    words = segmenter.segment("公开：3件！")
    assert [word.is_mark for word in words] == [False, True, False, False, True]


def test_same_settings_same_words_in_any_order(segmenter: Segmenter, cache_dir: Path) -> None:
    text = "建成云上政务码和政务码服务站"
    one = Segmenter(["云上政务码", "政务码服务站"], cache_dir=cache_dir)
    two = Segmenter(["政务码服务站", "云上政务码", "云上政务码"], cache_dir=cache_dir)
    assert one.segment(text) == two.segment(text)
    assert "云上政务码" in _texts(one.segment(text))
    assert "云上政务码" not in _texts(segmenter.segment(text))  # its own dictionary is untouched


def test_words_of_a_file(cache_dir: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine.txt"
    path.write_text("\ufeff# 本课题的词\n阳光小站 # 县里的叫法\n\n", encoding="utf-8")
    assert "阳光小站" in _texts(
        Segmenter(files=[path], cache_dir=cache_dir).segment("建设阳光小站")
    )
    path.write_bytes("阳光小站".encode("gb18030"))
    with pytest.raises(ValueError, match=r"mine\.txt：词典应为 UTF-8 编码"):
        Segmenter(files=[path])


@pytest.mark.parametrize("word", ["两 词", "公开，", "一\n二"])
def test_a_word_with_blanks_or_marks_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match="只含汉字、字母和数字"):
        Segmenter([word])


def test_without_guessing(cache_dir: Path) -> None:
    text = "陈墉墙同志"  # a made-up name that no dictionary has
    plain = Segmenter(hmm=False, cache_dir=cache_dir)
    assert _texts(plain.segment(text)) == ["陈", "墉", "墙", "同志"]
    assert len(Segmenter(cache_dir=cache_dir).segment(text)) < 4


def test_another_user_of_jieba_changes_nothing(
    segmenter: Segmenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    jieba = import_jieba()
    # Another test of this process may have used the tokenizer that all share.
    monkeypatch.setattr(jieba.dt, "initialized", False)
    other = jieba.Tokenizer()
    other.FREQ, other.total, other.initialized = {"公": 1, "开": 1}, 2, True
    text = "陈墉墙到阳光平台看公开信息"
    before = segmenter.segment(text)
    guessed = next(word.text for word in before if word.start == 0)
    assert len(guessed) > 1  # the hidden Markov model joined the made-up name
    # del_word enters the word in a list that all tokenizers of the process share
    forced = set(jieba.finalseg.Force_Split_Words)
    try:
        other.del_word(guessed)
        assert guessed in jieba.finalseg.Force_Split_Words
        assert segmenter.segment(text) == before
        # and the other tokenizer does not see our dictionary
        assert list(other.cut("依申请公开", HMM=False)) == ["依", "申", "请", "公", "开"]
        assert not jieba.dt.initialized
    finally:
        jieba.finalseg.Force_Split_Words.clear()
        jieba.finalseg.Force_Split_Words.update(forced)


HAN = st.one_of(
    st.sampled_from("的了是强陈墉墙不一国"),
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FD5),
)


@settings(max_examples=400, deadline=None)
@given(
    run=st.one_of(st.text(HAN, min_size=1, max_size=80), st.builds("的{0}".format, st.text(HAN)))
)
def test_the_states_are_those_of_jieba(run: str) -> None:
    model = import_jieba().finalseg
    expected = model.viterbi(run, "BMES", model.start_P, model.trans_P, model.emit_P)[1]
    assert find_states(run).decode() == "".join(expected)


class Counted(dict[str, float]):
    """A table that counts how often something is looked up in it."""

    asked = 0

    def get(self, key, default=None):  # type: ignore[override]
        Counted.asked += 1
        return super().get(key, default)


def test_a_long_run_costs_as_much_as_its_characters(
    cache_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # jieba's own walk copies its path at every character; it is not given such a run
    model = import_jieba().finalseg
    handed: list[int] = []

    def note_length(run: str, *rest: object) -> None:
        handed.append(len(run))

    monkeypatch.setattr(model, "viterbi", note_length)
    tables = {state: Counted(table) for state, table in model.emit_P.items()}
    monkeypatch.setattr(model, "emit_P", tables)
    states._load_steps.cache_clear()
    Counted.asked = 0
    run = "龘" * 30_000
    try:
        found = [Segmenter(cache_dir=cache_dir, fast=way).segment(run) for way in (False, True)]
    finally:
        states._load_steps.cache_clear()
    assert found[0] == found[1]
    assert "".join(_texts(found[0])) == run
    assert handed == []
    assert 0 < Counted.asked <= 2 * 4 * len(run)


def test_pickled_segmenter_is_its_settings(cache_dir: Path) -> None:
    original = Segmenter(["云上政务码"], hmm=False, cache_dir=cache_dir)
    text = "推广云上政务码"
    expected = original.segment(text)
    data = pickle.dumps(original)
    assert len(data) < 1000  # not the dictionary
    assert pickle.loads(data).segment(text) == expected


# -- the cache ------------------------------------------------------------------------


def test_cache_is_made_once_and_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Segmenter(cache_dir=tmp_path / "own")
    found = first.segment("政务新媒体")
    assert first.cache_file.parent == tmp_path / "own"
    made = {path.name for path in (tmp_path / "own").iterdir()}
    assert first.cache_file.name in made or not first.cache_file.exists()
    assert made <= {first.cache_file.name, first.cache_file.name.replace("words-", "changes-")}
    monkeypatch.setattr(words, "merge_words", None)  # building again would fail
    assert Segmenter(cache_dir=tmp_path / "own").segment("政务新媒体") == found


def _cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-2])


def _change_a_number(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"1", b"2", 1))


def _make_writable_by_others(path: Path) -> None:
    path.chmod(0o666)


def _make_folder_writable_by_others(path: Path) -> None:
    path.parent.chmod(0o777)


def _link_elsewhere(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to(path.with_name("elsewhere"))


@pytest.mark.parametrize(
    "spoil",
    [
        _cut_short,
        _change_a_number,
        pytest.param(_make_writable_by_others, marks=POSIX),
        pytest.param(_make_folder_writable_by_others, marks=POSIX),
        pytest.param(_link_elsewhere, marks=POSIX),
    ],
)
def test_a_damaged_or_foreign_cache_is_not_loaded(tmp_path: Path, spoil) -> None:
    path = tmp_path / "own" / "words.json"
    cache.save_cache(path, [{"公开": 3}, 3])
    assert cache.load_cache(path) == [{"公开": 3}, 3]
    spoil(path)
    assert cache.load_cache(path) is None


def test_a_cache_that_cannot_be_written_costs_only_speed(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("在这里建不了文件夹", encoding="utf-8")
    cache.save_cache(blocked / "words.json", [{"公开": 3}, 3])
    assert cache.load_cache(blocked / "words.json") is None


def test_a_changed_dictionary_has_another_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "corpus" / "dictionary").mkdir(parents=True)
    terms = tmp_path / "corpus" / "dictionary" / "terms.txt"
    monkeypatch.setattr(dictionary, "find_resource", lambda name: tmp_path / name)
    names = set()
    for text in ("政务码\n", "政务码\n云上政务码\n"):
        terms.write_text(text, encoding="utf-8")
        names.add(Segmenter().cache_file.name)
    assert len(names) == 2


def test_default_cache_is_the_users_own() -> None:
    from platformdirs import user_cache_path

    assert Segmenter().cache_file.is_relative_to(user_cache_path("nianbao", appauthor=False))


# -- quietness ------------------------------------------------------------------------


def test_quiet_and_the_same_in_another_process(segmenter: Segmenter, tmp_path: Path) -> None:
    text = "推广陈墉墙同志的做法，落实三审三校制度"
    code = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from nlp.segment import Segmenter
# jieba's compiled files are looked for elsewhere: it is compiled again, and would warn
sys.pycache_prefix = {str(tmp_path / "pyc")!r}
words = Segmenter(cache_dir={str(tmp_path / "cache")!r}).segment({text!r})
sys.stdout.buffer.write(" ".join(word.text for word in words).encode())
"""
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        env={**os.environ, "PYTHONHASHSEED": "7"},
        timeout=120,
    )
    assert result.stderr == b""
    assert result.stdout.decode() == " ".join(_texts(segmenter.segment(text)))


def test_jieba_does_not_log(segmenter: Segmenter, capfd: pytest.CaptureFixture[str]) -> None:
    segmenter.segment("公开")
    logger = logging.getLogger("jieba")
    logger.debug("Building prefix dict")
    assert capfd.readouterr().err == ""


# -- sentences ------------------------------------------------------------------------

SENTENCES = [
    # the usual case
    ("公开及时。内容完整！", ["公开及时。", "内容完整！"]),
    # items of an enumeration
    ("一是培训；二是检查。", ["一是培训；", "二是检查。"]),
    # no stop at the end
    ("加强培训", ["加强培训"]),
    # a closing quote or bracket stays with its sentence
    ("提出“应公开尽公开。”随后落实。", ["提出“应公开尽公开。”", "随后落实。"]),
    ("（详见附件。）下一步整改。", ["（详见附件。）", "下一步整改。"]),
    # a stop inside a bracket that goes on ends nothing
    ("完善制度（一是审核；二是归档），加强培训。", ["完善制度（一是审核；二是归档），加强培训。"]),
    ("印发《怎么办？十问》一册。", ["印发《怎么办？十问》一册。"]),
    # a bracket that never closes does not swallow the rest
    ("加强（培训。完善制度。", ["加强（培训。", "完善制度。"]),
    # several stops in a row
    ("真的吗？！是的。。", ["真的吗？！", "是的。。"]),
    # a line break ends a sentence, blank lines are none, and white space is left out
    ("总体情况\n\n　　主动公开。 \r\n 其他", ["总体情况", "主动公开。", "其他"]),
    # an ASCII full stop is a decimal point here
    ("公开率98.5%。", ["公开率98.5%。"]),
    # nothing
    ("", []),
    (" \n ", []),
    # a stop alone is kept: nothing of the text is lost
    ("。", ["。"]),
]


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
def test_sentences(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in split_sentences(text)] == expected


def test_sentences_of_a_part_count_from_the_beginning() -> None:
    text = "甲。乙。丙。"
    assert split_sentences(text, 2, 5) == [(2, 4), (4, 5)]
    assert split_sentences(text, 4, 2) == []


def test_stops_are_the_callers_choice() -> None:
    text = "一是培训；二是检查。三是整改。"
    assert [text[a:b] for a, b in split_sentences(text, stops="。！？")] == [
        "一是培训；二是检查。",
        "三是整改。",
    ]


@settings(max_examples=300, deadline=None)
@given(
    text=st.text(alphabet="公开。；！“”（）《》\n\r 　!a", max_size=50),
    start=st.integers(0, 50),
    end=st.one_of(st.none(), st.integers(0, 50)),
)
def test_sentences_lose_nothing(text: str, start: int, end: int | None) -> None:
    ranges = split_sentences(text, start, end)
    part = text[start:end]
    assert "".join(text[a:b] for a, b in ranges).split() or not part.strip()
    kept = "".join("".join(text[a:b].split()) for a, b in ranges)
    assert kept == "".join(part.split())
    assert all(a < b for a, b in ranges)
    assert all(one[1] <= two[0] for one, two in pairwise(ranges))
    assert all("\n" not in text[a:b] for a, b in ranges)


def test_module_functions_share_one_dictionary(
    cache_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "user_cache_path", lambda *args, **kwargs: cache_dir)
    words._default_segmenter.cache_clear()
    assert _texts(segment("政务新媒体")) == ["政务新媒体"]
    assert _texts(segment("用云上政务码", words=["云上政务码"])) == ["用", "云上政务码"]
