"""The extractor in the chain: `object.created` in, the stored `Document` and `document.extracted` out."""

from __future__ import annotations

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
from shared.runtime.connections import save, store
from shared.runtime.results import Produced
from shared.runtime.service import Service
from shared.runtime.topics import Topic

VERSION = version("juesuan")


def work(record: Record) -> Produced:
    """Read the uploaded file of one event. Raises what `extract` raises, and `InvalidDocument` if the file is gone."""
    event = expect(record, ObjectCreated)
    source = event.source
    try:
        content = store().get(source.bucket, source.key)
    except NoSuchObject as error:
        text = Text(zh="文件在处理之前已被删除。", en="The file was deleted before it was processed.")
        raise InvalidDocument(Category.NOT_READABLE, Phase.EXTRACT, text, str(error)) from error
    document = extract(SourceFile(name=PurePosixPath(source.key).name, content=content))
    made_by = f"{VERSION}-{document.reader.name}-{document.reader.version}"
    stored = save("documents", document.document_id, event.document_id, made_by, document)
    said = {"content_id": document.document_id, "document": stored, "doubts": len(document.doubts)}
    return Produced((follow(event, DocumentExtracted, VERSION, **said),))


SERVICE = Service(name="extractor", version=VERSION, topics=(Topic.OBJECT_CREATED,), work=work, heavy=True)
