"""The scenario reference: settings, tables and columns, from the schema."""

from collections.abc import Iterator
from itertools import groupby

from pydantic import BaseModel

from generator.markdown import grid, page
from planner.scenario import schema
from planner.scenario.columns import Column, Table
from planner.scenario.reading.recognition.formats import MEANINGS
from planner.scenario.settings import Settings

KIND_NAMES = {"whole": "whole number", "flag": "yes or no"}
LATER = "*Not planned by this version: leave it blank.* "

SCENARIO_INTRO = """
A scenario is a folder with a `scenario.yaml` and one CSV file per table, or an Excel workbook with the sheet
`scenario` and one sheet per table (`planner new --xlsx` writes one). A table that is absent is empty, and
an empty table switches its feature off. Unknown tables and columns are errors; columns
named `notes` or `comment`, or with `#` before their name, are left to people. `*` marks the key columns of a
table; two rows may not have the same key. `~` marks tables whose figures can vary over time: repeat a row
with `from` and `to` (both inclusive) where other figures hold; the row without a span holds elsewhere, and
spans of one key may not overlap. `†` marks tables that this version does not plan with: rows in them are
refused, never ignored.

A period is written `2026-03` (month) or `2026-W10` (ISO week), a day `2026-03-15`. Amounts are in the
scenario's currency. An empty cell takes the default; where there is none it stays blank, and the meaning says
what a blank stands for.
"""

SETTINGS_INTRO = """
These stand in `scenario.yaml`, beside `name`, `question` (one sentence), and for a what-if `base` and
`overrides` (see [how to add a scenario](../recipes.md#add-a-scenario)). Editors complete and check the file
with [scenario.schema.json](scenario.schema.json).
"""


def limits(column: Column) -> str:
    """The range of a number, in words; a fraction's is in its unit."""
    if column.unit == "0 to 1" and column.above is None:
        return ""
    minimum = "" if column.minimum is None else f"{column.minimum:g} or more"
    minimum = minimum if column.above is None else f"above {column.above:g}"
    return minimum if column.maximum is None else f"{minimum.removesuffix(' or more')} to {column.maximum:g}"


def allowed(column: Column) -> str:
    """What may stand in a cell, in words."""
    tables = column.refers_to.split(" or ") if column.refers_to else []
    return "; ".join(filter(None, (
        "required" if column.required and not column.key else "",
        "blank: all" if column.scope else "",
        ", ".join(column.choices),
        f"in {' or '.join(f'[{table}](#{table})' for table in tables)}" if tables else "",
        limits(column),
        "one value per key" if column.once else "")))


def default_of(column: Column) -> str:
    """The value that a blank stands for."""
    return (
        ""
        if column.default is None
        else f"{column.default:g}"
        if isinstance(column.default, float)
        else str(column.default)
    )


def column_row(column: Column) -> tuple[str, ...]:
    """One line of a table's reference."""
    kind = KIND_NAMES.get(column.kind, column.kind)
    unit = column.unit if column.unit not in (column.kind, "period", "date") else ""
    return (f"`{column.name}`{'*' if column.key else ''}", kind, unit, default_of(column), allowed(column),
            f"{'' if column.planned else LATER}{column.meaning}")


def table_section(table: Table) -> str:
    """Heading, meaning, columns and rules of one table."""
    rules = [
        *([] if table.planned else [LATER.strip()]),
        table.meaning,
        *(f"Fill in exactly one of {' and '.join(f'`{name}`' for name in group)}." for group in table.one_of),
        *(
            ["Varies over time (~): repeat a row with `from` and `to` where other figures hold."]
            if table.varies
            else []
        ),
    ]
    rows = [column_row(column) for column in table.columns]
    headings = ("column", "type", "unit", "default", "allowed", "meaning")
    return "\n\n".join([f"### {table.name}", " ".join(rules), grid(headings, rows)])


def by_area() -> list[tuple[str, list[Table]]]:
    """The areas in the schema's order, with their tables."""
    return [
        (area, list(tables)) for area, tables in groupby(schema.TABLES.values(), key=lambda table: table.area)
    ]


def table_link(table: Table) -> str:
    """A link within the scenario page; ~ marks what varies over time, a cross what is not planned yet."""
    return f"[{table.name}](#{table.name}){' ~' if table.varies else ''}{'' if table.planned else ' †'}"


def scenario_page() -> str:
    """The reference of everything a scenario can hold."""
    index = grid(
        ("area", "tables"), ((area, ", ".join(map(table_link, tables))) for area, tables in by_area())
    )
    return page(
        "Scenario reference",
        SCENARIO_INTRO,
        index,
        "## Settings",
        SETTINGS_INTRO,
        settings_grid(),
        "### formats",
        FORMATS_INTRO,
        formats_grid(),
        *(
            f"## The {area} tables\n\n" + "\n\n".join(map(table_section, tables))
            for area, tables in by_area()
        ),
    )


def setting_rows(section: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, ...]]:
    """One line per setting, nested ones with their path."""
    for name, field in section.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from setting_rows(field.annotation, f"{prefix}{name}.")
        else:
            default = (
                "required" if field.is_required() else "" if field.default is None else f"`{field.default}`"
            )
            rule = field.json_schema_extra["rule"] if isinstance(field.json_schema_extra, dict) else ""
            yield f"`{prefix}{name}`", default, str(rule).removeprefix("must be "), field.description or ""


FORMATS_INTRO = """
How the files of a scenario are written is recognised from all their cells, and listed by `planner
check`. What could mean two things is an error; `formats` in `scenario.yaml` answers it, for all files or
for those of one table: `formats: {dates: dmy, order_history: {decimal: comma}}`.
"""


def formats_grid() -> str:
    """What can be said about how files are written."""
    return grid(("format", "meaning"), ((f"`{name}`", meaning) for name, meaning in MEANINGS.items()))


def settings_grid() -> str:
    """Every setting of scenario.yaml."""
    return grid(("setting", "default", "allowed", "meaning"), setting_rows(Settings))
