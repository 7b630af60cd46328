"""The flows of a plan as a graph: what each flow passes on to which others, and what that adds up to.

What comes into a stock in a period is one mixture; the rule of the stock says which mixture leaves when; what
leaves in a period is one mixture again, and serves all that takes from it in proportion to what each takes.
Every node passes on the whole of what it gets, so that shares add up to 1 and costs to what is spent.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import breadth_first_order

from planner.plan.pegging.flows import Flows
from planner.plan.pegging.stock import Matrix, Rule, matched

Whole = NDArray[np.int64]
Floats = NDArray[np.float64]
MORE_THAN_PERIODS = 10**6  # a number that no calendar has, so that stock and period make one code


@dataclass(frozen=True)
class Graph:
    """Nodes are numbered: the rows of `coming`, the rows of `deliveries`, and then, from `first_mix` on, the
    mixtures and the links between them. `links` has the stock, arrival, period, quantity and node of what is
    kept from its arrival to its departure, `stays` the same of what is there when the plan ends, in the
    period after the last. `edges` say how much of what node goes into which other.
    """

    stocks: pd.DataFrame  # item, site: each row is a stock or a market
    edges: pd.DataFrame
    links: pd.DataFrame
    stays: pd.DataFrame
    nodes: int

    @cached_property
    def passed_on(self) -> sparse.csr_matrix:
        """The share of each node (row) that goes into each other; rows add up to 1, or to 0 where it ends."""
        edges = self.edges
        whole = np.bincount(edges["up"], weights=edges["quantity"], minlength=self.nodes)
        shares = edges["quantity"].to_numpy() / whole[edges["up"]]
        return sparse.csr_matrix((shares, (edges["up"], edges["down"])), shape=(self.nodes, self.nodes))

    @cached_property
    def ends(self) -> NDArray[np.bool_]:
        """Whether a node passes nothing on: deliveries, what stays in stock, and rounding."""
        is_end: NDArray[np.bool_] = np.diff(self.passed_on.indptr) == 0
        return is_end

    @cached_property
    def _factors(self) -> Any:
        from scipy.sparse.linalg import splu
        return splu((sparse.eye(self.nodes, format="csc") - self.passed_on).tocsc())

    def share_ending_in(self, ends: Matrix | Floats) -> Matrix:
        """The share of each node that ends, on whatever way, in the chosen ends; a column for each choice.

        share = 1 at a chosen end, else sum of the shares of the nodes it goes into, by what goes into each
        """
        shares: Matrix = np.clip(self._factors.solve(np.asarray(ends, dtype=float)), 0.0, 1.0)
        return shares

    def carried_down(self, amounts: Matrix | Floats) -> Matrix:
        """What each node carries of the amounts that are put into nodes; a column for each kind of amount.

        carried = own amount + sum of what its inflows carry, by the share that each passes on
        """
        carried: Matrix = self._factors.solve(np.asarray(amounts, dtype=float), trans="T")
        return carried

    def depends_on(self, chosen: NDArray[np.bool_], makers: NDArray[np.bool_]) -> Floats:
        """The share of each node that could not be there without the chosen ones.

        A mixture depends as the mean of what goes into it; what is made (`makers`) as the component that
        depends most, since it needs them all.
        """
        edges = self.edges
        into_maker = makers[edges["down"].to_numpy()]
        mixing, making = edges[~into_maker], edges[into_maker]
        whole = np.bincount(mixing["down"], weights=mixing["quantity"], minlength=self.nodes)
        weights = mixing["quantity"].to_numpy() / whole[mixing["down"]]
        mix = sparse.csr_matrix((weights, (mixing["down"], mixing["up"])), shape=(self.nodes, self.nodes))
        up, down = making["up"].to_numpy(), making["down"].to_numpy()
        own = chosen.astype(float)
        depends = own
        for _ in range(self.nodes):  # each step follows the goods by one node; it ends where they do
            nearer = np.maximum(mix @ depends, own)
            np.maximum.at(nearer, down, depends[up])
            if np.allclose(nearer, depends, rtol=0.0, atol=1e-12):
                break
            depends = nearer
        needed: Floats = np.minimum(depends, 1.0)
        return needed


def graph_of(flows: Flows, *, last: int, rule: Rule) -> Graph:
    """The graph of the flows under a rule of the stocks; `last` is the number of the last period.

    A market is a stock, too, which what arrives leaves at once.
    """
    coming = flows.coming
    came = coming.loc[coming["arrives"].le(last) & coming["arriving"].gt(0),
                      ["item", "site", "arrives", "arriving"]]
    went = _going(flows)
    numbers, stocks = _stocks(came[["item", "site"]], went[["item", "site"]])
    came = came.assign(node=came.index, stock=numbers[: len(came)])
    went = went.assign(stock=numbers[len(came):])
    links, left = matched(_by_stock(came, "arrives", "arriving", shape=(len(stocks), last + 1)),
                          _by_stock(went, "period", "quantity", shape=(len(stocks), last + 1)), rule)
    stock, arrival = np.nonzero(left)
    stays = pd.DataFrame({"stock": stock, "arrives": arrival, "period": last + 1,
                          "quantity": left[stock, arrival]})
    return _assembled(came, went, links, stays, stocks, first=len(coming) + len(flows.deliveries))


def _going(flows: Flows) -> pd.DataFrame:
    """What leaves a place: item, site, period, quantity, and the node that takes it."""
    sent = flows.coming[flows.coming["kind"] == "shipment"]
    served = flows.deliveries
    columns = ["item", "site", "period", "quantity", "node"]
    parts = [
        sent.assign(site=sent["origin"], node=sent.index)[columns],
        flows.uses.rename(columns={"user": "node"})[columns],
        served.assign(site=served["market"], node=served.index + len(flows.coming))[columns],
    ]
    return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)


def _stocks(*frames: pd.DataFrame) -> tuple[Whole, pd.DataFrame]:
    """The number of the stock of each row of the frames, and the stocks."""
    pairs = pd.concat(frames, ignore_index=True).astype("str")
    items, item_names = pd.factorize(pairs["item"], sort=True)
    sites, site_names = pd.factorize(pairs["site"], sort=True)
    codes, stock_codes = pd.factorize(items.astype(np.int64) * max(len(site_names), 1) + sites, sort=True)
    stock_codes = np.asarray(stock_codes, dtype=np.int64)
    stocks = pd.DataFrame({"item": item_names[stock_codes // max(len(site_names), 1)],
                           "site": site_names[stock_codes % max(len(site_names), 1)]})
    return codes.astype(np.int64), stocks


def _by_stock(frame: pd.DataFrame, period: str, quantity: str, *, shape: tuple[int, int]) -> Matrix:
    place = frame["stock"].to_numpy(np.int64) * shape[1] + frame[period].to_numpy(np.int64)
    weights = frame[quantity].to_numpy(dtype=float)
    # where there is nothing, the count is of whole numbers
    amounts: Matrix = np.bincount(place, weights=weights, minlength=shape[0] * shape[1]).astype(float)
    return amounts.reshape(shape)


def _assembled(came: pd.DataFrame, went: pd.DataFrame, links: pd.DataFrame, stays: pd.DataFrame,
               stocks: pd.DataFrame, *, first: int) -> Graph:
    """The graph with a node for each mixture that comes, for each link, for each mixture that goes and for
    each that stays, in this order from `first` on.
    """
    comes, came_in = _mixtures(first, came["stock"], came["arrives"])
    links = links.assign(node=comes + np.arange(len(links)))
    goes, went_out = _mixtures(comes + len(links), went["stock"], went["period"])
    stays = stays.assign(node=goes + np.arange(len(stays)))
    edges = [
        (came["node"], came_in.node_of(came["stock"], came["arrives"]), came["arriving"]),
        (came_in.node_of(links["stock"], links["arrives"]), links["node"], links["quantity"]),
        (came_in.node_of(stays["stock"], stays["arrives"]), stays["node"], stays["quantity"]),
        (links["node"], went_out.node_of(links["stock"], links["period"]), links["quantity"]),
        (went_out.node_of(went["stock"], went["period"]), went["node"], went["quantity"]),
    ]
    every = pd.concat([_edge(*edge) for edge in edges], ignore_index=True)
    nodes = goes + len(stays)
    return Graph(stocks, edges=_that_end(every, nodes), links=links, stays=stays, nodes=nodes)


@dataclass(frozen=True)
class Mixtures:
    """Mixtures of a stock and a period, numbered in order from the first of them."""

    first: int
    codes: Whole

    def node_of(self, stock: pd.Series, period: pd.Series) -> Whole:
        """The node of each stock and period, all of which are known."""
        nodes: Whole = self.first + np.searchsorted(self.codes, _code(stock, period))
        return nodes


def _mixtures(first: int, stock: pd.Series, period: pd.Series) -> tuple[int, Mixtures]:
    """The mixtures of these stocks and periods, and the number after the last of them."""
    codes = np.unique(_code(stock, period))
    return first + len(codes), Mixtures(first, codes)


def _code(stock: pd.Series, period: pd.Series) -> Whole:
    codes: Whole = stock.to_numpy(np.int64) * MORE_THAN_PERIODS + period.to_numpy(np.int64)
    return codes


def _edge(up: Any, down: Any, quantity: Any) -> pd.DataFrame:
    numbers = {"up": np.asarray(up, dtype=np.int64), "down": np.asarray(down, dtype=np.int64)}
    return pd.DataFrame(numbers | {"quantity": np.asarray(quantity, dtype=float)})


def _that_end(edges: pd.DataFrame, nodes: int) -> pd.DataFrame:
    """The edges without those of goods that go round and round and never end: there is no way out of them."""
    passes_on = np.zeros(nodes, dtype=bool)
    passes_on[edges["up"]] = True
    ends = np.flatnonzero(~passes_on)
    up = np.concatenate([np.full(len(ends), nodes), edges["down"]])
    down = np.concatenate([ends, edges["up"]])
    backward = sparse.csr_matrix((np.ones(len(up)), (up, down)), shape=(nodes + 1, nodes + 1))
    reached = np.zeros(nodes + 1, dtype=bool)
    reached[breadth_first_order(backward, nodes, return_predecessors=False)] = True
    return edges[reached[edges["up"]]].reset_index(drop=True)
