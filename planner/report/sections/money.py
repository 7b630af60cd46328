"""Money of the plan in focus by period: what it earns and spends, what stock binds, and the cash that is
left.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.figures import Scale, grid_scale, percent, scale_for
from planner.naming import spelled
from planner.plan.standard_cost import at_standard_cost
from planner.report import charts, review_charts
from planner.report.grids import Grid, Line, make_grid, make_sheets
from planner.report.grids.money import ALL_COSTS, MARGIN_NAME, REVENUE_NAME, STOCK_VALUE
from planner.report.parts import Block, Cell, Charts, Figure, Key, Plans, Table
from planner.report.plan_looks import PLAN_COLORS

Vector = NDArray[np.float64]
MOST_PERIODS = 18  # columns that can be read on paper; longer plans are shown by quarter
LARGEST_COSTS = 6  # of the profit and loss; the others are added up
MOST_FAMILIES = 8
PURCHASES = "Purchase"  # the cost of what is bought
FALLEN = 0.5  # of the mean: less in the last period has to be explained
OTHER = "Other costs"
STOCK_CHANGE, RESULT = "Change in stock", "Result"
NOTE = ("Costs count when they arise, purchases when they are ordered; nothing says when they are paid. "
        "Result: revenue less costs, with what stock gains or loses at standard cost.")
NO_STOCK_NOTE = "Costs count when they arise. No item has a standard cost, so stock counts for nothing."
CASH, STOCK = "cash since the start", "stock at standard cost"


def money_blocks(plans: Plans) -> list[Block]:
    """Profit and loss by period and by family, working capital and cash."""
    plan = plans.focus
    grid = make_grid(plan, "money", quarters=plan.calendar.periods > MOST_PERIODS)
    lines = {line.name: line for line in grid.lines}
    if not any(any(lines[name].values) for name in (REVENUE_NAME, ALL_COSTS) if name in lines):
        return []
    return [*_profit_and_loss(plans, grid, lines), *_by_family(plans), *_cash_chart(plans)]


def opening_stock_value(plans: Plans) -> float:
    """Stock at standard cost when the plan starts."""
    is_first = plans.focus.tables["inventory"]["period"] == plans.focus.calendar.start
    return float(at_standard_cost(plans.focus, "opening")[is_first].sum())


def _profit_and_loss(plans: Plans, grid: Grid, lines: dict[str, Line]) -> list[Block]:
    """Revenue, the largest costs, the change of stock at standard cost, and what remains; then stock and
    cash.
    """
    scale = grid_scale(
        [value or 0.0 for line in grid.lines for value in (*line.values, line.total)],
        plans.focus.currency,
        is_money=True,
    )
    figures = {name: _vector(line) for name, line in lines.items()}
    own = (REVENUE_NAME, ALL_COSTS, MARGIN_NAME, STOCK_VALUE)
    costs = {name: vector for name, vector in figures.items() if name not in own}
    largest = sorted(costs, key=lambda name: -abs(costs[name][-1]))[:LARGEST_COSTS]
    largest_costs = {name: costs[name] for name in costs if name in largest}
    others = [costs[name] for name in costs if name not in largest]
    body = [
        _row(REVENUE_NAME, figures[REVENUE_NAME], scale),
        *(_row(name, vector, scale) for name, vector in largest_costs.items()),
        *([_row(OTHER, np.sum(others, axis=0), scale)] if others else []),
    ]
    results = [_row(name, vector, scale) for name, vector in _results(plans, figures).items()]
    note = " ".join(filter(None, [NOTE if STOCK_VALUE in figures else NO_STOCK_NOTE, _running_out(figures)]))
    span = "quarter" if plans.focus.calendar.periods > MOST_PERIODS else plans.focus.bucket
    return [
        Block(
            "full",
            Table(
                f"Profit and loss, working capital and cash by {span}, {scale.unit}",
                ["Amount", *grid.periods, "Total"],
                [("", body), ("", results)],
                note=note,
            ),
        )
    ]


def _results(plans: Plans, figures: Mapping[str, Vector]) -> dict[str, Vector]:
    """All costs, the result, cash, and the stock at standard cost where anything has one."""
    spent, margin = figures[ALL_COSTS], figures[MARGIN_NAME]
    cash = {"Cash (revenue less costs)": margin, "Cash since the start": _running(margin)}
    stock = figures.get(STOCK_VALUE)
    if stock is None:
        return {ALL_COSTS: spent, **cash}
    change = _change(stock, opening_stock_value(plans))
    result = {STOCK_CHANGE: change, RESULT: margin + change}
    return {ALL_COSTS: spent, **result, **cash, "Stock at the end": stock}


def _running_out(figures: Mapping[str, Vector]) -> str:
    """A word on purchases that fall away towards the end of the plan, which else would look like a saving."""
    bought = figures.get(PURCHASES)
    if bought is None or len(bought) < 4 or bought[-2] > FALLEN * bought[:-1].mean():
        return ""
    return "Purchases fall away towards the end of the plan: what they would serve lies beyond it."


def _vector(line: Line) -> Vector:
    return np.array([value or 0.0 for value in (*line.values, line.total)])


def _running(values: Vector) -> Vector:
    """What has come together by the end of each column; the total is the last one."""
    return np.append(np.cumsum(values[:-1]), values[-1])


def _change(levels: Vector, opening: float) -> Vector:
    """By how much a level rises in each column, and from the opening to the end."""
    return np.append(np.diff(levels[:-1], prepend=opening), levels[-2] - opening)


def _row(name: str, values: Sequence[float] | Vector, scale: Scale) -> list[Cell]:
    return [
        Cell(name),
        *(
            Cell(scale.text(float(value)), mark="missing" if value < 0 and name == RESULT else "")
            for value in values
        ),
    ]


def _by_family(plans: Plans) -> list[Block]:
    """Revenue and gross margin of each family, at standard cost."""
    sheets = make_sheets(plans.focus, maximum=MOST_FAMILIES)
    rows = []
    for sheet in sheets:
        total = {line.measure: line.total or 0.0 for line in sheet.lines}
        if total.get("revenue"):
            rows.append(
                (
                    spelled(sheet.title.removeprefix("S&OP sheet of ")),
                    total["revenue"],
                    total.get("cost of goods", 0.0),
                    total.get("revenue lost", 0.0),
                )
            )
    if not rows:
        return []
    scale = scale_for([row[1] for row in rows], "currency", currency=plans.focus.currency)
    body = [_family(*row, scale=scale) for row in rows]
    revenue, goods, lost = np.array([row[1:] for row in rows]).sum(axis=0).tolist()
    total_row = [_family("Total", revenue, goods, lost, scale=scale)]
    heads = ["Family", "Revenue", "Cost of goods", "Gross margin", "Share", "Revenue lost"]
    return [
        Block(
            "half",
            Table(
                f"Gross margin by family, {scale.unit}",
                heads,
                [("", body), *([("", total_row)] if len(body) > 1 else [])],
                note="Cost of goods: what is delivered, at standard cost.",
            ),
        )
    ]


def _family(name: str, revenue: float, goods: float, lost: float, *, scale: Scale) -> list[Cell]:
    margin = revenue - goods
    return [
        Cell(name),
        *(Cell(scale.text(amount)) for amount in (revenue, goods, margin)),
        Cell(percent(margin / revenue) if revenue else ""),
        Cell(scale.text(lost)),
    ]


def _cash_chart(plans: Plans) -> list[Block]:
    """Cash since the start, and what stock binds."""
    grid = make_grid(plans.focus, "money")
    lines = {line.name: np.array([value or 0.0 for value in line.values]) for line in grid.lines}
    amounts = {CASH: np.cumsum(lines[MARGIN_NAME])}
    if STOCK_VALUE in lines:
        amounts[STOCK] = lines[STOCK_VALUE]
    scale = scale_for(
        np.abs(np.concatenate(list(amounts.values()))), "currency", currency=plans.focus.currency
    )
    frame = pd.concat(
        [
            pd.DataFrame({"period": grid.periods, "kind": kind, "amount": values / scale.divisor})
            for kind, values in amounts.items()
        ],
        ignore_index=True,
    )
    colors = dict(zip(amounts, (PLAN_COLORS[0], PLAN_COLORS[1]), strict=False))
    says = (
        f"{' and '.join(amounts)} by {plans.focus.bucket}: cash reaches {scale.with_unit(amounts[CASH][-1])}."
    )
    drawn = review_charts.lines_panel(frame, unit=scale.unit, colors=colors)
    keys = [
        Key(kind, color, "line", dash=dash)
        for (kind, color), dash in zip(colors.items(), ("", "6 3"), strict=False)
    ]
    return [
        Block(
            "half",
            Charts("Cash and working capital", [Figure("", charts.svg(drawn, says=says))], keys, look="wide"),
        )
    ]
