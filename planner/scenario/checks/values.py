"""Figures make sense together."""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from planner.errors import Problem
from planner.scenario.checks.draft import Draft
from planner.scenario.checks.network import demand_lines
from planner.scenario.schema import MEASURE_SCOPES, TABLES
from planner.scenario.suggestions import quoted
from planner.scenario.validity import expand_over_periods, most_specific

# table, the smaller column, the larger column, whether it is an error, and why
PAIRS = (
    ("sourcing", "min_share", "max_share", "error", "must not be more than max_share, which is *"),
    (
        "labor_pools",
        "min_headcount",
        "max_headcount",
        "error",
        "must not be more than max_headcount, which is *",
    ),
    (
        "inventory",
        "ending_inventory",
        "max_inventory",
        "error",
        "must not be more than max_inventory, which is *",
    ),
    (
        "inventory",
        "safety_stock",
        "max_inventory",
        "warning",
        "is more than max_inventory, which is *: it can never be kept",
    ),
    (
        "work_centers",
        "hour_cost",
        "overtime_hour_cost",
        "error",
        "must not be more than overtime_hour_cost, which is *",
    ),
)
ROUNDING = 1e-9  # shares written as .3333 add up to a little more or less than they mean


def check_pairs(draft: Draft) -> Iterator[Problem]:
    """A minimum is not more than its maximum, and an hour of overtime does not cost less than a regular
    one.
    """
    for table, low, high, severity, message in PAIRS:
        frame, cells = draft.frames[table], draft.cells[table]
        wrong = (frame[low] > frame[high]).to_numpy()
        limit = cells.column(high)
        yield from cells.problems(
            wrong, low, _than(limit, message), code="above_maximum", kind="number", severity=severity
        )


def _than(limit: np.ndarray, message: str) -> Callable[[int], str]:
    return lambda position: message.replace("*", str(limit[position]))


def check_safety_stock_penalties(draft: Draft) -> Iterator[Problem]:
    """Stock that is to be kept has a price for every unit missing."""
    frame, cells = draft.frames["inventory"], draft.cells["inventory"]
    wrong = ((frame["safety_stock"] > 0) | (frame["days_of_supply"] > 0)) & frame[
        "safety_stock_penalty"
    ].isna()
    wrong &= cells.is_blank("safety_stock_penalty")
    reason = (
        "must be filled in where safety_stock or days_of_supply is: what a unit missing costs in a period, "
        "more than its holding_cost"
    )
    yield from cells.problems(wrong.to_numpy(), "safety_stock_penalty", reason, code="penalty_needed")


def check_min_shares(draft: Draft) -> Iterator[Problem]:
    """The least shares that a site must buy of an item from its suppliers add up to 1 at most."""
    if draft.frames["sourcing"]["min_share"].isna().all():
        return
    totals = _share_totals(draft, "min_share", blank=0.0)
    yield from _share_problems(
        draft, totals[totals > 1 + ROUNDING], "min_share", "must be at most 1", severity="error"
    )


def check_max_shares(draft: Draft) -> Iterator[Problem]:
    """The largest shares that a site may buy of an item from its suppliers add up to 1 at least."""
    if draft.frames["sourcing"]["max_share"].isna().all():
        return
    totals = _share_totals(draft, "max_share", blank=1.0)
    yield from _share_problems(
        draft, totals[totals < 1 - ROUNDING], "max_share", "below 1 nothing can be bought", severity="warning"
    )


def _share_totals(draft: Draft, share: str, *, blank: float) -> pd.Series:
    assert draft.calendar is not None  # the rule asks for a calendar
    rows = expand_over_periods(draft.frames["sourcing"], TABLES["sourcing"], draft.calendar)
    totals: pd.Series = (
        rows.fillna({share: blank}).groupby(["item", "site", "period"], sort=False)[share].sum()
    )
    return totals


def _share_problems(
    draft: Draft, totals: pd.Series, share: str, rule: str, *, severity: str
) -> Iterator[Problem]:
    """One problem for each item and site, for its first period, at its first row that gives a share."""
    cells, frame, calendar = draft.cells["sourcing"], draft.frames["sourcing"], draft.calendar
    first = totals.reset_index().drop_duplicates(["item", "site"])
    with_share = frame[frame[share].notna()].reset_index(names="row").drop_duplicates(["item", "site"])
    rows = first.merge(with_share[["item", "site", "row"]], on=["item", "site"], validate="one_to_one")
    totals_by_row = {
        row: (item, site, calendar.label(period) if calendar else "", total)
        for row, item, site, period, total in rows[["row", "item", "site", "period", share]].itertuples(
            index=False
        )
    }

    def message(position: int) -> str:
        item, site, period, total = totals_by_row[position]
        return (
            f"of item {quoted(item)} at site {quoted(site)} all suppliers together have {total:g} in "
            f"{period}: {rule}"
        )

    yield from cells.problems(
        np.array(sorted(totals_by_row), dtype=np.int64),
        share,
        message,
        code="shares",
        kind="number",
        severity=severity,
    )


