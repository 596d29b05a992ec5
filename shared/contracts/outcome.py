"""How the whole chain ended for one document."""

from __future__ import annotations

from shared.contracts.base import Word


class DocumentOutcome(Word):
    """`ok` only without any doubt, else `partial`; `refused` is no final account; `failed` could not be processed."""

    OK = "ok"
    PARTIAL = "partial"
    REFUSED = "refused"
    FAILED = "failed"
