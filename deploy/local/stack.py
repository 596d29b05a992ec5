"""The whole installation on one machine: servers, topics, buckets, schema, services."""

from __future__ import annotations

import shlex
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy import CHAIN_SERVICES
from deploy.local.kafka import Kafka
from deploy.local.places import ROOT, Places
from deploy.local.postgres import Postgres
from deploy.local.process import Daemon, ensure_free
from deploy.local.s3 import ACCESS_KEY, S3, SECRET_KEY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SERVICES = (*CHAIN_SERVICES, "reconciler")
INCOMING, OUTPUTS = "juesuan-incoming", "juesuan-outputs"
_READY_SECONDS = 90


@dataclass(frozen=True)
class State:
    """How one process stands."""

    name: str
    pid: int | None
    where: str


class Stack:
    """One installation. Every step may be repeated; what runs already is left alone."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.kafka = Kafka(places)
        self.s3 = S3(places, self.kafka.address, "juesuan.notifications")
        self.postgres = Postgres(places)

    def ensure_ports(self, services: Sequence[str] = SERVICES) -> None:
        """Raises `ServerProblem` if another program has a port of the servers or services that are yet to start."""
        wanted = {self.kafka.daemon: self.kafka.ports, self.s3.daemon: self.s3.ports}
        wanted |= {self.service(name): (self.places.ports[name],) for name in services}
        ensure_free([port for daemon, ports in wanted.items() if daemon.process() is None for port in ports])

    def start_servers(self) -> None:
        """Kafka with its topics, the S3 server with its buckets, PostgreSQL with its schema."""
        self.kafka.start()
        self.create_topics()
        self.s3.start()
        self.create_buckets()
        self.postgres.start()
        self.migrate()
        # Of two installations that start at once on the same ports, one has lost its servers by now.
        self.kafka.daemon.ensure_alive("Kafka")
        self.s3.daemon.ensure_alive("The S3 server")

    def start_services(self, names: Sequence[str] = SERVICES, instance: str = "1") -> None:
        """Start services and wait until each is ready."""
        for name in names:
            self.start_service(name, instance)
        for name in names:
            self.wait_for(name, instance)

    def start_service(self, name: str, instance: str = "1", **settings: str) -> None:
        """Start one instance of a service under a supervisor; only instance 1 has the port of ports.toml."""
        environment = {
            **self.environment(),
            "JUESUAN_INSTANCE": instance,
            "JUESUAN_PORT": str(self.places.ports[name]) if instance == "1" else "0",
            "PYTHONPATH": str(ROOT),
            **settings,
        }
        command = [sys.executable, "-m", "deploy.local.supervise", sys.executable, "-m", f"services.{name}"]
        port = int(environment["JUESUAN_PORT"])  # 0: any that is free
        self.service(name, instance).start(command, environment, (port,) if port else ())

    def wait_for(self, name: str, instance: str = "1") -> None:
        """Wait until instance 1 of a service says that it is ready (others have no known port: until they run)."""
        if instance == "1":
            self.service(name, instance).wait_until(lambda: self._ready(name), _READY_SECONDS, f"The service {name}")

    def service(self, name: str, instance: str = "1") -> Daemon:
        """The supervisor of one instance."""
        return Daemon(f"{name}-{instance}", self.places.folder("services"), self.places.lasting)

    def environment(self) -> dict[str, str]:
        """The settings by which services and commands find the servers."""
        return {
            "JUESUAN_KAFKA": self.kafka.address,
            "JUESUAN_STORE": f"http://{ACCESS_KEY}:{SECRET_KEY}@{self.s3.address}",
            "JUESUAN_DATABASE": self.postgres.url(),
            "JUESUAN_BUCKET_INCOMING": INCOMING,
            "JUESUAN_BUCKET_OUTPUTS": OUTPUTS,
        }

    def create_topics(self) -> None:
        """Make the topics that are not there yet."""
        from deploy.setup import create_topics  # noqa: PLC0415 - the clients of the servers take a second to import

        create_topics(self.kafka.address)

    def create_buckets(self) -> None:
        """Make the two buckets unless they are there."""
        from deploy.setup import create_buckets  # noqa: PLC0415

        create_buckets(f"http://{ACCESS_KEY}:{SECRET_KEY}@{self.s3.address}", (INCOMING, OUTPUTS))

    def migrate(self) -> None:
        """Bring the database to the present schema."""
        from deploy.setup import create_schema  # noqa: PLC0415

        create_schema(self.postgres.url())

    def tell(self) -> None:
        """Write `<state>/env`, by which the `juesuan` command of this checkout finds the servers."""
        path = self.places.state / "env"
        path.touch(mode=0o600)  # it names the keys of the object store
        path.write_text(environment_lines(self) + "\n", encoding="utf-8")

    def tell_no_more(self) -> None:
        """Remove `<state>/env`: the servers are going."""
        (self.places.state / "env").unlink(missing_ok=True)

    def stop(self) -> list[str]:
        """Stop services and servers, the last first; the names of those that ran."""
        stopped = [daemon.name for daemon in self._daemons() if daemon.stop(45)]
        steps = (
            (self.postgres.name, self.postgres.stop),
            (self.s3.name, self.s3.stop),
            (self.kafka.name, self.kafka.stop),
        )
        return stopped + [name for name, stop in steps if stop()]

    def states(self) -> list[State]:
        """Every server and service with its pid and where it listens."""
        servers = [
            State("kafka", _pid(self.kafka.daemon), self.kafka.address),
            State("s3", _pid(self.s3.daemon), self.s3.address),
            State("postgres", self.postgres.pid(), str(self.places.state / "postgres" / "data")),
        ]
        running = {daemon.name: daemon for daemon in self._daemons()}
        names = dict.fromkeys([f"{name}-1" for name in SERVICES] + sorted(running))
        services = [State(name, _pid(running[name]) if name in running else None, self._where(name)) for name in names]
        return servers + services

    def _where(self, name: str) -> str:
        service, _, instance = name.rpartition("-")
        return f"127.0.0.1:{self.places.ports[service]}" if instance == "1" and service in self.places.ports else ""

    def _daemons(self) -> Iterator[Daemon]:
        folder = self.places.folder("services")
        for pid_file in sorted(folder.glob("*.pid"), reverse=True):
            yield Daemon(pid_file.stem, folder, self.places.lasting)

    def _ready(self, name: str) -> bool:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.places.ports[name]}/readyz", timeout=5).close()
        except (urllib.error.URLError, OSError):
            return False
        return True


def _pid(daemon: Daemon) -> int | None:
    process = daemon.process()
    return process.pid if process else None


def environment_lines(stack: Stack) -> str:
    """Shell lines that point the `juesuan` command at this installation."""
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in sorted(stack.environment().items()))
