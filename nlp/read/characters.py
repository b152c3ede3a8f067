"""Characters that look like others or like nothing, made into what a reader sees."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\u200b-\u200f\u2060\ufeff\u00ad\ud800-\udfff]")
# Radicals that browsers and some fonts write in place of the character itself
# (EquivalentUnifiedIdeograph.txt of Unicode; the Kangxi block decomposes by NFKC).
_SUPPLEMENT = (
    "⺁厂⺇几⺌小⺎兀⺏尣⺐尢⺒巳⺓幺⺔彑⺕彐⺖忄⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺟母⺠民⺡氵⺢氺⺣灬⺤爫⺥爫"
    "⺦丬⺧牛⺨犭⺩王⺪疋⺫目⺬示⺭礻⺯糹⺰纟⺲罒⺶羊⺷羊⺹耂⺼月⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见"
    "⻆角⻇角⻈讠⻉贝⻊足⻋车⻌辶⻍辶⻎辶⻏邑⻐钅⻑長⻒镸⻓长⻔门⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食"
    "⻟飠⻠饣⻡首⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟"
)
_RADICALS = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
_RADICALS |= {
    ord(radical): whole for radical, whole in zip(_SUPPLEMENT[::2], _SUPPLEMENT[1::2], strict=True)
}


def clean_characters(text: str) -> str:
    """Drop what cannot be seen (NUL, zero width, lone surrogates); fold radicals.

    Examples
    --------
    >>> clean_characters("⾏政许可\\x00\\u200b⻓期")
    '行政许可长期'
    """
    return fold_radicals(_INVISIBLE.sub("", text))


def fold_radicals(text: str) -> str:
    """Turn radicals that stand for a character into that character, one for one."""
    return text.translate(_RADICALS)
