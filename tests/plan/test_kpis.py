"""Every KPI against figures that can be checked by hand, and absent where the data do not allow it."""

from typing import Any

import pandas as pd
import pytest
from bicycles import PERIODS, bicycles, rows

from planner.plan.kpis import KPIS, Figures, scorecard
from planner.plan.layout import TABLES
from planner.plan.plan import Plan, make_plan
from planner.scenario.load import load_scenario


def figures(tables: dict[str, list[dict[str, Any]]], **changes: Any) -> Figures:
    """Tables with the given rows, and blanks for the columns that a test does not care about."""
    scenario = load_scenario(bicycles(**changes))
    made = {}
    for name, declared in TABLES.items():
        frame = pd.DataFrame(tables.get(name, []), columns=declared.names)
        if "period" in declared.keys and len(frame):
            frame["period"] = pd.PeriodIndex(frame["period"].astype("str").fillna("2026-01"), freq="M")
        blank = {column.name for column in declared.columns if column.may_be_blank}
        zeros = dict.fromkeys((measure for measure in declared.measures if measure not in blank), 0.0)
        words = dict.fromkeys((column.name for column in declared.columns if column.kind == "name"), "str")
        made[name] = frame.astype(dict.fromkeys(declared.measures, "float64") | words).fillna(zeros)
    return Figures(made, scenario)


def value(name: str, tables: dict[str, list[dict[str, Any]]], **changes: Any) -> float | None:
    return KPIS[name].measure(figures(tables, **changes))


SALES = rows("""
    item   market  period   demand  delivered_on_time  delivered_late  price  revenue
    bike   north   2026-01  100     80                 0               200    16000
    bike   north   2026-02  50      50                 20              200    14000
    ebike  north   2026-01  10      0                  0               600    0
    ebike  north   2026-03  0       0                  5               600    3000""")


def test_revenue_is_what_is_delivered_at_its_price() -> None:
    assert value("revenue", {"sales": SALES}) == 16000 + 14000 + 3000
    assert value("revenue", {"sales": [{**row, "price": 0} for row in SALES]}) is None
    assert value("revenue", {}) is None


def test_target_attainment_counts_each_target_once_and_at_most_in_full() -> None:
    targets = rows("""
        target  measure  quantity  delivered  shortfall
        a       units    200       150        50
        b       revenue  1000      2000       0""")

    assert value("target_attainment", {"targets": targets}) == pytest.approx((0.75 + 1.0) / 2)
    assert value("target_attainment", {}) is None


def test_gaps_are_missing_units_and_what_they_are_worth() -> None:
    targets = rows("""
        target      measure  quantity  shortfall
        bikes       units    900       40
        europe      revenue  90000     700
        south-bike  units    5000      3""")
    sales = [*SALES, {"item": "bike", "market": "south", "period": "2026-04", "demand": 20, "price": 185}]

    # Average price of bikes and ebikes by demand: (150 x 200 + 10 x 600 + 20 x 185) / 180; south-bike counts
    # at 185.
    average = (150 * 200 + 10 * 600 + 20 * 185) / 180
    assert value("gap_to_target_units", {"targets": targets}) == 43
    assert value("gap_to_target_money", {"targets": targets, "sales": sales}) == pytest.approx(
        40 * average + 700 + 3 * 185
    )
    assert value("gap_to_target_units", {}) is None
    assert value("gap_to_target_money", {"sales": SALES}) is None


def test_the_gap_in_money_is_absent_where_nothing_in_the_scope_of_a_target_has_a_price() -> None:
    targets = rows("""
        target      measure  quantity  shortfall
        south-bike  units    5000      3""")

    # Bikes sell in the north at 200; the only target is for the south, where nothing is sold.
    assert value("gap_to_target_money", {"targets": targets, "sales": SALES}) is None


def test_the_gap_in_money_is_weighted_by_the_demand_at_the_price_of_each_order() -> None:
    targets = rows("""
        target  measure  quantity  shortfall
        bikes   units    900       10""")
    # January's 30 of acme at the agreed 190, though what is delivered earned 200 on average; 10 at 200.
    sales = rows("""
        item  market  demand_class  priority  period   demand  price
        bike  north   booked        1         2026-01  30      200
        bike  north   forecast      5         2026-01  10      200""")

    average = (30 * 190 + 10 * 200) / 40
    assert value("gap_to_target_money", {"targets": targets, "sales": sales}) == pytest.approx(10 * average)


