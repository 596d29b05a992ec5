"""The chain as an AsyncAPI 3 document, made from the contracts, the topics and the declarations of the services."""

from __future__ import annotations

import inspect
import json
from importlib.metadata import version
from typing import Any

import yaml
from pydantic.json_schema import models_json_schema

from services.extractor.chain import SERVICE as EXTRACTOR
from services.indexer.chain import SERVICE as INDEXER
from services.intake.chain import SERVICE as INTAKE
from services.lifecycle.chain import SERVICE as LIFECYCLE
from services.normalizer.chain import SERVICE as NORMALIZER
from services.validator.chain import SERVICE as VALIDATOR
from shared.contracts.events import MODELS, EventType
from shared.runtime.letters import RESENT
from shared.runtime.service import Service
from shared.runtime.topics import TOPIC_OF, Topic, TopicSpec, all_topics, dead_letter_topic, retry_topic

_Made = dict[str, Any]
#: every service with the event that it sends when all is well
SENDS: dict[Service, EventType | None] = {
    INTAKE: EventType.OBJECT_CREATED,
    EXTRACTOR: EventType.DOCUMENT_EXTRACTED,
    NORMALIZER: EventType.REPORT_NORMALIZED,
    VALIDATOR: EventType.REPORT_VALIDATED,
    INDEXER: EventType.REPORT_INDEXED,
    LIFECYCLE: None,
}
_KIND_OF = {str(topic): kind for kind, topic in TOPIC_OF.items()}
_BINDING = "0.5.0"
_NOTIFICATION, _SEEN, _RESENT = "BucketNotification", "SeenDocument", "ResentLetter"
_LETTER_HEADERS = {
    "juesuan-service": "The service that gave the record up.",
    "juesuan-reason": "InvalidDocument, TransientFault or PoisonDocument.",
    "juesuan-category": "Why, in one word.",
    "juesuan-phase": "Where in the chain.",
    "juesuan-attempts": "How often it was tried.",
    "juesuan-error-zh": "The sentence for the user, in Chinese.",
    "juesuan-error-en": "The same in English.",
    "juesuan-detail": "The technical cause.",
    "juesuan-died-at": "When, RFC 3339.",
}
_ORIGIN_HEADERS = {
    "juesuan-origin-topic": "Where the record first arrived.",
    "juesuan-origin-partition": "Its partition there.",
    "juesuan-origin-offset": "Its offset there.",
}
_RETRY_HEADERS = {
    "juesuan-attempt": "Which try this is, from 1.",
    "juesuan-not-before": "When it is due, RFC 3339.",
}


def asyncapi() -> str:
    """The document as YAML."""
    made = {
        "asyncapi": "3.0.0",
        "info": {
            "title": "juesuan",
            "version": version("juesuan"),
            "description": "Events of the chain that turns published final accounts into checked facts.\n"
            "Every event is a CloudEvent 1.0 in Kafka binary mode: attributes are headers `ce_...`, the value is JSON, "
            "the key is the document id. Read with isolation level read_committed; the same event has the same ce_id.",
        },
        "defaultContentType": "application/json",
        "channels": {_name(spec.name): _channel(spec) for spec in _topics()},
        "operations": {name: made for service in SENDS for name, made in _operations(service).items()},
        "components": {"messages": _messages(), "schemas": _schemas(), "messageTraits": _traits()},
    }
    head = "# Made by `make docs`; do not edit.\n"
    plain = json.loads(json.dumps(made))  # words of enumerations as the text that they are
    return head + yaml.dump(plain, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=110)


class _Plain(yaml.SafeDumper):
    """Writes everything out where it stands."""

    def ignore_aliases(self, data: object) -> bool:
        """No anchors: people read this."""
        del data
        return True


def _topics() -> tuple[TopicSpec, ...]:
    return all_topics(tuple(service.name for service in SENDS))


def _name(topic: str) -> str:
    first, *rest = topic.removeprefix("juesuan.").split(".")
    return first + "".join(part.capitalize() for part in rest)


def _dead(service: Service) -> str:
    return dead_letter_topic(service.name)


def _carried(topic: str) -> list[str]:
    """The names of the messages in a topic."""
    if topic in _KIND_OF:
        return [MODELS[_KIND_OF[topic]].__name__]
    if topic == Topic.NOTIFICATIONS:
        return [_NOTIFICATION]
    if topic == Topic.SEEN:
        return [_SEEN]
    service = next(
        service for service in SENDS if topic in {retry_topic(service.name), dead_letter_topic(service.name)}
    )
    prefix = "Retried" if topic == retry_topic(service.name) else "Dead"
    return [prefix + name for source in service.topics for name in _carried(str(source))]


def _channel(spec: TopicSpec) -> _Made:
    kafka: _Made = {
        "topic": spec.name,
        "topicConfiguration": {
            "cleanup.policy": ["compact" if spec.compacted else "delete"],
            "retention.ms": spec.retention_ms,
        },
        "bindingVersion": _BINDING,
    }
    if spec.partitions is not None:
        kafka["partitions"] = spec.partitions
    # A person's command sends the marks behind dead letters, and no service.
    names = [*_carried(spec.name), *([_RESENT] if spec.name in map(_dead, SENDS) else [])]
    return {
        "address": spec.name,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
        "bindings": {"kafka": kafka},
    }


