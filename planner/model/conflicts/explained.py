"""An infeasible scenario explained: its conflicts, what each figure would have to be, and what that costs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd

from planner.errors import Conflict, ConflictMember, InfeasibleError, NoPlanError
from planner.model.conflicts.causes import Causes, twins
from planner.model.conflicts.elastic import FACTS, Elastic, Numbers, limit_named
from planner.model.conflicts.minimal import MAXIMUM_CONFLICTS, CellConflict, Found, conflicts_of
from planner.model.conflicts.required import Nearest, Space, TooLateError, required_figure
from planner.model.conflicts.searched import Trial, searched_figure
from planner.model.conflicts.shifts import (
    SEARCHED,
    Built,
    Shift,
    direction_of,
    has_switches,
    shifted,
    shifts_of,
)
from planner.model.conflicts.words import about, head, sentence, with_sentences
from planner.model.limits import KEYS, is_filled
from planner.model.solution import Solution
from planner.model.solver.matrix import Compiled
from planner.model.solver.row_keys import row_keys
from planner.model.solver.run import STOPS
from planner.model.solver.warm_start import WarmStart
from planner.progress import tell_more
from planner.scenario.schema import TABLES
from planner.scenario.written import Cell, text_of

SECONDS = 60.0  # to look for conflicts; a message that comes later helps nobody
MINIMUM_SECONDS = 5.0  # beyond a time limit that has come: without a reason nobody can mend the scenario
MINIMUM_SECONDS_OF_COST = 0.5  # to look for the best plan with one figure changed
# Of the time that is left at each: the conflicts, then what figures would have to be. The rest is for costs.
SEARCH_SHARE, FIGURES_SHARE = 0.5, 0.7
# Limits on single decisions that are those of a rule too.
SAME_RULE = {"bought": "option_limit", "running": "option_limit"}
MAXIMUM_COSTED = 10  # figures of a conflict with which the best plan is sought: those that change least
MAXIMUM_MODELS = 8  # as many as the members of a conflict, mostly
CANCELLED = "the search for the limits in conflict was cancelled"
# The best plan of a model by a moment of perf_counter, from what an earlier solve has left.
Solved = Callable[[Compiled, float, WarmStart | None], Solution]


@dataclass(frozen=True)
class Relaxed:
    """A figure in a cell that would do, with how many steps of its shift that is; None where none does, or it
    was not `known` in time.
    """

    cell: Cell
    figure: Any
    steps: float | None = None
    known: bool = True

    @property
    def does(self) -> bool:
        """Whether there is such a figure."""
        return self.figure is not None


class Once:
    """The model with other figures, built once for each choice of them."""

    def __init__(self, compiled: Compiled, built: Built) -> None:
        self._scenario, self._built = compiled.model.scenario, built
        self._last: dict[tuple[tuple[Cell, Any], ...], Compiled] = {}

    def __call__(self, figures: Mapping[Cell, Any]) -> Compiled:
        """The model with these figures in these cells, and in those that say the same."""
        key = tuple(sorted(figures.items(), key=lambda entry: entry[0]))
        if key not in self._last:
            while len(self._last) >= MAXIMUM_MODELS:
                self._last.pop(next(iter(self._last)))
            same = {twin: figure for cell, figure in key for twin in twins(self._scenario, cell)}
            self._last[key] = self._built(same)
        return self._last[key]


class Explanation:
    """Looks for the conflicts of one model, within its time."""

    def __init__(self, compiled: Compiled, *, built: Built, solved: Solved, until: float) -> None:
        """`built` gives the model with other figures in some cells, `solved` its best plan."""
        self.compiled, self.built, self.solved, self.until = compiled, Once(compiled, built), solved, until
        self.scenario = compiled.model.scenario
        self.elastic = Elastic(compiled, until=self._moment(SEARCH_SHARE))
        self.causes = Causes(compiled, self.elastic)
        self.shifts: dict[Cell, Shift] = {}
        self.start: WarmStart | None = None
        self.space = Space(compiled, self.elastic.widened, until)

    def _moment(self, share: float) -> float:
        """The moment when this share of the time that is left now will be over."""
        began = perf_counter()
        return began + share * max(self.until - began, 0.0)

    def conflicts(self) -> tuple[tuple[Conflict, ...], tuple[str, ...]]:
        """The conflicts with their members, and what was not found out."""
        found = conflicts_of(self.elastic, self.causes)
        self.elastic.until = self._moment(FIGURES_SHARE)
        self._see_shifts(found)
        relaxed = [self._relaxed(conflict, found) for conflict in found.conflicts]
        members = [[self._member(conflict, way) for way in ways]
                   for conflict, ways in zip(found.conflicts, relaxed, strict=True)]
        costed = self._with_costs(members, relaxed)
        told = [Conflict(tuple(self._told(member, way) for member, way in zip(ours, ways, strict=True)),
                         minimal=conflict.minimal)
                for conflict, ours, ways in zip(found.conflicts, costed, relaxed, strict=True)]
        return with_sentences(told), self._notes(found)

    def _notes(self, found: Found) -> tuple[str, ...]:
        if len(found.conflicts) >= MAXIMUM_CONFLICTS:
            return ("there may be more conflicts than these",)
        if found.complete:
            return ()
        if not found.known:
            return ("not all conflicts were found in time",)
        return ("with these figures changed there is still no plan, and no other figure is to blame",)

    def _see_shifts(self, found: Found) -> None:
        cells = [(cell, self._family(conflict, cell))
                 for conflict in found.conflicts for cell in conflict.cells]
        if cells:
            widened, self.shifts = shifts_of(
                self.compiled, self.elastic, self.causes, cells, built=self.built)
            self.space = Space(self.compiled, widened, self.elastic.until)

    def _family(self, conflict: CellConflict, cell: Cell) -> str:
        return self.causes.family_of(cell, conflict.rows)

    def _relaxed(self, conflict: CellConflict, found: Found) -> list[Relaxed]:
        """For each cell of the conflict the nearest figure that does, the cells of other conflicts giving
        freely.
        """
        others = tuple(cell for other in found.conflicts if other is not conflict for cell in other.cells)
        free = np.concatenate([np.zeros(0, np.int64), *(self._rows(cell) for cell in others)])
        space = self.space.without(free)
        trial = Trial(self.compiled, self.built, free=others, until=self.elastic.until)
        nearest = Nearest(space, [self.shifts[cell] for cell in conflict.cells if cell in self.shifts])
        return [self._relaxed_cell(cell, space, trial, nearest) for cell in conflict.cells]

    def _rows(self, cell: Cell) -> Numbers:
        return self.elastic.rows_that_give[self.causes.rows_of(cell)]

    def _relaxed_cell(self, cell: Cell, space: Space, trial: Trial, nearest: Nearest) -> Relaxed:
        tell_more("what the limits would have to be")
        try:
            if self.elastic.seconds_left <= 0:
                raise TooLateError
            if (cell.table, cell.column) in SEARCHED:
                rows = self.causes.rows_of(cell)
                return Relaxed(cell, searched_figure(trial, space, cell, rows, self.elastic))
            shift = self.shifts.get(cell)
            steps = None if shift is None else nearest.steps(shift)
        except TooLateError:
            return Relaxed(cell, None, known=False)
        if shift is None or steps is None:
            return Relaxed(cell, None)
        figure = required_figure(shift, steps)
        return Relaxed(cell, figure, (figure - shift.value) / shift.step)

    def _member(self, conflict: CellConflict, way: Relaxed) -> ConflictMember:
        family, cell = self._family(conflict, way.cell), way.cell
        limit = limit_named(family)
        keys, first, last = self._keys(family, conflict, cell)
        place = cell.place(self.scenario, code="conflict")
        value = cell.value(self.scenario)
        return ConflictMember(
            rule=SAME_RULE.get(family, family), words=about(limit, keys, first, last), keys=keys,
            first=first, last=last,
            table=cell.table, file=place.file, row=place.row, column=cell.column, line=place.line,
            sheet=place.sheet, cell=place.cell, place=place.message,
            value=_plain(value, self.scenario), required=_plain(way.figure, self.scenario),
            enough=way.does if way.known else None,
            bound=_bound(cell, value, way, direction_of(family)), unit=_unit(cell),
            currency=self.scenario.settings.currency)

    def _keys(self, family: str, conflict: CellConflict, cell: Cell) -> tuple[dict[str, Any], str, str]:
        """What the first of the rows is about, and the first and last of their periods."""
        inside = self.causes.rows_of(cell) & conflict.rows & (self.elastic.family_of == family)
        start = self.elastic.widened.rows.families[family].start
        frame = row_keys(self.compiled, family, self.elastic.rows_that_give[inside] - start)
        same = [key for key in frame.columns if key in KEYS and frame[key].nunique(dropna=False) == 1]
        keys = {key: name for key, name in frame.iloc[0].to_dict().items()
                if key in same and is_filled(name)}
        periods = frame.loc[frame["period"] > 0, "period"]
        if periods.empty:
            return keys, "", ""
        calendar = self.scenario.calendar
        first, last = (calendar.label(calendar.index[int(end) - 1]) for end in (periods.min(), periods.max()))
        return keys, first, last

    def _with_costs(
        self, members: list[list[ConflictMember]], relaxed: list[list[Relaxed]]
    ) -> list[list[ConflictMember]]:
        """The members with what the best plan costs once their figure is changed, and one of each other
        conflict; and which of each conflict is the cheapest.
        """
        smallest = [_smallest_change(ours, ways) for ours, ways in zip(members, relaxed, strict=True)]
        result = []
        for number, (ours, ways) in enumerate(zip(members, relaxed, strict=True)):
            others = [way for place, way in enumerate(smallest) if place != number and way is not None]
            nearest = _nearest(ours, ways)[:MAXIMUM_COSTED]
            plans = [self._best([way, *others]) if place in nearest else None
                     for place, way in enumerate(ways)]
            costed = [_with_plan(member, plan) for member, plan in zip(ours, plans, strict=True)]
            ranked = [_rank(plan) if isinstance(plan, Solution) else None for plan in plans]
            result.append(_with_cheapest(costed, ranked, smallest=smallest[number], ways=ways))
        return result

    def _best(self, ways: list[Relaxed]) -> Solution | InfeasibleError | None:
        """The best plan with these figures, or that there is none; None where there was no time for it."""
        tell_more("what the limits would cost")
        if self.until - perf_counter() < MINIMUM_SECONDS_OF_COST:
            return None
        try:
            solution = self.solved(self._changed(ways), self.until, self.start)
        except InfeasibleError as error:
            return error
        except NoPlanError:
            return None
        self.start = solution.warm_start if isinstance(solution.warm_start, WarmStart) else None
        return solution if solution.status == "optimal" else None

    def _changed(self, ways: list[Relaxed]) -> Compiled:
        """The model with these figures: moved where that says it all, else built."""
        if has_switches(self.scenario) or any(way.steps is None for way in ways):
            return self.built({way.cell: way.figure for way in ways})
        return shifted(self.compiled, [(self.shifts[way.cell], way.steps) for way in ways
                                       if way.steps is not None])

    def _told(self, member: ConflictMember, way: Relaxed) -> ConflictMember:
        written = text_of(self.scenario, way.cell)
        return replace(member, sentence=sentence(
            member, mode=self.scenario.settings.objective.mode, written=written))


def explained(compiled: Compiled, *, built: Built, solved: Solved, deadline: float | None) -> InfeasibleError:
    """The error that says why the model has no plan, by the deadline and a little longer."""
    tell_more("limits in conflict")
    left = SECONDS if deadline is None else deadline - perf_counter()
    until = perf_counter() + min(max(left, MINIMUM_SECONDS), SECONDS)
    try:
        conflicts, notes = Explanation(compiled, built=built, solved=solved, until=until).conflicts()
    except STOPS:
        conflicts, notes = (), (CANCELLED,)
    if not conflicts and not notes:
        notes = (f"which limits are in conflict was not found within {until - perf_counter():.0f} seconds",)
    return InfeasibleError(head(conflicts), conflicts, notes)


def _plain(value: Any, scenario: Any) -> float | str | None:
    if value is None:
        return None
    if isinstance(value, pd.Period):
        return str(scenario.calendar.label(value))
    return float(value)


def _unit(cell: Cell) -> str:
    """The unit of the figure, as messages have it."""
    if cell.is_setting:
        return "periods"
    column = TABLES[cell.table][cell.column]
    return "share" if column.maximum == 1 else column.unit.split(" per ")[0]


def _bound(cell: Cell, value: Any, way: Relaxed, direction: int) -> str:
    """Whether the figure that does is a minimum or a maximum of what does."""
    if way.figure is None or cell.column in ("lot_multiple", "stops"):
        return ""
    if direction:
        return "minimum" if direction > 0 else "maximum"
    return "minimum" if way.figure > value else "maximum"


def _with_plan(member: ConflictMember, plan: Solution | InfeasibleError | None) -> ConflictMember:
    """The member with what the plan costs; with no plan, what its figure would have to be is not known."""
    if plan is None:
        return member
    if isinstance(plan, InfeasibleError):
        return replace(member, required=None, bound="", enough=None)
    return replace(member, cost=plan.objective)


def _nearest(members: list[ConflictMember], ways: list[Relaxed]) -> list[int]:
    """The places of the figures that do, the one that changes by the smallest share first."""
    does = [(member.rule in FACTS, _share(member), place)
            for place, (member, way) in enumerate(zip(members, ways, strict=True)) if way.does]
    return [place for *_, place in sorted(does)]


def _smallest_change(members: list[ConflictMember], ways: list[Relaxed]) -> Relaxed | None:
    """The figure that changes by the smallest share."""
    nearest = _nearest(members, ways)
    return ways[nearest[0]] if nearest else None


def _share(member: ConflictMember) -> float:
    if isinstance(member.value, float) and isinstance(member.required, float):
        return abs(member.required - member.value) / max(abs(member.value), 1.0)
    return 1.0


def _rank(solution: Solution) -> tuple[float, ...]:
    """Better is smaller, goal by goal."""
    last = -solution.objective if solution.mode == "profit" else solution.objective
    return tuple(float(f"{value:.6g}") for value in (
        *(step.objective for step in solution.passes[:-1]), last))


def _with_cheapest(members: list[ConflictMember], ranked: list[tuple[float, ...] | None], *,
                   smallest: Relaxed | None, ways: list[Relaxed]) -> list[ConflictMember]:
    """The one with the best plan is the cheapest; where plans are missing, the one that changes least."""
    known = [(rank, members[place].rule in FACTS, _share(members[place]), place)
             for place, rank in enumerate(ranked) if rank is not None]
    complete = len(known) == min(sum(member.enough is True for member in members), MAXIMUM_COSTED)
    if known and complete:
        cheapest = min(known)[-1]
    elif smallest is not None:
        cheapest = ways.index(smallest)
        members = [replace(member, cost=None) for member in members]
    else:
        return members
    return [replace(member, is_cheapest=place == cheapest) for place, member in enumerate(members)]
