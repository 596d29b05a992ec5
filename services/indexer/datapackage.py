"""The `datapackage.json` beside a CSV export: Table Schema, keys, and the types of the Fiscal Data Package."""

from __future__ import annotations

from typing import Any

from services.indexer.fields import FACTS, FINDINGS, REPORTS, Field

_TYPES = {
    "string": "string",
    "integer": "integer",
    "number": "number",
    "float": "number",
    "boolean": "boolean",
    "datetime": "datetime",
}
_REPORT = {"fields": ["document_id"], "reference": {"resource": "reports", "fields": ["document_id"]}}


def descriptor(created: str) -> dict[str, Any]:
    """The descriptor of `facts.csv`, `findings.csv` and `reports.csv`; `created` is an ISO 8601 moment."""
    return {
        "profile": "tabular-data-package",
        "name": "juesuan-export",
        "title": "部门决算公开数据 / Departmental final accounts",
        "description": (
            "Amounts as published; nothing is corrected. Column types follow the Fiscal Data Package where it has one. "
            "COFOG columns are a proposal with its mapping quality and nothing official. A text that a spreadsheet "
            "would take for a formula has an apostrophe in front."
        ),
        "created": created,
        "resources": [
            _resource("facts", FACTS, ["document_id", "fact"], [_REPORT]),
            _resource("findings", FINDINGS, ["document_id", "finding"], [_REPORT]),
            _resource("reports", REPORTS, ["document_id"], []),
        ],
    }


def _resource(
    name: str, fields: tuple[Field[Any], ...], key: list[str], foreign_keys: list[dict[str, Any]]
) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_field(field, required=field.name in key) for field in fields],
        "primaryKey": key,
        "missingValues": [""],
    }
    if foreign_keys:
        schema["foreignKeys"] = foreign_keys
    return {
        "name": name,
        "path": f"{name}.csv",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8-sig",
        "schema": schema,
    }


def _field(field: Field[Any], *, required: bool) -> dict[str, Any]:
    found: dict[str, Any] = {"name": field.name, "type": _TYPES[field.kind]}
    if field.about:
        found["description"] = field.about
    if field.fiscal:
        found["columnType"] = field.fiscal
    if required:
        found["constraints"] = {"required": True}
    return found
