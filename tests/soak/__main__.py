"""`python -m tests.soak [--blows 30] [--seed N] [--heavy]`: two members copy records while they and the broker are hit.

Ends with 0 if every record was copied exactly once for a reader of committed records, else with 1 and the list.
"""

from __future__ import annotations

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from pathlib import Path

from kafka import KafkaAdminClient
from kafka.admin import NewTopic

from deploy.local.kafka import Kafka
from deploy.local.places import private_places
from shared.adapters.bus import BusFault, Message
from shared.adapters.kafka_bus import KafkaBus
from tests.soak import out_topic, work_topic

_MEMBERS, _PARTITIONS, _RECORDS_A_BLOW = 2, 8, 300
_PATIENCE = 90
_LAST_PATIENCE = 600
_FROZEN_SECONDS = (8, 16)  # around the ten seconds after which the group gives up a member


class Members:
    """Processes that are started again whenever they end, until `close`."""

    def __init__(self, command: list[str], log: Path) -> None:
        self._command, self._log = command, log
        self._running: dict[int, subprocess.Popen[bytes]] = {}
        self._closing = threading.Event()
        self.ends: Counter[int] = Counter()
        self._threads = [threading.Thread(target=self._keep, args=(number,)) for number in range(_MEMBERS)]
        for thread in self._threads:
            thread.start()

    def _keep(self, number: int) -> None:
        command = [*self._command[:-1], str(number), self._command[-1]]
        while not self._closing.is_set():
            with self._log.open("ab") as log, subprocess.Popen(command, stdout=log, stderr=log) as member:
                self._running[number] = member
                self.ends[member.wait()] += 1
            self._closing.wait(0.5)

    def one(self, chance: random.Random) -> subprocess.Popen[bytes]:
        """One of them."""
        return self._running[chance.randrange(_MEMBERS)]

    def close(self) -> None:
        """End them for good."""
        self._closing.set()
        for member in self._running.values():
            member.kill()
        for thread in self._threads:
            thread.join()


class Soak:
    """A broker, the members, and what they were given."""

    def __init__(self, folder: Path, kind: str, seed: int) -> None:
        self._chance = random.Random(seed)
        self._kafka = Kafka(private_places(folder / "state"))
        self._kafka.start()
        self._service = f"soak{uuid.uuid4().hex[:6]}"
        self._sent = 0
        admin = KafkaAdminClient(bootstrap_servers=self._kafka.address)
        admin.create_topics([NewTopic(name(self._service), _PARTITIONS, 1) for name in (work_topic, out_topic)])
        admin.close()
        module = [sys.executable, "-m", "tests.soak.member", self._kafka.address, self._service, kind]
        self._members = Members(module, folder / "members.log")

    def close(self) -> None:
        """End all processes."""
        self._members.close()
        self._kafka.stop()

    def send(self) -> None:
        """More work."""
        values = [b"%d" % number for number in range(self._sent, self._sent + _RECORDS_A_BLOW)]
        bus = KafkaBus(self._kafka.address)
        try:
            bus.send([Message(work_topic(self._service), value, value) for value in values])
        finally:
            bus.close()
        self._sent += len(values)

    def copied(self) -> Counter[bytes]:
        """What a reader of committed records sees."""
        bus = KafkaBus(self._kafka.address)
        return Counter(record.value or b"" for record in bus.read_all(out_topic(self._service)))

    def wait_for(self, count: int, patience: float) -> None:
        """Until so many were copied."""
        until = time.monotonic() + patience
        while time.monotonic() < until:
            try:
                if len(self.copied()) >= count:
                    return
            except BusFault as fault:
                print(fault)
            time.sleep(1)

    def hit(self) -> str:
        """One blow; what it was."""
        blow = self._chance.choice(("broker", "kill", "stop in order", "freeze", "freeze"))
        if blow == "broker":
            self._kafka.daemon.kill()
            time.sleep(self._chance.choice((0, 1, 3)))
            self._kafka.start()
            return blow
        member = self._members.one(self._chance)
        if blow == "freeze":
            member.send_signal(signal.SIGSTOP)
            time.sleep(self._chance.uniform(*_FROZEN_SECONDS))
            member.send_signal(signal.SIGCONT)
        else:
            member.send_signal(signal.SIGKILL if blow == "kill" else signal.SIGTERM)
        return blow

    def run(self, blows: int) -> int:
        """Hit so often; how many records are missing or came more than once."""
        for number in range(1, blows + 1):
            self.send()
            self.wait_for(self._sent - self._chance.randrange(_RECORDS_A_BLOW), _PATIENCE)
            print(f"{number:3} {self.hit():15} ends so far: {dict(self._members.ends)}", flush=True)
        self.wait_for(self._sent, _LAST_PATIENCE)
        copied = self.copied()
        missing = [number for number in range(self._sent) if b"%d" % number not in copied]
        twice = {value.decode(): count for value, count in copied.items() if count > 1}
        print(f"{self._sent} records, {len(missing)} missing {missing}, {len(twice)} more than once {twice}")
        return len(missing) + len(twice)


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--blows", type=int, default=30)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10_000))
    parser.add_argument("--heavy", action="store_true", help="one record of a partition at a time, each with a journal")
    given = parser.parse_args()
    print(f"seed {given.seed}")
    with tempfile.TemporaryDirectory(prefix="juesuan-soak-") as folder:
        soak = Soak(Path(folder), "heavy" if given.heavy else "light", given.seed)
        try:
            return 1 if soak.run(given.blows) else 0
        finally:
            soak.close()


if __name__ == "__main__":
    sys.exit(main())
