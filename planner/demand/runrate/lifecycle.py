"""Launches and phase-outs: an item's forecast follows its life, a new item borrows from a like one."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.demand.series.matrix import Matrix
from planner.demand.series.outlook import Outlook
from planner.scenario.calendar import Calendar
from planner.scenario.scope import own_before_shared


def follow_lifecycles(series: pd.DataFrame, outlook: Outlook, lifecycles: pd.DataFrame,
                      *, lengths: NDArray[np.int64], calendar: Calendar) -> tuple[pd.DataFrame, Outlook]:
    """The forecast with like items' figures for items that have less than a year of history, launches ramped,
    phase-outs ended.

    `lengths` is the number of periods of history of each row of `series`. A lifecycle without a market holds
    in every market in which the item, or the item it is like, was sold.
    """
    if lifecycles.empty:
        return series, outlook
    rows = _lifecycle_of(series, lifecycles)
    places = series.assign(row=np.arange(len(series)), length=lengths)
    rows = rows.merge(places, on=["item", "market"], how="left")
    like = rows.merge(places, left_on=["like_item", "market"], right_on=["item", "market"], how="left")[
        "row_y"
    ]
    year = 12 if calendar.bucket == "month" else 52
    borrowed = like.notna() & ~(rows["length"] >= year)
    origin = like.where(borrowed, rows["row"])
    rows, source = rows[origin.notna().to_numpy()], origin[origin.notna()].to_numpy(dtype=np.int64)
    life = life_share(rows, calendar)
    share = life * np.where(borrowed[origin.notna()], rows["like_share"], 1.0)[:, None]
    others = np.setdiff1d(np.arange(len(series)), rows["row"].dropna().to_numpy(dtype=np.int64))
    merged = pd.concat([series.iloc[others], rows[["item", "market"]]], ignore_index=True)
    born = Outlook.joined([outlook.of(others), outlook.of(source).scaled(share)])
    return merged, _cannibalized(
        merged, born, rows.assign(place=len(others) + np.arange(len(rows)))[borrowed[origin.notna()]]
    )


def _cannibalized(series: pd.DataFrame, outlook: Outlook, newcomers: pd.DataFrame) -> Outlook:
    """The forecast in which like items lose what newcomers take from them: a share of each newcomer's own
    sales.
    """
    place = pd.MultiIndex.from_frame(series)
    victim = place.get_indexer(pd.MultiIndex.from_arrays([newcomers["like_item"], newcomers["market"]]))
    cannibalized = np.zeros_like(outlook.mean)
    lost = outlook.mean[newcomers["place"]] * newcomers["cannibalization"].to_numpy()[:, None]
    np.add.at(cannibalized, victim[victim >= 0], lost[victim >= 0])
    share_lost = np.divide(np.minimum(cannibalized, outlook.mean), outlook.mean,
                           out=np.zeros_like(cannibalized), where=outlook.mean > 0)
    return outlook.scaled(1 - share_lost)


def _lifecycle_of(series: pd.DataFrame, lifecycles: pd.DataFrame) -> pd.DataFrame:
    """One lifecycle row for each item and market it concerns; a row with its market beats one without."""
    somewhere, anywhere = lifecycles[lifecycles["market"].notna()], lifecycles[lifecycles["market"].isna()]
    values = ["like_item", "like_share", "cannibalization", "launch", "ramp", "phase_out"]
    sold = pd.concat([anywhere.merge(series.rename(columns={"item": own}), on=own, suffixes=("_row", ""))
                      for own in ("item", "like_item")], ignore_index=True)
    rows = pd.concat(
        [somewhere[["item", "market", *values]], sold[["item", "market", *values]]], ignore_index=True
    )
    own = pd.Series(np.arange(len(rows)) < len(somewhere))
    return own_before_shared(rows, ["item", "market"], own=own).reset_index(drop=True)


def life_share(lifecycles: pd.DataFrame, calendar: Calendar) -> Matrix:
    """Share of full sales by lifecycle row and period: 0 before the launch, rising evenly through the ramp, 0
    after the end.

    A ramp of 3 sells 1/4, 2/4, 3/4 in the first three periods and everything from the fourth on.
    """
    number = np.arange(1, calendar.periods + 1)
    launch = np.where(lifecycles["launch"].isna(), -np.inf, calendar.number(lifecycles["launch"]))
    end = np.where(lifecycles["phase_out"].isna(), np.inf, calendar.number(lifecycles["phase_out"]))
    age = number - launch[:, None] + 1
    ramp = lifecycles["ramp"].to_numpy(dtype=float)[:, None] + 1
    share: Matrix = np.clip(age / ramp, 0.0, 1.0) * (number <= end[:, None])
    return share
