"""Economics: prices, capacities and costs behave as money does."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings, strategies

from planner.demand.demand import make_demand
from planner.model.build import RULES, build_model
from planner.model.objective import goals
from planner.model.solve import solve_model
from planner.model.solver.matrix import compile_model, open_session
from planner.scenario.load import load_scenario
from planner.scenario.schema import TABLES
from tests.model.plants import bill, price, solve, total, works
from tests.model.stability_cases import STABILITY_CASES
from tests.model.whole_number_cases import WHOLE_NUMBER_CASES

NUDGE = 1e-4
# Limits that do not bind in the works; their own tests price them.
NEVER_PRICED = {
    "lateness_of_later_demand",
    "max_headcount",
    "max_inventory",
    "max_share",
    "min_fill_rate",
    "min_headcount",
    "min_share",
    "sales_targets",
    "storage_capacity",
}
BENT = {"late_deliveries", "max_lateness"}  # each of the two takes over where the other gives way


@pytest.fixture(scope="module")
def business():
    """The works, compiled and solved once."""
    scenario = load_scenario(works())
    demand = make_demand(scenario)
    model = compile_model(build_model(scenario, demand))
    return model, solve_model(scenario, demand)


def cost_with(model, row, change):
    """The minimum cost when the right-hand side of one row is changed; infinite where no plan is left."""
    lower, upper = model.rows.lower.copy(), model.rows.upper.copy()
    lower[row] += change
    upper[row] += change
    nudged = replace(model, rows=replace(model.rows, lower=lower, upper=upper))
    (goal,) = goals(model.model, model.layout, model.costs)
    outcome = open_session(nudged).minimise(goal.coefficients, goal.constant, seconds=None)
    return outcome.objective if outcome.status == "optimal" else np.inf


def exact_prices(model, solution, family):
    """How many rows of the family have a price that is not 0 and that nudges both up and down agree on. Of the
    others the price lies between the two: a bent line has a slope on each side.
    """
    place = model.rows.families[family]
    index = getattr(model.model.pyomo, family).index_set().index
    prices = solution.shadow_prices[solution.shadow_prices["constraint"] == family]
    priced = {(entry.key, entry.period): entry.shadow_price for entry in prices.itertuples()}
    exact = 0
    for row in range(place.start, place.stop):
        member = dict(zip(index.columns, index.member(row - place.start), strict=True))
        period = member.pop("start", member.pop("period", 0))
        found = priced.get((" | ".join(str(part) for part in member.values()), period), 0.0)
        # Equalities: the cost of one more; limits: the saving of one more.
        sign = 1.0 if model.rows.lower[row] == model.rows.upper[row] else -1.0
        more, less = (cost_with(model, row, change) - solution.objective for change in (NUDGE, -NUDGE))
        lowest, highest = sorted((sign * more / NUDGE, -sign * less / NUDGE))
        assert lowest - 1e-3 <= found <= highest + 1e-3
        exact += abs(found) > 1e-3 and highest - lowest < 1e-3
    return exact


OF_OTHER_PLANTS = NEVER_PRICED | WHOLE_NUMBER_CASES.keys() | STABILITY_CASES.keys()


@pytest.mark.parametrize("family", [family for family in RULES if family not in OF_OTHER_PLANTS])
def test_a_shadow_price_is_what_a_nudge_of_the_limit_saves_or_costs(business, family):
    exact = exact_prices(*business, family)
    assert exact or family in BENT, f"no row of {family} has a price that both nudges agree on"


@pytest.mark.parametrize("family", STABILITY_CASES)
def test_what_is_held_to_the_agreed_plan_is_priced_as_a_nudge_of_it_saves_or_costs(tmp_path, family):
    scenario = load_scenario(STABILITY_CASES[family](tmp_path))
    demand = make_demand(scenario)
    model = compile_model(build_model(scenario, demand))
    assert exact_prices(model, solve_model(scenario, demand), family)


def changed(tables, place, amount):
    """The scenario's tables with one figure, named by table, row and column, changed by an amount."""
    name, position, column = place
    records = [dict(record) for record in tables[name]]
    records[position][column] += amount
    return tables | {name: records}


@pytest.mark.parametrize(("place", "constraint", "key", "period", "per_unit"), [
    (("inventory", 0, "on_hand"), "opening_inventory", "frame | plant", 0, 1),
    (("inventory", 1, "ending_inventory"), "ending_inventory", "bike | depot", 4, 1),
    (("labor_pools", 0, "headcount"), "opening_headcount", "plant | smiths", 0, 1),
    # gross hours
    (("capacity", 0, "available_hours"), "work_center_capacity", "plant | weld", 3, -0.9 * 0.95),
])
def test_a_figure_of_the_scenario_changed_a_little_costs_its_shadow_price(
    business, place, constraint, key, period, per_unit
):
    _, solution = business
    more = solve(changed(works(), place, 0.001)).objective
    expected = per_unit * price(solution, constraint, key=key, period=period)
    assert abs(expected) > 1e-3
    assert (more - solution.objective) / 0.001 == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("place", [
    ("sourcing", 1, "capacity"), ("supplier_capacity", 0, "capacity"), ("routings", 1, "capacity"),
    ("work_centers", 1, "available_hours"), ("work_centers", 1, "overtime_hours"), ("labor_pools", 0, "max_hires"),
    ("lanes", 2, "capacity"),
])
def test_more_of_a_scarce_capacity_costs_less(business, place):
    _, solution = business
    assert solve(changed(works(), place, 1.0)).objective < solution.objective - 0.1


def money_columns():
    """Every column of every table that is an amount of money."""
    return {(table.name, column.name) for table in TABLES.values() for column in table.columns
            if column.unit.startswith("currency")}


def test_in_another_currency_the_objective_is_converted():
    tables = works(objective={"mode": "profit"})
    money = money_columns()
    converted = {
        name: [
            {column: 7 * cell if (name, column) in money else cell for column, cell in record.items()}
            for record in rows
        ]
        if name in TABLES
        else rows
        for name, rows in tables.items()
    }
    assert solve(converted).objective == pytest.approx(7 * solve(tables).objective)


NAMES = sorted(
    {
        cell
        for name, rows in works().items()
        if name in TABLES
        for record in rows
        for cell in record.values()
        if isinstance(cell, str) and not re.match(r"\d{4}-", cell)
    }
)


@given(shuffle=strategies.randoms(use_true_random=False))
@settings(max_examples=3, deadline=None, derandomize=True)
def test_other_names_and_another_order_of_rows_change_nothing(business, shuffle):
    _, solution = business
    others = [f"name {number}" for number in range(len(NAMES))]
    shuffle.shuffle(others)
    called = dict(zip(NAMES, others, strict=True))
    tables = {name: [{column: called.get(cell, cell) for column, cell in record.items()} for record in rows]
              if name in TABLES else rows for name, rows in works().items()}
    for name in set(tables) & set(TABLES):
        shuffle.shuffle(tables[name])
    again = solve(tables)
    assert again.objective == pytest.approx(solution.objective, rel=1e-9)
    assert bill(again).keys() == bill(solution).keys()


def test_profit_is_what_deliveries_earn_less_the_cost_terms():
    # Everything is sold at 200 but the 6 ordered at 210.
    solution = solve(works(objective={"mode": "profit"}))
    delivered = total(solution, "delivered_on_time") + total(solution, "delivered_late")
    assert total(solution, "delivered_on_time", priority=1) == 6
    assert solution.objective == pytest.approx(200 * delivered + 6 * 10 - sum(bill(solution).values()))
