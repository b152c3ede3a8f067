"""Third stage, where nothing is enumerated: sentences and their parallel clauses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.documents.records import Role
from nlp.statements import language as say
from nlp.statements.roles import is_empty, is_frame, is_measure_frame, is_nothing, score_role

Span = tuple[int, int]

# How far into a sentence its 存在 may stand.
_LONGEST_SUBJECT = 60
# No sentence of a report is longer; what is, is no prose.
_LONGEST_SENTENCE = 2000

_SENTENCE = re.compile("[^。！？\n]+")
_PIECE = re.compile("[^，；]+")
# A clause that says what comes of the one before it, or goes on with the same subject.
_EFFECT = re.compile(
    "(?:存在|导致|致使|造成|使得|使|以致|特别是|尤其是|从而|因此|因而|影响|不利于|所以|进而|甚至|不仅|反映|暴露|表明|说明"
    "|而且|且|并|难以|无法|不能|未能|不|未|没能|与.{2,24}(?:差距|距离)|离.{2,24}(?:差距|距离)|这"
    "|其|制约|降低了|往往|容易|给)"
)
_CAUSE = re.compile(
    "(?:由于|因为|因|鉴于|随着|受|在[^，]{2,30}(?:情况下|背景下|前提下|过程中|时|中|后)$)"
)
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
# A clause without a verb in front that goes on with what a means clause names.
_ENDS_NOUN = re.compile(
    "(?:事项|问题|要求|原则|精神|方针|目标|重点|内容|信息|领域|情况|部署|实际|热点|难点|焦点|需求"
    "|期盼|规定)$"
)
_HEAD = re.compile(f"(?:目前)?(?:已经?|正在?)|{say.MEASURE_HEAD.pattern}")
_OWN_SUBJECT = re.compile(
    "(?:[^不未无没难尚还仍也较且并而使导致影响，]|较[^少低弱慢差窄]|无专|不少|并联|没有|未成年|缺)"
)
# 存在…等问题 around a list: the list is the statement.
_EXISTS = re.compile(
    "(?:存在|出现|面临|发现|有)(?:着|了|过)?(?:以下|一些|诸如|如"
    f"|像)?(?P<what>[^。；]{{3,400}}?)(?:等等?|的)(?:方面|多方面|一些)?(?:的)?(?:突出|主要"
    f"|具体)?{say.NAMED}(?:(?:和|与|及|、|以及){say.NAMED}){{0,2}}$"
)
_EXIST = re.compile("(?:存在|出现|面临|发现|有(?!待|所|些|关|距离|差距))(?:着|了)?")
_LISTED = re.compile(
    f"(?P<what>[^。；]{{3,400}}?)(?:等等?)(?:方面|多方面|一些)?(?:的)?(?:突出|主要"
    f"|具体)?{say.NAMED}(?:(?:和|与|及|、|以及){say.NAMED}){{0,2}}(?:仍?有待[^，]{{2,10}}"
    "|仍然存在|依然存在|仍存在)?$"
)
# A frame that a list of problems follows: 存在一些不足，如; 主要问题有.
_INTRO = re.compile(
    f"(?:{say.GENERIC_FLAW.pattern})(?:有待|需要?|亟待|亟需|急需)?(?:进一步)?"
    "(?:改进|完善|解决|加强|提高|克服)?[，：]?(?:主要|具体|集中|分别)?(?:如(?!何|果)|例如|比如|譬如"
    "|诸如|像|即|主要(?!原因)|表现|体现|包括|有(?![待的些])|是|为|在于|存在)(?:表现|体现|集中"
    "|存在)?(?:在于?|为|是|有(?!待|的)|了)?(?:以下|如下)?(?:[几两一二三四五六七八九十\\d]+(?:个"
    "|点|方面|大)*)*[，：、]*"
)
# A clause behind a list that says only that all this is to be mended.
_FRAME_TAIL = re.compile(
    "(?:均|都|这些|上述|以上|也)?(?:问题|不足)?(?:均|都|也)?(?:有待|需要|亟待|亟需|需"
    "|将)[^，]{0,20}(?:解决|改进|完善|加强|克服|提高|改善|重视)"
)
_OF_ALL = re.compile(
    f"(?:等等?|的)(?:方面)?(?:的)?(?:突出|主要|具体)?{say.NAMED}(?:(?:和|与|及|、){say.NAMED})?$"
)
# 问题 right behind what falls short: 更新不及时问题, 栏目未更新情况.
_ALL = re.compile(f"(?:等等?|的)?(?:突出|主要|具体)?{say.NAMED}$")
_SO_ON = re.compile("等等?$")
_FRAMES = re.compile("[^，：；]{2,60}[，：；]")
_ANNOUNCES = re.compile(f"{say.FLAW}[^，；。]{{0,6}}$")
_COLON = re.compile("[^。\n]*：")


def sentences(text: str, start: int, end: int) -> Iterator[Span]:
    """Give the sentences of a stretch, without their closing marks."""
    for match in _SENTENCE.finditer(text, start, end):
        if match.end() - match.start() <= _LONGEST_SENTENCE:
            yield match.span()


def strip_turn(text: str, start: int, end: int) -> int:
    """Give the place behind a turning phrase, its subject and 将 or 要.

    Examples
    --------
    >>> text = "下一步，我局将加强培训"
    >>> text[strip_turn(text, 0, len(text)):]
    '加强培训'
    """
    at = start
    turned = False
    while at < end:
        match = say.TURN.match(text, at, end)
        if match and match.end() > at:
            at = match.end()
            turned = True
            continue
        match = say.AFTER_TURN.match(text, at, end)
        if not match or match.end() == at:
            break
        word = match.group()
        if word in "，：、。" or turned or word[-1:] in "将要拟":
            if text[match.end() - 1] == "将" and not say.is_future(text, match.end() - 1):
                at = match.end() - 1
                break
            at = match.end()
            turned = True
            continue
        break
    return min(at, end)


def strip_link(text: str, start: int, end: int) -> int:
    """Give the place behind words such as 同时， and 主要是 that open a clause."""
    at = start
    while at < end:
        if text[at] in "，；、：。":
            at += 1
            continue
        match = say.WHEN.match(text, at, end) or say.LINK.match(text, at, end)
        if not match or match.end() == at:
            return at
        at = match.end()
    return at


def items(text: str, start: int, end: int) -> list[Span]:
    """Give the parts of a stretch between its semicolons."""
    return [m.span() for m in re.compile("[^；]+").finditer(text, start, end)]


def _pieces(text: str, start: int, end: int) -> list[Span]:
    return [m.span() for m in _PIECE.finditer(text, start, end)]


def split_problems(text: str, start: int, end: int, told: bool) -> Iterator[Span]:
    """Split a sentence about problems into its statements.

    ``told`` says that a heading or lead-in has announced problems, so that a plain fact
    is one too.
    """
    start = skip_praise(text, start, end)
    intro = _INTRO.search(text, start, end)
    if intro:
        # 存在一些不足，如A、B等: what follows the frame is the list.
        start, told = intro.end(), True
    begin, at = start, strip_link(text, start, end)
    told = told or bool(re.search(say.FLAW, text[begin:at]))
    for frame in _FRAMES.finditer(text, at, end):
        # 对照要求，仍存在一些不足，有的…: what only announces is passed over.
        if frame.start() not in (at, begin) or not is_frame(frame.group()[:-1]):
            break
        begin, at = frame.end(), strip_link(text, frame.end(), end)
        told = told or bool(say.GENERIC_FLAW.search(frame.group()))
    if _areitems(text, at, end):
        # Parts between semicolons are items, whatever commas they hold.
        for a, b in items(text, at, end):
            if (told or say.DEFECT.search(text, a, b)) and not is_frame(text[a:b]):
                named = _find_exists(text, a, b)
                inner = named.span("what") if named else (a, b)
                yield _trim_so_on(text, strip_link(text, *inner), inner[1])
        return
    exists = _find_exists(text, begin, end) or _find_exists(text, at, end)
    listed = exists or _LISTED.fullmatch(text, at, end)
    if listed:
        inner = (strip_link(text, *listed.span("what")), listed.end("what"))
        clauses = _pieces(text, *inner)
        if text[inner[1]] == "等" and all(_flawed(text, *clause) for clause in clauses):
            yield from (_trim_so_on(text, *clause) for clause in clauses)
            return
        if exists:
            # 的问题 names one problem, whatever commas it holds.
            yield _trim_so_on(text, *inner)
            return
    for place in _EXIST.finditer(text, begin, min(end, begin + _LONGEST_SUBJECT)):
        if place.start() <= at:
            continue
        if is_empty(text[begin : place.start()]) or is_empty(text[at : place.start()]):
            # 我局在公开方面存在A，B等问题: the list begins behind 存在 and ends before 问题.
            at = strip_link(text, place.end(), end)
            named = _ALL.search(text, at, end)
            end = named.start() if named and say.DEFECT.search(text, at, named.start()) else end
            break
    yield from _clauses(text, at, end, told)


def _areitems(text: str, start: int, end: int) -> bool:
    """Tell whether semicolons part items here, and not groups of clauses."""
    marks = text.count("；", start, end)
    if marks != 1:
        return marks > 1
    return all(text.count("，", a, b) < 2 for a, b in items(text, start, end))


def _find_exists(text: str, start: int, end: int) -> re.Match[str] | None:
    """Match 存在…等问题 where nothing but the work as a whole stands before it."""
    for place in _EXIST.finditer(text, start, min(end, start + _LONGEST_SUBJECT)):
        match = _EXISTS.fullmatch(text, place.start(), end)
        before = text[start : place.start()]
        if match and (is_empty(before) or _only_cause(before)):
            return match
    return None


def _only_cause(words: str) -> bool:
    """Tell whether words give a reason that is no flaw itself: 由于成立不久，还."""
    cause, mark, rest = words.rpartition("，")
    return bool(
        mark and _CAUSE.match(cause) and not say.DEFECT.search(cause.replace("不久", ""))
    ) and (not rest or is_empty(rest))


def skip_praise(text: str, start: int, end: int) -> int:
    """Give the place behind what was achieved (虽取得一定成绩，但 …).

    Examples
    --------
    >>> text = "虽取得一定成绩，但更新不及时"
    >>> text[skip_praise(text, 0, len(text)):]
    '更新不及时'
    """
    for turn in say.CONTRAST.finditer(text, start, end):
        before = say.HANDLED.sub("", text[start : turn.start()])
        if (
            say.PRAISE.search(before)
            or say.CONCESSION.search(before)
            or not say.DEFECT.search(before)
        ):
            return turn.end()
    return start


def _clauses(text: str, at: int, end: int, told: bool) -> Iterator[Span]:
    group: Span | None = None
    flawed = caused = False
    found: list[Span] = []
    for piece in _split_by_dun(text, _pieces(text, at, end)):
        words = text[slice(*piece)]
        own = strip_link(text, *piece)
        has = _flawed(text, own, piece[1])
        if is_frame(words) or _FRAME_TAIL.fullmatch(words):
            if group and (flawed or told):
                found.append(group)
            group, flawed, caused = None, False, False
            continue
        opens = False
        if group is not None and flawed and not caused:
            parallel = not _EFFECT.match(words) and bool(_OWN_SUBJECT.match(text, own))
            opens = parallel if has else bool(_CAUSE.match(words))
        if group is None or opens:
            if group:
                found.append(group)
            group, flawed = (own, piece[1]), has
            # What a cause leads to belongs to it.
            caused = bool(_CAUSE.match(words))
        else:
            group, flawed, caused = (group[0], piece[1]), flawed or has, caused and not has
    if group and (flawed or told):
        found.append(group)
    if len(found) > 1:
        found[-1] = (found[-1][0], _before_noun(text, *found[-1]))
    yield from (_trim_so_on(text, *span) for span in found)


def _flawed(text: str, start: int, end: int) -> bool:
    """Tell whether a clause says that something falls short."""
    return bool(say.DEFECT.search(text, start, end) or say.AWAITS.search(text, start, end))


def _before_noun(text: str, start: int, end: int) -> int:
    """Give the end of a list's last clause without 等问题 or 的问题."""
    match = _OF_ALL.search(text, start, end)
    return match.start() if match else end


