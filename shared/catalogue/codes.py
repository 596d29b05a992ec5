"""The subject codes of 政府收支分类科目 by fiscal year: what a code means, whether it is in force, its parent."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from shared.catalogue.files import read_rows
from shared.catalogue.text import fold
from shared.contracts.report import Code, CodeStatus, CodeSystem

_FILES = {
    CodeSystem.FUNCTIONAL: "functional",
    CodeSystem.ECONOMIC_DEPARTMENT: "economic_dept",
    CodeSystem.ECONOMIC_GOVERNMENT: "economic_gov",
    CodeSystem.REVENUE: "revenue",
}
_LENGTHS = {
    CodeSystem.FUNCTIONAL: (3, 5, 7),
    CodeSystem.ECONOMIC_DEPARTMENT: (3, 5),
    CodeSystem.ECONOMIC_GOVERNMENT: (3, 5),
    CodeSystem.REVENUE: (3, 5, 7, 9),
}
_KINDS = {"func": CodeSystem.FUNCTIONAL, "econ_dept": CodeSystem.ECONOMIC_DEPARTMENT}
_CODED_NAME = re.compile(r"^(\d{3,7}) (\S+)")

LEVEL_NAMES = {1: "类", 2: "款", 3: "项"}


@dataclass(frozen=True)
class Entry:
    """One catalogue row: a code, its name and the years in which the two belong together (None: open end)."""

    code: str
    name: str
    first_year: int | None
    last_year: int | None
    verified: bool

    def in_force(self, year: int | None) -> bool:
        """Whether code and name belong together in `year`; an unknown year matches everything."""
        if year is None:
            return True
        return (self.first_year is None or self.first_year <= year) and (
            self.last_year is None or year <= self.last_year
        )


@cache
def _entries(system: CodeSystem) -> dict[str, tuple[Entry, ...]]:
    found: dict[str, list[Entry]] = {}
    for row in read_rows(_FILES[system]):
        first, last = (int(row[key]) if row[key] else None for key in ("valid_from", "valid_to"))
        found.setdefault(row["code"], []).append(
            Entry(row["code"], row["name"], first, last, row["confidence"] == "verified")
        )
    for change in read_rows("code_changes"):
        if _KINDS.get(change["kind"]) is not system:
            continue
        before = _CODED_NAME.match(change["from"])
        if before and change["change"] in {"renamed", "moved", "split", "removed"}:
            entry = Entry(
                before[1], before[2], None, int(change["effective_year"]) - 1, change["basis"].startswith("confirmed")
            )
            known = found.setdefault(entry.code, [])
            if all(fold(other.name) != fold(entry.name) for other in known):
                known.append(entry)
        _begin(found, change["to"], int(change["effective_year"]))
    return {code: tuple(entries) for code, entries in found.items()}


def _begin(found: dict[str, list[Entry]], to: str, year: int) -> None:
    """The name that a change brought in ("224 灾害防治及应急管理支出") begins in the year of the change."""
    after = _CODED_NAME.match(to)
    if after is None:
        return
    found[after[1]] = [
        replace(entry, first_year=year) if entry.first_year is None and fold(entry.name) == fold(after[2]) else entry
        for entry in found.get(after[1], [])
    ]


def level_of(code: str, system: CodeSystem) -> int | None:
    """1 类, 2 款, 3 项 (and 4 目 in revenue) by the length of `code`; None if no code of `system` has this length."""
    lengths = _LENGTHS[system]
    return lengths.index(len(code)) + 1 if code.isascii() and code.isdigit() and len(code) in lengths else None


def parent_of(code: str, system: CodeSystem) -> str | None:
    """The code one level up, by its digits; None for a 类."""
    level = level_of(code, system)
    return None if level is None or level == 1 else code[: _LENGTHS[system][level - 2]]


def resolve(code: str, system: CodeSystem, year: int | None) -> Code | None:
    """`code` as the catalogue of `year` knows it; None if its length or its characters make it no code at all.

    A code that the catalogue does not know has status `unknown` and no official name: most of the catalogue is
    unverified, so that is a reason to look, not an error.
    """
    level = level_of(code, system)
    if level is None:
        return None
    entries = _entries(system).get(code, ())
    current = [entry for entry in entries if entry.in_force(year)]
    if year is not None:
        # a name whose last year is known is surer in its years than one without any year
        current.sort(key=lambda entry: entry.last_year is None)
    best = next(iter(current or entries), None)
    if best is None:
        status = CodeStatus.UNKNOWN
    elif not current:
        status = CodeStatus.NOT_IN_FORCE
    else:
        status = CodeStatus.VERIFIED if best.verified else CodeStatus.MEMORY
    return Code(
        code=code,
        system=system,
        level=level,
        parent=parent_of(code, system),
        official_name=best.name if best else None,
        status=status,
    )


def entries_of(code: str, system: CodeSystem) -> tuple[Entry, ...]:
    """Every name that the catalogue knows for `code`, of all years."""
    return _entries(system).get(code, ())


@cache
def _by_name(system: CodeSystem) -> dict[str, tuple[Entry, ...]]:
    found: dict[str, list[Entry]] = {}
    for entries in _entries(system).values():
        for entry in entries:
            found.setdefault(fold(entry.name), []).append(entry)
    return {name: tuple(entries) for name, entries in found.items()}


def codes_named(name: str, system: CodeSystem, year: int | None) -> tuple[Entry, ...]:
    """The codes that carry this name in `year`, the white space and typography of `name` aside."""
    return tuple(entry for entry in _by_name(system).get(fold(name), ()) if entry.in_force(year))
