"""The intake in the chain: notification in, `object.created` out."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version

from services.intake.seen import Seen
from shared.adapters.bus import Message, Record
from shared.adapters.notifications import CreatedObject, UnreadableNotification, parse_notification
from shared.adapters.objects import ObjectInfo
from shared.contracts.base import Text
from shared.contracts.errors import Category, InvalidDocument, Phase
from shared.contracts.events import ObjectCreated, SourceObject, document_id
from shared.contracts.folders import waits
from shared.observability.actions import LogAction
from shared.observability.log import log
from shared.runtime.connections import bus, opened_once, settings, store
from shared.runtime.results import Produced
from shared.runtime.retry import RetryPolicy
from shared.runtime.service import Service
from shared.runtime.topics import Topic


@opened_once
def seen() -> Seen:
    """The memory of this service."""
    return Seen(bus())


def work(record: Record) -> Produced:
    """The events of one notification. Raises `InvalidDocument` for a record that is none."""
    try:
        created = parse_notification(record.value or b"")
    except UnreadableNotification as error:
        text = Text(zh="收到无法识别的存储通知。", en="A record that is no bucket notification arrived.")
        raise InvalidDocument(Category.NOT_READABLE, Phase.INTAKE, text, str(error)) from error
    # First everything that may fail, then the memory: what is remembered is also told.
    found = [_event(item) for item in created]
    events: list[ObjectCreated] = []
    remembered: list[Message] = []
    for event in found:
        if event is None:
            continue
        times, messages = seen().add(event.document_id, event.source)
        if not times:
            log(LogAction.RECORD_SKIPPED, reason="announced before", document=event.document_id)
            continue
        events.append(event.model_copy(update={"generation": times - 1}))
        remembered.extend(messages)
    return Produced(tuple(events), tuple(remembered))


def _event(item: CreatedObject) -> ObjectCreated | None:
    """The upload that a notification tells of, whatever bucket it names.

    versitygw, busy, names the bucket of another request now and then ("juesuan-outputs/" with an incoming key). An
    upload that is asked after in vain costs a look; one that is passed over is lost.
    """
    bucket = settings().incoming
    found = _find(bucket, item)
    if found is None:
        if item.bucket == bucket:
            log(LogAction.RECORD_SKIPPED, reason="the object is gone", bucket=item.bucket, key=item.keys[0])
        return None
    if waits(found.key):
        log(LogAction.RECORD_SKIPPED, reason="read when its folder is complete", bucket=bucket, key=found.key)
        return None
    # What the store holds now counts, not what the notification remembers: an object that was replaced meanwhile is
    # announced once, as what it is.
    source = SourceObject(bucket=bucket, key=found.key, etag=found.etag, size=found.size)
    return ObjectCreated(
        document_id=document_id(source),
        source=source,
        stage_version=_version(),
        at=datetime.now(UTC),
        uploaded_at=found.modified,
    )


def _find(bucket: str, item: CreatedObject) -> ObjectInfo | None:
    for key in item.keys:
        if key.endswith("/"):
            continue  # a folder marker
        info = store().info(bucket, key)
        if info is not None:
            return info
    return None


@cache
def _version() -> str:
    return version("juesuan")


SERVICE = Service(
    name="intake",
    version=version("juesuan"),
    topics=(Topic.NOTIFICATIONS,),
    work=work,
    undo=lambda: seen().forget(),
    # The memory of what was announced is safe only with whoever holds the one partition, so retries stay there too.
    retry_to=Topic.NOTIFICATIONS,
    transient=RetryPolicy(attempts=1000, base=0.5, longest=5.0),
)
