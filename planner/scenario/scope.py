"""What a row covers that names an item, a family, a market, a region or a span, and whose market and whose
priority an order has.

A blank covers all. Everything that reads targets, overrides, streams, promotions or orders asks here, so that
demand, model, plan and audit cannot read one row in two ways.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.scenario.calendar import Calendar
from planner.scenario.schema import TABLES

SCOPES = ["item", "family", "market", "region"]
# of demand for which nobody has set one: of orders without a customer, and of every forecast
USUAL_PRIORITY = int(str(TABLES["customers"]["priority"].default))


@dataclass(frozen=True)
class Groups:
    """Family of each item and region of each market."""

    family: pd.Series
    region: pd.Series

    def of(self, rows: pd.DataFrame) -> dict[str, pd.Series]:
        """Everything that a scope can name, by row of a frame with items and markets."""
        return {"item": rows["item"], "family": rows["item"].map(self.family),
                "market": rows["market"], "region": rows["market"].map(self.region)}


def groups_of(items: pd.DataFrame, markets: pd.DataFrame) -> Groups:
    """The groups as the tables have them."""
    return Groups(items.drop_duplicates("item").set_index("item")["family"],
                  markets.drop_duplicates("market").set_index("market")["region"])


def covered(row: "pd.Series | Mapping[Any, Any]", scope_names: Mapping[str, pd.Series]) -> NDArray[np.bool_]:
    """The rows that one row of a table holds for: those of everything that it names."""
    reached = np.ones(len(scope_names["item"]), dtype=bool)
    for scope, names in scope_names.items():
        if pd.notna(row[scope]):
            reached &= np.asarray(names == row[scope], dtype=bool)
    return reached


def span_ends(rows: pd.DataFrame, calendar: Calendar) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Numbers of the first and last period that each row covers; a blank is the calendar's own end."""
    first, last = rows["from"], rows["to"]
    return (np.where(first.isna(), 1, calendar.number(first)),
            np.where(last.isna(), calendar.periods, calendar.number(last)))


def in_every_period(rows: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """Each row once for every planned period of its span, in a column `period` of whole numbers."""
    first, last = span_ends(rows, calendar)
    periods = pd.DataFrame({"period": np.arange(1, calendar.periods + 1, dtype=np.int64)})
    spread = rows.assign(span_first=first, span_last=last).merge(periods, how="cross")
    inside = spread["period"].between(spread["span_first"], spread["span_last"])
    return spread[inside].drop(columns=["span_first", "span_last"]).reset_index(drop=True)


def own_before_shared(rows: pd.DataFrame, keys: list[str], *, own: pd.Series) -> pd.DataFrame:
    """One row for each combination of keys, in their order: a row of its own before one that all share."""
    first = rows.assign(is_shared=~own).sort_values("is_shared", kind="stable").drop_duplicates(keys)
    return first.sort_index().drop(columns="is_shared")


def with_market(rows: pd.DataFrame, customers: pd.DataFrame) -> pd.DataFrame:
    """Every row has a market: its own, or else its customer's."""
    home = customers.drop_duplicates("customer").set_index("customer")["market"]
    return rows.assign(market=rows["market"].where(rows["market"].notna(), rows["customer"].map(home)))


def with_priority(orders: pd.DataFrame, customers: pd.DataFrame) -> pd.DataFrame:
    """Every order has a priority: its own, or else its customer's, or else the usual one."""
    rank = customers.drop_duplicates("customer").set_index("customer")["priority"]
    of_customer = orders["customer"].map(rank).astype("Int64")
    priority = orders["priority"].astype("Int64").fillna(of_customer).fillna(USUAL_PRIORITY)
    return orders.assign(priority=priority.astype(np.int64))


def located_orders(orders: pd.DataFrame, customers: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    """Booked orders due by the end of the calendar, with their market, their priority and the number of the
    period in which they are due; 0 and less is overdue when the plan starts.
    """
    number = calendar.number(orders["due"])
    located = with_priority(with_market(orders, customers), customers).assign(number=number)
    return located[number <= calendar.periods].reset_index(drop=True)
