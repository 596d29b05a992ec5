"""A function that reads files from anywhere, applied in a process of its own: without network, keys or servers.

A worker of the chain must reach the servers to fetch and to store; what it does in between must not. So the reading has
a process below the worker, which is given bytes and gives bytes back. It lives as long as the worker, and dies with it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from shared.contracts.errors import JuesuanError
from shared.runtime.pool import Pool
from shared.settings import Settings

Item = TypeVar("Item")
Value = TypeVar("Value")


class Enclosed(Generic[Item, Value]):
    """Calls of an importable `function`, one at a time.

    A call returns what the function returns and raises what it raises of the typed errors; `PoisonDocument` when the
    process was lost, ran out of time or memory, or the function broke.
    """

    def __init__(self, function: Callable[[Item], Value]) -> None:
        self._function = _Typed(function)
        self._pool: Pool[Item, Value | JuesuanError] | None = None
        self._lock = threading.Lock()

    def __call__(self, item: Item) -> Value:
        """Apply the function to `item`; the process is started by the first call, with the settings then in force."""
        with self._lock:
            if self._pool is None:
                self._pool = Pool(self._function, 1, Settings.from_environment())
            self._pool.submit(item)
            while not (ended := self._pool.collect(_TURN_SECONDS)):
                pass
        (done,) = ended
        if done.error is not None:
            raise done.error
        if isinstance(done.value, JuesuanError):
            raise done.value
        assert done.value is not None
        return done.value


#: How long one look at the process waits; its answer ends the wait at once.
_TURN_SECONDS = 1.0


class _Typed(Generic[Item, Value]):
    """The function with its typed errors as values: they travel between processes as they are."""

    def __init__(self, function: Callable[[Item], Value]) -> None:
        self._function = function

    def __call__(self, item: Item) -> Value | JuesuanError:
        try:
            return self._function(item)
        except JuesuanError as error:
            return error
