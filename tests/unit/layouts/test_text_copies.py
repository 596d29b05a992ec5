"""Text as it is copied out of pages, PDF files and models: a cell a line, blanks for columns, pipes with mark-up."""

from __future__ import annotations

import pytest

from tests.unit.layouts.pages import assert_facts, assert_sound, facts, loud, read

COVER = "临河县教育局2023年度部门决算\n\n"
HEADS = "本年支出合计=total | 基本支出=basic | 项目支出=project"
ROWS = """
 | 合计 | 1,300.00 | 1,250.00 | 50.00
205 | 教育支出 | 1,260.00 | 1,210.00 | 50.00
20501 | 教育管理事务 | 1,260.00 | 1,210.00 | 50.00
2050101 | 行政运行 | 1,210.00 | 1,210.00 |
2050199 | 其他教育管理事务支出 | 50.00 | | 50.00
221 | 住房保障支出 | 40.00 | 40.00 |
22102 | 住房改革支出 | 40.00 | 40.00 |
2210201 | 住房公积金 | 40.00 | 40.00 |
"""


def drawn(code_width: int = 12, name_width: int = 44) -> str:
    """The rows as blank-aligned columns, an ideograph two wide, amounts flush right."""
    lines = []
    for line in ROWS.strip().splitlines():
        code, name, *amounts = (cell.strip() for cell in line.split("|"))
        padded = name + " " * (name_width - 2 * len(name))
        lines.append(f"{code:<{code_width}}{padded}" + "".join(f"{amount:>16}" for amount in amounts))
    return "\n".join(lines)


def test_columns_of_blanks() -> None:
    """As pdftotext -layout prints it: columns kept apart by blanks, captions spread over the line."""
    text = (
        COVER
        + "                    支出决算表\n"
        + "                                                                        公开03表\n"
        + "部门：临河县教育局                                                      单位：万元\n"
        + "科目编码    科目名称" + " " * 36 + "本年支出合计        基本支出        项目支出\n"
        + drawn() + "\n\n注：本表反映部门本年度各项支出情况。\n"
    )  # fmt: skip
    report = read(text, "决算.txt")
    assert_facts(report, facts("T03", HEADS, ROWS))
    assert_sound(report)


def cells(tab: str, blank: str) -> str:
    """A cell a line; `blank` stands for an empty cell."""
    lines = []
    for line in ROWS.strip().splitlines():
        words = [cell.strip() for cell in line.split("|")]
        lines += [tab + (word or blank) for word in (words + [""] * 5)[:5]]
        lines.append("")
    return "\n".join(lines)


def test_a_cell_a_line_with_tabs() -> None:
    """A tab before each cell, blank cells as lone tabs."""
    head = "\n".join(f"\t{word}" for word in ("科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出"))
    report = read(f"{COVER}支出决算表\n\n公开03表\n\n单位：万元\n\n{head}\n\n{cells(chr(9), '')}\n", "决算.txt")
    assert_facts(report, facts("T03", HEADS, ROWS))
    assert_sound(report)


@pytest.mark.parametrize("extra", ["", "<b>", "**"])
def test_pipes_written_by_models(extra: str) -> None:
    """Markdown with &nbsp;, <br>, bold cells, escaped signs and alignment marks."""
    close = extra.replace("<", "</")
    body = []
    for line in ROWS.strip().splitlines():
        code, name, *amounts = (cell.strip() for cell in line.split("|"))
        indent = "&nbsp;" * max(len(code) - 3, 0)
        row = [f"{extra}{code}{close}" if code else "", f"{indent}{extra}{name}{close}", *amounts]
        body.append("| " + " | ".join((row + [""] * 5)[:5]) + " |")
    text = (
        f"# 临河县教育局2023年度部门决算\n\n## 支出决算表\n\n"
        f"公开03表&emsp;&emsp;部门：临河县教育局&emsp;&emsp;单位：万元\n\n"
        f"| {extra}科目<br>编码{close} | {extra}科目名称{close} | 本年支出<br/>合计 | 基本&nbsp;支出 | 项目支出 |\n"
        "|:---|:---:|---:|---:|---:|\n" + "\n".join(body) + "\n\n注：本表反映部门本年度各项支出情况。\n"
    )
    report = read(text, "决算.md")
    assert_facts(report, facts("T03", HEADS, ROWS))
    assert_sound(report)
    assert report.identity.entity == "临河县教育局"


