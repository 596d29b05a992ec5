"""The parts of an OFD package by the locations that its files give: absolute, relative, and many that are neither."""

from __future__ import annotations

import posixpath
import re
from typing import Any

from services.extractor.zipsafe import SafeZip, open_zip, parse_xml
from shared.contracts.errors import InvalidDocument

#: Control characters, as they are and as references (in encodings that extend ASCII).
_UNKNOWN = re.compile(
    rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|&#(?:0*(?:[0-8]|1[124-9]|2[0-9]|3[01])|[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]));"
)
#: The part with which an OFD begins.
ENTRY = "ofd.xml"


class Package:
    """An OFD archive. Part names compare as in `SafeZip`; names that were packed as GB18030 are found as well."""

    def __init__(self, content: bytes) -> None:
        """Raises `DAMAGED`, `ENCRYPTED` or `ZIP_BOMB`."""
        self._archive = open_zip(content)
        self._others = _renamed(self._archive)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all parts, in lower case."""
        return self._archive.names

    def locate(self, location: str, *folders: str) -> str | None:
        """The name of the part at `location`, written in a file of one of `folders`; None if there is none.

        "/" begins at the root of the package. Many producers leave it out, or forget the folder that they stand in.
        """
        plain = location.strip().replace("\\", "/")
        if not plain:
            return None
        tried = [plain.lstrip("/")] if plain.startswith("/") else [posixpath.join(folder, plain) for folder in folders]
        tried += [plain.lstrip("/"), *(posixpath.join(folder, plain.lstrip("/")) for folder in folders)]
        for name in tried:
            normal = posixpath.normpath(name).lower()
            found = self._others.get(normal, normal)
            if found in self._archive:
                return found
        return None

    def read(self, name: str) -> bytes:
        """The bytes of a part; raises `DAMAGED` or `ZIP_BOMB`."""
        return self._archive.read(name)

    def xml(self, name: str) -> Any:
        """The root element of a part; raises `DAMAGED` or `ZIP_BOMB`.

        Characters that XML does not know (fonts without a character map give such) are read as spaces.
        """
        data = self._archive.read(name)
        try:
            return parse_xml(data)
        except InvalidDocument:
            cleaned = _UNKNOWN.sub(b" ", data)
            if cleaned == data:
                raise
            return parse_xml(cleaned)


def folder_of(name: str) -> str:
    """The folder of a part, "" for the root."""
    return posixpath.dirname(name)


def _renamed(archive: SafeZip) -> dict[str, str]:
    """What names say in GB18030 -> the name under which the archive has them: packers without the UTF-8 mark."""
    others: dict[str, str] = {}
    for name in archive.names:
        if name.isascii():
            continue
        try:
            others[name.encode("cp437").decode("gb18030").lower()] = name
        except UnicodeError:  # a proper name
            continue
    return others
