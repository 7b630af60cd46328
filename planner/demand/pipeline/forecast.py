"""The pipeline forecast: when which deals will be won, from what the decided ones show, and how sure that
is.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.demand.pipeline.campaigns import CampaignPlan
from planner.demand.pipeline.deals import Pipeline
from planner.demand.pipeline.monthly_wins import baseline_wins
from planner.demand.pipeline.new_deals import expected_arrivals
from planner.demand.pipeline.own_chances import own_chances, with_own_chances
from planner.demand.pipeline.simulation import common_shocks, simulate
from planner.demand.pipeline.win_hazard import WEEK, Codes, Hazards, learn_hazards
from planner.demand.series.matrix import Matrix
from planner.progress import checkpoint

SNAPSHOTS = 6  # months back that the chances are compared with what happened
MINIMUM_DECIDED = 50  # decided deals a snapshot needs before it says anything
PRIOR_WINS = 30.0  # wins' worth of belief in the chances as learned
MONTH = 30.4375  # days for which the common shock of all deals stays the same
USUAL_SHOCK = 0.15  # spread of that shock, before the snapshots are heard
PRIOR_SNAPSHOTS = 2.0  # snapshots' worth of belief in it
USUAL_ERROR = 0.15  # of a month's wins, forecast either way, before the snapshots are heard
HALF_TRUST = 6.0  # months ahead at which the baseline number of wins counts half as much
MAXIMUM_MOVED = 2.0  # the baseline number of wins moves the chances by this factor at most


@dataclass(frozen=True)
class PipelineOutlook:
    """Expected wins: `deals` (open and expected ones) with the chance to be won in each period, `draws` of
    the totals.

    `series` names item and market of the rows of `mean` (series, period) and `draws` (series, period, draw).
    """

    deals: pd.DataFrame
    chances: Matrix
    series: pd.DataFrame
    mean: Matrix
    draws: NDArray[np.float32]


@dataclass(frozen=True)
class Calibration:
    """What past snapshots say: a factor on the wins of open deals, and the spread of the shock
    that the deals of a month have in common.

    New deals keep their chances: what makes open ones win less often than learned is that the good ones are
    gone. `trust` is how much the baseline number of wins counts against the one that deals add up to.
    """

    factor: float
    shock: float
    trust: float


@dataclass(frozen=True)
class Month:
    """The month after a past day: wins then expected of the deals open and of deals still to come, and wins
    that happened.

    `usual` is how many the months before had let expect, whichever deals there are. `noise` is the variance
    of the wins were each deal's random error its own.
    """

    opened: float
    coming: float
    happened: float
    noise: float
    usual: float | None


class Snapshots:
    """The pipeline as it stood on past days and what could be learned from it then, each day learned once.

    `campaigns` is what campaigns to come add to the deals that nobody has opened yet.
    """

    def __init__(self, pipeline: Pipeline, campaigns: CampaignPlan | None = None) -> None:
        self._pipeline, self._campaigns = pipeline, campaigns
        self._learned: dict[int, tuple[Pipeline, Hazards | None]] = {}
        self._months: dict[tuple[int, int], Month] = {}

    def on(self, day: int) -> tuple[Pipeline, Hazards | None]:
        """The deals known on the day and the chances they show."""
        if day not in self._learned:
            past = self._pipeline.as_of(day)
            self._learned[day] = past, learn_hazards(past)
        return self._learned[day]

    def coming(self, day: int, end: int) -> pd.DataFrame:
        """Deals to be opened after the day up to `end`. Plans for campaigns are today's: no past day knew
        them.
        """
        past, hazards = self.on(day)
        assert hazards is not None
        campaigns = self._campaigns if day == self._pipeline.day else None
        return expected_arrivals(past, end, stage=hazards.entry_stage, campaigns=campaigns)

    def month(self, day: int, end: int) -> Month:
        """What was expected on the day of the time up to `end`, and what happened."""
        if (day, end) not in self._months:
            past, hazards = self.on(day)
            assert hazards is not None
            edges = np.array([day + 1, end + 1])
            chance = win_chances(hazards, past.open, day=day, edges=edges)[:, 0]
            arrivals = self.coming(day, end)
            coming = float(
                (win_chances(hazards, arrivals, day=day, edges=edges)[:, 0] * arrivals["weight"]).sum()
            )
            happened = self._pipeline.deals["won"] & self._pipeline.deals["closed"].between(day + 1, end)
            usual = baseline_wins(past, edges)
            self._months[day, end] = Month(
                chance.sum(),
                coming,
                happened.sum(),
                noise=(chance * (1 - chance)).sum() + coming,
                usual=None if usual is None else float(usual[0]),
            )
        return self._months[day, end]


def forecast_pipeline(
    snapshots: Snapshots, day: int, edges: NDArray[np.int64], *, seed: int
) -> PipelineOutlook | None:
    """Wins by item, market and period, of open deals and of deals still to come; None where nothing was ever
    decided and sales has no chances of its own.

    Known is what was known on the day; `edges` are the first days of the periods, and the day after the last
    one.
    """
    pipeline, hazards = snapshots.on(day)
    opened = pipeline.open.assign(quantity_spread=0.0, planned=0.0)
    if hazards is None:
        if opened["probability"].isna().all():
            return None
        calibration, deals = Calibration(1.0, USUAL_SHOCK, 0.0), opened.reset_index()
        chances = own_chances(opened, day=day, edges=edges)
    else:
        calibration = calibrate(snapshots, day)
        coming = snapshots.coming(day, int(edges[-1]) - 1)
        deals = pd.concat([opened.rename_axis("opportunity").reset_index(), coming], ignore_index=True)
        chances = win_chances(hazards, deals, day=pipeline.day, edges=edges)
        chances[:len(opened)] *= calibration.factor
        counted = (deals["weight"] - deals["planned"]).to_numpy()[:, None]
        summed = (chances * counted).sum(axis=0)
        chances *= _towards_the_usual(pipeline, summed, edges, trust=calibration.trust)
        chances[:len(opened)] = with_own_chances(chances[:len(opened)], opened, pipeline, edges=edges)
    chances /= np.maximum(chances.sum(axis=1, keepdims=True), 1.0)
    lines = _lines(pipeline, deals)
    deals, chances = deals.iloc[lines["deal"]].reset_index(drop=True), chances[lines["deal"]]
    deals = deals.assign(**{name: lines[name] for name in ("item", "market", "quantity")})
    series = deals[["item", "market"]].drop_duplicates().sort_values(["item", "market"], ignore_index=True)
    row = pd.MultiIndex.from_frame(series).get_indexer(pd.MultiIndex.from_frame(deals[["item", "market"]]))
    expected = chances * (deals["weight"] * deals["quantity"]).to_numpy()[:, None]
    mean = np.zeros((len(series), chances.shape[1]))
    np.add.at(mean, row, expected)
    shock = common_shocks((edges[:-1] - day) / MONTH, spread=calibration.shock, seed=seed)
    draws = simulate(deals, chances, row, count=len(series), shock=shock, seed=seed)
    return PipelineOutlook(deals, chances, series, mean=mean, draws=draws)


def _lines(pipeline: Pipeline, deals: pd.DataFrame) -> pd.DataFrame:
    """What each deal (a position) is about: deal, item, market, quantity; several rows where it holds several
    items. A deal that nobody has opened yet is about one.
    """
    place = pd.Series(np.arange(len(deals)), index=deals["opportunity"])
    own_lines = pipeline.own_lines
    own_lines = own_lines.assign(deal=own_lines["opportunity"].map(place[place.index.notna()]))
    coming = deals[deals["opportunity"].isna()]
    coming = coming[["item", "market", "quantity"]].assign(deal=coming.index)
    lines = pd.concat([own_lines[own_lines["deal"].notna()].drop(columns="opportunity"), coming])
    return lines.astype({"deal": np.int64}).sort_values("deal", kind="stable", ignore_index=True)


def _towards_the_usual(
    pipeline: Pipeline, summed: Matrix, edges: NDArray[np.int64], *, trust: float
) -> Matrix:
    """Factor on the chances of each period that moves the sum of the deals' wins towards the usual wins, less
    further ahead.
    """
    usual = baseline_wins(pipeline, edges)
    if usual is None:
        return np.ones(len(summed))
    ahead = (edges[:-1] - pipeline.day) / MONTH
    share = trust * 0.5 ** (ahead / HALF_TRUST)
    factor: Matrix = 1 + share * (np.divide(usual, summed, out=np.ones_like(summed), where=summed > 0) - 1)
    return np.clip(factor, 1 / MAXIMUM_MOVED, MAXIMUM_MOVED)


def win_chances(hazards: Hazards, deals: pd.DataFrame, *, day: int, edges: NDArray[np.int64]) -> Matrix:
    """Chance of each deal to be won in each period, week by week from the day on; deals enter when they are
    created.
    """
    chances = np.zeros((len(deals), len(edges) - 1))
    undated = deals["expected_close"].isna().to_numpy()
    for rows, learned in ((~undated, hazards), (undated, hazards.undated or hazards)):
        if rows.any():
            chances[rows] = _chances_alike(learned, deals[rows], day=day, edges=edges)
    return chances


def _chances_alike(hazards: Hazards, deals: pd.DataFrame, *, day: int, edges: NDArray[np.int64]) -> Matrix:
    """The chances of deals of which all have an expected close, or none; those that nothing tells apart are
    computed once.
    """
    fixed = hazards.grid.fixed_codes(deals)
    in_stage = np.maximum(day - deals["in_stage_since"].to_numpy(dtype=float), 0.0)
    stage = hazards.grid.state_codes(deals["stage"].to_numpy(dtype=object), in_stage)
    kinds = np.column_stack([deals["created"], deals["expected_close"].fillna(-1.0), stage, *fixed.values()])
    _, first, kind = np.unique(kinds, axis=0, return_index=True, return_inverse=True)
    created, expected_close = deals["created"].to_numpy()[first], deals["expected_close"].to_numpy()[first]
    alive = np.zeros((len(first), len(hazards.moves)))
    alive[np.arange(len(first)), stage[first]] = 1.0
    chances = np.zeros((len(first), len(edges) - 1))
    for begin in range(day + 1, int(edges[-1]), WEEK):
        checkpoint()
        begun = np.flatnonzero(created < begin + WEEK)
        age = np.maximum((begin - created[begun]) // WEEK, 0).astype(np.int64)
        codes = {name: code[first[begun]] for name, code in fixed.items()} | hazards.grid.weekly_codes(
            age, np.full(len(begun), begin + 3.0), expected_close[begun], (begin - day) // WEEK)
        won, alive[begun] = _one_week(hazards, codes, alive[begun])
        inside = np.clip(np.minimum(edges[1:], begin + WEEK) - np.maximum(edges[:-1], begin), 0, None) / WEEK
        for period in np.flatnonzero(inside):
            chances[begun, period] += won * inside[period]
    return chances[kind]


def _one_week(hazards: Hazards, codes: Codes, alive: Matrix) -> tuple[Matrix, Matrix]:
    """Chance to be won in the week, and chances by stage to be open after it."""
    won, left = np.zeros(len(alive)), np.zeros_like(alive)
    for stage in np.flatnonzero(alive.any(axis=0)):
        chance = hazards.chances(
            codes | {"stage": np.full(len(alive), stage)} if len(hazards.grid.stages) else codes
        )
        won += alive[:, stage] * chance[0]
        left[:, stage] = alive[:, stage] * (1 - chance[0] - chance[1])
    return won, left @ hazards.moves


def calibrate(snapshots: Snapshots, day: int) -> Calibration:
    """Compares wins of deals open at past month ends with the chances learned at the time.

    Only deals and decisions known at each snapshot are learned from; what followed up to the day is what they
    are held to.
    """
    this_month = np.datetime64(day + 1, "D").astype("datetime64[M]")
    ends = [
        int((this_month - back).astype("datetime64[D]").astype(np.int64)) - 1 for back in range(SNAPSHOTS + 1)
    ]
    now = snapshots.on(day)[0].deals
    expected, happened, months = PRIOR_WINS, PRIOR_WINS, []
    for then, end in zip(ends[1:], ends[:-1], strict=True):
        past, hazards = snapshots.on(then)
        if hazards is None or len(past.decided) < MINIMUM_DECIDED or past.open.empty:
            break
        expected += win_chances(hazards, past.open, day=then, edges=np.array([then + 1, day + 1])).sum()
        happened += now.loc[past.open.index, "won"].sum()
        months.append(snapshots.month(then, end))
    factor = happened / expected
    trust = _trust_in_the_usual(months, factor)
    return Calibration(float(factor), _shared_spread(months, factor, trust), trust)


def _trust_in_the_usual(months: list[Month], factor: float) -> float:
    """Weight of the baseline number of wins, half at first; the smaller its past errors beside those of the
    deals' sum, the larger.

    Weights in inverse proportion to the mean squared errors combine two forecasts best (Bates and Granger
    1969).
    """
    summed, usual = PRIOR_SNAPSHOTS * USUAL_ERROR ** 2, PRIOR_SNAPSHOTS * USUAL_ERROR ** 2
    for month in months:
        if month.usual is not None and month.happened > 0:
            summed += ((factor * month.opened + month.coming) / month.happened - 1) ** 2
            usual += (month.usual / month.happened - 1) ** 2
    return float(summed / (summed + usual))


def _shared_spread(months: list[Month], factor: float, trust: float) -> float:
    """Spread of the common shock of a month's deals: what is left of the months' errors after each deal's own
    luck, shrunk.
    """
    summed = [factor * month.opened + month.coming for month in months]
    wins = np.array([mean if month.usual is None else mean + trust * (month.usual - mean)
                     for month, mean in zip(months, summed, strict=True)])
    error = np.array([month.happened for month in months]) - wins
    beyond = (error ** 2).sum() - sum(month.noise for month in months)
    relative = beyond / max((wins ** 2).mean(), 1.0) if months else 0.0
    variance = (relative + PRIOR_SNAPSHOTS * USUAL_SHOCK ** 2) / (len(months) + PRIOR_SNAPSHOTS)
    return float(np.sqrt(max(variance, 0.0)))
