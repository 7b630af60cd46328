"""What is left of each limit in a plan: how much is used in each period, and how much there is."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from planner.plan.plan import Plan
from planner.plan.rates import Rates
from planner.scenario.flows import FLOWS

UNLIMITED = float("inf")
LEAD_TIME = "lead_time"  # no limit of the model: the time left is shorter than the way
NO_WAY = "no_way"  # nothing leads there at all
FROZEN = {"production": "frozen_production", "purchased": "frozen_purchases", "shipped": "frozen_shipments"}


@dataclass(frozen=True, order=True)
class Stop:
    """What may stand in the way in one period: a limit of the model, a lead time, or that there is no way.

    `keys` are the limit's key columns with their values, in the order in which tables have them.
    """

    constraint: str
    keys: tuple[tuple[str, str], ...]
    period: int

    def key(self, column: str) -> str:
        """The value of a key column; blank where it has none."""
        return dict(self.keys).get(column, "")


@dataclass(frozen=True)
class Use:
    """How much of a limit is used, and how much there is."""

    used: float
    capacity: float

    @property
    def left(self) -> float:
        """What is left of it."""
        return self.capacity - self.used


@dataclass(frozen=True)
class Room:
    """What is left of every limit of a plan."""

    plan: Plan
    rates: Rates

    def use(self, stop: Stop) -> Use:
        """How far the limit is used; without end where there is none."""
        return self._every.get(stop, Use(0.0, UNLIMITED))

    @cached_property
    def _every(self) -> dict[Stop, Use]:
        families = (self._work_centers(), self._crews(), self._routings(), self._sources(),
                    self._suppliers(), self._lanes(), self._stocks(), self._storage(), *self._frozen())
        return {stop: use for family in families for stop, use in family}

    def table(self, name: str) -> pd.DataFrame:
        """A table of the plan with numbered periods."""
        frame = self.plan.tables[name]
        return frame.assign(period=self.rates.scenario.calendar.number(frame["period"]))

    def _work_centers(self) -> Iterable[tuple[Stop, Use]]:
        """Hours of each work center, overtime and options that may still be bought included."""
        hours = self.table("capacity")
        there = (hours["effective_hours"] + hours["option_hours"] - hours["stop_hours"]
                 + hours["overtime_limit"].fillna(0.0)).fillna(UNLIMITED)
        capacity = there.to_numpy() + self._options_left(hours)
        return _uses("work_center_capacity", hours, ["site", "work_center"], used=hours["load_hours"],
                     capacity=capacity)

    def _options_left(self, hours: pd.DataFrame) -> Any:
        """Hours of the capacity options that are not bought, once they could run."""
        options = self.rates.scenario["capacity_options"]
        if options.empty:
            return 0.0
        bought = self.table("options").groupby("option")["bought"].sum().to_dict()
        left = options["max_count"].fillna(1) - options["option"].map(bought).astype("float64").fillna(0.0)
        added = options.assign(left=left * options["added_hours"], ready=1 + options["lead_time"])
        both = hours[["site", "work_center", "period"]].reset_index().merge(added, on=["site", "work_center"])
        ready = both[both["period"] >= both["ready"]].groupby("index")["left"].sum().to_dict()
        return hours.index.map(ready).fillna(0.0).to_numpy(dtype=float)

    def _crews(self) -> Iterable[tuple[Stop, Use]]:
        """Hours of each labor pool, overtime included; without end where more could have been hired."""
        keys = ["site", "labor_pool", "period"]
        terms = ["overtime_hours_per_worker", "max_hires", "max_headcount"]
        pools = self.table("workforce").merge(self.rates.pools[[*keys, *terms]], on=keys, how="left")
        overtime = pools["overtime_hours_per_worker"].fillna(0.0) * pools["headcount"]
        full = pools["headcount"] >= pools["max_headcount"].fillna(UNLIMITED) - SMALL
        closed = full | (pools["hired"] >= pools["max_hires"].fillna(UNLIMITED) - SMALL)
        closed |= pools["period"] <= self.rates.scenario.frozen_periods  # hires are those agreed on
        never = closed.groupby([pools["site"], pools["labor_pool"]]).cummin()
        capacity = (pools["regular_hours"] + overtime).where(full | never, UNLIMITED)
        return _uses("labor_hours", pools, ["site", "labor_pool"], used=pools["hours_used"],
                     capacity=capacity)

    def _routings(self) -> Iterable[tuple[Stop, Use]]:
        keys = ["item", "site", "routing", "period"]
        made = self.rates.routings[[*keys, "capacity"]].merge(
            self.table("production")[[*keys, "production"]], on=keys, how="left")
        return _uses("routing_capacity", made, keys[:3], used=made["production"], capacity=made["capacity"])

    def _sources(self) -> Iterable[tuple[Stop, Use]]:
        keys = ["item", "supplier", "site", "period"]
        bought = self.rates.sources[[*keys, "capacity"]].merge(
            self.table("sourcing")[[*keys, "purchased"]], on=keys, how="left")
        return _uses("source_capacity", bought, keys[:3], used=bought["purchased"],
                     capacity=bought["capacity"])

    def _suppliers(self) -> Iterable[tuple[Stop, Use]]:
        """Capacity of each supplier for an item, or for all together; a row with a period goes first."""
        limits = self.rates.scenario["supplier_capacity"]
        limits = limits.assign(item=limits["item"].fillna(""), always=limits["period"].isna(),
                               period=self.rates.scenario.calendar.number(limits["period"]))
        every = limits[limits["always"]].drop(columns="period").merge(
            pd.DataFrame({"period": range(1, self.rates.last + 1)}), how="cross")
        keys = ["supplier", "item", "period"]
        held = pd.concat([limits[~limits["always"]], every]).drop_duplicates(keys)
        bought = self.table("sourcing")
        ordered = pd.concat([bought, bought.assign(item="")]).groupby(keys)["purchased"].sum().reset_index()
        used = held.merge(ordered, on=keys, how="left")
        return _uses("supplier_capacity", used, ["item", "supplier"], used=used["purchased"],
                     capacity=used["capacity"])

    def _lanes(self) -> Iterable[tuple[Stop, Use]]:
        """Capacity of each lane's row, and of its vehicles where no more may go."""
        keys = ["origin", "destination", "mode", "lane_item", "period"]
        shipped = self.rates.on_lanes(self.table("delivery"))
        together = shipped.groupby(keys)["shipped"].sum().reset_index()
        lanes = self.rates.lane_rows.merge(together, on=keys, how="left")
        fleet = lanes["max_vehicles"].astype("Float64") * lanes["vehicle_size"].astype("Float64")
        capacity = np.fmin(lanes["capacity"].to_numpy(dtype=float, na_value=np.nan),
                           fleet.to_numpy(dtype=float, na_value=np.nan))
        rows = lanes.assign(item=lanes["lane_item"])
        return _uses("lane_capacity", rows, ["item", "origin", "destination", "mode"], used=lanes["shipped"],
                     capacity=capacity)

    def _stocks(self) -> Iterable[tuple[Stop, Use]]:
        keys = ["item", "site", "period"]
        kept = self.table("inventory")[[*keys, "closing"]].merge(
            self.rates.stocks[[*keys, "max_inventory"]], on=keys, how="left")
        return _uses("max_inventory", kept, keys[:2], used=kept["closing"], capacity=kept["max_inventory"])

    def _frozen(self) -> Iterable[Iterable[tuple[Stop, Use]]]:
        """What is begun in the frozen periods, of which there can be no more than was agreed."""
        scenario = self.rates.scenario
        last = scenario.frozen_periods
        possible = {"production": self.rates.routings, "purchased": self.rates.sources,
                    "shipped": self.table("delivery")}
        for name, rows in possible.items() if last else ():
            keys = [*FLOWS[name].keys]
            frozen = rows[rows["period"] <= last]
            if name == "shipped":
                frozen = frozen[frozen["destination"].isin(scenario["sites"]["site"])]
            held = frozen[[*keys, "period"]].merge(scenario.held(name), on=[*keys, "period"], how="left")
            agreed = held["quantity"].fillna(0.0)
            yield _uses(FROZEN[name], held, keys, used=agreed, capacity=agreed)

    def _storage(self) -> Iterable[tuple[Stop, Use]]:
        """Space of each site that may not overflow."""
        sites = self.rates.scenario["sites"]
        hard = sites.loc[sites["storage_overflow_cost"].isna(), "site"]
        space = self.table("storage")
        space = space[space["site"].isin(hard)]
        there = space["storage_capacity"] + space["added_capacity"]
        return _uses("storage_capacity", space, ["site"], used=space["volume"], capacity=there)


SMALL = 1e-6


def _uses(constraint: str, rows: pd.DataFrame, keys: list[str], *, used: Any,
          capacity: Any) -> Iterable[tuple[Stop, Use]]:
    """Every limited row as a stop and how far it is used."""
    there = pd.Series(np.asarray(capacity, dtype=float), index=rows.index).fillna(UNLIMITED)
    filled = pd.Series(np.asarray(used, dtype=float), index=rows.index).fillna(0.0)
    limited = np.isfinite(there)
    names = rows.loc[limited, keys].astype(str)
    for values, period, one, limit in zip(names.itertuples(index=False), rows.loc[limited, "period"],
                                          filled[limited], there[limited], strict=True):
        yield stop_of(constraint, dict(zip(keys, values, strict=True)), int(period)), Use(one, limit)


def stop_of(constraint: str, keys: dict[str, str], period: int) -> Stop:
    """The limit with these key columns, blank ones left out."""
    return Stop(constraint, tuple(sorted((name, value) for name, value in keys.items() if value)), period)
