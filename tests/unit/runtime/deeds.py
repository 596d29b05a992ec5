"""Work on records for tests of executors; a worker imports this module."""

from __future__ import annotations

import os
import signal

from shared.adapters.bus import Message, Record
from shared.contracts.base import Text
from shared.contracts.errors import Category, InvalidDocument, Phase, PoisonDocument, TransientFault
from shared.runtime.connections import settings
from shared.runtime.results import Produced


def by_value(record: Record) -> Produced:
    """End as the value of the record says."""
    why = Text(zh="缘由", en="reason")
    match record.value:
        case b"bad":
            raise InvalidDocument(Category.DAMAGED, Phase.EXTRACT, why)
        case b"away":
            raise TransientFault(Category.SERVER, Phase.INDEX, why)
        case b"poison":
            raise PoisonDocument(Category.CRASH, Phase.EXTRACT, why)
        case b"defect":
            raise KeyError("defect")
        case b"eat":
            raise MemoryError
        case b"die":
            os.kill(os.getpid(), signal.SIGKILL)
        case b"settings":
            return Produced(extra=(Message("t", b"", settings().store.encode()),))
    return Produced()
