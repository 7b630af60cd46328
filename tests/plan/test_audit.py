"""The audit passes every honest plan, and finds every figure that is changed in one."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from bicycles import bicycles, rows
from hypothesis import HealthCheck, assume, given, settings, strategies as st
from test_audit_whole_numbers import WHOLE_NUMBER_TABLES, WHOLE_NUMBER_TAMPERS
from test_stability_audit import STABILITY_RULES

from planner.errors import InfeasibleError, PlanError
from planner.plan.audit import ABSOLUTE, RELATIVE, RULES, Books, Finding, audit
from planner.plan.layout import TABLES
from planner.plan.plan import Plan, make_plan
from planner.plan.rates import Rates
from planner.scenario.load import load_scenario
from planner.scenario.scenario import Scenario

MEASURES = [
    (name, measure)
    for name, table in TABLES.items()
    for measure in table.measures
    if name not in (*WHOLE_NUMBER_TABLES, "stability")
]
# What no scenario says and no other table repeats: prices of limits come from the solver, the record from
# past forecasts.
NOT_DERIVED = {("shadow_prices", "shadow_price"), ("forecast_record", "value")}


def with_cell(plan: Plan, table: str, row: int, column: str, value: object) -> Plan:
    """The plan with one cell changed."""
    frame = plan.tables[table].copy()
    frame.loc[frame.index[row], column] = value
    return replace(plan, tables={**plan.tables, table: frame})


def row_where(plan: Plan, table: str, **wanted: object) -> int:
    """Position of the first row with these values; a callable is a condition."""
    frame = plan.tables[table]
    fits = pd.Series(True, index=frame.index)
    for column, value in wanted.items():
        cells = frame[column].astype("str") if column == "period" else frame[column]
        fits &= value(cells) if callable(value) else cells == value
    assert fits.any(), f"{table} has no row with {wanted}"
    return int(np.flatnonzero(fits)[0])


def positive(cells: pd.Series) -> pd.Series:
    return cells > 0.5


def in_january(cells: pd.Series) -> pd.Series:
    return cells.astype("str") == "2026-01"


OBJECTIVES = [
    {"mode": "cost"},
    {"mode": "profit"},
    *({"mode": "targets_first", "beyond_targets": served} for served in ("all", "none", "profitable")),
]


@pytest.mark.parametrize("objective", OBJECTIVES, ids=lambda objective: "-".join(objective.values()))
def test_an_honest_plan_has_no_findings(objective: dict[str, str]) -> None:
    scenario = load_scenario(bicycles(objective=objective))

    assert [str(finding) for finding in audit(make_plan(scenario), scenario)] == []


@pytest.mark.parametrize(("table", "measure"), [pair for pair in MEASURES if pair not in NOT_DERIVED])
def test_any_figure_that_is_changed_is_found(plan: Plan, rates: Rates, table: str, measure: str) -> None:
    row = int(plan.tables[table][measure].abs().to_numpy(na_value=0.0).argmax())
    value = plan.tables[table][measure].fillna(0.0).iloc[row]

    books = Books(with_cell(plan, table, row, measure, value + max(0.01, 1e-4 * value)), rates)

    assert any(rule(books) for rule in RULES.values())


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_figure_that_is_no_number_is_found(plan: Plan, rates: Rates, value: float) -> None:
    plan = replace(plan, tables={**plan.tables, "forecast_record": RECORD})
    for table, measure in MEASURES:
        column = next(column for column in TABLES[table].columns if column.name == measure)
        if np.isinf(value) or not column.may_be_blank:
            found = RULES["figures_are_numbers"](Books(with_cell(plan, table, 0, measure, value), rates))
            assert [(finding.table, finding.found) for finding in found] == [(table, str(value))]


RECORD = pd.DataFrame(
    [("item and market", "wape", 1, "planner", 0.2)], columns=TABLES["forecast_record"].names
)

Tamper = Callable[[Plan], Plan]


def change(table: str, column: str, value: object, **where: object) -> Tamper:
    """A change of one cell: to `value`, or by it where it is a string such as "+5"."""
    def changed(plan: Plan) -> Plan:
        row = row_where(plan, table, **where)
        before = plan.tables[table][column].iloc[row]
        after = before + float(value) if isinstance(value, str) and value[0] in "+-" else value
        return with_cell(plan, table, row, column, after)
    return changed


def kpi(name: str, value: float) -> Tamper:
    def changed(plan: Plan) -> Plan:
        table = plan.kpi_table.assign(
            value=plan.kpi_table["value"].mask(plan.kpi_table["kpi"] == name, value)
        )
        return replace(plan, kpi_table=table)
    return changed


def doubled(table: str) -> Tamper:
    """The first row of a table stands twice."""
    return lambda plan: replace(
        plan, tables={**plan.tables, table: pd.concat([plan.tables[table].head(1), plan.tables[table]])}
    )


def appended(table: str, **changes: object) -> Tamper:
    """The first row of a table that holds a late delivery stands once more, with these cells changed."""
    def changed(plan: Plan) -> Plan:
        row = plan.tables[table].iloc[[row_where(plan, table, delivered_late=positive)]]
        return replace(plan, tables={
            **plan.tables, table: pd.concat([plan.tables[table], row.assign(**changes)], ignore_index=True)})
    return changed


BIKE_DEPOT = {"item": "bike", "site": "depot"}
# For each rule, one changed number that it must find.
TAMPERS: dict[str, list[Tamper]] = {
    "scenario_hash": [lambda plan: replace(plan, scenario_hash="0" * 64)],
    "keys_are_unique": [doubled("inventory"), doubled("costs")],
    "names_are_known": [
        change("costs", "item", "trike", item="bike"),
        change("targets", "target", "spring"),
        change("demand", "market", "nrth"),
        change("delivery", "destination", "moon"),
    ],
    "periods_are_planned": [
        change("delivery", "period", pd.Period("2026-07", "M")),
        change("sales", "period", pd.NaT),
    ],
    "figures_are_numbers": [change("inventory", "closing", np.nan), change("costs", "amount", np.inf)],
    "figures_are_not_negative": [
        change("sourcing", "purchased", -1.0),
        change("workforce", "separated", -0.01),
    ],
    "sources_exist": [change("sourcing", "supplier", "dora", purchased=positive)],
    "receipts_follow_orders": [
        change("sourcing", "received", "+1", supplier="arvo"),
        change("sourcing", "purchased", "+1", supplier="borea"),
        # A span changes the lead time: what is ordered in March arrives in May, not in April.
        change("sourcing", "purchased", "+1", item="frame", supplier="arvo", period="2026-03"),
        change("sourcing", "received", "+1", item="frame", supplier="arvo", period="2026-04"),
    ],
    "source_capacity": [
        change("sourcing", "purchased", 151.0, item="frame", supplier="arvo", period="2026-01"),
        change("sourcing", "purchased", 121.0, item="frame", supplier="arvo", period="2026-03"),
        change("sourcing", "capacity", 200.0, supplier="arvo"),
        change("sourcing", "capacity", np.nan, supplier="arvo"),
        change("sourcing", "capacity", 200.0, supplier="borea"),
    ],
    "supplier_capacity": [
        change("sourcing", "purchased", 420.1, item="wheel", supplier="arvo"),
        change("sourcing", "purchased", 91.0, item="frame", supplier="arvo", period="2026-02"),
        change("sourcing", "purchased", 301.0, item="wheel", supplier="cima"),
    ],
    "min_share": [change("sourcing", "purchased", 5000.0, item="frame", supplier="borea")],
    "max_share": [change("sourcing", "purchased", 5000.0, item="frame", supplier="borea")],
    "purchase_cost": [
        change("sourcing", "purchase_cost", "+1", supplier="cima"),
        change("sourcing", "purchased", "+1", item="frame", supplier="arvo"),
    ],
    "routings_exist": [change("production", "routing", "robot", production=positive)],
    "completions_follow_starts": [
        change("production", "production", "+1", item="ebike", period="2026-02"),
        change("production", "produced", "+1"),
        change("production", "yield_loss", "+1"),
        change("production", "produced", "+1", routing="line", period="2026-04"),
    ],
    "routing_hours": [
        change("production", "hours", "+1"),
        change("production", "production", "+1", period="2026-04"),
    ],
    "routing_capacity": [
        change("production", "production", 40.1, routing="hand"),
        change("production", "production", 90.1, item="bike", routing="line", period="2026-05"),
    ],
    "production_cost": [
        change("production", "production_cost", "+1"),
        change("production", "production", "+1", period="2026-04"),
    ],
    "work_center_hours": [
        change("capacity", "available_hours", 90.0, work_center="weld", period="2026-03"),
        change("capacity", "effective_hours", 80.0, work_center="weld"),
        change("capacity", "overtime_limit", 90.0),
        change("capacity", "available_hours", 10.0, work_center="lab"),
    ],
    "work_center_load": [
        change("capacity", "load_hours", "+0.1"),
        change("quality", "inspection_hours", "+1"),
        change("production", "production", "+1"),
    ],
    "work_center_capacity": [change("capacity", "load_hours", "+60", work_center="weld")],
    "overtime_limit": [
        change("capacity", "overtime_hours", 25.2, work_center="assembly"),
        change("capacity", "overtime_hours", "+300", work_center="lab"),
    ],
    "work_center_utilization": [
        change("capacity", "utilization", "+0.01", work_center="weld"),
        change("capacity", "utilization", 0.5, work_center="lab"),
    ],
    "work_center_costs": [
        change("capacity", "hour_cost", "+1"),
        change("capacity", "overtime_cost", "+1"),
        change("capacity", "load_hours", "+1", work_center="lab"),
    ],
    "inspections": [
        change("quality", column, "+0.1") for column in ("inspected", "defective", "reworked", "scrapped")
    ],
    "inspection_hours": [change("quality", "inspection_hours", "+0.1")],
    "scrap_cost": [change("quality", "scrap_cost", "+0.1")],
    "pools_exist": [change("workforce", "labor_pool", "tailors")],
    "opening_headcount": [
        change("workforce", "opening_headcount", 3.0, period="2026-01"),
        change("workforce", "headcount", "+1"),
    ],
    "headcount_balance": [
        change("workforce", column, "+0.1") for column in ("hired", "separated", "attrition", "headcount")
    ],
    "crew_hours": [
        change("workforce", "hours_used", "+1"),
        change("capacity", "load_hours", "+1", work_center="weld"),
    ],
    "labor_hours": [
        change("workforce", "regular_hours", "+1"),
        change("workforce", "hours_used", "+200"),
        change("workforce", "headcount", "-0.1"),
    ],
    "labor_overtime_limit": [change("workforce", "overtime_hours", "+60")],
    "headcount_limits": [
        change("workforce", "headcount", 1.9),
        change("workforce", "headcount", 4.1),
        change("workforce", "hired", 0.6),
    ],
    "workforce_costs": [
        change("workforce", column, "+0.1")
        for column in (
            "wages",
            "overtime_cost",
            "hire_cost",
            "separation_cost",
            "hired",
            "overtime_hours",
        )
    ],
    "lanes_exist": [change("delivery", "mode", "rocket", shipped=positive)],
    "arrivals_follow_shipments": [
        change("delivery", "arrived", "+1"),
        change("delivery", "shipped", "+1", period="2026-01"),
        change("delivery", "shipped", "+1", destination="south", period="2026-03"),
    ],
    "lane_capacity": [
        change("delivery", "shipped", "+160", destination="depot", item="bike"),
        change("delivery", "shipped", 40.1, destination="depot", item="ebike"),
        change("delivery", "shipped", 70.1, destination="south", period="2026-03"),
        change("delivery", "shipped", "+110", destination="north", mode="van", item="ebike"),
    ],
    "freight": [change("delivery", "freight", "+1"), change("delivery", "shipped", "+1")],
    "market_deliveries": [
        change("sales", "delivered_on_time", "+1"),
        change("sales", "delivered_late", "-1", delivered_late=positive),
        change("delivery", "arrived", "+1", destination="north"),
    ],
    "opening_inventory": [
        change("inventory", "opening", 51.0, **BIKE_DEPOT, period="2026-01"),
        change("inventory", "closing", "+1", period="2026-03"),
        change("inventory", "opening", "+1", period="2026-04"),
    ],
    "inventory_balance": [
        change("inventory", column, "+1")
        for column in (
            "opening",
            "produced",
            "received",
            "scheduled_receipts",
            "transferred_in",
            "consumed",
            "shipped",
            "transferred_out",
            "scrapped",
            "closing",
        )
    ],
    "stock_comes_from_somewhere": [
        change("inventory", column, "+1", item="wheel")
        for column in ("produced", "received", "scheduled_receipts")
    ],
    "bill_of_materials": [
        change("inventory", "consumed", "+1", item="wheel"),
        change("production", "production", "+1", item="ebike"),
    ],
    "stock_goes_somewhere": [
        change("inventory", column, "+1") for column in ("shipped", "transferred_out", "transferred_in")
    ],
    "scrap": [
        change("inventory", "scrapped", "+1"),
        change("production", "yield_loss", "+1"),
        change("quality", "scrapped", "+1"),
    ],
    "safety_stock": [
        change("inventory", "safety_stock", "+1"),
        change("inventory", "safety_stock_shortfall", 0.0, safety_stock_shortfall=positive),
        change("inventory", "safety_stock_shortfall", 1.0, item="wheel"),
    ],
    "inventory_limits": [
        change("inventory", "closing", 60.1, item="bike", site="plant"),
        change("inventory", "closing", 200.1, item="frame"),
        change("inventory", "closing", 19.9, **BIKE_DEPOT, period="2026-06"),
    ],
    "inventory_costs": [
        change("inventory", "holding", "+1"),
        change("inventory", "safety_stock_penalty", "+1"),
        change("inventory", "closing", "+1", item="frame"),
    ],
    "storage": [
        change("storage", "volume", "+1"),
        change("storage", "storage_capacity", 61.0, site="depot"),
        change("storage", "storage_capacity", 61.0, site="plant"),
        change("storage", "overflow", "-1", overflow=positive),
        change("storage", "overflow", 1.0, site="plant"),
        change("inventory", "closing", "+1", period="2026-02"),
    ],
    "storage_cost": [
        change("storage", "overflow_cost", "+1"),
        change("storage", "overflow", "+1", site="depot"),
    ],
    "booked_demand": [
        change("sales", "demand", "+1", demand_class="booked"),
        change("demand", "quantity", "+1", origin="booked"),
        change("sales", "priority", 4, demand_class="booked", demand=positive),
    ],
    "forecast_demand": [
        change("sales", "demand", "+1", demand_class="forecast"),
        change("demand", "quantity", "+1", origin="user"),
    ],
    "demand_balance": [
        change("sales", column, "+1")
        for column in ("demand", "delivered_on_time", "delivered_late", "backorders", "lost")
    ],
    "deliveries_are_wanted": [
        change("sales", "delivered_on_time", "+200"),
        change("sales", "delivered_late", "+200"),
    ],
    "max_lateness": [
        change("sales", "backorders", 1.0, item="ebike"),
        change("sales", "backorders", 1.0, period="2026-06"),
        change("sales", "backorders", 200.0, item="bike", demand_class="forecast"),
    ],
    "min_fill_rate": [
        change(
            "sales", "delivered_on_time", 0.0, item="ebike", demand_class="booked", delivered_on_time=positive
        )
    ],
    "fulfillment_adds_up": [
        change("fulfillment", "delivered_on_time", "+1"),
        change("fulfillment", "delivered_late", "-1", order="o4"),
        change("fulfillment", "lost", "+1", demand_class="forecast"),
        change("sales", "delivered_on_time", "+1"),
        change("fulfillment", "priority", 4, order="o4"),
    ],
    "orders_are_settled": [
        change("fulfillment", "delivered_on_time", "-1", order="o2"),
        change("fulfillment", "delivered_late", "+1", order="o4"),
        change("fulfillment", "order", "o9", order="o2"),
        change("fulfillment", "due", pd.Period("2025-11", "M"), order="o4"),
        change("fulfillment", "lost", "+1", demand_class="forecast"),
    ],
    "fulfillment_in_time": [
        change("fulfillment", "period", pd.Period("2026-02", "M"), order="o2"),
        change("fulfillment", "period", pd.Period("2026-04", "M"), order="o4"),  # 2 periods: by March at last
        change("fulfillment", "due", pd.Period("2026-03", "M"), order="o4"),
        change("fulfillment", "period", pd.Period("2026-06", "M"), lost=positive, due=in_january),
    ],
    "fulfillment_in_turn": [
        # another order of the same line, a month older, delivered a month later
        appended("fulfillment", order="o8", due=pd.Period("2025-11", "M"), period=pd.Period("2026-03", "M")),
    ],
    "origins_in_proportion": [
        change("fulfillment", "origin", "pipeline", demand_class="forecast"),
    ],
    "own_prices": [
        change("fulfillment", "price", 200.0, order="o1"),
        change("fulfillment", "price", 190.0, order="o2"),
        change("fulfillment", "revenue", "+1"),
        change("fulfillment", "customer", "zeta", order="o1"),
    ],
    "sales_prices": [
        change("sales", "price", "+1"),
        change("sales", "revenue", "+1"),
        change("sales", "delivered_on_time", "+1"),
    ],
    "sales_targets": [
        *(change("targets", column, "+1") for column in ("quantity", "demand", "delivered", "shortfall")),
        change("targets", "priority", 9),
        change("targets", "measure", "pieces"),
        change("targets", "from", pd.Period("2026-02", "M")),
        change("targets", "to", pd.Period("2026-02", "M")),
        change("sales", "delivered_on_time", "+1"),
    ],
    "costs": [
        change("costs", "amount", "+1"),
        change("costs", "cost", "rent"),
        change("sales", "lost", "+1"),
        change("sales", "backorders", "+1"),
        change("sourcing", "purchase_cost", "+1"),
    ],
    "objective": [
        lambda plan: replace(plan, objective=plan.objective + 1.0),
        change("costs", "amount", "+1"),
        lambda plan: replace(plan, gap=0.5),
        lambda plan: replace(plan, bound=plan.objective - 500.0),
    ],
    "shadow_prices": [
        change("shadow_prices", "shadow_price", -1.0, constraint="lane_capacity"),
        change("shadow_prices", "constraint", "gravity"),
        change("shadow_prices", "unit", "apples"),
    ],
    "kpis": [
        kpi("revenue", 1.0),
        kpi("oee", 0.99),
        lambda plan: replace(plan, kpi_table=plan.kpi_table.iloc[1:]),
        lambda plan: replace(
            plan, kpi_table=pd.concat([plan.kpi_table, plan.kpi_table.head(1).assign(kpi="luck")])
        ),
        change("inventory", "closing", "+1"),
    ],
}


def test_every_rule_has_a_number_that_breaks_it() -> None:
    elsewhere = {
        "files_are_as_saved",  # no number in memory breaks it: tests/plan/test_folder.py edits files
        "items_are_the_scenarios", "actuals_are_recorded", "arrivals_take_the_lead_time",  # tests/plan/test_items.py
    }
    assert set(TAMPERS) | set(WHOLE_NUMBER_TAMPERS) | {*STABILITY_RULES} | elsewhere == set(RULES)


NUMBERED = [(rule, number) for rule, tampers in TAMPERS.items() for number in range(len(tampers))]


@pytest.mark.parametrize(("rule", "number"), NUMBERED)
def test_a_rule_finds_the_number_that_breaks_it(plan: Plan, rates: Rates, rule: str, number: int) -> None:
    found = RULES[rule](Books(TAMPERS[rule][number](plan), rates))

    assert found
    assert all(finding.rule == rule and finding.message for finding in found)


def test_a_finding_says_where_what_x(plan: Plan, rates: Rates) -> None:
    row = row_where(plan, "inventory", item="bike", site="depot", period="2026-02")
    closing = plan.tables["inventory"]["closing"].iloc[row]

    finding = RULES["inventory_balance"](
        Books(with_cell(plan, "inventory", row, "closing", closing + 5.0), rates)
    )[0]

    assert (finding.table, finding.key, finding.period) == ("inventory", "bike | depot", "2026-02")
    assert finding.found - finding.expected == pytest.approx(5.0)
    figures = f"closing is {closing + 5:.10g}, must be {closing:.10g}"
    assert str(finding) == f"inventory, bike | depot, 2026-02: {figures} (inventory_balance)"


def test_rounding_of_the_solver_is_no_finding(plan: Plan, rates: Rates) -> None:
    row = row_where(plan, "inventory", item="bike", site="depot", period="2026-02")
    closing = plan.tables["inventory"]["closing"].iloc[row]
    rounding = 0.5 * (ABSOLUTE + RELATIVE * closing)
    slightly, clearly = (
        with_cell(plan, "inventory", row, "closing", closing + off) for off in (rounding, 3 * rounding)
    )

    assert RULES["inventory_balance"](Books(slightly, rates)) == []
    assert RULES["inventory_balance"](Books(clearly, rates))


def test_a_changed_scenario_is_told_apart_from_the_one_planned(plan: Plan) -> None:
    changed = load_scenario(bicycles(objective={"mode": "cost"}, scheduled_receipts=rows("""
        item   site   period   quantity
        frame  plant  2026-01  41""")))

    found = audit(plan, changed)

    assert found[0].rule == "scenario_hash"
    assert {"scenario_hash", "stock_comes_from_somewhere"} <= {finding.rule for finding in found}


def renamed(old: str) -> dict[str, object]:
    """The bicycle maker with one name changed everywhere."""
    return rewritten(f'"{old}"', f'"{old}-new"')


def rewritten(old: str, new: str) -> dict[str, object]:
    """The bicycle maker with one text changed everywhere."""
    changed: dict[str, object] = json.loads(json.dumps(bicycles(objective={"mode": "cost"})).replace(old, new))
    return changed


OTHER_SCENARIOS = {
    "a target is gone": bicycles(objective={"mode": "cost"}, sales_targets=[]),
    "an item is renamed": renamed("bike"),
    "a target is renamed": renamed("south-bike"),
    "more periods": bicycles(objective={"mode": "cost"}, calendar={"start": "2026-01", "periods": 9}),
    "other periods": rewritten('"2026-', '"2025-'),
    "weeks": {
        "name": "Weeks", "calendar": {"start": "2026-W02", "periods": 3, "bucket": "week"}, "items": [{"item": "bike"}],
        "sites": [{"site": "plant"}], "markets": [{"market": "north"}],
        "demand": [{"item": "bike", "market": "north", "period": "2026-W02", "quantity": 5}],
        "lanes": [{"origin": "plant", "destination": "north", "mode": "truck"}],
        "sourcing": [{"item": "bike", "supplier": "arvo", "site": "plant", "unit_cost": 60}]},
}


@pytest.mark.parametrize("other", OTHER_SCENARIOS.values(), ids=OTHER_SCENARIOS.keys())
def test_a_scenario_that_has_changed_is_said_first_whatever_has_changed(plan: Plan, other: dict[str, object]) -> None:
    found = audit(plan, load_scenario(other))

    assert found[0].rule == "scenario_hash"
    assert found[0].message == "the scenario has changed since it was planned, or it is another one: solve it again"


@pytest.mark.parametrize("table", ["production", "sales", "sourcing", "capacity", "targets", "inventory", "workforce", "costs"])
def test_a_row_that_stands_twice_is_a_finding(plan: Plan, scenario: Scenario, table: str) -> None:
    found = audit(doubled(table)(plan), scenario)

    assert {"keys_are_unique"} <= {finding.rule for finding in found if finding.table == table}


def test_a_kpi_that_stands_twice_is_a_finding(plan: Plan, scenario: Scenario) -> None:
    twice = pd.concat([plan.kpi_table, plan.kpi_table.head(1)], ignore_index=True)

    found = audit(replace(plan, kpi_table=twice), scenario)

    assert [finding.message for finding in found] == ["this KPI stands more than once"]


def test_rules_that_fail_on_what_they_read_are_named_and_the_others_are_checked(
    plan: Plan, scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(books: Books) -> list[Finding]:
        raise KeyError("spring")

    monkeypatch.setitem(RULES, "purchases", failing)
    found = audit(with_cell(plan, "inventory", 3, "closing", 1e6), scenario)

    assert found[-1].message == (
        "1 rule could not be checked, since tables and scenario do not fit together: purchases")
    assert "inventory_balance" in {finding.rule for finding in found}


def test_the_scenario_must_be_named_where_the_plan_does_not_know_it(plan: Plan) -> None:
    with pytest.raises(PlanError, match="the scenario that it was made of is not there"):
        audit(plan)


def test_auditing_needs_neither_pyomo_nor_highs() -> None:
    code = (
        "import sys\n"
        "class Refused:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] in ('pyomo', 'highspy', 'statsmodels', 'altair'): raise "
        "ImportError(name)\n"
        "sys.meta_path.insert(0, Refused())\n"
        "from planner.plan.audit import audit\n"
        "from planner.plan.comparison.compare import compare\n"
        "from planner.plan.explain import explain\n"
        "from planner.plan.folder import load_plan\n"
        "print('ok')"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert (done.stdout.strip(), done.stderr) == ("ok", "")


quantities = st.integers(0, 300)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(demand=st.lists(quantities, min_size=6, max_size=6), on_hand=quantities, capacity=quantities, hours=st.integers(0, 400),
       lead_time=st.integers(0, 7), lateness=st.integers(0, 6), mode=st.sampled_from(["cost", "profit", "targets_first"]))
def test_whatever_is_solved_passes_the_audit(
    demand: list[int], on_hand: int, capacity: int, hours: int, lead_time: int, lateness: int, mode: str
) -> None:
    tables = bicycles()
    tables["demand"] = [
        {**row, "quantity": demand[number % 6]} for number, row in enumerate(tables["demand"])
    ]
    tables["inventory"][3] = {**tables["inventory"][3], "on_hand": on_hand, "ending_inventory": 0}
    tables["sourcing"][0] = {**tables["sourcing"][0], "capacity": capacity, "lead_time": lead_time}
    tables["work_centers"][1] = {**tables["work_centers"][1], "available_hours": hours}
    tables["service_terms"][0] = {**tables["service_terms"][0], "max_lateness": lateness}
    tables["service_terms"][3] = {**tables["service_terms"][3], "min_fill_rate": 0}
    scenario = load_scenario({**tables, "objective": {"mode": mode}})
    try:
        plan = make_plan(scenario)
    except InfeasibleError:
        assume(False)  # too little can be made for the promised fill rate: there is no plan to audit

    assert [str(finding) for finding in audit(plan, scenario)] == []
