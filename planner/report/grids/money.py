"""Money by period: revenue, every cost, what remains and what is in stock; or revenue and costs by what they
can be traced to.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.model.cost_terms import COST_TERMS
from planner.plan.standard_cost import at_standard_cost
from planner.report.grids.columns import Columns, Matrix
from planner.report.grids.grid import Line
from planner.report.grids.lines import Figures, figures_of
from planner.report.grids.subjects import NO_FAMILY, Measure, names_by
from planner.report.highlights import words

if TYPE_CHECKING:
    from planner.plan.plan import Plan

Frame = Callable[[pd.DataFrame], pd.DataFrame]
UNTRACED = "(not traced)"
TITLE = "Money"
REVENUE_NAME, ALL_COSTS, MARGIN_NAME, STOCK_VALUE = "Revenue", "All costs", "Margin", "Stock at standard cost"
KEYS = ("cost", "item", "family", "market", "customer", "site", "supplier", "work_center", "labor_pool")
AMOUNT, STOCK = Measure("amount"), Measure("amount", "last")
REVENUE, COST = Measure("revenue", if_any=True), Measure("cost", if_any=True)
MARGIN = Measure("margin")


def money_lines(plan: "Plan", by: str, *, columns: Columns, filtered: Frame) -> list[Line]:
    """The lines of money, by cost or by another key; `filtered` leaves in a frame what is asked for."""
    costs, sales = filtered(_costs(plan)), filtered(_sales(plan, by))
    if by != "cost":
        frames = [frame for frame in (costs, sales) if by in frame.columns]
        return _traced(plan, by, pd.concat(frames, ignore_index=True), columns)
    stock = filtered(_stock(plan))
    revenue = _sum(plan, sales.assign(amount=sales["revenue"]), AMOUNT, columns)
    by_cost = figures_of(costs.assign(amount=costs["cost"], unit=plan.currency, term=costs["term"]), "term",
                         measures=[AMOUNT], columns=columns, calendar=plan.calendar)
    ranks = {name: rank for rank, name in enumerate(COST_TERMS)}
    order = sorted(range(len(by_cost.names)), key=lambda row: ranks.get(by_cost.names[row][0], len(ranks)))
    amounts = by_cost.measures["amount"]
    spent = amounts.sum(axis=0)
    rows = {REVENUE_NAME: revenue, **{words(by_cost.names[row][0]): amounts[row] for row in order},
            ALL_COSTS: spent, MARGIN_NAME: revenue - spent,
            STOCK_VALUE: _sum(plan, stock, STOCK, columns)}
    return [_line(plan, name, values) for name, values in rows.items()
            if name != STOCK_VALUE or np.abs(values).any()]


def _traced(plan: "Plan", by: str, joined: pd.DataFrame, columns: Columns) -> list[Line]:
    """Revenue and cost of each name, then of all of them, with the margin: by name it would mislead, since
    what is sold and what it is made of stand under different names.
    """
    names = names_by(joined, by).replace("", UNTRACED)
    columns_known = list(dict.fromkeys([*joined.columns, "cost", "revenue"]))
    frame = joined.reindex(columns=columns_known).assign(**{by: names})
    frame = frame.assign(unit=plan.currency).fillna({"cost": 0.0, "revenue": 0.0})
    figures = figures_of(frame, by, measures=[REVENUE, COST], columns=columns, calendar=plan.calendar)
    measures = [measure for measure in (REVENUE, COST) if np.abs(figures.measures[measure.words]).any()]
    revenue, cost = (figures.measures[name].sum(axis=0) for name in ("revenue", "cost"))
    if len(measures) < 2:
        return [*figures.lines(measures), *figures.of_all().lines(measures)]
    total = {"revenue": revenue[None], "cost": cost[None], "margin": (revenue - cost)[None]}
    return [*figures.lines(measures), *Figures((("", plan.currency),), total).lines([*measures, MARGIN])]


def _costs(plan: "Plan") -> pd.DataFrame:
    """Every cost with what it can be traced to; freight to a market is traced to it."""
    table, items = plan.tables["costs"], plan.tables["items"]
    to_market = table["destination"].where(table["destination"].isin(set(plan.tables["sales"]["market"])), "")
    market = table["market"].where(table["market"] != "", to_market)
    family = table["item"].map(items.set_index("item")["family"]).replace("", NO_FAMILY)
    return table.assign(market=market, family=family, term=table["cost"], cost=table["amount"])


def _sales(plan: "Plan", by: str) -> pd.DataFrame:
    """What is earned, of sales lines or, by customer, of their orders."""
    table = plan.tables["fulfillment" if by == "customer" else "sales"]
    families = plan.tables["items"].set_index("item")["family"]
    return table.assign(family=table["item"].map(families).replace("", NO_FAMILY))


def _stock(plan: "Plan") -> pd.DataFrame:
    """Closing stock at standard cost; what has none counts for nothing."""
    table, items = plan.tables["inventory"], plan.tables["items"].set_index("item")
    family = table["item"].map(items["family"]).replace("", NO_FAMILY)
    return table.assign(amount=at_standard_cost(plan, "closing"), family=family)


def _sum(plan: "Plan", frame: pd.DataFrame, measure: Measure, columns: Columns) -> Matrix:
    """The amounts of all rows along the columns, the total in the last one."""
    number = plan.calendar.number(frame["period"]) - 1
    amounts = frame["amount"].to_numpy(dtype=float)
    dense = np.bincount(number, weights=amounts, minlength=plan.calendar.periods).astype(float)
    folded: Matrix = columns.folded(dense[None], measure.together)[0]
    return folded


def _line(plan: "Plan", name: str, values: Matrix) -> Line:
    cells = tuple(float(value) for value in values)
    return Line(name, "amount", plan.currency, values=cells[:-1], marks=("",) * (len(cells) - 1),
                total=cells[-1], together="last" if name == STOCK_VALUE else "sum")
