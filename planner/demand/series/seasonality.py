"""Season of many series at once: it fades into the past, and is believed as far as it stands out of the
noise.

Series stand in the rows of a matrix, right-aligned. Positions say where its columns stand in the year: the
column's place is its position modulo the cycle. Positions rise by one from column to column, but for a 53rd
week, which has the position of the 52nd.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.demand.series.matrix import Matrix
from planner.demand.series.moving_average import moving_average

Positions = NDArray[np.int64]

SHRINKAGE = 1.5  # times the Stein rule's; chosen on half of the M3 series
# Share of a year's weight that the year before it loses. Which of them hold for a series is weighed by how
# well each has foreseen its years: where the season stands still the first wins, where it moves the last.
DECAYS = (0.0, 0.1, 0.2, 0.35, 0.5)
KEENNESS = 12.0  # power of the inverse mean squared miss that a decay is weighed with; chosen on half of M3
MISS_FADING = 0.2  # of the weight of a miss, from one year to the year before it
# Of a year that has been seen once, this share comes again, for all that is known; 12 places of another year
# count as much as this knowledge. Chosen on half of M3, cut to 12 to 23 months.
COMES_AGAIN = 0.35
LIKE_PLACES = 12.0
GROWTH_BELIEVED = 0.5  # of the growth from one year to the next, when the course within a year is made level


@dataclass(frozen=True)
class Season:
    """Seasonal figures of each series: `past` by column, `pattern` by place in the cycle for the year to
    come.

    `share` is how much of the series' own pattern is believed, `variance` how uncertain the believed pattern
    of the year to come is, `used` how many observations the season has used up.
    """

    past: Matrix
    pattern: Matrix
    share: Matrix
    variance: Matrix
    used: Matrix


@dataclass(frozen=True)
class Years:
    """Figures by year back and place (series, year, place); `year` and `place` of each column."""

    cells: NDArray[np.float64]
    year: Positions
    place: Positions

    @property
    def observed(self) -> NDArray[np.bool_]:
        """Where there is a figure."""
        return ~np.isnan(self.cells)

    def by_column(self, cells: NDArray[np.float64]) -> Matrix:
        """Cells put back into columns."""
        columns: Matrix = cells[:, self.year, self.place]
        return columns


@dataclass(frozen=True)
class Faded:
    """The season at one decay: of the year to come, of each past year with the years on both sides of it, and
    the mean squared miss of what was foreseen of each year.

    `weight` is each year's own weight in its season (series, year, place), `years` how many years the coming
    season rests on.
    """

    coming: Matrix
    past: NDArray[np.float64]
    weight: NDArray[np.float64]
    missed: Matrix
    years: Matrix


def in_years(values: Matrix, season: int, positions: Positions) -> Years:
    """The values by year and place; the last year ends with the last column, the first one may be a part."""
    year, place = (positions[-1] - positions) // season, positions % season
    year = year.max() - year
    first = np.concatenate([[True], np.diff(positions) > 0])  # a 53rd week has the place of the 52nd
    cells = np.full((len(values), int(year.max()) + 1, season), np.nan)
    cells[:, year[first], place[first]] = values[:, first]
    return Years(cells, year, place)


def shrunk_season(values: Matrix, season: int, *, usual: Matrix | float = 0.0,
                  positions: Positions | None = None) -> Season:
    """Each series' seasonal pattern, drawn towards the usual one the more, the less it stands out of its own
    noise (Stein).

        share = 1 - 1.5 * (cycle - 3) * variance of a figure / squared distance from the usual pattern, at
            least 0

    A series of one to two cycles shows one year only: of that as much comes again as other series let expect,
    and as the second year so far agrees with the first. One of less than a cycle has the usual pattern.
    """
    positions = np.arange(values.shape[1]) if positions is None else positions
    count = (~np.isnan(values)).sum(axis=1)
    if not len(values) or count.max() < season:
        flat = np.broadcast_to(np.asarray(usual, dtype=float), (len(values), season))
        nothing = np.zeros(len(values))
        return Season(flat[:, positions % season], flat, nothing, variance=nothing, used=nothing)
    years = in_years(values, season, positions)
    seasons = _season_of_years(values, season, positions, usual)
    young = (count >= season) & (count < 2 * season)
    if not young.any():
        return seasons
    return _either(young, _season_of_one_year(years, np.broadcast_to(usual, seasons.pattern.shape)), seasons)


def _either(chosen: NDArray[np.bool_], one: Season, other: Season) -> Season:
    """The first for the chosen series, the second for all others."""
    column = chosen[:, None]
    return Season(
        np.where(column, one.past, other.past),
        np.where(column, one.pattern, other.pattern),
        share=np.where(chosen, one.share, other.share),
        variance=np.where(chosen, one.variance, other.variance),
        used=np.where(chosen, one.used, other.used),
    )


def _season_of_years(values: Matrix, season: int, positions: Positions, usual: Matrix | float) -> Season:
    """The season of series of two cycles and more; the usual one for the others."""
    years = in_years(values - moving_average(values, season), season, positions)
    count = years.observed.sum(axis=(1, 2))
    faded = [_faded(years, decay) for decay in DECAYS]
    weights = _weights(faded)
    pattern = _centred(_mixed([one.coming for one in faded], weights))
    past = _centred(_mixed([one.past for one in faded], weights))
    used = _mixed([np.where(years.observed, one.weight, 0.0).sum(axis=(1, 2)) for one in faded], weights)
    left = np.where(years.observed, years.cells - past, 0.0)
    noise = (left ** 2).sum(axis=(1, 2)) / np.maximum(count - used, 1)
    variance = noise * _mixed([1 / one.years for one in faded], weights)
    away = ((pattern - usual) ** 2).sum(axis=1)
    share = np.clip(1 - SHRINKAGE * (season - 3) * variance / np.where(away > 0, away, np.inf), 0.0, 1.0)
    share = np.where((~np.isnan(values)).sum(axis=1) >= 2 * season, share, 0.0)
    # What was missed of a year beyond its noise is how far the season moves from one year to the next.
    moved = np.maximum(_mixed([one.missed for one in faded], weights) - noise, 0.0)
    flat = np.broadcast_to(usual, pattern.shape)
    return Season(
        (1 - share[:, None]) * flat[:, years.place] + share[:, None] * years.by_column(past),
        flat + share[:, None] * (pattern - flat),
        share=share, variance=share * np.maximum(variance, moved), used=share * used,
    )


def _faded(years: Years, decay: float) -> Faded:
    """The season of every year and of the coming one, with weights that fade by the decay from year to
    year.
    """
    observed = years.observed.astype(float)
    figures = np.nan_to_num(years.cells)
    before, before_weight = _faded_sums(figures, observed, decay)
    after, after_weight = (part[:, ::-1] for part in _faded_sums(figures[:, ::-1], observed[:, ::-1], decay))
    foreseen = before[:, :-1] / np.where(before_weight[:, :-1] > 0, before_weight[:, :-1], 1.0)
    judged = observed[:, 1:] * (before_weight[:, :-1] > 0)
    judged *= ((1 - MISS_FADING) ** np.arange(judged.shape[1])[::-1])[:, None]
    misses = (judged * (figures[:, 1:] - foreseen) ** 2).sum(axis=(1, 2))
    weight = before_weight + after_weight - observed
    squares = _faded_sums(observed, observed, 1 - (1 - decay) ** 2)[1][:, -1]
    total, square = before_weight[:, -1].sum(axis=1), squares.sum(axis=1)
    return Faded(
        before[:, -1] / np.where(before_weight[:, -1] > 0, before_weight[:, -1], 1.0),
        (before + after - figures) / np.where(weight > 0, weight, 1.0),
        weight=observed / np.where(weight > 0, weight, 1.0),
        missed=misses / np.maximum(judged.sum(axis=(1, 2)), np.finfo(float).tiny),
        years=np.maximum(total ** 2 / np.where(square > 0, square, 1.0) / observed.shape[2], 1.0),
    )


def _faded_sums(figures: NDArray[np.float64], observed: NDArray[np.float64],
                decay: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sums of figures and of weights up to each year, each year's weight fading afterwards."""
    total, weight = figures.copy(), observed.copy()
    for year in range(1, figures.shape[1]):
        total[:, year] += (1 - decay) * total[:, year - 1]
        weight[:, year] += (1 - decay) * weight[:, year - 1]
    return total, weight


