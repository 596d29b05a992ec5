"""Files made to hurt: small ones that swell, deep and endless ones, and ones that would reach out to the network."""

from __future__ import annotations

from tests.fuzz.monsters.kit import Monster
from tests.fuzz.monsters.office import OFFICE_FILES
from tests.fuzz.monsters.packs import PACKS
from tests.fuzz.monsters.pages import PAGES
from tests.fuzz.monsters.texts import TEXTS

__all__ = ["MONSTERS", "Monster"]

MONSTERS: tuple[Monster, ...] = (*TEXTS, *OFFICE_FILES, *PAGES, *PACKS)
