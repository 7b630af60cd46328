"""The live HiGHS object: takes the matrix, minimises one goal after the other from the last basis, and can be stopped."""

import logging
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any

import highspy
import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray

from planner.model.compile import Floats, Rows

log = logging.getLogger(__name__)

INTERIOR_POINT_FROM = 100_000  # variables; below, simplex is faster (measured on generated plans)
PRIMAL_SIMPLEX = 4  # after a change of costs the last basis stays primal feasible
POLL_SECONDS = 0.05
TIGHT = 1e-6  # a row with less slack than this share of its right-hand side holds a point up


@dataclass(frozen=True)
class Outcome:
    """Where one minimisation ended. `values` is None when it has no feasible point."""

    status: str  # optimal, infeasible, unbounded, time_limit, node_limit, interrupted, failed
    objective: float | None
    bound: float | None
    values: Floats | None
    row_duals: Floats | None
    seconds: float


class Session:
    """One model in one HiGHS object."""

    def __init__(self, rows: Rows, lower: Floats, upper: Floats, whole: NDArray[np.bool_], *, threads: int, seed: int,
                 gap: float, nodes: int | None = None) -> None:
        self._highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]  # highspy has no types here
        self._highs.setOptionValue("output_flag", False)
        self._highs.setOptionValue("threads", threads)
        self._highs.setOptionValue("random_seed", seed)
        self._highs.setOptionValue("mip_rel_gap", gap)
        if nodes is not None:  # a quick look, not a proof: what restarts bring comes too late
            self._highs.setOptionValue("mip_max_nodes", nodes)
            self._highs.setOptionValue("mip_allow_restart", False)
        self._highs.HandleUserInterrupt = True
        self._highs.passModel(_highs_model(rows, lower, upper))
        self._size = len(lower)
        self._lower, self._upper = lower, upper
        self._whole = np.flatnonzero(whole).astype(np.int32)
        self._integral = False
        self._solved = False
        self._strong: list[tuple[sparse.csr_array, Floats]] = []
        self.interrupted = False

    @property
    def has_whole_numbers(self) -> bool:
        """Whether some variables take whole numbers only."""
        return len(self._whole) > 0

    def minimise(self, coefficients: Floats, constant: float, *, seconds: float | None, start: Floats | None = None) -> Outcome:
        """The least value of a goal, within so many seconds; `start` is a point to begin from where there are whole numbers.

        Without any seconds, nothing is tried.
        """
        if seconds is not None and seconds <= 0:
            return Outcome("time_limit", None, None, None, None, 0.0)
        self._price(coefficients, constant)
        self._set_integral(self.has_whole_numbers)
        if self._integral and start is not None:
            solution = highspy.HighsSolution()
            solution.col_value = start.tolist()
            self._highs.setSolution(solution)
        return self._minimised(seconds)

    def relaxed(self, coefficients: Floats, constant: float, *, seconds: float | None) -> Outcome:
        """The least value of a goal if every variable could take fractions."""
        self._price(coefficients, constant)
        self._set_integral(False)
        return self._minimised(seconds)

    def with_fixed_numbers(self, values: Floats) -> Outcome:
        """The last goal with the whole numbers fixed where they are: a linear program again, exactly whole and with prices."""
        fixed = np.round(values[self._whole])
        self.weaken()  # rows that are there for the bound alone would share the prices of the limits
        self._set_integral(False)
        self.bound(self._whole, fixed, fixed)
        outcome = self._minimised(None)
        self.bound(self._whole, self._lower[self._whole], self._upper[self._whole])
        return outcome if outcome.values is None else replace(outcome, values=_made_exact(outcome.values, self._whole, fixed))

    def bound(self, columns: NDArray[np.int32], lower: Floats, upper: Floats) -> None:
        """New bounds for some variables."""
        self._highs.changeColsBounds(len(columns), columns, lower, upper)

    def hold(self, coefficients: Floats, most: float) -> None:
        """From now on the goal with these coefficients stays at or below `most`."""
        columns = np.flatnonzero(coefficients).astype(np.int32)
        self._highs.addRow(-np.inf, most, len(columns), columns, coefficients[columns])

    def strengthen(self, matrix: sparse.csr_array, least: Floats) -> None:
        """Adds rows that hold for every point with whole numbers: matrix @ variables >= least."""
        self._highs.addRows(matrix.shape[0], least, np.full(len(least), np.inf), matrix.nnz, matrix.indptr[:-1].astype(np.int32),
                            matrix.indices.astype(np.int32), matrix.data)
        self._strong.append((matrix, least))

    def weaken(self, values: Floats | None = None) -> None:
        """Takes away the added rows that do not hold the point up, or all of them; nothing may have been held since."""
        if not self._strong:
            return
        matrix = sparse.vstack([added for added, _ in self._strong]).tocsr()
        least = np.concatenate([needed for _, needed in self._strong])
        slack = np.ones(len(least), bool) if values is None else matrix @ values - least > TIGHT * np.maximum(1.0, np.abs(least))
        first = self._highs.getNumRow() - len(least)
        loose = (first + np.flatnonzero(slack)).astype(np.int32)
        self._highs.deleteRows(len(loose), loose)
        self._strong = [(matrix[np.flatnonzero(~slack)], least[~slack])] if not slack.all() else []

    def write(self, file: Path, coefficients: Floats, constant: float) -> None:
        """The model with a goal in a file that other solvers read; the ending of its name says how (.mps, .lp)."""
        self._price(coefficients, constant)
        self._set_integral(self.has_whole_numbers)
        self._highs.writeModel(str(file))

    def _price(self, coefficients: Floats, constant: float) -> None:
        self._highs.changeColsCost(self._size, np.arange(self._size, dtype=np.int32), coefficients)
        self._highs.changeObjectiveOffset(constant)

    def _set_integral(self, integral: bool) -> None:
        if integral != self._integral:
            kind = highspy.HighsVarType.kInteger if integral else highspy.HighsVarType.kContinuous
            self._highs.changeColsIntegrality(len(self._whole), self._whole, np.full(len(self._whole), int(kind), np.uint8))
            self._integral = integral

    def _minimised(self, seconds: float | None) -> Outcome:
        self._choose_method()
        # HiGHS counts the time of a linear program from its first run on, that of a search from the start of the search.
        used = 0.0 if self._integral else self._highs.getRunTime()
        self._highs.setOptionValue("time_limit", np.inf if seconds is None else used + seconds)
        started = perf_counter()
        self._run()
        outcome = self._outcome(perf_counter() - started)
        self._solved = self._solved or outcome.status == "optimal"
        return outcome

    def _choose_method(self) -> None:
        """Simplex from the last basis; a first solve of a large model by interior point with crossover."""
        if self._integral:
            self._highs.setOptionValue("solver", "choose")
            return
        method = "ipx" if not self._solved and self._size >= INTERIOR_POINT_FROM else "simplex"
        log.info("%s for %d variables", method, self._size)
        self._highs.setOptionValue("solver", method)
        if self._solved:
            self._highs.setOptionValue("simplex_strategy", PRIMAL_SIMPLEX)

    def _run(self) -> None:
        """Runs in a thread of its own, so that an interrupt reaches us and stops it tidily."""
        self._highs.startSolve()
        while True:
            try:
                if self._highs.wait(POLL_SECONDS)[0]:
                    return
            except KeyboardInterrupt:
                self.interrupted = True
                self._highs.cancelSolve()

    def _outcome(self, seconds: float) -> Outcome:
        status = _status(self._highs.getModelStatus())
        if self.interrupted and status != "optimal":
            status = "interrupted"
        info, solution = self._highs.getInfo(), self._highs.getSolution()
        # HiGHS calls the point of a model without variables neither feasible nor infeasible.
        feasible = status == "optimal" or info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        objective = info.objective_function_value if feasible else None
        values = np.asarray(solution.col_value) if feasible else None
        duals = np.asarray(solution.row_dual) if status == "optimal" and not self._integral else None
        return Outcome(status, objective, self._bound(status, objective, info), values, duals, seconds)

    def _bound(self, status: str, objective: float | None, info: Any) -> float | None:
        """What the goal cannot fall below: the optimum itself, or what the search has proven so far."""
        if self._integral:
            return float(info.mip_dual_bound) if np.isfinite(info.mip_dual_bound) else None
        return objective if status == "optimal" else None


def _made_exact(values: Floats, whole: NDArray[np.int32], fixed: Floats) -> Floats:
    exact = values.copy()
    exact[whole] = fixed
    return exact


def _status(status: highspy.HighsModelStatus) -> str:
    known = {
        highspy.HighsModelStatus.kOptimal: "optimal",
        highspy.HighsModelStatus.kModelEmpty: "optimal",
        highspy.HighsModelStatus.kInfeasible: "infeasible",
        highspy.HighsModelStatus.kUnbounded: "unbounded",
        highspy.HighsModelStatus.kUnboundedOrInfeasible: "infeasible",
        highspy.HighsModelStatus.kTimeLimit: "time_limit",
        highspy.HighsModelStatus.kSolutionLimit: "node_limit",
        highspy.HighsModelStatus.kInterrupt: "interrupted",
    }
    return known.get(status, "failed")


def _highs_model(rows: Rows, lower: Floats, upper: Floats) -> highspy.HighsLp:
    matrix = rows.matrix.tocsc()
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = matrix.shape
    lp.col_cost_ = np.zeros(len(lower))
    lp.col_lower_, lp.col_upper_ = lower, upper
    lp.row_lower_, lp.row_upper_ = rows.lower, rows.upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    return lp
