"""Grids say what the plan's tables say, name by name and period by period; the arithmetic stands here."""

from collections.abc import Sequence

import pandas as pd
import pytest

from planner.errors import PlanError
from planner.plan.plan import Plan
from planner.report.grids import WHATS, Grid, Line, keys_of, make_grid
from tests.report.examples import example_plan, rows, small_plan
from tests.report.grids.plans import bicycle_plan, by_month


@pytest.fixture(scope="module")
def plan() -> Plan:
    return bicycle_plan()


def line(grid: Grid, name: str, measure: str, unit: str = "") -> Line:
    """The line of the name and measure; blank is everything."""
    return next(line for line in grid.lines
                if (line.name, line.measure) == (name, measure) and unit in ("", line.unit))


def marked(found: Line) -> Sequence[str]:
    return [mark or "-" for mark in found.marks]


def test_deliveries_stand_beside_demand_and_what_is_missing_is_marked(plan: Plan) -> None:
    grid = make_grid(plan, "deliveries")
    on_time = line(grid, "city", "on time")

    assert grid.periods == ("2026-01", "2026-02", "2026-03", "2026-04")
    assert (on_time.values, on_time.total) == ((10.0, 20.0, 25.0, 40.0), 95.0)
    assert marked(on_time) == ["-", "-", "missing", "-"]
    assert marked(line(grid, "city", "lost")) == ["-", "-", "-", "missing"]
    # 10 + 1, 20 + 2, ...
    assert line(grid, "", "demand").values == (11.0, 22.0, 33.0, 44.0)


def test_a_backlog_is_that_at_the_end_of_the_last_period(plan: Plan) -> None:
    assert line(make_grid(plan, "deliveries", end="2026-03"), "city", "backlog").total == 5.0
    assert line(make_grid(plan, "deliveries"), "city", "backlog").total == 0.0


def test_a_line_that_says_nothing_of_a_name_is_left_out(plan: Plan) -> None:
    assert [found.measure for found in make_grid(plan, "deliveries").lines if found.name == "trail"] == [
        "demand", "on time"]


def test_what_is_missing_by_a_rounding_error_is_not_marked() -> None:
    sales = rows("sales", *by_month("sales", "demand delivered_on_time lost", (1000.0, 1000.0),
                                    (999.9, 999.0), (0.1, 1.0), item="city", market="north"))
    grid = make_grid(bicycle_plan(sales=sales), "deliveries")

    assert marked(line(grid, "city", "on time")) == ["-", "missing", "-", "-"]


def test_stock_stands_beside_safety_stock_and_is_never_added_up_over_periods(plan: Plan) -> None:
    grid = make_grid(plan, "stock")
    closing = line(grid, "city", "closing stock")

    assert (closing.values, closing.total) == ((40.0, 20.0, 0.0, 2.0), 2.0)
    assert marked(closing) == ["-", "-", "missing", "missing"]
    assert line(grid, "city", "missing").values == (0.0, 0.0, 10.0, 8.0)


def test_items_of_different_units_are_never_added_up(plan: Plan) -> None:
    grid = make_grid(plan, "stock")

    assert grid.units == ("piece", "set")
    assert [found.unit for found in grid.lines if found.is_for_all and found.measure == "closing stock"] == ["piece"]
    # lyon has both: a line for each
    by_site = make_grid(plan, "stock", by="site")
    assert line(by_site, "lyon", "closing stock", "piece").values == (40.0, 20.0, 0.0, 2.0)
    assert line(by_site, "lyon", "closing stock", "set").values == (5.0, 5.0, 0.0, 0.0)


def test_flows_lead_from_the_opening_to_the_closing_stock(plan: Plan) -> None:
    grid = make_grid(plan, "flows")
    city = {found.measure: found for found in grid.lines if found.name == "city"}

    for opening, produced, shipped, closing in zip(*(city[name].values for name in (
            "opening stock", "produced", "shipped", "closing stock")), strict=True):
        assert opening + produced - shipped == closing
    assert (city["opening stock"].total, city["produced"].total, city["shipped"].total) == (50.0, 50.0, 98.0)


def test_production_that_takes_time_has_what_is_completed_too(plan: Plan) -> None:
    assert line(make_grid(plan, "production"), "city", "started").values == (0.0, 5.0, 45.0, 0.0)
    # 45 come out in April, 5 of them bad
    assert line(make_grid(plan, "production"), "city", "completed").values == (0.0, 0.0, 5.0, 40.0)
    # ordered and received are the same, so that one of them is enough
    assert make_grid(plan, "purchases", by="supplier").measures == ("ordered",)


def test_hours_have_a_utilization_of_the_sums_and_no_limit_is_none(plan: Plan) -> None:
    grid = make_grid(plan, "hours")

    assert line(grid, "line (lyon)", "utilization").values == (0.25, 0.5, 1.1, 0.0)
    assert line(grid, "line (lyon)", "utilization").total == 74 / 160  # 10 + 20 + 44 of 4 x 40
    assert marked(line(grid, "line (lyon)", "worked")) == ["-", "-", "full", "-"]
    assert line(grid, "hand (gent)", "available").values == (None,) * 4
    assert line(grid, "", "worked").values == (11.0, 21.0, 45.0, 1.0)
    assert [found.measure for found in grid.lines if found.is_for_all] == ["worked", "overtime"]


def test_crew_is_that_at_the_end_and_hires_are_added_up(plan: Plan) -> None:
    grid = make_grid(plan, "crew")

    assert [(found.measure, found.total) for found in grid.lines] == [
        ("before", 4.0), ("hired", 1.0), ("crew", 5.0)]


