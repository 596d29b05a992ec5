"""What the commands of the chain find instead of servers: the in-process bus and an SQLite file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from cli.remote.letters import SERVICES
from shared.adapters.memory_bus import MemoryBus
from shared.runtime.connections import ChainSettings, Connections, use
from shared.runtime.topics import Topic, dead_letter_topic


def new_bus() -> MemoryBus:
    """A bus whose topics have one partition where those of the chain have."""
    return MemoryBus(single=(Topic.NOTIFICATIONS, *map(dead_letter_topic, SERVICES)))


def servers_of(bus: MemoryBus, database: str) -> Callable[[], AbstractContextManager[ChainSettings]]:
    """What takes the place of `cli.remote.connect.servers`."""

    @contextmanager
    def servers() -> Iterator[ChainSettings]:
        chosen = ChainSettings(kafka="", store="", database=database)
        with use(Connections(chosen, bus)):
            yield chosen

    return servers
