"""Opening a database: a new one is built, an older one upgraded, a newer one refused."""

from __future__ import annotations

import logging
from contextlib import ExitStack
from importlib import resources
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from shared.adapters.database import UnusableDatabase, lock, make_engine, reading, unhurried, write_ahead, writing
from shared.contracts.base import Text

#: The revision that this version of juesuan works with: the last file in `migrations/versions`.
HEAD = "0005"


def open_database(target: str | Path) -> Engine:
    """An engine whose database has the present schema. `target`: a URL or the path of an SQLite file.

    Safe to call from several processes at once: one builds or upgrades, the others wait. Raises `UnusableDatabase`
    when the database was made by a newer juesuan or is no database of ours, `TransientFault` when it does not answer.
    """
    engine = make_engine(target)
    with ExitStack() as unless_opened:
        unless_opened.callback(engine.dispose)
        with reading(engine) as connection:
            found = _revision(connection)
        if found != HEAD:
            if engine.dialect.name == "sqlite":
                write_ahead(engine)
            with writing(engine) as connection:
                unhurried(connection)  # the one before us may take its time, and so may we
                lock(connection, "juesuan schema")
                _upgrade(connection)
        unless_opened.pop_all()
    return engine


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def _upgrade(connection: Connection) -> None:
    found = _revision(connection)  # again, now that nobody else is at it
    if found == HEAD:
        return
    if found is None and (foreign := set(inspect(connection).get_table_names()) & {"documents", "reports", "facts"}):
        raise _foreign(foreign)
    # Imported here: an up-to-date database needs no migrations and should open fast.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    with resources.as_file(resources.files("services.indexer") / "migrations") as folder:
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
        if found is not None and found not in known:
            raise _newer(found)
        logging.getLogger("alembic").setLevel(logging.WARNING)
        command.upgrade(config, HEAD)


def _newer(found: str) -> UnusableDatabase:
    return UnusableDatabase(
        Text(
            zh=f"该数据库由更新版本的决算工具创建（结构版本 {found}，本版本只认识到 {HEAD}）：请升级程序后再打开。",
            en=f"A newer juesuan made this database (schema {found}, known here: {HEAD}): upgrade juesuan.",
        )
    )


def _foreign(tables: set[str]) -> UnusableDatabase:
    names = ", ".join(sorted(tables))
    return UnusableDatabase(
        Text(
            zh=f"该数据库已有其他程序的同名表（{names}）：请换一个数据库。",
            en=f"This database holds tables of another program with our names ({names}): choose another one.",
        )
    )
