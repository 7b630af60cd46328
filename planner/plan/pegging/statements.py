"""What a pegging says in sentences, each with its figures."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from planner.figures import figure, one, percent, share
from planner.plan.pegging.pegged import Dependents, Pegging, Served
from planner.plan.statement import Statement

MAXIMUM_TERMS = 4  # cost terms in a sentence
SMALL = 0.005  # of a cost: less is left to the table
# Where a delivered item comes from, in the order in which people look.
SOURCES = {"opening": "from opening stock", "receipt": "scheduled receipts", "production": "made",
           "purchase": "bought"}


def served_statements(pegging: Pegging, served: Served) -> list[Statement]:
    """How much is delivered and when, what it costs landed, and where it comes from."""
    if served.deliveries.empty:
        return [Statement("nothing_delivered", "The plan delivers nothing of it.")]
    return [_delivered(pegging, served), _cost(pegging, served), *_came_from(pegging, served)]


def _delivered(pegging: Pegging, served: Served) -> Statement:
    rows = served.deliveries
    quantity, first, last = float(rows["quantity"].sum()), rows["period"].min(), rows["period"].max()
    label = pegging.books.scenario.calendar.label
    when = f"in {label(first)}" if first == last else f"from {label(first)} to {label(last)}"
    what = _one_of(rows["item"], "items")
    where = _one_of(rows["market"], "markets")
    return Statement("delivered", f"{counted_units(quantity)} of {what} delivered to {where} {when}.",
                     {"quantity": quantity, "from": label(first), "to": label(last)})


def counted_units(quantity: float) -> str:
    """So many units, in words."""
    words = figure(quantity)
    return f"{words} unit{'' if words == '1' else 's'}"


def _one_of(names: pd.Series, kind: str) -> str:
    different = names.unique()
    return str(different[0]) if len(different) == 1 else f"{len(different)} {kind}"


def _cost(pegging: Pegging, served: Served) -> Statement:
    """The landed cost per unit, and its largest parts."""
    currency = pegging.books.plan.currency
    cost, quantity = float(served.costs.sum()), float(served.deliveries["quantity"].sum())
    per_unit = cost / quantity
    # what is alike but for rounding stays in the order of the terms
    parts_of = (served.costs[served.costs > SMALL * cost] / cost).round(9)
    largest = parts_of.sort_values(ascending=False, kind="stable")
    parts = ", ".join(f"{str(term).replace('_', ' ')} {percent(part)}"
                      for term, part in largest.head(MAXIMUM_TERMS).items())
    amount = one(per_unit, "currency", currency=currency)
    text = f"Landed cost: {amount} per unit{f' ({parts})' if parts else ''}."
    return Statement("landed_cost", text, {"unit_cost": per_unit, "cost": cost, **by_term(served)})


def by_term(served: Served) -> dict[str, float]:
    """The landed cost by cost term."""
    return {str(term): float(amount) for term, amount in served.costs.items()}


def _came_from(pegging: Pegging, served: Served) -> list[Statement]:
    """How much of the delivered items themselves is made, bought, or there or on its way from the start."""
    own = served.flows[served.flows["item"].isin(served.deliveries["item"])]
    by_kind = own.groupby("kind")["arriving"].sum()
    amounts = {kind: float(by_kind[kind]) for kind in SOURCES if by_kind.get(kind, 0.0) > 0}
    if not amounts:
        return []
    words = ", ".join(f"{figure(amount)} {SOURCES[kind]}" for kind, amount in amounts.items())
    sunk = amounts.keys() & {"opening", "receipt"}
    note = " What was there or on its way at the start carries no cost of this plan." if sunk else ""
    return [Statement("came_from", f"Of these units: {words}.{note}", amounts)]


def dependent_statements(pegging: Pegging, dependents: Dependents) -> list[Statement]:
    """How many units could not be delivered without the sources, and what they earn."""
    if dependents.sources.empty:
        return [Statement("no_flow", "The plan does not use it.")]
    delivered = float(pegging.landed_costs["quantity"].sum())
    deliveries = dependents.deliveries
    units, revenue = float(deliveries["dependent"].sum()), float(deliveries["revenue"].sum())
    amount, stays = float(dependents.sources["amount"].sum()), float(dependents.stays["amount"].sum())
    money = one(revenue, "currency", currency=pegging.books.plan.currency)
    statements = [Statement("depends", f"{counted_units(units)} delivered could not be without it "
                                       f"({percent(share(units, delivered))} of all), worth {money}.",
                            {"units": units, "delivered": delivered, "revenue": revenue})]
    goes = (f"Of its {figure(amount, dependents.unit)} {dependents.unit}, "
            f"{figure(amount - stays, dependents.unit)} go into deliveries")
    into_stock = f" and {figure(stays, dependents.unit)} into stock that is left at the end"
    text = f"{goes}{into_stock if stays > SMALL * amount else ''}."
    figures = {"amount": amount, "stays": stays, "unit": dependents.unit}
    return [*statements, Statement("goes_into", text, figures)]


def flow_text(row: Mapping[Any, Any]) -> str:
    """A flow as people name it: 8 bikes made on line at lyon, without the figure."""
    kind, item = row["kind"], row["item"]
    texts = {
        "opening": f"opening stock of {item} at {row['site']}",
        "receipt": f"scheduled receipt of {item} at {row['site']}",
        "purchase": f"{item} bought from {row['supplier']} for {row['site']}",
        "production": f"{item} made on {row['routing']} at {row['site']}",
        "shipment": f"{item} shipped from {row['origin']} to {row['site']} by {row['mode']}",
        "stock": f"{item} kept in stock at {row['site']}",
    }
    return texts[kind]
