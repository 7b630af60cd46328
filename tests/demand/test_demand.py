"""The whole demand step, from a scenario to what is planned."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import planner
from planner.demand.inputs import NOTHING_DECIDED, ORDERS_NOT_TAGGED
from tests.demand.shops import orders, shop

STEADY = orders([20.0] * 36)


def won_deals(count: int = 60, *, quantity: float = 4.0) -> list[dict]:
    """A deal every fortnight up to the end of 2025, decided after 40 to 80 days, every second one won; the
    last are open.
    """
    days = pd.date_range(end="2025-12-20", periods=count, freq="14D")
    closes = days + pd.to_timedelta(40 + 10 * (np.arange(count) % 5), unit="D")
    ends = [
        {"closed": str(close.date()), "outcome": ("won", "lost")[number % 2]}
        if str(close) < "2026"
        else {"outcome": "open"}
        for number, close in enumerate(closes)
    ]
    return [
        {
            "opportunity": f"deal-{number}",
            "item": "bike",
            "market": "north",
            "quantity": quantity,
            "created": str(day.date()),
            **end,
        }
        for number, (day, end) in enumerate(zip(days, ends, strict=True))
    ]


def tagged(deals: list[dict]) -> list[dict]:
    """The orders that the won deals brought."""
    return [{"date": deal["closed"], "item": "bike", "market": "north", "quantity": deal["quantity"],
             "opportunity": deal["opportunity"]} for deal in deals if deal["outcome"] == "won"]


def frames(demand) -> list[pd.DataFrame]:
    return [demand.ledger, demand.quantiles, demand.record, demand.planned]


def test_a_steady_seller_is_expected_to_stay_so() -> None:
    demand = planner.forecast(shop(periods=3, order_history=STEADY))
    assert demand.planned["remaining"].round(6).tolist() == [20.0] * 3
    assert demand.ledger["origin"].unique().tolist() == ["baseline"]
    assert list(demand.quantiles.columns) == [
        "item",
        "market",
        "period",
        "mean",
        "q025",
        "q05",
        "q10",
        "q25",
        "q50",
        "q75",
        "q90",
        "q95",
        "q975",
    ]
    assert demand.quantiles["period"].dtype == "period[M]"


def test_a_quantile_can_be_planned_on() -> None:
    history = orders(20 * np.exp(0.3 * np.random.default_rng(0).normal(size=36)))
    mean, careful = (planner.forecast(shop(periods=2, order_history=history, forecast=settings))
                     for settings in ({}, {"plan_on": 0.9}))
    assert careful.plan_on == "q90"
    assert careful.planned["remaining"].tolist() == careful.quantiles["q90"].tolist()
    assert mean.planned["remaining"].tolist() == mean.quantiles["mean"].tolist()
    assert (careful.planned["remaining"] > mean.planned["remaining"]).all()
    pd.testing.assert_frame_equal(mean.ledger, careful.ledger)  # only means add up


def test_run_rate_and_pipeline_add_up_when_orders_name_their_deals() -> None:
    deals = won_deals()
    demand = planner.forecast(shop(periods=3, order_history=STEADY + tagged(deals), opportunities=deals))
    by_origin = demand.ledger.groupby("origin")["quantity"].sum()
    assert by_origin["baseline"] == pytest.approx(60.0)  # 3 x 20: the deals' orders are not in it
    # a deal a fortnight, every second won, 4 each: 6.5 deals a quarter x .5 x 4 = 13, and the open ones bunch
    # early
    assert 8 < by_origin["pipeline"] < 20
    assert ORDERS_NOT_TAGGED not in demand.notes


def test_the_deals_behind_the_pipeline_are_named_with_their_chances() -> None:
    deals = won_deals()
    demand = planner.forecast(shop(periods=3, order_history=STEADY + tagged(deals), opportunities=deals))
    still_open = {deal["opportunity"] for deal in deals if deal["outcome"] == "open"}
    assert set(demand.deals["opportunity"]) == still_open
    assert demand.deals.groupby("opportunity")["chance"].sum().between(0, 1).all()
    expected = (demand.deals["chance"] * demand.deals["quantity"]).sum()
    pipeline = demand.ledger.query("origin == 'pipeline'")["quantity"].sum()
    assert 0.2 * pipeline < expected < pipeline  # the rest are deals still to come
    assert planner.forecast(shop(order_history=STEADY)).deals.empty


def test_a_pipeline_is_not_added_to_a_history_that_already_holds_it() -> None:
    deals = won_deals()
    untagged = [{**order, "opportunity": None} for order in tagged(deals)]
    demand = planner.forecast(shop(periods=3, order_history=STEADY + untagged, opportunities=deals))
    assert demand.ledger["origin"].unique().tolist() == ["baseline"]
    assert demand.notes == (ORDERS_NOT_TAGGED,)


def test_a_pipeline_without_any_decision_says_so() -> None:
    deal = {
        "opportunity": "deal",
        "item": "bike",
        "market": "north",
        "quantity": 1,
        "created": "2025-10-01",
        "outcome": "open",
    }
    demand = planner.forecast(shop(periods=1, opportunities=[deal]))
    assert demand.ledger.empty
    assert demand.notes == (NOTHING_DECIDED,)


def test_a_pipeline_alone_is_forecast_without_any_order_history() -> None:
    demand = planner.forecast(shop(periods=3, opportunities=won_deals()))
    assert demand.ledger["origin"].unique().tolist() == ["pipeline"]
    assert demand.quantiles["q95"].iloc[0] > demand.quantiles["q05"].iloc[0]


def test_later_orders_and_decisions_change_nothing() -> None:
    deals = won_deals()
    day = "2025-06-30"
    known = {
        "order_history": orders([20.0] * 30, last="2025-06")
        + [row for row in tagged(deals) if row["date"] <= day],
        "opportunities": [
            {key: value for key, value in deal.items() if key != "closed"} | {"outcome": "open"}
            if deal.get("closed", "") > day
            else deal
            for deal in deals
            if deal["created"] <= day
        ],
    }
    later = {"order_history": STEADY[:-6] + orders([900.0] * 6) + tagged(deals), "opportunities": deals}
    one, other = (
        planner.forecast(shop(periods=4, forecast={"as_of": day}, **tables)) for tables in (known, later)
    )
    for left, right in zip(frames(one), frames(other), strict=True):
        pd.testing.assert_frame_equal(left, right)


def test_the_same_scenario_gives_the_same_demand() -> None:
    deals = won_deals()
    scenario = shop(periods=3, order_history=STEADY + tagged(deals), opportunities=deals)
    for one, again in zip(
        frames(planner.forecast(scenario)), frames(planner.forecast(scenario)), strict=True
    ):
        pd.testing.assert_frame_equal(one, again)


def test_the_order_of_rows_does_not_matter() -> None:
    deals = won_deals()
    history = STEADY + tagged(deals)
    one = planner.forecast(shop(periods=3, order_history=history, opportunities=deals))
    other = planner.forecast(shop(periods=3, order_history=history[::-1], opportunities=deals))
    pd.testing.assert_frame_equal(one.ledger, other.ledger)


def test_a_season_is_recovered_and_an_as_of_in_the_past_bridges_the_gap() -> None:
    season = 100 + 40 * np.sin(2 * np.pi * np.arange(48) / 12)
    demand = planner.forecast(
        shop(start="2026-04", periods=12, order_history=orders(season), forecast={"as_of": "2025-12-31"})
    )
    coming = 100 + 40 * np.sin(2 * np.pi * np.arange(51, 63) / 12)  # April is the 52nd month
    assert np.abs(demand.quantiles["mean"] / coming - 1).max() < 0.05


def test_weeks_are_forecast_with_their_yearly_season() -> None:
    weeks = pd.period_range(end="2025-12-28", periods=208, freq="W-SUN")
    course = 100 + 50 * np.sin(2 * np.pi * np.arange(208 + 13) / 52)
    history = [
        {"date": str(week.end_time.date()), "item": "bike", "market": "north", "quantity": float(figure)}
        for week, figure in zip(weeks, course, strict=False)
    ]
    demand = planner.forecast(shop(start="2026-W01", periods=13, bucket="week", order_history=history))
    assert np.abs(demand.quantiles["mean"] / course[208:] - 1).max() < 0.05


def test_every_step_is_announced() -> None:
    told: list[planner.Progress] = []
    planner.forecast(shop(order_history=STEADY), told.append)
    steps = list(dict.fromkeys((record.phase, record.activity, record.step, record.steps) for record in told))
    past = [("forecasting", "backtest origin", number, 6) for number in range(1, 7)]
    first = [("forecasting", "order history and pipeline", None, None), ("forecasting", "demand to come", None, None)]
    assert steps == [*first, *past]


def test_statistics_are_imported_only_when_something_is_forecast() -> None:
    code = "import sys, planner.demand.demand; sys.exit('statsmodels' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
