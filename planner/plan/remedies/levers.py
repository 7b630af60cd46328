"""The levers that a scenario has: the limits that somebody could widen, and by how much a unit of each widens
its rows.

Each is declared once, in LEVERS. A lever is one limit of one thing, such as the overtime of a work center,
in all its periods.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from planner.model.compiler.lookup import Floats
from planner.model.limits import KEYS, is_filled, subject
from planner.model.solver.matrix import Compiled
from planner.model.solver.row_keys import row_keys, spelled
from planner.scenario.scenario import Scenario
from planner.scenario.schema import TABLES

SAFE_SHARE = 0.01  # of a limit: how finely what is neither hours nor people is asked for


@dataclass(frozen=True)
class Kind:
    """One kind of lever: its rule, the column that says the limit, and how a planner calls it.

    `step` is the natural step in which people decide it, 0 for a share of the limit rounded to 1, 2 or 5.
    `is_lowered` says that the lever makes the figure smaller.
    """

    name: str
    rule: str
    table: str
    column: str
    words: str
    unit: str
    step: float = 0.0
    is_lowered: bool = False

    @property
    def widens_rows_only(self) -> bool:
        """Whether it changes right-hand sides of the model alone, so that nothing is built again."""
        return self.name not in ("worker_overtime", "min_share", "max_share", "target", "safety_stock")


def _declared(name: str, rule: str, table: str, *said: Any) -> Kind:
    """Name, rule, table, column, words and unit of a kind, its step and whether it is lowered."""
    column, words, unit, *more = said
    numbers = [one for one in more if one != LOWERED]
    return Kind(name, rule, table, column=column, words=words, unit=unit, step=numbers[0] if numbers else 0.0,
                is_lowered=LOWERED in more)


LOWERED = "lowered"
LEVERS: dict[str, Kind] = {kind.name: kind for kind in (_declared(*said) for said in (
    ("overtime", "overtime_limit", "capacity", "overtime_hours", "overtime", "hours", 10.0),
    ("hours", "work_center_capacity", "capacity", "available_hours", "regular hours", "hours", 10.0),
    ("worker_overtime", "labor_overtime_limit", "labor_pools", "overtime_hours_per_worker",
     "overtime per worker", "hours per worker", 1.0),
    ("headcount", "max_headcount", "labor_pools", "max_headcount", "maximum headcount", "workers",
     1.0),
    ("hires", "max_hires", "labor_pools", "max_hires", "hires", "workers", 1.0),
    ("option", "option_limit", "capacity_options", "max_count", "capacity option", "options", 1.0),
    ("routing", "routing_capacity", "routings", "capacity", "routing capacity", "units"),
    ("supplier", "supplier_capacity", "supplier_capacity", "capacity", "supplier capacity", "units"),
    ("min_share", "min_share", "sourcing", "min_share", "minimum share", "share", 0.05,
     LOWERED),
    ("max_share", "max_share", "sourcing", "max_share", "maximum share", "share", 0.05),
    ("source", "source_capacity", "sourcing", "capacity", "source capacity", "units"),
    ("lane", "lane_capacity", "lanes", "capacity", "lane capacity", "units"),
    ("stock_room", "max_inventory", "inventory", "max_inventory", "maximum inventory", "units"),
    ("ending_stock", "ending_inventory", "inventory", "ending_inventory", "ending inventory", "units",
     LOWERED),
    ("safety_stock", "safety_stock", "inventory", "safety_stock", "safety stock", "units",
     LOWERED),
    ("target", "sales_targets", "sales_targets", "quantity", "sales target", "units or currency",
     LOWERED),
    ("receipt", "inventory_balance", "scheduled_receipts", "quantity", "extra receipt", "units"),
    ("expedite", "inventory_balance", "scheduled_receipts", "quantity", "receipt one period earlier",
     "units"),
))}


@dataclass(frozen=True, eq=False)
class Lever:
    """One limit that could be wider, in each of its periods (0: always): `rows` of the model that a unit of
    it widens by `widens`, what the limit is `now`, and the maximum `ceiling` of what it can be changed by.

    An expedited receipt widens the stock of the period before (`rows`) at the expense of its own (`taken`).
    """

    kind: Kind
    key: dict[str, str]
    words: str
    periods: tuple[int, ...]
    rows: tuple[int, ...]
    widens: Floats = field(repr=False)
    now: Floats = field(repr=False)
    ceiling: Floats = field(repr=False)
    step: float = 1.0
    taken: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """What tells it from all other levers."""
        return " ".join([self.kind.name, *self.key.values()])

    def widened(self, amounts: Floats) -> dict[int, float]:
        """What the right-hand side of each row gains by these amounts."""
        gains = {row: float(gain) for row, gain in zip(self.rows, self.widens * amounts, strict=True) if gain}
        for row, gain in zip(self.taken, -self.widens * amounts, strict=False):
            gains[row] = gains.get(row, 0.0) + float(gain)
        return {row: gain for row, gain in gains.items() if gain}


def levers_of(scenario: Scenario, compiled: Compiled, values: Floats, *, but: str = "") -> list[Lever]:
    """Every lever of the scenario, in a fixed order; the sales target that is to be met is none.

    `values` are the plan's: a limit per worker, or a share, widens its row by what it is a share of there.
    """
    found: list[Lever] = []
    for kind in LEVERS.values():
        if kind.rule not in compiled.rows.families or not TABLES[kind.table].columns:
            continue
        maker = {"receipt": _receipts, "expedite": _expedited}.get(kind.name, _of_limit)
        found += [_weighed(scenario, compiled, lever, values) for lever in maker(scenario, compiled, kind)]
    return [lever for lever in found if not (lever.kind.name == "target" and lever.key["target"] == but)]


def _of_limit(scenario: Scenario, compiled: Compiled, kind: Kind) -> Iterator[Lever]:
    """One lever for each key of a limit's rows."""
    place = compiled.rows.families[kind.rule]
    keys = row_keys(compiled, kind.rule, np.arange(place.stop - place.start))
    named = [name for name in keys.columns if name in KEYS]
    oee = _oee(scenario, keys) if kind.table == "capacity" else np.ones(len(keys))
    for _, same in keys.groupby(named, sort=True, dropna=False):
        positions = same.index.to_numpy()
        upper = compiled.rows.upper[place][positions]
        now = -upper if kind.is_lowered else upper / np.where(oee[positions] > 0, oee[positions], 1.0)
        periods = (0,) if _holds_always(kind) else tuple(same["period"].astype(int))
        if kind.name == "safety_stock":
            now = now.clip(min=0.0)
        yield Lever(
            kind, _key(same), words=f"{kind.words} of {subject(same.iloc[0].to_dict())}",
            periods=periods, rows=tuple((place.start + positions).tolist()),
            widens=oee[positions], now=now,
            ceiling=now.copy() if kind.is_lowered else np.full(len(positions), np.inf),
            step=kind.step or _share_step(float(now.max()) if len(now) else 0.0))


