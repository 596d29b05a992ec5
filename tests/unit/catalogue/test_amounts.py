"""Printed numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.catalogue.amounts import read_amount
from shared.contracts.report import AmountState


@pytest.mark.parametrize(
    ("printed", "value", "quantum"),
    [
        ("1649.56", "1649.56", "0.01"),
        ("1,649.56", "1649.56", "0.01"),
        ("1，649.56", "1649.56", "0.01"),
        ("16,49.56", "1649.56", "0.01"),
        ("１，６４９．５６", "1649.56", "0.01"),
        ("1,649. 56", "1649.56", "0.01"),
        ("1649 .56", "1649.56", "0.01"),
        ("1 649.56", "1649.56", "0.01"),
        ("10,661.5\n1", "10661.51", "0.01"),
        ("1,234,5\n67.89", "1234567.89", "0.01"),
        ("\u30003.50\u00a0", "3.50", "0.01"),
        ("-0.50", "-0.50", "0.01"),
        ("－1.2", "-1.2", "0.1"),
        ("—1.2", "-1.2", "0.1"),
        ("(123.45)", "-123.45", "0.01"),
        ("（123.45）", "-123.45", "0.01"),
        ("△7", "-7", "1"),
        ("¥12", "12", "1"),
        (".5", "0.5", "0.1"),
    ],
)
def test_figures(printed: str, value: str, quantum: str) -> None:
    amount = read_amount(printed)
    assert amount.state is AmountState.VALUE
    assert (amount.value, amount.quantum) == (Decimal(value), Decimal(quantum))


@pytest.mark.parametrize(("printed", "quantum"), [("0", "1"), ("0.00", "0.01"), ("-0.0", "0.1")])
def test_zero_is_a_figure(printed: str, quantum: str) -> None:
    amount = read_amount(printed)
    assert amount.state is AmountState.ZERO
    assert amount.printed
    assert amount.value == 0
    assert amount.quantum == Decimal(quantum)


@pytest.mark.parametrize("printed", ["——", "—", "--", "-", "－", "–", "− −", "— —"])
def test_dashes(printed: str) -> None:
    assert read_amount(printed).state is AmountState.DASH


@pytest.mark.parametrize("printed", ["", "  ", "\u3000", "\u00a0\n"])
def test_blanks(printed: str) -> None:
    assert read_amount(printed).state is AmountState.BLANK


@pytest.mark.parametrize(
    "printed", ["12%", "无", "1.649.56", "12 34", "2024年", "3.50 4.50", "1-2", "(12", "12)", "五", "1,2,", "1" * 19]
)
def test_nothing_is_guessed(printed: str) -> None:
    amount = read_amount(printed)
    assert amount.state is AmountState.UNREADABLE
    assert amount.value is None


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2, allow_nan=False))
def test_any_printed_decimal_comes_back(value: Decimal) -> None:
    for printed in (f"{value:f}", f"{value:,f}"):
        amount = read_amount(printed)
        assert amount.value == value
        assert amount.quantum == Decimal("0.01")


@given(st.text(max_size=12))
def test_any_text_is_read_without_error(text: str) -> None:
    amount = read_amount(text)
    assert (amount.value is not None) == amount.printed
