"""Goods can get where they are wanted: made of other things, supplied somewhere, carried there."""

from collections.abc import Callable, Iterable, Iterator

import numpy as np
import pandas as pd

from planner.errors import Problem
from planner.scenario.checks.draft import Draft
from planner.scenario.scope import USUAL_PRIORITY, with_market, with_priority
from planner.scenario.suggestions import listed, quoted

Arcs = dict[str, list[str]]
MAXIMUM_NAMED = 5  # items or sites in one message


def check_no_item_is_made_of_itself(draft: Draft) -> Iterator[Problem]:
    """No item is needed to make itself, directly or through its components."""
    bill, cells = draft.frames["bill_of_materials"], draft.cells["bill_of_materials"]
    reported: set[frozenset[str]] = set()
    for site in [None, *sorted(bill["site"].dropna().unique())]:
        rows = bill[bill["site"].isna() | (bill["site"] == site)].dropna(subset=["parent", "component"])
        components: Arcs = rows.groupby("parent", sort=False)["component"].agg(list).to_dict()
        for cycle in _cycles(components):
            if frozenset(cycle) not in reported:
                reported.add(frozenset(cycle))
                closing = rows[(rows["parent"] == cycle[-1]) & (rows["component"] == cycle[0])].index[0]
                text = " -> ".join([*cycle, cycle[0]])
                yield cells.problem(
                    int(closing),
                    "component",
                    f"an item cannot be a part of itself: {text}",
                    code="made_of_itself",
                    kind="name",
                )


def _cycles(arcs: Arcs) -> Iterator[list[str]]:
    """A cycle for every arc that closes one; none exactly when the arcs have no cycle."""
    finished: set[str] = set()
    for start in arcs:
        path: list[str] = []
        waiting = [(start, iter([start]))]
        while waiting:
            _, following = waiting[-1]
            node = next(following, None)
            if node is None:
                waiting.pop()
                finished.update([path.pop()] if path else [])
            elif node in path:
                yield path[path.index(node):]
            elif node not in finished:
                path.append(node)
                waiting.append((node, iter(arcs.get(node, ()))))


def check_lanes_lead_elsewhere(draft: Draft) -> Iterator[Problem]:
    """A lane leads from one place to another."""
    cells = draft.cells["lanes"]
    circles = (cells.column("origin") == cells.column("destination")) & ~cells.is_blank("origin")
    reason = "must not be the origin"
    yield from cells.problems(circles, "destination", reason, code="is_origin", kind="name")


def check_routings_have_steps(draft: Draft) -> Iterator[Problem]:
    """A routing takes hours somewhere, unless no routing does."""
    routings, steps = draft.frames["routings"], draft.frames["routing_steps"]
    if steps.empty:
        return
    keys = ["item", "site", "routing"]
    without = ~pd.MultiIndex.from_frame(routings[keys]).isin(pd.MultiIndex.from_frame(steps[keys]))
    reason = "has no routing_steps, so it takes no hours"
    positions = _firsts(routings, without, keys)
    yield from draft.cells["routings"].problems(
        positions, "routing", reason, code="no_steps", kind="name", severity="warning"
    )


def _firsts(frame: pd.DataFrame, chosen: np.ndarray, keys: list[str]) -> np.ndarray:
    """Positions of the chosen rows, the first of each key."""
    positions = np.flatnonzero(chosen)
    first: np.ndarray = positions[~frame[keys].iloc[positions].duplicated().to_numpy()]
    return first


def check_items_can_be_supplied(draft: Draft) -> Iterator[Problem]:
    """Whatever is wanted, or goes into something, can be bought, made, or is there already.

    One warning for each table names the first items that no other table has named: after an import of orders
    alone nothing has a supply, and a line for each item would bury everything else.
    """
    named = {item for item, _ in _supplied(draft)}
    needs = (
        ("demand", "item"),
        ("booked_orders", "item"),
        ("order_history", "item"),
        ("bill_of_materials", "component"),
    )
    items = set(draft.frames["items"]["item"].dropna())
    for table, column in needs:
        frame = draft.frames[table]
        lacking = frame[column].notna() & ~frame[column].isin(named) & frame[column].isin(items)
        positions = _firsts(frame, lacking.to_numpy(), [column])
        unsupplied = frame[column].iloc[positions].tolist()
        named |= set(unsupplied)
        if unsupplied:
            yield draft.cells[table].problem(
                int(positions[0]), column, _unsupplied(unsupplied[1:]), code="no_supply", kind="name",
                severity="warning"
            )


def _unsupplied(others: list[str]) -> str:
    """What is said of an item without supply, and of the others with it."""
    lacks = "no row in sourcing or routings, no stock on hand and no scheduled receipts"
    if not others:
        return f"nothing supplies it: it has {lacks}"
    more = len(others) - MAXIMUM_NAMED
    rest = f" and {more:,} more item{'s' if more > 1 else ''}" if more > 0 else ""
    names = ", ".join(quoted(name) for name in others[:MAXIMUM_NAMED])
    return f"nothing supplies it, and just as little {names}{rest}: they have {lacks}"


def _supplied(draft: Draft) -> set[tuple[str, str]]:
    """Items and the sites at which they first appear: bought, made, in stock or on their way."""
    stock, receipts = draft.frames["inventory"], draft.frames["scheduled_receipts"]
    frames = (
        stock[stock["on_hand"] > 0],
        receipts[receipts["quantity"] > 0],
        draft.frames["sourcing"],
        draft.frames["routings"],
    )
    return {pair for frame in frames for pair in zip(frame["item"], frame["site"], strict=True)}


