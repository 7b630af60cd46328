"""Tables say what the solver decided, in the scenario's words; the arithmetic of every figure stands here."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from bicycles import bicycles
from pyomo.environ import Var

from planner.demand.demand import Demand, make_demand
from planner.model.build import build_model
from planner.model.solution import Pass, Solution
from planner.plan.layout import TABLES
from planner.plan.plan import Plan, plan_of
from planner.plan.tables import make_tables
from planner.plan.tables.inventory import cover_of_days
from planner.scenario.load import load_scenario
from planner.scenario.scenario import Scenario

KINDS = {"name": "str", "whole": "int64", "rank": "Int64", "number": "float64", "period": "period[M]"}


def values(columns: str, *rows: Sequence[Any]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=columns.split())


def undecided() -> dict[str, pd.DataFrame]:
    """Every variable of the model without a row."""
    scenario = load_scenario(bicycles())
    declared = build_model(scenario, make_demand(scenario)).pyomo.component_objects(Var)
    columns = {variable.local_name: list(variable.index_set().index.columns) for variable in declared}
    return {name: values(" ".join([*("period" if key == "start" else key for key in keys), "value"]))
            for name, keys in columns.items()}


UNDECIDED = undecided()


def solution(**found: pd.DataFrame) -> Solution:
    """A solution with these variables and nothing else decided, and with costs where the name says so."""
    costs = {
        name.removeprefix("cost_of_"): frame for name, frame in found.items() if name.startswith("cost_of_")
    }
    decided = UNDECIDED | {
        name: frame
        for name, frame in found.items()
        if not name.startswith("cost_of_") and name != "shadow_prices"
    }
    prices = found.get("shadow_prices", values("constraint key period shadow_price"))
    one = Pass("cost", 1.0, 1.0, 0.0, 0.1)
    return Solution("optimal", "cost", 1.0, 1.0, 0.0, (one,), {"build": 0.1}, decided, prices, costs)


@pytest.fixture(scope="module")
def case() -> tuple[Scenario, Demand]:
    scenario = load_scenario(bicycles())
    return scenario, make_demand(scenario)


def table(case: tuple[Scenario, Demand], name: str, **found: pd.DataFrame) -> pd.DataFrame:
    frame = make_tables(solution(**found), *case)[name]
    return frame.assign(period=frame["period"].astype("str")) if "period" in frame else frame


def filled(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows, each without its blanks."""
    return [{name: cell for name, cell in row.items() if pd.notna(cell) and cell != ""}
            for row in frame.to_dict("records")]


def cells(frame: pd.DataFrame, measure: str, **where: object) -> list[float]:
    """Values of a measure in the rows with these keys, in their order."""
    for column, value in where.items():
        frame = frame[frame[column] == value]
    return frame[measure].tolist()


def test_every_table_has_its_columns_types_and_order(plan: Plan) -> None:
    for name, declared in TABLES.items():
        frame = plan.tables[name]
        assert list(frame.columns) == declared.names
        assert [str(kind) for kind in frame.dtypes] == [KINDS[column.kind] for column in declared.columns], (
            name
        )
        assert not frame.duplicated(declared.keys).any()
        assert frame.equals(frame.sort_values(declared.keys, ignore_index=True))


def test_an_empty_solution_still_makes_every_table(case: tuple[Scenario, Demand]) -> None:
    tables = make_tables(solution(), *case)

    assert {name: list(frame.columns) for name, frame in tables.items()} == {
        name: table.names for name, table in TABLES.items()
    }
    assert tables["sourcing"]["purchased"].eq(0).all()


def test_goods_arrive_by_the_lead_time_of_the_period_in_which_they_are_ordered(
    case: tuple[Scenario, Demand],
) -> None:
    # Arvo takes 1 period, but 2 for orders of March and April: February's arrive in March, March's in May,
    # April's in June.
    ordered = {2: 10.0, 3: 20.0, 4: 5.0, 5: 7.0}
    purchased = values(
        "item supplier site period value", *(("frame", "arvo", "plant", *order) for order in ordered.items())
    )

    sourcing = table(case, "sourcing", purchased=purchased)

    assert cells(sourcing, "purchased", item="frame", supplier="arvo") == [0, 10, 20, 5, 7, 0]
    assert cells(sourcing, "received", item="frame", supplier="arvo") == [0, 0, 10, 0, 20, 5 + 7]
    assert cells(sourcing, "capacity", item="frame", supplier="arvo") == [150, 150, 120, 120, 150, 150]


