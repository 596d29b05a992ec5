"""Which uploads were announced already: kept in a compacted topic, written in the same transactions as the events."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from shared.adapters.bus import Bus, Message
from shared.contracts.events import SourceObject
from shared.runtime.topics import Topic

_PLACE = b"at:"


@dataclass
class _Memory:
    """How often each document was announced, and which one was the last at each place of the store."""

    times: dict[bytes, int] = field(default_factory=dict)
    last: dict[bytes, bytes] = field(default_factory=dict)


class Seen:
    """The announced uploads. Loaded from the topic when first asked, and again after `forget`.

    A content that comes back to a place where another was meanwhile is a new upload; the same notification once more is
    none. Whoever holds the single partition of the entry topic is the only writer, and everything that an earlier
    holder committed is in the topic before the first record arrives here.
    """

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._memory: _Memory | None = None

    def add(self, document_id: str, source: SourceObject) -> tuple[int, tuple[Message, ...]]:
        """How often it is announced with this time, and what remembers it; (0, ()) if nothing is to be told."""
        memory = self._memory = self._memory or self._load()
        document, place = bytes.fromhex(document_id), _place(source)
        # A memory of earlier versions knows no places: then a document that was announced is where it was.
        if document in memory.times and memory.last.get(place, document) == document:
            return 0, ()
        times = memory.times[document] = memory.times.get(document, 0) + 1
        memory.last[place] = document
        return times, (Message(Topic.SEEN, document, str(times).encode()), Message(Topic.SEEN, place, document))

    def forget(self) -> None:
        """The partition moved, or a transaction failed: what is in memory may not be what was committed."""
        self._memory = None

    def _load(self) -> _Memory:
        memory = _Memory()
        for record in self._bus.read_all(Topic.SEEN):
            key, value = record.key or b"", record.value or b""
            if key.startswith(_PLACE):
                memory.last[key] = value
            elif key:
                memory.times[key] = int(value)
        return memory


def _place(source: SourceObject) -> bytes:
    return _PLACE + hashlib.sha256(f"{source.bucket}\0{source.key}".encode()).digest()
