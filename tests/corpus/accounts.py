"""An invented account of one year, balanced by construction. All figures are whole 分.

Every 项 code carries what was received, spent and carried over, by purse; all ten tables are sums over these, so
whatever a layout prints agrees with everything else that it prints. Purses: `general` 一般公共预算, `fund`
政府性基金, `soe` 国有资本经营预算, `other` all money that is no 财政拨款.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from random import Random

from shared.catalogue.codes import entries_of
from shared.contracts.report import CodeSystem
from tests.corpus.economics import Economics, invent_economics
from tests.corpus.money import FEN_PER_WAN
from tests.corpus.names import Place, entity_name, places

INCOME_KEYS = (
    "income.general", "income.fund", "income.soe", "income.upper", "income.institution",
    "income.business", "income.subordinate", "income.other",
)  # fmt: skip
SPENDING_KEYS = (
    "basic.general", "project.general", "project.fund", "project.soe",
    "basic.other", "project.other", "remit.other", "business.other", "subsidy.other",
)  # fmt: skip
_MAIN_SECTIONS = ("20103", "20106", "20113", "20601", "20701", "20801", "21001", "21201", "21301", "21303", "20406")
_EXTRA_SECTIONS = ("20129", "20132", "20133", "20502", "21103", "21203", "21302", "20807", "20816", "22402")
_FUND_CODES = ("2120801", "2120803", "2120804", "2120899", "2296002", "2296003")
_SOE_CODES = ("2230105", "2230299", "2239999")
_RUNNING = ("01", "50", "03")
_FOREVER = 9999
_FIRST_YEARS = {"224": 2019}
#: from this year on the forms tell 国有资本经营预算 apart
FIRST_YEAR_OF_THREE_PURSES = 2020


@dataclass(frozen=True)
class Item:
    """One 项 code with its figures by key ("basic.general", "income.fund", "carry_in.other", ...)."""

    code: str
    amounts: Mapping[str, int]


@dataclass(frozen=True)
class Style:
    """What kind of account to invent. `grain` 10,000 分 prints without residues in 万元, 1 leaves them as books do."""

    province: str = "山西省"
    year: int = 2024
    unit_account: bool = False
    grain: int = FEN_PER_WAN // 100
    fund: bool = False
    soe: bool = False
    other_money: bool = False
    carry: bool = False
    size: float = 1.0


@dataclass(frozen=True)
class Account:
    """Everything a layout may print about one entity and year."""

    entity: str
    place: Place
    year: int
    unit_account: bool
    items: tuple[Item, ...]
    economics: Economics

    def total(self, *keys: str, prefix: str = "") -> int:
        """The sum over all items whose code starts with `prefix`, over `keys`."""
        return sum(item.amounts.get(key, 0) for item in self.items if item.code.startswith(prefix) for key in keys)

    def spending(self, prefix: str = "") -> int:
        """All expenditure under `prefix`."""
        return self.total(*SPENDING_KEYS, prefix=prefix)

    def income(self, prefix: str = "") -> int:
        """All income under `prefix`."""
        return self.total(*INCOME_KEYS, prefix=prefix)

    def name(self, code: str) -> str:
        """The official name of a functional code in the year of the account."""
        return functional_name(code, self.year)


@cache
def functional_name(code: str, year: int) -> str:
    """The name that forms of `year` print for `code`; raises KeyError if it was not in force."""
    if year < _FIRST_YEARS.get(code[:3], 0):
        raise KeyError(code)
    known = [entry for entry in entries_of(code, CodeSystem.FUNCTIONAL) if entry.in_force(year)]
    if not known:
        raise KeyError(code)
    # Where a former name is known with its last year, it is the one that was printed then.
    return min(known, key=lambda entry: entry.last_year or _FOREVER).name


def invent(seed: int, style: Style) -> Account:
    """The account of `style` that belongs to `seed`: the same two always give the same account."""
    rng = Random(f"{seed}|{style}")
    place = rng.choice(places(style.province))
    administrative = not style.unit_account
    items = [_general(code, style, rng) for code in _general_codes(administrative, style.year, rng)]
    if style.fund:
        codes = [code for code in _FUND_CODES if _in_force(code, style.year)]
        items += [_purse(code, "fund", style, rng) for code in sorted(rng.sample(codes, rng.randint(1, 2)))]
    if style.soe:
        codes = [code for code in _SOE_CODES if _in_force(code, style.year)]
        items.append(_purse(rng.choice(codes), "soe", style, rng))
    items.sort(key=lambda item: item.code)
    basic = {item.code: item.amounts["basic.general"] for item in items if item.amounts.get("basic.general")}
    return Account(
        entity=entity_name(place, unit=style.unit_account, rng=rng),
        place=place,
        year=style.year,
        unit_account=style.unit_account,
        items=tuple(items),
        economics=invent_economics(basic, year=style.year, grain=style.grain, rng=rng),
    )


def _in_force(code: str, year: int) -> bool:
    try:
        return all(functional_name(code[:length], year) for length in (3, 5, 7))
    except KeyError:
        return False


def _children(section: str, year: int) -> list[str]:
    return [f"{section}{n:02d}" for n in range(1, 100) if _in_force(f"{section}{n:02d}", year)]


def _general_codes(administrative: bool, year: int, rng: Random) -> list[str]:
    main = rng.choice([section for section in _MAIN_SECTIONS if _in_force(section + "02", year)])
    running = main + ("01" if administrative or not _in_force(main + "50", year) else "50")
    codes = {running, main + "02"}
    extra = rng.sample([s for s in _EXTRA_SECTIONS if s != main and _children(s, year)], rng.randint(0, 3))
    for section, most in ((main, 3), *((section, 2) for section in extra)):
        choice = [code for code in _children(section, year) if code[5:] not in _RUNNING]
        codes.update(rng.sample(choice, min(len(choice), rng.randint(1, most))))
    staff = ["2080505", "2080506", "2210201"]
    staff.append("2080501" if administrative else "2080502")
    staff.append("2101101" if administrative else "2101102")
    if rng.random() < 0.6:
        staff.append("2101103")
    if rng.random() < 0.4:
        staff.append("2210203")
    codes.update(code for code in staff if _in_force(code, year))
    return sorted(codes)


def _draw(low: float, high: float, style: Style, rng: Random) -> int:
    """A sum between `low` and `high` 万元, in 分, a whole number of grains and never zero."""
    exact = rng.uniform(low, high) * style.size * FEN_PER_WAN
    return max(1, round(exact / style.grain)) * style.grain


def _general(code: str, style: Style, rng: Random) -> Item:
    amounts: dict[str, int] = {}
    if code[5:] in ("01", "50") and not code.startswith(("208", "210", "221")):
        amounts["basic.general"] = _draw(300, 2500, style, rng)
    elif code in ("2080505", "2080506", "2210201", "2080501", "2080502", "2101101", "2101102", "2101103", "2210203"):
        amounts["basic.general"] = _draw(2, 160, style, rng)
    else:
        amounts["project.general"] = _draw(3, 900, style, rng)
        if code[5:] == "99" and rng.random() < 0.3:
            amounts["basic.general"] = _draw(20, 200, style, rng)
    _other_money(code, amounts, style, rng)
    return _balanced(code, "general", amounts, style, rng)


def _other_money(code: str, amounts: dict[str, int], style: Style, rng: Random) -> None:
    if not style.other_money or "project.general" not in amounts:
        return
    amounts["project.other"] = _draw(1, 90, style, rng)
    for key in ("basic.other", "remit.other", "business.other", "subsidy.other"):
        if rng.random() < 0.25:
            amounts[key] = _draw(1, 30, style, rng)
    need = sum(amounts[key] for key in amounts if key.endswith(".other"))
    if style.carry:
        amounts["carry_out.other"] = _draw(1, 9, style, rng)
        amounts["allocated.other"] = _draw(1, 5, style, rng)
        need += amounts["carry_out.other"] + amounts["allocated.other"]
        amounts["carry_in.other"] = need // 3 // style.grain * style.grain
        amounts["used.other"] = need // 5 // style.grain * style.grain
        need -= amounts["carry_in.other"] + amounts["used.other"]
    keys = ["upper", "institution", "business", "subordinate", "other"]
    chosen = rng.sample(keys, rng.randint(1, 3))
    for key, part in zip(chosen, split(need, len(chosen), style.grain, rng), strict=True):
        amounts[f"income.{key}"] = part
    if amounts.get("income.institution", 0) > 0 and code.startswith("205"):
        amounts["income.fees"] = amounts["income.institution"] // 2 // style.grain * style.grain


def _purse(code: str, purse: str, style: Style, rng: Random) -> Item:
    amounts = {f"project.{purse}": _draw(20, 3000, style, rng)}
    return _balanced(code, purse, amounts, style, rng)


def _balanced(code: str, purse: str, amounts: dict[str, int], style: Style, rng: Random) -> Item:
    need = sum(amounts.get(f"{kind}.{purse}", 0) for kind in ("basic", "project"))
    if style.carry and rng.random() < 0.4 and f"project.{purse}" in amounts:
        amounts[f"carry_out.{purse}"] = _draw(1, 60, style, rng)
        need += amounts[f"carry_out.{purse}"]
        amounts[f"carry_in.{purse}"] = need // rng.randint(2, 6) // style.grain * style.grain
        need -= amounts[f"carry_in.{purse}"]
    amounts[f"income.{purse}"] = need
    return Item(code, amounts)


def split(total: int, parts: int, grain: int, rng: Random) -> list[int]:
    """`total` cut into `parts` non-negative sums of whole grains (the last takes what is left)."""
    grains = total // grain
    cuts = sorted(rng.randint(0, grains) for _ in range(parts - 1))
    edges = [0, *cuts, grains]
    pieces = [(right - left) * grain for left, right in pairwise(edges)]
    pieces[-1] += total - grains * grain
    return pieces
