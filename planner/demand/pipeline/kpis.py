"""How the pipeline does: conversion, win rate, sales cycle, cost of acquisition and churn, each with a 95%
interval.

Only what was known on the day counts. Intervals are Wilson's for shares (Wilson 1927), Student's for the mean
cycle, and Garwood's for the number of customers behind a cost (Garwood 1936). The scorecard of a plan takes
its figures from here: each is defined once.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from planner.demand.known_on import Tables

COLUMNS = ["kpi", "stage", "lead_source", "value", "low", "high", "count", "unit"]
LEVEL = 0.95

Row = tuple[str, str | None, str | None, float, float, float, int, str]


def no_pipeline_kpis() -> pd.DataFrame:
    """The table where there is nothing to measure."""
    return _framed([])


def pipeline_kpis(tables: Tables, day: pd.Timestamp) -> pd.DataFrame:
    """KPI by stage or lead source (blank: all of them), its value, the interval, and how many cases it rests
    on.

    conversion_rate: of the deals that left a stage, the share that moved on or was won; of leads, the share
    that became opportunities. win_rate: of the decided deals, the share won. sales_cycle: mean days from
    creation to the win. cost_of_acquisition: campaign cost for each customer won through a campaign.
    customer_churn: of the customers who ordered in the year before last, the share that ordered no more in
    the last year.
    """
    deals = tables["opportunities"].drop_duplicates("opportunity")  # one over several items counts once
    campaigns = tables["campaigns"]
    started = pd.PeriodIndex(campaigns["period"]).start_time <= day
    campaigns = campaigns[started | campaigns["period"].isna()]
    return _framed(
        [
            *_lead_conversion(campaigns),
            *_stage_conversion(deals, tables["stage_history"]),
            *_win_rates(deals),
            *_cycles(deals),
            *_acquisition(deals, campaigns),
            *_churn(tables["order_history"], day),
        ]
    )


def _framed(rows: list[Row]) -> pd.DataFrame:
    types = {
        "kpi": "str",
        "stage": "str",
        "lead_source": "str",
        "value": "float64",
        "low": "float64",
        "high": "float64",
        "count": "int64",
        "unit": "str",
    }
    return pd.DataFrame(rows, columns=COLUMNS).astype(types)


def _each_source(rows: pd.DataFrame) -> Iterator[tuple[str | None, pd.DataFrame]]:
    """All rows, then those of every lead source."""
    yield None, rows
    for source, some in rows.groupby("lead_source", sort=True):
        yield str(source), some


def _share(kpi: str, stage: str | None, source: str | None, part: float, whole: float) -> Iterator[Row]:
    """A share with Wilson's interval; nothing where there is no whole."""
    if whole > 0:
        # a second to import: not before it is needed
        from statsmodels.stats.proportion import proportion_confint

        low, high = proportion_confint(min(part, whole), whole, alpha=1 - LEVEL, method="wilson")
        # Rounding must not put the interval beside the share.
        share = part / whole
        yield kpi, stage, source, share, min(float(low), share), max(float(high), share), int(whole), "0 to 1"


def _lead_conversion(campaigns: pd.DataFrame) -> Iterator[Row]:
    """Leads that became opportunities, of the campaigns that record both."""
    complete = campaigns[campaigns["leads"].notna() & campaigns["qualified"].notna()]
    for source, some in _each_source(complete):
        yield from _share(
            "lead_conversion_rate", None, source, float(some["qualified"].sum()), float(some["leads"].sum())
        )


def _stage_conversion(deals: pd.DataFrame, history: pd.DataFrame) -> Iterator[Row]:
    """Deals that left each stage upwards, of those that left it: stages in the order in which deals go
    through them.
    """
    left = stage_exits(deals, history)
    order = left.groupby("stage")["place"].mean().sort_values(kind="stable").index
    for stage in order:
        for source, some in _each_source(left[left["stage"] == stage]):
            yield from _share(
                "conversion_rate", str(stage), source, float(some["moved_on"].sum()), float(len(some))
            )


