"""How much two texts have in common, in words and in themes; both steps that pair texts use it."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

# Words that every section uses and that make nothing alike.
_NOISE = re.compile(
    "政府信息公开|政务公开|信息公开|政府信息|公开工作|工作|进一步|加强|提高|提升|完善|有待|不够"
    "|问题|存在|不断|继续|切实|我[局镇乡县市区省厅委办]|街道|水平|要求|力度|需要|仍需|还需|方面|部分"
    "|个别|有些|较为|主要|情况|有关|相关|以及|同时|积极|全面|认真|严格|做好|开展|推进|落实|及时"
)
_DIGITS = re.compile(r"\d+")
_NOT_WORD = re.compile(r"[\W_]+")


def mask_wording(text: str) -> str:
    """Give the wording alone: no marks, every number 0.

    Examples
    --------
    >>> mask_wording("开展培训 12 次；")
    '开展培训0次'
    """
    return _DIGITS.sub("0", _NOT_WORD.sub("", unicodedata.normalize("NFKC", text)))


@lru_cache(maxsize=50_000)
def _pairs(text: str) -> frozenset[str]:
    framed = f"\x02{mask_wording(text)}\x03"
    return frozenset(framed[i : i + 2] for i in range(len(framed) - 1))


@lru_cache(maxsize=50_000)
def _content(text: str) -> tuple[tuple[str, int], ...]:
    words = _NOT_WORD.split(_NOISE.sub(" ", re.sub(r"\s+", "", text)))
    return tuple(Counter(w[i : i + 2] for w in words for i in range(len(w) - 1)).items())


def compare_wording(a: str, b: str) -> float:
    """Give the Jaccard index of the character pairs of two texts, numbers masked, 0 to 1.

    Examples
    --------
    >>> compare_wording("开展培训3次", "开展培训12次")
    1.0
    """
    one, other = _pairs(a), _pairs(b)
    return len(one & other) / max(1, len(one | other))


def share_content(a: str, b: str) -> float:
    """Give the share of the shorter text's content pairs that the other has too, 0 to 1.

    Words that every report uses (进一步, 工作) do not count.

    Examples
    --------
    >>> share_content("政策解读形式单一", "进一步丰富政策解读形式") > 0.6
    True
    """
    one, other = Counter(dict(_content(a))), Counter(dict(_content(b)))
    smaller = min(sum(one.values()), sum(other.values()))
    return sum((one & other).values()) / max(1, smaller)


def cover_content(a: str, b: str) -> float:
    """Give the share of the content pairs of ``a`` that ``b`` has too, 0 to 1."""
    one, other = Counter(dict(_content(a))), Counter(dict(_content(b)))
    return sum((one & other).values()) / max(1, sum(one.values()))


def compare_themes(a: Mapping[str, float] | None, b: Mapping[str, float] | None) -> float:
    """Give the cosine of two theme profiles, 0 to 1; 0 where one is missing.

    Examples
    --------
    >>> compare_themes({"training": 0.9, "platform": 0.1}, {"training": 0.8})
    0.9938837346736189
    """
    if not a or not b:
        return 0.0
    dot = sum(value * b.get(key, 0.0) for key, value in a.items())
    size = math.sqrt(sum(v * v for v in a.values()) * sum(v * v for v in b.values()))
    return dot / size if size else 0.0
