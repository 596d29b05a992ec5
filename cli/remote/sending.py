"""Files into the bucket: side by side, each skipped when the bucket has the same content already."""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from cli.language import language
from cli.remote import messages
from cli.remote.packing import Packet
from shared.adapters.objects import ObjectInfo, ObjectStore
from shared.contracts.errors import TransientFault
from shared.runtime.retry import RetryPolicy

#: a server that is busy or away for a moment is asked again; then the file counts as not uploaded
_TRIES = RetryPolicy(attempts=4, base=0.5, longest=4.0)


class Fate(Enum):
    """What became of one file."""

    UPLOADED = "uploaded"
    THERE = "there"
    FAILED = "failed"


@dataclass(frozen=True)
class Sent:
    """One file: its key, what became of it, its bytes, and why it failed."""

    path: Path
    key: str
    fate: Fate
    size: int = 0
    reason: str = ""


def keys_of(files: Iterable[Path | Packet], root: Path, prefix: str) -> list[tuple[Path | Packet, str]]:
    """The object key of each file: its path below `root` behind `prefix`; a packet is in the folder that it is of."""
    base = root if root.is_dir() else root.parent
    paths = ((file, file.folder / file.name if isinstance(file, Packet) else file) for file in files)
    return [(file, prefix + path.relative_to(base).as_posix()) for file, path in paths]


def send_all(
    store: ObjectStore, bucket: str, prefix: str, files: Sequence[tuple[Path | Packet, str]], jobs: int
) -> Iterator[Sent]:
    """Upload what the bucket does not have yet, `jobs` files at a time; each as it ends.

    Raises `TransientFault` when the store does not even list what it has.
    """
    there = {info.key: info for info in store.list(bucket, prefix)}
    pool = ThreadPoolExecutor(jobs, thread_name_prefix="upload")
    try:
        waiting = [pool.submit(_send, store, bucket, key, path, there.get(key)) for path, key in files]
        for done in as_completed(waiting):
            yield done.result()
    finally:
        pool.shutdown(cancel_futures=True)


def same(store: ObjectStore, bucket: str, info: ObjectInfo, content: bytes) -> bool:
    """Whether the object holds this content. Most servers tell its MD5; where the etag is none, the object is read."""
    if info.size != len(content):
        return False
    if len(info.etag) == 32 and "-" not in info.etag:  # noqa: PLR2004 - the MD5 of an object that came in one part
        return info.etag == hashlib.md5(content, usedforsecurity=False).hexdigest()
    return store.get(bucket, info.key) == content


def _send(store: ObjectStore, bucket: str, key: str, file: Path | Packet, there: ObjectInfo | None) -> Sent:
    path = file.files[0] if isinstance(file, Packet) else file
    try:
        key.encode()
    except UnicodeEncodeError:
        return Sent(path, key, Fate.FAILED, reason=messages.NAME_NOT_TEXT())
    try:
        content = file.read_bytes()
    except OSError as error:
        return Sent(path, key, Fate.FAILED, reason=error.strerror or str(error))
    chance = random.Random()  # noqa: S311 - jitter
    attempt = 1
    while True:
        try:
            if there is not None and same(store, bucket, there, content):
                return Sent(path, key, Fate.THERE, len(content))
            store.put(bucket, key, content)
            return Sent(path, key, Fate.UPLOADED, len(content))
        except TransientFault as fault:
            wait = _TRIES.wait(attempt, chance)
            if wait is None:
                return Sent(path, key, Fate.FAILED, reason=fault.detail or fault.text.in_language(language()))
        time.sleep(wait)
        attempt += 1
