"""Second stage: numbers that count nothing: dates, document numbers, ordinals, set phrases."""

from __future__ import annotations

import re

from nlp.claims.numbers import Number

_HAN = "[零〇○一二两三四五六七八九十百千]"
# Everything inside such a stretch is no claim.
_STRETCHES = re.compile(
    rf"""
    \d{{2,4}}\s?(?:年度|年|度)(?:\s?\d{{1,2}}\s?月(?:\s?\d{{1,2}}\s?[日号])?)?  # 2023年3月1日
   |(?:19|20)\d\d\s?[-~至到、]\s?(?:19|20)\d\d
   |(?:19|20)\d\d[-./]\d{{1,2}}(?:[-./]\d{{1,2}})?
   |(?:19|20)?\d\d[01]\d(?=\d?月|\d{{1,2}}日)
   |(?<![\d数达到超过破量])(?:19|20)\d\d(?=[^\d,.万亿余多条件篇份项次人个家期%、，至]|$)
   |\d{{1,2}}\s?月(?:份|底|初|末|中旬|上旬|下旬)?(?:\s?\d{{1,2}}\s?[日号])?
   |\d{{1,2}}\s?[日号](?=[起前至到止，。、）)以上]|召开|举办|发布|印发|下午|上午)
   |\d{{1,2}}[:：]\d{{2}}
   |{_HAN}{{2,4}}年(?:{_HAN}{{1,3}}月)?(?:{_HAN}{{1,3}}日)?
   |[近这前后过]?{_HAN}+年(?:来|内|多|间|里|时间|以上|行动|规划|计划|期|后|前|以来)?
   |\d+\s?(?:周年|岁|年(?:来|内|间|以上|以来|后|前|期))
   |(?:上|下|前|后|第)?[一二三四]季度|[上下]半年|半年|半个?月|半天|半数的
   |[〔\[【(（]\s?(?:19|20)\d\d\s?[〕\]】)）]\s?(?:第\s?)?\d+\s?号(?:文(?:件)?)?
   |(?:国令|令|文|字|函)\s?(?:第\s?)?\d+\s?号
   |第\s?(?:\d+|{_HAN}+)\s?[条款项章节次届轮期号批个名位季届届方者一二三四五六七八九十]?
   |[（(](?:{_HAN}{{1,3}}|\d{{1,2}})[）)]
   |《[^》]{{1,80}}》
   |(?:电话|邮编|邮政编码|传真|热线|手机|号码|联系方式|QQ|qq)[^，。；\d]{{0,6}}[\d\-—－()（）、/\s]{{5,}}
   |\d{{3,4}}-\d{{6,8}}|(?<!\d)1[3-9]\d{{9}}(?!\d)
   |[前后]\s?(?:\d+|{_HAN}+)\s?[位名](?!领导)
   |[\w.]+@[\w.]+|https?://[^\s，。；）]+|www\.[^\s，。；）]+
   |(?<!\d)12\d{{3}}(?=[“”政便市民交通运输服务监督投诉举报价格环保卫生健康\-]*(?:服务|监督|投诉|举报|便民|政务)*[”]?(?:热线|平台|电话|举报|服务|投诉|系统|转办|工单|政))
   |(?<!\d)(?:12345|12388|12315|12328|12333|12369|12329|12366|12309|96\d{{3}})(?=[^\d条件篇份项次人个家期%余多万.,元])
   |(?:拨打|热线|报警|电话)[：:]?(?:110|119|120|122)|(?<!\d)(?:110|119|120|122)(?=热线|报警|急救|平台|电话|指挥)
   |\d+\s?[号弄](?:楼|院|房|室|门|窗口)?(?=[，。；）)、]|\s|[东西南北一-龥]{{0,6}}[\d楼层室])
   |(?:路|街|道|巷|大街|大道|广场|大厦|楼|栋|幢|座|单元|弄|村|社区|园区)\s?\d+(?:\s?[-—]\s?\d+)?\s?(?:号|楼|室|层|弄)(?:\s?[A-Za-z]?\d*\s?[楼室座层号房]){{0,3}}
   |\d+\s?(?:楼|室)(?=[，。；）)、\s]|\d)
   |[A-Za-z][A-Za-z\-]*\d+(?:\.\d+)?|\d+[A-Za-z]+\b(?!次)
   |[“"‘「]\s?[^”"’」]{{1,24}}[”"’」]
   |7[×xX*]24|24\s?小时(?:在线|不间断|值班|服务|自助|开放|全天)
   |\d{{5,}}(?=[，。；）)、]?(?:邮|传真|电话))
    """,
    re.VERBOSE,
)
# Item numbers at the head of a line or after a full stop: 1. 2、 3） (4)
_ITEM = re.compile(r"(?:(?<=[\n。；：:;])|^)\s*\d{1,2}\s?(?:[、）)．]|[.](?!\d))")
# 三个方面, 两个维护, 六部分: numbers of speech, not of things.
_SPEECH = re.compile(
    rf"(?:以下|如下|下列|上述|以上|这|那|上面)\s?(?:{_HAN}+|\d+)\s?[大个方点项类条件步种]"
    rf"|(?:分为|分成)[^，。；]{{0,40}}?(?:{_HAN}+|\d+)\s?大?类"
    rf"|(?:{_HAN}+|\d+)\s?(?:个|大|方|点|项)?(?:大)?(?:方面|部分(?!公开)|层面|维度)"
    rf"|{_HAN}+\s?(?:个|大|方|点|项)?(?:大)?"
    "(?:导向|维护|意识|自信|确立|全面|关键|坚持|到位|原则|结合|统一|同步|大局|抓手|强化|突出"
    "|聚焦|必须|不得|转变|关口|重点|中心|基本点|主体责任|体系|底线|红线|优势|战略|贯通|不变|不准"
    "|允许|区分|一流|率先|更加|建设(?!项目|工程|用地|单位|标准|资金|规划))"
    rf"|{_HAN}+大(?:举措|工程|行动|战略|任务|类|领域|板块|重点|攻坚战?|体系|亮点|建设|目标|平台|能力"
    "|特色|优势|抓手)"
    rf"|{_HAN}+[中届]{_HAN}*(?:全会|全委会|次|届|中)|[党中共]的?{_HAN}+大|{_HAN}+届"
    "|双随机[、，]?一公开|一网通办|一网统管|一网协同|一件事(?:一次办)?|一站式|一次性|一体化|一揽子"
    "|一系列|一把手|一对一|一公里|一条龙|一条线|一盘棋|一张网|一张图|一本账|一口清|一老一小"
    rf"|一窗(?:受理|通办)?|一事一[议档策案]|一[案文村企人户校]一[卷审策码档单册品研]"
    rf"|{_HAN}审{_HAN}校|{_HAN}审{_HAN}核|{_HAN}公开|{_HAN}统筹"
    "|五级书记|三公经费|三重一大|三会一课|两会|两微一端|两新|三农|三务|四风|三资|三定|六稳|六保"
    "|三安全一稳定|[三四]类(?:内部|过程)|三项制度|百分百"
    rf"|{_HAN}位一体|{_HAN}级(?!以上)|两项补贴|365天|万家|千家万户|万众|百姓|百花|千方百计|多种多样"
)
# A plan that announces its list: 抓好三件事：一是…
_LIST = re.compile(
    rf"(?:{_HAN}+|\d+)\s?(?:个|项|件|点|条|类|大|种|步)[^，。；：:\d]{{0,8}}[：:]\s*(?:一是|一、|[（(]?[一1][）).、]|首先|①|第一|围绕|是)"
)
# Nouns with which 一 counts an event; elsewhere (一个, 一名, 一批) it is an article.
_EVENTS = "期场起宗次件例份条部篇封"
_VERBS_BEFORE_ONE = re.compile(
    "(?:开展|举办|召开|组织|发布|编制|编发|印发|制定|出台|修订|办理|受理|收到|接到|新收|答复|办结|公开|发生|出现|完成|集中|参加|通报|培训班?|讲座|会议|复议|诉讼|申请|评估|测评|检查|案件)"
    "[了过有]?[^，。；]{0,10}$"
)
_FREQUENCY = re.compile(
    "每(?:[个半两三四]?(?:年|季度?|月|周|旬|天|日|学期|次|件|项|条|半年)|半年|[一-龥]{1,6}至少)[^，。；]{0,14}$"
)


