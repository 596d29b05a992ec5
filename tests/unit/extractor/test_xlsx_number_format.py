"""Numbers, dates and texts come out as a spreadsheet prints them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.extractor.sheets.number_format import BUILT_IN, parse, show_number, show_text

_ACCOUNTING = '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ '


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (926.1, "0.00", "926.10"),
        (1649.56, "#,##0.00", "1,649.56"),
        (1649.56, "General", "1649.56"),
        (1649.5600000000002, "General", "1649.56"),
        (201.0, "General", "201"),
        (2010301, "General", "2010301"),
        (0, "General", "0"),
        (0, "0.00", "0.00"),
        (0, _ACCOUNTING, "-"),
        (1234.5, _ACCOUNTING, "1,234.50"),
        (-1234567.891, _ACCOUNTING, "-1,234,567.89"),
        (-5, "#,##0_);[Red](#,##0)", "(5)"),
        (-3, "0.00", "-3.00"),
        (0, "#,##0.00;-#,##0.00;;@", ""),
        (0, '#,##0.00;-#,##0.00;"——"', "——"),
        (0, "#,##0.00;-#,##0.00", "0.00"),
        (5, ";;;", ""),
        (0.9876, "0.00%", "98.76%"),
        (1, "0%", "100%"),
        (2.675, "0.00", "2.68"),
        (1.005, "0.00", "1.01"),
        (123456, r"0\.0,", "12.3"),
        (123456, "0!.0,", "12.3"),
        (1234567, "#,##0,", "1,235"),
        (2024, '0"年度"', "2024年度"),
        (7, "000", "007"),
        (0, "#,###", ""),
        (0.5, "#.00", ".50"),
        (12.5, ".00", "12.50"),
        (5, "0.##", "5."),
        (12, "[$￥-804]#,##0.00", "￥12.00"),
        (13912345678, "000-0000-0000", "139-1234-5678"),
        (1234567.891, "0.00E+00", "1.23E+06"),
        (0, "0.00E+00", "0.00E+00"),
        (1.005, "0.00E+00", "1.01E+00"),
        (9.999, "0.0E+0", "1.0E+1"),
        (-0.00012345, "0.00E-00", "-1.23E-04"),
        (0.00012, "0.0E-0", "1.2E-4"),
        (3, "[>=100]0.0;[<100]0.00", "3.00"),
        (100, "[>=100]0.0;[<100]0.00", "100.0"),
        (1, "[>100]0.0;[=5]0", "1"),
        (0.25, "# ?/?", "0.25"),
        (8, "@", "8"),
        (10, "G/通用格式", "10"),
        (10, 'G/通用格式"个"', "10个"),
        (1e15, "General", "1E+15"),
        (5.684e-14, "General", "5.684E-14"),
        (45000, BUILT_IN[31], "2023年3月15日"),
        (45000, BUILT_IN[14], "2023/3/15"),
        (45000, BUILT_IN[57], "2023年3月"),
        (45000.5, BUILT_IN[22], "2023/3/15 12:00"),
        (45000.75, "h:mm AM/PM", "6:00 PM"),
        (45000.25, '上午/下午h"时"mm"分"', "上午6时00分"),
        (45000, "dd-mmm-yy", "15-Mar-23"),
        (45000, "yyyy-mm-dd aaaa", "2023-03-15 星期三"),
        (1.5, "[h]:mm", "36:00"),
        (1, "yyyy/m/d", "1900/1/1"),
        (-1, "yyyy/m/d", "-1"),
    ],
)
def test_numbers(value: float, code: str, shown: str) -> None:
    assert show_number(value, code).strip() == shown


def test_days_since_1904() -> None:
    assert show_number(0, "yyyy/m/d", date1904=True) == "1904/1/1"


@pytest.mark.parametrize(
    ("text", "code", "shown"),
    [
        ("合计", "General", "合计"),
        ("合计", "@", "合计"),
        ("合计", "0.00", "合计"),
        ("合计", _ACCOUNTING, " 合计 "),
        ("合计", '@"（万元）"', "合计（万元）"),
        ("合计", "0;-0;0;", ""),
    ],
)
def test_texts(text: str, code: str, shown: str) -> None:
    assert show_text(text, code) == shown


@given(st.integers(-(10**13), 10**13))
def test_grouped_cents_are_what_python_prints(cents: int) -> None:
    value = cents / 100
    if abs(value) < 10**12:
        assert show_number(value, "#,##0.00") == f"{value:,.2f}"
        assert show_number(value, "0.00") == f"{value:.2f}"


@given(st.text(max_size=20), st.floats(-1e9, 1e9))
def test_any_format_prints_something(code: str, value: float) -> None:
    assert isinstance(show_number(value, code), str)
    assert parse(code)


@pytest.mark.parametrize(
    ("value", "code", "digits", "decimals"),
    [
        (1e308, "0.00", 309, 2),
        (1e308, "#,##0", 309, 0),
        (1.5, "0." + "0" * 200, 1, 200),
        (1e200, "0." + "0" * 60 + "E+00", 1, 60),
    ],
)
def test_numbers_and_formats_beyond_all_measure_are_shown(value: float, code: str, digits: int, decimals: int) -> None:
    whole, _, rest = show_number(value, code).replace(",", "").partition(".")
    assert len(whole) == digits
    assert len(rest.partition("E")[0]) == decimals
