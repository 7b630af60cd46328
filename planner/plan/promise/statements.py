"""The answer to an inquiry in sentences, each with its figures."""

from collections.abc import Mapping
from typing import Any

from planner.figures import figure, one, percent
from planner.naming import listed
from planner.plan.promise.placement import SMALLEST, Placement
from planner.plan.promise.promise import Date, Promise
from planner.plan.statement import Statement

MAXIMUM_NAMED = 4  # that give way, named one by one
CENT = 0.005


def statements(promise: Promise) -> list[Statement]:
    """When it can be had, at what cost, at whose expense, whether it is worth winning, and what is proven."""
    sentences = [_when(promise), *_expected(promise)]
    for placed in (promise.at_due, promise.at_earliest):
        if placed is not None:
            sentences += [_cost(promise, placed), _displaced(promise, placed)]
    best = promise.best
    if best is not None:
        sentences.append(_worth(promise, best))
    return [*sentences, _proof(promise)]


def what_is_asked(promise: Promise) -> str:
    """What is asked for, in words: 40 bike for north."""
    lines = promise.inquiry.lines
    return listed([f"{figure(line.quantity)} {line.item} for {line.market}" for line in lines])


def _when(promise: Promise) -> Statement:
    due, earliest, undisturbed = promise.due, promise.earliest, promise.undisturbed
    figures = {"due": due, "undisturbed": _label(promise, undisturbed),
               "earliest": _label(promise, earliest), "possible": _label(promise, promise.possible)}
    whole = f"{what_is_asked(promise)}, due {due}"
    if undisturbed.period == promise.inquiry.due:
        text = f"{whole}: can be promised. Nobody gets less or later than in the plan."
        return Statement("on_time", text, figures)
    if promise.is_on_time:
        text = (f"{whole}: can be promised. Booked orders and sales targets stay as planned; forecast demand "
                f"gives way.{_later(promise, ' Without taking from anybody', undisturbed)}")
        return Statement("on_time", text, figures)
    if not promise.served:
        reason = f"{whole}: cannot be promised, since no lane brings it to the market in the plan."
        return Statement("not_served", reason, figures)
    if promise.at_due is None and promise.possible.period is None and promise.possible.bound is None:
        text = f"{whole}: cannot be delivered within the plan, whatever gives way."
        return Statement("impossible", text, figures)
    head = ("cannot be delivered then, whatever gives way" if promise.at_due is None
            else "only at the expense of booked orders or sales targets")
    others = "booked orders and sales targets" if promise.at_due is None else "these"
    text = f"{whole}: {head}.{_later(promise, f' Without hurting {others}', earliest)}"
    if promise.at_due is None and promise.possible.period != earliest.period:
        text += _later(promise, " At all", promise.possible)
    return Statement("later" if earliest.period else "expense", text, figures)


def _later(promise: Promise, head: str, date: Date) -> str:
    if date.period is None:
        open_from = "" if date.bound is None else f" (not proven from {promise.label(date.bound)} on)"
        return f"{head}: not within the plan{open_from}."
    open_from = "" if date.is_proven else f", perhaps from {promise.label(date.bound or date.period)}"
    return f"{head}: in {promise.label(date.period)}{open_from}."


def _label(promise: Promise, date: Date) -> str | None:
    return None if date.period is None else promise.label(date.period)


def _expected(promise: Promise) -> list[Statement]:
    if promise.expected <= SMALLEST:
        return []
    units = figure(promise.expected)
    text = (f"The forecast counts {units} {_units(units)} of it already; they make way for it, and all "
            "differences are from the plan that counts them.")
    return [Statement("expected", text, {"expected": promise.expected})]


def _cost(promise: Promise, placed: Placement) -> Statement:
    when = promise.label(placed.period)
    if abs(placed.cost) < CENT:
        text = f"Delivered in {when} it costs no more than the plan without it."
    else:
        verb = "costs" if placed.cost > 0 else "saves"
        each = _money(promise, abs(placed.unit_cost))
        text = (f"Delivered in {when} it {verb} {_money(promise, abs(placed.cost))}, {each} a unit"
                f"{', since what gives way is not made' if placed.cost < 0 else ''}.")
    figures = {"period": when, "cost": placed.cost, "unit_cost": placed.unit_cost, "status": placed.status,
               "gap": placed.gap}
    return Statement("cost", text, figures)


