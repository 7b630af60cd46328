"""Every rule matters: without it, some tiny plan looks cheaper than it can be."""

from dataclasses import replace

import numpy as np
import pytest

from planner.demand.demand import make_demand
from planner.model.build import RULES, build_model
from planner.model.objective import goals
from planner.model.solver.matrix import compile_model, open_session
from planner.scenario.load import load_scenario
from tests.model.plants import BOUGHT, MADE, NO_STOCK, ON_TIME, month, plant, table
from tests.model.stability_cases import STABILITY_CASES
from tests.model.whole_number_cases import WHOLE_NUMBER_CASES

STEP = table("item site routing work_center hours_per_unit", ("bike", "plant", "line", "weld", 1))
ORDER_OVERDUE = table("order market item quantity due", ("o1", "north", "bike", 5, "2025-12"))


def stock(columns, *cells):
    return [{"item": "bike", "site": "plant"} | row for row in table(columns, *cells)]


def bought(columns, *cells):
    return [{"item": "bike", "site": "plant"} | row for row in table(columns, *cells)]


def welded(wanted, columns, *cells, **tables):
    """A plant that takes an hour of welding for each bike it makes."""
    centers = [{"site": "plant", "work_center": "weld"} | row for row in table(columns, *cells)]
    return plant(wanted, routings=MADE, routing_steps=STEP, work_centers=centers, **tables)


def crewed(wanted, columns, *cells, **tables):
    """A plant whose smiths work 10 hours a month each, one for each bike."""
    pools = [
        {"site": "plant", "labor_pool": "smiths", "hours_per_worker": 10} | row
        for row in table(columns, *cells)
    ]
    return welded(wanted, "labor_pool", ("smiths",), labor_pools=pools, **tables)


CASES = WHOLE_NUMBER_CASES | {
    # Sales: 5 bikes at 10 are worth a lost sale of 100 each, and what is owed costs 20 a month.
    "market_deliveries": plant([5], sourcing=BOUGHT),
    "demand_balance": plant([5], sourcing=BOUGHT),
    "opening_backorders": plant(periods=1, booked_orders=ORDER_OVERDUE, sourcing=BOUGHT),
    "max_lateness": plant(
        [5, 0], sourcing=bought("supplier unit_cost lead_time", ("arvo", 10, 1)), service_terms=ON_TIME
    ),
    "lateness_of_later_demand": plant(
        [5, 5, 0],
        sourcing=bought("supplier unit_cost from to", ("arvo", 10, month(3), month(3))),
        service_terms=table(
            "backorder_cost lost_sale_cost max_lateness from to",
            (20, 100, 2, month(1), month(1)),
            (20, 100, 0, None, None),
        ),
    ),
    "min_fill_rate": plant(
        [5],
        sourcing=bought("supplier unit_cost", ("arvo", 300)),
        service_terms=table("lost_sale_cost min_fill_rate", (100, 0.6)),
    ),
    "sales_targets": plant(
        [5],
        mode="targets_first",
        beyond="none",
        sourcing=BOUGHT,
        sales_targets=table("target quantity", ("t", 4)),
    ),
    # Sourcing: arvo is cheap and limited, borea dear.
    "source_capacity": plant([5], sourcing=bought("supplier unit_cost capacity", ("arvo", 10, 3))),
    "supplier_capacity": plant(
        [5], sourcing=BOUGHT, supplier_capacity=table("supplier capacity", ("arvo", 3))
    ),
    "min_share": plant(
        [5], sourcing=bought("supplier unit_cost min_share", ("arvo", 10, None), ("borea", 20, 0.4))
    ),
    "max_share": plant(
        [5], sourcing=bought("supplier unit_cost max_share", ("arvo", 10, 0.4), ("borea", 20, None))
    ),
    # Production: 3 of 5 hours, each hour at 7, overtime at 9.
    "routing_capacity": plant([5], routings=bought("routing unit_cost capacity", ("line", 10, 3))),
    "work_center_load": welded([5], "hour_cost", (7,)),
    "work_center_capacity": welded(
        [5], "available_hours hour_cost overtime_hours overtime_hour_cost", (3, 7, 9, 9)
    ),
    "overtime_limit": welded([5], "available_hours overtime_hours overtime_hour_cost", (3, 1, 9)),
    # Workforce: a worker costs 50 a month.
    "opening_headcount": crewed([20], "headcount wage max_hires", (1, 50, 0)),
    "headcount_balance": crewed([20], "headcount wage hire_cost", (1, 50, 70)),
    "labor_hours": crewed([20], "headcount wage overtime_hours_per_worker overtime_wage", (1, 50, 5, 6)),
    "labor_overtime_limit": crewed([20], "headcount wage overtime_hours_per_worker max_hires", (1, 50, 2, 0)),
    "min_headcount": crewed([10], "headcount wage min_headcount", (1, 50, 3)),
    "max_headcount": crewed([20], "headcount wage max_headcount", (1, 50, 1)),
    "max_hires": crewed([20], "headcount wage max_hires", (0, 50, 1)),
    # Inventory: holding costs 1, missing safety stock 50.
    "opening_inventory": plant([5], sourcing=BOUGHT, inventory=stock("on_hand", (2,))),
    "inventory_balance": plant([5], sourcing=BOUGHT),
    "safety_stock": plant(
        [5], sourcing=BOUGHT, inventory=stock("safety_stock safety_stock_penalty", (2, 50))
    ),
    "stock_outflow": plant(
        [5], sourcing=BOUGHT, inventory=stock("days_of_supply safety_stock_penalty", (31, 50))
    ),
    "days_of_supply": plant(
        [5], sourcing=BOUGHT, inventory=stock("days_of_supply safety_stock_penalty", (31, 50))
    ),
    "max_inventory": plant(
        [0, 5],
        inventory=NO_STOCK,
        sourcing=bought("supplier unit_cost from to", ("arvo", 10, month(1), month(1))),
    ),
    "ending_inventory": plant([5], sourcing=BOUGHT, inventory=stock("ending_inventory", (2,))),
    "storage_capacity": plant(
        [5],
        sourcing=BOUGHT,
        inventory=stock("ending_inventory", (4,)),
        sites=table("site storage_capacity storage_overflow_cost", ("plant", 1, 3)),
    ),
    # Delivery: 3 of 5 fit.
    "lane_capacity": plant(
        [5], sourcing=BOUGHT, lanes=table("origin destination mode capacity", ("plant", "north", "truck", 3))
    ),
}
# Without this rule no plan gets cheaper, but what is on time may be called late.
LABELS = {"late_deliveries": plant([5, 5], sourcing=BOUGHT)}


