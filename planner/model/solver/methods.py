"""Which method of HiGHS a model is given to, and with which options; the figures behind each choice."""

from typing import Any

import numpy as np

# Variables from which interior point is faster than simplex: in plans without and, relaxed, with whole
# numbers (measured on generated plans, benchmarks/lp_method.py and whole_plans.py).
INTERIOR_POINT_FROM, RELAXED_INTERIOR_POINT_FROM = 100_000, 20_000
Options = dict[str, Any]
BRANCH_AND_BOUND: Options = {"solver": "choose"}
INTERIOR_POINT: Options = {"solver": "ipx"}
SIMPLEX: Options = {"solver": "simplex"}
# How simplex goes on from a basis: primal from that of the last goal, which stays feasible; dual from that of
# another model, where limits have changed, and where only prices have it is no slower. HiGHS shifts costs at
# random against stalling; near the optimum, taking that back costs more than it saves.
PRIMAL: Options = {"solver": "simplex", "simplex_strategy": 4}
DUAL: Options = {"solver": "simplex", "simplex_strategy": 1, "dual_simplex_cost_perturbation_multiplier": 0.0}
# Dual simplex wants a weight for every row. Exact ones (steepest edge) take long to find and then save half
# of the pivots; those of Devex are there at once. So it begins with Devex, and goes on with exact ones if
# some pivots were not enough: pivots times rows, measured by benchmarks/resolve_speed.py at 50,000 and
# 200,000 variables. Only where limits alone have changed: from a basis that is not dual feasible Devex takes
# many times longer.
NEAR: Options = {"simplex_dual_edge_weight_strategy": 1}
NEAR_WORK, ANY_PIVOTS = 9_000_000, 2**31 - 1
USUAL: Options = {
    "simplex_strategy": 1,
    "dual_simplex_cost_perturbation_multiplier": 1.0,
    "run_crossover": "on",
    "simplex_dual_edge_weight_strategy": -1,
}
# Without a vertex, which nothing but prices and a next solve need: half the time from this many variables on.
ROUGH: Options = {"solver": "ipx", "run_crossover": "off"}
# What HiGHS tries beside branching, each a search of its own: in a small model most of the time goes there.
# What windows save is mostly found by RENS, which is not among them: with all, a window takes twice as long.
SMALLER_SEARCHES = ("feasibility_jump", "rins", "root_reduced_cost")

# A search that confirms what another one has claimed goes another way: without presolve where it is quick
# enough, and without presolving again what is left of the tree.
UNPRESOLVED_UP_TO = 2_000
BELOW: Options = {"mip_allow_restart": False}
ANYWHERE: Options = {"mip_allow_restart": True, "objective_bound": np.inf, "presolve": "choose"}

NOISE = 1e-7  # of what counts as 1 of a variable, HiGHS' feasibility tolerance: below it a value is 0


def method_name(options: Options) -> str:
    """The method that the options ask for, in words."""
    kind = {1: "dual ", 4: "primal "}.get(options.get("simplex_strategy", 0), "")
    return "branch and bound" if options["solver"] == "choose" else kind + options["solver"]
