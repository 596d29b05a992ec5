"""Divisions named in the names of departments."""

from __future__ import annotations

import pytest

from shared.catalogue.divisions import NATION, lineage, locate
from shared.contracts.report import Confidence


@pytest.mark.parametrize(
    ("entity", "code"),
    [
        ("孝义市财政局", "141181"),
        ("大冶市民政局", "420281"),
        ("上海市普陀区教育局", "310107"),
        ("北京市朝阳区某中心", "110105"),
        ("江苏省某厅", "320000"),
        ("黔东南州财政局", "522600"),
        ("海南藏族自治州财政局", "632500"),
        ("广西北海市财政局", "450500"),
        ("岳阳市国资委", "430600"),
        ("国家税务总局孝义市税务局", "141181"),
        ("吉林市教育局", "220200"),
    ],
)
def test_printed_and_unique(entity: str, code: str) -> None:
    division = locate(entity)
    assert division is not None
    assert (division.code, division.confidence) == (code, Confidence.PRINTED)


def test_a_county_name_without_its_parent_is_ambiguous() -> None:
    division = locate("鼓楼区民政局")
    assert division is not None
    assert division.confidence is Confidence.AMBIGUOUS
    assert len(division.candidates) > 1


def test_a_parent_named_elsewhere_decides() -> None:
    division = locate("鼓楼区民政局", ["福建省福州市鼓楼区概况"])
    assert division is not None
    assert (division.code, division.confidence) == ("350102", Confidence.INFERRED)


def test_a_name_without_a_place_takes_it_from_the_text() -> None:
    division = locate("市审计局", ["内蒙古自治区包头市", "包头市审计局"])
    assert division is not None
    assert (division.code, division.confidence) == ("150200", Confidence.INFERRED)


def test_central_departments_and_nothing_at_all() -> None:
    division = locate("国家统计局")
    assert division is not None
    assert (division.code, division.confidence) == (NATION, Confidence.INFERRED)
    assert locate("林业局", ["没有地名"]) is None


def test_lineage() -> None:
    assert lineage("141181") == {"141181", "141100", "140000"}
