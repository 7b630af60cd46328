"""Figures of any size give the same plan: in millions or in cents, in micrograms or in tonnes."""

from itertools import pairwise

import numpy as np
import pytest
import scipy.sparse as sparse

import planner
from planner.model.solution import Pass
from planner.model.solver.passes import status_within
from planner.model.solver.scaling import price_power, whole_tolerance
from planner.scenario.load import load_scenario
from tests.model.plants import BOUGHT, MADE, plant, solve, table, total, wanting, works

MONEY = {"unit_cost", "price", "lost_sale_cost", "backorder_cost", "hour_cost", "overtime_hour_cost", "wage",
         "overtime_wage", "hire_cost", "separation_cost", "holding_cost", "safety_stock_penalty", "scrap_cost",
         "storage_overflow_cost", "order_cost", "setup_cost"}


def in_money_of(scenario, factor):
    """The scenario with every amount of money in a unit of this size."""
    return {
        name: [{key: cell * factor if key in MONEY and cell is not None else cell for key, cell in row.items()}
               for row in rows] if isinstance(rows, list) else rows
        for name, rows in scenario.items()
    }


@pytest.mark.parametrize("factor", [1e-10, 1e-6, 1e9])
def test_money_in_any_unit_gives_the_same_plan(factor):
    expected, found = solve(works()), solve(in_money_of(works(), factor))
    assert found.status == "optimal"
    assert found.objective == pytest.approx(expected.objective * factor, rel=1e-6)
    for variable in ("purchased", "production", "delivered_on_time", "lost"):
        assert total(found, variable) == pytest.approx(total(expected, variable), abs=1e-4)


def test_millionths_of_a_million_decide_where_to_buy():
    # 10 million screws a month at 1e-8 instead of 2e-8 million: 30 million of them for .3 million
    scenario = plant(
        [1e7] * 3,
        sourcing=table(
            "item supplier site unit_cost", ("bike", "dear", "plant", 2e-8), ("bike", "cheap", "plant", 1e-8)
        ),
        service_terms=table("lost_sale_cost backorder_cost", (1e-7, 1e-8)),
    )
    solution = solve(scenario)
    assert solution.objective == pytest.approx(0.3)
    assert total(solution, "purchased", supplier="cheap") == pytest.approx(3e7)
    prices = solution.shadow_prices.set_index(["constraint", "period"])["shadow_price"]
    assert prices["inventory_balance", 1] == pytest.approx(1e-8)


@pytest.mark.parametrize("grain", [1e-9, 1e-13])
def test_a_pinch_of_what_is_scarce_limits_what_is_made(grain):
    # 5 pinches a month can be bought and each bike takes one: 15 of 30 are made
    scenario = plant(
        [10] * 3,
        items=table("item", ("bike",), ("grain",)),
        bill_of_materials=table("parent component quantity_per", ("bike", "grain", grain)),
        routings=MADE,
        sourcing=table(
            "item supplier site unit_cost capacity", ("grain", "arvo", "plant", 1.0 / grain, 5 * grain)
        ),
    )
    solution = solve(scenario)
    assert total(solution, "production") == pytest.approx(15)
    bought = solution.values["purchased"]["value"].sum()
    assert bought == pytest.approx(15 * grain, rel=1e-6)
    loaded = load_scenario(scenario)
    assert planner.audit(planner.solve(loaded), loaded) == []


@pytest.mark.parametrize("quantity", [1e10, 1e12])
@pytest.mark.parametrize("mode", ["cost", "targets_first"])
def test_billions_of_units_are_planned_like_few(quantity, mode):
    scenario = plant([quantity], mode=mode, sourcing=BOUGHT)
    assert total(solve(scenario), "delivered_on_time") == pytest.approx(quantity, rel=1e-9)


def test_a_billion_units_short_are_no_reason_to_lose_one_more():
    # 1,000 of a billion can be bought in each of 2 months; the pass of money may not give any of them away
    scenario = plant(
        [],
        periods=2,
        mode="targets_first",
        booked_orders=table("order market item quantity due", ("o1", "north", "bike", 1e9, "2026-02")),
        sourcing=table("item supplier site unit_cost capacity", ("bike", "arvo", "plant", 10, 1000)),
    )
    assert total(solve(scenario), "purchased") == pytest.approx(2000, abs=0.01)


def test_a_minimum_order_of_a_billion_is_not_placed_for_thirty():
    # 30 bikes are lost at 100 each; an order would bring a billion at 10
    scenario = plant(
        [10] * 3,
        sourcing=table("item supplier site unit_cost moq", ("bike", "arvo", "plant", 10, 1e9)),
    )
    solution = solve(scenario)
    assert (solution.status, solution.objective) == ("optimal", pytest.approx(3000))
    assert solution.gap == pytest.approx(0.0, abs=1e-6)
    assert solution.passes[-1].objective == pytest.approx(solution.objective)


def test_long_chains_of_parts_multiply_into_figures_that_are_still_planned():
    # 2 of the next part in each of 60: 2^60 of the last for each bike, which costs more than losing it
    parts = [f"part{number:02}" for number in range(61)]
    scenario = plant(
        [], periods=1, demand=wanting([10], item=parts[0]),
        items=[{"item": part} for part in parts],
        bill_of_materials=[{"parent": parent, "component": component, "quantity_per": 2}
                           for parent, component in pairwise(parts)],
        routings=[{"item": part, "site": "plant", "routing": "line", "unit_cost": 1} for part in parts[:-1]],
        sourcing=[{"item": parts[-1], "supplier": "arvo", "site": "plant", "unit_cost": 1}],
    )
    assert total(solve(scenario), "lost") == 10


def test_usual_figures_are_handed_over_as_they_stand():
    assert price_power(np.array([0.0, 1e-3, 1e4])) == 0
    # a unit of a target of 70,000, and of one of 9,000
    assert price_power(np.array([0.0, 1 / 70_000, 1 / 9_000])) == 16
    # the smallest price comes to 1
    assert price_power(np.array([2.0**-40, 2.0**-30])) == 40
    # unless the largest became larger than 2^20
    assert price_power(np.array([2.0**-40, 1.0])) == 20


def test_whole_numbers_are_exact_where_much_flows_through_a_switch():
    matrix, whole = sparse.csr_array(np.array([[1.0, -1e9]])), np.array([False, True])
    assert whole_tolerance(matrix, whole) == pytest.approx(1e-10)
    assert whole_tolerance(matrix / 1e6, whole) == 1e-6


def test_a_pass_that_misses_the_gap_asked_for_is_not_called_optimal():
    assert status_within(0.001, Pass("cost", 100.0, 99.95, 0.0005, 0.1)) == "optimal"
    assert status_within(0.001, Pass("cost", 15_000.0, 3_450.0, 0.77, 0.1)) == "unproven"
    assert status_within(0.001, Pass("cost", 100.0, 50.0, 0.5, 0.1, "time_limit")) == "time_limit"
