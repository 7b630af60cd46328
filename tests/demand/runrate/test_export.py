"""An export that was taken early, or long ago, is no slump."""

import pandas as pd
import pytest

import planner
from planner.demand.runrate.export import end_of_record
from planner.scenario.calendar import Calendar

CALENDAR = Calendar(pd.Period("2026-01", "M"), 3, "month")
DECEMBER = pd.Period("2025-12", "M")


def orders(*days: str) -> pd.DataFrame:
    return pd.DataFrame({"date": pd.to_datetime(list(days))})


def daily(until: str) -> pd.DataFrame:
    return pd.DataFrame({"date": pd.date_range("2025-01-01", until)})


def test_a_month_that_is_not_over_is_left_out_and_told() -> None:
    end, notes = end_of_record(daily("2025-12-09"), DECEMBER, CALENDAR)
    assert end == pd.Period("2025-11", "M")
    assert notes[0].startswith("Nothing is recorded after 2025-12-09, although there was no pause longer than 1 days "
                               "before: 2025-12 counts as not recorded")


def test_an_old_export_ends_where_it_was_taken() -> None:
    months = orders(*(f"2025-{month:02d}-01" for month in range(1, 9)))
    assert end_of_record(months, DECEMBER, CALENDAR)[0] == pd.Period("2025-08", "M")


@pytest.mark.parametrize("until", ["2025-12-31", "2025-12-26"])
def test_a_week_of_holidays_is_no_end(until: str) -> None:
    assert end_of_record(daily(until), DECEMBER, CALENDAR) == (DECEMBER, ())


def test_monthly_figures_that_are_complete_stay_complete() -> None:
    months = orders(*(f"2025-{month:02d}-01" for month in range(1, 13)))
    assert end_of_record(months, DECEMBER, CALENDAR) == (DECEMBER, ())


def test_the_forecast_goes_on_from_the_last_whole_month() -> None:
    rows = [{"date": str(day.date()), "market": "m", "item": "bike", "quantity": 10}
            for day in pd.date_range("2025-01-01", "2025-12-09")]
    made = {"name": "Export", "question": "?", "calendar": {"start": "2026-01", "periods": 3},
            "items": [{"item": "bike"}], "markets": [{"market": "m"}], "order_history": rows}
    demand = planner.forecast(planner.load_scenario(made))
    assert demand.quantiles["mean"].mean() == pytest.approx(304, rel=0.1)  # 10 a day
    assert any("2025-12-09" in note for note in demand.notes)


def test_orders_count_in_the_month_for_which_they_were_wanted() -> None:
    ahead = [{"date": f"{year}-11-15", "wanted": f"{year}-12-10", "market": "m", "item": "tree", "quantity": 500}
             for year in (2021, 2022, 2023, 2024, 2025)]
    usual = [{"date": f"{month}-15", "market": "m", "item": "tree", "quantity": 100}
             for month in pd.period_range("2021-01", "2025-12", freq="M").astype(str)]
    made = {"name": "Trees", "question": "?", "calendar": {"start": "2026-01", "periods": 12},
            "items": [{"item": "tree"}], "markets": [{"market": "m"}], "order_history": [*usual, *ahead]}
    mean = planner.forecast(planner.load_scenario(made | {"forecast": {"outliers": "keep"}})).quantiles["mean"]
    assert mean.iloc[11] > 3 * mean.iloc[10]
