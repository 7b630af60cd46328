"""The bicycle maker's plans, solved once for all tests."""

import pytest
from bicycles import bicycles

from planner.plan.plan import Plan, make_plan
from planner.plan.rates import Rates
from planner.scenario.load import load_scenario
from planner.scenario.scenario import Scenario


@pytest.fixture(scope="session")
def scenario() -> Scenario:
    """The bicycle maker, in mode cost, so that every cost term is in the objective."""
    return load_scenario(bicycles(objective={"mode": "cost"}))


@pytest.fixture(scope="session")
def plan(scenario: Scenario) -> Plan:
    """Its plan."""
    return make_plan(scenario)


@pytest.fixture(scope="session")
def rates(scenario: Scenario) -> Rates:
    """Its rates, looked up once."""
    return Rates(scenario)
