"""A tiny account of an invented office that travels the whole chain, to prove that the path is open."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime

from sqlalchemy import Engine

from shared.adapters.lifecycle import CANARY_TENANT, standings
from shared.adapters.objects import ObjectStore

BATCH = "path"

_TABLES = """巡检用虚构单位{moment}
{year}年度部门决算

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


def release(store: ObjectStore, bucket: str, now: datetime | None = None) -> str:
    """Upload a canary; its key. The content tells the moment, so that every canary is a new document."""
    moment = now or datetime.now(UTC)
    key = f"{CANARY_TENANT}/{BATCH}/{moment:%Y%m%dT%H%M%S%f}.txt"
    content = _TABLES.format(moment=moment.isoformat(), year=moment.year - 1)
    store.put(bucket, key, content.encode())
    return key


def arrived(engine: Engine, key: str, seconds: float, stop: threading.Event | None = None) -> float | None:
    """Seconds until the canary was through the last service, or None if it was not within `seconds` or until `stop`."""
    started = time.monotonic()
    stop = stop or threading.Event()
    while time.monotonic() - started < seconds and not stop.is_set():
        for item in standings(engine, tenant=CANARY_TENANT):
            if item.key == key and item.stage == "indexed":
                return time.monotonic() - started
        stop.wait(0.2)
    return None
