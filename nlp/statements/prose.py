"""Third stage, where nothing is enumerated: sentences and their parallel clauses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.documents.records import Role
from nlp.statements import language as say
from nlp.statements.roles import is_empty, is_frame, score_role

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


def pieces(text: str, start: int, end: int) -> list[Span]:
    """Give the parts of a stretch between its commas and semicolons."""
    return [m.span() for m in _PIECE.finditer(text, start, end)]


def split_problems(text: str, start: int, end: int, told: bool) -> Iterator[Span]:
    """Split a sentence about problems into its statements.

    ``told`` says that a heading or lead-in has announced problems, so that a plain fact
    is one too.
    """
    start = skip_praise(text, start, end)
    end = _cut_tail(text, start, end)
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
    if _are_items(text, at, end):
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
        clauses = pieces(text, *inner)
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


def _cut_tail(text: str, start: int, end: int) -> int:
    """Give the end of …等问题 where a clause behind it says only that it is to be mended."""
    comma = text.rfind("，", start, end)
    if comma > start and _FRAME_TAIL.fullmatch(text, comma + 1, end):
        return comma if _ALL.search(text, start, comma) else end
    return end


def _are_items(text: str, start: int, end: int) -> bool:
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
    for piece in _split_by_dun(text, pieces(text, at, end)):
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


def _split_by_dun(text: str, parts: list[Span]) -> Iterator[Span]:
    """Cut pieces at 、 where both sides have a predicate of their own."""
    for start, end in parts:
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


def sentence_role(text: str, start: int, end: int) -> Role | None:
    """Tell how a sentence sounds that no heading or lead-in has announced."""
    end = _cut_tail(text, start, end)
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