def test_production_takes_its_hours_at_the_start_and_yields_at_the_end(case: tuple[Scenario, Demand]) -> None:
    production = values(
        "item site routing period value",
        ("bike", "plant", "line", 3, 100.0),
        ("bike", "plant", "line", 4, 40.0),
    )

    made = table(case, "production", production=production)

    # March: lead time 0 and yield .95; April: lead time 1 and yield .9. Weld .5 h and assembly 1 h make 1.5 h
    # a unit.
    assert cells(made, "produced", routing="line", item="bike") == [0, 0, 100, 0, 40, 0]
    assert cells(made, "yield_loss", routing="line", item="bike") == pytest.approx([0, 0, 5, 0, 4, 0])
    assert cells(made, "hours", routing="line", item="bike") == [0, 0, 150, 60, 0, 0]


def test_inspection_and_steps_load_the_work_centers(case: tuple[Scenario, Demand]) -> None:
    production = values("item site routing period value", ("bike", "plant", "line", 1, 100.0))
    purchased = values("item supplier site period value", ("frame", "borea", "plant", 1, 200.0))
    overtime = values("site work_center period value", ("plant", "weld", 1, 3.0))

    tables = make_tables(solution(production=production, purchased=purchased, overtime=overtime), *case)
    quality, capacity = tables["quality"], tables["capacity"]

    # 95 good bikes are inspected: 5.7 defective, 2.85 reworked; .1 h each and .4 h a rework make 9.5 + 1.14
    # hours in the lab.
    assert quality.loc[
        0, ["inspected", "defective", "reworked", "scrapped", "inspection_hours"]
    ].tolist() == pytest.approx([95, 5.7, 2.85, 2.85, 10.64])
    # Weld: 100 bikes x .5 h and 200 frames x .02 h = 54 h against 90 h x .9 x .95 = 76.95 h.
    weld = capacity[capacity["work_center"] == "weld"].iloc[0]
    assert weld[["available_hours", "effective_hours", "load_hours", "utilization"]].tolist() == (
        pytest.approx([90, 76.95, 54, 54 / 76.95]))
    assert weld[["overtime_hours", "overtime_limit"]].tolist() == pytest.approx([3, 20 * .9 * .95])
    lab = capacity[capacity["work_center"] == "lab"].iloc[0]
    assert lab["load_hours"] == pytest.approx(10.64)
    assert np.isnan(lab["effective_hours"]) and np.isnan(lab["utilization"])
    # In March weld has 60 gross hours, as the table capacity says; its overtime is left as it was.
    march = capacity[(capacity["work_center"] == "weld")].iloc[2]
    assert march[["available_hours", "effective_hours", "overtime_limit"]].tolist() == pytest.approx(
        [60, 51.3, 17.1]
    )
    # Smiths: 1.5 workers on 54 weld hours and 1 on 100 assembly hours.
    assert tables["workforce"]["hours_used"].iloc[0] == pytest.approx(1.5 * 54 + 100)


def test_stock_books_every_flow(case: tuple[Scenario, Demand]) -> None:
    production = values("item site routing period value", ("ebike", "plant", "line", 1, 10.0))
    purchased = values("item supplier site period value", ("frame", "borea", "plant", 1, 100.0))
    shipped = values("origin destination mode item period value", ("plant", "depot", "truck", "bike", 1, 4.0),
                     ("plant", "depot", "truck", "ebike", 2, 6.0), ("depot", "south", "ship", "bike", 1, 9.0))
    inventory = values(
        "item site period value",
        *(("frame", "plant", *state) for state in ((0, 30.0), (1, 157.0), (2, 157.0))),
    )

    stock = table(
        case, "inventory", production=production, purchased=purchased, shipped=shipped, inventory=inventory
    )
    frame = stock[(stock["item"] == "frame") & (stock["period"] == "2026-01")].iloc[0]

    # 30 on hand + 100 received + 40 known before - 10 used - 3 % of 100 scrapped by inspection = 157
    flows = ["opening", "received", "scheduled_receipts", "consumed", "scrapped", "closing"]
    assert frame[flows].tolist() == [30, 100, 40, 10, 3, 157]
    # An ebike takes 2.5 wheels at the plant, which beats the 2 of everywhere.
    assert cells(stock, "consumed", item="wheel", period="2026-01") == [25]
    # Bikes ride the shared truck row and arrive at once; ebikes have a row of their own and take a period.
    assert cells(stock, "transferred_in", item="bike", site="depot") == [4, 0, 0, 0, 0, 0]
    assert cells(stock, "transferred_in", item="ebike", site="depot") == [0, 0, 6, 0, 0, 0]
    assert cells(stock, "transferred_out", item="bike", site="plant")[0] == 4
    assert cells(stock, "shipped", item="bike", site="depot")[0] == 9
    assert cells(stock, "opening", item="frame") == [30, 157, 157, 0, 0, 0]


