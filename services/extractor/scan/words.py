"""Pieces of text read: what they say, how sure that is, and where each character stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.extractor.lattice.chars import WIDE, Glyph
from services.extractor.scan.engine import Character, Recognised, recogniser
from services.extractor.scan.numbers import folded, like_number, marks, misfits, well_formed
from services.extractor.scan.raster import Pixels
from services.extractor.scan.segments import Segment, crop_of
from services.extractor.scan.sheet import Place, Sheet

#: From the baseline up to the middle of a character, in em, as everywhere in the lattice.
_MIDDLE = 0.35
#: Nothing but a bar: no higher than this (em), and the widths (em) that part a hyphen, a dash and a double dash.
_BAR, _HYPHEN, _DASH = 0.26, 0.62, 1.35
#: A word whose least sure character is less sure than this is doubtful: words, and what has a digit.
_SURE, _SURE_NUMBER = 0.7, 0.9
#: A number that is less sure than this is read again; the room around a line (of its height) the first and second time.
_QUITE_SURE = 0.97
_ROOM, _OTHER_ROOM = 0.18, 0.34
#: A scrap has so few characters, of which one is less sure than this.
_SCRAP, _UNLIKELY = 2, 0.55
#: What the model makes of a rule that was not seen as one. Accounts print no such character.
_RULE = "|"
_POINTS = re.compile(r"[.,]")
#: Share of a word from which a seal was taken off.
_STAIN = 0.03
#: What the model makes of a bar.
_BARS = frozenset("一-—–―－_~二=")


@dataclass(frozen=True)
class Word:
    """A piece of text. `size`: its em in pixels; `doubtful`: what it says is not certain."""

    place: Place
    size: float
    characters: tuple[Character, ...]
    doubtful: bool = False
    numeric: bool = False

    @property
    def text(self) -> str:
        """What it says."""
        return "".join(character.text for character in self.characters)

    @property
    def sure(self) -> float:
        """How sure its least sure character is."""
        return min((character.sure for character in self.characters), default=0.0)

    @property
    def box(self) -> Segment:
        """Its ink, in pixels."""
        return self.place.segment


def read_words(sheet: Sheet, places: Sequence[Place]) -> list[Word]:
    """The words at `places`; a place where nothing can be read gives a doubtful word without characters.

    A number that is not quite sure, that no number is written like, or that has more or fewer marks of ink than
    characters, is read a second time in another size; so is one under a seal.
    """
    words = [_word(sheet, place, read) for place, read in zip(places, _read(sheet, places, _ROOM), strict=True)]
    numbers = [index for index, word in enumerate(words) if word.numeric]
    plain = [_is_plain(sheet, words[index]) for index in numbers]
    again = [index for index, sure in zip(numbers, plain, strict=True) if not sure or _stained(sheet, words[index])]
    for index, read in zip(again, _read_again(sheet, [words[index] for index in again]), strict=True):
        words[index] = _second(words[index], _word(sheet, places[index], read))
    shapes = [(words[index].text, words[index].box.width, words[index].box.height) for index in numbers]
    for index, misfit, sure in zip(numbers, misfits(shapes, plain), plain, strict=True):
        if not sure and (misfit or _stained(sheet, words[index])):
            words[index] = replace(words[index], doubtful=True)
    return _without_scraps(words)


def _without_scraps(words: list[Word]) -> list[Word]:
    """Words without what specks, shadows and seals left: one or two characters, hardly likely, beside a sure word.

    What is left out leaves a doubt behind. On the page itself nothing needs to stand beside it.
    """
    sure = {word.place.limits for word in words if word.sure >= _SURE}
    scraps = [len(word.characters) <= _SCRAP and word.sure < _UNLIKELY and word.place.limits in sure for word in words]
    return [
        replace(word, characters=(), doubtful=True) if scrap else word
        for word, scrap in zip(words, scraps, strict=True)
    ]


def _read(sheet: Sheet, places: Sequence[Place], room: float) -> list[Recognised]:
    crops = [crop_of(sheet.grey, place.segment, _em(place, sheet), place.limits, room) for place in places]
    return recogniser().read(crops)


def _read_again(sheet: Sheet, words: Sequence[Word]) -> list[Recognised]:
    """In another size; what stood under a seal is read with the seal, which hides no points."""
    crops: list[Pixels] = []
    for word in words:
        seen = sheet.under if sheet.under is not None and _stained(sheet, word) else sheet.grey
        crops.append(crop_of(seen, word.box, word.size, word.place.limits, _OTHER_ROOM))
    return recogniser().read(crops)


def _em(place: Place, sheet: Sheet) -> float:
    """The em of a word: higher ink than that of the page has an em of its own."""
    return sheet.em if place.segment.height < 1.2 * sheet.em else 1.05 * place.segment.height


def _word(sheet: Sheet, place: Place, read: Recognised) -> Word:
    em = _em(place, sheet)
    characters = read.characters
    bar = _bar(place.segment, em) if _BARS.issuperset(read.text) else ""
    if bar:
        sure = max((character.sure for character in characters), default=_QUITE_SURE)
        characters = tuple(Character(mark, max(sure, _QUITE_SURE), (i + 0.5) / len(bar)) for i, mark in enumerate(bar))
        return Word(place, em, characters)
    if not like_number(read.text):
        least = _SURE_NUMBER if any(character.text.isdigit() for character in characters) else _SURE
        return Word(place, em, characters, doubtful=read.sure < least or _RULE in read.text)
    kept = [character for character in characters if not character.text.isspace()]
    characters = tuple(Character(folded(character.text), character.sure, character.at) for character in kept)
    return Word(place, em, characters, doubtful=read.sure < _SURE, numeric=True)


def _is_plain(sheet: Sheet, word: Word) -> bool:
    """Whether a number is quite sure, in the form of a number, and has as many marks as characters."""
    if word.sure < _QUITE_SURE or not well_formed(word.text):
        return False
    box = word.box
    return marks(sheet.ink[box.y0 : box.y1, box.x0 : box.x1]) == len(word.text)


def _stained(sheet: Sheet, word: Word) -> bool:
    """Whether a seal was taken off a part of the word."""
    box = word.box
    if sheet.stain is None:
        return False
    return float(sheet.stain[box.y0 : box.y1, box.x0 : box.x1].mean()) > _STAIN * 255


def _second(first: Word, again: Word) -> Word:
    """Of two readings of a number the one that can be a number and is surer; doubtful where they differ.

    Points and commas get lost, they do not appear: where only those differ, the reading that has them is taken.
    """
    good = [word for word in (first, again) if well_formed(word.text)]
    best = max(good or [first, again], key=lambda word: word.sure)
    if len(good) > 1 and _POINTS.sub("", first.text) == _POINTS.sub("", again.text):
        best = max(good, key=lambda word: len(word.text))
    doubtful = not good or first.text != again.text or min(first.sure, again.sure) < _SURE_NUMBER
    return replace(best, doubtful=doubtful)


def _bar(segment: Segment, em: float) -> str:
    """A hyphen or dashes, if the ink is nothing but a bar: the model reads bars as the character 一."""
    if segment.height > _BAR * em or segment.width < 1.5 * segment.height:
        return ""
    width = segment.width / em
    return "-" if width < _HYPHEN else "—" if width < _DASH else "——"


def glyphs_of(words: Sequence[Word], scale: float) -> list[Glyph]:
    """The characters of words in points, as the lattice wants them."""
    glyphs: list[Glyph] = []
    for word in words:
        box, size = word.box, word.size
        side = 0.3 * max(box.height, 0.8 * size) + 1  # the room that the crop had at either side
        left, width = box.x0 - side, box.width + 2 * side
        base = (box.y0 + box.y1) / 2 / scale + _MIDDLE * size / scale
        middles = [left + character.at * width for character in word.characters]
        for index, (character, middle) in enumerate(zip(word.characters, middles, strict=True)):
            if character.text.isspace():
                continue
            half = size * (0.5 if character.text >= WIDE else 0.27)
            x0 = _side(middles, index, -1, middle - half, size)
            x1 = _side(middles, index, 1, middle + half, size)
            x0, x1 = max(x0, float(box.x0)), min(x1, float(box.x1))
            glyphs.append((base, x0 / scale, max(x1, x0 + 1) / scale, size / scale, character.text))
    return glyphs


def _side(middles: list[float], index: int, step: int, own: float, size: float) -> float:
    """Where a character ends: half way to its neighbour if that is near, else as far as it is wide."""
    other = index + step
    if 0 <= other < len(middles) and abs(middles[other] - middles[index]) < 1.7 * size:
        return (middles[other] + middles[index]) / 2
    return own
