"""Access to the data files of the catalogue."""

from __future__ import annotations

import csv
import io
from functools import cache
from importlib import resources


@cache
def read_rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of `shared/catalogue/data/<name>.csv` as dictionaries by column name."""
    text = (resources.files("shared.catalogue") / "data" / f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(io.StringIO(text, newline="")))
