"""How long a database is waited for, and what becomes of one that cannot be worked with."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Connection, Engine, create_engine, make_url, text

from services.indexer.database import open_database
from shared.adapters.database import UnusableDatabase, lock, make_engine, reading, unhurried, writing
from shared.adapters.lifecycle import record_events, standings
from shared.contracts.errors import TransientFault
from tests.contract.lives import history, source

Opener = Callable[[str], Engine]


@pytest.fixture
def server(postgres_server: str) -> Iterator[Opener]:
    """Opens one new database of a real PostgreSQL, with these server options besides our own."""
    admin, name = create_engine(postgres_server, isolation_level="AUTOCOMMIT"), f"test_{uuid.uuid4().hex}"
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    url, opened = make_url(postgres_server).set(database=name), list[Engine]()

    def open_with(options: str) -> Engine:
        asked = url.update_query_dict({"options": options}) if options else url
        opened.append(make_engine(asked.render_as_string(hide_password=False)))
        return opened[-1]

    yield open_with
    for engine in opened:
        engine.dispose()


def shown(engine: Engine, name: str) -> str:
    with reading(engine) as connection:
        return str(connection.exec_driver_sql(f"SHOW {name}").scalar_one())


def test_no_wait_is_for_ever(server: Opener) -> None:
    engine = server("")
    assert shown(engine, "lock_timeout") == "30s"
    assert shown(engine, "idle_in_transaction_session_timeout") == "1min"
    with reading(engine) as connection:
        told = connection.connection.driver_connection.info.get_parameters()  # type: ignore[union-attr]
    assert told["connect_timeout"] == "5"
    assert [told[f"keepalives_{name}"] for name in ("idle", "interval", "count")] == ["10", "5", "3"]
    assert shown(server("-c lock_timeout=7s"), "lock_timeout") == "7s"


def test_a_lock_that_is_not_let_go_is_a_passing_fault(server: Opener) -> None:
    engine = server("-c lock_timeout=200")
    with writing(engine) as holder:
        lock(holder, "a report")
        with pytest.raises(TransientFault) as fault, writing(engine) as other:
            lock(other, "a report")
    assert "lock timeout" in fault.value.detail
    with writing(engine) as other:
        lock(other, "a report")


def test_a_migration_waits_for_the_one_before_it(server: Opener) -> None:
    engine = server("-c lock_timeout=200")
    locked = threading.Event()

    def migrate() -> None:
        with writing(engine) as connection:
            lock(connection, "juesuan schema")
            locked.set()
            time.sleep(1)

    other = threading.Thread(target=migrate)
    other.start()
    assert locked.wait(20)
    open_database(engine.url.render_as_string(hide_password=False)).dispose()
    other.join()
    assert list(standings(engine)) == []


def stand_still(engine: Engine, prepare: Callable[[Connection], None]) -> int:
    with reading(engine) as connection:
        prepare(connection)
        connection.exec_driver_sql("SELECT 1")
        time.sleep(1)
        return int(connection.exec_driver_sql("SELECT 1").scalar_one())


def test_a_transaction_that_stands_still_is_a_passing_fault(server: Opener) -> None:
    engine = server("-c idle_in_transaction_session_timeout=200")
    with pytest.raises(TransientFault, match="idle-in-transaction"):
        stand_still(engine, lambda _: None)
    assert stand_still(engine, unhurried) == 1


def test_rows_may_be_read_slowly(server: Opener) -> None:
    engine = server("-c idle_in_transaction_session_timeout=200")
    open_database(engine.url.render_as_string(hide_password=False)).dispose()
    record_events(engine, history(source("甲.pdf", "e1")) + history(source("乙.pdf", "e2")))
    found = standings(engine)
    assert next(found).name == "乙.pdf"
    time.sleep(1)
    assert [item.name for item in found] == ["甲.pdf"]


def test_a_standby_is_a_passing_fault_and_not_kept(server: Opener) -> None:
    engine = server("-c default_transaction_read_only=on")
    pid = "SELECT pg_backend_pid()"
    with reading(engine) as connection:
        before = connection.exec_driver_sql(pid).scalar_one()
    with pytest.raises(TransientFault) as fault, writing(engine) as connection:
        connection.exec_driver_sql("CREATE TABLE t (x int)")
    assert "read-only" in fault.value.detail
    with reading(engine) as connection:
        assert connection.exec_driver_sql(pid).scalar_one() != before


def test_a_database_without_our_tables_says_what_makes_them(database: str) -> None:
    engine = make_engine(database)
    for use in (lambda: list(standings(engine)), lambda: record_events(engine, history(source()))):
        with pytest.raises(UnusableDatabase) as refused:
            use()
        assert "python -m deploy.setup schema" in refused.value.text.zh
        assert "python -m deploy.setup schema" in refused.value.text.en
    engine.dispose()
