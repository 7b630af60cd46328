"""Campaigns to come: leads beyond those of a year earlier become deals beyond those that would come anyway.

The run-rate of openings holds what campaigns have brought so far. What is planned changes it by the
difference:

    openings of a source on a day = its run-rate + deals per lead * (leads planned - leads a year earlier), as
        they come in

In a month for which no campaign of a source is planned, its campaigns of the same month a year earlier are
repeated, so that a scenario without plans expects the run-rate. Deals per lead, and how many months after
their campaign they come, are learned from the recorded campaigns and the deals that name them: a what-if
changes what will be, never what was.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.demand.series.matrix import Matrix

YEAR = 12  # months
MATURE = 12  # months after which a campaign has brought what it brings
MINIMUM_DEALS = 10  # that name a source's campaigns, to learn how long after them deals come
AVERAGE_MONTH = 30.4375  # days


@dataclass(frozen=True)
class CampaignPlan:
    """Deals a day that campaigns bring beyond the run-rate, by lead source: one figure for each month from
    `first` on.
    """

    first: int = 0
    added: dict[str, Matrix] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def daily(self, source: str, days: NDArray[np.int64]) -> Matrix:
        """Deals added on each of the days; fewer than before where it is negative."""
        if source not in self.added:
            return np.zeros(len(days))
        month = np.asarray(days).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) - self.first
        inside = (month >= 0) & (month < len(self.added[source]))
        return np.where(inside, self.added[source][np.clip(month, 0, len(self.added[source]) - 1)], 0.0)


def plan_campaigns(campaigns: pd.DataFrame, recorded: pd.DataFrame, deals: pd.DataFrame, *, day: pd.Timestamp,
                   until: pd.Period) -> CampaignPlan:
    """What the campaigns add from the month after `day` to the end of `until`.

    `campaigns` are those of the scenario, `recorded` the same as they are on record, `deals` the
    opportunities known.
    """
    today = _month(pd.Series([day])).iloc[0]
    planned, happened, on_record = (_dated(rows) for rows in (campaigns, campaigns, recorded))
    planned, happened = planned[planned["start"] > day], happened[happened["start"] <= day]
    on_record = on_record[on_record["start"] <= day]
    months = int(_month(pd.Series([until.end_time])).iloc[0] - today)
    came_from = set(deals.loc[deals["created"] > day - pd.DateOffset(years=1), "lead_source"])
    added, notes = {}, []
    for source in sorted({*planned["lead_source"], *happened["lead_source"]}):
        past, ahead, before = (rows[rows["lead_source"] == source] for rows in (on_record, planned, happened))
        extra = _leads(ahead, before, today, months) - _leads(ahead[:0], past, today, months)
        if not np.any(extra):
            continue
        yields = _deals_per_lead(past, deals, today)
        if yields is None or source not in came_from:
            notes.append(
                f'Leads from "{source}" are planned, but no campaign on record, or no deal of the last '
                'year, says what '
                "they bring: they are not forecast. Give leads and qualified of campaigns, and lead_source "
                "of deals."
            )
            continue
        added[source] = np.convolve(extra, yields)[:months] / AVERAGE_MONTH
    return CampaignPlan(int(today) + 1, added, tuple(notes))


def _month(days: pd.Series) -> pd.Series:
    """Months since 1970."""
    months: pd.Series = days.dt.year * YEAR + days.dt.month - 1 - 1970 * YEAR
    return months


def _dated(campaigns: pd.DataFrame) -> pd.DataFrame:
    """Campaigns that say when and for which source, with their start and its month."""
    usable = campaigns[campaigns["period"].notna() & campaigns["lead_source"].notna()]
    start = pd.Series(pd.PeriodIndex(usable["period"]).start_time, index=usable.index)
    return usable.assign(start=start, month=_month(start))


def _leads(planned: pd.DataFrame, happened: pd.DataFrame, today: int, months: int) -> Matrix:
    """Leads of each coming month: those planned, else those of the same month a year earlier.

    A planned campaign that does not say how many leads brings what a campaign of the source brought on
    average.
    """
    usual = happened["leads"].mean() if happened["leads"].notna().any() else 0.0
    planned_leads = planned.assign(leads=planned["leads"].fillna(usual)).groupby("month")["leads"].sum()
    past_leads = happened.groupby("month")["leads"].sum()
    leads = np.zeros(YEAR + months)
    leads[:YEAR] = [past_leads.get(today - YEAR + 1 + place, 0.0) for place in range(YEAR)]
    for place in range(YEAR, YEAR + months):
        leads[place] = planned_leads.get(today - YEAR + 1 + place, leads[place - YEAR])
    return leads[YEAR:]


def _deals_per_lead(recorded: pd.DataFrame, deals: pd.DataFrame, today: int) -> Matrix | None:
    """Deals that one lead brings in the month of its campaign and in each later one; None where no record
    says so.
    """
    counted = recorded[recorded["leads"] > 0]
    mature = counted[counted["month"] <= today - MATURE]
    counted = mature if len(mature) else counted
    start = deals["campaign"].map(counted.drop_duplicates("campaign").set_index("campaign")["month"])
    later = (_month(deals["created"]) - start)[start.notna()]
    if len(later) >= MINIMUM_DEALS:
        return np.bincount(later.clip(0, MATURE).astype(int)) / float(counted["leads"].sum())
    complete = counted[counted["qualified"].notna()]
    if not len(complete):
        return None
    return np.array([float(complete["qualified"].sum()) / float(complete["leads"].sum())])
