"""Finding the servers of the chain, and saying it plainly when they are not there."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from shared.adapters.bus import BusFault
from shared.contracts.base import Text
from shared.contracts.errors import Category, JuesuanError, Phase, TransientFault
from shared.runtime.connections import ChainSettings, Connections, use

_CHECKOUT = Path(__file__).resolve().parents[2]
_NEEDED = ("JUESUAN_KAFKA", "JUESUAN_STORE", "JUESUAN_DATABASE")


class NoServers(JuesuanError):
    """Nobody said where the servers are."""

    def __init__(self, missing: str, looked: Path) -> None:
        text = Text(
            zh=f"不知道服务器在哪里：缺少环境变量 {missing}，也没有文件 {looked}。"
            "请设置 JUESUAN_KAFKA、JUESUAN_STORE、JUESUAN_DATABASE，或在代码目录中运行 make up。",
            en=f"Where are the servers? {missing} is not set, and there is no {looked}. "
            "Set JUESUAN_KAFKA, JUESUAN_STORE and JUESUAN_DATABASE, or run `make up` in the checkout.",
        )
        super().__init__(Category.SERVER, Phase.INTAKE, text)


class NoAnswer(JuesuanError):
    """A server is away."""

    def __init__(self, detail: str) -> None:
        text = Text(
            zh=f"服务器没有应答：{detail}。请检查地址和网络；本机服务用 make ps 查看、make up 启动。",
            en=f"A server does not answer: {detail}. Check its address and the network; servers on this machine: "
            "`make ps` shows them, `make up` starts them.",
        )
        super().__init__(Category.SERVER, Phase.INTAKE, text, detail)


def environment_file(environment: Mapping[str, str] = os.environ) -> Path:
    """What `make up` writes: `env` in JUESUAN_STATE, else in `.state` of the checkout that this command belongs to."""
    return Path(environment.get("JUESUAN_STATE") or _CHECKOUT / ".state") / "env"


def chain_environment(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The settings: a variable that is set counts, the file of `make up` says the rest. Raises `NoServers`."""
    file = environment_file(environment)
    told = _read(file) if any(not environment.get(name) for name in _NEEDED) else {}
    found = {**told, **{name: value for name, value in environment.items() if value}}
    for name in _NEEDED:
        if not found.get(name):
            raise NoServers(name, file)
    return found


def chain_settings() -> ChainSettings:
    """The settings of this command. Raises `NoServers`."""
    return ChainSettings.from_environment(chain_environment())


@contextmanager
def servers() -> Iterator[ChainSettings]:
    """Work with the servers of the chain; one that is away becomes a `NoAnswer`."""
    chosen = chain_settings()
    with use(Connections(chosen)), answered():
        yield chosen


@contextmanager
def answered() -> Iterator[None]:
    """Turn the faults of servers, which services wait out, into an error that a person reads."""
    try:
        yield
    except BusFault as fault:
        raise NoAnswer(str(fault)) from fault
    except TransientFault as fault:
        raise NoAnswer(fault.detail or fault.text.en) from fault


def _read(file: Path) -> dict[str, str]:
    if not file.exists():
        return {}
    words = [word for line in file.read_text(encoding="utf-8").splitlines() for word in shlex.split(line)]
    return dict(word.split("=", 1) for word in words if "=" in word)
