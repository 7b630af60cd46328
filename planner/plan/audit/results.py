"""Audit of what a plan adds up to: costs, objective, shadow prices, KPIs, and whether it is a plan of this
scenario.
"""

from collections.abc import Hashable, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from planner.plan.audit.findings import ABSOLUTE, RELATIVE, Books, Finding, differing, rule
from planner.plan.kpis import scorecard
from planner.plan.layout import COST_TERMS, LIMIT_UNITS
from planner.plan.rates import summed

KEYS = ["area", "cost", "site", "item", "period"]
# Every cost term, a table in which it stands, and the column there.
BOOKED_IN = (
    ("purchase", "sourcing", "purchase_cost"),
    ("ordering", "sourcing", "order_cost"),
    ("production", "production", "production_cost"),
    ("setups", "production", "setup_cost"),
    ("setups", "setup_families", "setup_cost"),
    ("work_center_hours", "capacity", "hour_cost"),
    ("work_center_overtime", "capacity", "overtime_cost"),
    ("capacity_options", "options", "option_cost"),
    ("sites", "sites", "site_cost"),
    ("sites", "site_options", "option_cost"),
    ("scrap", "quality", "scrap_cost"),
    ("wages", "workforce", "wage_cost"),
    ("labor_overtime", "workforce", "overtime_cost"),
    ("hiring", "workforce", "hire_cost"),
    ("separation", "workforce", "separation_cost"),
    ("holding", "inventory", "holding_cost"),
    ("safety_stock_penalty", "inventory", "safety_stock_cost"),
    ("storage_overflow", "storage", "overflow_cost"),
    ("freight", "delivery", "freight_cost"),
    ("vehicle_trips", "trips", "vehicle_cost"),
)
# Tables that do not name their site, and the scenario's table that does.
PLACED_BY = {"options": ("option", "capacity_options"), "site_options": ("site_option", "site_options")}
SERVICE_TERMS = {"backorders": ("backorders", "backorder_cost"), "lost_sales": ("lost", "lost_sale_cost")}
EQUALITIES = frozenset(
    {
        "order_multiple",
        "tiers_add_up",
        "production_multiple",
        "maintenance_stops",
        "site_is_open",
        "market_deliveries",
        "demand_balance",
        "inventory_balance",
        "stock_outflow",
        "headcount_balance",
        "work_center_load",
        "opening_inventory",
        "opening_headcount",
        "opening_backorders",
    }
)


@rule
def scenario_hash(books: Books) -> list[Finding]:
    """The plan was made of this scenario."""
    planned, given = books.plan.scenario_hash, books.scenario.content_hash
    if planned == given:
        return []
    return [Finding("", "plan.json", "scenario_hash", "", given, planned,
                    "the scenario has changed since it was planned, or it is another one: solve it again")]


@rule
def costs(books: Books) -> list[Finding]:
    """The table of costs has every cost of the area tables, and the costs of service terms where the
    objective counts them.
    """
    parts = [_booked(books, term, table, column) for term, table, column in BOOKED_IN]
    if books.plan.mode != "targets_first":
        parts += [_service_cost(books, term) for term in SERVICE_TERMS]
    expected = pd.concat(parts, ignore_index=True).pipe(summed, KEYS, "amount")
    both = books["costs"].merge(expected, on=KEYS, how="outer", suffixes=("", "_expected"))
    return differing(
        books,
        "costs",
        both,
        expected=both["amount_expected"].fillna(0.0),
        found=both["amount"].fillna(0.0),
        column="amount",
    )


@rule
def objective(books: Books) -> list[Finding]:
    """The objective is the total cost, or in mode profit revenue less total cost; it is within its bound and
    gap.
    """
    plan, total = books.plan, float(books["costs"]["amount"].sum())
    expected = float(books["sales"]["revenue"].sum()) - total if plan.mode == "profit" else total
    size = max(abs(total), abs(expected), abs(plan.objective))
    found = _number_off(plan.objective, expected, size, "objective")
    if plan.bound is not None and plan.gap is not None:
        found += _number_off(
            plan.gap, abs(plan.objective - plan.bound) / max(abs(plan.objective), 1e-9), 1.0, "gap"
        )
    return found


