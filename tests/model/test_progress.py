"""While integer values are sought, progress shows the best plan so far, what no plan can beat, and how far
apart they are.
"""

import numpy as np
import pytest

from tests.model.plants import plant, solve, table
from tests.model.test_production_lots import made


def lots(items=8, periods=5):
    """Items with setups on one tight line: enough to search for that the gap closes in steps."""
    random = np.random.default_rng(3)
    names = [f"item-{number:02d}" for number in range(items)]
    wanted = random.integers(5, 60, (items, periods))
    return plant(
        periods=periods,
        items=[{"item": name} for name in names],
        demand=[
            {"item": name, "market": "north", "period": f"2026-{period + 1:02d}", "quantity": int(quantity)}
            for name, row in zip(names, wanted, strict=True)
            for period, quantity in enumerate(row)
        ],
        routings=[
            {"item": name, "site": "plant", "routing": "line", "setup_cost": int(cost)}
            for name, cost in zip(names, random.integers(100, 400, items), strict=True)
        ],
        routing_steps=[
            {
                "item": name,
                "site": "plant",
                "routing": "line",
                "work_center": "line",
                "hours_per_unit": 1,
                "setup_hours": 10,
            }
            for name in names
        ],
        work_centers=table(
            "site work_center available_hours", ("plant", "line", int(wanted.sum() / periods * 1.2))
        ),
        inventory=[{"item": name, "site": "plant", "holding_cost": 1} for name in names],
        service_terms=table("backorder_cost lost_sale_cost", (20, 200)),
    )


def moves(told):
    """Best and bound of every record of the search for integer values."""
    return [(record.best, record.bound) for record in told if record.activity == "branch and bound"]


def test_the_best_plan_falls_the_bound_rises_and_the_gap_closes():
    told = []
    solution = solve(lots(), progress=told.append)
    best, bound = (np.array(column) for column in zip(*moves(told), strict=True))
    gaps = np.array([record.gap for record in told if record.activity == "branch and bound"])
    assert len(best) > 2
    assert (np.diff(best) <= 0).all()
    assert (np.diff(bound) >= 0).all()
    assert (np.diff(gaps) <= 0).all() and gaps[-1] < gaps[0]
    assert best[-1] == pytest.approx(solution.objective, abs=1)


def test_a_linear_plan_has_no_gap_to_show():
    told = []
    solve(made([30], "unit_cost", (4,)), progress=told.append)
    assert told and [record.gap for record in told if record.gap is not None] == []


def test_a_profit_is_told_as_a_positive_number_that_rises_towards_its_bound():
    told = []
    items = [{"item": f"item-{number:02d}", "price": 1000} for number in range(8)]
    solution = solve({**lots(), "items": items, "objective": {"mode": "profit"}}, progress=told.append)
    best, bound = (np.array(column) for column in zip(*moves(told), strict=True))
    assert (np.diff(best) >= 0).all() and (np.diff(bound) <= 0).all() and (best <= bound).all()
    assert best[-1] == pytest.approx(solution.objective, abs=1) and solution.objective > 0
