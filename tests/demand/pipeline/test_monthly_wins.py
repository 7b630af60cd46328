"""The baseline monthly wins, and how the sum of the deals is moved towards it."""

import numpy as np
import pandas as pd
import pytest

from planner.demand.pipeline import forecast as forecasting
from planner.demand.pipeline.deals import Pipeline
from planner.demand.pipeline.forecast import Month, Snapshots, calibrate, forecast_pipeline
from planner.demand.pipeline.monthly_wins import baseline_wins, monthly_wins
from tests.demand.pipelines import TODAY, grown, value_won

JANUARY, AUGUST = (int(np.datetime64(day, "D").astype(int)) for day in ("2025-01-01", "2025-08-01"))
QUARTER = TODAY + 1 + np.array([0, 30, 60, 90])


def won_in(*counts: int, first: int = JANUARY, day: int | None = None) -> Pipeline:
    """So many deals won in each month from January 2025 on, in the middle of it."""
    middles = [np.datetime64("2025-01") + place for place in range(len(counts))]
    closed = np.repeat([float(month.astype("datetime64[D]").astype(int)) + 14 for month in middles], counts)
    end = (np.datetime64("2025-01") + len(counts)).astype("datetime64[D]").astype(int)
    deals = pd.DataFrame({"created": closed - 30, "closed": closed, "won": True})
    return Pipeline(deals, int(end) - 1 if day is None else day, first)


def edges(*months: str) -> np.ndarray:
    return np.array(months, dtype="datetime64[D]").astype(np.int64)


def test_a_steady_number_of_wins_is_the_usual_one() -> None:
    assert baseline_wins(won_in(*[60] * 8), edges("2025-09", "2025-10", "2025-11")) == pytest.approx([60, 60])
    week = baseline_wins(won_in(*[60] * 8), AUGUST + 31 + np.array([0, 7]))
    assert week == pytest.approx([60 * 7 / 30])  # September has 30 days


def test_months_of_the_quarter_keep_their_habits() -> None:
    usual = baseline_wins(won_in(*[500, 250, 450] * 3), edges("2025-10", "2025-11", "2025-12", "2026-01"))
    assert usual == pytest.approx([500, 250, 450], rel=0.06)  # drawn a little towards 400
    few = baseline_wins(won_in(*[5, 2, 4] * 3), edges("2025-10", "2025-11", "2025-12", "2026-01"))
    assert few.max() / few.min() < 1.6  # a handful of wins shows no habit: drawn from 2.5 towards 1


def test_what_sells_more_every_quarter_is_expected_at_its_late_level() -> None:
    assert baseline_wins(won_in(*[100] * 6, *[200] * 6), edges("2026-01", "2026-02"))[0] > 170


def test_too_few_months_and_begun_ones_show_nothing() -> None:
    assert baseline_wins(won_in(60, 60), edges("2025-03", "2025-04")) is None
    # recorded from the 10th on: not whole
    assert monthly_wins(won_in(60, 60, 60, first=JANUARY + 9))[1].tolist() == [60, 60]
    # on the 22nd March is not over
    assert monthly_wins(won_in(60, 60, 60, day=JANUARY + 80))[1].tolist() == [60, 60]


def test_the_better_of_the_two_forecasts_counts_for_more() -> None:
    good, bad = Month(50.0, 50.0, 100.0, 10.0, 180.0), Month(90.0, 90.0, 100.0, 10.0, 100.0)
    assert forecasting._trust_in_the_usual([], 1.0) == 0.5
    assert forecasting._trust_in_the_usual([good] * 5, 1.0) < 0.05
    assert forecasting._trust_in_the_usual([bad] * 5, 1.0) > 0.95
    assert 0 < calibrate(Snapshots(grown(weeks=100)), TODAY).trust < 1


def test_the_sum_is_moved_towards_the_usual_number_and_less_further_ahead(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    snapshots = Snapshots(grown(weeks=100))
    usual = forecast_pipeline(snapshots, TODAY, QUARTER, seed=0)
    monkeypatch.setattr(forecasting, "baseline_wins", lambda pipeline, edges: np.full(len(edges) - 1, 1000.0))
    many = forecast_pipeline(snapshots, TODAY, QUARTER, seed=0)
    moved = many.mean.sum(axis=0) / usual.mean.sum(axis=0)
    assert (moved > 1.2).all() and (moved <= forecasting.MAXIMUM_MOVED * 1.2).all()


def test_wins_in_all_are_forecast_better_than_by_the_deals_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def error(pipeline: Pipeline) -> float:
        mean = forecast_pipeline(Snapshots(pipeline), TODAY, QUARTER, seed=0).mean.sum(axis=0)
        truth = value_won(pipeline, QUARTER)
        return float(np.abs(mean - truth).sum() / truth.sum())

    several = [grown(weeks=100, opened=12, seed=seed) for seed in range(40, 48)]
    both = np.mean([error(pipeline) for pipeline in several])
    monkeypatch.setattr(forecasting, "baseline_wins", lambda pipeline, edges: None)
    assert both < np.mean([error(pipeline) for pipeline in several])
