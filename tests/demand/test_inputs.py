"""What demand is forecast from: history and deals as known on the scenario's day."""

import numpy as np
import pandas as pd
import pytest

from planner.demand.inputs import NOTHING_DECIDED, ORDERS_NOT_TAGGED, gather_sources, knowledge_day
from tests.demand.shops import orders, shop

WON = {"opportunity": "d1", "item": "bike", "market": "north", "quantity": 6, "created": "2025-01-05",
       "closed": "2025-11-20", "outcome": "won"}
OPEN = {"opportunity": "d2", "item": "bike", "market": "north", "quantity": 1, "created": "2025-10-01", "outcome": "open"}
STEADY = orders([20.0] * 12)


@pytest.mark.parametrize(("as_of", "day"), [(None, "2025-12-31"), ("2025-11-15", "2025-11-15"), ("2026-02-01", "2025-12-31")])
def test_the_last_day_known_is_before_the_calendar_starts(as_of: str | None, day: str) -> None:
    assert knowledge_day(shop(forecast={"as_of": as_of})) == pd.Timestamp(day)


def test_so_many_periods_ago_the_last_day_was_the_end_of_a_month() -> None:
    sources = gather_sources(shop(order_history=STEADY))
    assert [str(sources.day_of(back).date()) for back in (0, 1, 10)] == ["2025-12-31", "2025-11-30", "2025-02-28"]


def test_won_deals_are_business_beside_the_run_rate_which_they_are_no_part_of() -> None:
    tagged = {"date": "2025-11-25", "item": "bike", "market": "north", "quantity": 6.0, "opportunity": "d1"}
    sources = gather_sources(shop(order_history=[*STEADY, tagged], opportunities=[WON, OPEN]))
    assert sources.deals is not None
    assert sources.history.values[0, -2:].tolist() == [20, 20]  # the order of the deal is the pipeline's
    assert sources.total.values[0, -2:].tolist() == [20 + 6, 20]


def test_the_pipeline_is_not_added_to_a_history_that_holds_it() -> None:
    sources = gather_sources(shop(order_history=STEADY, opportunities=[WON, OPEN]))
    assert sources.deals is None
    assert ORDERS_NOT_TAGGED in sources.notes


def test_without_a_decision_or_a_probability_nothing_is_learned_about_winning() -> None:
    silent, believed = (gather_sources(shop(order_history=STEADY, opportunities=[OPEN | more]))
                        for more in ({}, {"probability": 0.5}))
    assert silent.deals is None and NOTHING_DECIDED in silent.notes
    assert believed.deals is not None and NOTHING_DECIDED not in believed.notes


def test_what_the_user_brings_is_not_forecast() -> None:
    brought = [{"item": "bike", "market": "north", "period": "2026-01", "quantity": 5}]
    both = [*STEADY, *orders([7.0] * 12, item="car")]
    sources = gather_sources(shop(items=("bike", "car"), order_history=both, demand=brought))
    assert sources.history.series["item"].tolist() == ["car"]
    assert np.nansum(sources.history.values) == 12 * 7


def test_amounts_in_another_currency_count_at_its_rate_where_they_size_a_deal() -> None:
    sized = OPEN | {"quantity": None, "amount": 1000, "currency": "USD", "probability": 0.5}
    rates = [{"currency": "USD", "rate": 0.5}]
    sources = gather_sources(shop(order_history=STEADY, opportunities=[sized], exchange_rates=rates))
    assert sources.deals is not None
    pipeline, _ = sources.deals.on(20453)  # the last day of 2025
    assert pipeline.deals["quantity"].tolist() == [5]  # 1,000 USD x .5 / 100 each
