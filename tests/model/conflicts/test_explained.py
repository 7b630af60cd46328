"""Why no plan exists: every rule that can be in a conflict, what each figure would have to be, and that it does."""

from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest

from planner.demand.demand import make_demand
from planner.errors import ConflictMember, NoPlanError
from planner.model.conflicts import explained, minimal
from planner.model.conflicts.causes import Causes, twins
from planner.model.conflicts.elastic import Elastic, limit_named
from planner.model.conflicts.explained import Explanation
from planner.model.conflicts.minimal import Found, conflicts_of
from planner.model.limits import BOUNDS, LIMITS
from planner.model.solve import built
from planner.scenario.load import load_scenario
from planner.scenario.written import Cell, rewritten
from tests.model.conflicts.planted import CANNOT, LINEAR, WHOLE, planted

NEVER = float("inf")
HAIR = 1e-3
HALVES = {"linear": LINEAR, "whole numbers": WHOLE}


class Solved:
    """A scenario with many conflicts, and what was found out about them without looking for best plans."""

    def __init__(self, cases: dict[str, Any]) -> None:
        self.cases, self.scenario = cases, load_scenario(planted(cases))
        self.demand = make_demand(self.scenario)
        self.conflicts, self.notes = Explanation(
            self.built({}), built=self.built, solved=never, until=NEVER).conflicts()

    def built(self, figures: dict[Cell, Any]) -> Any:
        return built(rewritten(self.scenario, figures), self.demand)

    def found(self, figures: dict[Cell, Any]) -> Found:
        """The conflicts that are left with other figures."""
        compiled = self.built(figures)
        elastic = Elastic(compiled, until=NEVER)
        return conflicts_of(elastic, Causes(compiled, elastic))

    def members(self) -> Iterator[list[ConflictMember]]:
        return (list(conflict.members) for conflict in self.conflicts)

    def cells(self, member: ConflictMember, figure: Any) -> dict[Cell, Any]:
        """The figure in the member's cell, as the model reads it."""
        if isinstance(figure, str):
            figure = pd.Period(figure, freq=self.scenario.calendar.freq)
        cell = Cell(member.table, member.column, (member.row or 0) - 1)
        return {twin: figure for twin in twins(self.scenario, cell)}


def never(*_: Any) -> Any:
    raise NoPlanError("not looked for")


@pytest.fixture(scope="module")
def halves() -> Iterator[dict[str, Solved]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(minimal, "MAXIMUM_CONFLICTS", 99)
        patch.setattr(explained, "MAXIMUM_CONFLICTS", 99)
        patch.setattr(explained, "MAXIMUM_COSTED", 0)
        yield {name: Solved(cases) for name, cases in HALVES.items()}


def test_there_is_a_conflict_for_every_rule_that_can_be_in_one() -> None:
    named = {rule for cases in HALVES.values() for _, members in cases.values() for rule, *_ in members}
    # what is frozen is written once for all plants: tests/model/conflicts/test_frozen.py
    written = {name for name, limit in LIMITS.items() if limit.sources and limit.area != "stability"}
    # `bought` and `running` are the same figure as `option_limit`
    assert named | CANNOT == written | set(BOUNDS) - {"bought", "running"}
    assert all(limit_named(name).soft for name in CANNOT)


@pytest.mark.parametrize("half", HALVES)
def test_the_figures_in_conflict_are_named_with_what_each_would_have_to_be(half: str, halves: dict[str, Solved]) -> None:
    solved = halves[half]
    told = sorted(sorted((member.rule, member.column, member.required) for member in members) for members in solved.members())
    assert told == sorted(sorted(members) for _, members in solved.cases.values())
    assert solved.notes == () and all(conflict.minimal for conflict in solved.conflicts)


@pytest.mark.parametrize("half", HALVES)
def test_with_one_figure_of_each_conflict_changed_a_plan_exists_and_with_a_hair_less_none(
        half: str, halves: dict[str, Solved]) -> None:
    solved = halves[half]
    for turn in range(max(len(members) for members in solved.members())):
        chosen = [members[turn % len(members)] for members in solved.members()]
        does, less = {}, {}
        for member in chosen:
            does |= solved.cells(member, member.required)
            less |= solved.cells(member, nearly(member))
        assert solved.found(does) == Found((), complete=True)
        assert len(solved.found(less).conflicts) == len(chosen)


def nearly(member: ConflictMember) -> Any:
    """What is a hair, or a whole, short of what would do."""
    if isinstance(member.required, str):
        return str(pd.Period(member.required, freq="M") + 1)
    assert isinstance(member.value, float) and member.required is not None
    step = 1.0 if member.column in ("max_lateness", "max_count", "stops", "max_stops_per_period", "max_vehicles",
                                    "max_chosen") else HAIR
    return member.required + (step if member.value > member.required else -step)


@pytest.mark.parametrize("half", HALVES)
def test_without_any_of_its_figures_a_conflict_is_none(half: str, halves: dict[str, Solved]) -> None:
    solved = halves[half]
    compiled = solved.built({})
    elastic = Elastic(compiled, until=NEVER)
    causes = Causes(compiled, elastic)
    for conflict in conflicts_of(elastic, causes).conflicts:
        held = {cell: causes.rows_of(cell) for cell in conflict.cells}
        for left_out in (None, *conflict.cells):
            together = causes.unwritten(~elastic.none())  # what is written nowhere cannot give
            for cell, rows in held.items():
                together |= rows if cell != left_out else elastic.none()
            assert elastic.is_possible(together) is (left_out is not None)
