"""What becomes of each booked order and of each customer: promised when, on time, late or lost, in units and
money.

The plan decides by line; the table fulfillment splits each line by a stated rule (what may wait least first,
then what is due first, then by the name of the order), and this adds it up. What was overdue when the plan
starts is told apart from what this plan makes late.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from planner.errors import PlanError
from planner.figures import figure, one
from planner.plan.layout import BLANK, BLANKS, STATE, Measure, PlanTable, key
from planner.plan.periods import NO_PERIOD, periods_of
from planner.plan.plan import Plan
from planner.plan.statement import Statement
from planner.scenario.suggestions import did_you_mean
from planner.text_cells import plain_texts

NOTHING = 1e-6  # units: the solver's rounding
_FATES = (
    Measure("quantity", "units", "wanted in all"),
    Measure("on_time", "units", "delivered in the period in which it is due"),
    Measure("late", "units", "made late by this plan: delivered after the period in which it is due"),
    Measure("overdue", "units", "overdue when the plan starts, and delivered in it"),
    Measure("lost", "units", "never delivered"),
    Measure("revenue", "currency", "what is delivered, at its prices"),
    Measure("late_value", "currency", "what is made late, at its prices"),
    Measure("overdue_value", "currency", "what is overdue, at its prices"),
    Measure("lost_value", "currency", "what is lost, at its prices"),
)
ORDERS = PlanTable("orders", "What becomes of each booked order; "
                             "those that lose or wait for most money first.", (
    key("order", "the booked order"),
    key("customer", "who ordered; blank: not recorded", BLANK),
    key("market", "the market"),
    key("item", "the item"),
    Measure("priority", "rank", "1 is served first"),
    Measure("due", "period", "period in which it is wanted; before the plan: overdue when it starts"),
    Measure("promised", "period", "period in which the last of it is delivered; blank: nothing is",
            traits=BLANKS),
    Measure("periods_late", "periods", "from due to promised", traits=frozenset({STATE})),
    *_FATES))
CUSTOMERS = PlanTable("customers", "What becomes of each customer's orders, and of each market's forecast "
                                   "demand; those that lose or wait for most money first.", (
    key("customer", "who ordered; blank: not recorded, or nobody has ordered yet", BLANK),
    key("market", "the market"),
    key("demand_class", "booked or forecast"),
    Measure("orders", "orders", "booked orders"),
    *_FATES))
MEASURES = [column.name for column in _FATES]


@plain_texts()
def orders_of(plan: Plan, *, order: str | None = None, customer: str | None = None,
              item: str | None = None, market: str | None = None) -> pd.DataFrame:
    """The booked orders, or those of a name, as `ORDERS` declares them; PlanError says which name the plan
    does not know, and the nearest that it does.
    """
    fates = _fates(plan)
    fates = fates[fates["order"] != ""]
    names = {"order": order, "customer": customer, "item": item, "market": market}
    fates = fates[_having(plan, fates, names)]
    keys = ["order", "customer", "market", "item", "priority", "due"]
    last = fates[fates["delivered"] > NOTHING].groupby("order")["number"].max()
    added = fates.groupby(keys, as_index=False)[MEASURES].sum()
    promised = added["order"].map(last).astype("float64")
    due = plan.calendar.number(added["due"])
    late = (promised - due).clip(lower=0.0).fillna(0.0)
    orders = added.assign(promised=_periods(plan, promised), periods_late=late)
    return _ranked(orders, ["due", "order"])[ORDERS.names]


@plain_texts()
def customers_of(plan: Plan) -> pd.DataFrame:
    """Every customer, and the forecast demand of every market, as `CUSTOMERS` declares them."""
    fates = _fates(plan)
    keys = ["customer", "market", "demand_class"]
    added = fates.groupby(keys, as_index=False)[MEASURES].sum()
    orders = fates[fates["order"] != ""].groupby(keys)["order"].nunique().rename("orders").reset_index()
    customers = added.merge(orders, on=keys, how="left", validate="one_to_one").fillna({"orders": 0.0})
    return _ranked(customers, keys)[CUSTOMERS.names]


def _fates(plan: Plan) -> pd.DataFrame:
    """The rows of the table fulfillment, with their fates in units and in money."""
    rows = plan.tables["fulfillment"]
    number = pd.Series(plan.calendar.number(rows["period"]), index=rows.index)
    was_overdue = pd.Series(plan.calendar.number(rows["due"]), index=rows.index) < 1
    late = rows["delivered_late"].mask(was_overdue, 0.0)
    delivered = rows["delivered_on_time"] + rows["delivered_late"]
    return rows.assign(
        number=number, delivered=delivered, quantity=delivered + rows["lost"],
        on_time=rows["delivered_on_time"], late=late, overdue=rows["delivered_late"] - late,
        late_value=late * rows["price"], overdue_value=(rows["delivered_late"] - late) * rows["price"],
        lost_value=rows["lost"] * rows["price"])


def _ranked(rows: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Those that lose most money first, then those that wait for most, then what was overdue already."""
    by = ["lost_value", "late_value", "overdue_value", "lost", "late", "overdue", *keys]
    return rows.sort_values(by, ascending=[False] * 6 + [True] * len(keys), ignore_index=True)


