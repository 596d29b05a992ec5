"""The same code under its name of the year."""

from __future__ import annotations

import pytest

from shared.catalogue.codes import resolve
from shared.contracts.report import CodeStatus, CodeSystem


@pytest.mark.parametrize(
    ("code", "year", "name"),
    [
        ("207", 2018, "文化体育与传媒支出"),
        ("207", 2019, "文化旅游体育与传媒支出"),
        ("210", 2018, "医疗卫生与计划生育支出"),
        ("210", None, "卫生健康支出"),
        ("20805", 2019, "行政事业单位离退休"),
        ("20805", 2021, "行政事业单位养老支出"),
        ("2080501", 2019, "归口管理的行政单位离退休"),
        ("2080501", 2024, "行政单位离退休"),
    ],
)
def test_names_of_functional_codes(code: str, year: int | None, name: str) -> None:
    found = resolve(code, CodeSystem.FUNCTIONAL, year)
    assert found is not None
    assert found.official_name == name


def test_a_class_is_not_in_force_before_it_was_added() -> None:
    before, after = (resolve("224", CodeSystem.FUNCTIONAL, year) for year in (2018, 2019))
    assert before is not None
    assert after is not None
    assert before.status is CodeStatus.NOT_IN_FORCE
    assert after.status is not CodeStatus.NOT_IN_FORCE
