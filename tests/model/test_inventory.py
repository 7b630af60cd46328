"""Stock: where it starts and ends, what it costs, how much there should be and how much there may be."""

import pytest

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

# Bikes can be had in January only, so that what is wanted later has to be held.
JANUARY_ONLY = table(
    "item supplier site unit_cost from to", ("bike", "arvo", "plant", 10, month(1), month(1))
)


def stock(columns, *cells):
    """Stock of bikes at the plant."""
    return [{"item": "bike", "site": "plant"} | row for row in table(columns, *cells)]


def test_holding_cost_is_charged_on_closing_inventory():
    # March's 5 are held over the end of January and February; bought and delivered in one period, nothing is
    # held.
    solution = solve(plant([2, 0, 5], sourcing=JANUARY_ONLY, inventory=stock("holding_cost", (3,))))
    assert decided(solution, "inventory", "period") == {1: 5, 2: 5}
    assert by_period(solution, "holding") == {1: 15, 2: 15}
    assert bill(solution) == {"purchase": 70, "holding": 30}


def test_holding_cost_varies_over_time():
    # In February holding costs 4 instead of 3: (3 + 4) x 5.
    solution = solve(plant([0, 0, 5], sourcing=JANUARY_ONLY,
                           inventory=stock("holding_cost from to", (3, None, None), (4, month(2), month(2)))))
    assert bill(solution) == {"purchase": 50, "holding": 35}


def test_stock_on_hand_is_used_first_and_is_worth_what_it_saves():
    # 3 in stock, 5 wanted: 2 bought. One more in stock would save 10.
    solution = solve(plant([5], sourcing=BOUGHT, inventory=stock("on_hand", (3,))))
    assert decided(solution, "inventory", "period") == {0: 3}
    assert bill(solution) == {"purchase": 20}
    assert price(solution, "opening_inventory") == -10


def test_what_is_on_hand_and_not_wanted_is_held():
    solution = solve(plant([1, 1], inventory=stock("on_hand holding_cost", (5, 2))))
    assert decided(solution, "inventory", "period") == {0: 5, 1: 4, 2: 3}
    assert bill(solution) == {"holding": 14}


def test_the_plan_ends_with_the_stock_asked_for():
    # 4 + 1 wanted, 5 to be left at the end, 2 there: 8 bought although nobody buys the last 5. One less asked
    # for saves 10.
    solution = solve(plant([4, 1], sourcing=BOUGHT, inventory=stock("on_hand ending_inventory", (2, 5))))
    assert total(solution, "inventory", period=2) == 5
    assert bill(solution) == {"purchase": 80}
    assert price(solution, "ending_inventory") == 10


def test_the_ending_stock_is_kept_even_at_the_price_of_lost_sales():
    solution = solve(plant([4], inventory=stock("on_hand ending_inventory", (6, 5))))
    assert total(solution, "delivered_on_time") == 1
    assert bill(solution) == {"lost_sales": 300}


def test_max_inventory_is_never_exceeded():
    # 6 of February's 10 can be held from January. Room for one more saves 100 - 10.
    solution = solve(plant([0, 10], sourcing=JANUARY_ONLY, inventory=stock("max_inventory", (6,))))
    assert decided(solution, "inventory", "period") == {1: 6}
    assert bill(solution) == {"purchase": 60, "lost_sales": 400}
    assert price(solution, "max_inventory", period=1) == 90


def test_safety_stock_is_kept_while_its_penalty_is_higher_than_its_cost():
    # Keeping 4 through both months costs 10 + 3 + 3 each, missing them 9 + 9.
    solution = solve(
        plant(
            [0, 0],
            sourcing=BOUGHT,
            inventory=stock("safety_stock safety_stock_penalty holding_cost", (4, 9, 3)),
        )
    )
    assert decided(solution, "inventory", "period") == {1: 4, 2: 4}
    assert bill(solution) == {"purchase": 40, "holding": 24}


def test_safety_stock_is_missed_where_its_penalty_is_lower_than_its_cost():
    # As before with a penalty of 7: 7 + 7 < 10 + 3 + 3. 1 is on hand and stays: 3 short at the end of each
    # month.
    solution = solve(
        plant(
            [0, 0],
            sourcing=BOUGHT,
            inventory=stock("on_hand safety_stock safety_stock_penalty holding_cost", (1, 4, 7, 3)),
        )
    )
    assert decided(solution, "safety_stock_shortfall", "period") == {1: 3, 2: 3}
    assert bill(solution) == {"holding": 6, "safety_stock_penalty": 42}


def test_safety_stock_varies_over_time():
    # 4 to be kept at the end of February only: bought then.
    spans = stock("safety_stock safety_stock_penalty holding_cost from to", (0, None, 3, None, None),
                  (4, 50, 3, month(2), month(2)))
    solution = solve(plant([0, 0, 0], sourcing=BOUGHT, inventory=spans))
    assert decided(solution, "inventory", "period") == {2: 4, 3: 4}


def test_days_of_supply_cover_the_coming_outflow_day_by_day():
    # 45 days. End of January: all 28 days of February and 17 of March's 31: 28 + 17 of 31 = 45 bikes. End of
    # February: March's 31 and 14 days of a month like March; end of March: 45 days of months like March.
    solution = solve(plant([0, 28, 31], sourcing=BOUGHT,
                           inventory=stock("days_of_supply safety_stock_penalty holding_cost", (45, 50, 1))))
    assert decided(solution, "inventory", "period") == {1: 45, 2: 31 + 14, 3: 45}
    assert decided(solution, "purchased", "period") == {1: 45, 2: 28, 3: 31}
    assert bill(solution) == {"purchase": 1040, "holding": 135}


