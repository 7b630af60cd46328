"""The reference of `--json`: the fields of what each command prints, and the same as a JSON Schema."""

import json
from collections.abc import Iterator

from generator.markdown import grid, page
from planner.report.schemas.field_types import Schema
from planner.report.schemas.results import RESULTS, SCHEMA, schema_document, schema_of

INTRO = f"""
Every command with `--json` prints one object on stdout, and nothing else there. `schema` is the version of
the format, now {SCHEMA}: fields may be added under the same number, but none is renamed, removed or given
another meaning. `command` says what was asked. Numbers are not rounded; a figure that is not there is `null`;
periods are written as in the scenario. The same as a JSON Schema:
[output.schema.json](output.schema.json).

A command that has no result prints an [error](#error) and ends with its exit code; the message stands on
stderr as well.
"""
DEEPEST = 2  # levels of fields that are listed; the schema file has them all


def json_page() -> str:
    """The reference of everything that `--json` prints."""
    parts = (
        f"## {result}\n\n{meaning}\n\n{_fields(schema_of(result))}"
        for result, (meaning, _) in RESULTS.items()
    )
    return page("JSON output", INTRO, *parts)


def output_schema() -> str:
    """The schema file."""
    return json.dumps(schema_document(), indent=1, ensure_ascii=False) + "\n"


def _fields(schema: Schema) -> str:
    return grid(("field", "type", "meaning"), _rows(schema, "", 0))


def _rows(schema: Schema, prefix: str, depth: int) -> Iterator[tuple[str, str, str]]:
    """A row for each field, those of records inside it below it."""
    for name, inner in schema["properties"].items():
        path = f"{prefix}{name}"
        yield f"`{path}`", _kind(inner), str(inner.get("description", ""))
        nested = inner["items"] if inner.get("type") == "array" else inner
        if "properties" in nested and depth < DEEPEST and path != "tables":
            yield from _rows(nested, f"{path}[]." if inner.get("type") == "array" else f"{path}.", depth + 1)


def _kind(schema: Schema) -> str:
    """The type in words."""
    if "const" in schema:
        return f"`{json.dumps(schema['const'])}`"
    kinds = schema.get("type", "any")
    if kinds == "array":
        return f"list of {_kind(schema['items'])}s"
    return kinds if isinstance(kinds, str) else " or ".join(kinds)
