"""How two issuers stand to each other: same county, same system (条), one above the other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

Tie = Literal[
    "same_issuer",  # the same body
    "superior",  # the other one is above this one
    "subordinate",  # the other one is below this one
    "same_county",
    "same_system",
    "far",  # none of these
    "unknown",  # where one of them is cannot be told
]

# Each line is one system (条); names that reforms gave it stand side by side.
_SYSTEMS = """
教育 教育体育 教育和体育 教育科技 教体
公安
民政
司法
财政
人社 人力资源社会保障 人力资源和社会保障
自然资源 自然资源和规划 国土资源 国土
生态环境 环境保护 环保
住建 住房城乡建设 住房和城乡建设 建设
交通运输 交通
水利 水务
农业农村 农业 畜牧兽医 畜牧
商务
文化旅游 文化和旅游 文旅 文化广电旅游 文化广电和旅游 文体旅 文体旅游 文化 旅游
卫健 卫生健康 卫生 卫生和计划生育
退役军人 退役军人事务
应急 应急管理 安监 安全生产监督管理
审计
市场监管 市场监督管理 工商 工商行政管理 质监 质量技术监督 食品药品监督管理
统计
医保 医疗保障
信访
林业 林业草原 林业和草原 林草 园林
政务服务 行政审批 行政审批服务 政务服务管理 政务服务数据管理 政务服务和数据管理
数据 数据管理 数据资源管理 大数据 大数据管理 大数据发展管理
城管 城市管理 城市管理执法 城市管理行政执法 城市管理综合行政执法 城市管理和综合行政执法
综合执法 综合行政执法
发改 发展改革 发展和改革
工信 工业信息化 工业和信息化 经信 经济和信息化
科技 科学技术
民宗 民族宗教 民族宗教事务
国资 国有资产监督管理
体育
粮食 粮食和物资储备
机关事务 机关事务管理
金融 金融监督管理 地方金融监督管理
税务
气象
档案
外事
"""
_BODY = re.compile(r"(?:总局|局|厅|委员会|委|部)$")
_GOVERNMENT = re.compile(r"(?:人民政府|政府)(?:办公室|办公厅)?$")
_PLACE = re.compile(
    r"^[\u3400-\u9fff]{1,9}?(?:省|自治区|自治州|自治县|自治旗|地区|盟|市(?!场)|新区|开发区|区|县|旗)"
)


@dataclass(frozen=True, slots=True)
class Body:
    """An issuer: its name, and where the division data or the user place it."""

    name: str
    level: str | None = None
    kind: str | None = None
    province: str | None = None
    city: str | None = None
    county: str | None = None
    township: str | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    """How body ``b`` stands to body ``a``; None where it cannot be told.

    ``vertical`` is 1 where ``a`` is above ``b``, −1 where it is below, 0 where neither:
    a government is above what lies in its area and above its own departments, a
    department above the departments of its system in the area.
    """

    same_province: bool | None
    same_city: bool | None
    same_county: bool | None
    same_system: bool | None
    vertical: int | None
    tie: Tie


@cache
def _systems() -> dict[str, str]:
    return {
        name: line.split()[0]
        for line in filter(None, map(str.strip, _SYSTEMS.splitlines()))
        for name in line.split()
    }


@cache
def name_system(issuer: str) -> str | None:
    """Give the system (条) that a department belongs to, by its name; None for others.

    Examples
    --------
    >>> name_system("白芷县教育体育局"), name_system("云岫省教育厅"), name_system("白芷县人民政府")
    ('教育', '教育', None)
    """
    rest = "".join(issuer.split())
    if _GOVERNMENT.search(rest):
        return None
    while True:
        if rest in _systems():
            return _systems()[rest]
        core = _BODY.sub("", rest)
        for name in (core, core.removesuffix("管理")):
            if name in _systems():
                return _systems()[name]
        match = _PLACE.match(rest)
        if match is None or match.end() == len(rest):
            return None
        rest = rest[match.end() :].removeprefix("人民政府")


_RANKS = {"national": 0, "province": 1, "city": 2, "county": 3, "township": 4}


def _path(body: Body) -> tuple[str, ...] | None:
    """Give the places from the province down to the body's own; None where one is lacking."""
    if body.level not in _RANKS:
        return None
    rank = _RANKS[body.level]
    places = (body.province, body.city, body.county, body.township)[:rank]
    if rank == 0:
        return ()
    if places[0] is None or places[-1] is None:
        return None
    # A county directly under its province has no city.
    return tuple(p or "" for p in places)


def _is_government(body: Body) -> bool:
    return body.kind == "government" or _GOVERNMENT.search(body.name) is not None


def _is_above(a: Body, b: Body, inside: bool, longer: bool, same_system: bool) -> bool:
    if not inside:
        return False
    if _is_government(a):
        return longer or not _is_government(b)
    return longer and same_system


def relate(a: Body, b: Body) -> Relation:
    """Say how ``b`` stands to ``a``.

    Examples
    --------
    >>> county = Body("白芷县人民政府", "county", "government", "云岫省", "澄浦市", "白芷县")
    >>> office = Body("白芷县教育局", "county", "department", "云岫省", "澄浦市", "白芷县")
    >>> relate(county, office).tie, relate(office, county).tie
    ('subordinate', 'superior')
    >>> relate(office, Body("松涧县教育局")).same_system
    True
    """
    system_a, system_b = name_system(a.name), name_system(b.name)
    same_system = system_a is not None and system_a == system_b
    path_a, path_b = _path(a), _path(b)
    if a.name == b.name and path_a == path_b:
        return Relation(True, True, True, same_system, 0, "same_issuer")
    if path_a is None or path_b is None:
        tie: Tie = "same_system" if same_system else "unknown"
        return Relation(None, None, None, same_system, None, tie)

    def agree(depth: int) -> bool:
        return len(path_a) >= depth and len(path_b) >= depth and path_a[:depth] == path_b[:depth]

    vertical = 0
    if _is_above(a, b, path_b[: len(path_a)] == path_a, len(path_b) > len(path_a), same_system):
        vertical = 1
    elif _is_above(b, a, path_a[: len(path_b)] == path_b, len(path_a) > len(path_b), same_system):
        vertical = -1
    same_county = agree(3)
    if vertical:
        tie = "subordinate" if vertical > 0 else "superior"
    elif same_county:
        tie = "same_county"
    else:
        tie = "same_system" if same_system else "far"
    return Relation(agree(1), agree(2), same_county, same_system, vertical, tie)
