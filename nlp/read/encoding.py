"""Bytes to text: which encoding a Chinese file is in, and what could not be decoded."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from nlp.documents import ReadError

# Characters that any report in either script is full of; a wrong guess has few of them.
_SIMPLIFIED = (
    "政府信息公开工作年度报告条例主动依申请受理办理机关单位的和在有了不是为一二三四五六情况"
)
_TRADITIONAL = "公開報告條例動請辦機關單為況與從說務應當發個後來會國學業進過還這點當權實與際"
_COMMON = frozenset(_SIMPLIFIED + _TRADITIONAL)
# Enough text to judge by; the whole file is decoded once, with the encoding that won.
_SAMPLE = 200_000
# More undecodable bytes than this and the encoding is not known.
_MAX_BAD_SHARE = 0.02
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Pages declare GB2312 or GBK and use characters of GB18030, which contains both.
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "x-gbk": "gb18030"}
# Names that Python gives to encodings of text.
_OF_TEXT = re.compile(
    r"utf-(?:8|16|32)|gb|big5|hz|cp\d|iso|euc|shift_jis|johab|koi8|mac|latin|ascii"
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file, its encoding, and how many places could not be decoded."""

    text: str
    encoding: str
    bad: int


def decode(data: bytes, name: str, *, declared: str | None = None) -> Decoded:
    """Decode a file: byte order mark, UTF-16 without one, UTF-8, declared, GB18030, Big5.

    Raises
    ------
    ReadError
        ``damaged`` where no encoding fits.

    Examples
    --------
    >>> decode("依申请公开".encode("gbk"), "a.txt").encoding
    'gb18030'
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _decoded(data, encoding)
    # A sample must not end within a character; cutting at a line break is safe.
    sample = data if len(data) <= _SAMPLE else data[: data.rfind(b"\n", 0, _SAMPLE) + 1 or _SAMPLE]
    candidates = ["utf-8", "gb18030", "big5hkscs"]
    if declared:
        known = find_codec(declared)
        if known:
            candidates.insert(0, known)
    if sample.count(0) > len(sample) // 20 or len(data) % 2 == 0:
        candidates += ["utf-16-le", "utf-16-be"]
    best = max(dict.fromkeys(candidates), key=lambda encoding: _fitness(sample, encoding))
    result = _decoded(data, best)
    if result.bad > max(3, _MAX_BAD_SHARE * len(result.text)):
        raise ReadError(
            "damaged",
            name,
            expected="UTF-8、GB18030、Big5 或 UTF-16 编码的文字",
            found="认不出编码的文字",
            advice="请用记事本等软件打开后另存为 UTF-8 编码，再读取。",
        )
    return result


def find_codec(label: str) -> str | None:
    """Give Python's name of an encoding that a page declares; None where it is none of text.

    Python knows codecs that are no encodings of text (hex, zip), and some that run the text
    through an interpreter of escapes; a page that names one is wrong or means harm.

    Examples
    --------
    >>> find_codec("GB2312"), find_codec("hex"), find_codec("unicode_escape")
    ('gb18030', None, None)
    """
    label = label.strip().strip("\"'").lower()
    try:
        name = codecs.lookup(_WIDER.get(label, label)).name
    except (LookupError, ValueError):
        return None
    return name if _OF_TEXT.match(name) else None


def _fitness(sample: bytes, encoding: str) -> float:
    """Share of usual characters, less a penalty for what cannot be decoded.

    UTF-8 has a form that other encodings do not meet by chance, so where most of it
    decodes it wins.
    """
    text = sample.decode(encoding, errors="replace")
    if not text:
        return -1.0
    bad = text.count("\ufffd")
    wide = [c for c in text if c > "\x7f" and c != "\ufffd"]
    if encoding.startswith("utf-8"):
        return 2.0 if bad == 0 else 0.9 - 2 * bad / (bad + len(wide))
    usual = sum(c in _COMMON for c in wide) / len(wide) if wide else 0.0
    return usual - 20 * bad / len(text)


def _decoded(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, errors="replace")
    # U+FFFD may also stand in the file itself; both are places where a character is lost.
    return Decoded(text, encoding.removesuffix("-sig"), text.count("\ufffd"))
