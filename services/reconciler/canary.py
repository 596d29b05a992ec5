"""A tiny account of an invented office that travels the whole chain, to prove that the path is open."""

from __future__ import annotations

import hashlib
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine

from shared.adapters.lifecycle import CANARY_TENANT, forget_steps, steps
from shared.adapters.objects import NoSuchObject, ObjectStore
from shared.contracts.events import SourceObject, document_id

BATCH = "path"
_TURNS = 3

_TABLES = """巡检用虚构单位{minute}-{turn}
2024年度部门决算

收入支出决算总表
单位：万元
收入\t\t支出\t
项目\t决算数\t项目\t决算数
一、一般公共预算财政拨款收入\t1.00\t一、一般公共服务支出\t1.00
二、政府性基金预算财政拨款收入\t2.00\t二、外交支出\t2.00
三、国有资本经营预算财政拨款收入\t\t三、国防支出\t
本年收入合计\t3.00\t本年支出合计\t3.00
总计\t3.00\t总计\t3.00
"""


@dataclass(frozen=True)
class Canary:
    """One that was let go: its document, and the first generation that can only be this flight of it."""

    key: str
    document_id: str
    generation: int


def release(store: ObjectStore, engine: Engine, bucket: str, now: datetime | None = None) -> Canary:
    """Upload a canary. Raises `TransientFault`.

    Keys and contents come back, so that objects, rows and what the intake remembers stay as few as they are: a key for
    each minute of the hour, late ones of which are not replaced on their way, and contents that differ from the last
    one under the key, and from the one before should its announcement have been lost. Each is a new upload.
    """
    moment = now or datetime.now(UTC)
    key = f"{CANARY_TENANT}/{BATCH}/{moment:%M}.txt"
    turns = [_TABLES.format(minute=f"{moment:%M}", turn=turn).encode() for turn in range(_TURNS)]
    content = turns[(_last_turn(store, bucket, key, turns) + 1) % _TURNS]
    etag = hashlib.md5(content, usedforsecurity=False).hexdigest()
    document = document_id(SourceObject(bucket=bucket, key=key, etag=etag, size=len(content)))
    flown = max((step.generation for step in steps(engine, [document])), default=-1)
    store.put(bucket, key, content)
    return Canary(key, document, flown + 1)


def _last_turn(store: ObjectStore, bucket: str, key: str, turns: list[bytes]) -> int:
    try:
        last = store.get(bucket, key)
    except NoSuchObject:
        return -1
    return turns.index(last) if last in turns else -1


def arrived(engine: Engine, canary: Canary, seconds: float, stop: threading.Event | None = None) -> float | None:
    """Seconds until the canary was through the last service, or None if it was not within `seconds` or until `stop`.

    What its earlier flights left behind is forgotten then. Raises `TransientFault`.
    """
    started = time.monotonic()
    stop = stop or threading.Event()
    while time.monotonic() - started < seconds and not stop.is_set():
        through = steps(engine, [canary.document_id], ["indexed"])
        if any(step.generation >= canary.generation for step in through):
            took = time.monotonic() - started
            forget_steps(engine, canary.document_id, canary.generation)
            return took
        stop.wait(0.2)
    return None
