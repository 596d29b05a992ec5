"""`juesuan watch`: the events that downstream consumers get, as they come."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from itertools import islice

from cli import console
from cli.remote import messages
from cli.remote.batch import Batch
from cli.remote.connect import servers
from shared.adapters.bus import Record
from shared.adapters.kafka_look import KafkaLook
from shared.adapters.lifecycle import CANARY_TENANT, split_key
from shared.contracts.events import Event, ReportIndexed, ReportValidated
from shared.runtime.cloudevents import NoEvent, decode
from shared.runtime.topics import Topic

TOPICS = {"validated": Topic.REPORT_VALIDATED, "indexed": Topic.REPORT_INDEXED}


def watch(stage: str, batch: Batch | None, count: int | None, *, from_start: bool, as_json: bool) -> int:
    """Print a line per event, for ever or until `count` of them came. Raises `NoServers`, `NoAnswer`."""
    topic = TOPICS[stage]
    with servers() as chain:
        if not as_json:
            console.err().print(messages.WATCHING(topic=topic), style="dim", markup=False)
        come = KafkaLook(chain.kafka).follow([topic], from_start=from_start)
        try:
            events = (event for event in map(_event, come) if event is not None and _wanted(event, batch))
            for event in islice(events, count):
                sys.stdout.write((_as_json(event) if as_json else _line(event)) + "\n")
                sys.stdout.flush()
        finally:
            come.close()
    return 0


def _event(record: Record) -> Event | None:
    try:
        return decode(record)
    except NoEvent as problem:
        console.complain(str(problem))
        return None


def _wanted(event: Event, batch: Batch | None) -> bool:
    tenant, name, _ = split_key(event.source.key)
    return tenant != CANARY_TENANT if batch is None else (tenant, name) == (batch.tenant, batch.name)


def _as_json(event: Event) -> str:
    return json.dumps(event.model_dump(mode="json"), ensure_ascii=False)


def _line(event: Event) -> str:
    told = event.source.key
    if isinstance(event, ReportValidated):
        told = messages.VALIDATED(key=told, facts=event.facts, errors=event.errors, warnings=event.warnings)
    elif isinstance(event, ReportIndexed):
        partly = messages.PARTLY() if event.partial else ""
        told = messages.INDEXED(key=told, facts=event.facts, revision=event.revision, partial=partly)
    return f"{_clock(event.at)} {told}"


def _clock(at: datetime) -> str:
    return f"{at.astimezone():%H:%M:%S}"
