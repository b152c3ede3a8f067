"""Level, kind and region of issuers: what the data tell, and what must stay unknown."""

from __future__ import annotations

import csv
import gzip
import json
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.documents.records import Region
from nlp.resources import find_resource
from nlp.structure import divisions as divisions_package
from nlp.structure.divisions import load_divisions
from nlp.structure.divisions.build import HEADER, build, read_former
from nlp.structure.issuer import describe_issuer, match_regions, read_overrides

FOLDER = Path(divisions_package.__file__).parent
C, P, G, D, O = "county", "province", "government", "department", "other"  # noqa: E741

# name, level, kind, code, province, city, county, township ("" is unknown)
NAMES = [
    # -- full names
    ("江苏省淮安市洪泽区人民政府", C, G, "320813 江苏省 淮安市 洪泽区 -"),
    ("淮安市洪泽区教育体育局", C, D, "320813 江苏省 淮安市 洪泽区 -"),
    ("河北省邢台市巨鹿县官亭镇人民政府", "township", G, "130529103 河北省 邢台市 巨鹿县 官亭镇"),
    ("江苏省水利厅", P, D, "320000 江苏省 - - -"),
    ("四川省凉山彝族自治州人民政府", "city", G, "513400 四川省 凉山彝族自治州 - -"),
    # -- a county's name that there is once in the whole data set
    ("洪泽区人民政府", C, G, "320813 江苏省 淮安市 洪泽区 -"),
    ("巨鹿县官亭镇人民政府", "township", G, "130529103 河北省 邢台市 巨鹿县 官亭镇"),
    ("巨鹿县人民政府办公室", C, D, "130529 河北省 邢台市 巨鹿县 -"),
    ("洪泽区", C, G, "320813 江苏省 淮安市 洪泽区 -"),
    ("侯马市水利局", C, D, "141081 山西省 临汾市 侯马市 -"),
    # white space, line breaks and brackets in the name
    ("江苏省 淮安市\n洪泽区　人民政府", C, G, "320813 江苏省 淮安市 洪泽区 -"),
    # -- names that there are several of: the level holds, the place does not
    ("鼓楼区人民政府", C, G, "- - - - -"),  # 南京 徐州 福州 开封
    ("朝阳区人民政府", C, G, "- - - - -"),  # 北京 长春
    ("市中区人民政府", C, G, "- - - - -"),
    ("城区人民政府", C, G, "- - - - -"),
    ("江北区人民政府", C, G, "- - - - -"),  # 宁波, 重庆 until 2025
    # what the candidates have in common is known
    ("江苏省鼓楼区人民政府", C, G, "- 江苏省 - - -"),
    # settled by the rest of the name
    ("吉林省朝阳区人民政府", C, G, "220104 吉林省 长春市 朝阳区 -"),
    ("长春朝阳区人民政府", C, G, "220104 吉林省 长春市 朝阳区 -"),
    ("北京市朝阳区人民政府", C, G, "110105 北京市 - 朝阳区 -"),
    ("攀枝花市东区", C, G, "510402 四川省 攀枝花市 东区 -"),
    # the township does not settle the county
    ("长安区城关镇人民政府", "township", G, "- - - - 城关镇"),
    # -- names that contain each other
    ("吉林省人民政府", P, G, "220000 吉林省 - - -"),
    ("吉林市人民政府", "city", G, "220200 吉林省 吉林市 - -"),
    ("海南省人民政府", P, G, "460000 海南省 - - -"),
    ("海南州人民政府", "city", G, "632500 青海省 海南藏族自治州 - -"),
    ("河南省财政厅", P, D, "410000 河南省 - - -"),
    ("河南县人民政府", C, G, "632324 青海省 黄南藏族自治州 河南蒙古族自治县 -"),
    ("白银市", "city", G, "620400 甘肃省 白银市 - -"),
    ("白银区", C, G, "620402 甘肃省 白银市 白银区 -"),
    ("恩施州教育局", "city", D, "422800 湖北省 恩施土家族苗族自治州 - -"),
    ("恩施市教育局", C, D, "422801 湖北省 恩施土家族苗族自治州 恩施市 -"),
    ("公安县公安局", C, D, "421022 湖北省 荆州市 公安县 -"),
    # -- municipalities, county-level cities, leagues, prefectures, special districts
    ("重庆市人民政府", P, G, "500000 重庆市 - - -"),
    ("上海市浦东新区人民政府", C, G, "310115 上海市 - 浦东新区 -"),
    ("昆山市人民政府", C, G, "320583 江苏省 苏州市 昆山市 -"),
    ("济源市人民政府", C, G, "419001 河南省 - 济源市 -"),  # governed by the province
    ("东莞市石龙镇人民政府", "township", G, "441900 广东省 东莞市 - 石龙镇"),  # no counties
    ("喀什地区行政公署", "city", G, "653100 新疆维吾尔自治区 喀什地区 - -"),
    ("锡林郭勒盟行政公署", "city", G, "152500 内蒙古自治区 锡林郭勒盟 - -"),
    ("阿拉善左旗财政局", C, D, "152921 内蒙古自治区 阿拉善盟 阿拉善左旗 -"),
    ("神农架林区人民政府", C, G, "429021 湖北省 - 神农架林区 -"),
    ("六枝特区人民政府", C, G, "520203 贵州省 六盘水市 六枝特区 -"),
    ("井陉矿区人民政府", C, G, "130107 河北省 石家庄市 井陉矿区 -"),
    ("石河子市人民政府", C, G, "659001 新疆维吾尔自治区 - 石河子市 -"),
    ("新疆生产建设兵团", P, G, "- 新疆维吾尔自治区 - - -"),
    ("新疆生产建设兵团第一师", "city", G, "- 新疆维吾尔自治区 - - -"),
    ("兵团第一师阿拉尔市财政局", "", D, "- 新疆维吾尔自治区 - - -"),
    # -- townships and subdistricts
    ("洪泽区高良涧街道办事处", "township", G, "320813001 江苏省 淮安市 洪泽区 高良涧街道"),
    ("洪泽区老子山镇", "township", G, "320813105 江苏省 淮安市 洪泽区 老子山镇"),
    # a township that the data set does not have is as the text says, with the county's code
    ("洪泽区假想镇人民政府", "township", G, "320813 江苏省 淮安市 洪泽区 假想镇"),
    ("乐亭县乐亭镇财政所", "township", D, "130225100 河北省 唐山市 乐亭县 乐亭镇"),
    # 城镇 and 乡镇 are no townships
    ("洪泽区城镇综合管理局", C, D, "320813 江苏省 淮安市 洪泽区 -"),
    # a township that was abolished of late, and one with a rare character
    (
        "沙湾市三道河子镇人民政府",
        "township",
        G,
        "654203109 新疆维吾尔自治区 塔城地区 沙湾市 三道河子镇",
    ),
    ("宜兴市湖㳇镇人民政府", "township", G, "320282125 江苏省 无锡市 宜兴市 湖㳇镇"),
    # a township's name alone is never placed, even where there is one today
    ("高良涧街道办事处", "township", G, "- - - - -"),
    ("城关镇人民政府", "township", G, "- - - - -"),
    # -- former names
    ("洪泽县人民政府", C, G, "320829 江苏省 淮安市 洪泽县 -"),  # until 2016
    ("襄樊市襄城区人民政府", C, G, "420602 湖北省 襄阳市 襄城区 -"),  # 襄樊市 until 2010
    ("思茅市翠云区人民政府", C, G, "530802 云南省 思茅市 翠云区 -"),
    ("莱芜市莱城区人民政府", C, G, "371202 山东省 莱芜市 莱城区 -"),
    ("上海市卢湾区人民政府", C, G, "310103 上海市 - 卢湾区 -"),
    ("六安市寿县人民政府", C, G, "341521 安徽省 六安市 寿县 -"),
    ("寿县人民政府", C, G, "340422 安徽省 淮南市 寿县 -"),  # without a year: of today
    ("巢湖市人民政府", "", G, "- 安徽省 - - -"),  # prefecture until 2011, county since
    # -- fictional places: the words tell the level, or not
    ("假县人民政府", C, G, "- - - - -"),
    ("假县城市管理局", C, D, "- - - - -"),
    ("假县乡村振兴局", C, D, "- - - - -"),
    ("假县市场监督管理局", C, D, "- - - - -"),
    ("云川省人民政府", P, G, "- - - - -"),
    ("云川市人民政府", "", G, "- - - - -"),  # a city is a prefecture or a county
    ("云川市临水县水务局", C, D, "- - - - -"),
    ("云川市临水区清河镇人民政府", "township", G, "- - - - -"),
    ("新城镇人民政府", "township", G, "- - - - -"),
    # a real name in a place where it is not
    ("淮安市朝阳区人民政府", C, G, "320800 江苏省 淮安市 - -"),
    ("淮安市云川市人民政府", C, G, "320800 江苏省 淮安市 - -"),
    # what looks like a place in the name of an organ
    ("安阳市红旗渠灌区管理处", "city", D, "410500 河南省 安阳市 - -"),
    ("北京市城市管理委员会", P, D, "110000 北京市 - - -"),
    ("江苏省国有资产监督管理委员会", P, D, "320000 江苏省 - - -"),
    ("淮安市人民政府驻北京办事处", "city", D, "320800 江苏省 淮安市 - -"),
    # -- no place in the name
    ("县科技局", C, D, "- - - - -"),
    ("区教育局", C, D, "- - - - -"),
    ("区财政厅", P, D, "- - - - -"),  # of an autonomous region
    ("市文广局", "", D, "- - - - -"),  # county-level cities write so too
    ("教育体育局", "", D, "- - - - -"),
    ("高新区管委会", "", G, "- - - - -"),
    # -- zones have no level of their own
    ("淮安经济技术开发区管理委员会", "", G, "- 江苏省 淮安市 - -"),
    ("淮安市洪泽经济开发区管委会", "", G, "320800 江苏省 淮安市 - -"),
    ("吉林经济技术开发区管理委员会", "", G, "- 吉林省 - - -"),
    ("河北雄安新区管理委员会", "", G, "130000 河北省 - - -"),  # not in 天津市河北区
    ("假县经济开发区管委会", "", G, "- - - - -"),
    ("假山风景名胜区管委会", "", "", "- - - - -"),
    # -- national organs and their branches
    ("教育部", "national", D, "- - - - -"),
    ("中华人民共和国财政部", "national", D, "- - - - -"),
    ("国务院", "national", G, "- - - - -"),
    ("国家税务总局洪泽区税务局", C, D, "320813 江苏省 淮安市 洪泽区 -"),
    ("国家统计局江苏调查总队", "", D, "320000 江苏省 - - -"),
    ("上海海关", "", D, "310000 上海市 - - -"),
    ("北京市公安局朝阳分局", C, D, "110105 北京市 - 朝阳区 -"),
    ("淮安市公安局假想分局", "", D, "320800 江苏省 淮安市 - -"),
    # -- bodies that are neither
    ("洪泽区人民法院", C, O, "320813 江苏省 淮安市 洪泽区 -"),
    ("中共洪泽区委办公室", C, O, "320813 江苏省 淮安市 洪泽区 -"),
    ("洪泽区残疾人联合会", C, O, "320813 江苏省 淮安市 洪泽区 -"),
    # -- no name
    ("", "", "", "- - - - -"),
    ("abc", "", "", "- - - - -"),
]


