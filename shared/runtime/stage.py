"""What a stage is: a pure function and the words it takes and gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from shared.contracts.errors import Phase
from shared.contracts.events import Event


@dataclass(frozen=True)
class Stage:
    """The declaration of a service with a pure function.

    `handle` takes one `takes` and returns one `gives`, or raises one of the typed errors; it must be a module-level
    function, so that a worker process can import it. `consumes` and `produces` are the events around it in the chain.
    """

    name: str
    phase: Phase
    handle: Callable[[Any], Any]
    takes: type[BaseModel]
    gives: type[BaseModel]
    consumes: type[Event]
    produces: type[Event]
