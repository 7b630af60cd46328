"""Season is taken off as far as it stands out of the noise."""

import numpy as np
from statsmodels.tsa.seasonal import seasonal_decompose

from planner.demand.series.seasonality import line, moving_average, shrunk_season

MONTHS = np.arange(60)
WAVE = np.array([3, 1, 0, -1, -2, -3, -1, 0, 1, 2, 0, 0.0])  # adds up to 0


def test_the_moving_average_is_statsmodels_trend() -> None:
    values = np.random.default_rng(2).normal(10, 1, 60)
    theirs = seasonal_decompose(values, period=12, extrapolate_trend=6).trend
    # At the far end statsmodels leaves the last point out of its line.
    assert np.allclose(moving_average(values[None], 12)[0, :54], theirs[:54])


def test_a_clean_season_is_found_whole_beside_a_trend() -> None:
    values = 100 + 0.5 * MONTHS + WAVE[MONTHS % 12]
    found = shrunk_season(values[None], 12)
    assert np.allclose(found.pattern[0], WAVE, atol=1e-9)
    assert found.share[0] == 1.0


def test_noise_has_no_season() -> None:
    noise = np.random.default_rng(3).normal(0, 1, (200, 60))
    found = shrunk_season(noise, 12)
    assert (found.share == 0).mean() > 0.6
    # as they are, the figures would be about 1 / sqrt(5) x .8 = .36
    assert np.abs(found.pattern).mean() < 0.1


def test_a_short_series_takes_the_usual_season() -> None:
    values = 100 + WAVE[MONTHS[:20] % 12] * 5
    found = shrunk_season(values[None], 12, usual=WAVE)  # 20 months are less than two cycles
    assert np.array_equal(found.pattern[0], WAVE)


def test_coming_season_goes_on_where_the_past_ends() -> None:
    season = shrunk_season((100 + WAVE[MONTHS % 12])[None], 12)
    assert np.allclose(season.coming(past=61, periods=3)[0], WAVE[[1, 2, 3]])
    assert np.allclose(season.past(13)[0], WAVE[np.arange(13) % 12])


def test_a_line_through_the_periods_asked_for() -> None:
    values = np.array([[np.nan, 5.0, 7.0, 9.0, 100.0]])  # 3 + 2 x column, but for the last
    height, slope = line(values, np.array([[True, True, True, True, False]]))
    assert (height[0], slope[0]) == (3.0, 2.0)
