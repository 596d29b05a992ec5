"""The library `unstructured`, made silent and usable without a network.

Stock, it reports every import and call to its maker, prints a notice, and fetches a language model on the first
paragraph. Here it is told not to track before it is imported, and its tokenizer gets a blank spaCy pipeline with a
rule-based sentence splitter: what its English model decides (title or narrative) means nothing for Chinese.
Importing takes 1 to 2 s and 250 MB, so it happens on the first call, once for each worker.
"""

from __future__ import annotations

import logging
import os
import warnings
from dataclasses import dataclass
from functools import cache
from io import BytesIO

_SILENT = {"DO_NOT_TRACK": "1", "SCARF_NO_ANALYTICS": "1", "UNSTRUCTURED_DISABLE_NOTICE": "1"}
_LANGUAGES = ["zho"]


@dataclass(frozen=True)
class Element:
    """One element in reading order: its category ("Table", "Text", ...), its text, and for tables perhaps its HTML."""

    category: str
    text: str
    html: str | None


def partition_docx(content: bytes) -> list[Element]:
    """The elements of a DOCX file in reading order. Tables have no HTML.

    The file must be sound: what `python-docx` and `zipfile` raise on a broken one goes through.
    """
    prepare()
    from unstructured.partition.docx import partition_docx as partition  # noqa: PLC0415 - takes a second to import

    with _quiet():
        found = partition(
            file=BytesIO(content), languages=_LANGUAGES, infer_table_structure=False, include_page_breaks=False
        )
    return [Element(element.category, element.text, None) for element in found]


def partition_md(text: str) -> list[Element]:
    """The elements of a Markdown text in reading order; pipe tables have their HTML."""
    prepare()
    from unstructured.partition.md import partition_md as partition  # noqa: PLC0415 - takes a second to import

    with _quiet():
        found = partition(text=text, languages=_LANGUAGES)
    return [Element(element.category, element.text, element.metadata.text_as_html) for element in found]


@cache
def prepare() -> None:
    """Import `unstructured` with tracking and notices off and its language model replaced. Repeats cost nothing."""
    os.environ.update(_SILENT)
    with _quiet():
        import spacy  # noqa: PLC0415 - only here, and only once
        from unstructured.nlp import tokenize  # noqa: PLC0415

    def blank() -> spacy.language.Language:
        pipeline = spacy.blank("xx")
        pipeline.add_pipe("sentencizer")
        return pipeline

    tokenize._load_spacy_model = blank  # noqa: SLF001 - the library has no public way to set its model
    tokenize._get_nlp.cache_clear()  # noqa: SLF001
    logging.getLogger("unstructured").setLevel(logging.ERROR)


def _quiet() -> warnings.catch_warnings[None]:
    """Deprecations inside the library and its dependencies are not the reader's to report."""
    return warnings.catch_warnings(action="ignore")
