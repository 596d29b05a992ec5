"""One way to a database: SQLite by default, PostgreSQL by URL, with the same transactions, locks and exact numbers."""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, Connection, DateTime, Dialect, Engine, Text, create_engine, event
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, InterfaceError, NoSuchModuleError, OperationalError
from sqlalchemy.types import TypeDecorator
from typing_extensions import override

from shared.contracts import base
from shared.contracts.errors import Category, JuesuanError, Phase, TransientFault

BUSY_SECONDS = 30
#: libpq's own words for when a server or the way to it counts as gone; an address may say otherwise. Seconds, but for
#: `tcp_user_timeout`, which is in milliseconds: what was sent and is not acknowledged keeps keepalives from being sent.
_PATIENCE = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
#: milliseconds until the server gives up a wait for a lock, or ends a transaction whose program stopped asking
_SERVER_LIMITS = {"lock_timeout": 30_000, "idle_in_transaction_session_timeout": 60_000}
#: what psycopg takes for a defect, and is a matter of time: a standby that is not yet promoted (or was the primary),
#: and a transaction that the server ended
_PASSING = {"25006", "25P03"}
_NO_TABLE = "42P01"
_WRITES = "juesuan_writes"
_YUAN_PLACES = 4
_LARGEST = 2**63 - 1
_WIDE = Context(prec=60, rounding=ROUND_HALF_EVEN)


class UnusableDatabase(JuesuanError):
    """The URL names no database that juesuan can work with: a person has to act, trying again does not help."""

    def __init__(self, text: base.Text, detail: str = "") -> None:
        super().__init__(Category.SERVER, Phase.INDEX, text, detail)

    def __reduce__(self) -> tuple[type[UnusableDatabase], tuple[base.Text, str]]:  # type: ignore[override]
        """Survive the trip from a worker process."""
        return type(self), (self.text, self.detail)


class ExactText(TypeDecorator[Decimal]):
    """A decimal of any length as plain text: every digit comes back, trailing zeros included."""

    impl = Text
    cache_ok = True

    @override
    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """Plain notation, never an exponent."""
        return None if value is None else format(value, "f")

    @override
    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        """The decimal with all its digits."""
        return None if value is None else Decimal(value)


class Yuan(TypeDecorator[Decimal]):
    """元 as a whole number of 1/10000 元: compared, sorted and summed exactly by every database."""

    impl = BigInteger
    cache_ok = True

    @override
    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """元 to 1/10000 元."""
        return None if value is None else scaled(value)

    @override
    def process_result_value(self, value: int | Decimal | None, dialect: Dialect) -> Decimal | None:
        """1/10000 元 to 元; PostgreSQL sums whole numbers as NUMERIC, hence the Decimal."""
        return None if value is None else Decimal(int(value)).scaleb(-_YUAN_PLACES)


