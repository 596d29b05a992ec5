"""`juesuan upload`: a folder into the bucket, and on request to the end of the chain."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from rich.filesize import decimal
from rich.padding import Padding
from rich.text import Text

from cli import console
from cli import messages as m
from cli.intake import collect
from cli.progress import RunProgress
from cli.remote import messages
from cli.remote.batch import Batch
from cli.remote.connect import servers
from cli.remote.following import NOT_PROCESSED, QUIET_SECONDS, follow
from cli.remote.packing import packed
from cli.remote.results import records
from cli.remote.sending import Fate, Sent, keys_of, send_all
from cli.run import NOT_PROCESSED as EXIT_NOT_PROCESSED
from cli.run import OK, exit_status
from cli.summary import as_data, print_summary
from shared.adapters.database import make_engine
from shared.adapters.lifecycle import PENDING, Standing
from shared.adapters.objects import ObjectStore
from shared.contracts.events import SourceObject, document_id
from shared.contracts.members import archive_of
from shared.runtime.connections import ChainSettings, store


@dataclass(frozen=True)
class Order:
    """What `upload` was asked to do. `timeout` seconds to wait at most, None without a limit.

    `bundle`: files of a folder that are parts of one report by their names go up as one object.
    """

    folder: Path
    batch: Batch
    wait: bool
    timeout: float | None
    jobs: int
    as_json: bool
    bundle: bool = True


def upload(order: Order) -> int:
    """Carry out `order`; the exit status. Raises `JuesuanError` when servers are missing or away."""
    started = time.monotonic()
    try:
        files = collect([order.folder])
    except FileNotFoundError as error:
        console.complain(m.NOT_THERE(path=error))
        return EXIT_NOT_PROCESSED
    if not files:
        console.complain(m.NO_FILES(paths=order.folder))
        return EXIT_NOT_PROCESSED
    with servers() as chain:
        sent = _send(order, chain, files)
        failed = [item for item in sent if item.fate is Fate.FAILED]
        _say(order, sent, failed, time.monotonic() - started)
        if not order.wait:
            return EXIT_NOT_PROCESSED if failed else OK
        status = _wait(order, chain, [item for item in sent if item.fate is not Fate.FAILED], started)
    return EXIT_NOT_PROCESSED if failed else status


def _send(order: Order, chain: ChainSettings, files: list[Path]) -> list[Sent]:
    base = order.folder if order.folder.is_dir() else order.folder.parent
    keyed = keys_of(packed(files, base) if order.bundle else files, order.folder, order.batch.prefix)
    sent: dict[str, Sent] = {}
    with RunProgress(len(keyed), messages.UPLOADING) as progress:
        for item in send_all(store(), chain.incoming, order.batch.prefix, keyed, order.jobs):
            sent[item.key] = item
            progress.advance(failed=item.fate is Fate.FAILED)
    return [sent[key] for _, key in keyed]


def _say(order: Order, sent: list[Sent], failed: list[Sent], seconds: float) -> None:
    """What was uploaded: on stderr when stdout is for the summary of `--wait`."""
    out = console.err() if order.wait or order.as_json else console.out()
    uploaded = [item for item in sent if item.fate is Fate.UPLOADED]
    size = decimal(sum(item.size for item in uploaded))
    counts = {"uploaded": len(uploaded), "there": len(sent) - len(uploaded) - len(failed), "failed": len(failed)}
    out.print(messages.UPLOADED(batch=order.batch, size=size, seconds=seconds, **counts), markup=False, soft_wrap=True)
    if failed:
        console.err().print(messages.NOT_UPLOADED(), style="bold")
        for item in failed:
            console.err().print(Padding(Text(f"{item.path}: {item.reason}"), (0, 0, 0, 2), expand=False))
    if not order.wait:
        out.print(messages.FOLLOW_HINT(batch=order.batch), style="dim", markup=False, soft_wrap=True)


def _wait(order: Order, chain: ChainSettings, sent: list[Sent], started: float) -> int:
    order_of_keys = {item.key: number for number, item in enumerate(sent)}
    wanted = _document_ids(store(), chain.incoming, order.batch.prefix, order_of_keys)
    engine = make_engine(chain.database)
    try:
        with RunProgress(len(wanted), messages.WAITING) as progress:
            ended: set[str] = set()

            def on_change(rows: list[Standing]) -> None:
                for row in rows:
                    if row.outcome != PENDING and row.document_id not in ended:
                        ended.add(row.document_id)
                        progress.grow(len(wanted))
                        progress.advance(failed=row.outcome in NOT_PROCESSED)

            found = follow(engine, str(order.batch), wanted, order.timeout, on_change, _quiet)
        rows = sorted(found.values(), key=lambda row: _place(row.key, order_of_keys))
        done = records(engine, rows)
    finally:
        engine.dispose()
    seconds = time.monotonic() - started
    if order.as_json:
        json.dump(as_data(done, seconds), sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    else:
        print_summary(console.out(), done, seconds)
    pending = len(wanted) - sum(row.outcome != PENDING for row in rows)
    if pending:
        console.complain(messages.NOT_WAITED(pending=pending))
        return EXIT_NOT_PROCESSED
    return exit_status(done)


def _place(key: str, order: dict[str, int]) -> tuple[int, str]:
    """Where a document stands in the summary: in the order of the upload, what came out of an archive in its place."""
    return order.get(archive_of(key) or key, len(order)), key


def _document_ids(store_: ObjectStore, bucket: str, prefix: str, keys: dict[str, int]) -> set[str]:
    """The documents that the uploaded objects are. The store says which etag each got: not all use the MD5."""
    return {
        document_id(SourceObject(bucket=bucket, key=info.key, etag=info.etag, size=info.size))
        for info in store_.list(bucket, prefix)
        if info.key in keys
    }


def _quiet(pending: int) -> None:
    note = messages.NOTHING_MOVES(seconds=int(QUIET_SECONDS), pending=pending)
    console.err().print(note, style="yellow", markup=False, soft_wrap=True)
