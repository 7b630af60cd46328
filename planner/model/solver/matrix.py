"""A model as arrays, ready for HiGHS."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.model.build import Model
from planner.model.compiler.compile import Layout, Rows, compile_rows
from planner.model.compiler.lookup import Floats
from planner.model.objective import Costs
from planner.model.solver.highs import Session


@dataclass(frozen=True)
class Compiled:
    """A model as a matrix, with its bounds, whole numbers and costs."""

    model: Model
    layout: Layout
    rows: Rows
    lower: Floats
    upper: Floats
    whole: NDArray[np.bool_]
    costs: Costs


def compile_model(model: Model) -> Compiled:
    """The model's rules, bounds and costs as arrays."""
    layout = Layout.of(model.pyomo)
    upper, whole = np.full(layout.size, np.inf), np.zeros(layout.size, bool)
    for name, bound in model.declared.uppers.items():
        upper[layout.place(name)] = bound
    for name, only_whole in model.declared.whole.items():
        whole[layout.place(name)] = only_whole
    lower = np.zeros(layout.size)
    return Compiled(
        model, layout, compile_rows(model.pyomo, layout), lower=lower, upper=upper, whole=whole,
        costs=Costs.of(model, layout)
    )


def open_session(compiled: Compiled) -> Session:
    """The compiled model handed over to HiGHS."""
    solver = compiled.model.scenario.settings.solver
    return Session(
        compiled.rows,
        compiled.lower,
        compiled.upper,
        whole=compiled.whole,
        threads=solver.threads,
        seed=solver.seed,
        gap=solver.gap,
    )