def _holds_always(kind: Kind) -> bool:
    """Whether the figure is said once for the whole horizon."""
    declared = TABLES[kind.table]
    return declared[kind.column].once or not (declared.varies or "period" in declared.keys)


def _key(rows: pd.DataFrame) -> dict[str, str]:
    return {name: cell for name, cell in rows.iloc[0].to_dict().items()
            if name in KEYS and is_filled(cell)}


def _share_step(limit: float) -> float:
    """A share of the limit as people would say it: 1, 2 or 5 times a power of ten, 1 at least."""
    if limit * SAFE_SHARE <= 1.0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(limit * SAFE_SHARE))
    return float(power * next(size for size in (5, 2, 1) if size * power <= limit * SAFE_SHARE))


def _oee(scenario: Scenario, keys: pd.DataFrame) -> Floats:
    """Effective hours of each hour of the work center."""
    centers = scenario.by_period("work_centers")
    centers["period"] = scenario.calendar.number(centers["period"])
    centers["oee"] = centers["availability"] * centers["performance"] * centers["quality"]
    on = ["site", "work_center", "period"]
    found = keys[on].merge(centers[[*on, "oee"]], how="left", on=on)["oee"]
    return found.fillna(0.0).to_numpy(float)


def _weighed(scenario: Scenario, compiled: Compiled, lever: Lever, values: Floats) -> Lever:
    """The lever with what it widens where that depends on the plan."""
    if lever.kind.name == "worker_overtime":
        now = _written(scenario, lever, "overtime_hours_per_worker")
        return replace(lever, now=now, widens=_decided(compiled, lever, "headcount", values))
    if lever.kind.name in ("min_share", "max_share"):
        now = _written(scenario, lever, lever.kind.name)
        bought = _decided(compiled, lever, "purchased", values)
        ceiling = now.copy() if lever.kind.is_lowered else 1.0 - now
        return replace(lever, now=now, widens=np.maximum(bought, 1.0), ceiling=ceiling)
    return lever


