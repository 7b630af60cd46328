"""The reference of mappings, with which exports of other systems become tables, and their JSON schema."""

import json
from collections.abc import Iterator

from pydantic import BaseModel

from generator.markdown import docstring, grid, page
from planner.scenario.importing import mapping
from planner.scenario.importing.mapping_file import profiles

INTRO = """
A mapping is a YAML file that says which columns of another system's files become which columns of a
scenario's tables. `planner import --suggest FILE` writes a first one; [Importing](../importing.md) shows how
mappings are used. Editors complete and check one with [import.schema.json](import.schema.json).
"""
PARTS: tuple[tuple[str, type[BaseModel]], ...] = (
    ("A mapping", mapping.Mapping), ("A read", mapping.Read), ("A column", mapping.Expression),
    ("A condition", mapping.Condition), ("A file beside", mapping.Beside),
    ("Periods across", mapping.Across), ("Units", mapping.Units), ("Currencies", mapping.Currency),
)


def imports_page() -> str:
    """The reference of every entry of a mapping, and of the profiles."""
    known = grid(("profile", "reads"), ((f"`{name}`", meaning) for name, meaning in profiles().items()))
    return page("Mapping reference", INTRO, *(_section(title, part) for title, part in PARTS),
                f"## Profiles\n\nNamed by `--profile`, or by `profile` in a mapping.\n\n{known}")


def imports_schema() -> str:
    """The JSON schema of a mapping."""
    described = mapping.Mapping.model_json_schema()
    inner = {part.__name__: part.model_json_schema() for part in (mapping.Expression, mapping.Condition)}
    described["$defs"] |= inner
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    found = _linked(head | described | {"title": "planner mapping"})
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def _section(title: str, part: type[BaseModel]) -> str:
    entries = grid(("entry", "default", "allowed", "meaning"), _entries(part))
    return f"## {title}\n\n{docstring(part)}\n\n{entries}"


def _entries(part: type[BaseModel]) -> Iterator[tuple[str, str, str, str]]:
    for name, field in part.model_fields.items():
        default = "required" if field.is_required() else f"`{field.default}`" if field.default else ""
        extra = field.json_schema_extra
        rule = str(extra["rule"]).removeprefix("must be ") if isinstance(extra, dict) else ""
        yield f"`{name}`", default, rule, field.description or ""


def _linked(described: object) -> object:
    """The schema without what only problems quote, with a link wherever a part is named."""
    if isinstance(described, dict):
        if set(described) == {"$comment"}:
            return {"$ref": f"#/$defs/{described['$comment']}"}
        return {name: _linked(value) for name, value in described.items()
                if not (name == "rule" and isinstance(value, str))}
    return [_linked(value) for value in described] if isinstance(described, list) else described
