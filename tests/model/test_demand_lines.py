"""Demand lines: which orders share one, when they live, what they earn and how long they may be owed."""

from typing import Any

import pandas as pd
import pytest

from planner.demand.demand import make_demand
from planner.model.demand_lines import demand_lines, order_lines, sales_class
from planner.scenario.load import load_scenario
from tests.model.plants import month, plant, table

ORDERS = table("order market item quantity due priority price",
               ("o1", "north", "bike", 4, "2025-12", None, None), ("o2", "north", "bike", 3, month(2), None, 20),
               ("o3", "north", "bike", 2, month(2), None, 20), ("o4", "north", "bike", 1, month(2), 1, 30.5))
REVENUE = {"target": "t", "measure": "revenue", "quantity": 9}


def scenario(**changes: Any) -> Any:
    return load_scenario(plant(**{
        "periods": 4, "mode": "profit", "items": table("item price", ("bike", 60)), "booked_orders": ORDERS,
        **changes}))


def lines(**changes: Any) -> pd.DataFrame:
    loaded = scenario(**changes)
    return demand_lines(loaded, make_demand(loaded))


@pytest.mark.parametrize(("changes", "classes"), [
    ({"mode": "profit"}, ["booked", "booked at 20", "booked at 20", "booked at 30.5"]),
    ({"mode": "cost", "sales_targets": [REVENUE]}, ["booked"] * 4),
    ({"mode": "targets_first"}, ["booked"] * 4),
    ({"mode": "targets_first", "sales_targets": [REVENUE | {"measure": "units"}]}, ["booked"] * 4),
    ({"mode": "targets_first", "sales_targets": [REVENUE | {"item": "bike"}]},
     ["booked", "booked at 20", "booked at 20", "booked at 30.5"]),
])
def test_orders_are_apart_by_price_only_where_prices_decide(
    changes: dict[str, Any], classes: list[str]
) -> None:
    told = order_lines(scenario(**changes))

    assert told.set_index("order")["demand_class"].loc[["o1", "o2", "o3", "o4"]].tolist() == classes
    assert set(sales_class(told["demand_class"])) == {"booked"}


def test_a_line_has_the_price_of_its_orders_or_the_list_price_of_the_period() -> None:
    rising = table("item price from", ("bike", 80, month(3)))
    price = lines(prices=rising).set_index(["demand_class", "period"])["price"]

    assert price["booked"].to_dict() == {1: 60, 2: 60, 3: 80, 4: 80}
    assert price["booked at 20"].to_dict() == {2: 20, 3: 20, 4: 20}


def test_orders_of_a_line_add_up_and_what_is_overdue_is_owed_when_it_begins() -> None:
    found = lines().set_index(["demand_class", "period"])

    assert found["demand"]["booked at 20"].to_dict() == {2: 5, 3: 0, 4: 0}
    assert found["overdue"]["booked"].to_dict() == {1: 4, 2: 0, 3: 0, 4: 0}
    assert found["demand"]["booked"].sum() == 0


def test_a_line_lives_until_its_last_demand_can_be_late_no_more() -> None:
    found = lines(service_terms=table("max_lateness", (1,))).set_index("demand_class")

    assert found.loc[["booked"], "period"].tolist() == [1, 2]
    assert found.loc[["booked at 20"], "period"].tolist() == [2, 3]
    assert found.loc[["booked at 20"], "owed_until"].iloc[0] == 2  # at the end of February, not of March
