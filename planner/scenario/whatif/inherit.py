"""A what-if becomes a whole scenario: its base, resolved, with its own tables, settings and overrides on
top.
"""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from planner.errors import Problem
from planner.scenario.reading.cells import Cells
from planner.scenario.reading.node import merge
from planner.scenario.reading.places import place_fault, place_of, read_source
from planner.scenario.reading.source import DESCRIPTION, MAXIMUM_GENERATIONS, Source
from planner.scenario.reading.workbook.book import is_workbook
from planner.scenario.scenario import Scenario
from planner.scenario.schema import TABLES
from planner.scenario.suggestions import quoted
from planner.scenario.whatif.overrides import apply_overrides


def read_inherited(place: str | os.PathLike[str] | Mapping[str, Any]) -> Source:
    """The scenario as it was written, with everything it inherits; `base` is the scenario it inherits
    from.
    """
    return inherited(read_source(place))


def inherited(
    source: Source, *, shown_as: str = "", line_of_descent: tuple[Path | None, ...] = ()
) -> Source:
    """The scenario as it was written, with everything it inherits. `line_of_descent` are the places of those
    that inherit from it, None for one that stands in none.
    """
    overrides = source.description.get("overrides")
    if source.base is None:
        orphan = (
            []
            if overrides is None
            else [
                overrides.problem(
                    "there is no base to override. Give base", column="overrides", code="overrides.no_base"
                )
            ]
        )
        return replace(source, problems=(*source.problems, *orphan))
    descent = (*line_of_descent, source.place.resolve() if source.place else None)
    base, fault = _base_of(source, shown_as=shown_as, line_of_descent=descent)
    if base is None:
        return replace(source, problems=(*source.problems, *fault), complete=False)
    return _laid_on(base, source)


def _base_of(
    source: Source, *, shown_as: str, line_of_descent: tuple[Path | None, ...]
) -> tuple[Source | None, list[Problem]]:
    """The resolved base, or why there is none."""
    if isinstance(source.base, Scenario):
        return source.base.written, []
    written = source.description.get("base") or source.description
    if len(line_of_descent) > MAXIMUM_GENERATIONS:
        many = f"more than {MAXIMUM_GENERATIONS} scenarios start from each other here: that is too many"
        value = quoted(written.text) if written.text else None
        return None, [written.problem(many, column="base", value=value, code="scenario.base.generations")]
    if isinstance(source.base, Mapping):
        return inherited(read_source(source.base), line_of_descent=line_of_descent), []
    if not written.is_scalar or not written.text.strip():
        reason = "must be the folder, or the workbook, of the scenario it starts from"
        return None, [written.problem(reason, column="base", code="scenario.base.required")]
    place = place_of(source.folder / written.text.strip())
    fault = _fault_of(place, line_of_descent)
    if fault:
        code = "scenario.base.folder"
        return None, [written.problem(fault, column="base", value=quoted(written.text), code=code)]
    way = Path(written.text.strip())
    way = way.parent if place.name != way.name == DESCRIPTION else way
    near = Path(shown_as).parent if is_workbook(Path(shown_as)) else Path(shown_as)
    seen_as = Path(os.path.normpath(near / way)).as_posix()
    return inherited(
        read_source(place, shown_as=seen_as), shown_as=seen_as, line_of_descent=line_of_descent
    ), []


def _fault_of(place: Path, line_of_descent: tuple[Path | None, ...]) -> str:
    fault = place_fault(place)
    if not fault and place.resolve() in line_of_descent:
        round_trip = [*line_of_descent[line_of_descent.index(place.resolve()):], place.resolve()]
        names = (path.name for path in round_trip if path)
        fault = f"the scenarios inherit from each other: {' -> '.join(names)}"
    return fault


def _laid_on(base: Source, source: Source) -> Source:
    """The base with the scenario's own tables, settings and overrides, in this order."""
    replaced = {name: problems for name, problems in base.table_problems.items() if name not in source.tables}
    table_problems = {**replaced, **source.table_problems}
    tables: Mapping[str, Cells] = {**base.tables, **source.tables}
    settings = merge(base.settings, source.settings)
    problems = [*base.problems, *source.problems]
    overrides = source.description.get("overrides")
    if overrides is not None:
        unknown = table_problems if base.complete else TABLES
        tables, wrong = apply_overrides(tables, overrides, broken=unknown)
        problems += wrong
        changed = overrides.get("settings")
        settings = merge(settings, changed if changed is not None and changed.is_mapping else None)
    return replace(
        source,
        settings=settings,
        tables=tables,
        problems=tuple(problems),
        table_problems=table_problems,
        complete=base.complete and source.complete,
        parent=base,
    )
