"""`juesuan replay`: documents through a stage, and all stages that follow, again."""

from __future__ import annotations

from collections.abc import Sequence

from cli import console
from cli.remote import messages
from cli.remote.conditions import matches, parse
from cli.remote.connect import servers
from shared.adapters.database import make_engine
from shared.adapters.lifecycle import CANARY_TENANT, Standing, Step, standings, steps
from shared.runtime.connections import bus
from shared.runtime.replays import INPUTS, OUTPUTS, never_stored, replayed

OK, NOT_DONE = 0, 2
_AT_ONCE = 200


def replay(service: str, where: Sequence[str], *, dry_run: bool) -> int:
    """Send every document that meets all conditions to `service` again.

    Raises `BadCondition`, `NoServers`, `NoAnswer`.
    """
    conditions = parse(where)
    if not conditions:
        console.complain(messages.WHERE_NEEDED())
        return NOT_DONE
    with servers() as chain:
        engine = make_engine(chain.database)
        try:
            every = [item for item in standings(engine, superseded=False) if item.tenant != CANARY_TENANT]
            told = list(steps(engine, [item.document_id for item in every]))
        finally:
            engine.dispose()
        taken = _latest(told)
        wanted = [item for item in every if matches(conditions, item, _version(service, item, taken))]
        shut_in = _shut_in(wanted, told)
        wanted = [item for item in wanted if item.document_id not in shut_in]
        before = INPUTS[service][0]
        made = [replayed(service, item, taken.get((item.document_id, before))) for item in wanted]
        messages_ = [message for message in made if message is not None]
        if not dry_run:
            for start in range(0, len(messages_), _AT_ONCE):
                bus().send(messages_[start : start + _AT_ONCE])
    said = messages.WOULD_REPLAY if dry_run else messages.REPLAYED
    console.out().print(said(service=service, count=len(messages_)), markup=False)
    if never := len(wanted) - len(messages_):
        console.out().print(messages.NEVER_CAME(service=service, count=never), style="dim", markup=False)
    if shut_in:
        console.out().print(messages.SHUT_IN(count=len(shut_in)), markup=False, soft_wrap=True)
    return OK


def _shut_in(wanted: Sequence[Standing], told: Sequence[Step]) -> set[str]:
    """Which of these could not be taken out of their archives."""
    by_document: dict[str, list[Step]] = {}
    for step in told:
        by_document.setdefault(step.document_id, []).append(step)
    return {item.document_id for item in wanted if never_stored(item, by_document.get(item.document_id, ()))}


def _latest(taken: Sequence[Step]) -> dict[tuple[str, str], Step]:
    """The last step of each kind of each document: later generations come later."""
    return {(step.document_id, step.stage): step for step in taken}


def _version(service: str, item: Standing, taken: dict[tuple[str, str], Step]) -> str | None:
    """Which version of `service` made, or gave up, the document's latest result."""
    made, failed = taken.get((item.document_id, OUTPUTS[service])), taken.get((item.document_id, "failed"))
    if failed is not None and failed.said.get("service") == service and (made is None or failed.at > made.at):
        return failed.version
    return made.version if made else None
