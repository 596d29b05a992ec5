"""An S3 server whose bucket notifications go to Kafka: versitygw, built once with the Go toolchain of a wheel."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

from deploy.local.places import Places
from deploy.local.process import Daemon, ServerProblem

VERSION = "v1.7.0"
_MODULE = "github.com/versity/versitygw/cmd/versitygw"
ACCESS_KEY = "juesuan"
SECRET_KEY = "juesuan-local-only"  # noqa: S105 - a server on loopback, started and thrown away by this project
_START_SECONDS = 30
_BUILD_SECONDS = 900


class S3:
    """One gateway over a folder; tells Kafka of every object that lands in any of its buckets."""

    name = "s3"

    def __init__(self, places: Places, kafka: str, topic: str) -> None:
        self._folder = places.folder(self.name)
        self._binary = places.cache / f"versitygw-{VERSION}" / "versitygw"
        self._kafka, self._topic = kafka, topic
        self.ports = (places.ports["s3"],)
        self.address = f"127.0.0.1:{self.ports[0]}"
        self.daemon = Daemon(self.name, self._folder, places.lasting)

    @property
    def data(self) -> Path:
        """The folder under which every bucket is a folder."""
        path = self._folder / "data"
        path.mkdir(parents=True, exist_ok=True)
        return path

    def start(self, *, telling: bool = True) -> None:
        """Start the server and wait until it answers. Kafka and the topic must be there; the server exits otherwise.

        One that is not `telling` sends no notifications: what is uploaded then, nobody hears of.
        """
        if self.daemon.process() is None:
            self.build()
            environment = {
                "ROOT_ACCESS_KEY": ACCESS_KEY,
                "ROOT_SECRET_KEY": SECRET_KEY,
            }
            if telling:
                environment |= {"VGW_EVENT_KAFKA_URL": self._kafka, "VGW_EVENT_KAFKA_TOPIC": self._topic}
            # Without it the server closes each connection after one request.
            program = [str(self._binary), "--keep-alive", "--port", self.address, "posix", str(self.data)]
            self.daemon.start(program, environment, self.ports)
        self.daemon.wait_until(self._answers, _START_SECONDS, "The S3 server")

    def stop(self) -> bool:
        """Stop the server."""
        return self.daemon.stop()

    def build(self) -> None:
        """Build the pinned version unless it is in the cache; takes about a minute, once per user."""
        if self._binary.exists():
            return
        work = self._binary.parent / f"build-{os.getpid()}"
        work.mkdir(parents=True, exist_ok=True)
        command = [_go(), "install", f"{_MODULE}@{VERSION}"]
        environment = {**os.environ, "GOBIN": str(work), "GOFLAGS": "-trimpath", "CGO_ENABLED": "0"}
        done = subprocess.run(  # noqa: S603
            command, capture_output=True, text=True, timeout=_BUILD_SECONDS, env=environment, check=False
        )
        if done.returncode:
            raise ServerProblem(
                "The S3 server cannot be built from the Go module registry. Check the network, then run this again. "
                f"`{' '.join(command)}` said: {done.stderr.strip()[-800:]}"
            )
        (work / "versitygw").replace(self._binary)
        shutil.rmtree(work)

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(f"http://{self.address}/", timeout=1).close()
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True


def _go() -> str:
    beside = Path(sys.executable).with_name("go")
    found = str(beside) if beside.exists() else shutil.which("go")
    if found is None:
        raise ServerProblem("The Go toolchain is missing: install the dependency group `servers` (make does).")
    return found
