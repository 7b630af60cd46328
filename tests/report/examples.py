"""Plans with made-up figures, as many and as large as a test wants, to show reports without solving
anything.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from planner.model.cost_terms import COST_TERMS
from planner.model.solution import Pass
from planner.plan.layout import TABLES
from planner.plan.plan import Plan
from planner.scenario.calendar import FREQUENCIES

FINISHED = {
    "city-bike": 480.0,
    "city-bike-low-step": 520.0,
    "cargo-bike": 1890.0,
    "e-bike-tour": 2150.0,
    "kids-16": 190.0,
}
COMPONENTS = ("frame-steel", "frame-alu", "wheel-28", "motor-250w")
MARKETS = ("germany", "france", "benelux", "nordics")
LINES = ("frame-welding", "painting", "wheel-building", "assembly", "motor-mounting", "packing")
OEE = 0.85
START = {"month": "2026-01", "week": "2026-W02"}
FLOWS = (
    "produced",
    "received",
    "scheduled_receipts",
    "transferred_in",
    "consumed",
    "shipped",
    "transferred_out",
    "scrapped",
)
Floats = np.ndarray[Any, np.dtype[np.float64]]


def example_plan(
    name: str = "Baseline",
    *,
    periods: int = 18,
    bucket: str = "month",
    lines: int = 6,
    extra: float = 0.0,
    tables: dict[str, pd.DataFrame] | None = None,
    **changed: Any,
) -> Plan:
    """A plan of a bicycle maker; `extra` is the share of capacity that it has more than the baseline."""
    filled = {**empty_tables(bucket), **Figures(periods, bucket, lines, extra).tables(), **(tables or {})}
    cost = float(filled["costs"]["amount"].sum())
    attributes = {
        "name": name,
        "question": "What does the year look like?",
        "status": "optimal",
        "mode": "targets_first",
        "objective": cost,
        "bound": cost,
        "gap": 0.0,
        "passes": (Pass("operations cost", cost, cost, 0.0, 2.31),),
        "seconds": {"forecast": 0.8, "highs": 2.31},
        "currency": "EUR",
        "bucket": bucket,
        "scenario_hash": "5f2c" * 16,
        "scenario_source": "scenarios/baseline",
        "versions": {"planner": "0.1.0", "pyomo": "6.10.1"},
        "settings": {
            "calendar": {"start": START[bucket], "periods": periods, "bucket": bucket},
            "forecast": {"plan_on": "mean"},
        },
        "tables": filled,
        "kpi_table": kpis(filled),
        "changes": pd.DataFrame(columns=["table", "change", "key", "column", "before", "after"]),
    }
    return Plan(**{**attributes, **changed})


def small_plan(*, periods: int = 2, tables: dict[str, pd.DataFrame], **changed: Any) -> Plan:
    """A plan of nothing but the given tables, for figures that a test calculates by hand."""
    blank = empty_tables("month")
    return example_plan(periods=periods, tables={**blank, **tables}, **changed)


def empty_tables(bucket: str = "month") -> dict[str, pd.DataFrame]:
    """Every table of a plan without a row, its columns of the right kind."""
    # type: ignore[index]
    kinds = {"name": "str", "whole": "int64", "rank": "Int64", "number": "float64", "period": f"period[{FREQUENCIES[bucket]}]"}
    return {name: pd.DataFrame({column.name: pd.Series(dtype=kinds[column.kind]) for column in table.columns})
            for name, table in TABLES.items()}


def completed(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    """The frame with all columns of the table, blank where it has none."""
    blanks = {"name": "", "rank": pd.NA, "period": pd.NaT}
    kinds = {"name": "str", "rank": "Int64", "period": frame["period"].dtype}
    return pd.DataFrame({
        column.name: frame[column.name] if column.name in frame.columns
        else pd.Series(blanks[column.kind], index=frame.index, dtype=kinds[column.kind])
        for column in TABLES[table].columns
    })


def rows(table: str, *records: dict[str, Any]) -> pd.DataFrame:
    """Rows of a plan table; what a record leaves out is 0, blank or January."""
    blank = {"name": "", "whole": 5, "rank": pd.NA, "number": 0.0, "period": "2026-01"}
    columns = TABLES[table].columns
    filled = pd.DataFrame([{column.name: record.get(column.name, blank[column.kind]) for column in columns}
                           for record in records])
    periods = {
        column.name: pd.PeriodIndex(filled[column.name], freq="M")
        for column in columns
        if column.kind == "period"
    }
    return filled.assign(**periods)


def kpis(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """A scorecard with a figure of every side, sense and unit."""
    sales, revenue = tables["sales"], float(tables["sales"]["revenue"].sum())
    cost, demand = float(tables["costs"]["amount"].sum()), float(sales["demand"].sum()) or 1.0
    scored = [
        ("revenue", revenue, "currency", "sales", "higher"),
        ("win_rate", 0.312, "0 to 1", "sales", "higher"),
        ("sales_cycle", 64.0, "days", "sales", "lower"),
        ("order_fill_rate", sales["delivered_on_time"].sum() / demand, "0 to 1", "operations", "higher"),
        ("inventory_turns", 6.42, "turns per year", "operations", "higher"),
        ("total_cost", cost, "currency", "operations", "lower"),
        ("cost_per_unit", cost / demand, "currency per unit", "operations", "lower"),
        ("margin", revenue - cost, "currency", "both", "higher"),
        ("forecast_bias", -0.02, "0 to 1", "both", "zero"),
    ]
    intervals = {"win_rate": (0.25, 0.38)}
    return pd.DataFrame([(*figure, f"What {figure[0]} means.", *intervals.get(figure[0], (np.nan, np.nan)))
                         for figure in scored],
                        columns=["kpi", "value", "unit", "side", "better", "meaning", "low", "high"])


def grid(**keys: Iterable[object]) -> pd.DataFrame:
    """One row for each combination of the keys, the last key running fastest."""
    return pd.MultiIndex.from_product([list(values) for values in keys.values()], names=list(keys)).to_frame(
        index=False
    )


class Figures:
    """Figures that look like a manufacturer's: a season, a line that is full, orders that run out."""

    def __init__(self, periods: int, bucket: str, lines: int, extra: float) -> None:
        self.periods, self.lines, self.extra = periods, lines, extra
        start = "2026-01-05" if bucket == "week" else "2026-01"
        self.span = pd.period_range(start, periods=periods, freq=FREQUENCIES[bucket])  # type: ignore[index]
        self.season: Floats = 1 + 0.25 * np.sin(
            np.arange(periods) * 2 * np.pi / (52 if bucket == "week" else 12)
        )
        self.random = np.random.default_rng(7)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table that a report reads."""
        sales, capacity, inventory = self.sales(), self.capacity(), self.inventory()
        made = {
            "items": self.items(),
            "sales": sales,
            "capacity": capacity,
            "inventory": inventory,
            "targets": self.targets(sales),
            "costs": self.costs(sales, capacity, inventory),
            "shadow_prices": self.shadow_prices(capacity),
            "workforce": self.workforce(),
        }
        return {name: self.whole(name, frame) for name, frame in made.items()}

    def whole(self, name: str, frame: pd.DataFrame) -> pd.DataFrame:
        """The table with all its columns; a measure that the example says nothing about is 0."""
        silent = [measure for measure in TABLES[name].measures if measure not in frame]
        return frame.assign(**dict.fromkeys(silent, 0.0))[TABLES[name].names]

    def repeated(self, times: int) -> Floats:
        """The season, once for each series."""
        return np.tile(self.season, times)

    def each(self, low: float, high: float, count: int) -> Floats:
        """A level for each series, the same in all its periods."""
        return self.random.uniform(low, high, count).repeat(self.periods)

    def items(self) -> pd.DataFrame:
        prices = {**FINISHED, **dict.fromkeys(COMPONENTS, 0.0)}
        return pd.DataFrame({"item": list(prices), "family": ["bikes"] * len(FINISHED) + [""] * len(COMPONENTS),
                             "unit": "piece", "price": list(prices.values()), "standard_cost": 100.0})

    def sales(self) -> pd.DataFrame:
        sales = grid(
            item=FINISHED, market=MARKETS, demand_class=["booked", "forecast"], period=self.span
        ).assign(priority=5)
        series = len(sales) // self.periods
        booked = (sales["demand_class"] == "booked").to_numpy()
        early = np.tile(np.exp(-np.arange(self.periods) / 4), series)
        demand = np.round(
            self.repeated(series) * self.each(40, 160, series) * np.where(booked, early, 1 - 0.8 * early)
        )
        served = np.where(
            booked, 1.0, np.minimum(1.0, self.random.uniform(0.72, 1.1, len(sales)) + self.extra)
        )
        on_time = np.round(demand * served)
        late = np.round((demand - on_time) * 0.4)
        price = sales["item"].map(FINISHED).to_numpy(dtype=float)
        return sales.assign(demand=demand, delivered_on_time=on_time, delivered_late=late, backorders=late,
                            lost=demand - on_time - late, price=price, revenue=price * (on_time + late))

    def capacity(self) -> pd.DataFrame:
        names = [
            (("lyon", "gent")[n % 2], f"{LINES[n % 6]}-{n // 6 + 1}" if n >= 6 else LINES[n])
            for n in range(self.lines)
        ]
        frame = pd.concat(
            [grid(site=[site], work_center=[center], period=self.span) for site, center in names]
        )
        later = np.tile(np.arange(self.periods) > self.periods / 2, self.lines)
        hours = 640.0 * np.where(later, 1.1, 1.0) * (1 + self.extra)
        effective, limit = hours * OEE, 0.15 * hours * OEE
        load = np.minimum(
            self.repeated(self.lines) * self.each(0.5, 1.15, self.lines) * 640 * OEE, effective + limit
        )
        overtime = np.maximum(0.0, load - effective)
        return frame.assign(
            available_hours=hours,
            effective_hours=effective,
            load_hours=load,
            overtime_hours=overtime,
            overtime_limit=limit,
            utilization=load / effective,
            hour_cost=38.0 * (load - overtime),
            overtime_cost=57.0 * overtime,
        )

    def inventory(self) -> pd.DataFrame:
        stocked = [(item, site) for item in FINISHED for site in ("lyon", "rotterdam", "malmo")]
        stocked += [(item, site) for item in COMPONENTS for site in ("lyon", "gent")]
        frame = pd.concat([grid(item=[item], site=[site], period=self.span) for item, site in stocked])
        closing = np.round((2.2 - self.repeated(len(stocked))) * self.each(60, 240, len(stocked)))
        safety = np.round(self.each(60, 140, len(stocked)))
        missing = np.maximum(0.0, safety - closing)
        return frame.assign(
            **dict.fromkeys(FLOWS, 0.0),
            opening=closing,
            closing=closing,
            safety_stock=safety,
            safety_stock_shortfall=missing,
            holding=1.4 * closing,
            safety_stock_penalty=12.0 * missing,
        )

    def targets(self, sales: pd.DataFrame) -> pd.DataFrame:
        made = []
        for market, measure in [(market, measure) for market in MARKETS for measure in ("units", "revenue")]:
            part = sales[sales["market"] == market]
            weight = part["price"] if measure == "revenue" else 1.0
            demand = float((part["demand"] * weight).sum())
            delivered = float(((part["delivered_on_time"] + part["delivered_late"]) * weight).sum())
            asked = round(demand * (0.97 if measure == "units" else 0.86), -1)
            made.append(
                [
                    f"{market}-{measure}",
                    measure,
                    1,
                    self.span[0],
                    self.span[-1],
                    asked,
                    demand,
                    delivered,
                    max(0.0, asked - delivered),
                ]
            )
        return pd.DataFrame(made, columns=TABLES["targets"].names)

    def costs(self, sales: pd.DataFrame, capacity: pd.DataFrame, inventory: pd.DataFrame) -> pd.DataFrame:
        sold = sales.groupby("period", as_index=False)["revenue"].sum()
        shares = {
            "purchase": 0.44,
            "production": 0.06,
            "wages": 0.16,
            "labor_overtime": 0.012,
            "hiring": 0.004,
            "freight": 0.05,
        }
        parts = [
            sold.assign(amount=sold["revenue"] * part, cost=cost, site="", item="")
            for cost, part in shares.items()
        ]
        parts += [capacity.assign(amount=capacity["hour_cost"], cost="work_center_hours", item=""),
                  capacity.assign(amount=capacity["overtime_cost"], cost="work_center_overtime", item=""),
                  inventory.assign(amount=inventory["holding"], cost="holding"),
                  inventory.assign(amount=inventory["safety_stock_penalty"], cost="safety_stock_penalty")]
        costs = pd.concat(parts, ignore_index=True)
        return completed(costs.assign(area=costs["cost"].map(lambda cost: COST_TERMS[cost].area)), "costs")

    def shadow_prices(self, capacity: pd.DataFrame) -> pd.DataFrame:
        full = capacity[capacity["utilization"] > 1.0].reset_index(drop=True)
        return pd.DataFrame(
            {
                "constraint": "work_center_capacity",
                "key": full["site"] + " | " + full["work_center"],
                "site": full["site"],
                "work_center": full["work_center"],
                "period": full["period"],
                "shadow_price": 40 * full["utilization"],
                "unit": "hours",
            }
        ).pipe(completed, "shadow_prices")

    def workforce(self) -> pd.DataFrame:
        frame = grid(site=["lyon", "gent"], labor_pool=["assemblers"], period=self.span)
        heads = np.round(24 * self.repeated(2))
        blank = dict.fromkeys(TABLES["workforce"].measures, 0.0)
        return frame.assign(
            **blank
            | {
                "headcount": heads,
                "regular_hours": heads * 152,
                "overtime_hours": heads * 4,
                "hours_used": heads * self.random.uniform(125, 156, len(heads)),
            }
        )
