"""What a pegging says, each sentence with its figures."""

import pytest

import planner
from planner.plan.pegging import Pegging
from planner.plan.pegging.statements import dependent_statements, served_statements
from tests.plan.pegging.test_pegged import MADE_AHEAD


@pytest.fixture(scope="module")
def pegging() -> Pegging:
    return planner.solve(planner.load_scenario(MADE_AHEAD)).pegging()


def test_what_serves_a_delivery_is_told_with_its_landed_cost(pegging: Pegging) -> None:
    delivered, cost, came = served_statements(pegging, pegging.serving(period="2026-02"))
    assert delivered.text == "12 units of bike delivered to north in 2026-02."
    assert cost.text == "Landed cost: 25.33 EUR per unit (purchase 49.3%, production 49.3%, holding 1.3%)."
    assert came.text == "Of these units: 12 made."
    assert cost.figures["cost"] == pytest.approx(304)
    assert cost.figures["holding"] == pytest.approx(4)


def test_what_depends_is_told_in_units_and_money(pegging: Pegging) -> None:
    depends, goes = dependent_statements(pegging, pegging.depending(supplier="arvo", period="2026-01"))
    # 20 frames of January make 8 bikes of 16.
    assert depends.text == "8 units delivered could not be without it (50.0% of all), worth 0 EUR."
    assert goes.text == "Of its 20 units, 20 go into deliveries."


def test_what_is_not_used_and_not_delivered_is_said(pegging: Pegging) -> None:
    assert [said.text for said in dependent_statements(pegging, pegging.depending(kind="receipt"))] == [
        "The plan does not use it."]
    nothing = pegging.serving_rows(pegging.landed_costs["quantity"].to_numpy() > 99)
    assert [said.kind for said in served_statements(pegging, nothing)] == ["nothing_delivered"]
