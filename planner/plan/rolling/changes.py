"""What was owed, promised and chosen, carried over to the new calendar."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from planner.plan.rolling.moment import NEGLIGIBLE, Moment
from planner.plan.rolling.tables import Rolling
from planner.scenario.calendar import period_label
from planner.scenario.scenario import Scenario
from planner.scenario.scope import covered

BY_ARRIVAL = "arrives"  # the mode of the lanes on which goods that are on their way reach their market
ON_THE_WAY = "on the way to "  # and the sites at which they stand until then


def carry_orders(rolling: Rolling, settled: pd.DataFrame) -> None:
    """Booked orders have what is still to deliver; those delivered or given up as a whole are archived."""
    orders = rolling.table("booked_orders")
    units = settled.set_index("order")["quantity"]
    settled_units = orders["order"].map(units).fillna(0.0).to_numpy(dtype=float)
    quantity = pd.to_numeric(orders["quantity"]).to_numpy(dtype=float)
    left = quantity - settled_units
    for row in np.flatnonzero((settled_units > NEGLIGIBLE) & (left > NEGLIGIBLE)).tolist():
        rolling.set("booked_orders", row, "quantity", float(left[row]))
    if len(orders):
        rolling.archive("booked_orders", left <= NEGLIGIBLE)


def carry_backlog(rolling: Rolling, owed: pd.DataFrame) -> None:
    """Forecast demand that is still owed stands among the booked orders, overdue, an order for each item,
    market and period.
    """
    rows = [
        {
            "order": f"backlog {period_label(row['due'])} {row['item']} {row['market']} {row['priority']}",
            "market": row["market"],
            "item": row["item"],
            "quantity": float(row["quantity"]),
            "due": row["due"],
            "priority": int(row["priority"]),
        }
        for row in owed.to_dict("records")
    ]
    rolling.add("booked_orders", rows)
    if rows:
        rolling.notes.append(
            f"{len(rows):,} booked order{'s' if rows[1:] else ''} called backlog: forecast demand that "
            "is owed since before the new start"
        )


def carry_receipts(rolling: Rolling, receipts: pd.DataFrame, *, end: pd.Period) -> None:
    """What was ordered, started or sent and arrives in the new calendar is a scheduled receipt."""
    rows = rolling.table("scheduled_receipts")
    place = {key: row for row, key in enumerate(zip(rows["item"], rows["site"], rows["period"], strict=True))}
    more = []
    for row in receipts[receipts["period"] <= end].to_dict("records"):
        at = place.get((row["item"], row["site"], period_label(row["period"])))
        if at is None:
            more.append(row)
        else:
            quantity = float(rows["quantity"].iloc[at]) + float(row["quantity"])
            rolling.set("scheduled_receipts", at, "quantity", quantity)
    rolling.add("scheduled_receipts", more)


def carry_deliveries(rolling: Rolling, on_the_way: pd.DataFrame, *, end: pd.Period) -> None:
    """Goods on their way to a market are scheduled receipts at a site of their own, from which they reach the
    market when they arrive.
    """
    coming = on_the_way[on_the_way["period"] <= end]
    for market in sorted(coming["market"].unique()):
        site = f"{ON_THE_WAY}{market}"
        if not (rolling.table("sites")["site"] == site).any():
            rolling.add("sites", [{"site": site}])
            rolling.add(
                "lanes",
                [{"origin": site, "destination": market, "mode": BY_ARRIVAL, "unit_cost": 0, "lead_time": 0}],
            )
            rolling.notes.append(
                f"goods on their way to {market} stand at the site {quoted_name(site)} until they arrive"
            )
        rows = coming[coming["market"] == market].assign(site=site)
        carry_receipts(rolling, rows[["item", "site", "period", "quantity"]], end=end)


def quoted_name(text: str) -> str:
    """The name as sentences show it."""
    return f'"{text}"'


def drop_arrived(rolling: Rolling) -> None:
    """Sites of goods on their way are gone where everything has arrived."""
    for site in rolling.table("sites")["site"].tolist():
        if not site.startswith(ON_THE_WAY):
            continue
        stock, coming = rolling.table("inventory"), rolling.table("scheduled_receipts")
        on_hand = pd.to_numeric(stock.loc[stock["site"] == site, "on_hand"]).fillna(0.0).sum()
        if on_hand > NEGLIGIBLE or (coming["site"] == site).any():
            continue
        for name, column in (("sites", "site"), ("lanes", "origin"), ("inventory", "site")):
            if name in rolling.tables:
                frame = rolling.tables[name]
                rolling.tables[name] = frame[frame[column] != site].reset_index(drop=True)


def reduce_targets(rolling: Rolling, scenario: Scenario, delivered: pd.DataFrame) -> None:
    """Targets that have begun ask for what is still to be delivered, from the new start on; those that are
    met are archived.
    """
    targets, met_rows = scenario["sales_targets"], []
    names = rolling.table("sales_targets")["target"].tolist()
    scope_names = scenario.groups.of(delivered)
    first = scenario.calendar.start
    for target in targets[targets["target"].isin(names)].to_dict("records"):
        begins = target["from"] if pd.notna(target["from"]) else first
        if begins >= rolling.start:
            continue
        inside = covered(target, scope_names) & (delivered["period"] >= begins).to_numpy(dtype=bool)
        measure = "units" if target["measure"] == "units" else "revenue"
        left = float(target["quantity"]) - float(delivered.loc[inside, measure].sum())
        row = names.index(target["target"])
        if left <= NEGLIGIBLE:
            met_rows.append(row)
            continue
        rolling.set("sales_targets", row, "quantity", left)
        rolling.set("sales_targets", row, "from", rolling.start)
    if met_rows:
        mask = np.zeros(len(names), dtype=bool)
        mask[met_rows] = True
        rolling.notes.append(
            f"{len(met_rows)} sales target{'s' if met_rows[1:] else ''} met already: "
            f"{', '.join(names[row] for row in met_rows)}"
        )
        rolling.archive("sales_targets", mask)


def carry_options(rolling: Rolling, scenario: Scenario, moment: Moment) -> None:
    """Capacity that was bought is an option without cost of buying, from when it works; stops that were
    placed are no longer to be placed; sites are as they were changed.
    """
    for bought in moment.options.to_dict("records"):
        _carry_option(rolling, scenario, bought)
    _carry_stops(rolling, moment.stops)
    _carry_site_options(rolling, moment.site_options)


def _row_of(frame: pd.DataFrame, **keys: str) -> int | None:
    holds = np.ones(len(frame), dtype=bool)
    for column, value in keys.items():
        holds &= (frame[column] == value).to_numpy(dtype=bool)
    rows = np.flatnonzero(holds)
    return int(rows[0]) if len(rows) else None


def _carry_option(rolling: Rolling, scenario: Scenario, bought: Mapping[Any, Any]) -> None:
    declared = scenario["capacity_options"].set_index("option").loc[bought["option"]]
    row = _row_of(rolling.table("capacity_options"), option=str(bought["option"]))
    count = round(float(str(bought["count"])))
    works = bought["period"] + int(declared["lead_time"])
    if row is not None:
        left = int(declared["max_count"]) - count
        if left > 0:
            rolling.set("capacity_options", row, "max_count", left)
        else:
            rolling.archive("capacity_options", np.arange(len(rolling.table("capacity_options"))) == row)
    rolling.add(
        "capacity_options",
        [
            {
                "option": f"{bought['option']} bought {period_label(bought['period'])}",
                "site": declared["site"],
                "work_center": declared["work_center"],
                "added_hours": float(declared["added_hours"]),
                "fixed_cost": 0,
                "period_cost": float(declared["period_cost"]),
                "lead_time": 0,
                "from": max(works, rolling.start),
                "max_count": count,
            }
        ],
    )
    rolling.notes.append(
        f"{bought['option']} was bought in {period_label(bought['period'])}: it costs nothing more to buy"
    )


def _carry_stops(rolling: Rolling, stops: pd.DataFrame) -> None:
    is_over = np.zeros(len(rolling.table("maintenance")), dtype=bool)
    for stop in stops[stops["stops"] > 0.5].to_dict("records"):
        frame = rolling.table("maintenance")
        row = _row_of(frame, site=stop["site"], work_center=stop["work_center"])
        if row is None:
            continue
        planned = int(float(frame["stops"].iloc[row])) if "stops" in frame and frame["stops"].iloc[row] else 1
        left = planned - round(float(stop["stops"]))
        if left > 0:
            rolling.set("maintenance", row, "stops", left)
        else:
            is_over[row] = True
    if is_over.any():
        rolling.archive("maintenance", is_over)


def _carry_site_options(rolling: Rolling, chosen: pd.DataFrame) -> None:
    for name in chosen["site_option"].tolist():
        options = rolling.table("site_options")
        row = _row_of(options, site_option=name)
        if row is None:
            continue
        option = options.iloc[row]
        if option["kind"] == "expand":
            _expand(rolling, option)
        elif option["kind"] == "close":
            rolling.notes.append(f"{option['site']} was closed: take its rows out of the tables")
        rolling.archive("site_options", np.arange(len(options)) == row)
        rolling.notes.append(f"{name} was done: it is no longer an option")


def _expand(rolling: Rolling, option: pd.Series) -> None:
    sites = rolling.table("sites")
    row = _row_of(sites, site=option["site"])
    capacity = sites["storage_capacity"].iloc[row] if row is not None and "storage_capacity" in sites else ""
    if row is not None and capacity:
        added = float(capacity) + float(option["added_capacity"] or 0)
        rolling.set("sites", row, "storage_capacity", added)


def carry_overdue(rolling: Rolling, scenario: Scenario) -> None:
    """Demand that the user brings contains what is overdue: that of the first period is that much more."""
    orders, demand = rolling.table("booked_orders"), rolling.tables.get("demand")
    if demand is None or not len(orders):
        return
    home = scenario["customers"].set_index("customer")["market"]
    calendar = scenario.calendar
    due = pd.Series([calendar.parse(text, day=True) for text in orders["due"]], dtype=object)
    market = orders["market"] if "market" in orders else pd.Series("", index=orders.index)
    customer = orders["customer"] if "customer" in orders else pd.Series("", index=orders.index)
    located = orders.assign(market=market.where(market != "", customer.map(home)),
                            quantity=pd.to_numeric(orders["quantity"]))
    overdue = located[[one < rolling.start for one in due]].groupby(["item", "market"])["quantity"].sum()
    brought = set(zip(demand["item"], demand["market"], strict=True))
    keys = zip(demand["item"], demand["market"], demand["period"], strict=True)
    place = {key: row for row, key in enumerate(keys)}
    for item, where, quantity in overdue.reset_index().itertuples(index=False):
        row = place.get((item, where, period_label(rolling.start)))
        if row is not None:
            rolling.set("demand", row, "quantity", float(demand["quantity"].iloc[row]) + float(quantity))
        elif (item, where) in brought:
            new = {"item": item, "market": where, "period": rolling.start, "quantity": float(quantity)}
            rolling.add("demand", [new])
