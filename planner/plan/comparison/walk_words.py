"""A step from one scenario to another as a planner would say it."""

from collections.abc import Sequence

from planner.figures import printable
from planner.naming import listed
from planner.scenario.whatif.between import SETTINGS, ScenarioStep
from planner.scenario.whatif.changes import Change

MAXIMUM_NAMED = 2  # changes that are told one by one; of more, their number says enough
LONGEST = 90  # letters of one change: the rest of a row is in changes.csv


def step_text(step: ScenarioStep) -> str:
    """The tables, their block, and what changes in them."""
    tables = listed([table.replace("_", " ") for table in step.tables])
    blocks = [block for block in step.blocks if block] if len(step.tables) == 1 else []
    head = f"{tables[:1].upper()}{tables[1:]}{f' of {listed(blocks)}' if blocks else ''}"
    return printable(f"{head}, {_changes(step.changes)}")


def _changes(changes: Sequence[Change]) -> str:
    """The first few, or what all have in common, and how many there are."""
    alike = {(change, column, before, after) for _, change, _, column, before, after in changes}
    if len(changes) > 1 and len(alike) == 1 and changes[0][1] == "changed":
        _, _, _, column, before, after = changes[0]
        return f"{_column(column)} {_cell(before)} to {_cell(after)} in {len(changes)} rows"
    spelled_out = [_change(change) for change in changes[:MAXIMUM_NAMED]]
    more = len(changes) - len(spelled_out)
    return "; ".join(spelled_out) + (f"; and {more:,} more change{'s' if more > 1 else ''}" if more else "")


def _change(change: Change) -> str:
    table, kind, key, column, before, after = change
    if kind == "changed" or table == SETTINGS:
        of_row = f" ({_row(key)})" if key else ""
        return f"{_column(column)} {_cell(before)} to {_cell(after)}{of_row}"
    row = _row(", ".join(filter(None, [key, after if kind == "added" else ""])))
    return f"{row} {kind}"


def _row(key: str) -> str:
    """The cells of a row as they are written, without the sign of equality: supplier arvo, period 2026-03."""
    text = ", ".join(part.replace("=", " ", 1).replace("_", " ", part.partition("=")[0].count("_"))
                     for part in key.split(", "))
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rsplit(', ', 1)[0]}, ..."


def _column(column: str) -> str:
    return column.replace("_", " ").replace(".", " ")


def _cell(text: str) -> str:
    return text or "blank"
