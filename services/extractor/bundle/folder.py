"""The files of a folder of the bucket that is one report, as the archive that they would have been uploaded as."""

from __future__ import annotations

from pathlib import PurePosixPath

from services.extractor.bundle.children import packed
from services.extractor.bundle.faults import nothing_gathered
from services.extractor.limits import MAX_FILE, check_size
from shared.adapters.objects import ObjectStore
from shared.contracts.document import SourceFile
from shared.contracts.folders import MARKER, report_folder


def gathered(store: ObjectStore, bucket: str, marker: str) -> SourceFile:
    """The files that lie in the folder of `marker` now, named after the folder.

    Raises `TOO_LARGE`, `NOTHING_FOUND` for an empty folder, and what the store raises.
    """
    folder = report_folder(marker)
    assert folder is not None
    found = [info for info in store.list(bucket, folder) if not info.key.endswith(("/", f"/{MARKER}"))]
    check_size(sum(info.size for info in found), MAX_FILE)
    if not found:
        raise nothing_gathered(folder)
    files = [
        (info.key.removeprefix(folder), store.get(bucket, info.key)) for info in sorted(found, key=lambda one: one.key)
    ]
    return SourceFile(name=PurePosixPath(folder).name, content=packed(files))
