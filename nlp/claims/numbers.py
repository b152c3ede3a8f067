"""First stage: numbers with their units and the words that blur them.

Chinese numerals are converted only where a unit follows, by ``read_chinese`` here: the
whole grammar needed is digits, 十 百 千 万 亿 and a decimal point, and a library that
refuses 十余 or reads 一带 as a number would have to be fenced off with the same patterns.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from nlp.documents import Bound, ClaimForm, ClaimKind

_DIGITS = dict(
    zip("零〇○一二两三四五六七八九", (0, 0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True)
)
_TENS = {"十": 10, "百": 100, "千": 1000}
_SCALES = {"万": 10_000, "亿": 100_000_000}
# Printed full-width; each becomes one character, so that offsets stay what they are.
_FOLD = {**{ord("０") + i: str(i) for i in range(10)}, ord("％"): "%", ord("．"): ".",
         ord("—"): "-", ord("－"): "-", ord("–"): "-", ord("～"): "~", ord("〜"): "~",
         ord("\u00a0"): " ", ord("\u3000"): " "}  # fmt: skip

# Longest first: 条次 before 条.
UNITS = (
    "个百分点 百分点 大类 小类 大项 小项 子项 平方米 平方公里 个工作日 工作日 个小时 个自然日 "
    "自然日 个月 小时 分钟 "
    "人次 条次 户次 场次 件次 篇次 期次 册次 批次 点次 班次 家次 项次 车次 台次 个次 万元 亿元 "
    "公里 课时 学时 余人 人 条 件 篇 份 项 宗 起 次 名 位 场 期 个 台 辆 处 家 所 本 册 部 卷 "
    "批 轮 类 张 幅 则 封 通 笔 户 栋 座 块 间 亩 元 秒 天 日 周 字 例 步 种 套 门 届 站 点 页 "
    "只 款 段 集 档 组 队 支 班 倍 岁 米 吨 千米 级 层 盘 句 首 单 股 片 枚 版 讲 课 堂 桩 村 市 "
    "县 乡 镇 帧 粉 号 "
    # 3分 of a mark, not 分别 or 分管.
    "分(?![管类别解享布工级为步析期配时头之公局院批业组散队支发行清化门至送钟])"
).split()
_BRACKETED = r"(?:[（(](?:次|篇|件|条|份|项|人|场|期|个|人次)[）)])?"
_UNIT = f"(?:{'|'.join(sorted(UNITS, key=len, reverse=True))})"
_BEFORE = (
    "不少于|不低于|不超过|不高于|不多于|不到|不足|未满|不满|至少|最少|最多|最高|至多|大约|大概|约为|约有"
    "|将近|接近|超过|超出|超|突破|逾|高于|多于|少于|低于|近|约|达到了|达到|达|高达|多达|共计|共|仅"
)
_AFTER = "以上|左右|上下|以内|之内|以下|之多|之久|有余"
_ARABIC = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_HAN = "[零〇○一二两三四五六七八九十百千万亿]"
_CHINESE = f"{_HAN}+(?:点{_HAN}+)?"
_MANY = "[余多来几]"

# 达到, 共 and 仅 stand before a number without blurring it: they are not part of the claim.
_PLAIN_BEFORE = re.compile("(?:达到了|达到|达|共计|共|仅)+")

_NUMBER = re.compile(
    rf"""
    (?P<before>(?:{_BEFORE}){{0,2}})\s?
    (?:
      (?P<fraction>百分之(?P<percent>{_CHINESE}|{_ARABIC})|(?P<under>{_HAN}{{1,3}})分之(?P<upper>{_HAN}{{1,3}}))
     |(?P<low>{_ARABIC})\s?(?P<lowscale>[十百千]?[万亿]?)\s?(?P<lowpercent>%?)
        (?:\s?[-~至到]\s?(?P<high>{_ARABIC})\s?(?P<highscale>[十百千]?[万亿]?)(?P<highpercent>%?))?
     |(?P<chinese>{_CHINESE}|数[十百千万]|几[十百千万]|[上过][百千万])
    )
    (?P<many>{_MANY}?)(?P<manyscale>[十百千]?[万亿]?)\s?
    (?P<unit>{_UNIT}{_BRACKETED}|成(?![立为果功效])|%|‰)?
    (?P<after>(?:{_AFTER})?)
    """,
    re.VERBOSE,
)
_HALF = re.compile(
    "(?<!期限)(?<!时间)(?<!进度)(?P<over>(?:占比|占|数量|人数)?(?:过|超过|超)(?:半数|一半|半)|半数以上|一半以上)|(?<![过超一])半数|(?<![过超])一半"
)
_OVER = frozenset(
    "不少于 不低于 至少 最少 超过 超出 超 突破 逾 高于 多于 余 多 来 以上 之多 有余 几".split()
)
_BELOW = frozenset(
    "不超过 不高于 不多于 不到 不足 未满 不满 最多 最高 至多 将近 接近 少于 低于 近 "
    "以内 之内 以下".split()
)
_ABOUT = frozenset("大约 大概 约为 约有 约 左右 上下".split())
_MONEY = {"元": 1, "万元": 10_000, "亿元": 100_000_000}
_TIMES = frozenset("个工作日 工作日 个小时 小时 分钟 秒 天 日 周 个月 个自然日 自然日".split())


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written: ``[start, end)`` with its blurring words and its unit.

    ``digit`` is where the number itself begins, after 约, 近 and the like.
    """

    start: int
    digit: int
    end: int
    value: float
    high: float | None
    bound: Bound
    form: ClaimForm
    kind: ClaimKind
    unit: str | None
    plain: str


