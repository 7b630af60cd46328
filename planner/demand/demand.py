"""Demand: what customers will want, by item, market and period, where each unit comes from, and how sure it
is.
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from planner.demand.explain import explain
from planner.demand.folder import TABLES, Previous
from planner.demand.forecast_steps import forecast_by_step, judged_by
from planner.demand.groundwork import Groundwork, lay_groundwork
from planner.demand.judgement.consensus import no_streams
from planner.demand.judgement.overrides import no_adjustments
from planner.demand.known_on import known_on
from planner.demand.ledger import Sampled, column_of, with_booked
from planner.demand.origins import shares_of_origins
from planner.demand.parts import no_parts
from planner.demand.pipeline.forecast import PipelineOutlook
from planner.demand.pipeline.kpis import no_pipeline_kpis, pipeline_kpis
from planner.demand.record.backtest import Backtest, make_record, past_forecasts
from planner.demand.record.verdict import verdict
from planner.demand.runrate.cleaning import changes_in_words, no_changes
from planner.demand.runrate.history import History, no_history
from planner.demand.runrate.promotion_effects import effects_in_words, no_effects
from planner.demand.series.parallel import Spread
from planner.errors import PlannerError
from planner.figures import figure
from planner.glance import glance, glance_html
from planner.linear_algebra import one_thread
from planner.progress import Cancel, Watcher, watched
from planner.scenario.calendar import Calendar, PeriodForm, with_periods_as
from planner.scenario.scenario import Scenario
from planner.scenario.suggestions import did_you_mean
from planner.text_cells import plain_texts

NEGLIGIBLE_CHANCE = 0.001  # a deal less likely than this in a period is not listed there


@dataclass(frozen=True)
class Demand:
    """What customers will want.

    `ledger`: item, market, period, origin, quantity: the mean, every unit once. Origins are booked, pipeline,
    baseline, promotion, consensus, override and user. `quantiles`: item, market, period, mean and q025 to
    q975 of the total, booked orders included. `cumulated`: the same of what is wanted from the first period
    up to each one; its quantiles are not sums of the others. `record`: how well past forecasts did (level,
    measure, lag, method, value); `backtests` are those forecasts. `deals`: the open deals behind the pipeline
    (opportunity, item, market, period, chance, quantity: the whole deal's). `adjustments`: what overrides
    changed (item, market, period, before, after, reason, author). `cleaned`: what was changed in the history
    before it was forecast from (item, market, period, before, after, reason). `promotion_effects`: what past
    promotions show (item, uplift, standard_error, periods, estimated_from). `streams`: what everybody
    expects, the statistical forecast included, and its weight in the consensus (item, market, period, stream,
    quantity, weight). `parts`: what adds up to the mean (item, market, period, part, quantity): level, trend,
    season, promotion, deals, judgement, orders. `pipeline_kpis`: conversion, win rate, sales cycle, cost of
    acquisition and churn with intervals (kpi, stage, lead_source, value, low, high, count, unit). `plan_on`
    is the column of `quantiles` that is planned; `sampled` is what `draws` draws from;
    `notes` say what the data did not allow. `groundwork` is what `make_demand(..., like=demand)` goes on
    from.
    """

    ledger: pd.DataFrame
    quantiles: pd.DataFrame
    record: pd.DataFrame
    plan_on: str = "mean"
    notes: tuple[str, ...] = ()
    adjustments: pd.DataFrame = field(default_factory=no_adjustments)
    deals: pd.DataFrame = field(default_factory=lambda: named_deals(None, None))
    pipeline_kpis: pd.DataFrame = field(default_factory=no_pipeline_kpis)
    backtests: tuple[Backtest, ...] = ()
    history: History = field(default_factory=no_history)
    cumulated: pd.DataFrame = field(default_factory=pd.DataFrame)
    cleaned: pd.DataFrame = field(default_factory=no_changes)
    promotion_effects: pd.DataFrame = field(default_factory=no_effects)
    streams: pd.DataFrame = field(default_factory=no_streams)
    parts: pd.DataFrame = field(default_factory=no_parts)
    sampled: Sampled | None = None
    groundwork: Groundwork | None = field(default=None, repr=False, compare=False)

    def __repr__(self) -> str:
        return glance("Demand", self._facts())

    def _repr_html_(self) -> str:
        """The same as a small table, for notebooks."""
        return glance_html("Demand", self._facts())

    def _facts(self) -> dict[str, str]:
        """How much is expected, of what, and how sure it is."""
        ledger = self.ledger
        by_origin = ledger.groupby("origin", sort=False)["quantity"].sum() if len(ledger) else pd.Series()
        return {
            "units": figure(float(ledger["quantity"].sum())),
            "by origin": ", ".join(f"{name} {figure(units)}" for name, units in by_origin.items()),
            "series": f"{len(self.quantiles[['item', 'market']].drop_duplicates()):,} of item and market, "
                      f"{self.quantiles['period'].nunique()} periods",
            "planned on": self.plan_on,
            "notes": f"{len(self.notes):,}",
        }

    def frame(self, table: str, *, periods: PeriodForm = "period") -> pd.DataFrame:
        """A table of the demand for other programs, like `ledger`, its periods as pandas Periods, as text
        like 2026-03, or as timestamps of their first day.
        """
        if table not in TABLES:
            raise PlannerError(f'no table "{table}"{did_you_mean(str(table), TABLES)}. '
                               f"A demand has {', '.join(TABLES)}")
        return with_periods_as(getattr(self, table), periods)

    @property
    def past_forecasts(self) -> pd.DataFrame:
        """Every past forecast beside what happened: item, market, origin, period, lag, actual, each method,
        quantiles.
        """
        return past_forecasts(self.history, self.backtests)

    @property
    def verdict(self) -> tuple[str, ...]:
        """The record in sentences."""
        return verdict(self.record)

    def explain(
        self,
        *,
        item: str | None = None,
        market: str | None = None,
        period: str | pd.Period | None = None,
        previous: Previous | Path | str | None = None,
    ) -> list[str]:
        """Why the figure is what it is, in sentences; `previous` is the folder of an earlier forecast to
        compare it with.
        """
        return explain(self, item=item, market=market, period=period, previous=previous)

    @property
    def origins(self) -> pd.DataFrame:
        """Item, market, period, origin, share: what the remaining demand of `planned` is made of."""
        return shares_of_origins(self.ledger, self.planned)

    def draws(self, count: int = 100, *, seed: int = 0) -> pd.DataFrame:
        """Sample paths: item, market, period, path (1 to `count`), quantity in units.

        A path is demand of all items, markets and periods as it may come together: series share what their
        past shows they have in common, errors last as long as the record says, and deals of a month share its
        shock. The same seed draws the same paths. Raises PlannerError where the demand was not forecast.
        """
        if self.sampled is None:
            raise PlannerError("this demand was not forecast here, so there is nothing to draw from")
        return self.sampled.frame(count, seed=seed)

    @property
    def planned(self) -> pd.DataFrame:
        """Item, market, period, booked, remaining: what is ordered already, and what else the plan may serve.

        remaining = max(0, total planned on - booked); overdue orders are booked in the first period.
        """
        keys = ["item", "market", "period"]
        booked = self.ledger[self.ledger["origin"] == "booked"][[*keys, "quantity"]].rename(
            columns={"quantity": "booked"}
        )
        planned = self.quantiles[[*keys, self.plan_on]].merge(
            booked, on=keys, how="left", validate="one_to_one"
        )
        planned["booked"] = planned["booked"].fillna(0.0)  # no row in the ledger: nothing booked
        planned["remaining"] = (planned[self.plan_on] - planned["booked"]).clip(lower=0.0)
        return planned[[*keys, "booked", "remaining"]]


@plain_texts()
def make_demand(scenario: Scenario, progress: Watcher | None = None, *, cancel: Cancel | None = None,
                workers: int | None = None, scheduler: str | None = None,
                like: Demand | None = None) -> Demand:
    """Demand of every period of the calendar: forecast, or brought by the user, and used up by booked orders.

    Known is what was known on `forecast.as_of`. A user's `demand` rows replace the forecast of their item and
    market. `workers` processes, or those of a dask.distributed `scheduler`, forecast; how many does not
    change the demand. What `like`, the demand of another scenario, has made of the past is taken over where
    both have the same past: the demand is the same, byte for byte, and takes a tenth of the time.
    """
    with (
        watched(progress, cancel),
        one_thread(),
        Spread(workers=workers, scheduler=scheduler) as spread,
    ):
        earlier = None if like is None or like.groundwork is None else like.groundwork.under(scenario)
        return _upon(earlier or lay_groundwork(scenario, spread), scenario)


def _upon(groundwork: Groundwork, scenario: Scenario) -> Demand:
    """The demand, with what is known today."""
    sources, expectation = groundwork.sources, groundwork.expectation
    judgement = judged_by(sources, 0, groundwork.backtests)
    latest = forecast_by_step(expectation, judgement, calendar=scenario.calendar, rows=sources.total)
    record = make_record(sources.total, groundwork.backtests, latest)
    booking = with_booked(groundwork, judgement, scenario)
    if len(sources.churn.record):
        record = pd.concat([record, sources.churn.record], ignore_index=True)
    chosen = scenario.settings.forecast
    notes = (
        *sources.notes,
        *expectation.notes,
        *changes_in_words(expectation.changes),
        *effects_in_words(expectation.effects, sources.promotions),
    )
    on_record = known_on(sources.day, {**scenario.tables, "campaigns": scenario.recorded("campaigns")})
    return Demand(
        ledger=booking.ledger,
        quantiles=booking.quantiles,
        record=record,
        plan_on=column_of(chosen.plan_on, of_total=chosen.quantile_of == "total"),
        notes=notes,
        adjustments=booking.adjustments,
        deals=named_deals(expectation.pipeline, scenario.calendar),
        pipeline_kpis=pipeline_kpis(on_record, sources.day),
        backtests=groundwork.backtests,
        history=sources.total,
        cumulated=booking.cumulated,
        cleaned=expectation.changes,
        promotion_effects=expectation.effects,
        streams=booking.streams,
        parts=booking.parts,
        sampled=booking.sampled,
        groundwork=groundwork,
    )


def named_deals(outlook: PipelineOutlook | None, calendar: Calendar | None) -> pd.DataFrame:
    """Open deals with the chance that they are won in each period, likeliest first; none without a
    pipeline.
    """
    columns = ["opportunity", "item", "market", "period", "chance", "quantity"]
    if outlook is None or calendar is None:
        return pd.DataFrame({name: [] for name in columns})
    rows = np.flatnonzero(outlook.deals["opportunity"].notna())
    deal, period = np.nonzero(outlook.chances[rows] > NEGLIGIBLE_CHANCE)
    deals = outlook.deals.iloc[rows[deal]].assign(
        period=calendar.index.take(period), chance=outlook.chances[rows[deal], period]
    )
    return deals[columns].sort_values(["chance", "opportunity"], ascending=[False, True], ignore_index=True)
