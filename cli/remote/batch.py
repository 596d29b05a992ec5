"""Names of batches and the keys of their objects: `<tenant>/<batch>/<file>`."""

from __future__ import annotations

from dataclasses import dataclass

from cli.remote import messages
from shared.adapters.lifecycle import CANARY_TENANT
from shared.contracts.base import Text
from shared.contracts.errors import Category, JuesuanError, Phase

DEFAULT_TENANT = "default"


class BadName(JuesuanError):
    """This cannot be the name of a tenant or batch."""

    def __init__(self, name: str) -> None:
        words = messages.BAD_NAME
        text = Text(zh=words.zh.format(name=name), en=words.en.format(name=name))
        super().__init__(Category.NOT_READABLE, Phase.INTAKE, text)


@dataclass(frozen=True)
class Batch:
    """One batch of one tenant."""

    tenant: str
    name: str

    @property
    def prefix(self) -> str:
        """What the keys of its objects begin with."""
        return f"{self.tenant}/{self.name}/"

    def __str__(self) -> str:
        return f"{self.tenant}/{self.name}"


def named(batch: str, tenant: str | None) -> Batch:
    """`batch` of `tenant`, or `<tenant>/<batch>`; raises `BadName`."""
    owner, name = batch.split("/", 1) if tenant is None and "/" in batch else (tenant or DEFAULT_TENANT, batch)
    for part in (owner, name):
        if not part.strip() or "/" in part or part[0] in "._" or part == CANARY_TENANT or not part.isprintable():
            raise BadName(part)
    return Batch(owner, name)
