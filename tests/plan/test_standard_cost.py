"""Stock in money, against sums done by hand."""

import pytest

import planner
from planner.plan.standard_cost import at_standard_cost, average_stock_value
from tests.model.plants import plant, table

# Nobody wants anything: 30 bikes at 40 and 5 bells without a standard cost stay where they are, for two months.
FULL = plant([0, 0], items=table("item standard_cost", ("bell", None), ("bike", 40)),
             inventory=table("item site on_hand", ("bell", "plant", 5), ("bike", "plant", 30)))


def test_what_has_no_standard_cost_counts_for_nothing():
    plan = planner.solve(FULL)
    worth = plan.tables["inventory"].assign(worth=at_standard_cost(plan, "opening")).groupby("item")["worth"].sum()
    assert worth.to_dict() == {"bell": 0.0, "bike": 2 * 30 * 40}
    assert average_stock_value(plan) == pytest.approx(30 * 40)
