"""What the workers of the pool tests do; a worker imports this module."""

from __future__ import annotations

import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from shared.contracts.base import Text
from shared.contracts.errors import Category, InvalidDocument, Phase, PoisonDocument
from shared.observability.actions import LogAction
from shared.observability.log import Level, log
from shared.runtime.enclosed import Enclosed
from shared.runtime.progress import progress
from shared.runtime.worker import entering


def square(value: int) -> int:
    return value * value


def _checking(verb: str) -> str:
    if verb.startswith("check-"):
        entering(Phase.VALIDATE)
    return verb.removeprefix("check-")


def die(_: str) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def leave(_: str) -> None:
    os._exit(7)


def hang(_: str) -> None:
    time.sleep(60)


def spin(_: str) -> None:
    while True:
        pass


def fail(reason: str) -> None:
    raise KeyError(reason)


def eat(_: str) -> None:
    bytearray(64 * 1024**3)


def spawn(note: str) -> None:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    Path(note).write_text(f"{os.getpid()} {child.pid}", encoding="utf-8")
    time.sleep(60)


def flee(note: str) -> None:
    """A child that leaves the group, and its parent, behind."""
    script = f"import os, time; os.setsid(); open({note!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    subprocess.Popen(["/bin/sh", "-c", f'{sys.executable} -c "{script}" & exit'])
    time.sleep(60)


def tick(times: str) -> None:
    for _ in range(int(times)):
        time.sleep(0.3)
        progress()


def hold(megabytes: str) -> None:
    held.append(bytearray(b"x") * (int(megabytes) * 1024 * 1024))


DEEDS: dict[str, Callable[[str], None]] = {
    "die": die,
    "exit": leave,
    "hang": hang,
    "spin": spin,
    "raise": fail,
    "eat": eat,
    "spawn": spawn,
    "flee": flee,
    "tick": tick,
    "hold": hold,
}


def misbehave(order: str) -> str:
    """`order` is a verb and, after a colon, its object."""
    verb, _, rest = order.partition(":")
    verb = _checking(verb)
    DEEDS.get(verb, lambda _: None)(rest)
    return str(os.getpid()) if verb in {"pid", "hold"} else order


held: list[bytearray] = []


def _from_child(host: str, port: int) -> str:
    script = f"import socket; socket.create_connection(({host!r}, {port}))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    return done.stderr.strip().rpartition("\n")[2].partition(":")[0]


def _from_thread(host: str, port: int) -> str:
    found: list[str] = []
    thread = threading.Thread(target=lambda: found.append(reach(f"{host}:{port}")))
    thread.start()
    thread.join()
    return found[0]


def _by_datagram(host: str, port: int) -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.sendto(b"x", (host, port))
    return "sent"


def _by_pair(_host: str, _port: int) -> str:
    one, other = socket.socketpair()
    with one, other:
        one.sendall(b"local")
        return other.recv(5).decode()


def _plainly(host: str, port: int) -> str:
    socket.create_connection((host, port), timeout=5).close()
    return "connected"


WAYS = {"": _plainly, "child": _from_child, "thread": _from_thread, "datagram": _by_datagram, "pair": _by_pair}


def reach(place: str) -> str:
    """What comes of a connection to "[way ]host:port", by the name of the exception if there is one."""
    way, _, rest = place.rpartition(" ")
    host, _, port = rest.rpartition(":")
    try:
        return WAYS[way](host, int(port))
    except OSError as error:
        return type(error).__name__


def limits(_: object) -> dict[str, int]:
    """The limits in force, by name."""
    names = ("RLIMIT_AS", "RLIMIT_CORE", "RLIMIT_FSIZE", "RLIMIT_NOFILE", "RLIMIT_CPU")
    return {name: resource.getrlimit(getattr(resource, name))[0] for name in names}


def typed(order: str) -> str:
    """As `misbehave`, with a typed error for the verb "refuse"."""
    if order == "refuse":
        raise InvalidDocument(Category.DAMAGED, Phase.EXTRACT, Text(zh="坏", en="bad"), "why")
    return misbehave(order)


_enclosed = Enclosed(typed)


def nested(order: str) -> str:
    """`typed` in a process below this one, the way a worker of the chain reads; a lost process gives its category.

    "pid" is that of the process below, "below" that of this one. After a blank: the file to note both in.
    """
    verb, _, note = order.partition(" ")
    if note:
        Path(note).write_text(f"{os.getpid()} {_enclosed('pid')}", encoding="utf-8")
    try:
        return str(os.getpid()) if verb == "below" else _enclosed(verb)
    except PoisonDocument as error:
        return error.category.value


def nested_reach(place: str) -> tuple[str, str]:
    """A connection from this process, and from the one below."""
    return reach(place), _reach_enclosed(place)


_reach_enclosed = Enclosed(reach)


def speak(word: str) -> str:
    """A line in the log of the worker."""
    log(LogAction.DOCUMENT_FAILED, Level.ERROR, word=word)
    return word
