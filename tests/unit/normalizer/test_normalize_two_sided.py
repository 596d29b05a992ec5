"""T01 and T04: two sides, 行次, columns by phase, old labels."""

from __future__ import annotations

from decimal import Decimal

from shared.contracts.report import AmountState, CellRole, Fund, Side, Unit
from tests.unit.normalizer.builder import account, facts, measured, only, table

PLAIN = """
收入      |      |        | 支出     |      |
项目      | 行次 | 金额   | 项目     | 行次 | 金额
栏次      |      | 1      | 栏次     |      | 2
一、一般公共预算财政拨款收入 | 1 | 10.00 | 一、一般公共服务支出 | 5 | ——
八、其他收入 | 2 |      | 十二、农林水支出 | 6 | 9.5
          | 3    |        | 二十六、抗疫特别国债安排的支出 | 7 | 0
本年收入合计 | 4 | 10.00 | 本年支出合计 | 8 | 9.5
使用非财政拨款结余（含专用结余） | 5 | | 结余分配 | 9 |
年初结转和结余 | 6 | 1.00 | 年末结转和结余 | 10 | 1.50
总计 | 7 | 11.00 | 总计 | 11 | 11.00
"""


def test_headings_of_merged_cells_that_a_text_lost() -> None:
    report = account("收入支出决算总表", "公开01表", "金额单位：万元", table(PLAIN))
    assert facts(report, "T01") == [
        ("", "一般公共预算财政拨款收入", "收入/金额", "10.00"),
        ("", "农林水支出", "支出/金额", "9.5"),
        ("", "抗疫特别国债安排的支出", "支出/金额", "0"),
        ("", "本年收入合计", "收入/金额", "10.00"),
        ("", "本年支出合计", "支出/金额", "9.5"),
        ("", "年初结转和结余", "收入/金额", "1.00"),
        ("", "年末结转和结余", "支出/金额", "1.50"),
        ("", "总计", "收入/金额", "11.00"),
        ("", "总计", "支出/金额", "11.00"),
    ]
    assert not report.doubts
    assert not report.not_understood
    assert report.by_table["T01"].number == "公开01表"


def test_keys_sides_units_and_states() -> None:
    report = account("收入支出决算总表", "金额单位：万元", table(PLAIN))
    found = measured(report, "T01")
    assert set(found) == {
        (key, "amount", "outturn")
        for key in (
            "fiscal_general",
            "213",
            "234",
            "total_income_current",
            "total_exp_current",
            "carry_in",
            "carry_out",
            "grand_total_income",
            "grand_total_exp",
        )
    }
    by_key = {fact.key: fact for fact in only(report, "T01")}
    assert (by_key["213"].side, by_key["213"].fund) == (Side.EXPENDITURE, Fund.ALL)
    assert by_key["carry_in"].side is Side.INCOME
    assert (by_key["213"].amount_yuan, by_key["213"].quantum) == (Decimal(95000), Decimal("0.1"))
    assert by_key["234"].amount == 0
    cells = {(cell.row, cell.column): cell for cell in report.by_table["T01"].cells}
    assert cells[3, 5].state is AmountState.DASH
    assert cells[4, 2].state is AmountState.BLANK
    assert cells[5, 5].state is AmountState.ZERO
    assert cells[2, 2].role is CellRole.ORDINAL
    assert cells[0, 0].role is CellRole.HEADER
    assert cells[3, 0].role is CellRole.LABEL
    lines = {line.key: line for line in report.by_table["T01"].lines if line.key}
    assert lines["213"].label == "十二、农林水支出"
    assert lines["213"].code is not None
    assert lines["213"].code.official_name == "农林水支出"
    assert lines["grand_total_exp"].is_total


def test_one_cell_per_line_headings_are_spread_again() -> None:
    ragged = PLAIN.replace("收入      |      |        | 支出     |      |", "收入 | 支出 | | | | ")
    report = account("收入支出决算总表", "金额单位：万元", table(ragged))
    assert {column for _, _, column, _ in facts(report, "T01")} == {"收入/金额", "支出/金额"}


def test_old_form_with_phases_and_expenditure_by_nature() -> None:
    report = account(
        "收入支出决算总表",
        "金额单位：元",
        table("""
收入 | < | < | 支出 | < | < | < | < | <
项目|年初预算数|决算数|项目（按功能分类）|年初预算数|决算数|项目（按支出性质和经济分类）|年初预算数|决算数
一、财政拨款收入 | 100 | 125.50 | 一、一般公共服务支出 | 100 | 120.50 | 一、基本支出 | 80 | 85
其中：政府性基金 | | | 二、外交支出 | | | 人员经费 | 80 | 85
本年收入合计 | 100 | 125.50 | 本年支出合计 | 100 | 120.50 | 本年支出合计 | 100 | 120.50
用事业基金弥补收支差额 | | 1 | 结余分配 | | | 结余分配 | |
上年结转 | 10 | 10 | 年末结转和结余 | 10 | 16 | 年末结转和结余 | 10 | 16
基本支出结转 | 10 | 10 | 基本支出结转 | 10 | 16 | 基本支出结转 | 10 | 16
总计 | 110 | 136.50 | 总计 | 110 | 136.50 | 总计 | 110 | 136.50
"""),
        year=2017,
    )
    found = measured(report, "T01")
    assert found["fiscal_total", "amount", "outturn"] == "125.50"
    assert found["fiscal_total", "amount", "original_budget"] == "100"
    assert found["nonfiscal_balance_used", "amount", "outturn"] == "1"
    assert found["carry_in", "amount", "outturn"] == "10"
    assert found["carry_out", "amount", "outturn"] == "16"
    assert {fact.unit for fact in report.facts} == {Unit.YUAN}


def test_fiscal_summary_tells_carry_over_from_income() -> None:
    report = account(
        "财政拨款收入支出决算总表",
        "单位：万元",
        table("""
收 入 | < | 支 出 | < | < | < | <
项目 | 决算数 | 项目 | 合计 | 一般公共预算\\n财政拨款 | 政府性基金预算财政拨款 | 国有资本经营预算财政拨款
一、一般公共预算财政拨款 | 8.00 | 一、一般公共服务支出 | 7.00 | 7.00 | |
二、政府性基金预算财政拨款 | 2.00 | 二、外交支出 | | | |
三、国有资本经营财政拨款 | 0 | 十一、城乡社区支出 | 3.00 | | 3.00 |
本年收入合计 | 10.00 | 本年支出合计 | 10.00 | 7.00 | 3.00 |
年初财政拨款结转和结余 | 1.50 | 年末财政拨款结转和结余 | 1.50 | 1.00 | 0.50 |
一、一般公共预算财政拨款 | 1.50 | | | | |
二、政府性基金预算财政拨款 | | | | | |
总计 | 11.50 | 总计 | 11.50 | 8.00 | 3.50 |
"""),
    )
    found = measured(report, "T04")
    assert found["fiscal_general", "amount", "outturn"] == "8.00"
    assert found["fiscal_soe", "amount", "outturn"] == "0"
    assert found["carry_in", "amount", "outturn"] == "1.50"
    assert found["carry_in_general", "amount", "outturn"] == "1.50"
    assert found["212", "fund", "outturn"] == "3.00"
    assert found["grand_total_exp", "total", "outturn"] == "11.50"
    assert ("", "城乡社区支出", "支出/政府性基金预算财政拨款", "3.00") in facts(report, "T04")
    assert ("", "本年支出合计", "支出/一般公共预算财政拨款", "7.00") in facts(report, "T04")
    assert {fact.fund for fact in only(report, "T04") if fact.measure.value == "fund"} == {Fund.FUND}
