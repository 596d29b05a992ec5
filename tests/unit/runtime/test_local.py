from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from shared.contracts.assessment import Assessment
from shared.contracts.base import Text
from shared.contracts.document import Document, Doubt, DoubtCode, MediaType, Paragraph, Reader, SourceFile
from shared.contracts.errors import Category, InvalidDocument, Phase, TransientFault
from shared.contracts.events import DocumentExtracted, ObjectCreated
from shared.contracts.outcome import DocumentOutcome
from shared.contracts.report import DocumentKind, Identity, Report
from shared.runtime.local import Chain, Processed, outcome_of, process
from shared.runtime.stage import Stage

SOURCE = SourceFile(name="a.txt", content=b"x")
DOCUMENT = Document(
    document_id="0" * 64,
    name="a.txt",
    media_type=MediaType.TEXT,
    size=1,
    reader=Reader(name="test", version="1"),
    blocks=(Paragraph(text="x"),),
)
REPORT = Report(
    document_id="0" * 64,
    document_name="a.txt",
    normalizer="1",
    identity=Identity(entity=None, scope=DocumentKind.UNIT_FINAL_ACCOUNT, fiscal_year=None, unit=None),
    tables=(),
    facts=(),
)
ASSESSMENT = Assessment(document_id="0" * 64, ruleset="1", outcomes=(), findings=())
DOUBT = Doubt(code=DoubtCode.ENCODING, text=Text(zh="存疑", en="doubtful"))
SENTENCE = Text(zh="不行", en="no")


def raising(error: Exception) -> Callable[[Any], Any]:
    def handle(_: Any) -> Any:
        raise error

    return handle


def run(
    extract: Callable[[Any], Any] = lambda _: DOCUMENT,
    normalize: Callable[[Any], Any] = lambda _: REPORT,
    validate: Callable[[Any], Any] = lambda _: ASSESSMENT,
) -> Processed:
    def stage(name: str, phase: Phase, handle: Callable[[Any], Any]) -> Stage:
        return Stage(name, phase, handle, SourceFile, Document, ObjectCreated, DocumentExtracted)

    chain = Chain(
        stage("extractor", Phase.EXTRACT, extract),
        stage("normalizer", Phase.NORMALIZE, normalize),
        stage("validator", Phase.VALIDATE, validate),
    )
    return process(chain, SOURCE)


def test_a_file_without_doubt_is_ok() -> None:
    processed = run()
    assert processed.outcome is DocumentOutcome.OK
    assert (processed.document, processed.report, processed.assessment) == (DOCUMENT, REPORT, ASSESSMENT)
    assert list(processed.timings) == ["extractor", "normalizer", "validator"]
    assert processed.error is None


def test_any_doubt_makes_it_partial() -> None:
    in_document = run(extract=lambda _: DOCUMENT.model_copy(update={"doubts": (DOUBT,)}))
    in_report = run(normalize=lambda _: REPORT.model_copy(update={"doubts": (DOUBT,)}))
    assert in_document.outcome is in_report.outcome is DocumentOutcome.PARTIAL


@pytest.mark.parametrize("category", list(Category))
def test_a_typed_error_keeps_what_came_before(category: Category) -> None:
    error = InvalidDocument(category, Phase.NORMALIZE, SENTENCE)
    processed = run(normalize=raising(error))
    refused = category in {Category.WRONG_KIND, Category.TEMPLATE}
    assert processed.outcome is (DocumentOutcome.REFUSED if refused else DocumentOutcome.FAILED)
    assert processed.error is error
    assert processed.document == DOCUMENT
    assert processed.report is None
    assert list(processed.timings) == ["extractor", "normalizer"]


@pytest.mark.parametrize(
    ("error", "category"),
    [(KeyError("x"), Category.INTERNAL), (RecursionError(), Category.INTERNAL), (MemoryError(), Category.MEMORY)],
)
def test_a_defect_is_a_failure_with_its_trace(error: Exception, category: Category) -> None:
    processed = run(validate=raising(error))
    assert processed.outcome is DocumentOutcome.FAILED
    assert processed.error is not None
    assert processed.error.category is category
    assert type(error).__name__ in processed.error.detail
    assert processed.report == REPORT


def test_only_an_invalid_document_is_refused() -> None:
    fault = TransientFault(Category.WRONG_KIND, Phase.INDEX, SENTENCE)
    assert outcome_of(fault) is DocumentOutcome.FAILED