def _written(scenario: Scenario, lever: Lever, column: str) -> Floats:
    """The figure of the lever's key in each of its periods; where it has none of its own, the largest."""
    rows = scenario.by_period(lever.kind.table)
    for name, cell in lever.key.items():
        rows = rows[rows[name] == cell]
    by_period = pd.Series(rows[column].to_numpy(float), index=scenario.calendar.number(rows["period"]))
    largest = float(by_period.max())
    return by_period.reindex(list(lever.periods)).fillna(largest).to_numpy(float)


def _decided(compiled: Compiled, lever: Lever, variable: str, values: Floats) -> Floats:
    """What the plan decides of a variable for the lever's thing in each period (0: in all together)."""
    frame = spelled(getattr(compiled.model.pyomo, variable).index_set().index)
    frame = frame.rename(columns={"start": "period"}).assign(value=values[compiled.layout.place(variable)])
    for name, cell in lever.key.items():
        if name in frame and name != "supplier":
            frame = frame[frame[name] == cell]
    by_period = frame.groupby("period")["value"].sum()
    return np.array([float(by_period.get(period, 0.0) if period else by_period.sum())
                     for period in lever.periods])


def _stock_rows(compiled: Compiled) -> pd.DataFrame:
    """Item, site, period and row of each stock's balance."""
    place = compiled.rows.families["inventory_balance"]
    keys = row_keys(compiled, "inventory_balance", np.arange(place.stop - place.start))
    return keys.assign(row=np.arange(place.start, place.stop))


def _receipts(scenario: Scenario, compiled: Compiled, kind: Kind) -> Iterator[Lever]:
    """Extra receipts of what is bought, at the sites that buy it."""
    bought = scenario["sourcing"][["item", "site"]].drop_duplicates()
    stocks = _stock_rows(compiled).merge(bought).sort_values(["item", "site", "period"])
    known = scenario["scheduled_receipts"]
    known = known.assign(period=scenario.calendar.number(known["period"]))
    for (item, site), mine in stocks.groupby(["item", "site"]):
        arriving = mine.merge(known, how="left", on=["item", "site", "period"])["quantity"].fillna(0.0)
        yield Lever(
            kind, {"item": str(item), "site": str(site)}, words=f"{kind.words} of {item} at {site}",
            periods=tuple(mine["period"].astype(int)), rows=tuple(mine["row"]),
            widens=np.full(len(mine), -1.0), now=arriving.to_numpy(float),
            ceiling=np.full(len(mine), np.inf), step=10.0)


def _expedited(scenario: Scenario, compiled: Compiled, kind: Kind) -> Iterator[Lever]:
    """Scheduled receipts that could come one period earlier; their periods are those they come in today."""
    known = scenario["scheduled_receipts"]
    known = known.assign(period=scenario.calendar.number(known["period"]))
    stocks = _stock_rows(compiled)
    before = stocks.assign(period=stocks["period"] + 1).rename(columns={"row": "earlier"})
    both = known.merge(stocks, on=["item", "site", "period"]).merge(
        before[["item", "site", "period", "earlier"]], on=["item", "site", "period"])
    for (item, site), mine in both.sort_values("period").groupby(["item", "site"]):
        yield Lever(
            kind, {"item": str(item), "site": str(site)},
            words=f"scheduled receipts of {item} at {site} one period earlier",
            periods=tuple(mine["period"].astype(int)), rows=tuple(mine["earlier"]),
            widens=np.full(len(mine), -1.0), now=mine["quantity"].to_numpy(float),
            ceiling=mine["quantity"].to_numpy(float), step=1.0, taken=tuple(mine["row"]))


