"""Problems with published optima come out of scenario files alone, and every one of their plans passes the
audit.
"""

import json
from pathlib import Path

import pytest
from lotsizing import lotsizing_scenario
from public_data import LOT_SIZING

import planner

ROOT = Path(__file__).parents[2]
TR6_15 = 37_721.0  # instance G30 with a unit time of 1: proven optimal in the literature

# Folder, and the published objective: a cost, but for steelT a profit. Where each is from stands in its
# scenario.yaml.
PUBLISHED = {
    "scenarios/red-tomato": 422_275.0,
    "tests/published/red-tomato-swing": 432_858 + 1 / 3,
    "tests/published/red-tomato-whole": 422_660.0,
    "tests/published/red-tomato-swing-whole": 433_080.0,
    "tests/published/wagner-whitin": 864.0,
    "tests/published/steelt": 515_033.0,
    "tests/published/sailco": 78_450.0,
    "tests/published/northern-airplane": 77.30,
    "tests/published/canneries": 152_535.0,
    "tests/published/distribution-1": 198_500.0,
}


@pytest.mark.parametrize(("folder", "published"), PUBLISHED.items(), ids=[Path(folder).name for folder in PUBLISHED])
def test_published_optimum_is_reproduced_proven_and_audited(folder: str, published: float) -> None:
    scenario = planner.load_scenario(ROOT / folder)
    plan = planner.solve(scenario)
    assert plan.status == "optimal"
    assert plan.objective == pytest.approx(published, rel=1e-6)
    assert plan.bound == pytest.approx(published, rel=1e-6)
    assert planner.audit(plan, scenario) == []


def test_red_tomato_lays_off_at_once_and_owes_nothing_at_the_end() -> None:
    plan = planner.solve(planner.load_scenario(ROOT / "scenarios/red-tomato"))
    workforce = plan.tables["workforce"].set_index("period")
    # 16,500 wanted less 1,000 on hand plus 500 kept = 15,500 made in 6 months by 64.58 workers at 40 each.
    assert workforce["headcount"].round(2).unique().tolist() == [64.58]
    assert workforce["separated"].round(2).tolist() == [15.42, 0, 0, 0, 0, 0]
    assert plan.tables["sales"]["lost"].sum() == pytest.approx(0, abs=1e-6)
    assert plan.tables["sales"].groupby("period")["backorders"].sum().iloc[-1] == pytest.approx(0, abs=1e-6)


@pytest.mark.skipif(not LOT_SIZING.exists(), reason="the instances of Trigeiro, Thomas and McClain are not "
                                                    "here")
def test_the_optimum_of_tr6_15_lies_between_bound_and_objective_however_soon_the_search_is_stopped() -> None:
    instance = json.loads((LOT_SIZING / "instances.json").read_text(encoding="utf-8"))["G30"]
    scenario = planner.load_scenario(lotsizing_scenario({**instance, "unit_time": [1.0] * instance["items"]}))
    plan = planner.solve(scenario, time_limit=10)
    assert plan.bound is not None
    assert plan.bound <= TR6_15 * (1 + 1e-6)
    assert plan.objective >= TR6_15 * (1 - 1e-6)
    assert planner.audit(plan, scenario) == []
