"""Plans of several scenarios: each content solved once, remembered, and never taken for another."""

from pathlib import Path

import pytest

import planner
from planner.errors import InfeasibleError
from planner.plan import cache, solved_together as together
from planner.plan.comparison.compare import compare
from planner.plan.plan import Plan
from tests.model.plants import plant, table

BASE = plant([10] * 2, sourcing=table("item supplier site unit_cost", ("bike", "arvo", "plant", 60)))
DEARER = {"sourcing": [{"where": {}, "set": {"unit_cost": 70}}]}


@pytest.fixture
def solved(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """The names of the scenarios that are solved from now on; nothing is remembered yet."""
    names: list[str] = []

    def counting(scenario: planner.Scenario, **keywords: object) -> Plan:
        names.append(scenario.name)
        return make_plan(scenario, **keywords)

    make_plan = together.make_plan
    monkeypatch.setattr(together, "make_plan", counting)
    monkeypatch.setenv("PLANNER_CACHE", str(tmp_path / "cache"))
    return names


def test_each_content_is_solved_once_and_remembered(solved: list[str]) -> None:
    base = planner.load_scenario({**BASE, "name": "Base"})
    scenarios = [base, base.changed(DEARER, name="Dearer"), planner.load_scenario({**BASE, "name": "Same"})]

    first = compare(scenarios)
    again = compare(scenarios)

    assert sorted(solved) == ["Dearer", "Same"]  # Base and Same are one content
    assert again.kpis.equals(first.kpis) and again.names == first.names
    assert again.plans[1].name == "Dearer" and len(again.plans[1].changes) == 1
    assert all(one.tables[name].equals(other.tables[name]) for one, other in zip(first.plans, again.plans, strict=True)
               for name in one.tables)


def test_a_changed_scenario_is_solved_again_and_a_damaged_plan_too(solved: list[str]) -> None:
    base = planner.load_scenario({**BASE, "name": "Base"})
    compare([base])
    compare([base.changed(DEARER, name="Dearer")])
    for file in cache.place().rglob("sales.csv"):
        file.write_text("item\n")

    compare([base])

    assert solved == ["Base", "Dearer", "Base"]
    assert len(list(cache.place().iterdir())) == 2


def test_without_the_cache_nothing_is_taken_or_kept(solved: list[str]) -> None:
    base = planner.load_scenario({**BASE, "name": "Base"})

    for _ in range(2):
        compare([base], cache=False)

    assert solved == ["Base", "Base"] and not cache.place().exists()


def test_a_scenario_without_a_plan_is_named(solved: list[str]) -> None:
    base = planner.load_scenario({**BASE, "name": "Base"})
    stock = {"inventory": [{"add": {"item": "bike", "site": "plant", "ending_inventory": 5, "max_inventory": 5}}],
             "sourcing": [{"where": {}, "set": {"capacity": 1}}]}

    with pytest.raises(InfeasibleError, match="Too much"):
        compare([base, base.changed(stock, name="Too much")])