def test_html_tables_inside_markdown() -> None:
    """Markdown with HTML tables, as models write merged cells."""
    rows = "".join(
        "<tr>" + "".join(f"<td>{cell.strip()}</td>" for cell in (line + " |" * 5).split("|")[:5]) + "</tr>\n"
        for line in ROWS.strip("\n").splitlines()
    )
    head = (
        '<tr><td colspan="2">项目</td><td rowspan="2">本年支出合计</td><td rowspan="2">基本支出</td>'
        '<td rowspan="2">项目支出</td></tr>\n<tr><td>功能分类科目编码</td><td>科目名称</td></tr>\n'
        '<tr><td colspan="2">栏次</td><td>1</td><td>2</td><td>3</td></tr>\n'
    )
    text = f"{COVER}## 三、支出决算表\n\n单位：万元\n\n<table>\n{head}{rows}</table>\n\n"
    for name in ("决算.md", "决算.txt"):
        report = read(text, name)
        assert_facts(report, facts("T03", HEADS, ROWS), where=name)
        assert_sound(report)


def test_narrative_with_small_tables_before_the_tables() -> None:
    """Sentences full of figures and a table of staff stand before the account; neither becomes a fact."""
    text = (
        COVER
        + "第一部分 部门概况\n一、主要职责\n（一）贯彻执行教育方针政策。\n二、机构设置\n下设 3 个单位，详见下表：\n\n"
        + "序号\t单位名称\t人数\n1\t临河县第一中学\t120\n2\t临河县实验小学\t95\n\n"
        + "第二部分 2023年度部门决算情况说明\n一、收入支出决算总体情况说明\n"
        + "2023年度收、支总计1,300.00万元。与2022年度相比，收、支总计各增加100.00万元，增长8.33%。\n"
        + "二、支出决算情况说明\n本年支出合计1,300.00万元，其中：基本支出1,250.00万元，占96.15%；"
        + "项目支出50.00万元，占3.85%。\n\n"
        + "第三部分 2023年度部门决算表\n\n表3\n支出决算表\n\n单位：万元\n\n"
        + "科目编码\t科目名称\t本年支出合计\t基本支出\t项目支出\n"
        + "\n".join("\t".join(cell.strip() for cell in line.split("|")) for line in ROWS.strip("\n").splitlines())
        + "\n\n第四部分 名词解释\n一、基本支出：指为保障机构正常运转发生的支出。\n"
    )
    report = read(text, "决算.txt")
    assert_facts(report, facts("T03", HEADS, ROWS))
    assert_sound(report)
    assert report.identity.entity == "临河县教育局"


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("1 300.00", "1300"),
        ("1，300.00", "1300"),
        ("１３００．００", "1300"),
        ("1300.0", "1300"),
        ("1300", "1300"),
        ("¥1,300.00", "1300"),
        ("+1,300.00", "1300"),
        ("1,300. 00", "1300"),
    ],
)
def test_amounts_typed_in_every_way(printed: str, value: str) -> None:
    """The total of the table as people type it."""
    text = (
        f"{COVER}支出决算表\n\n单位：万元\n\n科目编码\t科目名称\t本年支出合计\t基本支出\t项目支出\n"
        f"\t合计\t{printed}\t{printed}\t-\n205\t教育支出\t1,300.00\t1,300.00\t—\n"
        "20501\t教育管理事务\t1,300.00\t1,300.00\t——\n2050101\t行政运行\t1,300.00\t1,300.00\t/\n"
    )
    report = read(text, "决算.txt")
    whole = f"{value} | {value}"
    assert_facts(
        report,
        facts(
            "T03",
            "本年支出合计=total | 基本支出=basic",
            f" | 合计 | {whole}\n205 | 教育支出 | {whole}\n20501 | 教育管理事务 | {whole}"
            f"\n2050101 | 行政运行 | {whole}",
        ),
    )
    assert [rule for rule, _ in loud(report) if rule != "A14"] == []
