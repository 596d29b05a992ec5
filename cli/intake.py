"""Which files to process, in which order, and the name of each one's output folder."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

#: What operating systems and office programs leave behind beside documents.
_LITTER = frozenset({"thumbs.db", "desktop.ini", "ehthumbs.db"})


def collect(paths: Sequence[Path], ignored: Path | None = None) -> list[Path]:
    """The files at and below `paths`, in the order of `paths` and sorted by name below a folder; each file once.

    Hidden files, lock files of office programs (~$...) and the folder `ignored` (where the output goes) are left out
    below a folder; a file that is named itself is always taken. A folder that cannot be opened is in the list itself,
    so that it fails like a file that cannot be opened. Raises FileNotFoundError for a path that is not there.
    """
    found: dict[Path, Path] = {}
    skip = ignored.resolve() if ignored else None
    for path in paths:
        if not path.exists():
            raise FileNotFoundError(str(path))
        for file in _below(path, skip) if path.is_dir() else [path]:
            found.setdefault(file.resolve(), file)
    return list(found.values())


def _below(folder: Path, skip: Path | None) -> Iterable[Path]:
    closed: list[Path] = []
    for here, folders, files in os.walk(folder, onerror=lambda error: closed.append(Path(error.filename))):
        current = Path(here)
        folders[:] = sorted(name for name in folders if not _hidden(name) and (current / name).resolve() != skip)
        for name in sorted(files):
            file = current / name
            if not _hidden(name) and file.is_file():
                yield file
    yield from closed


def _hidden(name: str) -> bool:
    return name.startswith((".", "~$")) or name.casefold() in _LITTER


def folder_names(files: Sequence[Path]) -> list[str]:
    """One output folder name per file: its file name, with ~2, ~3 where folders hold files of the same name.

    Names that differ by case or Unicode form only count as the same: on some disks they are.
    """
    taken: set[str] = set()
    names: list[str] = []
    for file in files:
        name, number = file.name, 1
        while _same(name) in taken:
            number += 1
            name = f"{file.name}~{number}"
        taken.add(_same(name))
        names.append(name)
    return names


def _same(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
