"""A pegged plan, and what it answers: what serves a delivery, what depends on a source, what things cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.plan.audit.findings import Books
from planner.plan.layout import TABLES
from planner.plan.pegging.asked import deliveries_asked, sources_asked
from planner.plan.pegging.flows import FLOW_KEYS, Flows, low_level_codes
from planner.plan.pegging.graph import Graph
from planner.plan.pegging.hours import hours_of
from planner.plan.pegging.landed import Laid
from planner.plan.pegging.stock import Rule
from planner.plan.periods import periods_of

Mask = NDArray[np.bool_]
Matrix = NDArray[np.float64]

NOTHING = 1e-9  # of a flow: less is the arithmetic's rounding
DELIVERY = [*TABLES["fulfillment"].keys, "customer"]
PERIODS = {"due", "period", "arrives"}
STAY = ["item", "site", "arrives", "quantity"]


@dataclass(frozen=True)
class Served:
    """What serves some deliveries, as `Pegging.serving` finds it.

    `deliveries` are these with their landed cost; `flows` is what serves them, by level, kind and period:
    `quantity` is their part of the whole flow, `cost` their part of what the flow costs by itself. `costs` is
    their landed cost by cost term; the costs of the flows add up to it, and so do those of the deliveries.
    """

    deliveries: pd.DataFrame
    flows: pd.DataFrame
    costs: pd.Series


@dataclass(frozen=True)
class Dependents:
    """What depends on some flows, as `Pegging.depending` finds it.

    `sources` are the flows, with `amount` in `unit`. `deliveries` is what they go into: `amount` is the part
    of the sources in it, `dependent` how many of its units could not be made or bought without them, and
    `revenue` what these earn. `stays` is what is left in stock at the end. The amounts of both add up to
    those of the sources.
    """

    sources: pd.DataFrame
    deliveries: pd.DataFrame
    stays: pd.DataFrame
    unit: str


@dataclass(frozen=True, eq=False)
class Pegging:
    """The flows of a plan, pegged by a rule: see `planner.plan.pegging`."""

    books: Books
    flows: Flows
    graph: Graph
    laid: Laid
    rule: Rule

    # ------------------------------------------------------------------------------------------ what it costs

    @cached_property
    def _landed(self) -> Matrix:
        return self.graph.carried_down(self.laid.by_node)

    @property
    def terms(self) -> tuple[str, ...]:
        """The cost terms of the plan."""
        return self.laid.terms

    @cached_property
    def landed_costs(self) -> pd.DataFrame:
        """Every delivery with its `quantity`, its landed cost in all and per unit, and a column for each cost
        term.
        """
        return self._with_costs(self.flows.deliveries[[*DELIVERY, "quantity"]], self._delivered)

    @cached_property
    def stays(self) -> pd.DataFrame:
        """What is in stock when the plan ends: item, site, the period in which it came (blank: it was there
        from the start), quantity and landed cost, which is not the cost of any delivery.
        """
        stays, stocks = self.graph.stays, self.graph.stocks
        stock = stays["stock"].to_numpy(np.int64)
        keyed = stocks.iloc[stock].reset_index(drop=True).assign(
            arrives=stays["arrives"].to_numpy(np.int64), quantity=stays["quantity"].to_numpy(dtype=float))
        return self._with_costs(keyed, stays["node"].to_numpy(np.int64))

    @property
    def unlaid_costs(self) -> pd.Series:
        """By cost term, what is for no goods: penalties, backorders, lost sales, what nothing uses."""
        return self.laid.unlaid

    @cached_property
    def costs_by_end(self) -> pd.DataFrame:
        """By cost term, where the money ends: in `deliveries`, in stock at the `end`, in `rounding`, or
        `unlaid`. A row adds up to the plan's cost of the term.
        """
        ends = self.graph.ends.copy()
        parts = {"deliveries": self._landed[self._delivered].sum(axis=0),
                 "end": self._landed[self.graph.stays["node"].to_numpy(np.int64)].sum(axis=0)}
        ends[self._delivered] = ends[self.graph.stays["node"].to_numpy(np.int64)] = False
        parts["rounding"] = self._landed[ends].sum(axis=0)
        return pd.DataFrame(parts, index=pd.Index(self.terms, name="cost")).assign(unlaid=self.laid.unlaid)

    # ------------------------------------------------------------------------------------------ what serves

    def serving(self, *, order: str | None = None, item: str | None = None, market: str | None = None,
                customer: str | None = None, target: str | None = None, origin: str | None = None,
                period: str | pd.Period | None = None) -> Served:
        """What serves the deliveries of an order, an item, a market, a customer, a sales target, an origin of
        demand, in a period, or of all of these together; of everything where nothing is named.

        PlanError says which name or period the plan does not know, and the nearest that it does.
        """
        names = {"order": order, "item": item, "market": market, "customer": customer, "origin": origin}
        return self.serving_rows(deliveries_asked(self.books, self.flows.deliveries, names=names,
                                                  target=target, period=period))

    def serving_rows(self, mask: Mask) -> Served:
        """What serves the chosen deliveries: rows of `landed_costs`."""
        ends = np.zeros(self.graph.nodes)
        ends[self._delivered[mask]] = 1.0
        share = self.graph.share_ending_in(ends)
        cost = self.laid.by_node.sum(axis=1) * share
        coming = self.flows.coming
        of_flow = share[: len(coming)]
        flows = coming.assign(
            level=self._levels, quantity=coming["quantity"] * of_flow, share=of_flow,
            arriving=coming["arriving"] * of_flow, cost=cost[: len(coming)])
        flows = pd.concat([flows[of_flow > NOTHING], self._kept(share, cost)], ignore_index=True)
        deliveries = self.landed_costs[mask].reset_index(drop=True)
        order = ["level", "item", "kind", *FLOW_KEYS[1:], "period", "arrives"]
        columns = ["level", "kind", *FLOW_KEYS, "period", "arrives", "quantity", "arriving", "share", "cost"]
        costs = pd.Series(self._landed[self._delivered[mask]].sum(axis=0), index=list(self.terms))
        return Served(deliveries, flows=self._told(flows.sort_values(order, ignore_index=True)[columns]),
                      costs=costs)

    def shares_of(self, chosen: Sequence[Mask]) -> Matrix:
        """The share of each flow (row of `flows.coming`) that ends in each choice of deliveries (column)."""
        ends = np.zeros((self.graph.nodes, len(chosen)))
        for column, mask in enumerate(chosen):
            ends[self._delivered[mask], column] = 1.0
        return self.graph.share_ending_in(ends)[: len(self.flows.coming)]

    def _kept(self, share: Matrix, cost: Matrix) -> pd.DataFrame:
        """What waits in stock for the chosen deliveries, from its arrival to its departure."""
        links, stocks = self.graph.links, self.graph.stocks
        kept = links[links["period"] > links["arrives"].clip(lower=1)]
        node, stock = kept["node"].to_numpy(np.int64), kept["stock"].to_numpy(np.int64)
        waiting = pd.DataFrame({
            "kind": "stock",
            "item": stocks["item"].to_numpy()[stock], "site": stocks["site"].to_numpy()[stock],
            "period": kept["arrives"].to_numpy(np.int64), "arrives": kept["period"].to_numpy(np.int64),
            "quantity": kept["quantity"].to_numpy(dtype=float) * share[node], "share": share[node],
            "arriving": kept["quantity"].to_numpy(dtype=float) * share[node], "cost": cost[node]})
        waiting = waiting[waiting["share"] > NOTHING]
        blank = dict.fromkeys(["supplier", "routing", "origin", "mode"], "")
        return waiting.assign(level=self._level_of(waiting["item"]), **blank)

    # ----------------------------------------------------------------------------------------- what depends

    def depending(self, *, supplier: str | None = None, work_center: str | None = None,
                  kind: str | None = None, item: str | None = None, site: str | None = None,
                  period: str | pd.Period | None = None) -> Dependents:
        """What depends on a supplier, a work center, or a kind of flow (opening, receipt, purchase,
        production, shipment), of an item, at a site, in the period in which it is ordered, started or sent.

        A supplier is followed by the units that it delivers, a work center by its hours. PlanError says which
        name or period the plan does not know, and the nearest that it does.
        """
        chosen, amounts, unit = sources_asked(self.books, self.flows.coming, self.hours, supplier=supplier,
                                              work_center=work_center, kind=kind, item=item, site=site,
                                              period=period)
        return self.depending_rows(chosen, amounts=amounts, unit=unit)

    def depending_rows(
        self, chosen: Mask, *, amounts: Matrix | None = None, unit: str = "units"
    ) -> Dependents:
        """What depends on the chosen flows: rows of `flows.coming`.

        `amounts`, by flow, are what is followed, in `unit`: what arrives, or hours of a work center.
        """
        coming = self.flows.coming
        own = coming["arriving"].to_numpy(dtype=float) if amounts is None else amounts
        amounts_put_in, picked = np.zeros(self.graph.nodes), np.zeros(self.graph.nodes, dtype=bool)
        amounts_put_in[: len(coming)], picked[: len(coming)] = np.where(chosen, own, 0.0), chosen
        makers = np.zeros(self.graph.nodes, dtype=bool)
        makers[: len(coming)] = coming["kind"] == "production"
        carried = self.graph.carried_down(amounts_put_in)
        needs = self.graph.depends_on(picked, makers)
        served = self.flows.deliveries
        dependent = served["quantity"].to_numpy(dtype=float) * needs[self._delivered]
        deliveries = served[[*DELIVERY, "quantity"]].assign(
            amount=carried[self._delivered], dependent=dependent, revenue=dependent * served["price"])
        stays = self.stays[STAY].assign(
            amount=carried[self.graph.stays["node"].to_numpy(np.int64)])
        sources = coming[chosen].assign(amount=own[chosen])
        columns = ["kind", *FLOW_KEYS, "period", "arrives", "quantity", "amount"]
        return Dependents(
            self._told(sources[columns].reset_index(drop=True)),
            deliveries=self._told(_reached(deliveries, deliveries["dependent"])),
            stays=_reached(stays, stays["amount"]), unit=unit)

    @cached_property
    def hours(self) -> pd.DataFrame:
        """Hours on each work center, by the flow that takes them: site, work_center, period, node, weight."""
        return hours_of(self.books, self.flows)

    # -------------------------------------------------------------------------------------- how it is told

    @property
    def _delivered(self) -> NDArray[np.int64]:
        return np.arange(len(self.flows.deliveries)) + len(self.flows.coming)

    @cached_property
    def _codes(self) -> pd.Series:
        return low_level_codes(self.flows)

    def _level_of(self, items: pd.Series) -> pd.Series:
        return items.map(self._codes).astype("int64")

    @cached_property
    def _levels(self) -> pd.Series:
        return self._level_of(self.flows.coming["item"])

    def _with_costs(self, frame: pd.DataFrame, nodes: NDArray[np.int64]) -> pd.DataFrame:
        by_term = pd.DataFrame(self._landed[nodes], columns=list(self.terms), index=frame.index)
        cost = by_term.sum(axis="columns")
        dated = self._told(frame).assign(cost=cost, unit_cost=cost / frame["quantity"])
        return pd.concat([dated, by_term], axis="columns")

    def _told(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The frame with calendar periods; what was there when the plan starts has none."""
        calendar = self.books.scenario.calendar
        periods = {name: periods_of(frame[name].to_numpy(np.int64), calendar).set_axis(frame.index)
                   for name in frame.columns if name in PERIODS}
        return frame.assign(**periods)


def _reached(frame: pd.DataFrame, amount: pd.Series) -> pd.DataFrame:
    return frame[amount > NOTHING].reset_index(drop=True)
