"""Keys of the reports that came out of an archive: `<archive>!/<path>`, and how they are told from other keys.

A folder or batch may be called `紧急!`, so that "!/" alone says nothing: before it stands the name of an archive.
"""

from __future__ import annotations

import re

#: Stands between the name of an archive and the path of a report inside.
INSIDE = "!/"
#: Follows the name of an archive that is not called like one, as nobody calls a folder.
_UNPACKED = ".unpacked"
#: How the names of archives end.
_SUFFIXES = (".zip", ".rar", ".7z")
#: What stands for an archive whose key leaves no room for another.
_DIGEST = re.compile(r"(?:.*/)?[0-9a-f]{16}", re.DOTALL)


def prefix_of(archive: str) -> str:
    """What the keys of all reports of the archive with the key `archive` begin with."""
    return archive + ("" if archive.lower().endswith(_SUFFIXES) else _UNPACKED) + INSIDE


def archive_of(key: str) -> str | None:
    """The key of the archive that the report with this key came out of; None if it came out of none.

    Where the archive's key was too long to begin another, what stands for it.
    """
    for before in possible_archives(key):
        if before.endswith(_UNPACKED):
            return before.removesuffix(_UNPACKED)
        if before.lower().endswith(_SUFFIXES) or _DIGEST.fullmatch(before):
            return before
    return None


def possible_archives(key: str) -> list[str]:
    """Keys of which one may be an archive's, the shortest first: what stands before each "!/" in `key`.

    An archive that is not called so was not always followed by a mark of its own.
    """
    return [key[: found.start()] for found in re.finditer(re.escape(INSIDE), key)]