def check_streams(draft: Draft) -> Iterator[Problem]:
    """No stream is called like the forecast that it stands beside."""
    frame, cells = draft.frames["forecast_streams"], draft.cells["forecast_streams"]
    yield from cells.problems((frame["stream"] == "statistical").to_numpy(), "stream",
                              "is what the planner's own forecast is called. Use another name",
                              code="reserved_name", kind="name")


def check_goals(draft: Draft) -> Iterator[Problem]:
    """A goal is about a part of the business only where its measure has a figure for one."""
    frame, cells = draft.frames["goals"], draft.cells["goals"]
    measures = [str(measure) for measure in frame["measure"]]
    for column in ("family", "market", "site"):
        has_none = np.array([column not in MEASURE_SCOPES.get(one, ()) for one in measures], dtype=bool)
        message = [_no_such_part(one, column) for one in measures].__getitem__
        yield from cells.problems(has_none & frame[column].notna().to_numpy(), column, message,
                                  code="no_such_part", kind="name")


def _no_such_part(measure: str, column: str) -> str:
    parts = MEASURE_SCOPES.get(measure, ())
    other = f"by {' and '.join(parts)}" if parts else "of the whole plan. Leave this blank"
    return f"{measure} has no figure by {column}. It has one {other}"


def check_lifecycles(draft: Draft) -> Iterator[Problem]:
    """What is said about a like item needs one, and it is another item."""
    frame, cells = draft.frames["lifecycles"], draft.cells["lifecycles"]
    alone = frame["like_item"].isna().to_numpy()
    for column, usual in (("like_share", 1.0), ("cannibalization", 0.0)):
        yield from cells.problems(alone & (frame[column] != usual).to_numpy(), column,
                                  "needs a like_item. Name it, or leave this blank",
                                  code="like_item_needed", kind="number")
    same = (frame["like_item"] == frame["item"]).to_numpy()
    reason = "is the item itself. Name another item"
    yield from cells.problems(same, "like_item", reason, code="like_itself", kind="name")


def check_phase_outs(draft: Draft) -> Iterator[Problem]:
    """Nothing is phased out before it is launched."""
    frame, cells = draft.frames["lifecycles"], draft.cells["lifecycles"]
    early = (frame["phase_out"] < frame["launch"]).to_numpy()
    launch = cells.column("launch")
    yield from cells.problems(
        early, "phase_out", lambda at: f"must not be before launch, which is {quoted(str(launch[at]))}",
        code="before_launch", kind="period"
    )


def check_like_items(draft: Draft) -> Iterator[Problem]:
    """A like item has sold something, or what is launched like it is forecast as nothing."""
    frame = draft.frames["lifecycles"]
    forecast_alike = frame.loc[frame["like_item"].notna(), "item"]
    sources = pd.concat([draft.frames["order_history"]["item"], forecast_alike])
    unsold = frame["like_item"].notna() & ~frame["like_item"].isin(sources)
    yield from draft.cells["lifecycles"].problems(
        unsold.to_numpy(), "like_item",
        "has no order history, so nothing is forecast like it. Name another item",
        code="like_unsold", kind="name", severity="warning",
    )


def check_lost_sale_costs(draft: Draft) -> Iterator[Problem]:
    """Where the plan weighs costs alone, every unit that may be lost has a cost; otherwise losing all of them
    is cheapest.
    """
    if draft.settings is None or draft.calendar is None or draft.settings.objective.mode != "cost":
        return
    lines = demand_lines(draft, with_pipeline=True)
    if TABLES["service_terms"].varies and draft.frames["service_terms"][["from", "to"]].notna().any(
        axis=None
    ):
        lines = lines.merge(pd.DataFrame({"period": draft.calendar.index}), how="cross")
    terms = most_specific(draft.frames["service_terms"], TABLES["service_terms"], draft.calendar, lines)
    unpriced = terms[terms["lost_sale_cost"].isna()].drop_duplicates(["item", "market", "priority"])
    for table, rows in unpriced.groupby("table", sort=False):
        cells = draft.cells[str(table)]
        lines_by_row = dict(
            zip(
                rows["row"].tolist(),
                zip(rows["item"], rows["market"], rows["priority"], strict=True),
                strict=True,
            )
        )
        yield from cells.problems(
            np.array(sorted(lines_by_row), dtype=np.int64),
            "item",
            _unpriced(lines_by_row),
            code="lost_sale_cost_needed",
            kind="name",
        )


def _unpriced(unpriced: dict[int, tuple[str, str, int]]) -> Callable[[int], str]:
    def message(position: int) -> str:
        _, market, priority = unpriced[position]
        return (
            f"mode cost needs a lost_sale_cost in service_terms, here for market {quoted(market)} and "
            f"priority {priority}. "
            "A row with item, market and priority blank gives it for all"
        )

    return message


def check_lead_times(draft: Draft) -> Iterator[Problem]:
    """What is ordered, started or sent in the first period can still arrive within the calendar."""
    assert draft.calendar is not None  # the rule asks for a calendar
    for name in ("sourcing", "routings", "lanes"):
        late = draft.frames[name]["lead_time"].to_numpy() >= draft.calendar.periods
        message = (
            f"is as long as the calendar of {draft.calendar.periods} periods: nothing planned here would "
            f"arrive in time"
        )
        yield from draft.cells[name].problems(
            late, "lead_time", message, code="never_arrives", kind="whole", severity="warning"
        )
