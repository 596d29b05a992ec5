"""Several documents become one: blocks in the order of the parts, each with its part, tables numbered through."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from services.extractor.limits import check_cells
from shared.contracts.document import Block, Document, Doubt, MediaType, Part, Reader, Table

NAME = "bundle"
VERSION = "2"


@dataclass(frozen=True)
class Read:
    """A file that was read: its path within the archive or folder, and what is printed in it."""

    path: str
    document: Document


def bundle_id(document_ids: Sequence[str]) -> str:
    """The id of a report of several files: the same files are the same report, however they were packed and named.

    That of a single file stays what it is.
    """
    if len(document_ids) == 1:
        return document_ids[0]
    return hashlib.sha256("\n".join(sorted(document_ids)).encode()).hexdigest()


def merge(parts: Sequence[Read], name: str, doubts: Sequence[Doubt] = ()) -> Document:
    """The report that `parts` are, in this order, under `name`; `doubts` are of the bundle as a whole."""
    documents = [part.document for part in parts]
    blocks: list[Block] = []
    told: list[Doubt] = list(doubts)
    tables = 0
    for number, part in enumerate(parts):
        blocks.extend(_moved(block, number, tables) for block in part.document.blocks)
        path = part.path if len(parts) > 1 else ""
        told.extend(_of_part(doubt, number, path, tables) for doubt in part.document.doubts)
        tables += len(part.document.tables)
    check_cells(sum(block.rows * block.columns for block in blocks if isinstance(block, Table)))
    pages = [document.pages for document in documents if document.pages is not None]
    one = documents[0]
    return Document(
        document_id=bundle_id([document.document_id for document in documents]),
        name=name,
        media_type=one.media_type if len(documents) == 1 else MediaType.ZIP,
        size=sum(document.size for document in documents),
        reader=one.reader if len(documents) == 1 else _readers(documents),
        pages=sum(pages) if pages else None,
        blocks=tuple(blocks),
        doubts=tuple(told),
        parts=tuple(_part(part) for part in parts),
    )


def _readers(documents: Sequence[Document]) -> Reader:
    """Outputs are stored by what made them: a new version of any reader makes another document."""
    made_by = sorted({f"{document.reader.name}.{document.reader.version}" for document in documents})
    return Reader(name=NAME, version="-".join((VERSION, *made_by)))


def _part(part: Read) -> Part:
    document = part.document
    return Part(
        name=part.path,
        media_type=document.media_type,
        document_id=document.document_id,
        size=document.size,
        reader=document.reader,
        pages=document.pages,
    )


def _moved(block: Block, part: int, tables: int) -> Block:
    if isinstance(block, Table):
        return block.model_copy(update={"part": part, "index": block.index + tables})
    return block.model_copy(update={"part": part})


def _of_part(doubt: Doubt, part: int, path: str, tables: int) -> Doubt:
    table = None if doubt.table is None else doubt.table + tables
    return doubt.in_part(part, path).model_copy(update={"table": table})
