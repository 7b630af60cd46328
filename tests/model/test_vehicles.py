"""Vehicles and minimum shipments on lanes, worked out by hand."""

import pytest

from tests.model.audited import bill, by_period, planned
from tests.model.plants import BOUGHT, plant, table, wanting


def trucked(wanted, columns, *cells, **tables):
    lanes = [
        {"origin": "plant", "destination": "north", "mode": "truck"} | row for row in table(columns, *cells)
    ]
    return plant(wanted, **{"sourcing": BOUGHT, "lanes": lanes} | tables)


def test_every_vehicle_that_goes_costs_its_trip():
    # 50 in trucks of 20: 3 trucks; 20: 1 truck. Waiting costs 20 a bike and saves nothing.
    plan = planned(trucked([50, 20], "vehicle_size vehicle_cost", (20, 30)))
    assert by_period(plan, "trips", "vehicles") == {1: 3, 2: 1}
    assert bill(plan) == {"purchase": 700, "vehicle_trips": 120}
    assert plan.kpis["vehicle_fill_rate"] == pytest.approx(70 / 80)


def test_a_vehicle_too_many_is_saved_by_sending_the_rest_a_period_later():
    # 42 and 18: 3 + 1 trucks at 50 cost 200; 2 bikes a month late cost 40 and save one truck: 2 x 20 owed =
    # 40 + 150.
    plan = planned(trucked([42, 18], "vehicle_size vehicle_cost", (20, 50)))
    assert by_period(plan, "trips", "vehicles") == {1: 2, 2: 1}
    assert bill(plan) == {"purchase": 600, "vehicle_trips": 150, "backorders": 40}


def test_no_more_vehicles_go_than_there_are():
    plan = planned(trucked([50], "vehicle_size vehicle_cost max_vehicles", (20, 1, 2)))
    assert by_period(plan, "trips", "vehicles") == {1: 2}
    assert bill(plan)["lost_sales"] == 1000  # 10 of 50


def test_every_row_of_a_lane_with_vehicles_has_its_trips_in_every_period():
    # The row for all items carries bikes in January; what left in February would arrive after the plan.
    lanes = table("origin destination mode item vehicle_size vehicle_cost lead_time",
                  ("plant", "north", "truck", None, 20, 30, 1), ("plant", "north", "truck", "car", 5, 3, 1))
    plan = planned(plant([0, 30], sourcing=BOUGHT, lanes=lanes, items=table("item", ("bike",), ("car",))))
    trips = plan.tables["trips"].astype({"period": "str"})
    assert trips[["item", "period", "vehicles"]].to_numpy().tolist() == [
        ["", "2026-01", 2], ["", "2026-02", 0], ["car", "2026-01", 0], ["car", "2026-02", 0]]


def two_items(lanes):
    return plant(
        items=table("item", ("bike",), ("trike",)),
        periods=1,
        lanes=lanes,
        sourcing=table(
            "item supplier site unit_cost", ("bike", "arvo", "plant", 0), ("trike", "arvo", "plant", 0)
        ),
        demand=[*wanting([12]), *wanting([8], item="trike")],
    )


def test_the_items_of_a_lane_share_its_vehicles():
    # 12 + 8 = 20: one truck of 20.
    shared = table("origin destination mode vehicle_size vehicle_cost", ("plant", "north", "truck", 20, 50))
    assert bill(planned(two_items(shared))) == {"vehicle_trips": 50}


def test_an_item_with_a_row_of_its_own_has_vehicles_of_its_own():
    own = table("origin destination mode item vehicle_size vehicle_cost",
                ("plant", "north", "truck", None, 20, 50), ("plant", "north", "truck", "trike", 5, 7))
    plan = planned(two_items(own))
    assert bill(plan) == {"vehicle_trips": 50 + 2 * 7}
    assert by_period(plan, "trips", "vehicles", item="trike") == {1: 2}


def test_a_lane_sends_nothing_or_its_minimum_shipment():
    # At least 25 leave: 20 wait a month (400) and go with the 20 of month 2.
    plan = planned(trucked([20, 20], "min_shipment", (25,)))
    assert by_period(plan, "delivery", "shipped") == {2: 40}
    assert bill(plan) == {"purchase": 400, "backorders": 400}


def test_a_minimum_shipment_above_all_demand_is_never_sent():
    assert bill(planned(trucked([20], "min_shipment", (25,)))) == {"lost_sales": 2000}


def test_a_transfer_may_carry_more_than_is_wanted_to_reach_its_minimum_shipment():
    # 20 wanted, 25 leave the plant for the depot at least: 25 bought, 5 stay there.
    lanes = table(
        "origin destination mode min_shipment",
        ("plant", "depot", "truck", 25),
        ("depot", "north", "van", None),
    )
    plan = planned(plant([20], sourcing=BOUGHT, lanes=lanes, sites=table("site", ("plant",), ("depot",))))
    assert bill(plan) == {"purchase": 250}
