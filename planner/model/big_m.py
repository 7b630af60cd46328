"""The maximum of an item that could be of use: the tightest business bound for a big-M.

From a period on, no plan needs more of an item than what may still be delivered of the demand, what is to be
kept in stock, and what its parents take, losses included; each last lot may overshoot. The bound is worked
out from the finished goods down.
"""

from graphlib import TopologicalSorter

import numpy as np
import pandas as pd

from planner.model.compiler.lookup import Floats
from planner.model.network import Flows, Reader
from planner.model.quality import good_share
from planner.scenario.flows import FLOWS, Flow


class Requirements:
    """What could be of use of every item from every period on, in units."""

    def __init__(self, read: Reader, flows: Flows, lines: pd.DataFrame) -> None:
        self._last = read.last
        self.bounding = is_fixed_charge(read)
        if not self.bounding:
            return  # a linear program needs no big-M
        self._routings = good_share(read, read.by_period("routings"))
        share = self._routings["yield_rate"] * (1.0 - self._routings["scrapped_by_inspection"])
        self._good = _by_code(share.groupby(self._routings["item"]).min())  # of what is started, at the worst
        self._needed: dict[int, Floats] = {}
        demanded = self._demanded(read, lines)
        parents = flows.components.groupby("component")
        graph = {
            int(str(component)): {int(parent) for parent in rows["parent"]} for component, rows in parents
        }
        final_stock, days, overshoot = _final_stock(read), _days_kept(read), self._last_lots()
        agreed = _agreed(read)
        for item in {int(item) for item in read.rows("items")["item"]} | set(demanded):
            graph.setdefault(item, set())
        for item in TopologicalSorter(graph).static_order():
            needed = demanded.get(item, np.zeros(read.last))
            for parent, quantity in _largest(parents.get_group(item)).items() if graph[item] else ():
                needed = needed + quantity * self._started(parent)
            needed = needed + days.get(item, 0.0) * needed[0] + final_stock.get(item, 0.0)
            self._needed[item] = needed + overshoot.get(item, 0.0) + agreed.get(item, 0.0)
        self._extra = _there_anyway(read)

    def from_period(self, items: pd.Series, periods: pd.Series) -> Floats:
        """The maximum that could be of use of each item from each period on; without fixed charges, no
        bound.
        """
        if not self.bounding:
            return np.full(len(items), np.inf)
        table = np.vstack([*self._needed.values(), np.zeros(self._last)])
        row = {item: place for place, item in enumerate(self._needed)}
        maximum: Floats = table[
            items.map(row).fillna(len(row)).astype(int).to_numpy(), periods.to_numpy(np.int64) - 1
        ]
        return maximum

    def in_all(self, items: pd.Series, periods: pd.Series) -> Floats:
        """The maximum of each item that can be about: what is of use, what is there anyway and what last
        orders bring too much.
        """
        if not self.bounding:
            return np.full(len(items), np.inf)
        maximum: Floats = self.from_period(items, periods) + items.map(self._extra).fillna(0.0).to_numpy(
            dtype=float
        )
        return maximum

    def _started(self, item: int) -> Floats:
        """The maximum of an item that has to be started, what yield and inspection take included."""
        good = self._good.get(item, 1.0)
        return self._needed[item] / (good if good > 0 else 1.0)

    def _demanded(self, read: Reader, lines: pd.DataFrame) -> dict[int, Floats]:
        """Demand for each item that may still be delivered from each period on."""
        demanded = lines.assign(
            item=read.names.encode(lines["item"]), amount=lines["demand"] + lines["overdue"]
        )
        demanded = demanded[demanded["amount"] > 0]
        needs: dict[int, Floats] = {}
        for item, rows in demanded.groupby("item"):
            until = np.minimum(rows["owed_until"].to_numpy() + 1, read.last).astype(int)
            per_end = np.bincount(until - 1, rows["amount"].to_numpy(), minlength=read.last)
            needs[int(str(item))] = per_end[::-1].cumsum()[::-1]
        return needs

    def _last_lots(self) -> dict[int, float]:
        """What the last lot of each routing of an item may make too much."""
        lots = whole_lots(self._routings["min_lot"].fillna(0.0), self._routings["lot_multiple"]).clip(
            lower=self._routings["lot_multiple"].fillna(0.0))
        largest = lots.groupby([self._routings[key] for key in ("item", "site", "routing")]).max()
        return _by_code(largest.groupby("item").sum())


