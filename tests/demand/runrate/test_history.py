"""Order lines become series without a look into the future."""

import numpy as np
import pandas as pd

import planner
from planner.demand.known_on import known_on
from planner.demand.runrate.history import (
    last_complete_period,
    order_series,
    positions_in_year,
    split_business,
)
from tests.demand.shops import orders, shop


def history_of(scenario, end: str = "2025-12"):
    return order_series(
        scenario["order_history"], scenario.tables, calendar=scenario.calendar, end=pd.Period(end, freq="M")
    )


def test_orders_add_up_by_item_market_and_month() -> None:
    rows = [{"date": "2025-11-03", "item": "bike", "market": "north", "quantity": 2},
            {"date": "2025-11-28", "item": "bike", "customer": "ann", "quantity": 3},
            {"date": "2025-12-01", "item": "bike", "market": "north", "quantity": 4}]
    history = history_of(shop(order_history=rows, customers=[{"customer": "ann", "market": "north"}]))
    assert history.series.to_dict("records") == [{"item": "bike", "market": "north"}]
    assert history.values.tolist() == [[5.0, 4.0]]  # 2 + 3 by Ann, who buys in north; 4


def test_before_the_first_order_is_not_zero_but_later_gaps_are() -> None:
    history = history_of(
        shop(
            markets=("north", "south"),
            order_history=orders([3, 0, 5, 0]) + orders([7], market="south", last="2025-11"),
        )
    )
    assert np.array_equal(history.values, [[3, 0, 5, 0], [np.nan, np.nan, 7, 0]], equal_nan=True)


def test_a_month_still_running_is_left_out() -> None:
    calendar = shop().calendar
    assert last_complete_period(pd.Timestamp("2025-12-30"), calendar) == pd.Period("2025-11", freq="M")
    assert last_complete_period(pd.Timestamp("2025-12-31"), calendar) == pd.Period("2025-12", freq="M")
    history = history_of(shop(order_history=orders([3, 4])), end="2025-11")
    assert history.values.tolist() == [[3.0]]


def test_weeks_are_iso_weeks() -> None:
    rows = [
        {"date": day, "item": "bike", "market": "north", "quantity": 1}
        for day in ("2025-12-28", "2025-12-29", "2026-01-04")
    ]
    scenario = shop(start="2026-W02", bucket="week", order_history=rows)
    history = order_series(scenario["order_history"], scenario.tables, calendar=scenario.calendar,
                           end=last_complete_period(pd.Timestamp("2026-01-04"), scenario.calendar))
    # Sunday the 28th ends week 52; week 1 runs from Monday the 29th to the 4th
    assert history.values.tolist() == [[1.0, 2.0]]
    assert history.season == 52


def test_an_earlier_view_of_the_history_lacks_what_had_not_begun() -> None:
    history = history_of(
        shop(markets=("north", "south"), order_history=orders([3, 4, 5]) + orders([7], market="south"))
    )
    earlier = history.until(1)
    assert earlier.values.tolist() == [[3.0, 4.0]]
    assert earlier.series["market"].tolist() == ["north"]
    assert earlier.end == pd.Period("2025-11", freq="M")


def test_orders_that_came_from_deals_are_not_run_rate_business() -> None:
    deal = {
        "opportunity": "deal-1",
        "item": "bike",
        "market": "north",
        "quantity": 9,
        "created": "2025-01-01",
        "closed": "2025-06-01",
        "outcome": "won",
    }
    scenario = shop(
        opportunities=[deal], order_history=[*orders([3]), orders([9])[0] | {"opportunity": "deal-1"}]
    )
    runrate, from_deals = split_business(scenario["order_history"], scenario["opportunities"])
    assert (runrate["quantity"].sum(), from_deals["quantity"].sum()) == (3.0, 9.0)


def test_on_an_earlier_day_later_orders_are_unknown_and_later_decisions_open() -> None:
    deals = [
        {
            "opportunity": "early",
            "item": "bike",
            "market": "north",
            "quantity": 1,
            "created": "2025-01-01",
            "closed": "2025-02-01",
            "outcome": "won",
            "stage": "won",
        },
        {
            "opportunity": "later",
            "item": "bike",
            "market": "north",
            "quantity": 1,
            "created": "2025-01-01",
            "closed": "2025-08-01",
            "outcome": "lost",
            "stage": "lost",
        },
        {
            "opportunity": "unborn",
            "item": "bike",
            "market": "north",
            "quantity": 1,
            "created": "2025-07-01",
            "outcome": "open",
        },
    ]
    scenario = shop(opportunities=deals, order_history=orders([3, 4, 5]))
    known = known_on(pd.Timestamp("2025-06-30"), scenario.tables)
    found = known["opportunities"].set_index("opportunity")
    assert found["outcome"].to_dict() == {"early": "won", "later": "open"}
    assert found.loc["later", ["closed", "stage"]].isna().all()
    assert known["order_history"].empty


def test_weeks_keep_their_time_of_the_year_after_a_53rd_week() -> None:
    first = pd.Period("2020-12-14", freq="W-SUN")  # week 51 of 2020, a year of 53 weeks
    places = positions_in_year(first, 56) % 52
    assert places[:5].tolist() == [50, 51, 51, 0, 1]
    assert places[54:].tolist() == [51, 0]  # week 52 of 2021 is 54 weeks later
    assert (positions_in_year(pd.Period("2025-11", freq="M"), 3) % 12).tolist() == [10, 11, 0]


def test_a_peak_of_week_51_comes_in_week_51_after_a_year_of_53_weeks() -> None:
    weeks = pd.period_range("2016-01-04", "2021-06-27", freq="W-SUN")
    number = weeks.start_time.isocalendar()["week"].to_numpy()
    rows = [{"date": str(week.start_time.date()), "item": "bike", "market": "north",
             "quantity": 100.0 + 60.0 * (peak == 51) + place % 3}
            for place, (week, peak) in enumerate(zip(weeks, number, strict=True))]
    said = planner.forecast(shop(start="2021-W26", periods=30, bucket="week", order_history=rows)).quantiles
    highest = said.set_index("period")["mean"].idxmax()
    assert tuple(highest.start_time.isocalendar())[:2] == (2021, 51)
