"""The words that the names of issuers are made of."""

from __future__ import annotations

import re
from collections.abc import Mapping

from nlp.documents.records import Level

ZONE = (
    r"(?:开发区|高新区|经开区|新区|园区|产业园|工业园|科技园|物流园|保税区|保税港区|度假区|示范区|"
    r"合作区|试验区|实验区|自贸区|自贸片区|功能区|集聚区|集中区|先行区|港区|空港|新城|科学城|生态城|"
    r"管理区|产业带)"
)
SCENIC = r"(?:保护区|名胜区|风景区|景区|地质公园|国家公园|森林公园|湿地公园)"
COMMITTEE = r"(?:管理委员会|管委会)"

GOVERNMENT = re.compile(r"(?:人民政府|政府|行政公署|公署|行署|区公所|街道|街道办|办事处)$")
ZONE_COMMITTEE = re.compile(rf"{ZONE}(?:党工委)?{COMMITTEE}$")
SCENIC_COMMITTEE = re.compile(rf"{SCENIC}(?:{COMMITTEE}|管理局)$")
PARTY = re.compile(
    r"^(?:中共|中国共产党)|纪委|监委|监察委|"
    r"(?:[省市县区州旗盟镇乡]委|党委|党工委)(?:办公室|组织部|宣传部|统战部|政法委|编办|$)"
)
OTHER = re.compile(
    r"(?:法院|检察院|公司|集团|银行|支行|分行|大学|学院|学校|中学|小学|幼儿园|党校|医院|卫生院|联合会|"
    r"联合社|总工会|妇联|残联|共青团|工商联|协会|学会|商会|红十字会|基金会|供销合作社|供销社|服务社|"
    r"报社|电视台|广播电台|电台|中心|研究所|研究院|科学院|设计院|图书馆|博物馆|档案馆|文化馆|体育馆|"
    r"站|党组|党委|党工委|常委会|人大|政协)$"
)
DEPARTMENT = re.compile(
    r"(?:局|厅|委|委员会|办|办公室|办公厅|处|署|部|队|所|科|海关|司|院|管委会|专员公署)$"
)

