"""A rolled scenario goes on where the plan, or the month that is over, has left everything."""

import copy
from pathlib import Path
from typing import Any

import pytest

import planner
from planner.errors import OutputError, PlanError, PlannerError, ScenarioError
from planner.plan.audit import audit
from planner.plan.plan import Plan

# Goods are on their way everywhere: frames bought 2 periods ahead, bikes a period in production (yield .8, of what comes
# out .05 scrapped), a period to the depot and a period to the far market. The line is too small, so that something is owed.
TINY: dict[str, Any] = {
    "name": "tiny", "calendar": {"start": "2026-01", "periods": 6}, "objective": {"mode": "cost"},
    "items": [{"item": "bike", "price": 100}, {"item": "frame"}],
    "sites": [{"site": "plant"}, {"site": "depot"}], "markets": [{"market": "far"}, {"market": "near"}],
    "customers": [{"customer": "shop", "market": "near"}],
    "demand": [{"item": "bike", "market": market, "period": f"2026-0{period}", "quantity": quantity}
               for market, quantity in (("far", 10), ("near", 20)) for period in range(1, 7)],
    "booked_orders": [{"order": "A1", "customer": "shop", "item": "bike", "quantity": 15, "due": "2026-01"},
                      {"order": "A2", "customer": "shop", "item": "bike", "quantity": 8, "due": "2026-02", "price": 90}],
    "sourcing": [{"item": "frame", "supplier": "s", "site": "plant", "unit_cost": 5, "lead_time": 2}],
    "scheduled_receipts": [{"item": "frame", "site": "plant", "period": "2026-01", "quantity": 40},
                           {"item": "frame", "site": "plant", "period": "2026-02", "quantity": 40}],
    "bill_of_materials": [{"parent": "bike", "component": "frame", "quantity_per": 1}],
    "routings": [{"item": "bike", "site": "plant", "routing": "r", "unit_cost": 3, "yield_rate": 0.8, "lead_time": 1}],
    "routing_steps": [{"item": "bike", "site": "plant", "routing": "r", "work_center": "w", "hours_per_unit": 1}],
    "work_centers": [{"site": "plant", "work_center": "w", "available_hours": 30, "overtime_hours": 10,
                      "overtime_hour_cost": 4, "labor_pool": "crew"}],
    "labor_pools": [{"site": "plant", "labor_pool": "crew", "headcount": 2, "hours_per_worker": 10, "wage": 50,
                     "hire_cost": 30, "separation_cost": 20}],
    "inspections": [{"item": "bike", "site": "plant", "defect_rate": 0.1, "rework_rate": 0.5}],
    "inventory": [{"item": "bike", "site": "plant", "on_hand": 5, "holding_cost": 1},
                  {"item": "bike", "site": "depot", "on_hand": 30, "holding_cost": 2},
                  {"item": "frame", "site": "plant", "on_hand": 10, "holding_cost": 0.5}],
    "lanes": [{"origin": "plant", "destination": "depot", "mode": "t", "unit_cost": 1, "lead_time": 1},
              {"origin": "depot", "destination": "near", "mode": "t", "unit_cost": 1},
              {"origin": "depot", "destination": "far", "mode": "ship", "unit_cost": 2, "lead_time": 1}],
    "service_terms": [{"backorder_cost": 6, "lost_sale_cost": 200}],
    "sales_targets": [{"target": "all", "quantity": 150}, {"target": "january", "quantity": 5, "from": "2026-01", "to": "2026-01"},
                      {"target": "easy", "quantity": 3, "item": "bike"}],
}


@pytest.fixture(scope="module")
def plan() -> Plan:
    return planner.solve(planner.load_scenario(TINY))


def table(folder: Path, name: str) -> list[str]:
    return (folder / f"{name}.csv").read_text().splitlines()


@pytest.mark.parametrize(("to", "periods"), [("2026-02", 5), ("2026-03", 4), ("2026-05", 2)])
def test_the_rest_of_an_optimal_plan_is_optimal_for_the_rolled_scenario(plan: Plan, tmp_path: Path, to: str, periods: int) -> None:
    result = planner.roll(TINY, tmp_path / "next", to=to, plan=plan, periods=periods)
    assert [problem for problem in result.problems if problem.severity == "error"] == []
    scenario = planner.load_scenario(tmp_path / "next")
    rest = planner.solve(scenario)
    costs = plan.tables["costs"]
    assert rest.objective == pytest.approx(costs.loc[costs["period"] >= scenario.calendar.start, "amount"].sum())
    assert audit(rest, scenario) == []


