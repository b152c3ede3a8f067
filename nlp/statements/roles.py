"""Third stage, the words: is a stretch of text a problem, a measure, a frame or a slogan?"""

from __future__ import annotations

import re
from functools import lru_cache

from nlp.documents.records import Role
from nlp.statements import language as say

_CLAUSE = re.compile("[^，；。！？：\n]+")
# Nouns that are spelled like verbs: 学习不够深入, 更新不及时 are problems.
_NOMINAL = re.compile(
    "(?:学习|宣传|培训|解读|公开|更新|管理|审核|审查|监督|考核|沟通|协调|配合|重视|建设|发布|回应"
    "|服务|监管|维护|答复|统筹|落实|推进|创新|指导|组织|执行|交流|规范|整合|检查|答复|提供|公布"
    "|上传)"
)
# No frame is longer; the limit keeps the cost of looking at a text without marks linear.
_LONGEST_FRAME = 120
# The same clause is asked about by several stages: answers are kept for so many.
_KEPT = 4096
_LENGTHS = range(1, 8)
# The same words in front of a noun or a judgement: 公开内容, 解读形式, 更新慢.
_NOUN = re.compile(
    f"{_NOMINAL.pattern}(?:的)?(?:内容|形式|渠道|栏|质量|数量|力度|意识|面|工作|水平|方式|程序"
    "|流程|范围|深度|广度|时效|目录|指南|平台|专栏|机制|制度|材料|效果|程度|主动|信息|人员|队伍"
    "|能力|责任|标准|对象|环节|慢|少|差|晚|不|还|仍|较|有待|需|过|偏|存在|缺|滞后|难|没|未|上|中"
    "|方面|与|和|及)"
)
_GROUND = re.compile(
    "(?:根据|依据|经|从|据)[^，；。：]{2,30}(?:通报|反馈|情况|结果|来看|看|检查|评估|测评|统计|自查|梳理)，(?=.)"
    "|在[^，；。：]{2,30}(?:工作|实际|过程)(?:中|里|上|方面)，(?=.)"
)
_FLAW_END = re.compile(f"(?:{say.DEFECT.pattern})[^，；。]{{0,16}}$")


def first_clause(text: str) -> str:
    """Give the text up to its first clause mark."""
    match = _CLAUSE.search(text)
    return match.group() if match else ""


@lru_cache(_KEPT)
def score_role(text: str) -> float:
    """Say how a statement sounds: 1 is a problem, -1 a measure, 0 neither.

    Examples
    --------
    >>> score_role("更新不够及时"), score_role("加强培训，解决能力不足的问题")
    (1.0, -1.0)
    """
    text = say.NO_FLAW.sub("", text.lstrip("，、；："))
    if say.REQUEST.match(text):
        return -1.0
    if re.match("(?:针对|为(?:了)?(?:解决|克服))", text) or say.TAKES.match(text):
        return -1.0
    nested = say.NESTED.match(text)
    if nested:
        # 由于X，… is a measure only if a measure follows.
        return score_role(text[nested.end() :])
    ground = _GROUND.match(text)
    if ground:
        # 根据检查通报，更新不够及时: what a clause rests on says nothing of its own.
        return score_role(text[ground.end() :])
    head = re.sub("^(?:要|将|需要?|应|拟)(?=[^求])", "", first_clause(text))
    flaw = say.DEFECT.search(say.HANDLED.sub("", head))
    noun = _NOUN.match(head)
    verb = None if noun else say.MEASURE_HEAD.match(head)
    if say.AWAITS.search(head):
        return 1.0
    if flaw and not verb:
        return 1.0
    if verb and not flaw:
        later = say.DEFECT.search(say.HANDLED.sub("", text))
        return -1.0 if not (later and _NOMINAL.match(head)) else -0.3
    if verb and flaw:
        return 0.8 if _FLAW_END.search(head) else -0.4
    rest = say.HANDLED.sub("", text)
    if say.DEFECT.search(rest):
        return 0.4
    return -0.3 if re.match("(?:已|目前已|正在)", head) else 0.0


def _covers(text: str, words: frozenset[str], patterns: tuple[re.Pattern[str], ...]) -> bool:
    """Tell whether a text is made of the given words and patterns alone."""
    if len(text) > _LONGEST_FRAME:
        return False
    reached = {0}
    for at in range(len(text)):
        if at not in reached:
            continue
        reached.update(at + n for n in _LENGTHS if text[at : at + n] in words)
        for pattern in patterns:
            match = pattern.match(text, at)
            if match and match.end() > at:
                reached.add(match.end())
    return len(text) in reached


@lru_cache(_KEPT)
def is_empty(text: str) -> bool:
    """Tell whether a stretch before a flaw says nothing: who, when, the work as a whole."""
    return _covers(text, say.FRAME_WORDS, say.FRAME_PATTERNS)


@lru_cache(_KEPT)
def is_frame(text: str) -> bool:
    """Tell whether a clause says only that there are problems."""
    if len(text) > _LONGEST_FRAME:
        return False
    return is_empty(say.GENERIC_FLAW.sub("", text))


@lru_cache(_KEPT)
def is_measure_frame(text: str) -> bool:
    """Tell whether a clause says only that something will be done."""
    return _covers(text, say.MEASURE_FRAME_WORDS, say.MEASURE_FRAME_PATTERNS)


@lru_cache(_KEPT)
def is_nothing(text: str) -> bool:
    """Tell whether a text says 无 in one of its forms."""
    *before, last = re.split("[，；。]", text.strip("。，；、：.！ "))
    return bool(say.NOTHING.fullmatch(last)) and not any(map(say.DEFECT.search, before))


@lru_cache(_KEPT)
def lead_role(text: str) -> Role | None:
    """Tell what a lead-in promises; None where it does not say."""
    flaw = [m.start() for m in say.LEAD_PROBLEM.finditer(text)]
    cure = [m.start() for m in say.LEAD_MEASURE.finditer(text)]
    if not flaw and not cure:
        return None
    if not cure:
        return "problem"
    named = list(say.GENERIC_FLAW.finditer(text))
    if named and cure and cure[-1] < named[-1].end() and not say.REFERS.search(text):
        # 存在一些亟待改进的地方：
        return "problem"
    if named and not say.REFERS.search(text) and not say.TURN.match(text):
        # 我局还存在一些问题，需要在今后的工作中加以改进：names the problems that follow.
        return "problem"
    if not flaw:
        return "measure"
    if say.TURN.match(text) or say.REFERS.search(text):
        return "measure"
    return "problem" if flaw[-1] > cure[-1] else "measure"
