"""Plans side by side, also when they know different items."""

from dataclasses import replace

import pandas as pd
import pytest
from bicycles import bicycles

from planner.errors import PlanError
from planner.plan.comparison.compare import Comparison, compare
from planner.plan.kpis import KPIS
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

    assert dict(zip(alone.kpis["kpi"], alone.kpis["Bicycles"], strict=True)) == plan.kpis
    assert alone.differences.empty


def test_only_the_largest_differences_are_kept(plan: Plan) -> None:
    shipped = plan.tables["delivery"].assign(shipped=plan.tables["delivery"]["shipped"] * 2)
    other = replace(plan, name="Other", tables={**plan.tables, "delivery": shipped})

    everything = compare([plan, other], largest=100).differences
    two = compare([plan, other], largest=2).differences

    assert len(everything) > 2
    assert two.equals(everything.head(2))


def test_nothing_cannot_be_compared() -> None:
    with pytest.raises(PlanError, match="there is no plan to compare"):
        compare([])


# ------------------------------------------------------------------------------------ what decides, and volume


def with_deliveries(plan: Plan, name: str, *, less: float, **values: float) -> Plan:
    """The plan with so many fewer units delivered, and with other KPIs."""
    sales = plan.tables["sales"]
    first = (sales["delivered_on_time"] > less).idxmax()
    delivered = sales["delivered_on_time"].where(sales.index != first, sales["delivered_on_time"] - less)
    tables = {**plan.tables, "sales": sales.assign(delivered_on_time=delivered)}
    return replace(with_kpis(plan, name, **values), tables=tables)


def test_service_margin_and_revenue_stand_first_and_the_cost_beside_its_volume(plan: Plan) -> None:
    assert compare([plan, plan]).kpis["kpi"].head(9).tolist() == [
        "order_fill_rate", "on_time_in_full", "target_attainment", "revenue", "margin", "stock_value",
        "units_delivered", "cost_per_unit", "total_cost"]


@pytest.mark.parametrize(("less", "cost", "verdict"), [
    (5.0, -100.0, ""),  # fewer units at a lower cost: no gain
    (-5.0, 100.0, ""),  # more units at a higher cost: no loss
    (0.0, -100.0, "better"),
    (-5.0, -100.0, "better"),  # more units at a lower cost
    (5.0, 100.0, "worse"),
    (5.0, 0.0, "same"),
])
def test_a_cost_that_is_lower_for_fewer_units_is_not_better(plan: Plan, less: float, cost: float, verdict: str) -> None:
    other = with_deliveries(plan, "Other", less=less, total_cost=plan.kpis["total_cost"] + cost)

    assert kpi(compare([plan, other]), "total_cost")["Other: verdict"] == verdict


def test_what_does_not_grow_with_the_volume_is_judged_whatever_is_delivered(plan: Plan) -> None:
    other = with_deliveries(plan, "Other", less=5.0, cost_per_unit=plan.kpis["cost_per_unit"] - 1)

    assert kpi(compare([plan, other]), "cost_per_unit")["Other: verdict"] == "better"


# ----------------------------------------------------------------------------------------- plans of other names


@pytest.mark.parametrize("name", ["table", "unit", "kpi", "key", "area", "measure", "difference", "self", "better", "side",
                                  "meaning", "share", "rank", "0", "plan", "Bicycles: verdict", "a | b", "nan"])
def test_a_plan_may_be_called_like_anything(plan: Plan, name: str) -> None:
    other = with_amount(with_kpis(plan, name, revenue=1.0), name, "costs", "amount", 5.0, cost="freight")

    found = compare([plan, other, replace(plan, name="Third")])

    assert found.kpis["better"].isin(["higher", "lower", "zero"]).all()
    assert found.kpis["meaning"].equals(compare([plan, plan]).kpis["meaning"])
    assert kpi(found, "revenue")[found.names[1]] == 1.0
    assert kpi(found, "revenue")[f"{found.names[1]}: verdict"] == "worse"
    assert found.differences["area"].tolist() == ["costs"]
    assert found.differences[["Bicycles", *found.names[1:]]].diff(axis=1).iloc[0].tolist()[1:] == pytest.approx([5, -5])


def test_a_plan_called_like_another_ones_column_keeps_both(plan: Plan) -> None:
    names = ["Other: verdict", "Other", "Other", "Other: difference"]

    found = compare([with_kpis(plan, name, revenue=float(place)) for place, name in enumerate(names)])

    assert len(set(found.kpis.columns)) == len(found.kpis.columns)
    assert [kpi(found, "revenue")[name] for name in found.names] == [0, 1, 2, 3]


# ------------------------------------------------------------------------------------------------ common ground


