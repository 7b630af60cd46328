"""The JSON schema of scenario.yaml, with which editors complete and check it."""

import json
from typing import Any

from planner.scenario import schema
from planner.scenario.columns import Column, Kind, Table
from planner.scenario.reading.recognition.formats import CHOICES, MEANINGS
from planner.scenario.settings import Settings

CELLS: dict[Kind, dict[str, Any]] = {
    "name": {"type": ["string", "number"]},
    "text": {"type": ["string", "number"]},
    "number": {"type": "number"},
    "whole": {"type": "integer"},
    "date": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
    "period": {"type": "string", "pattern": r"^\d{4}-(\d{2}|W\d{2})(-\d{2})?$"},
    "flag": {"type": "boolean"},
}


def cell_schema(column: Column) -> dict[str, Any]:
    """What a cell may hold, for an editor."""
    limits = {"minimum": column.minimum, "exclusiveMinimum": column.above, "maximum": column.maximum}
    kind = {"enum": list(column.choices)} if column.choices else dict(CELLS[column.kind])
    unit = f" [{column.unit}]" if column.unit and column.unit != column.kind else ""
    described = kind | {limit: value for limit, value in limits.items() if value is not None}
    filled = described | {"description": column.meaning + unit}
    return filled if column.default is None else filled | {"default": column.default}


def record_schema(table: Table) -> dict[str, Any]:
    """A row of a table, without saying which columns it must fill in."""
    cells = {column.name: cell_schema(column) for column in table.columns if column.planned}
    return {
        "type": "object",
        "description": table.meaning,
        "properties": cells,
        "additionalProperties": False,
    }


def condition_schema(table: Table) -> dict[str, Any]:
    """Which rows an override means: a value, a pattern or a list for each column."""
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {column.name: {} for column in table.columns},
    }


def override_schema(table: Table) -> dict[str, Any]:
    """The changes that an override can make to a table."""
    row, rows = {"$ref": f"#/$defs/{table.name}_row"}, {"$ref": f"#/$defs/{table.name}_where"}
    numbers = {
        column.name: {"type": "number"} for column in table.columns if column.kind in ("number", "whole")
    }
    factors = {"type": "object", "additionalProperties": False, "properties": numbers}
    verbs = (
        {"where": rows, "set": row},
        {"where": rows, "multiply": factors},
        {"add": row},
        {"remove": rows},
    )
    return {
        "type": "array",
        "items": {
            "oneOf": [
                {
                    "type": "object",
                    "properties": verb,
                    "required": sorted(verb),
                    "additionalProperties": False,
                }
                for verb in verbs
            ]
        },
    }


def without_requirements(described: Any) -> Any:
    """The same schema where nothing has to be given, since a what-if may take it from its base."""
    if isinstance(described, dict):
        return {
            key: without_requirements(value)
            for key, value in described.items()
            if key not in ("required", "rule", "title")
        }
    return [without_requirements(value) for value in described] if isinstance(described, list) else described


def settings_schema() -> dict[str, Any]:
    """The settings as JSON schema."""
    return Settings.model_json_schema()


def formats_schema() -> dict[str, Any]:
    """What can be said about how files are written."""
    said = {
        name: {"type": "string", "description": meaning}
        | ({"enum": list(CHOICES[name])} if name in CHOICES else {})
        for name, meaning in MEANINGS.items()
    }
    return {"type": "object", "properties": said, "additionalProperties": False}


def editor_schema() -> str:
    """The JSON schema of scenario.yaml."""
    settings = without_requirements(settings_schema())
    tables = [table for table in schema.TABLES.values() if table.planned]
    overrides = {
        "settings": {"type": "object", "properties": settings["properties"], "additionalProperties": False}
    }
    texts = {"name": "name of the scenario", "question": "the planning question, in one sentence",
             "base": "folder of the scenario this one starts from",
             "agreed_plan": "folder of the plan agreed on last: frozen periods are held to it, and "
                            "stability_costs price what changes; planner roll writes it"}
    properties: dict[str, Any] = {
        name: {"type": "string", "description": meaning} for name, meaning in texts.items()
    }
    formats = formats_schema()
    properties["formats"] = {
        **formats, "properties": formats["properties"] | {table.name: formats for table in tables}
    }
    query: dict[str, Any] = {"type": "object", "additionalProperties": False}
    query["required"] = ["query", "connection"]
    query |= {"properties": {
        "query": {"type": "string", "description": "what is read: select ..."},
        "connection": {"type": "string", "description": "environment variable with the database's address"}}}
    properties["tables"] = {"type": "object", "additionalProperties": query,
                            "description": "tables that are queries to a database"}
    described = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "planner scenario",
        "type": "object",
        "properties": properties | settings["properties"] | {"overrides": {
            "type": "object", "additionalProperties": False,
            "properties": overrides | {table.name: override_schema(table) for table in tables}}},
        "additionalProperties": False,
        "$defs": settings["$defs"] | {f"{table.name}_row": record_schema(table) for table in tables}
        | {f"{table.name}_where": condition_schema(table) for table in tables},
    }
    return json.dumps(described, indent=1, ensure_ascii=False) + "\n"
