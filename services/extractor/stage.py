"""The declaration of the extractor."""

from __future__ import annotations

from services.extractor.extract import extract
from shared.contracts.document import Document, SourceFile
from shared.contracts.errors import Phase
from shared.contracts.events import DocumentExtracted, ObjectCreated
from shared.runtime.stage import Stage

STAGE = Stage(
    name="extractor",
    phase=Phase.EXTRACT,
    handle=extract,
    takes=SourceFile,
    gives=Document,
    consumes=ObjectCreated,
    produces=DocumentExtracted,
)
