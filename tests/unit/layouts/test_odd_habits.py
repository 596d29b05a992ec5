"""Habits of single departments: serial numbers, titles in odd places, repeated merged cells, notes for empty tables."""

from __future__ import annotations

import io

import openpyxl  # type: ignore[import-untyped]
import pytest
import xlwt  # type: ignore[import-untyped]

from tests.unit.layouts.pages import FORMATS, Expected, Sheet, assert_facts, assert_sound, check, facts, read, report_of

COVER = "云汐县人民医院2024年度单位决算"
HEADS = "本年支出合计=total | 基本支出=basic | 项目支出=project"
ROWS = """
 | 合计 | 880.00 | 700.00 | 180.00
210 | 卫生健康支出 | 850.00 | 670.00 | 180.00
21002 | 公立医院 | 850.00 | 670.00 | 180.00
2100201 | 综合医院 | 670.00 | 670.00 |
2100299 | 其他公立医院支出 | 180.00 | | 180.00
221 | 住房保障支出 | 30.00 | 30.00 |
22102 | 住房改革支出 | 30.00 | 30.00 |
2210201 | 住房公积金 | 30.00 | 30.00 |
"""
HEADER = "科目编码 | 科目名称 | 本年支出合计 | 基本支出 | 项目支出"
EXPECTED: list[Expected] = facts("T03", HEADS, ROWS)


def split(rows: str = ROWS) -> list[list[str]]:
    """The rows as lists of five cells."""
    return [[cell.strip() for cell in (line + " |" * 5).split("|")[:5]] for line in rows.strip("\n").splitlines()]


def drawing(rows: list[list[str]], head: str = HEADER) -> str:
    """Rows under a header as a drawing."""
    return "\n".join([head, *(" | ".join(row) for row in rows)])


@pytest.mark.parametrize("form", FORMATS)
def test_serial_numbers_in_front(form: str) -> None:
    """序号 in the first column is no code and no amount."""
    rows = [[str(number), *row] for number, row in enumerate(split(), start=1)]
    sheet = Sheet(("支出决算表", "单位：万元"), drawing(rows, f"序号 | {HEADER}"))
    check([COVER, sheet], form, EXPECTED)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    "title",
    [
        "云汐县人民医院2024年支出决算表（公开03表）",
        "2024年度云汐县人民医院支出决算表",
        "附表3：支出决算表",
        "表3-支出决算表",
        "3．支出决算总表",
        "《支出决算表》（公开03表）",
        "二〇二四年度支出决算表",
        "三、2024年支出决算表（单位：万元）",
    ],
)
def test_titles_in_many_forms(title: str, form: str) -> None:
    """Numbers, names, years and units around the words of the title."""
    report = check([COVER, Sheet((title, "单位：万元"), drawing(split()))], form, EXPECTED)
    assert report.identity.entity == "云汐县人民医院"
    assert report.identity.fiscal_year == 2024


@pytest.mark.parametrize("form", FORMATS)
def test_names_without_codes(form: str) -> None:
    """A table of names alone, indented."""
    rows = [[f"\u3000{name}" if len(code) > 3 else name, *amounts] for code, name, *amounts in split()]
    sheet = Sheet(("支出决算表", "公开03表", "单位：万元"), drawing(rows, "项目 | 本年支出合计 | 基本支出 | 项目支出"))
    check([COVER, sheet], form, [("T03", "", *fact[2:]) for fact in EXPECTED])


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    "said",
    [
        "此表无数据。",
        "我院2024年度无政府性基金预算财政拨款收支，故此表为空表。",
        "我单位没有使用政府性基金预算安排的收支。",
        "备注：本单位不涉及政府性基金预算财政拨款收入支出，公开空表。",
        "说明：本年度无此项收支",
        "（本表为空表）",
        "空表",
    ],
)
def test_words_for_an_empty_table(said: str, form: str) -> None:
    """However an empty table says why, the sentence is a note and no row."""
    head = "科目编码 | 科目名称 | 年初结转和结余 | 本年收入 | 本年支出 | < | < | 年末结转和结余\n"
    head += "^ | ^ | ^ | ^ | 小计 | 基本支出 | 项目支出 | ^\n"
    total = "合计 | < | | | | | |\n"
    fund = Sheet(("政府性基金预算财政拨款收入支出决算表", "公开07表", "单位：万元"), head + total + said + " | <" * 7)
    report = report_of([COVER, Sheet(("支出决算表", "单位：万元"), drawing(split())), fund], form)
    assert_facts(report, EXPECTED, where=form)
    table = report.by_table["T07"]
    assert table.empty
    assert table.notes == (said,)
    assert [line.name for line in table.lines] == ["合计"]