def test_rolling_twice_is_rolling_further(plan: Plan, tmp_path: Path) -> None:
    planner.roll(TINY, tmp_path / "feb", to="2026-02", plan=plan, periods=5)
    february = planner.load_scenario(tmp_path / "feb")
    planner.roll(february, tmp_path / "mar", to="2026-03", plan=planner.solve(february), periods=4)
    march = planner.solve(planner.load_scenario(tmp_path / "mar"))
    costs = plan.tables["costs"]
    assert march.objective == pytest.approx(costs.loc[costs["period"] >= march.calendar.start, "amount"].sum())
    assert {path.name for path in (tmp_path / "mar" / "archive").iterdir()} == {"2026-01", "2026-02"}


def test_goods_on_their_way_to_a_market_stand_at_a_site_until_they_arrive(plan: Plan, tmp_path: Path) -> None:
    planner.roll(TINY, tmp_path / "feb", to="2026-02", plan=plan, periods=5)
    sent = plan.tables["delivery"]
    sent = sent[(sent["destination"] == "far") & (sent["period"] == sent["period"].min())]["shipped"].sum()
    assert sent > 0
    assert f"bike,on the way to far,2026-02,{sent:g}" in table(tmp_path / "feb", "scheduled_receipts")
    february = planner.load_scenario(tmp_path / "feb")
    planner.roll(february, tmp_path / "mar", to="2026-03", plan=planner.solve(february), periods=4)
    still = [row for row in table(tmp_path / "mar", "sites") if "far" in row]
    assert bool(still) == any("far" in row for row in table(tmp_path / "mar", "scheduled_receipts"))


def test_targets_ask_for_what_is_left_and_what_is_over_is_archived(plan: Plan, tmp_path: Path) -> None:
    planner.roll(TINY, tmp_path / "feb", to="2026-02", plan=plan, periods=5)
    assert table(tmp_path / "feb", "sales_targets") == ["target,quantity,from", "all,130,2026-02"]  # 20 delivered in January
    assert [row.split(",")[0] for row in table(tmp_path / "feb" / "archive" / "2026-01", "sales_targets")[1:]] == ["january", "easy"]
    assert [row.split(",")[0] for row in table(tmp_path / "feb", "booked_orders")[1:]] == ["A2"]  # A1 was delivered


def test_the_agreed_plan_is_named(plan: Plan, tmp_path: Path) -> None:
    plan.save(tmp_path / "plan")
    planner.roll(TINY, tmp_path / "feb", to="2026-02", plan=tmp_path / "plan")
    text = (tmp_path / "feb" / "scenario.yaml").read_text()
    assert "agreed_plan: ../plan" in text
    assert "calendar:\n  start: 2026-02\n  periods: 6" in text
    assert planner.load_scenario(tmp_path / "feb").calendar.span() == "2026-02 to 2026-07"


def test_next_month_is_held_to_the_plan_that_it_goes_on_from(tmp_path: Path) -> None:
    costs = [{"area": "production", "from": "2026-01", "to": "2026-01", "cost": 9}, {"area": "sourcing", "cost": 2}]
    january = {**TINY, "calendar": {**TINY["calendar"], "frozen_periods": 2}, "stability_costs": costs}
    planner.solve(january).save(tmp_path / "plan")  # nothing was agreed on yet
    planner.roll(january, tmp_path / "feb", to="2026-02", plan=tmp_path / "plan", periods=5)
    assert "frozen_periods: 2" in (tmp_path / "feb" / "scenario.yaml").read_text()
    assert table(tmp_path / "feb", "stability_costs") == ["area,cost", "sourcing,2"]
    demand = tmp_path / "feb" / "demand.csv"
    demand.write_text(demand.read_text().replace(",20\n", ",8\n"))
    february = planner.load_scenario(tmp_path / "feb")
    made = planner.solve(february)
    assert [str(finding) for finding in audit(made, february)] == []
    held = made.tables["stability"].query("frozen == 1")
    assert set(held["measure"]) >= {"production", "purchased", "shipped"}
    assert held["changed"].max() == pytest.approx(0, abs=1e-6)
    free = planner.solve(february.changed({"settings": {"calendar": {"frozen_periods": 0}}}))
    assert free.objective < made.objective  # fewer are wanted than are made and sent


def test_without_a_plan_the_one_that_was_agreed_on_before_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "counted").mkdir()
    (tmp_path / "counted" / "inventory.csv").write_text("item,site,on_hand\nbike,depot,12\n")
    planner.roll({**TINY, "agreed_plan": "plans/december"}, "down/feb", to="2026-02", actuals="counted", periods=5)
    assert "agreed_plan: ../../plans/december" in (tmp_path / "down" / "feb" / "scenario.yaml").read_text()