@rule
def shadow_prices(books: Books) -> list[Finding]:
    """Every price belongs to a rule, in its unit, and limits never have a negative one."""
    prices = books.plan.tables["shadow_prices"]
    unit = prices["constraint"].map(LIMIT_UNITS)
    wrong = unit.isna() | (unit != prices["unit"])
    negative = (prices["shadow_price"] < -ABSOLUTE) & ~prices["constraint"].isin(EQUALITIES)
    unknown = [_of_price(row, expected=str(LIMIT_UNITS.get(row["constraint"], "a rule")), found=row["unit"],
                         message=f"{row['constraint']} is no rule, or not in {row['unit']}")
               for row in prices[wrong].to_dict("records")]
    return unknown + [
        _of_price(
            row,
            expected=0.0,
            found=row["shadow_price"],
            message=f"the price of a limit is {row['shadow_price']:.10g}, must be 0 or more",
        )
        for row in prices[negative].to_dict("records")
    ]


@rule
def kpis(books: Books) -> list[Finding]:
    """The scorecard is what its formulas make of the tables, no KPI missing and none too many."""
    expected = scorecard(books.plan.tables, books.scenario).set_index("kpi")
    given = books.plan.kpi_table.set_index("kpi")
    absent = [Finding("", "kpis", name, "", "a KPI", "absent", "the data allow this KPI, but it is missing")
              for name in expected.index.difference(given.index)]
    extra = [Finding("", "kpis", name, "", "absent", "a KPI", "the data do not allow this KPI")
             for name in given.index.difference(expected.index)]
    return [*absent, *extra, *(finding for name in expected.index.intersection(given.index)
                               for finding in _kpi_off(str(name), expected.loc[name], given.loc[name]))]


def _of_price(
    row: Mapping[Hashable, Any], *, expected: float | str, found: float | str, message: str
) -> Finding:
    return Finding("", "shadow_prices", f"{row['constraint']} | {row['key']}", "", expected, found, message)


def _kpi_off(name: str, expected: pd.Series, given: pd.Series) -> list[Finding]:
    wanted, actual = float(expected["value"]), float(given["value"])
    size = max(abs(wanted), abs(actual))
    found = [replace(finding, table="kpis") for finding in _number_off(actual, wanted, size, name)]
    if list(expected.drop("value")) != list(given.drop("value")):
        message = "unit, side, direction or meaning is not the KPI's"
        found.append(Finding("", "kpis", name, "", "as declared", "otherwise", message))
    return found


def _booked(books: Books, term: str, table: str, column: str) -> pd.DataFrame:
    """One cost term as it stands in its area's table, under the keys of the cost table."""
    frame = books[table].rename(columns={"origin": "site"})
    if table in PLACED_BY:
        option, named = PLACED_BY[table]
        frame = frame.assign(site=frame[option].map(books.scenario[named].set_index(option)["site"]))
    item = frame["item"] if "item" in frame.columns else pd.Series("", index=frame.index, dtype="str")
    return _keyed(
        pd.DataFrame(
            {"site": frame["site"], "item": item, "period": frame["period"], "amount": frame[column]}
        ),
        term,
    )


def _service_cost(books: Books, term: str) -> pd.DataFrame:
    """What service terms charge for units owed or lost, by item and period."""
    measure, price = SERVICE_TERMS[term]
    sales = books.rates.service_terms(books["sales"])
    amount = sales[measure] * sales[price].astype("float64").fillna(0.0)
    return _keyed(sales[["item", "period"]].assign(site="", amount=amount), term)


def _keyed(frame: pd.DataFrame, term: str) -> pd.DataFrame:
    keyed = frame.assign(area=COST_TERMS[term], cost=term)
    return keyed[keyed["amount"] != 0]


def _number_off(found: float, expected: float, size: float, name: str) -> list[Finding]:
    if abs(found - expected) <= RELATIVE * size + ABSOLUTE:
        return []
    return [
        Finding(
            "", "plan.json", name, "", expected, found, f"{name} is {found:.10g}, must be {expected:.10g}"
        )
    ]