@pytest.mark.parametrize("form", FORMATS)
def test_expenditure_by_nature_in_the_summary(form: str) -> None:
    """T01 whose right side lists 基本支出 and 项目支出 instead of functions."""
    sheet = Sheet(
        ("收入支出决算总表", "单位：万元"),
        """
收入 | < | 支出 | <
项目 | 决算数 | 项目 | 决算数
一、财政拨款收入 | 300.00 | 一、基本支出 | 700.00
二、上级补助收入 | 0.00 | 其中：人员经费 | 600.00
三、事业收入 | 560.00 | 公用经费 | 100.00
四、经营收入 | 0.00 | 二、项目支出 | 180.00
六、其他收入 | 20.00 | 三、上缴上级支出 | 0.00
本年收入合计 | 880.00 | 本年支出合计 | 880.00
用事业基金弥补收支差额 | 0.00 | 结余分配 | 0.00
上年结转 | 10.00 | 结转下年 | 10.00
收入总计 | 890.00 | 支出总计 | 890.00
""",
    )
    check(
        [COVER, sheet],
        form,
        facts(
            "T01",
            "收入/决算数=amount",
            """
 | 财政拨款收入 | 300
 | 上级补助收入 | 0
 | 事业收入 | 560
 | 经营收入 | 0
 | 其他收入 | 20
 | 本年收入合计 | 880
 | 用事业基金弥补收支差额 | 0
 | 上年结转 | 10
 | 收入总计 | 890
""",
        ),
        facts(
            "T01",
            "支出/决算数=amount",
            """
 | 基本支出 | 700
 | 其中：人员经费 | 600
 | 公用经费 | 100
 | 项目支出 | 180
 | 上缴上级支出 | 0
 | 本年支出合计 | 880
 | 结余分配 | 0
 | 结转下年 | 10
 | 支出总计 | 890
""",
        ),
    )


@pytest.mark.parametrize("name", ["决算.md", "决算.txt"])
def test_merged_cells_repeated_by_a_converter(name: str) -> None:
    """Pipe tables in which each part of a merged cell repeats its text, and blanks read NaN."""
    lines = ["| 支出决算表 | 支出决算表 | 支出决算表 | 支出决算表 | 支出决算表 |", "|---|---|---|---|---|"]
    lines += ["| 公开03表 | 公开03表 | 公开03表 | 公开03表 | 公开03表 |"]
    lines += ["| 单位：云汐县人民医院 | 单位：云汐县人民医院 | NaN | NaN | 金额单位：万元 |"]
    lines += ["| 项目 | 项目 | 本年支出合计 | 基本支出 | 项目支出 |"]
    lines += ["| 科目编码 | 科目名称 | 本年支出合计 | 基本支出 | 项目支出 |", "| 栏次 | 栏次 | 1 | 2 | 3 |"]
    for code, label, *amounts in split():
        lines.append("| " + " | ".join([code or label, label, *(amount or "NaN" for amount in amounts)]) + " |")
    lines.append("| " + " | ".join(["注：本表反映单位本年度各项支出情况。"] * 5) + " |")
    report = read(f"{COVER}\n\n" + "\n".join(lines) + "\n", name)
    assert_facts(report, EXPECTED, where=name)
    assert_sound(report)
    assert len(report.by_table["T03"].notes) == 1


