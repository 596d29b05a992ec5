"""What the contract suite runs on: SQLite files and a real PostgreSQL, the chain in one process and on real servers."""

from __future__ import annotations

import fcntl
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from kafka import KafkaAdminClient
from kafka.admin import NewTopic
from sqlalchemy import create_engine, make_url, text

from deploy.local.places import private_places
from deploy.local.postgres import Postgres
from deploy.local.stack import Stack
from shared.adapters.kafka_bus import KafkaBus
from tests.contract.chain_kit import Surroundings, in_process, on_servers


@pytest.fixture(scope="session")
def postgres_server(servers_folder: Path) -> Iterator[str]:
    """The URL of a database in a server that lives as long as the session, however the session ends."""
    server = Postgres(private_places(servers_folder / "databases"))
    # As root it makes a user for the server; test processes side by side must not do so at once.
    with (Path(tempfile.gettempdir()) / "juesuan-tests-postgres.lock").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        server.start()
    try:
        engine = create_engine(server.url(), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for setting in ("fsync", "full_page_writes", "synchronous_commit"):
                connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
            connection.execute(text("SELECT pg_reload_conf()"))
        engine.dispose()
        yield server.url()
    finally:
        server.stop()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def fresh_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], str]]:
    """Makes URLs of new, empty databases, all of one kind."""
    if request.param == "sqlite":
        folder = tmp_path_factory.mktemp("sqlite")
        yield lambda: f"sqlite:///{folder / uuid.uuid4().hex}.db"
        return
    server: str = request.getfixturevalue("postgres_server")
    admin = create_engine(server, isolation_level="AUTOCOMMIT")

    def make() -> str:
        name = f"test_{uuid.uuid4().hex}"
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        return make_url(server).set(database=name).render_as_string(hide_password=False)

    yield make
    admin.dispose()


@pytest.fixture
def database(fresh_database: Callable[[], str]) -> str:
    """The URL of one empty database."""
    return fresh_database()


@pytest.fixture(scope="session")
def kafka_bus(installation: Stack) -> Iterator[KafkaBus]:
    """A bus on the real broker."""
    bus = KafkaBus(installation.kafka.address)
    yield bus
    bus.close()


@pytest.fixture
def kafka_topic(installation: Stack) -> Callable[[], str]:
    """Makes new topics of four partitions."""

    def make() -> str:
        name = f"test-{uuid.uuid4().hex}"
        admin = KafkaAdminClient(bootstrap_servers=installation.kafka.address)
        admin.create_topics([NewTopic(name, 4, 1)])
        admin.close()
        return name

    return make


@pytest.fixture(scope="module", params=["in process", "on servers"])
def chain(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Surroundings]:
    if request.param == "in process":
        with in_process(tmp_path_factory.mktemp("chain")) as surroundings:
            yield surroundings
    else:
        with on_servers(request.getfixturevalue("running_chain")) as surroundings:
            yield surroundings