def fold_digits(text: str) -> str:
    """Give the text with full-width digits, per cent and dashes folded, length unchanged.

    Examples
    --------
    >>> fold_digits("公开１２条，占５％")
    '公开12条，占5%'
    """
    return text.translate(_FOLD)


_MARKS = str.maketrans(",;:!?()", "，；：！？（）")
# A half-width full stop between characters: 0条.内容, 公开平台.
_STOPS = re.compile(r"(?<=[\u4e00-\u9fff）)])\.(?=[\s\u4e00-\u9fff（(]|$)")
_INSIDE = re.compile(r"(?<=\d),(?=\d{3}(?!\d))|(?<=\d):(?=\d\d)")


def fold_marks(text: str) -> str:
    """Give the text with half-width marks made full-width, but for those inside a number.

    Examples
    --------
    >>> fold_marks("公开1,204条,其中:动态3条")
    '公开1,204条，其中：动态3条'
    """
    folded = list(text.translate(_MARKS))
    for match in _INSIDE.finditer(text):
        folded[match.start()] = match.group()
    for match in _STOPS.finditer(text):
        folded[match.start()] = "。"
    return "".join(folded)


def read_chinese(text: str) -> float | None:
    """Read a Chinese numeral; None where the characters make no number.

    Examples
    --------
    >>> read_chinese("一百二十三"), read_chinese("两千零五"), read_chinese("十二万")
    (123.0, 2005.0, 120000.0)
    >>> read_chinese("三点五"), read_chinese("二〇"), read_chinese("百千") is None
    (3.5, 20.0, True)
    """
    whole, point, rest = text.partition("点")
    if point:
        head, tail = read_chinese(whole), [_DIGITS.get(c) for c in rest]
        if head is None or None in tail:
            return None
        return head + float("0." + "".join(str(d) for d in tail))
    if len(whole) > 1 and all(c in _DIGITS for c in whole):
        # 二〇二三 is read digit by digit; 两三 is no one number.
        if "零" in whole or "〇" in whole or "○" in whole:
            return float("".join(str(_DIGITS[c]) for c in whole))
        return None
    total = section = 0.0
    digit: float | None = None
    last = 10.0**12
    for c in whole:
        if c in _DIGITS:
            if digit:
                return None
            digit = float(_DIGITS[c])
        elif c in _TENS:
            if _TENS[c] >= last or (digit is None and (section or _TENS[c] > 10)):
                return None
            section += (1.0 if digit is None else digit) * _TENS[c]
            digit, last = None, _TENS[c]
        else:
            section += digit or 0.0
            if not section:
                return None
            if _SCALES[c] == 100_000_000:
                total = (total + section) * _SCALES[c]
            else:
                total += section * _SCALES[c]
            section, digit, last = 0.0, None, 10.0**12
    return total + section + (digit or 0.0)


def _scale(*marks: str) -> float:
    result = 1.0
    for mark in marks:
        for c in mark:
            result *= _TENS.get(c, 1) * _SCALES.get(c, 1)
    return result


def _arabic(text: str) -> float:
    return float(text.replace(",", ""))


def _clean(value: float) -> float:
    # 2.1 × 10000 is 21000.000000000004 in binary.
    return round(value, 6)


def find_numbers(folded: str) -> list[Number]:
    """Find every number with its unit; ``folded`` is what ``fold_digits`` gives.

    Examples
    --------
    >>> [(n.value, n.bound, n.unit) for n in find_numbers("推送2.1万余条，近三百人次参加，占5%")]
    [(21000.0, 'over', '条'), (300.0, 'under', '人次'), (5.0, 'exact', '%')]
    """
    found: list[Number] = []
    at = 0
    while match := _NUMBER.search(folded, at):
        number = _read(match, folded)
        at = match.end()
        if number is None:
            core = match.start("chinese") if match["chinese"] else match.start()
            at = max(core + 1, match.start() + 1)
            continue
        if not folded[number.start : number.digit].strip():
            number = replace(number, start=number.digit)
        plain = _PLAIN_BEFORE.match(folded, number.start, number.digit)
        found.append(replace(number, start=plain.end()) if plain else number)
    found.extend(_halves(folded, found))
    return sorted(found, key=lambda n: n.start)


