"""Purchases: what is ordered where and when, within what suppliers can ship."""

import pytest

from tests.model.plants import bill, by_period, decided, month, plant, price, solve, table, total, wanting

HELD = table("item site holding_cost", ("bike", "plant", 1))


def sources(columns, *cells):
    """Sources of bikes for the plant."""
    return [{"item": "bike", "site": "plant"} | row for row in table(columns, *cells)]


def test_the_cheapest_supplier_is_used_up_before_the_next():
    # arvo ships 6 at 10, borea the other 4 at 12. One more from arvo would save 2.
    solution = solve(
        plant([10], sourcing=sources("supplier unit_cost capacity", ("arvo", 10, 6), ("borea", 12, None)))
    )
    assert decided(solution, "purchased", "supplier") == {"arvo": 6, "borea": 4}
    assert bill(solution) == {"purchase": 6 * 10 + 4 * 12}
    assert price(solution, "source_capacity", period=1) == 2


def test_orders_arrive_after_the_lead_time_and_are_paid_in_the_period_of_the_order():
    # Two months from order to receipt: March's 5 are ordered in January.
    solution = solve(plant([0, 0, 5], sourcing=sources("supplier unit_cost lead_time", ("arvo", 10, 2))))
    assert decided(solution, "purchased", "period") == {1: 5}
    assert by_period(solution, "purchase") == {1: 50}
    assert decided(solution, "inventory", "period") == {}


def test_nothing_is_ordered_that_would_arrive_after_the_horizon():
    # January's and February's 5 each would arrive in March at the earliest: lost, after no waiting in vain.
    solution = solve(plant([5, 5], sourcing=sources("supplier unit_cost lead_time", ("arvo", 10, 2))))
    assert solution.values["purchased"].empty
    assert bill(solution) == {"lost_sales": 1000}


def test_price_and_lead_time_are_those_of_the_period_of_the_order():
    # In February bikes cost 8 instead of 10 but take a month: March's 5 are ordered in February at 8,
    # January's 5 at 10.
    spans = sources(
        "supplier unit_cost lead_time from to",
        ("arvo", 10, 0, None, None),
        ("arvo", 8, 1, "2026-02", "2026-02"),
    )
    solution = solve(plant([5, 0, 5], sourcing=spans, inventory=HELD))
    assert by_period(solution, "purchase") == {1: 50, 2: 40}
    assert bill(solution) == {"purchase": 90}


def test_a_source_with_rows_for_some_periods_only_ships_in_no_other():
    # borea is cheaper but ships only in February; a bike held for a month costs 1, so March's are held from
    # February.
    spans = sources(
        "supplier unit_cost from to", ("arvo", 10, None, None), ("borea", 6, "2026-02", "2026-02")
    )
    solution = solve(plant([5, 5, 5], sourcing=spans, inventory=HELD))
    assert decided(solution, "purchased", "supplier", "period") == {("arvo", 1): 5, ("borea", 2): 10}
    assert bill(solution) == {"purchase": 50 + 60, "holding": 5}


def test_a_source_that_can_ship_nothing_ships_nothing():
    solution = solve(plant([5], sourcing=sources("supplier unit_cost capacity", ("arvo", 10, 0))))
    assert bill(solution) == {"lost_sales": 500}


def test_capacity_limits_what_is_ordered_in_a_period_not_what_arrives():
    # 3 a month; ordered in January a bike takes two months, ordered in February one: 6 arrive together in
    # March, 4 are lost.
    spans = sources("supplier unit_cost lead_time capacity from to", ("arvo", 10, 2, 3, "2026-01", "2026-01"),
                    ("arvo", 10, 1, 3, "2026-02", "2026-02"))
    solution = solve(plant([0, 0, 10], sourcing=spans))
    assert decided(solution, "purchased", "period") == {1: 3, 2: 3}
    assert bill(solution) == {"purchase": 60, "lost_sales": 400}


def test_a_supplier_ships_no_more_of_an_item_to_all_sites_than_it_can():
    # arvo ships 7 bikes a month to both plants, 2 in February; the rest comes from borea at 15.
    both = table(
        "item supplier site unit_cost",
        ("bike", "arvo", "plant", 10),
        ("bike", "borea", "plant", 15),
        ("bike", "arvo", "depot", 10),
        ("bike", "borea", "depot", 15),
    )
    scenario = plant(
        sites=table("site", ("plant",), ("depot",)),
        markets=table("market", ("north",), ("south",)),
        lanes=table("origin destination mode", ("plant", "north", "truck"), ("depot", "south", "truck")),
        periods=3,
        demand=[*wanting([4, 4, 4]), *wanting([4, 4, 4], market="south")],
        sourcing=both,
        inventory=table("item site holding_cost", ("bike", "plant", 6), ("bike", "depot", 6)),
        supplier_capacity=table(
            "supplier item period capacity", ("arvo", "bike", None, 7), ("arvo", "bike", "2026-02", 2)
        ),
    )
    solution = solve(scenario)
    # 8 wanted a month: 7 + 2 + 7 at 10, 1 + 6 + 1 at 15.
    assert decided(solution, "purchased", "supplier", "period") == {
        ("arvo", 1): 7, ("arvo", 2): 2, ("arvo", 3): 7, ("borea", 1): 1, ("borea", 2): 6, ("borea", 3): 1}
    assert price(solution, "supplier_capacity", period=2) == 5


