"""What is declared of rules and costs holds together with the schema, the tables of a plan and the model itself."""

import subprocess
import sys
from pathlib import Path

import pytest

from planner.demand.demand import make_demand
from planner.model.build import COSTS, RULES, build_model
from planner.model.cost_terms import COST_TERMS
from planner.model.limits import BOUNDS, KEYS, LIMITS, RANKS, subject
from planner.plan.layout import COST_KEYS, TABLES as PLAN_TABLES
from planner.scenario.load import load_scenario
from planner.scenario.schema import TABLES
from planner.scenario.settings import setting_paths
from tests.model.plants import works

ROOT = Path(__file__).parents[2]
TIMES = {"period", "start"}
SHARED = {"lane_item", "scope_item"}  # the item of a row that may hold for all
WITHOUT_PYOMO = """
import sys
import planner
from planner.plan.plan import Plan
from planner.report.output import write_report
plan = Plan.load(sys.argv[1])
plan.explain()
write_report([plan], sys.argv[2], price=0)  # what waiting costs is solved again
planner.audit(plan)
print(sorted({name.split(".")[0] for name in sys.modules} & {"pyomo", "highspy", "statsmodels"}))
"""


def parts_of(places: tuple[str, ...]) -> list[list[str]]:
    return [place.split(".") for place in places]


def test_every_source_of_a_limit_and_every_rate_of_a_cost_is_a_column_of_the_scenario() -> None:
    declared = [place for limit in (*LIMITS.values(), *BOUNDS.values()) for place in limit.sources]
    declared += [place for term in COST_TERMS.values() for place in term.rates]
    places = parts_of(tuple(declared))
    columns = [[table.name, column.name] for table in TABLES.values() for column in table.columns]
    assert [place for place in places if place not in columns and ".".join(place) not in setting_paths()] == []
    assert [name for name, limit in LIMITS.items() if limit.is_limit and not limit.sources] == []


def test_every_bound_is_that_of_a_variable() -> None:
    scenario = load_scenario(works())
    assert set(BOUNDS) <= set(build_model(scenario, make_demand(scenario)).declared.uppers)


def test_every_place_of_a_cost_is_a_column_of_the_plan_in_money() -> None:
    places = parts_of(tuple(column for term in COST_TERMS.values() for column in term.columns))
    money = {(table.name, column.name) for table in PLAN_TABLES.values() for column in table.columns
             if column.unit == "currency" and column.name not in ("revenue", "amount")}
    assert {tuple(place) for place in places} == money


# Their bare names would read as what the table counts: units, hours, orders, options, workers or trips.
COUNTED = {"purchase", "ordering", "production", "capacity_options", "work_center_hours", "work_center_overtime", "scrap",
           "labor_overtime", "hiring", "separation", "storage_overflow", "vehicle_trips", "stability"}


def test_a_column_that_is_a_whole_cost_has_its_name_unless_its_table_counts_that() -> None:
    alone = {term.name: term.columns[0].split(".")[1] for term in COST_TERMS.values() if len(term.columns) == 1}
    assert {name for name, column in alone.items() if column != name} == COUNTED


def test_every_key_of_a_rule_or_cost_is_a_column_of_its_table() -> None:
    scenario = load_scenario(works())
    indices = build_model(scenario, make_demand(scenario)).declared.indices
    keys = {column for rule in RULES.values() for column in indices[rule.over].columns}
    cost_keys = {column for cost in COSTS.values() for column in indices[cost.over].columns}
    assert (keys | cost_keys) - TIMES - SHARED == set(KEYS)
    assert cost_keys - TIMES - SHARED - {"tier"} == set(COST_KEYS)
    assert set(KEYS) >= RANKS


@pytest.mark.parametrize(("key", "text"), [
    ({"item": "bike", "market": "north", "demand_class": "forecast", "priority": 5},
     "bike in north (forecast, priority 5)"),
    ({"item": "frame", "supplier": "arvo", "site": "plant"}, "frame from arvo at plant"),
    ({"item": "", "supplier": "arvo"}, "arvo"),
    ({"site": "plant", "work_center": "weld"}, "work center weld at plant"),
    ({"site": "plant", "labor_pool": "smiths"}, "labor pool smiths at plant"),
    ({"item": "bike", "site": "plant", "routing": "line"}, "bike on line at plant"),
    ({"origin": "plant", "destination": "north", "mode": "truck", "item": ""}, "plant to north by truck"),
    ({"origin": "plant", "destination": "north", "mode": "truck", "item": "bike"},
     "bike, plant to north by truck"),
    ({"site": "plant"}, "plant"),
    ({"target": "spring"}, "target spring"),
    ({"option": "shift", "site": "plant", "work_center": "weld"}, "option shift of work center weld at plant"),
])
def test_what_a_row_is_about_reads_as_people_say_it(key: dict[str, object], text: str) -> None:
    assert subject({**dict.fromkeys(KEYS, ""), "priority": None, "tier": None, **key}) == text


def test_a_saved_plan_is_read_explained_audited_and_reported_without_the_solvers_libraries(tmp_path: Path) -> None:
    solve = "import planner, sys; planner.solve(planner.load_scenario('scenarios/red-tomato')).save(sys.argv[1])"
    place = str(tmp_path / "plan")
    subprocess.run([sys.executable, "-c", solve, place], check=True, cwd=ROOT)
    told = subprocess.run([sys.executable, "-c", WITHOUT_PYOMO, place, str(tmp_path / "page.html")],
                          capture_output=True, text=True, check=True, cwd=ROOT)
    assert told.stdout.strip() == "[]"
