"""What demand is forecast from: the run-rate history and the pipeline of a scenario, as known on its day."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import numpy as np
import pandas as pd

from planner.demand.known_on import Tables, known_on
from planner.demand.pipeline.campaigns import CampaignPlan, plan_campaigns
from planner.demand.pipeline.data_gaps import pipeline_gaps
from planner.demand.pipeline.deals import Pipeline, pipeline_known
from planner.demand.pipeline.forecast import Snapshots
from planner.demand.runrate.availability import without_stockouts
from planner.demand.runrate.churn import Churn, weigh_churn
from planner.demand.runrate.cleaning import fill_gaps
from planner.demand.runrate.export import end_of_record
from planner.demand.runrate.history import History, last_complete_period, order_series, split_business
from planner.demand.runrate.returns import without_returns
from planner.demand.series.matrix import Matrix
from planner.demand.series.parallel import Spread
from planner.demand.what_is_read import deal_prices
from planner.scenario.calendar import Calendar
from planner.scenario.scenario import Scenario
from planner.scenario.scope import Groups, groups_of, with_market

NOTHING_DECIDED = (
    "No opportunity was ever decided, so nothing can be learned about winning: the pipeline is not forecast. "
    "Give opportunities or stages a probability, and it is."
)
ORDERS_NOT_TAGGED = ("No order of the history names its opportunity, so the history holds all business: "
                     "the pipeline is not added to it.")


@dataclass(frozen=True)
class Sources:
    """Run-rate history as it was ordered, deals as they stood on any day (None: no pipeline to forecast),
    what people planned.

    `total` is the history of all business, won deals included: what forecasts of the past are held to. `day`
    is the last day known; `notes` say what the data did not allow.
    """

    history: History
    total: History
    deals: Snapshots | None
    lifecycles: pd.DataFrame
    promotions: pd.DataFrame
    overrides: pd.DataFrame
    streams: pd.DataFrame
    consensus: Literal["weighted", "equal", "none"]
    items: pd.DataFrame
    day: pd.Timestamp
    seed: int
    notes: tuple[str, ...]
    spread: Spread
    working_days: pd.DataFrame
    groups: Groups
    cut_outliers: bool
    anchor: str
    churn: Churn

    def day_of(self, back: int) -> pd.Timestamp:
        """The last day that was known `back` periods ago."""
        return self.day if back == 0 else (self.total.end - back).end_time.normalize()


def gather_sources(scenario: Scenario, spread: Spread | None = None) -> Sources:
    """What there is to forecast from; what the user brings is not forecast, so its history is left out.

    Series are forecast where `spread` says; by default on this process alone.
    """
    day = knowledge_day(scenario)
    tables = known_on(day, scenario.tables)
    orders, returned = without_returns(tables["order_history"], scenario.settings.forecast.returns)
    tables |= {"order_history": orders, "opportunities": _in_own_currency(tables, scenario.settings.currency)}
    runrate, from_deals = split_business(tables["order_history"], tables["opportunities"])
    pipeline = pipeline_known(tables, day, deal_prices(scenario, tables["opportunities"], tables["items"]))
    note = _why_no_pipeline(pipeline, tagged=len(from_deals) > 0 or runrate.empty)
    campaigns = _campaigns(scenario, tables, day) if note is None else CampaignPlan()
    deals = Snapshots(pipeline, campaigns) if note is None else None
    notes = (*pipeline_gaps(tables, day), *campaigns.notes) if note is None else (note,) if note else ()
    end, late = end_of_record(tables["order_history"], last_complete_period(day, scenario.calendar),
                              scenario.calendar)
    wins = _as_orders(pipeline) if deals is not None else runrate[:0]
    chosen = scenario.settings.forecast
    series = partial(_series, tables=tables, calendar=scenario.calendar, end=end, gaps=chosen.gaps)
    history, total = series(runrate), series(pd.concat([runrate, wins], ignore_index=True))
    spread = spread or Spread(workers=1)
    whole = replace(history, values=fill_gaps(history.values, history.season))
    churn = weigh_churn(
        with_market(runrate, tables["customers"]), whole, _forecaster(spread), choice=chosen.churn
    )
    return Sources(
        history,
        total,
        deals,
        lifecycles=tables["lifecycles"],
        promotions=tables["promotions"],
        overrides=tables["forecast_overrides"],
        streams=tables["forecast_streams"][: None if chosen.consensus != "none" else 0],
        consensus=chosen.consensus,
        items=tables["items"],
        day=day,
        seed=scenario.settings.solver.seed,
        notes=(*late, *returned, *notes, *churn.notes),
        spread=spread,
        working_days=tables["working_days"],
        groups=groups_of(tables["items"], tables["markets"]),
        cut_outliers=chosen.outliers == "cut",
        anchor=chosen.anchor,
        churn=churn,
    )


def _series(
    orders: pd.DataFrame,
    *,
    tables: Tables,
    calendar: Calendar,
    end: pd.Period,
    gaps: Literal["zero", "missing"],
) -> History:
    """The orders as series, less what could not be sold and what the user brings a demand for."""
    history = order_series(orders, tables, calendar=calendar, end=end, gaps=gaps)
    return _unbrought(without_stockouts(history, tables["stockouts"], tables["lanes"]), tables["demand"])


def _in_own_currency(tables: Tables, currency: str) -> pd.DataFrame:
    """The deals with amounts in the scenario's currency, at the rate without a span, else at the latest."""
    deals = tables["opportunities"]
    ordered = tables["exchange_rates"].sort_values("from", na_position="last", kind="stable")
    rates = ordered.drop_duplicates("currency", keep="last").set_index("currency")["rate"]
    foreign = deals["currency"].notna() & (deals["currency"] != currency)
    rate = deals["currency"].map(rates).astype(float).where(foreign, 1.0)
    return deals.assign(amount=deals["amount"] * rate)


