"""Demand lines: what is delivered on time, late or never, and what that costs."""

import numpy as np
import pytest
from scipy.optimize import linprog

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

NEXT_MONTH = table("item supplier site unit_cost lead_time", ("bike", "arvo", "plant", 10, 1))
TWO_A_MONTH = table("item supplier site unit_cost capacity", ("bike", "arvo", "plant", 10, 2))


def terms(*cells):
    return table("backorder_cost lost_sale_cost max_lateness", *cells)


def lateness_by_period(*periods):
    """Terms in which demand of each period may be so many periods late; a unit owed costs 1, a unit lost
    100.
    """
    return table("backorder_cost lost_sale_cost max_lateness from to", *(
        (1, 100, late, month(number), month(number)) for number, late in enumerate(periods, 1)))


def supply(*quantities):
    """A supplier who can ship so many in each period, at 10 each, and no more."""
    return table(
        "item supplier site unit_cost capacity from to",
        *(
            ("bike", "arvo", "plant", 10, quantity, month(number), month(number))
            for number, quantity in enumerate(quantities, 1)
        ),
    )


def test_what_arrives_in_the_period_it_is_wanted_is_on_time():
    solution = solve(plant([10, 4], sourcing=BOUGHT))
    assert decided(solution, "delivered_on_time", "period") == {1: 10, 2: 4}
    assert total(solution, "delivered_late") == total(solution, "lost") == total(solution, "backorders") == 0
    assert solution.objective == pytest.approx(14 * 10)


def test_on_time_deliveries_are_never_called_late_even_where_nothing_may_be_late():
    # With max_lateness 0 a delivery can only be on time, whatever it costs to be late.
    solution = solve(plant([10, 4], sourcing=BOUGHT, service_terms=terms((0, 100, 0))))
    assert decided(solution, "delivered_on_time", "period") == {1: 10, 2: 4}
    assert total(solution, "delivered_late") == 0


def test_backorder_cost_is_charged_on_closing_backorders():
    # Ordered in January, delivered in February: 10 units owed at the end of January x 3 = 30, none at the end
    # of February.
    solution = solve(plant([10, 0], sourcing=NEXT_MONTH, service_terms=terms((3, 100, None))))
    assert decided(solution, "backorders", "period") == {1: 10}
    assert decided(solution, "delivered_late", "period") == {2: 10}
    assert by_period(solution, "backorders") == {1: 30}
    assert bill(solution) == {"purchase": 100, "backorders": 30}


def test_a_unit_is_given_up_at_once_when_waiting_costs_more_than_losing_it():
    # Waiting a month costs 3, losing 12, buying 10: 3 + 10 > 12.
    solution = solve(plant([10, 0], sourcing=NEXT_MONTH, service_terms=terms((3, 12, None))))
    assert decided(solution, "lost", "period") == {1: 10}
    assert bill(solution) == {"lost_sales": 120}


def test_overdue_orders_open_as_backorders_and_are_late_when_delivered():
    # 6 units were due in December. Delivered in January: nothing is owed at its end, so no backorder cost.
    orders = table("order market item quantity due", ("o1", "north", "bike", 6, "2025-12"))
    solution = solve(
        plant(periods=2, booked_orders=orders, sourcing=BOUGHT, service_terms=terms((3, 100, None)))
    )
    assert decided(solution, "backorders", "period") == {0: 6}
    assert decided(solution, "delivered_late", "period") == {1: 6}
    assert total(solution, "delivered_on_time") == 0
    assert bill(solution) == {"purchase": 60}


def test_lateness_of_overdue_orders_counts_from_the_first_period():
    # One month late is counted from January, however long ago they were due: 2 in January, 2 in February, 2
    # of 6 are lost.
    orders = table("order market item quantity due", ("o1", "north", "bike", 6, "2025-07"))
    solution = solve(
        plant(periods=3, booked_orders=orders, sourcing=TWO_A_MONTH, service_terms=terms((1, 100, 1)))
    )
    assert decided(solution, "delivered_late", "period") == {1: 2, 2: 2}
    assert total(solution, "lost") == 2
    assert bill(solution) == {"purchase": 40, "backorders": 2, "lost_sales": 200}