def compiled(scenario):
    loaded = load_scenario(scenario)
    return compile_model(build_model(loaded, make_demand(loaded)))


def without(model, family):
    """The model with every row of a family relaxed."""
    place = model.rows.families[family]
    assert place.stop > place.start, f"the case has no row of {family}"
    lower, upper = model.rows.lower.copy(), model.rows.upper.copy()
    lower[place], upper[place] = -np.inf, np.inf
    return replace(model, rows=replace(model.rows, lower=lower, upper=upper))


def minimum(model, *, last=None):
    """What the last goal comes to, those before it held; `last` is one more goal, as coefficients."""
    session = open_session(model)
    ranked = [(goal.coefficients, goal.constant) for goal in goals(model.model, model.layout, model.costs)]
    for coefficients, constant in [*ranked, *([] if last is None else [(last, 0.0)])]:
        outcome = session.minimise(coefficients, constant, seconds=None)
        assert outcome.status == "optimal"
        session.hold(coefficients, outcome.objective - constant + 1e-9)
    return outcome.objective


@pytest.mark.parametrize("family", RULES)
def test_every_rule_has_a_plan_that_needs_it(family, tmp_path):
    scenario = STABILITY_CASES[family](tmp_path) if family in STABILITY_CASES else CASES.get(family)
    assert scenario or family in LABELS, f"add a tiny plan that would be cheaper without {family}"
    if scenario:
        model = compiled(scenario)
        assert minimum(without(model, family)) < minimum(model) - 0.01


def test_without_late_deliveries_what_is_on_time_may_be_called_late():
    model = compiled(LABELS["late_deliveries"])
    called_late = np.zeros(model.layout.size)
    called_late[model.layout.first["delivered_late"]:][:model.layout.sizes["delivered_late"]] = -1.0
    assert minimum(model, last=called_late) == pytest.approx(0, abs=1e-6)
    assert minimum(without(model, "late_deliveries"), last=called_late) == pytest.approx(-10)


def test_no_case_is_left_of_a_rule_that_is_gone():
    assert set(CASES) | set(LABELS) | set(STABILITY_CASES) <= set(RULES)