def reachable(draft: Draft) -> dict[str, set[str]]:
    """The items that each site can have, and that each market can be brought, over any chain of lanes."""
    items_at: dict[str, set[str]] = {}
    for item, site in _supplied(draft):
        items_at.setdefault(site, set()).add(item)
    carried = _carried(draft)
    markets = set(draft.frames["markets"]["market"].dropna())
    growing = True
    while growing:
        growing = False
        for (origin, destination), items in carried.items():
            if origin in markets:
                continue
            brought = items_at.get(origin, set()) if items is None else items_at.get(origin, set()) & items
            at_destination = items_at.setdefault(destination, set())
            if not brought <= at_destination:
                at_destination |= brought
                growing = True
    return items_at


def _carried(draft: Draft) -> dict[tuple[str, str], set[str] | None]:
    """The items that lanes carry from each origin to each destination; None stands for all."""
    lanes = draft.frames["lanes"]
    carried: dict[tuple[str, str], set[str] | None] = {}
    for origin, destination, item in zip(lanes["origin"], lanes["destination"], lanes["item"], strict=True):
        items = carried.setdefault((origin, destination), set())
        if pd.isna(item):
            carried[origin, destination] = None
        elif items is not None:
            items.add(item)
    return carried


def check_demand_can_be_delivered(draft: Draft) -> Iterator[Problem]:
    """A chain of lanes leads from a site that can have the item to the market that wants it."""
    items_at = reachable(draft)
    sites_of: dict[str, list[str]] = {}
    sites = set(draft.frames["sites"]["site"].dropna())
    for site in sorted(sites & items_at.keys()):
        for item in items_at[site]:
            sites_of.setdefault(item, []).append(site)
    lines = demand_lines(draft, with_pipeline=False).drop_duplicates(["item", "market"])
    served = {(item, market) for market, items in items_at.items() for item in items}
    markets_named = set(draft.frames["markets"]["market"].dropna())
    lacking = [(item, market) not in served and item in sites_of and market in markets_named
               for item, market in zip(lines["item"], lines["market"], strict=True)]
    for table, rows in lines[np.array(lacking, dtype=bool)].groupby("table", sort=False):
        unreached = {row: (sites_of[item], market)
                     for row, item, market in zip(rows["row"], rows["item"], rows["market"], strict=True)}
        cells, positions = draft.cells[str(table)], np.array(sorted(unreached), dtype=np.int64)
        yield from cells.problems(
            positions, "item", _no_way(unreached), code="no_lane", kind="name", severity="warning"
        )


def _no_way(unreached: dict[int, tuple[list[str], str]]) -> Callable[[int], str]:
    def message(position: int) -> str:
        sites, market = unreached[position]
        return (
            f"no lane brings it to market {quoted(market)}. Add a lane there from {_some(sites)}, where it "
            f"can be"
        )

    return message


def _some(sites: Iterable[str]) -> str:
    names = [quoted(site) for site in sites]
    if len(names) <= MAXIMUM_NAMED:
        return listed(names)
    return f"{', '.join(names[:MAXIMUM_NAMED])} or another site"


def check_components_reach_routings(draft: Draft) -> Iterator[Problem]:
    """Every component of what a routing makes can be had at the routing's site."""
    routings, bill = draft.frames["routings"], draft.frames["bill_of_materials"]
    items_at = reachable(draft)
    supplied = set().union(*items_at.values())  # what nothing supplies anywhere is reported by itself
    needs = routings[["item", "site"]].reset_index(names="row").drop_duplicates(["item", "site"]).merge(
        bill[["parent", "component", "site"]], left_on="item", right_on="parent", suffixes=("", "_of_bill"))
    needs = needs[needs["site_of_bill"].isna() | (needs["site_of_bill"] == needs["site"])]
    lacking: dict[int, list[str]] = {}
    for row, site, component in zip(needs["row"], needs["site"], needs["component"], strict=True):
        if component in supplied and component not in items_at.get(site, ()):
            lacking.setdefault(row, []).append(component)

    def message(position: int) -> str:
        component = " or ".join(quoted(name) for name in dict.fromkeys(lacking[position]))
        return (
            f"its component {component} cannot be had at the site: no sourcing, routing, lane, stock or "
            f"receipt brings it"
        )

    positions = np.array(sorted(lacking), dtype=np.int64)
    yield from draft.cells["routings"].problems(
        positions, "item", message, code="no_component", kind="name", severity="warning"
    )


def demand_lines(draft: Draft, *, with_pipeline: bool) -> pd.DataFrame:
    """What may be wanted: item, market and priority, once each, with the table and row that say so first."""
    tables = ("demand", "booked_orders", "order_history", *(("opportunities",) if with_pipeline else ()))
    lines = pd.concat([_lines_of(draft, table) for table in tables], ignore_index=True)
    return (
        lines.dropna(subset=["item", "market"])
        .drop_duplicates(["item", "market", "priority"])
        .reset_index(drop=True)
    )


def _lines_of(draft: Draft, table: str) -> pd.DataFrame:
    """The lines of one table; a customer stands for a market, and booked orders may have a priority."""
    frame, customers = draft.frames[table], draft.frames["customers"]
    located = with_market(frame, customers) if "customer" in frame.columns else frame
    ranked = (
        with_priority(located, customers)
        if table == "booked_orders"
        else located.assign(priority=USUAL_PRIORITY)
    )
    lines = ranked[["item", "market", "priority"]].assign(table=table, row=range(len(frame)))
    return lines.drop_duplicates(["item", "market", "priority"])