def _region(text: str) -> Region:
    return Region(*(None if part == "-" else part for part in text.split()))


@pytest.mark.parametrize(("name", "level", "kind", "region"), NAMES, ids=[n[0] for n in NAMES])
def test_names(name: str, level: str, kind: str, region: str) -> None:
    issuer = describe_issuer(name)
    assert (issuer.level, issuer.kind) == (level or None, kind or None)
    assert issuer.region == _region(region)
    assert issuer.name == name
    assert issuer.source  # says what it rests on


def test_no_name_at_all() -> None:
    issuer = describe_issuer(None)
    assert (issuer.name, issuer.level, issuer.kind, issuer.region) == (None, None, None, Region())


CONTEXTS = [
    # the full name stands in the title
    ("鼓楼区人民政府", "南京市鼓楼区人民政府2022年度报告", C, "320106 江苏省 南京市 鼓楼区 -"),
    # only the city is spoken of
    ("鼓楼区人民政府", "按照徐州市人民政府办公室要求编制", C, "320302 江苏省 徐州市 鼓楼区 -"),
    # only the province: two are left
    ("鼓楼区人民政府", "按照江苏省人民政府办公厅要求编制", C, "- 江苏省 - - -"),
    # a city outweighs its province
    ("鼓楼区人民政府", "按照江苏省政府、南京市政府要求", C, "320106 江苏省 南京市 鼓楼区 -"),
    # two cities that could be meant settle nothing
    ("鼓楼区人民政府", "学习徐州市和南京市的经验", C, "- - - - -"),
    # a city that has none settles nothing
    ("鼓楼区人民政府", "学习淮安市的经验", C, "- - - - -"),
    # the one county that is named
    ("县科技局", "巨鹿县2013年政府信息公开年报", C, "130529 河北省 邢台市 巨鹿县 -"),
    ("县科技局", "学习巨鹿县、平乡县经验", C, "- - - - -"),
    ("县科技局", "全年受理县政府信息公开申请3件", C, "- - - - -"),  # no 理县
    # a city is only taken where its name stands before the same organ
    ("市文广局", "昆山市文广局2014年年报", C, "320583 江苏省 苏州市 昆山市 -"),
    ("市文广局", "按照苏州市要求", "", "- - - - -"),
    ("教育体育局", "洪泽区教育体育局年度报告", C, "320813 江苏省 淮安市 洪泽区 -"),
    # a township by the county that has it
    ("官亭镇人民政府", "巨鹿县网站", "township", "130529103 河北省 邢台市 巨鹿县 官亭镇"),
    ("官亭镇人民政府", "学习巨鹿县和肥西县", "township", "- - - - -"),  # both have one
    ("官亭镇人民政府", "昆山市网站", "township", "- - - - -"),
    ("镇人民政府", "巨鹿县官亭镇", "township", "130529103 河北省 邢台市 巨鹿县 官亭镇"),
    # a fictional city with counties is a prefecture; without, it stays open
    ("云川市人民政府", "全市各县（市、区）主动公开", "city", "- - - - -"),
    ("云川市人民政府", "全市各镇主动公开", "", "- - - - -"),
]


