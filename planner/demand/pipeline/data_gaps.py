"""What the deals do not say, and what that costs the forecast: a sentence for each gap."""

from collections.abc import Callable

import pandas as pd

from planner.demand.known_on import Tables
from planner.demand.pipeline.deals import is_overwritten
from planner.demand.pipeline.win_hazard import MINIMUM_FOR_FACTORS

MANY = 0.1  # share of the open deals from which a gap is worth a sentence
UNDECIDED = (
    "No deal was ever decided: each counts with the chance that sales gives it or its stage, in the period "
    "of its expected close, and as nothing without a chance."
)
NEARLY_ALL = 0.99  # of the won deals: an open deal that has taken longer is stale


def pipeline_gaps(tables: Tables, day: pd.Timestamp) -> tuple[str, ...]:
    """Sentences on what opportunities and stage history leave open; none where they say everything."""
    deals = tables["opportunities"]
    is_open = deals["outcome"] == "open"
    if len(deals) and is_open.all():
        return tuple(sentence for sentence in (UNDECIDED, _no_size(deals, is_open)) if sentence is not None)
    checks: tuple[Callable[[], str | None], ...] = (
        lambda: _few_decided(deals[~is_open]),
        lambda: _no_stages(tables["stage_history"], deals),
        lambda: _no_expected_close(deals, tables["close_history"], is_open),
        lambda: _no_size(deals, is_open),
        lambda: _no_source(deals),
        lambda: _stale(deals, is_open, day))
    return tuple(sentence for one in checks if (sentence := one()) is not None)


def _few_decided(decided: pd.DataFrame) -> str | None:
    if len(decided) >= MINIMUM_FOR_FACTORS:
        return None
    deals = "deal was" if len(decided) == 1 else "deals were"
    return (
        f"Only {len(decided)} {deals} ever decided: chances depend on a deal's age alone, and are as "
        "uncertain as so few "
        f"are. From {MINIMUM_FOR_FACTORS} on, item, market, lead source, stage and month of the quarter are "
        "looked at."
    )


def _no_stages(history: pd.DataFrame, deals: pd.DataFrame) -> str | None:
    without = ~deals["opportunity"].isin(history["opportunity"])
    if without.mean() <= MANY:
        return None
    which = "No deal has a" if without.all() else f"{int(without.sum()):,} of {len(deals):,} deals have no"
    return (
        f"{which} stage history: a deal that has come far is not told from one of its age that has not, so "
        "single deals are "
        "less certain. Totals hardly suffer."
    )


def _no_expected_close(deals: pd.DataFrame, history: pd.DataFrame, is_open: pd.Series) -> str | None:
    if is_overwritten(deals):
        return (
            "Expected closes of decided deals are the days of the decision: they were filled in afterwards, "
            "so none is used. "
            "The months of single deals come from their age."
        )
    without = _of_open(
        deals["expected_close"].isna(),
        is_open,
        "have no expected close: the months in which they may be won come from their age.",
    )
    if without is None and history.empty and is_open.any():
        return (
            "Nothing says when expected closes were entered or moved (table close_history), so how far they "
            "can be believed is not known and none is used. The months of single deals come from their age."
        )
    return without


def _no_size(deals: pd.DataFrame, is_open: pd.Series) -> str | None:
    silent = deals["quantity"].isna() & ~(deals["amount"] > 0)
    return _of_open(
        silent,
        is_open,
        "say neither quantity nor amount: each counts with what won deals of its item have on "
        "average, so a large one among them is not seen coming.",
    )


def _no_source(deals: pd.DataFrame) -> str | None:
    if deals["lead_source"].notna().mean() > MANY:
        return None
    return (
        "Deals name no lead source: sources are not told apart, and campaigns to come cannot move the "
        "forecast."
    )


def _stale(deals: pd.DataFrame, is_open: pd.Series, day: pd.Timestamp) -> str | None:
    won = deals[deals["outcome"] == "won"]
    if won.empty:
        return None
    longest = (won["closed"] - won["created"]).dt.days.quantile(NEARLY_ALL)
    return _of_open(
        (day - deals["created"]).dt.days > longest,
        is_open,
        f"are older than {longest:.0f} days, and 99% of all "
        "won deals were won sooner: next to nothing is expected of them. Close what is lost.",
    )


def _of_open(concerned: pd.Series, is_open: pd.Series, what: str) -> str | None:
    """How many of the open deals it concerns, and what it means; None where they are few."""
    count, total = int((concerned & is_open).sum()), int(is_open.sum())
    return f"{count:,} of {total:,} open deals {what}" if count > MANY * total else None