def _weights(faded: list[Faded]) -> Matrix:
    """Weight of each decay by series: a power of how little it has missed; all alike where nothing was
    missed.
    """
    missed = np.array([one.missed for one in faded])
    minimum = missed.min(axis=0)
    ratio = np.where(minimum > 0, minimum / np.where(missed > 0, missed, 1.0), 1.0)
    weights: Matrix = ratio ** KEENNESS / (ratio ** KEENNESS).sum(axis=0)
    return weights


def _mixed(parts: list[NDArray[np.float64]], weights: Matrix) -> NDArray[np.float64]:
    """Mean of the parts, weighted series by series."""
    total = np.zeros_like(parts[0])
    for part, weight in zip(parts, weights, strict=True):
        total += part * weight.reshape(-1, *[1] * (part.ndim - 1))
    return total


def _centred(figures: NDArray[np.float64]) -> NDArray[np.float64]:
    """The figures less the mean over their year."""
    centred: NDArray[np.float64] = figures - figures.mean(axis=-1, keepdims=True)
    return centred


def _season_of_one_year(years: Years, usual: Matrix) -> Season:
    """The last year as it was, made level, as far as the months seen twice say that it comes again."""
    if years.cells.shape[1] < 2:
        years = Years(np.concatenate([np.full_like(years.cells, np.nan), years.cells], axis=1),
                      years.year + 1, years.place)
    season = years.cells.shape[2]
    last, earlier = years.cells[:, -1], years.cells[:, -2]
    twice = ~np.isnan(earlier) & ~np.isnan(last)
    pairs = twice.sum(axis=1)
    growth = np.where(twice, last - earlier, 0.0).sum(axis=1) / np.maximum(pairs, 1)
    slope = GROWTH_BELIEVED * growth * pairs / season ** 2
    order = (np.arange(season) - years.place[-1] - 1) % season - (season - 1) / 2
    observed = ~np.isnan(last)
    level = np.where(observed, last, 0.0).sum(axis=1) / np.maximum(observed.sum(axis=1), 1)
    shape = np.where(observed, last - level[:, None] - slope[:, None] * order, 0.0)
    away = shape - usual
    size = (away ** 2).mean(axis=1)
    then, now = (_level_over(figures - usual, twice) for figures in (earlier, last))
    evidence = (then ** 2).sum(axis=1) + LIKE_PLACES * size
    repeated = (then * now).sum(axis=1) + COMES_AGAIN * LIKE_PLACES * size
    share = np.clip(repeated / np.where(evidence > 0, evidence, 1.0), 0.0, 1.0)
    pattern = usual + share[:, None] * away
    return Season(pattern[:, years.place], pattern, share, variance=(1 - share) * share * size,
                  used=share * (season - 1))


def _level_over(figures: Matrix, used: NDArray[np.bool_]) -> Matrix:
    """The used figures less their mean, 0 elsewhere."""
    mean = np.where(used, figures, 0.0).sum(axis=1) / np.maximum(used.sum(axis=1), 1)
    level: Matrix = np.where(used, figures - mean[:, None], 0.0)
    return level
