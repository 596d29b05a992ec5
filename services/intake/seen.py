"""Which uploads were announced already: kept in a compacted topic, written in the same transactions as the events."""

from __future__ import annotations

from shared.adapters.bus import Bus, Message
from shared.runtime.topics import Topic


class Seen:
    """The announced document ids. Loaded from the topic when first asked, and again after `forget`.

    Whoever holds the single partition of the entry topic is the only writer, and everything that an earlier holder
    committed is in the topic before the first record arrives here.
    """

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._ids: set[bytes] | None = None

    def add(self, document_id: str) -> Message | None:
        """The message that remembers this id, or None when it was announced before."""
        if self._ids is None:
            self._ids = {record.key for record in self._bus.read_all(Topic.SEEN) if record.key}
        key = bytes.fromhex(document_id)
        if key in self._ids:
            return None
        self._ids.add(key)
        return Message(Topic.SEEN, key, b"1")

    def forget(self) -> None:
        """The partition moved, or a transaction failed: what is in memory may not be what was committed."""
        self._ids = None
