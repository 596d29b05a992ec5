from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import BaseModel

from shared.contracts.base import Contract
from shared.contracts.events import Event
from tools import reference


def test_the_reference_is_current() -> None:
    assert reference.stale(reference.pages()) == []


def test_a_changed_missing_or_left_over_page_is_noticed(tmp_path: Path) -> None:
    made = {"schemas/A.json": "{}", "words.md": "new"}
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "Old.json").write_text("{}", encoding="utf-8")
    (tmp_path / "words.md").write_text("old", encoding="utf-8")
    assert reference.stale(made, tmp_path) == ["schemas/A.json", "words.md", "schemas/Old.json"]


@pytest.mark.parametrize("model", reference.MODELS)
def test_contracts_are_closed_and_frozen(model: type[BaseModel]) -> None:
    assert issubclass(model, Contract)
    assert model.model_config.get("frozen")
    schema = json.loads(reference.schemas()[f"schemas/{model.__name__}.json"])
    # An event may grow: who reads it passes over what a newer service says beyond.
    assert schema.get("additionalProperties", True) is issubclass(model, Event)
