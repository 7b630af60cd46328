"""Every source of demand puts its figures on the same rows and periods."""

import numpy as np
import pandas as pd

from planner.demand.grid import Grid
from planner.scenario.calendar import Calendar


def pairs(*names: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(names, columns=["item", "market"])


GRID = Grid(pairs(("bike", "north"), ("bike", "south"), ("car", "north")), Calendar(pd.Period("2026-01", "M"), 2))


def test_a_row_is_found_by_item_and_market_and_a_strange_one_is_not() -> None:
    assert GRID.row(pairs(("car", "north"), ("bike", "south"), ("car", "south"))).tolist() == [2, 1, -1]


def test_values_stand_in_their_rows_and_nothing_elsewhere() -> None:
    placed = GRID.placed(pairs(("car", "north"), ("bike", "north")), np.array([[1.0, 2.0], [3.0, 4.0]]))
    assert placed.tolist() == [[3.0, 4.0], [0.0, 0.0], [1.0, 2.0]]


def test_the_frame_has_a_row_for_each_item_market_and_period_in_order() -> None:
    frame = GRID.frame(mean=np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]))
    assert frame.astype({"period": str}).to_numpy().tolist() == [
        ["bike", "north", "2026-01", 1.0], ["bike", "north", "2026-02", 2.0],
        ["bike", "south", "2026-01", 3.0], ["bike", "south", "2026-02", 4.0],
        ["car", "north", "2026-01", 5.0], ["car", "north", "2026-02", 6.0]]
