"""Deals are told without contradictions: their days, their stages, what they are worth."""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from planner.errors import Problem
from planner.scenario.checks.draft import Draft
from planner.scenario.suggestions import did_you_mean, quoted

FAR_OFF = 20.0  # times the price list: no discount explains that, another currency or a slipped comma does


def check_opportunities(draft: Draft) -> Iterator[Problem]:
    """A deal is closed after it was created, and has an outcome exactly when it is closed.

    One that is not is left out; the others are learned from all the same.
    """
    frame, cells = draft.frames["opportunities"], draft.cells["opportunities"]
    is_closed = ~cells.is_blank("closed")
    early = (frame["closed"] < frame["created"]).to_numpy()
    created = cells.column("created")
    yield from cells.problems(
        early,
        "closed",
        lambda at: f"lies before created, {quoted(created[at])}: the deal is left out",
        code="before_created",
        kind="date",
        severity="warning",
    )
    still_open = is_closed & (frame["outcome"] == "open").to_numpy()
    yield from cells.problems(
        still_open,
        "outcome",
        "must be won or lost where closed is filled in",
        code="open_and_closed",
        kind="name",
    )
    undated = ~is_closed & frame["outcome"].isin(["won", "lost"]).to_numpy()
    reason = "must be filled in where outcome is won or lost"
    yield from cells.problems(undated, "closed", reason, code="closed_needed")
    hasty = (frame["expected_close"] < frame["created"]).to_numpy()
    yield from cells.problems(
        hasty,
        "expected_close",
        lambda at: f"lies before created, {quoted(created[at])}: it is left out",
        code="expected_before_created",
        kind="date",
        severity="warning",
    )


def check_deal_sizes(draft: Draft) -> Iterator[Problem]:
    """A won deal says how much was won, and its amount goes with its quantity at the item's price."""
    frame, cells = draft.frames["opportunities"], draft.cells["opportunities"]
    silent = (frame["outcome"] == "won") & frame["quantity"].isna() & ~(frame["amount"] > 0)
    yield from cells.problems(
        silent.to_numpy(),
        "quantity, amount",
        "won, but neither says how much: what deals of the item usually have is counted",
        code="size_unknown",
        severity="warning",
    )
    prices = draft.frames["items"].drop_duplicates("item").set_index("item")["price"]
    listed = frame["quantity"].to_numpy() * prices.reindex(pd.Index(frame["item"])).to_numpy(dtype=float)
    times = np.divide(frame["amount"].to_numpy(), listed, out=np.ones(len(frame)), where=listed > 0)
    far_off = (times > FAR_OFF) | (times < 1 / FAR_OFF) & (frame["amount"] > 0).to_numpy()
    yield from cells.problems(
        far_off,
        "amount",
        lambda at: (
            f"is {times[at]:.3g} times quantity by price, {listed[at]:g}: is it "
            "in another currency? The quantity is counted"
        ),
        code="odd_amount",
        kind="number",
        severity="warning",
    )


# What the rows of one deal have in common: only item, quantity and amount are a line's own.
OF_THE_DEAL = ("customer", "market", "stage", "created", "expected_close", "probability", "closed", "outcome",
               "lead_source", "campaign")


def check_deal_lines(draft: Draft) -> Iterator[Problem]:
    """The rows of a deal over several items say the same about the deal."""
    frame, cells = draft.frames["opportunities"], draft.cells["opportunities"]
    first = (~frame["opportunity"].duplicated()).to_numpy().nonzero()[0]
    of_deal = pd.Series(first, index=pd.Index(frame["opportunity"].iloc[first]))
    place = of_deal.reindex(pd.Index(frame["opportunity"])).to_numpy()

    def message(at: int) -> str:
        return f"rows of one deal agree on it: see row {cells.place(int(place[at]), 'opportunity')[1]}"

    for name in OF_THE_DEAL:
        column = frame[name].astype(object).where(frame[name].notna(), None)
        other = (column.to_numpy() != column.iloc[place].to_numpy()) & frame["opportunity"].notna().to_numpy()
        yield from cells.problems(other, name, message, code="deals_differ", kind="name")


