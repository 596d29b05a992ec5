"""Row labels of the official forms in the wordings of all years."""

from __future__ import annotations

import pytest

from shared.catalogue import keys, rows
from shared.catalogue.files import read_rows
from shared.contracts.report import CodeSystem


@pytest.mark.parametrize("row", read_rows("t01_t04_rows"), ids=lambda row: f"{row['table']}-{row['label']}")
def test_every_row_of_the_official_forms(row: dict[str, str]) -> None:
    if row["side"] == "expenditure":
        assert rows.expenditure_key(row["label"], 2024) == row["key_or_code"]
    else:
        under = row["key_or_code"].startswith("carry_in_")
        assert rows.income_key(row["label"], under_carry_in=under) == row["key_or_code"]


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("一、财政拨款收入", keys.FISCAL_TOTAL),
        ("其中：政府性基金", keys.FISCAL_FUND),
        ("三、国有资本经营财政拨款", keys.FISCAL_SOE),
        ("一、一般公共预算财政拨款", keys.FISCAL_GENERAL),
        ("用事业基金弥补收支差额", keys.NONFISCAL_BALANCE_USED),
        ("使用非财政拨款结余", keys.NONFISCAL_BALANCE_USED),
        ("使用非财政拨款结余（含专用结余）", keys.NONFISCAL_BALANCE_USED),
        ("年初结转结余", keys.CARRY_IN),
        ("上年结转", keys.CARRY_IN),
        ("收入总计", keys.GRAND_TOTAL_INCOME),
        ("六、其他收入", keys.OTHER_INCOME),
        ("说不清的一行", None),
    ],
)
def test_income_wordings(label: str, key: str | None) -> None:
    assert rows.income_key(label, under_carry_in=False) == key


@pytest.mark.parametrize(
    ("label", "year", "key"),
    [
        ("七、文化体育与传媒支出", 2017, "207"),
        ("九、医疗卫生与计划生育支出", 2018, "210"),
        ("十八、国土海洋气象等支出", 2016, "220"),
        ("本年支出合计", 2020, keys.TOTAL_EXP_CURRENT),
        ("支出总计", 2020, keys.GRAND_TOTAL_EXP),
        ("年末财政拨款结转和结余", 2021, keys.CARRY_OUT),
        ("其他支出", 2024, "229"),
        ("无此项", 2024, None),
    ],
)
def test_expenditure_wordings(label: str, year: int, key: str | None) -> None:
    assert rows.expenditure_key(label, year) == key


def test_parts_of_a_carry_over_are_no_carry_over() -> None:
    assert rows.carry_part("其中：基本支出结转") == "basic"
    assert rows.carry_part("项目支出结转和结余") == "project"
    assert rows.carry_part("经营结余") == "business"
    assert rows.carry_part("年末结转和结余") is None


@pytest.mark.parametrize(
    ("section", "label", "key"),
    [
        ("政府采购情况", "合计", keys.PROCUREMENT_TOTAL),
        ("政府采购情况", "货物", keys.PROCUREMENT_GOODS),
        ("", "1．政府采购工程支出", keys.PROCUREMENT_WORKS),
        ("机关运行经费", "(一) 行政单位", keys.OPERATING_ADMINISTRATIVE),
        ("机关运行经费", "（二）参照公务员法管理事业单位", keys.OPERATING_REFERENCE),
        ("国有资产占用情况", "(一) 车辆数合计(辆)", keys.VEHICLES_TOTAL),
        ("国有资产占用情况", "1.副部（省）级及以上领导用车", "vehicles_ministerial"),
        ("国有资产占用情况", "2. 主要负责人用车", "vehicles_leading"),
        ("国有资产占用情况", "8. 其他用车", "vehicles_other"),
        ("国有资产占用情况", "(二) 单价100万元(含)以上设备(不含车辆)", keys.LARGE_EQUIPMENT),
        ("国有资产占用情况", "合计", None),
    ],
)
def test_rows_of_the_operating_table(section: str, label: str, key: str | None) -> None:
    assert rows.operating_key(section, label) == key


def test_a_wrapped_name_is_known_by_the_catalogue() -> None:
    system = CodeSystem.FUNCTIONAL
    assert rows.wrapped_name("2080505", system, "机关事业单位基本养老保险", "缴费支出")
    assert not rows.wrapped_name("2080505", system, "机关事业单位基本养老保险缴费支出", "合计")
