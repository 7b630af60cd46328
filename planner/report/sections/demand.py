"""Demand review: what is expected and how sure it is, by family and region, where it comes from, the
pipeline, and what people have changed.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from planner.figures import NOTHING, Scale, figure, percent, scale_for, share
from planner.naming import spelled
from planner.plan.demand_review import DemandReview
from planner.report import charts, review_charts
from planner.report.highlights import words
from planner.report.parts import Block, Cell, Charts, Figure, Key, Plans, Section, Table
from planner.report.plan_looks import PLAN_COLORS

MOST_FAMILIES = 3  # panels of a page
MOST_REGIONS = 8
MOST_DEALS = 3
MOST_OVERRIDES = 6
ORIGIN_WORDS = {
    "booked": "booked orders",
    "pipeline": "pipeline",
    "baseline": "run-rate business",
    "promotion": "promotions",
    "consensus": "consensus",
    "override": "changed by hand",
    "user": "brought by the user",
}
NO_REVIEW = (
    "How sure the demand is, and where it comes from, was not saved with this plan: solve its scenario again."
)
PIPELINE_WORDS = {
    "win_rate": "Win rate",
    "conversion_rate": "Conversion from",
    "sales_cycle": "Sales cycle",
    "lead_conversion_rate": "Leads that qualify",
    "cost_of_acquisition": "Cost of a new customer",
    "customer_churn": "Customers lost in a year",
}
Amounts = Mapping[str, str]
UNITS: Amounts = {"expected": "quantity", "low": "low", "high": "high"}
MONEY: Amounts = {"expected": "value", "low": "low_value", "high": "high_value"}


def demand(plans: Plans) -> Section:
    """The demand of the plan in focus."""
    review = plans.focus.demand_review
    if review is None:
        return Section("demand", "Demand review", plans.focus_says(NO_REVIEW))
    blocks = [
        *_origins(plans, review),
        *_bands(plans, review),
        *_by_region(plans, review),
        *_pipeline(plans, review),
        *_overrides(plans, review),
    ]
    return Section("demand", "Demand review", plans.focus_says(_in_words(plans, review)), blocks=blocks)


def in_money(review: DemandReview) -> bool:
    """Whether anything that is expected has a price."""
    return bool((review["expected"]["value"] > 0).any())


def _in_words(plans: Plans, review: DemandReview) -> str:
    """How much is expected, and how much of it is ordered already."""
    expected, origins = review["expected"], review["origins"]
    whole = expected[expected["level"] == "all"]
    if whole.empty:
        return "There is no demand."
    units = float(whole["quantity"].sum())
    booked = float(origins.loc[origins["origin"] == "booked", "quantity"].sum())
    pipeline = float(origins.loc[origins["origin"] == "pipeline", "quantity"].sum())
    money = f" worth {_money(plans, whole['value'].sum())}" if in_money(review) else ""
    parts = [
        f"{figure(units)} units are expected in {plans.periods(plans.focus.calendar.periods)}{money}",
        f"{percent(share(booked, units))} of them are ordered already",
        f"{percent(share(pipeline, units))} come from the pipeline" if pipeline > 0 else "",
    ]
    untouched = " Nobody has changed the forecast by hand." if review["overrides"].empty else ""
    return f"{', '.join(filter(None, parts))}.{untouched}"


def _money(plans: Plans, amount: float) -> str:
    return scale_for([amount], "currency", currency=plans.focus.currency).with_unit(amount)


# ---------------------------------------------------------------------------------------------------- charts


def _origins(plans: Plans, review: DemandReview) -> list[Block]:
    """The expected demand of each period, stacked by where it comes from."""
    column = "value" if in_money(review) else "quantity"
    origins = review["origins"]
    names = [name for name in ORIGIN_WORDS if float(origins.loc[origins["origin"] == name, column].sum()) > 0]
    if not names:
        return []
    added = (
        origins.groupby(["period", "origin"], as_index=False)[[column]]
        .sum()
        .rename(columns={column: "amount"})
    )
    highest = added.groupby("period")["amount"].sum().max()
    scale = _scale(plans, highest, column)
    frame = added[added["origin"].isin(names)].assign(
        amount=added["amount"] / scale.divisor,
        term=added["origin"].map(ORIGIN_WORDS),
        period=plans.focus.calendar.labels(added["period"]),
    )
    colors = {ORIGIN_WORDS[name]: color for name, color in zip(names, charts.TERM_COLORS, strict=False)}
    says = f"Expected demand by {plans.focus.bucket}, stacked by where it comes from: {', '.join(colors)}."
    drawn = charts.cost_chart(frame, terms=colors, unit=scale.unit, along="period", width=charts.PANEL)
    keys = [Key(name, color) for name, color in colors.items()]
    return [
        Block(
            "half",
            Charts("Where demand comes from", [Figure("", charts.svg(drawn, says=says))], keys, look="wide"),
        )
    ]


def _bands(plans: Plans, review: DemandReview) -> list[Block]:
    """The whole demand with its band, then each of the largest families beside what was ordered before."""
    amounts = MONEY if in_money(review) else UNITS
    expected = review["expected"]
    families = (
        expected[expected["level"] == "family"]
        .groupby("name")[amounts["expected"]]
        .sum()
        .sort_values(ascending=False, kind="stable")
        .index[:MOST_FAMILIES]
    )
    legend = [
        Key("expected", PLAN_COLORS[0], "line"),
        Key("80 % interval", charts.DEMAND),
        Key("ordered before", charts.INK, "line"),
    ]
    whole = _band(plans, expected[expected["level"] == "all"], amounts, family=None)
    blocks = (
        [Block("half", Charts("Expected demand and how sure it is", [whole], legend, look="wide"))]
        if whole
        else []
    )
    panels = [
        panel
        for name in families
        if (
            panel := _band(
                plans,
                expected[(expected["level"] == "family") & (expected["name"] == name)],
                amounts,
                family=name,
            )
        )
    ]
    if len(panels) > 1:
        blocks.append(Block("full", Charts("By family", panels, legend[:0], look="row")))
    return blocks


def _band(plans: Plans, rows: pd.DataFrame, amounts: Amounts, *, family: str | None) -> Figure | None:
    if rows.empty:
        return None
    past = ordered_before(plans, family, in_money=amounts is MONEY)
    figures = {name: rows[column].to_numpy(dtype=float) for name, column in amounts.items()}
    highest = max(
        pd.Series(figures["high"]).fillna(0.0).max(),
        figures["expected"].max(),
        past["ordered"].max() if len(past) else 0.0,
    )
    scale = _scale(plans, highest, "value" if amounts is MONEY else "quantity")
    frame = pd.DataFrame({"period": plans.focus.calendar.labels(rows["period"]), **figures})
    together = pd.concat([past, frame], ignore_index=True)
    scaled = together.assign(**{name: together[name] / scale.divisor for name in (*amounts, "ordered")})
    name = "all families" if family is None else spelled(family)
    says = (
        f"Expected demand of {name} by {plans.focus.bucket}: {scale.with_unit(figures['expected'].sum())} "
        "in all, "
        "with the interval that holds it eight times in ten."
    )
    width = charts.PANEL if family is None else charts.THIRD
    drawn = review_charts.band_panel(
        scaled, unit=scale.unit, highest=1.05 * highest / scale.divisor, width=width
    )
    return Figure("" if family is None else name, charts.svg(drawn, says=says))


def ordered_before(plans: Plans, family: str | None, *, in_money: bool) -> pd.DataFrame:
    """What was ordered in the year before the plan: columns period, ordered; none of its revenue where that
    is not recorded.
    """
    table, items = plans.focus.tables["actuals"], plans.focus.tables["items"].set_index("item")
    rows = table if family is None else table[table["item"].map(items["family"]) == family]
    column = "revenue" if in_money else "ordered"
    if rows.empty or rows[column].isna().all():
        return pd.DataFrame({"period": pd.Series(dtype="str"), "ordered": pd.Series(dtype="float64")})
    added = rows.groupby("period", as_index=False)[column].sum()
    return pd.DataFrame(
        {
            "period": plans.focus.calendar.labels(added["period"]),
            "ordered": added[column].to_numpy(dtype=float),
        }
    )


# ---------------------------------------------------------------------------------------------------- tables


def _by_region(plans: Plans, review: DemandReview) -> list[Block]:
    """Families down, regions across, and the interval of each family and region over its best and worst."""
    origins, column = review["origins"], "value" if in_money(review) else "quantity"
    table = origins.groupby(["family", "region"])[column].sum().unstack("region").fillna(0.0)
    if table.empty:
        return []
    regions = list(table.sum().sort_values(ascending=False, kind="stable").index[:MOST_REGIONS])
    scale = _scale(plans, float(table.to_numpy().sum()), column)
    rows = [
        [
            Cell(spelled(str(name)) or "no family"),
            *(Cell(scale.text(row[region])) for region in regions),
            Cell(scale.text(row.sum())),
            Cell(percent(share(row.sum(), table.to_numpy().sum()))),
        ]
        for name, row in table.sort_index().iterrows()
    ]
    total = [
        [
            Cell("Total"),
            *(Cell(scale.text(table[region].sum())) for region in regions),
            Cell(scale.text(table.to_numpy().sum())),
            Cell(percent(1.0)),
        ]
    ]
    heads = ["Family", *(spelled(str(region)) or "no region" for region in regions), "Total", "Share"]
    hidden = len(table.columns) - len(regions)
    note = f"{hidden} smaller regions stand in the totals alone." if hidden else ""
    return [
        Block(
            "two-thirds",
            Table(f"Demand by family and region, {scale.unit}", heads, [("", rows), ("", total)], note=note),
        )
    ]


def _pipeline(plans: Plans, review: DemandReview) -> list[Block]:
    """How deals move, and the open deals that bring most."""
    blocks = []
    kpis = review["pipeline"]
    rows = [[Cell(_pipeline_name(row)), Cell(*_estimate(plans, row))] for row in kpis.to_dict("records")]
    if rows:
        blocks.append(
            Block(
                "third",
                rows=2,
                content=Table(
                    "Pipeline", ["Figure", "Estimate"], [("", rows)], note="Small print: 95 % intervals."
                ),
            )
        )
    deals = review["deals"].head(MOST_DEALS)
    if len(deals):
        priced = bool((deals["value"] > 0).any())
        scale = _scale(
            plans, deals["value" if priced else "quantity"].max(), "value" if priced else "quantity"
        )
        label = plans.focus.calendar.label
        body = [
            [
                Cell(row["opportunity"]),
                Cell(spelled(row["item"])),
                Cell(spelled(row["market"])),
                Cell(scale.text(row["value" if priced else "quantity"])),
                Cell(percent(row["chance"])),
                Cell(label(row["period"])),
            ]
            for row in deals.to_dict("records")
        ]
        heads = ["Deal", "Item", "Market", f"Worth, {scale.unit}", "Chance", "Likeliest in"]
        blocks.append(
            Block(
                "two-thirds",
                Table(
                    "Open deals that bring most",
                    heads,
                    [("", body)],
                    words=3,
                    note="Chance: that it is won in the periods planned.",
                ),
            )
        )
    return blocks


def _pipeline_name(row: Mapping[Any, Any]) -> str:
    name = PIPELINE_WORDS.get(row["kpi"], words(row["kpi"]))
    return f"{name} {row['stage']}" if row["stage"] else name


def _estimate(plans: Plans, row: Mapping[Any, Any]) -> tuple[str, str]:
    ends = [row[name] for name in ("value", "low", "high") if pd.notna(row[name])]
    scale = scale_for(ends, row["unit"], currency=plans.focus.currency)
    interval = f"{scale.text(row['low'])} to {scale.text(row['high'])}" if len(ends) == 3 else ""
    unit = (
        f" {row['unit'].split(' per ')[0].replace('currency', plans.focus.currency)}"
        if scale.unit != "%"
        else "%"
    )
    return f"{scale.text(row['value'])}{unit}", interval


def _overrides(plans: Plans, review: DemandReview) -> list[Block]:
    """What people have changed by hand, with their reasons."""
    rows = review["overrides"]
    if rows.empty:
        return []
    label = plans.focus.calendar.label
    body = [
        [
            Cell(spelled(row["item"])),
            Cell(spelled(row["market"])),
            Cell(row["reason"] or NOTHING, row["author"]),
            Cell(f"{label(row['from'])} to {label(row['to'])}"),
            Cell(figure(row["before"])),
            Cell(figure(row["after"])),
        ]
        for row in rows.head(MOST_OVERRIDES).to_dict("records")
    ]
    hidden = len(rows) - len(body)
    return [
        Block(
            "full",
            Table(
                "Changed by hand",
                ["Item", "Market", "Reason", "Periods", "Forecast", "Planned on"],
                [("", body)],
                words=4,
                note=f"{hidden} more change less." if hidden else "",
            ),
        )
    ]


def _scale(plans: Plans, highest: float, column: str) -> Scale:
    is_money = column == "value"
    return scale_for([highest], "currency" if is_money else "units", currency=plans.focus.currency)