def test_overdue_orders_that_may_not_be_late_can_still_be_delivered_in_the_first_period():
    orders = table("order market item quantity due", ("o1", "north", "bike", 6, "2025-12"))
    solution = solve(
        plant(periods=2, booked_orders=orders, sourcing=TWO_A_MONTH, service_terms=terms((0, 100, 0)))
    )
    assert decided(solution, "delivered_late", "period") == {1: 2}
    assert total(solution, "lost") == 4


def test_demand_open_at_the_end_of_the_horizon_is_lost():
    # 2 a month for 2 months against 10 wanted in the first: 6 lost; blank max_lateness lets the second 2 come
    # late.
    solution = solve(plant([10, 0], sourcing=TWO_A_MONTH, service_terms=terms((1, 100, None))))
    assert decided(solution, "backorders", "period") == {1: 2}  # the lost ones are given up at once
    assert total(solution, "lost") == 6
    assert bill(solution) == {"purchase": 40, "backorders": 2, "lost_sales": 600}


def test_blank_max_lateness_lets_backorders_wait_to_the_end_of_the_horizon():
    # 2 + 2 + 2 delivered, 4 lost; owed 4 and then 2 at 1 each.
    solution = solve(plant([10, 0, 0], sourcing=TWO_A_MONTH, service_terms=terms((1, 100, None))))
    assert decided(solution, "delivered_late", "period") == {2: 2, 3: 2}
    assert bill(solution) == {"purchase": 60, "backorders": 6, "lost_sales": 400}


def test_max_lateness_one_loses_what_cannot_come_in_the_next_period():
    # 2 on time, 2 a month late, 6 lost although the supplier could ship 2 more in March.
    solution = solve(plant([10, 0, 0], sourcing=TWO_A_MONTH, service_terms=terms((1, 100, 1))))
    assert decided(solution, "delivered_late", "period") == {2: 2}
    assert bill(solution) == {"purchase": 40, "backorders": 2, "lost_sales": 600}


def test_max_lateness_zero_loses_what_cannot_come_on_time():
    solution = solve(plant([10, 0], sourcing=NEXT_MONTH, service_terms=terms((0, 100, 0))))
    assert decided(solution, "lost", "period") == {1: 10}
    assert total(solution, "purchased") == total(solution, "backorders") == 0


def test_deliveries_settle_the_oldest_backorders_first():
    # Nothing in January, 4 in February, 4 in March. First come, first served: both orders come one month
    # late, none is lost.
    solution = solve(
        plant([4, 4, 0], sourcing=supply(0, 4, 4), service_terms=terms((1, 100, 1)), inventory=NO_STOCK)
    )
    assert decided(solution, "backorders", "period") == {1: 4, 2: 4}
    assert bill(solution) == {"purchase": 80, "backorders": 8}


def test_supply_that_comes_too_late_for_the_oldest_backorders_does_not_save_them():
    # All 8 come in March: too late for January's 4, in time for February's 4.
    solution = solve(plant([4, 4, 0], sourcing=supply(0, 0, 8), service_terms=terms((1, 100, 1))))
    assert decided(solution, "delivered_late", "period") == {3: 4}
    assert bill(solution) == {"purchase": 40, "backorders": 4 + 4 - 4, "lost_sales": 400}


def test_max_lateness_is_that_of_the_period_in_which_the_demand_arises():
    # January's 4 may wait two months, February's not at all; supply comes in March only.
    solution = solve(plant([4, 4, 0], sourcing=supply(0, 0, 8), service_terms=lateness_by_period(2, 0, 0)))
    assert decided(solution, "delivered_late", "period") == {3: 4}
    assert decided(solution, "lost", "period") == {2: 4}


def test_later_demand_may_wait_longer_than_earlier_demand():
    # January's 4 must be served in January, February's may wait for March.
    solution = solve(plant([4, 4, 0], sourcing=supply(0, 0, 8), service_terms=lateness_by_period(0, 1, 1)))
    assert decided(solution, "delivered_late", "period") == {3: 4}
    assert decided(solution, "lost", "period") == {1: 4}


