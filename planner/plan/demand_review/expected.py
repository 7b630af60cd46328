"""What is expected, how sure it is, and where it comes from, by family and region."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.plan.rates import Rates
from planner.scenario.scenario import Scenario
from planner.scenario.scope import covered

if TYPE_CHECKING:
    from planner.demand.demand import Demand

Matrix = NDArray[np.float64]
PATHS = 200  # drawn: the tenth and the ninetieth in a hundred are then known to about a tenth of the spread
MOST_FIGURES = 20_000_000  # of all paths at once: more takes too much memory, and the interval is left blank
LOW, HIGH = 0.1, 0.9
SEED = 0
FIGURES = ("quantity", "low", "high", "value", "low_value", "high_value")


class Expected:
    """The demand of a scenario with its prices, and paths of it. An interval of a sum is read from paths:
    sums of the series' own quantiles would be far too wide.
    """

    def __init__(self, demand: "Demand", scenario: Scenario) -> None:
        self._scenario, self._ledger = scenario, demand.ledger
        self._grid = _valued(demand.quantiles.rename(columns={"mean": "quantity"}), scenario)
        self._paths = _paths(demand)

    @property
    def by_group(self) -> pd.DataFrame:
        """EXPECTED: the sums of everything, and of each family and region."""
        frames = [
            _summed(self._grid, self._paths, level, name, rows) for level, name, rows in _groups(self._grid)
        ]
        columns = ["level", "name", "period", *FIGURES]
        return (
            pd.concat(frames, ignore_index=True) if frames else pd.DataFrame({name: [] for name in columns})
        )

    @property
    def by_origin(self) -> pd.DataFrame:
        """ORIGINS: the ledger by family, region, period and origin."""
        valued = _valued(self._ledger, self._scenario)
        return valued.groupby(["family", "region", "period", "origin"], as_index=False)[
            ["quantity", "value"]
        ].sum()

    @property
    def by_target(self) -> pd.DataFrame:
        """TARGETS: the demand in the scope and span of each target."""
        rows = [
            (target["target"], *self._of_target(target))
            for target in self._scenario["sales_targets"].to_dict("records")
        ]
        return pd.DataFrame(rows, columns=["target", "demand", "low", "high"])

    def _of_target(self, target: Mapping[Any, Any]) -> tuple[float, float, float]:
        grid, calendar = self._grid, self._scenario.calendar
        first = calendar.start if pd.isna(target["from"]) else target["from"]
        last = calendar.index[-1] if pd.isna(target["to"]) else target["to"]
        scope_names = {scope: grid[scope] for scope in ("item", "family", "market", "region")}
        in_span = ((grid["period"] >= first) & (grid["period"] <= last)).to_numpy()
        inside = covered(target, scope_names) & in_span
        rows, is_money = grid[inside], target["measure"] != "units"
        total = float(rows["value" if is_money else "quantity"].sum())
        if self._paths is None or rows.empty:
            return total, np.nan, np.nan
        low, high = self._paths.interval_of_sum(rows, is_money=is_money)
        return total, low, high


def _valued(frame: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """The rows with family, region and the value of their quantity; what has no price counts for nothing."""
    groups, rates = scenario.groups, Rates(scenario)
    numbered = frame.assign(period=scenario.calendar.number(frame["period"]))
    price = rates.list_prices(numbered).astype("float64").fillna(0.0).to_numpy() if len(frame) else 0.0
    return frame.assign(
        number=numbered["period"],
        family=frame["item"].map(groups.family).fillna(""),
        price=price,
        region=frame["market"].map(groups.region).fillna(""),
        value=frame["quantity"] * price,
    )


def _groups(grid: pd.DataFrame) -> Iterator[tuple[str, str, NDArray[np.bool_]]]:
    """Everything, each family and each region, with its rows."""
    if len(grid):
        yield "all", "", np.ones(len(grid), dtype=bool)
    for level in ("family", "region"):
        for name in sorted(set(grid[level]) - {""}):
            yield level, name, (grid[level] == name).to_numpy()


def _summed(
    grid: pd.DataFrame, paths: "Paths | None", level: str, name: str, rows: NDArray[np.bool_]
) -> pd.DataFrame:
    chosen = grid[rows]
    sums = chosen.groupby("period", as_index=False)[["quantity", "value"]].sum()
    blank = {column: np.full(len(sums), np.nan) for column in FIGURES if column not in sums.columns}
    bands: Mapping[str, Matrix] = blank if paths is None else paths.interval(chosen)
    return sums.assign(level=level, name=name, **bands)


class Paths:
    """Paths of the demand by series and period, to be added up."""

    def __init__(self, keys: pd.DataFrame, drawn: Matrix) -> None:
        self._place = {key: number for number, key in enumerate(keys.itertuples(index=False, name=None))}
        self._drawn = drawn

    def interval(self, rows: pd.DataFrame) -> Mapping[str, Matrix]:
        """The ends of the 80 % interval of the sum of the series, by period, in units and at prices."""
        series = rows[["item", "market"]].drop_duplicates()
        places = [self._place[key] for key in series.itertuples(index=False, name=None)]
        prices = (
            rows.pivot(index=["item", "market"], columns="period", values="price")
            .reindex(pd.MultiIndex.from_frame(series))
            .to_numpy(dtype=float)
        )
        drawn = self._drawn[places]
        ends = {"": drawn.sum(axis=0), "_value": np.einsum("spd,sp->pd", drawn, prices)}
        return {
            f"{end}{suffix}": np.quantile(sums, level, axis=-1)
            for suffix, sums in ends.items()
            for end, level in (("low", LOW), ("high", HIGH))
        }

    def interval_of_sum(self, rows: pd.DataFrame, *, is_money: bool) -> tuple[float, float]:
        """The ends of the 80 % interval of all the rows together."""
        places = [self._place[key] for key in rows[["item", "market"]].itertuples(index=False, name=None)]
        drawn = self._drawn[places, rows["number"].to_numpy() - 1]
        sums = (drawn * rows["price"].to_numpy(dtype=float)[:, None] if is_money else drawn).sum(axis=0)
        return float(np.quantile(sums, LOW)), float(np.quantile(sums, HIGH))


def _paths(demand: "Demand") -> Paths | None:
    """Paths that are drawn the same every time; nothing where demand was not forecast, or is too much."""
    sampled = demand.sampled
    if sampled is None or not len(demand.quantiles) or not len(sampled.series):
        return None
    keys = sampled.grid.frame()[["item", "market"]].drop_duplicates()
    if len(demand.quantiles) * PATHS > MOST_FIGURES:
        return None
    return Paths(keys, sampled.drawn(PATHS, seed=SEED))
