"""Promises as plain values for other programs; `schemas` declares what stands in them."""

from typing import Any

from planner.plan.promise import Promise, Promises
from planner.plan.promise.placement import Placement
from planner.plan.promise.promise import Date
from planner.plan.promise.statements import statements
from planner.report.records import frame_records, result, statement_records


def promises_record(promises: Promises) -> dict[str, Any]:
    """Every inquiry with its answer."""
    return result("promise", {
        "plan": promises.plan.name, "currency": promises.plan.currency, "status": promises.plan.status,
        "promises": [_promise(one) for one in promises]})


def _promise(one: Promise) -> dict[str, Any]:
    inquiry = one.inquiry
    return {
        "order": inquiry.order, "customer": inquiry.customer, "opportunity": inquiry.opportunity,
        "lines": [{"item": line.item, "market": line.market, "quantity": line.quantity, "price": line.price}
                  for line in inquiry.lines],
        "due": one.due, "expected": one.expected, "is_on_time": one.is_on_time, "is_served": one.served,
        **{name: _date(one, getattr(one, name)) for name in ("undisturbed", "earliest", "possible")},
        "at_due": _placement(one, one.at_due), "at_earliest": _placement(one, one.at_earliest),
        "is_proven": one.is_proven, "statements": statement_records(statements(one))}


def _date(one: Promise, date: Date) -> dict[str, Any]:
    return {name: None if period is None else one.label(period)
            for name, period in (("period", date.period), ("not_before", date.bound))}


def _placement(one: Promise, placed: Placement | None) -> dict[str, Any] | None:
    if placed is None:
        return None
    return {"period": one.label(placed.period), "cost": placed.cost, "unit_cost": placed.unit_cost,
            "revenue": placed.revenue, "others": placed.others, "margin": placed.margin,
            "minimum_price": placed.minimum_price, "is_worth_winning": placed.is_worth_winning,
            "gives_way": list(placed.gives_way), "gained": placed.gained,
            "displaced": frame_records(placed.displaced), "status": placed.status, "gap": placed.gap}