def test_a_patient_order_already_delivered_lends_its_patience_to_nobody():
    # 4 overdue units may wait until March but are delivered in January, the only time for January's supply
    # (no stock). February's 4 may not wait: lost, although March could ship 4.
    orders = table(
        "order market item quantity due",
        ("o1", "north", "bike", 4, "2025-12"),
        ("o2", "north", "bike", 4, "2026-02"),
    )
    solution = solve(
        plant(
            periods=3,
            booked_orders=orders,
            sourcing=supply(4, 0, 4),
            service_terms=lateness_by_period(2, 0, 0),
            inventory=NO_STOCK,
        )
    )
    assert total(solution, "delivered_late") == 4
    assert total(solution, "lost") == 4


def test_an_overdue_order_may_wait_as_long_as_demand_of_the_first_period():
    # 4 overdue units may wait until March, February's 4 not at all; supply comes in March only: owed 4 + 4,
    # delivered 4.
    orders = table(
        "order market item quantity due",
        ("o1", "north", "bike", 4, "2025-12"),
        ("o2", "north", "bike", 4, "2026-02"),
    )
    solution = solve(
        plant(
            periods=3,
            booked_orders=orders,
            sourcing=supply(0, 0, 8),
            service_terms=lateness_by_period(2, 0, 0),
        )
    )
    assert decided(solution, "delivered_late", "period") == {3: 4}
    assert bill(solution) == {"purchase": 40, "backorders": 8, "lost_sales": 400}


@pytest.mark.parametrize("seed", range(4))
def test_lateness_is_exact_whatever_its_pattern(seed):
    # The same plan as an assignment: each unit wanted in a period is served in one of the periods it may wait
    # for, or lost.
    wanted, shipped, late = np.random.default_rng(seed).integers(0, 5, (3, 5))
    served = [(start, end) for start in range(5) for end in range(start, min(5, start + late[start] + 1))]
    from_demand = [
        [start == period for start, _ in served] + [lost == period for lost in range(5)]
        for period in range(5)
    ]
    from_supply = [[end == period for _, end in served] + [False] * 5 for period in range(5)]
    cost = [end - start for start, end in served] + [100] * 5
    expected = linprog(cost, A_ub=from_supply, b_ub=shipped, A_eq=from_demand, b_eq=wanted).fun

    free = [row | {"unit_cost": 0} for row in supply(*shipped.tolist())]
    solution = solve(
        plant(
            wanted.tolist(),
            sourcing=free,
            inventory=NO_STOCK,
            service_terms=lateness_by_period(*late.tolist()),
        )
    )
    assert solution.objective == pytest.approx(expected)


def test_min_fill_rate_is_kept_even_where_losing_is_cheaper():
    # Delivering costs 200, losing 100: only the promised 60 % of 10 are delivered. 6 x 200 + 4 x 100 = 1,600.
    dear = table("item supplier site unit_cost", ("bike", "arvo", "plant", 200))
    promise = table("backorder_cost lost_sale_cost min_fill_rate", (1, 100, 0.6))
    solution = solve(plant([10], sourcing=dear, service_terms=promise))
    assert decided(solution, "delivered_on_time", "period") == {1: 6}
    assert solution.objective == pytest.approx(1600)
    assert price(solution, "min_fill_rate") == 100


def test_min_fill_rate_is_a_promise_over_the_horizon_and_counts_only_what_is_on_time():
    # Half of 20 on time, in whichever month: January's 10, at 200 each; February's would cost 300.
    dear = table("item supplier site unit_cost from to", ("bike", "arvo", "plant", 200, "2026-01", "2026-01"),
                 ("bike", "arvo", "plant", 300, "2026-02", "2026-02"))
    held = table("item site holding_cost", ("bike", "plant", 1))
    solution = solve(plant([10, 10], sourcing=dear, inventory=held,
                           service_terms=table("backorder_cost lost_sale_cost min_fill_rate", (1, 100, 0.5))))
    assert decided(solution, "delivered_on_time", "period") == {1: 10}
    assert solution.objective == pytest.approx(10 * 200 + 10 * 100)