class Utc(TypeDecorator[datetime]):
    """A moment in UTC; SQLite keeps no zone, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @override
    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Always an aware datetime."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def scaled(yuan: Decimal) -> int | None:
    """`yuan` in 1/10000 元, half to even beyond that; None when no 64-bit whole number holds it."""
    whole = yuan.scaleb(_YUAN_PLACES, _WIDE).to_integral_value(ROUND_HALF_EVEN)
    return int(whole) if abs(whole) <= _LARGEST else None


def database_url(target: str | Path) -> URL:
    """The SQLAlchemy URL of `target`: a URL, or the path of an SQLite file. `postgresql://` means psycopg.

    Raises `UnusableDatabase` for any other kind of database.
    """
    text = str(target)
    if "://" not in text:
        return URL.create("sqlite", database=text)
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise _bad_url(text) from error
    backend = url.get_backend_name()
    if backend in {"postgresql", "postgres"}:
        return url.set(drivername="postgresql+psycopg")
    if backend == "sqlite":
        return url
    raise _bad_url(url.render_as_string(hide_password=True))


def _bad_url(text: str) -> UnusableDatabase:
    return UnusableDatabase(
        base.Text(
            zh=f"无法识别数据库地址“{text}”：请给出 SQLite 文件路径、sqlite:/// 或 postgresql:// 地址。",
            en=f'"{text}" is no database address: give the path of an SQLite file, sqlite:///... or postgresql://...',
        )
    )


def make_engine(target: str | Path) -> Engine:
    """An engine for `target` with foreign keys, waiting for locks and explicit transactions; opens nothing yet."""
    url = database_url(target)
    try:
        if url.get_backend_name() != "sqlite":
            return _postgres_engine(url)
        engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
    except (NoSuchModuleError, ArgumentError) as error:
        raise _bad_url(url.render_as_string(hide_password=True)) from error
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _postgres_engine(url: URL) -> Engine:
    patience = {name: value for name, value in _PATIENCE.items() if name not in url.query}
    limits = [f"-c {name}={value}" for name, value in _SERVER_LIMITS.items()]
    said = url.query.get("options", ())
    # Of two settings of one name the later counts.
    options = " ".join([*limits, *([said] if isinstance(said, str) else said)])
    engine = create_engine(url, pool_pre_ping=True, connect_args={**patience, "options": options})
    event.listen(engine, "handle_error", _leave_standby)
    return engine


def _leave_standby(context: ExceptionContext) -> None:
    # A server that only reads goes on answering: without this its connections would stay in the pool for ever.
    if _state(context.original_exception) in _PASSING:
        context.is_disconnect = True


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # Without this the driver opens transactions by its own rules and never before DDL.
    connection.isolation_level = None
    for pragma in ("foreign_keys = ON", "synchronous = NORMAL", "temp_store = MEMORY", "cache_size = -32000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A writer that starts as a reader can fail at its first write; one that starts as a writer waits its turn.
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def write_ahead(engine: Engine) -> None:
    """Let readers and a writer of an SQLite file work side by side. Stays with the file; waits for others to let go."""
    # The change of mode needs the file alone for a moment and does not wait by itself.
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            # Outside a transaction, which the change refuses: hence the driver's own connection.
            with _typed_faults(), closing(engine.raw_connection()) as raw:
                raw.cursor().execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise _fault(str(error)) from error
            time.sleep(0.05)
        else:
            return


def is_postgres(connection: Connection) -> bool:
    """Whether `connection` speaks to PostgreSQL (else it is SQLite)."""
    return connection.dialect.name == "postgresql"


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One write transaction, rolled back on any error; server trouble becomes `TransientFault`."""
    with _typed_faults(), engine.connect().execution_options(**{_WRITES: True}) as connection, connection.begin():
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One consistent read; server trouble becomes `TransientFault`."""
    with _typed_faults(), engine.connect() as connection, connection.begin():
        yield connection


def unhurried(connection: Connection) -> None:
    """Let this transaction wait for locks and stand idle as long as it takes: a migration, rows that a pager reads.

    SQLite knows no such limits, but for `BUSY_SECONDS`.
    """
    if is_postgres(connection):
        for name in _SERVER_LIMITS:
            connection.exec_driver_sql(f"SET LOCAL {name} = 0")


def lock(connection: Connection, *names: str) -> None:
    """Hold `names` until the transaction ends, so that their rows change one writer at a time.

    SQLite needs none: a write transaction is alone anyway. Names are taken in a fixed order, so two writers that want
    the same names never wait for each other.
    """
    if is_postgres(connection):
        for name in sorted(set(names)):
            number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (number,))


@contextmanager
def _typed_faults() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        raise _fault(str(error.orig)) from error
    except DatabaseError as error:
        state, detail = _state(error.orig), str(error.orig)
        if state == _NO_TABLE:
            raise _no_tables(detail) from error
        if state in _PASSING:
            raise _passing(detail) from error
        if "file is not a database" not in detail:
            raise
        zh, en = "该文件不是数据库。", "This file is no database."
        raise UnusableDatabase(base.Text(zh=zh, en=en), detail) from error


def _state(error: BaseException | None) -> str | None:
    """The SQLSTATE that PostgreSQL told, None where there is none."""
    return getattr(error, "sqlstate", None)


def _fault(detail: str) -> JuesuanError:
    if "unable to open database file" in detail:
        zh, en = (
            "数据库文件无法打开：请检查路径和权限。",
            "The database file cannot be opened: check its path and rights.",
        )
        return UnusableDatabase(base.Text(zh=zh, en=en), detail)
    if "readonly" in detail:
        zh, en = "数据库为只读，无法写入。", "The database is read-only."
        return UnusableDatabase(base.Text(zh=zh, en=en), detail)
    if "no such table" in detail:
        return _no_tables(detail)
    return _passing(detail)


def _passing(detail: str) -> TransientFault:
    text = base.Text(
        zh="数据库暂时不可用，请稍后重试。", en="The database is not available right now: try again later."
    )
    return TransientFault(Category.SERVER, Phase.INDEX, text, detail)


def _no_tables(detail: str) -> UnusableDatabase:
    text = base.Text(
        zh="数据库中没有决算工具的表：请检查地址（JUESUAN_DATABASE），"
        "或在代码目录中运行 python -m deploy.setup schema 建表。",
        en="This database has no tables of juesuan: check its address (JUESUAN_DATABASE), or run "
        "`python -m deploy.setup schema` in the checkout.",
    )
    return UnusableDatabase(text, detail)
