"""Which damaged files there are: every format with every way to damage it, in an order that any prefix covers them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from random import Random

from shared.contracts.document import SourceFile
from tests.fuzz import damage
from tests.fuzz.monsters import MONSTERS
from tests.fuzz.sound import QUICK, VARIANTS, Form, slow_forms, sound

_ARCHIVE, _PDF = b"PK\x03\x04", b"%PDF"
#: Of so many damaged files one is of a format that takes seconds.
_SELDOM = 20


@dataclass(frozen=True)
class Case:
    """A file to read. `kind`: its format; `how`: what was done to it; `sound`: the id of the file it was made from."""

    number: int
    kind: str
    how: str
    source: SourceFile
    sound: str | None = None


def sound_cases(*, slow: bool) -> Iterator[Case]:
    """Every file that others are made from, as it is."""
    for form in (*QUICK, *(slow_forms() if slow else ())):
        for variant in range(VARIANTS):
            source = SourceFile(name=f"{variant}.{form.extension}", content=sound(form.id, variant))
            yield Case(-1, form.id, "sound", source, f"{form.id}/{variant}")


def monsters(port: int, without: Collection[str] = ()) -> Iterator[Case]:
    """The files made to hurt, except those of these names; `port` of the listener that they would call."""
    for number, monster in enumerate(MONSTERS):
        if monster.name in without:
            continue
        kind = monster.name.rpartition(".")[2]
        yield Case(number, kind, monster.name, SourceFile(name=monster.name, content=monster.make(port)))


def damaged(count: int, seed: int, *, slow: bool) -> Iterator[Case]:
    """`count` files; the formats and the ways to damage each take turns, chance decides where it hurts."""
    quick = seldom = 0
    for number in range(count):
        if slow and number % _SELDOM == _SELDOM - 1:
            yield _case(number, seed, slow_forms(), seldom)
            seldom += 1
        else:
            yield _case(number, seed, QUICK, quick)
            quick += 1


def _case(number: int, seed: int, forms: tuple[Form, ...], place: int) -> Case:
    """The case in `place` among those of `forms`."""
    turn, position = divmod(place, len(forms))
    form = forms[position]
    chance = Random(f"{seed}|{number}")
    content = sound(form.id, turn % VARIANTS)
    ways = _ways(content)
    way = ways[(turn + position) % len(ways)]
    done, how = way(content, chance), way.__name__
    if chance.random() < 0.15:  # one accident does not exclude another
        again = chance.choice(damage.PLAIN)
        done, how = again(done, chance), f"{how}+{again.__name__}"
    source = SourceFile(name=f"{number}.{form.extension}", content=done)
    return Case(number, form.id, how, source, f"{form.id}/{turn % VARIANTS}")


def _ways(content: bytes) -> tuple[damage.Damage, ...]:
    if content.startswith(_ARCHIVE):
        return (*damage.PLAIN, *damage.ARCHIVE)
    if content.startswith(_PDF):
        return (*damage.PLAIN, *damage.PDF)
    if b"\0" in content:
        return damage.PLAIN
    return (*damage.PLAIN, *damage.MARKUP)
