"""The four ways a handler may end other than by returning its value. Only the runtime catches them."""

from __future__ import annotations

from shared.contracts.base import Text, Word


class Phase(Word):
    """Where in the chain something went wrong."""

    INTAKE = "intake"
    EXTRACT = "extract"
    NORMALIZE = "normalize"
    VALIDATE = "validate"
    INDEX = "index"


class Category(Word):
    """Why a document could not be processed. `wrong_kind` and `template` mean refused, all others failed.

    `missing_program`: what reads this format is not installed here; the file can be replayed once it is.
    `several_reports`: one report was asked for, and the archive holds more.
    """

    EMPTY_FILE = "empty_file"
    UNSUPPORTED_TYPE = "unsupported_type"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    NO_TEXT_LAYER = "no_text_layer"
    TOO_LARGE = "too_large"
    ZIP_BOMB = "zip_bomb"
    NOT_READABLE = "not_readable"
    NOTHING_FOUND = "nothing_found"
    WRONG_KIND = "wrong_kind"
    TEMPLATE = "template"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    CRASH = "crash"
    MISSING_PROGRAM = "missing_program"
    SEVERAL_REPORTS = "several_reports"
    SERVER = "server"
    INTERNAL = "internal"


REFUSED = frozenset({Category.WRONG_KIND, Category.TEMPLATE})


class JuesuanError(Exception):
    """Base of the typed outcomes. Carries the sentence that the user will read.

    `category` says why, `phase` where, `text` what happened and what to do, `detail` the technical cause for logs.
    """

    def __init__(self, category: Category, phase: Phase, text: Text, detail: str = "") -> None:
        super().__init__(text.en + (f" [{detail}]" if detail else ""))
        self.category = category
        self.phase = phase
        self.text = text
        self.detail = detail

    def __reduce__(self) -> tuple[type[JuesuanError], tuple[Category, Phase, Text, str]]:
        """Survive the trip from a worker process with every field."""
        return type(self), (self.category, self.phase, self.text, self.detail)


class InvalidDocument(JuesuanError):
    """The file's own fault: dead letter, no retry."""

    @property
    def refused(self) -> bool:
        """Whether the file was read and understood as something juesuan does not take (a budget, a blank template)."""
        return self.category in REFUSED


class TransientFault(JuesuanError):
    """A server's fault: retry with backoff."""


class PoisonDocument(JuesuanError):
    """The worker died, hung or ran out of memory on this document: dead letter after the attempts the policy allows."""


class Duplicate(JuesuanError):
    """This very content was processed before: nothing to do."""
