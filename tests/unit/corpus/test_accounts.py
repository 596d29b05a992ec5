"""The invented accounts agree with themselves, whatever the seed."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.corpus.accounts import INCOME_KEYS, Account, Style, functional_name, invent, split
from tests.corpus.money import Money
from tests.corpus.names import places

PURSES = ("general", "fund", "soe", "other")
STYLES = st.builds(
    Style,
    province=st.sampled_from(("山西省", "上海市", "内蒙古自治区")),
    year=st.integers(2020, 2025),
    unit_account=st.booleans(),
    grain=st.sampled_from((1, 10_000)),
    fund=st.booleans(),
    soe=st.booleans(),
    other_money=st.booleans(),
    carry=st.booleans(),
    size=st.sampled_from((0.01, 1.0, 30.0)),
)


def accounts() -> st.SearchStrategy[Account]:
    """Any account."""
    return st.builds(invent, st.integers(0, 10**6), STYLES)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(account=accounts())
def test_every_purse_balances_in_every_code(account: Account) -> None:
    """Received and brought forward is spent, allotted or carried on: 分 for 分."""
    for item in account.items:
        got = item.amounts.get
        for purse in PURSES[:3]:
            received = got(f"income.{purse}", 0) + got(f"carry_in.{purse}", 0)
            spent = got(f"basic.{purse}", 0) + got(f"project.{purse}", 0)
            assert received == spent + got(f"carry_out.{purse}", 0)
        other = sum(got(key, 0) for key in INCOME_KEYS[3:]) + got("carry_in.other", 0) + got("used.other", 0)
        kinds = ("basic", "project", "remit", "business", "subsidy", "carry_out", "allocated")
        assert other == sum(got(f"{kind}.other", 0) for kind in kinds)
        assert all(value >= 0 for value in item.amounts.values())


@settings(max_examples=60, deadline=None, derandomize=True)
@given(account=accounts())
def test_economic_items_are_the_basic_expenditure(account: Account) -> None:
    """T06 adds up to the basic column of T05, and the budget of T09 is nowhere below the outturn."""
    figures = account.economics
    assert figures.staff + figures.operating == account.total("basic.general")
    for name in ("abroad", "purchase", "operation", "reception", "conference", "training", "total"):
        assert getattr(figures.budget, name) >= getattr(figures.outturn, name)


def test_the_same_seed_gives_the_same_account() -> None:
    """And another seed another one."""
    style = Style()
    assert invent(7, style) == invent(7, style)
    assert invent(7, style) != invent(8, style)


def test_names_follow_the_year() -> None:
    """A class has the name that the form of that year prints."""
    assert functional_name("207", 2018) == "文化体育与传媒支出"
    assert functional_name("207", 2024) == "文化旅游体育与传媒支出"
    with pytest.raises(KeyError):
        functional_name("224", 2018)


def test_places_can_be_told_apart() -> None:
    """A county is taken only if no other has its name."""
    assert "孝义市" in {place.name for place in places("山西省")}
    assert "城区" not in {place.name for place in places("山西省")}


@given(total=st.integers(0, 10**9), parts=st.integers(1, 6), grain=st.sampled_from((1, 10_000)), seed=st.integers())
def test_a_split_sum_is_whole_again(total: int, parts: int, grain: int, seed: int) -> None:
    """Nothing is lost in cutting."""
    pieces = split(total, parts, grain, Random(seed))
    assert sum(pieces) == total
    assert len(pieces) == parts
    assert min(pieces) >= 0


@pytest.mark.parametrize(
    ("money", "fen", "text"),
    [
        (Money(), 164_956_000, "164.96"),
        (Money(), 16_495_600_000, "16,495.60"),
        (Money(commas=False), 16_495_600_000, "16495.60"),
        (Money(wan=False), 16_495_601, "164,956.01"),
        (Money(), 5_000, "0.01"),
        (Money(), 4_999, ""),
        (Money(zero="0"), 0, "0"),
        (Money(zero="0.00"), 0, "0.00"),
    ],
)
def test_amounts_print_as_forms_print_them(money: Money, fen: int, text: str) -> None:
    """Half up to the last printed digit; nothing by the habit of the layout."""
    assert money.text(fen, Random(1)) == text


def test_nothing_prints_as_nothing() -> None:
    """None is no zero."""
    assert Money(zero="0.00").text(None, Random(1)) == ""
