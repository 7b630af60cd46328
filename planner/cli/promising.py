"""The command `promise`: the deal desk."""

from pathlib import Path
from typing import Annotated

import typer

from planner.cli.options import AsJson, OnePlace
from planner.cli.running import found_or_solved, progress, show

Name = str | None


def promise(
    plan: OnePlace,
    item: Annotated[Name, typer.Option(help="What is asked for.")] = None,
    quantity: Annotated[Name, typer.Option(metavar="N", help="Units of it.")] = None,
    market: Annotated[Name, typer.Option(help="For this market.")] = None,
    customer: Annotated[Name, typer.Option(help="For this customer, in its own market.")] = None,
    due: Annotated[Name, typer.Option(
        metavar="PERIOD", help="When it is wanted: a period like 2026-03 or 2026-W10, or a day.")] = None,
    price: Annotated[Name, typer.Option(
        metavar="AMOUNT", help="What a unit would bring; by default the price list's price.")] = None,
    opportunity: Annotated[Name, typer.Option(help="An open opportunity in place of an item.")] = None,
    inquiries: Annotated[Path | None, typer.Option(
        metavar="FILE", help="A CSV of many in place of an item: order, customer or market, item, quantity, "
                             "due, price. Each is answered as if it were the only one.")] = None,
    expected: Annotated[bool, typer.Option(
        "--expected", help="The forecast expects it: it consumes the forecast as a booked order does, in "
                           "place of coming on top of it.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say what can be promised to an inquiry, and at what cost.

    The earliest date without hurting what is promised, what gives way at the date asked for, and whether it
    is worth winning. The plan is not changed.
    """
    from planner.plan.promise import promise as promised
    from planner.report.records.promises import promises_record
    from planner.report.terminal.promises import promises_result

    read = found_or_solved([plan])[0]
    with progress():
        promises = promised(read, inquiries, item=item, quantity=quantity, market=market, customer=customer,
                            due=due, price=price, opportunity=opportunity, expected=expected)
    show(as_json, lambda: promises_record(promises), lambda: promises_result(promises))
