"""The live HiGHS object: takes the matrix, minimises goal after goal from the last basis, can be stopped."""

import logging
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

import highspy
import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray

from planner.model.compiler.compile import Rows
from planner.model.compiler.lookup import Floats
from planner.model.solver import methods
from planner.model.solver.added_rows import AddedRows
from planner.model.solver.effort import now
from planner.model.solver.methods import Options, method_name
from planner.model.solver.outcome import NOT_BEGUN, Outcome, status_of
from planner.model.solver.run import Runs, Watcher
from planner.model.solver.scaling import ScaledHighs, whole_tolerance

log = logging.getLogger(__name__)


class Session:
    """One model in one HiGHS object."""

    def __init__(
        self, rows: Rows, lower: Floats, upper: Floats, whole: NDArray[np.bool_], *, threads: int, seed: int,
        gap: float, nodes: int | None = None, heuristics: bool = True,
    ) -> None:
        self._highs = ScaledHighs(whole)
        self._highs.setOptionValue("output_flag", False)
        self._highs.setOptionValue("threads", threads)
        self._highs.setOptionValue("random_seed", seed)
        self._highs.setOptionValue("mip_rel_gap", gap)
        self._highs.setOptionValue("mip_feasibility_tolerance", whole_tolerance(rows.matrix, whole))
        if nodes is not None:  # a quick look, not a proof: what restarts bring comes too late
            self._highs.setOptionValue("mip_max_nodes", nodes)
            self._highs.setOptionValue("mip_allow_restart", False)
        if not heuristics:
            for heuristic in methods.SMALLER_SEARCHES:
                self._highs.setOptionValue(f"mip_heuristic_run_{heuristic}", False)
        fractions = np.full(len(lower), int(highspy.HighsVarType.kContinuous), np.int32)
        self._highs.hand_over(rows, lower, upper, kinds=fractions)
        self._size, self._rows, self.gap = len(lower), rows, gap
        self._lower, self._upper = lower, upper
        self._held = 0
        self._from_basis: Options | None = None
        self._begins_at: Any = None
        self._roughly = self._climbs = False
        self._whole = np.flatnonzero(whole).astype(np.int32)
        self._integral = False
        self._solved = False
        self._added = AddedRows(self._highs)
        self._runs = Runs(self._highs)
        self._coefficients, self._constant = np.zeros(self._size), 0.0
        self.longest_linear = 0.0  # seconds that a linear program of this model took at most
        self._pivots = 0

    def watch(self, watcher: Watcher | None) -> None:
        """While it searches for integer values, the watcher is told the best value and the bound."""
        if self.has_integers:
            self._runs.watch(watcher)

    @property
    def has_integers(self) -> bool:
        """Whether some variables take whole numbers only."""
        return len(self._whole) > 0

    @property
    def is_large(self) -> bool:
        """Whether its linear program takes so long that hardly a node of a tree can be looked at."""
        return self._size >= methods.RELAXED_INTERIOR_POINT_FROM

    @property
    def smallest_step(self) -> float:
        """What counts as 1 in the value of the last goal: HiGHS' tolerances are shares of it."""
        return self._highs.smallest_step

    @property
    def column_units(self) -> Floats:
        """What counts as 1 of each variable: HiGHS' tolerances are shares of it."""
        return self._highs.column_units

    @property
    def _interior_point_from(self) -> int:
        return methods.RELAXED_INTERIOR_POINT_FROM if self.has_integers else methods.INTERIOR_POINT_FROM

    @property
    def pivots(self) -> int:
        """How many steps of the simplex method the last minimisation took."""
        return self._pivots

    def minimise(
        self, coefficients: Floats, constant: float, *, seconds: float | None, start: Floats | None = None
    ) -> Outcome:
        """The minimum value of a goal, within so many seconds; `start` is a point to begin from where there
        are whole numbers. Without any seconds, nothing is tried.
        """
        if self._runs.is_to_stop():
            return NOT_BEGUN
        if seconds is not None and seconds <= 0:
            return replace(NOT_BEGUN, status="time_limit")
        self._price(coefficients, constant)
        self._set_integral(self.has_integers)
        if self._integral and start is not None:
            self._highs.begin_at(start)
        return self._minimised(seconds)

    def search_below(
        self, coefficients: Floats, constant: float, maximum: float, *, seconds: float | None
    ) -> Outcome:
        """What a search that knows no plan finds below `most`; infeasible where nothing is.

        It restarts from no presolve of its own, and a small model is not presolved at all.
        """
        if self._runs.is_to_stop():
            return NOT_BEGUN
        if seconds is not None and seconds <= 0:
            return replace(NOT_BEGUN, status="time_limit")
        self._price(coefficients, constant)
        self._set_integral(True)
        self._highs.clearSolver()
        self._solved = False
        small = self._size <= methods.UNPRESOLVED_UP_TO
        self._set(methods.BELOW | {"presolve": "off" if small else "choose"})
        self._highs.look_below(maximum)
        self._runs.are_told = False  # what it calls the best is the value below which it looks
        outcome = self._minimised(seconds)
        self._runs.are_told = True
        self._set(methods.ANYWHERE)
        return outcome

    def relaxed(
        self, coefficients: Floats, constant: float, *, seconds: float | None, roughly: bool = False
    ) -> Outcome:
        """The minimum value of a goal if all could be fractions; `roughly`, at any point with that value."""
        if self._runs.is_to_stop():
            return NOT_BEGUN
        self._price(coefficients, constant)
        self._set_integral(False)
        self._roughly = roughly and self.is_large
        return self._minimised(seconds)

    def with_fixed_numbers(self, coefficients: Floats, constant: float, values: Floats, *,
                           seconds: float | None = None) -> Outcome:
        """The minimum of a goal with the integer variables fixed: a linear program, exactly whole."""
        if self._runs.is_to_stop():
            return NOT_BEGUN
        self.fix_numbers(values)
        outcome = self.relaxed(coefficients, constant, seconds=seconds)
        self.free_numbers()
        exact = None if outcome.values is None else self.with_exact_numbers(outcome.values, values)
        return replace(outcome, values=exact)

    def fix_numbers(self, values: Floats) -> None:
        """From now on the integer variables are where they are in these values, as far as their bounds go."""
        fixed = self._numbers(values)
        self.weaken()  # rows that are there for the bound alone would share the prices of the limits
        self._set_integral(False)
        self.bound(self._whole, fixed, fixed)
        # from no basis at all, what is fixed goes before the solve: several times quicker
        self._highs.clearSolver()
        self._solved = False

    def free_numbers(self) -> None:
        """The integer variables are no longer fixed."""
        if not self.is_lost:
            self.bound(self._whole, self._lower[self._whole], self._upper[self._whole])
            self._solved = False

    def with_exact_numbers(self, values: Floats, numbers: Floats) -> Floats:
        """The values with the integer variables exactly where they were fixed, and without rounding noise."""
        exact = np.where(np.abs(values) < methods.NOISE * self.column_units, 0.0, values)
        exact[self._whole] = self._numbers(numbers)
        return exact

    def _numbers(self, values: Floats) -> Floats:
        lower, upper = self._lower[self._whole], self._upper[self._whole]
        return np.clip(np.round(values[self._whole]), lower, upper)

    @property
    def interrupted(self) -> bool:
        """Whether an interrupt came or the work was cancelled: nothing more is solved."""
        return self._runs.stop is not None

    def interrupt(self, stop: BaseException) -> None:
        """Nothing more is solved, as if the session had been stopped itself."""
        self._runs.stop = stop

    @property
    def is_lost(self) -> bool:
        """Whether HiGHS did not end when it was stopped, and was left to itself."""
        return self._runs.is_lost

    def pass_on_stop(self) -> None:
        """Raises what stopped this session, so that whoever goes on after it ends, too."""
        if self._runs.stop is not None:
            raise self._runs.stop

    def bound(self, columns: NDArray[np.int32], lower: Floats, upper: Floats) -> None:
        """New bounds for some variables."""
        self._highs.bound_columns(columns, lower, upper)

    def hold(self, coefficients: Floats, maximum: float) -> None:
        """From now on the goal with these coefficients stays at or below `maximum`."""
        row = sparse.csr_array(coefficients[None, :])
        self._highs.add_rows(row, np.array([-np.inf]), np.array([maximum]))
        self._held += 1

    def hold_at(self, place: int, maximum: float) -> None:
        """The goal that was held first (0), second (1) and so on stays at or below another maximum."""
        self._highs.bound_rows(np.array([len(self._rows.upper) + place], np.int32), -np.inf, maximum)

    def let_go(self) -> None:
        """Nothing is held any more, or strengthened."""
        self.weaken()
        if self._held and not self.is_lost:
            first = len(self._rows.upper)
            self._highs.delete_rows(np.arange(first, first + self._held, dtype=np.int32))
            self._held, self._solved = 0, False

    def change_to(self, rows: Rows, lower: Floats, upper: Floats) -> None:
        """The model is another one of the same shape, and nothing is held any more."""
        self.let_go()
        self.move_to(rows, lower, upper)

    def move_to(self, rows: Rows, lower: Floats, upper: Floats) -> None:
        """The model is another one of the same shape, held as before: only what differs is handed over."""
        self._highs.change_rows(self._rows, rows)
        moved = np.flatnonzero((lower != self._lower) | (upper != self._upper)).astype(np.int32)
        self.bound(moved, lower[moved], upper[moved])
        self._rows, self._lower, self._upper = rows, lower, upper
        self._solved, self._runs.stop = False, None

    def basis(self) -> Any:
        """Where the last minimisation ended, for another one to start at; None where there is no such
        place.
        """
        if self.is_lost:
            return None
        basis = self._highs.getBasis()
        return basis if basis.valid else None

    def ray(self) -> Floats | None:
        """Multipliers of all rows, held ones last, that prove the last minimisation infeasible."""
        return None if self.is_lost else self._highs.ray()

    def start_at(self, basis: Any, *, is_feasible: bool = False) -> None:
        """The next minimisation starts at this basis, near which its optimum should lie; `is_feasible` says
        that its point keeps all limits.
        """
        if len(basis.row_status) == len(self._rows.upper) + self._held:
            self._highs.setBasis(basis)
            self._solved = self._solved or is_feasible
            self._from_basis, self._begins_at = (None, None) if is_feasible else (methods.DUAL, basis)

    def strengthen(self, matrix: sparse.csr_array, minimum: Floats) -> None:
        """Adds rows that hold for every point with integer variables: matrix @ variables >= minimum."""
        self._added.add(matrix, minimum)
        self._from_basis = methods.DUAL

    def weaken(self, values: Floats | None = None) -> None:
        """Takes away the added rows that do not bind, or all; nothing may have been held since."""
        self._added.take_away(values)

    def write(self, file: Path, coefficients: Floats, constant: float) -> None:
        """The model with a goal in a file that other solvers read; the ending of its name says how (.mps,
        .lp).
        """
        self._price(coefficients, constant)
        self._set_integral(self.has_integers)
        self._highs.writeModel(str(file))

    def _price(self, coefficients: Floats, constant: float) -> None:
        self._coefficients, self._constant = coefficients, constant
        self._highs.price(coefficients, constant)

    def _set_integral(self, integral: bool) -> None:
        if integral != self._integral:
            kind = highspy.HighsVarType.kInteger if integral else highspy.HighsVarType.kContinuous
            self._highs.changeColsIntegrality(
                len(self._whole), self._whole, np.full(len(self._whole), int(kind), np.uint8)
            )
            self._integral = integral

    def _minimised(self, seconds: float | None) -> Outcome:
        basis, self._begins_at = None if self._integral else self._begins_at, None
        self._choose_method()
        self._runs.allow(seconds, self._rows.matrix, integral=self._integral)
        started, began, self._pivots = perf_counter(), now(), 0
        if basis is None or not self._ends_near(basis):
            self._run()
        outcome = self._outcome(perf_counter() - started)
        self._runs.count(pivots=self._pivots)
        self._solved = self._solved or outcome.status == "optimal"
        if not self._integral:
            self.longest_linear = max(self.longest_linear, now() - began)
        return outcome

    def _choose_method(self) -> None:
        """Simplex from a basis that is near; a first solve of a large model by interior point with
        crossover.
        """
        minimum = self._interior_point_from
        if self._integral:
            options, why = methods.BRANCH_AND_BOUND, "there are integer variables"
        elif self._roughly:
            options, why = methods.ROUGH, "any point of a large model will do"
        elif self._from_basis is not None:
            options, why = self._from_basis, "an earlier solve of this shape left a basis"
        elif self._solved:
            options, why = methods.PRIMAL, "the last goal left a basis"
        elif self._size >= minimum:
            options, why = methods.INTERIOR_POINT, f"a first solve, {minimum:,} variables or more"
        else:
            options, why = methods.SIMPLEX, f"a first solve, fewer than {minimum:,} variables"
        self._set(methods.USUAL | options)
        log.info("%s for %d variables: %s", method_name(options), self._size, why)
        # Dual simplex climbs to the optimum from below, and where it stands no costs are shifted.
        self._climbs = options is methods.DUAL
        self._from_basis, self._roughly = None, False

    def _set(self, options: Options) -> None:
        if self.is_lost:
            return
        for option, value in options.items():
            self._highs.setOptionValue(option, value)

    def _ends_near(self, basis: Any) -> bool:
        """Whether a few pivots from the basis were enough, or a stop came; if not, the next run goes on from
        where they led.
        """
        # a look at the basis, which tells what is infeasible
        self._set(methods.NEAR | {"simplex_iteration_limit": 0})
        self._begin_anew(basis)
        self._run()
        is_dual_feasible = self._highs.getInfo().num_dual_infeasibilities == 0
        if not self.interrupted and self._is_at_limit() and is_dual_feasible:
            self._set({"simplex_iteration_limit": 1 + methods.NEAR_WORK // max(len(self._rows.upper), 1)})
            self._run()
            basis = self._highs.getBasis()
        most = self._runs.most_pivots
        self._set({"simplex_iteration_limit": most, "simplex_dual_edge_weight_strategy": -1})
        if self.interrupted or not self._is_at_limit():
            return True
        self._begin_anew(basis)
        return False

    def _begin_anew(self, basis: Any) -> None:
        """From a basis and nothing else: HiGHS asks for the kind of weights only when it begins with a
        model.
        """
        self._highs.clearSolver()
        self._highs.setBasis(basis)

    def _is_at_limit(self) -> bool:
        return bool(self._highs.getModelStatus() == highspy.HighsModelStatus.kIterationLimit)

    def _run(self) -> None:
        self._runs.run()
        if not self._runs.is_lost:
            self._pivots += max(int(self._highs.getInfo().simplex_iteration_count), 0)

    def _outcome(self, seconds: float) -> Outcome:
        if self._runs.is_lost:
            return self._left_outcome(seconds)
        status = status_of(self._highs.getModelStatus())
        if self.interrupted and status != "optimal":
            status = "interrupted"
        elif status == "interrupted":  # by nobody: its work was over
            status = "time_limit"
        info, solution = self._highs.getInfo(), self._highs.getSolution()
        # HiGHS calls the point of a model without variables neither feasible nor infeasible.
        has_point = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        feasible = status == "optimal" or has_point
        objective = self._highs.value(info.objective_function_value) if feasible else None
        values = self._highs.point(solution.col_value) if feasible else None
        duals = self._highs.duals() if status == "optimal" and not self._integral else None
        return Outcome(status, objective, self._bound(status, objective, info), values=values,
                       row_duals=duals, seconds=seconds)

    def _left_outcome(self, seconds: float) -> Outcome:
        """The best point that HiGHS had told of before it was left to itself."""
        point = self._runs.incumbent
        value = None if point is None else float(self._coefficients @ point) + self._constant
        return Outcome("interrupted", value, None, values=point, row_duals=None, seconds=seconds)

    def _bound(self, status: str, objective: float | None, info: Any) -> float | None:
        """What the goal cannot fall below: the optimum itself, or what the search has proven so far."""
        if self._integral:
            return self._highs.value(info.mip_dual_bound) if np.isfinite(info.mip_dual_bound) else None
        climbed = self._climbs and info.dual_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        if status == "time_limit" and climbed:
            return self._highs.value(info.objective_function_value)
        return objective if status == "optimal" else None