def test_leads_deals_and_customers_are_counted_up_to_the_day_that_is_known() -> None:
    campaigns = rows("""
        campaign  period   cost  leads  qualified
        fair      2025-01  3000  40     10
        web       2025-06  1000  60     20
        flyer     2025-07  500   -      -
        summer    2026-07  9000  90     9""")
    deals = rows("""
        opportunity  customer  item  amount  created     closed      outcome  campaign
        d1           acme      bike  5000    2025-01-10  2025-03-11  won      fair
        d2           zeta      bike  2000    2025-02-01  2025-03-01  lost     -
        d3           acme      bike  9000    2025-05-01  2025-06-10  won      web
        d4           zeta      bike  9000    2025-05-01  2025-05-11  won      -
        d5           zeta      bike  9000    2025-11-01  -           open     fair""")

    history = {"campaigns": campaigns, "opportunities": deals}
    assert value("lead_conversion_rate", {}, **history) == pytest.approx(30 / 100)
    assert value("win_rate", {}, **history) == pytest.approx(3 / 4)
    # both deals of campaigns are acme's
    assert value("cost_of_acquisition", {}, **history) == pytest.approx(4500 / 1)
    assert value("sales_cycle", {}, **history) == pytest.approx((60 + 40 + 10) / 3)
    for name in ("lead_conversion_rate", "win_rate", "cost_of_acquisition", "sales_cycle"):
        assert value(name, {}, campaigns=[], opportunities=[]) is None


def test_churn_compares_the_last_year_with_the_year_before() -> None:
    orders = rows("""
        date        customer  item  quantity
        2024-01-05  acme      bike  10
        2024-06-05  zeta      bike  5
        2025-03-05  acme      bike  10
        2026-03-05  zeta      bike  10""")

    # zeta came back only after the start
    assert value("customer_churn", {}, order_history=orders) == pytest.approx(1 / 2)
    # the history does not reach back two years
    assert value("customer_churn", {}, order_history=orders[1:]) is None
    assert value("customer_churn", {}, order_history=[]) is None


def test_fill_rate_and_on_time_in_full_look_at_the_period_of_the_demand() -> None:
    assert value("order_fill_rate", {"sales": SALES}) == pytest.approx(130 / 160)
    assert value("on_time_in_full", {"sales": SALES}) == pytest.approx(1 / 3)
    assert value("order_fill_rate", {}) is None
    assert value("on_time_in_full", {}) is None


def test_yield_and_defects_are_shares_of_what_is_completed_and_inspected() -> None:
    production = rows("""
        item  site   routing  period   produced  yield_loss
        bike  plant  line     2026-01  100       5
        bike  plant  line     2026-02  300       7""")
    quality = rows("""
        item  site   period   inspected  defective
        bike  plant  2026-01  95         5
        bike  plant  2026-02  105        15""")

    assert value("production_yield", {"production": production}) == pytest.approx(1 - 12 / 400)
    assert value("defect_rate", {"quality": quality}) == pytest.approx(20 / 200)
    assert value("production_yield", {}) is None
    assert value("defect_rate", {}) is None


def test_utilization_and_oee_leave_unlimited_work_centers_out() -> None:
    capacity = rows("""
        site   work_center  period   available_hours  effective_hours  load_hours  overtime_hours
        plant  weld         2026-01  90               76.95            80          3.05
        plant  lab          2026-01  -                -                500         -""")

    assert value("utilization", {"capacity": capacity}) == pytest.approx(80 / 76.95)
    # OEE factors of weld: .9 x .95 = .855, so 3.05 effective overtime hours are 3.05 / .855 gross ones.
    assert value("oee", {"capacity": capacity}) == pytest.approx(80 / (90 + 3.05 / 0.855))
    assert value("utilization", {}) is None
    assert value("oee", {}) is None


def test_lead_time_is_weighted_by_what_is_ordered() -> None:
    sourcing = rows("""
        item   supplier  site   period   purchased
        frame  arvo      plant  2026-02  30
        frame  arvo      plant  2026-03  10
        frame  borea     plant  2026-03  60""")

    # 30 at 1 period, 10 at 2 (the span of March), 60 at 0.
    assert value("supply_lead_time", {"sourcing": sourcing}) == pytest.approx((30 * 1 + 10 * 2) / 100)
    assert value("supply_lead_time", {}) is None


