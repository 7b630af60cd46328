"""Promises as people read them in a terminal: sentences for one, a table for many."""

from rich.console import Group, RenderableType
from rich.text import Text

from planner.figures import NOTHING, Scale, figure, scale_for
from planner.plan.promise import Promise, Promises
from planner.plan.promise.promise import Date
from planner.plan.promise.statements import statements, what_is_asked
from planner.report.terminal.parts import indented, titled_table

NOTE = ("Each as if it were the only one. Promise: the first period in which booked orders and sales targets "
        "stay as planned. Cost, margin and lowest price are of that period, else of the one asked for.")


def promises_result(promises: Promises) -> RenderableType:
    """The answer to one inquiry in sentences; of many, a row for each."""
    if len(promises) == 1:
        return _one(promises[0])
    return _table(promises)


def _one(promise: Promise) -> RenderableType:
    head = Text(f"Inquiry: {what_is_asked(promise)}, due {promise.due}", style="bold")
    return Group(head, *(indented(statement.text) for statement in statements(promise)))


def _table(promises: Promises) -> Group:
    best = [one.best for one in promises]
    money = scale_for([amount for one in best if one is not None for amount in (one.cost, one.margin)],
                      "currency", currency=promises.plan.currency)
    prices = scale_for([one.minimum_price for one in best if one is not None], "currency per unit",
                       currency=promises.plan.currency)
    rows = [_row(one, money, prices) for one in promises]
    headings = ["inquiry", "item", "market", "units", "due", "promise", f"cost, {money.unit}",
                f"margin, {money.unit}", "lowest price", "worth it"]
    return titled_table("What can be promised", headings, rows, words=3, note=NOTE)


def _row(one: Promise, money: Scale, prices: Scale) -> list[str]:
    first, more = one.inquiry.lines[0], len(one.inquiry.lines) - 1
    best = one.best
    figures = [NOTHING] * 4 if best is None else [
        money.text(best.cost), money.difference(best.margin), prices.text(best.minimum_price),
        "yes" if best.is_worth_winning else "no"]
    return [one.inquiry.order, first.item + (f" and {more} more" if more else ""), first.market,
            figure(one.inquiry.quantity), one.due, _when(one, one.earliest), *figures]


def _when(one: Promise, date: Date) -> str:
    if date.period is None:
        return "never" if one.at_due is None else NOTHING
    return one.label(date.period) + ("" if date.is_proven else "?")
