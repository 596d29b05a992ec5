"""When to try again: the wait is a value that a policy returns, nothing here sleeps."""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class RetryPolicy:
    """Exponential backoff with full jitter, in seconds; `attempts` counts the first try too."""

    attempts: int
    base: float = 1.0
    longest: float = 300.0

    def wait(self, attempt: int, chance: random.Random) -> float | None:
        """Seconds to wait after failed try number `attempt` (from 1), or None when there is no further try."""
        if attempt >= self.attempts:
            return None
        ceiling = min(self.longest, self.base * 2 ** (attempt - 1))
        return chance.uniform(ceiling / 2, ceiling)


#: a server that is away comes back; a document is given up only after about an hour of trying
TRANSIENT = RetryPolicy(attempts=20, base=1.0, longest=300.0)
#: a document that killed its worker gets one more chance, since the machine may have been short of memory
POISON = RetryPolicy(attempts=2, base=1.0, longest=5.0)