def one_bike(name: str, *, start: str = "2026-01", periods: int = 4, bucket: str = "month", unit: str = "piece",
             mode: str = "cost", capacity: float = 8.0) -> Plan:
    """10 bikes wanted each period, at 100; so many can be bought, at 60."""
    months = pd.period_range(start, periods=periods, freq="M" if bucket == "month" else "W-SUN")
    labels = [str(month) if bucket == "month" else f"2026-W{month.week:02d}" for month in months]
    return make_plan(load_scenario({
        "name": name, "calendar": {"start": labels[0], "periods": periods, "bucket": bucket}, "objective": {"mode": mode},
        "items": [{"item": "bike", "price": 100, "unit": unit, "standard_cost": 60}],
        "sites": [{"site": "plant"}], "markets": [{"market": "north"}],
        "demand": [{"item": "bike", "market": "north", "period": label, "quantity": 10} for label in labels],
        "sourcing": [{"item": "bike", "supplier": "arvo", "site": "plant", "unit_cost": 60, "capacity": capacity}],
        "lanes": [{"origin": "plant", "destination": "north", "mode": "truck"}],
        "sales_targets": [{"target": "all", "measure": "units", "item": "bike", "quantity": 30},
                          {"target": "second", "measure": "units", "item": "bike", "quantity": 20,
                           "from": labels[1], "to": labels[2]}],
        "service_terms": [{"lost_sale_cost": 500, "max_lateness": 0}]}))


def test_plans_of_different_periods_are_compared_over_those_they_share() -> None:
    early, late = one_bike("Early"), one_bike("Late", start="2026-02", capacity=9)

    found = compare([early, late])

    # February to April: 3 x 8 of 30 bikes against 3 x 9, at 100 less 60 each and 500 for each that is lost
    assert kpi(found, "revenue")["Early"] == pytest.approx(2400) and kpi(found, "revenue")["Late"] == pytest.approx(2700)
    assert kpi(found, "order_fill_rate")["Early"] == pytest.approx(0.8)
    assert kpi(found, "order_fill_rate")["Late: verdict"] == "better"
    assert kpi(found, "total_cost")["Late: difference"] == pytest.approx(3 * (60 - 500))
    lost = found.differences.set_index("measure").loc["lost"]
    assert (lost["Early"], lost["Late"]) == (pytest.approx(6), pytest.approx(3))
    assert [plan.calendar.span() for plan in found.plans] == ["2026-02 to 2026-04"] * 2


def test_what_is_compared_and_what_is_left_out_is_said() -> None:
    found = compare([one_bike("Early"), one_bike("Late", start="2026-02")])

    assert found.notes[0].startswith("Compared over 2026-02 to 2026-04, the 3 months that all plans cover "
                                     "(Early 2026-01 to 2026-04, Late 2026-02 to 2026-05).")
    assert found.notes[1] == ("Left out, since only whole plans have them: gap to target money, supply lead time, days of supply.")
    assert not {"supply_lead_time", "days_of_supply", "gap_to_target_money"} & set(found.kpis["kpi"])


def test_a_target_that_counts_other_periods_is_left_out() -> None:
    found = compare([one_bike("Early"), one_bike("Late", start="2026-02")])

    # of the two targets, only `second` lies within February to April: 16 of 20, and 8 + 8 of 20 in March and April
    assert kpi(found, "target_attainment")["Early"] == pytest.approx(0.8)
    assert [plan.tables["targets"]["target"].tolist() for plan in found.plans] == [["second"], ["second"]]


def test_plans_of_the_same_periods_are_left_as_they_are(plan: Plan) -> None:
    found = compare([plan, replace(plan, name="Other")])

    assert found.plans[0] is plan and found.notes == ()
    past = {name for name, one in KPIS.items() if one.basis == "past"}  # the same whatever is planned
    assert set(found.kpis["kpi"]) == set(plan.kpis) - past


@pytest.mark.parametrize(("other", "message"), [
    ({"start": "2027-01"}, "no period in common: A 2026-01 to 2026-04, B 2027-01 to 2027-04"),
    ({"bucket": "week"}, "their periods are not the same: month in A, week in B"),
    ({"unit": "box of 6"}, "their units are not the same: bike is counted in piece in A, box of 6 in B"),
])
def test_plans_that_share_nothing_are_refused(other: dict[str, str], message: str) -> None:
    with pytest.raises(PlanError, match=message):
        compare([one_bike("A"), one_bike("B", **other)])  # type: ignore[arg-type]


def test_plans_in_different_money_are_refused(plan: Plan) -> None:
    with pytest.raises(PlanError, match=r"plans in EUR and USD cannot be compared.*\(EUR in Bicycles, USD in Other\)"):
        compare([plan, replace(plan, name="Other", currency="USD")])


def test_costs_that_count_lost_sales_beside_costs_that_do_not_are_told_apart() -> None:
    found = compare([one_bike("A"), one_bike("B", mode="targets_first")])

    assert found.notes == ("Backorders and lost sales are counted in the costs of A, not in those of B.",)


def test_a_target_in_money_differs_in_money(plan: Plan) -> None:
    one = with_amount(plan, "One", "targets", "shortfall", 500.0, target="europe")
    two = with_amount(one, "Two", "targets", "shortfall", 50.0, target="bikes")

    found = compare([plan, two]).differences

    assert dict(zip(found["key"], found["unit"], strict=True)) == {"europe": "currency", "bikes": "units"}


def test_what_is_tiny_beside_its_target_is_no_difference(plan: Plan) -> None:
    # 0.01 of 90,000: the solver's tolerance
    other = with_amount(plan, "Other", "targets", "shortfall", 0.01, target="europe")

    assert compare([plan, other]).differences.empty
