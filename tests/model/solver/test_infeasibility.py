"""A scenario without any plan: the message names the limits that would have to give, and by how much."""

import pytest

from planner.errors import InfeasibleError
from tests.model.plants import MADE, month, plant, solve, table

FULL = table("item site on_hand max_inventory", ("bike", "plant", 9, 5))
HEAD = "no plan satisfies every hard limit; relax one of these"


@pytest.mark.parametrize(("scenario", "sentence"), [
    # 9 on hand, 1 leaves, 5 may stay.
    (plant([1], inventory=FULL), "max_inventory bike, plant, 2026-01: would have to give by 3 units"),
    # 2 on hand, none to be had, 5 asked for at the end of February.
    (plant(periods=2, inventory=table("item site on_hand ending_inventory", ("bike", "plant", 2, 5))),
     "ending_inventory bike, plant, 2026-02: would have to give by 3 units"),
    # 6 of 10 promised on time, 4 to be had.
    (plant([10], sourcing=table("item supplier site unit_cost capacity", ("bike", "arvo", "plant", 1, 4)),
           service_terms=table("lost_sale_cost min_fill_rate", (100, 0.6))),
     "min_fill_rate bike, north, forecast, 5: would have to give by 2 units"),
    # 2 workers and 1 hire, 5 required.
    (plant([1], labor_pools=table("site labor_pool headcount hours_per_worker min_headcount max_hires",
                                  ("plant", "crew", 2, 9, 5, 1))),
     "min_headcount plant, crew, 2026-01: would have to give by 2 workers"),
    # 9 on hand, 1 leaves, space for 3.
    (plant([1], sites=table("site storage_capacity", ("plant", 3)), inventory=table("item site on_hand", ("bike", "plant", 9))),
     "storage_capacity plant, 2026-01: would have to give by 5 volume"),
    # A week is written as a week.
    (plant(calendar={"start": "2026-W10", "periods": 1, "bucket": "week"}, inventory=FULL),
     "max_inventory bike, plant, 2026-W10: would have to give by 4 units"),
])
def test_the_limit_that_cannot_hold_is_named_with_its_place_and_amount(scenario, sentence):
    with pytest.raises(InfeasibleError) as caught:
        solve(scenario)
    assert str(caught.value) == f"{HEAD}\n  {sentence}"
    assert caught.value.conflicts == (sentence,)
    assert caught.value.exit_code == 3


def test_of_two_limits_in_conflict_the_one_that_gives_the_smaller_share_is_named():
    # 6 of 10 are promised, 2 hours make 4. Either 1 of the 2 hours or 2 of the 6 bikes would have to give.
    scenario = plant(
        [10],
        routings=MADE,
        service_terms=table("lost_sale_cost min_fill_rate", (100, 0.6)),
        routing_steps=table(
            "item site routing work_center hours_per_unit", ("bike", "plant", "line", "weld", 0.5)
        ),
        work_centers=table("site work_center available_hours", ("plant", "weld", 2)),
    )
    with pytest.raises(InfeasibleError) as caught:
        solve(scenario)
    assert caught.value.conflicts == (
        "min_fill_rate bike, north, forecast, 5: would have to give by 2 units",
    )


def test_a_limit_of_an_earlier_period_can_be_what_keeps_a_later_one_from_holding():
    # 20 are to be left in February, bikes can be had in January only, 6 of them held then.
    scenario = plant(
        periods=2,
        sourcing=table(
            "item supplier site unit_cost from to", ("bike", "arvo", "plant", 1, month(1), month(1))
        ),
        inventory=table(
            "item site ending_inventory max_inventory from to",
            ("bike", "plant", 20, None, None, None),
            ("bike", "plant", None, 6, month(1), month(1)),
        ),
    )
    with pytest.raises(InfeasibleError) as caught:
        solve(scenario)
    assert caught.value.conflicts == (
        "ending_inventory bike, plant, 2026-02: would have to give by 14 units",
    )


def test_every_limit_that_has_to_give_is_named_the_worst_first_and_at_most_ten():
    # Item n has n times the stock that may stay: all 12 are too much, the message names the 10 worst.
    names = [f"item-{number:02d}" for number in range(2, 14)]
    stock = [
        {"item": name, "site": "plant", "on_hand": 10 * number, "max_inventory": 10}
        for number, name in enumerate(names, 2)
    ]
    with pytest.raises(InfeasibleError) as caught:
        solve(plant(periods=1, items=[{"item": name} for name in names], inventory=stock))
    assert caught.value.conflicts == tuple(
        f"max_inventory item-{number:02d}, plant, 2026-01: would have to give by {10 * number - 10} units"
        for number in range(13, 3, -1))


def test_a_stock_that_is_too_full_at_first_is_no_problem_where_the_limit_starts_later():
    spans = table("item site on_hand max_inventory from to", ("bike", "plant", 9, None, None, None),
                  ("bike", "plant", None, 5, month(2), month(2)))
    assert solve(plant([2, 2], inventory=spans)).status == "optimal"
