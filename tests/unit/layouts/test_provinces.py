"""Which table is which in the sets of tables that provinces publish, and units, scripts and years that differ."""

from __future__ import annotations

import pytest

from services.extractor.extract import extract
from services.normalizer.normalize import normalize
from shared.contracts.document import SourceFile
from tests.unit.layouts.pages import FORMATS, Block, Sheet, assert_facts, assert_sound, check, facts, report_of

T01 = """
收入 | < | 支出 | <
项目 | 决算数 | 项目 | 决算数
一、一般公共预算财政拨款收入 | 300.00 | 五、教育支出 | 260.00
四、上级补助收入 | | 十九、住房保障支出 | 40.00
本年收入合计 | 300.00 | 本年支出合计 | 300.00
年初结转和结余 | 0.00 | 年末结转和结余 | 0.00
总计 | 300.00 | 总计 | 300.00
"""
T02 = """
科目编码 | 科目名称 | 本年收入合计 | 财政拨款收入 | 上级补助收入 | 事业收入 | 经营收入 | 附属单位上缴收入 | 其他收入
合计 | < | 300.00 | 300.00 | | | | |
205 | 教育支出 | 260.00 | 260.00 | | | | |
20502 | 普通教育 | 260.00 | 260.00 | | | | |
2050203 | 初中教育 | 260.00 | 260.00 | | | | |
221 | 住房保障支出 | 40.00 | 40.00 | | | | |
22102 | 住房改革支出 | 40.00 | 40.00 | | | | |
2210201 | 住房公积金 | 40.00 | 40.00 | | | | |
"""
T03 = """
科目编码 | 科目名称 | 本年支出合计 | 基本支出 | 项目支出 | 上缴上级支出 | 经营支出 | 对附属单位补助支出
合计 | < | 300.00 | 250.00 | 50.00 | | |
205 | 教育支出 | 260.00 | 210.00 | 50.00 | | |
20502 | 普通教育 | 260.00 | 210.00 | 50.00 | | |
2050203 | 初中教育 | 260.00 | 210.00 | 50.00 | | |
221 | 住房保障支出 | 40.00 | 40.00 | | | |
22102 | 住房改革支出 | 40.00 | 40.00 | | | |
2210201 | 住房公积金 | 40.00 | 40.00 | | | |
"""
T04 = """
收入 | < | 支出 | < | < | < | <
项目 | 决算数 | 项目 | 合计 | 一般公共预算财政拨款 | 政府性基金预算财政拨款 | 国有资本经营预算财政拨款
一、一般公共预算财政拨款 | 300.00 | 五、教育支出 | 260.00 | 260.00 | |
二、政府性基金预算财政拨款 | | 十九、住房保障支出 | 40.00 | 40.00 | |
本年收入合计 | 300.00 | 本年支出合计 | 300.00 | 300.00 | |
年初财政拨款结转和结余 | 0.00 | 年末财政拨款结转和结余 | 0.00 | 0.00 | |
总计 | 300.00 | 总计 | 300.00 | 300.00 | |
"""
T05 = """
科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
合计 | < | 300.00 | 250.00 | 50.00
205 | 教育支出 | 260.00 | 210.00 | 50.00
20502 | 普通教育 | 260.00 | 210.00 | 50.00
2050203 | 初中教育 | 260.00 | 210.00 | 50.00
221 | 住房保障支出 | 40.00 | 40.00 |
22102 | 住房改革支出 | 40.00 | 40.00 |
2210201 | 住房公积金 | 40.00 | 40.00 |
"""
T06 = """
人员经费 | < | < | 公用经费 | < | <
科目编码 | 科目名称 | 决算数 | 科目编码 | 科目名称 | 决算数
301 | 工资福利支出 | 220.00 | 302 | 商品和服务支出 | 30.00
30101 | 基本工资 | 220.00 | 30201 | 办公费 | 30.00
人员经费合计 | < | 220.00 | 公用经费合计 | < | 30.00
"""
ITEMS = """
科目编码 | < | 科目名称 | 合计 | 基本支出 | 项目支出
类 | 款 | ^ | ^ | ^ | ^
合计 | < | < | 300.00 | 250.00 | 50.00
301 | | 工资福利支出 | 220.00 | 220.00 |
301 | 01 | 基本工资 | 220.00 | 220.00 |
302 | | 商品和服务支出 | 80.00 | 30.00 | 50.00
302 | 01 | 办公费 | 80.00 | 30.00 | 50.00
"""
PROJECTS = """
科目编码 | 科目名称 | 项目名称 | 合计 | 财政拨款 | 其他资金
合计 | < | < | 50.00 | 50.00 |
2050203 | 初中教育 | 校舍修缮 | 50.00 | 50.00 |
"""
FUND = """
科目编码 | 科目名称 | 年初结转和结余 | 本年收入 | 本年支出 | < | < | 年末结转和结余
^ | ^ | ^ | ^ | 小计 | 基本支出 | 项目支出 | ^
合计 | < | | | | | |
"""
STATE = """
科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
合计 | < | | |
"""
THREE = """
预算数 | < | < | < | < | < | 决算数 | < | < | < | < | <
合计 | 因公出国（境）费 | 公务用车购置及运行费 | < | < | 公务接待费\
| 合计 | 因公出国（境）费 | 公务用车购置及运行费 | < | < | 公务接待费
^ | ^ | 小计 | 公务用车购置费 | 公务用车运行费 | ^ | ^ | ^ | 小计 | 公务用车购置费 | 公务用车运行费 | ^
2.00 | | 1.50 | | 1.50 | 0.50 | 1.20 | | 1.00 | | 1.00 | 0.20
"""
NOTE = ("本单位没有相关收入和支出，本表为空。",)


