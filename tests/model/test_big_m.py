"""What could be of use of an item: demand still to be delivered, stock to keep, what parents take and what last lots make too much."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from planner.demand.demand import make_demand
from planner.model.big_m import Requirements, is_fixed_charge, minimum_orders, whole_lots
from planner.model.demand_lines import demand_lines
from planner.model.network import Reader, flows
from planner.scenario.load import load_scenario
from tests.model.plants import plant, table

MADE = table("item site routing setup_cost", ("bike", "plant", "line", 1))
WANTED = [5, 7, 4]


def needs(item: str = "bike", *, wanted: list[float] = WANTED, **changes: Any) -> tuple[list[float], list[float]]:
    """What could be of use of the item from each period on, and what of it can be about in all."""
    scenario = load_scenario(plant(wanted, **{"routings": MADE, **changes}))
    read = Reader(scenario)
    lines = demand_lines(scenario, make_demand(scenario))
    network = flows(read, pd.DataFrame({"item": [read.names.code("bike")], "market": [read.names.code("north")]}))
    required = Requirements(read, network, lines)
    periods = pd.Series(range(1, len(wanted) + 1))
    items = pd.Series([read.names.code(item)] * len(wanted))
    return required.from_period(items, periods).tolist(), required.in_all(items, periods).tolist()


def test_all_demand_that_may_still_be_delivered_is_of_use() -> None:
    assert needs()[0] == [16, 16, 16]  # late without end: 5 + 7 + 4, whenever it is made


def test_demand_that_may_not_wait_is_of_no_use_later() -> None:
    terms = table("backorder_cost lost_sale_cost max_lateness", (20, 100, 0))
    on_time = needs(service_terms=terms)[0]
    assert on_time == sorted(on_time, reverse=True) and on_time[-1] < 16 == on_time[0]


def test_stock_to_keep_and_the_last_lot_are_of_use_on_top() -> None:
    kept = table("item site safety_stock safety_stock_penalty ending_inventory", ("bike", "plant", 3, 1, 2))
    assert needs(inventory=kept)[0] == [16 + 3 + 2] * 3
    lots = table("item site routing min_lot lot_multiple", ("bike", "plant", "line", 10, 4))
    assert needs(routings=lots)[0] == [16 + 12] * 3  # the least lot is three lots of 4


def test_a_component_is_needed_for_what_is_started_losses_included() -> None:
    parts = {"items": table("item", ("bike",), ("wheel",)),
             "bill_of_materials": table("parent component quantity_per", ("bike", "wheel", 2)),
             "sourcing": table("item supplier site unit_cost", ("wheel", "maker", "plant", 1)),
             "routings": table("item site routing setup_cost yield_rate", ("bike", "plant", "line", 1, 0.8))}
    assert needs("wheel", **parts)[0] == pytest.approx([16 / 0.8 * 2] * 3)


def test_what_is_there_anyway_can_be_about_in_all() -> None:
    there = needs(inventory=table("item site on_hand", ("bike", "plant", 6)),
                  scheduled_receipts=table("item site period quantity", ("bike", "plant", "2026-02", 4)))
    assert there == ([16] * 3, [16 + 6 + 4] * 3)


def test_a_linear_program_has_no_bound() -> None:
    plain = table("item site routing unit_cost", ("bike", "plant", "line", 1))
    assert needs(routings=plain) == ([np.inf] * 3, [np.inf] * 3)


def test_quantities_are_rounded_up_to_whole_lots_where_there_are_lots() -> None:
    quantity, lots = pd.Series([10.0, 12.0, 10.0]), pd.Series([4.0, 4.0, np.nan])
    assert whole_lots(quantity, lots).tolist() == [12, 12, 10]


def test_the_least_order_is_the_minimum_or_the_last_price_break_in_whole_lots() -> None:
    bought = {"items": table("item", ("bike",), ("wheel",)),
              "sourcing": table("item supplier site unit_cost moq lot_multiple",
                                ("bike", "maker", "plant", 1, 10, 4), ("wheel", "maker", "plant", 1, 10, None)),
              "price_breaks": table("supplier item from_quantity unit_cost kind",
                                    ("maker", "wheel", 30, 0.5, "all_units"))}
    read = Reader(load_scenario(plant(WANTED, **bought)))
    rows = read.rows("sourcing")
    assert is_fixed_charge(read)
    assert minimum_orders(read, rows).tolist() == [12, 30]
