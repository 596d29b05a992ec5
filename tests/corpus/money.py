"""How figures are printed: exact 分 (hundredths of a 元) in, the text of a form out."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Literal

FEN_PER_YUAN = 100
FEN_PER_WAN = 1_000_000

Zero = Literal["blank", "0.00", "0", "mixed"]


@dataclass(frozen=True)
class Money:
    """One way to print amounts. `zero` says what stands for nothing; `mixed` chooses by `rng`, as real forms do."""

    wan: bool = True
    commas: bool = True
    zero: Zero = "blank"

    @property
    def unit(self) -> str:
        """万元 or 元."""
        return "万元" if self.wan else "元"

    @property
    def grain(self) -> int:
        """The 分 in one unit of the last printed digit."""
        return FEN_PER_WAN // 100 if self.wan else 1

    def amount(self, fen: int) -> Decimal:
        """`fen` in the printed unit, rounded to two places as an accountant rounds (half up, away from zero)."""
        divisor = FEN_PER_WAN if self.wan else FEN_PER_YUAN
        return (Decimal(fen) / divisor).quantize(Decimal("0.01"), ROUND_HALF_UP)

    def text(self, fen: int | None, rng: Random) -> str:
        """The printed text: "" for None; a zero by `zero`."""
        if fen is None:
            return ""
        amount = self.amount(fen)
        if amount == 0:
            style = rng.choice(("blank", "0.00", "0")) if self.zero == "mixed" else self.zero
            return "" if style == "blank" else style
        return format(amount, ",.2f" if self.commas else ".2f")
