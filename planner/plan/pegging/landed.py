"""What each flow costs by itself: every cost of the plan laid on the flows that it is for.

Most costs stand beside their flow in the plan's tables. Hours and wages are laid on what takes the hours,
holding on what is held, and what a whole site or group shares on its flows. What no flow is for stays beside
them: penalties for missing safety stock, changes of what was agreed, what is owed or lost, workers and sites
that nothing needs.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.model.cost_terms import COST_TERMS
from planner.plan.audit.findings import Books
from planner.plan.pegging.flows import OWN_COSTS, Flows
from planner.plan.pegging.graph import Graph
from planner.plan.pegging.hours import hours_of
from planner.plan.pegging.lookup import codes_of, looked_up
from planner.scenario.keys import LABOR_POOL, LANE, ROUTING, SETUP_FAMILY, STOCK, WORK_CENTER

Matrix = NDArray[np.float64]
ROUNDING = 1e-12  # of a cost: less is the arithmetic's rounding


@dataclass(frozen=True)
class Laid:
    """Costs by node (row) and cost term (column, in the order of `terms`), and what is laid on none."""

    terms: tuple[str, ...]
    by_node: Matrix
    unlaid: pd.Series


@dataclass(frozen=True)
class Drivers:
    """What costs can be laid on: each frame has keys, a node and the weight that it has in its keys."""

    books: Books
    flows: Flows
    graph: Graph
    hours: pd.DataFrame

    def of_kind(self, kind: str, keys: Sequence[str]) -> pd.DataFrame:
        """The flows of a kind, by their quantities, in the period in which they start."""
        coming = self.flows.coming
        chosen = coming[coming["kind"] == kind]
        keyed = chosen.assign(destination=chosen["site"], node=chosen.index, weight=chosen["quantity"])
        return keyed[[*keys, "period", "node", "weight"]]

    def inspected(self) -> pd.DataFrame:
        """What production and suppliers deliver, in the period in which it is inspected."""
        coming = self.flows.coming
        chosen = coming[coming["kind"].isin(["purchase", "production"])]
        return chosen.assign(period=chosen["arrives"], node=chosen.index, weight=chosen["arriving"])[
            [*STOCK, "period", "node", "weight"]]

    def in_families(self) -> pd.DataFrame:
        """Production by the family whose setup it shares, by quantity."""
        families = self.books.rates.routings[[*ROUTING, "period", "setup_family"]].dropna()
        production = self.of_kind("production", ROUTING).merge(families, on=[*ROUTING, "period"])
        return production[[*SETUP_FAMILY, "period", "node", "weight"]]

    def on_lane_rows(self) -> pd.DataFrame:
        """Shipments by the row of the lane that carries them, whose item is blank where several share it."""
        sent = self.of_kind("shipment", [*LANE, "item"])
        rows = self.books.rates.on_lanes(sent)
        return rows.assign(item=rows["lane_item"].fillna(""))[[*LANE, "item", "period", "node", "weight"]]

    def on_centers(self) -> pd.DataFrame:
        """Hours on each work center."""
        return self.hours[[*WORK_CENTER, "period", "node", "weight"]]

    def on_centers_from(self) -> pd.DataFrame:
        """Hours on each work center, in every period up to the one in which they are worked: what is paid
        once for a work center is for all that is made there from then on.
        """
        worked, paid = self.on_centers(), self.books["costs"]
        options = paid.loc[paid["cost"] == "capacity_options", [*WORK_CENTER, "period"]].drop_duplicates()
        later = options.merge(worked.rename(columns={"period": "worked"}), on=WORK_CENTER)
        return later[later["worked"] >= later["period"]].drop(columns="worked")

    def of_pools(self) -> pd.DataFrame:
        """Crew hours of each labor pool."""
        crews = self.books.rates.work_centers[[*WORK_CENTER, "period", "labor_pool", "crew_size"]]
        crewed = looked_up(self.hours, crews, [*WORK_CENTER, "period"]).dropna(subset="labor_pool")
        return crewed.assign(weight=crewed["weight"] * crewed["crew_size"])[
            [*LABOR_POOL, "period", "node", "weight"]]

    def kept(self) -> pd.DataFrame:
        """What is in stock at the end of each period."""
        graph = self.graph
        stays = pd.concat([graph.links, graph.stays], ignore_index=True)
        stays = stays[stays["period"] > stays["arrives"].clip(lower=1)]
        first = stays["arrives"].clip(lower=1).to_numpy(np.int64)
        count = stays["period"].to_numpy(np.int64) - first
        row = np.repeat(np.arange(len(stays)), count)
        step = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
        stock = stays["stock"].to_numpy(np.int64)[row]
        return pd.DataFrame({
            "item": graph.stocks["item"].to_numpy()[stock], "site": graph.stocks["site"].to_numpy()[stock],
            "period": first[row] + step, "node": stays["node"].to_numpy(np.int64)[row],
            "weight": stays["quantity"].to_numpy()[row]})

    def space_taken(self) -> pd.DataFrame:
        """The space that what is in stock takes at each site."""
        return self._by_volume(self.kept())

    def passing(self) -> pd.DataFrame:
        """What comes to each site, by the space that it takes."""
        coming = self.flows.coming
        return self._by_volume(coming.assign(period=coming["arrives"], node=coming.index,
                                             weight=coming["arriving"]))

    def _by_volume(self, rows: pd.DataFrame) -> pd.DataFrame:
        volume = self.books.rates.of_item(rows["item"], "volume")
        return rows.assign(weight=rows["weight"] * volume)[["site", "period", "node", "weight"]]


@dataclass(frozen=True)
class Shared:
    """Costs that several flows share by weight: the terms, the keys that a cost has in common with its flows
    besides the period, and those flows.
    """

    terms: tuple[str, ...]
    keys: Sequence[str]
    drivers: Callable[[Drivers], pd.DataFrame]


# Every cost of the plan is here, in `flows.OWN_COSTS`, or for no goods that move.
SHARED = (
    Shared(("setups",), SETUP_FAMILY, Drivers.in_families),
    Shared(("work_center_hours", "work_center_overtime"), WORK_CENTER, Drivers.on_centers),
    Shared(("capacity_options",), WORK_CENTER, Drivers.on_centers_from),
    Shared(("scrap",), STOCK, Drivers.inspected),
    Shared(("wages", "labor_overtime", "hiring", "separation"), LABOR_POOL, Drivers.of_pools),
    Shared(("holding",), STOCK, Drivers.kept),
    Shared(("storage_overflow",), ["site"], Drivers.space_taken),
    Shared(("vehicle_trips",), [*LANE, "item"], Drivers.on_lane_rows),
    Shared(("sites",), ["site"], Drivers.passing),
)
UNLAID = ("safety_stock_penalty", "stability", "backorders", "lost_sales")


def laid_costs(books: Books, flows: Flows, graph: Graph) -> Laid:
    """Every cost of the plan on the flows that it is for."""
    costs = books["costs"]
    total = costs.groupby("cost")["amount"].sum()
    terms = tuple(term for term in COST_TERMS if term in total.index)
    drivers = Drivers(books, flows, graph, hours=hours_of(books, flows))
    by_node = np.zeros((graph.nodes, len(terms)))
    for term in set(OWN_COSTS) & set(terms):
        by_node[: len(flows.coming), terms.index(term)] = flows.coming[term]
    for shared in SHARED:
        present = [term for term in shared.terms if term in terms]
        if present:
            own = costs[costs["cost"].isin(present)]
            columns = [terms.index(term) for term in present]
            members = shared.drivers(drivers)
            by_node[:, columns] += _laid(own, present, members, shared.keys, nodes=graph.nodes)
    left = total[list(terms)] - by_node.sum(axis=0)
    nothing = left.abs() <= ROUNDING * total[list(terms)].abs()
    return Laid(terms, by_node, left.mask(nothing, 0.0))


def _laid(costs: pd.DataFrame, terms: Sequence[str], drivers: pd.DataFrame, keys: Sequence[str],
          *, nodes: int) -> Matrix:
    """Amounts by node and term, each cost shared by weight among the flows that have its keys."""
    drivers = drivers[drivers["weight"] > 0]
    if "setup_family" in keys:
        costs = costs[costs["setup_family"] != ""]  # of a routing, they are its flow's own
    of_cost, of_driver = codes_of([*keys, "period"], costs, drivers)
    size, weight = len(costs) + len(drivers), drivers["weight"].to_numpy(dtype=float)
    whole = np.bincount(of_driver, weights=weight, minlength=size)
    share, node = weight / whole[of_driver], drivers["node"].to_numpy(np.int64)
    name, amount = costs["cost"].to_numpy(), costs["amount"].to_numpy(dtype=float)
    laid = np.zeros((nodes, len(terms)))
    for column, term in enumerate(terms):
        spent = np.bincount(of_cost, weights=np.where(name == term, amount, 0.0), minlength=size)
        laid[:, column] = np.bincount(node, weights=share * spent[of_driver], minlength=nodes)
    return laid

