"""Audit of what a plan adds up to: costs, objective, shadow prices, KPIs, and whether it is a plan of this
scenario.
"""

from collections.abc import Hashable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from planner.model.cost_terms import COST_TERMS, CostTerm
from planner.model.limits import LIMITS, RANKS
from planner.plan.audit.findings import ABSOLUTE, RELATIVE, Books, Finding, differing, impossible, rule
from planner.plan.kpis import scorecard
from planner.plan.layout import COST_KEYS, TABLES
from planner.plan.rates import summed
from planner.scenario.keys import DEMAND_LINE

# Tables that do not name their site, and the scenario's table that does.
PLACED_BY = {"options": ("option", "capacity_options"), "site_options": ("site_option", "site_options")}
SERVICE_TERMS = {"backorders": ("backorders", "backorder_cost"), "lost_sales": ("lost", "lost_sale_cost")}

@rule
def scenario_hash(books: Books) -> list[Finding]:
    """The plan was made of this scenario."""
    planned, actual = books.plan.scenario_hash, books.scenario.content_hash
    if planned == actual:
        return []
    return [Finding("", "plan.json", "scenario_hash", period="", expected=actual, found=planned,
                    message="the scenario has changed since it was planned, or it is another one: "
                            "solve it again")]


@rule
def costs(books: Books) -> list[Finding]:
    """The table of costs has every cost of the area tables, and the costs of service terms where the
    objective counts them.
    """
    terms = [term for term in COST_TERMS.values() if term.columns]
    findings = [finding for term in terms for finding in _cost_off(books, term.name, _booked(books, term))]
    if books.plan.mode != "targets_first":
        findings += [finding for name in SERVICE_TERMS
                     for finding in _cost_off(books, name, _service_cost(books, name))]
    return findings + _unknown_costs(books)


def _cost_off(books: Books, term: str, expected: pd.DataFrame) -> list[Finding]:
    """Findings where a term is not what is expected, added up over what only the cost table tells apart."""
    keys = [key for key in TABLES["costs"].keys if key in expected.columns]
    expected = summed(expected[expected["amount"] != 0], keys, "amount")
    own = summed(books["costs"][books["costs"]["cost"] == term], keys, "amount")
    if own.empty and expected.empty:
        return []
    compared = own.merge(expected, on=keys, how="outer", suffixes=("", "_expected"))
    return differing(
        books,
        "costs",
        compared,
        expected=compared["amount_expected"].fillna(0.0),
        found=compared["amount"].fillna(0.0),
        column="amount",
    )


def _unknown_costs(books: Books) -> list[Finding]:
    """Findings for costs that the objective does not count, or under another area than theirs."""
    counted = {name: term.area for name, term in COST_TERMS.items()
               if books.plan.mode != "targets_first" or not term.is_of_service}
    costs = books["costs"]
    wrong = costs["cost"].map(counted).fillna("") != costs["area"]
    what = "is no cost of this plan"
    return impossible(books, "costs", costs, found=costs["amount"], wrong=wrong, what=what)


@rule
def objective(books: Books) -> list[Finding]:
    """The objective is the total cost, or in mode profit revenue less total cost; it is within its bound and
    gap.
    """
    plan, total = books.plan, float(books["costs"]["amount"].sum())
    expected = float(books["sales"]["revenue"].sum()) - total if plan.mode == "profit" else total
    size = max(abs(total), abs(expected), abs(plan.objective))
    findings = _number_off(plan.objective, expected, size, "objective")
    if plan.bound is not None and plan.gap is not None:
        findings += _number_off(
            plan.gap, abs(plan.objective - plan.bound) / max(abs(plan.objective), 1e-9), 1.0, "gap"
        )
    return findings