@pytest.mark.parametrize(("name", "context", "level", "region"), CONTEXTS)
def test_context_settles_what_the_name_leaves_open(
    name: str, context: str, level: str, region: str
) -> None:
    issuer = describe_issuer(name, context=context)
    assert issuer.level == (level or None)
    assert issuer.region == _region(region)


YEARS = [
    # moved from 六安 to 淮南 in 2015
    ("寿县人民政府", 2012, C, "341521 安徽省 六安市 寿县 -"),
    ("寿县人民政府", 2015, C, "- 安徽省 - 寿县 -"),  # the year itself: either
    ("寿县人民政府", 2020, C, "340422 安徽省 淮南市 寿县 -"),
    # a prefecture until 2011, a county-level city since
    ("巢湖市人民政府", 2009, "city", "341400 安徽省 巢湖市 - -"),
    ("巢湖市人民政府", 2015, C, "340181 安徽省 合肥市 巢湖市 -"),
    # the other way round
    ("铜仁市人民政府", 2010, C, "522201 贵州省 铜仁地区 铜仁市 -"),
    ("铜仁市人民政府", 2013, "city", "520600 贵州省 铜仁市 - -"),
    # the other 东乡县 became a district in 2017
    ("东乡县水利局", 2020, C, "622926 甘肃省 临夏回族自治州 东乡族自治县 -"),
    # a former name is known in any year
    ("洪泽县人民政府", 2010, C, "320829 江苏省 淮安市 洪泽县 -"),
    ("洪泽县人民政府", 2020, C, "320829 江苏省 淮安市 洪泽县 -"),
]


