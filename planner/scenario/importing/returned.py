"""Order lines below 0, taken off the orders that they belong to."""

import numpy as np
import pandas as pd


def cancelled(orders: pd.DataFrame, buyer: pd.Series, measures: list[str]) -> tuple[pd.DataFrame, np.ndarray]:
    """The orders with each line below 0 taken off an earlier order of the same buyer and item: the one of the
    same quantity first, else the latest; and which lines found none, or not for all of theirs.

    What a line was charged goes with its units. A line that found orders becomes 0 in all measures; of one
    that did not, what is left stays in it.
    """
    figures = {name: orders[name].fillna(0.0).to_numpy(dtype=float).copy() for name in measures}
    quantity = figures["quantity"]
    returns = quantity < 0
    groups = orders.groupby([buyer, orders["item"]], sort=True).ngroup().to_numpy()
    concerned = np.flatnonzero(np.isin(groups, groups[returns]))
    order = concerned[np.lexsort((concerned, orders["date"].to_numpy()[concerned], groups[concerned]))]
    bounds = np.flatnonzero(np.diff(groups[order])) + 1
    for places in np.split(order, bounds):
        _net_group(figures, places[np.argsort(returns[places], kind="stable")], orders["date"].to_numpy())
    unmatched = returns & (quantity < 0)
    blank = {name: orders[name].isna().to_numpy() & ~returns for name in measures}
    changed = {name: np.where(blank[name], np.nan, values) for name, values in figures.items()}
    return orders.assign(**changed), unmatched


def _net_group(figures: dict[str, np.ndarray], places: np.ndarray, days: np.ndarray) -> None:
    """The lines of one buyer and item, orders first and each kind by day: every return comes off orders."""
    quantity = figures["quantity"]
    is_return = quantity[places] < 0
    ordered, returned = places[~is_return], places[is_return]
    for line in returned:
        before = ordered[(days[ordered] <= days[line]) & (quantity[ordered] > 0)]
        exact = before[quantity[before] == -quantity[line]]
        for at in exact[-1:] if len(exact) else before[::-1]:
            if quantity[line] >= 0:
                break
            share = min(1.0, quantity[at] / -quantity[line])
            for values in figures.values():
                moved = values[line] * share
                values[at] += moved
                values[line] = 0.0 if share == 1.0 else values[line] - moved
