"""The declaration of the normalizer."""

from __future__ import annotations

from services.normalizer.normalize import normalize
from shared.contracts.document import Document
from shared.contracts.errors import Phase
from shared.contracts.events import DocumentExtracted, ReportNormalized
from shared.contracts.report import Report
from shared.runtime.stage import Stage

STAGE = Stage(
    name="normalizer",
    phase=Phase.NORMALIZE,
    handle=normalize,
    takes=Document,
    gives=Report,
    consumes=DocumentExtracted,
    produces=ReportNormalized,
)
