"""Whether a number that was read can be what is printed: its form, and how many marks of ink it has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median

import cv2
import numpy as np

from services.extractor.scan.raster import Pixels

#: Digits, and what the model takes for digits or for the marks between them.
_LIKE = re.compile(
    r"[-−－—(（+]?[0-9０-９OoIl|.,，。．:：;；'’` ·]*[0-9０-９][0-9０-９OoIl|.,，。．:：;；'’` ·]*[%％)）]?"
)
#: A number as it is printed: digits in groups of three or in one, a fraction, a sign, brackets, per cent.
_WHOLE = re.compile(r"[-(+]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?[%)]?")
_FOLDED = str.maketrans("０１２３４５６７８９．，％－−（）＋", "0123456789.,%--()+")
#: Marks of ink smaller than this share of the largest are specks, or the dot over nothing.
_SPECK = 0.02
#: Numbers of known width that are enough to tell the width of others, how like their heights are, and by how many
#: digits a number may be wider or narrower than it should.
_ENOUGH, _LIKE_HEIGHT, _OFF = 8, 0.2, 0.45
_DIGIT = re.compile(r"[0-9]")


def like_number(text: str) -> bool:
    """Whether a reading is a number, perhaps read badly."""
    return bool(_LIKE.fullmatch(text.strip()))


def folded(text: str) -> str:
    """The characters of a number as they are on a keyboard."""
    return text.translate(_FOLDED)


def well_formed(text: str) -> bool:
    """Whether `text` can be a number: 1,23.4 and 12:34 cannot."""
    return bool(_WHOLE.fullmatch(text))


def marks(ink: Pixels) -> int:
    """How many separate marks of ink there are: a digit, a comma, a full stop are one each unless they touch."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    areas = stats[1:count, cv2.CC_STAT_AREA]
    return int(np.count_nonzero(areas >= _SPECK * areas.max(initial=0)))


def misfits(numbers: Sequence[tuple[str, int, int]], sure: Sequence[bool]) -> list[bool]:
    """For each number of a page, as (text, width, height) in pixels, whether its ink is too wide or too narrow for it.

    All digits of a font are as wide as each other: the `sure` ones tell how wide. Where they are too few, and for
    numbers printed larger or smaller, nothing is known and nothing is a misfit.
    """
    if sum(sure) < _ENOUGH:
        return [False] * len(numbers)
    usual = median(height for (_, _, height), known in zip(numbers, sure, strict=True) if known)
    like = [abs(height - usual) <= _LIKE_HEIGHT * usual for _, _, height in numbers]
    counts = np.array([[len(_DIGIT.findall(text)), len(_DIGIT.sub("", text)), 1] for text, _, _ in numbers], float)
    widths = np.array([width for _, width, _ in numbers], float)
    known = np.array(sure) & np.array(like)
    for _ in range(2):
        if int(known.sum()) < _ENOUGH:
            return [False] * len(numbers)
        fit, *_ = np.linalg.lstsq(counts[known], widths[known], rcond=None)
        off = np.abs(counts @ fit - widths)
        known &= off <= _OFF * fit[0]
    return [bool(here and miss > _OFF * fit[0]) for here, miss in zip(like, off, strict=True)]
