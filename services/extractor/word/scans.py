"""Pictures of a Word document that are scans or screenshots of what should be read."""

from __future__ import annotations

from collections.abc import Iterable

from services.extractor.package import relationships
from services.extractor.pasted import Pasted
from services.extractor.scan.content import ScannedPage
from services.extractor.word.content import Line
from services.extractor.word.drawings import Picture
from services.extractor.word.grid import WordGrid
from services.extractor.zipsafe import SafeZip
from shared.contracts.errors import InvalidDocument


class Scans:
    """The pictures of one part."""

    def __init__(self, archive: SafeZip, part: str) -> None:
        self._archive = archive
        self._targets = relationships(archive, part)
        self._pasted = Pasted()

    @property
    def unread(self) -> int:
        """How many pictures of the size of a page could not be read at all."""
        return self._pasted.unread

    def read(self, items: Iterable[Line | WordGrid | Picture]) -> list[Line | WordGrid | ScannedPage]:
        """`items` with what the pictures show in the place of each; pictures of nothing to be read are left out."""
        found: list[Line | WordGrid | ScannedPage] = []
        before: ScannedPage | None = None
        for item in items:
            if not isinstance(item, Picture):
                found.append(item)
                before = None
                continue
            page = self._pasted.page(self._content(item), before, large=item.covers_page, cut=item.cut)
            if page is not None:
                found.append(page)
                before = page
        return found

    def _content(self, picture: Picture) -> bytes | None:
        kind, target = self._targets.get(picture.relation, ("", ""))
        if kind != "image" or target not in self._archive:
            return None
        try:
            return self._archive.read(target)
        except InvalidDocument:
            return None  # one damaged picture, which is told of if it is as large as a page
