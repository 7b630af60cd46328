"""How deals are won and lost over time: competing risks in weeks, learned with statsmodels.

Every week that a deal was open is a row; two binomial models with a complementary log-log link give the
chance that the week ends in a win and the chance that it ends in a loss. A deal enters with the first week in
which its decision would have been recorded (delayed entry) and leaves with its decision or, still open,
today.
"""

import warnings
from contextlib import suppress
from dataclasses import dataclass, replace
from threading import RLock

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.demand.pipeline.deals import Pipeline
from planner.demand.series.matrix import Matrix
from planner.progress import checkpoint

Codes = dict[str, NDArray[np.int64]]

WEEK = 7
DECIDED_PER_BIN = 15  # decided deals that an age bin needs before it is told apart
MAXIMUM_BINS = 12
# share of the decisions that may come before the first age bin in which decisions are expected
EARLIEST = 0.01
MINIMUM_FOR_FACTORS = 100  # decided deals needed before anything but age is looked at
MINIMUM_PER_LEVEL = 20  # decided deals that a factor's level needs, rarer ones are pooled
MINIMUM_SPAN = 120  # days of decisions: from here on a month of the quarter has been seen twice
PRIOR_WEIGHT = 2.0  # deals' worth of the all-deal chance that every age bin is shrunk towards
YOUNG_WEEKS = 4  # deals up to this age may follow the quarter differently
MINIMUM_HAZARD, MAXIMUM_HAZARD = 1e-6, 0.98
# how far, in standard deviations, a factor must differ from the all-deal chances to be used
SIGNIFICANT = 3.0
FACTORS = ("item", "market", "lead_source", "size")
NO_LEVELS = pd.Index([], dtype="str")
DUE_EDGES = np.array([-4.0, 0.0, 1.0, 4.0, 8.0])  # weeks to the expected close
# Weeks since the expected close was looked at, from which on it is believed less: the later the week, the
# more often the date will have moved. Each class is learned from dates as they stood so many weeks before.
AHEAD_EDGES, LOOKED_BACK = np.array([4, 13]), np.array([1, 8, 20])
IN_STAGE_EDGES = np.array([14.0, 61.0])  # days in a stage, from which on a deal is told from a fresh one
IN_STAGE_CLASSES = len(IN_STAGE_EDGES) + 1


@dataclass(frozen=True)
class Grid:
    """What the chances depend on: age bins (first weeks), factor levels told apart, and whether quarter and
    due date count.
    """

    ages: NDArray[np.int64]
    levels: dict[str, pd.Index]
    stages: pd.Index
    quarterly: bool
    due: bool

    @property
    def sizes(self) -> dict[str, int]:
        """Number of levels of every term, level 0 of each but age being the reference."""
        sizes = {"age": len(self.ages)} | {name: len(levels) + 1 for name, levels in self.levels.items()}
        if len(self.stages):
            sizes["stage"] = self.states
        if self.quarterly:
            sizes |= {"quarter": 3, "young_quarter": 3}
        return sizes | {"due": (len(DUE_EDGES) + 1) * (len(AHEAD_EDGES) + 1) + 1} if self.due else sizes

    @property
    def states(self) -> int:
        """Stages by how long a deal has been in them, and one for deals in none of them."""
        return len(self.stages) * IN_STAGE_CLASSES + 1

    def state_codes(self, stage: "NDArray[np.object_]", days_in_stage: Matrix) -> NDArray[np.int64]:
        """State of each deal by its stage and the days it has been in it, 0 for none of the stages."""
        place = self.stages.get_indexer(pd.Index(stage))
        since = np.digitize(np.nan_to_num(days_in_stage), IN_STAGE_EDGES)
        return np.where(place >= 0, place * IN_STAGE_CLASSES + since + 1, 0)

    def fixed_codes(self, deals: pd.DataFrame) -> Codes:
        """Level of each deal in the terms that do not change over time."""
        return {name: levels.get_indexer(pd.Index(deals[name])) + 1 for name, levels in self.levels.items()}

    def weekly_codes(
        self,
        age: NDArray[np.int64],
        midweek: Matrix,
        expected_close: Matrix,
        ahead: "NDArray[np.int64] | int",
    ) -> Codes:
        """Level of each deal in the terms that change from week to week; its expected close was looked at so
        many weeks `ahead` of the week.
        """
        codes: Codes = {"age": np.searchsorted(self.ages, age, side="right") - 1}
        if self.quarterly:
            codes["quarter"] = month_of_quarter(midweek)
            codes["young_quarter"] = np.where(age < YOUNG_WEEKS, codes["quarter"], 0)
        if self.due:
            left = np.digitize((expected_close - midweek) / WEEK, DUE_EDGES) + 1
            believed = np.digitize(ahead, AHEAD_EDGES) * (len(DUE_EDGES) + 1)
            codes["due"] = np.where(np.isnan(expected_close), 0, left + believed)
        return codes


