"""Events as CloudEvents 1.0 in Kafka binary mode: attributes in headers, the JSON body as the value."""

from __future__ import annotations

import json
import secrets
import uuid
from datetime import UTC, datetime
from functools import lru_cache
from typing import TypeVar

from cloudevents.core.bindings.kafka import KafkaMessage, from_binary_event, to_binary_event
from cloudevents.core.exceptions import BaseCloudEventException
from cloudevents.core.v1.event import CloudEvent
from pydantic import ValidationError

from shared.adapters.bus import Message, Record
from shared.contracts.base import Text
from shared.contracts.errors import Category, InvalidDocument, Phase
from shared.contracts.events import MODELS, AnyEvent, DocumentFailed, DocumentRetried, Event, EventType
from shared.runtime.topics import TOPIC_OF

Kind = TypeVar("Kind", bound=Event)

_NAMESPACE = uuid.UUID("6f1f6d0e-5c0f-5a63-9d0b-2f6f0c7f2b11")
_SOURCE = "/juesuan/{service}"
TRACEPARENT = "traceparent"


class NoEvent(Exception):
    """The record is not one of our events; the message says why."""


def event_id(event: AnyEvent) -> str:
    """The same event always has the same id: type, document, version of the stage and generation make it.

    A failure or a retry is told apart from others by the service that tells of it and its number of attempts.
    """
    parts = [event.kind.value, event.document_id, event.stage_version, str(event.generation)]
    if isinstance(event, DocumentFailed | DocumentRetried):
        parts += [event.service, str(event.attempts)]
    return str(uuid.uuid5(_NAMESPACE, "\n".join(parts)))


def new_traceparent() -> str:
    """A W3C trace context for a document that enters the chain."""
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"


def child_traceparent(parent: str | None) -> str:
    """The trace of `parent` with a span of its own; a new trace if there is none."""
    parts = (parent or "").split("-")
    if len(parts) != 4 or len(parts[1]) != 32:  # noqa: PLR2004 - version-trace-span-flags
        return new_traceparent()
    return f"{parts[0]}-{parts[1]}-{secrets.token_hex(8)}-{parts[3]}"


def encode(event: AnyEvent, service: str, traceparent: str | None) -> Message:
    """The message that tells of `event`, keyed by its document."""
    attributes = {
        "id": event_id(event),
        "source": _SOURCE.format(service=service),
        "type": event.kind.value,
        "subject": f"{event.source.bucket}/{event.source.key}",
        "time": event.at,
        "datacontenttype": "application/json",
        TRACEPARENT: child_traceparent(traceparent),
    }
    message = to_binary_event(CloudEvent(attributes, event.model_dump(mode="json")))
    headers = tuple(sorted(message.headers.items()))
    return Message(TOPIC_OF[event.kind], event.document_id.encode(), message.value, headers)


@lru_cache(maxsize=8)  # asked for twice: when its input is fetched ahead, and when it is its turn
def decode(record: Record) -> Event:
    """The event in a record. Raises `NoEvent`."""
    headers = {name: value for name, value in record.headers if name.startswith("ce_") or name == "content-type"}
    try:
        cloud_event = from_binary_event(KafkaMessage(headers, None, record.value or b""))
        model = MODELS[EventType(cloud_event.get_type())]
        return model.model_validate(cloud_event.get_data())
    except (BaseCloudEventException, ValueError, ValidationError, json.JSONDecodeError) as error:
        place = f"{record.partition.topic}/{record.partition.number}@{record.offset}"
        raise NoEvent(f"{place}: {error}") from error


def expect(record: Record, model: type[Kind]) -> Kind:
    """The event in a record of a topic that carries only `model`. Raises `InvalidDocument` for anything else."""
    try:
        event = decode(record)
    except NoEvent as error:
        raise _foreign(str(error)) from error
    if not isinstance(event, model):
        raise _foreign(f"{type(event).__name__} where {model.__name__} belongs")
    return event


def follow(event: Event, model: type[Kind], version: str, **said: object) -> Kind:
    """The event that a stage of this version sends after `event`: the same document, a step further."""
    if unknown := said.keys() - model.model_fields.keys():
        raise TypeError(f"{model.__name__} has no {sorted(unknown)}")  # readers would pass over it without a word
    carried = {name: getattr(event, name) for name in ("document_id", "source", "generation", "uploaded_at")}
    return model.model_validate({**carried, "stage_version": version, "at": datetime.now(UTC), **said})


def _foreign(detail: str) -> InvalidDocument:
    text = Text(zh="主题中出现了无法识别的消息。", en="A message that is none of ours is in the topic.")
    return InvalidDocument(Category.NOT_READABLE, Phase.INTAKE, text, detail)


def traceparent_of(record: Record) -> str | None:
    """The trace context that came with a record."""
    return record.header(f"ce_{TRACEPARENT}")
