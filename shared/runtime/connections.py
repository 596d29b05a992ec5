"""The servers of the chain, opened once when first needed.

A process works with the servers that its environment names. A test, or several services in one process, work with
others: `use` puts them in force for the present thread.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

from pydantic import BaseModel

from shared.adapters.objects import NoSuchObject, ObjectStore, open_store
from shared.contracts.base import Contract, Text
from shared.contracts.errors import Category, JuesuanError, Phase, TransientFault
from shared.contracts.events import ObjectRef

if TYPE_CHECKING:
    from shared.adapters.bus import Bus
    from shared.runtime.ahead import Ahead

Payload = TypeVar("Payload", bound=BaseModel)
Opened = TypeVar("Opened")

_MISSING = Text(
    zh="中间结果尚未在对象存储中找到，系统会自动重试。",
    en="A stage's output is not in the object store yet; tried again.",
)


class MissingSetting(JuesuanError):
    """A service cannot start without this setting; says which."""

    def __init__(self, name: str) -> None:
        text = Text(zh=f"缺少环境变量 {name}。", en=f"The environment variable {name} is not set.")
        super().__init__(Category.INTERNAL, Phase.INTAKE, text)


@dataclass(frozen=True)
class ChainSettings:
    """Where the servers are and who this instance is.

    `kafka` host:port[,host:port]; `store` URL of the S3 server with credentials, or a folder; `incoming`, `outputs` the
    two buckets; `database` SQLAlchemy URL; `instance` a name that a restart of this very instance keeps; `port` of
    /livez, /readyz and /metrics; `jobs` worker processes of a heavy stage; `batch` records per transaction of a light
    one; `stuck_seconds` without a turn of the loop end the process.
    """

    kafka: str
    store: str
    database: str
    incoming: str = "juesuan-incoming"
    outputs: str = "juesuan-outputs"
    instance: str = ""
    port: int = 0
    jobs: int = 2
    batch: int = 100
    stuck_seconds: float = 90.0

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> ChainSettings:
        """JUESUAN_KAFKA, JUESUAN_STORE, JUESUAN_DATABASE and so on; raises `MissingSetting`."""
        for name in ("JUESUAN_KAFKA", "JUESUAN_STORE", "JUESUAN_DATABASE"):
            if not environment.get(name):
                raise MissingSetting(name)
        return cls(
            kafka=environment["JUESUAN_KAFKA"],
            store=environment["JUESUAN_STORE"],
            database=environment["JUESUAN_DATABASE"],
            incoming=environment.get("JUESUAN_BUCKET_INCOMING", cls.incoming),
            outputs=environment.get("JUESUAN_BUCKET_OUTPUTS", cls.outputs),
            instance=environment.get("JUESUAN_INSTANCE") or socket.gethostname(),
            port=int(environment.get("JUESUAN_PORT", cls.port)),
            jobs=int(environment.get("JUESUAN_JOBS", cls.jobs)),
            batch=int(environment.get("JUESUAN_BATCH", cls.batch)),
            stuck_seconds=float(environment.get("JUESUAN_STUCK_SECONDS", cls.stuck_seconds)),
        )


class Connections:
    """Settings and whatever was opened with them. `bus` where it is not the Kafka that the settings name."""

    def __init__(self, chosen: ChainSettings, bus: Bus | None = None) -> None:
        self.settings = chosen
        self.bus = bus
        #: for whoever works on one record after the other: the store on threads of its own
        self.ahead: Ahead | None = None
        self._opened: dict[Callable[[], Any], Any] = {}
        self._lock = threading.RLock()

    def opened(self, make: Callable[[], Opened]) -> Opened:
        """What `make` opens, made when first asked for."""
        with self._lock:
            if make not in self._opened:
                self._opened[make] = make()
            return cast("Opened", self._opened[make])


@cache
def _of_this_process() -> Connections:
    return Connections(ChainSettings.from_environment())


_in_use: ContextVar[Connections | None] = ContextVar("connections", default=None)


def current() -> Connections:
    """The connections of the present thread: those in use, else those of the process."""
    return _in_use.get() or _of_this_process()


@contextmanager
def use(connections: Connections) -> Iterator[None]:
    """Work with `connections` in this thread until the block ends."""
    token = _in_use.set(connections)
    try:
        yield
    finally:
        _in_use.reset(token)


def opened_once(make: Callable[[], Opened]) -> Callable[[], Opened]:
    """A function that opens something by the settings in force, once for each `Connections`."""

    @wraps(make)
    def opened() -> Opened:
        return current().opened(make)

    return opened


def settings() -> ChainSettings:
    """The settings in force."""
    return current().settings


@opened_once
def store() -> ObjectStore:
    """The object store in force."""
    return open_store(settings().store)


@opened_once
def bus() -> Bus:
    """The bus in force."""
    given = current().bus
    if given is not None:
        return given
    from shared.adapters.kafka_bus import KafkaBus  # noqa: PLC0415 - worker processes never talk to the bus

    return KafkaBus(settings().kafka)


def load(reference: ObjectRef, model: type[Payload]) -> Payload:
    """A stage's output by its claim check."""
    return read(fetch(reference), model)


def fetch(reference: ObjectRef) -> bytes:
    """A stage's output as it was stored. Raises `TransientFault` while it is not there."""
    ahead = current().ahead
    try:
        return ahead.get(reference, store()) if ahead else store().get(reference.bucket, reference.key)
    except NoSuchObject as error:
        raise TransientFault(Category.SERVER, Phase.INTAKE, _MISSING, str(error)) from error


def read(content: bytes, model: type[Payload]) -> Payload:
    """A stage's output from its JSON.

    Fields that a newer version of the stage added are passed over: services are updated one after the other.
    """
    return model.model_validate_json(content, extra="ignore")


def save(kind: str, content_id: str, document_id: str, version: str, payload: Contract) -> ObjectRef:
    """Store a stage's output under a key that follows from the content, the upload and the version that made it."""
    return keep(kind, content_id, document_id, version, payload.to_json_bytes())


def keep(kind: str, content_id: str, document_id: str, version: str, content: bytes) -> ObjectRef:
    """`save` for an output that was written as JSON already."""
    key = f"{kind}/{content_id[:2]}/{content_id}/{document_id[:16]}-{version}.json"
    bucket, ahead = settings().outputs, current().ahead
    if ahead is None:
        store().put(bucket, key, content)
    else:
        ahead.put(bucket, key, content, store())
    return ObjectRef(bucket=bucket, key=key)
