from __future__ import annotations

import pytest

from shared.runtime.breaker import Breaker, BreakerOpen


def test_failures_in_a_row_open_it() -> None:
    breaker = Breaker(in_a_row=3)
    breaker.failed("a")
    breaker.failed("b")
    with pytest.raises(BreakerOpen, match="3 failures in a row, the last: c"):
        breaker.failed("c")


def test_a_success_ends_the_row() -> None:
    breaker = Breaker(in_a_row=3)
    for _ in range(20):
        breaker.failed("x")
        breaker.failed("x")
        breaker.succeeded()


def test_too_large_a_share_opens_it_once_enough_is_known() -> None:
    breaker = Breaker(in_a_row=100, share=0.5, window=10)
    for _ in range(4):
        breaker.failed("x")
        breaker.succeeded()
    breaker.failed("x")
    with pytest.raises(BreakerOpen, match="6 of the last 10 failed"):
        breaker.failed("y")


def test_old_failures_are_forgotten() -> None:
    breaker = Breaker(in_a_row=100, share=0.5, window=10)
    for _ in range(5):
        breaker.failed("x")
    for _ in range(10):
        breaker.succeeded()
    for _ in range(5):
        breaker.failed("x")


def test_nothing_that_catches_exceptions_catches_it() -> None:
    assert not issubclass(BreakerOpen, Exception)
