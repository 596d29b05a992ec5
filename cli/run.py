"""`juesuan run`: files through the chain in worker processes, into the database, and a summary."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cli import console, messages, places
from cli.course import Course, Key
from cli.intake import collect, folder_names
from cli.language import language
from cli.pieces import Joining, Result, Task, carry_out
from cli.progress import RunProgress
from cli.storing import Storing
from cli.summary import as_data, count, print_summary
from cli.work import Carry, Job, Record, digest, failed, work
from shared.contracts.assessment import Severity
from shared.contracts.errors import JuesuanError
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
    with TemporaryDirectory(prefix="juesuan-") as spool:
        course = Course(jobs, Path(spool))
        records: list[Record] = []
        for record in _results(course, order.jobs or available_processors(), settings, storing, len(jobs)):
            stored = storing.store(record) if storing else record
            _log_end(stored)
            records.append(replace(stored, processed=None))
    seconds = time.monotonic() - started
    log(LogAction.RUN_FINISHED, files=course.files, reports=len(records), seconds=round(seconds, 3))
    try:
        _report(order, records, seconds, course.files)
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


def _results(course: Course, workers: int, settings: Settings, storing: Storing | None, files: int) -> Iterator[Record]:
    """The results of a run in the order in which they are to be stored."""
    with RunProgress(files) as progress, Pool(_do, workers, settings) as pool:
        while True:
            while pool.room() and (given := course.next()) is not None:
                _begin(storing, *given)
                pool.submit(given)
            if pool.room() == workers:
                return
            for done in pool.collect(settings.document_seconds):
                key, task = done.item
                result = done.value if done.error is None else _failed(task, done.error)
                assert result is not None
                _took_in(storing, key, result)
                progress.more(course.end(key, result))
                progress.advance(failed=isinstance(result, Record) and result.outcome in _NOT_DONE)
            yield from course.ready()


def _failed(task: Task, error: JuesuanError) -> Record:
    return failed(task.job, error, task.document_id if isinstance(task, Joining) else None)


def _do(item: tuple[Key, Task]) -> Result:
    return carry_out(item[1])


def _begin(storing: Storing | None, key: Key, task: Task) -> None:
    """Files that were named and results that were put together are documents; those inside of archives are not yet."""
    if storing is None or (len(key) > 1 and not isinstance(task, Joining)):
        return
    document_id = task.document_id if isinstance(task, Joining) else digest(task.job.path)
    storing.begin(document_id, task.job.name or task.job.path.name)


def _took_in(storing: Storing | None, key: Key, result: Result) -> None:
    if storing is not None and len(key) == 1 and not isinstance(result, Record):
        storing.forget(result.document_id)


def _log_end(record: Record) -> None:
    values: dict[str, Any] = {
        "name": record.name,
        "document_id": record.document_id,
        "outcome": record.outcome.value,
    }
    if record.error is None:
        log(LogAction.DOCUMENT_DONE, facts=record.facts, **values)
        return
    refused = record.outcome is DocumentOutcome.REFUSED
    action, level = (LogAction.DOCUMENT_REFUSED, Level.INFO) if refused else (LogAction.DOCUMENT_FAILED, Level.WARNING)
    log(action, level, category=record.error.category.value, detail=record.error.detail, **values)


def _report(order: Order, records: Sequence[Record], seconds: float, files: int) -> None:
    if order.as_json:
        json.dump(as_data(records, seconds, files), sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
        return
    out = console.out()
    print_summary(out, records, seconds, files)
    if order.out is not None:
        out.print(messages.WRITTEN(folder=order.out), markup=False)
    if order.database is not None:
        out.print(messages.INDEXED(database=places.shown(order.database)), markup=False)


def read_one(path: Path) -> Record:
    """One file through the chain in a worker, with the models; raises the `JuesuanError` that ended it."""
    job = Job(path, None, language(), Carry.TO_SHOW)
    with Pool(work, 1, Settings.from_environment()) as pool:
        (done,) = pool.map([job])
    record = done.value if done.error is None else failed(job, done.error)
    assert record is not None
    if record.error is not None:
        raise record.error
    return record
