"""Numbers of a scan: their form, and how wide they should be."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from services.extractor.scan.numbers import folded, like_number, marks, misfits, well_formed


@pytest.mark.parametrize(
    "text", ["0.00", "1,234.56", "12，34.5", "2O1O601", "-3.20", "12:34", "（12.00）", "45%", "１２"]
)
def test_what_looks_like_a_number(text: str) -> None:
    assert like_number(text)


@pytest.mark.parametrize("text", ["合计", "", "2024年度", "一、", "30199其他", "OI", "——"])
def test_what_does_not(text: str) -> None:
    assert not like_number(text)


@pytest.mark.parametrize("text", ["0", "0.00", "1,234.56", "1234567", "-3.2", "(12.00)", "45.5%", "12,345,678.90"])
def test_forms_of_numbers(text: str) -> None:
    assert well_formed(text)


@pytest.mark.parametrize("text", ["12:34", "1,23.45", "1.234.56", "12.", ".5", "1,2345", "12 34", "1O", "--", ""])
def test_forms_that_no_number_has(text: str) -> None:
    assert not well_formed(text)


def test_wide_characters_are_those_of_the_keyboard() -> None:
    assert folded("１，２３４．５６％") == "1,234.56%"
    assert folded("（－3）") == "(-3)"


def test_marks_are_counted_without_specks() -> None:
    ink = np.zeros((40, 120), np.uint8)
    for x in (5, 30, 70):
        cv2.rectangle(ink, (x, 5), (x + 15, 35), 255, 3)
    cv2.rectangle(ink, (52, 31), (56, 35), 255, -1)
    ink[2, 100] = 255
    assert marks(ink) == 4


def _number(text: str, pitch: float = 14.0) -> tuple[str, int, int]:
    digits = sum(char.isdigit() for char in text)
    return text, round(pitch * digits + 0.5 * pitch * (len(text) - digits) - 3), 20


def test_a_lost_digit_or_point_is_a_misfit() -> None:
    texts = ["0.00", "12.34", "118.31", "1,234.56", "2010601", "7", "45,678.90", "99.10", "3.5", "123456"]
    numbers = [_number(text) for text in texts]
    right = len(numbers) * [True]
    assert misfits(numbers, right) == len(numbers) * [False]
    lost = ("1.34", _number("12.34")[1], 20)
    gained = ("1223.40", _number("123.40")[1], 20)
    assert misfits([*numbers, lost, gained], [*right, False, False])[-2:] == [True, True]


def test_larger_print_and_few_numbers_tell_nothing() -> None:
    numbers = [_number(text) for text in ["0.00", "12.34", "118.31"]]
    assert misfits([*numbers, ("1", 300, 20)], [True, True, True, False]) == 4 * [False]
    many = [_number(str(number)) for number in range(10, 2000, 90)]
    large = ("2024", 4 * 28, 40)
    assert misfits([*many, large], [*(len(many) * [True]), False])[-1] is False
