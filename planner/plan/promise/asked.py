"""What is asked at the deal desk: one inquiry, an opportunity of the pipeline, or a file of many."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from planner.errors import PlanError, Problem, ScenarioError
from planner.plan.plan_sources import PlanSource, plan_from
from planner.plan.promise.promise import Promises, promises_of
from planner.plan.resolving import Resolver
from planner.scenario.inquiries import (
    Inquiry,
    InquirySource,
    Line,
    read_inquiries,
    single_inquiry,
)
from planner.scenario.scenario import Scenario
from planner.scenario.scope import with_market
from planner.scenario.suggestions import did_you_mean

if TYPE_CHECKING:
    from planner.demand.demand import Demand

Cell = tuple[str, str, int]  # item, market, period
PARTS = ("item", "quantity", "market", "customer", "price")
WAYS = ("ask for an item with its quantity, market (or customer) and due period, for an opportunity, or for "
        "the inquiries of a file")


def promise(plan: PlanSource, inquiries: InquirySource | None = None, *, item: str | None = None,
            quantity: float | str | None = None, market: str | None = None, customer: str | None = None,
            due: Any = None, price: float | str | None = None, opportunity: str | None = None,
            expected: bool = False, scenario: Scenario | None = None,
            workers: int | None = None) -> Promises:
    """What can be promised to an inquiry, or to each of many as if it were the only one.

        planner.promise("plans/baseline", item="bike", quantity=40, market="north", due="2026-03")[0].earliest

    `plan` is a plan, its folder, or a scenario, which is solved first; it is not changed. Either one inquiry
    is asked: `item`, `quantity` in units, `market` (or `customer`), `due` and perhaps a `price` per unit; or
    an open `opportunity`, by default due when sales expects its close; or `inquiries`, a CSV file, a frame or
    records with the columns order, customer or market, item, quantity, due and price. An inquiry comes on top
    of the forecast; `expected` says that the forecast expects it, so that it consumes it as a booked order
    does. Of an opportunity, what the pipeline counts of it makes way. `customer` is asked in its own market.
    `scenario` is the plan's own where that is not found by itself; `workers` threads answer side by side,
    by default one for each core. ScenarioError carries every problem of
    the inquiries; PlanError says that not exactly one of the three is asked.
    """
    single = {"item": item, "quantity": quantity, "market": market, "customer": customer, "price": price}
    parts = {name: value for name, value in single.items() if value is not None}
    _expect_one_way(inquiries is not None, parts, opportunity, due)
    resolver = Resolver(plan_from(plan), scenario)
    inquired = _inquired(resolver, inquiries, opportunity, {**parts, "due": due})
    if expected and opportunity is None:
        inquired = [replace(one, expected=consumed(resolver.scenario, resolver.demand, one))
                    for one in inquired]
    return promises_of(resolver, inquired, workers=workers)


def _expect_one_way(is_file: bool, parts: Mapping[str, Any], opportunity: str | None, due: Any) -> None:
    if sum((is_file, bool(parts), opportunity is not None)) != 1 or (is_file and due is not None):
        raise PlanError(WAYS)


def _inquired(resolver: Resolver, inquiries: InquirySource | None, opportunity: str | None,
              record: Mapping[str, Any]) -> list[Inquiry]:
    if inquiries is not None:
        return read_inquiries(inquiries, resolver.scenario)
    if opportunity is not None:
        return [of_opportunity(resolver, opportunity, due=record["due"])]
    return [single_inquiry({"order": "inquiry", **record}, resolver.scenario)]


def consumed(scenario: Scenario, demand: "Demand", inquiry: Inquiry) -> dict[Cell, float]:
    """What of the forecast an inquiry consumes: that of its own period, then of those before and after it, as
    far as the scenario lets booked orders do so.
    """
    settings, remaining = scenario.settings.forecast, _remaining(scenario, demand)
    shifts = (0, *range(-1, -settings.consume_backward - 1, -1), *range(1, settings.consume_forward + 1))
    consumption: dict[Cell, float] = {}
    for line in inquiry.lines:
        left = line.quantity
        for shift in shifts:
            cell = line.item, line.market, inquiry.due + shift
            used = min(left, remaining.get(cell, 0.0) - consumption.get(cell, 0.0))
            if used > 0:
                consumption[cell], left = consumption.get(cell, 0.0) + used, left - used
    return consumption


def _remaining(scenario: Scenario, demand: "Demand") -> dict[Cell, float]:
    """The forecast that the plan may serve, where there is any."""
    planned = demand.planned[demand.planned["remaining"] > 0]
    numbers = scenario.calendar.number(planned["period"]).tolist()
    cells = zip(planned["item"], planned["market"], numbers, strict=True)
    return dict(zip(cells, planned["remaining"].tolist(), strict=True))


def of_opportunity(resolver: Resolver, opportunity: str, *, due: Any = None) -> Inquiry:
    """The open deal as an inquiry over all its items, with what the pipeline counts of it."""
    scenario, demand = resolver.scenario, resolver.demand
    table = with_market(scenario["opportunities"], scenario["customers"])
    rows = table[table["opportunity"] == opportunity]
    problem = _not_open(opportunity, rows, table)
    if problem is not None:
        raise ScenarioError("the inquiry", [problem])
    number = _due(scenario, rows, due)
    deals = demand.deals[demand.deals["opportunity"] == opportunity]
    lines = tuple(_line(scenario, row, deals) for row in rows.to_dict("records"))
    remaining, counted = _remaining(scenario, demand), _counted(scenario, deals)
    expected = {cell: min(quantity, remaining[cell]) for cell, quantity in counted.items()
                if cell in remaining}
    customer = rows["customer"].dropna()
    return Inquiry(opportunity, str(customer.iloc[0]) if len(customer) else "", lines, due=number,
                   opportunity=opportunity, expected=expected)


def _not_open(opportunity: str, rows: pd.DataFrame, table: pd.DataFrame) -> Problem | None:
    if rows.empty:
        hint = did_you_mean(opportunity, table.loc[table["outcome"] == "open", "opportunity"])
        return Problem(f"no such opportunity{hint}", column="opportunity", value=f'"{opportunity}"',
                       code="inquiries.opportunity.reference")
    outcome = str(rows["outcome"].iloc[0])
    if outcome != "open":
        return Problem(f"is {outcome} already: only an open deal can be promised", column="opportunity",
                       value=f'"{opportunity}"', code="inquiries.opportunity.decided")
    return None


def _due(scenario: Scenario, rows: pd.DataFrame, due: Any) -> int:
    """The number of the period in which the deal is wanted: as asked, else that of its expected close."""
    close = rows["expected_close"].dropna()
    day = due if due is not None or close.empty else close.iloc[0].date().isoformat()
    row = rows.iloc[0]
    record = {"order": "inquiry", "item": row["item"], "market": row["market"], "quantity": 1, "due": day}
    return single_inquiry(record, scenario).due


def _line(scenario: Scenario, row: Mapping[Any, Any], deals: pd.DataFrame) -> Line:
    """One item of the deal; units that nobody has written are those that the pipeline counts with."""
    own = deals[(deals["item"] == row["item"]) & (deals["market"] == row["market"])]
    written = row["quantity"] if pd.notna(row["quantity"]) else (own["quantity"].max() if len(own) else None)
    if written is None or not written > 0:
        raise ScenarioError("the inquiry", [Problem(
            f"its quantity of {row['item']} is not known: ask for the item with a quantity instead",
            column="opportunity", value=f'"{row["opportunity"]}"', code="inquiries.quantity.required")])
    amount = _in_currency(scenario, row)
    price = None if amount is None or not amount > 0 else amount / float(written)
    return Line(str(row["item"]), str(row["market"]), quantity=float(written), price=price)


def _in_currency(scenario: Scenario, row: Mapping[Any, Any]) -> float | None:
    """The amount of the deal in the scenario's currency, as the pipeline converts it."""
    if pd.isna(row["amount"]):
        return None
    if pd.isna(row["currency"]) or row["currency"] == scenario.settings.currency:
        return float(row["amount"])
    rates = scenario["exchange_rates"].sort_values("from", na_position="last", kind="stable")
    rate = rates.drop_duplicates("currency", keep="last").set_index("currency")["rate"]
    return float(row["amount"]) * float(rate[row["currency"]])


def _counted(scenario: Scenario, deals: pd.DataFrame) -> dict[Cell, float]:
    """What the pipeline counts of the deal in each period: its quantity by the chance to be won there."""
    numbers = scenario.calendar.number(deals["period"])
    counted: dict[Cell, float] = {}
    for item, market, number, chance, quantity in zip(
            deals["item"], deals["market"], numbers.tolist(), deals["chance"], deals["quantity"],
            strict=True):
        cell = str(item), str(market), number
        counted[cell] = counted.get(cell, 0.0) + float(chance) * float(quantity)
    return counted