def test_a_calendar_that_moves_on_says_for_which_periods_demand_is_missing(plan: Plan, tmp_path: Path) -> None:
    result = planner.roll(TINY, tmp_path / "feb", to="2026-02", plan=plan)
    assert "demand.csv says nothing about 2026-07: add it, or roll with fewer --periods" in result.notes


ACTUALS = """kind,item,site,market,period,quantity,amount
inventory,bike,depot,,2026-01,12,
shipment,bike,,near,2026-01,18,1800
shipment,bike,,far,2026-02,7,
demand,bike,,near,2026-01,21,2100
"""


def test_actuals_take_the_place_of_the_plan(plan: Plan, tmp_path: Path) -> None:
    (tmp_path / "actuals.csv").write_text(ACTUALS)
    result = planner.roll(TINY, tmp_path / "feb", to="2026-02", plan=plan, actuals=tmp_path / "actuals.csv")
    stock = {tuple(row.split(",")[:2]): row.split(",")[2] for row in table(tmp_path / "feb", "inventory")[1:]}
    assert stock["bike", "depot"] == "12"
    assert "all,132,2026-02" in table(tmp_path / "feb", "sales_targets")  # 150 - 18 shipped
    assert "bike,on the way to far,2026-02,7" in table(tmp_path / "feb", "scheduled_receipts")
    assert table(tmp_path / "feb", "order_history") == ["date,market,item,quantity,revenue", "2026-01-31,near,bike,21,2100"]
    assert "2 rows of inventory are not in the actuals: on_hand is as planned, or as it was" in result.notes


def test_tables_as_they_stand_now_are_enough_without_a_plan(tmp_path: Path) -> None:
    now = tmp_path / "now"
    now.mkdir()
    (now / "inventory.csv").write_text("item,site,on_hand\nbike,plant,1\nbike,depot,2\nframe,plant,3\n")
    (now / "booked_orders.csv").write_text("order,customer,item,quantity,due\nA2,shop,bike,6,2026-02\nA3,shop,bike,4,2026-03\n")
    (now / "scheduled_receipts.csv").write_text("item,site,period,quantity\nframe,plant,2026-03,44\n")
    (now / "labor_pools.csv").write_text("site,labor_pool,headcount\nplant,crew,3\n")
    result = planner.roll(TINY, tmp_path / "feb", to="2026-02", actuals=now)
    folder = tmp_path / "feb"
    assert table(folder, "booked_orders") == ["order,customer,item,quantity,due", "A2,shop,bike,6,2026-02", "A3,shop,bike,4,2026-03"]
    assert table(folder, "scheduled_receipts")[1:] == ["frame,plant,2026-03,44"]
    assert table(folder, "labor_pools")[1].startswith("plant,crew,3,10,50")  # what was not counted stays
    assert [row.split(",")[:3] for row in table(folder, "inventory")[1:]] == [["bike", "plant", "1"], ["bike", "depot", "2"], ["frame", "plant", "3"]]
    assert result.archived["booked_orders"] == 1  # A1, which is no longer open
    assert planner.solve(planner.load_scenario(folder)).status == "optimal"


def test_stops_and_options_that_the_plan_has_used_are_not_there_again(tmp_path: Path) -> None:
    scenario = copy.deepcopy(TINY)
    scenario["maintenance"] = [{"site": "plant", "work_center": "w", "hours_per_stop": 1, "stops": 2, "from": "2026-01", "to": "2026-03"}]
    scenario["capacity_options"] = [{"option": "shift", "site": "plant", "work_center": "w", "added_hours": 30, "fixed_cost": 1,
                                     "period_cost": 2, "lead_time": 1, "max_count": 2}]
    planned = planner.solve(planner.load_scenario(scenario))
    bought = planned.tables["options"]
    first = bought.loc[bought["bought"] > 0.5, "period"].min()
    to = str(first + 1)
    planner.roll(scenario, tmp_path / "next", to=to, plan=planned, periods=3)
    rows = [row.split(",") for row in table(tmp_path / "next", "capacity_options")[1:]]
    assert [row[0] for row in rows if "bought" in row[0]] == [f"shift bought {first}"]
    stops = planned.tables["maintenance"]
    placed = round(stops.loc[stops["period"] <= first, "stops"].sum())
    left = table(tmp_path / "next", "maintenance")[1].split(",")[3] if (tmp_path / "next" / "maintenance.csv").exists() else "0"
    assert int(left) == 2 - placed
    assert planner.solve(planner.load_scenario(tmp_path / "next")).status == "optimal"


