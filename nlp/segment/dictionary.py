"""The words that text is split into: jieba's dictionary and the words of this field."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path

from nlp.resources import find_resource

# What jieba takes for one block of text to be split; everything else is a mark.
BLOCK = re.compile(r"([\u4e00-\u9fd5A-Za-z0-9+#&._%\-]+)")


def list_sources() -> list[Path]:
    """Give jieba's dictionary, and then the project's own in order of name."""
    # found, not imported: what cuts by other means need not wait for jieba
    spec = find_spec("jieba")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("没有找到 jieba；请重新安装 nianbao")
    base = Path(spec.origin).with_name("dict.txt")
    return [base, *sorted(find_resource("corpus/dictionary").glob("*.txt"))]


def read_words(path: Path) -> list[str]:
    """Read a dictionary: UTF-8, one word a line, ``#`` begins a remark."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise ValueError(f"{path.name}：词典应为 UTF-8 编码；请另存为 UTF-8 后再用") from error
    words = (line.partition("#")[0].strip() for line in lines)
    return [word for word in words if word]


def check_words(words: Iterable[str]) -> tuple[str, ...]:
    """Sort and de-duplicate, so that the order in which words are given does not matter."""
    found = set()
    for word in words:
        if not word.strip():
            continue
        if not BLOCK.fullmatch(word.strip()):
            raise ValueError(
                f"词典里的词应只含汉字、字母和数字；实为“{word}”。请去掉空格和标点，一行一词"
            )
        found.add(word.strip())
    return tuple(sorted(found, key=lambda word: (len(word), word)))


def count_prefixes(lines: Iterable[str]) -> tuple[dict[str, int], int]:
    """Build jieba's prefix dictionary: a word has its frequency, a mere prefix has 0."""
    frequencies: dict[str, int] = {}
    total = 0
    for line in lines:
        word, _, rest = line.partition(" ")
        if not rest:
            continue
        count = int(rest.partition(" ")[0])
        frequencies[word] = count
        total += count
    for word in list(frequencies):
        for size in range(1, len(word)):
            frequencies.setdefault(word[:size], 0)
    return frequencies, total


def add_words(frequencies: dict[str, int], total: int, words: Sequence[str]) -> int:
    """Add words with just enough frequency to win against any way of splitting them."""
    for word in words:
        # best[i]: log probability of the likeliest split of word[:i] into shorter words
        best = [0.0] + [-math.inf] * len(word)
        for end in range(1, len(word) + 1):
            for start in range(end):
                if end - start == len(word):
                    continue
                count = frequencies.get(word[start:end], 0) or (1 if end - start == 1 else 0)
                if count:
                    best[end] = max(best[end], best[start] + math.log(count / total))
        split = math.exp(best[-1]) if best[-1] > -math.inf else 0.0
        needed = max(int(split * total) + 1, frequencies.get(word, 0), 3)
        total += needed - frequencies.get(word, 0)
        frequencies[word] = needed
        for size in range(1, len(word)):
            frequencies.setdefault(word[:size], 0)
    return total


def merge_words() -> tuple[dict[str, int], int]:
    """Build the merged dictionary from its sources: frequencies and their total."""
    base, *own = list_sources()
    with base.open(encoding="utf-8") as lines:
        frequencies, total = count_prefixes(lines)
    terms = check_words(word for file in own for word in read_words(file))
    return frequencies, add_words(frequencies, total, terms)


def list_changes(frequencies: dict[str, int]) -> dict[str, int]:
    """Give the words whose frequency is not the one that jieba's own dictionary has."""
    base, *_ = list_sources()
    with base.open(encoding="utf-8") as lines:
        plain, _ = count_prefixes(lines)
    return {
        word: count for word, count in frequencies.items() if count and plain.get(word) != count
    }
