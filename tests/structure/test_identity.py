"""One issuer under several names is one; issuers that may be two stay two."""

from __future__ import annotations

import pytest

from nlp.documents import Issuer, Region
from nlp.structure import choose_names, identify_issuer

HONGZE = Region("320813", "江苏省", "淮安市", "洪泽区")


def make_issuer(name: str, region: Region = HONGZE, level: str | None = "county") -> Issuer:
    return Issuer(name, level, "department", region)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        # With and without the names of the regions above.
        ("洪泽区人民政府", "淮安市洪泽区人民政府", True),
        ("江苏省淮安市洪泽区水利局", "洪泽区水利局", True),
        # 政府 alone is the people's government.
        ("洪泽区政府", "洪泽区人民政府", True),
        # Spaces and brackets of another width.
        ("洪泽区水利局（区水务局）", "洪泽区水利局(区 水务局)", True),
        # The office is another body than the government it serves.
        ("洪泽区人民政府", "洪泽区人民政府办公室", False),
        ("洪泽区水利局", "洪泽区教育局", False),
    ],
)  # fmt: skip
def test_names_of_one_region(one: str, other: str, same: bool) -> None:
    assert (identify_issuer(make_issuer(one)) == identify_issuer(make_issuer(other))) is same


def test_levels_regions_and_townships_tell_issuers_apart() -> None:
    county = make_issuer("水利局")
    assert identify_issuer(county) != identify_issuer(make_issuer("水利局", level="city"))
    elsewhere = Region("320812", "江苏省", "淮安市", "清江浦区")
    assert identify_issuer(county) != identify_issuer(make_issuer("水利局", elsewhere))
    town = Region("320813", "江苏省", "淮安市", "洪泽区", "某某镇")
    assert identify_issuer(county) != identify_issuer(make_issuer("水利局", town))


@pytest.mark.parametrize(
    ("issuer"),
    [
        make_issuer("鼓楼区人民政府", Region()),  # of which there are several
        make_issuer("洪泽区人民政府", level=None),
        Issuer(None, "county", "government", HONGZE),
    ],
)
def test_nothing_is_said_of_an_issuer_that_is_not_settled(issuer: Issuer) -> None:
    assert identify_issuer(issuer) is None


def test_a_name_that_is_only_a_place_is_kept() -> None:
    region = Region("220000", "吉林省", None, None)
    assert identify_issuer(make_issuer("吉林省", region, "province")) == "220000|province||吉林省"


def test_the_fullest_name_is_chosen_whatever_the_order() -> None:
    found = [
        ("甲区政府", "a"),
        ("乙市甲区政府", "a"),
        ("丙市甲区政府", "a"),
        (None, None),
        ("丁", None),
    ]
    assert choose_names(found) == choose_names(found[::-1]) == {"a": "丙市甲区政府"}
    assert choose_names([("甲", "a"), ("甲", "a"), ("乙", "b")]) == {}
