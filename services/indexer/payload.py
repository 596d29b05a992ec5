"""Reports and assessments as they are kept for `show`: the JSON of the contract, compressed."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TypeVar

from pydantic_core import to_json

from shared.contracts.assessment import Assessment
from shared.contracts.base import Contract
from shared.contracts.report import Report

Kept = TypeVar("Kept", bound=Contract)


@dataclass(frozen=True)
class Payload:
    """The compressed JSON of a report, its document's name left blank, and of its assessment.

    The name is left out because the same bytes under another name are the same document.
    """

    report: bytes
    assessment: bytes


def payload_of(report: Report, assessment: Assessment) -> Payload:
    """What is kept of these two."""
    return Payload(pack(report.model_copy(update={"document_name": ""})), pack(assessment))


def payload_of_json(report: Report, written: bytes, assessment: bytes) -> Payload:
    """The same from the JSON that both were read from: nothing is written anew.

    Raises `ValueError` if `written` does not begin as the contract's JSON of `report` does.
    """
    named, unnamed = (_beginning(report.document_id, name) for name in (report.document_name, ""))
    if not written.startswith(named):
        raise ValueError(f"not the JSON of the report of {report.document_id}")
    return Payload(_packed(unnamed + written[len(named) :]), _packed(assessment))


def pack(value: Contract) -> bytes:
    """The JSON of `value`, compressed: about a twentieth of its size."""
    return _packed(value.to_json_bytes())


def unpack(kind: type[Kept], content: bytes) -> Kept:
    """What was kept as `content`; fields that a newer version added are passed over."""
    return kind.model_validate_json(zlib.decompress(content), extra="ignore")


def _packed(written: bytes) -> bytes:
    return zlib.compress(written, 1)


def _beginning(document_id: str, name: str) -> bytes:
    return b'{"document_id":%b,"document_name":%b,' % (to_json(document_id), to_json(name))
