"""Documents that take their worker, or the whole service, with them."""

from __future__ import annotations

from functools import partial

import pytest
from kafka import KafkaAdminClient

from deploy.local.stack import Stack
from shared.contracts.errors import Category
from shared.runtime.letters import PREFIX
from tests.chaos.kit import Batch, Upload, kill, process, renew, uploads, wait_until

pytestmark = pytest.mark.xdist_group("servers")

_ROW = "<tr><td>项目{0}</td><td>{0}.25</td><td>{0}</td><td>1.00</td></tr>"


def endless() -> bytes:
    """A sound file that keeps an extractor busy for a long while."""
    return f"<html><body><table>{''.join(map(_ROW.format, range(400_000)))}</table></body></html>".encode()


def test_a_document_that_costs_its_worker_every_time(stack: Stack, batch: Batch) -> None:
    renew(stack, "extractor", JUESUAN_DOCUMENT_SECONDS="8")
    try:
        batch.upload({"永远读不完.html": Upload(endless(), category=Category.TIMEOUT)})
        batch.upload(uploads(30_000, 14))
        batch.assert_complete(once=False)
    finally:
        renew(stack, "extractor")
    letter = next(item for item in batch.letters() if item.header(f"{PREFIX}category") == Category.TIMEOUT)
    assert letter.header(f"{PREFIX}attempts") == "2"
    assert letter.header(f"{PREFIX}service") == "extractor"
    assert letter.header(f"{PREFIX}origin-topic") == "juesuan.object.created"
    assert len(batch.letters()) == sum(item.category is not None for item in batch.files.values())


def test_a_document_that_costs_the_service_every_time(stack: Stack, batch: Batch) -> None:
    renew(stack, "extractor", JUESUAN_JOBS="1")
    try:
        batch.upload({"致命.html": Upload(endless(), category=Category.CRASH)})
        for time in range(1, 4):
            wait_until(f"begun {time} times", partial(was_begun, stack, time), pause=0.02)
            kill(stack, "extractor")
        batch.upload(uploads(31_000, 8))
        batch.assert_complete(once=False)
        assert process(stack, "extractor") is not None
    finally:
        renew(stack, "extractor")
    letter = next(item for item in batch.letters() if item.header(f"{PREFIX}category") == Category.CRASH)
    assert "3" in (letter.header(f"{PREFIX}error-zh") or "")


def was_begun(stack: Stack, times: int) -> bool:
    """Whether the extractor wrote down beside an offset that it began the record there so often."""
    admin = KafkaAdminClient(bootstrap_servers=stack.kafka.address)
    try:
        groups = admin.list_group_offsets({"juesuan.extractor": None})
        return any(offset.metadata == f"begun={times}" for offset in groups["juesuan.extractor"].values())
    finally:
        admin.close()
