"""The columns that a table was given: only declared ones, all that must be there, and notes for people."""

from collections.abc import Iterable

from planner.errors import Problem
from planner.scenario.columns import Table
from planner.scenario.reading.cells import Cells, few
from planner.scenario.suggestions import did_you_mean, listed, nearest, quoted

NOTES = ("note", "notes", "comment", "comments")


def is_for_people(name: str) -> bool:
    """Whether the column is a note that people keep beside a table: it is named so, or begins with #."""
    return name.startswith("#") or name.casefold() in NOTES


def column_problems(cells: Cells, table: Table, *, header: int | None) -> list[Problem]:
    """Only declared columns are there, and all that must be. `header` is the row of their names, where
    there is one.
    """
    declared = [column.name for column in table.columns]
    unknown = [name for name in cells.columns if name not in declared and not is_for_people(name)]
    required = [column.name for column in table.columns if column.required]
    missing = [name for name in required if name not in cells.columns]
    strange = few(unknown, lambda name: Problem(
        f"no such column{did_you_mean(name, declared)}", file=cells.file, sheet=cells.sheet, row=header,
        column=quoted(name), code=cells.code("", "unknown_column")),
        what="columns that are not known", file=cells.file)
    return [*strange, *(cells.about(f"this column is missing{_which(name, unknown)}", column=name, row=header,
                                    code=cells.code(name, "missing_column")) for name in missing)]


def _which(name: str, unknown: Iterable[str]) -> str:
    """The end of a message about a missing column: . Ship Date or Order Date: which is it?"""
    words = set(name.split("_"))
    near = [one for one in unknown if words.intersection(_plain(one).split("_"))]
    if not near:
        nearest_name = nearest(name, unknown)
        near = [] if nearest_name is None else [nearest_name]
    if not near:
        return ""
    if len(near) == 1:
        return f". Is it {quoted(near[0])}?"
    return f". {listed(map(quoted, near[:4]))}: which is it?"


def _plain(name: str) -> str:
    return "_".join(name.casefold().replace("-", " ").replace("_", " ").split())
