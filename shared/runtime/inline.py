"""Light work, done at once in the process of the service."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future
from typing import NamedTuple

from shared.adapters.bus import BusFault, Partition, Record
from shared.contracts.base import Text
from shared.contracts.errors import Category, InvalidDocument, Phase, PoisonDocument, TransientFault
from shared.observability.actions import LogAction
from shared.observability.log import Level, log
from shared.runtime.ahead import Ahead
from shared.runtime.connections import store
from shared.runtime.results import Lost, Postponed, Produced, Rejected, Result
from shared.runtime.worker import internal, out_of_memory

_BUS_AWAY = Text(
    zh="消息总线暂时无法访问，系统会自动重试。", en="The message bus cannot be reached for now; this is tried again."
)


def _bus_away(fault: BusFault) -> TransientFault:
    return TransientFault(Category.SERVER, Phase.INTAKE, _BUS_AWAY, str(fault))


#: records whose inputs are fetched before it is their turn
_AHEAD = 4

Together = Callable[[Sequence[Record]], Sequence[Produced]]


class InlineExecutor:
    """Applies `work` to up to `batch` records per turn.

    `ahead`, where a service has it, fetches the inputs of the next records and stores the outputs of the last ones
    meanwhile. `together`, where a service has it, does many records at a lower price; when it fails, each is tried by
    itself, so that one bad record cannot take the others along.
    """

    def __init__(
        self,
        work: Callable[[Record], Produced],
        batch: int,
        together: Together | None = None,
        turn_seconds: float = 5.0,
        ahead: Ahead | None = None,
    ) -> None:
        self._work, self._batch, self._together, self._turn_seconds = work, batch, together, turn_seconds
        self._ahead = ahead
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
        ended: list[_Ended] = []
        until = time.monotonic() + self._turn_seconds
        self._expect(given[1:_AHEAD])
        for number, record in enumerate(given, 1):
            self._expect(given[number + _AHEAD - 1 : number + _AHEAD])
            result = attempt(self._work, record)
            ended.append(_Ended(record, result, self._ahead.outputs() if self._ahead else ()))
            if isinstance(result, Postponed) or time.monotonic() > until:
                self._given = given[number:]
                break
        if self._ahead is not None:
            self._ahead.forget()
        return [(one.record, _stored(one)) for one in ended]

    def _expect(self, records: Sequence[Record]) -> None:
        if self._ahead is not None:
            self._ahead.expect(records, store())

    def abandon(self, partitions: Collection[Partition]) -> None:
        """Forget what was given of these partitions."""
        self._given = [record for record in self._given if record.partition not in partitions]

    def close(self) -> None:
        """Nothing runs between the turns but what fetches and stores."""
        if self._ahead is not None:
            self._ahead.close()


class _Ended(NamedTuple):
    """A record that was worked on, and its outputs that may still be on their way."""

    record: Record
    result: Result
    outputs: tuple[Future[None], ...]


def _stored(ended: _Ended) -> Result:
    """The result, once all outputs are in the store; what it becomes when one of them did not get there."""

    def wait(_: Record) -> Produced:
        for output in ended.outputs:
            output.result()
        return Produced()

    waited = attempt(wait, ended.record)
    return ended.result if isinstance(waited, Produced) else waited


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
