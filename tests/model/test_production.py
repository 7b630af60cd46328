"""Production: what is started, the components it takes and the hours it takes on work centers."""

import pytest

from tests.model.plants import (
    MADE,
    NO_STOCK,
    ON_TIME,
    bill,
    by_period,
    decided,
    month,
    plant,
    price,
    solve,
    table,
    total,
)

TWO_MONTHS_HELD = table("item site holding_cost", ("bike", "plant", 1))
HOUR_EACH = table("item site routing work_center hours_per_unit", ("bike", "plant", "line", "weld", 1))


def routings(columns, *cells):
    """Ways to make bikes at the plant."""
    return [{"item": "bike", "site": "plant"} | row for row in table(columns, *cells)]


def centers(columns, *cells):
    """Work centers of the plant."""
    return [{"site": "plant"} | row for row in table(columns, *cells)]


def test_more_is_started_than_comes_out_good_and_every_start_costs():
    # Half of what is started is good: 20 started at 10 each for 10 good ones, in the month before (lead time
    # 1).
    solution = solve(
        plant([0, 10], routings=routings("routing unit_cost yield_rate lead_time", ("line", 10, 0.5, 1)))
    )
    assert decided(solution, "production", "period") == {1: 20}
    assert by_period(solution, "production") == {1: 200}
    assert bill(solution) == {"production": 200}
    assert decided(solution, "inventory", "period") == {}


def test_nothing_is_started_that_would_be_ready_after_the_horizon():
    solution = solve(plant([5, 5], routings=routings("routing unit_cost lead_time", ("line", 10, 2))))
    assert solution.values["production"].empty
    assert bill(solution) == {"lost_sales": 1000}


def test_components_are_used_for_every_unit_started_in_the_period_of_the_start():
    # 2 wheels a bike, half the bikes fail: 20 starts x 2 = 40 wheels, in January for bikes ready in February.
    solution = solve(plant(
        [0, 10], items=table("item", ("bike",), ("wheel",)),
        routings=routings("routing unit_cost yield_rate lead_time", ("line", 10, 0.5, 1)),
        bill_of_materials=table("parent component quantity_per", ("bike", "wheel", 2)),
        sourcing=table("item supplier site unit_cost", ("wheel", "arvo", "plant", 0.5))))
    assert decided(solution, "purchased", "item", "period") == {("wheel", 1): 40}
    assert bill(solution) == {"production": 200, "purchase": 20}


def test_components_of_components_are_made_in_time():
    # Bike <- 1 frame (made in a month) <- 3 tubes (a month to get): March's 4 bikes need 4 frames started in
    # February and 12 tubes ordered in January.
    solution = solve(plant(
        [0, 0, 4], items=table("item", ("bike",), ("frame",), ("tube",)),
        routings=table("item site routing unit_cost lead_time", ("bike", "plant", "line", 10, 0),
                       ("frame", "plant", "line", 5, 1)),
        bill_of_materials=table("parent component quantity_per", ("bike", "frame", 1), ("frame", "tube", 3)),
        sourcing=table("item supplier site unit_cost lead_time", ("tube", "arvo", "plant", 1, 1))))
    assert decided(solution, "production", "item", "period") == {("frame", 2): 4, ("bike", 3): 4}
    assert decided(solution, "purchased", "period") == {1: 12}
    assert bill(solution) == {"production": 40 + 20, "purchase": 12}


def test_a_bill_of_materials_row_of_a_site_replaces_the_one_for_all_sites():
    # Bikes take 2 wheels, at the depot 3. The plant can make only 4 of 6: 4 x 2 + 2 x 3 = 14 wheels.
    solution = solve(
        plant(
            [6],
            items=table("item", ("bike",), ("wheel",)),
            sites=table("site", ("plant",), ("depot",)),
            lanes=table("origin destination mode", ("plant", "north", "truck"), ("depot", "north", "truck")),
            routings=table(
                "item site routing unit_cost capacity",
                ("bike", "plant", "line", 1, 4),
                ("bike", "depot", "line", 1, None),
            ),
            bill_of_materials=table(
                "parent component site quantity_per",
                ("bike", "wheel", None, 2),
                ("bike", "wheel", "depot", 3),
            ),
            sourcing=table(
                "item supplier site unit_cost", ("wheel", "arvo", "plant", 1), ("wheel", "arvo", "depot", 1)
            ),
        )
    )
    assert decided(solution, "purchased", "site") == {"plant": 8, "depot": 6}