def account(*titled: tuple[str, str], name: str = "平山区第三中学2023年度单位决算") -> list[Block]:
    """A cover and the tables under their titles, numbered 公开01表 and so on."""
    return [
        name,
        "目  录",
        *(title for title, _ in titled),
        "第四部分 2023年度单位决算表",
        *(
            Sheet(
                (title, f"公开{number:02d}表", "单位：平山区第三中学", "金额单位：万元"),
                drawing,
                NOTE if drawing in {FUND, STATE} else (),
            )
            for number, (title, drawing) in enumerate(titled, start=1)
        ),
    ]


SICHUAN = (
    ("收入支出决算总表", T01),
    ("收入决算表", T02),
    ("支出决算表", T03),
    ("财政拨款收入支出决算总表", T04),
    ("财政拨款支出决算明细表", ITEMS),
    ("一般公共预算财政拨款支出决算表", T05),
    ("一般公共预算财政拨款支出决算明细表", ITEMS),
    ("一般公共预算财政拨款基本支出决算表", T06),
    ("一般公共预算财政拨款项目支出决算表", PROJECTS),
    ("政府性基金预算财政拨款收入支出决算表", FUND),
    ("国有资本经营预算财政拨款收入支出决算表", FUND),
    ("国有资本经营预算财政拨款支出决算表", STATE),
    ("财政拨款“三公”经费支出决算表", THREE),
)
INNER_MONGOLIA = (
    ("收入支出决算总表", T01),
    ("收入决算表", T02),
    ("支出决算表", T03),
    ("财政拨款收入支出决算总表", T04),
    ("项目收入支出决算表", PROJECTS),
    ("一般公共预算财政拨款支出决算表", T05),
    ("一般公共预算财政拨款基本支出决算表", T06),
    ("一般公共预算财政拨款项目支出决算明细表", ITEMS),
    ("政府性基金预算财政拨款收入支出决算表", FUND),
    ("国有资本经营预算财政拨款支出决算表", STATE),
    ("财政拨款“三公”经费支出决算表", THREE),
)
BEIJING = (
    ("收入支出决算总表", T01),
    ("收入决算表", T02),
    ("支出决算表", T03),
    ("财政拨款收入支出决算总表", T04),
    ("一般公共预算财政拨款支出决算表", T05),
    ("一般公共预算财政拨款基本支出决算表", T06),
    ("政府性基金预算财政拨款收入支出决算表", FUND),
    ("政府性基金预算财政拨款基本支出决算表", STATE),
    ("国有资本经营预算财政拨款收入支出决算表", FUND),
    ("财政拨款“三公”经费支出决算表", THREE),
)
TIANJIN = (
    ("收入支出决算总表", T01),
    ("收入决算表（按功能分类科目）", T02),
    ("收入决算表（按单位）", T02.replace("科目编码", "单位编码").replace("科目名称", "单位名称")),
    ("支出决算表（按功能分类科目）", T03),
    ("财政拨款收入支出决算总表", T04),
    ("一般公共预算财政拨款支出决算表", T05),
    ("一般公共预算财政拨款基本支出决算表", T06),
    ("一般公共预算财政拨款“三公”经费支出决算表", THREE),
    ("政府性基金预算财政拨款收入支出决算表", FUND),
    ("国有资本经营预算财政拨款收入支出决算表", FUND),
    ("项目支出决算表", PROJECTS),
)
SETS = {"sichuan": SICHUAN, "inner mongolia": INNER_MONGOLIA, "beijing": BEIJING, "tianjin": TIANJIN}
WANTED = {
    "T01": T01,
    "T02": T02,
    "T03": T03,
    "T04": T04,
    "T05": T05,
    "T06": T06,
    "T07": FUND,
    "T09": THREE,
}


