"""A breaker that stops a service which does nothing but fail, before it turns a whole batch into dead letters."""

from __future__ import annotations

from collections import deque


class BreakerOpen(BaseException):
    """Too much fails. Not an `Exception`, so that nothing on the way catches it: the process ends and says why."""


class Breaker:
    """Opens after `in_a_row` failures in a row, or when more than `share` of the last `window` results failed.

    Only failures that speak against the service count (crashes, internal errors, servers away), never a bad file.
    """

    def __init__(self, in_a_row: int = 20, share: float = 0.5, window: int = 100) -> None:
        self._limit, self._share = in_a_row, share
        self._recent: deque[bool] = deque(maxlen=window)
        self._run = 0

    def succeeded(self) -> None:
        """Count one good result."""
        self._run = 0
        self._recent.append(False)

    def failed(self, reason: str) -> None:
        """Count one failure. Raises `BreakerOpen` when it is one too many."""
        self._run += 1
        self._recent.append(True)
        if self._run >= self._limit:
            raise BreakerOpen(f"{self._run} failures in a row, the last: {reason}")
        failed = sum(self._recent)
        if len(self._recent) == self._recent.maxlen and failed > self._share * len(self._recent):
            raise BreakerOpen(f"{failed} of the last {len(self._recent)} failed, the last: {reason}")
