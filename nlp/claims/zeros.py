"""Third stage: zero said in words: 未收到申请, 无行政复议, 诉讼为零, 零报告."""

from __future__ import annotations

import re
from dataclasses import dataclass

# What may be counted as none.  Longest first; a list 复议、诉讼 gives one claim a thing.
_THINGS = (
    "行政复议(?:申请|案件)?|行政诉讼(?:案件)?|行政应诉(?:案件)?|复议(?:申请|案件)?|诉讼(?:案件)?|(?:行政)?申诉(?:案件)?"
    "|(?:依申请公开|政府信息公开|信息公开|依申请|书面|公开)*(?:的)?申请(?:事项|件|公开)?(?![人书])"
    "|败诉(?:案件|情形|情况)?|被?纠错(?:案件|情形|情况)?|被?纠正(?:案件|情形|情况|的情形|的情况)?"
    "|(?:责任)?追究(?:责任)?(?:情形|情况|的情形|的情况)?|被?(?:追责|问责)(?:情形|情况|事件|的情形|的情况)?"
    "|(?:建议)?提案|议案|举报投诉|投诉举报|投诉|举报|信访(?:事项|案件|件)?|上访"
    "|质疑|(?:公众|群众|网民|网友)?留言(?:咨询)?(?=[，。；、和及与]|等|$)|来[信电访](?=[，。；、和及与]|等|$)"
    "|失?泄密(?:事件|事故|问题|情况|现象)?|失密(?:事件)?|(?:安全|责任|网络安全)事[故件]|(?:负面)?舆情(?:事件)?"
    "|(?:政府信息公开|信息公开|政府)?信息处理费|信息公开费|(?:任何|相关|检索|复制|邮寄|其他)?费用?(?![户心])"
    "|收费(?:情况|行为)?"
    "|减免(?:费用)?(?:的)?(?:情况|情形)?|规章|(?:行政)?规范性文件|行政许可|行政处罚|行政强制|行政事业性收费"
    "|结转(?:案件|件|申请)?|不合格(?:网站|账号|单位)|重大(?:失误|差错|问题)|违规(?:问题|情况|行为)?"
)
_THING = re.compile(_THINGS)
_VERBS = (
    "收到|收取|收费|接到|接收到?|受理|办理|发生|出现|产生|涉及|引发|引起|发现|形成|制发|制定|出台|废止"
    "|新增|存在|因|被提起|被申请|有人|有"
)
# 未收到 …, 没有发生 …, 从未因 …; the rest of the clause is searched for things.
_VERBAL = re.compile(
    rf"(?:从未|均未|也未|亦未|尚未|暂未|并未|未曾|不曾|未|没有|没|无)(?:再|曾|有)?(?:{_VERBS}|[就因对向][^，。；、\n]{{1,14}}?(?:收取|收到|发生|产生|出现))(?:过|到)?"
)
_NOMINAL = re.compile("(?:没有|无|不存在|零)(?=[^，。；、\n]{0,24})")
# 行政复议、行政诉讼均为零 / 为0 / 零报告 / 零发生
_AFTER = re.compile(
    '(?:数量|数|案件|件数|情况)?(?:均|都|皆|全部|也)?(?:(?:为|是|保持)[“"]?[零〇][”"]?(?![\\d.点])|[“"]?零(?:报告|发生|投诉|诉讼|复议|纠错|申请|受理|败诉)[”"]?)'
)
_LABELLED = re.compile("(?P<label>[^，。；：:\n]{3,60})[：:]\\s?无(?=[，。；;\n]|$)")
_END = re.compile("[。；;\n]")
_CLAUSE = re.compile("[，。；;：:\n]")
# A list of things goes on over these; a new verb or a turn ends it.
_JOINT = re.compile("[、，,]?\\s?(?:和|及|与|以及|或者?)?(?:的?收取、|的?收取和)?")
_UNKNOWN = re.compile("[一-龥]{2,4}、(?=[一-龥])")
_NEVER = re.compile(
    "无(?:法|关|需|须|论|障碍|人|偿|效|序|果|疑|愧|纸|线|偏|力|不|数|缝|感|条件|误|虚|故|正当|证|形|他|其他|遗漏|死角|差别|章可循|重大|内容|特殊)|没有(?:其他|需要|现成|最|准|固定|独立)"
)
_OTHER = re.compile("^(?:其他|其它|需要|另外)")
_FUTURE = re.compile("不得|严禁|防止|避免|杜绝|确保|力争|如|若|凡|对.{0,12}(?:的|者)$|因.{0,8}的")


@dataclass(frozen=True, slots=True)
class Zero:
    """A thing of which there was none; ``[start, end)`` runs from the negation to the thing."""

    start: int
    end: int
    thing: str
    thing_start: int