def find_excluded(folded: str) -> list[tuple[int, int]]:
    """Find the stretches in which a number is no claim.

    Examples
    --------
    >>> text = "2023年1月，依据第四十九条，公开3条，推进五公开。"
    >>> [text[a:b] for a, b in find_excluded(text)]
    ['2023年1月', '第四十九条', '五公开']
    """
    return sorted(
        (m.start(), m.end())
        for form in (_STRETCHES, _ITEM, _SPEECH, _LIST)
        for m in form.finditer(folded)
    )


def is_claim(number: Number, folded: str, excluded: list[tuple[int, int]]) -> bool:
    """Say whether a number counts something, by where it stands."""
    if any(a <= number.digit < b for a, b in excluded):
        return False
    before, after = folded[: number.digit], folded[number.end :]
    sentence = re.split("[。；;\n]", before[-80:])[-1]
    if number.value == 1 and _NOT_ONE.search(sentence):
        return False
    if number.form == "chinese" and number.kind in ("count", "duration"):
        return _counts_in_words(number, sentence, after)
    if number.unit in ("日", "号", "周", "届", "级", "层"):
        return number.unit in ("日", "周") and bool(re.match("内|之内|以内", after))
    if number.unit is None:
        return _stands_alone(number, sentence, after)
    return True


