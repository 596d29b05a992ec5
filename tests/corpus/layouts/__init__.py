"""The layouts by name."""

from __future__ import annotations

from tests.corpus.layouts.provinces import LAYOUTS
from tests.corpus.layouts.spec import Layout

BY_ID: dict[str, Layout] = {layout.id: layout for layout in LAYOUTS}

__all__ = ["BY_ID", "LAYOUTS", "Layout"]