def _having(plan: Plan, rows: pd.DataFrame, names: Mapping[str, str | None]) -> pd.Series:
    mask = pd.Series(True, index=rows.index)
    for column, name in names.items():
        allowed = {str(one) for one in rows[column] if one}
        if name is not None and name not in allowed:
            where = "" if column == "order" else " among the booked orders"
            raise PlanError(f'no {column} "{name}"{where} of plan {plan.name}{did_you_mean(name, allowed)}')
        if name is not None:
            mask &= rows[column] == name
    return mask


def _periods(plan: Plan, numbers: pd.Series) -> pd.Series:
    return periods_of(numbers.fillna(NO_PERIOD).to_numpy(np.int64), plan.calendar).set_axis(numbers.index)


# --------------------------------------------------------------------------------------------- in sentences


def order_statements(plan: Plan, orders: pd.DataFrame, customers: pd.DataFrame) -> list[Statement]:
    """How many orders are on time, overdue from the start, made late or lost, and who suffers most."""
    if orders.empty:
        return [Statement("no_orders", "No orders are booked."), *_worst(plan, customers)]
    made_late, lost = orders[orders["late"] > NOTHING], orders[orders["lost"] > NOTHING]
    overdue = orders[orders["overdue"] > NOTHING]
    fine = len(orders) - len(orders[orders[["late", "overdue", "lost"]].max(axis="columns") > NOTHING])
    figures = {"orders": len(orders), "on_time": fine, "made_late": len(made_late), "overdue": len(overdue),
               "lost": len(lost), "late_units": float(orders["late"].sum()),
               "overdue_units": float(orders["overdue"].sum()), "lost_units": float(orders["lost"].sum())}
    parts = [f"{fine:,} of {len(orders):,} booked orders {_is(fine)} delivered in full and on time"]
    parts += [f"{len(rows):,} {text.format(_is(len(rows)))} ({_units(float(rows[fate].sum()))})"
              for rows, fate, text in ((overdue, "overdue", OVERDUE), (made_late, "late", MADE_LATE),
                                       (lost, "lost", LOST)) if len(rows)]
    return [Statement("orders", f"{'; '.join(parts)}.", figures), *_worst(plan, customers)]


OVERDUE = "overdue when the plan starts {} delivered in it"
MADE_LATE = "{} made late by this plan"
LOST = "{} lost in whole or in part"


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def _units(quantity: float) -> str:
    words = figure(quantity)
    return f"{words} unit{'' if words == '1' else 's'}"


def _worst(plan: Plan, customers: pd.DataFrame) -> list[Statement]:
    """Whose demand loses most money, and which customer of those that have ordered waits for most."""
    sentences = []
    for kind, measure, text in (("loses_most", "lost_value", "Most is lost to"),
                                ("waits_most", "late_value", "Longest wait in money:")):
        worst = customers.sort_values(measure, ascending=False, kind="stable").head(1)
        for row in worst[worst[measure] > NOTHING].to_dict("records"):
            units = float(row["lost" if measure == "lost_value" else "late"])
            money = one(row[measure], "currency", currency=plan.currency)
            figures = {"customer": row["customer"], "market": row["market"], measure: row[measure],
                       "units": units}
            sentences.append(Statement(kind, f"{text} {who(row)}: {_units(units)} worth {money}.", figures))
    return sentences


def who(row: Mapping[Hashable, Any]) -> str:
    """A customer as people name it; demand that nobody has ordered yet stands for its market."""
    if row["customer"]:
        return str(row["customer"])
    return f"{UNNAMED[row['demand_class']]} of {row['market']}"


UNNAMED = {"forecast": "forecast demand", "booked": "orders without a customer"}
