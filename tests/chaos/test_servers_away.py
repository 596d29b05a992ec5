"""Kafka, the object store and the database die, go away for a while, lose what they should tell, run out of space."""

from __future__ import annotations

import time
from collections.abc import Callable

import psutil
import pytest

from deploy import CHAIN_SERVICES
from deploy.local.stack import Stack
from services.reconciler.canary import arrived, release
from shared.adapters.lifecycle import CANARY_TENANT
from tests.chaos.kit import OUTAGE_SECONDS, Batch, process, uploads, wait_until

pytestmark = pytest.mark.xdist_group("servers")


def test_the_broker_is_killed_and_comes_back(stack: Stack, batch: Batch) -> None:
    before = {service: process(stack, service) for service in CHAIN_SERVICES}
    files = uploads(20_000, 30)
    early = dict(list(files.items())[:20])
    late = {name: upload for name, upload in files.items() if name not in early}
    batch.upload(early)
    batch.wait_until_begun(3)
    stack.kafka.daemon.kill()
    batch.upload(late)  # nobody can be told of these
    time.sleep(3)
    stack.kafka.start()
    wait_until("the early ones done", lambda: batch.ended() >= len(early))
    batch.reconcile()
    batch.assert_complete()
    assert {service: process(stack, service) for service in CHAIN_SERVICES} == before


def test_the_broker_restarts_while_nothing_is_to_do(stack: Stack, batch: Batch) -> None:
    before = {service: process(stack, service) for service in CHAIN_SERVICES}
    stack.kafka.stop()
    time.sleep(3)
    stack.kafka.start()
    batch.upload(uploads(20_500, 8))
    wait_until("all told of", lambda: batch.reconcile() == [], pause=2)
    batch.assert_complete()
    assert {service: process(stack, service) for service in CHAIN_SERVICES} == before


def test_a_service_waits_for_a_broker_that_is_not_there_yet(stack: Stack, batch: Batch) -> None:
    stack.service("validator").stop(45)
    stack.kafka.stop()
    stack.start_service("validator")
    wait_until("it runs", lambda: process(stack, "validator"))
    first = process(stack, "validator")
    time.sleep(8)
    assert process(stack, "validator") == first
    stack.kafka.start()
    stack.wait_for("validator")
    assert process(stack, "validator") == first
    batch.upload(uploads(20_800, 8))
    wait_until("all told of", lambda: batch.reconcile() == [], pause=2)
    batch.assert_complete()


@pytest.mark.parametrize("server", ["s3", "postgres"])
def test_a_server_is_away_for_a_while(stack: Stack, batch: Batch, server: str) -> None:
    files = uploads({"s3": 21_000, "postgres": 22_000}[server], 24)
    batch.upload(files)
    batch.wait_until_begun(2)
    stop, start = _switches(stack)[server]
    stop()
    time.sleep(OUTAGE_SECONDS)
    start()
    batch.assert_complete()


def _switches(stack: Stack) -> dict[str, tuple[Callable[[], object], Callable[[], object]]]:
    return {"s3": (stack.s3.stop, stack.s3.start), "postgres": (stack.postgres.stop, stack.postgres.start)}


def test_notifications_come_twice_and_in_any_order(batch: Batch) -> None:
    files = uploads(23_000, 22)
    batch.upload(files)
    batch.announce_again(backwards=True)
    batch.wait_until_begun(5)
    batch.announce_again()
    batch.assert_complete()
    batch.announce_again(backwards=True)
    batch.upload(files)  # the same content under the same keys
    time.sleep(2)
    batch.assert_complete()


def test_a_fifth_of_the_notifications_is_lost(stack: Stack, batch: Batch) -> None:
    files = uploads(24_000, 28)
    lost = dict(list(files.items())[::5])
    stack.s3.stop()
    stack.s3.start(telling=False)
    batch.upload(lost)
    canary = release(batch.store, batch.engine, "juesuan-incoming")
    assert arrived(batch.engine, canary, 3) is None
    stack.s3.stop()
    stack.s3.start()
    batch.upload({name: upload for name, upload in files.items() if name not in lost})
    wait_until("those told of are done", lambda: batch.ended() >= len(files) - len(lost))
    assert set(batch.standings()) == set(files) - set(lost)
    assert batch.reconcile() == sorted(lost)
    batch.assert_complete()
    assert batch.reconcile() == []
    canary = release(batch.store, batch.engine, "juesuan-incoming")
    assert canary.key.startswith(f"{CANARY_TENANT}/")
    assert arrived(batch.engine, canary, 60) is not None


def test_the_disk_of_the_object_store_is_full(stack: Stack, batch: Batch) -> None:
    batch.upload(uploads(25_000, 24))
    server = stack.s3.daemon.process()
    assert server is not None
    before = server.rlimit(psutil.RLIMIT_FSIZE)
    batch.wait_until_begun()
    server.rlimit(psutil.RLIMIT_FSIZE, (2000, before[1]))
    try:
        time.sleep(min(8.0, OUTAGE_SECONDS))
        assert batch.ended() < len(batch.files)
    finally:
        server.rlimit(psutil.RLIMIT_FSIZE, before)
    batch.assert_complete()


def test_the_same_content_under_two_keys(batch: Batch) -> None:
    files = uploads(26_000, 10)
    batch.upload({name: upload for file, upload in files.items() for name in (file, f"副本 {file}")})
    batch.assert_complete()
