"""Demand as the model sees it: lines of an item, a market, a class and a priority, period by period.

A line is either `booked` (firm orders of one priority) or `forecast` (all other demand). Its periods run from
the first in which something is wanted to the last in which it may still be delivered.
"""

import numpy as np
import pandas as pd

from planner.demand.demand import Demand
from planner.scenario.keys import DEMAND_LINE
from planner.scenario.scenario import Scenario

BOOKED, FORECAST = "booked", "forecast"
USUAL_PRIORITY = 5  # of demand for which nobody has set one, as the schema declares


def demand_lines(scenario: Scenario, demand: Demand) -> pd.DataFrame:
    """One row for each line and period it lives in: demand, overdue, price and the service terms that hold
    there.

    Columns: the line, `period` (1 to the last), `demand`, `overdue` (owed when the plan starts, in the first
    row only), `price`, `owed_until` (last period at whose end what is wanted here may still be owed) and the
    service terms.
    """
    wanted = pd.concat([_booked(scenario), _forecast(scenario, demand)], ignore_index=True)
    wanted = wanted[wanted["quantity"] > 0]
    spread = _spread_over_periods(scenario, wanted)
    spread = spread.join(_terms(scenario, spread))
    spread["price"] = _prices(scenario, spread)
    return _while_it_lives(scenario, spread)


def booked_orders(scenario: Scenario) -> pd.DataFrame:
    """Firm orders with their market, priority and the period they are due in; 0 means overdue when the plan
    starts.
    """
    orders = scenario["booked_orders"]
    customers = scenario["customers"].set_index("customer")
    number = scenario.calendar.number(orders["due"])
    priority = (
        orders["priority"]
        .astype("Float64")
        .fillna(orders["customer"].map(customers["priority"]).astype("Float64"))
    )
    known = orders.assign(
        market=orders["market"].fillna(orders["customer"].map(customers["market"])),
        priority=priority.fillna(USUAL_PRIORITY).astype(np.int64),
        period=np.maximum(number, 0))
    return known[number <= scenario.calendar.periods][
        ["order", "item", "market", "priority", "period", "quantity", "price"]
    ]


def _booked(scenario: Scenario) -> pd.DataFrame:
    """Orders added up by line and period, with the agreed part of their value kept apart."""
    orders = booked_orders(scenario).assign(demand_class=BOOKED)
    agreed = orders["price"].notna()
    orders = orders.assign(agreed=orders["quantity"].where(agreed, 0.0),
                           agreed_value=(orders["quantity"] * orders["price"]).where(agreed, 0.0))
    return orders.groupby([*DEMAND_LINE, "period"], as_index=False)[
        ["quantity", "agreed", "agreed_value"]
    ].sum()


def _forecast(scenario: Scenario, demand: Demand) -> pd.DataFrame:
    planned = demand.planned
    return pd.DataFrame(
        {
            "item": planned["item"],
            "market": planned["market"],
            "demand_class": FORECAST,
            "priority": USUAL_PRIORITY,
            "period": scenario.calendar.number(planned["period"]),
            "quantity": planned["remaining"],
            "agreed": 0.0,
            "agreed_value": 0.0,
        }
    )


def _spread_over_periods(scenario: Scenario, wanted: pd.DataFrame) -> pd.DataFrame:
    """Every line in every period from its first on, with the share of its value that is agreed."""
    lines = wanted.groupby(DEMAND_LINE, as_index=False).agg(
        first=("period", "min"), agreed=("agreed", "sum"), agreed_value=("agreed_value", "sum"))
    lines["agreed_price"] = (lines["agreed_value"] / lines["agreed"]).where(lines["agreed"] > 0)
    overdue = wanted[wanted["period"] == 0][[*DEMAND_LINE, "quantity"]].rename(
        columns={"quantity": "overdue"}
    )
    periods = pd.DataFrame({"period": np.arange(1, scenario.calendar.periods + 1)})
    spread = lines.drop(columns=["agreed", "agreed_value"]).merge(periods, how="cross")
    spread = spread[spread["period"] >= spread["first"]].drop(columns="first")
    spread = spread.merge(wanted, how="left", on=[*DEMAND_LINE, "period"]).merge(
        overdue, how="left", on=DEMAND_LINE
    )
    zero = {"quantity": 0.0, "agreed": 0.0, "agreed_value": 0.0, "overdue": 0.0}
    spread = spread.fillna(zero).sort_values([*DEMAND_LINE, "period"], ignore_index=True)
    spread["overdue"] = spread["overdue"].where(spread["period"] == 1, 0.0)
    return spread.rename(columns={"quantity": "demand"})


def _terms(scenario: Scenario, spread: pd.DataFrame) -> pd.DataFrame:
    asked = _with_periods(scenario, spread[["item", "market", "priority", "period"]])
    terms = scenario.resolve("service_terms", asked)
    names = ["backorder_cost", "lost_sale_cost", "max_lateness", "min_fill_rate"]
    plain = pd.DataFrame(
        {name: terms[name].to_numpy(dtype=float, na_value=np.nan) for name in names}, index=spread.index
    )
    return plain.fillna({"backorder_cost": 0.0})


def _prices(scenario: Scenario, spread: pd.DataFrame) -> pd.Series:
    """The price list's price; booked orders keep the price agreed for what is due, else the line's agreed
    price.
    """
    listed = scenario.resolve("prices", _with_periods(scenario, spread[["item", "market", "period"]]))[
        "price"
    ]
    standard = spread["item"].map(scenario["items"].set_index("item")["price"])
    price = pd.Series(listed.to_numpy(dtype=float, na_value=np.nan), index=spread.index).fillna(standard)
    unagreed = (spread["demand"] - spread["agreed"]).clip(lower=0.0) * price
    due = ((spread["agreed_value"] + unagreed) / spread["demand"]).where(spread["agreed"] > 0)
    later = spread["agreed_price"].where(spread["demand"] == 0)
    return due.fillna(later).fillna(price)


def _with_periods(scenario: Scenario, frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(period=scenario.calendar.index[frame["period"].to_numpy() - 1])


def _while_it_lives(scenario: Scenario, spread: pd.DataFrame) -> pd.DataFrame:
    """Only the periods in which something is wanted or may still be owed from before."""
    last = scenario.calendar.periods
    wanted = (spread["demand"] > 0) | (spread["overdue"] > 0)
    lateness = spread["max_lateness"].fillna(float(last))
    until = (spread["period"] + lateness).clip(upper=float(last)).where(wanted, 0.0)
    spread = spread.assign(owed_until=until - 1.0)
    alive = until.groupby([spread[key] for key in DEMAND_LINE]).transform("max")
    return (
        spread[spread["period"] <= alive]
        .drop(columns=["agreed", "agreed_value", "agreed_price"])
        .reset_index(drop=True)
    )