def test_days_of_supply_look_into_the_coming_periods() -> None:
    outflow = np.array([[31.0, 56.0, 62.0]])
    days = np.array([31.0, 28.0, 31.0])

    # 42 days after January: all of February (56) and 14 of March's 31 days (28). After March its 2 units a
    # day go on.
    assert cover_of_days(outflow, np.array([[42.0, 14.0, 10.0]]), days)[0].tolist() == pytest.approx(
        [84.0, 28.0, 20.0]
    )
    assert cover_of_days(outflow, np.zeros((1, 3)), days)[0].tolist() == pytest.approx([0.0, 0.0, 0.0])


def test_booked_orders_keep_their_price_and_the_rest_has_the_list_price(
    case: tuple[Scenario, Demand],
) -> None:
    sales = table(case, "sales")

    # Acme's bikes: 30 at 190 in January, 20 at the list price 200 in March; where nothing is due, the list
    # price.
    assert cells(sales, "price", item="bike", market="north", demand_class="booked") == [
        190,
        200,
        200,
        200,
        205,
        205,
    ]
    # The price list: 200, from May 205; in the south 185, and the row of the market beats the row of the
    # span.
    assert cells(sales, "price", item="bike", market="north", demand_class="forecast") == [
        200,
        200,
        200,
        200,
        205,
        205,
    ]
    assert cells(sales, "price", item="bike", market="south", demand_class="forecast") == [185] * 6


def test_orders_are_lines_by_market_and_priority_and_late_ones_are_no_demand(
    case: tuple[Scenario, Demand],
) -> None:
    sales = table(case, "sales")

    # o6 is due after the plan, o4 was due before it.
    assert cells(sales, "demand", demand_class="booked", priority=1, item="bike") == [30, 0, 20, 0, 0, 0]
    assert cells(sales, "demand", demand_class="booked", priority=3) == [0] * 6
    # The user wants 60, 70, 80 ... in the north, booked orders included.
    assert cells(sales, "demand", demand_class="forecast", item="bike", market="north") == [
        30,
        70,
        60,
        90,
        100,
        110,
    ]


def test_revenue_and_targets_count_what_is_delivered_on_time_and_late(case: tuple[Scenario, Demand]) -> None:
    line = "item market demand_class priority period value"
    on_time = values(
        line, ("bike", "north", "forecast", 5, 2, 10.0), ("bike", "south", "forecast", 5, 2, 7.0)
    )
    late = values(line, ("bike", "north", "forecast", 5, 5, 4.0))

    tables = make_tables(solution(delivered_on_time=on_time, delivered_late=late), *case)

    assert tables["sales"]["revenue"].sum() == pytest.approx(10 * 200 + 7 * 185 + 4 * 205)
    targets = tables["targets"].set_index("target")
    assert targets.loc["bikes", ["delivered", "shortfall"]].tolist() == [21, 900 - 21]
    assert targets.loc["europe", "delivered"] == pytest.approx(10 * 200 + 4 * 205)  # revenue, February to May
    assert targets.loc["south-bike", "delivered"] == 0  # February is before its span
    assert [str(period) for period in targets.loc["bikes", ["from", "to"]]] == ["2026-01", "2026-06"]


