"""What the text objects of a page print: characters that can be seen, that are hidden, that stick out of their box."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from services.extractor.lattice.chars import LIMIT
from services.extractor.lattice.frame import Matrix, Rect, transform
from services.extractor.ofd.clips import clip_of, parted
from services.extractor.ofd.ground import Ground
from services.extractor.ofd.paint import BLACK, COLOURS, Colours, colour_of
from services.extractor.ofd.paths import cut
from services.extractor.ofd.text import Face, Mark, Run, face_of, run_of, single
from services.extractor.ofd.values import box, can_be_seen, columns, flag, plain

#: What tells where a text object stands and how it looks.
_NAMES = (
    *("Size", "CTM", "HScale", "CharDirection", "ReadDirection"),
    *("Visible", "Alpha", "Fill", "Stroke", "DrawParam", "Boundary"),
)
#: Values of Alpha that hide nothing, and a colour that covers what lies below.
_FULL = (None, "255")
_INK: Colours = (("FillColor", BLACK),)


@dataclass
class Printed:
    """The characters of a page in runs. `clipped`: (characters, box of their text object) of text that sticks out.

    `directions` counts text objects by their quarter turns; `room` is for how many more characters there is.
    """

    runs: list[Run] = field(default_factory=list)
    hidden: list[Run] = field(default_factory=list)
    clipped: list[tuple[Run, Rect]] = field(default_factory=list)
    directions: Counter[int | None] = field(default_factory=Counter)
    room: int = LIMIT

    def add(self, texts: Sequence[Any], ground: Ground) -> None:
        """Take in TextObject elements."""
        outer = ground.outer
        before: tuple[object, ...] | None = None
        for *looks, boundary, colours, clips, codes in columns(texts, _NAMES, _content):
            if before != (looks, colours):
                before, (face, seen) = (looks, colours), _looks(looks, colours, ground)
            place = box(boundary)
            self.directions[face.turn] += 1
            if len(codes) == 1 and seen and self.room > 0 and (mark := single(face, codes[0], place, outer)):
                self.room -= 1
                put(self.runs, mark, face)
                continue
            run = run_of(face, codes, place, outer, self.room)
            self.room -= len(run.chars)
            if not seen:
                append(self.hidden, run)
            elif place is None or face.turn != 0 or len(run.chars) <= 1:
                append(self.runs, run)
            else:
                self._within(run, _limit(clips, face, place, outer))

    def _within(self, run: Run, limit: Rect) -> None:
        inside, outside = parted(run, limit)
        append(self.runs, inside)
        if outside is not None:
            self.clipped.append((outside, limit))

    def cover(self) -> None:
        """Hide all that was printed so far."""
        self.hidden += [*self.runs, *(run for run, _ in self.clipped)]
        self.runs, self.clipped = [], []


def put(runs: list[Run], mark: Mark, face: Face) -> None:
    """Put one character behind `runs`, into the last one if it stands like that."""
    if not runs or runs[-1].size != face.size or runs[-1].turn != face.turn:
        runs.append(Run([], [], [], [], face.size, face.turn))
    chars, xs, ys, widths, _, _ = runs[-1]
    char, x, y, width = mark
    chars.append(char)
    xs.append(x)
    ys.append(y)
    widths.append(width)


def append(runs: list[Run], run: Run) -> None:
    """Put `run` behind `runs`, into the last one if it stands like that."""
    if runs and runs[-1].size == run.size and runs[-1].turn == run.turn:
        last = runs[-1]
        last.chars.extend(run.chars)
        last.xs.extend(run.xs)
        last.ys.extend(run.ys)
        last.widths.extend(run.widths)
    elif run.chars:
        runs.append(run)


def _content(text: Any) -> tuple[Colours, Any, list[Any]]:
    """The colours, the clips and the text codes of a text object."""
    if len(text) == 1:  # nothing else has text
        return (), None, [text[0]]
    colours: Colours = ()
    clips = None
    codes: list[Any] = []
    for part in text:
        kind = plain(part.tag)
        if kind == "TextCode":
            codes.append(part)
        elif kind == "Clips":
            clips = part
        elif kind == "FillColor" and not colours and part.get("Alpha") in _FULL:
            colours = _INK  # which one it is does not matter
        elif kind in COLOURS:
            colours += colour_of(kind, part)
    return colours, clips, codes


def _looks(looks: Sequence[str | None], colours: Colours, ground: Ground) -> tuple[Face, bool]:
    """How the characters stand, and whether they can be seen. White ones can: they may stand on a dark ground."""
    size, ctm, scale, turned, reads, visible, alpha, fill, stroke, parameters = looks
    face = face_of(size, ctm, scale, turned, reads, ground.outer)
    paint = ground.painted(None, parameters, colours)
    filled = flag(fill, default=True) and (paint.fill or BLACK).opaque
    stroked = flag(stroke, default=False) and (paint.stroke or BLACK).opaque
    return face, can_be_seen(visible, alpha) and (filled or stroked)


def _limit(clips: Any, face: Face, place: Rect, outer: Matrix) -> Rect:
    """What a text object shows: its box, cut by its clips unless they have nothing to do with it."""
    limit = transform(outer, place)
    if clips is None:
        return limit
    clip = clip_of(clips, face.own, place, outer)
    return (cut(limit, clip) if clip else None) or limit