def amounts(drawing: str) -> int:
    """How many amounts with two decimals a drawing prints."""
    return sum(1 for row in Sheet((), drawing).rows for cell in row if cell.endswith(("0", "5")) and "." in cell)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("place", SETS)
def test_sets_of_tables(place: str, form: str) -> None:
    """Each of the nine tables is found once, under its own title, with all of its amounts; the others are kept."""
    titled = SETS[place]
    report = report_of(account(*titled), form)
    known = {table.id: table for table in report.tables if table.id.startswith("T")}
    assert sorted(known) == [*sorted(WANTED)[:7], "T08", "T09"], [(t.id, t.title, t.why) for t in report.tables]
    for table, drawing in WANTED.items():
        assert known[table].title in {title for title, drawn in titled if drawn == drawing}, table
        assert sum(1 for fact in report.facts if fact.table == table) == amounts(drawing), table
    assert len(report.tables) == len(titled)
    assert_sound(report, f"{place} {form}")
    assert report.identity.entity == "平山区第三中学"


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(("printed", "factor"), [("千元", 1_000), ("亿元", 100_000_000), ("百万元", 1_000_000)])
def test_rare_units(printed: str, factor: int, form: str) -> None:
    """千元 and 亿元 are units of their own and never shown as 万元."""
    report = report_of(["云岭省地质局2019年度部门决算", Sheet(("支出决算表", f"金额单位：{printed}"), T03)], form)
    assert {fact.unit.value for fact in report.facts} == {printed}
    assert all(fact.amount_yuan == fact.amount * factor for fact in report.facts)
    assert_sound(report, form)


@pytest.mark.parametrize("form", FORMATS)
def test_traditional_script(form: str) -> None:
    """A copy in traditional characters is read like the original; names stay as printed."""
    sheet = Sheet(
        ("收入支出決算總表", "公開01表", "部門：平山區檔案館", "金額單位：萬元"),
        """
收入 | < | 支出 | <
項目 | 決算數 | 項目 | 決算數
一、一般公共預算財政撥款收入 | 300.00 | 一、一般公共服務支出 | 260.00
二、政府性基金預算財政撥款收入 | | 十九、住房保障支出 | 40.00
本年收入合計 | 300.00 | 本年支出合計 | 300.00
年初結轉和結餘 | 0.00 | 年末結轉和結餘 | 0.00
總計 | 300.00 | 總計 | 300.00
""",
    )
    check(
        ["平山區檔案館2023年度部門決算", sheet],
        form,
        facts(
            "T01",
            "收入/決算數=amount",
            """
 | 一般公共預算財政撥款收入 | 300
 | 本年收入合計 | 300
 | 年初結轉和結餘 | 0
 | 總計 | 300
""",
        ),
        facts(
            "T01",
            "支出/決算數=amount",
            """
 | 一般公共服務支出 | 260
 | 住房保障支出 | 40
 | 本年支出合計 | 300
 | 年末結轉和結餘 | 0
 | 總計 | 300
""",
        ),
    )