def check_deal_prices(draft: Draft) -> Iterator[Problem]:
    """Deals that are told in money have a price to become units by."""
    deals, items = draft.frames["opportunities"], draft.frames["items"]
    in_money = deals["quantity"].isna() & (deals["amount"] > 0)
    listed = set(draft.frames["prices"]["item"].dropna())
    for_free = ~(items["price"] > 0) & ~items["item"].isin(listed)
    concerned = for_free & items["item"].isin(deals.loc[in_money, "item"])
    yield from draft.cells["items"].problems(
        concerned.to_numpy(),
        "price",
        "opportunities give an amount and no quantity, and without a price it cannot become units: they "
        "count as nothing. To plan an item or family in money, give it the unit of the currency and price 1",
        code="price_needed",
        kind="number",
        severity="warning",
    )


def check_currencies(draft: Draft) -> Iterator[Problem]:
    """Amounts in another currency than the scenario's have a rate."""
    deals, rates = draft.frames["opportunities"], draft.frames["exchange_rates"]
    if draft.settings is None:
        return
    currencies = {draft.settings.currency, *rates["currency"].dropna()}
    foreign = deals["currency"].notna() & ~deals["currency"].isin(currencies)
    rows = deals.loc[foreign, "currency"].value_counts()

    def message(at: int) -> str:
        currency = str(deals["currency"].iloc[at])
        others = f" ({rows[currency]:,} rows)" if rows[currency] > 1 else ""
        return f"has no rate{others}: give it one in exchange_rates{did_you_mean(currency, currencies)}"

    yield from draft.cells["opportunities"].problems(
        (foreign & ~deals["currency"].duplicated()).to_numpy(),
        "currency",
        message,
        code="no_rate",
        kind="name",
    )


def check_own_rate(draft: Draft) -> Iterator[Problem]:
    """The scenario's own currency is worth itself."""
    rates = draft.frames["exchange_rates"]
    if draft.settings is None:
        return
    other = (rates["currency"] == draft.settings.currency) & (rates["rate"] != 1)
    yield from draft.cells["exchange_rates"].problems(
        other.to_numpy(),
        "rate",
        f"{quoted(draft.settings.currency)} is the scenario's own currency, of which one unit is worth 1",
        code="own_currency",
        kind="number",
    )


def check_stages(draft: Draft) -> Iterator[Problem]:
    """Stages are entered while the deal is open, and an open deal stands in the one it entered last."""
    history, cells = draft.frames["stage_history"], draft.cells["stage_history"]
    deals = draft.frames["opportunities"].drop_duplicates("opportunity").set_index("opportunity")
    spans = deals[["created", "closed"]].reindex(history["opportunity"])
    entered = history["entered"].to_numpy()
    early, late = entered < spans["created"].to_numpy(), entered > spans["closed"].to_numpy()
    for wrong, code, days, rule in (
        (early, "before_deal", spans["created"],
         "lies before the deal was created, {:%Y-%m-%d}: it counts from then"),
        (late, "after_deal", spans["closed"],
         "lies after the deal was closed, {:%Y-%m-%d}: it is left out"),
    ):
        yield from cells.problems(
            wrong, "entered", _beside(days, rule), code=code, kind="date", severity="warning"
        )
    yield from _other_stages(draft)


def _beside(days: pd.Series, rule: str) -> Callable[[int], str]:
    return lambda at: rule.format(days.iloc[at])


def _other_stages(draft: Draft) -> Iterator[Problem]:
    """Stages of open deals that the stage history does not know, or knows otherwise; the history is
    believed.
    """
    history, deals, cells = (
        draft.frames["stage_history"],
        draft.frames["opportunities"],
        draft.cells["opportunities"],
    )
    if history.empty:
        return
    names = sorted(history["stage"].dropna().unique())
    stage, is_open = deals["stage"], (deals["outcome"] == "open") & deals["stage"].notna()
    unknown = is_open & ~stage.isin(names)
    yield from cells.problems(unknown.to_numpy(), "stage", lambda at: "the stage history knows no such stage"
                              f"{did_you_mean(str(stage.iloc[at]), names)}",
                              code="unknown_stage", kind="name", severity="warning")
    ordered = history.sort_values("entered", kind="stable")
    latest = deals["opportunity"].map(
        ordered.drop_duplicates("opportunity", keep="last").set_index("opportunity")["stage"]
    )
    together = ordered.merge(ordered, on=["opportunity", "entered"]).query("stage_x != stage_y")[
        "opportunity"
    ]
    other = is_open & ~unknown & latest.notna() & (stage != latest) & ~deals["opportunity"].isin(together)
    yield from cells.problems(
        other.to_numpy(),
        "stage",
        lambda at: f"the stage history says {quoted(str(latest.iloc[at]))}, which is believed",
        code="other_stage",
        kind="name",
        severity="warning",
    )