@dataclass(frozen=True)
class Hazards:
    """Weekly chances of a win and of a loss, as coefficients by term and level, and of moving between stages.

    `moves` (stage, next stage) is what a week does to a deal that it does not decide; `entry` the stage of
    new deals. Where the expected close counts, `undated` are the chances of deals that have none, such as
    those that nobody has opened yet.
    """

    grid: Grid
    won: dict[str, Matrix]
    lost: dict[str, Matrix]
    moves: Matrix
    entry: int
    undated: "Hazards | None" = None

    @property
    def entry_stage(self) -> str | None:
        """Name of the stage in which new deals stand."""
        return str(self.grid.stages[(self.entry - 1) // IN_STAGE_CLASSES]) if self.entry else None

    def chances(self, codes: Codes) -> tuple[Matrix, Matrix]:
        """Chance that a week ends in a win, and that it ends in a loss."""
        won, lost = (1 - np.exp(-np.exp(sum(ending[name][code] for name, code in codes.items())))
                     for ending in (self.won, self.lost))
        excess = np.maximum((won + lost) / MAXIMUM_HAZARD, 1.0)
        return won / excess, lost / excess


def month_of_quarter(day: Matrix) -> NDArray[np.int64]:
    """0, 1 or 2: the place of the day's month in its quarter."""
    months = np.asarray(day).astype(np.int64).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return months % 3


@dataclass(frozen=True)
class Weeks:
    """Weeks in which a deal could be decided on record: deal (position), age in weeks, day of midweek, and
    how the week ended.
    """

    deal: NDArray[np.int64]
    age: NDArray[np.int64]
    midweek: Matrix
    won: NDArray[np.bool_]
    lost: NDArray[np.bool_]

    @property
    def decided(self) -> NDArray[np.bool_]:
        """Whether the week ended with a decision."""
        return self.won | self.lost


def weeks_at_risk(pipeline: Pipeline) -> Weeks:
    """Every complete week of every deal from its first on record to its decision, or to today."""
    created, closed = pipeline.deals["created"].to_numpy(), pipeline.deals["closed"].to_numpy()
    decided = np.isfinite(closed)
    enter = np.maximum(0, np.ceil((pipeline.first - created) / WEEK)).astype(np.int64)
    # at the decision, or today
    age = ((np.where(decided, closed, pipeline.day + 1) - created) // WEEK).astype(np.int64)
    # the running week is not over, for won deals neither
    complete = ((pipeline.day + 1 - created) // WEEK).astype(np.int64)
    weeks = np.maximum(np.minimum(age + decided, complete) - enter, 0)
    deal = np.repeat(np.arange(len(created)), weeks)
    week = enter[deal] + np.arange(len(deal)) - np.repeat(np.cumsum(weeks) - weeks, weeks)
    ended = decided[deal] & (week == age[deal])
    won = pipeline.deals["won"].to_numpy()[deal]
    return Weeks(deal, week, created[deal] + WEEK * week + 3, won=ended & won, lost=ended & ~won)


def learn_hazards(pipeline: Pipeline) -> Hazards | None:
    """The chances that the decided and the still open deals show; None where nothing was ever decided."""
    weeks = weeks_at_risk(pipeline)
    if not weeks.decided.any():
        return None
    grid = _grid(pipeline, weeks)
    undated = _learned(pipeline, weeks, replace(grid, due=False))
    return replace(_learned(pipeline, weeks, grid), undated=undated) if grid.due else undated


def _learned(pipeline: Pipeline, weeks: Weeks, grid: Grid) -> Hazards:
    """The chances by the terms of the grid."""
    stage, since = pipeline.stage_entries(weeks.deal, weeks.midweek - WEEK // 2)
    state = grid.state_codes(stage, weeks.midweek - since)
    weeks_used, ahead = _looked_at(pipeline, weeks, grid)
    looked = weeks.midweek[weeks_used] - WEEK * ahead
    codes = {name: code[weeks.deal[weeks_used]] for name, code in grid.fixed_codes(pipeline.deals).items()}
    expected = _expected_closes(pipeline, weeks.deal[weeks_used], looked)
    codes |= grid.weekly_codes(weeks.age[weeks_used], weeks.midweek[weeks_used], expected, ahead)
    if len(grid.stages):
        codes["stage"] = state[weeks_used]
    won, lost = weeks.won[weeks_used], weeks.lost[weeks_used]
    cells = _cells(codes, grid.sizes, won, lost)
    return Hazards(
        grid,
        _coefficients(cells, cells.won, grid.sizes),
        _coefficients(cells, cells.lost, grid.sizes),
        *_moves(weeks, state, grid.states),
    )


def _looked_at(
    pipeline: Pipeline, weeks: Weeks, grid: Grid
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Weeks (positions) to learn from, and how many weeks before each the expected close is looked at.

    Where its past is on record, a week counts once for each class of weeks ahead, if the deal was there.
    """
    every = np.arange(len(weeks.deal))
    if not grid.due or pipeline.closes.empty:
        return every, np.zeros(len(every), dtype=np.int64)
    starts = [every[weeks.age >= back] if back > 1 else every for back in LOOKED_BACK]
    return np.concatenate(starts), np.repeat(LOOKED_BACK, [len(rows) for rows in starts])


def _expected_closes(pipeline: Pipeline, deal: NDArray[np.int64], day: Matrix) -> Matrix:
    """The decision day expected by the day; that of the deal itself where its past is not on record."""
    if pipeline.closes.empty:
        return pipeline.deals["expected_close"].to_numpy()[deal]
    return pipeline.expected_closes(deal, np.maximum(day, pipeline.deals["created"].to_numpy()[deal] + 0.5))


def _moves(weeks: Weeks, stage: NDArray[np.int64], count: int) -> tuple[Matrix, int]:
    """How often a week takes a deal from stage to stage, from consecutive weeks of the same deal, and where
    new deals stand.
    """
    goes_on = weeks.deal[1:] == weeks.deal[:-1]
    counts = np.bincount(stage[:-1][goes_on] * count + stage[1:][goes_on], minlength=count**2).reshape(
        count, count
    )
    moves = counts + np.eye(count)  # a stage that nobody was seen in is stayed in
    entry = np.bincount(stage[weeks.age == 0], minlength=count).argmax()
    return moves / moves.sum(axis=1, keepdims=True), int(entry)


def _grid(pipeline: Pipeline, weeks: Weeks) -> Grid:
    """As many terms as the decided deals can tell apart."""
    decided = weeks.age[weeks.decided]
    bins = int(np.clip(len(decided) // DECIDED_PER_BIN, 1, MAXIMUM_BINS))
    # The first decisions have an edge of their own: the weeks in which nothing is decided yet are not to be
    # averaged in.
    inner = np.quantile(
        decided, [EARLIEST, *(np.arange(1, bins) / bins)] if bins > 1 else [], method="lower"
    ).astype(np.int64)
    oldest = int(decided.max()) + 1
    beyond = [oldest] if (weeks.age >= oldest).sum() >= MINIMUM_PER_LEVEL else []
    ages = np.unique(np.concatenate([[0], inner, beyond])).astype(np.int64)
    rich = len(decided) >= MINIMUM_FOR_FACTORS
    # Dates of which the past is not on record are those of the end: a model would believe them too much.
    due = not pipeline.closes.empty and bool(pipeline.decided["expected_close"].notna().mean() > 0.5)
    span = pipeline.day - pipeline.first
    if not rich:
        return Grid(ages, {}, NO_LEVELS, quarterly=False, due=False)
    levels = {}
    for name in FACTORS:
        code, names = pd.factorize(pipeline.deals[name], sort=True)
        levels[name] = _distinct_levels(code[weeks.deal], pd.Index(names), weeks)
    stages = pd.Index(sorted(pipeline.stages["stage"].unique()))
    reached, _ = pipeline.stage_entries(weeks.deal, weeks.midweek - WEEK // 2)
    stages = _distinct_levels(stages.get_indexer(pd.Index(reached)) + 1, stages.insert(0, ""), weeks)
    return Grid(
        ages,
        {name: codes for name, codes in levels.items() if len(codes)},
        stages.drop("", errors="ignore"),
        quarterly=span >= MINIMUM_SPAN,
        due=due,
    )


def _distinct_levels(level: NDArray[np.int64], names: pd.Index, weeks: Weeks) -> pd.Index:
    """Names of the levels that are told apart; none where their wins and losses are as expected by age
    alone.
    """
    unusual, degrees = 0.0, 0
    common = np.bincount(level, weights=weeks.decided, minlength=len(names)) >= MINIMUM_PER_LEVEL
    at_age = np.maximum(np.bincount(weeks.age), 1)
    for ended in (weeks.won, weeks.lost):
        usual = np.bincount(weeks.age, weights=ended) / at_age
        expected = np.bincount(level, weights=usual[weeks.age], minlength=len(names))[common]
        observed = np.bincount(level, weights=ended, minlength=len(names))[common]
        unusual += float(((observed - expected) ** 2 / np.maximum(expected, 1.0)).sum())
        degrees += max(int(common.sum()) - 1, 0)
    differs = unusual > degrees + SIGNIFICANT * np.sqrt(2 * max(degrees, 1))
    levels: pd.Index = names[common] if differs else NO_LEVELS
    return levels


@dataclass(frozen=True)
class Cells:
    """Combinations of levels with the weeks, wins and losses seen there."""

    codes: Codes
    weeks: Matrix
    won: Matrix
    lost: Matrix


def _cells(
    codes: Codes, sizes: dict[str, int], won: NDArray[np.bool_], lost: NDArray[np.bool_]
) -> Cells:
    """Weeks, wins and losses of each combination of levels, with the share of all deals of that age mixed
    in.
    """
    shape = tuple(sizes.values())
    cells, group = np.unique(
        np.ravel_multi_index(tuple(codes[name] for name in sizes), shape), return_inverse=True
    )
    levels = dict(zip(sizes, np.unravel_index(cells, shape), strict=True))
    count = np.bincount(group).astype(float)
    age, by_age = levels["age"], np.maximum(np.bincount(levels["age"], weights=count), 1.0)
    borrowed = PRIOR_WEIGHT * count / by_age[age]
    endings = []
    for ended in (won, lost):
        ended_in_cell = np.bincount(group, weights=ended)
        usual = (np.bincount(age, weights=ended_in_cell) / by_age)[age]
        # even where nobody ever won, somebody might
        minimum = 0.01 * max(ended_in_cell.sum() / count.sum(), 1e-4)
        endings.append(ended_in_cell + borrowed * np.clip(usual, minimum, 0.9))
    return Cells(levels, count + borrowed, *endings)


def _coefficients(cells: Cells, ended: Matrix, sizes: dict[str, int]) -> dict[str, Matrix]:
    """Coefficients by term and level from a statsmodels GLM of the cells; a level never seen is as the others
    are on average.
    """
    observed = {name: np.unique(code) for name, code in cells.codes.items()}
    columns = {name: levels if name == "age" else levels[1:] for name, levels in observed.items()}
    design = np.column_stack(
        [cells.codes[name][:, None] == levels for name, levels in columns.items()]
    ).astype(float)
    answer = np.column_stack([ended, cells.weeks - ended])
    fitted = _fitted(answer, design, _by_age_alone(answer, design, len(columns["age"])))
    parts = np.split(fitted, np.cumsum([len(levels) for levels in columns.values()])[:-1])
    coefficients = {}
    for (name, levels), part in zip(columns.items(), parts, strict=True):
        effect_of_level = np.zeros(sizes[name])
        effect_of_level[levels] = part
        usual = np.average(effect_of_level[cells.codes[name]], weights=cells.weeks)
        coefficients[name] = np.where(np.isin(np.arange(sizes[name]), observed[name]), effect_of_level, usual)
    ages = columns["age"]
    coefficients["age"] = np.interp(np.arange(sizes["age"]), ages, coefficients["age"][ages])
    return coefficients


def _by_age_alone(answer: Matrix, design: Matrix, ages: int) -> Matrix:
    """The parameters if nothing but age counted; the first `ages` columns are those of age."""
    ended, weeks = design[:, :ages].T @ answer[:, 0], design[:, :ages].T @ answer.sum(axis=1)
    chance = np.clip(ended / weeks, MINIMUM_HAZARD, MAXIMUM_HAZARD)
    return np.append(np.log(-np.log(1 - chance)), np.zeros(design.shape[1] - ages))


# What is warned of is set for the whole process and set back: by one thread at a time, or it stays as it was.
_quiet = RLock()


def _fitted(answer: Matrix, design: Matrix, start: Matrix) -> Matrix:
    """Parameters of the binomial model with complementary log-log link; Newton is twice as fast, the usual
    way always ends.

    Newton begins with `start`, twice as fast again. Age bins without a win, or as many cells as columns, make
    statsmodels warn; the borrowed weeks keep the fit sound. Where two terms say the same (every close
    expected at the same age, say) Newton's matrix is singular, and the usual way shares out.
    """
    import statsmodels.api as sm  # a second to import: not before it is needed

    checkpoint()
    family = sm.families.Binomial(link=sm.families.links.CLogLog())
    model = sm.GLM(answer, design, family=family, hasconst=False)  # nobody asks for it: two large SVDs less
    with _quiet, np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with suppress(np.linalg.LinAlgError):
            newton = model.fit(
                method="newton", maxiter=50, tol=1e-6, disp=False, start_params=start, max_start_irls=0
            )
            if newton.mle_retvals["converged"] and np.isfinite(newton.params).all():
                return np.asarray(newton.params)
        params: Matrix = model.fit(maxiter=50, tol=1e-6, wls_method="pinv").params
    return params
