"""Folders of the bucket whose files are one report, whichever client puts them there and in whatever order.

`<tenant>/<batch>/林业局.report/` is one: its files wait until the object `_complete` lies in it, and then are read
together. Any S3 client can do that, in two steps; nobody has to guess from names or pauses what belongs together.
"""

from __future__ import annotations

from shared.contracts.members import archive_of

#: How the name of such a folder ends.
SUFFIX = ".report"
#: The name of the object that says that all files are there. What is in it is never read.
MARKER = "_complete"


def report_folder(key: str) -> str | None:
    """The outermost such folder that `key` lies in, with a slash at its end; None if there is none."""
    if archive_of(key) is not None:
        return None
    start = 0
    while (end := key.find("/", start)) >= 0:
        if key[start:end].endswith(SUFFIX) and end - start > len(SUFFIX):
            return key[: end + 1]
        start = end + 1
    return None


def is_marker(key: str) -> bool:
    """Whether `key` says that the files of its folder are complete."""
    folder = report_folder(key)
    return folder is not None and key == folder + MARKER


def waits(key: str) -> bool:
    """Whether `key` is a file that is read when its folder is complete, and never by itself."""
    return report_folder(key) is not None and not is_marker(key)
