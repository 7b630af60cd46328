"""What a plan does not show follows from its quantities: price tiers, shipments that leave, new switches."""

import numpy as np
import pandas as pd
import pytest

from planner.demand.demand import make_demand
from planner.model.build import build_model
from planner.model.solver.earlier_numbers import numbers_of
from planner.model.solver.matrix import compile_model
from planner.scenario.load import load_scenario
from tests.model.plants import plant, table


def compiled(kind="all_units", prices=(8, 5), **lane):
    """One month, 9 wanted; bikes at 10 each, at other prices from 3 and from 6 of them."""
    breaks = [{"supplier": "arvo", "item": "bike", "from_quantity": quantity, "unit_cost": price, "kind": kind}
              for quantity, price in zip((3, 6), prices, strict=True)]
    records = plant([9], sourcing=table("item supplier site unit_cost", ("bike", "arvo", "plant", 10)),
                    price_breaks=breaks)
    records["lanes"] = [{**row, **lane} for row in records["lanes"]]
    scenario = load_scenario(records)
    return compile_model(build_model(scenario, make_demand(scenario)))


def bought(quantity):
    """The plan's quantities by key: so many ordered in the first month."""
    keys = {"item": ["bike"], "supplier": ["arvo"], "site": ["plant"], "period": [1]}
    return {"purchased": pd.DataFrame({**keys, "value": [float(quantity)]})}


def tiers(made, decided):
    return list(numbers_of(made, decided)[made.layout.place("tier_chosen")])


@pytest.mark.parametrize(("quantity", "chosen"), [
    (0, [0, 0, 0]), (2, [1, 0, 0]), (4, [0, 1, 0]), (6, [0, 0, 1]), (8, [0, 0, 1])])
def test_a_price_for_all_units_is_that_of_the_tier_which_holds_the_quantity(quantity, chosen):
    assert tiers(compiled(), bought(quantity)) == chosen


def test_where_two_tiers_meet_the_cheaper_one_is_meant():
    assert tiers(compiled(prices=(12, 5)), bought(3)) == [1, 0, 0]
    assert tiers(compiled(prices=(10, 5)), bought(3)) == [0, 1, 0]


@pytest.mark.parametrize(("quantity", "chosen"), [(0, [0, 0, 0]), (3, [1, 0, 0]), (4, [1, 1, 0]), (7, [1, 1, 1])])
def test_with_incremental_prices_every_tier_that_is_begun_is_chosen(quantity, chosen):
    assert tiers(compiled("incremental"), bought(quantity)) == chosen


def test_what_no_quantity_tells_is_not_known():
    made = compiled(min_shipment=2)
    numbers = numbers_of(made, {"ordered": pd.DataFrame()})
    assert np.isnan(numbers[made.whole]).all()


@pytest.mark.parametrize(("quantity", "leaves"), [(0.0, 0.0), (4.0, 1.0)])
def test_a_shipment_leaves_where_something_was_shipped(quantity, leaves):
    made = compiled(min_shipment=2)
    lane = made.model.scenario["lanes"].iloc[0]
    keys = {"origin": [lane["origin"]], "destination": [lane["destination"]], "mode": [lane["mode"]],
            "item": ["bike"], "period": [1]}
    numbers = numbers_of(made, {"shipped": pd.DataFrame({**keys, "value": [quantity]})})
    assert list(numbers[made.layout.place("leaves")]) == [leaves]