def test_money_by_cost_adds_up_to_the_margin(plan: Plan) -> None:
    found = {line.name: line for line in make_grid(plan, "money").lines}

    assert list(found) == ["Revenue", "Purchase", "Wages", "Freight", "All costs", "Margin",
                           "Stock at standard cost"]
    assert found["All costs"].values == (460.0, 570.0, 525.0, 993.0)
    assert found["Margin"].values == (1340.0, 3030.0, 4125.0, 6657.0)
    # 40 x 100 + 8 x 200 + 5 x 10
    assert found["Stock at standard cost"].values[0] == 5650.0


@pytest.mark.parametrize(("by", "named"), [
    ("item", {"city": 98.0, "wheel": 550.0, "(not traced)": 1900.0}),
    ("family", {"bikes": 98.0, "(no family)": 550.0, "(not traced)": 1900.0}),
    ("market", {"north": 98.0, "(not traced)": 2450.0}),
    ("supplier", {"arvo": 550.0, "(not traced)": 1998.0}),
    ("labor_pool", {"crew (lyon)": 1900.0, "(not traced)": 648.0}),
])
def test_costs_by_what_they_are_traced_to_add_up_to_all_costs(plan: Plan, by: str, named: dict[str, float]) -> None:
    grid = make_grid(plan, "money", by=by)

    assert {found.name: found.total for found in grid.lines if found.measure == "cost" and found.name} == named
    assert line(grid, "", "cost").total == 2548.0


def test_quarters_add_up_flows_and_take_the_last_level(plan: Plan) -> None:
    grid = make_grid(plan, "flows", quarters=True)

    assert grid.periods == ("2026-Q1", "2026-Q2")
    assert line(grid, "city", "shipped").values == (55.0, 43.0)
    assert line(grid, "city", "opening stock").values == (50.0, 0.0)
    assert line(grid, "city", "closing stock").values == (0.0, 2.0)
    assert grid.note == "Not whole quarters: 2026-Q2 has 1 month."


def test_weeks_belong_to_the_quarter_in_which_most_of_them_lies() -> None:
    grid = make_grid(example_plan(periods=14, bucket="week"), "money", quarters=True)

    # 2026-W02 to W13 end on 29 March; W14 has two days of March and five of April
    assert grid.periods == ("2026-Q1", "2026-Q2")
    assert grid.note == "Not whole quarters: 2026-Q1 has 12 weeks, 2026-Q2 has 2 weeks."


def test_only_the_names_and_periods_that_are_asked_for_are_shown(plan: Plan) -> None:
    grid = make_grid(plan, "stock", only={"family": "b*", "site": "gent"}, start="2026-02", end="2026-03")

    assert {found.name for found in grid.lines} == {"trail"}
    assert line(grid, "trail", "closing stock").values == (6.0, 3.0)


def test_customers_have_their_booked_orders_and_overdue_ones_are_no_demand() -> None:
    orders = rows("fulfillment",
                  {"item": "city", "market": "north", "customer": "acme", "order": "o1", "due": "2025-12",
                   "period": "2026-01", "delivered_late": 4.0},
                  {"item": "city", "market": "north", "customer": "acme", "order": "o2", "due": "2026-01",
                   "period": "2026-01", "delivered_on_time": 5.0},
                  {"item": "city", "market": "north", "customer": "acme", "order": "o2", "due": "2026-01",
                   "period": "2026-02", "delivered_late": 1.0})
    grid = make_grid(bicycle_plan(fulfillment=orders), "deliveries", by="customer")

    assert line(grid, "acme", "demand").values == (6.0, 0.0, 0.0, 0.0)
    assert line(grid, "acme", "late").values == (4.0, 1.0, 0.0, 0.0)
    assert marked(line(grid, "acme", "on time")) == ["missing", "-", "-", "-"]


@pytest.mark.parametrize("what", [what for what in WHATS if what != "sheet"])
def test_a_plan_of_nothing_has_a_grid_without_lines(what: str) -> None:
    for by in keys_of(what):
        assert [found for found in make_grid(small_plan(tables={}), what, by=by).lines if found.total] == []


@pytest.mark.parametrize(("asked", "message"), [
    ({"what": "stok"}, 'there is no grid "stok", only deliveries, .*Did you mean "stock"'),
    ({"what": "crew", "by": "market"}, "crew cannot be shown by market, only by labor_pool, site"),
    ({"what": "crew", "by": "pool"}, "by = pool: must be item, "),
    ({"what": "stock", "only": {"item": "citty"}}, 'the plan has no item "citty".*Did you mean "city"'),
    ({"what": "crew", "only": {"market": "north"}}, "crew is not known by market"),
    ({"what": "stock", "start": "2026-09"}, "from = 2026-09: the plan has the periods 2026-01 to 2026-04"),
    ({"what": "stock", "end": "March"}, "to = March: must be a month written like 2026-03"),
    ({"what": "stock", "start": "2026-03", "end": "2026-02"}, "the first period must not be after the last"),
])
def test_what_cannot_be_shown_is_refused_with_what_can(plan: Plan, asked: dict[str, str], message: str) -> None:
    with pytest.raises(PlanError, match=message):
        make_grid(plan, **asked)  # type: ignore[arg-type]


def test_the_frame_of_a_grid_has_no_digits_that_mean_nothing(plan: Plan) -> None:
    sales = plan.tables["sales"].assign(demand=149.999999999)
    frame = make_grid(bicycle_plan(sales=sales), "deliveries").frame()

    assert list(frame.columns) == ["name", "measure", "unit", *plan_periods(plan), "total"]
    assert frame.iloc[0].tolist()[:4] == ["city", "demand", "piece", 150.0]
    assert frame.iloc[-1]["name"] == "all"


def plan_periods(plan: Plan) -> list[str]:
    return [plan.calendar.label(period) for period in pd.PeriodIndex(plan.calendar.index)]
