"""Which table a title speaks of, in wordings of many provinces."""

from __future__ import annotations

import pytest

from shared.catalogue.tables import TITLES, read_title

WORDINGS = {
    "T01": (
        "收入支出决算总表",
        "一、收入支出决算总表",
        "2023年度云溪市林业局收入支出决算总表",
        "部门收入支出决算总表",
        "部门收支决算总表",
        "公开01表 收入支出决算总表",
        "附表1：收入支出决算总表",
        "Z01 收入支出决算总表（财决01表）",
        "收入支出决算总表（续）",
        "收 入 支 出 决 算 总 表",
    ),
    "T02": ("收入决算表", "表二 收入决算总表", "部门收入决算表", "二、收入决算表", "收入决算表（万元）"),
    "T03": ("支出决算表", "支出决算总表", "2019年度部门支出决算表"),
    "T04": ("财政拨款收入支出决算总表", "财政拨款收支决算总表", "部门财政拨款收入支出决算总表"),
    "T05": (
        "一般公共预算财政拨款支出决算表",
        "一般公共预算财政拨款收入支出决算表",
        "公共预算财政拨款支出决算表",
        "一般公共预算财政拨款支出决算表-续表",
    ),
    "T06": (
        "一般公共预算财政拨款基本支出决算表",
        "一般公共预算财政拨款基本支出决算明细表",
        "财政拨款基本支出决算明细表",
    ),
    "T07": ("政府性基金预算财政拨款收入支出决算表", "政府性基金预算收入支出决算表", "政府性基金预算财政拨款支出决算表"),
    "T08": ("国有资本经营预算财政拨款支出决算表", "国有资本经营预算财政拨款收入支出决算表"),
    "T09": (
        "财政拨款“三公”经费支出决算表",
        '财政拨款"三公"经费支出决算表',
        "财政拨款三公经费支出决算表",
        "一般公共预算「三公」经费支出决算表",
        "财政拨款“三公”经费及会议费、培训费支出决算表",
        "“三公”经费、行政参公单位机关运行经费情况表",
    ),
    "T10": ("机构运行信息表", "国有资产占用情况表", "部门决算公开相关信息统计表", "政府采购情况表"),
}


@pytest.mark.parametrize(("table", "title"), [(table, title) for table in WORDINGS for title in WORDINGS[table]])
def test_wordings(table: str, title: str) -> None:
    match = read_title(title)
    assert match is not None
    assert match.table == table


@pytest.mark.parametrize(
    "title",
    [
        "支出决算明细表",
        "一般公共预算财政拨款支出决算明细表",
        "一般公共预算财政拨款项目支出决算表",
        "项目收入支出决算表",
        "政府性基金预算财政拨款基本支出决算表",
        "政府购买服务支出情况表",
        "项目支出绩效自评表",
        "部门决算单位构成表",
    ],
)
def test_tables_of_another_kind(title: str) -> None:
    match = read_title(title)
    assert match is not None
    assert match.table is None


@pytest.mark.parametrize(
    "line",
    [
        "",
        "公开01表",
        "一、收入支出决算总体情况说明",
        "收入决算表反映部门本年度的收入。",
        "二、收入决算表.....4",
        "单位：万元",
        "部门：某局",
        "具体情况详见附表",
    ],
)
def test_lines_that_are_no_titles(line: str) -> None:
    assert read_title(line) is None


def test_a_worksheet_name_may_do_without_the_word_table() -> None:
    assert read_title("收入支出决算") is None
    match = read_title("收入支出决算", strict=False)
    assert match is not None
    assert match.table == "T01"


def test_continued_and_weight() -> None:
    first, more = read_title("支出决算表"), read_title("支出决算表（续）")
    assert first is not None
    assert more is not None
    assert (first.continued, more.continued) == (False, True)
    assert first.core == more.core
    plain = read_title("部门支出总表")
    assert plain is not None
    assert plain.weight < first.weight


def test_every_table_has_a_name_in_both_languages() -> None:
    assert set(TITLES) == set(WORDINGS)
    for table, title in TITLES.items():
        match = read_title(title.zh)
        assert match is not None
        assert match.table == table
        assert title.en.isascii()
