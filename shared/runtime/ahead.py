"""The way to the object store, taken while other work is done: the next inputs fetched, the last outputs stored."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor

from shared.adapters.bus import Record
from shared.adapters.objects import ObjectStore
from shared.contracts.events import ObjectRef
from shared.runtime.cloudevents import NoEvent, decode

_THREADS = 2
#: outputs on their way at once; who wants to store more waits for the first
_OUTPUTS = 4


class Ahead:
    """Fetches and stores on threads of its own. Used by one thread; `close` ends the others.

    An output counts as stored only when its future has ended well: nothing may be committed before.
    """

    def __init__(self) -> None:
        # Apart, so that slow outputs hold up no input.
        self._fetching = ThreadPoolExecutor(_THREADS, thread_name_prefix="juesuan-fetch")
        self._storing = ThreadPoolExecutor(_THREADS, thread_name_prefix="juesuan-store")
        self._inputs: dict[ObjectRef, Future[bytes]] = {}
        self._outputs: deque[Future[None]] = deque()
        self._of_record: list[Future[None]] = []

    def expect(self, records: Iterable[Record], store: ObjectStore) -> None:
        """Begin to fetch what the events of `records` refer to."""
        for reference in (reference for record in records for reference in _references(record)):
            self._inputs[reference] = self._fetching.submit(store.get, reference.bucket, reference.key)

    def get(self, reference: ObjectRef, store: ObjectStore) -> bytes:
        """The object, fetched now unless it came already. Raises what the store raises."""
        coming = self._inputs.pop(reference, None)
        if coming is not None and coming.exception() is None:
            return coming.result()
        return store.get(reference.bucket, reference.key)  # what failed a while ago may do now

    def put(self, bucket: str, key: str, content: bytes, store: ObjectStore) -> None:
        """Begin to store an output of the present record, as soon as fewer are on their way."""
        while len(self._outputs) >= _OUTPUTS:
            # What became of it is a matter of its own record, which may have ended long ago.
            self._outputs.popleft().exception()
        storing = self._storing.submit(store.put, bucket, key, content)
        self._outputs.append(storing)
        self._of_record.append(storing)

    def outputs(self) -> tuple[Future[None], ...]:
        """What was put since the last call: each ends when it is in the store, or with what the store raised."""
        taken, self._of_record = tuple(self._of_record), []
        return taken

    def forget(self) -> None:
        """Nobody will come for the inputs that were not asked for so far."""
        self._inputs.clear()

    def close(self) -> None:
        """End the threads; what is on its way ends first."""
        self._fetching.shutdown(cancel_futures=True)
        self._storing.shutdown(cancel_futures=True)


def _references(record: Record) -> list[ObjectRef]:
    try:
        event = decode(record)
    except NoEvent:
        return []  # whoever works on it says what is wrong with it
    return [value for value in vars(event).values() if isinstance(value, ObjectRef)]
