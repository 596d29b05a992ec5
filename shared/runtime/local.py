"""The chain in one process: a file becomes a document, a report and an assessment."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from shared.contracts.assessment import Assessment
from shared.contracts.document import Document, SourceFile
from shared.contracts.errors import InvalidDocument, JuesuanError, Phase
from shared.contracts.outcome import DocumentOutcome
from shared.contracts.report import Report
from shared.runtime.stage import Stage
from shared.runtime.worker import entering, internal, out_of_memory


@dataclass(frozen=True)
class Chain:
    """The three pure stages in order."""

    extractor: Stage
    normalizer: Stage
    validator: Stage


@dataclass(frozen=True)
class Processed:
    """How far a file came. `outcome` is failed until the last stage is through; `timings` in seconds by stage name."""

    outcome: DocumentOutcome
    error: JuesuanError | None = None
    document: Document | None = None
    report: Report | None = None
    assessment: Assessment | None = None
    timings: dict[str, float] = field(default_factory=dict)


def process(chain: Chain, source: SourceFile) -> Processed:
    """Run `source` through `chain`. Errors are in the result, never raised."""
    steps = {"document": chain.extractor, "report": chain.normalizer, "assessment": chain.validator}
    return _through(steps, source, {}, {})


def process_document(chain: Chain, document: Document, timings: dict[str, float]) -> Processed:
    """Run a document that was read before through the rest of `chain`; `timings` are those of its reading."""
    steps = {"report": chain.normalizer, "assessment": chain.validator}
    return _through(steps, document, {"document": document}, dict(timings))


def _through(steps: dict[str, Stage], value: Any, made: dict[str, Any], timings: dict[str, float]) -> Processed:
    for name, stage in steps.items():
        entering(stage.phase)
        started = time.perf_counter()
        error, value = attempt(stage.handle, value, stage.phase)
        timings[stage.name] = time.perf_counter() - started
        if error is not None:
            return Processed(outcome_of(error), error, timings=timings, **made)
        made[name] = value
    doubts = made["document"].doubts or made["report"].doubts
    return Processed(DocumentOutcome.PARTIAL if doubts else DocumentOutcome.OK, timings=timings, **made)


def outcome_of(error: JuesuanError) -> DocumentOutcome:
    """Refused when the file was understood as something else, failed otherwise."""
    refused = isinstance(error, InvalidDocument) and error.refused
    return DocumentOutcome.REFUSED if refused else DocumentOutcome.FAILED


def attempt(handle: Callable[[Any], Any], value: Any, phase: Phase) -> tuple[JuesuanError | None, Any]:
    """`handle(value)` as (None, result), or (error, None): the typed error, or one for whatever else went wrong."""
    try:
        return None, handle(value)
    except JuesuanError as error:
        return error, None
    except MemoryError:
        return out_of_memory(phase), None
    except Exception:  # noqa: BLE001 - only the runtime catches broadly: one broken document must not stop the others
        return internal(traceback.format_exc(), phase), None
