"""Inventory projection: the stock of each site over its safety stock, and where the safety stock is not
kept.
"""

from collections.abc import Sequence

import pandas as pd

from planner.figures import NOTHING, Scale, scale_for
from planner.naming import spelled
from planner.report import charts, highlights
from planner.report.parts import Block, Cell, Charts, Figure, Key, Plans, Row, Table, by_key
from planner.report.plan_looks import PLAN_COLORS

MAXIMUM_PANELS = 3  # a meeting looks at no more
MAXIMUM_ROWS = 8


def stock_charts(plans: Plans) -> list[Block]:
    """Panels of the largest stocks, finished goods and components apart."""
    return [Block("full", drawn) for drawn in _projection(plans)]


def stock_tables(plans: Plans) -> list[Block]:
    """Items below their safety stock."""
    return [Block("half", table) for table in _below_table(plans)]


def _projection(plans: Plans) -> list[Charts]:
    stock = plans.each(highlights.stock)
    in_stock = stock[stock["closing"] > highlights.TOLERANCE]
    means = in_stock.groupby(["site", "goods"])["closing"].mean()
    largest = means.sort_values(ascending=False, kind="stable").index
    panels = sorted(largest[:MAXIMUM_PANELS], key=lambda key: (key[1] != highlights.FINISHED, key[0]))
    figures = [_figure(plans, stock, site=site, goods=goods) for site, goods in panels]
    legend = [*(plans.legend("line") or [Key("closing stock", PLAN_COLORS[0], "line")]),
              Key("safety stock", charts.DEMAND)]
    note = f"The {len(figures)} largest of {len(largest)} stocks." if len(largest) > len(figures) else ""
    title = "Stock at the end of each period"
    return [Charts(title, figures, legend, note=note, look="row")] if figures else []


def _figure(plans: Plans, stock: pd.DataFrame, *, site: str, goods: str) -> Figure:
    part = stock[(stock["site"] == site) & (stock["goods"] == goods)]
    scale = scale_for([part["closing"].max()], "units")
    scaled = part.assign(
        closing=part["closing"] / scale.divisor, safety_stock=part["safety_stock"] / scale.divisor
    )
    says = (
        f"Projected stock of {goods} in {site}: from {scale.text(part['closing'].min())} to "
        f"{scale.with_unit(part['closing'].max())}, safety stock up to "
        f"{scale.with_unit(part['safety_stock'].max())}."
    )
    drawn = charts.inventory_panel(scaled, plans=plans.names, unit=scale.unit, width=charts.THIRD)
    return Figure(f"{spelled(site)}, {goods}", charts.svg(drawn, says=says))


def _below_table(plans: Plans) -> list[Table]:
    """Where the stock falls below the safety stock in any plan."""
    rows = plans.each(highlights.below_safety_stock)
    if rows.empty:
        return []
    worst = rows.groupby(["item", "site"])["missing"].max().sort_values(ascending=False, kind="stable").index
    units = scale_for([*rows["missing"], *rows["safety_stock"]], "units")
    by_plan = by_key(rows, ["item", "site", "plan"])
    body = [
        [
            Cell(spelled(item)),
            Cell(spelled(site)),
            *_missing(plans, [by_plan.get((item, site, name)) for name in plans.names], units),
        ]
        for item, site in worst[:MAXIMUM_ROWS]
    ]
    columns = plans.marked if plans.are_several else ("Missing at most",)
    note = f"{len(worst) - len(body)} more fall below theirs." if len(worst) > len(body) else ""
    return [
        Table(
            f"Stock below safety stock: units missing at most ({plans.first.bucket}s)",
            ["Item", "Site", "Safety stock", *columns],
            [("", body)],
            words=2,
            note=note,
        )
    ]


def _missing(plans: Plans, rows: Sequence[Row | None], units: Scale) -> list[Cell]:
    """The safety stock, then what is missing at most in each plan."""
    cells = [
        Cell(NOTHING if row is None else f"{units.text(row['missing'])} ({row['periods']:.0f})")
        for row in rows
    ]
    return [Cell(units.text(max(row["safety_stock"] for row in rows if row is not None))), *cells]
