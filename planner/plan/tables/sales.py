"""What is wanted, delivered, late and lost, line by line."""

from typing import TYPE_CHECKING

import pandas as pd

from planner.plan.rates import DEFAULT_PRIORITY, Rates
from planner.plan.tables.decisions import Decisions, every_period, join, total
from planner.scenario.keys import DEMAND_LINE

if TYPE_CHECKING:
    from planner.demand.demand import Demand

KEYS = [*DEMAND_LINE, "period"]


def sales_table(decisions: Decisions, demand: "Demand") -> pd.DataFrame:
    """Every sales line in every period: demand, deliveries, backorders, losses and revenue."""
    rates = decisions.rates
    wanted = pd.concat([booked_demand(rates), forecast_demand(rates, demand)], ignore_index=True)
    decided = [decisions.of(name) for name in ("delivered_on_time", "delivered_late", "backorders", "lost")]
    lines = pd.concat([wanted, *decided, rates.orders])[DEMAND_LINE].drop_duplicates(ignore_index=True)
    table = every_period(lines, rates.last)
    for measures in (wanted, *decided):
        table = join(table, measures, KEYS)
    price = rates.prices(table)
    return table.assign(price=price, revenue=price * (table["delivered_on_time"] + table["delivered_late"]))


def booked_demand(rates: Rates) -> pd.DataFrame:
    """Booked orders by line and due period; what is overdue opens as backorders instead."""
    return total(rates.orders[rates.orders["period"] > 0], KEYS, demand="quantity")


def forecast_demand(rates: Rates, demand: "Demand") -> pd.DataFrame:
    """Demand beyond the booked orders, by line and period."""
    planned = demand.planned
    numbers = rates.scenario.calendar.number(planned["period"])
    lines = planned.assign(period=numbers, demand_class="forecast", priority=DEFAULT_PRIORITY)
    return total(lines[lines["remaining"] > 0], KEYS, demand="remaining")


def demand_table(rates: Rates, demand: "Demand") -> pd.DataFrame:
    """Where every unit of demand comes from."""
    ledger = demand.ledger
    numbered = ledger.assign(period=rates.scenario.calendar.number(ledger["period"]))
    found = total(numbered, ["item", "market", "period", "origin"], quantity="quantity")
    return found[found["quantity"] != 0]
