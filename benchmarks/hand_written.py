"""The generated manufacturer's matrix written by hand in numpy and scipy: the floor that the compiler is
measured against.

It starts from the same columns as the rules do: the members of every set as coded columns, the values of
every parameter. It knows this one model and nothing else: no levers, no options, no targets. A test holds it
to the compiled matrix.
"""

from dataclasses import dataclass, field
from typing import Any

import highspy
import numpy as np
import pyomo.environ as pyo
import scipy.sparse as sparse


@dataclass
class Matrix:
    """Entries, limits and costs as they are written down."""

    first: dict[str, int]
    size: int
    count: int = 0
    rows: list[np.ndarray] = field(default_factory=list)
    columns: list[np.ndarray] = field(default_factory=list)
    values: list[np.ndarray] = field(default_factory=list)
    lower: list[np.ndarray] = field(default_factory=list)
    upper: list[np.ndarray] = field(default_factory=list)

    def begin(self, right_side: np.ndarray, *, equal: bool = False) -> int:
        first = self.count
        self.count += len(right_side)
        self.upper.append(right_side)
        self.lower.append(right_side if equal else np.full(len(right_side), -np.inf))
        return first

    def add(self, rows: np.ndarray, columns: np.ndarray, values: Any = 1.0) -> None:
        self.rows.append(rows)
        self.columns.append(columns)
        self.values.append(np.broadcast_to(np.asarray(values, float), rows.shape))

    def compressed(self) -> sparse.csr_array:
        entries = (np.concatenate(self.values), (np.concatenate(self.rows).astype(np.int32),
                                                 np.concatenate(self.columns).astype(np.int32)))
        return sparse.csr_array(entries, shape=(self.count, self.size))


class Place:
    """Where a member stands in a set: a table over all possible keys, or a search where that would be too
    large.
    """

    def __init__(self, columns: list[np.ndarray]) -> None:
        self.low = [int(column.min()) for column in columns]
        self.width = [int(column.max()) - low + 1 for column, low in zip(columns, self.low, strict=True)]
        keys = self.key(columns)
        self.dense = np.prod([float(width) for width in self.width]) < 64 * len(keys)
        if self.dense:
            self.table = np.full(int(np.prod(self.width)), -1)
            self.table[keys] = np.arange(len(keys))
        else:
            self.order = np.argsort(keys, kind="stable")
            self.sorted = keys[self.order]

    def key(self, columns: list[np.ndarray]) -> np.ndarray:
        key = columns[0] - self.low[0]
        for column, low, width in zip(columns[1:], self.low[1:], self.width[1:], strict=True):
            key = key * width + (column - low)
        return key

    def __call__(self, *columns: np.ndarray) -> np.ndarray:
        keys = self.key(list(columns))
        return self.table[keys] if self.dense else self.order[np.searchsorted(self.sorted, keys)]


