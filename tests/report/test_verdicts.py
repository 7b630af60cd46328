"""What a comparison comes to, in sentences."""

from dataclasses import replace

import pandas as pd
import pytest

from planner.model.solution import Pass
from planner.plan.comparison.compare import compare
from planner.plan.plan import Plan
from planner.report.verdicts import verdicts
from tests.report.examples import rows, small_plan


def plan_with(*, delivered: float, demand: float = 100.0, **kpis: float) -> Plan:
    sales = rows("sales", {"item": "bike", "market": "north", "demand_class": "forecast", "demand": demand,
                           "delivered_on_time": delivered, "lost": demand - delivered})
    declared = [("order_fill_rate", "0 to 1", "higher"), ("margin", "currency", "higher"), ("total_cost", "currency", "lower"),
                ("units_delivered", "units", "higher"), ("cost_per_unit", "currency per unit", "lower")]
    values = {"order_fill_rate": delivered / demand, "units_delivered": delivered, **kpis}
    table = pd.DataFrame([(name, values[name], float("nan"), float("nan"), unit, "both", better, "What it means.")
                          for name, unit, better in declared if name in values],
                         columns=["kpi", "value", "low", "high", "unit", "side", "better", "meaning"])
    return replace(small_plan(tables={"sales": sales}), kpi_table=table)


def verdict(one: Plan, other: Plan) -> str:
    return verdicts(compare([one, replace(other, name="Other")]))[1]


def test_service_comes_first_then_the_margin_then_the_cost_with_its_volume() -> None:
    base = plan_with(delivered=80, margin=5000.0, total_cost=8000.0, cost_per_unit=100.0)
    other = plan_with(delivered=70, margin=4000.0, total_cost=7000.0, cost_per_unit=100.0)

    assert verdict(base, other) == (
        "worse. Order fill rate 70.0% (−10.0 points). Margin 4,000 EUR (−1,000). "
        "Total cost 7,000 EUR (−1,000), 70 units delivered (−10), 100 EUR per unit delivered (no change).")


@pytest.mark.parametrize(("delivered", "margin", "overall"), [
    (90, 6000.0, "better"), (90, 5000.0, "better"), (80, 6000.0, "better"), (80, 5000.0, "as good"),
    (70, 5000.0, "worse"), (80, 4000.0, "worse"), (90, 4000.0, "more service for less money"),
    (70, 6000.0, "more money for less service")])
def test_a_plan_is_better_only_where_neither_service_nor_margin_is_worse(delivered: float, margin: float, overall: str) -> None:
    base = plan_with(delivered=80, margin=5000.0)

    assert verdict(base, plan_with(delivered=delivered, margin=margin)).startswith(f"{overall}. ")


def test_without_prices_the_cost_of_a_unit_stands_for_the_margin() -> None:
    base = plan_with(delivered=80, cost_per_unit=100.0)

    assert verdict(base, plan_with(delivered=80, cost_per_unit=90.0)).startswith("better. ")


def test_another_demand_is_said_since_service_is_a_share_of_it() -> None:
    base = plan_with(delivered=80, margin=5000.0)

    assert "Demand is 20 units (20.0%) higher." in verdict(base, plan_with(delivered=80, demand=120, margin=5000.0))
    assert "Demand" not in verdict(base, base)


@pytest.mark.parametrize(("delivered", "margin", "overall"), [
    (79, 5000.0, "not distinguishable"),  # 1 point less on time, where 2 may be possible
    (77, 5000.0, "worse"), (80, 4980.0, "not distinguishable"), (80, 4500.0, "worse"),
    (90, 4980.0, "more service, money not distinguishable"), (90, 6000.0, "better"),
    (79, 4500.0, "less money, service not distinguishable")])
def test_what_is_not_proven_may_be_more_than_a_difference(delivered: float, margin: float, overall: str) -> None:
    passes = (Pass("remaining demand lost, priority 5", 100 - delivered, 98 - delivered, 0.1, 0.1),
              Pass("operations cost", 8000.0, 7950.0, 0.00625, 0.1))
    other = replace(plan_with(delivered=delivered, margin=margin), status="time_limit", passes=passes,
                    objective=8000.0, bound=7950.0, gap=0.00625)

    assert verdict(plan_with(delivered=80, margin=5000.0), other).startswith(f"{overall}. ")
