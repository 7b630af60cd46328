"""The most of an item that could be of use: the tightest business bound for a big-M.

From a period on, no plan needs more of an item than what may still be delivered of the demand, what is to be kept in
stock, and what its parents take; each last lot may overshoot. The bound is worked out from the finished goods down.
"""

from graphlib import TopologicalSorter

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.model.sets import Flows, Reader

Floats = NDArray[np.float64]


class Requirements:
    """What could be of use of every item from every period on, in units."""

    def __init__(self, read: Reader, flows: Flows, lines: pd.DataFrame) -> None:
        self._last = read.last
        self.bounding = is_lumpy(read)
        if not self.bounding:
            return  # a linear program needs no big-M
        self._routings = read.by_period("routings")
        self._needed: dict[int, Floats] = {}
        own = self._own_needs(read, lines)
        parents = flows.components.groupby("component")
        graph = {component: set(rows["parent"]) for component, rows in parents}
        overshoot = self._last_lots()
        for item in TopologicalSorter(graph).static_order():
            needed = own.get(item, np.zeros(read.last))
            if item in graph:
                for parent, quantity in _largest(parents.get_group(item)).items():
                    needed = needed + quantity * self.started(int(parent))
            self._needed[int(item)] = needed + overshoot.get(int(item), 0.0)
        self._needed = {item: needed + overshoot.get(item, 0.0) for item, needed in own.items()} | self._needed

    def from_period(self, items: pd.Series, periods: pd.Series) -> Floats:
        """The most that could be of use of each item from each period on; without lumps, no bound."""
        if not self.bounding:
            return np.full(len(items), np.inf)
        table = np.vstack([*self._needed.values(), np.zeros(self._last)])
        row = {item: place for place, item in enumerate(self._needed)}
        found: Floats = table[items.map(row).fillna(len(row)).astype(int).to_numpy(), periods.to_numpy(np.int64) - 1]
        return found

    def started(self, item: int) -> Floats:
        """The most that has to be started, yield losses included."""
        rows = self._routings[self._routings["item"] == item]
        good = float(rows["yield_rate"].min()) if len(rows) else 1.0
        return self._needed.get(item, np.zeros(self._last)) / good

    def _own_needs(self, read: Reader, lines: pd.DataFrame) -> dict[int, Floats]:
        """Demand that may still be delivered, and stock to be kept, of each item from each period on."""
        wanted = lines.assign(item=read.names.encode(lines["item"]), amount=lines["demand"] + lines["overdue"])
        wanted = wanted[wanted["amount"] > 0]
        needs: dict[int, Floats] = {}
        for item, rows in wanted.groupby("item"):
            until = np.minimum(rows["owed_until"].to_numpy() + 1, read.last).astype(int)
            per_end = np.bincount(until - 1, rows["amount"].to_numpy(), minlength=read.last)
            needs[int(str(item))] = per_end[::-1].cumsum()[::-1]
        for item, kept in self._kept(read, needs).items():
            needs[item] = needs.get(item, np.zeros(read.last)) + kept
        return needs

    def _kept(self, read: Reader, needs: dict[int, Floats]) -> dict[int, float]:
        """Safety stock, days of supply and ending stock of each item, over all sites."""
        policy = read.by_period("inventory")
        fixed = policy.groupby(["item", "site"])["safety_stock"].max().groupby("item").sum()
        days = policy.groupby(["item", "site"])["days_of_supply"].max().groupby("item").sum()
        ending = read.states("inventory").groupby("item")["ending_inventory"].sum()
        horizon = float(np.sum(read.calendar.days))
        items = {int(item) for item in policy["item"]}
        return {item: float(fixed.get(item, 0.0) + ending.get(item, 0.0))
                + float(days.get(item, 0.0)) / horizon * float(needs.get(item, np.zeros(1))[0]) * read.last for item in items}

    def _last_lots(self) -> dict[int, float]:
        """What the last lot of each routing of an item may make too much."""
        lots = self._routings[["min_lot", "lot_multiple"]].max(axis=1).fillna(0.0)
        largest = lots.groupby([self._routings[key] for key in ("item", "site", "routing")]).max()
        return _by_code(largest.groupby("item").sum())


LUMPS = {
    "sourcing": ("moq", "order_cost", "lot_multiple"), "price_breaks": ("from_quantity",),
    "routings": ("min_lot", "lot_multiple", "setup_cost", "setup_family"), "routing_steps": ("setup_hours",),
    "lanes": ("min_shipment", "vehicle_size"), "site_options": ("kind",),
}


def is_lumpy(read: Reader) -> bool:
    """Whether the scenario uses any lever that switches a flow on and off."""
    return any(_used(read.scenario[table][column]) for table, columns in LUMPS.items() for column in columns)


def _used(values: pd.Series) -> bool:
    return bool((values != 0).where(values.notna(), False).any())


def _largest(rows: pd.DataFrame) -> dict[int, float]:
    return _by_code(rows.groupby("parent")["quantity_per"].max())


def _by_code(figures: pd.Series) -> dict[int, float]:
    return dict(zip(figures.index.to_numpy(np.int64).tolist(), figures.to_numpy(float).tolist(), strict=True))
