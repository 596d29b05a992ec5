"""Where the database is when nobody says."""

from __future__ import annotations

import os
from pathlib import Path


def database(option: str | None) -> str:
    """`--db`, else JUESUAN_DB, else juesuan.db in the user's data folder (which is made on demand)."""
    if chosen := option or os.environ.get("JUESUAN_DB"):
        return chosen
    import platformdirs  # noqa: PLC0415 - only needed when nothing was named

    folder = Path(platformdirs.user_data_dir("juesuan", appauthor=False))
    folder.mkdir(parents=True, exist_ok=True)
    return str(folder / "juesuan.db")


def shown(database: str) -> str:
    """`database` for people: a password in a URL is not repeated."""
    if "://" not in database:
        return database
    from sqlalchemy.engine import make_url  # noqa: PLC0415

    return make_url(database).render_as_string(hide_password=True)