def _split_by_dun(text: str, pieces: list[Span]) -> Iterator[Span]:
    """Cut pieces at 、 where both sides have a predicate of their own."""
    for start, end in pieces:
        if _OF_ALL.search(text, start, end):
            # A list before 等问题 is one statement.
            yield start, end
            continue
        begin = start
        for match in re.finditer("、", text[start:end]):
            at = start + match.start()
            stop = text.find("、", at + 1, end)
            after = text[at + 1 : end if stop < 0 else stop]
            if (
                say.DEFECT.search(text, begin, at)
                and say.DEFECT.search(after)
                and _predicates(text[begin:at])
                and _predicates(re.sub("等等?$", "", after))
            ):
                yield begin, at
                begin = at + 1
        yield begin, end


def _predicates(words: str) -> bool:
    """Tell whether a clause has a subject and ends with what is said of it."""
    ends = [match.span() for match in say.DEFECT.finditer(words)]
    if not ends or len(words) < 6:
        return False
    start, end = ends[-1]
    return (start >= 2 or words.startswith(("缺", "有"))) and len(words) - end <= 8


def _trim_so_on(text: str, start: int, end: int) -> Span:
    match = _SO_ON.search(text, start, end)
    return (start, match.start()) if match else (start, end)


def split_measures(text: str, start: int, end: int) -> Iterator[Span]:
    """Split a sentence about what will be done into its statements."""
    at = strip_turn(text, strip_link(text, start, end), end)
    if "；" in text[at:end]:
        for a, b in items(text, at, end):
            yield strip_turn(text, a, b), b
        return
    group: Span | None = None
    complete = False
    for piece in _pieces(text, at, end):
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
            group, complete = (own, piece[1]), not _MEANS.match(text, own, piece[1])
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
    return not all(say.SLOGAN.search(text[a:b]) for a, b in _pieces(text, start, end))


def sentence_role(text: str, start: int, end: int) -> Role | None:
    """Tell how a sentence sounds that no heading or lead-in has announced."""
    begin = strip_link(text, start, end)
    at = strip_turn(text, begin, end)
    turned = at > begin and bool(say.TURN.match(text, begin, end))
    plain = say.HANDLED.sub("", say.NO_FLAW.sub("", text[at:end]))
    if not turned and (say.GENERIC_FLAW.search(plain) or _ANNOUNCES.search(text, start, begin)):
        return "problem"
    if not turned and _find_exists(text, at, end):
        return "problem"
    score = score_role(text[at:end])
    if score > 0.3:
        return "problem"
    if score < -0.9 or (score < -0.2 and at > start and say.TURN.match(text, start)):
        return "measure"
    return None
