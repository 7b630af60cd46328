"""Rows that strengthen the bound hold for every plan with integer variables, and lift the bound where setups cost money."""

import numpy as np
import pytest
from generated_scenario import Size
from lumpy_scenario import lumpy_records

from planner.demand.demand import make_demand
from planner.model.build import build_model
from planner.model.objective import goals
from planner.model.solver import lot_cuts
from planner.model.solver.echelons import echelons
from planner.model.solver.lot_cuts import LotInequalities, largest, tighten
from planner.model.solver.matrix import compile_model, open_session
from planner.scenario.load import load_scenario
from tests.model.plants import MADE, ON_TIME, month, plant, table, wanting

PERIODS = 6


def network(seed):
    """Bikes and trikes of one frame, made in two plants and sent to a depot: lots, orders, lead times, late and lost units."""
    random = np.random.default_rng(seed)

    def some(low, high):
        return int(random.integers(low, high))

    made = [("bike", "east"), ("bike", "west"), ("trike", "east"), ("frame", "east"), ("frame", "west")]
    return {
        "name": "Network", "question": "Which lots?", "calendar": {"start": month(1), "periods": PERIODS},
        "objective": {"mode": "cost"},
        "items": table("item", ("bike",), ("trike",), ("frame",)),
        "sites": table("site", ("east",), ("west",), ("depot",)), "markets": table("market", ("north",), ("south",)),
        "demand": [row for item in ("bike", "trike") for market in ("north", "south")
                   for row in wanting([some(0, 40) for _ in range(PERIODS)], item=item, market=market)],
        "service_terms": table("item backorder_cost lost_sale_cost max_lateness",
                               ("bike", 9, 90, some(0, 3)), ("trike", 12, 90, None)),
        "bill_of_materials": table("parent component quantity_per", ("bike", "frame", 2), ("trike", "frame", 1)),
        "routings": [{"item": item, "site": site, "routing": "line", "unit_cost": some(1, 9), "lead_time": some(0, 2),
                      "yield_rate": random.choice([1.0, 0.9]), "min_lot": some(0, 2) * 20, "setup_cost": some(0, 200)}
                     for item, site in made],
        "routing_steps": [{"item": item, "site": site, "routing": "line", "work_center": "weld", "hours_per_unit": 1,
                           "setup_hours": some(0, 10)} for item, site in made],
        "work_centers": [{"site": site, "work_center": "weld", "available_hours": some(80, 300), "setup_carryover": kept}
                         for site, kept in (("east", "yes"), ("west", "no"))],
        "sourcing": table("item supplier site unit_cost lead_time moq order_cost",
                          ("frame", "arvo", "east", 6, 1, 30, some(0, 90)), ("bike", "borea", "depot", 40, 0, None, some(1, 90))),
        "scheduled_receipts": table("item site period quantity", ("frame", "east", month(2), some(0, 30))),
        "inventory": [{"item": item, "site": site, "on_hand": some(0, 40), "holding_cost": 1, "safety_stock": kept,
                       "safety_stock_penalty": 3} for item, site, kept in (
                           ("bike", "depot", some(0, 30)), ("trike", "depot", some(0, 30)), ("frame", "east", some(0, 20)),
                           ("frame", "west", 0), ("bike", "east", 0), ("bike", "west", 0), ("trike", "east", 0))],
        "lanes": table("origin destination mode unit_cost lead_time",
                       ("east", "depot", "rail", 1, 1), ("east", "depot", "road", 3, 0), ("west", "depot", "road", 2, some(0, 3)),
                       ("depot", "north", "road", 1, 0), ("depot", "south", "road", 1, 1)),
    }


def with_capacity(records, capacity):
    """The same where the supplier of frames brings no more in a period."""
    frames, *others = records["sourcing"]
    return {**records, "sourcing": [{**frames, "capacity": capacity}, *others]}


def compiled_plan(records):
    scenario = load_scenario(records)
    compiled = compile_model(build_model(scenario, make_demand(scenario)))
    return compiled, goals(compiled.model, compiled.layout, compiled.costs)[-1]


def whole_plans(compiled, goal, *, seed, count):
    """Plans with integer variables, the best by differently priced variables."""
    random = np.random.default_rng(seed)
    session = open_session(compiled)
    for _ in range(count):
        prices = goal.coefficients * random.choice([0.0, 0.2, 1.0, 5.0], compiled.layout.size)
        yield session.minimise(prices, 0.0, seconds=5.0).values