def test_the_cheap_routing_is_used_to_its_capacity_and_the_dear_one_for_the_rest():
    # 6 of 10 on the line at 10, the rest by hand at 25. One more start on the line would save 15.
    solution = solve(
        plant([10], routings=routings("routing unit_cost capacity", ("line", 10, 6), ("hand", 25, None)))
    )
    assert decided(solution, "production", "routing") == {"line": 6, "hand": 4}
    assert price(solution, "routing_capacity", period=1) == 15


def test_cost_yield_and_capacity_of_a_routing_vary_over_time():
    # January: 4 starts at 10, all good. February: yield 0.5 at 6 a start, so 12 a good bike; 5 wanted in
    # each, holding 1.
    spans = routings("routing unit_cost yield_rate capacity from to", ("line", 10, 1, 4, None, None),
                     ("line", 6, 0.5, 20, "2026-02", "2026-02"))
    solution = solve(plant([4, 5], routings=spans, inventory=TWO_MONTHS_HELD))
    assert decided(solution, "production", "period") == {1: 4, 2: 10}
    assert bill(solution) == {"production": 40 + 60}


def test_every_step_of_a_routing_takes_its_hours():
    # 2 h of welding and 0.5 h of painting a bike at 7 and 4 an hour: 10 x (14 + 2) = 160. Welding's 16 h
    # allow 8 bikes.
    solution = solve(
        plant(
            [10],
            routings=MADE,
            work_centers=centers(
                "work_center available_hours hour_cost", ("weld", 16, 7), ("paint", None, 4)
            ),
            routing_steps=table(
                "item site routing work_center hours_per_unit",
                ("bike", "plant", "line", "weld", 2),
                ("bike", "plant", "line", "paint", 0.5),
            ),
        )
    )
    assert decided(solution, "load_hours", "work_center") == {"weld": 16, "paint": 4}
    assert bill(solution) == {"production": 80, "work_center_hours": 16 * 7 + 4 * 4, "lost_sales": 200}
    # One more hour saves half a lost bike: (100 - 10 - 14 - 2) / 2.
    assert price(solution, "work_center_capacity", key="plant | weld", period=1) == 37


def test_hours_are_taken_in_the_period_of_the_start():
    solution = solve(
        plant(
            [0, 6],
            routings=routings("routing unit_cost lead_time", ("line", 10, 1)),
            routing_steps=HOUR_EACH,
            work_centers=centers("work_center available_hours", ("weld", 5)),
        )
    )
    assert decided(solution, "load_hours", "period") == {1: 5}
    assert total(solution, "lost") == 1


def test_effective_hours_are_gross_hours_times_availability_performance_and_quality():
    # 100 h x 0.8 x 0.5 x 0.9 = 36 h.
    solution = solve(plant([50], routings=MADE, routing_steps=HOUR_EACH, work_centers=centers(
        "work_center available_hours availability performance quality", ("weld", 100, 0.8, 0.5, 0.9))))
    assert total(solution, "production") == 36


def test_overtime_is_used_only_after_regular_hours_run_out():
    # 10 regular hours at 5, then overtime at 8: January's 6 h are regular, of February's 13 h 3 are overtime,
    # none is held over.
    hours = centers(
        "work_center available_hours hour_cost overtime_hours overtime_hour_cost", ("weld", 10, 5, 20, 8)
    )
    dear_to_hold = table("item site holding_cost", ("bike", "plant", 9))
    solution = solve(
        plant([6, 13], routings=MADE, routing_steps=HOUR_EACH, work_centers=hours, inventory=dear_to_hold)
    )
    assert decided(solution, "overtime", "period") == {2: 3}
    assert bill(solution) == {"production": 190, "work_center_hours": 16 * 5, "work_center_overtime": 3 * 8}