def whole_lots(quantity: pd.Series, lot_multiple: pd.Series) -> pd.Series:
    """The quantities rounded up to whole lots, where there is a lot multiple."""
    lots = np.ceil(quantity.to_numpy(dtype=float) / lot_multiple.to_numpy(dtype=float) - ROUNDING)
    return (pd.Series(lots, index=quantity.index) * lot_multiple).where(lot_multiple > 0, quantity)


ROUNDING = 1e-9  # a hair above a whole number of lots is that number


def minimum_orders(read: Reader, orders: pd.DataFrame) -> pd.Series:
    """The smallest sensible order of each row: its minimum order or, where larger, its last price break, in
    whole lots.
    """
    breaks = read.rows("price_breaks").groupby(["supplier", "item"], as_index=False)[["from_quantity"]].max()
    breaks_of = orders[["supplier", "item"]].merge(
        breaks, how="left", on=["supplier", "item"], validate="many_to_one"
    )
    minimum = np.fmax(orders["moq"].fillna(0.0).to_numpy(), breaks_of["from_quantity"].fillna(0.0).to_numpy())
    return whole_lots(pd.Series(minimum, index=orders.index), orders["lot_multiple"])


def _final_stock(read: Reader) -> dict[int, float]:
    """Safety stock and ending stock of each item, over all sites."""
    fixed = read.by_period("inventory").groupby(["item", "site"])["safety_stock"].max().groupby("item").sum()
    ending = read.states("inventory").groupby("item")["ending_inventory"].sum()
    return _by_code(fixed.add(ending, fill_value=0.0))


def _days_kept(read: Reader) -> dict[int, float]:
    """Days of supply of each item over all sites, in periods of the shortest length."""
    days = read.by_period("inventory").groupby(["item", "site"])["days_of_supply"].max().groupby("item").sum()
    return _by_code(days / float(np.min(read.calendar.days)))


def _agreed(read: Reader) -> dict[int, float]:
    """What is begun of each item in the frozen periods, of use or not."""
    begun = [read.held(FLOWS[name])[["item", "quantity"]] for name in ("production", "purchased", "shipped")]
    return _by_code(pd.concat(begun).groupby("item")["quantity"].sum())


def agreed_at_least(read: Reader, flow: Flow, decided: pd.DataFrame, maximum: pd.Series) -> pd.Series:
    """The maximum of each decision, and not less than what is held to the plan agreed on."""
    held = read.held(flow).rename(columns={"period": "start"})
    if held.empty:
        return maximum
    on = [*flow.keys, "start"]
    agreed = decided[on].merge(held, how="left", on=on, validate="one_to_one")["quantity"]
    return pd.Series(np.fmax(maximum.to_numpy(), agreed.to_numpy()), index=maximum.index)


def _there_anyway(read: Reader) -> dict[int, float]:
    """Stock on hand, scheduled receipts and what the last order of each source may bring too much, of each
    item.
    """
    orders = read.by_period("sourcing")
    lots = minimum_orders(read, orders).clip(lower=orders["lot_multiple"].fillna(0.0))
    largest = lots.groupby([orders[key] for key in ("item", "supplier", "site")]).max().groupby("item").sum()
    stock = read.states("inventory").groupby("item")["on_hand"].sum()
    receipts = read.rows("scheduled_receipts").groupby("item")["quantity"].sum()
    return _by_code(largest.add(stock, fill_value=0.0).add(receipts, fill_value=0.0))


# Each switch, the rule that lets flow through only when it is on, and the rule with its minimum flow.
SWITCHES = {"setup": ("setup_needed", "minimum_lot"), "ordered": ("placed_orders", "minimum_order"),
            "family_setup": ("family_setup_needed", ""), "leaves": ("shipment_leaves", "minimum_shipment")}
# The columns that use such a lever.
FIXED_CHARGES = {
    "sourcing": ("moq", "order_cost", "lot_multiple"), "price_breaks": ("kind",),
    "routings": ("min_lot", "lot_multiple", "setup_cost", "setup_family"), "routing_steps": ("setup_hours",),
    "lanes": ("min_shipment", "vehicle_size"), "site_options": ("kind",),
}


def is_fixed_charge(read: Reader) -> bool:
    """Whether the scenario uses any lever that switches a flow on and off."""
    return any(_used(read.scenario[table][column])
               for table, columns in FIXED_CHARGES.items() for column in columns)


def _used(values: pd.Series) -> bool:
    return bool((values != 0).where(values.notna(), False).any())


def _largest(rows: pd.DataFrame) -> dict[int, float]:
    return _by_code(rows.groupby("parent")["quantity_per"].max())


def _by_code(figures: pd.Series) -> dict[int, float]:
    return dict(zip(figures.index.to_numpy(np.int64).tolist(), figures.to_numpy(float).tolist(), strict=True))
