"""What a plan comes to in all: service, targets and money, and how two plans differ in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd


@dataclass(frozen=True)
class Figures:
    """What a plan comes to: service in units, `attainment` as a share (0 to 1), money in the scenario's
    currency.

    `late` are units delivered after their period or still owed at the end; `missed` is the shortfall of each
    sales target, in its own measure.
    """

    cost: float
    revenue: float
    delivered: float
    on_time: float
    late: float
    lost: float
    attainment: float
    missed: Mapping[str, float] = field(default_factory=dict)

    @property
    def margin(self) -> float:
        """Revenue less everything that the plan costs."""
        return self.revenue - self.cost

    def less(self, other: "Figures") -> "Figures":
        """The differences from another plan, figure by figure."""
        numbers = {name: _apart(getattr(self, name), getattr(other, name)) for name in NUMBERS}
        missed = {name: _apart(self.missed.get(name, 0.0), other.missed.get(name, 0.0))
                  for name in dict.fromkeys([*other.missed, *self.missed])}
        return Figures(**numbers, missed=missed)


def _apart(value: float, other: float) -> float:
    """The difference; 0 where it is rounding in the last digits."""
    return value - other if abs(value - other) > ROUNDING * max(1.0, abs(value), abs(other)) else 0.0


ROUNDING = 1e-8  # of a figure: what the solver's tolerances may add up to
NUMBERS = ("cost", "revenue", "delivered", "on_time", "late", "lost", "attainment")


def figures_of(tables: Mapping[str, pd.DataFrame], *, cost: float) -> Figures:
    """What the plan with these tables sales and targets, and this cost, comes to."""
    sales, targets = tables["sales"], tables["targets"]
    on_time, late, lost = (float(sales[name].sum()) for name in ("delivered_on_time", "delivered_late",
                                                                 "lost"))
    last = sales["period"].max()
    owed = float(sales.loc[sales["period"] == last, "backorders"].sum()) if len(sales) else 0.0
    shares = 1.0 - targets["shortfall"] / targets["quantity"]
    return Figures(
        cost=cost, revenue=float(sales["revenue"].sum()), delivered=on_time + late, on_time=on_time,
        late=late + owed, lost=lost, attainment=float(shares.mean()) if len(targets) else 1.0,
        missed=dict(zip(targets["target"], targets["shortfall"].astype(float), strict=True)))


