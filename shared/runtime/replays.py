"""A document through a stage again: its input event in a new generation, from the lifecycle or a dead letter."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from shared.adapters.bus import Message, Record
from shared.adapters.lifecycle import Standing, Step
from shared.contracts.events import (
    AnyEvent,
    DocumentExtracted,
    ObjectCreated,
    ReportNormalized,
    ReportValidated,
    SourceObject,
)
from shared.contracts.members import INSIDE
from shared.runtime.cloudevents import NoEvent, decode, encode, new_traceparent, traceparent_of
from shared.runtime.letters import revived
from shared.runtime.topics import retry_topic

#: the stage of the lifecycle that each service takes up, the event that tells of it, and who sends that event
INPUTS: dict[str, tuple[str, type[AnyEvent], str]] = {
    "extractor": ("received", ObjectCreated, "intake"),
    "normalizer": ("extracted", DocumentExtracted, "extractor"),
    "validator": ("normalized", ReportNormalized, "normalizer"),
    "indexer": ("validated", ReportValidated, "validator"),
}
#: what each service's success is called in the lifecycle
OUTPUTS = {"extractor": "extracted", "normalizer": "normalized", "validator": "validated", "indexer": "indexed"}
_BOOKKEEPER = "lifecycle"


def replayed(service: str, standing: Standing, step: Step | None) -> Message | None:
    """The input of `service` for this document in the next generation; None when it never came so far.

    `step` is the latest of the stage before; the first service needs none.
    """
    _, model, sender = INPUTS[service]
    source = SourceObject(bucket=standing.bucket, key=standing.key, etag=standing.etag, size=standing.size)
    if step is None and model is not ObjectCreated:
        return None
    event = model.model_validate(
        {
            **(step.said if step else {}),
            **({"replayed": True} if model is ObjectCreated else {}),
            "document_id": standing.document_id,
            "source": source,
            "stage_version": step.version if step else "",
            "at": datetime.now(UTC),
            "generation": standing.generation + 1,
            "uploaded_at": (step and step.said.get("uploaded_at")) or standing.received_at,
        }
    )
    return encode(event, sender, new_traceparent())


def never_stored(standing: Standing, taken: Iterable[Step]) -> bool:
    """Whether this stands for a file that could not be taken out of its archive: no object, and so none to read again.

    `taken`: its steps. Such a file is told of by its failure alone; every object of the bucket was announced first.
    """
    uploaded = any(step.stage == INPUTS["extractor"][0] and not step.said.get("replayed") for step in taken)
    return standing.size == 0 and INSIDE in standing.key and not uploaded


def letter_service(letter: Record) -> str:
    """Who gave the record of a dead letter up."""
    return letter.header("juesuan-service") or letter.partition.topic.rpartition(".")[2]


def letter_event(letter: Record) -> AnyEvent | None:
    """The event that a dead letter holds; None for what is no event of ours (such as a bucket notification)."""
    try:
        return decode(letter)  # type: ignore[return-value]  # every model of `MODELS` is one of AnyEvent
    except NoEvent:
        return None


def resent(letter: Record, generation: int) -> Message:
    """The original record of a dead letter as a first try: to its first topic, an event in this new generation.

    What the lifecycle could not note down goes back to the lifecycle alone, as it was: no other had trouble with it.
    """
    original = revived(letter)
    if letter_service(letter) == _BOOKKEEPER:
        return Message(retry_topic(_BOOKKEEPER), original.key, original.value, original.headers)
    event = letter_event(letter)
    if event is None:
        return original
    sender = (letter.header("ce_source") or "").rpartition("/")[2]
    news: dict[str, object] = {"generation": generation, "at": datetime.now(UTC)}
    if isinstance(event, ObjectCreated):
        news["replayed"] = True
    again = event.model_copy(update=news)
    message = encode(again, sender, traceparent_of(letter))
    return Message(original.topic, original.key, message.value, message.headers)