def test_the_most_specific_service_terms_hold():
    # Nothing can be supplied. Bikes in the north: the row of the item (7) beats that of the market (9). Cars
    # in the north: 9. Cars in the south: the general row, 100; in February its span, 50.
    scenario = plant(
        items=table("item", ("bike",), ("car",)),
        markets=table("market", ("north",), ("south",)),
        periods=2,
        demand=[*wanting([1, 0]), *wanting([1, 0], item="car"), *wanting([1, 1], item="car", market="south")],
        lanes=table("origin destination mode", ("plant", "north", "truck"), ("plant", "south", "truck")),
        sourcing=table(
            "item supplier site unit_cost", ("bike", "arvo", "plant", 500), ("car", "arvo", "plant", 500)
        ),
        service_terms=table(
            "item market lost_sale_cost max_lateness from to",
            ("bike", None, 7, 0, None, None),
            (None, "north", 9, 0, None, None),
            (None, None, 100, 0, None, None),
            (None, None, 50, 0, "2026-02", "2026-02"),
        ),
    )
    assert solve(scenario).objective == pytest.approx(7 + 9 + 100 + 50)


def test_terms_of_a_priority_hold_for_orders_of_that_priority():
    # Two orders, nobody delivers at 500: 2 units of priority 1 lost at 90, 3 of the usual priority at 10.
    orders = table("order market item quantity due priority", ("o1", "north", "bike", 2, "2026-01", 1),
                   ("o2", "north", "bike", 3, "2026-01", None))
    dear = table("item supplier site unit_cost", ("bike", "arvo", "plant", 500))
    solution = solve(plant(periods=1, booked_orders=orders, sourcing=dear,
                           service_terms=table("priority lost_sale_cost", (1, 90), (None, 10))))
    assert solution.objective == pytest.approx(2 * 90 + 3 * 10)


def test_booked_orders_are_part_of_the_demand_that_the_user_brings():
    # 10 wanted in all, 4 of them booked: 6 remain.
    orders = table("order market item quantity due", ("o1", "north", "bike", 4, "2026-01"))
    solution = solve(plant([10], booked_orders=orders, sourcing=BOUGHT))
    assert decided(solution, "delivered_on_time", "demand_class") == {"booked": 4, "forecast": 6}


def test_orders_are_wanted_in_the_period_of_their_due_day_and_not_beyond_the_horizon():
    orders = table("order market item quantity due", ("o1", "north", "bike", 4, "2026-02-28"),
                   ("o2", "north", "bike", 5, "2026-03"))
    solution = solve(plant(periods=2, booked_orders=orders, sourcing=BOUGHT))
    assert decided(solution, "delivered_on_time", "period") == {2: 4}


def test_priority_is_the_orders_else_the_customers_else_five():
    orders = table(
        "order customer market item quantity due priority",
        ("o1", "acme", None, "bike", 1, "2026-01", 1),
        ("o2", "acme", None, "bike", 2, "2026-01", None),
        ("o3", "zeta", None, "bike", 4, "2026-01", None),
        ("o4", None, "north", "bike", 8, "2026-01", None),
    )
    customers = table("customer market priority", ("acme", "north", 3), ("zeta", "north", None))
    solution = solve(plant(periods=1, booked_orders=orders, customers=customers, sourcing=BOUGHT))
    assert decided(solution, "delivered_on_time", "priority") == {1: 1, 3: 2, 5: 12}


def test_demand_that_nothing_can_supply_is_lost_and_nothing_else_happens():
    solution = solve(plant([3, 4]))
    assert decided(solution, "lost", "period") == {1: 3, 2: 4}
    assert bill(solution) == {"lost_sales": 700}


def test_demand_of_a_market_without_a_lane_is_lost():
    markets = table("market", ("north",), ("south",))
    scenario = plant(
        periods=1, markets=markets, demand=[*wanting([3]), *wanting([4], market="south")], sourcing=BOUGHT
    )
    solution = solve(scenario)
    assert decided(solution, "lost", "market") == {"south": 4}
    assert decided(solution, "delivered_on_time", "market") == {"north": 3}


def test_a_scenario_without_demand_costs_nothing():
    solution = solve(plant(periods=2, sourcing=BOUGHT))
    assert solution.status == "optimal"
    assert solution.objective == 0
