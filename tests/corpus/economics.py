"""The economic side of an account: T06 (basic expenditure by 经济分类), T09 (三公) and the figures of T10."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from shared.catalogue.codes import resolve
from shared.catalogue.files import read_rows
from shared.contracts.report import CodeStatus, CodeSystem

#: functional codes whose basic expenditure is one economic item, by meaning
_MIRRORS = {
    "2080505": "30108", "2080506": "30109", "2210201": "30113", "2101101": "30110", "2101102": "30110",
    "2101103": "30111", "2080501": "30302", "2080502": "30302", "2210203": "30102",
}  # fmt: skip
_STAFF = ("30101", "30102", "30103", "30107", "30112", "30199")
_HOUSEHOLD = ("30304", "30305", "30309", "30399")
_OPERATING = (
    "30201", "30202", "30205", "30206", "30207", "30209", "30211", "30213", "30215", "30216", "30217", "30226",
    "30227", "30228", "30229", "30231", "30239", "30240", "30299",
)  # fmt: skip
_VEHICLES = 8


@dataclass(frozen=True)
class SanGong:
    """One block of T09; 公务用车 is purchase plus operation, the whole is abroad plus 公务用车 plus reception."""

    abroad: int
    purchase: int
    operation: int
    reception: int
    conference: int
    training: int

    @property
    def vehicle(self) -> int:
        """公务用车购置及运行维护费."""
        return self.purchase + self.operation

    @property
    def total(self) -> int:
        """“三公”经费合计."""
        return self.abroad + self.vehicle + self.reception


@dataclass(frozen=True)
class Economics:
    """`basic` 款 codes of T06 with their sums, the two blocks of T09, procurement and assets of T10."""

    basic: Mapping[str, int]
    budget: SanGong
    outturn: SanGong
    goods: int
    works: int
    services: int
    vehicles: tuple[int, ...]
    equipment: int

    def total(self, *classes: str) -> int:
        """The sum of the 款 under these 类."""
        return sum(value for code, value in self.basic.items() if code[:3] in classes)

    @property
    def staff(self) -> int:
        """人员经费合计: 301 and 303."""
        return self.total("301", "303")

    @property
    def operating(self) -> int:
        """公用经费合计: all other classes."""
        return sum(self.basic.values()) - self.staff


def economic_name(code: str, year: int) -> str:
    """The name of a 部门预算支出经济分类 code in `year`; raises KeyError if it was not in force."""
    found = resolve(code, CodeSystem.ECONOMIC_DEPARTMENT, year)
    if found is None or found.official_name is None or found.status in (CodeStatus.NOT_IN_FORCE, CodeStatus.UNKNOWN):
        raise KeyError(code)
    return found.official_name


def economic_codes(year: int) -> tuple[str, ...]:
    """All 类 and 款 in force in `year`, in order of code."""
    found = []
    for row in read_rows("economic_dept"):
        try:
            economic_name(row["code"], year)
        except KeyError:
            continue
        found.append(row["code"])
    return tuple(sorted(set(found), key=lambda code: (code[:3], code)))


def invent_economics(basic: Mapping[str, int], *, year: int, grain: int, rng: Random) -> Economics:
    """Split the basic general expenditure (`basic`: functional 项 -> 分) over economic items that mirror it."""
    sums: dict[str, int] = {}
    rest = 0
    for code, value in basic.items():
        mirror = _MIRRORS.get(code)
        if mirror:
            sums[mirror] = sums.get(mirror, 0) + value
        else:
            rest += value
    codes = set(economic_codes(year))
    operating = rest * rng.randint(10, 30) // 100 // grain * grain
    household = rest * rng.randint(0, 4) // 100 // grain * grain
    equipment = operating // 10 // grain * grain if rng.random() < 0.5 else 0
    _spread(sums, _STAFF, rest - operating - household, codes, grain, rng)
    _spread(sums, _HOUSEHOLD, household, codes, grain, rng)
    _spread(sums, _OPERATING, operating - equipment, codes, grain, rng)
    _spread(sums, ("31002", "31003", "31007"), equipment, codes, grain, rng)
    outturn = SanGong(
        abroad=rng.choice((0, 0, 3_740_000, 12_310_000)),
        purchase=rng.choice((0, 0, 17_980_000)),
        operation=sums.get("30231", 0),
        reception=sums.get("30217", 0),
        conference=sums.get("30215", 0),
        training=sums.get("30216", 0),
    )
    cars = (*(rng.choice((0, 0, 0, 1, 2)) for _ in range(_VEHICLES - 1)), rng.randint(1, 5))
    return Economics(
        basic={code: value for code, value in sorted(sums.items()) if value},
        budget=_budget(outturn, grain, rng),
        outturn=outturn,
        goods=rng.randint(1, 90_000) * max(grain, 100),
        works=rng.choice((0, rng.randint(1, 90_000))) * max(grain, 100),
        services=rng.randint(1, 90_000) * max(grain, 100),
        vehicles=cars,
        equipment=rng.choice((0, 0, 3)),
    )


def _spread(
    sums: dict[str, int], targets: tuple[str, ...], total: int, known: set[str], grain: int, rng: Random
) -> None:
    """Add `total` to some of `targets`, whole grains each, the first taking what is left over."""
    usable = [code for code in targets if code in known]
    chosen = sorted(rng.sample(usable, rng.randint(max(1, len(usable) // 2), len(usable))))
    weights = [rng.randint(1, 100) for _ in chosen]
    left = total
    for code, weight in zip(chosen[1:], weights[1:], strict=True):
        part = total * weight // sum(weights) // grain * grain
        sums[code] = sums.get(code, 0) + part
        left -= part
    sums[chosen[0]] = sums.get(chosen[0], 0) + left


def _budget(outturn: SanGong, grain: int, rng: Random) -> SanGong:
    """The adjusted budget: nowhere below the outturn, now and then equal to it."""

    def grow(value: int) -> int:
        return value + rng.choice((0, 0, value // 7 // grain * grain, 50 * grain))

    return SanGong(
        abroad=grow(outturn.abroad),
        purchase=outturn.purchase,
        operation=grow(outturn.operation),
        reception=grow(outturn.reception),
        conference=grow(outturn.conference),
        training=grow(outturn.training),
    )
