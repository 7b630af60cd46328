"""Whatever a scenario holds, the fast compiler makes the matrix that Pyomo's own makes of the same rules."""

from typing import Any

from hypothesis import HealthCheck, assume, given, settings, strategies as st

from planner.demand.demand import make_demand
from planner.errors import ScenarioError
from planner.scenario.load import load_scenario
from tests.model.plants import month, table, works
from tests.model.reference import assert_same_as_pyomo

RATES = st.sampled_from([0.5, 1.0, 3.0, 7.25])
# Columns that switch a lever on where they are filled in.
LEVERS = {
    "sourcing": ("moq", "order_cost", "lot_multiple"),
    "routings": ("setup_cost", "min_lot", "lot_multiple", "lead_time"),
    "routing_steps": ("setup_hours",),
    "lanes": ("min_shipment", "lead_time"),
}
# Columns that may be blank.
BLANKS = {
    "sourcing": ("capacity", "min_share", "max_share"),
    "routings": ("capacity", "yield_rate"),
    "work_centers": ("available_hours", "overtime_hours", "labor_pool"),
    "lanes": ("capacity",),
    "inventory": (
        "on_hand",
        "safety_stock",
        "days_of_supply",
        "max_inventory",
        "ending_inventory",
        "holding_cost",
    ),
    "labor_pools": ("attrition_rate", "min_headcount", "max_headcount", "max_hires"),
    "sites": ("storage_capacity", "storage_overflow_cost"),
    "service_terms": ("max_lateness", "min_fill_rate"),
    "inspections": ("work_center", "rework_rate"),
}
OPTIONAL = ("supplier_capacity", "scheduled_receipts", "capacity", "inspections", "labor_pools")
ADDED: dict[str, Any] = {
    "booked_orders": table(
        "order market item quantity due priority",
        ("o1", "north", "bike", 4, month(1), 1),
        ("o2", "south", "bike", 6, month(3), None),
    ),
    "sales_targets": table(
        "target measure item market from to quantity priority",
        ("a", "units", "bike", None, None, month(2), 30, 1),
        ("b", "revenue", None, "north", month(2), None, 4000, 2),
    ),
    "price_breaks": table(
        "supplier item from_quantity unit_cost kind",
        ("borea", "frame", 0, 27, "all_units"),
        ("borea", "frame", 5, 24, "all_units"),
    ),
    "capacity_options": table(
        "option site work_center added_hours fixed_cost period_cost lead_time max_count",
        ("shift", "plant", "weld", 8, 20, 5, 1, 2),
    ),
    "maintenance": table(
        "site work_center hours_per_stop stops from to max_stops_per_period",
        ("plant", "assembly", 2, 2, None, month(3), 1),
    ),
    "site_options": table("site_option site kind fixed_cost", ("shut", "depot", "close", 15)),
}


@st.composite
def scenarios(draw: Any) -> dict[str, Any]:
    """The bicycle works with levers switched on and off, figures blanked and scaled, spans and tables added
    and left out.
    """
    made = {
        name: [dict(row) for row in rows] if isinstance(rows, list) else rows
        for name, rows in works().items()
    }
    made["calendar"] = {"start": month(1), "periods": draw(st.integers(4, 5))}
    made["objective"] = {"mode": draw(st.sampled_from(["cost", "profit", "targets_first"]))}
    for name in draw(st.sets(st.sampled_from(OPTIONAL))):
        made.pop(name)
    if "labor_pools" not in made:
        made["work_centers"] = [
            {column: cell for column, cell in row.items() if column not in ("labor_pool", "crew_size")}
            for row in made["work_centers"]
        ]
    made |= {name: ADDED[name] for name in draw(st.sets(st.sampled_from(sorted(ADDED)), max_size=3))}
    for row, columns in [(row, columns) for name, columns in BLANKS.items() for row in made.get(name, [])]:
        for column in draw(st.sets(st.sampled_from(columns), max_size=2)):
            row.pop(column, None)
    for row, columns in [(row, columns) for name, columns in LEVERS.items() for row in made.get(name, [])]:
        for column in draw(st.sets(st.sampled_from(columns), max_size=1)):
            row[column] = draw(st.integers(1, 2)) if column == "lead_time" else draw(RATES)
    if draw(st.booleans()):
        made["lanes"][0] |= {"vehicle_size": draw(RATES), "vehicle_cost": draw(RATES), "max_vehicles": 3}
    if draw(st.booleans()):
        made.get("labor_pools", [{}])[0]["whole_workers"] = "yes"
    _spread(draw, made)
    return made


def _spread(draw: Any, made: dict[str, Any]) -> None:
    """Some rows hold in a span only, some have another figure there."""
    for name, column in (
        ("sourcing", "unit_cost"),
        ("routings", "unit_cost"),
        ("work_centers", "available_hours"),
    ):
        for row in list(made[name]):
            kind = draw(st.sampled_from(["always", "only", "other"]))
            span = {"from": month(2), "to": month(3)} if draw(st.booleans()) else {"from": month(2)}
            if kind == "only":
                row |= span
            elif kind == "other" and column in row:
                made[name].append({**row, **span, column: row[column] * draw(RATES)})


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(scenarios())
def test_the_matrix_of_any_scenario_equals_the_matrix_of_pyomos_own_compiler(made: dict[str, Any]) -> None:
    try:
        scenario = load_scenario(made)
    except ScenarioError:
        assume(False)
    assert_same_as_pyomo(scenario, make_demand(scenario))
