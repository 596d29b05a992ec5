"""Reports and assessments as they are kept for `show`: the JSON of the contract, compressed."""

from __future__ import annotations

import zlib
from typing import TypeVar

from shared.contracts.base import Contract

Kept = TypeVar("Kept", bound=Contract)


def pack(value: Contract) -> bytes:
    """The JSON of `value`, compressed: about a twentieth of its size."""
    return zlib.compress(value.model_dump_json().encode(), 1)


def unpack(kind: type[Kept], content: bytes) -> Kept:
    """What `pack` made `content` of."""
    return kind.model_validate_json(zlib.decompress(content))
