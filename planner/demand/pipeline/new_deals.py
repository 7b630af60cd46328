"""Deals that nobody has opened yet: how many to expect, week by week, and what they will be about."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.demand.pipeline.campaigns import CampaignPlan
from planner.demand.pipeline.deals import NEVER, Pipeline
from planner.demand.pipeline.win_hazard import WEEK
from planner.demand.series.combination import forecast_series
from planner.demand.series.matrix import Matrix

YEAR = 365
MINIMUM_MONTHS = 6  # months of openings from which their course is forecast; fewer give a plain rate
AVERAGE_MONTH = 30.4375  # days


def expected_arrivals(pipeline: Pipeline, last_day: int, *, stage: str | None = None,
                      campaigns: CampaignPlan | None = None) -> pd.DataFrame:
    """Deals to be opened after the pipeline's day up to `last_day`: a row for each week and kind, `weight`
    deals each.

    They begin in `stage`. A kind is item, market, lead source and size, with its share of the deals opened in
    the last year; what `campaigns` add to a source, `planned` of the weight, is spread over its kinds.
    """
    kinds = _kinds(pipeline)
    opened = np.arange(pipeline.day + 1 + WEEK // 2, last_day + 1, WEEK)
    rate = daily_openings(pipeline, opened) * WEEK
    week = np.repeat(np.arange(len(opened)), len(kinds))
    deals = kinds.iloc[np.tile(np.arange(len(kinds)), len(opened))].reset_index(drop=True)
    usual = deals["share"].to_numpy() * rate[week]
    weight = np.maximum(usual + _added(kinds, campaigns, opened), 0.0)
    coming: pd.DataFrame = deals.assign(
        weight=weight,
        planned=weight - usual,
        created=opened[week].astype(float),
        closed=NEVER,
        won=False,
        expected_close=np.nan,
        stage=stage,
        in_stage_since=opened[week].astype(float),
    )
    return coming


def _added(kinds: pd.DataFrame, campaigns: CampaignPlan | None, opened: NDArray[np.int64]) -> Matrix:
    """Deals that campaigns add in each week to each kind: its share of those of its lead source."""
    if campaigns is None:
        return np.zeros(len(opened) * len(kinds))
    source = kinds["lead_source"]
    within = (kinds["share"] / kinds["share"].groupby(source).transform("sum")).to_numpy()
    daily = {name: campaigns.daily(name, opened) for name in source.unique()}
    added: Matrix = (
        np.array([daily[name] for name in source]).reshape(len(kinds), len(opened)).T * within * WEEK
    )
    return added.ravel()


def _kinds(pipeline: Pipeline) -> pd.DataFrame:
    """Item, market, lead source and size of the last year's deals, their share of them, and the quantity
    that a won one has.
    """
    recent = pipeline.deals[pipeline.deals["created"] > max(pipeline.day - YEAR, pipeline.first - 1)]
    kinds = recent.groupby(["item", "market", "lead_source", "size"], as_index=False)["weight"].sum()
    alike = pd.MultiIndex.from_arrays([kinds["item"], kinds["size"]])
    won = pipeline.deals[pipeline.deals["won"]].groupby(["item", "size"])["quantity"]
    every = pipeline.deals.groupby(["item", "size"])["quantity"].mean()
    quantity = won.mean().reindex(alike).fillna(every.reindex(alike))
    described: pd.DataFrame = kinds.assign(
        share=kinds["weight"] / max(kinds["weight"].sum(), 1.0),
        quantity=quantity.to_numpy(),
        quantity_spread=won.std().reindex(alike).fillna(0.0).to_numpy())
    return described


def daily_openings(pipeline: Pipeline, days: NDArray[np.int64]) -> Matrix:
    """Deals expected to be opened on each of the coming days.

    The course of the monthly openings is forecast like any run-rate series. Deals opened before decisions
    were recorded are not counted: those decided in the meantime are missing.
    """
    created = (
        pipeline.deals["created"].to_numpy().astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    )
    today = np.datetime64(pipeline.day + 1, "D").astype("datetime64[M]").astype(np.int64)  # the running month
    first = np.datetime64(pipeline.first - 1, "D").astype("datetime64[M]").astype(np.int64) + 1
    months = np.asarray(days).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    if today - first < MINIMUM_MONTHS or len(months) == 0:
        since = max(pipeline.day - YEAR, pipeline.first - 1)
        return np.full(
            len(months), (pipeline.deals["created"] > since).sum() / max(pipeline.day - since, WEEK)
        )
    opened = np.bincount(
        created[(created >= first) & (created < today)] - first, minlength=today - first
    ).astype(float)
    outlook = forecast_series(opened[None, :], season=12, periods=int(months.max() - today) + 1)
    rate: Matrix = outlook.mean[0, months - today] / AVERAGE_MONTH
    return rate
