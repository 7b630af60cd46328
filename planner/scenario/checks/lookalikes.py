"""Names that people take for the same are the same: written alike, or one of them is probably a slip."""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from planner.errors import Problem
from planner.scenario.checks.draft import Draft
from planner.scenario.checks.rows import place_text
from planner.scenario.columns import Column
from planner.scenario.lettering import spelling, strange_letter
from planner.scenario.schema import TABLES
from planner.scenario.suggestions import quoted

NUMBERED = ("order", "opportunity")  # given by systems, some of which tell capital from small letters
FirstPlace = tuple[str, int]  # the table and row that has a name first


def check_lookalikes(draft: Draft) -> Iterator[Problem]:
    """No two names of one kind of thing look alike. Names of other tables must be names there anyway."""
    first: dict[tuple[str, str], tuple[str, FirstPlace]] = {}
    for table, column in compared_columns():
        if table in draft.broken or not len(draft.cells[table]):
            continue
        cells = draft.cells[table]
        codes, different = pd.factorize(cells.column(column.name))
        alike: dict[int, tuple[str, FirstPlace]] = {}
        for number, text in enumerate(different):
            if text:
                row = int(np.argmax(codes == number)) if len(different) < len(codes) else number
                earlier, place = first.setdefault((column.name, spelling(text)), (text, (table, row)))
                if earlier != text:
                    alike[row] = (earlier, place)
        yield from cells.problems(
            np.array(sorted(alike), dtype=np.int64),
            column.name,
            _looks_like(draft, table, column.name, alike),
            code="lookalike",
            kind="name",
            severity="warning",
        )


def compared_columns() -> Iterator[tuple[str, Column]]:
    """The columns of names that no other table lists."""
    for name, table in TABLES.items():
        for column in table.columns:
            is_free = column.kind == "name" and not column.refers_to and not column.choices
            if table.planned and is_free and column.name not in NUMBERED:
                yield name, column


def _looks_like(
    draft: Draft, table: str, column: str, alike: dict[int, tuple[str, FirstPlace]]
) -> Callable[[int], str]:
    def message(position: int) -> str:
        other, (of_table, row) = alike[position]
        place = place_text(draft.cells[of_table], row)
        where = place if of_table == table else f"{draft.cells[of_table].files[row]} {place}"
        return f"looks like {quoted(other)} in {where}, {difference(draft, table, column, position, other)}"

    return message


def difference(draft: Draft, table: str, column: str, position: int, other: str) -> str:
    """How the name differs from the one that looks like it, and what to do."""
    name = draft.cells[table].column(column)[position]
    remedy = "and is another name. Write both alike if they mean the same"
    own_letter, other_letter = strange_letter(name, other), strange_letter(other, name)
    if own_letter or other_letter:
        return f"but has {own_letter}, {remedy}" if own_letter else f"which has {other_letter}, {remedy}"
    return remedy