def test_workbook_of_the_accounting_program() -> None:
    """Numbers as floats with noise, codes as numbers, titles over blank columns, the sheet named GK03 支出决算表."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "GK03 支出决算表"
    sheet["C1"] = "支出决算表"
    sheet["E2"] = "公开03表"
    sheet["A3"], sheet["E3"] = "单位：云汐县人民医院", "金额单位：万元"
    for column, word in enumerate(HEADER.split(" | "), start=1):
        sheet.cell(4, column, word)
    for offset, (code, name, *amounts) in enumerate(split()):
        sheet.cell(5 + offset, 1, int(code) if code else None)
        sheet.cell(5 + offset, 2, name)
        for column, amount in enumerate(amounts, start=3):
            cell = sheet.cell(5 + offset, column, float(amount) + 1e-12 if amount else None)
            cell.number_format = "#,##0.00"
    sheet["A14"] = "注：本表反映单位本年度各项支出情况。"
    cover = book.create_sheet("封面", 0)
    cover["B3"] = "2024年度云汐县人民医院单位决算"
    buffer = io.BytesIO()
    book.save(buffer)
    report = read(buffer.getvalue(), "公开表.xlsx")
    assert_facts(report, EXPECTED)
    assert_sound(report)
    assert (report.identity.entity, report.identity.fiscal_year) == ("云汐县人民医院", 2024)


def test_old_workbook_titled_by_its_sheets() -> None:
    """No title in the sheet; its name says what it is; two tables more below one another in a second sheet."""
    book = xlwt.Workbook(encoding="utf-8")
    style = xlwt.easyxf(num_format_str="0.00")
    first = book.add_sheet("3.支出决算表")
    first.write(0, 0, "云汐县人民医院2024年度单位决算 单位：万元")
    second = book.add_sheet("其他")

    def fill(sheet: object, top: int) -> int:
        for offset, row in enumerate([HEADER.split(" | "), *split()]):
            for column, word in enumerate(row):
                value = float(word) if "." in word else float(word) if word.isdigit() else word
                sheet.write(top + offset, column, value, style if "." in word else xlwt.easyxf())  # type: ignore[attr-defined]
        return top + len(split()) + 1

    fill(first, 1)
    second.write(0, 0, "一般公共预算财政拨款支出决算表")
    second.write(1, 4, "单位：万元")
    below = fill(second, 2) + 1
    second.write(below, 0, "国有资本经营预算财政拨款支出决算表")
    second.write(below + 1, 4, "单位：万元")
    for column, word in enumerate(["科目编码", "科目名称", "合计", "基本支出", "项目支出"]):
        second.write(below + 2, column, word)
    second.write(below + 3, 0, "合计")
    second.write(below + 4, 0, "本单位无国有资本经营预算财政拨款支出。")
    buffer = io.BytesIO()
    book.save(buffer)
    report = read(buffer.getvalue(), "附件.xls")
    assert_facts(report, EXPECTED, [("T05", *fact[1:]) for fact in EXPECTED])
    assert report.by_table["T08"].empty
    assert report.by_table["T08"].notes == ("本单位无国有资本经营预算财政拨款支出。",)


def test_tables_inside_a_layout_table() -> None:
    """A page whose whole content stands in the cells of a table."""
    rows = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in [HEADER.split(" | "), *split()]
    )
    page = (
        "<html><head><meta charset=utf-8><title>决算公开</title></head><body>"
        "<table width=1000><tr><td>首页 &gt; 信息公开</td></tr>"
        f"<tr><td><h1>{COVER}</h1><div id=content><p>第三部分 单位决算表</p><p>支出决算表</p>"
        f"<table><caption>公开03表 单位：万元</caption><tbody>{rows}</tbody></table></div></td></tr>"
        "<tr><td>版权所有</td></tr></table></body></html>"
    )
    report = read(page, "页面.html")
    assert_facts(report, EXPECTED)
    assert_sound(report)


@pytest.mark.parametrize("form", ["html", "docx"])
def test_rest_of_a_table_behind_a_page_break(form: str) -> None:
    """The second half stands in a table of its own without title and headings."""
    rows = split()
    blocks: list[str | Sheet] = [
        COVER,
        Sheet(("支出决算表", "单位：万元"), drawing(rows[:4])),
        Sheet((), "\n".join(" | ".join(row) for row in rows[4:])),
    ]
    report = report_of(blocks, form)
    assert_facts(report, EXPECTED, where=form)
    assert_sound(report, form)


@pytest.mark.parametrize("form", FORMATS)
def test_of_which_columns(form: str) -> None:
    """T04 with 小计 and 其中 columns; rows of functions with their codes in front."""
    sheet = Sheet(
        ("财政拨款收入支出决算总表", "单位：万元"),
        """