def test_days_of_supply_within_one_period_cover_their_part_of_it():
    # 7 days at the end of January are a quarter of February's 28 bikes; the end of February looks at February
    # again.
    solution = solve(plant([0, 28], sourcing=BOUGHT,
                           inventory=stock("days_of_supply safety_stock_penalty holding_cost", (7, 50, 1))))
    assert decided(solution, "inventory", "period") == {1: 7, 2: 7}


def test_days_of_supply_in_weeks_count_seven_days_each():
    # 10 days: a week and 3 / 7 of the next. 7 + 3 / 7 x 14 = 13, then 14 + 3 / 7 x 14 = 20.
    weeks = table(
        "item market period quantity", ("bike", "north", "2026-W11", 7), ("bike", "north", "2026-W12", 14)
    )
    solution = solve(
        plant(
            calendar={"start": "2026-W10", "periods": 3, "bucket": "week"},
            demand=weeks,
            sourcing=BOUGHT,
            inventory=stock("days_of_supply safety_stock_penalty holding_cost", (10, 50, 1)),
        )
    )
    assert decided(solution, "inventory", "period") == {1: 13, 2: 20, 3: 20}


def test_days_of_supply_cover_what_production_uses_and_what_goes_to_other_sites():
    # Half of February's outflow at the end of January: 2 wheels for each of 6 bikes made, and 8 wheels for
    # the depot, 20 in all. The end of February looks at February again.
    solution = solve(
        plant(
            [0, 6],
            items=table("item", ("bike",), ("wheel",)),
            sites=table("site", ("plant",), ("depot",)),
            demand=[*wanting([0, 6]), *wanting([0, 8], item="wheel")],
            lanes=table(
                "origin destination mode item",
                ("plant", "north", "truck", "bike"),
                ("plant", "depot", "truck", "wheel"),
                ("depot", "north", "truck", "wheel"),
            ),
            routings=table("item site routing unit_cost", ("bike", "plant", "line", 1)),
            bill_of_materials=table("parent component quantity_per", ("bike", "wheel", 2)),
            sourcing=table("item supplier site unit_cost", ("wheel", "arvo", "plant", 1)),
            inventory=table(
                "item site days_of_supply safety_stock_penalty holding_cost",
                ("wheel", "plant", 14, 50, 1),
                ("wheel", "depot", None, None, 2),
                ("bike", "plant", None, None, 50),
            ),
        )
    )
    assert decided(solution, "inventory", "item", "period") == {("wheel", 1): 10, ("wheel", 2): 10}


def test_safety_stock_and_days_of_supply_share_one_shortfall():
    # 10 to be kept, 6 for the coming 14 days, a penalty of 2 against 3 for holding: 10 short, not 16.
    solution = solve(plant([0, 12], sourcing=BOUGHT, inventory=stock(
        "safety_stock days_of_supply safety_stock_penalty holding_cost", (10, 14, 2, 3))))
    assert decided(solution, "safety_stock_shortfall", "period") == {1: 10, 2: 10}
    assert bill(solution) == {"purchase": 120, "safety_stock_penalty": 40}


def test_hard_storage_is_never_exceeded():
    # 12 of space, 2 a bike: 6 held, 4 of February's 10 lost. One more of space saves half of 100 - 10.
    solution = solve(plant([0, 10], sourcing=JANUARY_ONLY, items=table("item volume", ("bike", 2)),
                           sites=table("site storage_capacity", ("plant", 12))))
    assert decided(solution, "inventory", "period") == {1: 6}
    assert price(solution, "storage_capacity", period=1) == 45


def test_soft_storage_overflows_at_its_cost():
    # 10 bikes of 2 against 12 of space: 8 too much at 3.
    solution = solve(plant([0, 10], sourcing=JANUARY_ONLY, items=table("item volume", ("bike", 2)),
                           sites=table("site storage_capacity storage_overflow_cost", ("plant", 12, 3))))
    assert decided(solution, "storage_overflow", "period") == {1: 8}
    assert bill(solution) == {"purchase": 100, "storage_overflow": 24}


def test_all_items_of_a_site_share_its_storage():
    # 10 of space for bikes of 2 and cars of 5, at the end of January. A lost unit costs 100 either way: bikes
    # take less space.
    solution = solve(
        plant(
            items=table("item volume", ("bike", 2), ("car", 5)),
            sites=table("site storage_capacity", ("plant", 10)),
            periods=2,
            demand=[*wanting([0, 3]), *wanting([0, 2], item="car")],
            sourcing=[*JANUARY_ONLY, JANUARY_ONLY[0] | {"item": "car"}],
        )
    )
    assert decided(solution, "inventory", "item", period=1) == {"bike": 3, "car": pytest.approx(4 / 5)}


def test_a_site_without_stock_policy_keeps_nothing_for_free():
    solution = solve(plant([0, 5], sourcing=JANUARY_ONLY))
    assert bill(solution) == {"purchase": 50}


def test_no_stock_means_that_everything_moves_on_at_once():
    solution = solve(plant([0, 5], sourcing=JANUARY_ONLY, inventory=NO_STOCK))
    assert bill(solution) == {"lost_sales": 500}