def test_overtime_is_limited_in_gross_hours():
    # (10 + 4) gross hours x 0.5 = 7 effective hours, 2 of them overtime; one more effective hour of overtime
    # saves 100 - 10 - 8.
    hours = centers("work_center available_hours availability hour_cost overtime_hours overtime_hour_cost",
                    ("weld", 10, 0.5, 5, 4, 8))
    solution = solve(plant([9], routings=MADE, routing_steps=HOUR_EACH, work_centers=hours))
    assert total(solution, "overtime") == 2
    assert bill(solution) == {
        "production": 70,
        "work_center_hours": 25,
        "work_center_overtime": 16,
        "lost_sales": 200,
    }
    assert price(solution, "overtime_limit", period=1) == 82


def test_blank_cost_of_overtime_is_the_cost_of_a_regular_hour():
    hours = centers("work_center available_hours hour_cost overtime_hours", ("weld", 10, 5, 4))
    solution = solve(plant([12], routings=MADE, routing_steps=HOUR_EACH, work_centers=hours))
    assert bill(solution) == {"production": 120, "work_center_hours": 50, "work_center_overtime": 10}


def test_blank_hours_are_unlimited_but_cost():
    tireless = centers("work_center hour_cost", ("weld", 5))
    solution = solve(plant([1000], routings=MADE, routing_steps=HOUR_EACH, work_centers=tireless))
    assert bill(solution) == {"production": 10_000, "work_center_hours": 5000}


def test_a_work_center_without_hours_makes_nothing():
    idle = centers("work_center available_hours", ("weld", 0))
    solution = solve(plant([5], routings=MADE, routing_steps=HOUR_EACH, work_centers=idle))
    assert bill(solution) == {"lost_sales": 500}


def test_hours_of_the_table_capacity_beat_those_of_the_work_center():
    # 10 regular and 2 overtime hours gross, half effective. February: 6 regular; March: 8 overtime; each
    # blank as it was.
    solution = solve(
        plant(
            [50, 50, 50],
            routings=MADE,
            routing_steps=HOUR_EACH,
            service_terms=ON_TIME,
            work_centers=centers(
                "work_center available_hours availability overtime_hours", ("weld", 10, 0.5, 2)
            ),
            capacity=table(
                "site work_center period available_hours overtime_hours",
                ("plant", "weld", month(2), 6, None),
                ("plant", "weld", month(3), None, 8),
            ),
        )
    )
    assert decided(solution, "production", "period") == {1: 5 + 1, 2: 3 + 1, 3: 5 + 4}


def test_a_period_of_the_table_capacity_limits_hours_that_are_otherwise_unlimited():
    solution = solve(
        plant(
            [50, 50],
            routings=MADE,
            routing_steps=HOUR_EACH,
            work_centers=centers("work_center", ("weld",)),
            service_terms=ON_TIME,
            inventory=NO_STOCK,
            capacity=table("site work_center period available_hours", ("plant", "weld", month(2), 6)),
        )
    )
    assert decided(solution, "production", "period") == {1: 50, 2: 6}


def test_a_work_center_with_rows_for_some_periods_only_stands_still_in_the_others():
    hours = centers("work_center available_hours hour_cost from to", ("weld", 10, 5, "2026-02", "2026-02"))
    solution = solve(
        plant(
            [4, 4, 4], routings=MADE, routing_steps=HOUR_EACH, work_centers=hours, inventory=TWO_MONTHS_HELD
        )
    )
    assert decided(solution, "production", "period") == {2: 10}


def test_hour_cost_and_hours_vary_over_time():
    # February's hours cost 9 instead of 5: 4 of its bikes are made in January with the hours left there, at 1
    # for holding.
    hours = centers("work_center available_hours hour_cost from to", ("weld", 10, 5, None, None),
                    ("weld", 20, 9, "2026-02", "2026-02"))
    solution = solve(
        plant([6, 6], routings=MADE, routing_steps=HOUR_EACH, work_centers=hours, inventory=TWO_MONTHS_HELD)
    )
    assert by_period(solution, "work_center_hours") == {1: 50, 2: 18}
    assert solution.objective == pytest.approx(120 + 50 + 18 + 4)
