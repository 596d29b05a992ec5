"""Services that are killed, stopped, frozen or joined by others while they work."""

from __future__ import annotations

import time

import psutil
import pytest

from deploy import CHAIN_SERVICES
from deploy.local.stack import Stack
from shared.adapters.kafka_member import SESSION_TIMEOUT_MS
from tests.chaos.kit import Batch, kill, process, renew, uploads, wait_until

pytestmark = pytest.mark.xdist_group("servers")


@pytest.mark.parametrize(("number", "service"), list(enumerate(CHAIN_SERVICES)))
def test_a_service_is_killed_in_mid_work(stack: Stack, batch: Batch, number: int, service: str) -> None:
    batch.begin_upload(uploads(10_000 + 100 * number, 22))
    batch.wait_until_begun()
    kill(stack, service)
    assert batch.ended() < len(batch.files)
    batch.assert_complete()


def test_all_services_are_killed_at_once(stack: Stack, batch: Batch) -> None:
    batch.begin_upload(uploads(11_000, 22))
    batch.wait_until_begun(3)
    for service in CHAIN_SERVICES:
        kill(stack, service)
    batch.assert_complete()


def test_consumers_come_and_go_under_load(stack: Stack, batch: Batch) -> None:
    batch.begin_upload(uploads(12_000, 60))
    batch.wait_until_begun()
    stack.start_service("extractor", "2")
    stack.start_service("normalizer", "2")
    wait_until("the second ones run", lambda: process(stack, "extractor", "2"))
    batch.wait_until_begun(10)
    stack.start_service("extractor", "3")
    batch.wait_until_begun(15)
    stack.service("extractor", "2").kill()
    stack.service("normalizer", "2").kill()
    batch.wait_until_begun(25)
    assert stack.service("extractor", "3").stop(45)
    batch.assert_complete()


@pytest.mark.parametrize(("number", "service"), list(enumerate(("extractor", "normalizer", "lifecycle"))))
def test_a_frozen_service_doubles_nothing(stack: Stack, batch: Batch, number: int, service: str) -> None:
    """One that commits before, one that commits with, and one that commits without anything to tell."""
    stack.start_service(service, "2")
    try:
        batch.begin_upload(uploads(13_000 + 100 * number, 30))
        batch.wait_until_begun(2)
        frozen = process(stack, service)
        assert frozen is not None
        frozen.suspend()
        try:
            assert batch.ended() < len(batch.files)
            # Longer than the session: its partitions go to the other one, which ends what it had begun.
            time.sleep(SESSION_TIMEOUT_MS / 1000 + 5)
        finally:
            frozen.resume()
        batch.assert_complete()
        assert process(stack, service) is not None
    finally:
        stack.service(service, "2").stop(45)


def test_a_service_that_is_asked_to_stop_does_so_in_time(stack: Stack, batch: Batch) -> None:
    batch.begin_upload(uploads(14_000, 22))
    batch.wait_until_begun()
    for service in CHAIN_SERVICES:
        started = time.monotonic()
        assert stack.service(service).stop(60)
        assert time.monotonic() - started < 40, service
    batch.stack.start_services(CHAIN_SERVICES)
    batch.assert_complete()


def test_two_processes_of_one_identity(stack: Stack, batch: Batch) -> None:
    """The later one shuts the earlier one out; that one ends with the code that says so."""
    batch.upload(uploads(15_000, 6))
    before = process(stack, "normalizer")
    assert before is not None
    heir = stack.service("normalizer", "heir")
    stack.start_service("normalizer", "heir", JUESUAN_INSTANCE="1")
    try:
        batch.upload(uploads(15_100, 22))
        wait_until("the earlier one ended", lambda: not before.is_running() or before.status() == psutil.STATUS_ZOMBIE)
    finally:
        heir.stop(45)
    renew(stack, "normalizer")
    assert "ended with 71" in stack.service("normalizer").log.read_text(encoding="utf-8")
    batch.assert_complete()