def _displaced(promise: Promise, placed: Placement) -> Statement:
    rows = placed.displaced
    figures = {"period": promise.label(placed.period), "gained": placed.gained, "others": placed.others,
               "lost": float(rows.loc[rows["kind"] != "target", "lost"].clip(lower=0.0).sum())}
    if rows.empty:
        return Statement("displaced", "It displaces nothing.", figures)
    displaced = [_displaced_text(promise, row) for row in rows.head(MAXIMUM_NAMED).to_dict("records")]
    more = [f"{len(rows) - MAXIMUM_NAMED} more"] if len(rows) > MAXIMUM_NAMED else []
    text = f"What gives way: {'; '.join([*displaced, *more])}."
    if placed.gained > SMALLEST:
        text += f" Others get {figure(placed.gained)} units more."
    return Statement("displaced", text, figures)


def _displaced_text(promise: Promise, row: Mapping[Any, Any]) -> str:
    if row["kind"] == "target":
        measures = promise.plan.tables["targets"].set_index("target")["measure"]
        unit = "units" if measures[row["name"]] == "units" else promise.plan.currency
        return f"target {row['name']} is missed by {figure(row['lost'])} {unit} more"
    who = (f"order {row['name']}{' of ' + row['customer'] if row['customer'] else ''}"
           if row["kind"] == "order" else f"forecast of {row['item']} in {row['market']}")
    fates = []
    if row["lost"] > SMALLEST:
        fates.append(f"{figure(row['lost'])} lost ({_money(promise, row['value'])})")
    if row["late"] > SMALLEST:
        fates.append(f"{figure(row['late'])} unit-{promise.plan.bucket}s later")
    return f"{who}, {' and '.join(fates)}"


def _worth(promise: Promise, placed: Placement) -> Statement:
    when, price = promise.label(placed.period), placed.revenue / placed.inquiry.quantity
    margin, minimum = _money(promise, abs(placed.margin)), _money(promise, max(placed.minimum_price, 0.0))
    at_least = f"from {minimum} a unit on it is" if placed.minimum_price > 0 else "at any price it is"
    if placed.is_worth_winning:
        text = (f"At {_money(promise, price)} a unit it is worth winning for {when}: the margin is {margin} "
                f"higher; {at_least}.")
    elif abs(placed.margin) < CENT:
        text = f"At {_money(promise, price)} a unit it neither earns nor loses for {when}."
    else:
        text = (f"At {_money(promise, price)} a unit it is not worth winning for {when}: the margin is "
                f"{margin} lower; {at_least}.")
    figures = {"period": when, "price": price, "revenue": placed.revenue, "others": placed.others,
               "margin": placed.margin, "minimum_price": placed.minimum_price,
               "is_worth_winning": placed.is_worth_winning}
    return Statement("worth", text, figures)


def _proof(promise: Promise) -> Statement:
    gaps = [one.gap for one in (promise.at_due, promise.at_earliest) if one is not None and one.gap]
    figures = {"is_proven": promise.is_proven, "plan_status": promise.plan.status,
               "gap": max(gaps, default=0.0)}
    if promise.is_proven:
        return Statement("proof", "Proven: no plan keeps the same promises at a lower cost, and none is "
                                  "earlier.", figures)
    open_points = []
    if not promise.plan.is_proven:
        open_points.append("the plan that it starts from is not proven itself")
    if gaps:
        open_points.append(f"a plan with it could cost up to {percent(max(gaps))} less")
    if not all(date.is_proven for date in (promise.undisturbed, promise.earliest, promise.possible)):
        open_points.append("an earlier date is not ruled out")
    text = f"Not proven: {listed(open_points or ['the search was ended early'])}."
    return Statement("proof", text, figures)


def _units(amount: str) -> str:
    return "unit" if amount == "1" else "units"


def _money(promise: Promise, amount: float) -> str:
    return one(amount, "currency", currency=promise.plan.currency)
