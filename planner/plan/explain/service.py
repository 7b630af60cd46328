"""What was wanted and what became of it: demand, orders, customers and targets."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from planner.figures import figure, one
from planner.naming import spelled
from planner.plan.explain.asked import Asked
from planner.plan.explain.short import NOTHING, Causes, Short
from planner.plan.gaps import gaps, target_statement
from planner.plan.statement import Statement

MAXIMUM_LINES = 5  # lines of a kind; more than that nobody reads


def service_statement(asked: Asked) -> Statement:
    """What was wanted, and what of it came on time, late or not at all."""
    sales = asked.rows("sales")
    amounts = {name: float(sales[name].sum()) for name in
               ("demand", "delivered_on_time", "delivered_late", "lost")}
    owed = _owed_at_end(asked)
    figures = {"item": asked.item, "market": asked.market, **amounts, "backorders": owed}
    if amounts["demand"] <= NOTHING and owed <= NOTHING and amounts["delivered_late"] <= NOTHING:
        return Statement("service", f"{asked.what}: there is no demand {asked.when}.", figures)
    late = {"late": amounts["delivered_late"], "still owed at the end": owed, "lost": amounts["lost"]}
    missed = [f"{figure(amount)} {fate}" for fate, amount in late.items() if amount > NOTHING]
    classes = sales.groupby("demand_class")["demand"].sum()
    split = ", ".join(f"{figure(amount)} {name}" for name, amount in classes.items() if amount > NOTHING)
    head = (f"{asked.what}: demand is {figure(amounts['demand'])} units {asked.when}"
            f"{f' ({split})' if split else ''}; ")
    if not missed:
        return Statement("on_time", f"{head}all of it is delivered on time.", figures)
    parts = [f"{figure(amounts['delivered_on_time'])} are delivered on time", *missed]
    return Statement("service", f"{head}{', '.join(parts)}.", figures)


def _owed_at_end(asked: Asked) -> float:
    sales = asked.rows("sales")
    return float(sales.loc[sales["period"] == (asked.period or asked.plan.calendar.end), "backorders"].sum())


def shortest_statements(short: Sequence[Short]) -> list[Statement]:
    """Where most is lost or late, when more than one item and market is asked about."""
    rows = pd.DataFrame([(one.item, one.market, one.lost, one.late) for one in short],
                        columns=["item", "market", "lost", "late"])
    added = rows.groupby(["item", "market"], as_index=False)[["lost", "late"]].sum()
    if len(added) < 2:
        return []
    worst = added.assign(short=added["lost"] + added["late"]).sort_values(
        ["short", "item", "market"], ascending=[False, True, True])
    return [Statement("short", f"Short is {row['item']} in {spelled(row['market'])}: {_missed(row)}.",
                      {name: row[name] for name in ("item", "market", "lost", "late")})
            for row in worst.head(MAXIMUM_LINES).to_dict("records")]


def _missed(row: Mapping[Any, Any]) -> str:
    return " and ".join(f"{figure(row[name])} {name}" for name in ("lost", "late") if row[name] > NOTHING)


def overdue_statements(causes: Causes, short: Sequence[Short]) -> list[Statement]:
    """What was overdue before the plan began: this plan does not make it late."""
    overdue = [one for one in short if one.due < 1]
    units = sum(one.units for one in overdue)
    if not overdue:
        return []
    start = causes.plan.calendar.label(causes.plan.calendar.start)
    text = (f"{figure(units)} units were overdue when the plan starts in {start}: this plan did not make "
            "them late.")
    return [Statement("overdue", text, {"units": units})]


def order_statements(asked: Asked) -> list[Statement]:
    """Each order that is asked about: what was ordered, when it is due and when it comes; of many, those in
    trouble.
    """
    rows = asked.rows("fulfillment")
    rows = rows[rows["order"] != ""]
    each = [_order(asked, str(name), part) for name, part in rows.groupby("order", sort=True)]
    if asked.order is not None:
        return each
    trouble = [order for order in each if order.kind == "order_short"]
    named = f"Customer {spelled(asked.customer or '')}"
    text = (f"{named}: {len(each)} booked orders, {len(each) - len(trouble)} on time, {len(trouble)} late or "
            "lost.")
    figures = {"customer": asked.customer, "orders": len(each), "in_trouble": len(trouble)}
    kind = "customer" if trouble else "on_time"
    return [Statement(kind, text, figures), *trouble[:MAXIMUM_LINES]]


def _order(asked: Asked, name: str, rows: pd.DataFrame) -> Statement:
    """One booked order, from what became of it."""
    calendar, first = asked.plan.calendar, rows.iloc[0]
    amounts = {fate: float(rows[fate].sum()) for fate in ("delivered_on_time", "delivered_late", "lost")}
    quantity, due = sum(amounts.values()), first["due"]
    delivered = rows[rows["delivered_on_time"] + rows["delivered_late"] > NOTHING]["period"]
    late = rows[rows["delivered_late"] > NOTHING].groupby("period", as_index=False)["delivered_late"].sum()
    parts = [f"{figure(units)} late in {calendar.label(period)}"
             for period, units in zip(late["period"], late["delivered_late"], strict=True)]
    parts += [f"{figure(amounts['lost'])} lost"] if amounts["lost"] > NOTHING else []
    on_time = amounts["delivered_on_time"]
    parts = [f"{figure(on_time)} on time", *parts] if parts and on_time > NOTHING else parts
    of = f" of {spelled(first['customer'])}" if first["customer"] else ""
    was = "was" if due < calendar.start else "is"
    text = (f"Order {name}{of}: {figure(quantity)} {first['item']} for {spelled(first['market'])}, which "
            f"{was} due in {calendar.label(due)} (priority {first['priority']}): "
            f"{', '.join(parts) or 'delivered on time'}.")
    figures = {"order": name, "customer": first["customer"], "item": first["item"], "market": first["market"],
               "quantity": quantity, "due": calendar.label(due), **amounts,
               "delivered_in": [calendar.label(period) for period in delivered]}
    return Statement("order_short" if parts else "on_time", text, figures)


def target_statements(causes: Causes, asked: Asked) -> list[Statement]:
    """The target asked about, or of the whole plan those that are missed: missing demand and missing
    supply.
    """
    table = gaps(causes.plan, causes.scenario).targets
    if asked.target is not None:
        table = table[table["target"] == asked.target]
    rows = table.sort_values(["priority", "target"]).to_dict("records")
    missed = [row for row in rows if row["shortfall"] > NOTHING * row["quantity"]]
    if asked.target is not None and not missed:
        return [_met(causes, rows[0])]
    return [target_statement(causes.plan, row) for row in missed[:MAXIMUM_LINES]]


def _met(causes: Causes, row: Mapping[Any, Any]) -> Statement:
    unit = "units" if row["measure"] == "units" else "currency"
    done, asked = (one(row[name], unit, currency=causes.plan.currency) for name in ("delivered", "quantity"))
    text = f"Target {row['target']} is met: {done} are delivered, {asked} are asked for."
    return Statement("on_time", text, {name: row[name] for name in ("target", "delivered", "quantity")})


def economics_statements(causes: Causes, short: Sequence[Short]) -> list[Statement]:
    """Demand that could be served and is not: it does not pay, or nobody asked for it."""
    free = [one for one in short if one.reached.is_open and one.due >= 1]
    if not free:
        return []
    units = sum(one.units for one in free)
    settings, worst = causes.scenario.settings.objective, free[0]
    figures = {"item": worst.item, "market": worst.market, "units": units, "unit_cost": worst.reached.cost}
    cost = one(worst.reached.cost, "currency", currency=causes.plan.currency)
    way = f"the cheapest way left to bring {worst.item} to {spelled(worst.market)} costs {cost} per unit"
    if settings.mode != "targets_first" or (settings.beyond_targets == "profitable"
                                            and worst.demand_class == "forecast"):
        text = (f"{figure(units)} units could be delivered but do not pay: {way}, stock that is there not "
                "counted, and delivering earns or saves less.")
        return [Statement("not_profitable", text, figures)]
    if settings.beyond_targets == "none" and worst.demand_class == "forecast":
        text = (f"{figure(units)} units are demand beyond the targets, which this scenario does not ask for "
                "(objective.beyond_targets: none).")
        return [Statement("not_asked_for", text, figures)]
    early = "" if causes.plan.status == "optimal" else ", or the search ended too early"
    text = (f"For {figure(units)} units no limit is full on its own: whole lots, shares or several limits "
            f"together stand in the way{early}.")
    return [Statement("no_single_limit", text, figures)]
