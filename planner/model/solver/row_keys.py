"""What the rows of a rule stand for: their key columns, spelled out under the names that tables have."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.model.compiler.columnar import NUMBERS, Index

if TYPE_CHECKING:
    from planner.model.solver.matrix import Compiled


def spelled(index: Index) -> pd.DataFrame:
    """The members of an index set, names written out."""
    return pd.DataFrame(
        {
            name: codes if name in NUMBERS else index.names.decode(codes)
            for name, codes in index.columns.items()
        }
    )


def keyed(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with its key columns under the names that tables have."""
    return frame.rename(columns={"lane_item": "item", "scope_item": "item"})


def row_keys(compiled: "Compiled", rule: str, rows: NDArray[np.int64]) -> pd.DataFrame:
    """The key columns of these rows of a rule, with `period` (0: none), and `from` where a row has a first
    period as well.
    """
    index = getattr(compiled.model.pyomo, rule).index_set().index
    keys = keyed(
        spelled(Index({column: codes[rows] for column, codes in index.columns.items()}, index.names))
    )
    if "period" not in keys:
        return keys.rename(columns={"start": "period"}) if "start" in keys else keys.assign(period=0)
    return keys.rename(columns={"start": "from"})
