"""A plan can be read without its scenario: it repeats the items, the year before it, and says when what it
begins arrives; the audit finds what is not the scenario's.
"""

from dataclasses import replace

import pandas as pd
import pytest
from bicycles import bicycles, rows

from planner.plan.audit import RULES, Books
from planner.plan.plan import Plan
from planner.plan.rates import Rates
from planner.plan.tables.items import actuals_table, items_table
from planner.scenario.load import load_scenario


def changed(plan: Plan, table: str, row: int, column: str, value: object) -> Plan:
    frame = plan.tables[table].copy()
    frame.loc[row, column] = value
    return replace(plan, tables={**plan.tables, table: frame})


def test_items_have_their_family_unit_and_costs() -> None:
    items = items_table(load_scenario(bicycles())).set_index("item")

    assert list(items.loc["bike"]) == ["bikes", "", 200.0, 90.0]
    assert items.loc["frame", "family"] == ""


def test_actuals_are_the_orders_for_the_year_before_the_plan_by_item() -> None:
    history = rows("""
        date        customer  item  quantity  revenue  wanted
        2024-12-31  acme      bike  7         -        -
        2025-01-01  acme      bike  10        1900     -
        2025-01-20  zeta      bike  -2        -        -
        2025-11-30  zeta      bike  5         -        2025-12-02
        2025-12-31  zeta      bike  4         -        2026-01-03""")
    actuals = actuals_table(load_scenario(bicycles(order_history=history, forecast={"returns": "net"})))

    # 10 ordered less 2 returned; what was wanted a year and a day ago, or is wanted in the plan, is not of it
    assert actuals[["item", "period", "ordered"]].to_numpy().tolist() == [["bike", -11, 8.0], ["bike", 0, 5.0]]
    assert actuals["revenue"].iloc[0] == 1900.0
    assert pd.isna(actuals["revenue"].iloc[1])


def test_what_begins_in_a_period_arrives_the_lead_time_later_that_holds_then(plan: Plan) -> None:
    bought = plan.tables["sourcing"].query("item == 'frame' and supplier == 'arvo'")
    made = plan.tables["production"].query("item == 'bike' and routing == 'line'")

    # a lead time of 1, but 2 for what is ordered in March and April; the last arrives after the plan
    assert arrivals(bought) == {"2026-01": "2026-02", "2026-02": "2026-03", "2026-03": "2026-05",
                                "2026-04": "2026-06", "2026-05": "2026-06", "2026-06": "2026-07"}
    # no lead time, but 1 for what is started in April and May
    assert arrivals(made) == {"2026-01": "2026-01", "2026-02": "2026-02", "2026-03": "2026-03",
                              "2026-04": "2026-05", "2026-05": "2026-06", "2026-06": "2026-06"}


def arrivals(rows: pd.DataFrame) -> dict[str, str]:
    return dict(zip(rows["period"].astype("str"), rows["arrives"].astype("str"), strict=True))


@pytest.mark.parametrize(("table", "column", "value", "rule"), [
    ("items", "family", "cars", "items_are_the_scenarios"),
    ("items", "unit", "kg", "items_are_the_scenarios"),
    ("items", "standard_cost", 91.0, "items_are_the_scenarios"),
    ("actuals", "ordered", 11.0, "actuals_are_recorded"),
    ("sourcing", "arrives", pd.Period("2026-06", "M"), "arrivals_take_the_lead_time"),
    ("production", "arrives", pd.NaT, "arrivals_take_the_lead_time"),
])
def test_what_is_not_the_scenarios_is_found(plan: Plan, rates: Rates, table: str, column: str, value: object,
                                            rule: str) -> None:
    assert RULES[rule](Books(plan, rates)) == []

    found = RULES[rule](Books(changed(plan, table, 0, column, value), rates))

    assert len(found) == 1
    assert found[0].table == table
    assert found[0].message.startswith(f"{column} is ")


def test_an_item_that_is_missing_is_found(plan: Plan, rates: Rates) -> None:
    cut = replace(plan, tables={**plan.tables, "items": plan.tables["items"].iloc[1:]})

    assert [str(finding) for finding in RULES["items_are_the_scenarios"](Books(cut, rates))] == [
        "items, bike: the item is missing (items_are_the_scenarios)"]
