"""The plan in focus against the budget, which is another plan: what both say of revenue, costs, margin and
stock, by period and by family.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.figures import Scale, grid_scale, percent, scale_for
from planner.naming import spelled
from planner.plan.comparison.common_ground import on_common_ground
from planner.plan.plan import Plan
from planner.report.grids import Grid, make_grid
from planner.report.grids.money import ALL_COSTS, MARGIN_NAME, REVENUE_NAME, STOCK_VALUE
from planner.report.parts import Block, Cell, Plans, Table

Vector = NDArray[np.float64]
MOST_PERIODS = 18  # columns that can be read on paper; longer spans are shown by quarter
MOST_FAMILIES = 8
OFF = 0.05  # of the budget: what is worse by more is marked
# Of each line, whether more is better.
LINES = {REVENUE_NAME: True, ALL_COSTS: False, MARGIN_NAME: True, STOCK_VALUE: False}
PLAN, BUDGET, VARIANCE = "plan", "budget", "variance"


def budget_blocks(plans: Plans) -> list[Block]:
    """Plan, budget and variance over the periods of both; nothing where there is no budget."""
    if plans.budget is None:
        return []
    names = (plans.focus_name, f"the budget {plans.budget.name}")
    ground = on_common_ground([plans.focus, plans.budget], names)
    plan, budget = ground.plans
    note = " ".join(filter(None, [
        f"Budget: {plans.budget.name}.", _span(plans, plan),
        f"Variance: plan less budget. By more than {percent(OFF)}: red, less is earned; amber, more is spent "
        "or in stock."]))
    return [Block("full", _by_period(plan, budget, note)), *_by_family(plan, budget)]


def _span(plans: Plans, plan: Plan) -> str:
    """Which periods both plans have, where that is not all of the plan."""
    calendar = plan.calendar
    return "" if calendar == plans.focus.calendar else (
        f"Over {calendar.span()}, the {plans.periods(calendar.periods)} that both cover.")


def _by_period(plan: Plan, budget: Plan, note: str) -> Table:
    """Each line of money with its budget and its variance, period by period."""
    quarters = plan.calendar.periods > MOST_PERIODS
    grids = [make_grid(one, "money", quarters=quarters) for one in (plan, budget)]
    ours, theirs = (_lines(grid) for grid in grids)
    names = [name for name in LINES if name in ours or name in theirs]
    blank = np.zeros(len(grids[0].periods) + 1)
    pairs = {name: (ours.get(name, blank), theirs.get(name, blank)) for name in names}
    scale = grid_scale([*np.concatenate([np.concatenate(pair) for pair in pairs.values()])], plan.currency,
                       is_money=True)
    bodies = [(name, _rows(*pair, scale=scale, more_is_better=LINES[name])) for name, pair in pairs.items()]
    span = "quarter" if quarters else plan.bucket
    heads = ["Amount", *grids[0].periods, "Total"]
    return Table(f"Against the budget by {span}, {scale.unit}", heads, bodies, note=note)


def _lines(grid: Grid) -> dict[str, Vector]:
    return {line.name: np.array([value or 0.0 for value in (*line.values, line.total)])
            for line in grid.lines if line.name in LINES}


def _rows(plan: Vector, budget: Vector, *, scale: Scale, more_is_better: bool) -> list[list[Cell]]:
    variance = plan - budget
    worse = np.where(more_is_better, -variance, variance) > OFF * np.abs(budget)
    mark = "missing" if more_is_better else "full"  # a cost may be higher since more is sold
    return [
        [Cell(PLAN), *(Cell(scale.text(float(value))) for value in plan)],
        [Cell(BUDGET), *(Cell(scale.text(float(value))) for value in budget)],
        [Cell(VARIANCE), *(Cell(scale.difference(float(value)), mark=mark if is_worse else "")
                           for value, is_worse in zip(variance, worse, strict=True))],
    ]


def _by_family(plan: Plan, budget: Plan) -> list[Block]:
    """Revenue and gross margin at standard cost, each family's beside its budget."""
    both = pd.concat([_earned(plan), _earned(budget)], axis=1, keys=[PLAN, BUDGET]).fillna(0.0)
    if not both.to_numpy().any():
        return []
    ranked = both.reindex(both.max(axis=1).sort_values(ascending=False, kind="stable").index)
    shown = ranked.head(MOST_FAMILIES)
    scale = scale_for(ranked.to_numpy().ravel(), "currency", currency=plan.currency)
    body = [_family(spelled(str(name)) or "no family", row, scale) for name, row in shown.iterrows()]
    total = [_family("Total", ranked.sum(), scale)] if len(ranked) > 1 else []
    hidden = len(ranked) - len(shown)
    heads = ["Family", "Revenue", "Budget", "Variance", "Gross margin", "Budget", "Variance"]
    note = f"{hidden} more families are in the total." if hidden else ""
    bodies = [("", body), *([("", total)] if total else [])]
    table = Table(f"Against the budget by family, {scale.unit}", heads, bodies, note=note)
    return [Block("half", table)]


def _earned(plan: Plan) -> pd.DataFrame:
    """Revenue and gross margin of each family: revenue less what is delivered, at standard cost."""
    sales = plan.tables["sales"]
    family = sales["item"].map(plan.tables["items"].set_index("item")["family"]).astype("object").fillna("")
    delivered = sales["delivered_on_time"] + sales["delivered_late"]
    costs = plan.tables["items"].set_index("item")["standard_cost"]
    goods = delivered * sales["item"].map(costs).astype("float64").fillna(0.0)
    return sales.assign(gross=sales["revenue"] - goods).groupby(family)[["revenue", "gross"]].sum()


def _family(name: str, row: pd.Series, scale: Scale) -> list[Cell]:
    cells = [Cell(name)]
    for measure in ("revenue", "gross"):
        ours, theirs = float(row[PLAN, measure]), float(row[BUDGET, measure])
        share = percent((ours - theirs) / theirs) if theirs > 0 and not scale.hides(ours - theirs) else ""
        worse = theirs - ours > OFF * abs(theirs)
        cells += [Cell(scale.text(ours)), Cell(scale.text(theirs)),
                  Cell(scale.difference(ours - theirs), note=share, mark="missing" if worse else "")]
    return cells
