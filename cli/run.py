"""`juesuan run`: files through the chain in worker processes, into the database, and a summary."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cli import console, messages, places
from cli.intake import collect, folder_names
from cli.language import language
from cli.progress import RunProgress
from cli.storing import Storing
from cli.summary import as_data, count, print_summary
from cli.work import Carry, Job, Record, failed, work
from shared.contracts.assessment import Severity
from shared.contracts.outcome import DocumentOutcome
from shared.observability.actions import LogAction
from shared.observability.log import Level, log
from shared.runtime.pool import Pool
from shared.settings import Settings

OK, ERRORS_STAND, NOT_PROCESSED = 0, 1, 2
_NOT_DONE = frozenset({DocumentOutcome.REFUSED, DocumentOutcome.FAILED})


@dataclass(frozen=True)
class Order:
    """What `run` was asked to do. `database` None: do not index."""

    paths: tuple[Path, ...]
    out: Path | None
    database: str | None
    jobs: int | None
    as_json: bool


def run(order: Order) -> int:
    """Carry out `order`; the exit status. Raises JuesuanError when settings or the database cannot be used at all."""
    started = time.monotonic()
    settings = Settings.from_environment()
    jobs = _jobs(order)
    if jobs is None:
        return NOT_PROCESSED
    storing = Storing(order.database) if order.database else None
    log(LogAction.RUN_STARTED, files=len(jobs))
    with RunProgress(len(jobs)) as progress:
        records: list[Record] = []
        waiting: dict[int, Record] = {}
        workers = min(order.jobs or available_processors(), len(jobs))
        for position, record in _records(_begun(jobs, storing), workers, settings):
            waiting[position] = record
            progress.advance(failed=record.outcome in _NOT_DONE)
            # Stored in the order of the input: of two files of one account the later one is the newer revision.
            while len(records) in waiting:
                following = waiting.pop(len(records))
                stored = storing.store(following) if storing else following
                _log_end(stored)
                records.append(replace(stored, processed=None))
    seconds = time.monotonic() - started
    log(LogAction.RUN_FINISHED, files=len(records), seconds=round(seconds, 3))
    try:
        _report(order, records, seconds)
        sys.stdout.flush()
    except BrokenPipeError:
        console.reader_left()  # the work is done and its status stands, whoever reads the summary
    return exit_status(records)


def exit_status(records: Sequence[Record]) -> int:
    """2 when a file could not be processed, else 1 when an error-level finding stands, else 0."""
    if any(record.outcome in _NOT_DONE for record in records):
        return NOT_PROCESSED
    return ERRORS_STAND if any(count(record, Severity.ERROR) for record in records) else OK


def available_processors() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _jobs(order: Order) -> list[Job] | None:
    try:
        files = collect(order.paths, order.out)
    except FileNotFoundError as error:
        console.complain(messages.NOT_THERE(path=error))
        return None
    if not files:
        console.complain(messages.NO_FILES(paths=", ".join(map(str, order.paths))))
        return None
    if order.out is not None:
        try:
            order.out.mkdir(parents=True, exist_ok=True)
            probe = order.out / f".{os.getpid()}.part"
            probe.touch()
            probe.unlink()
        except OSError as error:
            console.complain(messages.OUT_IS_FILE(path=order.out, reason=error.strerror))
            return None
    carry = Carry.TO_INDEX if order.database else Carry.NOTHING
    return [
        Job(file, order.out / name if order.out else None, language(), carry)
        for file, name in zip(files, folder_names(files), strict=True)
    ]


def _begun(jobs: Sequence[Job], storing: Storing | None) -> Iterator[Job]:
    for job in jobs:
        if storing is not None:
            storing.begin(job.path)
        yield job


def _records(jobs: Iterable[Job], workers: int, settings: Settings) -> Iterator[tuple[int, Record]]:
    """The record of every job as it ends, with its position among `jobs`."""
    with Pool(_numbered, workers, settings) as pool:
        for done in pool.map(enumerate(jobs)):
            number, job = done.item
            if done.error is not None:
                yield number, failed(job, done.error)
            elif done.value is not None:
                yield number, done.value


def _numbered(item: tuple[int, Job]) -> Record:
    return work(item[1])


def _log_end(record: Record) -> None:
    values: dict[str, Any] = {
        "name": record.path.name,
        "document_id": record.document_id,
        "outcome": record.outcome.value,
    }
    if record.error is None:
        log(LogAction.DOCUMENT_DONE, facts=record.facts, **values)
        return
    refused = record.outcome is DocumentOutcome.REFUSED
    action, level = (LogAction.DOCUMENT_REFUSED, Level.INFO) if refused else (LogAction.DOCUMENT_FAILED, Level.WARNING)
    log(action, level, category=record.error.category.value, detail=record.error.detail, **values)


def _report(order: Order, records: Sequence[Record], seconds: float) -> None:
    if order.as_json:
        json.dump(as_data(records, seconds), sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
        return
    out = console.out()
    print_summary(out, records, seconds)
    if order.out is not None:
        out.print(messages.WRITTEN(folder=order.out), markup=False)
    if order.database is not None:
        out.print(messages.INDEXED(database=places.shown(order.database)), markup=False)


def read_one(path: Path) -> Record:
    """One file through the chain in a worker, with the models; raises the `JuesuanError` that ended it."""
    job = Job(path, None, language(), Carry.TO_SHOW)
    ((_, record),) = _records([job], 1, Settings.from_environment())
    if record.error is not None:
        raise record.error
    return record
