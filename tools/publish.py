"""Publish the schemas of the events: `python -m tools.publish` after a change that breaks no reader; else it says why.

A change that must break readers needs a new version of the event (`...v2`) beside the old one.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from shared.contracts.events import MODELS, Event
from tools.compatibility import breaking

PUBLISHED = Path(__file__).resolve().parents[1] / "docs" / "reference" / "schemas" / "events" / "v1"


def schema_of(model: type[Event]) -> dict[str, Any]:
    """The JSON Schema of an event as it travels."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **model.model_json_schema(mode="serialization")}


def published(folder: Path = PUBLISHED) -> dict[str, dict[str, Any]]:
    """The published schemas by the name of the event."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))}


def breaks(folder: Path = PUBLISHED) -> list[str]:
    """Every break of what is published, with the event."""
    current = {model.__name__: schema_of(model) for model in MODELS.values()}
    found = [f"{name}: the event is gone" for name in published(folder) if name not in current]
    for name, schema in published(folder).items():
        if name in current:
            found += [f"{name}: {text}" for text in breaking(schema, current[name])]
    return found


def main(folder: Path = PUBLISHED) -> int:
    """Publish, or say what would break; 1 when something would."""
    found = breaks(folder)
    for text in found:
        sys.stderr.write(f"{text}\n")
    if found:
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    for model in MODELS.values():
        text = json.dumps(schema_of(model), ensure_ascii=False, indent=2) + "\n"
        (folder / f"{model.__name__}.json").write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
