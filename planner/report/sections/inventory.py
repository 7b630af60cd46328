"""Inventory projection: the stock of each site over its safety stock, and where the safety stock is not
kept.
"""

from collections.abc import Sequence

import pandas as pd

from planner.figures import NOTHING, Scale, scale_for
from planner.report import charts, highlights
from planner.report.parts import Cell, Charts, Figure, Key, Plans, Row, Section, Table, by_key

MAXIMUM_PANELS = 6  # a meeting looks at no more
MAXIMUM_ROWS = 10


def inventory(plans: Plans) -> Section:
    """Panels of the largest stocks, finished goods and components apart, and items below their safety
    stock.
    """
    said = plans.first_says(highlights.stock_sentence(plans.first))
    return Section(
        "inventory", "Inventory projection", said, charts=_projection(plans), tables=_below_table(plans)
    )


def _projection(plans: Plans) -> list[Charts]:
    stock = plans.each(highlights.stock)
    held = stock[stock["closing"] > highlights.TOLERANCE]
    largest = (
        held.groupby(["site", "goods"])["closing"].mean().sort_values(ascending=False, kind="stable").index
    )
    shown = sorted(largest[:MAXIMUM_PANELS], key=lambda key: (key[1] != highlights.FINISHED, key[0]))
    figures = [_figure(plans, stock, site=site, goods=goods) for site, goods in shown]
    legend = [*(plans.legend("line") or [Key("closing stock", charts.PLAN_COLORS[0], "line")]),
              Key("safety stock", charts.WANTED)]
    note = f"The {len(figures)} largest of {len(largest)} stocks." if len(largest) > len(figures) else ""
    return [Charts("Stock at the end of each period", figures, legend, note=note)] if figures else []


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
    drawn = charts.inventory_panel(scaled, plans=plans.names, unit=scale.unit)
    return Figure(f"{site}, {goods}", charts.svg(drawn, says=says))


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
            Cell(item),
            Cell(site),
            *_missing(plans, [by_plan.get((item, site, name)) for name in plans.names], units),
        ]
        for item, site in worst[:MAXIMUM_ROWS]
    ]
    columns = plans.names if plans.are_several else ("Missing at most",)
    note = f"{len(worst) - len(body)} more fall below theirs." if len(worst) > len(body) else ""
    return [
        Table(
            "Where stock falls below the safety stock, in units",
            ["Item", "Site", "Safety stock", *columns],
            [("", body)],
            words=2,
            note=note,
        )
    ]


def _missing(plans: Plans, rows: Sequence[Row | None], units: Scale) -> list[Cell]:
    """The safety stock, then what is missing at most in each plan."""
    cells = [
        Cell(NOTHING, "kept")
        if row is None
        else Cell(units.text(row["missing"]), f"in {plans.periods(row['periods'])}")
        for row in rows
    ]
    return [Cell(units.text(max(row["safety_stock"] for row in rows if row is not None))), *cells]
