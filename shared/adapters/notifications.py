"""Bucket notifications of S3 servers, as AWS, MinIO, RustFS, Ceph and versitygw send them, brought to one form."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, unquote_plus

_CREATED = "ObjectCreated:"
_TEST = "s3:TestEvent"


class UnreadableNotification(Exception):
    """The record is no bucket notification at all; the message says what it looks like."""


@dataclass(frozen=True)
class CreatedObject:
    """One object that landed in a bucket, as the notification names it.

    `keys` are the keys it may mean, the likelier first: most servers URL-encode the key ("+" for a blank), some do not,
    and the text alone cannot tell which ("a+b"). Only the store can: the first key that it has is the one.
    `etag` comes without quotes.
    """

    bucket: str
    keys: tuple[str, ...]
    etag: str
    size: int


def parse_notification(value: bytes) -> tuple[CreatedObject, ...]:
    """The objects that a notification says were created; empty for a test event, a removal or any other event.

    Raises `UnreadableNotification` for a record that is no S3 notification.
    """
    try:
        body = json.loads(value)
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise UnreadableNotification(f"not JSON: {value[:80]!r}") from error
    if not isinstance(body, dict):
        raise UnreadableNotification(f"not an object: {value[:80]!r}")
    if body.get("Event") == _TEST:
        return ()
    records = body.get("Records")
    if not isinstance(records, list):
        raise UnreadableNotification(f"neither Records nor {_TEST}: {value[:80]!r}")
    return tuple(_created(record) for record in records if _is_created(record))


def _is_created(record: Any) -> bool:
    return isinstance(record, dict) and str(record.get("eventName", "")).removeprefix("s3:").startswith(_CREATED)


def _created(record: dict[str, Any]) -> CreatedObject:
    try:
        entity = record["s3"]
        bucket, item = str(entity["bucket"]["name"]), entity["object"]
        printed = str(item["key"])
        return CreatedObject(
            bucket, _readings(printed), str(item.get("eTag") or "").strip('"'), int(item.get("size") or 0)
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableNotification(f"a record without bucket or key: {record!r:.200}") from error


def _readings(printed: str) -> tuple[str, ...]:
    if not printed.isascii():
        return (printed,)  # raw characters: it was not encoded
    try:
        # An ASCII key that changes by decoding most likely was encoded, by the rules of forms or by those of paths.
        decoded = (unquote_plus(printed, errors="strict"), unquote(printed, errors="strict"))
    except UnicodeDecodeError:
        return (printed,)
    return tuple(dict.fromkeys((*decoded, printed)))
