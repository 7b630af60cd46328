"""The audit of whole numbers finds what is changed in a plan with lots, options, trucks and sites."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from planner.plan.audit import RULES, Books, audit
from planner.plan.layout import TABLES
from planner.plan.plan import Plan, make_plan
from planner.plan.rates import Rates
from planner.scenario.load import load_scenario
from planner.scenario.scenario import Scenario

LOTS = Path(__file__).parents[2] / "scenarios/lots"
GAP = 0.2  # any feasible plan will do

Tamper = Callable[[Plan], Plan]
# Tables that only a plan with integer variables fills.
WHOLE_NUMBER_TABLES = ("setup_families", "trips", "options", "maintenance", "sites", "site_options")


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    loaded = load_scenario(LOTS)
    solver = loaded.settings.solver.model_copy(update={"gap": GAP})
    return replace(loaded, settings=loaded.settings.model_copy(update={"solver": solver}))


@pytest.fixture(scope="module")
def plan(scenario: Scenario) -> Plan:
    return make_plan(scenario)


def changed(table: str, column: str, add: float, **where: object) -> Tamper:
    """The plan with a figure changed in the first row that fits; a number means more than that."""
    def tampered(plan: Plan) -> Plan:
        frame = plan.tables[table].copy()
        fits = frame[column].notna()
        for name, wanted in where.items():
            fits &= frame[name] == wanted if isinstance(wanted, str) else frame[name] > wanted
        assert fits.any(), f"{table} has no row with {where}"
        frame.loc[frame.index[fits][0], column] += add
        return replace(plan, tables={**plan.tables, table: frame})
    return tampered


def emptied(table: str, column: str) -> Tamper:
    """The plan with a column of a table set to 0."""
    return lambda plan: replace(
        plan, tables={**plan.tables, table: plan.tables[table].assign(**{column: 0.0})}
    )


WHOLE_NUMBER_TAMPERS: dict[str, list[Tamper]] = {
    "orders": [emptied("sourcing", "orders"), changed("sourcing", "orders", 1.0, orders=0.5)],
    "minimum_order": [changed("sourcing", "purchased", -1e5, item="panel", orders=0.5)],
    "order_multiple": [
        changed("sourcing", "purchased", 1.0, item="leg", orders=0.5),
        changed("sourcing", "lots", 1.0, item="leg"),
    ],
    "order_cost": [changed("sourcing", "order_cost", 1.0)],
    "setups_needed": [emptied("production", "setups"), changed("production", "setups", 1.0, setups=0.5)],
    "minimum_lot": [changed("production", "production", -1e5, setups=0.5)],
    "production_multiple": [
        changed("production", "production", 1.0, setups=0.5),
        changed("production", "lots", 1.0),
    ],
    "setup_hours_and_cost": [
        changed("production", "setup_hours", 1.0),
        changed("production", "setup_cost", 1.0),
    ],
    "setup_families": [
        emptied("setup_families", "setups"),
        changed("setup_families", "setup_cost", 1.0),
        changed("setup_families", "setup_hours", 1.0),
    ],
    "carried_setups": [
        lambda plan: replace(
            plan, tables={**plan.tables, "production": plan.tables["production"].assign(carried=1.0)}
        )
    ],
    "capacity_options": [
        changed("options", "bought", 5.0),
        changed("options", "running", 5.0),
        changed("options", "option_cost", 1.0),
    ],
    "added_and_lost_hours": [
        changed("capacity", "option_hours", 1.0),
        changed("capacity", "stop_hours", 1.0),
    ],
    "maintenance_stops": [emptied("maintenance", "stops"), changed("maintenance", "stop_hours", 1.0)],
    "site_options": [changed("site_options", "chosen", 5.0), changed("site_options", "option_cost", 1.0)],
    "open_sites": [changed("sites", "open", 1.0), changed("sites", "site_cost", 1.0)],
    "closed_sites_rest": [
        lambda plan: changed("inventory", "closing", 50.0, site="depot")(
            emptied("site_options", "chosen")(plan)
        )
    ],
    "expansions": [changed("storage", "added_capacity", 1.0)],
    "whole_numbers": [
        changed("trips", "vehicles", 0.5),
        changed("workforce", "headcount", 0.5),
        changed("production", "setups", 2e-6),
    ],
    "minimum_shipment": [changed("delivery", "shipped", 10.0, mode="carrier")],
    "vehicles": [
        changed("trips", "vehicles", -1.0, vehicles=0.5),
        changed("trips", "vehicles", 9.0),
        changed("trips", "room", 1.0),
        changed("trips", "vehicle_cost", 1.0),
        changed("trips", "shipped", 1.0),
    ],
}
NUMBERED = [
    (rule, number) for rule, tampers in WHOLE_NUMBER_TAMPERS.items() for number in range(len(tampers))
]


def test_a_plan_that_was_stopped_early_is_still_honest(plan: Plan, scenario: Scenario) -> None:
    assert [str(finding) for finding in audit(plan, scenario)] == []


@pytest.mark.parametrize(("table", "measure"), [(name, measure) for name in WHOLE_NUMBER_TABLES
                                                for measure in TABLES[name].measures])
def test_any_figure_that_is_changed_is_found(
    plan: Plan, scenario: Scenario, table: str, measure: str
) -> None:
    books = Books(changed(table, measure, 1.0)(plan), Rates(scenario))
    assert any(rule(books) for rule in RULES.values())


@pytest.mark.parametrize(("rule", "number"), NUMBERED, ids=[f"{rule}-{number}" for rule, number in NUMBERED])
def test_a_rule_finds_what_breaks_it(plan: Plan, scenario: Scenario, rule: str, number: int) -> None:
    found = RULES[rule](Books(WHOLE_NUMBER_TAMPERS[rule][number](plan), Rates(scenario)))
    assert found
    assert {finding.rule for finding in found} == {rule}