# 未发生一起: said by the zero.
_NOT_ONE = re.compile("(?:未|没有?|无)(?:发生|出现|收到|接到|产生|发现)?(?:过|任何)?$")

# Units that a small Chinese numeral makes an ordinal or a name: 三级, 两会, 一家, 一人.
_NAMES = frozenset("级 层 届 号 市 县 乡 镇 站 点 单 岁 成 课".split())
_ONES = frozenset("步 段 股 桩 人 班 本 句 家 村".split())


def _counts_in_words(number: Number, sentence: str, after: str) -> bool:
    unit = number.unit or ""
    if number.kind == "duration":
        limited = after.startswith(("内", "之内", "以内")) or number.bound in ("under", "over")
        ahead = re.search("提前$|(?:到期|期满|届满|截止|期限)前$", sentence)
        return limited or unit.endswith("工作日") or ahead is not None
    if number.high is None and number.value < 11 and unit in _NAMES:
        return False
    if number.value < 2 and unit in _ONES:
        return False
    if number.value == 1 and number.bound == "exact":
        if unit not in _EVENTS:
            return False
        if _FREQUENCY.search(sentence) or not _VERBS_BEFORE_ONE.search(sentence):
            return False
        return bool(re.match("[，。；、,;）)\n]|$", after)) or unit in "起宗例期场"
    return True


def _stands_alone(number: Number, sentence: str, after: str) -> bool:
    # 订阅数达到1944: without a unit only after words that name an amount.
    if not re.search(
        "(?:数|数量|总数|总量|量|人数|粉丝|次数|件数|条数|用户|总计|合计|共计|总额|总访问量|分别|得分|分值|新增|累计)"
        "[^，。；\\d]{0,6}$|(?:达到|达|突破|超过|超|为|是|共|计|[:：])\\s?$|结转(?:至|到)?(?:下|次)一?年度?(?:继续)?办理$",
        sentence,
    ):
        return False
    if re.search("第$|编号|电话|邮编|号[码：:]*$|[年月日]$|[-—/.]$", sentence):
        return False
    return not re.match(r"[号年月日路楼室/\-—.]|[A-Za-z]|\s?[、．.）)]\s?[一-龥]", after)
