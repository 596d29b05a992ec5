"""Where the local servers keep their state and downloads, and which ports they use."""

from __future__ import annotations

import os
import socket
import tomllib
from dataclasses import dataclass
from pathlib import Path

import platformdirs

ROOT = Path(__file__).resolve().parents[2]
PORTS_FILE = Path(__file__).with_name("ports.toml")


@dataclass(frozen=True)
class Places:
    """One installation of the servers: its state folder, the shared download cache, its ports by name.

    A `lasting` installation outlives the command that started it.
    """

    state: Path
    cache: Path
    ports: dict[str, int]
    lasting: bool = True

    def folder(self, name: str) -> Path:
        """The state folder of one server, made if it is not there."""
        path = self.state / name
        path.mkdir(parents=True, exist_ok=True)
        return path


def default_cache() -> Path:
    """Downloads and builds, pinned by name and shared by all checkouts of this user (JUESUAN_CACHE moves it)."""
    return Path(os.environ.get("JUESUAN_CACHE") or platformdirs.user_cache_path("juesuan") / "servers")


def checkout_places() -> Places:
    """The installation of this checkout: state in `.state` (JUESUAN_STATE), ports of ports.toml plus its offset."""
    settings = tomllib.loads(PORTS_FILE.read_text(encoding="utf-8"))
    offset = int(os.environ.get("JUESUAN_PORT_OFFSET") or settings["offset"])
    ports = {name: port + offset for name, port in {**settings["servers"], **settings["services"]}.items()}
    return Places(Path(os.environ.get("JUESUAN_STATE") or ROOT / ".state"), default_cache(), ports)


def private_places(state: Path) -> Places:
    """An installation in `state` on ports that are free now: for tests, beside whatever else runs."""
    settings = tomllib.loads(PORTS_FILE.read_text(encoding="utf-8"))
    names = [*settings["servers"], *settings["services"]]
    sockets = [socket.socket() for _ in names]
    try:
        for holder in sockets:
            holder.bind(("127.0.0.1", 0))
        ports = {name: holder.getsockname()[1] for name, holder in zip(names, sockets, strict=True)}
    finally:
        for holder in sockets:
            holder.close()
    return Places(state, default_cache(), ports, lasting=False)