def _campaigns(scenario: Scenario, tables: Tables, day: pd.Timestamp) -> CampaignPlan:
    """What the campaigns to come add to the deals that would be opened anyway."""
    recorded, deals = scenario.recorded("campaigns"), tables["opportunities"]
    return plan_campaigns(tables["campaigns"], recorded, deals, day=day, until=scenario.calendar.end)


def _forecaster(spread: Spread) -> Callable[[History, int], Matrix]:
    """What a history lets expect of each series, so many periods ahead."""
    return lambda history, periods: (
        spread.forecast(history.values, season=history.season, periods=periods,
                        positions=history.positions(periods)).mean
    )


def knowledge_day(scenario: Scenario) -> pd.Timestamp:
    """The last day that is known: `forecast.as_of`, at the latest the day before the calendar starts."""
    day_before = scenario.calendar.start.start_time - pd.Timedelta(days=1)
    as_of = scenario.settings.forecast.as_of
    return day_before if as_of is None else min(pd.Timestamp(as_of), day_before)


def _why_no_pipeline(pipeline: Pipeline, *, tagged: bool) -> str | None:
    """Why the pipeline is not forecast: a sentence, empty where there simply is none; None where it is
    forecast.
    """
    if pipeline.deals.empty:
        return ""
    if pipeline.decided.empty and pipeline.open["probability"].isna().all():
        return NOTHING_DECIDED
    return ORDERS_NOT_TAGGED if not tagged and pipeline.deals["won"].any() else None


def _as_orders(pipeline: Pipeline) -> pd.DataFrame:
    """Won deals as orders of the day they were won."""
    won = pipeline.deals[pipeline.deals["won"]]
    lines = pipeline.own_lines
    lines = lines[lines["opportunity"].isin(won.index)].reset_index(drop=True)
    closed = won["closed"].reindex(pd.Index(lines["opportunity"])).to_numpy()
    days = closed.astype("datetime64[D]").astype("datetime64[s]")
    return lines[["item", "market", "quantity"]].assign(date=days, customer=np.nan)


def _unbrought(history: History, demand: pd.DataFrame) -> History:
    """The history without the items and markets whose demand the user brings."""
    brought = pd.MultiIndex.from_frame(demand[["item", "market"]])
    is_forecast = ~pd.MultiIndex.from_frame(history.series).isin(brought)
    return History(
        history.series.loc[is_forecast].reset_index(drop=True), history.values[is_forecast], history.end,
        season=history.season
    )