@pytest.mark.parametrize(("seed", "capacity"), [(0, None), (1, 40), (2, 40), (3, None), (4, 60)])
def test_no_plan_with_whole_numbers_is_cut_off(seed, capacity):
    compiled, goal = compiled_plan(with_capacity(network(seed), capacity))
    session = open_session(compiled)
    relaxed = session.relaxed(goal.coefficients, goal.constant, seconds=None)
    views = [LotInequalities(compiled, echelons(compiled)), LotInequalities(compiled, echelons(compiled, relaxed.values))]
    found = []
    for _ in range(6):
        round_found = [view.violated(relaxed.values) for view in views]
        for rows in round_found:
            session.strengthen(rows.matrix, rows.minimum)
        found += round_found
        relaxed = session.relaxed(goal.coefficients, goal.constant, seconds=None)
    assert sum(len(rows.minimum) for rows in found) > 0
    for values in whole_plans(compiled, goal, seed=seed, count=4):
        for rows in found:
            assert (rows.matrix @ values - rows.minimum >= -1e-4).all()


@pytest.mark.parametrize("seed", range(3))
def test_the_optimum_stays_and_the_bound_rises(seed):
    compiled, goal = compiled_plan(network(seed))
    plain, strong = open_session(compiled), open_session(compiled)
    before = plain.relaxed(goal.coefficients, goal.constant, seconds=None).objective
    tighten(strong, compiled, goal, deadline=None)
    bound = strong.relaxed(goal.coefficients, goal.constant, seconds=None).objective
    best = plain.minimise(goal.coefficients, goal.constant, seconds=None).objective
    assert strong.minimise(goal.coefficients, goal.constant, seconds=None).objective == pytest.approx(best, rel=2e-4)
    assert before < bound <= best * (1 + 1e-6)


def test_one_item_without_capacity_has_no_gap_left():
    # Wagner and Whitin 1958: the inequalities describe every such plan completely (Barany, Van Roy and Wolsey 1984).
    wanted = [69, 29, 36, 61, 61, 26, 34, 67, 45, 67, 79, 56]
    costs = [85, 102, 102, 101, 98, 114, 105, 86, 119, 110, 98, 114]
    routings = [{**MADE[0], "unit_cost": 0, "setup_cost": cost, "from": month(number), "to": month(number)}
                for number, cost in enumerate(costs, start=1)]
    compiled, goal = compiled_plan(plant(wanted, routings=routings, service_terms=ON_TIME, inventory=table(
        "item site holding_cost", ("bike", "plant", 1))))
    session = open_session(compiled)
    tighten(session, compiled, goal, deadline=None)
    assert session.relaxed(goal.coefficients, goal.constant, seconds=None).objective == pytest.approx(864)


def test_rows_for_the_bound_are_gone_when_limits_are_priced():
    compiled, goal = compiled_plan(network(0))
    session = open_session(compiled)
    tighten(session, compiled, goal, deadline=None)
    outcome = session.minimise(goal.coefficients, goal.constant, seconds=None)
    fixed = session.with_fixed_numbers(goal.coefficients, goal.constant, outcome.values)
    assert len(fixed.row_duals) == compiled.rows.matrix.shape[0]


def test_a_relaxation_cut_short_proves_what_it_has_climbed_to():
    compiled, goal = compiled_plan(network(3))
    session = open_session(compiled)
    first = session.relaxed(goal.coefficients, goal.constant, seconds=None)
    rows = LotInequalities(compiled, echelons(compiled)).violated(first.values)
    assert len(rows.minimum)
    session.strengthen(rows.matrix, rows.minimum)
    cut_short = session.relaxed(goal.coefficients, goal.constant, seconds=1e-9)
    assert cut_short.status == "time_limit" and cut_short.values is None
    assert cut_short.bound >= first.objective - 1e-6
    session.strengthen(rows.matrix[:1], rows.minimum[:1])  # the same once more: on from the basis where it stopped
    assert cut_short.bound <= session.relaxed(goal.coefficients, goal.constant, seconds=None).objective + 1e-6


def test_a_lot_counts_with_no_more_than_its_supplier_can_bring(monkeypatch):
    small = Size(products=6, parts=3, plants=1, warehouses=1, markets=2, suppliers=2, periods=8)
    compiled, goal = compiled_plan(lumpy_records(small, seed=1))
    bounds = []
    for limit in (lambda compiled: np.full(compiled.layout.size, np.inf), largest):
        monkeypatch.setattr(lot_cuts, "largest", limit)
        bounds.append(tighten(open_session(compiled), compiled, goal, deadline=None))
    assert bounds[1] > bounds[0] * 1.002


def test_the_largest_lot_is_what_the_tightest_rule_allows():
    compiled, _ = compiled_plan(with_capacity(network(0), 40))
    purchased = largest(compiled)[compiled.layout.place("purchased")]
    index = compiled.model.pyomo.purchased.index_set().index
    frames = index.columns["item"] == compiled.model.declared.names.code("frame")
    assert (purchased[frames] == 40).all()
