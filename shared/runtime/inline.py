"""Light work, done at once in the process of the service."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Collection, Sequence

from shared.adapters.bus import BusFault, Partition, Record
from shared.contracts.base import Text
from shared.contracts.errors import Category, InvalidDocument, Phase, PoisonDocument, TransientFault
from shared.observability.actions import LogAction
from shared.observability.log import Level, log
from shared.runtime.results import Lost, Postponed, Produced, Rejected, Result
from shared.runtime.worker import internal, out_of_memory

_BUS_AWAY = Text(
    zh="消息总线暂时无法访问，系统会自动重试。", en="The message bus cannot be reached for now; this is tried again."
)


def _bus_away(fault: BusFault) -> TransientFault:
    return TransientFault(Category.SERVER, Phase.INTAKE, _BUS_AWAY, str(fault))


Together = Callable[[Sequence[Record]], Sequence[Produced]]


class InlineExecutor:
    """Applies `work` to up to `batch` records per turn.

    `together`, where a service has it, does many records at a lower price; when it fails, each is tried by itself, so
    that one bad record cannot take the others along.
    """

    def __init__(
        self,
        work: Callable[[Record], Produced],
        batch: int,
        together: Together | None = None,
        turn_seconds: float = 5.0,
    ) -> None:
        self._work, self._batch, self._together, self._turn_seconds = work, batch, together, turn_seconds
        self._given: list[Record] = []

    def room(self) -> int:
        """What the batch still holds."""
        return self._batch - len(self._given)

    def submit(self, record: Record) -> None:
        """Put `record` into the batch."""
        self._given.append(record)

    def collect(self, seconds: float) -> list[tuple[Record, Result]]:
        """Work on the batch. After a fault of a server, or when the turn gets long, the rest waits.

        A turn that is too long is a loop that stands still: nothing is committed, and the group gives the work away.
        """
        del seconds
        given, self._given = self._given, []
        if self._together is not None and len(given) > 1:
            try:
                return list(zip(given, self._together(given), strict=True))
            except Exception as error:  # noqa: BLE001 - one by one below, where each end has its type
                log(LogAction.BATCH_SPLIT, Level.WARNING, records=len(given), reason=repr(error))
        ended: list[tuple[Record, Result]] = []
        until = time.monotonic() + self._turn_seconds
        for record in given:
            ended.append((record, attempt(self._work, record)))
            if isinstance(ended[-1][1], Postponed) or time.monotonic() > until:
                self._given = given[len(ended) :]
                break
        return ended

    def abandon(self, partitions: Collection[Partition]) -> None:
        """Forget what was given of these partitions."""
        self._given = [record for record in self._given if record.partition not in partitions]

    def close(self) -> None:
        """Nothing runs between the turns."""


def attempt(work: Callable[[Record], Produced], record: Record) -> Result:
    """`work(record)` with every end as a value: only the runtime catches, and nothing else does."""
    try:
        return work(record)
    except InvalidDocument as error:
        return Rejected(error)
    except (TransientFault, BusFault) as error:
        return Postponed(error if isinstance(error, TransientFault) else _bus_away(error))
    except PoisonDocument as error:
        return Lost(error)
    except MemoryError:
        return Lost(out_of_memory())
    except Exception:  # noqa: BLE001 - a defect costs its document a try, not the service its life
        trace = traceback.format_exc()
        log(LogAction.DOCUMENT_FAILED, Level.ERROR, trace=trace)
        return Lost(internal(trace))
