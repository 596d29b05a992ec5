"""`juesuan dlq`: the dead letters of all services."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from rich.text import Text

from cli import console
from cli import messages as m
from cli.language import language
from cli.listing import Column, Listing
from cli.options import Format
from cli.remote import messages
from cli.remote.connect import servers
from shared.adapters.bus import Record
from shared.adapters.database import make_engine
from shared.adapters.lifecycle import Standing, standings_of
from shared.runtime.connections import bus
from shared.runtime.letters import PREFIX, letters_among, resent_mark
from shared.runtime.replays import letter_event, letter_service, resent
from shared.runtime.topics import dead_letter_topic

if TYPE_CHECKING:
    from sqlalchemy import Engine

#: every service that takes records, and so may give one up
SERVICES = ("intake", "extractor", "normalizer", "validator", "indexer", "lifecycle")
OK, NOT_DONE = 0, 2
_AT_ONCE = 200


@dataclass(frozen=True)
class Letter:
    """One dead letter for people. `letter`: `<service>/<offset>`; `sent_again`: it, or its document, was since."""

    letter: str
    service: str
    category: str
    reason: str
    phase: str
    attempts: int
    message_zh: str
    message_en: str
    detail: str
    key: str
    document_id: str
    origin: str
    died_at: str
    generation: int
    sent_again: bool


@dataclass(frozen=True)
class Chosen:
    """Which letters: by id, or of a service, for a reason; `sent` includes those that were sent again."""

    letters: tuple[str, ...] = ()
    service: str | None = None
    category: str | None = None
    sent: bool = False


@dataclass(frozen=True)
class _Found:
    name: str
    record: Record
    marked: bool


def list_letters(chosen: Chosen, output: Format) -> int:
    """Print the letters that are chosen."""
    with servers() as chain:
        engine = make_engine(chain.database)
        try:
            return _LISTING.print(iter([letter for letter, _ in _chosen(engine, chosen)]), output)
        finally:
            engine.dispose()


def show_letter(letter: str) -> int:
    """Print headers and body of one letter, the body as it came."""
    with servers():
        record = next((found.record for found in _letters(_service(letter)) if found.name == letter), None)
    if record is None:
        console.complain(messages.NO_LETTER(letter=letter))
        return NOT_DONE
    out = console.out()
    out.print(messages.HEADERS(), style="bold")
    for name, value in sorted(record.headers):
        style = "red" if name.startswith(PREFIX) else ""
        out.print(Text("  ").append(f"{name}: ", style="cyan").append(value.decode(errors="replace"), style=style))
    out.print(messages.BODY(), style="bold")
    sys.stdout.write(_body(record) + "\n")
    return OK


def replay_letters(chosen: Chosen, *, every: bool, dry_run: bool) -> int:
    """Send the original records again, each as a first try in a new generation of its document."""
    if not chosen.letters and not every:
        console.complain(messages.WHICH_LETTERS())
        return NOT_DONE
    with servers() as chain:
        engine = make_engine(chain.database)
        try:
            found = _chosen(engine, chosen)
            known = _standings(engine, [record for _, record in found])
        finally:
            engine.dispose()
        missing = set(chosen.letters) - {letter.letter for letter, _ in found}
        if missing:
            console.complain(messages.NO_LETTER(letter=", ".join(sorted(missing))))
            return NOT_DONE
        if not dry_run:
            _send([record for _, record in found], known)
    said = messages.WOULD_RESEND if dry_run else messages.RESENT
    console.out().print(said(count=len(found)), markup=False)
    return OK


def _send(letters: Sequence[Record], known: dict[str, Standing]) -> None:
    """The marks come last: a letter that is marked has been sent, one sent and not marked only is sent once more."""
    for start in range(0, len(letters), _AT_ONCE):
        some = letters[start : start + _AT_ONCE]
        bus().send([resent(letter, _generation(letter, known)) for letter in some])
        bus().send([resent_mark(letter) for letter in some])


def _chosen(engine: Engine, chosen: Chosen) -> list[tuple[Letter, Record]]:
    only = chosen.service
    if only is None and len(named := {_service(letter) for letter in chosen.letters}) == 1:
        (only,) = named
    every = list(_letters(only))
    known = _standings(engine, [item.record for item in every])
    found = []
    for item in every:
        letter = _letter(item, known)
        wanted = item.name in chosen.letters if chosen.letters else chosen.sent or not letter.sent_again
        if wanted and chosen.category in {None, letter.category}:
            found.append((letter, item.record))
    return found


def _letters(service: str | None) -> Iterator[_Found]:
    for name in SERVICES if service is None else (service,) if service in SERVICES else ():
        for record, marked in letters_among(bus().read_all(dead_letter_topic(name))):
            yield _Found(f"{name}/{record.offset}", record, marked)


def _service(letter: str) -> str:
    return letter.partition("/")[0]


def _standings(engine: Engine, records: Sequence[Record]) -> dict[str, Standing]:
    events = [event for event in map(letter_event, records) if event is not None]
    return {item.document_id: item for item in standings_of(engine, [event.document_id for event in events])}


def _generation(record: Record, known: dict[str, Standing]) -> int:
    event = letter_event(record)
    if event is None:
        return 0
    standing = known.get(event.document_id)
    return max(event.generation, standing.generation if standing else 0) + 1


def _letter(found: _Found, known: dict[str, Standing]) -> Letter:
    record = found.record
    event = letter_event(record)
    standing = known.get(event.document_id) if event else None

    def told(header: str) -> str:
        return record.header(PREFIX + header) or ""

    return Letter(
        letter=found.name,
        service=letter_service(record),
        category=told("category"),
        reason=told("reason"),
        phase=told("phase"),
        attempts=int(told("attempts") or 0),
        message_zh=told("error-zh"),
        message_en=told("error-en"),
        detail=told("detail"),
        key=event.source.key if event else "",
        document_id=event.document_id if event else "",
        origin=f"{told('origin-topic')}/{told('origin-partition')}@{told('origin-offset')}",
        died_at=told("died-at"),
        generation=event.generation if event else 0,
        sent_again=found.marked or bool(event and standing and standing.generation > event.generation),
    )


def _body(record: Record) -> str:
    text = (record.value or b"").decode(errors="replace")
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    except json.JSONDecodeError:
        return text or messages.EMPTY_BODY()


def _state(letter: Letter) -> Text:
    return Text(messages.SENT(), style="dim") if letter.sent_again else Text(messages.OPEN(), style="red")


def _died(letter: Letter) -> str:
    return f"{datetime.fromisoformat(letter.died_at):%m-%d %H:%M:%S}" if letter.died_at else ""


_LISTING: Listing[Letter] = Listing(
    (
        Column(messages.COL_LETTER, lambda letter: letter.letter),
        Column(messages.COL_DIED, _died),
        Column(messages.COL_CATEGORY, lambda letter: letter.category),
        Column(messages.COL_TRIES, lambda letter: str(letter.attempts), "right"),
        Column(messages.COL_DOCUMENT, lambda letter: letter.key),
        Column(m.COL_REASON, lambda letter: letter.message_zh if language() == "zh" else letter.message_en),
        Column(messages.COL_STATE, _state),
    )
)
