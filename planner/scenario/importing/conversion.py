"""Figures in one currency, in one unit, of one line and of one period."""

import numpy as np
import pandas as pd

from planner.scenario.importing.account import sums_of
from planner.scenario.importing.evaluation import Evaluation
from planner.scenario.importing.mapping import Expression, Read
from planner.scenario.schema import TABLES
from planner.scenario.suggestions import did_you_mean, quoted

Moved = dict[str, dict[str, float]]


def in_one_currency(frame: pd.DataFrame, evaluation: Evaluation) -> pd.DataFrame:
    """The frame with every amount and price in the scenario's currency."""
    rule = evaluation.read.currency
    if rule is None:
        return frame
    currencies = evaluation.texts(
        Expression(column=rule.column) if rule.column is not None else Expression(value=rule.value or ""),
        (*evaluation.place, "currency", "column"),
    )
    factors = _factors(currencies, rule.rates, evaluation, what="currency", entry="rates")
    amounts = [
        column.name
        for column in TABLES[evaluation.read.table].columns
        if column.unit.startswith("currency") and column.name in frame
    ]
    return frame.assign(**{name: frame[name] * factors for name in amounts})


def in_one_unit(frame: pd.DataFrame, evaluation: Evaluation) -> pd.DataFrame:
    """The frame with every quantity in the item's unit; prices are of one such unit."""
    rule = evaluation.read.units
    if rule is None:
        return frame
    units = evaluation.texts(Expression(column=rule.column), (*evaluation.place, "units", "column"))
    factors = _factors(units, rule.factors, evaluation, what="unit", entry="factors")
    table = TABLES[evaluation.read.table]
    columns = {column.name: column.unit for column in table.columns if column.name in frame}
    counted = {
        name: frame[name] * factors
        for name, unit in columns.items()
        if unit == "units" or unit.startswith("units per period")
    }
    priced = {
        name: frame[name] / factors for name, unit in columns.items() if unit.startswith("currency per unit")
    }
    return frame.assign(**counted, **priced)


def _factors(
    names: pd.Series, factors: dict[str, float], evaluation: Evaluation, *, what: str, entry: str
) -> pd.Series:
    """The factor of each row; a problem for each name that has none."""
    by_name = {name.casefold(): factor for name, factor in factors.items()}
    factor_of_row = names.map(lambda name: by_name.get(name.casefold(), np.nan))
    missing = names[factor_of_row.isna() & (names != "")]
    for name, count in sorted(missing.value_counts(sort=False).items()):
        reason = (
            f"nothing is said about this {what} ({count:,} row{'' if count == 1 else 's'})"
            f"{did_you_mean(str(name), factors)}"
        )
        evaluation.problems.append(
            evaluation.mapping.problem(
                reason,
                (*evaluation.place, what if what == "currency" else "units", entry),
                word="no_factor",
                value=quoted(str(name)),
            )
        )
    return factor_of_row.fillna(1.0).astype(float)


def per_deal(frame: pd.DataFrame, read: Read) -> tuple[pd.DataFrame, Moved]:
    """Amounts that each line of a deal repeats, shared out over its lines: by quantity where all lines have
    one, else evenly.
    """
    if read.amount_of == "line" or "amount" not in frame or "opportunity" not in frame:
        return frame, {}
    deals = frame.groupby("opportunity", sort=False)
    lines = deals["amount"].transform("size")
    share = 1.0 / lines
    if "quantity" in frame:
        total = deals["quantity"].transform("sum")
        whole = (deals["quantity"].transform("count") == lines) & (total > 0)
        share = share.where(~whole, frame["quantity"] / total)
    return frame.assign(amount=deals["amount"].transform("max") * share), {}


def per_period(frame: pd.DataFrame, read: Read, measures: list[str]) -> tuple[pd.DataFrame, Moved]:
    """Running totals as what each period added; of the year, or of all time."""
    day = next((name for name in ("date", "period") if name in frame), None)
    if read.cumulative == "no" or day is None or not measures:
        return frame, {}
    texts = [
        column.name for column in TABLES[read.table].columns if column.kind == "name" and column.name in frame
    ]
    ordered = frame.sort_values(day, kind="stable")
    groups = [
        *(ordered[name] for name in texts),
        *([ordered[day].dt.year] if read.cumulative == "year" else []),
    ]
    before = ordered.groupby(groups or (lambda _: 0), sort=False, dropna=False)[measures].shift().fillna(0.0)
    changed = frame.assign(**(ordered[measures] - before).reindex(frame.index))
    counted = {
        name: total - sums_of(changed, measures)[name] for name, total in sums_of(frame, measures).items()
    }
    return changed, {"counted in an earlier running total": counted}
