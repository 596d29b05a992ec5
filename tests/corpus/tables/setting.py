"""What every table builder needs."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tests.corpus.accounts import Account
from tests.corpus.layouts.spec import Layout


@dataclass(frozen=True)
class Setting:
    """An account, the layout it is printed in, and the source of chance of this printing."""

    account: Account
    layout: Layout
    rng: Random

    def text(self, fen: int | None) -> str:
        """An amount as this layout prints it."""
        return self.layout.money.text(fen, self.rng)
