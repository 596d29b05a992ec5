"""Bucket against lifecycle: what is missing, and the notifications that tell of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from shared.adapters.bus import Bus, Message
from shared.adapters.lifecycle import CANARY_TENANT, PENDING, known_ids, standings
from shared.adapters.objects import ObjectInfo, ObjectStore
from shared.contracts.events import SourceObject, document_id
from shared.contracts.folders import is_marker, report_folder
from shared.runtime.topics import Topic

#: objects under this prefix prove the path and are no reports
CANARY_PREFIX = f"{CANARY_TENANT}/"
_STALLED_AFTER = timedelta(minutes=30)
_BATCH = 200


@dataclass(frozen=True)
class Comparison:
    """What a comparison found: objects seen, those announced now because nobody had, documents that stand still.

    `waiting` are the folders of one report that nobody has said to be complete.
    """

    objects: int
    announced: tuple[str, ...]
    stalled: tuple[str, ...]
    waiting: tuple[str, ...] = ()


def reconcile(store: ObjectStore, engine: Engine, bus: Bus, bucket: str, *, announce: bool = True) -> Comparison:
    """Announce every object of `bucket` that has no lifecycle row, as the store itself would have.

    The announcement leads to the same document id as the lost one, so that one of the two is dropped if both arrive.
    Raises `TransientFault`, `BusFault`.
    """
    known = known_ids(engine, bucket)
    seen, missing = 0, list[ObjectInfo]()
    folders, complete = set[str](), set[str]()
    for info in store.list(bucket):
        if info.key.endswith("/") or info.key.startswith(CANARY_PREFIX):
            continue
        seen += 1
        folder = report_folder(info.key)
        if folder is not None:
            (complete if is_marker(info.key) else folders).add(folder)
            if not is_marker(info.key):
                continue  # it is read with its folder, and no document of its own
        source = SourceObject(bucket=bucket, key=info.key, etag=info.etag, size=info.size)
        if document_id(source) not in known:
            missing.append(info)
    if announce:
        for start in range(0, len(missing), _BATCH):
            bus.send([announcement(bucket, info) for info in missing[start : start + _BATCH]])
    return Comparison(seen, tuple(info.key for info in missing), _stalled(engine), tuple(sorted(folders - complete)))


def announcement(bucket: str, info: ObjectInfo) -> Message:
    """A notification in the form of the S3 servers, with the key as it is."""
    record = {
        "eventName": "s3:ObjectCreated:Put",
        "eventSource": "juesuan:reconciler",
        "s3": {"bucket": {"name": bucket}, "object": {"key": info.key, "size": info.size, "eTag": info.etag}},
    }
    return Message(Topic.NOTIFICATIONS, b"", json.dumps({"Records": [record]}, ensure_ascii=False).encode())


def _stalled(engine: Engine) -> tuple[str, ...]:
    limit = datetime.now(UTC) - _STALLED_AFTER
    pending = (item for item in standings(engine, outcome=PENDING) if item.tenant != CANARY_TENANT)
    return tuple(item.key for item in pending if item.changed_at < limit)
