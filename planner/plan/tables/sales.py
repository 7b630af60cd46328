"""Demand, deliveries, backorders and losses, line by line."""

from typing import TYPE_CHECKING

import pandas as pd

from planner.model.demand_lines import sales_class
from planner.plan.rates import Rates, summed
from planner.plan.tables.decisions import NOISE, Decisions, every_period, join, total
from planner.scenario.keys import DEMAND_LINE
from planner.scenario.scope import USUAL_PRIORITY

if TYPE_CHECKING:
    from planner.demand.demand import Demand

KEYS = [*DEMAND_LINE, "period"]


def sales_table(decisions: Decisions, demand: "Demand", fulfillment: pd.DataFrame) -> pd.DataFrame:
    """Every sales line in every period: demand, deliveries, backorders, losses and revenue.

    Revenue is what orders and forecast demand earn, each at its own price; `price` is their mean.
    """
    rates = decisions.rates
    demanded = pd.concat([booked_demand(rates), forecast_demand(rates, demand)], ignore_index=True)
    decided = [_decided(decisions, name)
               for name in ("delivered_on_time", "delivered_late", "backorders", "lost")]
    lines = pd.concat([demanded, *decided, rates.orders])[DEMAND_LINE].drop_duplicates(ignore_index=True)
    table = every_period(lines, rates.last)
    for measures in (demanded, *decided, total(fulfillment, KEYS, revenue="revenue")):
        table = join(table, measures, KEYS)
    delivered = table["delivered_on_time"] + table["delivered_late"]
    earned = table["revenue"] / delivered.where(delivered > NOISE)
    return table.assign(price=earned.fillna(rates.demand_prices(table)))


def _decided(decisions: Decisions, variable: str) -> pd.DataFrame:
    """One variable by booked or forecast line, whatever the prices of the orders."""
    decided = decisions.of(variable)
    return decided.assign(demand_class=sales_class(decided["demand_class"])).pipe(summed, KEYS, variable)


def booked_demand(rates: Rates) -> pd.DataFrame:
    """Booked orders by line and due period; what is overdue opens as backorders instead."""
    return total(rates.orders[rates.orders["period"] > 0], KEYS, demand="quantity")


def forecast_demand(rates: Rates, demand: "Demand") -> pd.DataFrame:
    """Demand beyond the booked orders, by line and period."""
    planned = demand.planned
    numbers = rates.scenario.calendar.number(planned["period"])
    lines = planned.assign(period=numbers, demand_class="forecast", priority=USUAL_PRIORITY)
    return total(lines[lines["remaining"] > 0], KEYS, demand="remaining")


def demand_table(rates: Rates, demand: "Demand") -> pd.DataFrame:
    """Where every unit of demand comes from."""
    ledger = demand.ledger
    numbered = ledger.assign(period=rates.scenario.calendar.number(ledger["period"]))
    entries = total(numbered, ["item", "market", "period", "origin"], quantity="quantity")
    return entries[entries["quantity"] != 0]