def test_turns_and_days_of_supply_are_two_sides_of_one_figure() -> None:
    month = {"item": "bike", "site": "depot", "shipped": 40, "closing": 30}
    tables = {"inventory": [{**month, "period": period} for period in PERIODS]}

    # 240 bikes x 90 in 181 days; 30 bikes x 90 in stock at the end of each of the 6 months.
    assert value("inventory_turns", tables) == pytest.approx(240 * 90 * 365 / 181 / (30 * 90))
    assert value("days_of_supply", tables) == pytest.approx(30 * 90 / (240 * 90 / 181))
    assert value("inventory_turns", tables) * value("days_of_supply", tables) == pytest.approx(365)
    worthless = [{**item, "standard_cost": 0} for item in bicycles()["items"]]
    assert value("inventory_turns", tables, items=worthless) is None
    standing = {"inventory": [{**month, "shipped": 0, "period": period} for period in PERIODS]}
    assert value("inventory_turns", standing) == 0  # 30 bikes in stock, and none of them sold
    assert value("days_of_supply", standing) is None
    assert value("days_of_supply", tables, items=worthless) is None


def test_cost_per_unit_leaves_the_price_of_bad_service_out_and_total_cost_does_not() -> None:
    costs = rows("""
        area        cost        amount
        production  production  700
        delivery    freight     75
        sales       lost_sales  1000""")

    assert value("total_cost", {"costs": costs}) == 1775
    assert value("cost_per_unit", {"costs": costs, "sales": SALES}) == pytest.approx(775 / 155)
    assert value("cost_per_unit", {"costs": costs}) is None
    assert value("margin", {"costs": costs, "sales": SALES}) == 33000 - 1775
    assert value("margin", {"costs": costs}) is None


def test_forecast_accuracy_and_bias_come_from_the_record_by_item_and_market() -> None:
    record = [{**row, "level": row["level"].replace("_", " ")} for row in rows("""
        level            measure  lag  method          value
        item_and_market  wape     1    planner         0.2
        item_and_market  wape     2    planner         0.3
        item_and_market  wape     0    planner         0.9
        item_and_market  bias     1    planner         -0.1
        item_and_market  wape     1    seasonal_naive  0.9
        total            wape     1    planner         0.01""")]

    assert value("forecast_accuracy", {"forecast_record": record}) == pytest.approx(0.75)
    assert value("forecast_bias", {"forecast_record": record}) == pytest.approx(-0.1)
    assert value("forecast_accuracy", {}) is None
    assert value("forecast_bias", {}) is None


def test_the_scorecard_has_only_what_the_data_allow_and_never_a_blank(plan: Plan) -> None:
    shop = {"name": "Shop", "calendar": {"start": "2026-01", "periods": 2}, "items": [{"item": "lamp"}]}
    smallest = make_plan(load_scenario(shop))

    assert list(smallest.kpis) == ["total_cost"]
    assert plan.kpi_table["value"].notna().all()
    needing_whole_numbers = {"setups", "average_lot", "average_order", "vehicle_fill_rate"}
    assert set(KPIS) - set(plan.kpis) == {"forecast_accuracy", "forecast_bias"} | needing_whole_numbers


def test_every_kpi_says_what_it_means_with_formula_and_source() -> None:
    for name, kpi in KPIS.items():
        text = kpi.measure.__doc__ or ""
        assert kpi.meaning.endswith(".") and len(kpi.meaning) > 30, name
        assert "\n\n        " in text and "Source: " in text, name
        assert (
            kpi.side in ("sales", "operations", "both")
            and kpi.better in ("higher", "lower", "zero")
            and kpi.unit
        )


def test_the_scorecard_lists_name_value_unit_side_direction_and_meaning(plan: Plan) -> None:
    table = scorecard(plan.tables, load_scenario(bicycles(objective={"mode": "cost"})))

    pd.testing.assert_frame_equal(table, plan.kpi_table, check_dtype=False, check_column_type=False)
    revenue = table.set_index("kpi").loc["revenue"]
    assert revenue.drop(["value", "low", "high"]).tolist() == [
        "currency",
        "sales",
        "higher",
        "Sales price of everything that the plan delivers.",
    ]
    assert plan.kpis["revenue"] == pytest.approx(plan.tables["sales"]["revenue"].sum())


def test_stock_is_worth_what_stands_there_on_average_at_standard_cost() -> None:
    stock = rows("""
        item   site   period   closing
        bike   depot  2026-01  30
        bike   depot  2026-02  10
        frame  plant  2026-01  0
        frame  plant  2026-02  8
        screw  plant  2026-02  900""")
    items = rows("""
        item   standard_cost
        bike   90
        frame  20
        screw  -""")

    # (30 + 10) x 90 + 8 x 20, over two months; screws have no standard cost
    assert value("stock_value", {"inventory": stock, "items": items}) == pytest.approx((40 * 90 + 8 * 20) / 2)
    assert value("stock_value", {"inventory": stock, "items": items[2:]}) is None
    assert value("stock_value", {"items": items}) is None
