"""Questions are asked by the names that people use; a wrong one is told with the nearest right one."""

import re
from collections.abc import Callable

import pytest

from planner.errors import PlanError
from planner.plan.pegging import Pegging
from planner.plan.plan import Plan


@pytest.fixture(scope="module")
def pegging(plan: Plan) -> Pegging:
    return plan.pegging()


@pytest.mark.parametrize(("ask", "message"), [
    (lambda pegging: pegging.serving(order="o11"), 'no order "o11" in plan Bicycles. Did you mean "o1"?'),
    (lambda pegging: pegging.serving(item="bikes"), 'no item "bikes" in plan Bicycles. Did you mean "bike"?'),
    (lambda pegging: pegging.serving(target="euro"), 'no target "euro" in plan Bicycles. Did you mean "europe"?'),
    (lambda pegging: pegging.serving(market="moon"), "There are north or south"),
    (lambda pegging: pegging.serving(period="2026-13"), 'period "2026-13"'),
    (lambda pegging: pegging.serving(period="2027-01"), "period 2027-01 is not in the plan, which goes from 2026-01 to"),
    (lambda pegging: pegging.depending(supplier="arvi"), 'no supplier "arvi" in plan Bicycles. Did you mean "arvo"?'),
    (lambda pegging: pegging.depending(work_center="welding"), 'Did you mean "weld"?'),
    (lambda pegging: pegging.depending(kind="receipts"), 'no kind "receipts" in plan Bicycles. Did you mean "receipt"?'),
])
def test_a_name_that_the_plan_does_not_know_is_told(
        pegging: Pegging, ask: Callable[[Pegging], object], message: str) -> None:
    with pytest.raises(PlanError, match=re.escape(message)):
        ask(pegging)


def test_a_target_is_served_by_what_counts_for_it(pegging: Pegging) -> None:
    # europe counts the north from February to May
    rows = pegging.serving(target="europe").deliveries
    assert set(rows["market"]) == {"north"}
    assert {str(period) for period in rows["period"]} <= {"2026-02", "2026-03", "2026-04", "2026-05"}
    assert len(rows) > 0


def test_names_are_joined(pegging: Pegging) -> None:
    rows = pegging.serving(item="bike", customer="acme", origin="booked").deliveries
    assert set(rows["item"]) == {"bike"}
    assert set(rows["order"]) <= {"o1", "o2"}
