"""What the fields of JSON output are declared with."""

import types
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, get_args, get_origin

from planner.plan.layout import PlanTable

Schema = dict[str, Any]

KINDS = {"name": ["string", "null"], "whole": ["integer"], "rank": ["integer", "null"],
         "number": ["number", "null"], "period": ["string", "null"]}
NAMES = {str: "string", int: "integer", float: "number", bool: "boolean", types.NoneType: "null"}


def text(meaning: str, *, blank: bool = False) -> Schema:
    """A text; null where it may be blank."""
    return {"type": ["string", "null"] if blank else "string", "description": meaning}


def number(meaning: str, *, blank: bool = False) -> Schema:
    """A number; null where it may be blank."""
    return {"type": ["number", "null"] if blank else "number", "description": meaning}


def whole(meaning: str) -> Schema:
    """A whole number."""
    return {"type": "integer", "description": meaning}


def many(meaning: str, items: Schema) -> Schema:
    """A list."""
    return {"type": "array", "description": meaning, "items": items}


def by_name(meaning: str, values: Schema | None = None) -> Schema:
    """An object whose keys are names of this program, such as settings and KPIs."""
    return {"type": "object", "description": meaning, "additionalProperties": values or {}}


def record(properties: Mapping[str, Schema], meaning: str = "", *, optional: tuple[str, ...] = ()) -> Schema:
    """An object with exactly these fields."""
    required = [name for name in properties if name not in optional]
    described = {"description": meaning} if meaning else {}
    return {"type": "object", **described, "properties": dict(properties), "required": required,
            "additionalProperties": False}


def of_fields(kind: type[Any], meanings: Mapping[str, str]) -> dict[str, Schema]:
    """A field for each of a dataclass."""
    return {field.name: {"type": _types(field.type), "description": meanings.get(field.name, "")}
            for field in fields(kind)}


def _types(annotation: Any) -> list[str]:
    if get_origin(annotation) is Mapping:
        return ["object"]
    return [NAMES[kind] for kind in get_args(annotation) or (annotation,)]


def plan_table(table: PlanTable) -> Schema:
    """The rows of one table of a plan."""
    return many(table.meaning, record({
        column.name: {"type": KINDS[column.kind],
                      "description": "; ".join(filter(None, (column.meaning, column.unit)))}
        for column in table.columns
    }))
