"""Deals that nobody has opened yet come at the rate of those before, and are about the same."""

import numpy as np
import pandas as pd
import pytest

from planner.demand.pipeline.deals import Pipeline
from planner.demand.pipeline.new_deals import daily_openings, expected_arrivals
from tests.demand.pipelines import TODAY, deal, grown


def test_new_deals_are_expected_at_the_rate_at_which_they_came() -> None:
    known = grown(opened=14).as_of(TODAY)
    assert daily_openings(known, np.arange(TODAY + 1, TODAY + 40)) == pytest.approx(2.0, rel=0.1)  # 14 a week
    coming = expected_arrivals(known, TODAY + 70)
    assert coming["weight"].sum() == pytest.approx(140, rel=0.1)  # 10 weeks
    assert coming["created"].min() > TODAY


def test_under_six_months_of_openings_give_a_plain_rate() -> None:
    deals = pd.DataFrame([deal(TODAY - float(age)) for age in range(0, 100, 5)])
    # 20 deals in the 101 days since decisions are recorded
    assert daily_openings(Pipeline(deals, TODAY, TODAY - 100), np.array([TODAY + 1, TODAY + 90])) == pytest.approx([20 / 101] * 2)


def test_new_deals_are_of_last_years_kinds_with_the_quantity_that_won_ones_had() -> None:
    rows = [deal(TODAY - 10.0, TODAY - 2.0, won=won, quantity=quantity) for won, quantity in ((True, 4.0), (True, 8.0), (False, 90.0))]
    rows += [deal(TODAY - 20.0, item="b", quantity=3.0), deal(TODAY - 500.0, item="old")]
    pipeline = Pipeline(pd.DataFrame(rows), TODAY, TODAY - 600)
    coming = expected_arrivals(pipeline, TODAY + 7).set_index("item")
    assert coming["share"].to_dict() == {"a": 0.75, "b": 0.25}  # 3 and 1 of last year's 4
    assert coming["quantity"].to_dict() == {"a": 6.0, "b": 3.0}  # (4 + 8) / 2; none of b was won: as the open one
    assert coming["quantity_spread"].to_dict() == {"a": pytest.approx(np.sqrt(8)), "b": 0.0}


def test_new_deals_come_week_by_week_up_to_the_last_day_in_the_stage_of_entry() -> None:
    coming = expected_arrivals(grown().as_of(TODAY), TODAY + 21, stage="lead")
    assert np.unique(coming["created"]).tolist() == [TODAY + 4, TODAY + 11, TODAY + 18]  # the middle of each week
    assert set(coming["stage"]) == {"lead"}
    assert not coming["won"].any() and np.isinf(coming["closed"]).all()