def stage_exits(deals: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    """Each stage that a deal has left: stage, lead_source, its place in the deal's course, and whether the
    deal moved on.

    A stage entered on the day of the decision or later names the decision, and is none.
    """
    outcomes = deals[["opportunity", "lead_source", "outcome", "closed"]]
    entries = history.merge(outcomes, on="opportunity", validate="many_to_one")
    entries = entries.sort_values(["opportunity", "entered"], kind="stable")
    entries = entries[entries["closed"].isna() | (entries["entered"] < entries["closed"])]
    followed = entries["opportunity"].duplicated(keep="last")
    left = entries.assign(
        moved_on=followed | (entries["outcome"] == "won"), place=entries.groupby("opportunity").cumcount()
    )
    return left.loc[followed | (left["outcome"] != "open"), ["stage", "lead_source", "place", "moved_on"]]


def _win_rates(deals: pd.DataFrame) -> Iterator[Row]:
    """Won of the decided deals."""
    decided = deals[deals["outcome"] != "open"]
    for source, some in _each_source(decided):
        yield from _share("win_rate", None, source, float((some["outcome"] == "won").sum()), float(len(some)))


def _cycles(deals: pd.DataFrame) -> Iterator[Row]:
    """Days from creation to the win."""
    won = deals[deals["outcome"] == "won"]
    days = (won["closed"] - won["created"]).dt.days
    for source, some in _each_source(won.assign(days=days)):
        if len(some):
            yield (
                "sales_cycle",
                None,
                source,
                float(some["days"].mean()),
                *_mean_interval(some["days"].to_numpy(dtype=float)),
                len(some),
                "days",
            )


def _mean_interval(values: np.ndarray) -> tuple[float, float]:
    """Student's interval of the mean; none from a single value."""
    if len(values) < 2:
        return np.nan, np.nan
    from statsmodels.stats.weightstats import DescrStatsW

    low, high = DescrStatsW(values).tconfint_mean(alpha=1 - LEVEL)
    return max(float(low), 0.0), float(high)


def _acquisition(deals: pd.DataFrame, campaigns: pd.DataFrame) -> Iterator[Row]:
    """Campaign cost for each customer with a won deal that names a campaign; a deal without a customer is one
    of its own.
    """
    from scipy.stats import chi2  # half a second: not before it is needed

    won = deals[(deals["outcome"] == "won") & deals["campaign"].notna()]
    buyers = won["customer"].where(won["customer"].notna(), won["opportunity"])
    source = won["campaign"].map(campaigns.drop_duplicates("campaign").set_index("campaign")["lead_source"])
    won = won.assign(buyer=buyers, lead_source=source)
    for name, some in _each_source(campaigns):
        cost = float(some["cost"].sum())
        customers = (won if name is None else won[won["lead_source"] == name])["buyer"].nunique()
        if cost > 0 and customers > 0:
            minimum, maximum = (
                chi2.ppf((1 - LEVEL) / 2, 2 * customers) / 2,
                chi2.ppf((1 + LEVEL) / 2, 2 * customers + 2) / 2,
            )
            yield (
                "cost_of_acquisition",
                None,
                name,
                cost / customers,
                cost / float(maximum),
                cost / float(minimum),
                customers,
                "currency per customer",
            )


def _churn(orders: pd.DataFrame, day: pd.Timestamp) -> Iterator[Row]:
    """Customers who ordered in the year before last and no more in the last year, of those who ordered then;
    nothing where the history does not reach back two years.
    """
    of_customers = orders[orders["customer"].notna() & (orders["quantity"] > 0) & (orders["date"] <= day)]
    year_ago, two_years_ago = day - pd.DateOffset(years=1), day - pd.DateOffset(years=2)
    # Monthly history dates from the first of its month, so up to a month of the first year may be missing.
    if of_customers.empty or of_customers["date"].min() > two_years_ago + pd.DateOffset(months=1):
        return
    date = of_customers["date"]
    last = set(of_customers.loc[date > year_ago, "customer"])
    before = set(of_customers.loc[(date > two_years_ago) & (date <= year_ago), "customer"])
    yield from _share("customer_churn", None, None, float(len(before - last)), float(len(before)))
