from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from shared.contracts.events import MODELS, DocumentFailed, Event
from tools import publish
from tools.compatibility import breaking

SCHEMA = publish.schema_of(DocumentFailed)


def changed(place: str, value: Any) -> dict[str, Any]:
    """The schema with something else at a dotted place; None removes what is there."""
    schema = copy.deepcopy(SCHEMA)
    *way, last = place.split(".")
    inner = schema
    for part in way:
        inner = inner[part]
    if value is None:
        del inner[last]
    else:
        inner[last] = value
    return schema


def test_no_published_event_was_broken() -> None:
    assert publish.breaks() == []


def test_every_event_is_published() -> None:
    assert set(publish.published()) == {model.__name__ for model in MODELS.values()}


@pytest.mark.parametrize("model", MODELS.values())
def test_what_did_not_change_breaks_nothing(model: type[Event]) -> None:
    assert breaking(publish.schema_of(model), publish.schema_of(model)) == []


REQUIRED = SCHEMA["required"]


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        ("properties.service", None, "service: removed"),
        ("properties.source", None, "source: removed"),
        ("$defs.SourceObject.properties.etag", None, "source.etag: removed"),
        ("properties.attempts.type", "string", "attempts: type was integer, is string"),
        ("$defs.SourceObject.properties.size.type", "number", "source.size: type"),
        ("properties.at.format", None, "at: format"),
        ("properties.document_id.pattern", "^[0-9]+$", "document_id: pattern"),
        ("properties.kind.const", "v2", "kind: const"),
        ("$defs.Category.enum", ["damaged"], "category: the word empty_file is gone"),
        ("properties.service.enum", ["extractor"], "service: only some words are allowed now"),
        ("required", [*REQUIRED, "generation"], "generation: required now"),
        ("required", REQUIRED[1:], "document_id: may be absent now"),
        ("additionalProperties", False, "the event: refuses unknown fields now"),
        ("properties.attempts", {"anyOf": [{"type": "integer"}, {"type": "null"}]}, "attempts: type was integer"),
    ],
)
def test_a_break_is_named(place: str, value: Any, said: str) -> None:
    assert any(text.startswith(said) for text in breaking(SCHEMA, changed(place, value)))


def test_a_renamed_field_is_a_removed_one() -> None:
    schema = changed("properties.service", None)
    schema["properties"]["room"] = {"type": "string"}
    assert "service: removed" in breaking(SCHEMA, schema)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("properties.hint", {"type": "string"}),
        ("$defs.Category.enum", [*SCHEMA["$defs"]["Category"]["enum"], "too_old"]),
        ("description", "Said in other words."),
        ("properties.attempts.title", "Tries"),
    ],
)
def test_what_adds_breaks_nothing(place: str, value: Any) -> None:
    assert breaking(SCHEMA, changed(place, value)) == []


LIST = {"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "null"}]}}
TREE = {"$defs": {"Node": {"properties": {"next": {"$ref": "#/$defs/Node"}}}}, "$ref": "#/$defs/Node"}


def test_lists_and_alternatives_are_looked_into() -> None:
    assert breaking(LIST, LIST) == []
    assert breaking(LIST, {"type": "array", "items": {"type": "string"}})
    other = {"type": "array", "items": {"anyOf": [{"type": "integer"}, {"type": "null"}]}}
    assert breaking(LIST, other) == ["[]: type was string, is integer"]


def test_a_schema_that_holds_itself_comes_to_an_end() -> None:
    assert breaking(TREE, TREE) == []


def test_publishing_writes_and_then_refuses_a_break(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "v1"
    assert publish.main(folder) == 0
    assert publish.published(folder) == publish.published()
    path = folder / "DocumentFailed.json"
    promised = json.loads(path.read_text(encoding="utf-8"))
    promised["properties"]["once"] = {"type": "string"}
    path.write_text(json.dumps(promised), encoding="utf-8")
    (folder / "Gone.json").write_text("{}", encoding="utf-8")
    assert publish.main(folder) == 1
    said = capsys.readouterr().err
    assert "DocumentFailed: once: removed" in said
    assert "Gone: the event is gone" in said