收入 | < | 支出 | < | < | <
项目 | 金额 | 项目 | 小计 | 其中：一般公共预算 | 其中：政府性基金预算
一、一般公共预算 | 300.00 | 八、[208]社会保障和就业支出 | 50.00 | 50.00 |
二、政府性基金预算 | 20.00 | 九、[210]卫生健康支出 | 250.00 | 250.00 |
 | | 十二、[212]城乡社区支出 | 20.00 | | 20.00
本年收入小计 | 320.00 | 本年支出小计 | 320.00 | 300.00 | 20.00
上年结转和结余 | 0.00 | 年末结转和结余 | 0.00 | 0.00 |
合计 | 320.00 | 合计 | 320.00 | 300.00 | 20.00
""",
    )
    report = report_of([COVER, sheet], form)
    assert_facts(
        report,
        facts(
            "T04",
            "收入/金额=amount",
            """
 | 一般公共预算 | 300
 | 政府性基金预算 | 20
 | 本年收入小计 | 320
 | 上年结转和结余 | 0
 | 合计 | 320
""",
        ),
        facts(
            "T04",
            "支出/小计=total | 支出/其中：一般公共预算=general | 支出/其中：政府性基金预算=fund",
            """
 | [208]社会保障和就业支出 | 50 | 50
 | [210]卫生健康支出 | 250 | 250
 | [212]城乡社区支出 | 20 | | 20
 | 本年支出小计 | 320 | 300 | 20
 | 年末结转和结余 | 0 | 0
 | 合计 | 320 | 300 | 20
""",
        ),
        where=form,
    )
    assert_sound(report, form)
    assert {fact.key for fact in report.facts if fact.row_name.startswith("[")} == {"208", "210", "212"}


@pytest.mark.parametrize("form", FORMATS)
def test_unit_in_the_headings_and_wide_digits(form: str) -> None:
    """（万元） behind each heading, no unit elsewhere; codes in full-width digits."""
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    head = "科目编码 | 科目名称 | 本年支出合计（万元） | 基本支出（万元） | 项目支出（万元）"
    rows = [[code.translate(wide), *rest] for code, *rest in split()]
    heads = "本年支出合计（万元）=total | 基本支出（万元）=basic | 项目支出（万元）=project"
    report = check([COVER, Sheet(("支出决算表",), drawing(rows, head))], form, facts("T03", heads, ROWS))
    assert all(fact.amount_yuan == fact.amount * 10_000 for fact in report.facts)


@pytest.mark.parametrize("form", FORMATS)
def test_assets_as_columns(form: str) -> None:
    """T10 with vehicles and equipment as columns over one row of counts."""
    sheet = Sheet(
        ("国有资产占用情况表", "公开10表", "单位：台、辆"),
        """
项目 | 车辆 | < | < | < | 单价50万元（含）以上通用设备 | 单价100万元（含）以上专用设备
^ | 小计 | 机要通信用车 | 应急保障用车 | 其他用车 | ^ | ^
栏次 | 1 | 2 | 3 | 4 | 5 | 6
合计 | 6 | 1 | 2 | 3 | 4 | 0
""",
    )
    heads = (
        "车辆/小计=amount | 车辆/机要通信用车=amount | 车辆/应急保障用车=amount | 车辆/其他用车=amount"
        " | 单价50万元（含）以上通用设备=amount | 单价100万元（含）以上专用设备=amount"
    )
    report = check(
        [COVER, Sheet(("支出决算表", "单位：万元"), drawing(split())), sheet],
        form,
        EXPECTED,
        facts("T10", heads, " | 合计 | 6 | 1 | 2 | 3 | 4 | 0"),
    )
    assert {fact.unit.value for fact in report.facts if fact.table == "T10"} == {"count"}


def test_table_of_box_characters() -> None:
    """A table drawn with lines of box characters."""
    lines = ["│" + "│".join(row) + "│" for row in [HEADER.split(" | "), *split()]]
    body = "\n├──┼──┼──┼──┼──┤\n".join(lines)
    report = read(f"{COVER}\n\n支出决算表\n单位：万元\n┌──┬──┬──┬──┬──┐\n{body}\n└──┴──┴──┴──┴──┘\n", "决算.txt")
    assert_facts(report, EXPECTED)
    assert_sound(report)
