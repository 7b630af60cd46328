"""Costs: what the plan costs by term, beside the other plans or along the periods."""

import pandas as pd

from planner.figures import Scale, percent, scale_for, share
from planner.report import charts, highlights
from planner.report.highlights import words
from planner.report.parts import Cell, Charts, Figure, Key, Plans, Section, Table

MAXIMUM_TERMS = 8  # colors that can be told apart; the smaller costs are added up
OTHER = "Other costs"


def costs(plans: Plans) -> Section:
    """Costs stacked by term, and every term of every plan in a table."""
    amounts = plans.each(highlights.cost_by_term)
    if amounts.empty:
        return Section("costs", "Costs", "Nothing is spent.")
    totals = amounts.groupby("plan")["amount"].sum().reindex(list(plans.names)).fillna(0.0)
    scale = scale_for(totals, "currency", currency=plans.first.currency)
    others = [f"{name} {scale.text(total)} ({scale.difference(total - totals.iloc[0])})"
              for name, total in totals.iloc[1:].items()]
    says = f"{', '.join([f'{plans.names[0]} costs {scale.with_unit(totals.iloc[0])} in all', *others])}."
    return Section(
        "costs", "Costs", says, charts=[_stacked(plans, amounts)], tables=[_table(plans, amounts, scale)]
    )


def _stacked(plans: Plans, amounts: pd.DataFrame) -> Charts:
    """A bar for each of several plans; a column for each period of a single one."""
    shown = _largest_terms(amounts)
    along = "plan" if plans.are_several else "period"
    frame = amounts if plans.are_several else plans.each(highlights.cost_by_period)
    named = frame.assign(term=frame["cost"].map(lambda cost: words(cost) if cost in shown else OTHER))
    added = named.groupby([along, "term"], sort=False)["amount"].sum().reset_index()
    scale = scale_for([added.groupby(along)["amount"].sum().max()], "currency", currency=plans.first.currency)
    scaled = added.assign(amount=added["amount"] / scale.divisor)
    names = [*(words(cost) for cost in shown), *([OTHER] if (added["term"] == OTHER).any() else [])]
    colors = dict(zip(names, charts.TERM_COLORS, strict=False))
    says = f"Costs by {along} and term: {', '.join(names)}. The table below has the figures."
    wide, narrow = (
        charts.svg(
            charts.cost_chart(scaled, terms=colors, unit=scale.unit, along=along, width=width), says=says
        )
        for width in (charts.WIDE, charts.PANEL)
    )
    title = "Costs by plan" if plans.are_several else f"Costs by {plans.first.bucket}"
    return Charts(
        title, [Figure("", wide, narrow)], [Key(name, color) for name, color in colors.items()], look="wide"
    )


def _largest_terms(amounts: pd.DataFrame) -> list[str]:
    """The costs that get a color of their own, in the order in which goods flow."""
    largest = set(
        amounts.groupby("cost")["amount"].max().sort_values(ascending=False, kind="stable")
        .index[:MAXIMUM_TERMS]
    )
    return [cost for cost in dict.fromkeys(amounts["cost"]) if cost in largest]


def _table(plans: Plans, amounts: pd.DataFrame, scale: Scale) -> Table:
    """Every cost of every plan, its share or its difference from the first plan, and the totals."""
    table = highlights.side_by_side(amounts, list(plans.names))
    total = table.sum()
    rows = [[Cell(words(str(cost))), *_amounts(row, total, scale)] for cost, row in table.iterrows()]
    heads = list(plans.names) if plans.are_several else [scale.unit]
    return Table(
        f"Costs, {scale.unit}",
        ["Cost", *heads],
        [("", rows), ("", [[Cell("Total"), *_amounts(total, total, scale)]])],
    )


def _amounts(row: "pd.Series[float]", total: "pd.Series[float]", scale: Scale) -> list[Cell]:
    first = row.iloc[0]
    others = (_against(first, amount, scale) for amount in row.iloc[1:])
    return [Cell(scale.text(first), percent(share(first, total.iloc[0]))), *others]


def _against(first: float, amount: float, scale: Scale) -> Cell:
    """The amount and its difference; a cost alone is no better for being lower, so there is no verdict."""
    return Cell(scale.text(amount), scale.difference(amount - first))
