"""From the results of a run into the database."""

from __future__ import annotations

from dataclasses import replace

from cli.work import Record
from services.indexer.index import Indexer
from shared.contracts.errors import Phase
from shared.contracts.outcome import DocumentOutcome
from shared.runtime.local import attempt


class Storing:
    """An open database. Raises `JuesuanError` when it cannot be opened."""

    def __init__(self, database: str) -> None:
        self._indexer = Indexer(database)

    def begin(self, document_id: str | None, name: str) -> None:
        """Write down that work on a document begins: a run that is killed leaves it as failed, not unknown."""
        if document_id is not None:
            # A database that cannot take this cannot take the result either, and `store` says so.
            attempt(lambda _: self._indexer.begin(document_id, name), None, Phase.INDEX)

    def forget(self, document_id: str) -> None:
        """A file that was begun is no document of its own: an archive, or a part of one."""
        attempt(self._indexer.forget, document_id, Phase.INDEX)

    def store(self, record: Record) -> Record:
        """`record` once it is in the database; with the error and as failed when that went wrong."""
        error, _ = attempt(self._put, record, Phase.INDEX)
        return record if error is None else replace(record, outcome=DocumentOutcome.FAILED, error=error)

    def _put(self, record: Record) -> None:
        if record.error is not None:
            if record.document_id is not None:
                self._indexer.fail(record.document_id, record.name, record.error)
            return
        processed = record.processed
        if processed is None or processed.report is None or processed.assessment is None:
            raise ValueError("a record without error carries its report and assessment")
        self._indexer.index(processed.report, processed.assessment, record.outcome)

    def close(self) -> None:
        """Give the connections back."""
        self._indexer.close()