@pytest.mark.parametrize(("name", "year", "level", "region"), YEARS)
def test_year_settles_what_moved(name: str, year: int, level: str, region: str) -> None:
    issuer = describe_issuer(name, year=year)
    assert (issuer.level, issuer.region) == (level, _region(region))


# -- overrides ------------------------------------------------------------------------


def test_a_users_table_has_the_last_word(tmp_path: Path) -> None:
    path = tmp_path / "机关.csv"
    path.write_text(
        "\ufeff发布机关,层级,机关类别,区划代码,省,市\n"
        "云川市人民政府,city,,,云川省,云川市\n"
        "鼓楼区人民政府,,,320106,,\n",
        encoding="utf-8",
    )
    table = read_overrides(path)
    fictional = describe_issuer("云川市 人民政府", overrides=table)  # white space is no matter
    assert (fictional.level, fictional.kind) == ("city", "government")
    assert fictional.region == Region(province="云川省", city="云川市")
    assert fictional.source == "用户指定"
    # a code alone brings its path
    assert describe_issuer("鼓楼区人民政府", overrides=table).region.city == "南京市"
    # others are as ever
    assert describe_issuer("洪泽区人民政府", overrides=table) == describe_issuer("洪泽区人民政府")


def test_a_users_table_with_faults_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "机关.csv"
    path.write_text("机关,层级\n云川市人民政府,city\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"机关\.csv：应有“发布机关”一列；实有 机关、level"):
        read_overrides(path)
    path.write_text("发布机关,层级\n云川市人民政府,地级\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"第 2 行：“云川市人民政府”的 level 应为 .*实为“地级”"):
        read_overrides(path)
    path.write_bytes("发布机关,层级\n云川市,city\n".encode("gb18030"))
    with pytest.raises(ValueError, match="应为 UTF-8 编码"):
        read_overrides(path)
    with pytest.raises(ValueError, match="的 kind 应为"):
        describe_issuer("云川市人民政府", overrides={"云川市人民政府": {"kind": "政府"}})


# -- places in text -------------------------------------------------------------------

PLACES = [
    # names that lie in each other are one place
    ("江苏省淮安市洪泽区岔河镇开展", [("江苏省淮安市洪泽区岔河镇", "320813")]),
    ("淮安市、徐州市", [("淮安市", "320800"), ("徐州市", "320300")]),
    # found, but not placed
    ("鼓楼区的做法", [("鼓楼区", None)]),
    ("南京市鼓楼区", [("南京市鼓楼区", "320106")]),
    # no places: the end of a word, the beginning of one, words that are names too
    ("扩大同市场主体", []),
    ("省和县级部门", []),
    ("全年受理县政府信息公开申请", []),
    # a name of two characters at the beginning
    ("根据条例，理县人民政府编制", [("理县", "513222")]),
    # 市政府 and 市民政局 are no 市政 and no 市民
    ("淮安市政府、淮安市民政局", [("淮安市", "320800"), ("淮安市", "320800")]),
    ("全市城区和郊区", []),
    ("阳泉市郊区", [("阳泉市郊区", "140311")]),
    # a fictional place
    ("云岫县人民政府", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "expected"), PLACES)
def test_places_in_text(text: str, expected: list[tuple[str, str | None]]) -> None:
    found = match_regions(text)
    assert [(text[a:b], r.code and r.code[:6]) for a, b, r in found] == expected


@given(st.text(alphabet="江苏省淮安市洪泽区岔河镇鼓楼和县人民政府的、 ", max_size=40))
def test_places_slice_back_and_never_fail(text: str) -> None:
    position = 0
    for start, end, region in match_regions(text):
        assert position <= start < end <= len(text)
        assert text[start:end].strip() == text[start:end]
        assert region.township is None or text[start:end].endswith(region.township)
        position = end
    describe_issuer(text, context=text)


# -- the data -------------------------------------------------------------------------


def test_every_place_of_today_is_found_by_its_path() -> None:
    for row in load_divisions().current.values():
        path = row.province + row.city * (row.level != "province")
        path += row.name if row.level == "county" else ""
        issuer = describe_issuer(path + "人民政府", year=2026)
        assert (issuer.level, issuer.region.code) == (row.level, row.code), path


def test_data_are_whole() -> None:
    divisions = load_divisions()
    names = {(row.level, row.name, row.city, row.province) for row in divisions.rows}
    assert len(names) == len(divisions.rows)
    provinces = {row.name for row in divisions.rows if row.level == "province"}
    cities = {(row.province, row.name) for row in divisions.rows if row.level == "city"}
    assert len(provinces) == 34
    for row in divisions.rows:
        assert row.province in provinces
        assert not row.city or (row.province, row.city) in cities, row
        assert len(row.code) == 6
        assert row.until is None or 2003 <= row.until <= 2026
        if row.successor:
            after = divisions.follow(row)
            assert after is not None and after.level == row.level, row
    with gzip.open(FOLDER / "townships.csv.gz", "rt", encoding="utf-8") as file:
        counties = {county for county, _ in csv.reader(file)} - {"county"}
    assert counties <= divisions.current.keys()


def test_shipped_names_are_those_of_the_data() -> None:
    lines = (find_resource("corpus/dictionary") / "regions.txt").read_text(encoding="utf-8")
    names = [line for line in lines.splitlines() if not line.startswith("#")]
    assert names == sorted({row.name for row in load_divisions().rows})


def test_build_makes_the_same_bytes_from_the_same_package(tmp_path: Path) -> None:
    wheel = tmp_path / "package.whl"
    place = {"code": "990100000000", "counties": {"临水县": "990121000000"}}
    province = {"code": "990000000000", "cities": {"云川市": place}}
    event = {
        "year": 2014, "type": "撤县设区", "level": 3,
        "old": {"code": "990122000000", "name": "云岫县"}, "new": {"code": "990121000000"},
        "old_path": ["云川省", "云川市", "云岫县"],
    }  # fmt: skip
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, content in {
            "divisions": {"provinces": {"云川省": province}},
            "historical_changes": {"events": [event]},
            "townships": {"990121000000": {"townships": {"清河镇": "990121100000"}}},
        }.items():
            archive.writestr(f"data/{name}_v1.json", json.dumps(content))
    made = []
    for folder in (tmp_path / "one", tmp_path / "two"):
        folder.mkdir()
        build(wheel, folder, folder / "regions.txt")
        made.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert made[0] == made[1]
    rows = list(csv.reader(made[0]["divisions.csv"].decode().splitlines()))
    assert rows[0] == list(HEADER)
    assert ["990122", "county", "云岫县", "云川市", "云川省", "2014", "990121"] in rows
    assert "清河镇=100" in gzip.decompress(made[0]["townships.csv.gz"]).decode()
    assert "云岫县\n" in made[0]["regions.txt"].decode()


def test_former_units_are_not_those_of_today() -> None:
    current = [("990000", P, "云川省", "", "云川省", "", ""),
               ("990121", C, "临水县", "云川市", "云川省", "", "")]  # fmt: skip
    same = {
        "year": 2014, "type": "同名改码", "level": 3,
        "old": {"code": "990122000000", "name": "临水县"}, "new": {"code": "990121000000"},
        "old_path": ["云川省", "云川市", "临水县"],
    }  # fmt: skip
    assert read_former([same], current) == []
    early = {**same, "year": 1999, "old_path": ["云川省", "云川市", "古县"]}
    assert read_former([early], current) == []


def test_fast_enough_for_thousands_of_reports() -> None:
    names = [name for name, *_ in NAMES]
    describe_issuer(names[0])
    started = time.process_time()
    for name in names * 5:
        describe_issuer(name)
    # 5,000 a second on a free machine; a third of that where others work as well
    assert len(names) * 5 / (time.process_time() - started) > 1_700
