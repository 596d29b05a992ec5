"""Whether a number that was read can be what is printed: its form, and how many marks of ink it has."""

from __future__ import annotations

import re

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
