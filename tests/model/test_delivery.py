"""Lanes: how goods travel between sites and to markets, how long it takes and how much fits."""

from tests.model.plants import (
    BOUGHT,
    NO_STOCK,
    bill,
    by_period,
    decided,
    month,
    plant,
    price,
    solve,
    table,
    total,
    wanting,
)

JANUARY_ONLY = table(
    "item supplier site unit_cost from to", ("bike", "arvo", "plant", 10, month(1), month(1))
)


def lanes(columns, *cells):
    """Lanes from the plant to the north."""
    return [{"origin": "plant", "destination": "north"} | row for row in table(columns, *cells)]


def test_goods_are_delivered_after_the_lead_time_and_freight_is_paid_when_they_leave():
    solution = solve(
        plant(
            [0, 5],
            sourcing=BOUGHT,
            lanes=lanes("mode unit_cost lead_time", ("ship", 3, 1)),
            inventory=NO_STOCK,
        )
    )
    assert decided(solution, "shipped", "period") == {1: 5}
    assert decided(solution, "delivered_on_time", "period") == {2: 5}
    assert by_period(solution, "freight") == {1: 15}
    assert bill(solution) == {"purchase": 50, "freight": 15}


def test_nothing_leaves_that_would_arrive_after_the_horizon():
    # Two months to the north, and two to the depot from where it would be near.
    slow = table(
        "origin destination mode lead_time",
        ("plant", "north", "ship", 2),
        ("plant", "depot", "ship", 2),
        ("depot", "north", "van", 0),
    )
    solution = solve(plant([5, 5], sites=table("site", ("plant",), ("depot",)), sourcing=BOUGHT, lanes=slow))
    assert decided(solution, "shipped", "origin") == {}
    assert bill(solution) == {"lost_sales": 1000}


def test_the_slow_mode_is_used_where_there_is_time_for_it():
    # January's 5 need the plane at 9, February's go by ship at 1, a month before.
    solution = solve(
        plant([5, 5], sourcing=BOUGHT, lanes=lanes("mode unit_cost lead_time", ("air", 9, 0), ("ship", 1, 1)))
    )
    assert decided(solution, "shipped", "mode", "period") == {("air", 1): 5, ("ship", 1): 5}
    assert bill(solution) == {"purchase": 100, "freight": 50}


def test_items_of_a_shared_row_share_its_capacity():
    # 10 leave: a lost unit costs 100 either way, a car costs 10 more to buy, so 8 bikes and 2 cars.
    solution = solve(
        plant(
            items=table("item", ("bike",), ("car",)),
            periods=1,
            demand=[*wanting([8]), *wanting([6], item="car")],
            sourcing=[*BOUGHT, *table("item supplier site unit_cost", ("car", "arvo", "plant", 20))],
            lanes=lanes("mode capacity", ("truck", 10)),
        )
    )
    assert decided(solution, "shipped", "item") == {"bike": 8, "car": 2}
    assert price(solution, "lane_capacity", period=1) == 80


def test_a_row_of_an_items_own_replaces_the_shared_one_for_it():
    # Bikes have the shared 10 to themselves; cars have 4 at 2 each.
    solution = solve(
        plant(
            items=table("item", ("bike",), ("car",)),
            periods=1,
            demand=[*wanting([12]), *wanting([6], item="car")],
            sourcing=[*BOUGHT, *table("item supplier site unit_cost", ("car", "arvo", "plant", 20))],
            lanes=lanes("mode item unit_cost capacity", ("truck", None, 1, 10), ("truck", "car", 2, 4)),
        )
    )
    assert decided(solution, "shipped", "item") == {"bike": 10, "car": 4}
    assert bill(solution) == {"purchase": 180, "freight": 10 + 8, "lost_sales": 400}


def test_a_row_of_an_items_own_for_some_periods_leaves_the_others_to_the_shared_one():
    # Freight 1, of bikes in February 3.
    solution = solve(
        plant(
            [5, 5],
            sourcing=BOUGHT,
            lanes=lanes(
                "mode item unit_cost from to",
                ("truck", None, 1, None, None),
                ("truck", "bike", 3, month(2), month(2)),
            ),
        )
    )
    assert by_period(solution, "freight") == {1: 5, 2: 15}


