"""Third stage, measures that nobody numbered: which clauses are promises of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.statements import language as say
from nlp.statements.prose import Span, items, pieces, strip_link, strip_turn
from nlp.statements.roles import is_measure_frame, is_nothing

# A clause that says what a measure is for, or goes on with it.
_AIM = re.compile(
    "(?:(?:积极|充分|综合|灵活)?(?:采用|采取|运用|利用|通过|借助)"
    "(?![^，]{1,40}(?:渠道|方式|形式|途径|平台|载体|手段|媒体|等)(?:$|，))"
    "|专门负责|负责|不断满足|更好地?满足|充分发挥|充分利用|加深|切实维护|主动接受|广泛接受|(?:全面|深入|扎实"
    "|有力|不断|进一步)*(?:推进|推动|促进|做好)[^，]{0,4}(?:信息公开|政务公开)[^，]{0,14}$|确保"
    "|保证|保障|切实保障|充分保障|有效保障|更好地?保障|使|让|以便|以此|以|从而|进而|力争|力求"
    "|力促|争取|努力|为[^，]{2,30}(?:提供|奠定|打下|营造|创造|作出|做出)|达到|达成|做到|实现|防止"
    "|避免|杜绝|并|且|同时|真正|最大|更好|便于|方便|满足|推动|推进[^，]{2,12}(?:向|更)"
    "|促进|助推|助力|切实做到|切实提高|切实提升|切实增强|有效提升|有效提高|有效增强|全面提升"
    "|全面提高|(?:不断|进一步|逐步|持续|稳步|着力|充分)?(?:提高|提升|增强|增加)[^，]{0,24}(?:水平|质量"
    "|效率|能力|素质|意识|效果|质效|实效|时效性|透明度|满意度|知晓度|知晓率|公信力|获得感|性|力"
    "|度|认识|化)$|增进|形成|杜绝|方可|才能|接受[^，]{0,8}监督|自觉接受)"
)
# A clause that cannot stand alone: by what means, according to what.
_MEANS = re.compile(
    f"{say.ADVERB}{{0,2}}(?:按照|依照|根据|依据|结合|围绕|以[^，]{{1,40}}(?:为[^，]{{1,16}})?$"
    "|通过|针对|对照|对标|依托|借助|(?:综合|灵活)?(?:利用|运用)|立足|着眼|坚持|紧扣|紧紧围绕|紧盯|聚焦|严格按照"
    f"|在[^，]{{1,40}}(?:下|上|中|基础上|领导下|同时|方面)?$|由于|因|为(?:了)?|随着"
    f"|对(?![^，]{{2,60}}(?:进行|加以|予以|开展|给予|作出|做出))|从[^，]{{1,30}}(?:入手|出发|着手"
    f"|方面|角度)?$|始终|(?:充分|更好地?)?发挥[^，]{{1,30}}(?:作用|优势)$|把[^，]{{1,40}}(?:作为|纳入|摆|放|列)[^，]*$"
    f"|将[^，]{{1,40}}(?:作为)[^，]*$|除[^，]{{1,20}}外|本着|遵循|高度重视$)"
)
# 同时 and 并 before a verb that opens something of its own.
_ADDS = re.compile(
    "(?:同时|与此同时|另外|此外|并且|而且|并)(?=(?:进一步|不断|持续|继续|积极|大力|切实)*"
    "(?:加强|强化|完善|健全|建立|增设|开展|规范|拓宽|拓展|加大|推进|深化|优化|组织|丰富|创新|落实"
    "|严格|改进|做好|明确|充实|尝试|设立|开通|配备|邀请|编制))|(?:同时|与此同时|另外|此外)(?=[^，]{4})"
)
# 2024年我街道聚焦…问题: who and when, before what is said.
_WHO_WHEN = re.compile(
    "(?:20\\d\\d年度?，?)?(?:[我本][\u4e00-\u9fff]{1,3}?)?(?=聚焦|针对|围绕|按照|根据|结合)"
)
# A clause without a verb in front that goes on with what a means clause names.
_ENDS_NOUN = re.compile(
    "(?:事项|问题|要求|原则|精神|方针|目标|重点|内容|信息|领域|情况|部署|实际|热点|难点|焦点|需求"
    "|期盼|规定)$"
)
_HEAD = re.compile(f"(?:目前)?(?:已经?|正在?)|{say.MEASURE_HEAD.pattern}")


def split_measures(text: str, start: int, end: int) -> Iterator[Span]:
    """Split a sentence about what will be done into its statements."""
    at = strip_turn(text, strip_link(text, start, end), end)
    if "；" in text[at:end]:
        for a, b in items(text, at, end):
            yield strip_turn(text, a, b), b
        return
    group: Span | None = None
    complete = False
    for piece in pieces(text, at, end):
        added = _ADDS.match(text, *piece)
        if added:
            piece = (added.end(), piece[1])
        words = text[slice(*piece)]
        heads = bool(_HEAD.match(words)) and not _AIM.match(words)
        closes = piece[1] == end and not _AIM.match(words) and is_measure_frame(words)
        if group and complete and closes:
            # 高效完成政府信息公开工作 closes the sentence and promises nothing.
            break
        if group is None:
            own = strip_turn(text, *piece)
            if own == piece[1] or _opens_empty(text, own, piece[1], end):
                continue
            says = _WHO_WHEN.match(text, own, piece[1])
            says_at = says.end() if says else own
            group, complete = (own, piece[1]), not _MEANS.match(text, says_at, piece[1])
        elif complete and heads:
            yield group
            group, complete = piece, not _MEANS.match(words)
        else:
            group = (group[0], piece[1])
            carries = _MEANS.match(words) or (not heads and _ENDS_NOUN.search(words))
            complete = complete or not carries
    if group:
        yield group


def _opens_empty(text: str, start: int, stop: int, end: int) -> bool:
    """Tell whether a first clause promises nothing and what follows it stands alone."""
    if stop == end or text[start] == "在" or not is_measure_frame(text[start:stop]):
        return False
    return not _AIM.match(text, stop + 1, end)


def keep_measure(text: str, start: int, end: int) -> bool:
    """Tell whether a stretch promises something of its own."""
    if is_measure_frame(text[start:end]) or is_nothing(text[start:end]):
        return False
    # 努力推动工作迈上新台阶: a slogan alone; behind a measure it is cut off later.
    return not all(say.SLOGAN.search(text[a:b]) for a, b in pieces(text, start, end))
