"""Lines printed over each other: what is read there is a mixture of both."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from services.extractor.lattice.chars import Glyph

#: Characters that cover more than this share of the narrower one stand over each other; so many make a mixture.
_COVERED, _SEVERAL = 0.3, 3


def is_mixed(row: Sequence[Glyph]) -> bool:
    """Whether the characters of one line, from left to right, are those of two; twice the same is bold."""
    covered = 0
    for (_, here, end, _, one), (_, there, last, _, other) in pairwise(row):
        over = end - there > _COVERED * min(end - here, last - there)
        covered += over and one != other and one.isalnum() and other.isalnum()
    return covered >= _SEVERAL
