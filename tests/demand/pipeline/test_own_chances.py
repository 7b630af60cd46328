"""Sales' own chances stand in for what few decided deals cannot teach."""

import numpy as np
import pandas as pd
import pytest

from planner.demand.pipeline.deals import Pipeline
from planner.demand.pipeline.own_chances import own_chances, with_own_chances
from planner.demand.pipeline.win_hazard import MINIMUM_FOR_FACTORS
from tests.demand.pipelines import TODAY, deal

EDGES = TODAY + np.array([0, 30, 60])


@pytest.mark.parametrize(("expected_close", "chances"), [
    (TODAY + 10.0, [0.6, 0.0]),
    (TODAY + 30.0, [0.0, 0.6]),  # on the first day of the second period
    (TODAY - 99.0, [0.6, 0.0]),  # overdue: in the first period
    (TODAY + 60.0, [0.0, 0.0]),  # beyond the horizon
    (np.nan, [0.1, 0.1]),  # nobody says when: 30 of 180 days in each, 0.6 x 30 / 180
])
def test_a_deal_is_won_when_it_is_expected_to_close(expected_close: float, chances: list[float]) -> None:
    deals = pd.DataFrame([deal(TODAY - 9.0, expected_close=expected_close, probability=0.6)])
    assert own_chances(deals, day=TODAY, edges=EDGES)[0] == pytest.approx(chances)


@pytest.mark.parametrize(("decided", "chance"), [
    (0, 0.8),
    (MINIMUM_FOR_FACTORS // 4, 0.75 * 0.8 + 0.25 * 0.2),
    (MINIMUM_FOR_FACTORS, 0.2),
    (2 * MINIMUM_FOR_FACTORS, 0.2),
])
def test_own_chances_count_less_the_more_deals_were_decided(decided: int, chance: float) -> None:
    closed = pd.DataFrame([deal(TODAY - 9.0, TODAY - 2.0)] * decided, columns=list(deal(0.0))).astype({"closed": float})
    opened = pd.DataFrame([deal(TODAY - 9.0, expected_close=TODAY + 5.0, probability=0.8), deal(TODAY - 9.0)])
    mixed = with_own_chances(np.full((2, 2), 0.2), opened, Pipeline(closed, TODAY, TODAY - 99), edges=EDGES)
    assert mixed[0, 0] == pytest.approx(chance)
    assert mixed[1].tolist() == [0.2, 0.2]  # without a probability what was learned holds