def find_zeros(text: str) -> list[Zero]:
    """Find what a text says there was none of.

    Examples
    --------
    >>> [z.thing for z in find_zeros("全年未收到申请，没有发生行政复议和行政诉讼，也无投诉。")]
    ['申请', '行政复议', '行政诉讼', '投诉']
    >>> find_zeros("无其他需要报告的事项。")
    []
    """
    found: dict[int, Zero] = {}
    for match in _VERBAL.finditer(text):
        if not _NEVER.match(text, match.start()):
            for zero in _after(text, match.start(), match.end()):
                found.setdefault(zero.thing_start, zero)
    for match in _NOMINAL.finditer(text):
        start = match.start()
        if _NEVER.match(text, match.end() - 1) or _NEVER.match(text, match.end() - 2):
            continue
        for zero in _after(text, start, match.end(), near=True):
            found.setdefault(zero.thing_start, zero)
    for match in _AFTER.finditer(text):
        for zero in _before(text, match):
            found.setdefault(zero.thing_start, zero)
    for match in _LABELLED.finditer(text):
        # 行政复议、行政诉讼的情况：无
        thing = _first(text, *match.span("label"))
        while thing is not None:
            zero = Zero(thing.start(), match.end(), _name(thing), thing.start())
            found.setdefault(zero.thing_start, zero)
            thing = _first(text, thing.end(), match.end("label"))
    return [found[key] for key in sorted(found)]


def _after(text: str, start: int, begin: int, *, near: bool = False) -> list[Zero]:
    """Things named after a negation, in its clause and in a list that goes on."""
    sentence_end = match.start() if (match := _END.search(text, begin)) else len(text)
    clause_end = min(
        match.start() if (match := _CLAUSE.search(text, begin)) else len(text), sentence_end
    )
    before = _CLAUSE.split(text[max(0, start - 24) : start])[-1]
    if _FUTURE.search(before) or _OTHER.match(text[begin:]):
        return []
    # 收费 and the like may stand in the verb itself: 未收费.
    if re.search("收费$", text[start:begin]):
        return [Zero(start, begin, "收费", begin - 2)]
    found: list[Zero] = []
    limit = min(
        clause_end,
        begin + (10 if near and text[begin : begin + 1] not in tuple("因由对涉就") else 60),
    )
    # The last thing of a phrase is what is counted: 因政府信息公开申请引起的行政复议.
    first = _first(text, begin, limit)
    while first is not None:
        found.append(Zero(start, first.end(), _name(first), first.start()))
        joint = _JOINT.match(text, first.end())
        assert joint is not None
        at = joint.end()
        if at >= sentence_end or at == first.end():
            break
        # 行政复议、质疑、投诉: what no rule knows is passed over inside a list.
        unknown = _UNKNOWN.match(text, at, sentence_end)
        if unknown is not None and _THING.match(text, at) is None:
            at = unknown.end()
        following = _THING.match(text, at)
        if following is None:
            skipped = re.match(
                "(?:被?(?:提起|申请|引起|引发)的?|相关|有关|的|涉及|因[^，。；、]{0,12}(?:引起|引发|提起|产生)的?|政府信息公开|信息公开)+",
                text[at:],
            )
            following = _THING.match(text, at + skipped.end()) if skipped else None
        first = following
    return found


def _name(match: re.Match[str]) -> str:
    return match.group().removeprefix("的")


def _first(text: str, begin: int, limit: int) -> re.Match[str] | None:
    best = None
    for match in _THING.finditer(text, begin, limit):
        tail = text[match.end() : limit]
        # A thing that only qualifies another one: 申请引起的行政复议, 行政复议、诉讼被纠错的情况.
        if re.match(
            "(?:引起|引发|产生|而|所|费用|政府信息|被|导致|提起|行政复议|行政诉讼|人|的(?!情|现|事|案|申|收|减|$))",
            tail,
        ) and _THING.search(text, match.end(), limit):
            continue
        best = match
        break
    return best


def _before(text: str, match: re.Match[str]) -> list[Zero]:
    head = text[max(0, match.start() - 60) : match.start()]
    offset = match.start() - len(head)
    sentence = _END.split(head)[-1]
    at = match.start() - len(sentence)
    found = []
    things = list(_THING.finditer(text, at, match.end()))
    if not things:
        return []
    # From the last thing backwards while only a list joins them.
    kept = [things[-1]]
    for thing in reversed(things[:-1]):
        between = text[thing.end() : kept[-1].start()]
        if re.fullmatch(
            "[、，和及与以或]{1,2}(?:被?提起|被?申请|行政|因[^，。；]{0,12})?(?:数量|案件)?",
            between,
        ):
            kept.append(thing)
        else:
            break
    if re.search(r"\d", text[things[-1].end() : match.start()]):
        return []
    for thing in reversed(kept):
        found.append(Zero(max(thing.start(), offset), match.end(), _name(thing), thing.start()))
    return found