def test_what_cannot_be_rolled_is_said(plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(PlannerError, match="must be a period of the scenario's calendar after its first, 2026-02 to 2026-06"):
        planner.roll(TINY, tmp_path / "a", to="2026-01", plan=plan)
    with pytest.raises(PlannerError, match="name a --plan, or --actuals with inventory"):
        planner.roll(TINY, tmp_path / "a", to="2026-02")
    with pytest.raises(PlanError, match="it has changed since, or it is another scenario"):
        planner.roll({**TINY, "booked_orders": []}, tmp_path / "a", to="2026-02", plan=plan)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_text("mine")
    with pytest.raises(OutputError, match="not empty"):
        planner.roll(TINY, tmp_path / "full", to="2026-02", plan=plan)
    (tmp_path / "bad.csv").write_text("kind,item,site,market,period,quantity\nstock,bike,depot,,2026-01,many\n")
    with pytest.raises(ScenarioError) as error:
        planner.roll(TINY, tmp_path / "a", to="2026-02", plan=plan, actuals=tmp_path / "bad.csv")
    said = [str(problem) for problem in error.value.problems]
    assert said[0].startswith('bad.csv row 2, kind = "stock": must be demand, shipment, inventory, purchase or production')
    assert 'bad.csv row 2, quantity = "many": must be a number' in said[1]


@pytest.mark.parametrize("name", ["red-tomato", "lots"])
def test_bundled_scenarios_roll_clean_and_solve(name: str, tmp_path: Path) -> None:
    place = Path(__file__).parents[3] / "scenarios" / name
    planned = planner.solve(place)
    result = planner.roll(place, tmp_path / "next", to="2026-02", plan=planned, periods=5)
    assert [problem for problem in result.problems if problem.severity == "error"] == []
    scenario = planner.load_scenario(tmp_path / "next")
    assert audit(planner.solve(scenario), scenario) == []


SHOP = {"items": "item\nbike\n", "sites": "site\nplant\n", "markets": "market\nnorth\n", "lanes": "origin,destination,mode\nplant,north,t\n",
        "sourcing": "item,supplier,site,unit_cost\nbike,s,plant,5\n", "service_terms": "lost_sale_cost\n9\n",
        "demand": "item,market,period,quantity\nbike,north,2026-02,4\n"}


def test_a_rolled_what_if_keeps_all_its_comments_with_the_changes_that_they_are_about(tmp_path: Path) -> None:
    for name in ("base", "dear"):
        (tmp_path / name).mkdir()
    (tmp_path / "base" / "scenario.yaml").write_text("name: Shop\ncalendar: {start: 2026-01, periods: 3}\nobjective: {mode: cost}\n")
    for name, text in SHOP.items():
        (tmp_path / "base" / f"{name}.csv").write_text(text)
    changes = ("overrides:\n  sourcing:\n    # Their letter of 3 December.\n    - where: {supplier: s}\n      multiply: {unit_cost: 1.1}  # at the least\n")
    (tmp_path / "dear" / "scenario.yaml").write_text(
        f"# Ben's.\nname: Dear\nbase: ../base\n# What they want.\n{changes}# Asked by sales.\nquestion: What if?  # in May\n# The end.\n")
    planner.roll(tmp_path / "dear", tmp_path / "new", to="2026-02", plan=planner.solve(planner.load_scenario(tmp_path / "dear")), periods=2)
    assert (tmp_path / "new" / "scenario.yaml").read_text().splitlines() == [
        "# Ben's.", "name: Dear", "", "# What they want.", *(f"# {line}" for line in changes.splitlines()), "# Asked by sales.",
        "question: What if?  # in May", "calendar:", "  start: 2026-02", "  periods: 2", "objective:", "  mode: cost", "# The end."]
    assert "5.5" in (tmp_path / "new" / "sourcing.csv").read_text()  # 5 x 1.1: the change itself is in the table


def test_a_rolled_scenario_keeps_the_comments_that_people_wrote(tmp_path: Path) -> None:
    folder = tmp_path / "old"
    folder.mkdir()
    (folder / "scenario.yaml").write_text("# Ours.\nname: Shop\n\n# Agreed with sales in December.\ncalendar:\n  start: 2026-01  # the first month\n"
                                          "  periods: 3\nobjective: {mode: cost}\n# Do not raise it.\nsolver:\n  gap: 0.01\n# The end.\n")
    for name, text in SHOP.items():
        (folder / f"{name}.csv").write_text(text)
    planner.roll(folder, tmp_path / "new", to="2026-02", plan=planner.solve(planner.load_scenario(folder)), periods=2)
    assert (tmp_path / "new" / "scenario.yaml").read_text().splitlines() == [
        "# Ours.", "name: Shop", "", "# Agreed with sales in December.", "calendar:", "  start: 2026-02  # the first month", "  periods: 2",
        "objective:", "  mode: cost", "", "# Do not raise it.", "solver:", "  gap: 0.01", "# The end."]
