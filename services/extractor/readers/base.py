"""What a reader is: it declares what it can read and does only that."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from shared.contracts.document import Block, Doubt, MediaType, SourceFile


@dataclass(frozen=True)
class Reading:
    """What a reader saw: blocks in reading order (table indexes numbered from 0), page count if any, doubts."""

    blocks: tuple[Block, ...]
    pages: int | None = None
    doubts: tuple[Doubt, ...] = ()


class Reader(ABC):
    """One format. Raises `InvalidDocument` with a sentence for the clerk when the file cannot be read."""

    name: ClassVar[str]
    version: ClassVar[str]
    media_types: ClassVar[tuple[MediaType, ...]]

    @abstractmethod
    def read(self, source: SourceFile) -> Reading:
        """Read `source`; never returns zero blocks from a non-empty file (that is `NOTHING_FOUND`)."""
