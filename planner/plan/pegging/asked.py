"""Which deliveries and which flows a question is about, in the names that people use."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planner.errors import PlanError
from planner.plan.audit.findings import Books
from planner.scenario.scope import covered, span_ends
from planner.scenario.suggestions import did_you_mean, listed

Mask = NDArray[np.bool_]
KINDS = ("opening", "receipt", "purchase", "production", "shipment")


def deliveries_asked(books: Books, deliveries: pd.DataFrame, *, names: Mapping[str, str | None],
                     target: str | None, period: str | pd.Period | None) -> Mask:
    """The deliveries that have all the names, are in the scope of the target and take place in the period."""
    for column, name in names.items():
        check_name(books, column, name, names=books["fulfillment"][column])
    mask = _having(deliveries, names) & _in_period(books, deliveries, period)
    if target is not None:
        mask &= _in_target(books, deliveries, target)
    return mask


def sources_asked(books: Books, coming: pd.DataFrame, hours: pd.DataFrame, *, work_center: str | None,
                  supplier: str | None, kind: str | None, item: str | None, site: str | None,
                  period: str | pd.Period | None) -> tuple[Mask, NDArray[np.float64] | None, str]:
    """The flows that are asked about, what of them is followed (None: what arrives), and its unit."""
    check_name(books, "supplier", supplier, names=books.scenario["sourcing"]["supplier"])
    check_name(books, "work_center", work_center, names=books.scenario["work_centers"]["work_center"])
    check_name(books, "item", item, names=books.scenario["items"]["item"])
    check_name(books, "site", site, names=books.scenario["sites"]["site"])
    check_name(books, "kind", kind, names=KINDS)
    names = {"supplier": supplier, "kind": kind, "item": item, "site": site}
    mask = _having(coming, names)
    if work_center is None:
        return mask & _in_period(books, coming, period), None, "units"
    worked = hours[(hours["work_center"] == work_center) & _in_period(books, hours, period)]
    spent = np.bincount(worked["node"].to_numpy(np.int64), weights=worked["weight"].to_numpy(dtype=float),
                        minlength=len(coming)).astype(float)
    return mask & (spent > 0), spent, "hours"


def check_name(books: Books, kind: str, name: str | None, *, names: Iterable[str]) -> None:
    """The name is known, or is not asked about; PlanError otherwise."""
    allowed = {str(one) for one in names if one}
    if name is None or name in allowed:
        return
    hint = did_you_mean(name, allowed)
    if not hint and len(allowed) <= FEW:
        hint = f". There {'is' if len(allowed) == 1 else 'are'} {listed(sorted(allowed))}" if allowed else ""
    raise PlanError(f'no {kind.replace("_", " ")} "{name}" in plan {books.plan.name}{hint}')


FEW = 6  # names that a message can list


def _having(frame: pd.DataFrame, names: Mapping[str, Any]) -> Mask:
    mask = np.ones(len(frame), dtype=bool)
    for column, name in names.items():
        if name is not None:
            mask &= (frame[column] == name).to_numpy(dtype=bool)
    return mask


def _in_period(books: Books, frame: pd.DataFrame, period: str | pd.Period | None) -> Mask:
    if period is None:
        return np.ones(len(frame), dtype=bool)
    number = period_number(books, period)
    return (frame["period"] == number).to_numpy(dtype=bool)


def period_number(books: Books, period: str | pd.Period) -> int:
    """The number of a period of the plan, however it is written; PlanError where it is none."""
    calendar = books.scenario.calendar
    try:
        number = period if isinstance(period, pd.Period) else calendar.parse(period)
    except ValueError as error:
        raise PlanError(f'period "{period}": {error}') from error
    if not calendar.start <= number <= calendar.end:
        label = calendar.label(number)
        raise PlanError(f"period {label} is not in the plan, which goes from {calendar.span()}")
    return int(number.ordinal - calendar.start.ordinal) + 1


def _in_target(books: Books, deliveries: pd.DataFrame, target: str) -> Mask:
    """What counts for a sales target: its scope, in its span."""
    targets = books.scenario["sales_targets"]
    check_name(books, "target", target, names=targets["target"])
    first, last = span_ends(targets, books.scenario.calendar)
    position = int(np.flatnonzero(targets["target"] == target)[0])
    inside = deliveries["period"].between(first[position], last[position]).to_numpy(dtype=bool)
    return covered(targets.iloc[position], books.scenario.groups.of(deliveries)) & inside
