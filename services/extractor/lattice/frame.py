"""The upright frame of a page: points from the top left corner as a reader sees the page, x right, y down."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

Rect = tuple[float, float, float, float]
Matrix = tuple[float, float, float, float, float, float]

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def compose(inner: Matrix, outer: Matrix) -> Matrix:
    """The matrix that applies `inner` first, then `outer`."""
    a, b, c, d, e, f = inner
    a2, b2, c2, d2, e2, f2 = outer
    return (
        a * a2 + b * c2,
        a * b2 + b * d2,
        c * a2 + d * c2,
        c * b2 + d * d2,
        e * a2 + f * c2 + e2,
        e * b2 + f * d2 + f2,
    )


def transform(matrix: Matrix, rect: Rect) -> Rect:
    """The bounding rectangle of `rect` (x0, y0, x1, y1) after `matrix`."""
    a, b, c, d, e, f = matrix
    x0, y0, x1, y1 = rect
    if b == 0.0 == c:
        left, right, top, bottom = a * x0 + e, a * x1 + e, d * y0 + f, d * y1 + f
        if left > right:
            left, right = right, left
        return (left, top, right, bottom) if top <= bottom else (left, bottom, right, top)
    corners = ((x0, y0), (x1, y0), (x0, y1), (x1, y1))
    across = [a * x + c * y + e for x, y in corners]
    down = [b * x + d * y + f for x, y in corners]
    return min(across), min(down), max(across), max(down)


@dataclass(frozen=True)
class Frame:
    """A page box in PDF units (y up) seen turned clockwise by `turns` quarters."""

    left: float
    bottom: float
    right: float
    top: float
    turns: int = 0

    @property
    def width(self) -> float:
        """Width as seen."""
        return self.top - self.bottom if self.turns % 2 else self.right - self.left

    @property
    def height(self) -> float:
        """Height as seen."""
        return self.right - self.left if self.turns % 2 else self.top - self.bottom

    @property
    def matrix(self) -> Matrix:
        """From PDF units to this frame."""
        return {
            0: (1.0, 0.0, 0.0, -1.0, -self.left, self.top),
            1: (0.0, 1.0, 1.0, 0.0, -self.bottom, -self.left),
            2: (-1.0, 0.0, 0.0, 1.0, self.right, -self.bottom),
            3: (0.0, -1.0, -1.0, 0.0, self.top, self.right),
        }[self.turns % 4]

    def seen(self, rects: Iterable[Rect]) -> list[Rect]:
        """Rectangles in PDF units as they are seen in this frame, without those beside the page."""
        left, bottom, right, top = self.left, self.bottom, self.right, self.top
        west, south, east, north = left - 1, bottom - 1, right + 1, top + 1
        near = (box for box in rects if box[2] >= west and box[0] <= east and box[3] >= south and box[1] <= north)
        match self.turns % 4:
            case 0:  # as a rule, and there may be 10^4: in one pass
                return [
                    (x0 - left, top - y1, x1 - left, top - y0)
                    for x0, y0, x1, y1 in rects
                    if x1 >= west and x0 <= east and y1 >= south and y0 <= north
                ]
            case 1:
                return [(y0 - bottom, x0 - left, y1 - bottom, x1 - left) for x0, y0, x1, y1 in near]
            case 2:
                return [(right - x1, y0 - bottom, right - x0, y1 - bottom) for x0, y0, x1, y1 in near]
            case _:
                return [(top - y1, right - x1, top - y0, right - x0) for x0, y0, x1, y1 in near]

    def turned(self, quarters: int) -> Frame:
        """The same page box, turned clockwise by `quarters` more."""
        return Frame(self.left, self.bottom, self.right, self.top, (self.turns + quarters) % 4)

    def into(self, other: Frame, rect: Rect) -> Rect:
        """`rect` of this frame in the coordinates of `other`, a frame of the same page box."""
        quarters = (other.turns - self.turns) % 4
        x0, y0, x1, y1 = rect
        width, height = self.width, self.height
        for _ in range(quarters):
            x0, y0, x1, y1 = height - y1, x0, height - y0, x1
            width, height = height, width
        return x0, y0, x1, y1
