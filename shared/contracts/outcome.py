"""How the whole chain ended for one document."""

from __future__ import annotations

from enum import StrEnum


class DocumentOutcome(StrEnum):
    """`ok` only without any doubt, else `partial`; `refused` is no final account; `failed` could not be processed."""

    OK = "ok"
    PARTIAL = "partial"
    REFUSED = "refused"
    FAILED = "failed"
