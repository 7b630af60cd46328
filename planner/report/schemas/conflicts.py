"""What `--json` prints of the conflicts of a scenario that has no plan."""

from planner.errors import ConflictMember
from planner.report.schemas.field_types import by_name, many, of_fields, record

MEMBER = of_fields(ConflictMember, {
    "rule": "the rule that the figure sets: see the model reference",
    "words": "rule, what it is about and periods",
    "first": "first period in which it is part of the conflict, or blank", "last": "the last one",
    "table": "table of the scenario", "file": "its file", "row": "its row, as a spreadsheet counts",
    "column": "its column", "line": "its line, of a YAML file", "sheet": "its sheet, of a workbook",
    "cell": "its cell, of a workbook", "place": "file, row and column, as people read it",
    "value": "the figure, or period",
    "required": "the nearest with which a plan exists; null: none, or not known",
    "enough": "whether a figure here is enough by itself; null: not found out in time",
    "bound": "what the required figure is of all that would do: minimum, maximum, or blank",
    "unit": "unit of both",
    "cost": "cost of the best plan with it, in mode profit its profit; null: not computed",
    "currency": "currency of the cost",
    "is_cheapest": "whether it is the cheapest way out; where costs were not computed, the smallest change",
    "sentence": "all of it in a sentence",
}) | {"keys": by_name("what the rule is about", {})}
CONFLICT = {
    "members": many("the figures; changing any one that is enough resolves the conflict", record(MEMBER)),
    "minimal": {"type": "boolean", "description": "whether each was left out once and the others could hold"},
    "sentences": many("the conflict in words", {"type": "string"}),
}
