"""The extractor in the chain: `object.created` in, the stored `Document` and `document.extracted` out."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from pathlib import PurePosixPath

from services.extractor.extract import extract
from shared.adapters.bus import Record
from shared.adapters.objects import NoSuchObject
from shared.contracts.base import Text
from shared.contracts.document import SourceFile
from shared.contracts.errors import Category, InvalidDocument, Phase
from shared.contracts.events import DocumentExtracted, ObjectCreated
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


def read(source: SourceFile) -> Extracted:
    """`extract`, ready to be stored."""
    document = extract(source)
    reader = f"{document.reader.name}-{document.reader.version}"
    content = document.model_dump_json().encode()
    return Extracted(content, document.document_id, reader, len(document.doubts))


_read_enclosed = Enclosed(read)


def work(record: Record) -> Produced:
    """Read the uploaded file of one event. Raises what `extract` raises, and `InvalidDocument` if the file is gone."""
    event = expect(record, ObjectCreated)
    source = event.source
    try:
        content = store().get(source.bucket, source.key)
    except NoSuchObject as error:
        text = Text(zh="文件在处理之前已被删除。", en="The file was deleted before it was processed.")
        raise InvalidDocument(Category.NOT_READABLE, Phase.EXTRACT, text, str(error)) from error
    done = _read_enclosed(SourceFile(name=PurePosixPath(source.key).name, content=content))
    made_by = f"{VERSION}-{done.reader}"
    stored = keep("documents", done.document_id, event.document_id, made_by, done.content)
    said = {"content_id": done.document_id, "document": stored, "doubts": done.doubts}
    return Produced((follow(event, DocumentExtracted, VERSION, **said),))


SERVICE = Service(name="extractor", version=VERSION, topics=(Topic.OBJECT_CREATED,), work=work, heavy=True)
