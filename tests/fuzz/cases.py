"""Which damaged files there are: every format with every way to damage it, in an order that any prefix covers them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from random import Random

from reportlab import rl_config  # type: ignore[import-untyped]

from shared.contracts.document import SourceFile
from tests.corpus.compose import report
from tests.corpus.layouts import LAYOUTS
from tests.corpus.writers import BY_ID, FORMATS
from tests.fuzz import damage
from tests.fuzz.monsters import MONSTERS

_VARIANTS = 3
_ARCHIVE, _PDF = b"PK\x03\x04", b"%PDF"


@dataclass(frozen=True)
class Case:
    """A file to read. `kind`: its format; `how`: what was done to it; `sound`: the id of the file it was made from."""

    number: int
    kind: str
    how: str
    source: SourceFile
    sound: str | None = None


def sound_file(form: str, variant: int) -> bytes:
    """A sound report in a format, one of a few."""
    return _sound(form, variant % _VARIANTS)


@cache
def _sound(form: str, variant: int) -> bytes:
    layouts = sorted(LAYOUTS, key=lambda layout: layout.id)
    used, rl_config.useA85 = rl_config.useA85, 0  # streams as bytes, as all producers but reportlab have them
    try:
        return BY_ID[form].write(report(layouts[(7 * variant) % len(layouts)], variant + 1))
    finally:
        rl_config.useA85 = used


def sound_cases() -> Iterator[Case]:
    """Every file that others are made from, as it is."""
    for form in FORMATS:
        for variant in range(_VARIANTS):
            name = f"{form.id}/{variant}"
            source = SourceFile(name=f"{variant}.{form.extension}", content=sound_file(form.id, variant))
            yield Case(-1, form.id, "sound", source, name)


def monsters(port: int, without: Collection[str] = ()) -> Iterator[Case]:
    """The files made to hurt, except those of these names; `port` of the listener that they would call."""
    for number, monster in enumerate(MONSTERS):
        if monster.name in without:
            continue
        kind = monster.name.rpartition(".")[2]
        yield Case(number, kind, monster.name, SourceFile(name=monster.name, content=monster.make(port)))


def damaged(count: int, seed: int) -> Iterator[Case]:
    """`count` files; the formats and the ways to damage each take turns, chance decides where it hurts."""
    for number in range(count):
        form = FORMATS[number % len(FORMATS)]
        turn = number // len(FORMATS)
        chance = Random(f"{seed}|{number}")
        content = sound_file(form.id, turn)
        ways = _ways(content)
        way = ways[(turn + number % 5) % len(ways)]
        done, how = way(content, chance), way.__name__
        if chance.random() < 0.15:  # one accident does not exclude another
            again = chance.choice(damage.PLAIN)
            done, how = again(done, chance), f"{how}+{again.__name__}"
        source = SourceFile(name=f"{number}.{form.extension}", content=done)
        yield Case(number, form.id, how, source, f"{form.id}/{turn % _VARIANTS}")


def _ways(content: bytes) -> tuple[damage.Damage, ...]:
    if content.startswith(_ARCHIVE):
        return (*damage.PLAIN, *damage.ARCHIVE)
    if content.startswith(_PDF):
        return (*damage.PLAIN, *damage.PDF)
    return (*damage.PLAIN, *damage.MARKUP)