@rule
def shadow_prices(books: Books) -> list[Finding]:
    """Every price belongs to a rule, in its unit, and limits never have a negative one."""
    prices = books.plan.tables["shadow_prices"]
    units = {name: limit.unit for name, limit in LIMITS.items()}
    equalities = [name for name, limit in LIMITS.items() if limit.is_equality]
    wrong = prices["constraint"].map(units).fillna("") != prices["unit"]
    negative = (prices["shadow_price"] < -ABSOLUTE) & ~prices["constraint"].isin(equalities)
    unknown = [_of_price(row, expected=units.get(row["constraint"], "a rule"), found=row["unit"],
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
    twice = books.plan.kpi_table["kpi"].duplicated()
    doubled = [Finding("", "kpis", name, period="", expected="one row", found="another",
                       message="this KPI stands more than once")
               for name in books.plan.kpi_table.loc[twice, "kpi"]]
    standing = books.plan.kpi_table[~twice].set_index("kpi")
    absent = [Finding("", "kpis", name, period="", expected="a KPI", found="absent",
                      message="the data allow this KPI, but it is missing")
              for name in expected.index.difference(standing.index)]
    extra = [Finding("", "kpis", name, period="", expected="absent", found="a KPI",
                     message="the data do not allow this KPI")
             for name in standing.index.difference(expected.index)]
    off = [finding for name in expected.index.intersection(standing.index)
           for finding in _kpi_off(str(name), expected.loc[name], standing.loc[name])]
    return [*doubled, *absent, *extra, *off]


def _of_price(
    row: Mapping[Hashable, Any], *, expected: float | str, found: float | str, message: str
) -> Finding:
    return Finding("", "shadow_prices", f"{row['constraint']} | {row['key']}", period="", expected=expected,
                   found=found, message=message)


def _kpi_off(name: str, expected: pd.Series, standing: pd.Series) -> list[Finding]:
    must_be, actual = float(expected["value"]), float(standing["value"])
    size = max(abs(must_be), abs(actual))
    findings = [replace(finding, table="kpis") for finding in _number_off(actual, must_be, size, name)]
    bounds = ["low", "high"]
    interval, due = standing[bounds].to_numpy(dtype=float), expected[bounds].to_numpy(dtype=float)
    if not np.allclose(interval, due, rtol=RELATIVE, atol=ABSOLUTE, equal_nan=True):
        interval_written, must = (" to ".join(f"{bound:.10g}" for bound in pair) for pair in (interval, due))
        findings.append(Finding("", "kpis", name, period="", expected=must, found=interval_written,
                                message=f"the interval is {interval_written}, must be {must}"))
    if list(expected.drop(["value", *bounds])) != list(standing.drop(["value", *bounds])):
        message = "unit, side, direction or meaning is not the KPI's"
        findings.append(Finding("", "kpis", name, period="", expected="as declared", found="otherwise",
                                message=message))
    return findings


def _booked(books: Books, term: CostTerm) -> pd.DataFrame:
    """One cost term as it stands in the tables of its area, under what those name of the keys of the cost
    table.
    """
    parts = [_under_cost_keys(books, *column.split("."), cost=term.name) for column in term.columns]
    key_names = {key for part in parts for key in part.columns} & {*COST_KEYS}
    ranks, names = key_names & RANKS, key_names - RANKS
    joined = pd.concat(parts, ignore_index=True).fillna(dict.fromkeys(names, ""))
    return joined.astype(dict.fromkeys(ranks, "Int64") | dict.fromkeys(names, "str"))


def _under_cost_keys(books: Books, table: str, column: str, *, cost: str) -> pd.DataFrame:
    frame = books[table]
    if table in PLACED_BY:
        option, options_table = PLACED_BY[table]
        frame = frame.assign(site=frame[option].map(books.scenario[options_table].set_index(option)["site"]))
    elif "origin" in frame.columns:
        frame = frame.assign(site=frame["origin"])
    keys = [key for key in COST_KEYS if key in frame.columns]
    return _keyed(frame[[*keys, "period"]].assign(amount=frame[column]), cost)


def _service_cost(books: Books, term: str) -> pd.DataFrame:
    """What service terms charge for units owed or lost, by demand line and period."""
    measure, price = SERVICE_TERMS[term]
    sales = books.rates.service_terms(books["sales"])
    amount = sales[measure] * sales[price].astype("float64").fillna(0.0)
    return _keyed(sales[[*DEMAND_LINE, "period"]].astype({"priority": "Int64"}).assign(amount=amount), term)


def _keyed(frame: pd.DataFrame, term: str) -> pd.DataFrame:
    return frame.assign(area=COST_TERMS[term].area, cost=term)


def _number_off(found: float, expected: float, size: float, name: str) -> list[Finding]:
    if abs(found - expected) <= RELATIVE * size + ABSOLUTE:
        return []
    return [
        Finding(
            "", "plan.json", name, period="", expected=expected, found=found,
            message=f"{name} is {found:.10g}, must be {expected:.10g}"
        )
    ]