def test_freight_lead_time_and_capacity_are_those_of_the_period_of_departure():
    # In January a ship takes two months and carries 4 at 1, afterwards a month and 3 at 2: March gets 4 and
    # 3.
    spans = lanes("mode unit_cost lead_time capacity from to", ("ship", 2, 1, 3, None, None),
                  ("ship", 1, 2, 4, month(1), month(1)))
    solution = solve(plant([0, 0, 10], sourcing=BOUGHT, lanes=spans))
    assert decided(solution, "shipped", "period") == {1: 4, 2: 3}
    assert bill(solution) == {"purchase": 70, "freight": 4 + 6, "lost_sales": 300}


def test_a_lane_with_rows_for_some_periods_only_is_closed_in_the_others():
    solution = solve(
        plant([5, 5], sourcing=BOUGHT, lanes=lanes("mode from to", ("truck", month(2), month(2))))
    )
    assert decided(solution, "shipped", "period") == {2: 10}
    assert total(solution, "delivered_late") == 5


def test_a_lane_that_carries_nothing_delivers_nothing():
    solution = solve(plant([5], sourcing=BOUGHT, lanes=lanes("mode capacity", ("truck", 0))))
    assert bill(solution) == {"lost_sales": 500}


def test_goods_pass_through_several_sites_with_a_lead_time_for_each_lane():
    # Plant to hub two months, hub to depot none, depot to market one: April's 5 leave the plant in January.
    solution = solve(
        plant(
            [0, 0, 0, 5],
            sites=table("site", ("plant",), ("hub",), ("depot",)),
            sourcing=BOUGHT,
            lanes=table(
                "origin destination mode unit_cost lead_time",
                ("plant", "hub", "ship", 2, 2),
                ("hub", "depot", "rail", 3, 0),
                ("depot", "north", "truck", 4, 1),
            ),
        )
    )
    assert decided(solution, "shipped", "origin", "period") == {
        ("plant", 1): 5,
        ("hub", 3): 5,
        ("depot", 3): 5,
    }
    assert bill(solution) == {"purchase": 50, "freight": 5 * (2 + 3 + 4)}


def test_goods_are_held_where_that_is_cheapest():
    # Bikes come in January and are wanted in March: held at the depot (1 a month), not at the plant (3) nor
    # in the market.
    solution = solve(plant(
        [0, 0, 5], sites=table("site", ("plant",), ("depot",)), sourcing=JANUARY_ONLY,
        lanes=table("origin destination mode", ("plant", "depot", "rail"), ("depot", "north", "truck")),
        inventory=table("item site holding_cost", ("bike", "plant", 3), ("bike", "depot", 1))))
    assert decided(solution, "inventory", "site", "period") == {("depot", 1): 5, ("depot", 2): 5}
    assert bill(solution) == {"purchase": 50, "holding": 10}


def test_goods_in_transit_at_the_start_arrive_as_scheduled():
    # 3 reach the depot in February: late for January's 2, on time for February's 1.
    solution = solve(
        plant(
            [2, 1],
            sites=table("site", ("plant",), ("depot",)),
            lanes=table(
                "origin destination mode lead_time",
                ("plant", "depot", "rail", 2),
                ("depot", "north", "truck", 0),
            ),
            scheduled_receipts=table("item site period quantity", ("bike", "depot", month(2), 3)),
        )
    )
    assert decided(solution, "delivered_late", "period") == {2: 2}
    assert decided(solution, "delivered_on_time", "period") == {2: 1}
    assert bill(solution) == {"backorders": 2 * 20}


def test_the_nearer_site_serves_the_market_first():
    # The depot's 3 travel at 1, the other 2 come from the plant at 6.
    solution = solve(
        plant(
            [5],
            sites=table("site", ("plant",), ("depot",)),
            sourcing=BOUGHT,
            lanes=table(
                "origin destination mode unit_cost",
                ("plant", "north", "truck", 6),
                ("depot", "north", "truck", 1),
            ),
            inventory=table("item site on_hand", ("bike", "depot", 3)),
        )
    )
    assert decided(solution, "shipped", "origin") == {"depot": 3, "plant": 2}
    assert bill(solution) == {"purchase": 20, "freight": 15}


def test_weeks_are_periods_like_months():
    # Ordered in the first week of 2026 (the 29th of December on), two weeks on the way.
    scenario = plant(calendar={"start": "2026-W01", "periods": 3, "bucket": "week"}, sourcing=BOUGHT,
                     demand=table("item market period quantity", ("bike", "north", "2026-W03", 5)),
                     lanes=lanes("mode unit_cost lead_time", ("ship", 1, 2)))
    assert decided(solve(scenario), "shipped", "period") == {1: 5}
