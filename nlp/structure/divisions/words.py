"""The words that the names of issuers are made of."""

from __future__ import annotations

import re
from collections.abc import Mapping

from nlp.documents.records import Level

ZONE = (
    r"(?:开发区|高新区|经开区|新区|园区|产业园|工业园|科技园|物流园|保税区|保税港区|度假区|示范区|"
    r"合作区|试验区|自贸区|自贸片区|功能区|集聚区|集中区|先行区|港区|空港|新城|科学城|生态城|"
    r"管理区|产业带)"
)
SCENIC = r"(?:保护区|名胜区|风景区|景区|地质公园|国家公园|森林公园|湿地公园)"
COMMITTEE = r"(?:管理委员会|管委会)"

GOVERNMENT = re.compile(r"(?:人民政府|政府|行政公署|公署|区公所|街道|街道办|办事处)$")
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
城市 市场 市政 市容 市民 都市 超市 市直 市级 市辖 社区 区划 区域 园区 景区 城区 库区 灾区 牧区 老区
辖区 片区 小区 校区 街区 厂区 港区 矿区 林区 特区 新区 区级 区直 地区 城乡 乡村 乡镇 城镇 镇街 县域
县级 县直 省直 省级 州级 同盟 联盟 加盟 旗下 旗帜 开发区 高新区 经开区 功能区 示范区 保税区 保护区
风景区 名胜区 度假区 合作区 试验区 管理区 集聚区 集中区 先行区
"""
NOT_A_PLACE = tuple(_WORDS_WITH_SUFFIX.split())
SUFFIX = re.compile(r"自治[区州县旗]|地区(?=行政公署|公署)|街道|苏木|[省市州盟县区旗镇乡]")
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
HALL = re.compile(r"[\u4e00-\u9fff]{2,10}厅$")  # only provinces have them
