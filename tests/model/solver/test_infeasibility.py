"""A scenario without any plan: the message names the limits that would have to give, and by how much."""

import pytest

from planner.errors import InfeasibleError
from tests.model.plants import MADE, month, plant, solve, table

FULL = table("item site on_hand max_inventory", ("bike", "plant", 9, 5))
HEAD = "no plan satisfies every hard limit; relax one of these"


@pytest.mark.parametrize(("scenario", "sentence"), [
    # 9 on hand, 1 leaves, 5 may stay.
    (plant([1], inventory=FULL),
     "maximum inventory of bike at plant, 2026-01 (inventory row 1, max_inventory = 5): would have to give by 3 units; "
     "in conflict with opening stock of bike at plant (inventory row 1, on_hand = 9)"),
    # 9 arrive, 3 may stay.
    (plant(periods=1, scheduled_receipts=table("item site period quantity", ("bike", "plant", month(1), 9)),
           inventory=table("item site max_inventory", ("bike", "plant", 3))),
     "maximum inventory of bike at plant, 2026-01 (inventory row 1, max_inventory = 3): would have to give by 6 units; "
     "in conflict with stock of bike at plant, 2026-01 (scheduled_receipts row 1, quantity = 9)"),
    # 3 x 10 to be had, 100 asked for at the end of March.
    (plant(periods=3, sourcing=table("item supplier site unit_cost", ("bike", "arvo", "plant", 1)),
           supplier_capacity=table("supplier capacity", ("arvo", 10)),
           inventory=table("item site ending_inventory", ("bike", "plant", 100))),
     "ending inventory of bike at plant, 2026-03 (inventory row 1, ending_inventory = 100): would have to give by 70 "
     "units; in conflict with supplier capacity of arvo, 2026-01 to 2026-03 (supplier_capacity row 1, capacity = 10)"),
    # 6 of 10 promised on time, 4 to be had.
    (plant([10], sourcing=table("item supplier site unit_cost capacity", ("bike", "arvo", "plant", 1, 4)),
           service_terms=table("lost_sale_cost min_fill_rate", (100, 0.6))),
     "minimum fill rate of bike in north (forecast, priority 5) (service_terms row 1, min_fill_rate = 0.6): would have to "
     "give by 2 units; in conflict with source capacity of bike from arvo at plant, 2026-01 (sourcing row 1, capacity = 4)"),
    # 6 of 10 promised on time, one truck of 2.
    (plant([10], sourcing=table("item supplier site unit_cost", ("bike", "arvo", "plant", 1)),
           lanes=table("origin destination mode vehicle_size max_vehicles", ("plant", "north", "truck", 2, 1)),
           service_terms=table("lost_sale_cost min_fill_rate", (100, 0.6))),
     "minimum fill rate of bike in north (forecast, priority 5) (service_terms row 1, min_fill_rate = 0.6): would have to "
     "give by 4 units; in conflict with maximum vehicles of plant to north by truck, 2026-01 (lanes row 1, max_vehicles = 1)"),
    # 2 workers and 1 hire, 5 required.
    (plant([1], labor_pools=table("site labor_pool headcount hours_per_worker min_headcount max_hires",
                                  ("plant", "crew", 2, 9, 5, 1))),
     "minimum headcount of labor pool crew at plant, 2026-01 (labor_pools row 1, min_headcount = 5): would have to give by "
     "2 workers; in conflict with opening headcount of labor pool crew at plant (labor_pools row 1, headcount = 2) and "
     "maximum hires of labor pool crew at plant, 2026-01 (labor_pools row 1, max_hires = 1)"),
    # 9 on hand, 1 leaves, space for 3.
    (plant([1], sites=table("site storage_capacity", ("plant", 3)), inventory=table("item site on_hand", ("bike", "plant", 9))),
     "storage capacity of plant, 2026-01 (sites row 1, storage_capacity = 3): would have to give by 5 volume; in conflict "
     "with opening stock of bike at plant (inventory row 1, on_hand = 9)"),
    # A week is written as a week.
    (plant(calendar={"start": "2026-W10", "periods": 1, "bucket": "week"}, inventory=FULL),
     "maximum inventory of bike at plant, 2026-W10 (inventory row 1, max_inventory = 5): would have to give by 4 units; "
     "in conflict with opening stock of bike at plant (inventory row 1, on_hand = 9)"),
    # 5 on hand at a site that nobody may open before March: no limit could help, so the stock itself is named.
    (plant([0, 0, 1], site_options=table("site_option site kind fixed_cost from", ("start", "plant", "open", 5, month(3))),
           sourcing=table("item supplier site unit_cost", ("bike", "arvo", "plant", 1)),
           inventory=table("item site on_hand", ("bike", "plant", 5))),
     "opening stock of bike at plant (inventory row 1, on_hand = 5): would have to give by 5 units; in conflict with closed "
     "site for stock of bike at plant, 2026-01 (site_options row 1, kind = open)"),
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
    (said,) = caught.value.conflicts
    assert said.startswith("minimum fill rate of bike in north (forecast, priority 5)")
    assert said.endswith("would have to give by 2 units; in conflict with available hours of work center weld at plant, "
                         "2026-01 (work_centers row 1, available_hours = 2) and maximum overtime of work center weld at "
                         "plant, 2026-01 (work_centers row 1, overtime_hours = blank, which is 0)")


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
        "ending inventory of bike at plant, 2026-02 (inventory row 1, ending_inventory = 20): would have to give by 14 "
        "units; in conflict with maximum inventory of bike at plant, 2026-01 (inventory row 2, max_inventory = 6)",
    )


def test_every_limit_that_has_to_give_is_named_the_worst_first_and_the_rest_is_counted():
    # Item n has n times the stock that may stay: all 12 are too much, the message names the 10 worst.
    names = [f"item-{number:02d}" for number in range(2, 14)]
    stock = [
        {"item": name, "site": "plant", "on_hand": 10 * number, "max_inventory": 10}
        for number, name in enumerate(names, 2)
    ]
    with pytest.raises(InfeasibleError) as caught:
        solve(plant(periods=1, items=[{"item": name} for name in names], inventory=stock))
    assert [said.split(" at plant")[0] for said in caught.value.conflicts] == [
        *(f"maximum inventory of item-{number:02d}" for number in range(13, 3, -1)), "and 2 more"]
    assert [said.split("give by ")[1].split(";")[0] for said in caught.value.conflicts[:10]] == [
        f"{10 * number - 10} units" for number in range(13, 3, -1)]
    # Conflicts that have nothing to do with each other are kept apart.
    assert [said.count("in conflict with opening stock") for said in caught.value.conflicts[:10]] == [1] * 10


def test_a_stock_that_is_too_full_at_first_is_no_problem_where_the_limit_starts_later():
    spans = table("item site on_hand max_inventory from to", ("bike", "plant", 9, None, None, None),
                  ("bike", "plant", None, 5, month(2), month(2)))
    assert solve(plant([2, 2], inventory=spans)).status == "optimal"


def test_the_file_and_row_of_a_limit_are_those_in_which_a_spreadsheet_shows_it(tmp_path):
    (tmp_path / "base").mkdir()
    (tmp_path / "base/scenario.yaml").write_text("name: Base\ncalendar: {start: 2026-01, periods: 1}\n")
    for name, text in {
        "items": "item\nbike\nframe\n", "sites": "site\nplant\n", "markets": "market\nnorth\n",
        "inventory": "item,site,on_hand,max_inventory\nframe,plant,1,\nbike,plant,9,5\n",
    }.items():
        (tmp_path / f"base/{name}.csv").write_text(text)
    (tmp_path / "what-if").mkdir()
    (tmp_path / "what-if/scenario.yaml").write_text(
        "name: What-if\nbase: ../base\noverrides:\n  inventory:\n    - where: {item: bike}\n      set: {max_inventory: 2}\n")
    for folder, place in {"base": "inventory.csv row 3, max_inventory = 5",
                          "what-if": "scenario.yaml line 6, inventory.max_inventory = 2"}.items():
        with pytest.raises(InfeasibleError) as caught:
            solve(tmp_path / folder)
        (said,) = caught.value.conflicts
        assert f"({place})" in said and "inventory.csv row 3, on_hand = 9" in said


def test_the_row_of_the_period_beats_the_row_without(tmp_path):
    # 8 on hand: 6 may stay in February, 9 in all other months.
    spans = table("item site on_hand max_inventory from to", ("bike", "plant", 8, 9, None, None),
                  ("bike", "plant", None, 6, month(2), month(2)))
    with pytest.raises(InfeasibleError, match=r"2026-02 \(inventory row 2, max_inventory = 6\)"):
        solve(plant(periods=3, inventory=spans))
