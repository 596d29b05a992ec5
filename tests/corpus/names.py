"""Invented departments in real divisions: no such office exists, so no figure can be mistaken for a published one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from random import Random

from shared.catalogue.files import read_rows

_FANCY = ("云栖", "澄溪", "望岚", "松涛", "明湖", "青禾", "星渚", "听泉", "锦屏", "沐阳里", "鹤鸣", "枕流")
_BODIES = ("事务服务管理局", "公共事务局", "综合保障局", "建设服务局", "发展促进局", "文旅事务局", "信息事务局")
_UNITS = ("服务中心", "保障中心", "实验学校", "事务中心", "档案馆")
_NOT_PLACES = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划")


@dataclass(frozen=True)
class Place:
    """A division of county level: its six-digit code, its name, and the province it lies in."""

    code: str
    name: str
    province: str
    prefecture: str


@cache
def places(province: str) -> tuple[Place, ...]:
    """The counties of `province` (its full name, 山西省) whose names are unique in the whole country."""
    rows = read_rows("divisions")
    seen: dict[str, int] = {}
    for row in rows:
        seen[row["name"]] = seen.get(row["name"], 0) + 1
    return tuple(
        Place(row["code"], row["name"], row["province"], row["city"])
        for row in rows
        if row["level"] == "3"
        and row["province"] == province
        and seen[row["name"]] == 1
        and row["name"] not in _NOT_PLACES
        and len(row["name"]) > 2
        and "区" not in row["name"][:-1]
        and "statistics" not in row["source"]
    )


def entity_name(place: Place, *, unit: bool, rng: Random) -> str:
    """An invented department or (for `unit`) an invented 单位 of `place`."""
    stem = f"{place.name}{rng.choice(_FANCY)}"
    return stem + rng.choice(_UNITS if unit else _BODIES)
