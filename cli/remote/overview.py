"""`juesuan topics` and `juesuan reconcile`."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Sequence

from rich import box
from rich.table import Table
from rich.text import Text

from cli import console
from cli.language import Words
from cli.remote import messages
from cli.remote.connect import servers
from services.reconciler.compare import reconcile as compare
from shared.adapters.database import make_engine
from shared.adapters.kafka_look import KafkaLook, TopicState
from shared.runtime.connections import bus, store

_PREFIX = "juesuan."
_SHOWN_KEYS = 20


def topics(*, as_json: bool) -> int:
    """Print every topic of the chain. Raises `NoServers`, `NoAnswer`."""
    with servers() as chain:
        found = KafkaLook(chain.kafka).topics(_PREFIX)
    if as_json:
        json.dump([dataclasses.asdict(topic) for topic in found], sys.stdout, indent=2)
        sys.stdout.write("\n")
    else:
        console.out().print(_table(found))
        console.err().print(messages.RECORDS_NOTE(), style="dim", markup=False)
    return 0


def reconcile(*, dry_run: bool) -> int:
    """Compare bucket and lifecycle, announce what is missing, say what was found. Raises `NoServers`, `NoAnswer`."""
    with servers() as chain:
        engine = make_engine(chain.database)
        try:
            found = compare(store(), engine, bus(), chain.incoming, announce=not dry_run)
        finally:
            engine.dispose()
    out = console.out()
    out.print(messages.COMPARED(objects=found.objects), markup=False)
    _list(messages.WOULD_ANNOUNCE if dry_run else messages.ANNOUNCED, found.announced)
    _list(messages.STALLED, found.stalled)
    _list(messages.INCOMPLETE, found.waiting)
    if not found.announced and not found.stalled and not found.waiting:
        out.print(messages.ALL_KNOWN(), markup=False)
    return 0


def _list(head: Words, keys: Sequence[str]) -> None:
    if not keys:
        return
    out = console.out()
    out.print(head(count=len(keys)), style="yellow", markup=False)
    for key in keys[:_SHOWN_KEYS]:
        out.print(f"  {key}", markup=False, soft_wrap=True)
    if len(keys) > _SHOWN_KEYS:
        out.print("  ...", markup=False)


def _table(found: Sequence[TopicState]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column(messages.COL_TOPIC())
    table.add_column(messages.COL_PARTITIONS(), justify="right")
    table.add_column(messages.COL_RECORDS(), justify="right")
    table.add_column(messages.COL_LAG(), overflow="fold")
    for topic in found:
        lag = Text()
        for group, records in sorted(topic.lag.items()):
            lag.append("  " if lag else "").append(f"{group.removeprefix(_PREFIX)} ")
            lag.append(f"{records:,}", style="yellow" if records else "green")
        table.add_row(Text(topic.name), str(topic.partitions), f"{topic.records:,}", lag)
    return table
