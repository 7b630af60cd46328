"""Chances of a win and a loss, week by week of a deal, are learned from decided deals."""

import numpy as np
import pandas as pd
import pytest

from planner.demand.pipeline.deals import Pipeline
from planner.demand.pipeline.win_hazard import learn_hazards, weeks_at_risk
from tests.demand.pipelines import LOST, QUIET_WEEKS, TODAY, WON, deal, grown


def test_every_complete_week_of_a_deal_counts_until_it_is_decided() -> None:
    deals = pd.DataFrame([deal(100.0, 117.0, won=True), deal(100.0, 103.0), deal(100.0)])
    weeks = weeks_at_risk(Pipeline(deals, day=123, first=100))
    # 17 days: weeks 0, 1, 2; day 3: week 0; open for 24 days: 3 whole weeks
    assert weeks.deal.tolist() == [0, 0, 0, 1, 2, 2, 2]
    assert weeks.won.tolist() == [False, False, True, False, False, False, False]
    assert weeks.lost.tolist() == [False, False, False, True, False, False, False]


def test_weeks_before_decisions_were_recorded_do_not_count() -> None:
    deals = pd.DataFrame([deal(100.0, 130.0, won=True)])
    weeks = weeks_at_risk(Pipeline(deals, day=200, first=110))
    assert weeks.age.tolist() == [2, 3, 4]  # day 110 lies in week 1, so week 2 is the first one that is whole


def test_chances_by_age_are_learned() -> None:
    hazards = learn_hazards(grown(weeks=300).as_of(TODAY))
    age = np.array([0, 1, 10, 20])
    won, lost = hazards.chances(hazards.grid.weekly_codes(age, np.full(4, TODAY + 1.0), np.full(4, np.nan), 0))
    assert won[2:] == pytest.approx(WON, rel=0.25)
    assert lost[2:] == pytest.approx(LOST, rel=0.25)
    assert (won[:2] < 0.003).all()  # the first QUIET_WEEKS
    assert QUIET_WEEKS == 4


def test_an_item_that_wins_twice_as_often_is_told_apart_and_equal_ones_are_not() -> None:
    different = learn_hazards(grown(weeks=200, good=2.5).as_of(TODAY))
    ratio = np.exp(np.diff(different.won["item"][1:]))
    assert ratio == pytest.approx(2.5, rel=0.3)
    assert "item" not in learn_hazards(grown(weeks=200, good=1.0).as_of(TODAY)).grid.levels