@pytest.mark.parametrize("form", FORMATS)
def test_index_number_of_supervision_and_unit_in_another_row(form: str) -> None:
    """监督索引号 above the title; the unit stands in a row between title and headings."""
    sheet = Sheet(
        (),
        """
监督索引号53230000123401111 | < | < | < | <
支出决算表 | < | < | < | <
公开03表 | < | < | < | <
部门：望江州林草局 | < | < | < | 金额单位：元
科目编码 | 科目名称 | 本年支出合计 | 基本支出 | 项目支出
栏次 | < | 1 | 2 | 3
合计 | < | 4,250,000.55 | 3,150,000.55 | 1,100,000.00
213 | 农林水支出 | 4,250,000.55 | 3,150,000.55 | 1,100,000.00
21302 | 林业和草原 | 4,250,000.55 | 3,150,000.55 | 1,100,000.00
2130201 | 行政运行 | 3,150,000.55 | 3,150,000.55 |
2130205 | 森林资源培育 | 1,100,000.00 | | 1,100,000.00
注：1.本表反映部门本年度各项支出情况。 | < | < | < | <
2.本表金额转换成万元时，因四舍五入可能存在尾差。 | < | < | < | <
""",
    )
    whole = "4250000.55 | 3150000.55 | 1100000"
    report = check(
        ["望江州林草局2019年度部门决算", sheet],
        form,
        facts(
            "T03",
            "本年支出合计=total | 基本支出=basic | 项目支出=project",
            f"""
 | 合计 | {whole}
213 | 农林水支出 | {whole}
21302 | 林业和草原 | {whole}
2130201 | 行政运行 | 3150000.55 | 3150000.55 |
2130205 | 森林资源培育 | 1100000 | | 1100000
""",
        ),
    )
    assert {fact.unit.value for fact in report.facts} == {"元"}
    assert report.identity.entity == "望江州林草局"


def test_error_printed_in_a_sound_layout_is_found() -> None:
    """A dropped digit stands out in every layout."""
    broken = T03.replace("20502 | 普通教育 | 260.00", "20502 | 普通教育 | 26.00")
    source = Sheet(("支出决算表", "单位：万元"), broken)
    for form in FORMATS:
        report = report_of(["平山区第三中学2023年度单位决算", source], form)
        with pytest.raises(AssertionError, match="普通教育"):
            assert_sound(report)


def test_page_saved_by_word() -> None:
    """HTML as Word saves it: attributes without quotes, empty spans, non-breaking blanks, spans of zero width."""
    rows = "".join(
        "<tr style='mso-yfti-irow:1'>"
        + "".join(
            f"<td width=64 nowrap style='padding:0'><p class=MsoNormal><span lang=EN-US>{cell or '&nbsp;'}"
            "<o:p></o:p></span></p></td>"
            for cell in row
        )
        + "</tr>"
        for row in (
            ("科目编码", "科目名称", "本年支出<br>合计", "基本&nbsp;支出", "项目\r\n  支出", "经营支出"),
            ("合&nbsp;&nbsp;计", "", "300.00", "250.00", "50.00", ""),
            ("205", "教育支出", "260.00", "210.00", "50.00", ""),
            ("20502", "&nbsp;普通教育", "260.00", "210.00", "50.00", "-"),
            ("2050203", "&nbsp;&nbsp;初中教育", "260.00", "210.00", "50.00", "-"),
            ("221", "住房保障支出", "40.00", "40.00", "", ""),
            ("22102", "住房改革支出", "40.00", "40.00", "", ""),
            ("2210201", "住房公积金", "40.00", "40.00", "", ""),
        )
    )
    page = (
        "<html xmlns:v='urn:schemas-microsoft-com:vml'><head><meta http-equiv=Content-Type content='text/html; "
        "charset=gb2312'><style>td{mso-style:x}</style></head><body><div class=Section1>"
        "<p class=MsoNormal><b><span>平山区第三中学</span></b></p><p class=MsoNormal><b>2023年度单位决算</b></p>"
        "<p align=center>支出决算表</p><p>公开03表&nbsp;&nbsp;&nbsp;&nbsp;金额单位：万元</p>"
        f"<table class=MsoNormalTable border=0 cellspacing=0>{rows}</table></div></body></html>"
    )
    report = normalize(extract(SourceFile(name="单位决算.htm", content=page.encode("gb18030"))))
    assert_facts(
        report,
        facts(
            "T03",
            "本年支出合计=total | 基本支出=basic | 项目支出=project",
            """
 | 合计 | 300 | 250 | 50
205 | 教育支出 | 260 | 210 | 50
20502 | 普通教育 | 260 | 210 | 50
2050203 | 初中教育 | 260 | 210 | 50
221 | 住房保障支出 | 40 | 40 |
22102 | 住房改革支出 | 40 | 40 |
2210201 | 住房公积金 | 40 | 40 |
""",
        ),
    )
    assert_sound(report)
    assert report.identity.entity == "平山区第三中学"