def test_costs_stand_under_their_area_and_beside_the_figures_they_are_made_of(
    case: tuple[Scenario, Demand],
) -> None:
    freight = values(
        "origin destination mode item period amount",
        ("plant", "depot", "truck", "bike", 1, 8.0),
        ("plant", "north", "rail", "bike", 1, 9.0),
    )
    wages = values("site labor_pool period amount", ("plant", "smiths", 1, 1800.0))
    lost = values(
        "item market demand_class priority period amount",
        ("bike", "north", "forecast", 5, 2, 120.0),
        ("bike", "south", "forecast", 5, 2, 0.0),
    )

    tables = make_tables(
        solution(cost_of_freight=freight, cost_of_wages=wages, cost_of_lost_sales=lost), *case
    )

    costs = tables["costs"].assign(period=tables["costs"]["period"].astype("str"))
    assert filled(costs) == [
        {"area": "delivery", "cost": "freight", "item": "bike", "site": "plant", "origin": "plant",
         "destination": "depot", "mode": "truck", "period": "2026-01", "amount": 8.0},
        {"area": "delivery", "cost": "freight", "item": "bike", "site": "plant", "origin": "plant",
         "destination": "north", "mode": "rail", "period": "2026-01", "amount": 9.0},
        {"area": "sales", "cost": "lost_sales", "item": "bike", "market": "north",
         "demand_class": "forecast", "priority": 5, "period": "2026-02", "amount": 120.0},
        {"area": "workforce", "cost": "wages", "site": "plant", "labor_pool": "smiths",
         "period": "2026-01", "amount": 1800.0},
    ]
    assert tables["workforce"]["wages"].tolist() == [1800, 0, 0, 0, 0, 0]


def test_solver_noise_is_cleared_and_nothing_else_is_rounded(case: tuple[Scenario, Demand]) -> None:
    bought = enumerate((1e-10, -1e-12, 1 / 3), start=1)
    purchased = values(
        "item supplier site period value", *(("wheel", "cima", "plant", *order) for order in bought)
    )

    found = table(case, "sourcing", purchased=purchased)

    assert cells(found, "purchased", item="wheel", supplier="cima")[:3] == [0.0, 0.0, 1 / 3]
    assert not np.signbit(found["purchased"]).any()


def test_shadow_prices_name_unit_and_period(case: tuple[Scenario, Demand]) -> None:
    prices = pd.concat([
        values("constraint key site work_center period shadow_price",
               ("work_center_capacity", "plant | weld", "plant", "weld", 2, 4.5)),
        values("constraint key item supplier site period shadow_price",
               ("min_share", "frame | arvo | plant", "frame", "arvo", "plant", 0, 1.5)),
        values("constraint key item market demand_class priority from period shadow_price",
               ("lateness_of_later_demand", "bike | north | forecast | 5", "bike", "north", "forecast", 5, 2, 3, 7.0)),
        values("constraint key origin destination period shadow_price",
               ("lane_capacity", "plant | depot", "plant", "depot", 1, 0.0)),
    ])

    found = table(case, "shadow_prices", shadow_prices=prices)

    assert filled(found.assign(**{"from": found["from"].astype("str").replace("NaT", "")})) == [
        {"pass": "cost", "constraint": "lateness_of_later_demand", "key": "bike | north | forecast | 5", "item": "bike",
         "market": "north", "demand_class": "forecast", "priority": 5, "from": "2026-02",
         "period": "2026-03", "shadow_price": 7.0, "unit": "units"},
        {"pass": "cost", "constraint": "min_share", "key": "frame | arvo | plant", "item": "frame", "supplier": "arvo",
         "site": "plant", "shadow_price": 1.5, "unit": "units"},
        {"pass": "cost", "constraint": "work_center_capacity", "key": "plant | weld", "site": "plant", "work_center": "weld",
         "period": "2026-02", "shadow_price": 4.5, "unit": "hours"},
    ]


def test_the_order_in_which_the_solver_tells_its_values_changes_nothing(
    case: tuple[Scenario, Demand], plan: Plan
) -> None:
    rows = [("wheel", "cima", "plant", period, 10.0 * period) for period in range(1, 7)]
    columns = "item supplier site period value"

    straight = make_tables(solution(purchased=values(columns, *rows)), *case)
    backward = make_tables(solution(purchased=values(columns, *rows[::-1])), *case)

    assert all(straight[name].equals(backward[name]) for name in TABLES)


def test_a_plan_says_how_it_was_made(case: tuple[Scenario, Demand]) -> None:
    scenario, demand = case

    plan = plan_of(solution(), scenario, demand, forecast_seconds=0.5, time_limit=20)

    assert plan.settings["solver"]["time_limit"] == 20
    assert list(plan.seconds) == ["forecast", "build", "tables"]
    assert set(plan.versions) == {"planner", "pyomo", "highspy"}
    assert (plan.scenario_hash, plan.scenario_source) == (scenario.content_hash, "")
    assert (plan.currency, plan.bucket, plan.passes[0].name) == ("EUR", "month", "cost")
