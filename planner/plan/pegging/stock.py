"""Which arrival at a stock serves which departure: the oldest first, or the latest first."""

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
# oldest_first is how goods are handled (FIFO). latest_first leaves in stock what need not be touched, so that
# what it takes from an earlier period is what that period made ahead for the later one.
Rule = Literal["oldest_first", "latest_first"]
ROUNDING = 1e-6  # units: the solver's own rounding, which no goods stand for


def matched(coming: Matrix, going: Matrix, rule: Rule) -> tuple[pd.DataFrame, Matrix]:
    """Links from arrivals to departures, and what stays at the end, by arrival.

    `coming` and `going` have a row for each stock and a column for each period, the first being what is there
    when the plan starts. A link has `stock`, `arrival`, `period` and `quantity`. Nothing leaves before it has
    arrived; what a departure lacks is the solver's rounding, and is not served.
    """
    left, links = np.zeros_like(coming), []
    left[:, 0] = coming[:, 0]
    for period in range(1, coming.shape[1]):
        left[:, period] = coming[:, period]
        issued = _issued(left[:, : period + 1], going[:, period], rule)
        left[:, : period + 1] -= issued
        stock, arrival = np.nonzero(issued)
        links.append(pd.DataFrame({"stock": stock, "arrives": arrival, "period": period,
                                   "quantity": issued[stock, arrival]}))
    none = pd.DataFrame(columns=["stock", "arrives", "period", "quantity"])
    return pd.concat(links, ignore_index=True) if links else none, np.where(left > ROUNDING, left, 0.0)


def _issued(arrivals: Matrix, going: NDArray[np.float64], rule: Rule) -> Matrix:
    """What is taken of each arrival that is there, one after the other."""
    turn = arrivals if rule == "oldest_first" else arrivals[:, ::-1]
    before = np.cumsum(turn, axis=1) - turn
    issued = np.clip(going[:, None] - before, 0.0, turn)
    issued = np.where(issued > ROUNDING, issued, 0.0)
    in_order: Matrix = issued if rule == "oldest_first" else issued[:, ::-1]
    return in_order