def _operations(service: Service) -> _Made:
    """What a service receives and sends."""
    retries = [] if service.retry_to else [retry_topic(service.name)]
    sent = [dead_letter_topic(service.name), *(retries or [str(service.retry_to)])]
    kind = SENDS[service]
    sent += [str(TOPIC_OF[kind])] if kind else []
    sent += [str(Topic.DOCUMENT_UNPACKED)] if service is EXTRACTOR else []
    sent += [str(Topic.DOCUMENT_FAILED), str(Topic.DOCUMENT_RETRIED)] if service.tells else []
    sent += [str(Topic.SEEN)] if service is INTAKE else []
    group = {"kafka": {"groupId": {"type": "string", "const": f"juesuan.{service.name}"}, "bindingVersion": _BINDING}}
    made = {
        f"{service.name}.receives.{_name(topic)}": {**_operation("receive", topic), "bindings": group}
        for topic in (*map(str, service.topics), *retries)
    }
    return made | {f"{service.name}.sends.{_name(topic)}": _operation("send", topic) for topic in sent}


def _operation(action: str, topic: str) -> _Made:
    channel = f"#/channels/{_name(topic)}"
    messages = [{"$ref": f"{channel}/messages/{name}"} for name in _carried(topic)]
    return {"action": action, "channel": {"$ref": channel}, "messages": messages}


def _messages() -> _Made:
    made: _Made = {model.__name__: _event(kind) for kind, model in MODELS.items()}
    made[_NOTIFICATION] = {
        "title": "Notification of the bucket",
        "summary": "What the S3 server says of an object, in the form of AWS; tests and removals are passed over.",
        "payload": {"$ref": f"#/components/schemas/{_NOTIFICATION}"},
    }
    made[_SEEN] = {
        "title": "A document that was announced",
        "summary": "Memory of the intake: the key is the document id as 32 bytes. Of no use to others.",
        "payload": {"type": "string", "const": "1"},
    }
    made[_RESENT] = {
        "title": "A dead letter that was sent again",
        "summary": "Behind the letter in its topic, without content; `juesuan dlq` sends it. Others pass over it.",
        "headers": _ours({RESENT: "Where the letter lies: <topic>/<partition>@<offset>."}),
        "payload": {"type": "string", "const": ""},
    }
    for spec in _topics():
        for name in _carried(spec.name):
            if name not in made:
                made[name] = _kept(name, made)
    return made


def _event(kind: EventType) -> _Made:
    model = MODELS[kind]
    return {
        "name": kind.value,
        "title": model.__name__,
        "summary": " ".join((inspect.getdoc(model) or "").split("\n\n", maxsplit=1)[0].split()),
        "contentType": "application/json",
        "traits": [{"$ref": "#/components/messageTraits/CloudEvent"}],
        "payload": {"$ref": f"#/components/schemas/{model.__name__}"},
        "bindings": {
            "kafka": {
                "key": {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": "The document id."},
                "bindingVersion": _BINDING,
            }
        },
    }


def _kept(name: str, made: _Made) -> _Made:
    """A record that failed: the original unchanged, with headers of ours beside its own."""
    dead = name.startswith("Dead")
    original = name.removeprefix("Dead").removeprefix("Retried")
    trait = "DeadLetter" if dead else "Parked"
    what = "Given up" if dead else "Waiting for its next try"
    return {
        "title": name,
        "summary": f"{what}: the {original} unchanged, with headers beside its own.",
        "traits": [{"$ref": f"#/components/messageTraits/{trait}"}],
        "payload": made[original]["payload"],
    }


def _schemas() -> _Made:
    models = [(model, "serialization") for model in MODELS.values()]
    _, whole = models_json_schema(models, ref_template="#/components/schemas/{model}")  # type: ignore[arg-type]
    schemas: _Made = dict(whole["$defs"])
    text = {"type": "string"}
    named = {"type": "object", "required": ["name"], "properties": {"name": text}}
    item = {
        "type": "object",
        "required": ["key"],
        "properties": {"key": text, "eTag": text, "size": {"type": "integer"}},
    }
    record = {
        "type": "object",
        "required": ["eventName", "s3"],
        "properties": {
            "eventName": {**text, "examples": ["s3:ObjectCreated:Put", "ObjectCreated:Put"]},
            "s3": {"type": "object", "required": ["bucket", "object"], "properties": {"bucket": named, "object": item}},
        },
    }
    schemas[_NOTIFICATION] = {"type": "object", "properties": {"Records": {"type": "array", "items": record}}}
    return schemas


def _traits() -> _Made:
    attributes = {
        "ce_specversion": {"type": "string", "const": "1.0"},
        "ce_id": {"type": "string", "format": "uuid", "description": "The same event always has the same id."},
        "ce_type": {"type": "string", "enum": [kind.value for kind in EventType]},
        "ce_source": {"type": "string", "description": "/juesuan/ and the service."},
        "ce_subject": {"type": "string", "description": "Bucket and key of the uploaded object."},
        "ce_time": {"type": "string", "format": "date-time"},
        "ce_traceparent": {"type": "string", "description": "W3C trace context, one trace per document."},
        "content-type": {"type": "string", "const": "application/json"},
    }
    return {
        "CloudEvent": {"headers": {"type": "object", "required": sorted(attributes), "properties": attributes}},
        "DeadLetter": {"headers": _ours({**_LETTER_HEADERS, **_ORIGIN_HEADERS})},
        "Parked": {"headers": _ours({**_RETRY_HEADERS, **_ORIGIN_HEADERS})},
    }


def _ours(meanings: dict[str, str]) -> _Made:
    properties = {name: {"type": "string", "description": meaning} for name, meaning in meanings.items()}
    return {"type": "object", "required": sorted(properties), "properties": properties}
