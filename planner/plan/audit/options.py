"""Audit of what is chosen: capacity options, maintenance stops, and sites opened, closed and expanded."""

import pandas as pd

from planner.plan.audit.findings import Books, Finding, above, below, differing, equal, impossible, rule
from planner.scenario.keys import WORK_CENTER

CENTER_PERIOD = [*WORK_CENTER, "period"]
SITE = ["site", "period"]


def _outside(books: Books, table: str, decided: pd.DataFrame, *, spans: pd.DataFrame, keys: list[str],
             found: str) -> list[Finding]:
    """What is decided outside the periods in which the scenario allows it."""
    compared = decided.merge(spans[[*keys, "period"]].assign(allowed=True), on=[*keys, "period"], how="left")
    return impossible(
        books,
        table,
        compared,
        found=compared[found],
        wrong=compared["allowed"].isna(),
        what=f"{found}, which cannot be then",
    )


@rule
def capacity_options(books: Books) -> list[Finding]:
    """Options are bought in their periods and no more than max_count, run when they are installed, and cost
    their cost.
    """
    terms, table = books.scenario["capacity_options"], books["options"]
    bought = table.groupby("option", as_index=False)[["bought"]].sum().merge(terms, on="option", how="left")
    bought = bought.fillna({"max_count": 0})
    priced = table.merge(terms, on="option", how="left")
    priced = priced.assign(
        option_cost=priced["bought"] * priced["fixed_cost"] + priced["running"] * priced["period_cost"]
    )
    installed = _installed(books)
    return [
        *_outside(
            books,
            "options",
            table,
            spans=books.rates.spans("capacity_options"),
            keys=["option"],
            found="bought",
        ),
        *above(
            books,
            "options",
            bought,
            found=bought["bought"],
            limit=bought["max_count"].astype(float),
            what="bought",
        ),
        *above(
            books,
            "options",
            installed,
            found=installed["running"],
            limit=installed["installed"],
            what="running",
        ),
        *equal(books, "options", "option_cost", priced),
    ]


def _installed(books: Books) -> pd.DataFrame:
    """Every option and period with what has been bought at least a lead time before."""
    table, terms = books["options"], books.scenario["capacity_options"][["option", "lead_time"]]
    ready = table.merge(terms, on="option").assign(
        since=lambda frame: frame["period"] + frame["lead_time"].astype("int64")
    )
    ready = table[["option", "period"]].merge(ready[["option", "since", "bought"]], on="option")
    installed = (
        ready[ready["since"] <= ready["period"]]
        .groupby(["option", "period"], as_index=False)[["bought"]]
        .sum()
    )
    rows = table.merge(installed.rename(columns={"bought": "installed"}), on=["option", "period"], how="left")
    return rows.fillna({"installed": 0.0})


@rule
def added_and_lost_hours(books: Books) -> list[Finding]:
    """Work centers gain the hours of running options and lose those of stops, after the OEE factors."""
    terms = books.scenario["capacity_options"][["option", "site", "work_center", "added_hours"]]
    oee = books.rates.work_centers[[*CENTER_PERIOD, "oee"]]
    running = books["options"].merge(terms, on="option").merge(oee, on=CENTER_PERIOD)
    running = running.assign(option_hours=running["running"] * running["added_hours"] * running["oee"])
    added = running.groupby(CENTER_PERIOD, as_index=False)[["option_hours"]].sum()
    return [
        *equal(books, "capacity", "option_hours", added),
        *equal(books, "capacity", "stop_hours", books["maintenance"]),
    ]


@rule
def maintenance_stops(books: Books) -> list[Finding]:
    """Every stop that is due takes place, in an allowed period, no more in one than can be, and takes its
    hours.
    """
    terms, table = books.scenario["maintenance"], books["maintenance"]
    placed = (
        table.groupby(["site", "work_center"], as_index=False)[["stops"]]
        .sum()
        .rename(columns={"stops": "placed"})
    )
    due = terms.merge(placed, on=["site", "work_center"], how="outer").fillna({"placed": 0.0, "stops": 0})
    timed = table.drop(columns="stop_hours").merge(
        terms.drop(columns="stops"), on=["site", "work_center"], how="left"
    )
    timed = timed.merge(books.rates.work_centers[[*CENTER_PERIOD, "oee"]], on=CENTER_PERIOD, how="left")
    timed = timed.assign(stop_hours=timed["stops"] * timed["hours_per_stop"] * timed["oee"].fillna(0.0))
    spans = books.rates.spans("maintenance")
    maximum, in_all = timed["max_stops_per_period"].astype(float), due["stops"].astype(float)
    return [
        *differing(books, "maintenance", due, expected=in_all, found=due["placed"], column="stops in all"),
        *_outside(books, "maintenance", table, spans=spans, keys=["site", "work_center"], found="stops"),
        *above(books, "maintenance", timed, found=timed["stops"], limit=maximum, what="stops"),
        *equal(books, "maintenance", "stop_hours", timed),
    ]


