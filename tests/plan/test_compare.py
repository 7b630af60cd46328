"""Plans side by side, also when they know different items."""

from dataclasses import replace

import pandas as pd
import pytest
from bicycles import bicycles

from planner.errors import PlanError
from planner.plan.compare import Comparison, compare
from planner.plan.plan import Plan, make_plan
from planner.scenario.load import load_scenario


def with_kpis(plan: Plan, name: str, **values: float) -> Plan:
    kpis = plan.kpi_table["kpi"]
    table = plan.kpi_table.assign(
        value=plan.kpi_table["value"].mask(kpis.isin(list(values)), kpis.map(values))
    )
    return replace(plan, name=name, kpi_table=table)


def with_amount(plan: Plan, name: str, table: str, measure: str, by: float, **where: str) -> Plan:
    """The plan under another name, with one figure changed in the first row that fits."""
    frame = plan.tables[table].copy()
    fits = pd.concat([frame[column].astype("str") == value for column, value in where.items()], axis=1).all(
        axis=1
    )
    frame.loc[fits.idxmax(), measure] += by
    return replace(plan, name=name, tables={**plan.tables, table: frame})


def kpi(comparison: Comparison, name: str) -> dict[str, object]:
    return comparison.kpis.set_index("kpi").loc[name].to_dict()


def test_kpis_stand_side_by_side_with_difference_and_verdict(plan: Plan) -> None:
    other = with_kpis(
        plan, "Other", revenue=plan.kpis["revenue"] + 10, total_cost=plan.kpis["total_cost"] + 5
    )

    both = compare([plan, other])

    assert both.names == ("Bicycles", "Other")
    revenue, cost = kpi(both, "revenue"), kpi(both, "total_cost")
    assert (revenue["Bicycles"], revenue["Other"]) == (plan.kpis["revenue"], plan.kpis["revenue"] + 10)
    assert (revenue["Other: difference"], revenue["Other: verdict"]) == (pytest.approx(10), "better")
    assert (cost["Other: difference"], cost["Other: verdict"]) == (pytest.approx(5), "worse")
    assert kpi(both, "oee")["Other: verdict"] == "same"


def test_a_bias_is_better_nearer_to_zero(plan: Plan) -> None:
    row = pd.DataFrame(
        [{"kpi": "forecast_bias", "unit": "0 to 1", "side": "both", "better": "zero", "meaning": "Bias."}]
    )
    biases = {"a": -0.2, "b": 0.1, "c": 0.3}
    biased = [replace(plan, name=name, kpi_table=row.assign(value=bias)) for name, bias in biases.items()]

    found = kpi(compare(biased), "forecast_bias")

    assert (found["b: verdict"], found["c: verdict"]) == ("better", "worse")


def test_a_kpi_that_only_one_plan_has_gets_no_verdict(plan: Plan) -> None:
    poorer = replace(plan, name="Poorer", kpi_table=plan.kpi_table[plan.kpi_table["kpi"] != "oee"])

    for comparison in (compare([plan, poorer]), compare([poorer, plan])):
        found = kpi(comparison, "oee")
        assert [verdict for name, verdict in found.items() if name.endswith("verdict")] == [""]
        assert sum(pd.isna(found[name]) for name in ("Bicycles", "Poorer")) == 1


def test_the_largest_difference_of_an_area_comes_first_and_flows_are_added_up(plan: Plan) -> None:
    other = with_amount(plan, "Other", "production", "production", 7.0, routing="hand")
    other = with_amount(other, "Other", "production", "production", 3.0, routing="hand", period="2026-05")
    other = with_amount(other, "Other", "production", "production", -90.0, item="ebike")

    found = compare([plan, other]).differences

    made = found[found["measure"] == "production"]
    assert made["key"].tolist() == ["ebike | plant | line", "bike | plant | hand"]
    assert made["difference"].tolist() == pytest.approx([-90, 10])
    assert (made["Other"] - made["Bicycles"]).tolist() == pytest.approx([-90, 10])
    assert set(made["area"]) == {"production"} and set(made["unit"]) == {"units"}


def test_levels_are_averaged_over_the_horizon(plan: Plan) -> None:
    other = with_amount(plan, "Other", "inventory", "closing", 12.0, item="wheel")

    found = compare([plan, other]).differences

    assert found[found["measure"] == "closing"]["difference"].tolist() == pytest.approx([12 / 6])


def test_of_several_plans_the_one_farthest_from_the_first_counts(plan: Plan) -> None:
    one = with_amount(plan, "One", "costs", "amount", 5.0, cost="freight")
    two = with_amount(plan, "Two", "costs", "amount", -8.0, cost="freight")

    found = compare([plan, one, two]).differences

    assert found[found["area"] == "costs"]["difference"].tolist() == pytest.approx([-8])
    assert list(found.columns) == [
        "area",
        "table",
        "key",
        "measure",
        "unit",
        "Bicycles",
        "One",
        "Two",
        "difference",
    ]


def test_plans_with_different_items_are_compared_as_if_the_missing_ones_were_zero(plan: Plan) -> None:
    tables = bicycles()
    renamed = {
        name: [{key: "trike" if cell == "ebike" else cell for key, cell in row.items()} for row in rows]
        for name, rows in tables.items()
        if isinstance(rows, list)
    }
    other = make_plan(load_scenario({**tables, **renamed, "name": "Trikes", "objective": {"mode": "cost"}}))

    found = compare([plan, other]).differences.set_index(["measure", "key"])

    assert found.loc[("shipped", "depot | north | van | trike"), "Bicycles"] == 0
    assert found.loc[("shipped", "depot | north | van | ebike"), "Trikes"] == 0


def test_a_plan_differs_nowhere_from_itself(plan: Plan) -> None:
    same = compare([plan, plan])

    assert same.names == ("Bicycles", "Bicycles (2)")
    assert same.differences.empty
    assert set(same.kpis["Bicycles (2): verdict"]) == {"same"}


def test_one_plan_alone_is_a_scorecard(plan: Plan) -> None:
    alone = compare([plan])

    assert alone.kpis["Bicycles"].tolist() == plan.kpi_table["value"].tolist()
    assert alone.differences.empty


def test_only_the_largest_differences_are_kept(plan: Plan) -> None:
    shipped = plan.tables["delivery"].assign(shipped=plan.tables["delivery"]["shipped"] * 2)
    other = replace(plan, name="Other", tables={**plan.tables, "delivery": shipped})

    everything = compare([plan, other], largest=100).differences
    two = compare([plan, other], largest=2).differences

    assert len(everything) > 2
    assert two.equals(everything.head(2))


def test_nothing_and_different_currencies_cannot_be_compared(plan: Plan) -> None:
    with pytest.raises(PlanError, match="there is no plan to compare"):
        compare([])
    with pytest.raises(PlanError, match="plans in EUR and USD cannot be compared"):
        compare([plan, replace(plan, currency="USD")])
