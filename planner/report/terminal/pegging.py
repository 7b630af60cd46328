"""A pegging as people read it in a terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from rich.console import Group, RenderableType
from rich.text import Text

from planner.figures import figure, percent, scale_for, share
from planner.plan.pegging import Pegging
from planner.plan.pegging.pegged import Dependents, Served
from planner.plan.pegging.statements import dependent_statements, flow_text, served_statements
from planner.report.highlights import words
from planner.report.terminal.parts import indented, titled_table

MAXIMUM_ROWS = 40  # of what serves an order: two screens
MAXIMUM_ITEMS = 20
MAXIMUM_TERMS = 4  # columns of costs
RULES = {"oldest_first": "Goods leave a stock in the order in which they came",
         "latest_first": "Goods that came last leave a stock first"}
LABELS = {"work_center": "work center", "kind": "flows of kind"}
FLOW = ["level", "kind", "item", "site", "supplier", "routing", "origin", "mode", "period", "arrives"]


def served_result(pegging: Pegging, served: Served, names: Mapping[str, str | None]) -> RenderableType:
    """Sentences, then what serves the deliveries, level by level; landed costs where nothing is asked."""
    if not any(names.values()):
        return landed_result(pegging)
    sentences = [indented(statement.text) for statement in served_statements(pegging, served)]
    head = Text(f"{asked_about(names)}: what serves it", style="bold")
    return Group(head, *sentences, Text(), _flows(pegging, served))


def _flows(pegging: Pegging, served: Served) -> Group:
    flows = served.flows
    listed = flows if len(flows) <= MAXIMUM_ROWS else _by_flow(flows)
    money = scale_for(listed["cost"], "currency", currency=pegging.books.plan.currency)
    label = pegging.books.scenario.calendar.label
    start = pegging.books.scenario.calendar.start
    rows = ([str(row["level"]), flow_text(row), _when(row, label, start), figure(row["quantity"]),
             money.text(row["cost"])] for row in listed.head(MAXIMUM_ROWS).to_dict("records"))
    hidden = len(listed) - MAXIMUM_ROWS
    more = f" {hidden} more rows: --json has them all." if hidden > 0 else ""
    note = f"{RULES[pegging.rule]}, and all that leaves in a period is served alike.{more}"
    return titled_table("Served by", ["level", "what", "when", "units", f"cost, {money.unit}"], rows, words=3,
                        note=note)


def _by_flow(flows: pd.DataFrame) -> pd.DataFrame:
    """The flows of all periods together, each from its first to its last."""
    keys = [name for name in FLOW if name not in ("period", "arrives")]
    return flows.groupby(keys, as_index=False, sort=False).agg(
        period=("period", "min"), arrives=("arrives", "max"), quantity=("quantity", "sum"),
        cost=("cost", "sum"))


def _when(row: Mapping[Any, Any], label: Any, start: pd.Period) -> str:
    if row["kind"] == "opening":
        return "at the start"
    first, last = row["period"], row["arrives"]
    began = "the start" if first < start else label(first)
    return began if first == last else f"{began} to {label(last)}"


def dependents_result(
    pegging: Pegging, dependents: Dependents, names: Mapping[str, str | None]
) -> RenderableType:
    """Sentences, then the items and markets that depend, the largest revenue first."""
    sentences = [indented(statement.text) for statement in dependent_statements(pegging, dependents)]
    head = Text(f"{asked_about(names)}: what depends on it", style="bold")
    parts: list[RenderableType] = [head, *sentences]
    if len(dependents.deliveries):
        parts += [Text(), _dependents(pegging, dependents)]
    return Group(*parts)


def _dependents(pegging: Pegging, dependents: Dependents) -> Group:
    deliveries = dependents.deliveries
    ordered = deliveries["revenue"].where(deliveries["order"] != "", 0.0)
    rows = deliveries.assign(ordered=ordered).groupby(["item", "market"], as_index=False).agg(
        amount=("amount", "sum"), dependent=("dependent", "sum"), revenue=("revenue", "sum"),
        ordered=("ordered", "sum"), orders=("order", lambda names: (names.unique() != "").sum()))
    rows = rows.sort_values(["revenue", "item", "market"], ascending=[False, True, True])
    money = scale_for(rows["revenue"], "currency", currency=pegging.books.plan.currency)
    cells = ([row["item"], row["market"], figure(row["amount"], dependents.unit), figure(row["dependent"]),
              money.text(row["revenue"]), str(row["orders"])]
             for row in rows.head(MAXIMUM_ITEMS).to_dict("records"))
    heads = ["item", "market", f"its {dependents.unit}", "units that depend", f"revenue, {money.unit}",
             "booked orders"]
    largest = f", the largest {MAXIMUM_ITEMS} of {len(rows)}" if len(rows) > MAXIMUM_ITEMS else ""
    return titled_table(f"Where it goes{largest}", heads, cells, words=2)


def landed_result(pegging: Pegging) -> RenderableType:
    """What each item costs landed, and where the plan's costs end."""
    costs = pegging.landed_costs
    terms = _largest(costs, pegging.terms)
    by_item = costs.groupby("item", as_index=False)[["quantity", "cost", *pegging.terms]].sum()
    by_item = by_item.sort_values(["cost", "item"], ascending=[False, True])
    per_unit = by_item[["cost", *terms]].div(by_item["quantity"], axis="index")
    others = per_unit["cost"] - per_unit[terms].sum(axis="columns")
    scale = scale_for(per_unit["cost"], "currency per unit", currency=pegging.books.plan.currency)
    amounts = per_unit.assign(others=others).to_numpy().tolist()
    rows = ([item, figure(quantity), *map(scale.text, unit_costs)] for item, quantity, unit_costs
            in zip(by_item["item"], by_item["quantity"], amounts, strict=True))
    heads = ["item", "delivered", "landed", *(words(term).lower() for term in terms), "others"]
    table = titled_table(f"Landed cost of a unit delivered, {scale.unit}", heads, list(rows)[:MAXIMUM_ITEMS],
                         note=("Opening stock and scheduled receipts carry no cost of this plan."))
    return Group(table, Text(), _ends(pegging))


def _largest(costs: pd.DataFrame, terms: Sequence[str]) -> list[str]:
    amounts = costs[list(terms)].sum().sort_values(ascending=False, kind="stable")
    return [str(term) for term in amounts.index[:MAXIMUM_TERMS]]


def _ends(pegging: Pegging) -> Group:
    """Where each cost ends: in deliveries, in stock at the end, or in no goods."""
    ends = pegging.costs_by_end
    total = ends.sum()
    whole = float(total.sum())
    scale = scale_for([whole], "currency", currency=pegging.books.plan.currency)
    words_of = {"deliveries": "in what is delivered", "end": "in stock when the plan ends",
                "unlaid": "for no goods: penalties, what is late or lost, idle workers",
                "rounding": "rounding"}
    rows = [[text, scale.text(float(total[end])), percent(share(float(total[end]), whole))]
            for end, text in words_of.items() if not scale.hides(float(total[end]))]
    return titled_table("Where the plan's costs end", ["where", scale.unit, "share"],
                        [*rows, ["Total", scale.text(whole), ""]])


def asked_about(names: Mapping[str, str | None]) -> str:
    """What is asked about, as a heading: Order SO-0140, or Item bike, market north."""
    parts = ", ".join(f"{LABELS.get(kind, kind)} {name}" for kind, name in names.items() if name is not None)
    return f"{parts[:1].upper()}{parts[1:]}" if parts else "All deliveries"