def _halves(folded: str, found: list[Number]) -> list[Number]:
    taken = [(n.start, n.end) for n in found]
    return [
        Number(m.start(), m.start(), m.end(), 50.0, None, "over" if m["over"] else "about",
               "words", "share", "%", m.group())
        for m in _HALF.finditer(folded)
        if not any(a < m.end() and m.start() < b for a, b in taken)
    ]  # fmt: skip


def _read(match: re.Match[str], folded: str) -> Number | None:
    unit, many, after = match["unit"], match["many"], match["after"]
    before = match["before"]
    high: float | None = None
    form: ClaimForm = "digits"
    if match["fraction"]:
        digit, form = match.start("fraction"), "chinese"
        if match["percent"]:
            raw = match["percent"]
            value = _arabic(raw) if raw[0].isdigit() else read_chinese(raw)
        else:
            upper, under = read_chinese(match["upper"]), read_chinese(match["under"])
            value = 100.0 * upper / under if upper is not None and under else None
        if value is None:
            return None
        end = max(match.end("fraction"), match.end("many"))
        kind: ClaimKind = "share"
        points = re.match("个?百分点", folded[end:])
        if points:
            kind, end = "points", end + points.end()
        tail = re.match(_AFTER, folded[end:])
        after = tail.group() if tail else ""
        bound = _bound(before, many, after)
        return Number(match.start(), digit, end + len(after), _clean(value), None, bound, form,
                      kind, "个百分点" if points else "%", match["fraction"])  # fmt: skip
    if match["low"]:
        digit = match.start("low")
        if digit and (folded[digit - 1].isascii() and folded[digit - 1].isalnum()):
            return None
        factor = _scale(match["lowscale"], match["manyscale"] if not match["high"] else "")
        value = _arabic(match["low"]) * factor
        if match["high"]:
            shared = _scale(match["highscale"], match["manyscale"])
            high = _arabic(match["high"]) * shared
            if not match["lowscale"]:
                value *= shared
            if match["highpercent"] or match["lowpercent"]:
                unit = "%"
        elif match["lowpercent"]:
            unit = "%"
    else:
        digit, form = match.start("chinese"), "chinese"
        raw = match["chinese"]
        if raw[0] in "数几上过":
            value, many = _scale(raw[1:]), "几"
        elif before and raw in ("百", "千", "万", "亿"):
            # 近千次, 逾万条
            value = _scale(raw)
        else:
            pair = re.fullmatch(
                f"([一二两三四五六七八])([二三四五六七八九])((?:{'|'.join('十百千万')})?)", raw
            )
            read = read_chinese(raw)
            if read is None and pair and _DIGITS[pair[2]] - _DIGITS[pair[1]] == 1:
                factor = _scale(pair[3])
                value, high = _DIGITS[pair[1]] * factor, _DIGITS[pair[2]] * factor
            elif read is None:
                return None
            else:
                value = read
        value *= _scale(match["manyscale"])
    return _finish(match, digit, value, high, form, unit, many, after, before)


def _finish(
    match: re.Match[str], digit: int, value: float, high: float | None, form: ClaimForm,
    unit: str | None, many: str, after: str, before: str,
) -> Number | None:  # fmt: skip
    kind: ClaimKind = "count"
    end = match.end()
    plain = match.group()[digit - match.start() :]
    if unit is None and form == "chinese":
        return None
    if unit is None:
        end = max(match.end("low"), match.end("lowscale"), match.end("lowpercent"),
                  match.end("high"), match.end("highscale"), match.end("highpercent"),
                  match.end("many"), match.end("manyscale"))  # fmt: skip
        if many in ("来", "几"):
            return None
        end = match.end("after") if after else end
    if unit in ("%", "‰"):
        kind = "share"
    elif unit == "成":
        kind, unit, value = "share", "%", value * 10
        high = None if high is None else high * 10
    elif unit in ("个百分点", "百分点"):
        kind, unit = "points", "个百分点"
    elif unit == "倍":
        kind = "ratio"
    elif unit in _MONEY:
        kind, value = "amount", value * _MONEY[unit]
        high = None if high is None else high * _MONEY[unit]
        unit = "元"
    elif unit in _TIMES:
        kind = "duration"
    elif unit == "余人":
        many, unit = "余", "人"
    bound = "range" if high is not None else _bound(before, many, after)
    top = None if high is None else _clean(high)
    return Number(match.start(), digit, end, _clean(value), top, bound, form, kind, unit, plain)


def _bound(before: str, many: str, after: str) -> Bound:
    words = {many, after, *re.findall(_BEFORE, before)}
    over, below = bool(words & _OVER), bool(words & _BELOW)
    if words & _ABOUT or (over and below):
        return "about"  # 近200余 contradicts itself
    return "over" if over else "under" if below else "exact"
