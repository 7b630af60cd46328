"""The command `customers`: what becomes of customers and booked orders."""

from typing import Annotated

import typer

from planner.cli.options import AsJson, PlanPlace
from planner.cli.running import show


def customers(
    plan: PlanPlace,
    order: Annotated[str | None, typer.Option(help="Only this booked order.")] = None,
    customer: Annotated[str | None, typer.Option(help="Only orders of this customer.")] = None,
    item: Annotated[str | None, typer.Option(help="Only orders of this item.")] = None,
    market: Annotated[str | None, typer.Option(help="Only orders of this market.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say which customers and orders are late or lost.

    For each order, when it is promised. What was overdue when the plan starts is told apart from what the
    plan makes late.
    """
    from planner.plan.orders import orders_of
    from planner.plan.plan import Plan
    from planner.report.records import orders as order_records
    from planner.report.terminal import orders as terminal_orders

    read = Plan.load(plan)
    booked = orders_of(read, order=order, customer=customer, item=item, market=market)
    is_narrow = any((order, customer, item, market))
    everyone = read.customers()
    suffering = everyone.iloc[:0] if is_narrow else everyone
    show(as_json, lambda: order_records.orders_record(read, booked, suffering),
         lambda: terminal_orders.orders_result(read, booked, suffering, every_order=is_narrow))
