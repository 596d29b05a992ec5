"""Opening a database: new, older, newer, somebody else's; what the migrations make of it."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable

import pytest
from sqlalchemy import inspect, text

from services.indexer import schema
from services.indexer.database import HEAD, open_database
from services.indexer.index import Indexer
from shared.adapters.database import UnusableDatabase
from shared.contracts.outcome import DocumentOutcome
from tests.contract.samples import FACTS, make_assessment, make_report


def _open(target: str, start: object, answers: object) -> None:
    start.wait()  # type: ignore[attr-defined]
    engine = open_database(target)
    answers.put(engine.dialect.name)  # type: ignore[attr-defined]
    engine.dispose()


def test_a_new_database_opened_by_many_at_once(database: str) -> None:
    spawn = multiprocessing.get_context("spawn")
    start, answers = spawn.Barrier(4), spawn.Queue()
    workers = [spawn.Process(target=_open, args=(database, start, answers)) for _ in range(4)]
    for worker in workers:
        worker.start()
    assert len({answers.get(timeout=60) for _ in workers}) == 1
    for worker in workers:
        worker.join(timeout=60)
    assert [worker.exitcode for worker in workers] == [0, 0, 0, 0]


def test_an_older_database_is_upgraded_with_what_is_in_it(database: str) -> None:
    with Indexer(database) as indexer:
        report = make_report()
        indexer.index(report, make_assessment(report), DocumentOutcome.OK)
        with indexer.engine.begin() as connection:
            connection.execute(text("DROP VIEW current_facts"))
            connection.execute(text("DROP VIEW current_findings"))
            for table in ("facts", "findings"):
                connection.execute(text(f"ALTER TABLE {table} DROP COLUMN part"))
            connection.execute(text("ALTER TABLE reports DROP COLUMN uploaded_at"))
            connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))

    engine = open_database(database)

    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == HEAD
        assert connection.execute(text("SELECT count(*) FROM current_facts")).scalar_one() == len(FACTS)
        same = text("SELECT count(*) FROM reports WHERE uploaded_at = indexed_at")
        assert connection.execute(same).scalar_one() == 1
    engine.dispose()


def test_a_newer_database_is_refused(database: str) -> None:
    engine = open_database(database)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(UnusableDatabase) as refused:
        open_database(database)
    assert "9999" in refused.value.text.zh
    assert "upgrade juesuan" in refused.value.text.en


def test_tables_of_another_program_are_not_touched(database: str) -> None:
    engine = open_database(database)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    with pytest.raises(UnusableDatabase) as refused:
        open_database(database)
    assert "documents" in refused.value.text.en
    engine.dispose()


def test_the_migrations_make_what_the_schema_says(fresh_database: Callable[[], str]) -> None:
    migrated = open_database(fresh_database())
    with migrated.connect() as connection:
        found = inspect(connection)
        assert set(found.get_view_names()) == {"current_facts", "current_findings"}
        for table in schema.METADATA.sorted_tables:
            columns = {column["name"]: column for column in found.get_columns(table.name)}
            extra = {"tokens"} if table.name == "search_entries" and connection.dialect.name == "postgresql" else set()
            assert columns.keys() == set(table.columns.keys()) | extra
            for column in table.columns:
                assert columns[column.name]["nullable"] == column.nullable, (table.name, column.name)
                printed = columns[column.name]["type"].compile(connection.dialect)
                assert printed == column.type.compile(connection.dialect), (table.name, column.name)
            assert found.get_pk_constraint(table.name)["constrained_columns"] == [
                column.name for column in table.primary_key
            ]
            indexes = {index["name"] for index in found.get_indexes(table.name)}
            assert {index.name for index in table.indexes} <= indexes
    migrated.dispose()
