"""A plot with logarithmic axes as SVG, without a library."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

_WIDTH, _HEIGHT = 420, 320
_LEFT, _RIGHT, _TOP, _BOTTOM = 60, 16, 34, 44
_COLOURS = ("#1f6feb", "#bf3989", "#1a7f37", "#9a6700")
_FONT = 'font-family="sans-serif" font-size="12"'

Points = Sequence[tuple[float, float]]


def panel(title: str, across: str, lines: Mapping[str, Points], left: float = 0.0) -> str:
    """One panel, moved `left` points to the right: `lines` by name as (x, y), both above 0."""
    xs = [x for points in lines.values() for x, _ in points]
    ys = [y for points in lines.values() for _, y in points]
    x0, x1 = _decades(xs)
    y0, y1 = _decades(ys)

    def place(x: float, y: float) -> tuple[float, float]:
        return (
            left + _LEFT + (math.log10(x) - x0) / (x1 - x0) * (_WIDTH - _LEFT - _RIGHT),
            _HEIGHT - _BOTTOM - (math.log10(y) - y0) / (y1 - y0) * (_HEIGHT - _TOP - _BOTTOM),
        )

    parts = [f'<text x="{left + _LEFT}" y="20" {_FONT} font-weight="bold">{escape(title)}</text>']
    for power in range(x0, x1 + 1):
        (x, bottom), (_, top) = place(10**power, 10**y0), place(10**power, 10**y1)
        parts.append(_line((x, bottom), (x, top), "#d0d7de"))
        parts.append(f'<text x="{x:.1f}" y="{bottom + 16:.1f}" {_FONT} text-anchor="middle">{10**power:g}</text>')
    for power in range(y0, y1 + 1):
        (start, y), (end, _) = place(10**x0, 10**power), place(10**x1, 10**power)
        parts.append(_line((start, y), (end, y), "#d0d7de"))
        parts.append(f'<text x="{start - 6:.1f}" y="{y + 4:.1f}" {_FONT} text-anchor="end">{10.0**power:g}</text>')
    middle = left + (_LEFT + _WIDTH - _RIGHT) / 2
    parts.append(f'<text x="{middle:.1f}" y="{_HEIGHT - 8}" {_FONT} text-anchor="middle">{escape(across)}</text>')
    for index, (name, points) in enumerate(lines.items()):
        colour = _COLOURS[index % len(_COLOURS)]
        places = [place(x, y) for x, y in points]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places]
        key = _TOP + 14 + 16 * index
        parts.append(f'<rect x="{left + _LEFT + 8}" y="{key - 9}" width="10" height="10" fill="{colour}"/>')
        parts.append(f'<text x="{left + _LEFT + 24}" y="{key}" {_FONT}>{escape(name)}</text>')
    return "\n".join(parts)


def figure(*panels: tuple[str, str, Mapping[str, Points]]) -> str:
    """An SVG file of panels side by side, each as (title, what runs across, lines by name)."""
    width = _WIDTH * len(panels)
    body = "\n".join(panel(*one, left=_WIDTH * index) for index, one in enumerate(panels))
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{_HEIGHT}" viewBox="0 0 {width} {_HEIGHT}">'
    )
    return f'{head}\n<rect width="{width}" height="{_HEIGHT}" fill="white"/>\n{body}\n</svg>\n'


def _line(start: tuple[float, float], end: tuple[float, float], colour: str) -> str:
    return f'<line x1="{start[0]:.1f}" y1="{start[1]:.1f}" x2="{end[0]:.1f}" y2="{end[1]:.1f}" stroke="{colour}"/>'


def _decades(values: Sequence[float]) -> tuple[int, int]:
    """Powers of ten below and above all values."""
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return low, max(high, low + 1)