# 省 市 县 区 … inside these end no name of a place.
_WORDS_WITH_SUFFIX = """
城市 市场 市政 市容 市民 都市 超市 市直 市级 市辖 社区 区划 区域 园区 景区
城区 库区 灾区 灌区 牧区 老区 辖区 片区 小区 校区 街区 厂区 港区 矿区 林区
特区 新区 区级 区直 地区 城乡 乡村 乡镇 城镇 村镇 集镇 镇街 县域 县级 县直
省直 省级 州级 州志 同盟 联盟 加盟 旗下 旗帜 红旗 开发区 高新区 经开区 功能区 示范区
保税区 保护区 风景区 名胜区 度假区 合作区 试验区 实验区 管理区 集聚区 集中区
先行区
"""
NOT_A_PLACE = tuple(_WORDS_WITH_SUFFIX.split())
SUFFIX = re.compile(r"自治[区州县旗]|地区(?=行政公署|公署|行署)|街道|苏木|[省市州盟县区旗镇乡]")
# Organs begin like this; below a listed place nothing else ends an unlisted one
# (安阳市|红旗渠灌区管理处 is an organ of 安阳市).
ORGAN_START = re.compile(
    r"人民政府|政府|办事处|委|$|人大|政协|人民|教育|财政|公安|民政|司法|人力|人社|自然资源|国土|规划|生态|环境|环保|住房|"
    r"住建|城市|城乡|城管|交通|水利|水务|农业|农机|畜牧|林业|园林|商务|文化|文旅|广播|新闻|体育|旅游|卫生|卫健|"
    r"审计|市场|工商|质量|食品|药品|统计|信访|机关|发展|发改|工业|经济|科技|科学|民族|宗教|应急|安全|"
    r"医疗|退役|税务|国家税务|地方税务|行政|政务|大数据|数据|档案|粮食|扶贫|乡村|招商|物价|法制|综合|民防|人民防空"
)
# What a suffix tells by itself; a 市 may be a prefecture or a county-level city.
SUFFIX_LEVEL: Mapping[str, Level | None] = {
    "省": "province",
    "自治区": "province",
    "自治州": "city",
    "州": "city",
    "盟": "city",
    "地区": "city",
    "市": None,
    "县": "county",
    "自治县": "county",
    "旗": "county",
    "自治旗": "county",
    "区": "county",
    "镇": "township",
    "乡": "township",
    "苏木": "township",
    "街道": "township",
}
TOWNSHIP_SUFFIXES = frozenset({"镇", "乡", "苏木", "街道"})
TOWNSHIP = re.compile(
    r"(?P<name>[\u4e00-\u9fff]{1,12}?(?:街道|镇|乡|苏木))"
    r"(?=(?:人民)?政府|办事处|党政|综合|党委|党工委|财政所|司法所|便民|卫生院|社会事务|经济发展|农业|"
    r"民政|办公室|$)"
)
# What a report of a prefecture says of its own parts; a county-level city has no districts.
HAS_COUNTIES = re.compile(
    r"县（市、区）|县市区|县（市）区|县（区、市）|各县区|各区县|县（区）|区（县）|各县、区|县、区"
)
# Organs that have branches all over the country; a branch's rank is not its place's.
VERTICAL = re.compile(
    r"^(?:国家税务总局|国家统计局|国家金融监督管理总局|中国银行保险监督管理委员会|"
    r"中国银行业监督管理委员会|中国证券监督管理委员会|国家能源局|中国人民银行|国家外汇管理局|"
    r"国家矿山安全监察局|中国气象局|中华人民共和国)(?=.)"
)
BRANCH = re.compile(r"^[\u4e00-\u9fff]*?局(?P<place>[\u4e00-\u9fff]{2,6})分局$")
# These follow a short name: 淮安海关, 江苏调查总队.
AFTER_SHORT = re.compile(
    r"(?:海关|海事局|调查总队|调查队|监管局|证监局|监管分局|通信管理局|邮政管理局|专员办)$"
)
LIAISON = re.compile(r"驻[\u4e00-\u9fff]{1,6}(?:办事处|联络处)$")
HALL = re.compile(r"[\u4e00-\u9fff]{2,10}厅$")  # only provinces have them
_WORDS_AROUND = {
    suffix: tuple((word, word.index(suffix)) for word in NOT_A_PLACE if suffix in word)
    for suffix in SUFFIX_LEVEL
}
# 云川市政管理局 has the word 市政, 云川市政府 and 云川市民政局 have not.
_UNLESS_BEFORE = {"市政": "府协务", "市民": "政族"}
_LONGEST_NAME = 8  # characters, without the suffix
_ANYTHING = re.compile(r"[\u4e00-\u9fff]{2,}|委|$")
_ZONE_OR_SCENIC = re.compile(f"{ZONE}|{SCENIC}")
_ENDS_AS_ZONE = re.compile(f"(?:{ZONE}|{SCENIC})$")
_GOVERNED = re.compile("人民政府|办事处")


def is_zone(text: str) -> bool:
    """Whether a text names a development zone, a new area, a park or the like."""
    return _ZONE_OR_SCENIC.search(text) is not None


def find_suffixes(text: str, *, listed: bool) -> list[re.Match[str]]:
    """Find the 省 市 县 区 … that end names of places at the beginning of a text.

    ``listed`` says that a place of the data set stands before the text: then the last
    suffix counts only if a usual organ follows it.

    Examples
    --------
    >>> [match[0] for match in find_suffixes("临水县城市管理局", listed=False)]
    ['县']
    >>> [match[0] for match in find_suffixes("红旗渠灌区管理处", listed=True)]
    []
    """
    found: list[re.Match[str]] = []
    for match in SUFFIX.finditer(text):
        start, end = match.span()
        governed = _GOVERNED.match(text, end) and not _ENDS_AS_ZONE.search(text[:end])
        if not governed and any(
            start >= offset
            and text.startswith(word, start - offset)
            and text[start - offset + len(word) :][:1] not in _UNLESS_BEFORE.get(word, ())
            for word, offset in _WORDS_AROUND.get(match[0], ())
        ):
            continue
        if not _ANYTHING.match(text, end):
            continue
        if start - (found[-1].end() if found else 0) > _LONGEST_NAME:
            break  # what follows is the name of an organ
        found.append(match)
    while listed and found and not ORGAN_START.match(text, found[-1].end()):
        found.pop()
    return found
