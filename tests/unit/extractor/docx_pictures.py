"""Pictures of a page or a table, to be pasted into documents."""

from __future__ import annotations

import io
from functools import cache

from PIL import Image, ImageDraw

from tests.corpus.scans.paper import SERIF, face

_DOTS = 200 / 2.54
_XS, _YS = (1.0, 7.0, 11.0, 15.0), (2.0, 3.0, 4.0, 5.0)
ROWS = (
    ("科目名称", "本年支出合计", "基本支出"),
    ("一般公共服务支出", "1,118.31", "42.31"),
    ("住房保障支出", "95.53", ""),
)


@cache
def picture(*, high: float = 23.0, ruled: bool = True) -> bytes:
    """A title, and a table of `ROWS` if `ruled`: 16 cm x `high` cm at 200 dpi."""
    image = Image.new("L", (round(16 * _DOTS), round(high * _DOTS)), 255)
    pen = ImageDraw.Draw(image)
    if ruled:
        pen.text((5 * _DOTS, 1.3 * _DOTS), "支出决算表", 0, face(SERIF, 44), anchor="ls")
        for y in _YS:
            pen.line([(_XS[0] * _DOTS, y * _DOTS), (_XS[-1] * _DOTS, y * _DOTS)], 0, 2)
        for x in _XS:
            pen.line([(x * _DOTS, _YS[0] * _DOTS), (x * _DOTS, _YS[-1] * _DOTS)], 0, 2)
        for row, words in enumerate(ROWS):
            for column, word in enumerate(words):
                place = ((_XS[column] + 0.2) * _DOTS, (_YS[row] + 0.7) * _DOTS)
                pen.text(place, word, 0, face(SERIF, 30), anchor="ls")
    else:
        pen.ellipse([(3 * _DOTS, 1 * _DOTS), (9 * _DOTS, 7 * _DOTS)], outline=0, width=8)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()