def written(
    declared: Any, kind: type[Matrix] = Matrix
) -> tuple[Any, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The matrix with its row limits, costs and the variables' upper bounds, in the order of the compiler."""
    m, sets = declared.m, {name: index.columns for name, index in declared.indices.items()}
    first, size = {}, 0
    for variable in m.component_objects(pyo.Var, descend_into=False):
        first[variable.local_name], size = size, size + len(variable.index_set())
    made = kind(first, size)
    places: dict[str, Place] = {}

    def at(variable: str, *columns: np.ndarray) -> np.ndarray:
        if variable not in places:
            places[variable] = Place(list(getattr(m, variable).index_set().index.columns.values()))
        return first[variable] + places[variable](*columns)

    def all_of(variable: str) -> np.ndarray:
        return first[variable] + np.arange(len(getattr(m, variable).index_set()))

    def grouped(name: str, over: str) -> tuple[np.ndarray, dict[str, np.ndarray], list[np.ndarray]]:
        group = getattr(m, name)
        owners = np.repeat(np.arange(len(group.starts) - 1), np.diff(group.starts))
        return owners, group.members.columns, [column[owners] for column in sets[over].values()]

    work(m, sets, made, at, all_of, grouped)
    stock(m, sets, made, at, all_of, grouped)
    sales(m, sets, made, at, all_of, grouped)
    crew(m, sets, made, at, all_of, grouped)
    upper = np.full(size, np.inf)
    upper[all_of("delivered_on_time")] = m.line_demand.column
    upper[all_of("safety_stock_shortfall")] = m.stock_safety_stock.column
    upper[all_of("storage_overflow")] = declared.uppers["storage_overflow"]
    limits = np.concatenate(made.lower), np.concatenate(made.upper)
    return made.compressed(), *limits, costs(m, sets, size, at, all_of), upper


def work(m: Any, sets: Any, made: Matrix, at: Any, all_of: Any, grouped: Any) -> None:
    row = made.begin(np.zeros(len(m.center_periods)), equal=True)
    made.add(row + np.arange(len(m.center_periods)), all_of("load_hours"))
    owner, member, (site, center, period) = grouped("worked", "center_periods")
    step = Place(list(sets["steps"].values()))(member["item"], site, member["routing"], center)
    made.add(
        row + owner,
        at("production", member["item"], site, member["routing"], period),
        -m.step_hours_per_unit.column[step],
    )
    row = made.begin(m.work_center_effective_hours.column)
    here = row + np.arange(len(m.capped_centers))
    made.add(here, at("load_hours", *sets["capped_centers"].values()))
    made.add(here, all_of("overtime"), -1.0)
    row = made.begin(m.work_center_overtime_limit.column)
    made.add(row + np.arange(len(m.capped_centers)), all_of("overtime"))
    row = made.begin(m.supplier_capacity_of.column)
    owner, member, (supplier, _, period) = grouped("ordered_from", "supplier_limits")
    made.add(row + owner, at("purchased", member["item"], supplier, member["site"], period))


def stock(m: Any, sets: Any, made: Matrix, at: Any, all_of: Any, grouped: Any) -> None:
    row = made.begin(m.stock_on_hand.column, equal=True)
    made.add(row + np.arange(len(m.stock_openings)), at("inventory", *sets["stock_openings"].values()))
    item, site, period = sets["stock_periods"].values()
    row = made.begin(-m.stock_scheduled_receipts.column, equal=True)
    here = row + np.arange(len(item))
    made.add(here, at("inventory", item, site, period - 1))
    made.add(here, at("inventory", item, site, period), -1.0)
    owner, member, (item, site, period) = grouped("completed", "stock_periods")
    scrap = m.completion_scrap.column[Place(list(sets["completions"].values()))(
        item, site, member["routing"], member["start"], period)]
    made.add(row + owner, at("production", item, site, member["routing"], member["start"]), 1.0 - scrap)
    owner, member, (item, site, period) = grouped("received", "stock_periods")
    scrap = m.receipt_scrap.column[Place(list(sets["receipts"].values()))(
        item, member["supplier"], site, member["start"], period)]
    made.add(row + owner, at("purchased", item, member["supplier"], site, member["start"]), 1.0 - scrap)
    owner, member, (item, site, period) = grouped("arriving_transfers", "stock_periods")
    made.add(row + owner, at("shipped", member["origin"], site, member["mode"], item, member["start"]))
    for name in ("leaving_transfers", "leaving_deliveries"):
        owner, member, (item, site, period) = grouped(name, "stock_periods")
        made.add(row + owner, at("shipped", site, member["destination"], member["mode"], item, period), -1.0)
    owner, member, (item, site, period) = grouped("used_by", "stock_periods")
    per = m.quantity_per.column[Place(list(sets["components"].values()))(member["parent"], item, site)]
    made.add(row + owner, at("production", member["parent"], site, member["routing"], period), -per)
    row = made.begin(-m.stock_safety_stock.column)
    here = row + np.arange(len(m.fixed_safety_stock))
    made.add(here, at("inventory", *sets["fixed_safety_stock"].values()), -1.0)
    made.add(here, at("safety_stock_shortfall", *sets["fixed_safety_stock"].values()), -1.0)
    row = made.begin(m.site_storage_capacity.column)
    owner, member, (site, period) = grouped("stored_at", "limited_sites")
    volume = m.item_volume.column[Place(list(sets["volumes"].values()))(member["item"])]
    made.add(row + owner, at("inventory", member["item"], site, period), volume)
    made.add(row + np.arange(len(m.limited_sites)), all_of("storage_overflow"), -1.0)


def sales(m: Any, sets: Any, made: Matrix, at: Any, all_of: Any, grouped: Any) -> None:
    row = made.begin(np.zeros(len(m.market_periods)), equal=True)
    owner, member, (item, market, period) = grouped("arriving_deliveries", "market_periods")
    made.add(
        row + owner, at("shipped", member["origin"], market, member["mode"], item, member["start"]), -1.0
    )
    owner, member, (item, market, period) = grouped("lines_of", "market_periods")
    for variable in ("delivered_on_time", "delivered_late"):
        made.add(row + owner, at(variable, item, market, member["demand_class"], member["priority"], period))
    row = made.begin(m.owed_from_before.column, equal=True)
    made.add(row + np.arange(len(m.line_openings)), at("backorders", *sets["line_openings"].values()))
    *line, period = sets["line_periods"].values()
    row = made.begin(m.line_demand.column, equal=True)
    here, owed_before = row + np.arange(len(period)), at("backorders", *line, period - 1)
    for variable in ("delivered_on_time", "delivered_late", "lost"):
        made.add(here, all_of(variable))
    made.add(here, at("backorders", *line, period))
    made.add(here, owed_before, -1.0)
    row = made.begin(np.zeros(len(period)))
    here = row + np.arange(len(period))
    made.add(here, all_of("delivered_late"))
    made.add(here, owed_before, -1.0)
    owner, member, (*line, _) = grouped("owed_windows", "expiring_lines")
    waiting = at("delivered_on_time", *line, member["start"]) - made.first["delivered_on_time"]
    allowed = np.bincount(
        owner, (m.line_demand.column + m.line_overdue.column)[waiting], minlength=len(m.expiring_lines)
    )
    row = made.begin(allowed)
    made.add(row + np.arange(len(m.expiring_lines)), at("backorders", *sets["expiring_lines"].values()))
    made.add(row + owner, made.first["delivered_on_time"] + waiting)


def crew(m: Any, sets: Any, made: Matrix, at: Any, all_of: Any, grouped: Any) -> None:
    row = made.begin(m.labor_pool_opening_headcount.column, equal=True)
    made.add(row + np.arange(len(m.pool_openings)), at("headcount", *sets["pool_openings"].values()))
    site, pool, period = sets["pool_periods"].values()
    workers = at("headcount", site, pool, period)
    row = made.begin(np.zeros(len(site)), equal=True)
    here = np.arange(len(site))
    made.add(row + here, workers)
    made.add(row + here, at("headcount", site, pool, period - 1), -m.staying_share.column)
    made.add(row + here, all_of("hired"), -1.0)
    made.add(row + here, all_of("separated"))
    row = made.begin(np.zeros(len(site)))
    owner, member, (its_site, _, its_period) = grouped("crewed_by", "pool_periods")
    size = m.crew_size.column[
        Place(list(sets["crews"].values()))(its_site, member["work_center"], its_period)
    ]
    made.add(row + owner, at("load_hours", its_site, member["work_center"], its_period), size)
    made.add(row + here, workers, -m.labor_pool_hours_per_worker.column)
    made.add(row + here, all_of("labor_overtime"), -1.0)
    row = made.begin(np.zeros(len(site)))
    made.add(row + here, all_of("labor_overtime"))
    made.add(row + here, workers, -m.labor_pool_overtime_hours_per_worker.column)


def costs(m: Any, sets: Any, size: int, at: Any, all_of: Any) -> np.ndarray:
    cost = np.zeros(size)
    plain = {
        "lost": m.service_lost_sale_cost,
        "safety_stock_shortfall": m.stock_safety_stock_penalty,
        "storage_overflow": m.site_storage_overflow_cost,
        "purchased": m.source_unit_cost,
        "production": m.routing_unit_cost,
        "load_hours": m.work_center_hour_cost,
        "shipped": m.lane_unit_cost,
        "hired": m.labor_pool_hire_cost,
        "separated": m.labor_pool_separation_cost,
        "labor_overtime": m.labor_pool_overtime_wage,
    }
    for variable, price in plain.items():
        cost[all_of(variable)] = price.column
    cost[all_of("overtime")] = m.work_center_overtime_hour_cost.column - m.work_center_regular_hour_cost.column
    cost[at("backorders", *sets["line_periods"].values())] = m.service_backorder_cost.column
    cost[at("inventory", *sets["stock_periods"].values())] = m.stock_holding_cost.column
    cost[at("headcount", *sets["pool_periods"].values())] = m.labor_pool_wage.column
    cost[at("production", *list(sets["completions"].values())[:4])] += m.completion_scrap_cost.column
    cost[at("purchased", *list(sets["receipts"].values())[:4])] += m.receipt_scrap_cost.column
    return cost


def hand_over(declared: Any) -> None:
    """The hand-written matrix in HiGHS."""
    matrix, lower, upper, cost, maximum = written(declared)
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    rows, columns = matrix.shape
    highs.passModel(
        columns,
        rows,
        matrix.nnz,
        int(highspy.MatrixFormat.kRowwise),
        1,
        0.0,
        cost,
        np.zeros(columns),
        maximum,
        lower,
        upper,
        matrix.indptr,
        matrix.indices,
        matrix.data,
        np.zeros(columns, np.int32),
    )
