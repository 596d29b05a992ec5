"""The lifecycle service: every event of the chain in, rows in the database out."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version

from sqlalchemy import Engine

from shared.adapters.bus import Record
from shared.adapters.database import make_engine
from shared.adapters.lifecycle import record_events, schema_ready
from shared.contracts.base import Text
from shared.contracts.errors import Category, InvalidDocument, Phase
from shared.runtime.cloudevents import NoEvent, decode
from shared.runtime.connections import opened_once, settings
from shared.runtime.results import Produced
from shared.runtime.service import Service
from shared.runtime.topics import TOPIC_OF


@opened_once
def engine() -> Engine:
    """The database in force."""
    return make_engine(settings().database)


def work(record: Record) -> Produced:
    """Note one event. Raises `TransientFault` when the database is away."""
    try:
        event = decode(record)
    except NoEvent as error:
        text = Text(zh="主题中出现了无法识别的消息。", en="A message that is none of ours is in the topic.")
        raise InvalidDocument(Category.NOT_READABLE, Phase.INDEX, text, str(error)) from error
    record_events(engine(), [event])
    return Produced()


def work_together(records: Sequence[Record]) -> list[Produced]:
    """Note many events in one transaction."""
    record_events(engine(), [decode(record) for record in records])
    return [Produced() for _ in records]


SERVICE = Service(
    name="lifecycle",
    version=version("juesuan"),
    topics=tuple(TOPIC_OF.values()),
    work=work,
    together=work_together,
    tells=False,
    needs=(("database", lambda: schema_ready(engine())),),
)
