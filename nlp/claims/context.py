"""Fourth stage: what a number counts, whose it is, of which time, and whether done or planned."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlp.documents import ClaimScope, ClaimStatus, ClaimTime

_STOP = re.compile("[，。；、：:;！!？?\n（）()]")
_SENTENCE = re.compile("[。；;！!？?\n]")
_FULL_STOP = re.compile("[。！!？?\n]")

_ACTIONS = (
    "主动公开|公开发布|集中公开|首次公开|转载发布|公开|发布|推送|更新|发送|转载|刊发|刊登|上传|公示|公布|公告|印发|编印|编发|制发|制定|出台|修订|编制"
    "|新收到?|新接收|接收|收到|接到|收取|征集|收集|受理|登记|办理|办结|答复|回复|回应|处理|处置|解答|结转|撤回|撤销|维持|纠正|驳回"
    "|召开|举办|开展|组织|参加|培训|参训|接待|接受|走访|审查|审核|抽查|检查|监测|评估|测评|巡查|通报|约谈|整改|清理|废止|修改|宣布失效|失效|订正|调整"
    "|开设|设立|设置|建成|建立|开通|新增|增加|增设|减少|撤并|关停|注销|整合|精简|压减|配备|聘请|聘任|邀请|安装|发放|赠阅|摆放|收录|保留|保有|拥有|现有|覆盖|惠及|涉及|占"
    "|完成|订阅|关注|浏览|阅读|点击|访问|播放|直播|上线|解读|宣传|投入|补贴|发现|反馈|提出|采纳|形成|梳理|确认|认定|达到|突破|共计|合计|累计|共有|共|为|有|达"
)
_ACTION = re.compile(_ACTIONS)
# Nouns made with verbs: 公开 in 政府信息公开 acts on nothing.
_COMPOUNDS = re.compile(
    "(?:通知|公示)公告|公[告示]公示|(?:公告|公示|公开|解读|报告|宣传|检查|监测|培训|审批|登记|评估|处罚|审核|办理)类|政府信息公开工作|政府信息公开|依申请公开|信息公开|政务公开|村务公开|公开栏|公开平台|信息处理费|新闻发布会|发布会|处理决定"
    "|处理结果|办理结果|办理复文|培训班|培训会|推进会|调度会|解读材料|解读信息|解读稿|检查站|通报会|[一-龥]{2,4}率|(?:答复|办结|办复|回复|反馈|整改|完成|采纳|处理|关注|点击|阅读|访问|浏览|订阅|播放)(?:率|量|数|人数|次数|意见)"
    "|答复意见|整改意见|反馈意见|整改通知|公示牌|公告栏|评估报告|调查问卷|发布量|公开量|更新量|公示栏|征集意见|收费标准|审核制度|管理制度|工作制度"
)
_AFTER_VERB = re.compile(
    "^(?:以|进行|开展|集中|作|予以|均|已|被|经|在|由|向|并|用于|提供|参加|参与|参训|分别|全部|同步|及时|供|至|到|于|和|及|与|等|左右|增长|同比|比|较|占|为|是|有|系|且|报|提出|通过|对|将|把|到位|完成|办结|答复|排|因|不|未|需|应|可|之|内|以|中|压缩|缩短|缩减|提升|提高|上升|下降|降至|降低|走进|前来|到场|赴)"
)
_EMPTY = frozenset("共计 合计 累计 共有 共 为 有 达 达到 突破 占 完成".split())
_TRIM_HEAD = re.compile(
    "^(?:对|将|把|由|向|给|为|各级各类|各类|各种|有关|相关|其他|本级|的|了|过|到|共|等|全年|累计|合计|共计|总计|其中|分别|已|均|约|有|为|达|来自|关于|涉及|包括|通过|并|和|及(?!时)|与|年度|度)+"
)
_TRIM_TAIL = re.compile(
    "(?:共计|合计|总计|累计|共有|共|等|分别|各|类(?:的)?信息|类|已|均|均为|约|有|为|达到|达|到|了|过|数量|总数|总量|数|量|计|的|情况|工作|和|及|与|、)+$"
)
_CHANNELS = re.compile(
    '[“"《]?[一-龥A-Za-z]{2,10}[”"》]?(?:微信公众号|微信公众平台|公众号|政务微博|微博|微信|客户端|APP|抖音号?|头条号|视频号|小程序)'
    "|政务新媒体|新媒体平台|新媒体|两微一端|微信公众号|公众号|微信群|微博|微信|抖音|客户端|APP"
    "|(?:[省市县区州旗局厅委镇乡]{0,2}(?:人民)?政府|部门|本?[局厅委院]|[一-龥]{2,4}网|官方)?(?:信息公开)?(?:门户网站|门户|网站(?:群)?|官网|信息公开平台|信息公开专栏|公开平台)(?:平台|专栏)?"
    "|政府信息公开(?:平台|专栏|专区|目录)|(?:政府)?公报|公开栏|公示栏|村务公开栏|电子(?:显示)?屏|广播|电视|报刊|报纸|新闻媒体|主流媒体"
    "|政务公开专区|政务服务(?:大厅|中心|平台)|便民服务(?:中心|大厅)|\\d{5}(?:政务服务便民|便民)?热线|领导信箱|[省市县区镇局]长信箱|信箱|在线访谈|专栏"
)
_LEAD = re.compile("^(?:正式)?(?:在|通过|利用|依托|借助|推出|开通|充分|运用|并|及|和|以|由)+")
_WHOLE = re.compile(
    "全(?:省|市|县|区|州|盟|旗|镇|乡|街道|系统|国)(?!性)|全省各级|各级(?:行政机关|政府)|我[省市县区州旗镇乡](?![属直])|各(?:部门|乡镇|镇街|街道|单位|县区|区县)"
)
_OFFICE = re.compile(
    "(?:[省市县区州旗](?:人民)?政府办公[室厅]|[省市县区州旗](?:人民)?政府办(?!理|事|文|件)|[省市县区]府办|(?<![一-龥])办公室|[本我](?:办|室)(?!理|事)|(?:[省市县区]|政府|机关|部门)本级)"
)
_OWN = re.compile(
    "[本我](?:局|厅|委|院|中心|街道|镇|乡|机关|单位|部门|部|处|所|校|社|会|队|站|支队|分局|管委会)|全[局厅委院校]|局机关|厅机关|委机关"
)
_OTHER = re.compile(
    "(?:^|[，。；、：\n])(?:其中)?(?:[省市县区州旗][一-龥]{1,10}?(?:局|委|厅|院|中心|办|队|所)|[一-龥]{2,4}(?:街道|镇|乡)(?!政府办|人民))(?=[^，。；的]{0,20}$|[^，。；的]{0,4}(?:首次|公开|发布|办理|收到|受理|对|以|通过|派))"
)
_TOWNSHIP = re.compile("(?:街道|镇|乡)(?:办事处|人民政府|政府)?$")
_SCOPES: tuple[tuple[ClaimScope, re.Pattern[str]], ...] = (
    ("office", _OFFICE),
    ("whole", _WHOLE),
    ("own", _OWN),
)
_CUMULATIVE = re.compile(
    "累计|历年|截至|截止|目前|现有|现行有效|(?:用户|粉丝|关注|订阅|访问)总数|总访问量|粉丝|关注人?[数量]|订阅(?!号)|用户|已建成|[0-9年]{2,6}以来|成立以来|开通以来"
)
_EARLIER = re.compile("上年(?!度?结转)|上一年(?!度?结转)|去年(?!结转)|以往")
# 由 12 件增加到 15 件: the first number is of before; 由…承担 2 名 is not.
_FROM = re.compile("(?:(?<!交)由|从(?!事))[^，。；到至]{0,20}$")
_TO = re.compile("[^，。；\\d]{0,8}(?:到|至|为|成)")
_RATE = re.compile("日均|月均|年均|平均|人均|每[日天月周季]|单日|周均")
_CHANGE = re.compile(
    "(?:同比|环比|比[去上前][一]?年?(?:度|同期)?|较[去上前][一]?年?(?:度|同期)?|与[去上][一]?年[^，。]{0,4}相?比|比\\d{4}年|较\\d{4}年)[^，。；]{0,14}$"
)
_MOVED = re.compile(
    "(?:增长|增加|增幅|提高|上升|提升|下降|减少|降低|回落|降幅|增|减|升|降|翻)(?:了|约|近|幅|幅度|率)?(?:为|达|达到|约|到)?(?:了)?$"
)
_PLAN = re.compile(
    "(?:^|[，；：\n])(?:下一步|下步|今后|明年|下一年度?|[一-龥]{0,8}(?:将(?!其|原|所|[一-龥]{1,14}(?:纳入|列|作为|由|从|改|并))|拟(?!公开|稿|聘|作出)|计划(?=在|于|年|再|到)|力争|争取|要(?!求|点|素|件|闻)))|20\\d\\d年底?前|年内(?=推动|完成|实现|[一-龥]{0,12}提高)"
)
_RULE = re.compile(
    "每(?:年|半年|季度?|月|周|天|日|两年|学期)[^，。；]{0,10}$|不少于$|须|应当|必须|原则上|规定|(?<!的)要求(?!提供|公开|行政机关|获取)[^，。；]{0,12}$|确保|时限|提前$|力争"
    "|连续$"
)


_BACK, _AHEAD = 1200, 400
_JOINT = re.compile("(?:行政)?复议(?:申请|案件)?、$")


@dataclass(frozen=True, slots=True)
class Context:
    """The stretches around a number in which its meaning is looked for.

    ``near`` runs back to the last mark or number, ``clause`` to the last comma that is not
    inside a list, ``sentence`` to the last full stop; ``after`` forward to the next mark.
    """

    near: str
    clause: str
    sentence: str
    after: str
    paragraph: str


def read_context(
    text: str, start: int, end: int, previous: int, paragraph: tuple[int, int]
) -> Context:
    """Cut the context of ``text[start:end]``; ``previous`` is where the number before ends."""
    # A whole report may be one paragraph, a hostile file a megabyte of one.
    begin, stop = max(paragraph[0], start - _BACK), min(paragraph[1], end + _AHEAD)
    before = text[begin:start]
    sentence_at = begin + _last(_FULL_STOP, before)
    clause_at = max(begin + _last(re.compile("[，。；;！!？?：:\n]"), before), sentence_at)
    near_at = begin + _last(_STOP, before)
    # 行政复议、行政诉讼共 6 件 counts both.
    joint = _JOINT.search(text[begin:near_at])
    if joint is not None:
        near_at = begin + joint.start()
    near_at = max(near_at, min(previous, start), begin)
    tail = _STOP.search(text, end, stop)
    return Context(
        text[near_at:start],
        text[clause_at:start],
        text[sentence_at:start],
        text[end : tail.start() if tail else stop],
        text[begin:stop],
    )


def _last(form: re.Pattern[str], text: str) -> int:
    ends = [m.end() for m in form.finditer(text)]
    return ends[-1] if ends else 0


_NOUN_ENDS = re.compile(
    "(?:，|分别|各$|进行|开展|集中|作了|予以|均|已|被|经|向|并|全部|同步|讲|负责|承担|通过|参加|参与|提出|审|办理|同步|从|以|在)"
)


def name_object(context: Context, unit: str | None) -> tuple[str, str]:
    """Give what is counted and the action, in the text's own words.

    Examples
    --------
    >>> here = Context("全年通过县政府网站公开各类政府信息", "", "", "", "")
    >>> name_object(here, "条")
    ('政府信息', '公开')
    >>> name_object(Context("开通", "", "", "专线集中解答", ""), "条")
    ('专线', '开通')
    """
    action, phrase = "", ""
    if context.near.strip("，、；：") in ("其他", "其它", "其余") and not context.after:
        # The last of a list: …公告 14 条、其他 12 条.
        return "其他", action
    # 访问量：2 万次: the label before a colon.
    label = re.search("[^，。；、：\n]+(?=：$)", context.sentence)
    stretches = (context.near, context.clause) if not label else (label.group(),)
    for stretch in stretches:
        # Of the same length, so that places stay what they are.
        plain = _COMPOUNDS.sub(lambda m: "＃" * len(m.group()), stretch)
        found = list(_ACTION.finditer(plain))
        real = [m for m in found if m.group() not in _EMPTY]
        if real:
            # A noun made of verbs (办理复文, 公开栏) begins at the first of two neighbours.
            last = real[-1]
            action = last.group()
            phrase = stretch[last.end() :]
            if not _trim(phrase):
                # 政府信息公开 12 条, 申请办结 9 件: the object stands before the verb.
                phrase = stretch[: last.start()] if not context.after.strip() else ""
                phrase = re.split("通过|在|从|由|对|[，：、]", phrase)[-1]
            break
        if _trim(stretch):
            phrase = stretch
            break
    phrase = _trim(phrase)
    after = context.after
    if after and not _AFTER_VERB.match(after):
        noun = _trim(re.split(_NOUN_ENDS, after.removeprefix("的"))[0])
        if 1 < len(noun) <= 20:
            return noun, action
    if not phrase and context.near.strip("，、；：") in ("公告", "公示", "解读"):
        # Nouns made of verbs, alone in a list: 动态 38 条、公告 14 条.
        phrase = action
    return phrase[-24:], action


def _trim(text: str) -> str:
    text = re.sub(r"^[\s“”\"'）)]+|[\s（(“\"]+$", "", text)
    last = None
    while text != last:
        last = text
        text = _TRIM_TAIL.sub("", _TRIM_HEAD.sub("", text))
    return text


def find_channel(context: Context) -> str:
    """Give the channel named for a number: the last one of its clause, else nothing."""
    for stretch in (context.near, context.clause):
        found = [m.group() for m in _CHANNELS.finditer(stretch)]
        if found:
            named = _LEAD.sub("", found[-1])
            return named if "”" in named else named.strip('“"')
    return ""


def find_scope(
    context: Context, kind: str | None, level: str | None = None, name: str | None = None
) -> tuple[ClaimScope, str]:
    """Say whose a number is, and by which words.

    ``kind``, ``level`` and ``name`` are the issuer's: 兴华乡 in a report of that township
    is no other body.
    """
    part = re.split("[；;]", context.sentence)[-1]
    for stretch in (context.clause, part, context.sentence):
        best: tuple[int, ClaimScope, str] | None = None
        for scope, form in _SCOPES:
            for match in form.finditer(stretch):
                # 县政府办公室代表县政府受理: the one who acts stands first.
                if (
                    re.match(
                        "的?(?:统一|指导|推动|督促|要求|组织)?(?:各|[的网门])",
                        stretch[match.end() :],
                    )
                    and scope != "whole"
                ):
                    continue
                if best is None or match.start() < best[0]:
                    best = (match.start(), scope, match.group())
        # 县财政局公开 9 份；县医保局发布: a body of the part before is not this part's.
        other = None if stretch is context.sentence and part != stretch else _OTHER.search(stretch)
        if other and (best is None or other.start() < best[0]) and kind == "government":
            words = other.group().strip("，。；、：\n").removeprefix("其中").removeprefix("在")
            itself = (name is not None and words in name) or (
                level == "township" and bool(_TOWNSHIP.search(words))
            )
            if itself:
                return "own", words
            if not _OFFICE.search(words):
                return "other", words
        if best is not None:
            return best[1], best[2]
    return "unstated", ""


def find_time(context: Context, year: int | None, bare: bool) -> tuple[ClaimTime, int | None]:
    """Say of which time a number is: the year, all years so far, before, or a change."""
    if (
        _CHANGE.search(context.near)
        or _CHANGE.search(context.clause)
        or (bare and _MOVED.search(context.near))
    ):
        return "change", year
    if _FROM.search(context.near) and _TO.match(context.after):
        return "earlier", year
    if _RATE.search(context.near):
        return "rate", year
    if _EARLIER.search(context.near):
        return "earlier", None if year is None else year - 1
    if re.search("本年度?(?:新增)?|全年|年内", context.near):
        return "year", year
    if _CUMULATIVE.search(context.near) or re.search("截至|截止|累计", context.clause):
        return "cumulative", year
    named = re.findall(r"((?:19|20)\d\d)年(?!以来|底)", context.clause)
    if named and year is not None and int(named[-1]) in (year - 1, year - 2):
        return "earlier", int(named[-1])
    return "year", year


def find_status(
    context: Context, section: str | None, measure: bool, duration: bool, blurred: bool
) -> ClaimStatus:
    """Say whether a number is reported, planned, or prescribed (a time limit, a frequency)."""
    if measure:
        return "planned"
    if _PLAN.search(context.sentence) and section in ("五", "六", "另", None):
        return "planned"
    if _RULE.search(context.near):
        return "rule"
    limit = "内|以内|前$|须|时限|起|不少于|不超过|提前"
    if duration and (blurred or re.search(limit, context.near + context.after[:2])):
        # 均在 15 个工作日内答复 tells of what was done.
        done = re.search("(?:均|全部|都|已)[^，。；]{0,6}$", context.near)
        return "reported" if done or re.search("平均|压缩|缩短", context.near) else "rule"
    return "reported"
