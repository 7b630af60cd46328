"""Echelons: all stock of an item, wherever it is and whatever it has been built into, seen as one.

A lot of an item serves demand that may lie months and several sites away. No single balance row shows both,
so the rows of the whole network are added up: an item and everything made of it, at all sites and markets,
weighted by how much of the item is in a unit. What moves inside the echelon cancels out. What is left of a
period says

    what comes in + echelon stock before >= demand + echelon stock after

and that is where lots can be held against demand (Clark and Scarf 1960; Afentakis and Gavish 1986).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy.sparse as sparse

from planner.model.compiler.lookup import Codes, Floats
from planner.model.solver.matrix import Compiled

# The rows that add up to an echelon's balance, with the sign that makes what comes in positive.
BALANCES = {"inventory_balance": 1.0, "market_deliveries": -1.0, "demand_balance": 1.0}
STATES = ("inventory", "backorders")  # variables that carry over from period to period: no goods move
ROUNDS_OF_DELAY = 12  # stages of a network that delays are followed through
NOTHING = 1e-9


@dataclass(frozen=True)
class Echelons:
    """Each item's echelon, period by period: rows are period * count + item, columns are the model's
    variables.

    `balance` is what comes in less what goes out; it equals `demand` (period, item). `stock` is the stock and
    shortfall at the end of each period that are to reach `kept` (period, item).
    """

    count: int
    periods: int
    balance: sparse.csr_array
    demand: Floats
    stock: sparse.csr_array
    kept: Floats

    def rows(self, period: int) -> slice:
        """The rows of all items in a period; none before the first."""
        return slice(period * self.count, (period + 1) * self.count) if period >= 0 else slice(0, 0)


@dataclass(frozen=True)
class Places:
    """The balance rows of the model: where each stands in the matrix, its sign, item, place and period."""

    row: Codes
    sign: Floats
    item: Codes
    place: Codes
    period: Codes

    @classmethod
    def of(cls, compiled: Compiled) -> "Places":
        """Every balance row of stocks, markets and demand lines."""
        frames = []
        for family, sign in BALANCES.items():
            rows = compiled.rows.families.get(family, slice(0, 0))
            if rows.start == rows.stop:
                continue
            index = getattr(compiled.model.pyomo, family).index_set().index.columns
            place = index["site"] if "site" in index else index["market"]
            frames.append(
                pd.DataFrame(
                    {
                        "row": np.arange(rows.start, rows.stop),
                        "sign": sign,
                        "item": index["item"],
                        "place": place,
                        "period": index["period"],
                    }
                )
            )
        joined = pd.concat(frames, ignore_index=True)
        return cls(*(joined[name].to_numpy() for name in ("row", "sign", "item", "place", "period")))

    def node(self, item: Codes, place: Codes) -> Codes:
        """One number for each item and place."""
        return item * (int(self.place.max()) + 1) + place


def echelons(compiled: Compiled, values: Floats | None = None) -> Echelons:
    """The echelons of all stocked items.

    Goods on their way cannot serve demand before they arrive. With a plan's `values`, each place is
    looked at as many periods later as goods usually take to get there in that plan.
    """
    places = Places.of(compiled)
    delay = np.zeros(len(places.row), np.int64) if values is None else _usual_delay(compiled, places, values)
    contained = content(compiled)
    items = np.unique(places.item)
    content_of_row = contained[items].tocsc()[:, places.item].tocoo()
    latest = int(delay.max())
    period = places.period - delay + latest - 1
    count, periods = len(items), compiled.model.scenario.calendar.periods + latest
    shape = (periods * count, compiled.rows.matrix.shape[0])
    own = content_of_row.col
    at = (period[own] * count + content_of_row.row, places.row[own])
    weights = sparse.csr_array((places.sign[own] * content_of_row.data, at), shape=shape)
    right = np.where(np.isfinite(compiled.rows.upper), compiled.rows.upper, 0.0)
    keeping = _keeping(compiled, places, period, contained[items].tocsc(), shape)
    return Echelons(
        count,
        periods,
        _clean(weights @ compiled.rows.matrix),
        demand=(weights @ right).reshape(periods, count),
        stock=_clean(keeping @ compiled.rows.matrix),
        kept=(keeping @ right).reshape(periods, count),
    )


def content(compiled: Compiled) -> sparse.csr_array:
    """How much of each item (row) a good unit of each item (column) contains at least, over all ways to
    make it.
    """
    columns, rows = compiled.layout.place("production"), compiled.rows.families["inventory_balance"]
    entries = compiled.rows.matrix[rows][:, columns].tocoo()
    row_item = compiled.model.pyomo.inventory_balance.index_set().index.columns["item"]
    item_made = compiled.model.pyomo.production.index_set().index.columns["item"]
    good = np.zeros(columns.stop - columns.start)
    comes = entries.data > 0
    good[entries.col[comes]] = entries.data[comes]
    uses = pd.DataFrame({"component": row_item[entries.row[~comes]], "parent": item_made[entries.col[~comes]],
                         "column": entries.col[~comes],
                         "quantity": -entries.data[~comes] / np.maximum(good[entries.col[~comes]], NOTHING)})
    minimum = (
        uses.groupby(["component", "parent"])
        .agg(quantity=("quantity", "min"), ways=("column", "nunique"))
        .reset_index()
    )
    size = len(compiled.model.declared.names.labels)
    ways = np.bincount(item_made, minlength=size)[minimum["parent"].to_numpy(np.int64)]
    always = minimum[minimum["ways"].to_numpy() == ways]
    direct = sparse.csr_array(
        (
            always["quantity"].to_numpy(float),
            (always["component"].to_numpy(np.int64), always["parent"].to_numpy(np.int64)),
        ),
        shape=(size, size),
    )
    total = stage = sparse.eye_array(size).tocsr()
    while stage.nnz:
        stage = stage @ direct
        total = total + stage
    return total


def _keeping(compiled: Compiled, places: Places, period: Codes, contained: sparse.csc_array,
             shape: tuple[int, int]) -> sparse.csr_array:
    """Weights of the safety-stock rows in each echelon, in the period of the stock they look at."""
    rows = compiled.rows.families.get("safety_stock", slice(0, 0))
    if rows.start == rows.stop:
        return sparse.csr_array(shape)
    index = compiled.model.pyomo.safety_stock.index_set().index.columns
    stocks = slice(
        0,
        compiled.rows.families["inventory_balance"].stop - compiled.rows.families["inventory_balance"].start,
    )
    stock_index = pd.MultiIndex.from_arrays(
        [places.item[stocks], places.place[stocks], places.period[stocks]])
    looked_at = period[
        stock_index.get_indexer(pd.MultiIndex.from_arrays([index["item"], index["site"], index["period"]]))
    ]
    of_row = contained[:, index["item"]].tocoo()
    count = contained.shape[0]
    return sparse.csr_array(
        (-of_row.data, (looked_at[of_row.col] * count + of_row.row, rows.start + of_row.col)), shape=shape
    )


def _usual_delay(compiled: Compiled, places: Places, values: Floats) -> Codes:
    """How many periods after it was made or bought an item usually reaches each place, by the flows of a
    plan.
    """
    oriented = (sparse.diags_array(places.sign) @ compiled.rows.matrix[places.row]).tocoo()
    moves = np.ones(compiled.layout.size, bool)
    for state in STATES:
        moves[compiled.layout.place(state)] = False
    nodes, node = np.unique(places.node(places.item, places.place), return_inverse=True)
    entries = pd.DataFrame(
        {
            "flow": oriented.col,
            "node": node[oriented.row],
            "period": places.period[oriented.row],
            "share": oriented.data,
        }
    )[moves[oriented.col]]
    arrivals = entries[entries["share"] > 0].merge(
        entries[entries["share"] < 0], how="left", on="flow", suffixes=("", "_from")
    )
    arrivals = arrivals.assign(amount=arrivals["share"] * values[arrivals["flow"]])
    arrivals = arrivals[(arrivals["amount"] > NOTHING) & (arrivals["node"] != arrivals["node_from"])]
    origin, amount = arrivals["node_from"].fillna(-1).to_numpy(np.int64), arrivals["amount"].to_numpy()
    travel = (arrivals["period"] - arrivals["period_from"]).fillna(0.0).to_numpy()
    total = np.bincount(arrivals["node"], amount, minlength=len(nodes))
    delay = np.zeros(len(nodes))
    for _ in range(ROUNDS_OF_DELAY):
        since = np.where(origin >= 0, delay[origin] + travel, 0.0)
        delay = np.bincount(arrivals["node"], amount * since, minlength=len(nodes)) / np.where(
            total > 0, total, 1.0
        )
    return np.round(delay).astype(np.int64)[node]


def _clean(matrix: sparse.csr_array) -> sparse.csr_array:
    """The matrix without what rounding has left of entries that cancel out."""
    matrix.data[np.abs(matrix.data) < NOTHING] = 0.0
    matrix.eliminate_zeros()
    return matrix
