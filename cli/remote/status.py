"""`juesuan status`: where batches and documents stand."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from cli import console
from cli import messages as m
from cli.language import language
from cli.remote import messages
from cli.remote.connect import answered, chain_settings
from shared.adapters.database import make_engine
from shared.adapters.lifecycle import CANARY_TENANT, OUTCOMES, PENDING, UNPACKED, Standing, Step, standings, steps

if TYPE_CHECKING:
    from sqlalchemy import Engine

_REFRESH_SECONDS = 1.0
_ON_SCREEN = 200
_URGENT_FIRST = ("failed", "refused", "pending", "partial", "indexed", "unpacked")
STYLES = {
    "indexed": "green",
    "partial": "yellow",
    "refused": "magenta",
    "failed": "red",
    "pending": "cyan",
    "unpacked": "dim",
}


@dataclass(frozen=True)
class Order:
    """What `status` was asked for. `batch` None: all of them. `all_contents`: replaced ones too."""

    batch: str | None
    tenant: str | None
    as_json: bool
    watch: bool
    all_contents: bool


def status(order: Order) -> int:
    """Print it, or keep it on the screen until something is known and nothing on its way. 0, whatever it says."""
    with answered():
        engine = make_engine(chain_settings().database)
        try:
            if order.as_json:
                _print_json(engine, _found(engine, order))
            elif order.watch:
                _watch(engine, order)
            else:
                console.out().print(_shown(_found(engine, order), order))
        finally:
            engine.dispose()
    return 0


def counts(found: Sequence[Standing]) -> dict[str, int]:
    """`total` and the number of documents of each outcome; an archive whose reports are documents is none."""
    number = Counter(item.outcome for item in found)
    return {"total": len(found) - number[UNPACKED], **{outcome: number[outcome] for outcome in OUTCOMES}}


def document_data(item: Standing, taken: Sequence[Step]) -> dict[str, Any]:
    """All that is known of a document, as plain data; `steps` in the order in which they were taken."""
    failed = item.message_zh is not None
    return {
        "document_id": item.document_id,
        "key": item.key,
        "tenant": item.tenant,
        "batch": item.batch,
        "name": item.name,
        "size": item.size,
        "content_id": item.content_id,
        "stage": item.stage,
        "outcome": item.outcome,
        "reason": (item.message_zh if language() == "zh" else item.message_en) if failed else None,
        "category": item.category,
        "message": {"zh": item.message_zh, "en": item.message_en} if failed else None,
        "attempts": item.attempts,
        "generation": item.generation,
        "superseded": item.superseded,
        "received_at": item.received_at.isoformat() if item.received_at else None,
        "changed_at": item.changed_at.isoformat(),
        "steps": [
            {"stage": step.stage, "generation": step.generation, "at": step.at.isoformat(), "version": step.version}
            for step in taken
        ],
    }


def _found(engine: Engine, order: Order) -> list[Standing]:
    found = standings(engine, batch=order.batch, tenant=order.tenant, superseded=order.all_contents)
    asked_for = order.batch or order.tenant
    return [item for item in found if asked_for or item.tenant != CANARY_TENANT]


def _print_json(engine: Engine, found: Sequence[Standing]) -> None:
    taken: dict[str, list[Step]] = {}
    for step in steps(engine, [item.document_id for item in found]):
        taken.setdefault(step.document_id, []).append(step)
    lines = [
        json.dumps(document_data(item, taken.get(item.document_id, ())), ensure_ascii=False).replace("\n", " ")
        for item in found
    ]
    number = {**counts(found), "unpacked": sum(item.outcome == UNPACKED for item in found)}
    head = "".join(f'  "{name}": {value},\n' for name, value in number.items())
    body = ",\n    ".join(lines)
    sys.stdout.write("{\n" + head + '  "documents": [' + (f"\n    {body}\n  " if lines else "") + "]\n}\n")


def _watch(engine: Engine, order: Order) -> None:
    if not console.out().is_terminal:
        _watch_in_lines(engine, order)
        return
    found = _found(engine, order)
    with Live(_watched(found, order), console=console.out(), auto_refresh=False) as live:
        while _goes_on(found):
            time.sleep(_REFRESH_SECONDS)
            before, found = found, _found(engine, order)
            if found != before:
                live.update(_watched(found, order), refresh=True)


def _watch_in_lines(engine: Engine, order: Order) -> None:
    """Where nobody looks at a screen: one line of counts whenever they change."""
    before = ""
    found = _found(engine, order)
    if not found:
        console.err().print(_awaited(order), style="dim", markup=False, soft_wrap=True)
    while True:
        line = messages.COUNTS(**counts(found))
        if found and line != before:
            sys.stdout.write(line + "\n")
            sys.stdout.flush()
            before = line
        if not _goes_on(found):
            return
        time.sleep(_REFRESH_SECONDS)
        found = _found(engine, order)


def _goes_on(found: Sequence[Standing]) -> bool:
    """Whether there is more to come; right after an upload nobody has heard of it."""
    return not found or any(item.outcome == PENDING for item in found)


def _awaited(order: Order) -> str:
    return messages.AWAITED_BATCH(batch=order.batch) if order.batch else messages.AWAITED()


def _watched(found: Sequence[Standing], order: Order) -> RenderableType:
    return _shown(found, order) if found else Text(_awaited(order), style="dim")


def _shown(found: Sequence[Standing], order: Order) -> RenderableType:
    if not found:
        return Text(messages.NO_BATCH(batch=order.batch) if order.batch else m.NOTHING())
    total = Text(messages.COUNTS(**counts(found)), style="bold")
    return Group(_documents(found) if order.batch else _batches(found), Text(), total)


def _batches(found: Sequence[Standing]) -> Table:
    groups: dict[str, list[Standing]] = {}
    for item in found:
        groups.setdefault(f"{item.tenant}/{item.batch}", []).append(item)
    table = _table(messages.COL_BATCH())
    for head in (messages.COL_TOTAL, *(messages.OUTCOMES[name] for name in OUTCOMES)):
        table.add_column(head(), justify="right")
    table.add_column(messages.COL_CHANGED(), no_wrap=True)
    for name, items in sorted(groups.items(), key=lambda group: max(item.changed_at for item in group[1])):
        number = counts(items)
        cells = [Text(str(number[key] or ""), style=STYLES.get(key, "")) for key in number]
        table.add_row(Text(name), *cells, f"{max(item.changed_at for item in items):%Y-%m-%d %H:%M:%S}")
    return table


def _documents(found: Sequence[Standing]) -> Table:
    table = _table(messages.COL_FILE())
    for head in (m.OUTCOME, messages.COL_STAGE, messages.COL_TRIES, messages.COL_CHANGED, m.COL_REASON):
        table.add_column(head(), overflow="fold")
    urgent = sorted(found, key=lambda item: (_URGENT_FIRST.index(item.outcome), item.key))
    for item in urgent[:_ON_SCREEN]:
        table.add_row(
            Text(item.name),
            Text(messages.OUTCOMES[item.outcome](), style=STYLES[item.outcome]),
            item.stage,
            str(item.attempts),
            f"{item.changed_at:%H:%M:%S}",
            Text((item.message_zh if language() == "zh" else item.message_en) or ""),
        )
    if len(urgent) > _ON_SCREEN:
        table.caption = m.MORE(limit=_ON_SCREEN)
    return table


def _table(first: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column(first, overflow="fold")
    return table
