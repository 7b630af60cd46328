"""Season is taken off as far as it stands out of the noise, and fades where it moves."""

import numpy as np

from planner.demand.series.seasonality import in_years, shrunk_season

MONTHS = np.arange(60)
WAVE = np.array([3, 1, 0, -1, -2, -3, -1, 0, 1, 2, 0, 0.0])  # adds up to 0


def test_a_clean_season_is_found_whole_beside_a_trend() -> None:
    values = 100 + 0.5 * MONTHS + WAVE[MONTHS % 12]
    found = shrunk_season(values[None], 12)
    assert np.allclose(found.pattern[0], WAVE, atol=1e-9)
    assert np.allclose(found.past[0], WAVE[MONTHS % 12], atol=1e-9)
    assert found.share[0] == 1.0


def test_noise_has_no_season() -> None:
    noise = np.random.default_rng(3).normal(0, 1, (200, 60))
    found = shrunk_season(noise, 12)
    assert (found.share == 0).mean() > 0.55
    # as they are, the figures would be about 1 / sqrt(5) x .8 = .36
    assert np.abs(found.pattern).mean() < 0.13


def test_a_season_that_has_changed_is_that_of_the_last_years_and_the_past_keeps_its_own() -> None:
    months = np.arange(120)
    peak = np.where(months % 12 == 6, np.where(months < 84, 1.0, 3.0), 0.0)  # seven years, then three
    found = shrunk_season(peak[None], 12)
    # the plain mean of the years is (7 x 1 + 3 x 3) / 10 = 1.6, less a twelfth of it
    assert found.pattern[0, 6] > 2.3
    assert found.past[0, 18] < 1.5  # the July of the second year
    assert found.variance[0] > shrunk_season(np.where(months % 12 == 6, 1.0, 0.0)[None], 12).variance[0]


def test_a_season_that_stands_still_is_the_mean_of_all_years() -> None:
    random = np.random.default_rng(1)
    values = np.tile(WAVE, 10) + random.normal(0, 1, (100, 120))
    found = shrunk_season(values, 12)
    error = np.sqrt(((found.pattern - WAVE) ** 2).mean())
    assert error < 0.45  # of ten years 1 / sqrt(10) = .32, of the last two 1 / sqrt(2) = .71


def test_less_than_a_year_takes_the_usual_season() -> None:
    values = 100 + WAVE[MONTHS[:11] % 12] * 5
    found = shrunk_season(values[None], 12, usual=WAVE)
    assert np.array_equal(found.pattern[0], WAVE)
    assert found.share[0] == 0.0


def test_one_year_comes_again_in_part_and_the_more_the_second_agrees() -> None:
    year = 100 + WAVE
    one = shrunk_season(year[None], 12)
    assert 0.3 < one.share[0] < 0.4
    assert np.allclose(one.pattern[0], one.share[0] * WAVE)
    agrees = shrunk_season(np.concatenate([year, year[:9]])[None], 12)
    differs = shrunk_season(np.concatenate([year, 200 - year[:9]])[None], 12)
    assert agrees.share[0] > 0.6 > one.share[0] > 0.1 > differs.share[0]
    assert np.corrcoef(agrees.pattern[0], WAVE)[0, 1] > 0.99


def test_from_23_to_24_months_the_season_does_not_jump() -> None:
    values = (100 + WAVE[MONTHS % 12])[None] + np.random.default_rng(2).normal(0, 1, (300, 60))
    before, after = (shrunk_season(values[:, :months], 12).share.mean() for months in (23, 24))
    assert 0.4 < before < after < 0.9  # it was 0 before 24 months


def test_a_53rd_week_has_the_place_of_the_52nd_and_moves_nothing() -> None:
    positions = np.array([50, 51, 51, 52, 53])  # weeks 51, 52, 53, then 1 and 2 of the next year
    years = in_years(np.array([[1.0, 2.0, 3.0, 4.0, 5.0]]), 52, positions)
    assert years.place.tolist() == [50, 51, 51, 0, 1]
    assert years.by_column(years.cells)[0].tolist() == [1.0, 2.0, 2.0, 4.0, 5.0]
    places = np.concatenate([np.arange(156), [155], np.arange(156, 208)])  # three years, a 53rd week, a year
    values = np.where(places % 52 == 20, 5.0, 0.0)
    found = shrunk_season(values[None], 52, positions=places)
    assert found.pattern[0].argmax() == 20
    assert found.pattern[0, 20] > 4.5
