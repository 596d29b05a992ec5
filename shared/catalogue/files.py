"""Access to the data files of the catalogue."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources


@cache
def read_rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of `shared/catalogue/data/<name>.csv` as dictionaries by column name."""
    path = resources.files("shared.catalogue") / "data" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
