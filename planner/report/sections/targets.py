"""Sales targets: the demand that there is for each, how sure it is, and what each plan delivers of it; and
whose demand is late or lost.
"""

from typing import Any

import pandas as pd

from planner.figures import Scale, figure, scale_for
from planner.naming import spelled
from planner.plan.orders import UNNAMED, customers_of
from planner.report import charts, highlights
from planner.report.parts import Block, Cell, Charts, Figure, Key, Plans, Table
from planner.report.plan_looks import PLAN_COLORS

MAXIMUM_TARGETS = 12
MAXIMUM_CUSTOMERS = 8
FATES = ["late", "overdue", "lost"]
SMALLEST = 1e-6  # units: the solver's rounding


def target_blocks(plans: Plans) -> list[Block]:
    """Delivered and demanded share of each target, with the interval of the demand where it is there."""
    targets = plans.each(highlights.targets)
    lowest = targets.groupby("target")["attainment"].min().sort_values(kind="stable")
    listed = list(lowest.index[:MAXIMUM_TARGETS])
    if not listed:
        return []
    hidden = len(lowest) - len(listed)
    note = f"The {len(listed)} targets of lowest attainment; {hidden} more are not shown." if hidden else ""
    shares = _with_band(
        plans, targets.assign(wanted=targets["demand"] / targets["quantity"], label=targets["target"])
    )
    drawn = shares.set_index("target").loc[listed].reset_index()
    says = (
        f"Delivered share of {len(listed)} sales targets. "
        f"The lowest attainment is that of {listed[0]}, {drawn['attainment'].iloc[0]:.0%}."
    )
    wide, narrow = (
        charts.svg(charts.target_chart(drawn, plans=plans.names, width=width), says=says)
        for width in (charts.WIDE, charts.PANEL)
    )
    legend = [
        *(plans.legend("box") or [Key("delivered", PLAN_COLORS[0])]),
        Key("demand", charts.DEMAND),
        *([Key("80 % interval of the demand", charts.MUTED, "line")] if drawn["low"].notna().any() else []),
        Key("the target", charts.INK, "line"),
    ]
    return [
        Block(
            "full",
            Charts(
                "Demand against target, and what is delivered of it",
                [Figure("", wide, narrow)],
                legend,
                note=note,
                look="wide",
            ),
        )
    ]


def _with_band(plans: Plans, shares: pd.DataFrame) -> pd.DataFrame:
    """The ends of the demand's interval as shares of each target; blank where nothing says how sure it is."""
    review = plans.focus.demand_review
    if review is None:
        return shares.assign(low=float("nan"), high=float("nan"))
    ends = review["targets"].set_index("target")[["low", "high"]]
    return shares.assign(
        **{end: shares["target"].map(ends[end]) / shares["quantity"] for end in ("low", "high")}
    )


def customer_table(plans: Plans) -> list[Table]:
    """Those of the plan in focus that lose or wait for most money."""
    customers = customers_of(plans.focus)
    hurt = customers[customers[FATES].max(axis="columns") > SMALLEST]
    if hurt.empty:
        return []
    worth = hurt[[f"{name}_value" for name in FATES]].sum(axis="columns")
    money = scale_for(worth, "currency", currency=plans.focus.currency)
    listed = hurt.assign(worth=worth).head(MAXIMUM_CUSTOMERS).to_dict("records")
    more = len(hurt) - len(listed)
    note = (
        "Overdue: late already when the plan starts. Worth: what is late, overdue or lost, at its prices."
        + (f" {more} more are late or lost in part." if more else "")
    )
    headings = ["Who", "Market", "Units", "Made late", "Overdue", "Lost", f"Worth, {money.unit}"]
    return [
        Table(
            "Whose demand is late or lost",
            headings,
            [("", [_row(row, money) for row in listed])],
            words=2,
            note=note,
        )
    ]


def _row(row: Any, money: Scale) -> list[Cell]:
    name = row["customer"] or UNNAMED[row["demand_class"]]
    figures = (figure(row[name]) for name in ("quantity", *FATES))
    return [
        Cell(spelled(name)),
        Cell(spelled(row["market"])),
        *map(Cell, figures),
        Cell(money.text(row["worth"])),
    ]
