"""What the solver found, in the model's own words. Plans are made of it without knowing Pyomo or HiGHS."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

# What passes count: units lost, units late once a period, shares of sales targets, and money.
LOST, LATE, TARGETS, MONEY = "lost", "late", "sales targets missed", "money"


@dataclass(frozen=True)
class Pass:
    """One objective of a lexicographic search: what was reached, and how good it could have been at best.

    Both are in the objective's own sense: units, shares of targets, a cost, or a profit as a positive number.
    """

    name: str
    objective: float
    bound: float | None
    gap: float | None
    seconds: float
    status: str = "optimal"

    @property
    def measure(self) -> str:
        """What it counts: LOST, LATE, TARGETS or MONEY."""
        what = self.name.partition(", priority ")[0]
        counted = (word for word in (TARGETS, LOST, LATE) if what.endswith(word))
        return next(counted, MONEY)


@dataclass(frozen=True)
class Solution:
    """The best plan that the solver found, with its proof.

    `values` maps each variable to its index columns and `value`; `period` is a whole number from 1, and 0 is
    the opening state. A row that is missing is 0. `shadow_prices` has the columns constraint, the key columns
    of the rules, `key` (these as one text), period (0: none), from (of rows that have a first period as well)
    and shadow_price. `service_prices` are those of the limits in the passes before the last one, by `pass`,
    in the unit of the pass; there are none where whole numbers are decided.
    `costs` maps each cost term to its key columns, period and `amount`; together the terms add up to the
    total cost. `warm_start` is for another solve to start from, as long as this process runs.
    """

    status: str
    mode: str
    objective: float
    bound: float | None
    gap: float | None
    passes: tuple[Pass, ...]
    seconds: Mapping[str, float]
    values: Mapping[str, pd.DataFrame]
    shadow_prices: pd.DataFrame
    costs: Mapping[str, pd.DataFrame]
    warm_start: object = None
    service_prices: pd.DataFrame = field(default_factory=pd.DataFrame)
