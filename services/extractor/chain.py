"""The extractor in the chain: `object.created` in, the stored `Document` and `document.extracted` out.

An archive of several reports becomes an object for each of them, and the bucket tells the chain of these as of any
other upload.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import PurePosixPath

from services.extractor.bundle.children import Child, child_key, child_of
from services.extractor.bundle.folder import gathered
from services.extractor.bundle.open import as_one, open_archive
from services.extractor.detect import ARCHIVES, detect
from services.extractor.extract import extract
from shared.adapters.bus import Record
from shared.adapters.objects import NoSuchObject
from shared.contracts.base import Text
from shared.contracts.document import Document, SourceFile
from shared.contracts.errors import Category, InvalidDocument, Phase
from shared.contracts.events import (
    DocumentExtracted,
    DocumentFailed,
    DocumentUnpacked,
    ObjectCreated,
    SourceObject,
    document_id,
)
from shared.contracts.folders import is_marker
from shared.contracts.members import archive_of, possible_archives
from shared.runtime.cloudevents import expect, follow
from shared.runtime.connections import keep, store
from shared.runtime.enclosed import Enclosed
from shared.runtime.results import Produced
from shared.runtime.service import Service
from shared.runtime.topics import Topic

VERSION = version("juesuan")


@dataclass(frozen=True)
class Extracted:
    """A `Document` as it is stored, and what its event says of it. `reader` is its name and version."""

    content: bytes
    document_id: str
    reader: str
    doubts: int


@dataclass(frozen=True)
class Upload:
    """A file of the bucket. `inside`: it was taken out of an archive, or its uploader says so, and is one report."""

    source: SourceFile
    inside: bool


@dataclass(frozen=True)
class Unpacked:
    """The reports of an archive of several."""

    content_id: str
    children: tuple[Child, ...]
    doubts: int


def read(upload: Upload) -> Extracted | Unpacked:
    """`extract`, ready to be stored; the reports of an archive that holds several."""
    source = upload.source
    if detect(source) not in ARCHIVES:
        return _ready(extract(source))
    if upload.inside:
        return _ready(as_one(source, extract))
    found, doubts = open_archive(source, extract)
    if len(found) == 1:
        return _ready(found[0].document())
    content_id = hashlib.sha256(source.content).hexdigest()
    return Unpacked(content_id, tuple(map(child_of, found)), len(doubts))


def _ready(document: Document) -> Extracted:
    reader = f"{document.reader.name}-{document.reader.version}"
    content = document.to_json_bytes()
    return Extracted(content, document.document_id, reader, len(document.doubts))


_read_enclosed = Enclosed(read)


def work(record: Record) -> Produced:
    """Read the uploaded file of one event. Raises what `extract` raises, and `InvalidDocument` if the file is gone."""
    event = expect(record, ObjectCreated)
    source = event.source
    together = is_marker(source.key)
    try:
        if together:
            file = gathered(store(), source.bucket, source.key)
        else:
            file = SourceFile(name=PurePosixPath(source.key).name, content=store().get(source.bucket, source.key))
    except NoSuchObject as error:
        text = Text(zh="文件在处理之前已被删除。", en="The file was deleted before it was processed.")
        raise InvalidDocument(Category.NOT_READABLE, Phase.EXTRACT, text, str(error)) from error
    done = _read_enclosed(Upload(file, together or _came_out(source)))
    if isinstance(done, Unpacked):
        return _put_back(event, done)
    made_by = f"{VERSION}-{done.reader}"
    stored = keep("documents", done.document_id, event.document_id, made_by, done.content)
    said = {"content_id": done.document_id, "document": stored, "doubts": done.doubts}
    return Produced((follow(event, DocumentExtracted, VERSION, **said),))


def _came_out(source: SourceObject) -> bool:
    """Whether the object came out of an archive: by its key, or because an archive of that name lies beside it."""
    if archive_of(source.key) is not None:
        return True
    return any(store().info(source.bucket, key) is not None for key in possible_archives(source.key))


def _put_back(event: ObjectCreated, done: Unpacked) -> Produced:
    """Store the reports of an archive beside it; the same again changes nothing and is announced once."""
    bucket = event.source.bucket
    objects: list[SourceObject] = []
    failures: list[DocumentFailed] = []
    for child in done.children:
        key = child_key(event.source.key, child.name)
        if child.error is not None:
            objects.append(SourceObject(bucket=bucket, key=key, etag=event.source.etag, size=0))
            failures.append(_failed(event, objects[-1], child.error))
            continue
        store().put(bucket, key, child.content)
        info = store().info(bucket, key)
        if info is not None:
            objects.append(SourceObject(bucket=bucket, key=key, etag=info.etag, size=info.size))
    said = {"content_id": done.content_id, "objects": tuple(objects), "doubts": done.doubts}
    return Produced((follow(event, DocumentUnpacked, VERSION, **said), *failures))


def _failed(event: ObjectCreated, source: SourceObject, error: InvalidDocument) -> DocumentFailed:
    """What tells of a file that could not be taken out of its archive: there is no object of it."""
    return DocumentFailed(
        document_id=document_id(source),
        source=source,
        stage_version=VERSION,
        at=datetime.now(UTC),
        generation=event.generation,
        service="extractor",
        phase=error.phase,
        category=error.category,
        message=error.text,
        attempts=1,
    )


SERVICE = Service(name="extractor", version=VERSION, topics=(Topic.OBJECT_CREATED,), work=work, heavy=True)