def test_joint_capacity_of_a_supplier_counts_all_its_items():
    # arvo ships 10 units of bikes and cars together. Elsewhere a bike costs 5 more and a car 30 more: cars
    # first.
    scenario = plant(
        items=table("item", ("bike",), ("car",)),
        periods=1,
        demand=[*wanting([8]), *wanting([6], item="car")],
        sourcing=table(
            "item supplier site unit_cost",
            ("bike", "arvo", "plant", 10),
            ("bike", "borea", "plant", 15),
            ("car", "arvo", "plant", 20),
            ("car", "borea", "plant", 50),
        ),
        supplier_capacity=table("supplier capacity", ("arvo", 10)),
    )
    solution = solve(scenario)
    assert decided(solution, "purchased", "item", "supplier") == {
        ("car", "arvo"): 6,
        ("bike", "arvo"): 4,
        ("bike", "borea"): 4,
    }
    assert bill(solution) == {"purchase": 6 * 20 + 4 * 10 + 4 * 15}
    assert price(solution, "supplier_capacity", period=1) == 5


def test_a_supplier_gets_its_minimum_share_over_the_horizon():
    # borea is promised 30 % of 10. It is dearest in January (20) and 14 in February: all 3 in February, at 4
    # more than arvo.
    spans = sources("supplier unit_cost min_share from to", ("arvo", 10, None, None, None),
                    ("borea", 20, 0.3, "2026-01", "2026-01"), ("borea", 14, 0.3, "2026-02", "2026-02"))
    solution = solve(plant([5, 5], sourcing=spans, inventory=HELD))
    assert decided(solution, "purchased", "supplier", "period") == {
        ("arvo", 1): 5,
        ("arvo", 2): 2,
        ("borea", 2): 3,
    }
    assert bill(solution) == {"purchase": 70 + 42}
    assert price(solution, "min_share") == 4


def test_a_supplier_gets_at_most_its_maximum_share_over_the_horizon():
    # arvo may have half of 10. borea costs 12 in January and 16 in February: borea's 5 are January's, arvo's
    # 5 February's.
    spans = sources("supplier unit_cost max_share from to", ("arvo", 10, 0.5, None, None),
                    ("borea", 12, None, "2026-01", "2026-01"), ("borea", 16, None, "2026-02", "2026-02"))
    solution = solve(
        plant([5, 5], sourcing=spans, inventory=table("item site holding_cost", ("bike", "plant", 9)))
    )
    assert decided(solution, "purchased", "supplier", "period") == {("borea", 1): 5, ("arvo", 2): 5}
    assert bill(solution) == {"purchase": 60 + 50}
    assert price(solution, "max_share") == 2  # one more of arvo in January


def test_shares_count_what_is_bought_of_all_suppliers_whatever_their_lead_times():
    # arvo may have half of all 10, all wanted in February, and takes a month; borea ships at once. 5 of arvo
    # ordered in January, 5 of borea in February: nothing has to be bought in January and held at 1 a unit to
    # give arvo its share.
    both = sources("supplier unit_cost lead_time max_share", ("arvo", 10, 1, 0.5), ("borea", 20, 0, None))
    solution = solve(plant([0, 10], sourcing=both, inventory=HELD))
    assert decided(solution, "purchased", "supplier", "period") == {("arvo", 1): 5, ("borea", 2): 5}
    assert bill(solution) == {"purchase": 150}


def test_scheduled_receipts_are_there_in_their_period_and_cost_nothing():
    # 4 bikes are on their way and arrive in February; January's 4 come from arvo, February's do not.
    coming = table("item site period quantity", ("bike", "plant", month(2), 4))
    solution = solve(
        plant([4, 4], sourcing=sources("supplier unit_cost", ("arvo", 10)), scheduled_receipts=coming)
    )
    assert decided(solution, "purchased", "period") == {1: 4}
    assert bill(solution) == {"purchase": 40}
    assert total(solution, "lost") == 0


def test_purchases_stop_where_the_item_is_worth_less_than_it_costs():
    # A unit lost costs 100, a unit bought 101.
    solution = solve(plant([5], sourcing=sources("supplier unit_cost", ("arvo", 101))))
    assert solution.objective == pytest.approx(500)
