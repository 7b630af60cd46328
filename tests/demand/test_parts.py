"""A figure's parts stand in the order in which people think of them, and what is nothing is left out."""

import numpy as np
import pandas as pd

from planner.demand.grid import Grid
from planner.demand.parts import PARTS, no_parts, parts_frame
from planner.scenario.calendar import Calendar

GRID = Grid(pd.DataFrame({"item": ["bike"], "market": ["north"]}), Calendar(pd.Period("2026-01", "M"), 2))


def test_parts_come_in_their_order_period_by_period_without_those_that_are_nothing() -> None:
    given = dict.fromkeys(PARTS, np.zeros((1, 2))) | {
        "orders": np.array([[3.0, 1e-12]]), "level": np.array([[20.0, 10.0]]), "overrides": np.array([[-4.0, 0.0]])}
    frame = parts_frame(given, GRID).astype({"period": str})
    assert frame[["period", "part", "quantity"]].to_numpy().tolist() == [
        ["2026-01", "level", 20.0], ["2026-01", "overrides", -4.0], ["2026-01", "orders", 3.0], ["2026-02", "level", 10.0]]


def test_where_nothing_is_wanted_the_columns_are_there() -> None:
    assert list(no_parts()) == list(parts_frame(dict.fromkeys(PARTS, np.ones((1, 2))), GRID))
