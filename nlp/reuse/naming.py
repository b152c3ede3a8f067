"""The names that bodies of government go by, enumerated so that a trie can find them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import product

# What a phrase asks for: mask it, leave it (a word that only looks like a name), or mask
# its first character alone (县 of 县政府信息公开).
MASK, LEAVE, FIRST = 1, 2, 3

_LEVELS = "省 市 自治区 区 县 旗 州 盟 镇 乡 街道".split()
_TRADES = """
教育 教育体育 教育和体育 教育科技 教体 公安 民政 司法 财政 人力资源社会保障
人力资源和社会保障 人社 自然资源 自然资源和规划 生态环境 住房城乡建设 住房和城乡建设 住建
交通运输 交通 水利 水务 农业农村 农业 商务 文化旅游 文化和旅游 文化广电旅游
文化广电和旅游 文旅 文体 文体旅 文体旅游 卫生健康 卫健 卫生 卫生和计划生育 退役军人事务
退役军人 应急管理 应急 审计 市场监督管理 市场监管 统计 医疗保障 医保 信访 乡村振兴
林业 林业草原 林业和草原 林草 行政审批 行政审批服务 政务服务数据管理 政务服务和数据管理
政务服务管理 数据 数据管理 数据资源管理 大数据 大数据管理 大数据发展管理 城市管理
城市管理执法 城市管理行政执法 城市管理综合行政执法 城市管理和综合行政执法 城管 综合行政执法
综合执法 发展改革 发展和改革 发改 工业信息化 工业和信息化 工信 经信 经济和信息化
科学技术 科技 民族宗教 民族宗教事务 民宗 国有资产监督管理 国资 体育 粮食和物资储备 粮食
机关事务管理 金融监督管理 地方金融监督管理 投资促进 税务 气象 烟草专卖 档案 外事 园林
房产管理 住房保障 国土资源 国土 环境保护 环保 安全生产监督管理 安监 食品药品监督管理
工商行政管理 工商 质量技术监督 质监 物价 旅游 人民防空 人防 海洋与渔业 海洋渔业
畜牧兽医 畜牧 招商 规划 城乡规划 建设 文化 新闻出版 广播电视 广电
""".split()
_UNITS = (
    "机关 单位 部门 行政机关 行政区域 辖区 科室 股室 局 委 办 厅 院 校 中心 处 所 站 系统"
).split()
_GOVERNMENT_WORKS = (
    """信息 网 公报 门户 采购 购买 工作 规章 文件 服务 职能 部门 系统 投资 性""".split()
)
# Words in which the pattern's first characters mean something else.
_LEAVE = """
我市场 全市场 本区域 全区域 全县域 全市容 本市民 全市民 全省份 各省份 全局性 全局观
全局意识 本办理 各办理 该办理 本办法 本办事 各办事 该办法 全委托 本处理 该处理 各处理
本所有 该所属 各所属 各所 全所 全处 全站式 全中心 全校 全院 各州 该校 该院 全镇痛
该委托 各委托 全部门
""".split()


@cache
def enumerate_bodies() -> tuple[tuple[str, int], ...]:
    """Give every usual way to name a body without its place, and what to do with it.

    Examples
    --------
    >>> dict(enumerate_bodies())["我局"], dict(enumerate_bodies())["县政府信息"]
    (1, 3)
    """
    return tuple(_enumerate())


def _enumerate() -> Iterator[tuple[str, int]]:
    for who, unit in product("我本全各该", _LEVELS + _UNITS):
        yield who + unit, MASK
    for word in _LEAVE:
        yield word, LEAVE
    for level in _LEVELS:
        for office in ("", "办公室", "办公厅", "办"):
            yield f"{level}人民政府{office}", MASK
            yield f"{level}政府{office}", MASK
            if office:
                yield f"{level}委{office}", MASK
                yield f"{level}{office}", MASK if len(office) > 1 else LEAVE
        for work in _GOVERNMENT_WORKS:
            yield f"{level}政府{work}", FIRST
        yield f"{level}委", MASK
        yield f"{level}委县政府", MASK
        for what in ("部门", "单位", "各部门", "各单位"):
            for rank in "直级":
                yield f"{level}{rank}{what}", MASK
    for word in ("街道办事处", "管理委员会", "管委会", "党工委", "党委政府"):
        yield word, MASK
    for trade, tail in product(_TRADES, ("局", "厅", "委员会", "委")):
        if len(trade) == 2 and tail == "委" and trade not in ("卫健", "发改", "国资"):
            continue
        yield trade + tail, MASK
        for level in _LEVELS[:-1]:
            yield level + trade + tail, MASK


_PLACE = re.compile(
    r"[\u3400-\u9fff]{1,9}?"
    r"(?:省|自治区|自治州|自治县|自治旗|地区|盟|市|新区|开发区|区|县|旗|街道|镇|乡|苏木)"
)
_SUFFIX = re.compile(r"(?:省|自治[区州县旗]|地区|新区|开发区|街道|[盟市区县旗镇乡])$")
_OFFICE = re.compile(r"(?:人民政府|政府)?(?:办公室|办公厅|办事处)?")


def split_issuer(issuer: str) -> tuple[str, ...]:
    """Give the names by which a body goes: whole, its places, their stems, the rest.

    Examples
    --------
    >>> split_issuer("白芷县教育局")
    ('白芷县教育局', '白芷县', '白芷', '教育局', '县教育局')
    >>> split_issuer("青蘅区人民政府汀兰街道办事处")
    ('青蘅区人民政府汀兰街道办事处', '青蘅区', '青蘅', '汀兰街道', '汀兰')
    """
    name = "".join(unicodedata.normalize("NFKC", issuer).split())
    names = [name] if len(name) >= 3 else []
    rest, level = name, ""
    while rest:
        rest = rest[len("人民政府") :] if rest.startswith("人民政府") else rest
        match = _PLACE.match(rest)
        if match is None or match.end() < 2:
            break
        place = match.group()
        stem = _SUFFIX.sub("", place)
        level = place[len(stem) :]
        if len(stem) >= 2:
            names += [place, stem]
        rest = rest[match.end() :]
    if len(rest) >= 3 and rest != name and not _OFFICE.fullmatch(rest):
        names += [rest, level + rest]
    return tuple(dict.fromkeys(names))
