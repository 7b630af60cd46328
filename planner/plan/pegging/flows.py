"""Everything that moves in a plan, row by row: what comes into a stock or a market, and what leaves it.

A place is a site or a market; periods are whole numbers from 1, and what is there when the plan starts came
in period 0.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.plan.audit.findings import Books
from planner.plan.pegging.lookup import looked_up
from planner.scenario.keys import LANE, ROUTING, SOURCE

# What names one flow that comes into a place, beside its kind: blank where it has none.
FLOW_KEYS = ["item", "site", "supplier", "routing", "origin", "mode"]
# Costs that stand beside their flow in the plan's tables, by cost term: table and column.
OWN_COSTS = {
    "purchase": ("sourcing", "purchase_cost"), "ordering": ("sourcing", "order_cost"),
    "production": ("production", "production_cost"), "setups": ("production", "setup_cost"),
    "freight": ("delivery", "freight"),
}
FLOW = ["kind", *FLOW_KEYS, "period", "arrives", "quantity", "arriving", *OWN_COSTS]


@dataclass(frozen=True)
class Flows:
    """What moves.

    `coming` has a row for everything that comes into a place: opening stock, scheduled receipts, purchases,
    production and shipments, with the `quantity` that is ordered, started or sent in `period`, what of it is
    good and `arriving` at `site` in the period `arrives`, and the costs of `OWN_COSTS`. `uses` are the
    components of production: the row of `coming` that uses them, `item`, `site`, `period` and `quantity`.
    `deliveries` are the rows of the table fulfillment in which something is delivered.
    """

    coming: pd.DataFrame
    uses: pd.DataFrame
    deliveries: pd.DataFrame


def flows_of(books: Books) -> Flows:
    """Every flow of the plan, in the order of its tables; nothing that is 0."""
    parts = [_opening(books), _receipts(books), _purchases(books), _production(books), _shipments(books)]
    coming = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    texts = {name: "str" for name in ("kind", *FLOW_KEYS)}
    blanks: dict[str, str | float] = dict.fromkeys(texts, "")
    whole = {"period": "int64", "arrives": "int64"}
    coming = coming.reindex(columns=FLOW).astype(dict.fromkeys(texts, "object"))
    coming = coming.fillna(blanks | dict.fromkeys(OWN_COSTS, 0.0)).astype(texts | whole)
    return Flows(coming, uses=_uses(books, coming), deliveries=_deliveries(books))


def _opening(books: Books) -> pd.DataFrame:
    stock = books["inventory"]
    at_start = stock[(stock["period"] == 1) & (stock["opening"] > 0)]
    return at_start[["item", "site"]].assign(
        kind="opening", period=0, arrives=0, quantity=at_start["opening"], arriving=at_start["opening"])


def _receipts(books: Books) -> pd.DataFrame:
    stock = books["inventory"]
    due = stock[stock["scheduled_receipts"] > 0]
    units = due["scheduled_receipts"]
    return due[["item", "site", "period"]].assign(
        kind="receipt", arrives=due["period"], quantity=units, arriving=units)


def _purchases(books: Books) -> pd.DataFrame:
    ordered = books["sourcing"]
    keys = [*SOURCE, "period"]
    ordered = ordered.loc[ordered["purchased"] > 0, [*keys, "purchased", *_own_costs("sourcing")]]
    ordered = ordered.rename(columns=_own_costs("sourcing"))
    purchases = looked_up(ordered, books.rates.sources[[*keys, "lead_time"]], keys)
    good = purchases["purchased"] * good_share(books, purchases)
    return purchases.assign(kind="purchase", quantity=purchases["purchased"], arriving=good,
                            arrives=_arrival(purchases))


def _production(books: Books) -> pd.DataFrame:
    started = books["production"]
    keys = [*ROUTING, "period"]
    started = started.loc[started["production"] > 0, [*keys, "production", *_own_costs("production")]]
    started = started.rename(columns={"production": "quantity"}).rename(columns=_own_costs("production"))
    terms = books.rates.routings[[*keys, "lead_time", "yield_rate"]]
    production = looked_up(started, terms, keys)
    good = production["quantity"] * production["yield_rate"] * good_share(books, production)
    return production.assign(kind="production", arriving=good, arrives=_arrival(production))


def _shipments(books: Books) -> pd.DataFrame:
    sent = books["delivery"]
    sent = sent.loc[sent["shipped"] > 0, [*LANE, "item", "period", "shipped", *_own_costs("delivery")]]
    shipments = books.rates.on_lanes(sent)
    return shipments.assign(kind="shipment", site=shipments["destination"], quantity=shipments["shipped"],
                            arriving=shipments["shipped"], arrives=_arrival(shipments))


def _own_costs(table: str) -> dict[str, str]:
    """The cost term of each cost column of a table."""
    return {column: term for term, (home, column) in OWN_COSTS.items() if home == table}


def _arrival(flows: pd.DataFrame) -> pd.Series:
    return flows["period"] + flows["lead_time"].fillna(0).astype("int64")


def good_share(books: Books, arriving: pd.DataFrame) -> pd.Series:
    """The share of what arrives at a site that inspection lets pass."""
    inspected = books.scenario["inspections"]
    passed = 1.0 - inspected["defect_rate"] * (1.0 - inspected["rework_rate"])
    terms = inspected[["item", "site"]].assign(passed=passed.astype("float64"))
    return looked_up(arriving[["item", "site"]], terms, ["item", "site"])["passed"].fillna(1.0)


def _uses(books: Books, coming: pd.DataFrame) -> pd.DataFrame:
    started = coming.loc[coming["kind"] == "production", ["item", "site", "period", "quantity"]]
    used = started.assign(user=started.index).merge(books.rates.components, on=["item", "site"])
    units = used["quantity"] * used["quantity_per"]
    return used[["user", "site", "period"]].assign(item=used["component"], quantity=units)


def _deliveries(books: Books) -> pd.DataFrame:
    served = books["fulfillment"]
    quantity = served["delivered_on_time"] + served["delivered_late"]
    served = served.assign(quantity=quantity)[quantity > 0]
    return served.reset_index(drop=True)


def low_level_codes(flows: Flows) -> pd.Series:
    """By item, how many steps of production lie at most between it and a finished item: 0 for what nothing
    else is made of.
    """
    parents = flows.coming["item"].to_numpy()[flows.uses["user"].to_numpy(np.int64)]
    steps = pd.DataFrame({"parent": parents, "item": flows.uses["item"].to_numpy()}).drop_duplicates()
    items = pd.concat([flows.coming["item"], flows.deliveries["item"]]).unique()
    levels = pd.Series(0, index=pd.Index(items, name="item"))
    for _ in range(len(levels)):  # no item is a part of itself, so that this ends
        below = (steps["parent"].map(levels) + 1).groupby(steps["item"]).max()
        deeper = levels.where(levels >= below.reindex(levels.index).fillna(0), below).astype("int64")
        if deeper.equals(levels):
            break
        levels = deeper
    return levels
