"""Files of a folder that their names call parts of one report go up as one object, and the chain sees them together.

What they are is decided by the extractor, from what is printed in them: files that were packed for nothing become
reports of their own there.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from services.extractor.bundle.group import core_of, names_a_table, names_an_annex, unit_of
from services.extractor.bundle.names import counting
from services.extractor.bundle.plan import joined_name
from shared.contracts.folders import is_marker, report_folder

_MOST_FILES = 60
_MOST_BYTES = 128 * 1024 * 1024
_SHEETS = frozenset({".xls", ".xlsx", ".et", ".ods", ".csv"})
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Packet:
    """Several files as one ZIP that depends on nothing but their names below `folder` and their contents."""

    folder: Path
    files: tuple[Path, ...]
    called: str = ""

    @property
    def name(self) -> str:
        """What the object is called: after its first file, if not `called` otherwise."""
        return f"{self.called or joined_name([file.name for file in self.files])}.zip"

    def read_bytes(self) -> bytes:
        """The ZIP; `OSError` when a file cannot be read."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
            for file in self.files:
                inside = zipfile.ZipInfo(file.relative_to(self.folder).as_posix(), _FIRST_DAY)
                archive.writestr(inside, file.read_bytes())
        return buffer.getvalue()


def packed(files: Sequence[Path], base: Path) -> Iterator[Path | Packet]:
    """`files` below `base`, those that go together as one: in their order, a packet in the place of its first file.

    A folder `*.report` is one report by its name, and goes up as one whatever its files are called.
    """
    files = [file for file in files if not is_marker(file.relative_to(base).as_posix())]
    together: dict[tuple[str, str], list[Path]] = {}
    places = {file: _place(file.relative_to(base)) for file in files}
    for file, place in places.items():
        together.setdefault(place, []).append(file)
    for file, place in places.items():
        same = together[place]
        told = report_folder(file.relative_to(base).as_posix())
        if not told and not _are_parts(same):
            yield file
        elif file == same[0]:
            ordered = tuple(sorted(same, key=lambda path: counting(path.as_posix())))
            whole = base / (told or place[0])
            yield Packet(whole.parent, ordered, whole.name) if told else Packet(whole, ordered)


def _place(file: Path) -> tuple[str, str]:
    """The folder whose files may be parts of each other, and what their names must have in common."""
    told = report_folder(file.as_posix())
    if told:
        return told, ""
    return unit_of(file.as_posix()), "" if names_a_table(file.name) else core_of(file.name)


def _are_parts(files: Sequence[Path]) -> bool:
    """Whether names tell of parts: an annex, a table by its number or title, or text and sheet of one name."""
    if not 1 < len(files) <= _MOST_FILES:
        return False
    sheets = [file for file in files if file.suffix.lower() in _SHEETS]
    told = any(names_a_table(file.name) or names_an_annex(file.name) for file in files) or 0 < len(sheets) < len(files)
    return told and sum(_size(file) for file in files) <= _MOST_BYTES


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return _MOST_BYTES + 1  # it goes up alone, and the reason is told for it alone
