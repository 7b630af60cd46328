"""Workforce: workers hired, let go, leaving and paid, and the hours that they can work."""

import pytest

from tests.model.plants import (
    MADE,
    NO_STOCK,
    ON_TIME,
    bill,
    by_period,
    decided,
    plant,
    price,
    solve,
    table,
    total,
)

STEPS = table("item site routing work_center hours_per_unit", ("bike", "plant", "line", "weld", 1))
WELD = table("site work_center labor_pool", ("plant", "weld", "smiths"))


def smiths(columns, *cells, **tables):
    """A plant whose bikes take an hour of the smiths each; each smith works 10 hours a month."""
    pools = [
        {"site": "plant", "labor_pool": "smiths", "hours_per_worker": 10} | row
        for row in table(columns, *cells)
    ]
    return {"routings": MADE, "routing_steps": STEPS, "work_centers": WELD, "labor_pools": pools} | tables


def test_wages_are_paid_whether_workers_are_used_or_not():
    # 3 workers at 50 for 2 months; 5 hours of work in one of them. Letting them go would cost 200 each.
    solution = solve(plant([5, 0], **smiths("headcount wage separation_cost", (3, 50, 200))))
    assert decided(solution, "headcount", "period") == {0: 3, 1: 3, 2: 3}
    assert bill(solution) == {"production": 50, "wages": 300}


def test_workers_are_let_go_where_that_is_cheaper_than_their_wages():
    # 5 hours a month need half a worker; the other 2.5 cost 2 x 50 in wages and 60 to let go.
    solution = solve(plant([5, 5], **smiths("headcount wage separation_cost", (3, 50, 60))))
    assert decided(solution, "separated", "period") == {1: 2.5}
    assert bill(solution) == {"production": 100, "wages": 50, "separation": 150}


def test_workers_are_hired_where_that_is_cheaper_than_losing_sales():
    # 30 hours in February need 3 workers, 2 more than there are; a bike saves 90, so ten a worker are worth
    # 70 + 50.
    solution = solve(plant([10, 30], **smiths("headcount wage hire_cost", (1, 50, 70), inventory=NO_STOCK)))
    assert decided(solution, "hired", "period") == {2: 2}
    assert bill(solution) == {"production": 400, "wages": 50 + 150, "hiring": 140}


def test_no_more_are_hired_in_a_period_than_can_be():
    # 1 hire a month: 1, then 2, then 3 workers: 10 + 20 + 30 of 3 x 40 hours, each bike wanted in its own
    # month.
    solution = solve(plant([40, 40, 40], **smiths("wage max_hires", (50, 1)), service_terms=ON_TIME))
    assert decided(solution, "hired", "period") == {1: 1, 2: 1, 3: 1}
    assert decided(solution, "production", "period") == {1: 10, 2: 20, 3: 30}


def test_a_share_of_the_workers_leaves_by_itself():
    # 8 workers, a quarter leaves each month before the work is done: 6, then 4.5. Nobody pays for it.
    solution = solve(
        plant(
            [100, 100],
            **smiths("headcount attrition_rate wage max_hires separation_cost", (8, 0.25, 1, 0, 5)),
            service_terms=ON_TIME,
        )
    )
    assert decided(solution, "headcount", "period") == {0: 8, 1: 6, 2: 4.5}
    assert decided(solution, "production", "period") == {1: 60, 2: 45}


def test_a_pool_stays_between_its_minimum_and_its_maximum_headcount():
    # January: nothing to do, 2 must stay. February: 50 hours of work, at most 4 workers.
    solution = solve(plant([0, 50], **smiths("headcount wage min_headcount max_headcount", (3, 50, 2, 4)),
                           inventory=NO_STOCK))
    assert decided(solution, "headcount", "period") == {0: 3, 1: 2, 2: 4}
    assert total(solution, "production") == 40
    # One more worker allowed makes 10 bikes at 100 - 10 less 50 in wages.
    assert price(solution, "max_headcount", period=2) == 10 * 90 - 50
    assert price(solution, "min_headcount", period=1) == 50


def test_work_centers_of_a_pool_share_its_hours_and_crews_multiply_them():
    # A bike takes 1 h of welding by a crew of 2 and 1 h of painting by 1: 3 labor hours. 4 workers x 10 h
    # allow 40 / 3 bikes.
    painting = table("item site routing work_center hours_per_unit", ("bike", "plant", "line", "paint", 1))
    crews = table(
        "site work_center labor_pool crew_size",
        ("plant", "weld", "smiths", 2),
        ("plant", "paint", "smiths", 1),
    )
    solution = solve(
        plant(
            [20],
            **smiths("headcount max_hires", (4, 0), routing_steps=[*STEPS, *painting], work_centers=crews),
        )
    )
    assert total(solution, "production") == pytest.approx(40 / 3, abs=1e-6)
    assert price(solution, "labor_hours", period=1) == pytest.approx(90 / 3)


def test_labor_overtime_is_limited_per_worker_and_paid_by_the_hour():
    # 2 workers x (10 + 3) hours = 26 of 30 bikes, 6 of the hours at 8.
    solution = solve(
        plant(
            [30],
            **smiths("headcount wage overtime_hours_per_worker overtime_wage max_hires", (2, 50, 3, 8, 0)),
        )
    )
    assert total(solution, "labor_overtime") == 6
    assert bill(solution) == {"production": 260, "wages": 100, "labor_overtime": 48, "lost_sales": 400}
    assert price(solution, "labor_overtime_limit", period=1) == 100 - 10 - 8


def test_labor_overtime_is_used_only_after_regular_hours_run_out():
    # 2 workers: 20 hours suffice in January, February needs 4 more; holding a bike costs 9, an overtime hour
    # 8.
    solution = solve(
        plant(
            [20, 24],
            **smiths("headcount overtime_hours_per_worker overtime_wage max_hires", (2, 3, 8, 0)),
            inventory=table("item site holding_cost", ("bike", "plant", 9)),
        )
    )
    assert decided(solution, "labor_overtime", "period") == {2: 4}


def test_overtime_of_a_work_center_still_draws_on_its_workers():
    # The machine may run 10 + 10 hours, the one worker only 12: 12 bikes.
    centers = table(
        "site work_center available_hours overtime_hours labor_pool", ("plant", "weld", 10, 10, "smiths")
    )
    solution = solve(
        plant(
            [30], **smiths("headcount overtime_hours_per_worker max_hires", (1, 2, 0), work_centers=centers)
        )
    )
    assert total(solution, "production") == 12


def test_rates_of_a_pool_vary_over_time():
    # Holidays in February: 6 hours a worker; the wage rises to 60. 3 workers stay, since letting them go
    # costs 500.
    spans = smiths(
        "headcount hours_per_worker wage separation_cost max_hires from to",
        (3, 10, 50, 500, 0, None, None),
        (None, 6, 60, 500, 0, "2026-02", "2026-02"),
    )
    solution = solve(plant([30, 30], **spans, service_terms=ON_TIME))
    assert decided(solution, "production", "period") == {1: 30, 2: 18}
    assert bill(solution) == {"production": 480, "wages": 150 + 180, "lost_sales": 1200}


def test_a_pool_with_rows_for_some_periods_only_neither_works_nor_is_paid_in_the_others():
    solution = solve(
        plant(
            [10, 10, 10],
            **smiths("headcount wage separation_cost from to", (3, 50, 500, "2026-02", "2026-02")),
        )
    )
    assert decided(solution, "production", "period") == {2: 30}
    assert by_period(solution, "wages") == {2: 150}
