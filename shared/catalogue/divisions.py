"""Administrative divisions (GB/T 2260): which one a department's name or a text speaks of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from shared.catalogue.files import read_rows
from shared.catalogue.text import simplify, squeeze
from shared.contracts.report import Confidence, Division

NATION = "100000"
_PROVINCE, _CITY, _COUNTY = 1, 2, 3
_CENTRAL = re.compile(
    r"^(?:中华人民共和国|国务院|中共中央|中央|国家(?!级|大|高新|税务局.{0,3}市)|全国|最高人民|中国(?!共产党.+?[省市县区]))"
)
_ETHNIC = re.compile(
    r"(?:维吾尔|哈萨克|蒙古|回族|藏族|壮族|苗族|侗族|彝族|布依族|土家族|白族|傣族|哈尼族|景颇族|傈僳族|羌族|朝鲜族|满族|瑶族|畲族|黎族|土族|撒拉族"
    r"|东乡族|保安族|仡佬族|水族|佤族|拉祜族|纳西族|怒族|独龙族|普米族|布朗族|毛南族|仫佬族|各族|锡伯|柯尔克孜|塔吉克|达斡尔族|鄂温克族|裕固族)+"
)
_GENERIC = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划", "郊区", "城区", "矿区"})
_SUFFIX = re.compile(r"(?:特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|省|市)$")
_SHORTEST = 2


@dataclass(frozen=True)
class Place:
    """One division with the codes above it."""

    code: str
    name: str
    level: int
    parent: str


@cache
def places() -> dict[str, Place]:
    """All divisions by code."""
    return {
        row["code"]: Place(row["code"], row["name"], int(row["level"]), row["parent"]) for row in read_rows("divisions")
    }


@cache
def _by_name() -> dict[str, tuple[Place, ...]]:
    found: dict[str, list[Place]] = {}
    for place in places().values():
        if place.name in _GENERIC:
            continue
        for name in _names(place):
            found.setdefault(name, []).append(place)
    return {name: tuple(entries) for name, entries in found.items()}


def _names(place: Place) -> set[str]:
    """The full name, without the peoples of an autonomous area, and the short name of a province."""
    names = {place.name, _ETHNIC.sub("", place.name).replace("自治", "")}
    if place.level == _PROVINCE:
        names.add(_SUFFIX.sub("", place.name))
    return {name for name in names if len(name) >= _SHORTEST}


@cache
def _by_start() -> dict[str, tuple[str, ...]]:
    """Names by their first two characters, longest first."""
    found: dict[str, list[str]] = {}
    for name in sorted(_by_name(), key=len, reverse=True):
        found.setdefault(name[:_SHORTEST], []).append(name)
    return {start: tuple(names) for start, names in found.items()}


def mentions(text: str) -> list[tuple[Place, ...]]:
    """The divisions named in `text` in order, longest names first; each with all divisions of that name."""
    plain, starts = simplify(squeeze(text)), _by_start()
    found: list[tuple[Place, ...]] = []
    position = 0
    while position < len(plain) - 1:
        names = starts.get(plain[position : position + _SHORTEST], ())
        name = next((name for name in names if plain.startswith(name, position)), None)
        if name:
            found.append(_by_name()[name])
        position += len(name) if name else 1
    return found


def lineage(code: str) -> set[str]:
    """A division and all above it."""
    found: set[str] = set()
    while code in places():
        found.add(code)
        code = places()[code].parent
    return found


def locate(entity: str | None, context: Iterable[str] = ()) -> Division | None:
    """The division a department belongs to: by its name, helped by the places that `context` names.

    Printed and unique is `printed`; one of several of the same name chosen by a parent that is named too is
    `inferred`; otherwise `ambiguous` with the candidates. None if no division is named at all.
    """
    name = simplify(squeeze(entity or ""))
    found = _narrowest(mentions(name)) if name else ()
    if len(found) == 1:
        return _division(found[0], Confidence.PRINTED, name)
    around = Counter(place.code for text in context for group in mentions(text) for place in group)
    if found:
        return _choose(found, name, around)
    if name and _CENTRAL.match(name):
        return Division(code=NATION, name="中央", level=0, confidence=Confidence.INFERRED, evidence=name)
    return _from_context(name, around)


def _narrowest(groups: list[tuple[Place, ...]]) -> tuple[Place, ...]:
    """The lowest division named, kept to those whose parents agree with the names before it."""
    current: tuple[Place, ...] = ()
    for group in groups:
        if not current:
            current = group
            continue
        above = {place.code for place in current}
        nested = tuple(place for place in group if lineage(place.code) & above and place.level > current[0].level)
        if not nested:
            break
        current = nested
    return current


def _choose(found: tuple[Place, ...], name: str, around: Counter[str]) -> Division:
    nested = [place for place in found if all(other is place or place.code in lineage(other.code) for other in found)]
    if nested:
        return _division(nested[0], Confidence.PRINTED, name)
    scores = {place.code: sum(around[code] for code in lineage(place.code) - {place.code}) for place in found}
    best = max(scores.values())
    winners = [place for place in found if scores[place.code] == best]
    if best and len(winners) == 1:
        return _division(winners[0], Confidence.INFERRED, name)
    first = winners[0]
    return Division(
        code=first.code,
        name=first.name,
        level=first.level,
        confidence=Confidence.AMBIGUOUS,
        evidence=name,
        candidates=tuple(sorted(place.code for place in winners)),
    )


def _from_context(name: str, around: Counter[str]) -> Division | None:
    """No place in the name (市审计局): the place named most in the text, at the level the name speaks of."""
    if not around:
        return None
    fitting = [(count, code) for code, count in around.items() if _of_kind(places()[code], name)]
    if not fitting:
        return None
    most = max(count for count, _ in fitting)
    codes = sorted(code for count, code in fitting if count == most)
    place = places()[codes[0]]
    return Division(
        code=place.code,
        name=place.name,
        level=place.level,
        confidence=Confidence.INFERRED if len(codes) == 1 else Confidence.AMBIGUOUS,
        evidence=place.name,
        candidates=() if len(codes) == 1 else tuple(codes),
    )


def _of_kind(place: Place, name: str) -> bool:
    """Whether a place is of the kind that a name without a place speaks of: 省…, 市…, 县…, 区…."""
    if name.startswith(("省", "自治区")):
        return place.level == _PROVINCE
    if name.startswith("市"):
        return place.name.endswith("市")
    return place.level == _COUNTY if name.startswith(("县", "区")) else True


def _division(place: Place, confidence: Confidence, evidence: str) -> Division:
    return Division(code=place.code, name=place.name, level=place.level, confidence=confidence, evidence=evidence)
