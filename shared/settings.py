"""What an operator may change, read once from the environment. Every name starts with JUESUAN_."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields

from shared.contracts.base import Text
from shared.contracts.errors import Category, JuesuanError, Phase

MEGABYTE = 1024 * 1024


class BadSetting(JuesuanError):
    """A setting in the environment cannot be used; says which and what it may be."""

    def __init__(self, name: str, value: str) -> None:
        text = Text(
            zh=f"环境变量 {name} 的值“{value}”无效：应为正数。",
            en=f'The environment variable {name} is "{value}": it must be a positive number.',
        )
        super().__init__(Category.INTERNAL, Phase.INTAKE, text)


@dataclass(frozen=True)
class Settings:
    """Limits of the workers.

    `document_seconds`: one document may take so long, however well it gets on, then its worker is killed.
    `stall_seconds`: so long without a page, a sheet or a step of the chain, and it is killed as well.
    `worker_megabytes`: address space of a worker, libraries included. `worker_documents`: a worker is replaced after
    so many documents, or when it holds `worker_resident_megabytes` of memory between two of them.
    """

    document_seconds: float = 1800.0
    stall_seconds: float = 60.0
    worker_megabytes: int = 6144
    worker_documents: int = 250
    worker_resident_megabytes: int = 2048

    @property
    def processor_seconds(self) -> float:
        """Processor time of one document: a last resort, for a worker that nobody watches any more."""
        return 2 * self.document_seconds

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """JUESUAN_DOCUMENT_SECONDS and so on; raises `BadSetting`."""
        values: dict[str, float] = {}
        for field in fields(cls):
            name = f"JUESUAN_{field.name.upper()}"
            printed = environment.get(name)
            if printed is None:
                continue
            try:
                value = float(printed) if field.name.endswith("_seconds") else int(printed)
            except ValueError as error:
                raise BadSetting(name, printed) from error
            if not 0 < value < float("inf"):
                raise BadSetting(name, printed)
            values[field.name] = value
        return cls(**values)  # type: ignore[arg-type]