@rule
def site_options(books: Books) -> list[Finding]:
    """Options of sites are chosen in their periods, no more of a group than can be, and cost their cost."""
    terms, table = books.scenario["site_options"], books["site_options"]
    group = terms["choice_group"].fillna(terms["site_option"])
    groups = (
        terms.assign(choice_group=group)
        .groupby("choice_group", as_index=False)
        .agg(maximum=("max_chosen", "min"))
    )
    chosen = table.merge(terms.assign(choice_group=group), on="site_option", how="left")
    by_group = chosen.groupby("choice_group", as_index=False).agg(
        site_option=("site_option", "first"), chosen=("chosen", "sum")
    )
    by_group = by_group.merge(groups, on="choice_group", how="left")
    priced, spans = (
        chosen.assign(option_cost=chosen["chosen"] * chosen["fixed_cost"]),
        books.rates.spans("site_options"),
    )
    return [*_outside(books, "site_options", table, spans=spans, keys=["site_option"], found="chosen"),
            *above(books, "site_options", by_group, found=by_group["chosen"],
                   limit=by_group["maximum"].astype(float), what="chosen in its group"),
            *equal(books, "site_options", "option_cost", priced)]


def _open_sites(books: Books) -> pd.DataFrame:
    """Every site and period with whether it is open by the options chosen so far; `optional` where that is a
    choice.
    """
    terms = books.scenario["site_options"][["site_option", "site", "kind"]]
    terms = terms[terms["kind"] != "expand"]
    change = books["site_options"].merge(terms, on="site_option")
    change = change.assign(
        change=change["chosen"].where(change["kind"] == "open", -change["chosen"]), since=change["period"]
    )
    periods = pd.DataFrame({"period": range(1, books.rates.last + 1)})
    sites = books.scenario["sites"][["site", "site_cost"]].merge(periods, how="cross")
    so_far = sites[SITE].merge(change[["site", "since", "change"]], on="site")
    so_far = so_far[so_far["since"] <= so_far["period"]].groupby(SITE, as_index=False)[["change"]].sum()
    state = sites.merge(so_far, on=SITE, how="left").fillna({"change": 0.0})
    closed_at_first = state["site"].isin(terms.loc[terms["kind"] == "open", "site"])
    return state.assign(
        open=1.0 - closed_at_first + state["change"], optional=state["site"].isin(terms["site"])
    )


@rule
def open_sites(books: Books) -> list[Finding]:
    """A site is open as at the start, or since it was opened, until it is closed; every open period costs its
    cost.
    """
    state = _open_sites(books)
    visible = state[state["optional"] | (state["site_cost"] > 0)]
    visible = visible.assign(site_cost=visible["open"] * visible["site_cost"].fillna(0.0))
    bounds = [pd.Series(limit, index=visible.index) for limit in (0.0, 1.0)]
    return [*equal(books, "sites", "open", visible), *equal(books, "sites", "site_cost", visible),
            *below(books, "sites", visible, found=visible["open"], limit=bounds[0], what="open"),
            *above(books, "sites", visible, found=visible["open"], limit=bounds[1], what="open")]


@rule
def closed_sites_rest(books: Books) -> list[Finding]:
    """A closed site starts nothing, takes nothing in and keeps no stock."""
    state = _open_sites(books)
    closed = state.loc[state["optional"] & (state["open"] < 1), SITE]
    stock, started = books["inventory"].merge(closed, on=SITE), books["production"].merge(closed, on=SITE)
    used = stock["closing"] + stock["produced"] + stock["received"] + stock["transferred_in"]
    every = [pd.Series(True, index=frame.index) for frame in (stock, started)]
    return [
        *impossible(
            books, "inventory", stock, found=used, wrong=every[0], what="units in or through a closed site"
        ),
        *impossible(
            books,
            "production",
            started,
            found=started["production"],
            wrong=every[1],
            what="started at a closed site",
        ),
    ]


@rule
def expansions(books: Books) -> list[Finding]:
    """Sites have the space that the expansions chosen so far add."""
    terms = books.scenario["site_options"]
    growing = terms.loc[terms["kind"] == "expand", ["site_option", "site", "added_capacity"]]
    chosen = books["site_options"].merge(growing, on="site_option").rename(columns={"period": "since"})
    spread = books["storage"][SITE].merge(chosen, on="site")
    spread = spread[spread["since"] <= spread["period"]]
    spread = spread.assign(added_capacity=spread["chosen"] * spread["added_capacity"].fillna(0.0))
    return equal(
        books, "storage", "added_capacity", spread.groupby(SITE, as_index=False)[["added_capacity"]].sum()
    )
