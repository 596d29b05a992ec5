"""One file through the chain, inside a worker: read, process, write outputs, send back what the parent needs."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path

from cli.language import Language
from cli.outputs import write_outputs
from services.extractor.limits import MAX_FILE, check_size
from shared.contracts.assessment import Cause, Severity
from shared.contracts.base import Text
from shared.contracts.document import SourceFile
from shared.contracts.errors import Category, InvalidDocument, JuesuanError, Phase
from shared.contracts.outcome import DocumentOutcome
from shared.runtime.local import Processed, outcome_of, process


class Carry(Enum):
    """What a worker sends back beside the counts."""

    NOTHING = "nothing"
    TO_INDEX = "report and assessment"
    TO_SHOW = "document, report and assessment"


@dataclass(frozen=True)
class Job:
    """A file to process. `folder`: where its outputs go. `name`: what it is called if not by its file."""

    path: Path
    folder: Path | None
    language: Language
    carry: Carry
    name: str = ""


@dataclass(frozen=True)
class Record:
    """What the parent learns of a file: how it ended, whose account it is, what was counted.

    `document_id` is that of the document, None where the file could not even be read. `findings` counts by
    severity; `rules` names the rule of each finding by its id. `processed` has the models that the job asked for.
    `title` is what it is called if not by its file; `parts` are the files that it is made of where that is not the one
    at `path`.
    """

    path: Path
    outcome: DocumentOutcome
    document_id: str | None = None
    error: JuesuanError | None = None
    kind: str | None = None
    entity: str | None = None
    division: str | None = None
    year: int | None = None
    tables: int = 0
    facts: int = 0
    doubts: int = 0
    findings: dict[Severity, int] = field(default_factory=dict)
    causes: tuple[Cause, ...] = ()
    rules: dict[str, str] = field(default_factory=dict)
    timings: dict[str, float] = field(default_factory=dict)
    folder: Path | None = None
    processed: Processed | None = None
    title: str = ""
    parts: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What people know it by."""
        return self.title or self.path.name


def work(job: Job) -> Record:
    """Process one file; every error that belongs to the file is in the record."""
    from cli.chain import CHAIN  # noqa: PLC0415 - the stages are loaded where they run, in the worker

    try:
        content = read(job.path)
    except JuesuanError as error:
        processed, document_id = Processed(outcome_of(error), error), digest(job.path)
    else:
        document_id = hashlib.sha256(content).hexdigest()
        processed = process(CHAIN, SourceFile(name=job.path.name, content=content))
    return recorded(job, document_id, processed)


def recorded(job: Job, document_id: str | None, processed: Processed) -> Record:
    """Write the outputs of what was processed; the record of it."""
    if job.folder is not None:
        try:
            write_outputs(job.folder, processed, job.language)
        except OSError as error:
            failure = _unwritable(job.folder, error)
            processed = replace(processed, outcome=outcome_of(failure), error=failure)
    return _record(job, document_id, processed)


def failed(job: Job, error: JuesuanError, document_id: str | None = None) -> Record:
    """The record of a file whose worker was lost; writes what there is to say of it."""
    processed = Processed(outcome_of(error), error)
    if job.folder is not None:
        try:
            write_outputs(job.folder, processed, job.language)
        except OSError as fault:
            processed = replace(processed, error=_unwritable(job.folder, fault))
    return _record(job, document_id or digest(job.path), processed)


def digest(path: Path) -> str | None:
    """The SHA-256 of the content, the document's id; None where the file cannot be read, or might never end."""
    if not path.is_file():
        return None
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def read(path: Path) -> bytes:
    """The bytes of a file. Raises `InvalidDocument`: NOT_READABLE, TOO_LARGE."""
    try:
        check_size(path.stat().st_size, MAX_FILE)
        return path.read_bytes()
    except OSError as error:
        text = Text(
            zh=f"文件无法打开（{error.strerror}）：请检查权限，或是否正被其他程序占用。",
            en=f"The file cannot be opened ({error.strerror}): check its rights, or whether another program holds it.",
        )
        raise InvalidDocument(Category.NOT_READABLE, Phase.INTAKE, text, str(error)) from error


def _unwritable(folder: Path, error: OSError) -> JuesuanError:
    text = Text(
        zh=f"结果无法写入“{folder}”（{error.strerror}）。",
        en=f'The results cannot be written to "{folder}" ({error.strerror}).',
    )
    return JuesuanError(Category.SERVER, Phase.INDEX, text, str(error))


def _carried(processed: Processed, carry: Carry) -> Processed | None:
    if carry is Carry.NOTHING:
        return None
    return processed if carry is Carry.TO_SHOW else replace(processed, document=None)


def _record(job: Job, document_id: str | None, processed: Processed) -> Record:
    record = Record(
        path=job.path,
        outcome=processed.outcome,
        document_id=document_id,
        error=processed.error,
        timings=processed.timings,
        folder=job.folder,
        processed=_carried(processed, job.carry),
        title=job.name,
    )
    if (document := processed.document) is not None:
        parts = tuple(part.name for part in document.parts)
        record = replace(record, tables=len(document.tables), doubts=len(document.doubts), parts=parts)
    if (report := processed.report) is not None:
        record = replace(
            record,
            kind=report.identity.scope.value,
            entity=report.identity.entity,
            division=report.identity.division.name if report.identity.division else None,
            year=report.identity.fiscal_year,
            tables=len(report.tables),
            facts=len(report.facts),
            doubts=record.doubts + len(report.doubts),
        )
    if (assessment := processed.assessment) is not None:
        counts = {severity: assessment.count(severity) for severity in Severity}
        rules = {finding.id: finding.rule for finding in assessment.findings}
        record = replace(record, findings=counts, causes=assessment.causes, rules=rules)
    return record
